package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The coverage of intervals and sets on rows that neither trained nor calibrated: the mean over
 * {@value #SPLITS} splits of California's housing is within a point of what was asked for. Prints
 * it with its standard error over the splits.
 */
@Tag("shared")
@Tag("long")
final class IntervalCoverageTest {

  private static final int SPLITS = 20;
  private static final int TRAINING = 6000;
  private static final int CALIBRATION = 2000;
  private static final int TEST = 6000;
  private static final double[] COVERAGES = {0.8, 0.9, 0.95};
  private static final String VALUE = "medianHouseValue";

  /** What was observed by one method for one coverage, split by split. */
  private static final class Series {
    private final List<Double> covered = new ArrayList<>();
    private final List<Double> sizes = new ArrayList<>();

    private double mean() {
      return covered.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private double error() {
      double mean = mean();
      double squares = covered.stream().mapToDouble(c -> (c - mean) * (c - mean)).sum();
      return Math.sqrt(squares / (covered.size() - 1) / covered.size());
    }

    private double size() {
      return sizes.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
  }

  private final Map<String, Series> all = new LinkedHashMap<>();

  private void observe(TrainedModel model, Table calibration, Table test, Conformal.Score score) {
    Conformal conformal = Conformal.calibrate(model, calibration, score, COVERAGES);
    for (double coverage : COVERAGES) {
      Conformal.Observed observed = conformal.withCoverage(coverage).evaluate(test).getFirst();
      Series series = all.computeIfAbsent(score + " " + coverage, name -> new Series());
      series.covered.add(observed.coverage());
      series.sizes.add(observed.meanSize());
    }
  }

  private static Learner with(Learner learner, int[] order, long seed) {
    return learner
        .withSplit(new Split(Arrays.copyOf(order, TRAINING), new int[0], new int[0]))
        .withNetwork(
            (inputs, outputs, loss) ->
                Network.inputs(inputs).dense(32).relu().dense(32).relu().dense(outputs).loss(loss))
        .withRecipe(recipe -> recipe.withEpochs(15))
        .withSeed(seed);
  }

  /** The same rows, whose value is the quarter of all values that it is in. */
  private static Table quarters(Table table) {
    int column = table.column(VALUE);
    double[] sorted = table.numbers(column, table.all());
    Arrays.sort(sorted);
    List<List<?>> rows = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < table.columns(); c++) {
        row.add(table.number(r, c));
      }
      int below = 0;
      for (int q = 1; q < 4; q++) {
        below += table.number(r, column) > sorted[q * sorted.length / 4] ? 1 : 0;
      }
      row.set(column, "q" + below);
      rows.add(row);
    }
    return Table.ofRows(table.names(), rows);
  }

  @Test
  void theMeanCoverageOfTwentySplitsIsWithinAPointOfTheNominalOne() throws IOException {
    Table values = Table.csv(SharedData.file("data/california-housing/california-housing.csv"));
    Table classes = quarters(values);
    for (int split = 0; split < SPLITS; split++) {
      int[] order = IntStream.range(0, values.rows()).toArray();
      CounterRandom.shuffle(CounterRandom.key(split, CounterRandom.stream("splits"), 0), order);
      int[] calibration = Arrays.copyOfRange(order, TRAINING, TRAINING + CALIBRATION);
      int[] test = Arrays.copyOfRange(order, TRAINING + CALIBRATION, TRAINING + CALIBRATION + TEST);
      Learner regressor = with(Learner.regressor(VALUE), order, split);
      observe(
          regressor.learn(values).model(),
          values.select(calibration),
          values.select(test),
          Conformal.Score.RESIDUAL);
      List<Model> pair = new ArrayList<>();
      for (float tau : new float[] {0.05f, 0.95f}) {
        pair.add(regressor.withLoss(new Loss.Quantile(tau)).learn(values).model());
      }
      observe(
          Ensemble.of(pair), values.select(calibration), values.select(test), Conformal.Score.CQR);
      Model classifier = with(Learner.classifier(VALUE), order, split).learn(classes).model();
      for (Conformal.Score score : List.of(Conformal.Score.LAC, Conformal.Score.APS)) {
        observe(classifier, classes.select(calibration), classes.select(test), score);
      }
    }
    all.forEach(
        (name, series) ->
            System.out.println(
                String.format(
                    Locale.ROOT,
                    "%-14s %d splits, %d rows each: %.4f ± %.4f, mean size %.6g",
                    name,
                    SPLITS,
                    TEST,
                    series.mean(),
                    series.error(),
                    series.size())));
    all.forEach(
        (name, series) -> {
          double nominal = Double.parseDouble(name.substring(name.indexOf(' ') + 1));
          if (name.startsWith("APS")) {
            assertTrue(series.mean() > nominal - 0.01, name);
          } else {
            assertEquals(nominal, series.mean(), 0.01, name);
          }
        });
  }
}
