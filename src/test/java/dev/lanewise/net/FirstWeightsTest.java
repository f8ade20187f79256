package dev.lanewise.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What networks begin with. */
final class FirstWeightsTest {

  static List<Initializer> schemes() {
    return List.of(
        new Initializer.He(Initializer.Distribution.NORMAL),
        new Initializer.He(Initializer.Distribution.UNIFORM),
        new Initializer.Orthogonal());
  }

  /** The correlation of 10 000 independent pairs is within five standard errors of 0. */
  @ParameterizedTest
  @MethodSource("schemes")
  void layersOfOneShapeBeginUncorrelated(Initializer scheme) {
    Dense dense = new Dense(100).withInitializer(scheme);
    Network network =
        Network.inputs(100).add(dense).relu().add(dense).loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(0);
    Slot first = network.layout().slot("dense1.weight");
    Slot second = network.layout().slot("dense2.weight");
    double product = 0;
    double squares = 0;
    for (int i = 0; i < first.size(); i++) {
      double a = theta[first.offset() + i];
      double b = theta[second.offset() + i];
      product += a * b;
      squares += (a * a + b * b) / 2;
    }
    assertEquals(0, product / squares, 5 / Math.sqrt(first.size()));
  }

  private static Network biased(Initializer biases) {
    Dense dense = new Dense(10_000).withBiasInitializer(biases);
    return Network.inputs(3).add(dense).relu().dense(2).loss(new Loss.SquaredError());
  }

  /** Mean and variance of 10 000 draws are within five standard errors of what was asked for. */
  @ParameterizedTest
  @EnumSource
  void biasesAreDrawnAsTheirInitializerSays(Initializer.Distribution distribution) {
    Network network = biased(new Initializer.Fixed(0.5, distribution));
    float[] theta = network.initialParameters(4);
    Slot bias = network.layout().slot("dense1.bias");
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (int i = bias.offset(); i < bias.end(); i++) {
      sum += theta[i];
      squares += theta[i] * (double) theta[i];
      largest = Math.max(largest, Math.abs(theta[i]));
    }
    assertEquals(0, sum / bias.size(), 5 * 0.5 / Math.sqrt(bias.size()));
    assertEquals(0.25, squares / bias.size(), 5 * 0.25 * Math.sqrt(2.0 / bias.size()));
    boolean uniform = distribution == Initializer.Distribution.UNIFORM;
    assertEquals(uniform, largest <= 0.5 * Math.sqrt(3));
  }

  @Test
  void theStartOfBiasesChangesNothingElse() {
    Network zeros = biased(new Initializer.Zeros());
    Network drawn = biased(new Initializer.Fixed(1, Initializer.Distribution.NORMAL));
    float[] expected = zeros.initialParameters(4);
    float[] theta = drawn.initialParameters(4);
    Layout layout = zeros.layout();
    assertEquals(layout.slots(), drawn.layout().slots());
    Slot bias = layout.slot("dense1.bias");
    assertArrayEquals(
        new float[bias.size()], Arrays.copyOfRange(expected, bias.offset(), bias.end()));
    System.arraycopy(theta, bias.offset(), expected, bias.offset(), bias.size());
    assertArrayEquals(expected, theta);
  }

  @Test
  void aBiasThatBatchNormMakesRedundantHasNoStart() {
    Dense dense =
        new Dense(4).withBiasInitializer(new Initializer.Fixed(1, Initializer.Distribution.NORMAL));
    Loss loss = new Loss.SquaredError();
    assertArrayEquals(
        Network.inputs(3).dense(4).batchNorm().dense(1).loss(loss).initialParameters(2),
        Network.inputs(3).add(dense).batchNorm().dense(1).loss(loss).initialParameters(2));
  }
}
