package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Intervals and sets by split conformal prediction, held to what their papers say. */
final class ConformalTest {

  private static final Engine ENGINE = Engine.standard();
  private static final double[] COVERAGES = {0.5, 0.9, 0.99};

  private static Model values(int outputs, long seed, Loss loss) {
    Network network = Network.inputs(2).dense(4).relu().dense(outputs).loss(loss);
    return Model.of(network, network.initialParameters(seed), ENGINE);
  }

  private static Model classes(int classes, long seed) {
    Loss loss = classes == 2 ? new Loss.SigmoidCrossEntropy() : new Loss.SoftmaxCrossEntropy();
    Network network =
        Network.inputs(2).dense(5).relu().dense(classes == 2 ? 1 : classes).loss(loss);
    return Model.of(network, network.initialParameters(seed), ENGINE);
  }

  private static Ensemble pair(int outputs, long seed) {
    return Ensemble.of(
        List.of(
            values(outputs, seed, new Loss.Quantile(0.05f)),
            values(outputs, seed + 1, new Loss.Quantile(0.95f))));
  }

  /** Values of few different sizes now and then, so that scores are equal. */
  private static Dataset numbers(Random random, int rows, int outputs) {
    float[] features = new float[2 * rows];
    float[] targets = new float[rows * outputs];
    boolean coarse = random.nextBoolean();
    for (int i = 0; i < features.length; i++) {
      features[i] = coarse ? random.nextInt(2) : (float) random.nextGaussian();
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] = coarse ? random.nextInt(3) : (float) (3 * random.nextGaussian());
    }
    return Dataset.of(features, 2, targets, outputs);
  }

  private static Dataset labels(Random random, int rows, int classes) {
    float[] features = new float[2 * rows];
    float[] targets = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) (3 * random.nextGaussian());
    }
    for (int r = 0; r < rows; r++) {
      targets[r] = random.nextInt(classes);
    }
    return Dataset.of(features, 2, targets, 1);
  }

  private static double quantile(double[] scores, int rows, double coverage) {
    Arrays.sort(scores);
    long rank = Conformal.rank(rows, coverage);
    return rank > rows ? Double.POSITIVE_INFINITY : scores[(int) rank - 1];
  }

  /** The widths are those of the paper to two units in the last place, never narrower. */
  private static void assertEnds(double lower, double upper, Conformal.Interval actual) {
    assertTrue(actual.lower() <= lower && actual.upper() >= upper, () -> actual + " is narrower");
    assertEquals(lower, actual.lower(), 1e-14 * (1 + Math.abs(lower)));
    assertEquals(upper, actual.upper(), 1e-14 * (1 + Math.abs(upper)));
  }

  @Property
  void intervalsAreThePredictionAndTheQuantileOfTheResiduals(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 3) int outputs) {
    Model model = values(outputs, random.nextLong(), new Loss.SquaredError());
    Dataset data = numbers(random, rows, outputs);
    double[] predicted = new double[rows * outputs];
    model.predictor().values(data.features(), rows, predicted);
    Conformal all = Conformal.calibrate(model, data, Conformal.Score.RESIDUAL, COVERAGES);
    double[] lower = new double[predicted.length];
    double[] upper = lower.clone();
    for (double coverage : COVERAGES) {
      Conformal conformal = all.withCoverage(coverage);
      conformal.intervals(data.features(), rows, lower, upper);
      for (int c = 0; c < outputs; c++) {
        double[] scores = new double[rows];
        for (int r = 0; r < rows; r++) {
          int i = r * outputs + c;
          scores[r] = Math.abs(data.targets()[i] - predicted[i]);
        }
        double q = quantile(scores, rows, coverage);
        assertEquals(q, conformal.quantiles()[c]);
        assertEquals(q < Double.POSITIVE_INFINITY, conformal.isFinite());
        for (int i = c; i < predicted.length; i += outputs) {
          assertEnds(
              predicted[i] - q, predicted[i] + q, new Conformal.Interval(lower[i], upper[i]));
        }
      }
    }
  }

  /** Not one less by rounding, whatever the numbers; more where scores are equal. */
  @Property
  void asManyCalibrationRowsAsTheRankAreCovered(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 2, max = 5) int classes) {
    for (Conformal.Score score : Conformal.Score.values()) {
      TrainedModel model =
          switch (score) {
            case RESIDUAL -> values(1, random.nextLong(), new Loss.SquaredError());
            case CQR -> pair(1, random.nextInt());
            case LAC, APS -> classes(classes, random.nextLong());
          };
      Dataset data = score.givesSets() ? labels(random, rows, classes) : numbers(random, rows, 1);
      Conformal all = Conformal.calibrate(model, data, score, COVERAGES);
      for (double coverage : COVERAGES) {
        Conformal.Observed observed = all.withCoverage(coverage).evaluate(data).getFirst();
        long rank = Conformal.rank(rows, coverage);
        assertTrue(
            observed.covered() >= Math.min(rank, rows),
            () -> "%s %s: %s, rank %d".formatted(score, coverage, observed, rank));
        assertEquals(rows, observed.rows());
      }
    }
  }

  /** Of one row the score is the quantile: its truth is an end, which rounding must not exclude. */
  @Test
  void theRowWhoseScoreIsTheQuantileIsCovered() {
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      Target scaled = new Target.Values(random.nextGaussian(), random.nextDouble());
      Model model = values(1, i, new Loss.SquaredError()).withEncoder(encoder(scaled));
      Dataset row = numbers(random, 1, 1);
      Conformal conformal = Conformal.calibrate(model, row, Conformal.Score.RESIDUAL, 0.5);
      assertEquals(1, conformal.evaluate(row).getFirst().covered(), "row " + i);
    }
  }

  @Property
  void quantilesOfTwoModelsAreMovedApartByTheScoresQuantile(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 2) int outputs) {
    Ensemble pair = pair(outputs, random.nextInt());
    Dataset data = numbers(random, rows, outputs);
    double[] low = new double[rows * outputs];
    double[] high = low.clone();
    pair.models().get(0).predictor().values(data.features(), rows, low);
    pair.models().get(1).predictor().values(data.features(), rows, high);
    double coverage = COVERAGES[random.nextInt(COVERAGES.length)];
    Conformal conformal = Conformal.calibrate(pair, data, Conformal.Score.CQR, coverage);
    double[] lower = new double[low.length];
    double[] upper = lower.clone();
    conformal.intervals(data.features(), rows, lower, upper);
    for (int c = 0; c < outputs; c++) {
      double[] scores = new double[rows];
      for (int r = 0; r < rows; r++) {
        int i = r * outputs + c;
        double y = data.targets()[i];
        scores[r] = Math.max(Math.min(low[i], high[i]) - y, y - Math.max(low[i], high[i]));
      }
      double q = quantile(scores, rows, coverage);
      assertEquals(q, conformal.quantiles()[c]);
      for (int i = c; i < low.length; i += outputs) {
        double from = Math.min(low[i], high[i]) - q;
        double to = Math.max(low[i], high[i]) + q;
        double middle = low[i] / 2 + high[i] / 2;
        boolean passing = lower[i] == upper[i];
        assertTrue(passing || from < to + 1e-12);
        assertEnds(
            passing ? middle : from,
            passing ? middle : to,
            new Conformal.Interval(lower[i], upper[i]));
      }
    }
  }

  /** A negative quantile that is larger than half the width: the ends would pass each other. */
  @Test
  void endsThatWouldPassEachOtherAreTheMiddle() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.Quantile(0.1f));
    Network other = Network.inputs(1).dense(1).loss(new Loss.Quantile(0.9f));
    Model low = Model.of(network, new float[] {-1, 0}, ENGINE);
    Model high = Model.of(other, new float[] {1, 0}, ENGINE);
    Ensemble pair = Ensemble.of(List.of(low, high));
    Dataset centred = Dataset.of(new float[] {8, 8, 8}, 1, new float[] {0, 0, 0}, 1);
    Conformal conformal = Conformal.calibrate(pair, centred, Conformal.Score.CQR, 0.5);
    assertArrayEquals(new double[] {-8}, conformal.quantiles());
    double[] lower = new double[3];
    double[] upper = new double[3];
    conformal.intervals(new float[] {10, 2, -2}, 3, lower, upper);
    assertEquals(-2, lower[0], 1e-14);
    assertEquals(2, upper[0], 1e-14);
    assertArrayEquals(new double[] {0, 0}, new double[] {lower[1], upper[1]});
    assertArrayEquals(new double[] {0, 0}, new double[] {lower[2], upper[2]}, "crossed quantiles");
  }

  /** A class is in the set if its score, computed from the definition, is at most the quantile. */
  @Property
  void setsHoldTheClassesOfAScoreOfAtMostTheQuantile(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 2, max = 6) int classes) {
    Model model = classes(classes, random.nextLong()).withTemperature(new Temperature(2));
    Dataset data = labels(random, rows, classes);
    double[] p = new double[rows * classes];
    model.predictor().probabilities(data.features(), rows, p);
    for (Conformal.Score score : List.of(Conformal.Score.LAC, Conformal.Score.APS)) {
      double[][] all = new double[rows][classes];
      double[] scores = new double[rows];
      for (int r = 0; r < rows; r++) {
        double[] its = Arrays.copyOfRange(p, r * classes, (r + 1) * classes);
        for (int c = 0; c < classes; c++) {
          all[r][c] = score == Conformal.Score.LAC ? 1 - its[c] : before(its, c);
        }
        scores[r] = all[r][(int) data.targets()[r]];
      }
      double coverage = COVERAGES[random.nextInt(COVERAGES.length)];
      double q = quantile(scores, rows, coverage);
      Conformal conformal = Conformal.calibrate(model, data, score, coverage);
      assertEquals(q, conformal.quantiles()[0], 1e-12);
      double[] probabilities = new double[p.length];
      boolean[] members = new boolean[p.length];
      conformal.sets(data.features(), rows, probabilities, members);
      assertArrayEquals(p, probabilities);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < classes; c++) {
          if (Math.abs(all[r][c] - q) > 1e-12) {
            assertEquals(all[r][c] < q, members[r * classes + c]);
          }
        }
      }
    }
  }

  /** The sum of the probabilities before a class, by sorting. */
  private static double before(double[] p, int c) {
    Integer[] order = IntStream.range(0, p.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> p[a] == p[b] ? a - b : Double.compare(p[b], p[a]));
    double sum = 0;
    for (int place = 0; order[place] != c; place++) {
      sum += p[order[place]];
    }
    return sum;
  }

  /** Equal probabilities have an order, so an adaptive set can be one class. */
  @Test
  void adaptiveSetsAreNeverEmptyAndLeastAmbiguousOnesMayBe() {
    Network network = Network.inputs(1).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Model model = Model.of(network, new float[] {9, 0, 0, 0, 0, 0}, ENGINE);
    Dataset sure = Dataset.of(new float[] {1, 1, 1}, 1, new float[3], 1);
    double[] p = new double[3];
    boolean[] members = new boolean[3];
    float[] unsure = {0};
    Conformal.calibrate(model, sure, Conformal.Score.LAC, 0.7).sets(unsure, 1, p, members);
    assertArrayEquals(new boolean[3], members);
    Conformal.calibrate(model, sure, Conformal.Score.APS, 0.7).sets(unsure, 1, p, members);
    assertArrayEquals(new boolean[] {true, false, false}, members);
  }

  @Test
  void tooFewRowsGiveIntervalsWithoutEndsAndSetsOfAllClasses() {
    Random random = new Random(1);
    Conformal interval =
        Conformal.calibrate(
            values(1, 3, new Loss.SquaredError()),
            numbers(random, 8, 1),
            Conformal.Score.RESIDUAL,
            0.9);
    assertFalse(interval.isFinite());
    assertEquals(
        "residual 0.9, rank 9 of 8 rows: infinite, as it takes at least 9 rows",
        interval.toString());
    double[] lower = new double[1];
    double[] upper = new double[1];
    interval.intervals(new float[2], 1, lower, upper);
    assertEquals(Double.NEGATIVE_INFINITY, lower[0]);
    assertEquals(Double.POSITIVE_INFINITY, upper[0]);
    Conformal set =
        Conformal.calibrate(classes(3, 1), labels(random, 8, 3), Conformal.Score.LAC, 0.9);
    boolean[] members = new boolean[3];
    set.sets(new float[2], 1, new double[3], members);
    assertArrayEquals(new boolean[] {true, true, true}, members);
  }

  /** Of exchangeable rows without equal scores, rank / (n + 1) are covered. */
  @Test
  void newRowsAreCoveredAsOftenAsThePapersSay() {
    Random random = new Random(14);
    int n = 18;
    int repeats = 4000;
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Model model = Model.of(network, new float[2], ENGINE);
    int covered = 0;
    for (int i = 0; i < repeats; i++) {
      float[] targets = new float[n + 1];
      for (int r = 0; r <= n; r++) {
        targets[r] = (float) Math.exp(random.nextGaussian());
      }
      Dataset all = Dataset.of(new float[n + 1], 1, targets, 1);
      int[] before = IntStream.range(0, n).toArray();
      Conformal conformal =
          Conformal.calibrate(model, all.select(before), Conformal.Score.RESIDUAL, 0.8);
      covered += conformal.evaluate(all.select(new int[] {n})).getFirst().covered();
    }
    double expected = 16.0 / 19;
    double deviation = Math.sqrt(expected * (1 - expected) / repeats);
    assertEquals(expected, (double) covered / repeats, 4 * deviation);
  }

  /** Counts are never negative, and a mean that overflows is the largest number. */
  @Test
  void intervalsOfCountsDoNotGoBelowZero() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.Poisson());
    Model model = Model.of(network, new float[] {1, 0}, ENGINE);
    Dataset rows = Dataset.of(new float[] {0, 1}, 1, new float[] {9, 1}, 1);
    Conformal conformal = Conformal.calibrate(model, rows, Conformal.Score.RESIDUAL, 0.5);
    double[] lower = new double[2];
    double[] upper = new double[2];
    conformal.intervals(new float[] {0, 1000}, 2, lower, upper);
    assertEquals(0, lower[0]);
    assertTrue(upper[0] > 9);
    assertTrue(lower[1] > 1e300 && upper[1] == Double.POSITIVE_INFINITY);
  }

  @Property(tries = 20)
  void aRowHasTheSameBitsInAnyBatch(@ForAll Random random) {
    int rows = 70;
    Dataset data = numbers(random, rows, 1);
    Conformal interval =
        Conformal.calibrate(pair(1, random.nextInt()), data, Conformal.Score.CQR, 0.9);
    double[] lower = new double[rows];
    double[] upper = new double[rows];
    interval.intervals(data.features(), rows, lower, upper);
    Dataset labelled = labels(random, rows, 3);
    Conformal set =
        Conformal.calibrate(classes(3, random.nextLong()), labelled, Conformal.Score.APS, 0.9);
    double[] p = new double[3 * rows];
    boolean[] members = new boolean[3 * rows];
    set.sets(labelled.features(), rows, p, members);
    double[] low = new double[1];
    double[] high = new double[1];
    double[] ofRow = new double[3];
    boolean[] its = new boolean[3];
    for (int r = 0; r < rows; r++) {
      interval.intervals(Arrays.copyOfRange(data.features(), 2 * r, 2 * r + 2), 1, low, high);
      assertEquals(lower[r], low[0]);
      assertEquals(upper[r], high[0]);
      set.sets(Arrays.copyOfRange(labelled.features(), 2 * r, 2 * r + 2), 1, ofRow, its);
      assertArrayEquals(Arrays.copyOfRange(members, 3 * r, 3 * r + 3), its);
    }
  }

  @Test
  void aRowWithNanHasNoEndsAndNoClassesAndNoOtherRowKnows() {
    Random random = new Random(3);
    Dataset data = numbers(random, 30, 1);
    Conformal interval =
        Conformal.calibrate(
            values(1, 5, new Loss.SquaredError()), data, Conformal.Score.RESIDUAL, 0.5);
    double[] lower = new double[2];
    double[] upper = new double[2];
    interval.intervals(new float[] {Float.NaN, 0, 1, 1}, 2, lower, upper);
    assertTrue(Double.isNaN(lower[0]) && Double.isNaN(upper[0]));
    assertTrue(lower[1] < upper[1]);
    for (Conformal.Score score : List.of(Conformal.Score.LAC, Conformal.Score.APS)) {
      Conformal set = Conformal.calibrate(classes(3, 5), labels(random, 30, 3), score, 0.99);
      boolean[] members = new boolean[6];
      set.sets(new float[] {Float.NaN, 0, 1, 1}, 2, new double[6], members);
      assertArrayEquals(new boolean[] {false, false, false, true, true, true}, members);
    }
  }

  private static Encoder encoder(Target target) {
    return Encoder.of(
        true,
        List.of(new Column.Numeric("a", 0, false), new Column.Numeric("b", 0, false)),
        Optional.empty(),
        target);
  }

  private static Table table(Random random, int rows, boolean labels) {
    List<List<?>> lines = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      lines.add(
          List.of(
              random.nextGaussian(),
              random.nextGaussian(),
              labels ? "k" + random.nextInt(3) : 1000 * random.nextGaussian()));
    }
    return Table.ofRows(List.of("a", "b", "y"), lines);
  }

  /** What one raw row is decided to be, for each kind of score. */
  @Property(tries = 20)
  void aRawRowsRegionIsThatOfItsEncodedRow(@ForAll Random random) {
    Target values =
        new Target.Values(Standardizer.of(new double[] {100, -5}, new double[] {20, 3}));
    Encoder ofValues = encoder(values);
    Encoder ofClasses = encoder(new Target.Classes(List.of("no", "maybe", "yes")));
    Map<String, Double> row = Map.of("a", random.nextGaussian(), "b", random.nextGaussian());
    for (Conformal.Score score : Conformal.Score.values()) {
      TrainedModel model =
          switch (score) {
            case RESIDUAL -> values(2, 1, new Loss.SquaredError()).withEncoder(ofValues);
            case CQR ->
                Ensemble.of(
                    pair(2, 1).models().stream().map(m -> m.withEncoder(ofValues)).toList());
            case LAC, APS -> classes(3, 1).withEncoder(ofClasses);
          };
      Dataset rows = score.givesSets() ? labels(random, 40, 3) : numbers(random, 40, 2);
      Conformal conformal = Conformal.calibrate(model, rows, score, 0.9);
      Conformal.Region region = conformal.region(row);
      assertEquals(model.decide(row).toString(), region.decision().toString());
      assertEquals(
          region.toString(), conformal.region(List.of(row.get("a"), row.get("b"))).toString());
      float[] encoded = model.encoder().orElseThrow().encode(row);
      if (score.givesSets()) {
        boolean[] members = new boolean[3];
        conformal.sets(encoded, 1, new double[3], members);
        List<String> all = List.of("no", "maybe", "yes");
        assertEquals(
            IntStream.range(0, 3).filter(c -> members[c]).mapToObj(all::get).toList(),
            region.labels());
        assertThrows(IllegalStateException.class, region::intervals);
      } else {
        double[] lower = new double[2];
        double[] upper = new double[2];
        conformal.intervals(encoded, 1, lower, upper);
        for (int c = 0; c < 2; c++) {
          assertEquals(new Conformal.Interval(lower[c], upper[c]), region.intervals().get(c));
        }
        assertThrows(IllegalStateException.class, region::labels);
        assertThrows(IllegalStateException.class, region::interval, "two values");
      }
    }
  }

  private record Point(double a, double b) {}

  @Test
  void aTableCalibratesInOriginalUnits() {
    Random random = new Random(9);
    Target values = new Target.Values(100, 20);
    Model model = values(1, 2, new Loss.SquaredError()).withEncoder(labelled(values));
    Table table = table(random, 50, false);
    Conformal conformal = Conformal.calibrate(model, table, Conformal.Score.RESIDUAL, 0.9);
    TreeSet<Double> residuals = new TreeSet<>();
    for (int r = 0; r < 50; r++) {
      double y = table.number(r, 2);
      Map<String, Double> row = Map.of("a", table.number(r, 0), "b", table.number(r, 1));
      residuals.add(Math.abs(y - model.decide(row).value()));
    }
    assertEquals(residuals.stream().toList().get(45), conformal.quantiles()[0], 1e-3);
    assertEquals(46, conformal.evaluate(table).getFirst().covered());
    Conformal.Interval interval = conformal.region(new Point(0.5, -1)).interval();
    assertEquals(2 * conformal.quantiles()[0], interval.width(), 1e-9);
    assertTrue(interval.contains(model.decide(new Point(0.5, -1)).value()));
  }

  private static Encoder labelled(Target target) {
    return Encoder.of(
        true,
        List.of(
            new Column.Numeric("a", 0, false),
            new Column.Numeric("b", 0, false),
            new Column.Label("y")),
        Optional.empty(),
        target);
  }

  @Test
  void aChangeOfThePredictionsEndsTheCalibrationAndNoOtherDoes() {
    Random random = new Random(4);
    Model sets = classes(2, 1);
    Model model =
        (Model) Conformal.calibrate(sets, labels(random, 30, 2), Conformal.Score.LAC, 0.9).model();
    assertTrue(model.withThreshold(new Threshold(0.3f)).conformal().isPresent());
    assertTrue(model.withProvenance(Provenance.UNKNOWN).conformal().isPresent());
    assertTrue(model.forServing().conformal().isPresent());
    assertTrue(model.withTemperature(Temperature.NONE).conformal().isPresent(), "the same");
    assertTrue(model.withTemperature(new Temperature(2)).conformal().isEmpty());
    assertTrue(model.withWeightFormat(WeightFormat.FLOAT32).conformal().isPresent());
    assertTrue(model.withWeightFormat(WeightFormat.BFLOAT16).conformal().isEmpty());
    Encoder encoder = encoder(new Target.Classes(List.of("no", "yes")));
    assertTrue(model.withEncoder(encoder).conformal().isEmpty());
    Ensemble both = Ensemble.of(List.of(sets, sets));
    Ensemble ensemble =
        (Ensemble)
            Conformal.calibrate(both, labels(random, 30, 2), Conformal.Score.LAC, 0.9).model();
    assertTrue(ensemble.forServing().conformal().isPresent());
    assertTrue(ensemble.withWeights(1, 1).conformal().isPresent());
    assertTrue(ensemble.withWeights(1, 2).conformal().isEmpty());
  }

  /** A calibrated model is one file, with the same bits behind it. */
  @Property(tries = 20)
  void aCalibrationSurvivesSavingBitwise(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int rows) throws Exception {
    for (Conformal.Score score : Conformal.Score.values()) {
      TrainedModel model =
          switch (score) {
            case RESIDUAL -> values(2, 1, new Loss.Huber(1));
            case CQR -> pair(2, 7);
            case LAC -> classes(4, 1);
            case APS -> Ensemble.of(List.of(classes(2, 1), classes(2, 2))).withWeights(3, 1);
          };
      int classes = model instanceof Ensemble ? 2 : 4;
      Dataset data = score.givesSets() ? labels(random, rows, classes) : numbers(random, rows, 2);
      Conformal before = Conformal.calibrate(model, data, score, COVERAGES);
      byte[] bytes = before.model().toBytes();
      TrainedModel read = TrainedModel.of(bytes);
      assertArrayEquals(bytes, read.toBytes());
      Conformal after = read.conformal().orElseThrow();
      assertEquals(before.coverages(), after.coverages());
      assertEquals(score, after.score());
      assertEquals(rows, after.rows());
      for (double coverage : COVERAGES) {
        assertArrayEquals(
            before.withCoverage(coverage).quantiles(), after.withCoverage(coverage).quantiles());
        assertEquals(
            before.withCoverage(coverage).evaluate(data),
            after.withCoverage(coverage).evaluate(data));
      }
      Map<String, String> texts = new TreeMap<>(SafetensorsFile.of(bytes).metadata());
      Map<String, String> plain = new TreeMap<>(SafetensorsFile.of(model.toBytes()).metadata());
      assertTrue(texts.remove("conformal") != null);
      assertEquals(plain, texts, "the model itself is as it was");
    }
  }

  @Tag("allocation")
  @Test
  void intervalsAndSetsAllocateNothing() {
    Random random = new Random(4);
    Dataset numbers = numbers(random, 30, 2);
    double[] lower = new double[6];
    double[] upper = new double[6];
    for (Conformal.Score score : List.of(Conformal.Score.RESIDUAL, Conformal.Score.CQR)) {
      TrainedModel model =
          score == Conformal.Score.CQR ? pair(2, 1) : values(2, 1, new Loss.Huber(1));
      Conformal conformal = Conformal.calibrate(model, numbers, score, 0.9);
      Allocation.assertNone(
          "intervals", 500, i -> conformal.intervals(numbers.features(), 3, lower, upper));
    }
    Dataset labels = labels(random, 30, 4);
    double[] p = new double[12];
    boolean[] members = new boolean[12];
    for (Conformal.Score score : List.of(Conformal.Score.LAC, Conformal.Score.APS)) {
      Conformal conformal = Conformal.calibrate(classes(4, 1), labels, score, 0.9);
      Allocation.assertNone("sets", 500, i -> conformal.sets(labels.features(), 3, p, members));
    }
  }

  /** Eight threads, each with rows of its own, get what one thread gets. */
  @Test
  void anyNumberOfThreadsGetWhatOneGets() throws Exception {
    Random random = new Random(4);
    Dataset rows = numbers(random, 400, 1);
    Conformal conformal = Conformal.calibrate(pair(1, 3), rows, Conformal.Score.CQR, 0.9);
    double[] lower = new double[400];
    double[] upper = new double[400];
    conformal.intervals(rows.features(), 400, lower, upper);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int from = 50 * t;
        all.add(
            threads.submit(
                () -> {
                  float[] its = Arrays.copyOfRange(rows.features(), 2 * from, 2 * from + 100);
                  double[] low = new double[50];
                  double[] high = new double[50];
                  for (int i = 0; i < 50; i++) {
                    conformal.intervals(its, 50, low, high);
                    assertArrayEquals(Arrays.copyOfRange(lower, from, from + 50), low);
                    assertArrayEquals(Arrays.copyOfRange(upper, from, from + 50), high);
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }
}
