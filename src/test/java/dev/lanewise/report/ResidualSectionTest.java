package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a report says of predicted values is what a plain count of the rows gives. */
class ResidualSectionTest {

  /** Rows whose features are the predictions of a model, which a target differs from. */
  private record Drawn(Table table, Model model, int targets) {

    static Drawn of(long seed, int rows, int targets, int distinct) {
      Random random = new Random(seed);
      List<String> names = new ArrayList<>();
      for (int t = 0; t < targets; t++) {
        names.add("x" + t);
      }
      for (int t = 0; t < targets; t++) {
        names.add("y" + t);
      }
      List<List<?>> all = new ArrayList<>();
      for (int r = 0; r < rows; r++) {
        List<Object> row = new ArrayList<>();
        for (int t = 0; t < targets; t++) {
          row.add((double) random.nextInt(distinct));
        }
        for (int t = 0; t < targets; t++) {
          row.add((double) row.get(t) + Math.round(8 * random.nextGaussian()) / 8.0);
        }
        all.add(row);
      }
      Table table = Table.ofRows(names, all);
      Roles roles = Roles.of(names.subList(targets, 2 * targets), Roles.Task.REGRESS);
      Encoder.Options plain =
          Encoder.Options.standard().withStandardize(false).withScaledTargets(false);
      Encoder encoder = Encoder.fit(table, roles, table.all(), plain);
      Network network = Network.inputs(targets).dense(targets).loss(new Loss.SquaredError());
      float[] parameters = new float[network.layout().size()];
      for (int t = 0; t < targets; t++) {
        parameters[t * targets + t] = 1;
      }
      Model model = Model.of(network, parameters, Engine.standard()).withEncoder(encoder);
      return new Drawn(table, model, targets);
    }

    List<Section> sections() {
      Dataset rows = model.encoder().orElseThrow().dataset(table, table.all());
      return JudgementSections.of(
          "test", model, rows, RawRows.of(table, table.all()), model.evaluate(rows));
    }

    List<List<Json>> numbers(String id) {
      Report report = new Report("r", "", sections());
      return report.numbers().get(id).rows();
    }

    double predicted(int row) {
      return table.number(row, 0);
    }

    double residual(int row) {
      return table.number(row, targets) - table.number(row, 0);
    }
  }

  private static double number(Json cell) {
    return ((Json.Num) cell).asDouble();
  }

  private static double[] ends(Json range) {
    return Arrays.stream(((Json.Str) range).value().split(" to "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Property(tries = 20)
  void theHistogramCountsEveryResidualInItsRange(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int rows) {
    Drawn drawn = Drawn.of(seed, rows, 1, 9);
    List<List<Json>> bars = drawn.numbers("test-residual-histogram");
    for (int b = 0; b < bars.size(); b++) {
      double[] ends = ends(bars.get(b).getFirst());
      double low = b == 0 ? Double.NEGATIVE_INFINITY : ends[0];
      double high = b == bars.size() - 1 ? Double.POSITIVE_INFINITY : ends[1];
      long expected =
          IntStream.range(0, rows)
              .filter(r -> drawn.residual(r) > low && drawn.residual(r) <= high)
              .count();
      assertEquals(expected, number(bars.get(b).get(1)), bars::toString);
    }
  }

  @Property(tries = 20)
  void everyRowIsInOneGroupOfLikePredictionsWhoseErrorsAreMeant(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(min = 1, max = 40) int distinct) {
    Drawn drawn = Drawn.of(seed, rows, 1, distinct);
    List<List<Json>> groups = drawn.numbers("test-error-by-prediction");
    assertTrue(groups.size() <= 10, groups::toString);
    int counted = 0;
    for (List<Json> group : groups) {
      double[] ends = ends(group.getFirst());
      double[] errors =
          IntStream.range(0, rows)
              .filter(r -> drawn.predicted(r) >= ends[0] && drawn.predicted(r) <= ends[1])
              .mapToDouble(r -> Math.abs(drawn.residual(r)))
              .sorted()
              .toArray();
      counted += errors.length;
      assertEquals(Arrays.stream(errors).average().orElseThrow(), number(group.get(1)), 1e-9);
      double tenth = 0.1 * (errors.length - 1);
      int below = (int) tenth;
      double above = errors[Math.min(below + 1, errors.length - 1)];
      double low = errors[below] + (tenth - below) * (above - errors[below]);
      assertEquals(low, number(group.get(2)), 1e-9);
    }
    assertEquals(rows, counted);
  }

  @Property(tries = 20)
  void theWorstRowsHaveTheLargestErrorsInUnitsOfTheRmse(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int targets) {
    Drawn drawn = Drawn.of(seed, 70, targets, 9);
    double[] rmse = new double[targets];
    for (int t = 0; t < targets; t++) {
      for (int r = 0; r < 70; r++) {
        double error = drawn.table().number(r, targets + t) - drawn.table().number(r, t);
        rmse[t] += error * error / 70;
      }
      rmse[t] = Math.sqrt(rmse[t]);
    }
    double[] errors = new double[70];
    for (int r = 0; r < 70; r++) {
      for (int t = 0; t < targets; t++) {
        double error = drawn.table().number(r, targets + t) - drawn.table().number(r, t);
        errors[r] = Math.max(errors[r], Math.abs(error) / rmse[t]);
      }
    }
    Grid worst = (Grid) drawn.sections().getLast().parts().get(1);
    double[] sorted = Arrays.stream(errors).map(e -> -e).sorted().toArray();
    assertEquals(Worst.MOST, worst.rows().size());
    for (int i = 0; i < Worst.MOST; i++) {
      int row = (int) number(worst.rows().get(i).getFirst()) - 1;
      assertEquals(-sorted[i], errors[row], 1e-9);
      assertEquals(drawn.table().number(row, targets), number(worst.rows().get(i).get(1)));
      assertEquals(drawn.predicted(row), number(worst.rows().get(i).get(2)));
    }
  }

  @Test
  void ofManyTargetsThoseThatAreExplainedLeastAreDrawn() {
    Drawn drawn = Drawn.of(4, 50, 9, 5);
    List<String> ids =
        drawn.sections().stream()
            .map(Section::id)
            .filter(id -> id.startsWith("test-errors-"))
            .toList();
    assertEquals(ResidualSection.MOST_TARGETS, ids.size());
    double[] r2 =
        ((Evaluation.OfValues) drawn.model().evaluate(drawn.table()))
            .regression().columns().stream().mapToDouble(c -> c.r2().orElseThrow()).toArray();
    double least = Arrays.stream(r2).sorted().toArray()[ResidualSection.MOST_TARGETS - 1];
    assertEquals(
        IntStream.range(0, 9)
            .filter(t -> r2[t] <= least)
            .mapToObj(t -> "test-errors-" + (t + 1))
            .collect(Collectors.toList()),
        ids);
  }

  /** Numbers that differ by less than their digits, by nothing, or by too much for a double. */
  @Test
  void histogramsOfNumbersWithoutAWidthHaveOneBar() {
    double huge = Double.MAX_VALUE;
    for (double[] numbers : List.of(new double[] {3, 3, 3}, new double[] {-huge, huge, 0})) {
      ResidualHistogram of = ResidualHistogram.of(Quantiles.of(numbers), 30);
      assertEquals(List.of(3.0), Arrays.stream(of.counts()).boxed().toList());
    }
  }
}
