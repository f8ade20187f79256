package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.train.Lbfgs.Objective;
import dev.lanewise.train.Lbfgs.Reason;
import dev.lanewise.train.Lbfgs.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a search looks, seen from the objective. */
class LbfgsStepsTest {

  private static final int SIZE = 5;

  /** An objective that remembers where it was asked. */
  private static final class Recorder implements Objective {
    private final Objective objective;
    private final List<float[]> places = new ArrayList<>();

    Recorder(Objective objective) {
      this.objective = objective;
    }

    @Override
    public double gradient(float[] theta, float[] gradient) {
      places.add(theta.clone());
      return objective.gradient(theta, gradient);
    }
  }

  /** Σ (i + 1)·xᵢ²/2 + xᵢ⁴/4 + xᵢ·xᵢ₊₁/2, which is convex. */
  private static double bowl(float[] theta, float[] gradient) {
    double sum = 0;
    for (int i = 0; i < SIZE; i++) {
      double x = theta[i];
      double next = theta[(i + 1) % SIZE];
      double before = theta[(i + SIZE - 1) % SIZE];
      sum += (i + 1) * x * x / 2 + x * x * x * x / 4 + x * next / 2;
      gradient[i] = (float) ((i + 1) * x + x * x * x + (next + before) / 2);
    }
    return sum;
  }

  private static float[] start() {
    return new float[] {2, -1, 1.5f, 0.5f, -2};
  }

  /** The place after so many steps. */
  private static float[] after(int steps, int memory) {
    float[] theta = start();
    new Lbfgs(SIZE, SIZE, memory).minimize(LbfgsStepsTest::bowl, theta, steps, 0);
    return theta;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double[] times(double[][] matrix, double[] x) {
    double[] product = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      product[i] = dot(matrix[i], x);
    }
    return product;
  }

