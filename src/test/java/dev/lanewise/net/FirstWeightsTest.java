package dev.lanewise.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.tensor.Slot;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
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
}
