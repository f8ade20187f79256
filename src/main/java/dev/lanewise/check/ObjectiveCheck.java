package dev.lanewise.check;

import dev.lanewise.check.GradientReport.Precision;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Compares a claimed gradient of any objective with its finite differences, component by component.
 *
 * <p>The objective's kinks are not known. With {@link GradientCheck.Difference#FOUR_POINT}, a
 * component is taken for one, counted and skipped, where the slopes to the left and to the right
 * differ however short the step; the other rules compare every component.
 *
 * <p>Costs one evaluation, and four for each component, more where the objective bends sharply or
 * not at all. Immutable; safe for use by several threads if the objective is.
 */
public final class ObjectiveCheck {

  private final ToDoubleFunction<double[]> objective;
  private final CheckOptions options;

  private ObjectiveCheck(ToDoubleFunction<double[]> objective, CheckOptions options) {
    this.objective = Objects.requireNonNull(objective, "objective");
    this.options = options;
  }

  /**
   * {@return a check for gradients of an objective}
   *
   * @param objective the function; it must not keep or change its argument
   */
  public static ObjectiveCheck of(ToDoubleFunction<double[]> objective) {
    return new ObjectiveCheck(objective, CheckOptions.STANDARD);
  }

  /**
   * {@return this check with another rule, as in {@link GradientCheck#withDifference}}
   *
   * @param difference the rule
   */
  public ObjectiveCheck withDifference(GradientCheck.Difference difference) {
    return new ObjectiveCheck(objective, options.with(difference));
  }

  /**
   * {@return this check with another step, as in {@link GradientCheck#withStep}}
   *
   * @param step the step for a component of at most 1; in (0, 1]
   * @throws IllegalArgumentException if the step is not in (0, 1]
   */
  public ObjectiveCheck withStep(double step) {
    return new ObjectiveCheck(objective, options.withStep(step));
  }

  /**
   * {@return this check for some of the components, as in {@link GradientCheck#withSample}}
   *
   * @param components how many, at least 1
   * @param seed the seed of the draw
   * @throws IllegalArgumentException if the number is below 1
   */
  public ObjectiveCheck withSample(int components, long seed) {
    return new ObjectiveCheck(objective, options.with(new Sample(components, seed)));
  }

  /**
   * {@return this check with another limit of kinks, as in {@link GradientCheck#withKinkLimit}}
   *
   * @param share a number in [0, 1]
   * @throws IllegalArgumentException if the share is not in [0, 1]
   */
  public ObjectiveCheck withKinkLimit(double share) {
    return new ObjectiveCheck(objective, options.withKinkLimit(share));
  }

  /**
   * Checks a claimed gradient.
   *
   * @param theta where, at least one component
   * @param claimed the claimed gradient
   * @return how far it is from differences, as one tensor named {@code theta}
   * @throws IllegalArgumentException if there are no components or the lengths differ
   */
  public GradientReport check(double[] theta, double[] claimed) {
    Objects.requireNonNull(theta, "theta");
    Objects.requireNonNull(claimed, "claimed");
    if (theta.length == 0) {
      throw new IllegalArgumentException("theta: no components; expected at least 1");
    }
    Lengths.check("claimed", claimed.length, theta.length);
    Layout layout = Layout.of(List.of(new Slot("theta", Slot.Role.BIAS, 0, 1, theta.length)));
    BitSet none = new BitSet();
    Function<double[], ReferenceNetwork.Cost> cost =
        t -> new ReferenceNetwork.Cost(objective.applyAsDouble(t), 0, 0, none);
    Axis axis = Axis.blind(cost, theta);
    return new Comparison(options).report(layout, theta, axis, claimed, Precision.DOUBLE);
  }
}
