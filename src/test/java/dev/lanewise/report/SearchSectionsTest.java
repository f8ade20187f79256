package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.search.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The report of a search shows its trials, and is bounded whatever their number. */
class SearchSectionsTest {

  private static final String HOSTILE = "<script>alert(1)</script>";

  private static final Table TABLE = table();

  private static Table table() {
    Random random = new Random(4);
    List<List<?>> rows = new ArrayList<>();
    for (int row = 0; row < 60; row++) {
      double x = random.nextGaussian();
      rows.add(List.of(x, x + random.nextGaussian() > 0 ? "a" : "b"));
    }
    return Table.ofRows(List.of("x", "y"), rows);
  }

  private static Search search(List<Space> spaces) {
    Learner learner =
        Learner.classifier("y")
            .withNetwork(
                (inputs, outputs, loss) -> Network.inputs(inputs).dense(outputs).loss(loss));
    return Search.of(
        learner,
        spaces,
        (its, values) ->
            its.withRecipe(recipe -> recipe.withOptimizer(Optimizer.sgd(values.number("rate")))));
  }

  private static final Space RATE = Space.logUniform("rate", 1e-3, 1);
  private static final Space BETA = Space.oneMinusLog("beta", 0.5, 0.999);

  private static Map<String, Section> sections(Search.Result found) {
    return SearchSections.of(found).stream()
        .collect(Collectors.toMap(Section::id, Function.identity()));
  }

  private static Chart chart(Section section, String id) {
    return section.parts().stream()
        .filter(Chart.class::isInstance)
        .map(Chart.class::cast)
        .filter(chart -> chart.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<List<Json>> of(Chart chart, String series) {
    return chart.numbers().rows().stream()
        .filter(row -> row.getFirst().equals(Json.of(series)))
        .toList();
  }

  /** Points stand where the trials' values are, on an axis of the space's scale. */
  @Test
  void eachTrialStandsAtItsValueAndItsScore() {
    Search.Result found = search(List.of(RATE, BETA)).withTrials(9).withEpochs(9).run(TABLE);
    Section parameters = sections(found).get("parameters");
    Chart rate = chart(parameters, "parameter-1");
    assertEquals(9, rate.numbers().rows().size());
    Trial best = found.best();
    assertEquals(
        List.of(
            List.of(
                Json.of("best"),
                Grid.cell(best.values().number("rate")),
                Grid.cell(best.score().orElseThrow()))),
        of(rate, "best"));
    assertTrue(rate.option().toString().contains("\"type\":\"log\""));
    Chart beta = chart(parameters, "parameter-2");
    assertEquals(Grid.cell(1 - best.values().number("beta")), of(beta, "best").getFirst().get(1));
  }

  /** After 3, 9 or 27 epochs, where others were better. */
  @Test
  void stoppedTrialsAreMarkedWhereTheyWereStopped() {
    Search.Result found = search(List.of(RATE)).run(TABLE);
    Chart curves = chart(sections(found).get("search-curves"), "search-curves");
    List<Trial> stopped =
        found.ranked().stream()
            .skip(1)
            .filter(trial -> trial.state() == Trial.State.STOPPED)
            .toList();
    assertTrue(stopped.size() > 20);
    assertEquals(
        stopped.stream().map(trial -> Grid.cell(trial.epochs())).toList(),
        of(curves, "stopped here").stream().map(row -> row.get(1)).toList());
    Trial best = found.best();
    List<Double> curve = best.rungs().getLast().curve();
    List<List<Json>> drawn = of(curves, "best");
    for (int epoch = 0; epoch < curve.size(); epoch++) {
      assertEquals(Grid.cell(curve.get(epoch)), drawn.get(epoch).get(2));
    }
  }

  /** Nine points of a grid try three values of each parameter, nine random ones nine. */
  @Test
  void aGridTriesFewValuesOfEachParameter() {
    Search.Result found =
        search(List.of(RATE, BETA))
            .withMethod(Search.Method.random())
            .withTrials(9)
            .withEpochs(1)
            .run(TABLE);
    Grid tried = (Grid) sections(found).get("designs").parts().getLast();
    List<List<Json>> rows = tried.rows();
    assertEquals(List.of(Json.of("grid"), Json.of(9L), Json.of(3L), Json.of(3L)), rows.get(0));
    assertEquals(List.of(Json.of("random"), Json.of(9L), Json.of(9L), Json.of(9L)), rows.get(1));
  }

  @Test
  void manyTrialsAndParametersAreBoundedAndThatIsSaid() {
    List<Space> spaces = new ArrayList<>(List.of(RATE));
    for (int i = 0; i < 20; i++) {
      spaces.add(Space.uniform("unused" + i, 0, 1));
    }
    Search.Result found =
        search(spaces).withMethod(Search.Method.random()).withTrials(700).withEpochs(1).run(TABLE);
    Map<String, Section> sections = sections(found);
    Grid trials = (Grid) sections.get("trials").parts().getLast();
    assertEquals(30, trials.rows().size());
    assertTrue(sections.get("trials").parts().getFirst().toString().contains("30 of 700 trials"));
    assertEquals(12, sections.get("parameters").parts().size() - 1);
    assertTrue(sections.get("parameters").parts().getFirst().toString().contains("12 of 21"));
    Chart together = chart(sections.get("together"), "together");
    assertEquals(500, together.numbers().rows().size());
    assertTrue(together.caption().contains("The 500 best of 700 trials"), together.caption());
    for (Section section : sections.values()) {
      for (Part part : section.parts()) {
        assertFalse(part instanceof Chart chart && chart.numbers().rows().size() > 6000);
      }
    }
  }

  /** Every axis has a cell for each trial, and the last one counts those that it beats. */
  @Test
  void parallelCoordinatesEndAtTheNumberOfTrialsThatOneIsBetterThan() {
    List<Space> spaces = List.of(RATE, Space.choice(HOSTILE, "one", HOSTILE));
    Search.Result found =
        search(spaces).withMethod(Search.Method.random()).withTrials(5).withEpochs(2).run(TABLE);
    Chart together = chart(sections(found).get("together"), "together");
    assertEquals(
        List.of("trial", "rate", HOSTILE, "dev loss", "better than"), together.numbers().columns());
    List<Trial> ranked = found.ranked();
    for (int i = 0; i < ranked.size(); i++) {
      List<Json> row = together.numbers().rows().get(i);
      assertEquals(Json.of(Integer.toString(ranked.get(i).number())), row.getFirst());
      assertEquals(Json.of(ranked.size() - 1L - i), row.getLast());
    }
  }
}
