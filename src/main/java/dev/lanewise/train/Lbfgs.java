package dev.lanewise.train;

import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.plan.TrainingPlan;
import java.util.Objects;

/**
 * Limited-memory BFGS (Nocedal 1980; the two loops and the strong Wolfe conditions as in Nocedal
 * and Wright 2006, chapters 3 and 7): a quasi-Newton method for functions that always give the same
 * value and gradient at a point, such as the cost of a small network over all rows. Not for
 * mini-batches or fresh dropout masks.
 *
 * <p>The gradient is divided by the curvature that the last few steps have found, and a line search
 * along that direction ends where the function has fallen enough and its slope has shrunk. Near a
 * minimum a function of floats falls by less than its rounding error; there the slope alone
 * decides, as in the approximate Wolfe conditions of Hager and Zhang (2005). Both guarantee a
 * positive curvature. Where a search ends without meeting them, at a kink for example, the kept
 * steps may give a useless direction; then they are discarded.
 *
 * <p>Parameters and gradients are floats, all other arithmetic is in double, one element after the
 * other: the same bits everywhere if the objective has them. Holds 2·memory + 5 arrays of the
 * parameters' size; allocates nothing in {@link #minimize} but its result. For one thread at a
 * time; the cost of an iteration beside the objective's is 4·memory·size multiplications.
 */
public final class Lbfgs {

  /** The share of the decrease predicted by the slope that a step must bring. */
  private static final double FALL = 1e-4;

  /** The share of the slope that may be left where a line search ends. */
  private static final double SLOPE = 0.9;

  /** The relative error assumed for a loss of floats. */
  private static final double ROUNDING = 0x1p-20;

  private static final int SEARCH = 40;

  /** A function of many variables. */
  @FunctionalInterface
  public interface Objective {

    /**
     * Computes value and gradient.
     *
     * @param theta the variables; read only
     * @param gradient receives the derivatives
     * @return the value; NaN or infinity where there is none
     */
    double gradient(float[] theta, float[] gradient);

    /**
     * {@return the cost of a batch: its mean loss plus the penalties}
     *
     * @param network the network, its per-example penalties resolved
     * @param batch the examples, as a rule a whole data set
     * @param key the key that dropout masks depend on, frozen for the whole search
     * @param engine what computes
     * @throws IllegalArgumentException if a penalty waits for the number of training rows, or a
     *     layer has a soft threshold or a greatest length of weights, which training applies after
     *     a step and no gradient contains
     */
    static Objective of(Network network, Batch batch, long key, Engine engine) {
      Objects.requireNonNull(batch, "batch");
      for (Network.Node node : network.nodes()) {
        if (node.layer() instanceof Dense dense
            && (dense.penalty().threshold() > 0 || dense.maxNorm().isPresent())) {
          throw new IllegalArgumentException(
              "network: %s has a soft threshold or a max norm; expected what is in the gradient"
                  .formatted(node.name()));
        }
      }
      TrainingPlan plan = TrainingPlan.compile(network, batch.rows(), engine);
      return (theta, gradient) -> plan.gradients(theta, batch, key, gradient) + plan.penalty(theta);
    }
  }

  /** Why a search ended. */
  public enum Reason {
    /** The gradient is as short as requested. */
    GRADIENT_SMALL,
    /**
     * No step along the direction lowers the function: usually its rounding error has been reached.
     */
    NO_DESCENT,
    /** The iterations are used up. */
    ITERATIONS
  }

  /**
   * How a search ended.
   *
   * @param value the function's last value
   * @param gradientNorm the Euclidean length of its last gradient, over what was moved
   * @param iterations the steps taken
   * @param evaluations the calls of the objective
   * @param reason why it ended
   */
  public record Result(
      double value, double gradientNorm, int iterations, int evaluations, Reason reason) {
    /** Creates a result; the numbers are not checked. */
    public Result {
      Objects.requireNonNull(reason, "reason");
    }
  }

  private final int moved;
  private final int memory;
  private final float[] base;
  private final float[] baseGradient;
  private final float[] gradient;
  private final double[] direction;
  private final float[][] steps;
  private final float[][] changes;
  private final double[] curvatures;
  private final double[] shares;
  private int pairs;
  private int newest;
  private int evaluations;
  private double value;
  private double slope;

