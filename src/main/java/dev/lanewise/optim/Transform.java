package dev.lanewise.optim;

import java.util.Objects;
import java.util.Optional;

/**
 * One link of an {@link Optimizer}: a change of the update u, which enters the first link as the
 * gradient g. Immutable; the state that a link keeps between steps belongs to the training.
 *
 * <p>State starts at 0. Constants are rounded to {@code float} once; 1 − β and the bias corrections
 * 1/(1 − βᵗ) are computed in {@code double} first.
 */
public sealed interface Transform {

  /** How momentum weighs the new gradient. */
  enum MomentumForm {
    /** v = β·v + u. */
    CLASSIC,
    /**
     * v = β·v + (1 − β)·u, the exponentially weighted moving average: CLASSIC with a rate of 1 − β
     * times as much.
     */
    EWMA
  }

  /** Where ε stands in the divisor of a step. */
  enum EpsilonPlace {
    /** √(s + ε). */
    INSIDE_ROOT,
    /** √s + ε. */
    OUTSIDE_ROOT
  }

  /**
   * Momentum (Polyak 1964): u becomes the velocity v, or with Nesterov's look-ahead (Sutskever et
   * al. 2013) what v will be after another step with the same gradient: β·v + u, or β·v + (1 − β)·u
   * in the averaging form.
   *
   * @param beta β, the share of the old velocity that stays, in [0, 1)
   * @param form how the new gradient is weighed
   * @param nesterov whether to look ahead
   */
  record Momentum(double beta, MomentumForm form, boolean nesterov) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if β is outside [0, 1)
     */
    public Momentum {
      checkBeta("beta", beta);
      Objects.requireNonNull(form, "form");
    }
  }

  /**
   * Division by a running root mean square (Tieleman and Hinton 2012): s = β·s + (1 − β)·u², then
   * u/(√s + ε) or u/√(s + ε).
   *
   * @param beta β, the share of the old mean square that stays, in [0, 1)
   * @param epsilon ε, above 0
   * @param place where ε stands
   */
  record Rms(double beta, double epsilon, EpsilonPlace place) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Rms {
      checkBeta("beta", beta);
      checkPositive("epsilon", epsilon);
      Objects.requireNonNull(place, "place");
    }
  }

  /**
   * Adam (Kingma and Ba 2015): m = β₁·m + (1 − β₁)·u and s = β₂·s + (1 − β₂)·u²; in step t, counted
   * from 1, u becomes m̂/(√ŝ + ε) or m̂/√(ŝ + ε) with m̂ = m/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ). The
   * corrected values are never written back.
   *
   * @param beta1 β₁, in [0, 1)
   * @param beta2 β₂, in [0, 1)
   * @param epsilon ε, above 0
   * @param place where ε stands
   */
  record Adam(double beta1, double beta2, double epsilon, EpsilonPlace place) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Adam {
      checkBeta("beta1", beta1);
      checkBeta("beta2", beta2);
      checkPositive("epsilon", epsilon);
      Objects.requireNonNull(place, "place");
    }

    /**
     * Creates the link with the paper's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8 outside the root.
     */
    public Adam() {
      this(0.9, 0.999, 1e-8, EpsilonPlace.OUTSIDE_ROOT);
    }
  }

  /**
   * AMSGrad (Reddi et al. 2018) with Adam's corrections, as PyTorch has it: m and s as {@link Adam}
   * keeps them, ŝ = max(s₁ … s_t)/(1 − β₂ᵗ), and u becomes m̂/(√ŝ + ε) or m̂/√(ŝ + ε). The maximum
   * is taken of the mean squares before they are corrected; the paper itself corrects nothing.
   *
   * @param beta1 β₁, in [0, 1)
   * @param beta2 β₂, in [0, 1)
   * @param epsilon ε, above 0
   * @param place where ε stands
   */
  record AmsGrad(double beta1, double beta2, double epsilon, EpsilonPlace place)
      implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public AmsGrad {
      checkBeta("beta1", beta1);
      checkBeta("beta2", beta2);
      checkPositive("epsilon", epsilon);
      Objects.requireNonNull(place, "place");
    }

    /** Creates the link with Adam's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8 outside the root. */
    public AmsGrad() {
      this(0.9, 0.999, 1e-8, EpsilonPlace.OUTSIDE_ROOT);
    }
  }

  /**
   * NAdam, Adam with Nesterov's look-ahead (Dozat 2016), with the same β₁ in every step: m and s as
   * {@link Adam} keeps them, and u becomes m̄/(√ŝ + ε) or m̄/√(ŝ + ε) with m̄ = β₁·m/(1 − β₁ᵗ⁺¹) +
   * (1 − β₁)·u/(1 − β₁ᵗ) and ŝ = s/(1 − β₂ᵗ). PyTorch and Keras let β₁ grow over the first steps
   * instead.
   *
   * @param beta1 β₁, in [0, 1)
   * @param beta2 β₂, in [0, 1)
   * @param epsilon ε, above 0
   * @param place where ε stands
   */
  record NAdam(double beta1, double beta2, double epsilon, EpsilonPlace place)
      implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public NAdam {
      checkBeta("beta1", beta1);
      checkBeta("beta2", beta2);
      checkPositive("epsilon", epsilon);
      Objects.requireNonNull(place, "place");
    }

    /** Creates the link with Adam's constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8 outside the root. */
    public NAdam() {
      this(0.9, 0.999, 1e-8, EpsilonPlace.OUTSIDE_ROOT);
    }
  }

  /**
   * Division by the root of all squares so far (Duchi et al. 2011): s = s + u², then u/(√s + ε) or
   * u/√(s + ε). s never falls, so the steps get shorter and shorter.
   *
   * @param epsilon ε, above 0
   * @param place where ε stands
   */
  record Adagrad(double epsilon, EpsilonPlace place) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Adagrad {
      checkPositive("epsilon", epsilon);
      Objects.requireNonNull(place, "place");
    }
  }

  /**
   * Lion (Chen et al. 2023): u becomes sign(β₁·m + (1 − β₁)·u), then m = β₂·m + (1 − β₂)·u with the
   * u that came in; the sign of 0 is 0. Every parameter moves by the learning rate, or not at all.
   *
   * @param beta1 β₁, the share of the old mean in the direction, in [0, 1)
   * @param beta2 β₂, the share of the old mean that stays, in [0, 1)
   */
  record Lion(double beta1, double beta2) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if β₁ or β₂ is outside [0, 1)
     */
    public Lion {
      checkBeta("beta1", beta1);
      checkBeta("beta2", beta2);
    }

    /** Creates the link with the paper's constants: β₁ = 0.9, β₂ = 0.99. */
    public Lion() {
      this(0.9, 0.99);
    }
  }

  /**
   * Decoupled weight decay (Loshchilov and Hutter 2019): u + λ·θ, for weights only unless {@link
   * Rates} say otherwise. Not the gradient of a penalty: links before this one do not see it.
   *
   * @param lambda λ, finite and at least 0; a step shrinks the weights by the learning rate times λ
   * @param factor what λ is multiplied with in a step, as a schedule of its own, if any
   */
  record WeightDecay(double lambda, Optional<Schedule> factor) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if λ is negative or not finite as a float
     */
    public WeightDecay {
      if (!(lambda >= 0 && (float) lambda < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "lambda: %s; expected a finite number >= 0".formatted(lambda));
      }
      Objects.requireNonNull(factor, "factor");
    }

    /**
     * Creates the link with the same λ in every step.
     *
     * @param lambda λ, finite and at least 0
     * @throws IllegalArgumentException if λ is negative or not finite as a float
     */
    public WeightDecay(double lambda) {
      this(lambda, Optional.empty());
    }

    /**
     * {@return this link with a factor on λ that changes with epochs or, within {@link
     * Schedule.PerStep}, with steps}
     *
     * @param schedule the factor; it often begins with 1 and falls. A rate that is changed by hand
     *     does not change it
     */
    public WeightDecay withFactor(Schedule schedule) {
      return new WeightDecay(lambda, Optional.of(Objects.requireNonNull(schedule, "schedule")));
    }

    /** {@return the components; the factor only if there is one} */
    @Override
    public String toString() {
      return "WeightDecay[lambda=%s%s]"
          .formatted(lambda, factor.map(schedule -> ", factor=" + schedule).orElse(""));
    }
  }

  /**
   * Each element limited to [−maximum, maximum].
   *
   * @param maximum the largest magnitude, above 0
   */
  record ClipByValue(double maximum) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if the maximum is not above 0
     */
    public ClipByValue {
      checkPositive("maximum", maximum);
    }
  }

  /**
   * The whole gradient scaled down to a length (Pascanu et al. 2013): u·maximum/‖g‖ where ‖g‖,
   * taken over all that is trained, exceeds the maximum. Stands first in an optimiser, because it
   * has to see the whole gradient before any other link runs.
   *
   * @param maximum the largest length, above 0
   */
  record ClipByGlobalNorm(double maximum) implements Transform {
    /**
     * Creates the link.
     *
     * @throws IllegalArgumentException if the maximum is not above 0
     */
    public ClipByGlobalNorm {
      checkPositive("maximum", maximum);
    }
  }

  private static void checkBeta(String name, double beta) {
    if (!(beta >= 0 && beta < 1)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a number in [0, 1)".formatted(name, beta));
    }
  }

  /** Refuses what is not a positive, finite float. */
  private static void checkPositive(String name, double value) {
    if (!((float) value > 0 && (float) value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a finite number above 0".formatted(name, value));
    }
  }
}
