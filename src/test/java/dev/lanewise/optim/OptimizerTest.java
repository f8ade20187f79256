package dev.lanewise.optim;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Power;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.update.Updater;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * Two steps of each optimiser from θ = (1, 1) with gradients (2, −1) and (4, 0), worked by hand.
 */
class OptimizerTest {

  private static void assertSteps(Optimizer optimizer, double... expected) {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(optimizer, network, Engine.standard());
    float[] theta = {1, 1};
    updater.update(theta, new float[] {2, -1}, 0);
    assertArrayEquals(new double[] {expected[0], expected[1]}, widen(theta), 1e-6);
    updater.update(theta, new float[] {4, 0}, 0);
    assertArrayEquals(new double[] {expected[2], expected[3]}, widen(theta), 1e-6);
  }

  private static double[] widen(float[] values) {
    return new double[] {values[0], values[1]};
  }

  @Test
  void gradientDescentFollowsTheGradient() {
    assertSteps(Optimizer.sgd(0.1), 0.8, 1.1, 0.4, 1.1);
  }

  @Test
  void momentumAddsUpTheGradients() {
    // v = (2, −1), then (1 + 4, −0.5).
    assertSteps(
        Optimizer.momentum(0.1, 0.5, MomentumForm.CLASSIC), 0.8, 1.1, 0.8 - 0.5, 1.1 + 0.05);
  }

  @Test
  void averagingMomentumTakesAShareOfTheGradient() {
    // v = (0.5, −0.25), then (0.375 + 1, −0.1875).
    assertSteps(
        Optimizer.momentum(0.1, 0.75, MomentumForm.EWMA),
        0.95,
        1.025,
        0.95 - 0.1375,
        1.025 + 0.01875);
  }

  @Test
  void nesterovLooksAhead() {
    // v = (2, −1), u = (3, −1.5); then v = (5, −0.5), u = (4 + 2.5, −0.25).
    assertSteps(Optimizer.nesterov(0.1, 0.5), 0.7, 1.15, 0.7 - 0.65, 1.15 + 0.025);
  }

  @Test
  void rmspropDividesByTheRootMeanSquare() {
    // s = (0.4, 0.1), then (0.36 + 1.6, 0.09).
    assertSteps(
        Optimizer.rmsprop(0.1),
        1 - 0.2 / Math.sqrt(0.4),
        1 + 0.1 / Math.sqrt(0.1),
        1 - 0.2 / Math.sqrt(0.4) - 0.4 / 1.4,
        1 + 0.1 / Math.sqrt(0.1));
  }

  @Test
  void epsilonInsideTheRootIsAddedToTheMeanSquare() {
    // s = (2, 0.5), then (1 + 8, 0.25).
    assertSteps(
        Optimizer.sgd(0.1).then(new Transform.Rms(0.5, 2, EpsilonPlace.INSIDE_ROOT)),
        1 - 0.2 / 2,
        1 + 0.1 / Math.sqrt(2.5),
        0.9 - 0.4 / Math.sqrt(11),
        1 + 0.1 / Math.sqrt(2.5));
  }

  @Test
  void adamCorrectsBothAverages() {
    // m̂ = (2, −1), ŝ = (4, 1); then m = (0.18 + 0.4, −0.09), s = (0.003996 + 0.016, 0.000999).
    double second = 0.58 / 0.19 / Math.sqrt(0.019996 / 0.001999);
    double small = 0.09 / 0.19 / Math.sqrt(0.000999 / 0.001999);
    assertSteps(Optimizer.adam(0.1), 0.9, 1.1, 0.9 - 0.1 * second, 1.1 + 0.1 * small);
  }

  @Test
  void adamWDecaysWeightsBesideTheStep() {
    // The first element is the weight, the second the bias.
    double second = 0.58 / 0.19 / Math.sqrt(0.019996 / 0.001999);
    double small = 0.09 / 0.19 / Math.sqrt(0.000999 / 0.001999);
    double first = 0.9 - 0.1 * 0.5;
    assertSteps(
        Optimizer.adamW(0.1, 0.5),
        first,
        1.1,
        first - 0.1 * second - 0.05 * first,
        1.1 + 0.1 * small);
  }

  @Test
  void rmspropWithMomentumAddsUpItsSteps() {
    // s as above; v = (2/√0.4, −1/√0.1), then v = v/2 + (4/1.4, 0).
    double first = 2 / Math.sqrt(0.4);
    double small = 1 / Math.sqrt(0.1);
    assertSteps(
        Optimizer.rmsprop(0.1, 0.5),
        1 - 0.1 * first,
        1 + 0.1 * small,
        1 - 0.1 * first - 0.1 * (first / 2 + 4 / 1.4),
        1 + 0.1 * small + 0.1 * small / 2);
  }

  @Test
  void amsgradDividesByTheLargestMeanSquareBeforeItsCorrection() {
    // β₁ = β₂ = 0.5: m = (1, −0.5), s = (2, 0.5), corrected by 2: u = (2/√4, −1/√1).
    // Then m = (2.5, −0.25), s = (9, 0.25), largest (9, 0.5), corrected by 4/3.
    assertSteps(
        Optimizer.sgd(0.1).then(new Transform.AmsGrad(0.5, 0.5, 1e-8, EpsilonPlace.OUTSIDE_ROOT)),
        0.9,
        1.1,
        0.9 - 0.1 * (2.5 * 4 / 3) / Math.sqrt(12),
        1.1 + 0.1 * (0.25 * 4 / 3) / Math.sqrt(2 / 3.0));
  }

