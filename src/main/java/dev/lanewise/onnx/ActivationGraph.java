package dev.lanewise.onnx;

import dev.lanewise.net.Activation;
import dev.lanewise.onnx.Graph.Attributes;

/** Activation functions as nodes of a graph, by their definitions where there is no operator. */
final class ActivationGraph {

  private static final float ROOT_HALF = 0.70710678f;

  /** √(2/π), in the tanh form of GELU. */
  private static final float ROOT_2_PI = 0.79788456f;

  private static final float CUBE = 0.044715f;

  private ActivationGraph() {}

  /** {@return the name of the function's values at z} */
  static String of(Graph graph, Activation activation, String z) {
    Attributes alpha = Attributes.none().with("alpha", activation.parameter());
    return switch (activation.function()) {
      case IDENTITY -> z;
      case SIGMOID -> graph.node("Sigmoid", z);
      case TANH -> graph.node("Tanh", z);
      case RELU -> graph.node("Relu", z);
      case LEAKY_RELU -> graph.node("LeakyRelu", alpha, z);
      case ELU -> graph.node("Elu", alpha, z);
      case SELU -> graph.node("Selu", z);
      case GELU -> {
        String erf = graph.node("Erf", times(graph, z, ROOT_HALF));
        yield graph.node("Mul", times(graph, z, 0.5f), plusOne(graph, erf));
      }
      case TANH_GELU -> {
        String square = graph.node("Mul", z, z);
        String factor = plusOne(graph, times(graph, square, CUBE));
        String argument = graph.node("Mul", times(graph, z, ROOT_2_PI), factor);
        String tanh = graph.node("Tanh", argument);
        yield graph.node("Mul", times(graph, z, 0.5f), plusOne(graph, tanh));
      }
      case SILU -> graph.node("Mul", z, graph.node("Sigmoid", z));
      case MISH -> graph.node("Mul", z, graph.node("Tanh", graph.node("Softplus", z)));
      case SOFTPLUS -> graph.node("Softplus", z);
    };
  }

  private static String times(Graph graph, String value, float factor) {
    return graph.node("Mul", value, graph.floats(new float[] {factor}, 1));
  }

  private static String plusOne(Graph graph, String value) {
    return graph.node("Add", value, graph.floats(new float[] {1}, 1));
  }
}
