package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** How many steps are tried before one is taken, in passes: one at the place and four a step. */
final class StepLengthTest {

  private static int passes(ToDoubleFunction<double[]> cost, double at) {
    int[] passes = {0};
    ObjectiveCheck.of(
            theta -> {
              passes[0]++;
              return cost.applyAsDouble(theta);
            })
        .check(new double[] {at}, new double[] {1});
    return passes[0];
  }

  @Test
  void theStepGoesWithTheComponentsSize() {
    for (GradientCheck.Difference rule : GradientCheck.Difference.values()) {
      for (double at : new double[] {0.5, -1000}) {
        double[] furthest = {0};
        ObjectiveCheck.of(
                theta -> {
                  furthest[0] = Math.max(furthest[0], Math.abs(theta[0] - at));
                  return theta[0];
                })
            .withDifference(rule)
            .withStep(1e-3)
            .check(new double[] {at}, new double[] {1});
        double h = 1e-3 * Math.max(1, Math.abs(at));
        assertEquals(
            rule == GradientCheck.Difference.FOUR_POINT ? 2 * h : h,
            furthest[0],
            1e-12,
            rule::toString);
      }
    }
  }

  /** Beside 1024 a step of 1e-6 leaves a slope of 1 with an error of 2e-7. */
  @Test
  void whereRoundingWouldDrownItNoShorterStepIsTried() {
    assertEquals(1 + 4, passes(theta -> 1024 + Math.abs(theta[0]), 4e-6));
  }
}
