package dev.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.net.Activation;
import dev.lanewise.net.Activation.Function;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NonlinearityTest {

  /** E f(z) of a standard normal z, by Simpson's rule on either side of 0. */
  private static double expected(DoubleUnaryOperator f) {
    return half(z -> f.applyAsDouble(z)) + half(z -> f.applyAsDouble(-z));
  }

  private static double half(DoubleUnaryOperator f) {
    int panels = 20_000;
    double width = 12.0 / panels;
    double sum = 0;
    for (int i = 0; i <= panels; i++) {
      // Beside 0 itself, where a slope may jump.
      double z = i == 0 ? Double.MIN_VALUE : i * width;
      int factor = i == 0 || i == panels ? 1 : i % 2 == 0 ? 2 : 4;
      sum += factor * f.applyAsDouble(z) * Gaussian.density(z);
    }
    return sum * width / 3;
  }

  /** This determines λ and α (Klambauer et al. 2017). */
  @Test
  void seluKeepsMeanZeroAndVarianceOne() {
    Nonlinearity selu = new Nonlinearity(Activation.of(Function.SELU));
    assertEquals(0, expected(selu::value), 1e-14);
    assertEquals(1, expected(z -> selu.value(z) * selu.value(z)), 1e-14);
  }

  /** Stein's lemma, E z·f(z) = E f′(z), for what is continuous. */
  @ParameterizedTest
  @EnumSource
  void aDerivativeBelongsToItsFunction(Function function) {
    Nonlinearity f = new Nonlinearity(Activation.of(function));
    assertEquals(expected(z -> z * f.value(z)), expected(f::derivative), 1e-13);
    assertEquals(
        expected(z -> (z * z - 1) * f.value(z)), expected(z -> z * f.derivative(z)), 1e-13);
  }
}
