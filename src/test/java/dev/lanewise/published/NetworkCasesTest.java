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
import org.junit.jupiter.params.provider.CsvSource;
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
    assertGradient(c.expected("dW1_reg1"), replica, "dense1.weight");
    assertGradient(c.expected("dW2_reg1"), replica, "dense2.weight");
    assertGradient(c.expected("db2"), replica, "dense2.bias");
    // Sums of gradients of either sign: rounding the case's numbers to floats moves it by 2e-6.
    assertGradient(1e-5, c.expected("db1"), replica, "dense1.bias");
  }

  private static Replica twoLayers(double lambda) {
    Network network =
        Network.inputs(5)
            .add(new Dense(50).withPenalty(Penalty.l2(lambda)))
            .relu()
            .add(new Dense(7).withPenalty(Penalty.l2(lambda)))
            .loss(new Loss.SoftmaxCrossEntropy());
    return new Replica(network, 3)
        .put("dense1.weight", matrix(linspace(-0.7, 0.3, 250), 50))
        .put("dense1.bias", linspace(-0.1, 0.9, 50))
        .put("dense2.weight", matrix(linspace(-0.3, 0.4, 350), 7))
        .put("dense2.bias", linspace(-0.9, 0.1, 7));
  }

  private static void assertGradient(double[][] expected, Replica replica, String tensor) {
    assertGradient(TOLERANCE, expected, replica, tensor);
  }

  private static void assertGradient(
      double tolerance, double[][] expected, Replica replica, String tensor) {
    assertNear(tolerance, expected, replica.gradient(tensor), "gradient of " + tensor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3.14"})
  void costOfThreeLayers(String lambda) {
    assertCost(CourseCase.read("cs231n-fcnet-reg" + lambda), lambda, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3.14"})
  void costOfThreeLayersWithBatchNorm(String lambda) {
    assertCost(CourseCase.read("cs231n-fcnet-bn-reg" + lambda), lambda, true);
  }

  private static void assertCost(CourseCase c, String lambda, boolean norm) {
    double cost = threeLayers(c, lambda, norm).cost(batch(c));
    assertNear(TOLERANCE, scalar(c.published("loss")), cost, "cost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3.14"})
  void gradientOfThreeLayers(String lambda) {
    CourseCase c = CourseCase.read("cs231n-fcnet-reg" + lambda);
    Replica replica = threeLayers(c, lambda, false);
    replica.loss(batch(c));
    for (int n = 1; n <= 3; n++) {
      assertGradient(c.expected("dW" + n), replica, "dense" + n + ".weight");
      assertGradient(c.expected("db" + n), replica, "dense" + n + ".bias");
    }
  }

  /**
   * With two rows and variances down to 3e-6, less than ε, normalisation magnifies rounding:
   * without the penalty, which outweighs that, rounding the case's numbers to floats moves the
   * gradients below the second normalisation by 1.2e-5.
   */
  @ParameterizedTest
  @CsvSource({"0, 5e-5", "3.14, 1e-6"})
  void gradientOfThreeLayersWithBatchNorm(String lambda, double tolerance) {
    CourseCase c = CourseCase.read("cs231n-fcnet-bn-reg" + lambda);
    Replica replica = threeLayers(c, lambda, true);
    replica.loss(batch(c));
    for (int n = 1; n <= 2; n++) {
      assertGradient(tolerance, c.expected("dW" + n), replica, "dense" + n + ".weight");
      assertGradient(tolerance, c.expected("dgamma" + n), replica, "norm" + n + ".scale");
      assertGradient(tolerance, c.expected("dbeta" + n), replica, "norm" + n + ".shift");
    }
    assertGradient(tolerance, c.expected("dW3"), replica, "dense3.weight");
    assertGradient(tolerance, c.expected("db3"), replica, "dense3.bias");
  }

  private static Batch batch(CourseCase c) {
    return Replica.batch(c.input("X"), transpose(c.input("y")));
  }

  /** The net 15-20-30-10 with the case's weights. */
  private static Replica threeLayers(CourseCase c, String lambda, boolean norm) {
    Penalty penalty = Penalty.l2(Double.parseDouble(lambda));
    Network.Builder builder = Network.inputs(15);
    for (int units : new int[] {20, 30}) {
      builder.add(new Dense(units).withPenalty(penalty));
      if (norm) {
        builder.add(new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED));
      }
      builder.relu();
    }
    Network network =
        builder.add(new Dense(10).withPenalty(penalty)).loss(new Loss.SoftmaxCrossEntropy());
    Replica replica = new Replica(network, c.input("X").length);
    return weighted(replica, c.input("W1"), c.input("W2"), c.input("W3"));
  }

  private static Replica weighted(Replica replica, double[][]... weights) {
    for (int n = 1; n <= weights.length; n++) {
      replica.put("dense" + n + ".weight", weights[n - 1]);
    }
    return replica;
  }

  /**
   * The case gives probabilities that are not the network's: its loss and penalty are two parts.
   */
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
    assertNear(TOLERANCE, scalar(c.published("cost")), loss + penalized.penalty(), "cost with l2");
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
  void costOfTheCheckedNetwork() {
    CourseCase c = CourseCase.read("c2w1-gradcheck-n");
    double cost = checked(c).cost(checkedBatch(c));
    assertNear(TOLERANCE, scalar(c.expected("cost")), cost, "gradcheck-n cost");
  }

  @Test
  void gradientOfTheCheckedNetwork() {
    CourseCase c = CourseCase.read("c2w1-gradcheck-n");
    Replica replica = checked(c);
    replica.loss(checkedBatch(c));
    for (int n = 1; n <= 3; n++) {
      assertGradient(transpose(c.expected("dW" + n)), replica, "dense" + n + ".weight");
      assertGradient(transpose(c.expected("db" + n)), replica, "dense" + n + ".bias");
    }
  }

  private static Batch checkedBatch(CourseCase c) {
    return Replica.batch(transpose(c.input("X")), transpose(c.input("Y")));
  }

  private static Replica checked(CourseCase c) {
    Replica replica = weighted(c, new Replica(course(4, Penalty.NONE, 5, 3, 1), 3));
    for (int n = 1; n <= 3; n++) {
      replica.put("dense" + n + ".bias", transpose(c.input("b" + n)));
    }
    return replica;
  }

  /** The course's net: ReLU behind every hidden layer, one output. */
  private static Network course(int inputs, Penalty penalty, int... units) {
    Network.Builder builder = Network.inputs(inputs);
    for (int n = 0; n < units.length - 1; n++) {
      builder.add(new Dense(units[n]).withPenalty(penalty)).relu();
    }
    return builder
        .add(new Dense(units[units.length - 1]).withPenalty(penalty))
        .loss(new Loss.SigmoidCrossEntropy());
  }

  private static Replica weighted(CourseCase c, Replica replica) {
    return weighted(
        replica, transpose(c.input("W1")), transpose(c.input("W2")), transpose(c.input("W3")));
  }
}
