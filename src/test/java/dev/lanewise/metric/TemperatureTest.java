package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TemperatureTest {

  /** Scores, and classes that are drawn from the probabilities of the scores divided by T. */
  private record Drawn(float[] scores, int outputs, float[] targets, int rows) {

    static Drawn of(long seed, int outputs, int rows, double scale, double temperature) {
      Random random = new Random(seed);
      float[] scores = new float[rows * outputs];
      float[] targets = new float[rows];
      for (int r = 0; r < rows; r++) {
        double[] upTo = new double[Math.max(2, outputs)];
        double sum = 0;
        for (int c = 0; c < upTo.length; c++) {
          float z = outputs == 1 && c == 0 ? 0 : (float) (scale * random.nextGaussian());
          scores[r * outputs + (outputs == 1 ? 0 : c)] = z;
          sum += Math.exp(z / temperature);
          upTo[c] = sum;
        }
        double draw = random.nextDouble() * sum;
        while (draw > upTo[(int) targets[r]]) {
          targets[r]++;
        }
      }
      return new Drawn(scores, outputs, targets, rows);
    }

    Temperature fitted() {
      return Temperature.fit(scores, outputs, targets, rows);
    }

    double loss(double temperature) {
      return Classification.of(scores, outputs, targets, rows, new Temperature((float) temperature))
          .logLoss();
    }
  }

  @Property(tries = 200)
  void theFittedTemperatureLosesLeast(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int outputs,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @FloatRange(min = 0.1f, max = 10) float temperature) {
    Drawn drawn = Drawn.of(seed, outputs, rows, 3, temperature);
    Temperature fitted = drawn.fitted();
    double least = drawn.loss(fitted.value());
    assertTrue(least <= drawn.loss(1));
    for (double t = Temperature.LEAST; t <= Temperature.MOST; t *= 1.1) {
      assertTrue(least <= drawn.loss(t) + 1e-7 * (1 + least), () -> "least at " + fitted);
    }
  }

  @Property(tries = 20)
  void aKnownTemperatureIsFound(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @FloatRange(min = 0.5f, max = 5) float temperature) {
    float found = Drawn.of(seed, outputs, 20_000, 2 * temperature, temperature).fitted().value();
    assertEquals(1, found / temperature, 0.1);
  }

  @Test
  void anOverconfidentNetworkIsCooledAndATimidOneWarmed() {
    float[] sure = {5, 5, 5, -5, -5, -5};
    float[] timid = {0.1f, 0.1f, 0.1f, -0.1f, -0.1f, -0.1f};
    float[] targets = {1, 1, 0, 0, 0, 1};
    // Two of three are right, so that the best score is ln 2.
    assertEquals(5 / Math.log(2), Temperature.fit(sure, 1, targets, 6).value(), 1e-5);
    assertEquals(0.1 / Math.log(2), Temperature.fit(timid, 1, targets, 6).value(), 1e-6);
  }

  @Property
  void dividingKeepsTheOrder(
      @ForAll @FloatRange(min = -1e4f, max = 1e4f) float a,
      @ForAll @FloatRange(min = -1e4f, max = 1e4f) float b,
      @ForAll @FloatRange(min = Temperature.LEAST, max = Temperature.MOST) float t) {
    float[] scores = {Math.min(a, b), Math.max(a, b), Float.NaN};
    new Temperature(t).apply(scores, 2);
    assertTrue(scores[0] <= scores[1], () -> Arrays.toString(scores));
    assertEquals(Math.min(a, b) / t, scores[0]);
    assertTrue(Float.isNaN(scores[2]));
  }

  @Example
  void scoresFromNoneToAllAreDivided() {
    float[] scores = {4, 6};
    new Temperature(2).apply(scores, 0);
    assertArrayEquals(new float[] {4, 6}, scores);
    new Temperature(2).apply(scores, 2);
    assertArrayEquals(new float[] {2, 3}, scores);
  }

  @Property(tries = 100)
  void classesAndTheirOrderAreThoseOfTheScores(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @FloatRange(min = Temperature.LEAST, max = Temperature.MOST) float t) {
    Drawn drawn = Drawn.of(seed, outputs, 50, 1e-3, 1);
    Classification plain =
        Classification.of(drawn.scores(), outputs, drawn.targets(), drawn.rows());
    Classification warm =
        Classification.of(
            drawn.scores(), outputs, drawn.targets(), drawn.rows(), new Temperature(t));
    assertEquals(plain.correct(), warm.correct());
    assertEquals(plain.auc(), warm.auc());
  }

  @Example
  void rowsThatKnowNoBestTemperatureGiveABound() {
    assertEquals(
        Temperature.LEAST, Temperature.fit(new float[] {3, -3}, 1, new float[] {1, 0}, 2).value());
    assertEquals(
        Temperature.MOST, Temperature.fit(new float[] {3, -3}, 1, new float[] {0, 1}, 2).value());
    assertEquals(Temperature.NONE, Temperature.fit(new float[4], 2, new float[] {0, 1}, 2));
    assertEquals(Temperature.NONE, Temperature.fit(new float[] {1e4f, -1e4f}, 2, new float[1], 1));
  }

  /** What one parameter wins of the mean log loss by chance is about half of 1/rows. */
  @Property(tries = 200)
  void aCautiousTemperatureWinsMoreThanItsPrice(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int outputs,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @FloatRange(min = 0.1f, max = 10) float temperature) {
    Drawn drawn = Drawn.of(seed, outputs, rows, 3, temperature);
    Temperature cautious =
        Temperature.fitCautiously(drawn.scores(), outputs, drawn.targets(), rows);
    double won = drawn.loss(1) - drawn.loss(cautious.value());
    assertTrue(cautious.equals(Temperature.NONE) || won > 1.0 / rows, () -> "wins " + won);
  }

  /** Where every parameter is worth its price, many rows leave nothing to be cautious of. */
  @Property(tries = 20)
  void aCautiousTemperatureOfManyRowsIsTheBest(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int outputs,
      @ForAll @FloatRange(min = 2, max = 5) float temperature) {
    Drawn drawn = Drawn.of(seed, outputs, 5000, 2 * temperature, temperature);
    float cautious =
        Temperature.fitCautiously(drawn.scores(), outputs, drawn.targets(), drawn.rows()).value();
    assertEquals(1, cautious / drawn.fitted().value(), 0.01);
  }

  /** Of n right rows none says how sure to be; the rule of succession allows 1 − 1/(n + 2). */
  @Property(tries = 100)
  void rowsThatAreAllRightMakeNobodySurerThanTheRuleOfSuccession(
      @ForAll @IntRange(min = 1, max = 5) int outputs,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @FloatRange(min = 0.01f, max = 5) float margin) {
    float[] scores = new float[rows * outputs];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      targets[r] = r % Math.max(2, outputs);
      scores[r * outputs + (outputs == 1 ? 0 : (int) targets[r])] =
          outputs == 1 && targets[r] == 0 ? -margin : margin;
    }
    Temperature cautious = Temperature.fitCautiously(scores, outputs, targets, rows);
    double confidence =
        Math.exp(-Classification.of(scores, outputs, targets, rows, cautious).logLoss());
    assertTrue(
        cautious.value() >= 1 || confidence <= 1 - 1 / (rows + 2.0) + 1e-6,
        () -> cautious + ": " + confidence);
  }

  @Test
  void whatIsNoTemperatureIsRefused() {
    for (float value : new float[] {0, -1, 0.049f, 20.01f, Float.NaN, Float.POSITIVE_INFINITY}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> new Temperature(value));
      assertEquals(
          "temperature: " + value + "; expected a number from 0.05 to 20.0", e.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Temperature.fit(new float[] {Float.NaN}, 1, new float[1], 1));
    assertThrows(
        IllegalArgumentException.class, () -> Temperature.fit(new float[3], 3, new float[] {3}, 1));
  }
}
