package dev.lanewise.jmh.vectors;

import static dev.lanewise.jmh.vectors.Doubles.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A hundred steps on the same four batches in the same order, again and again, the last of them
 * shorter.
 *
 * @param name the file's name
 * @param modules the modules in order
 * @param optimizer the optimiser, with {@code clip_norm} or {@code clip_value} before its step and
 *     {@code shrink} or {@code max_norm} after it
 */
record TrajectoryCase(String name, List<String> modules, String optimizer) {

  private static final int ROWS = 29;
  private static final int BATCH = 8;
  private static final List<Integer> SHOWN = List.of(1, 2, 10, 100);

  static List<TrajectoryCase> all() {
    List<String> plain = List.of("linear in=4 out=7", "tanh", "linear in=7 out=3");
    List<TrajectoryCase> cases = new ArrayList<>();
    for (String line :
        List.of(
            "sgd: SGD lr=0.25",
            "sgd-decay: SGD lr=0.25 weight_decay=0.0625",
            "momentum: SGD lr=0.0625 momentum=0.9",
            "momentum-decay: SGD lr=0.0625 momentum=0.9 weight_decay=0.0625",
            "averaging-momentum: composed_averaging_momentum lr=0.5 momentum=0.9",
            "nesterov: SGD lr=0.0625 momentum=0.9 nesterov=true",
            "rmsprop: RMSprop lr=0.01 alpha=0.9 eps=1.0E-8",
            "rmsprop-momentum: RMSprop lr=0.005 alpha=0.9 eps=1.0E-8 momentum=0.9",
            "rmsprop-inside-root: composed_rmsprop_inside_root lr=0.01 alpha=0.9 eps=0.001",
            "adagrad: Adagrad lr=0.1 eps=1.0E-10",
            "adam: Adam lr=0.01 eps=1.0E-8",
            "adam-large-epsilon: Adam lr=0.05 eps=0.1",
            "adam-inside-root: composed_adam_inside_root lr=0.01 beta1=0.9 beta2=0.999 eps=0.001",
            "adam-other-betas: composed_adam_inside_root lr=0.01 beta1=0.8 beta2=0.95 eps=1.0E-6",
            "adam-l2: Adam lr=0.01 eps=1.0E-8 weight_decay=0.0625",
            "adamw: AdamW lr=0.01 eps=1.0E-8 weight_decay=0.25",
            "amsgrad: Adam lr=0.01 eps=1.0E-8 amsgrad=true",
            "nadam: composed_nadam lr=0.01 beta1=0.9 beta2=0.999 eps=1.0E-8",
            "lion: composed_lion lr=0.005 beta1=0.9 beta2=0.99 weight_decay=0.25",
            "clipped-by-norm: SGD lr=0.25 clip_norm=0.25",
            "clipped-by-value: SGD lr=0.25 clip_value=0.0625",
            "soft-threshold: SGD lr=0.25 shrink=0.03125",
            "max-norm: SGD lr=0.25 max_norm=0.75")) {
      String[] parts = line.split(": ");
      cases.add(new TrajectoryCase("steps-" + parts[0], plain, parts[1]));
    }
    String norm = "batch_norm n=%d eps=1.0E-5 momentum=0.125";
    List<String> batchNorm =
        List.of(
            "linear in=4 out=7 bias=false",
            norm.formatted(7),
            "tanh",
            "linear in=7 out=5 bias=false",
            norm.formatted(5),
            "silu",
            "linear in=5 out=3");
    cases.add(new TrajectoryCase("steps-batch-norm-sgd", batchNorm, "SGD lr=0.0625"));
    cases.add(new TrajectoryCase("steps-batch-norm-adam", batchNorm, "Adam lr=0.01 eps=1.0E-8"));
    List<String> layerNorm =
        List.of(
            "linear in=4 out=7",
            "layer_norm n=7 eps=1.0E-5",
            "gelu approximate=none",
            "linear in=7 out=3");
    cases.add(new TrajectoryCase("steps-layer-norm-adam", layerNorm, "Adam lr=0.01 eps=1.0E-8"));
    return cases;
  }

