package dev.lanewise.jmh.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores, loss and gradients of one batch.
 *
 * @param name the file's name
 * @param modules the modules in order
 * @param loss the loss
 * @param targets what the targets are
 * @param classWeights weights of the classes, or of the one positive class; none if empty
 * @param penalty {@code weights l1=… l2=…}; none if empty
 */
record GradientCase(
    String name,
    List<String> modules,
    String loss,
    Targets targets,
    List<Double> classWeights,
    String penalty) {

  private static final int ROWS = 12;

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    cases.addAll(activations());
    cases.addAll(losses());
    cases.addAll(norms());
    cases.addAll(tables());
    return cases;
  }

  private static GradientCase of(String name, List<String> modules, String loss, Targets targets) {
    return new GradientCase(name, modules, loss, targets, List.of(), "");
  }

  private GradientCase weighted(Double... weights) {
    return new GradientCase(name, modules, loss, targets, List.of(weights), penalty);
  }

  private GradientCase penalized(String other) {
    return new GradientCase(name, modules, loss, targets, classWeights, other);
  }

  private static List<GradientCase> activations() {
    List<GradientCase> cases = new ArrayList<>();
    for (String activation :
        List.of(
            "relu",
            "leaky_relu negative_slope=0.125",
            "elu alpha=1",
            "elu alpha=0.75",
            "selu",
            "gelu approximate=none",
            "gelu approximate=tanh",
            "silu",
            "mish",
            "softplus",
            "tanh",
            "sigmoid")) {
      List<String> modules =
          List.of(
              "linear in=4 out=11",
              activation,
              "linear in=11 out=6",
              activation,
              "linear in=6 out=3");
      String name = "activation-" + activation.replaceAll("[ =_]", "-");
      cases.add(of(name, modules, "cross_entropy", Targets.CLASSES));
    }
    for (String blended : List.of("selu", "mish")) {
      List<String> modules =
          List.of(
              "linear in=4 out=11",
              "composed_blend of=%s n=11".formatted(blended),
              "linear in=11 out=6",
              "composed_blend of=%s n=6".formatted(blended),
              "linear in=6 out=3");
      cases.add(of("blend-" + blended, modules, "cross_entropy", Targets.CLASSES));
    }
    cases.add(of("linear", List.of("linear in=4 out=3"), "cross_entropy", Targets.CLASSES));
    return cases;
  }

  private static List<String> hidden(int scores) {
    return List.of("linear in=4 out=11", "tanh", "linear in=11 out=" + scores);
  }

  private static List<GradientCase> losses() {
    return List.of(
        of("loss-shares", hidden(3), "cross_entropy", Targets.SHARES),
        of("loss-smoothed", hidden(3), "cross_entropy label_smoothing=0.125", Targets.CLASSES),
        of("loss-shares-smoothed", hidden(3), "cross_entropy label_smoothing=0.25", Targets.SHARES),
        of("loss-class-weights", hidden(3), "cross_entropy", Targets.CLASSES)
            .weighted(0.5, 2.0, 1.25),
        of("loss-binary", hidden(1), "binary_cross_entropy_with_logits", Targets.LABELS),
        of("loss-labels", hidden(5), "binary_cross_entropy_with_logits", Targets.LABELS),
        of("loss-positive-weight", hidden(1), "binary_cross_entropy_with_logits", Targets.LABELS)
            .weighted(3.0),
        of("loss-squared", hidden(1), "mse_loss", Targets.NUMBERS),
        of("loss-squared-4", hidden(4), "mse_loss", Targets.NUMBERS),
        of("loss-absolute", hidden(4), "l1_loss", Targets.NUMBERS),
        of("loss-quantile", hidden(2), "composed_quantile tau=0.25", Targets.NUMBERS),
        of("loss-huber", hidden(4), "huber_loss delta=0.75", Targets.NUMBERS),
        of("loss-smooth-l1", hidden(4), "smooth_l1_loss beta=0.5", Targets.NUMBERS),
        of("loss-poisson", hidden(2), "poisson_nll_loss", Targets.COUNTS),
        of("penalty-l2", hidden(3), "cross_entropy", Targets.CLASSES)
            .penalized("weights l2=0.03125"),
        of("penalty-l1", hidden(3), "cross_entropy", Targets.CLASSES)
            .penalized("weights l1=0.0625"),
        of("penalty-elastic-net", hidden(3), "cross_entropy", Targets.CLASSES)
            .penalized("weights l1=0.0625 l2=0.25"));
  }

  private static List<GradientCase> norms() {
    String batchNorm = "batch_norm n=%d eps=1.0E-5 momentum=0.125";
    String layerNorm = "layer_norm n=%d eps=1.0E-5";
    return List.of(
        of("batch-norm", normalized(batchNorm, "relu"), "cross_entropy", Targets.CLASSES),
        of(
            "batch-norm-gelu",
            normalized(batchNorm, "gelu approximate=none"),
            "mse_loss",
            Targets.NUMBERS),
        of(
            "batch-norm-epsilon",
            normalized(batchNorm.replace("1.0E-5", "0.125"), "tanh"),
            "cross_entropy",
            Targets.CLASSES),
        of("layer-norm", normalized(layerNorm, "relu"), "cross_entropy", Targets.CLASSES),
        of("layer-norm-silu", normalized(layerNorm, "silu"), "mse_loss", Targets.NUMBERS),
        of(
            "layer-norm-epsilon",
            normalized(layerNorm.replace("1.0E-5", "0.125"), "tanh"),
            "cross_entropy",
            Targets.CLASSES),
        of(
            "dropout",
            List.of(
                "dropout n=4 p=0.125",
                "linear in=4 out=11",
                "relu",
                "dropout n=11 p=0.25",
                "linear in=11 out=6",
                "tanh",
                "dropout n=6 p=0.5",
                "linear in=6 out=3"),
            "cross_entropy",
            Targets.CLASSES));
  }

  private static List<GradientCase> tables() {
    return List.of(
        embedding(
            "categories", "pass=2,0 categories=1,3 values=4,3 size=2", 2 + 2 * 2, "cross_entropy"),
        embedding("periodic", "pass=2,1 periodic=3,0 frequencies=5 size=3", 2 + 2 * 4, "mse_loss"),
        embedding("piecewise", "piecewise=3,0,1,2 bins=4 size=3", 4 * 3, "mse_loss"),
        embedding(
            "all",
            "pass=0 periodic=3 frequencies=5 piecewise=1 bins=4 categories=2 values=5 size=3",
            1 + 4 + 3 + 3,
            "cross_entropy"),
        of(
            "embedding-members",
            List.of(
                "composed_embedding pass=0 piecewise=3,1 bins=4 categories=2 values=5 size=3",
                "composed_scale n=10 drawn=true",
                "composed_members n=10 k=4",
                "linear in=10 out=7",
                "composed_blend of=selu n=7",
                "linear in=7 out=6",
                "composed_blend of=selu n=6",
                "composed_heads k=4 in=6 out=3"),
            "cross_entropy",
            Targets.CLASSES),
        of("members", members(3), "cross_entropy", Targets.CLASSES),
        of("members-binary", members(1), "binary_cross_entropy_with_logits", Targets.LABELS),
        of("members-squared", members(2), "mse_loss", Targets.NUMBERS));
  }

  private static GradientCase embedding(String name, String options, int columns, String loss) {
    List<String> modules =
        List.of(
            "composed_embedding " + options,
            "linear in=%d out=6".formatted(columns),
            "tanh",
            "linear in=6 out=3");
    Targets targets = loss.equals("mse_loss") ? Targets.NUMBERS : Targets.CLASSES;
    return of("embedding-" + name, modules, loss, targets);
  }

  private static List<String> members(int scores) {
    return List.of(
        "composed_members n=4 k=3",
        "linear in=4 out=7",
        "mish",
        "composed_heads k=3 in=7 out=" + scores);
  }

  private static List<String> normalized(String norm, String activation) {
    boolean batch = norm.startsWith("batch");
    return List.of(
        "linear in=4 out=11" + (batch ? " bias=false" : ""),
        norm.formatted(11),
        activation,
        "linear in=11 out=6" + (batch ? " bias=false" : ""),
        norm.formatted(6),
        activation,
        "linear in=6 out=3");
  }

  /** Computes the case. */
  VectorFile compute() {
    try (PointerScope _ = new PointerScope()) {
      Random random = new Random(name.hashCode());
      Stack stack = new Stack(modules, ROWS, random.nextLong());
      Spec last = Spec.parse(modules.getLast());
      double[] features = Doubles.normals(random, ROWS * 4, 0, 1.5);
      stack.drawCategories(features, 4, random);
      Tensor x = Doubles.tensor(features, ROWS, 4);
      Tensor y = targets.draw(ROWS, (int) last.whole("out"), random);
      VectorFile file =
          new VectorFile("scores, loss and gradients of one batch")
              .describe("module", modules)
              .describe("loss", loss);
      if (!penalty.isEmpty()) {
        file.describe("penalty", penalty);
      }
      stack.parameters().forEach(file::add);
      stack.buffers().forEach(file::add);
      file.add("x", x).add("y", y);
      Tensor weights = null;
      if (!classWeights.isEmpty()) {
        double[] values = classWeights.stream().mapToDouble(w -> w).toArray();
        weights = Doubles.tensor(values, values.length);
        file.add("class_weights", weights);
      }
      Spec objective = Spec.parse(this.loss);
      int members = stack.members();
      file.add(
          "eval.scores",
          Objective.merged(objective, stack.evaluate(x, "running_var").detach(), members));
      Tensor scores = stack.train(x);
      file.add("train.scores", scores.detach());
      Tensor loss =
          Objective.loss(
              objective,
              scores,
              y.repeat_interleave(members, new LongOptional(0), new LongOptional()),
              weights);
      file.add("loss", loss.detach());
      if (!penalty.isEmpty()) {
        Tensor part = Objective.penalty(Spec.parse(penalty), stack.weights());
        file.add("penalty", part.detach());
        loss = loss.add(part);
      }
      loss.backward();
      stack.parameters().forEach((tensor, p) -> file.add("grad." + tensor, p.grad()));
      return file;
    }
  }
}
