package dev.lanewise.reference;

import static dev.lanewise.CourseCase.linspace;
import static dev.lanewise.CourseCase.mask;
import static dev.lanewise.CourseCase.matrix;
import static dev.lanewise.CourseCase.scalar;
import static dev.lanewise.CourseCase.transpose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.CourseCase;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Activation.Function;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The unit tests that two courses published, against the reference. One course has examples in
 * columns and W as {@code [out][in]}; its matrices are transposed here.
 */
@Tag("shared")
class CourseCasesTest {

  private static final double TOLERANCE = 1e-9;
  private static final Activation RELU = Activation.of(Function.RELU);

  @Test
  void affineForward() {
    CourseCase c = CourseCase.read("cs231n-affine-forward");
    Affine affine = new Affine(matrix(linspace(-0.2, 0.3, 360), 3), linspace(-0.3, 0.1, 3));
    assertClose(c.expected("out"), affine.infer(matrix(linspace(-0.1, 0.5, 240), 120)));
  }

  @Test
  void reluForward() {
    CourseCase c = CourseCase.read("cs231n-relu-forward");
    assertClose(c.expected("out"), new Nonlinearity(RELU).infer(c.input("x")));
  }

  @Test
  void softmaxLossAndGradient() {
    CourseCase c = CourseCase.read("cs231n-softmax-loss");
    MeanLoss loss = new MeanLoss(new Loss.SoftmaxCrossEntropy(), transpose(c.input("y")));
    assertEquals(scalar(c.published("loss")), loss.value(c.input("x")), TOLERANCE);
    assertClose(c.expected("dx"), loss.gradient(c.input("x")));
  }

  @Test
  void normalizedColumnsHaveThePublishedMoments() {
    CourseCase c = CourseCase.read("cs231n-bn-train");
    double[][] a = c.input("a");
    Normalization plain = normalization(new double[] {1, 1, 1}, new double[3]);
    double[][] normalized = plain.train(a);
    assertClose(c.expected("mean")[0], plain.gradients().get("mean")[0]);
    assertClose(c.expected("std")[0], root(plain.gradients().get("variance")[0]));
    assertClose(
        c.expected("std_after_gamma1")[0],
        root(moments(normalized).gradients().get("variance")[0]));
    Normalization scaled = normalization(new double[] {1, 2, 3}, new double[] {11, 12, 13});
    double[][] out = scaled.train(a);
    assertClose(c.expected("out_gamma123"), out);
    assertClose(
        c.expected("mean_after_gamma123_beta11_12_13")[0], moments(out).gradients().get("mean")[0]);
    assertClose(
        c.expected("std_after_gamma123")[0], root(moments(out).gradients().get("variance")[0]));
  }

  @Test
  void runningMomentsNormalizeAtTestTime() {
    CourseCase c = CourseCase.read("cs231n-bn-test-time");
    double decay = new BatchNorm().decay();
    double[] running = new double[6];
    for (double[] batch : c.input("batch_stats")) {
      for (int j = 0; j < running.length; j++) {
        running[j] = decay * running[j] + (1 - decay) * batch[j];
      }
    }
    double[] mean = Arrays.copyOfRange(running, 0, 3);
    double[] variance = Arrays.copyOfRange(running, 3, 6);
    assertClose(c.expected("running_mean")[0], mean);
    assertClose(c.expected("running_var")[0], variance);
    Normalization norm =
        new Normalization(new double[] {1, 1, 1}, new double[3], mean, variance, new BatchNorm());
    Normalization after = moments(norm.infer(c.input("a")));
    assertClose(c.expected("mean")[0], after.gradients().get("mean")[0]);
    assertClose(c.expected("std")[0], root(after.gradients().get("variance")[0]));
  }

