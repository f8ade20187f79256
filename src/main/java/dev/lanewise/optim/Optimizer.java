package dev.lanewise.optim;

import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The description of an optimiser: links that turn the gradient into an update u, the learning rate
 * α of θ := θ − α·u, and factors on it for single tensors. Immutable; holds no state.
 *
 * @param transforms the links in order; none for gradient descent. {@link
 *     Transform.ClipByGlobalNorm} stands first
 * @param schedule the learning rate
 * @param rates the factors of single tensors
 */
public record Optimizer(List<Transform> transforms, Schedule schedule, Rates rates) {

  /**
   * Creates a description.
   *
   * @throws IllegalArgumentException if clipping by the global norm stands behind another link
   */
  public Optimizer {
    transforms = List.copyOf(Objects.requireNonNull(transforms, "transforms"));
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(rates, "rates");
    for (int i = 1; i < transforms.size(); i++) {
      if (transforms.get(i) instanceof Transform.ClipByGlobalNorm) {
        throw new IllegalArgumentException(
            "transforms: %s behind %s; expected it to be first"
                .formatted(transforms.get(i), transforms.get(i - 1)));
      }
    }
  }

  /**
   * Creates a description without factors of single tensors.
   *
   * @param transforms the links in order; none for gradient descent. {@link
   *     Transform.ClipByGlobalNorm} stands first
   * @param schedule the learning rate
   * @throws IllegalArgumentException if clipping by the global norm stands behind another link
   */
  public Optimizer(List<Transform> transforms, Schedule schedule) {
    this(transforms, schedule, Rates.NONE);
  }

  /**
   * {@return gradient descent: θ := θ − α·g}
   *
   * @param rate α, above 0
   */
  public static Optimizer sgd(double rate) {
    return new Optimizer(List.of(), new Schedule.Constant(rate));
  }

  /**
   * {@return gradient descent with momentum (Polyak 1964): v := β·v + g, or β·v + (1 − β)·g, then θ
   * := θ − α·v}
   *
   * @param rate α, above 0
   * @param beta β, in [0, 1); 0.9 is usual
   * @param form how the new gradient is weighed
   */
  public static Optimizer momentum(double rate, double beta, MomentumForm form) {
    return sgd(rate).then(new Transform.Momentum(beta, form, false));
  }

  /**
   * {@return Nesterov's momentum in the form of Sutskever et al. (2013): v := β·v + g, then θ := θ
   * − α·(g + β·v)}
   *
   * @param rate α, above 0
   * @param beta β, in [0, 1); 0.9 is usual
   */
  public static Optimizer nesterov(double rate, double beta) {
    return sgd(rate).then(new Transform.Momentum(beta, MomentumForm.CLASSIC, true));
  }

  /**
   * {@return RMSprop (Tieleman and Hinton 2012): s := β·s + (1 − β)·g², then θ := θ − α·g/(√s + ε),
   * with β = 0.9 and ε = 1e-8}
   *
   * @param rate α, above 0
   */
  public static Optimizer rmsprop(double rate) {
    return sgd(rate).then(new Transform.Rms(0.9, 1e-8, EpsilonPlace.OUTSIDE_ROOT));
  }

  /**
   * {@return RMSprop with momentum on its steps: v := β·v + g/(√s + ε), then θ := θ − α·v; see
   * {@link #rmsprop(double)}}
   *
   * @param rate α, above 0
   * @param beta β of the momentum, in [0, 1); 0.9 is usual
   */
  public static Optimizer rmsprop(double rate, double beta) {
    return rmsprop(rate).then(new Transform.Momentum(beta, MomentumForm.CLASSIC, false));
  }

  /**
   * {@return Adagrad (Duchi et al. 2011): s := s + g², then θ := θ − α·g/(√s + ε) with ε = 1e-10}
   *
   * @param rate α, above 0; 0.01 is usual
   */
  public static Optimizer adagrad(double rate) {
    return sgd(rate).then(new Transform.Adagrad(1e-10, EpsilonPlace.OUTSIDE_ROOT));
  }

