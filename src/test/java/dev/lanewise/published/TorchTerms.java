package dev.lanewise.published;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Scaling;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.published.TorchCase.Spec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What PyTorch's words mean in ours: the conversions that a user coming from there has to make,
 * each in one place.
 */
final class TorchTerms {

  private final TorchCase given;
  private final BatchNorm.Variance variance;

  /** A case with running variances as PyTorch has them. */
  TorchTerms(TorchCase given) {
    this(given, BatchNorm.Variance.UNBIASED);
  }

  TorchTerms(TorchCase given, BatchNorm.Variance variance) {
    this.given = given;
    this.variance = variance;
  }

  Network network() {
    Network.Builder builder = Network.inputs(given.tensor("x")[0].length);
    given.modules().forEach(module -> builder.add(layer(module)));
    return builder.loss(loss());
  }

  private Layer layer(Spec module) {
    return switch (module.name()) {
      case "linear" -> dense((int) module.number("out"));
      // The share of the new value there, of the old one here.
      case "batch_norm" ->
          new BatchNorm(module.number("eps"), 1 - module.number("momentum"), variance);
      case "layer_norm" -> new LayerNorm(module.number("eps"));
      case "dropout" -> Dropout.of(module.number("p"));
      case "composed_embedding" -> embedding(module);
      case "composed_scale" -> new Scaling();
      case "composed_members" -> Members.of((int) module.number("k"));
      case "composed_heads" -> dense((int) module.number("out"));
      case "composed_blend" -> new Blend(activation(Spec.of(module.options().get("of"))));
      default -> activation(module);
    };
  }

  private Embedding embedding(Spec module) {
    List<Embedding.Part> parts = new ArrayList<>();
    if (module.has("pass")) {
      parts.add(new Embedding.Pass(module.integers("pass")));
    }
    if (module.has("periodic")) { // the number itself is one of ours
      int frequencies = (int) module.number("frequencies");
      int outputs = 1 + (int) module.number("size");
      parts.add(new Embedding.Periodic(module.integers("periodic"), frequencies, outputs, 0.1));
    }
    if (module.has("piecewise")) {
      int layer = given.modules().indexOf(module);
      parts.add(
          new Embedding.PiecewiseLinear(
              module.integers("piecewise"),
              Arrays.stream(given.tensor(layer + ".edges")).map(TorchTerms::floats).toList(),
              (int) module.number("size")));
    }
    if (module.has("categories")) {
      parts.add(
          new Embedding.Category(
              module.integers("categories"),
              module.integers("values"),
              (int) module.number("size")));
    }
    return new Embedding(parts);
  }

  private static List<Float> floats(double[] row) {
    return Arrays.stream(row).mapToObj(number -> (float) number).toList();
  }

  private static Activation activation(Spec module) {
    return switch (module.name()) {
      case "relu" -> Activation.of(Activation.Function.RELU);
      case "leaky_relu" ->
          new Activation(Activation.Function.LEAKY_RELU, (float) module.number("negative_slope"));
      case "elu" -> new Activation(Activation.Function.ELU, (float) module.number("alpha"));
      case "selu" -> Activation.of(Activation.Function.SELU);
      case "gelu" ->
          Activation.of(
              module.options().get("approximate").equals("tanh")
                  ? Activation.Function.TANH_GELU
                  : Activation.Function.GELU);
      case "silu" -> Activation.of(Activation.Function.SILU);
      case "mish" -> Activation.of(Activation.Function.MISH);
      case "softplus" -> Activation.of(Activation.Function.SOFTPLUS);
      case "tanh" -> Activation.of(Activation.Function.TANH);
      case "sigmoid" -> Activation.of(Activation.Function.SIGMOID);
      default -> throw new IllegalArgumentException(module.name());
    };
  }

  /**
   * With a penalty, which {@code weight_decay} is too, where the optimiser adds it to the gradient:
   * λ = weight_decay in λ/2·Σw².
   */
  private Dense dense(int units) {
    Dense dense = new Dense(units);
    if (given.describes("penalty")) {
      dense = dense.withPenalty(penalty(given.described("penalty")));
    }
    if (given.describes("optimizer")) {
      Spec optimizer = given.described("optimizer");
      boolean coupled = List.of("SGD", "Adam").contains(optimizer.name());
      dense =
          dense.withPenalty(
              Penalty.l1(optimizer.number("shrink", 0))
                  .and(Penalty.l2(coupled ? optimizer.number("weight_decay", 0) : 0))
                  .withL1Form(Penalty.L1Form.SOFT_THRESHOLD));
      if (optimizer.has("max_norm")) {
        dense = dense.withMaxNorm(optimizer.number("max_norm"));
      }
    }
    return dense;
  }

