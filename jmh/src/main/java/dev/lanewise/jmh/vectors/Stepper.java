package dev.lanewise.jmh.vectors;

import static dev.lanewise.jmh.vectors.Doubles.scalar;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Adagrad;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OptimizerOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's optimisers with {@code weight_decay} for matrices alone; and those that its C++ library
 * lacks, composed of its tensor operations by their papers' formulas.
 */
final class Stepper {

  private Stepper() {}

  /** {@return what does a step on the gradients that the tensors have} */
  static Runnable of(Spec spec, Stack stack) {
    if (spec.name().startsWith("composed_")) {
      return composed(spec, stack);
    }
    if (spec.name().equals("Adagrad")) { // its C++ form has no state for groups added later
      List<Tensor> all = List.copyOf(stack.parameters().values());
      Adagrad optimizer = new Adagrad(vector(all), adagrad(spec));
      return () -> optimizer.step();
    }
    TensorVector weights = vector(stack.weights());
    Optimizer optimizer =
        switch (options(spec, true)) {
          case SGDOptions sgd -> new SGD(weights, sgd);
          case RMSpropOptions rmsprop -> new RMSprop(weights, rmsprop);
          case AdamOptions adam -> new Adam(weights, adam);
          case AdamWOptions adamW -> new AdamW(weights, adamW);
          default -> throw new IllegalArgumentException(spec.name());
        };
    optimizer.add_param_group(
        new OptimizerParamGroup(vector(stack.others()), options(spec, false)));
    return () -> optimizer.step();
  }

  static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(tensors.toArray(Tensor[]::new));
  }

  private static OptimizerOptions options(Spec spec, boolean decayed) {
    return switch (spec.name()) {
      case "SGD" -> sgd(spec, decayed);
      case "RMSprop" -> rmsprop(spec, decayed);
      case "Adam" -> adam(spec, decayed);
      case "AdamW" -> adamW(spec, decayed);
      default -> throw new IllegalArgumentException(spec.name());
    };
  }

  private static double decay(Spec spec, boolean decayed) {
    return decayed ? spec.number("weight_decay", 0) : 0;
  }

  private static SGDOptions sgd(Spec spec, boolean decayed) {
    SGDOptions options = new SGDOptions(spec.number("lr"));
    options.momentum().put(spec.number("momentum", 0));
    options.nesterov().put(spec.has("nesterov"));
    options.weight_decay().put(decay(spec, decayed));
    return options;
  }

  private static RMSpropOptions rmsprop(Spec spec, boolean decayed) {
    RMSpropOptions options = new RMSpropOptions(spec.number("lr"));
    options.alpha().put(spec.number("alpha"));
    options.eps().put(spec.number("eps"));
    options.momentum().put(spec.number("momentum", 0));
    options.weight_decay().put(decay(spec, decayed));
    return options;
  }

  /** With β₁ = 0.9 and β₂ = 0.999, the defaults. */
  private static AdamOptions adam(Spec spec, boolean decayed) {
    AdamOptions options = new AdamOptions(spec.number("lr"));
    options.eps().put(spec.number("eps"));
    options.amsgrad().put(spec.has("amsgrad"));
    options.weight_decay().put(decay(spec, decayed));
    return options;
  }

  private static AdamWOptions adamW(Spec spec, boolean decayed) {
    AdamWOptions options = new AdamWOptions(spec.number("lr"));
    options.eps().put(spec.number("eps"));
    options.weight_decay().put(decay(spec, decayed));
    return options;
  }

  private static AdagradOptions adagrad(Spec spec) {
    AdagradOptions options = new AdagradOptions(spec.number("lr"));
    options.eps().put(spec.number("eps"));
    return options;
  }

  private static Runnable composed(Spec spec, Stack stack) {
    List<Moments> moments = new ArrayList<>();
    List<Tensor> decayed = stack.weights();
    stack
        .parameters()
        .values()
        .forEach(p -> moments.add(new Moments(spec, p, decayed.contains(p))));
    return () -> {
      try (NoGradGuard _ = new NoGradGuard()) {
        moments.forEach(Moments::step);
      }
    };
  }

  /** One tensor under a composed optimiser. */
  private static final class Moments {
    private final Spec spec;
    private final Tensor theta;
    private final double decay;
    private final Tensor mean;
    private final Tensor squares;
    private int step;

    Moments(Spec spec, Tensor theta, boolean decayed) {
      this.spec = spec;
      this.theta = theta;
      decay = decay(spec, decayed);
      mean = torch.zeros_like(theta.detach());
      squares = torch.zeros_like(theta.detach());
    }

    void step() {
      step++;
      Tensor g = theta.grad();
      double rate = spec.number("lr");
      Tensor update =
          switch (spec.name()) {
            // The course: v = βv + (1 − β)g.
            case "composed_averaging_momentum" -> average(mean, "momentum", g);
            // The course: S = βS + (1 − β)g², g/√(S + ε).
            case "composed_rmsprop_inside_root" ->
                g.div(average(squares, "alpha", g.square()).add(epsilon()).sqrt());
            case "composed_adam_inside_root" ->
                corrected(average(mean, "beta1", g), "beta1", step)
                    .div(secondMoment(g).add(epsilon()).sqrt());
            case "composed_nadam" -> nadam(g);
            case "composed_lion" -> lion(g);
            default -> throw new IllegalArgumentException(spec.name());
          };
      Tensor decrease = update.add(theta.mul(scalar(decay))).mul(scalar(rate));
      theta.sub_(decrease);
    }

    private Scalar epsilon() {
      return scalar(spec.number("eps"));
    }

    private Tensor average(Tensor state, String option, Tensor fresh) {
      double beta = spec.number(option);
      return state.mul_(scalar(beta)).add_(fresh, scalar(1 - beta));
    }

    private Tensor corrected(Tensor average, String option, int steps) {
      return average.div(scalar(1 - Math.pow(spec.number(option), steps)));
    }

    private Tensor secondMoment(Tensor g) {
      return corrected(average(squares, "beta2", g.square()), "beta2", step);
    }

    /** Dozat (2016) with a constant μ = β₁: m̄ = μ·m/(1 − μᵗ⁺¹) + (1 − μ)·g/(1 − μᵗ). */
    private Tensor nadam(Tensor g) {
      double beta = spec.number("beta1");
      Tensor ahead = corrected(average(mean, "beta1", g), "beta1", step + 1).mul(scalar(beta));
      Tensor now = corrected(g, "beta1", step).mul(scalar(1 - beta));
      return ahead.add(now).div(secondMoment(g).sqrt().add(epsilon()));
    }

    /** Chen et al. (2023), algorithm 2: the sign of one average, then another is kept. */
    private Tensor lion(Tensor g) {
      double beta = spec.number("beta1");
      Tensor direction = mean.mul(scalar(beta)).add(g, scalar(1 - beta)).sign();
      average(mean, "beta2", g);
      return direction;
    }
  }
}
