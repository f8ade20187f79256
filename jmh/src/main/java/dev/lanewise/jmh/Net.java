package dev.lanewise.jmh;

import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A feed-forward net that every library builds alike, from the same weights: dense layers with ReLU
 * between them, each hidden one with batch norm and dropout if the net has them.
 *
 * @param sizes the columns of the inputs, of each hidden layer and of the scores
 * @param norm whether hidden layers are normalised over the batch
 * @param drop the probability of dropping a hidden unit
 */
record Net(List<Integer> sizes, boolean norm, double drop) {

  private static final long SEED = 1;

  /**
   * A dense layer's first weights.
   *
   * @param weight {@code [in][out]}
   * @param bias {@code [out]}, or null where batch norm makes it redundant
   */
  record Dense(int in, int out, float[] weight, float[] bias) {

    /** {@return the weights as {@code [out][in]}, which is how most libraries hold them} */
    float[] transposed() {
      float[] transposed = new float[weight.length];
      for (int i = 0; i < weight.length; i++) {
        transposed[i % out * in + i / out] = weight[i];
      }
      return transposed;
    }
  }

  /**
   * {@return a plain net}
   *
   * @param sizes the sizes, as {@code 784-512-256-10}
   */
  static Net of(String sizes) {
    return new Net(Stream.of(sizes.split("-")).map(Integer::valueOf).toList(), false, 0);
  }

  /** {@return this net with batch norm and dropout} */
  Net normalizedAndDropping(double probability) {
    return new Net(sizes, true, probability);
  }

  /** {@return this net without dropout, whose losses are the same in every library} */
  Net withoutDropout() {
    return new Net(sizes, norm, 0);
  }

  /** {@return the columns of a row} */
  int inputs() {
    return sizes.getFirst();
  }

  /** {@return the scores of a row} */
  int outputs() {
    return sizes.getLast();
  }

  /** {@return our description} */
  Network network() {
    Network.Builder layers = Network.inputs(inputs());
    for (int units : sizes.subList(1, sizes.size() - 1)) {
      layers.dense(units);
      if (norm) {
        layers.batchNorm();
      }
      layers.relu();
      if (drop > 0) {
        layers.dropout(drop);
      }
    }
    return layers
        .dense(outputs())
        .loss(outputs() == 1 ? new Loss.SigmoidCrossEntropy() : new Loss.SoftmaxCrossEntropy());
  }

  /** {@return the first parameters, in the order of our layout; no bias is 0} */
  float[] parameters() {
    Network network = network();
    float[] parameters = network.initialParameters(SEED);
    Random random = new Random(SEED);
    for (Slot slot : network.layout().slots()) {
      if (slot.role() == Slot.Role.BIAS) {
        for (int i = slot.offset(); i < slot.end(); i++) {
          parameters[i] = random.nextFloat() - 0.5f;
        }
      }
    }
    return parameters;
  }

  /** {@return the dense layers with their first weights} */
  List<Dense> layers() {
    Layout layout = network().layout();
    float[] parameters = parameters();
    List<Dense> layers = new ArrayList<>();
    for (int n = 1; n < sizes.size(); n++) {
      String bias = "dense" + n + ".bias";
      layers.add(
          new Dense(
              sizes.get(n - 1),
              sizes.get(n),
              values(parameters, layout.slot("dense" + n + ".weight")),
              layout.contains(bias) ? values(parameters, layout.slot(bias)) : null));
    }
    return layers;
  }

  private static float[] values(float[] parameters, Slot slot) {
    return Arrays.copyOfRange(parameters, slot.offset(), slot.end());
  }

  /** {@return standard normal rows {@code [count][inputs]}, the same at every call} */
  float[] rows(int count) {
    Random random = new Random(SEED);
    float[] rows = new float[count * inputs()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    return rows;
  }

  /** {@return a class for each row, the same at every call} */
  int[] classes(int count) {
    return new Random(SEED).ints(count, 0, outputs()).toArray();
  }

  /** {@return the classes as {@code [count][outputs]}, one 1 in each row} */
  float[] oneHot(int count) {
    int[] classes = classes(count);
    float[] targets = new float[count * outputs()];
    for (int row = 0; row < count; row++) {
      targets[row * outputs() + classes[row]] = 1;
    }
    return targets;
  }

  /** {@return the scores of a plain net by the formula, in double precision} */
  double[] expectedScores(float[] rows, int count) {
    double[] values = new double[count * inputs()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i];
    }
    List<Dense> layers = layers();
    for (Dense layer : layers) {
      double[] next = new double[count * layer.out()];
      for (int i = 0; i < next.length; i++) {
        int row = i / layer.out();
        int unit = i % layer.out();
        double sum = layer.bias()[unit];
        for (int k = 0; k < layer.in(); k++) {
          sum += values[row * layer.in() + k] * layer.weight()[k * layer.out() + unit];
        }
        next[i] = layer == layers.getLast() ? sum : Math.max(0, sum);
      }
      values = next;
    }
    return values;
  }
}
