package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.Drift;
import dev.lanewise.learn.LeakCheck;
import dev.lanewise.learn.LeakCheck.Duplicates;
import dev.lanewise.learn.LeakCheck.Pair;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.learn.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sections on bias and variance, drift and leaks show what the library finds. */
class DiagnosisSectionsTest {

  private static final int COLUMNS = 40;
  private static final Table TABLE = table();
  private static final Learner LEARNER =
      Learner.classifier("y").withRecipe(recipe -> recipe.withEpochs(3));

  /** Forty columns, of which the first tells the label; rows 0 to 9 are there again at the end. */
  private static Table table() {
    SplittableRandom random = new SplittableRandom(1);
    List<String> names =
        new ArrayList<>(IntStream.range(0, COLUMNS).mapToObj(c -> "c" + c).toList());
    names.add("y");
    List<List<?>> rows = new ArrayList<>();
    for (int r = 0; r < 200; r++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < COLUMNS; c++) {
        row.add(random.nextGaussian());
      }
      row.set(0, (double) row.get(0) > 0 ? "up" : "down");
      row.add(row.get(0).equals("up") ? "yes" : "no");
      rows.add(row);
    }
    rows.addAll(rows.subList(0, 50));
    return Table.ofRows(names, rows);
  }

  private static String prose(Section section) {
    return section.parts().stream()
        .filter(Prose.class::isInstance)
        .map(part -> ((Prose) part).text())
        .toList()
        .toString();
  }

  private static Grid numbers(Section section, String id) {
    return section.parts().stream()
        .filter(part -> part instanceof Chart chart && chart.id().equals(id))
        .map(part -> ((Chart) part).numbers())
        .findFirst()
        .orElseThrow();
  }

  private static double number(Json cell) {
    return ((Json.Num) cell).asDouble();
  }

  @Test
  void biasAndVarianceAreShownWithTheirIntervalsAndTheAdvice() {
    Learned learned = LEARNER.learn(TABLE);
    Diagnosis diagnosis = Diagnosis.of(learned, TABLE).withHumanError(0.01);
    Section section = DiagnosisSection.of(Optional.of(diagnosis), Optional.empty());
    List<List<Json>> rows = numbers(section, "bias-variance").rows();
    assertEquals(
        List.of("human error", "training error", "dev error", "bias", "variance"),
        rows.stream().map(row -> ((Json.Str) row.getFirst()).value()).toList());
    assertEquals(1, number(rows.get(0).get(1)), 1e-9);
    assertEquals(100 * diagnosis.bias().value(), number(rows.get(3).get(1)), 1e-9);
    assertEquals(100 * diagnosis.variance().low(), number(rows.get(4).get(2)), 1e-9);
    assertEquals(100 * diagnosis.variance().high(), number(rows.get(4).get(3)), 1e-9);
    Grid table =
        (Grid) section.parts().stream().filter(Grid.class::isInstance).findFirst().orElseThrow();
    assertEquals(5, table.rows().size());
    assertEquals(number(rows.get(4).get(1)), number(table.rows().get(4).get(2)), 0.01);
    for (String next : diagnosis.advice()) {
      assertTrue(prose(section).contains(next), () -> prose(section));
    }
    assertEquals(List.of(), DiagnosisSection.of(Optional.empty(), Optional.empty()).parts());
  }

  @Test
  void theLearningCurveIsShownWithItsIntervals() {
    LearningCurve curve = LearningCurve.of(LEARNER, TABLE, List.of(0.5, 1.0), 2, Runnable::run);
    Section section = DiagnosisSection.of(Optional.empty(), Optional.of(curve));
    List<List<Json>> rows = numbers(section, "learning-curve").rows();
    assertEquals(8, rows.size(), "two sizes of a band and a line for train and dev");
    LearningCurve.Point last = curve.points().getLast();
    assertEquals(last.rows(), number(rows.get(7).get(1)));
    assertEquals(100 * last.dev().value(), number(rows.get(7).get(2)), 1e-9);
    assertEquals(100 * last.dev().low(), number(rows.get(3).get(3)), 1e-9);
    assertTrue(prose(section).contains(curve.advice()), () -> prose(section));
  }

  @Test
  void theColumnsThatAreFurthestApartAreShownForBothPairsOfSets() {
    try (Run run = LEARNER.begin(TABLE)) {
      Section section = DriftSection.of(run);
      Grid drift = numbers(section, "drift");
      assertEquals(List.of("column", "train–dev", "dev–test"), drift.columns());
      assertEquals(30, drift.rows().size());
      Drift second = Drift.between(run.dev().orElseThrow(), run.test().orElseThrow());
      for (List<Json> row : drift.rows()) {
        String name = ((Json.Str) row.getFirst()).value();
        double expected =
            second.columns().stream()
                .filter(of -> of.column().equals(name))
                .findFirst()
                .orElseThrow()
                .distance();
        assertEquals(expected, number(row.get(2)), 1e-12);
      }
      Chart chart =
          (Chart)
              section.parts().stream().filter(Chart.class::isInstance).findFirst().orElseThrow();
      assertTrue(chart.caption().contains("The 30 of 41 columns that are furthest apart"));
    }
  }

  @Test
  void leaksAreNamedWithWhatTheyExplainAndRowsByTheirNumbersInTheTable() {
    try (Run run = LEARNER.begin(TABLE)) {
      run.forEach(epoch -> {});
      Learned learned = run.finish();
      Map<String, RawRows> raw =
          Map.of(
              "train", RawRows.of(TABLE, run.split().train()),
              "dev", RawRows.of(TABLE, run.split().dev()),
              "test", RawRows.of(TABLE, run.split().test()));
      Leaks leaks = Leaks.of(run, learned, raw);
      Section section = LeakSection.of(leaks);
      assertTrue(prose(section).contains("Nearly as good as the model alone: c0."));
      LeakCheck check = leaks.columns().orElseThrow();
      List<List<Json>> rows = numbers(section, "single-columns").rows();
      assertEquals(check.explainedByModel(), number(rows.get(0).get(1)));
      assertEquals(check.columns().getFirst().explained(), number(rows.get(1).get(1)));
      assertEquals(21, rows.size());
      int shared = 0;
      for (Map.Entry<Leaks.Sets, Duplicates> of : leaks.duplicates().entrySet()) {
        shared += of.getValue().shared();
        for (Pair pair : of.getValue().examples()) {
          assertEquals(200, Math.abs(pair.first() - pair.second()), () -> of.getKey().toString());
        }
      }
      assertTrue(shared > 5, leaks::toString);
      assertEquals(3, leaks.duplicates().size());
    }
  }
}
