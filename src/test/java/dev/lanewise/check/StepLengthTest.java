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

  /** Beside 1024 a step of 1e-6 leaves a slope of 1 with an error of 2e-7. */
  @Test
  void whereRoundingWouldDrownItNoShorterStepIsTried() {
    assertEquals(1 + 4, passes(theta -> 1024 + Math.abs(theta[0]), 4e-6));
  }
}
