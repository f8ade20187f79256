package dev.lanewise.check;

import dev.lanewise.check.GradientReport.Precision;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * Compares a network's gradient with finite differences of its cost, component by component.
 *
 * <p>The cost is that of {@link ReferenceNetwork}, in double precision and with penalties. Dropout
 * may be present, because its masks are fixed by the step's key. Running statistics are not
 * parameters: they are neither compared nor changed. Where the step of a component crosses a kink,
 * such as the 0 of a ReLU, a difference does not approximate the derivative: if a shorter step does
 * not help, the component is skipped and counted.
 *
 * <p>Costs four passes for each parameter, more where the cost bends sharply or not at all, so this
 * is for debugging and audits; take a sample of large networks. Immutable; safe for use by several
 * threads. {@link ObjectiveCheck} does the same for an objective of your own.
 */
public final class GradientCheck {

  private final ReferenceNetwork reference;
  private final CheckOptions options;

  private GradientCheck(ReferenceNetwork reference, CheckOptions options) {
    this.reference = reference;
    this.options = options;
  }

  /**
   * {@return a check for the gradients of a network, of all components, by four points, with a
   * tenth of kinks allowed}
   *
   * @param network the network, with penalties resolved
   * @throws IllegalArgumentException if a per-example penalty is not resolved
   */
  public static GradientCheck of(Network network) {
    return new GradientCheck(new ReferenceNetwork(network), CheckOptions.STANDARD);
  }

  /**
   * {@return this check with another rule} {@link Difference#FOUR_POINT}, the standard, shortens or
   * lengthens its step where it has to; the others, which are for teaching, do not.
   *
   * @param difference the rule
   */
  public GradientCheck withDifference(Difference difference) {
    return new GradientCheck(reference, options.with(difference));
  }

  /**
   * {@return this check with another step than the rule's own, {@link Difference#step}}
   *
   * @param step the step for a component of at most 1, multiplied by the magnitude of larger ones;
   *     in (0, 1]; where it is shorter than the spacing of doubles, that is taken
   * @throws IllegalArgumentException if the step is not in (0, 1]
   */
  public GradientCheck withStep(double step) {
    return new GradientCheck(reference, options.withStep(step));
  }

  /**
   * {@return this check for some of the components} One of each tensor at least, even if that makes
   * more than asked for; the others spread over the tensors in proportion to their sizes.
   *
   * @param components how many, at least 1
   * @param seed the seed of the draw
   * @throws IllegalArgumentException if the number is below 1
   */
  public GradientCheck withSample(int components, long seed) {
    return new GradientCheck(reference, options.with(new Sample(components, seed)));
  }

  /**
   * {@return this check with another limit of kinks} A report in which a larger share of the
   * components was skipped is not {@linkplain GradientReport#conclusive() conclusive}.
   *
   * @param share a number in [0, 1]
   * @throws IllegalArgumentException if the share is not in [0, 1]
   */
  public GradientCheck withKinkLimit(double share) {
    return new GradientCheck(reference, options.withKinkLimit(share));
  }

  /**
   * Compiles the network for training and checks the gradient that it computes.
   *
   * @param theta the parameters, in the network's layout; read only
   * @param rows the examples, all taken as one batch
   * @param stepKey the key of the dropout masks
   * @param engine the kernels and the threads
   * @return how far the gradient is from differences
   * @throws IllegalArgumentException if θ or the examples do not fit the network
   */
  public GradientReport check(float[] theta, Dataset rows, long stepKey, Engine engine) {
    Objects.requireNonNull(theta, "theta");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(engine, "engine");
    Lengths.check("theta", theta.length, reference.layout().size());
    Batch batch = Batch.of(rows);
    checkShape("rows", batch);
    float[] claimed = new float[theta.length];
    TrainingPlan.compile(reference.network(), rows.rows(), engine)
        .gradients(theta, batch, stepKey, claimed);
    return check(theta, batch, stepKey, claimed);
  }

  /**
   * Checks the gradient that a training plan claims.
   *
   * @param theta the parameters, in the network's layout; read only
   * @param batch the examples, with weights and given masks if it has them; read only
   * @param stepKey the key of the dropout masks
   * @param claimed the claimed gradient of the cost; its range of running statistics is not read
   * @return how far it is from differences
   * @throws IllegalArgumentException if an argument does not fit the network
   */
  public GradientReport check(float[] theta, Batch batch, long stepKey, float[] claimed) {
    Objects.requireNonNull(theta, "theta");
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(claimed, "claimed");
    Lengths.check("theta", theta.length, reference.layout().size());
    checkShape("batch", batch);
    return check(ReferenceNetwork.widen(theta), widen(batch, stepKey), claimed);
  }

