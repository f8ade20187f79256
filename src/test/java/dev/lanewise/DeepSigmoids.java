package dev.lanewise;

import dev.lanewise.check.GradientCheck;
import dev.lanewise.check.GradientReport;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;

/**
 * Networks of many layers of sigmoids, whose first layers have so small a share of the gradient
 * that nothing of them shows in a norm over all.
 */
public final class DeepSigmoids {

  private static final int ROWS = 32;
  private static final int INPUTS = 4;

  private DeepSigmoids() {}

  /**
   * {@return the check of a gradient that is right but for the sign of one tensor}
   *
   * @param depth the number of hidden layers
   * @param tensor the name of the tensor
   */
  public static GradientReport withSignOf(int depth, String tensor) {
    Network network = network(depth);
    double[] theta = ReferenceNetwork.widen(network.initialParameters(3));
    ReferenceNetwork.Batch batch =
        ReferenceNetwork.Batch.of(ROWS, normal(1, ROWS * INPUTS), normal(2, ROWS), 0);
    double[] gradient = new ReferenceNetwork(network).gradient(theta, batch);
    Slot wrong = network.layout().slot(tensor);
    for (int i = wrong.offset(); i < wrong.end(); i++) {
      gradient[i] = -gradient[i];
    }
    return GradientCheck.of(network).check(theta, batch, gradient);
  }

  private static Network network(int depth) {
    Network.Builder layers = Network.inputs(INPUTS);
    for (int layer = 0; layer < depth; layer++) {
      layers = layers.dense(6).activation(Activation.Function.SIGMOID);
    }
    return layers.dense(1).loss(new Loss.SquaredError());
  }

  private static float[] normal(long key, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) CounterRandom.normal(key, i);
    }
    return numbers;
  }
}
