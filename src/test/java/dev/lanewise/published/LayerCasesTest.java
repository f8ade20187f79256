package dev.lanewise.published;

import static dev.lanewise.CourseCase.linspace;
import static dev.lanewise.CourseCase.mask;
import static dev.lanewise.CourseCase.matrix;
import static dev.lanewise.CourseCase.scalar;
import static dev.lanewise.CourseCase.transpose;
import static dev.lanewise.published.Matrices.assertNear;
import static dev.lanewise.published.Matrices.columns;
import static dev.lanewise.published.Matrices.identity;
import static dev.lanewise.published.Matrices.moments;
import static dev.lanewise.published.Matrices.scaled;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.update.Updater;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The published cases of single layers, each run by the float engine inside a small network that
 * lets its numbers in and out:
 *
 * <ul>
 *   <li>where the features are the identity matrix, W itself is what enters the layer behind it,
 *       and the gradient of W is the gradient of that;
 *   <li>under squared error, the targets {@code scores − rows·d} send the gradient d backward;
 *   <li>a last layer of weights 0 with as many units as there are rows, and the gradient 1 sent
 *       backward from unit r of row r alone, has as the gradient of its weights its inputs,
 *       transposed: what the layers before it computed in training.
 * </ul>
 */
@Tag("shared")
class LayerCasesTest {

  /** A share of a tensor's largest magnitude: some sixteen roundings of a float. */
  private static final double TOLERANCE = 1e-6;