  @Test
  void batchNormBackward() {
    CourseCase c = CourseCase.read("cs231n-bn-backward");
    Normalization norm = normalization(c.input("gamma")[0], c.input("beta")[0]);
    assertClose(c.expected("out"), norm.train(c.input("x")));
    assertClose(c.expected("dx"), norm.backward(c.input("dout")));
    assertClose(c.expected("dgamma")[0], norm.gradients().get("scale")[0]);
    assertClose(c.expected("dbeta")[0], norm.gradients().get("shift")[0]);
  }

  @Test
  void twoLayerNet() {
    CourseCase c = CourseCase.read("cs231n-two-layer-net");
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(c.input("X"), transpose(c.input("y")));
    ReferenceNetwork plain = twoLayers(Penalty.NONE);
    ReferenceNetwork penalized = twoLayers(Penalty.l2(1));
    Tensors theta = new Tensors(plain.layout(), new double[plain.layout().size()]);
    theta.put("dense1.weight", linspace(-0.7, 0.3, 250));
    theta.put("dense1.bias", linspace(-0.1, 0.9, 50));
    theta.put("dense2.weight", linspace(-0.3, 0.4, 350));
    theta.put("dense2.bias", linspace(-0.9, 0.1, 7));
    assertClose(c.expected("scores"), plain.logits(theta.values(), c.input("X")));
    assertEquals(
        scalar(c.expected("loss_reg0")), plain.cost(theta.values(), batch).total(), TOLERANCE);
    assertEquals(
        scalar(c.expected("loss_reg1")), penalized.cost(theta.values(), batch).total(), TOLERANCE);
    Tensors g = new Tensors(plain.layout(), penalized.gradient(theta.values(), batch));
    assertClose(c.expected("dW1_reg1"), g.matrix("dense1.weight"));
    assertClose(c.expected("db1")[0], g.vector("dense1.bias"));
    assertClose(c.expected("dW2_reg1"), g.matrix("dense2.weight"));
    assertClose(c.expected("db2")[0], g.vector("dense2.bias"));
  }