  private void checkShape(String name, Batch batch) {
    int least = reference.network().normalizesBatches() ? 2 : 1;
    if (batch.rows() < least) {
      throw new IllegalArgumentException(
          "%s: %d rows; expected at least %d%s"
              .formatted(name, batch.rows(), least, least == 2 ? " for batch norm" : ""));
    }
    if (batch.columns() != reference.network().inputs()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected %d, the network's inputs"
              .formatted(name, batch.columns(), reference.network().inputs()));
    }
  }

  private static ReferenceNetwork.Batch widen(Batch batch, long stepKey) {
    int rows = batch.rows();
    ReferenceNetwork.Batch wide =
        ReferenceNetwork.Batch.of(
            rows,
            Arrays.copyOf(batch.features(), rows * batch.columns()),
            Arrays.copyOf(batch.targets(), rows * batch.targetColumns()),
            stepKey);
    Map<Integer, boolean[]> masks = new HashMap<>();
    for (int dropout = 0; dropout < batch.masks(); dropout++) {
      if (batch.mask(dropout) != null) {
        masks.put(dropout, batch.mask(dropout));
      }
    }
    return batch.weights() == null
        ? wide.withMasks(masks)
        : wide.withMasks(masks).withWeights(Arrays.copyOf(batch.weights(), rows));
  }

  /**
   * Checks the gradient that single-precision code claims.
   *
   * @param theta the parameters, in the network's layout
   * @param batch the examples
   * @param claimed the claimed gradient of the cost; its range of running statistics is not read
   * @return how far it is from differences
   * @throws IllegalArgumentException if an argument does not fit the network
   */
  public GradientReport check(double[] theta, ReferenceNetwork.Batch batch, float[] claimed) {
    Objects.requireNonNull(claimed, "claimed");
    return check(theta, batch, ReferenceNetwork.widen(claimed), Precision.SINGLE);
  }

  /**
   * Checks a claimed gradient.
   *
   * @param theta the parameters, in the network's layout
   * @param batch the examples
   * @param claimed the claimed gradient of the cost; its range of running statistics is not read
   * @return how far it is from differences
   * @throws IllegalArgumentException if an argument does not fit the network
   */
  public GradientReport check(double[] theta, ReferenceNetwork.Batch batch, double[] claimed) {
    Objects.requireNonNull(claimed, "claimed");
    return check(theta, batch, claimed, Precision.DOUBLE);
  }

  private GradientReport check(
      double[] theta, ReferenceNetwork.Batch batch, double[] claimed, Precision precision) {
    Objects.requireNonNull(theta, "theta");
    Objects.requireNonNull(batch, "batch");
    Lengths.check("theta", theta.length, reference.layout().size());
    Lengths.check("claimed", claimed.length, reference.layout().size());
    Axis axis = Axis.sided(t -> reference.cost(t, batch), theta);
    return new Comparison(options).report(reference.layout(), theta, axis, claimed, precision);
  }

  /** A rule that approximates the derivative of a function of one variable by differences. */
  public enum Difference {
    /** (f(x+h) − f(x))/h, with an error of order h. */
    ONE_SIDED(0x1p-26),
    /** (f(x+h) − f(x−h))/2h, with an error of order h². */
    TWO_SIDED(6e-6),
    /** (8·(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h)))/12h, with an error of order h⁴. */
    FOUR_POINT(1e-5);

    private final double step;

    Difference(double step) {
      this.step = step;
    }

    /**
     * {@return the step for an x, and a function that changes, of the order of 1} The root of 2⁻⁵²
     * of an order one above that of the error balances truncation and rounding: 1.5e-8 for one
     * side, 6e-6 for two. Four points would allow 7e-4; with 1e-5 their rounding error is no larger
     * than that of two points, their truncation error is negligible, and they seldom cross a kink.
     */
    public double step() {
      return step;
    }

    /**
     * {@return the approximate derivative} Divides by the distance of the points after rounding, so
     * a step too small to change x gives NaN.
     *
     * @param f the function
     * @param x where
     * @param h the step, above 0
     * @throws IllegalArgumentException if the step is not above 0
     */
    public double derivative(DoubleUnaryOperator f, double x, double h) {
      Objects.requireNonNull(f, "f");
      if (!(h > 0 && h < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("h: %s; expected a finite number above 0".formatted(h));
      }
      return switch (this) {
        case ONE_SIDED -> (f.applyAsDouble(x + h) - f.applyAsDouble(x)) / (x + h - x);
        case TWO_SIDED -> TwoPoints.of(f, x, h).slope();
        case FOUR_POINT -> FourPoints.of(f, x, h).derivative();
      };
    }
  }
}