  private static Penalty penalty(Spec spec) {
    return Penalty.l1(spec.number("l1", 0)).and(Penalty.l2(spec.number("l2", 0)));
  }

  private Loss loss() {
    Spec loss = given.described("loss");
    return switch (loss.name()) {
      case "cross_entropy" ->
          new Loss.SoftmaxCrossEntropy((float) loss.number("label_smoothing", 0));
      case "binary_cross_entropy_with_logits" -> new Loss.SigmoidCrossEntropy();
      case "mse_loss" -> new Loss.SquaredError();
      case "l1_loss" -> new Loss.Quantile(0.5f);
      case "composed_quantile" -> new Loss.Quantile((float) loss.number("tau"));
      case "huber_loss" -> new Loss.Huber((float) loss.number("delta"));
      case "smooth_l1_loss" -> new Loss.Huber((float) loss.number("beta"));
      case "poisson_nll_loss" -> new Loss.Poisson();
      default -> throw new IllegalArgumentException(loss.name());
    };
  }

  /**
   * {@return what PyTorch's loss is multiplied by to be ours} It takes the mean over all elements,
   * we the mean over rows of sums over the outputs; its mean under class weights is divided by the
   * rows' weights, ours by the rows.
   */
  double lossFactor() {
    Spec loss = given.described("loss");
    int columns = given.tensor("y")[0].length;
    return switch (loss.name()) {
      case "cross_entropy" ->
          given.has("class_weights") ? Arrays.stream(weights()).average().orElseThrow() : 1;
      case "mse_loss", "l1_loss" -> columns / 2.0;
      case "smooth_l1_loss" -> columns * loss.number("beta");
      default -> columns;
    };
  }

  /** The rows' weights: those of their classes; null without. */
  private double[] weights() {
    if (!given.has("class_weights")) {
      return null;
    }
    double[] ofClasses = given.tensor("class_weights")[0];
    boolean positive = ofClasses.length == 1;
    return Arrays.stream(given.tensor("y"))
        .mapToDouble(y -> positive ? (y[0] == 1 ? ofClasses[0] : 1) : ofClasses[(int) y[0]])
        .toArray();
  }

  /** {@return all rows as a batch, with the given masks} */
  Batch batch() {
    Dataset data = Replica.dataset(given.tensor("x"), given.tensor("y"));
    double[] weights = weights();
    Dataset weighted = weights == null ? data : data.withWeights(Replica.floats(weights));
    return Batch.of(weighted).withMasks(masks());
  }

  /** {@return the given keep-masks by the number of the dropout} */
  Map<Integer, boolean[]> masks() {
    Map<Integer, boolean[]> masks = new HashMap<>();
    int blocks = 0;
    for (int i = 0; i < given.modules().size(); i++) {
      blocks += given.modules().get(i).name().endsWith("linear") ? 1 : 0;
      if (given.has(i + ".mask")) {
        masks.put(blocks, CourseCase.mask(CourseCase.transpose(given.tensor(i + ".mask"))));
      }
    }
    return masks;
  }

