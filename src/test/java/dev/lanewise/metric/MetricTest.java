package dev.lanewise.metric;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MetricTest {

  private static float[] array(List<? extends Number> numbers) {
    float[] array = new float[numbers.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = numbers.get(i).floatValue();
    }
    return array;
  }

  @Property
  void aucIsTheShareOfPairsInOrderTiesCountingHalf(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -4, max = 4) Integer> levels,
      @ForAll long bits) {
    float[] scores = array(levels);
    float[] targets = new float[scores.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = bits >>> i & 1;
      scores[i] = scores[i] == 0 && i % 2 == 0 ? -0f : scores[i];
    }
    double wins = 0;
    int pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (targets[i] == 1 && targets[j] == 0) {
          pairs++;
          wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    OptionalDouble expected = pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(wins / pairs);

    assertEquals(expected, Classification.auc(scores, targets, scores.length));
  }

  @Property
  void logLossIsTheMeanOfMinusLogOfTheTrueClassesProbability(
      @ForAll @Size(min = 1, max = 20) List<@FloatRange(min = -9, max = 9) Float> values,
      @ForAll @IntRange(min = 1, max = 4) int outputs) {
    int rows = Math.ceilDiv(values.size(), outputs);
    float[] scores = Arrays.copyOf(array(values), rows * outputs);
    float[] targets = new float[rows];
    double expected = 0;
    for (int r = 0; r < rows; r++) {
      int actual = r % Math.max(2, outputs);
      targets[r] = actual;
      double sum = 0;
      for (int c = 0; c < outputs; c++) {
        sum += Math.exp(scores[r * outputs + c]);
      }
      double p =
          outputs > 1
              ? Math.exp(scores[r * outputs + actual]) / sum
              : actual == 1 ? sum / (1 + sum) : 1 / (1 + sum);
      expected -= Math.log(p) / rows;
    }

    assertEquals(
        expected,
        Classification.of(scores, outputs, targets, rows).logLoss(),
        1e-12 + 1e-9 * expected);
  }

  @Test
  void hugeScoresGiveFiniteLogLoss() {
    Classification binary = Classification.of(new float[] {1e30f, -1e4f}, 1, new float[] {0, 0}, 2);
    Classification several = Classification.of(new float[] {1e4f, -1e4f, 0}, 3, new float[] {1}, 1);

    assertEquals((double) 1e30f / 2, binary.logLoss());
    assertEquals(2e4, several.logLoss());
  }

  @Test
  void equalScoresPredictTheFirstAndAScoreOfZeroIsPositive() {
    assertEquals(1, Classification.predicted(new float[] {-1, 3, 3, 2}, 0, 4));
    assertEquals(0, Classification.predicted(new float[] {9, 5, 5, 5}, 1, 2));
    assertEquals(1, Classification.predicted(new float[] {0}, 0, 1));
    assertEquals(1, Classification.predicted(new float[] {-0f}, 0, 1));
    assertEquals(0, Classification.predicted(new float[] {-Float.MIN_VALUE}, 0, 1));
  }

  @Test
  void accuracyComesWithItsCounts() {
    Classification result =
        Classification.of(new float[] {1, 2, 3, 0, 5, 5, 99}, 2, new float[] {1, 0, 1, 7}, 3);

    assertEquals(3, result.rows());
    assertEquals(2, result.correct());
    assertEquals(2.0 / 3, result.accuracy());
    assertTrue(result.auc().isEmpty());
  }

  @Test
  void badScoresAndTargetsAreRefusedByName() {
    assertTrue(
        refusal(() -> Classification.of(new float[] {1, 2, 3, Float.NaN}, 2, new float[2], 2))
            .startsWith("logits: row 1, column 1: NaN"));
    refusal(() -> Classification.of(new float[] {Float.POSITIVE_INFINITY}, 1, new float[1], 1));
    refusal(() -> Classification.auc(new float[] {Float.NaN, 1}, new float[] {1, 0}, 2));
    assertTrue(
        refusal(() -> Classification.of(new float[2], 2, new float[] {2}, 1))
            .startsWith("targets: row 0: 2.0"));
    refusal(() -> Classification.of(new float[1], 1, new float[] {0.5f}, 1));
    refusal(() -> Classification.of(new float[1], 1, new float[] {-1}, 1));
    refusal(() -> Classification.of(new float[3], 2, new float[2], 2));
    refusal(() -> Classification.of(new float[0], 2, new float[0], 0));
    refusal(() -> Regression.of(new double[] {Double.NaN}, new double[1], 1));
    refusal(() -> Regression.of(new double[1], new double[] {Double.NEGATIVE_INFINITY}, 1));
    refusal(() -> ConfusionMatrix.of(new int[] {0}, new int[] {2}, 2));
    refusal(() -> ConfusionMatrix.of(new int[] {0, 1}, new int[] {1}, 2));
  }

  @Test
  void valuesAreComparedByTheTextbooksFormulas() {
    Regression result = Regression.of(new double[] {2, 4, 9, 99}, new double[] {1, 4, 7}, 3);

    assertEquals(Math.sqrt(5 / 3.0), result.rmse());
    assertEquals(1, result.mae());
    assertEquals(OptionalDouble.of(1 - 5 / 18.0), result.r2());
    assertTrue(Regression.of(new double[] {1, 2}, new double[] {0.1, 0.1}, 2).r2().isEmpty());
  }

  @Test
  void severalColumnsOfValuesShareTheirErrorsAndAverageTheirR2() {
    double[] predicted = {2, -10, 4, 0, 9, 20};
    double[] actual = {1, -20, 4, 0, 7, 20};
    Regression result = Regression.of(predicted, actual, 3, 2);

    assertEquals(3, result.rows());
    assertEquals(Math.sqrt(105 / 6.0), result.rmse());
    assertEquals(13 / 6.0, result.mae());
    assertEquals(((1 - 5 / 18.0) + (1 - 100 / 800.0)) / 2, result.r2().orElseThrow());
    assertEquals(
        List.of(
            new Regression.Column(Math.sqrt(5 / 3.0), 1, OptionalDouble.of(1 - 5 / 18.0)),
            new Regression.Column(Math.sqrt(100 / 3.0), 10 / 3.0, OptionalDouble.of(0.875))),
        result.columns());
    actual[1] = actual[3] = actual[5];
    assertTrue(Regression.of(predicted, actual, 3, 2).r2().isEmpty());
    refusal(() -> Regression.of(predicted, actual, 4, 2));
  }

  @Test
  void confusionGivesPrecisionRecallAndF1() {
    ConfusionMatrix matrix =
        ConfusionMatrix.of(new int[] {0, 0, 0, 1, 1, 0}, new int[] {0, 1, 1, 1, 0, 0}, 3);

    assertEquals("[2, 2, 0]\n[1, 1, 0]\n[0, 0, 0]", matrix.toString());
    assertEquals(2, matrix.count(0, 1));
    assertEquals(6, matrix.rows());
    assertEquals(3, matrix.correct());
    assertEquals(0.5, matrix.accuracy());
    assertEquals(2 / 3.0, matrix.precision(0));
    assertEquals(1 / 2.0, matrix.recall(0));
    assertEquals(4 / 7.0, matrix.f1(0));
    assertEquals(0, matrix.precision(2));
    assertEquals(0, matrix.recall(2));
    assertEquals(0, matrix.f1(2));
    assertEquals((2 / 3.0 + 1 / 3.0) / 3, matrix.macroPrecision());
    assertEquals((1 / 2.0 + 1 / 2.0) / 3, matrix.macroRecall());
    assertEquals((4 / 7.0 + 2 / 5.0) / 3, matrix.macroF1());
    assertEquals(4, matrix.support(0));
  }
}
