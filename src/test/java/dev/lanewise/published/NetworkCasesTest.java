package dev.lanewise.published;

import static dev.lanewise.CourseCase.linspace;
import static dev.lanewise.CourseCase.matrix;
import static dev.lanewise.CourseCase.scalar;
import static dev.lanewise.CourseCase.transpose;
import static dev.lanewise.published.Matrices.assertNear;
import static dev.lanewise.published.Matrices.identity;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Batch;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published cases of whole networks, run by the float engine. One course has examples in
 * columns and W as {@code [out][in]}; its matrices are transposed here. The other's penalty is
 * {@code reg/2·Σw²}.
 */
@Tag("shared")
class NetworkCasesTest {

  /** A share of a tensor's largest magnitude: some sixteen roundings of a float. */
  private static final double TOLERANCE = 1e-6;

  @Test
  void scoresOfTwoLayers() {
    CourseCase c = CourseCase.read("cs231n-two-layer-net");
    assertNear(
        TOLERANCE, c.expected("scores"), twoLayers(0).scores(c.input("X")), "two layers scores");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void costOfTwoLayers(int lambda) {
    CourseCase c = CourseCase.read("cs231n-two-layer-net");
    double cost = twoLayers(lambda).cost(Replica.batch(c.input("X"), transpose(c.input("y"))));
    String name = "loss_reg" + lambda;
    assertNear(TOLERANCE, scalar(c.expected(name)), cost, "two layers " + name);
  }

  @Test
  void gradientOfTwoLayersWithPenalty() {
    CourseCase c = CourseCase.read("cs231n-two-layer-net");
    Replica replica = twoLayers(1);
    replica.loss(Replica.batch(c.input("X"), transpose(c.input("y"))));
    for (int n = 1; n <= 2; n++) {
      assertGradient(c.expected("dW" + n + "_reg1"), replica, "dense" + n + ".weight");
      assertGradient(c.expected("db" + n), replica, "dense" + n + ".bias");
    }
  }

  private static Replica twoLayers(double lambda) {
    Network network =
        Network.inputs(5)
            .add(new Dense(50).with(Penalty.l2(lambda)))
            .relu()
            .add(new Dense(7).with(Penalty.l2(lambda)))
            .loss(new Loss.SoftmaxCrossEntropy());
    return new Replica(network, 3)
        .put("dense1.weight", matrix(linspace(-0.7, 0.3, 250), 50))
        .put("dense1.bias", linspace(-0.1, 0.9, 50))
        .put("dense2.weight", matrix(linspace(-0.3, 0.4, 350), 7))
        .put("dense2.bias", linspace(-0.9, 0.1, 7));
  }

  private static void assertGradient(double[][] expected, Replica replica, String tensor) {
    assertNear(TOLERANCE, expected, replica.gradient(tensor), "gradient of " + tensor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3.14"})
  void costAndGradientOfThreeLayers(String lambda) {
    CourseCase c = CourseCase.read("cs231n-fcnet-reg" + lambda);
    Penalty penalty = Penalty.l2(Double.parseDouble(lambda));
    Network network =
        Network.inputs(15)
            .add(new Dense(20).with(penalty))
            .relu()
            .add(new Dense(30).with(penalty))
            .relu()
            .add(new Dense(10).with(penalty))
            .loss(new Loss.SoftmaxCrossEntropy());
    Replica replica = threeLayers(c, network);
    for (int n = 1; n <= 3; n++) {
      assertGradient(c.expected("dW" + n), replica, "dense" + n + ".weight");
      assertGradient(c.expected("db" + n), replica, "dense" + n + ".bias");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3.14"})
  void costAndGradientOfThreeLayersWithBatchNorm(String lambda) {
    CourseCase c = CourseCase.read("cs231n-fcnet-bn-reg" + lambda);
    Penalty penalty = Penalty.l2(Double.parseDouble(lambda));
    BatchNorm norm = new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED);
    Network network =
        Network.inputs(15)
            .add(new Dense(20).with(penalty))
            .add(norm)
            .relu()
            .add(new Dense(30).with(penalty))
            .add(norm)
            .relu()
            .add(new Dense(10).with(penalty))
            .loss(new Loss.SoftmaxCrossEntropy());
    Replica replica = threeLayers(c, network);
    for (int n = 1; n <= 3; n++) {
      assertGradient(c.expected("dW" + n), replica, "dense" + n + ".weight");
    }
    for (int n = 1; n <= 2; n++) {
      assertGradient(c.expected("dgamma" + n), replica, "norm" + n + ".scale");
      assertGradient(c.expected("dbeta" + n), replica, "norm" + n + ".shift");
    }
    assertGradient(c.expected("db3"), replica, "dense3.bias");
  }

  /** Checks the cost under the case's weights; returns the network with its gradient taken. */
  private static Replica threeLayers(CourseCase c, Network network) {
    double[][] x = c.input("X");
    Replica replica = new Replica(network, x.length);
    for (int n = 1; n <= 3; n++) {
      replica.put("dense" + n + ".weight", c.input("W" + n));
    }
    double cost = replica.cost(Replica.batch(x, transpose(c.input("y"))));
    assertNear(TOLERANCE, scalar(c.published("loss")), cost, "three layers cost");
    return replica;
  }

  /** The case gives probabilities that are not the network's: its loss and penalty are two parts. */
  @Test
  void costWithL2PerExample() {
    CourseCase c = CourseCase.read("c2w1-cost-l2");
    Penalty penalty = Penalty.l2PerExample(scalar(c.input("lambda_")));
    Replica penalized = weighted(c, new Replica(course(3, penalty, 2, 3, 1), 5));
    double[][] logits = transpose(c.input("A3"));
    for (double[] row : logits) {
      row[0] = Math.log(row[0] / (1 - row[0]));
    }
    Replica scoring =
        new Replica(Network.inputs(5).dense(1).loss(new Loss.SigmoidCrossEntropy()), 5)
            .put("dense1.weight", logits);
    double loss = scoring.loss(Replica.batch(identity(5), transpose(c.input("Y"))));
    assertNear(
        TOLERANCE, scalar(c.published("cost")), loss + penalized.penalty(), "cost with l2");
  }

  @Test
  void backwardWithL2PerExample() {
    CourseCase c = CourseCase.read("c2w1-backprop-l2");
    Penalty penalty = Penalty.l2PerExample(scalar(c.input("lambda_")));
    Replica replica = weighted(c, new Replica(course(3, penalty, 2, 3, 1), 5));
    for (int n = 1; n <= 3; n++) {
      replica.put("dense" + n + ".bias", bias(c, n));
    }
    replica.loss(Replica.batch(transpose(c.input("X")), transpose(c.input("Y"))));
    for (int n = 1; n <= 3; n++) {
      assertGradient(transpose(c.expected("dW" + n)), replica, "dense" + n + ".weight");
    }
  }

  /**
   * The biases with which a layer has the case's activations, which are given in their place; a
   * unit that is never active gets one that keeps it so.
   */
  private static double[] bias(CourseCase c, int layer) {
    double[][] w = c.input("W" + layer);
    double[][] below = c.input(layer == 1 ? "X" : "A" + (layer - 1));
    double[][] a = c.input("A" + layer);
    double[] bias = new double[w.length];
    Arrays.fill(bias, -100);
    for (int j = 0; j < w.length; j++) {
      for (int example = 0; example < a[j].length; example++) {
        double p = a[j][example];
        if (p > 0) {
          bias[j] = layer == 3 ? Math.log(p / (1 - p)) : p;
          for (int k = 0; k < below.length; k++) {
            bias[j] -= w[j][k] * below[k][example];
          }
        }
      }
    }
    return bias;
  }

  @Test
  void costAndGradientOfTheCheckedNetwork() {
    CourseCase c = CourseCase.read("c2w1-gradcheck-n");
    Replica replica = weighted(c, new Replica(course(4, Penalty.NONE, 5, 3, 1), 3));
    for (int n = 1; n <= 3; n++) {
      replica.put("dense" + n + ".bias", transpose(c.input("b" + n)));
    }
    Batch batch = Replica.batch(transpose(c.input("X")), transpose(c.input("Y")));
    assertNear(TOLERANCE, scalar(c.expected("cost")), replica.cost(batch), "gradcheck-n cost");
    for (int n = 1; n <= 3; n++) {
      assertGradient(transpose(c.expected("dW" + n)), replica, "dense" + n + ".weight");
      assertGradient(transpose(c.expected("db" + n)), replica, "dense" + n + ".bias");
    }
  }

  /** The course's net: ReLU behind every hidden layer, one output. */
  private static Network course(int inputs, Penalty penalty, int... units) {
    Network.Builder builder = Network.inputs(inputs);
    for (int n = 0; n < units.length - 1; n++) {
      builder.add(new Dense(units[n]).with(penalty)).relu();
    }
    return builder
        .add(new Dense(units[units.length - 1]).with(penalty))
        .loss(new Loss.SigmoidCrossEntropy());
  }

  private static Replica weighted(CourseCase c, Replica replica) {
    for (int n = 1; n <= 3; n++) {
      replica.put("dense" + n + ".weight", transpose(c.input("W" + n)));
    }
    return replica;
  }
}
