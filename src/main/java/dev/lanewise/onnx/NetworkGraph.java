package dev.lanewise.onnx;

import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.onnx.Graph.Attributes;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;

/**
 * The layers of a network as nodes of a graph, in the form of inference. Behind members a value is
 * {@code [members][rows][columns]}, else {@code [rows][columns]}.
 *
 * <p>Dense layers and what multiplies and shifts columns, as batch norm and scaling, are held back
 * and joined in {@code double} until a layer comes that needs the numbers.
 */
final class NetworkGraph {

  private final Graph graph;
  private final Layout layout;
  private final float[] theta;
  private String value;
  private boolean stacked;

  /** What columns are still to be multiplied by and shifted by; null for nothing. */
  private double[] factor;

  private double[] shift;

  /** The weights {@code [in][out]} of a dense layer behind that, still to come; null for none. */
  private double[] weight;

  private double[] bias;

  private NetworkGraph(Graph graph, Layout layout, float[] theta, String rows) {
    this.graph = graph;
    this.layout = layout;
    this.theta = theta;
    value = rows;
  }

  /**
   * {@return the name of the scores, {@code [members][rows][outputs]} of a network with members,
   * else {@code [rows][outputs]}}
   *
   * @param theta the parameters
   * @param rows the name of the encoded rows
   */
  static String scores(Graph graph, Network network, float[] theta, String rows) {
    NetworkGraph layers = new NetworkGraph(graph, network.layout(), theta, rows);
    for (Network.Node node : network.nodes()) {
      layers.add(node);
    }
    return layers.ready();
  }

  private void add(Network.Node node) {
    switch (node.layer()) {
      case Dense dense -> dense(node);
      case BatchNorm norm -> batchNorm(node, norm);
      case LayerNorm norm -> layerNorm(node, norm);
      case Scaling scaling -> affine(doubles(node, Slot.Role.SCALE), new double[node.outputs()]);
      case Dropout dropout -> {
        if (dropout.inferenceScale() != 1) {
          double[] scale = new double[node.outputs()];
          Arrays.fill(scale, dropout.inferenceScale());
          affine(scale, new double[scale.length]);
        }
      }
      case Activation activation -> value = ActivationGraph.of(graph, activation, ready());
      case Blend blend -> blend(node, blend);
      case Members members -> members(node, members);
      case Embedding embedding ->
          value = new EmbeddingGraph(graph, node, layout, theta).of(embedding, ready());
    }
  }

  private double[] doubles(Network.Node node, Slot.Role role) {
    return doubles(node.slot(layout, role));
  }

  private double[] doubles(Slot slot) {
    double[] numbers = new double[slot.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = theta[slot.offset() + i];
    }
    return numbers;
  }

  private String vector(Network.Node node, Slot.Role role) {
    return floats(doubles(node, role), node.outputs());
  }

  private String floats(double[] numbers, int... shape) {
    float[] rounded = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      rounded[i] = (float) numbers[i];
    }
    return graph.floats(rounded, shape);
  }

  private void batchNorm(Network.Node node, BatchNorm norm) {
    double[] scale = doubles(node, Slot.Role.SCALE);
    double[] offset = doubles(node, Slot.Role.SHIFT);
    double[] mean = doubles(node, Slot.Role.MEAN);
    double[] variance = doubles(node, Slot.Role.VARIANCE);
    for (int j = 0; j < scale.length; j++) {
      scale[j] /= Math.sqrt(variance[j] + norm.epsilon());
      offset[j] -= mean[j] * scale[j];
    }
    affine(scale, offset);
  }

  /** Multiplies columns and shifts them, in a dense layer that waits or on their own. */
  private void affine(double[] by, double[] offset) {
    if (weight != null) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] *= by[i % by.length];
      }
      multiplyAdd(bias, by, offset);
    } else if (factor != null) {
      for (int j = 0; j < by.length; j++) {
        factor[j] *= by[j];
      }
      multiplyAdd(shift, by, offset);
    } else {
      factor = by;
      shift = offset;
    }
  }

  private static void multiplyAdd(double[] numbers, double[] by, double[] offset) {
    for (int j = 0; j < numbers.length; j++) {
      numbers[j] = numbers[j] * by[j] + offset[j];
    }
  }

  private void dense(Network.Node node) {
    if (weight != null) {
      value = ready();
    }
    int in = node.inputs();
    int out = node.outputs();
    int heads = node.heads();
    double[] w = doubles(node, Slot.Role.WEIGHT);
    double[] b = node.biased() ? doubles(node, Slot.Role.BIAS) : new double[heads * out];
    if (factor != null) {
      for (int i = 0; i < w.length; i++) {
        int row = i / out;
        b[row / in * out + i % out] += shift[row % in] * w[i];
        w[i] *= factor[row % in];
      }
      factor = null;
      shift = null;
    }
    if (heads > 1) {
      String products = graph.node("MatMul", value, floats(w, heads, in, out));
      value = graph.node("Add", products, floats(b, heads, 1, out));
    } else {
      weight = w;
      bias = b;
    }
  }

  /** {@return the value, with all that was held back} */
  private String ready() {
    if (weight != null) {
      int out = bias.length;
      String w = floats(weight, weight.length / out, out);
      String b = floats(bias, out);
      value =
          stacked
              ? graph.node("Add", graph.node("MatMul", value, w), b)
              : graph.node("Gemm", value, w, b);
      weight = null;
      bias = null;
    } else if (factor != null) {
      value = graph.node("Mul", value, floats(factor, factor.length));
      value = graph.node("Add", value, floats(shift, shift.length));
      factor = null;
      shift = null;
    }
    return value;
  }

  /**
   * In single steps: the operator takes the mean of squares, which loses a spread beside a mean.
   */
  private void layerNorm(Network.Node node, LayerNorm norm) {
    Attributes lastAxis = Attributes.none().with("axes", new long[] {-1}).with("keepdims", 1);
    String x = ready();
    String distance = graph.node("Sub", x, graph.node("ReduceMean", lastAxis, x));
    String variance = graph.node("ReduceMean", lastAxis, graph.node("Mul", distance, distance));
    String epsilon = graph.floats(new float[] {(float) norm.epsilon()}, 1);
    String deviation = graph.node("Sqrt", graph.node("Add", variance, epsilon));
    String scaled =
        graph.node("Mul", graph.node("Div", distance, deviation), vector(node, Slot.Role.SCALE));
    value = graph.node("Add", scaled, vector(node, Slot.Role.SHIFT));
  }

  private void blend(Network.Node node, Blend blend) {
    String x = ready();
    String difference = graph.node("Sub", ActivationGraph.of(graph, blend.activation(), x), x);
    String share = graph.node("Mul", difference, vector(node, Slot.Role.SCALE));
    value = graph.node("Add", x, share);
  }

  private void members(Network.Node node, Members members) {
    double[] factors = doubles(layout.slot(node.name("factor")));
    String x = ready();
    value = graph.node("Mul", x, floats(factors, members.count(), 1, node.inputs()));
    stacked = true;
  }
}