  /** {@return our tensors' names with PyTorch's} */
  Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    int block = 0;
    for (int i = 0; i < given.modules().size(); i++) {
      Spec module = given.modules().get(i);
      switch (module.name()) {
        case "composed_scale" -> names.put("scaling" + block + ".scale", i + ".scale");
        case "composed_embedding" -> addEmbedding(names, i, module);
        case "composed_members" -> names.put("members" + block + ".factor", i + ".factor");
        case "linear", "composed_heads" -> {
          block++;
          names.put("dense" + block + ".weight", i + ".weight");
          if (!module.has("bias")) {
            names.put("dense" + block + ".bias", i + ".bias");
          }
        }
        case "batch_norm" -> {
          boolean biased = variance == BatchNorm.Variance.BIASED;
          names.put("norm" + block + ".scale", i + ".weight");
          names.put("norm" + block + ".shift", i + ".bias");
          names.put("norm" + block + ".mean", i + ".running_mean");
          names.put(
              "norm" + block + ".variance", i + (biased ? ".biased_running_var" : ".running_var"));
        }
        case "layer_norm" -> {
          names.put("norm" + block + ".scale", i + ".weight");
          names.put("norm" + block + ".shift", i + ".bias");
        }
        case "composed_blend" -> names.put("blend" + block + ".scale", i + ".alpha");
        default -> {}
      }
    }
    return names;
  }

  private static void addEmbedding(Map<String, String> names, int i, Spec module) {
    if (module.has("periodic")) {
      names.put("embedding0.frequency", i + ".w1");
      names.put("embedding0.phase", i + ".b1");
      names.put("embedding0.weight", i + ".w2");
      names.put("embedding0.bias", i + ".b2");
    }
    if (module.has("piecewise")) {
      names.put("embedding0.slope", i + ".slope");
      names.put("embedding0.intercept", i + ".intercept");
      names.put("embedding0.bins", i + ".bins");
    }
    if (module.has("categories")) {
      names.put("embedding0.categories", i + ".tables");
    }
  }

  /** {@return a tensor of ours} PyTorch's angles are in radians. */
  double[][] tensor(String prefix, String ours, String theirs) {
    return Matrices.scaled(1 / unit(ours), shaped(given.tensor(prefix + theirs), ours, theirs));
  }

  /** {@return the gradient of our loss in a tensor of ours} */
  double[][] gradient(String ours, String theirs) {
    double[][] tensor = shaped(given.tensor("grad." + theirs), ours, theirs);
    return Matrices.scaled(lossFactor() * unit(ours), tensor);
  }

  private static double unit(String ours) {
    return ours.endsWith(".phase") ? 2 * Math.PI : 1;
  }

  /** PyTorch's matrices are {@code [out][in]}, also those under each other. */
  private double[][] shaped(double[][] tensor, String ours, String theirs) {
    if (!ours.endsWith(".weight")) {
      return tensor;
    }
    Spec module = given.modules().get(Integer.parseInt(theirs.split("\\.")[0]));
    int matrices =
        switch (module.name()) {
          case "composed_heads" -> (int) module.number("k");
          case "composed_embedding" -> module.integers("periodic").size();
          default -> 1;
        };
    int rows = tensor.length / matrices;
    List<double[]> all = new ArrayList<>();
    for (int m = 0; m < matrices; m++) {
      double[][] matrix = Arrays.copyOfRange(tensor, m * rows, (m + 1) * rows);
      all.addAll(List.of(CourseCase.transpose(matrix)));
    }
    return all.toArray(double[][]::new);
  }

  Optimizer optimizer() {
    Spec spec = given.described("optimizer");
    double rate = spec.number("lr");
    Optimizer descent = Optimizer.sgd(rate);
    return switch (spec.name()) {
      case "SGD" -> clipped(spec, sgd(spec, rate));
      case "composed_averaging_momentum" ->
          Optimizer.momentum(rate, spec.number("momentum"), MomentumForm.EWMA);
      case "RMSprop" -> {
        Optimizer plain = descent.then(rms(spec, EpsilonPlace.OUTSIDE_ROOT));
        double beta = spec.number("momentum", 0);
        yield beta == 0
            ? plain
            : plain.then(new Transform.Momentum(beta, MomentumForm.CLASSIC, false));
      }
      case "composed_rmsprop_inside_root" -> descent.then(rms(spec, EpsilonPlace.INSIDE_ROOT));
      case "Adagrad" ->
          descent.then(new Transform.Adagrad(spec.number("eps"), EpsilonPlace.OUTSIDE_ROOT));
      case "Adam" -> descent.then(adam(spec));
      case "AdamW" ->
          descent.then(adam(spec)).then(new Transform.WeightDecay(spec.number("weight_decay")));
      case "composed_adam_inside_root" ->
          descent.then(
              new Transform.Adam(
                  spec.number("beta1"),
                  spec.number("beta2"),
                  spec.number("eps"),
                  EpsilonPlace.INSIDE_ROOT));
      case "composed_nadam" -> Optimizer.nadam(rate);
      case "composed_lion" -> Optimizer.lion(rate, spec.number("weight_decay"));
      default -> throw new IllegalArgumentException(spec.name());
    };
  }

  private static Optimizer sgd(Spec spec, double rate) {
    double beta = spec.number("momentum", 0);
    if (spec.has("nesterov")) {
      return Optimizer.nesterov(rate, beta);
    }
    return beta == 0 ? Optimizer.sgd(rate) : Optimizer.momentum(rate, beta, MomentumForm.CLASSIC);
  }

  private static Optimizer clipped(Spec spec, Optimizer optimizer) {
    Optimizer byValue =
        spec.has("clip_value") ? optimizer.withClipValue(spec.number("clip_value")) : optimizer;
    return spec.has("clip_norm") ? byValue.withClipNorm(spec.number("clip_norm")) : byValue;
  }

  private static Transform rms(Spec spec, EpsilonPlace place) {
    return new Transform.Rms(spec.number("alpha"), spec.number("eps"), place);
  }

  private static Transform adam(Spec spec) {
    double epsilon = spec.number("eps");
    return spec.has("amsgrad")
        ? new Transform.AmsGrad(0.9, 0.999, epsilon, EpsilonPlace.OUTSIDE_ROOT)
        : new Transform.Adam(0.9, 0.999, epsilon, EpsilonPlace.OUTSIDE_ROOT);
  }
}
