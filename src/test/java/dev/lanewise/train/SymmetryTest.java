package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Units of one layer that begin alike stay alike, which is why starts are random. */
@Tag("kernels")
class SymmetryTest {

  private static final Engine ENGINE = Engine.standard();

  private static Network network(int units, Activation.Function function) {
    return Network.inputs(2)
        .add(new Dense(units).withInitializer(new Initializer.Zeros()))
        .activation(function)
        .add(new Dense(units + 3).withInitializer(new Initializer.Zeros()))
        .activation(function)
        .add(new Dense(3).withInitializer(new Initializer.Zeros()))
        .loss(new Loss.SoftmaxCrossEntropy());
  }

  private static float[] trained(Network network, float[] initial) {
    Recipe recipe = Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(16).withEpochs(5);
    Training training =
        Training.start(recipe, TrainingData.of(Samples.classes(70, 1)), initial, ENGINE);
    training.forEach(epoch -> {});
    return training.parameters();
  }

  /** Whether all units of the hidden layers have the same weights in and out and the same bias. */
  private static boolean alike(Network network, float[] theta) {
    Layout layout = network.layout();
    boolean alike = true;
    for (int layer = 1; layer <= 2; layer++) {
      Slot in = layout.slot("dense" + layer + ".weight");
      Slot bias = layout.slot("dense" + layer + ".bias");
      Slot out = layout.slot("dense" + (layer + 1) + ".weight");
      for (int unit = 1; unit < in.columns(); unit++) {
        alike &= same(theta[bias.offset() + unit], theta[bias.offset()]);
        for (int k = 0; k < in.rows(); k++) {
          int row = in.offset() + k * in.columns();
          alike &= same(theta[row + unit], theta[row]);
        }
        for (int c = 0; c < out.columns(); c++) {
          alike &= same(theta[out.offset() + unit * out.columns() + c], theta[out.offset() + c]);
        }
      }
    }
    return alike;
  }

  private static boolean same(float one, float other) {
    return Float.floatToIntBits(one) == Float.floatToIntBits(other);
  }

  @Property(tries = 20)
  void unitsThatBeginAlikeStayAlikeForEver(
      @ForAll @IntRange(min = 2, max = 40) int units,
      @ForAll Activation.Function function,
      @ForAll boolean zeros) {
    Network network = network(units, function);
    float[] initial = new float[network.layout().size()];
    for (Slot slot : network.layout().slots()) {
      if (!zeros && slot.role() == Slot.Role.WEIGHT) {
        Arrays.fill(initial, slot.offset(), slot.end(), 0.1f + 0.01f * slot.columns());
      }
    }
    float[] theta = trained(network, initial);
    assertEquals(true, alike(network, theta));
    assertFalse(Arrays.equals(initial, theta), "it has trained");
  }

  @Example
  void networkOfZerosPredictsTheSameForEveryRow() {
    for (Activation.Function function :
        new Activation.Function[] {Activation.Function.RELU, Activation.Function.TANH}) {
      Network network = network(8, function);
      float[] theta = trained(network, new float[network.layout().size()]);
      float[] out = new float[30];
      Model.of(network, theta, ENGINE)
          .predictor()
          .predict(Samples.classes(10, 3).features(), 10, out);
      for (int i = 0; i < 30; i++) {
        assertEquals(out[i % 3], out[i], function.toString());
      }
      for (int layer = 1; layer <= 3; layer++) {
        Slot weight = network.layout().slot("dense" + layer + ".weight");
        assertArrayEquals(
            new float[weight.size()], Arrays.copyOfRange(theta, weight.offset(), weight.end()));
      }
    }
  }

  @Example
  void randomStartBreaksTheSymmetry() {
    Network network = network(8, Activation.Function.TANH);
    float[] initial = new float[network.layout().size()];
    Initializer he = new Initializer.He(Initializer.Distribution.NORMAL);
    he.fill(initial, network.layout().slot("dense1.weight"), 1);
    he.fill(initial, network.layout().slot("dense3.weight"), 1);
    assertFalse(alike(network, trained(network, initial)));
  }
}