  private static ReferenceNetwork twoLayers(Penalty penalty) {
    return new ReferenceNetwork(
        Network.inputs(5)
            .add(new Dense(50).withPenalty(penalty))
            .relu()
            .add(new Dense(7).withPenalty(penalty))
            .loss(new Loss.SoftmaxCrossEntropy()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 3.14})
  void fullyConnectedNet(double lambda) {
    CourseCase c = CourseCase.read("cs231n-fcnet-reg" + text(lambda));
    Penalty penalty = Penalty.l2(lambda);
    Network network =
        Network.inputs(15)
            .add(new Dense(20).withPenalty(penalty))
            .relu()
            .add(new Dense(30).withPenalty(penalty))
            .relu()
            .add(new Dense(10).withPenalty(penalty))
            .loss(new Loss.SoftmaxCrossEntropy());
    Tensors g = checkLoss(c, network);
    for (int n = 1; n <= 3; n++) {
      assertClose(c.expected("dW" + n), g.matrix("dense" + n + ".weight"));
      assertClose(c.expected("db" + n)[0], g.vector("dense" + n + ".bias"));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 3.14})
  void fullyConnectedNetWithBatchNorm(double lambda) {
    CourseCase c = CourseCase.read("cs231n-fcnet-bn-reg" + text(lambda));
    Penalty penalty = Penalty.l2(lambda);
    Network network =
        Network.inputs(15)
            .add(new Dense(20).withPenalty(penalty))
            .batchNorm()
            .relu()
            .add(new Dense(30).withPenalty(penalty))
            .batchNorm()
            .relu()
            .add(new Dense(10).withPenalty(penalty))
            .loss(new Loss.SoftmaxCrossEntropy());
    Tensors g = checkLoss(c, network);
    for (int n = 1; n <= 3; n++) {
      assertClose(c.expected("dW" + n), g.matrix("dense" + n + ".weight"));
    }
    for (int n = 1; n <= 2; n++) {
      assertClose(c.expected("dgamma" + n)[0], g.vector("norm" + n + ".scale"));
      assertClose(c.expected("dbeta" + n)[0], g.vector("norm" + n + ".shift"));
    }
    assertClose(c.expected("db3")[0], g.vector("dense3.bias"));
  }

  private static String text(double lambda) {
    return lambda == 0 ? "0" : Double.toString(lambda);
  }

  /** Checks the loss under initial biases, scales and shifts; returns the gradient. */
  private static Tensors checkLoss(CourseCase c, Network network) {
    ReferenceNetwork reference = new ReferenceNetwork(network);
    double[] theta = ReferenceNetwork.widen(network.initialParameters(0));
    Tensors tensors = new Tensors(reference.layout(), theta);
    for (int n = 1; n <= 3; n++) {
      tensors.put("dense" + n + ".weight", c.input("W" + n));
    }
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(c.input("X"), transpose(c.input("y")));
    assertEquals(scalar(c.published("loss")), reference.cost(theta, batch).total(), TOLERANCE);
    return new Tensors(reference.layout(), reference.gradient(theta, batch));
  }

  @Test
  void costWithL2PerExample() {
    CourseCase c = CourseCase.read("c2w1-cost-l2");
    double[][] y = transpose(c.input("Y"));
    Penalty penalty = Penalty.l2PerExample(scalar(c.input("lambda_")));
    Network network = course(3, penalty, 1, 2, 3, 1).resolve(y.length);
    ReferenceNetwork reference = new ReferenceNetwork(network);
    Tensors theta = courseParameters(c, reference);
    double loss = new MeanLoss(network.loss(), y).value(logits(transpose(c.input("A3"))));
    double penalties =
        reference.cost(theta.values(), new ReferenceNetwork.Batch(new double[5][3], y)).penalty();
    assertEquals(scalar(c.published("cost")), loss + penalties, TOLERANCE);
  }

  @Test
  void backwardWithL2PerExample() {
    CourseCase c = CourseCase.read("c2w1-backprop-l2");
    double[][] y = transpose(c.input("Y"));
    double lambda = Penalty.l2PerExample(scalar(c.input("lambda_"))).resolve(y.length).l2();
    double[][] d =
        new MeanLoss(new Loss.SigmoidCrossEntropy(), y).gradient(logits(transpose(c.input("A3"))));
    for (int n = 3; n >= 1; n--) {
      double[][] below = transpose(n == 1 ? c.input("X") : c.input("A" + (n - 1)));
      double[][] w = transpose(c.input("W" + n));
      Affine affine = new Affine(w, new double[w[0].length]);
      affine.infer(below);
      double[][] dA = affine.backward(d);
      double[][] dW = affine.gradients().get("weight");
      for (int i = 0; i < w.length; i++) {
        for (int j = 0; j < w[i].length; j++) {
          dW[i][j] += lambda * w[i][j];
        }
      }
      assertClose(transpose(c.expected("dW" + n)), dW);
      Nonlinearity relu = new Nonlinearity(RELU);
      relu.infer(below);
      d = relu.backward(dA);
    }
  }

  @Test
  void forwardWithDropout() {
    CourseCase c = CourseCase.read("c2w1-forward-dropout");
    double[][] x = transpose(c.input("X"));
    ReferenceNetwork reference =
        new ReferenceNetwork(course(3, Penalty.NONE, scalar(c.input("keep")), 2, 3, 1));
    Tensors theta = courseParameters(c, reference);
    for (int n = 1; n <= 3; n++) {
      theta.put("dense" + n + ".bias", transpose(c.input("b" + n)));
    }
    ReferenceNetwork.Batch batch =
        new ReferenceNetwork.Batch(x, new double[x.length][1])
            .withMasks(Map.of(1, mask(c.input("D1")), 2, mask(c.input("D2"))));
    double[][] z = reference.trainingLogits(theta.values(), batch);
    double[][] a = new Nonlinearity(Activation.of(Function.SIGMOID)).infer(z);
    assertClose(transpose(c.expected("A3")), a);
  }

  @Test
  void backwardWithDropout() {
    CourseCase c = CourseCase.read("c2w1-backward-dropout");
    double keep = scalar(c.input("keep"));
    double[][] d =
        new MeanLoss(new Loss.SigmoidCrossEntropy(), transpose(c.input("Y")))
            .gradient(logits(transpose(c.input("A3"))));
    for (int n = 2; n >= 1; n--) {
      double[][] w = transpose(c.input("W" + (n + 1)));
      double[][] a = transpose(c.input("A" + n));
      Affine above = new Affine(w, new double[w[0].length]);
      above.infer(a);
      // The course states the mean over the examples once, in dW: here it is in dZ already.
      double[][] dA =
          Masking.apply(mask(c.input("D" + n)), Dropout.keeping(keep), above.backward(d));
      assertClose(transpose(c.expected("dA" + n)), times(a.length, dA));
      Nonlinearity relu = new Nonlinearity(RELU);
      relu.infer(a);
      d = relu.backward(dA);
    }
  }

  @Test
  void initializersScaleTheSameDraws() {
    double[] large = flat(CourseCase.read("c2w1-init-large"), "W1", "W2");
    double[] he = flat(CourseCase.read("c2w1-init-he"), "W1");
    Initializer.Distribution normal = Initializer.Distribution.NORMAL;
    double[] draws = new double[large.length];
    double[] same = new double[large.length];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = large[i] / new Initializer.Fixed(10, normal).deviation(3, 2);
      same[i] = he[i] / new Initializer.He(normal).deviation(2, 4);
    }
    assertClose(draws, same);
  }