  @Test
  void nadamAddsTheNewGradientOnceMore() {
    // β₁ = β₂ = 0.5: m = (1, −0.5), s = (2, 0.5), ŝ = (4, 1);
    // m̄ = 0.5·m/(1 − 0.25) + 0.5·g/(1 − 0.5) = (2/3 + 2, −1/3 − 1).
    // Then m = (2.5, −0.25), s = (9, 0.25), ŝ = (12, 1/3);
    // m̄ = 0.5·m/(1 − 0.125) + 0.5·g/(1 − 0.25) = (1.25/0.875 + 8/3, −0.125/0.875).
    double first = 1 - 0.1 * (8 / 3.0) / 2;
    double small = 1 + 0.1 * (4 / 3.0);
    assertSteps(
        Optimizer.sgd(0.1).then(new Transform.NAdam(0.5, 0.5, 1e-8, EpsilonPlace.OUTSIDE_ROOT)),
        first,
        small,
        first - 0.1 * (1.25 / 0.875 + 8 / 3.0) / Math.sqrt(12),
        small + 0.1 * (0.125 / 0.875) / Math.sqrt(1 / 3.0));
  }

  @Test
  void adagradDividesByTheRootOfAllSquares() {
    // s = (4, 1), u = (1, −1); then s = (20, 1), u = (4/√20, 0).
    assertSteps(Optimizer.adagrad(0.1), 0.9, 1.1, 0.9 - 0.4 / Math.sqrt(20), 1.1);
  }

  @Test
  void lionTakesTheSignOfAnAverageAndDecaysWeightsBesideIt() {
    // u = sign(0.1·g) = (1, −1), m = 0.01·g = (0.02, −0.01);
    // then u = sign(0.9·m + 0.1·g) = (1, −1): the second gradient is 0, its sign comes from m.
    double first = 1 - 0.1 * (1 + 0.5);
    assertSteps(Optimizer.lion(0.1, 0.5), first, 1.1, first - 0.1 * (1 + 0.5 * first), 1.2);
  }

  @Test
  void lionStaysWhereGradientAndMeanAreZero() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    float[] theta = {1, 1};
    Updater.compile(Optimizer.lion(0.1, 0), network, Engine.standard())
        .update(theta, new float[] {0, -0f}, 0);
    assertArrayEquals(new float[] {1, 1}, theta);
  }

  /** One step against a mean, in which the two shares of Lion differ. */
  @Test
  void lionKeepsItsMeanWithTheSecondConstant() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(Optimizer.lion(0.1, 0), network, Engine.standard());
    updater.update(new float[2], new float[] {2, -1}, 0);
    updater.update(new float[2], new float[] {4, 0}, 0);
    // m = 0.99·0.01·(2, −1) + 0.01·(4, 0).
    float[] mean = updater.state().moments().get("link1.mean");
    assertArrayEquals(new double[] {0.0598, -0.0099}, widen(mean), 1e-8);
  }

  @Test
  void valuesAreClippedBeforeTheOtherLinks() {
    assertSteps(
        Optimizer.momentum(0.1, 0.5, MomentumForm.CLASSIC).withClipValue(1),
        0.9,
        1.1,
        0.9 - 0.15,
        1.1 + 0.05);
  }

  @Test
  void clippingByNormStaysFirst() {
    Transform norm = new Transform.ClipByGlobalNorm(2);
    Transform value = new Transform.ClipByValue(1);
    List<Transform> expected = List.of(norm, value, new Transform.Adam());
    assertEquals(expected, Optimizer.adam(1).withClipNorm(2).withClipValue(1).transforms());
    assertEquals(expected, Optimizer.adam(1).withClipValue(1).withClipNorm(2).transforms());
    assertThrows(IllegalArgumentException.class, () -> Optimizer.adam(1).then(norm));
  }

  @Test
  void constantsOutsideTheirRangeAreRefusedByName() {
    assertRefused("rate: NaN; expected a finite number above 0", () -> Optimizer.adam(Double.NaN));
    assertRefused("rate: 1.0E-60; expected a finite number above 0", () -> Optimizer.adam(1e-60));
    assertRefused("beta: 1.0; expected a number in [0, 1)", () -> Optimizer.nesterov(1, 1));
    assertRefused(
        "epsilon: 0.0; expected a finite number above 0",
        () -> new Transform.Adam(0.9, 0.999, 0, EpsilonPlace.OUTSIDE_ROOT));
    assertRefused(
        "beta2: 1.0; expected a number in [0, 1)",
        () -> new Transform.AmsGrad(0.9, 1, 1e-8, EpsilonPlace.OUTSIDE_ROOT));
    assertRefused(
        "epsilon: -1.0; expected a finite number above 0",
        () -> new Transform.NAdam(0.9, 0.999, -1, EpsilonPlace.OUTSIDE_ROOT));
    assertRefused(
        "epsilon: 0.0; expected a finite number above 0",
        () -> new Transform.Adagrad(0, EpsilonPlace.OUTSIDE_ROOT));
    assertRefused(
        "beta1: NaN; expected a number in [0, 1)", () -> new Transform.Lion(Double.NaN, 0.99));
    assertRefused("lambda: -1.0; expected a finite number >= 0", () -> Optimizer.adamW(1, -1));
    assertRefused(
        "maximum: 0.0; expected a finite number above 0", () -> Optimizer.adam(1).withClipNorm(0));
  }

  @Property
  void powersAgreeWithThoseOfTheJdk(
      @ForAll @DoubleRange(min = 0, max = 1) double base,
      @ForAll @LongRange(min = 0, max = 100_000) long n) {
    double expected = StrictMath.pow(base, n);
    assertEquals(expected, Power.of(base, n), expected * n * 0x1p-52 + Double.MIN_NORMAL);
  }
}