  /**
   * {@return Adam (Kingma and Ba 2015): θ := θ − α·m̂/(√ŝ + ε) with β₁ = 0.9, β₂ = 0.999 and ε =
   * 1e-8; see {@link Transform.Adam}}
   *
   * @param rate α, above 0; 0.001 is usual
   */
  public static Optimizer adam(double rate) {
    return sgd(rate).then(new Transform.Adam());
  }

  /**
   * {@return AdamW (Loshchilov and Hutter 2019): θ := θ − α·(m̂/(√ŝ + ε) + λ·θ), with Adam's
   * constants; biases, scales and shifts are not decayed}
   *
   * @param rate α, above 0; 0.001 is usual
   * @param decay λ, at least 0; 0.01 is usual
   */
  public static Optimizer adamW(double rate, double decay) {
    return adam(rate).then(new Transform.WeightDecay(decay));
  }

  /**
   * {@return AMSGrad (Reddi et al. 2018) with Adam's constants and corrections; see {@link
   * Transform.AmsGrad}}
   *
   * @param rate α, above 0; 0.001 is usual
   */
  public static Optimizer amsgrad(double rate) {
    return sgd(rate).then(new Transform.AmsGrad());
  }

  /**
   * {@return NAdam (Dozat 2016) with Adam's constants; see {@link Transform.NAdam}}
   *
   * @param rate α, above 0; 0.002 is usual
   */
  public static Optimizer nadam(double rate) {
    return sgd(rate).then(new Transform.NAdam());
  }

  /**
   * {@return Lion (Chen et al. 2023): θ := θ − α·(sign(β₁·m + (1 − β₁)·g) + λ·θ) with β₁ = 0.9 and
   * β₂ = 0.99; biases, scales and shifts are not decayed}
   *
   * @param rate α, above 0; a third to a tenth of AdamW's, 0.0001 is usual
   * @param decay λ, at least 0; three to ten times AdamW's, so that α·λ stays
   */
  public static Optimizer lion(double rate, double decay) {
    return sgd(rate).then(new Transform.Lion()).then(new Transform.WeightDecay(decay));
  }

  /**
   * {@return this optimiser with one more link at the end, which takes the update that the others
   * made}
   *
   * @param transform the link
   */
  public Optimizer then(Transform transform) {
    List<Transform> chain = new ArrayList<>(transforms);
    chain.add(Objects.requireNonNull(transform, "transform"));
    return new Optimizer(chain, schedule, rates);
  }

  /**
   * {@return this optimiser behind a link that scales the gradient down to a length; see {@link
   * Transform.ClipByGlobalNorm}}
   *
   * @param maximum the largest length, above 0
   */
  public Optimizer withClipNorm(double maximum) {
    List<Transform> chain = new ArrayList<>(transforms);
    chain.addFirst(new Transform.ClipByGlobalNorm(maximum));
    return new Optimizer(chain, schedule, rates);
  }

  /**
   * {@return this optimiser behind a link that limits each element of the gradient; a clipping by
   * norm stays before it}
   *
   * @param maximum the largest magnitude, above 0
   */
  public Optimizer withClipValue(double maximum) {
    boolean byNorm =
        !transforms.isEmpty() && transforms.getFirst() instanceof Transform.ClipByGlobalNorm;
    List<Transform> chain = new ArrayList<>(transforms);
    chain.add(byNorm ? 1 : 0, new Transform.ClipByValue(maximum));
    return new Optimizer(chain, schedule, rates);
  }

  /**
   * {@return this optimiser with another learning rate}
   *
   * @param other the schedule
   */
  public Optimizer withSchedule(Schedule other) {
    return new Optimizer(transforms, other, rates);
  }

  /**
   * {@return this optimiser with other factors of single tensors}
   *
   * @param other the factors, in place of those there are
   */
  public Optimizer withRates(Rates other) {
    return new Optimizer(transforms, schedule, other);
  }

  /** {@return the components; the factors only if there are any} */
  @Override
  public String toString() {
    return "Optimizer[transforms=%s, schedule=%s%s]"
        .formatted(transforms, schedule, rates.rules().isEmpty() ? "" : ", rates=" + rates);
  }
}
