package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Metrics of so many rows that counts of pairs pass 2³¹ and sums in {@code float} would show,
 * against the textbook's formulas in plain loops.
 */
final class MetricOracleTest {

  private static final int ROWS = 200_000;

  /** Scores have so many levels, so that most pairs are told apart and many are equal. */
  private static final int LEVELS = 1000;

  /** Rows of two classes, about half of them positive, the likelier the higher their level. */
  private static final class Rows2 {
    final int[] level = new int[ROWS];
    final float[] targets = new float[ROWS];
    final long[][] counts = new long[2][LEVELS];

    Rows2(long seed) {
      Random random = new Random(seed);
      for (int r = 0; r < ROWS; r++) {
        level[r] = random.nextInt(LEVELS);
        targets[r] = level[r] + 300 * random.nextGaussian() > 480 ? 1 : 0;
        counts[(int) targets[r]][level[r]]++;
      }
    }

    /** {@return the rows of a class from a level on} */
    long from(int target, int least) {
      long sum = 0;
      for (int l = least; l < LEVELS; l++) {
        sum += counts[target][l];
      }
      return sum;
    }

    double[] probabilities() {
      double[] probabilities = new double[ROWS];
      for (int r = 0; r < ROWS; r++) {
        probabilities[r] = (level[r] + 0.5) / LEVELS;
      }
      return probabilities;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aucIsTheShareOfPairsInOrderAlsoOfMoreThanAnIntCounts(boolean evaluated) {
    Rows2 rows = new Rows2(1);
    float[] logits = new float[ROWS];
    for (int r = 0; r < ROWS; r++) {
      logits[r] = (rows.level[r] - 500) / 64f;
    }
    double wins = 0;
    for (int l = 0; l < LEVELS; l++) {
      wins += rows.counts[1][l] * (rows.from(0, 0) - rows.from(0, l) + rows.counts[0][l] / 2.0);
    }
    double pairs = (double) rows.from(0, 0) * rows.from(1, 0);
    assertTrue(pairs > 4.0 * Integer.MAX_VALUE);
    OptionalDouble auc =
        evaluated
            ? Evaluation.ofLogits(logits, 1, rows.targets, ROWS, Temperature.NONE, Threshold.HALF)
                .classification()
                .auc()
            : Classification.auc(logits, rows.targets, ROWS);
    assertEquals(wins / pairs, auc.orElseThrow(), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void noThresholdIsBetterThanTheFittedOneAlsoOfManyRows(Threshold.Measure measure) {
    Rows2 rows = new Rows2(2);
    double best = Double.NEGATIVE_INFINITY;
    for (int l = 0; l <= LEVELS; l++) {
      best = Math.max(best, measured(measure, rows, l));
    }
    float fitted = Threshold.fit(rows.probabilities(), rows.targets, ROWS, measure).probability();
    int least = (int) Math.ceil(fitted * (double) LEVELS - 0.5);
    assertEquals(best, measured(measure, rows, least), 1e-12, () -> "threshold " + fitted);
  }

  /** The measure where rows of a level or more are taken for positive. */
  private static double measured(Threshold.Measure measure, Rows2 rows, int least) {
    double tp = rows.from(1, least);
    double fp = rows.from(0, least);
    double p = rows.from(1, 0);
    double n = rows.from(0, 0);
    return switch (measure) {
      case ACCURACY -> (tp + n - fp) / (p + n);
      case F1 -> 2 * tp / (tp + fp + p);
      case YOUDEN -> tp / p - fp / n;
    };
  }

  @Test
  void eachPointOfTheCurveOfManyRowsHasItsScores() {
    Rows2 rows = new Rows2(3);
    double[] second = rows.probabilities();
    double[] both = new double[2 * ROWS];
    for (int r = 0; r < ROWS; r++) {
      both[2 * r] = 1 - second[r];
      both[2 * r + 1] = second[r];
    }
    Evaluation.OfClasses judged =
        Evaluation.ofProbabilities(both, 2, rows.targets, ROWS, Threshold.HALF);
    assertEquals(LEVELS, judged.curve().size());
    for (int i = 0; i < LEVELS; i++) {
      Evaluation.CurvePoint point = judged.curve().get(i);
      int least = LEVELS - 1 - i;
      double tp = rows.from(1, least);
      double fp = rows.from(0, least);
      assertEquals((least + 0.5) / LEVELS, point.threshold());
      assertEquals(tp / (tp + fp), point.precision(), 1e-15);
      assertEquals(tp / rows.from(1, 0), point.recall(), 1e-15);
      assertEquals(fp / rows.from(0, 0), point.falsePositiveRate(), 1e-15);
      assertEquals(2 * tp / (tp + fp + rows.from(1, 0)), point.f1(), 1e-15);
    }
  }

  /** So many that the place of a point, times the number of points, passes 2³¹. */
  @Test
  void theCurveOfMillionsOfThresholdsKeepsItsEnds() {
    int rows = 2_200_000;
    double[] both = new double[2 * rows];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      both[2 * r + 1] = (r + 1.0) / rows;
      both[2 * r] = 1 - both[2 * r + 1];
      targets[r] = r % 2;
    }
    Evaluation.OfClasses judged =
        Evaluation.ofProbabilities(both, 2, targets, rows, Threshold.HALF);
    int points = Evaluation.OfClasses.MOST_POINTS;
    assertEquals(points, judged.curve().size());
    assertEquals(1, judged.curve().getFirst().threshold());
    assertEquals(1.0 / rows, judged.curve().getLast().threshold());
    assertEquals(rows / 2, judged.curve().getLast().truePositives());
  }

  /** Where the model is sure, p rounds to 1 for all rows, and 1 − p tells them apart. */
  @Test
  void rowsWhoseProbabilitiesRoundToOneAreRankedByTheOther() {
    double[] probabilities = {1e-30, 1, 1e-20, 1, 1e-25, 1, 1, 1e-20, 1, 1e-30};
    float[] targets = {1, 0, 1, 1, 0};
    assertEquals(
        OptionalDouble.of(5 / 6.0),
        Evaluation.ofProbabilities(probabilities, 2, targets, 5, Threshold.HALF)
            .classification()
            .auc());
  }

  /** Bins are (b/15, (b + 1)/15]: a confidence of 0.6 is in the ninth, not the tenth. */
  @Test
  void aConfidenceOnABoundBelongsToTheBinBelowIt() {
    for (double p : new double[] {0.6, 0.4}) {
      Calibration result = Calibration.of(new double[] {p}, 1, new float[] {1}, 1);
      assertEquals(1, result.bins().get(8).rows(), () -> "p " + p);
    }
  }

  @Test
  void calibrationOfManyRowsIsThatOfPlainLoops() {
    Rows2 rows = new Rows2(4);
    double[] second = rows.probabilities();
    double[] gap = new double[15];
    double brier = 0;
    for (int r = 0; r < ROWS; r++) {
      double confidence = Math.max(second[r], 1 - second[r]);
      int bin = 0;
      while (confidence > (bin + 1) / 15.0) {
        bin++;
      }
      gap[bin] += (second[r] >= 0.5 ? rows.targets[r] : 1 - rows.targets[r]) - confidence;
      brier += (second[r] - rows.targets[r]) * (second[r] - rows.targets[r]);
    }
    double ece = 0;
    for (double of : gap) {
      ece += Math.abs(of) / ROWS;
    }
    Calibration result = Calibration.of(second, 1, rows.targets, ROWS);
    assertEquals(ece, result.ece(), 1e-12);
    assertEquals(brier / ROWS, result.brier(), 1e-12);
  }

  /** Columns of other units and far from 0, so that each has to be judged by its own numbers. */
  @Test
  void errorsOfManyRowsAndSeveralColumnsAreThoseOfPlainLoops() {
    Random random = new Random(5);
    double[] unit = {1, 1e6, 1e-3};
    double[] offset = {0, 1e9, 100};
    double[] actual = new double[3 * ROWS];
    double[] predicted = new double[3 * ROWS];
    for (int i = 0; i < actual.length; i++) {
      actual[i] = offset[i % 3] + unit[i % 3] * random.nextGaussian();
      predicted[i] = actual[i] + unit[i % 3] * (i % 3 + 1) / 4.0 * random.nextGaussian();
    }
    Regression result = Regression.of(predicted, actual, ROWS, 3);
    double squares = 0;
    double magnitudes = 0;
    double explained = 0;
    for (int c = 0; c < 3; c++) {
      double mean = 0;
      for (int r = 0; r < ROWS; r++) {
        mean += (actual[3 * r + c] - offset[c]) / ROWS;
      }
      double ofSquares = 0;
      double ofMagnitudes = 0;
      double spread = 0;
      for (int r = 0; r < ROWS; r++) {
        double error = predicted[3 * r + c] - actual[3 * r + c];
        ofSquares += error * error;
        ofMagnitudes += Math.abs(error);
        spread += Math.pow(actual[3 * r + c] - offset[c] - mean, 2);
      }
      Regression.Column column = result.columns().get(c);
      assertClose(Math.sqrt(ofSquares / ROWS), column.rmse());
      assertClose(ofMagnitudes / ROWS, column.mae());
      assertEquals(1 - ofSquares / spread, column.r2().orElseThrow(), 1e-9);
      squares += ofSquares;
      magnitudes += ofMagnitudes;
      explained += (1 - ofSquares / spread) / 3;
    }
    assertClose(Math.sqrt(squares / 3 / ROWS), result.rmse());
    assertClose(magnitudes / 3 / ROWS, result.mae());
    assertEquals(explained, result.r2().orElseThrow(), 1e-9);
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, 1e-9 * expected);
  }

  /** The least log loss is searched for by thirds, in place of Newton's method. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theTemperatureOfManyRowsHasTheLeastLogLoss(int outputs) {
    Random random = new Random(6);
    int rows = 20_000;
    float[] logits = new float[rows * outputs];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < outputs; c++) {
        double z = 2 * random.nextGaussian();
        logits[r * outputs + c] = (float) (3.5 * z);
        double drawn = z - Math.log(-Math.log(random.nextDouble()));
        targets[r] = drawn > most ? c : targets[r];
        most = Math.max(most, drawn);
      }
      if (outputs == 1) {
        targets[r] = random.nextDouble() < 1 / (1 + Math.exp(-logits[r] / 3.5)) ? 1 : 0;
      }
    }
    DoubleUnaryOperator loss =
        t ->
            Classification.of(logits, outputs, targets, rows, new Temperature((float) t)).logLoss();
    double low = 1;
    double high = 10;
    for (int i = 0; i < 36; i++) {
      double third = (high - low) / 3;
      if (loss.applyAsDouble(low + third) < loss.applyAsDouble(high - third)) {
        high -= third;
      } else {
        low += third;
      }
    }
    assertEquals(3.5, low, 0.2);
    assertEquals(low, Temperature.fit(logits, outputs, targets, rows).value(), 1e-3);
  }
}
