package dev.lanewise.jmh.vectors;

import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.LBFGSOptions;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.StringOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Where PyTorch's L-BFGS ends on a convex cost, softmax regression with an L2 penalty on the
 * weights. Line searches differ from library to library, so that steps cannot be compared; the
 * minimum can, being one. (Biases are determined up to a common number, which descent from 0 does
 * not move.)
 */
final class MinimumCase {

  private static final int ROWS = 29;
  private static final String PENALTY = "weights l2=0.0625";

  private MinimumCase() {}

  /** What L-BFGS calls for value and gradient. */
  private static final class Closure extends LossClosure {
    private final Stack stack;
    private final Tensor x;
    private final Tensor y;

    Closure(Stack stack, Tensor x, Tensor y) {
      this.stack = stack;
      this.x = x;
      this.y = y;
    }

    @Override
    public Tensor call() {
      stack.parameters().values().forEach(p -> p.mutable_grad().reset());
      Tensor cost = cost(stack, x, y);
      cost.backward();
      return cost;
    }
  }

  private static Tensor cost(Stack stack, Tensor x, Tensor y) {
    return Objective.loss(Spec.parse("cross_entropy"), stack.train(x), y, null)
        .add(Objective.penalty(Spec.parse(PENALTY), stack.weights()));
  }

  static VectorFile compute() {
    try (PointerScope _ = new PointerScope()) {
      Random random = new Random(4);
      List<String> modules = List.of("linear in=4 out=3");
      Stack stack = new Stack(modules, ROWS, random.nextLong());
      stack.parameters().values().forEach(p -> p.detach().zero_());
      Tensor x = Doubles.tensor(Doubles.normals(random, ROWS * 4, 0, 1), ROWS, 4);
      Tensor y = Targets.CLASSES.draw(ROWS, 3, random);
      VectorFile file =
          new VectorFile("the minimum of a convex cost")
              .describe("module", modules)
              .describe("loss", "cross_entropy")
              .describe("penalty", PENALTY)
              .add("x", x)
              .add("y", y);
      LBFGSOptions options = new LBFGSOptions(1);
      options.max_iter().put(200);
      options.tolerance_grad().put(1e-13);
      options.tolerance_change().put(0);
      options.line_search_fn().put(new StringOptional("strong_wolfe"));
      new LBFGS(Stepper.vector(List.copyOf(stack.parameters().values())), options)
          .step(new Closure(stack, x, y));
      file.add("minimum.cost", cost(stack, x, y).detach());
      stack.parameters().forEach((name, p) -> file.add("minimum." + name, p.detach()));
      return file;
    }
  }
}