  private static double[] flat(CourseCase c, String... tensors) {
    return Arrays.stream(tensors)
        .flatMap(t -> Arrays.stream(c.expected(t)))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  /** The course's net: ReLU and dropout behind every hidden layer, one output with a sigmoid. */
  private static Network course(int inputs, Penalty penalty, double keep, int... units) {
    Network.Builder builder = Network.inputs(inputs);
    for (int n = 0; n < units.length - 1; n++) {
      builder.add(new Dense(units[n]).withPenalty(penalty)).relu().add(Dropout.keeping(keep));
    }
    return builder
        .add(new Dense(units[units.length - 1]).withPenalty(penalty))
        .loss(new Loss.SigmoidCrossEntropy());
  }

  /** The case's weights, and biases of 0. */
  private static Tensors courseParameters(CourseCase c, ReferenceNetwork reference) {
    Tensors theta = new Tensors(reference.layout(), new double[reference.layout().size()]);
    for (int n = 1; n <= 3; n++) {
      theta.put("dense" + n + ".weight", transpose(c.input("W" + n)));
    }
    return theta;
  }

  private static double[][] logits(double[][] probabilities) {
    return Arrays.stream(probabilities)
        .map(row -> Arrays.stream(row).map(a -> Math.log(a / (1 - a))).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] times(double factor, double[][] matrix) {
    return Arrays.stream(matrix)
        .map(row -> Arrays.stream(row).map(a -> factor * a).toArray())
        .toArray(double[][]::new);
  }

  private static double[] root(double[] squares) {
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  private static Normalization normalization(double[] gamma, double[] beta) {
    BatchNorm norm = new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED);
    return new Normalization(gamma, beta, gamma, gamma, norm);
  }

  private static Normalization moments(double[][] x) {
    Normalization moments = normalization(new double[x[0].length], new double[x[0].length]);
    moments.train(x);
    return moments;
  }

  private static void assertClose(double[][] expected, double[][] actual) {
    assertEquals(expected.length, actual.length, "rows");
    for (int r = 0; r < expected.length; r++) {
      assertClose(expected[r], actual[r]);
    }
  }

  private static void assertClose(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length, "columns");
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          expected[i], actual[i], TOLERANCE * Math.max(1, Math.abs(expected[i])), "at " + i);
    }
  }
}