  /**
   * Creates a search.
   *
   * @param size the length of the parameters
   * @param moved how many of them are moved, from the first on; for a network {@code
   *     layout.trained()}, because what follows has no gradient
   * @param memory how many steps are remembered, at least 1; 10 is usual
   * @throws IllegalArgumentException if a number is outside its range
   */
  public Lbfgs(int size, int moved, int memory) {
    if (moved < 1 || moved > size) {
      throw new IllegalArgumentException(
          "moved: %d of %d; expected a number from 1 to the size".formatted(moved, size));
    }
    if (memory < 1) {
      throw new IllegalArgumentException("memory: %d; expected at least 1".formatted(memory));
    }
    this.moved = moved;
    this.memory = memory;
    base = new float[moved];
    baseGradient = new float[moved];
    gradient = new float[size];
    direction = new double[moved];
    steps = new float[memory][moved];
    changes = new float[memory][moved];
    curvatures = new double[memory];
    shares = new double[memory];
  }

  /**
   * Creates a search that moves all parameters and keeps ten steps.
   *
   * @param size the length of the parameters, at least 1
   */
  public Lbfgs(int size) {
    this(size, size, 10);
  }

  /**
   * Minimises the objective. Steps kept from an earlier search are discarded.
   *
   * @param objective the function
   * @param theta where to start; holds the best place found afterwards
   * @param iterations the most steps, at least 0
   * @param tolerance the length of the gradient that is small enough, at least 0
   * @return how it ended
   * @throws IllegalArgumentException if an argument is outside its range or value or gradient at
   *     the start are not finite; θ is as it was then
   */
  public Result minimize(Objective objective, float[] theta, int iterations, double tolerance) {
    check(theta, iterations, tolerance);
    evaluations = 0;
    pairs = 0;
    value = evaluate(objective, theta);
    double norm = norm(gradient);
    if (!Double.isFinite(value) || !Double.isFinite(norm)) {
      throw new IllegalArgumentException(
          "theta: value %s, gradient of length %s; expected finite numbers".formatted(value, norm));
    }
    int done = 0;
    while (norm > tolerance && done < iterations) {
      System.arraycopy(theta, 0, base, 0, moved);
      System.arraycopy(gradient, 0, baseGradient, 0, moved);
      direct();
      boolean descended = search(objective, theta, firstLength(norm));
      if (!descended && pairs > 0) { // the kept steps may mislead: try the negative gradient
        pairs = 0;
        direct();
        descended = search(objective, theta, firstLength(norm));
      }
      if (!descended) {
        return new Result(value, norm, done, evaluations, Reason.NO_DESCENT);
      }
      done++;
      remember(theta);
      norm = norm(gradient);
    }
    Reason reason = norm <= tolerance ? Reason.GRADIENT_SMALL : Reason.ITERATIONS;
    return new Result(value, norm, done, evaluations, reason);
  }