  /** The inverse Hessian (Nocedal and Wright 2006, 6.17) after one more pair. */
  private static double[][] updated(double[][] h, double[] s, double[] y) {
    double curvature = dot(s, y);
    double[] hy = times(h, y);
    double share = (1 + dot(y, hy) / curvature) / curvature;
    double[][] updated = new double[SIZE][SIZE];
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        updated[i][j] = h[i][j] + share * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
      }
    }
    return updated;
  }

  private static double[] gradientAt(float[] theta) {
    float[] gradient = new float[SIZE];
    bowl(theta, gradient);
    double[] wide = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      wide[i] = gradient[i];
    }
    return wide;
  }

  private static double[] difference(double[] x, double[] y) {
    double[] difference = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      difference[i] = x[i] - y[i];
    }
    return difference;
  }

  private static double[] widen(float[] x) {
    return new double[] {x[0], x[1], x[2], x[3], x[4]};
  }

  /** The full matrix, built from the last pairs on the scale of the newest. */
  private static double[][] inverseHessian(int steps, int memory) {
    double[][] h = new double[SIZE][SIZE];
    for (int step = Math.max(1, steps - memory + 1); step <= steps; step++) {
      float[] from = after(step - 1, memory);
      float[] to = after(step, memory);
      double[] s = difference(widen(to), widen(from));
      double[] y = difference(gradientAt(to), gradientAt(from));
      if (step == Math.max(1, steps - memory + 1)) {
        double[] last = difference(widen(after(steps, memory)), widen(after(steps - 1, memory)));
        double[] change =
            difference(gradientAt(after(steps, memory)), gradientAt(after(steps - 1, memory)));
        for (int i = 0; i < SIZE; i++) {
          h[i][i] = dot(last, change) / dot(change, change);
        }
      }
      h = updated(h, s, y);
    }
    return h;
  }

  @Property(tries = 4)
  void aStepFirstTriesTheQuasiNewtonStepOfThePairsThatAreRemembered(
      @ForAll @IntRange(min = 1, max = 4) int memory) {
    for (int steps = 1; steps <= 6; steps++) {
      float[] theta = start();
      Recorder recorder = new Recorder(LbfgsStepsTest::bowl);
      Lbfgs search = new Lbfgs(SIZE, SIZE, memory);
      int before =
          new Lbfgs(SIZE, SIZE, memory)
              .minimize(LbfgsStepsTest::bowl, start(), steps, 0)
              .evaluations();
      search.minimize(recorder, theta, steps + 1, 0);
      float[] base = after(steps, memory);
      double[] step = times(inverseHessian(steps, memory), gradientAt(base));
      double length = Math.sqrt(dot(step, step));
      for (int i = 0; i < SIZE; i++) {
        assertEquals(
            base[i] - step[i], recorder.places.get(before)[i], 1e-3 * length, "step " + steps);
      }
    }
  }

  /** Down the slope, by the gradient itself if it is short and by a length of 1 if it is not. */
  @Example
  void theVeryFirstTrialGoesStraightDownByOneAtMost() {
    for (float x : new float[] {0.25f, 40}) {
      Recorder recorder =
          new Recorder(
              (theta, gradient) -> {
                gradient[0] = 0.6f * theta[0];
                gradient[1] = 0.8f * theta[0];
                return 0.6 * theta[0] * theta[0] / 2 + 0.8 * theta[0] * theta[1];
              });
      new Lbfgs(2).minimize(recorder, new float[] {x, x}, 1, 0);
      float length = Math.min(1, x);
      assertArrayEquals(
          new float[] {x - 0.6f * length, x - 0.8f * length}, recorder.places.get(1), 1e-5f);
    }
  }

  /** The places that a search from 0, where the slope is −1, tries along a line. */
  private static List<Float> trials(
      DoubleUnaryOperator value, DoubleUnaryOperator slope, int iterations) {
    Recorder recorder =
        new Recorder(
            (theta, gradient) -> {
              gradient[0] = (float) slope.applyAsDouble(theta[0]);
              return value.applyAsDouble(theta[0]);
            });
    Result result = new Lbfgs(1).minimize(recorder, new float[1], iterations, 0);
    assertEquals(recorder.places.size(), result.evaluations());
    return recorder.places.stream().skip(1).map(place -> place[0]).toList();
  }

  @Example
  void aSlopeThatStaysSteepIsFollowedFourTimesAsFarEachTime() {
    List<Float> trials = trials(x -> -x, x -> -1, 1);
    for (int i = 0; i < 10; i++) {
      assertEquals((float) Math.pow(4, i), trials.get(i));
    }
    assertEquals(40 + 1, trials.size()); // and once more where it ends
  }

  /**
   * f′ = (x − m)(1/m + c·x), the derivative of a cubic with its minimum in m: two places tell all
   * of it.
   */
  @Property(tries = 100)
  void betweenTwoPlacesOfACubicItsMinimumIsTried(
      @ForAll @DoubleRange(min = 0.12, max = 0.5) @Scale(6) double m,
      @ForAll @DoubleRange(min = 0, max = 3) @Scale(6) double c) {
    List<Float> trials = trials(cubic(m, c), x -> (x - m) * (1 / m + c * x), 1);
    assertEquals(1, trials.get(0));
    assertEquals(m, trials.get(1), 1e-5);
    assertEquals(2, trials.size());
  }

  private static DoubleUnaryOperator cubic(double m, double c) {
    return x -> c * x * x * x / 3 + (1 / m - c * m) * x * x / 2 - x;
  }

  /** The slope at 1 is still steep, so the minimum lies between 1 and 4. */
  @Property(tries = 100)
  void betweenALowAndAHighPlaceTooTheMinimumOfACubicIsTried(
      @ForAll @DoubleRange(min = 2, max = 3.5) @Scale(6) double m,
      @ForAll @DoubleRange(min = 1, max = 3) @Scale(6) double c) {
    List<Float> trials = trials(cubic(m, c), x -> (x - m) * (1 / m + c * x), 1);
    assertEquals(List.of(1f, 4f), trials.subList(0, 2));
    assertEquals(m, trials.get(2), 1e-5 * m);
    assertEquals(3, trials.size());
  }

  /** A minimum in the outer tenths of what is between two places may be an error of rounding. */
  @Property(tries = 50)
  void aMinimumCloseToAnEndIsNotTrustedAndTheMiddleIsTried(
      @ForAll @DoubleRange(min = 0.01, max = 0.095) @Scale(6) double m,
      @ForAll @DoubleRange(min = 0, max = 3) @Scale(6) double c) {
    List<Float> trials = trials(cubic(m, c), x -> (x - m) * (1 / m + c * x), 1);
    assertEquals(List.of(1f, 0.5f), trials.subList(0, 2));
  }

  /**
   * f′ = −(x − 1)(3x − 1), nearly: at 1 there is a maximum, a little below the start. Its slope is
   * small, but the fall is half of what is asked for.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 10, -10})
  void aPlaceThatHasHardlyFallenIsNotTakenHoweverFlatItIs(double start) {
    double fall = 0.5e-4;
    double b = 2 * fall - 1;
    double a = 1 - fall - b;
    List<Float> trials =
        trials(x -> start - x + a * x * x + b * x * x * x, x -> -1 + 2 * a * x + 3 * b * x * x, 1);
    assertEquals(1, trials.get(0));
    assertEquals(1 / 3.0, trials.get(1), 1e-3);
    assertEquals(2, trials.size());
  }

  /** The same maximum, of a function whose values are too large to tell that fall. */
  @Example
  void withinTheRoundingOfTheValueTheSlopeAloneDecides() {
    double b = 2 * 0.5e-4 - 1;
    double a = 1 - 0.5e-4 - b;
    List<Float> trials =
        trials(x -> 1e3 - x + a * x * x + b * x * x * x, x -> -1 + 2 * a * x + 3 * b * x * x, 1);
    assertEquals(List.of(1f), trials);
  }

  /** A parabola with its minimum in 0.4, of which nothing but the value is known beyond 0.6. */
  @Example
  void stepsToWhereThereIsNoGradientAreShortened() {
    Objective blind =
        (theta, gradient) -> {
          gradient[0] = theta[0] > 0.6f ? Float.NaN : 2.5f * theta[0] - 1;
          return theta[0] > 0.6f ? -9 : 1.25 * theta[0] * theta[0] - theta[0];
        };
    float[] theta = new float[1];
    Result result = new Lbfgs(1).minimize(blind, theta, 20, 1e-5);
    assertEquals(Reason.GRADIENT_SMALL, result.reason());
    assertEquals(0.4, theta[0], 1e-5);
  }

  /** Slopes of −1 and 10 beside a kink: nowhere is the slope small. */
  @Property(tries = 30)
  void aSearchWithoutAFlatPlaceEndsAtTheLowestThatItHasMet(
      @ForAll @DoubleRange(min = 0.1, max = 0.9) @Scale(6) double kink) {
    Objective objective =
        (theta, gradient) -> {
          double away = theta[0] - kink;
          gradient[0] = away < 0 ? -1 : 10;
          return away < 0 ? -away : 10 * away;
        };
    Recorder recorder = new Recorder(objective);
    float[] theta = new float[1];
    Result result = new Lbfgs(1).minimize(recorder, theta, 1, 0);
    double lowest = Double.POSITIVE_INFINITY;
    for (float[] place : recorder.places) {
      if (place[0] < kink) {
        lowest = Math.min(lowest, kink - place[0]);
      }
    }
    assertEquals(lowest, result.value());
    assertEquals(lowest, kink - theta[0]);
    assertEquals(1, result.gradientNorm());
    assertEquals(1, result.iterations());
    assertTrue(lowest < 1e-3, () -> "value " + result.value());
  }

  /** A slope that the values belie, from 0, where every length leads elsewhere. */
  @Example
  void aSearchGivesUpAfterFortyPlaces() {
    float[] theta = new float[1];
    Result result =
        new Lbfgs(1)
            .minimize(
                (x, gradient) -> {
                  gradient[0] = -1;
                  return Math.abs(x[0]);
                },
                theta,
                10,
                0);
    assertEquals(new Result(0, 1, 0, 41, Reason.NO_DESCENT), result);
    assertEquals(0, theta[0]);
  }

  @Example
  void aGradientOfJustTheToleranceIsSmall() {
    Objective parabola =
        (theta, gradient) -> {
          gradient[0] = theta[0];
          return theta[0] * theta[0] / 2;
        };
    assertEquals(
        new Result(4.5, 3, 0, 1, Reason.GRADIENT_SMALL),
        new Lbfgs(1).minimize(parabola, new float[] {3}, 5, 3));
    assertEquals(
        new Result(4.5, 3, 0, 1, Reason.ITERATIONS),
        new Lbfgs(1).minimize(parabola, new float[] {3}, 0, Math.nextDown(3.0)));
    assertEquals(
        new Result(0, 0, 0, 1, Reason.GRADIENT_SMALL),
        new Lbfgs(1).minimize(parabola, new float[1], 0, 0));
  }

  @Example
  void aStartWithoutAFiniteValueOrGradientIsRefused() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new Lbfgs(1).minimize((theta, gradient) -> value, new float[1], 1, 0));
    }
    Objective steep =
        (theta, gradient) -> {
          gradient[0] = Float.POSITIVE_INFINITY;
          return 1;
        };
    assertThrows(
        IllegalArgumentException.class, () -> new Lbfgs(1).minimize(steep, new float[1], 1, 0));
  }

  @Example
  void theSmallestSizesAreTaken() {
    Objective parabola =
        (theta, gradient) -> {
          gradient[0] = theta[0] - 1;
          return (theta[0] - 1) * (theta[0] - 1) / 2;
        };
    float[] theta = {9, 7};
    new Lbfgs(2, 1, 1).minimize(parabola, theta, 100, 1e-6);
    assertArrayEquals(new float[] {1, 7}, theta, 1e-5f);
  }
}