  /** Takes the steps. */
  VectorFile compute() {
    try (PointerScope _ = new PointerScope()) {
      Random random = new Random(modules.hashCode());
      Stack stack = new Stack(modules, ROWS, random.nextLong());
      Tensor x = Doubles.tensor(Doubles.normals(random, ROWS * 4, 0, 1), ROWS, 4);
      Tensor y = Targets.CLASSES.draw(ROWS, 3, random);
      VectorFile file =
          new VectorFile("steps on batches of %d rows in order, the last shorter".formatted(BATCH))
              .describe("module", modules)
              .describe("loss", "cross_entropy")
              .describe("batch", "" + BATCH)
              .describe("optimizer", optimizer);
      stack.parameters().forEach(file::add);
      stack.buffers().forEach(file::add);
      file.add("x", x).add("y", y);
      Spec spec = Spec.parse(optimizer);
      Runnable stepper = Stepper.of(spec, stack);
      int batches = Math.ceilDiv(ROWS, BATCH);
      for (int step = 1; step <= SHOWN.getLast(); step++) {
        int from = (step - 1) % batches * BATCH;
        int count = Math.min(BATCH, ROWS - from);
        Tensor loss =
            step(stack, x.narrow(0, from, count), y.narrow(0, from, count), spec, stepper);
        if (SHOWN.contains(step)) {
          show(file, "step" + step + ".", stack, x, loss);
        }
      }
      return file;
    }
  }

  private static Tensor step(Stack stack, Tensor x, Tensor y, Spec spec, Runnable stepper) {
    stack.parameters().values().forEach(p -> p.mutable_grad().reset());
    Tensor loss = Objective.loss(Spec.parse("cross_entropy"), stack.train(x), y, null);
    loss.backward();
    try (NoGradGuard _ = new NoGradGuard()) {
      clip(spec, stack);
    }
    stepper.run();
    try (NoGradGuard _ = new NoGradGuard()) {
      stack.weights().forEach(w -> project(spec, w));
    }
    return loss.detach();
  }

  private static void clip(Spec spec, Stack stack) {
    List<Tensor> parameters = List.copyOf(stack.parameters().values());
    if (spec.has("clip_value")) {
      torch.clip_grad_value_(Stepper.vector(parameters), spec.number("clip_value"));
    }
    if (spec.has("clip_norm")) { // composed: PyTorch's own adds 1e-6 to the length
      double squares = 0;
      for (Tensor p : parameters) {
        squares += p.grad().square().sum().item_double();
      }
      double factor = Math.min(1, spec.number("clip_norm") / Math.sqrt(squares));
      parameters.forEach(p -> p.grad().mul_(scalar(factor)));
    }
  }

  private static void project(Spec spec, Tensor weight) {
    if (spec.has("shrink")) {
      weight.copy_(torch.softshrink(weight, scalar(spec.number("lr") * spec.number("shrink"))));
    }
    if (spec.has("max_norm")) { // composed: PyTorch's renorm adds 1e-7 to the length
      Tensor lengths = weight.square().sum(new long[] {1}, true, new ScalarTypeOptional()).sqrt();
      Tensor limit = torch.full_like(lengths, scalar(spec.number("max_norm")));
      weight.mul_(limit.div(torch.maximum(lengths, limit)));
    }
  }

  private static void show(VectorFile file, String step, Stack stack, Tensor x, Tensor loss) {
    file.add(step + "loss", loss);
    stack.parameters().forEach((name, p) -> file.add(step + name, p.detach()));
    stack.buffers().forEach((name, b) -> file.add(step + name, b));
    if (!stack.buffers().isEmpty() && step.equals("step100.")) {
      file.add(step + "scores", stack.evaluate(x, "running_var").detach());
      file.add(step + "biased_scores", stack.evaluate(x, "biased_running_var").detach());
    }
  }
}