  private static final Loss SQUARED = new Loss.SquaredError();
  private static final BatchNorm NORM = new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED);

  @Test
  void affineForward() {
    CourseCase c = CourseCase.read("cs231n-affine-forward");
    Replica replica =
        new Replica(Network.inputs(120).dense(3).loss(SQUARED), 2)
            .put("dense1.weight", matrix(linspace(-0.2, 0.3, 360), 3))
            .put("dense1.bias", linspace(-0.3, 0.1, 3));
    double[][] x = matrix(linspace(-0.1, 0.5, 240), 120);
    assertNear(TOLERANCE, c.expected("out"), replica.scores(x), "affine");
  }

  @Test
  void reluForwardInTraining() {
    CourseCase c = CourseCase.read("cs231n-relu-forward");
    double[][] x = c.input("x");
    Network network = Network.inputs(3).dense(4).relu().dense(3).loss(SQUARED);
    Replica replica = new Replica(network, 3).put("dense1.weight", x);
    assertNear(TOLERANCE, c.expected("out"), inputsOfLast(replica), "relu");
  }

  /** What enters the last layer in training; the features are the identity, its weights 0. */
  private static double[][] inputsOfLast(Replica replica) {
    int rows = replica.parameter("dense1.weight").length;
    replica.loss(Replica.batch(identity(rows), scaled(-rows, identity(rows))));
    return transpose(replica.gradient("dense2.weight"));
  }

  @Test
  void softmaxLoss() {
    CourseCase c = CourseCase.read("cs231n-softmax-loss");
    double loss = softmax(c).loss(Replica.batch(identity(50), transpose(c.input("y"))));
    assertNear(TOLERANCE, scalar(c.published("loss")), loss, "softmax loss");
  }

  @Test
  void softmaxGradient() {
    CourseCase c = CourseCase.read("cs231n-softmax-loss");
    Replica replica = softmax(c);
    replica.loss(Replica.batch(identity(50), transpose(c.input("y"))));
    assertNear(TOLERANCE, c.expected("dx"), replica.gradient("dense1.weight"), "softmax dx");
  }

  private static Replica softmax(CourseCase c) {
    Network network = Network.inputs(50).dense(10).loss(new Loss.SoftmaxCrossEntropy());
    return new Replica(network, 50).put("dense1.weight", c.input("x"));
  }

  @Test
  void batchNormTakesThePublishedMoments() {
    CourseCase c = CourseCase.read("cs231n-bn-train");
    Replica replica = normalizing(c.input("a"), new double[] {1, 1, 1}, new double[3]);
    inputsOfLast(replica);
    assertNear(TOLERANCE, c.expected("mean"), replica.gradient("norm1.mean"), "bn mean");
    double[][] deviation = replica.gradient("norm1.variance");
    for (int j = 0; j < deviation[0].length; j++) {
      deviation[0][j] = Math.sqrt(deviation[0][j]);
    }
    assertNear(TOLERANCE, c.expected("std"), deviation, "bn std");
  }

  @Test
  void batchNormNormalizes() {
    CourseCase c = CourseCase.read("cs231n-bn-train");
    double[][] after =
        moments(inputsOfLast(normalizing(c.input("a"), new double[] {1, 1, 1}, new double[3])));
    assertNear(
        TOLERANCE,
        c.expected("std_after_gamma1"),
        new double[][] {after[1]},
        "bn std after gamma 1");
  }

  @Test
  void batchNormScalesAndShifts() {
    CourseCase c = CourseCase.read("cs231n-bn-train");
    double[][] out =
        inputsOfLast(normalizing(c.input("a"), new double[] {1, 2, 3}, new double[] {11, 12, 13}));
    assertNear(TOLERANCE, c.expected("out_gamma123"), out, "bn out");
    double[][] after = moments(out);
    assertNear(
        TOLERANCE,
        c.expected("mean_after_gamma123_beta11_12_13"),
        new double[][] {after[0]},
        "bn mean after gamma 123");
    assertNear(
        TOLERANCE,
        c.expected("std_after_gamma123"),
        new double[][] {after[1]},
        "bn std after gamma 123");
  }

  private static Replica normalizing(double[][] x, double[] scale, double[] shift) {
    int rows = x.length;
    Network network = Network.inputs(rows).dense(x[0].length).add(NORM).dense(rows).loss(SQUARED);
    return new Replica(network, rows)
        .put("dense1.weight", x)
        .put("norm1.scale", scale)
        .put("norm1.shift", shift);
  }

  @Test
  void runningMomentsAreThePublishedAverages() {
    CourseCase c = CourseCase.read("cs231n-bn-test-time");
    Replica replica = averaged(c);
    assertNear(
        TOLERANCE, c.expected("running_mean"), replica.parameter("norm1.mean"), "running mean");
    assertNear(
        TOLERANCE,
        c.expected("running_var"),
        replica.parameter("norm1.variance"),
        "running variance");
  }

  @Test
  void runningMomentsNormalizeAtTestTime() {
    CourseCase c = CourseCase.read("cs231n-bn-test-time");
    double[][] after = moments(averaged(c).scores(c.input("a")));
    assertNear(TOLERANCE, c.expected("mean"), new double[][] {after[0]}, "mean at test time");
    assertNear(TOLERANCE, c.expected("std"), new double[][] {after[1]}, "std at test time");
  }

  /** A normalisation between identities, after steps with the statistics of the case's batches. */
  private static Replica averaged(CourseCase c) {
    Replica replica =
        new Replica(Network.inputs(3).dense(3).add(NORM).dense(3).loss(SQUARED), 200)
            .put("dense1.weight", identity(3))
            .put("norm1.variance", new double[3])
            .put("dense2.weight", identity(3));
    Updater updater = replica.updater(Optimizer.sgd(1));
    for (double[] statistics : c.input("batch_stats")) {
      double[][] batch = {statistics};
      replica.putGradient("norm1.mean", columns(batch, 0, 3));
      replica.putGradient("norm1.variance", columns(batch, 3, 6));
      replica.step(updater);
    }
    return replica;
  }

  @Test
  void batchNormForwardOfTheGradientCase() {
    CourseCase c = CourseCase.read("cs231n-bn-backward");
    Replica replica = normalizing(c.input("x"), c.input("gamma")[0], c.input("beta")[0]);
    assertNear(TOLERANCE, c.expected("out"), inputsOfLast(replica), "bn-backward out");
  }

  @Test
  void batchNormBackward() {
    CourseCase c = CourseCase.read("cs231n-bn-backward");
    int rows = c.input("x").length;
    Replica replica =
        new Replica(Network.inputs(rows).dense(5).add(NORM).dense(5).loss(SQUARED), rows)
            .put("dense1.weight", c.input("x"))
            .put("norm1.scale", c.input("gamma"))
            .put("norm1.shift", c.input("beta"))
            .put("dense2.weight", identity(5));
    replica.loss(Replica.batch(identity(rows), sending(c.input("dout"), c.expected("out"))));
    assertNear(TOLERANCE, c.expected("dx"), replica.gradient("dense1.weight"), "bn dx");
    assertNear(TOLERANCE, c.expected("dgamma"), replica.gradient("norm1.scale"), "bn dgamma");
    assertNear(TOLERANCE, c.expected("dbeta"), replica.gradient("norm1.shift"), "bn dbeta");
  }

  /** The targets that send a gradient of the scores backward. */
  private static double[][] sending(double[][] gradient, double[][] scores) {
    double[][] targets = new double[scores.length][scores[0].length];
    for (int r = 0; r < targets.length; r++) {
      for (int j = 0; j < targets[r].length; j++) {
        targets[r][j] = scores[r][j] - targets.length * gradient[r][j];
      }
    }
    return targets;
  }

  @Test
  void forwardWithDropout() {
    CourseCase c = CourseCase.read("c2w1-forward-dropout");
    Dropout dropout = Dropout.keeping(scalar(c.input("keep")));
    Network network =
        Network.inputs(3)
            .dense(2)
            .relu()
            .add(dropout)
            .dense(3)
            .relu()
            .add(dropout)
            .dense(1)
            .activation(Activation.Function.SIGMOID)
            .dense(5)
            .loss(SQUARED);
    Replica replica = new Replica(network, 5);
    for (int n = 1; n <= 3; n++) {
      replica.put("dense" + n + ".weight", transpose(c.input("W" + n)));
      replica.put("dense" + n + ".bias", transpose(c.input("b" + n)));
    }
    Batch batch = Replica.batch(transpose(c.input("X")), scaled(-5, identity(5)));
    replica.loss(batch.withMasks(Map.of(1, mask(c.input("D1")), 2, mask(c.input("D2")))));
    assertNear(TOLERANCE, c.expected("A3"), replica.gradient("dense4.weight"), "dropout A3");
  }

  @Test
  void backwardWithDropoutBeforeTheLastLayer() {
    CourseCase c = CourseCase.read("c2w1-backward-dropout");
    double keep = scalar(c.input("keep"));
    double[][] a2 = transpose(c.input("A2"));
    Network network =
        Network.inputs(5)
            .dense(3)
            .add(Dropout.keeping(keep))
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    // The bias behind the given probabilities, in the layer below which only one unit is active.
    double w3 = c.input("W3")[0][0];
    double p = c.input("A3")[0][0];
    double b3 = Math.log(p / (1 - p)) - w3 * a2[0][0];
    Replica replica =
        new Replica(network, 5)
            .put("dense1.weight", scaled(keep, a2))
            .put("dense2.weight", transpose(c.input("W3")))
            .put("dense2.bias", new double[] {b3});
    Batch batch = Replica.batch(identity(5), transpose(c.input("Y")));
    replica.loss(batch.withMasks(Map.of(1, mask(c.input("D2")))));
    // The course takes the mean over the examples in dW only.
    double[][] dA = scaled(5, replica.gradient("dense1.weight"));
    assertNear(TOLERANCE, transpose(c.expected("dA2")), dA, "dropout dA2");
  }

  @Test
  void backwardWithDropoutBeforeAHiddenLayer() {
    CourseCase c = CourseCase.read("c2w1-backward-dropout");
    double[][] a2 = transpose(c.input("A2"));
    double[][] dZ2 = transpose(c.expected("dA2"));
    for (int r = 0; r < dZ2.length; r++) {
      for (int j = 0; j < dZ2[r].length; j++) {
        dZ2[r][j] = a2[r][j] > 0 ? dZ2[r][j] : 0;
      }
    }
    Network network =
        Network.inputs(5)
            .dense(2)
            .add(Dropout.keeping(scalar(c.input("keep"))))
            .dense(3)
            .loss(SQUARED);
    Replica replica = new Replica(network, 5).put("dense2.weight", transpose(c.input("W2")));
    Batch batch = Replica.batch(identity(5), sending(dZ2, new double[5][3]));
    replica.loss(batch.withMasks(Map.of(1, mask(c.input("D1")))));
    double[][] dA = replica.gradient("dense1.weight");
    assertNear(TOLERANCE, transpose(c.expected("dA1")), dA, "dropout dA1");
  }

  @Test
  void miniBatchesInThePublishedOrder() {
    CourseCase c = CourseCase.read("c2w2-minibatches");
    double[][] perm = c.input("perm");
    Batches batches =
        Batches.inOrder(
            Replica.dataset(transpose(c.input("X")), transpose(c.input("Y"))),
            2,
            epoch -> Arrays.stream(perm[0]).mapToInt(row -> (int) row).toArray());
    batches.start(0);
    for (int i = 0; i < 4; i++) {
      Batch batch = batches.get(i);
      double[][] x = Replica.doubles(batch.features(), 0, batch.rows(), batch.columns());
      double[][] y = Replica.doubles(batch.targets(), 0, batch.rows(), 1);
      assertNear(TOLERANCE, transpose(c.expected("X" + i)), x, "X" + i);
      assertNear(0, transpose(c.expected("Y" + i)), y, "Y" + i);
    }
  }
}
