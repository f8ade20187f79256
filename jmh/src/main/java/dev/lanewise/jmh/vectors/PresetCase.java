package dev.lanewise.jmh.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.Tensor;

/**
 * The first steps of the small preset for tables in the form of its paper (Holzmüller, Grinsztajn
 * and Steinwart 2024), which the engine's is another parametrisation of: a dense layer is W·x/√in +
 * b with entries of W of variance 1, all W have one learning rate, and two classes have two outputs
 * of softmax. The rate goes through four cycles; the steps shown first are in them, the last in the
 * fourth, beyond three of its valleys.
 *
 * <p>Steps of Adam do not depend on the size of a gradient but for ε. A tensor whose gradient here
 * is c times the engine's has c·ε, so that the steps are the engine's with ε for all; those with
 * one ε for all here, as the paper has it, are taken as well.
 *
 * @param name the file's name
 * @param outputs the scores of a row
 * @param activation the module behind each hidden layer
 * @param loss the loss
 * @param targets what the targets are
 * @param lossFactor what the loss is multiplied with to be the engine's
 * @param rate the highest rate of a cycle
 * @param dropout the probability of dropping a hidden unit; each step has the same masks
 */
record PresetCase(
    String name,
    int outputs,
    String activation,
    String loss,
    Targets targets,
    double lossFactor,
    double rate,
    double dropout) {

  private static final int COLUMNS = 5;
  private static final int[] HIDDEN = {9, 7, 6};
  private static final int ROWS = 29;
  private static final int BATCH = 8;
  private static final int BATCHES = ROWS / BATCH; // the short one is dropped
  private static final int EPOCHS = 10;
  private static final List<Integer> SHOWN = List.of(2, 4, 10, 20);

  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.95;
  private static final double EPSILON = 1e-8;
  private static final double SCALE_FACTOR = 6;
  private static final double BIAS_FACTOR = 0.1;
  private static final int CYCLES = 4;

  static List<PresetCase> all() {
    return List.of(
        new PresetCase(
            "preset-two-classes", 2, "selu", "cross_entropy", Targets.CLASSES, 1, 0.04, 0.15),
        new PresetCase(
            "preset-three-classes", 3, "selu", "cross_entropy", Targets.CLASSES, 1, 0.04, 0.15),
        new PresetCase("preset-values", 1, "mish", "mse_loss", Targets.NUMBERS, 0.5, 0.07, 0));
  }

  private List<String> modules() {
    List<String> modules = new ArrayList<>(List.of("composed_scale n=" + COLUMNS));
    int inputs = COLUMNS;
    for (int units : HIDDEN) {
      modules.add("composed_ntk_linear in=%d out=%d".formatted(inputs, units));
      modules.add(activation);
      if (dropout > 0) {
        modules.add("dropout n=%d p=%s".formatted(units, dropout));
      }
      inputs = units;
    }
    modules.add("composed_ntk_linear in=%d out=%d zeros=true".formatted(inputs, outputs));
    return modules;
  }

  /** Takes the steps, and then the gradient of the first batch once more. */
  VectorFile compute() {
    try (PointerScope _ = new PointerScope()) {
      long seed = new Random(name.hashCode()).nextLong();
      Random random = new Random(seed);
      Tensor x = Doubles.tensor(Doubles.normals(random, ROWS * COLUMNS, 0, 1), ROWS, COLUMNS);
      Tensor y = targets.draw(ROWS, outputs, random);
      Stack stack = new Stack(modules(), BATCH, seed);
      VectorFile file =
          new VectorFile(
                  "steps on batches of %d rows in order, what is left over dropped"
                      .formatted(BATCH))
              .describe("module", modules())
              .describe("loss", loss)
              .describe("batch", "" + BATCH)
              .describe("epochs", "" + EPOCHS)
              .describe(
                  "optimizer",
                  "Adam lr=%s beta1=%s beta2=%s eps=%s scale=%s bias=%s cycles=%d"
                      .formatted(rate, BETA_1, BETA_2, EPSILON, SCALE_FACTOR, BIAS_FACTOR, CYCLES));
      stack.parameters().forEach(file::add);
      stack.buffers().forEach(file::add);
      file.add("x", x).add("y", y);
      Descent descent = new Descent(stack, true);
      for (int step = 1; step <= SHOWN.getLast(); step++) {
        Tensor loss = descent.step(x, y);
        if (SHOWN.contains(step)) {
          show(file, "step" + step + ".", stack);
          file.add("step" + step + ".loss", loss);
        }
      }
      Stack same = new Stack(modules(), BATCH, seed);
      Descent oneEpsilon = new Descent(same, false);
      for (int step = 1; step <= SHOWN.getLast(); step++) {
        oneEpsilon.step(x, y);
      }
      show(file, "one_epsilon.step" + SHOWN.getLast() + ".", same);
      file.add("scores", stack.evaluate(x, "").detach());
      file.add("loss", descent.gradients(x.narrow(0, 0, BATCH), y.narrow(0, 0, BATCH)));
      stack.parameters().forEach((tensor, p) -> file.add("grad." + tensor, p.grad()));
      return file;
    }
  }

  private static void show(VectorFile file, String prefix, Stack stack) {
    stack.parameters().forEach((tensor, p) -> file.add(prefix + tensor, p.detach()));
  }

  /** PyTorch's Adam with a group for each tensor, whose rates follow the schedule. */
  private final class Descent {
    private final Stack stack;
    private final List<Double> factors = new ArrayList<>();
    private final Adam adam;
    private int step;

    /**
     * Before the first step.
     *
     * @param engines whether each tensor has the ε that makes it go the engine's way
     */
    Descent(Stack stack, boolean engines) {
      this.stack = stack;
      List<Map.Entry<String, Tensor>> tensors = List.copyOf(stack.parameters().entrySet());
      Adam first = null;
      for (Map.Entry<String, Tensor> entry : tensors) {
        boolean weight = entry.getValue().dim() == 2;
        double root = weight ? Math.sqrt(entry.getValue().size(1)) : 1;
        AdamOptions options = options(engines ? EPSILON / (lossFactor * root) : EPSILON);
        if (first == null) {
          first = new Adam(Stepper.vector(List.of(entry.getValue())), options);
        } else {
          first.add_param_group(
              new OptimizerParamGroup(Stepper.vector(List.of(entry.getValue())), options));
        }
        factors.add(weight ? 1 : entry.getKey().endsWith(".scale") ? SCALE_FACTOR : BIAS_FACTOR);
      }
      adam = first;
    }

    private static AdamOptions options(double epsilon) {
      AdamOptions options = new AdamOptions(1);
      options.eps().put(epsilon);
      DoublePointer betas = options.betas(); // a pair of C++'s, whose second lies before its first
      if (betas.get(0) != 0.999 || betas.get(1) != 0.9) {
        throw new IllegalStateException("betas " + betas.get(0) + ", " + betas.get(1));
      }
      betas.put(0, BETA_2);
      betas.put(1, BETA_1);
      return options;
    }

    /** Takes the gradients of rows; returns their loss. */
    Tensor gradients(Tensor x, Tensor y) {
      stack.parameters().values().forEach(p -> p.mutable_grad().reset());
      Tensor value = Objective.loss(Spec.parse(loss), stack.train(x), y, null);
      value.backward();
      return value.detach();
    }

    /** Takes a step on the next batch; returns the loss before it. */
    Tensor step(Tensor x, Tensor y) {
      int from = step % BATCHES * BATCH;
      Tensor value = gradients(x.narrow(0, from, BATCH), y.narrow(0, from, BATCH));
      double t = (double) step / (EPOCHS * BATCHES);
      double cycle = Math.log(1 + ((1 << CYCLES) - 1) * t) / Math.log(2);
      double now = rate * (1 - Math.cos(2 * Math.PI * cycle)) / 2;
      for (int i = 0; i < factors.size(); i++) {
        adam.param_groups().get(i).options().set_lr(now * factors.get(i));
      }
      adam.step();
      step++;
      return value;
    }
  }
}