  private void check(float[] theta, int iterations, double tolerance) {
    if (theta.length != gradient.length) {
      throw new IllegalArgumentException(
          "theta: %d floats; expected %d".formatted(theta.length, gradient.length));
    }
    if (iterations < 0) {
      throw new IllegalArgumentException(
          "iterations: %d; expected at least 0".formatted(iterations));
    }
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "tolerance: %s; expected a number >= 0".formatted(tolerance));
    }
  }

  private double evaluate(Objective objective, float[] theta) {
    evaluations++;
    return objective.gradient(theta, gradient);
  }

  /** {@return the length to try first} Without curvatures a step of length 1 at most. */
  private double firstLength(double norm) {
    return pairs == 0 ? Math.min(1, 1 / norm) : 1;
  }

  /** Computes the direction −H·g by the two loops, and the slope along it. */
  private void direct() {
    for (int i = 0; i < moved; i++) {
      direction[i] = -baseGradient[i];
    }
    for (int k = 0; k < pairs; k++) {
      int pair = Math.floorMod(newest - k, memory);
      shares[pair] = dot(steps[pair], direction) / curvatures[pair];
      add(-shares[pair], changes[pair]);
    }
    if (pairs > 0) {
      double scale = curvatures[newest] / dot(changes[newest], changes[newest]);
      for (int i = 0; i < moved; i++) {
        direction[i] *= scale;
      }
    }
    for (int k = pairs - 1; k >= 0; k--) {
      int pair = Math.floorMod(newest - k, memory);
      add(shares[pair] - dot(changes[pair], direction) / curvatures[pair], steps[pair]);
    }
    slope = dot(baseGradient, direction);
  }

  /**
   * Searches along the direction for a length that meets the strong Wolfe conditions. Between
   * {@code low}, which falls enough but is still steep, and {@code high}, which does not fall
   * enough or rises again, there is one.
   *
   * @return whether θ has moved to a better point; if not, θ and the value are unchanged
   */
  private boolean search(Objective objective, float[] theta, double first) {
    double start = value;
    double low = 0;
    double lowValue = start;
    double lowSlope = slope;
    double high = Double.POSITIVE_INFINITY;
    double highValue = 0;
    double highSlope = 0;
    double length = first;
    for (int i = 0; i < SEARCH && slope < 0 && go(theta, length); i++) {
      double here = evaluate(objective, theta);
      double itsSlope = dot(gradient, direction);
      if (!falls(start, here, itsSlope, length) || itsSlope > -SLOPE * slope) {
        high = length;
        highValue = here;
        highSlope = itsSlope;
      } else if (itsSlope >= SLOPE * slope) {
        value = here;
        return true;
      } else {
        low = length;
        lowValue = here;
        lowSlope = itsSlope;
      }
      length =
          high == Double.POSITIVE_INFINITY
              ? 4 * length
              : between(low, lowValue, lowSlope, high, highValue, highSlope);
    }
    return settle(objective, theta, lowValue < start ? low : 0, start);
  }

  /**
   * Whether a point is low enough, by its value or, within the value's rounding error, by its
   * slope.
   */
  private boolean falls(double start, double here, double itsSlope, double length) {
    boolean byValue = here <= start + FALL * length * slope;
    boolean bySlope =
        Math.abs(here - start) <= ROUNDING * Math.abs(start) && itsSlope <= (2 * FALL - 1) * slope;
    return Double.isFinite(here) && Double.isFinite(itsSlope) && (byValue || bySlope);
  }

  /** {@return the minimum of the cubic through two points, kept away from both ends} */
  private static double between(
      double low, double lowValue, double lowSlope, double high, double value, double slope) {
    double width = high - low;
    double a = lowSlope + slope - 3 * (value - lowValue) / width;
    double root = Math.sqrt(a * a - lowSlope * slope);
    double place = high - width * (slope + root - a) / (slope - lowSlope + 2 * root);
    double middle = low + width / 2;
    return Math.abs(place - middle) <= 0.4 * width ? place : middle;
  }

  /** Ends a search that found no point with both conditions at the lowest point it has found. */
  private boolean settle(Objective objective, float[] theta, double low, double start) {
    if (low > 0) {
      go(theta, low);
      value = evaluate(objective, theta);
      return true;
    }
    System.arraycopy(base, 0, theta, 0, moved);
    value = start;
    return false;
  }

  /** Moves θ that far along the direction; {@return whether θ changes} */
  private boolean go(float[] theta, double length) {
    boolean elsewhere = false;
    for (int i = 0; i < moved; i++) {
      theta[i] = (float) (base[i] + length * direction[i]);
      elsewhere |= theta[i] != base[i];
    }
    return elsewhere;
  }

  /** Keeps the last step and the change of the gradient over it. */
  private void remember(float[] theta) {
    newest = (newest + 1) % memory;
    for (int i = 0; i < moved; i++) {
      steps[newest][i] = theta[i] - base[i];
      changes[newest][i] = gradient[i] - baseGradient[i];
    }
    curvatures[newest] = dot(steps[newest], changes[newest]);
    pairs = Math.min(pairs + 1, memory);
  }

  private void add(double factor, float[] x) {
    for (int i = 0; i < moved; i++) {
      direction[i] += factor * x[i];
    }
  }

  private double dot(float[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < moved; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private double dot(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < moved; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }

  private double norm(float[] x) {
    return Math.sqrt(dot(x, x));
  }
}
