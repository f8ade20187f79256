package dev.lanewise.net;

import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.Objects;

/**
 * How a weight matrix {@code [in][out]}, or a bias, starts: draws with mean 0 and a standard
 * deviation that depends on the scheme, independent but for {@link Orthogonal}. Draws are keyed by
 * the seed and the tensor's name, so one layer's start does not depend on another's.
 */
public sealed interface Initializer {

  /** The shape of the distribution that is drawn from. */
  enum Distribution {
    /** The normal distribution. */
    NORMAL,
    /** The uniform distribution on ±√3 standard deviations. */
    UNIFORM
  }

  /**
   * {@return the standard deviation of a weight}
   *
   * @param in the layer's inputs
   * @param out the layer's outputs
   * @throws IllegalArgumentException if the units are not at least 1
   */
  double deviation(int in, int out);

  /** {@return the shape of the distribution} */
  Distribution distribution();

  /**
   * All zeros, as biases start. Where all weights of a network are zeros, the units of a layer stay
   * identical; the last layer alone may start so.
   */
  record Zeros() implements Initializer {
    @Override
    public double deviation(int in, int out) {
      checkUnits(in, out);
      return 0;
    }

    @Override
    public Distribution distribution() {
      return Distribution.NORMAL;
    }
  }

  /**
   * A fixed standard deviation.
   *
   * @param deviation the standard deviation, finite and at least 0
   * @param distribution the shape
   */
  record Fixed(double deviation, Distribution distribution) implements Initializer {
    /**
     * Creates the scheme.
     *
     * @throws IllegalArgumentException if the deviation is negative or not finite
     */
    public Fixed {
      if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "deviation: %s; expected a finite number >= 0".formatted(deviation));
      }
      Objects.requireNonNull(distribution, "distribution");
    }

    @Override
    public double deviation(int in, int out) {
      checkUnits(in, out);
      return deviation;
    }
  }

  /**
   * Variance 1/in (LeCun et al. 1998), for tanh; the course's 1/n.
   *
   * @param distribution the shape
   */
  record LeCun(Distribution distribution) implements Initializer {
    /** Creates the scheme. */
    public LeCun {
      Objects.requireNonNull(distribution, "distribution");
    }

    @Override
    public double deviation(int in, int out) {
      checkUnits(in, out);
      return StrictMath.sqrt(1.0 / in);
    }
  }

  /**
   * Variance 2/(in + out) (Glorot and Bengio 2010), also called Xavier.
   *
   * @param distribution the shape
   */
  record Glorot(Distribution distribution) implements Initializer {
    /** Creates the scheme. */
    public Glorot {
      Objects.requireNonNull(distribution, "distribution");
    }

    @Override
    public double deviation(int in, int out) {
      checkUnits(in, out);
      return StrictMath.sqrt(2.0 / ((double) in + out));
    }
  }

  /**
   * Variance 2/in (He et al. 2015), for ReLU, which halves the second moment.
   *
   * @param distribution the shape
   */
  record He(Distribution distribution) implements Initializer {
    /** Creates the scheme. */
    public He {
      Objects.requireNonNull(distribution, "distribution");
    }

    @Override
    public double deviation(int in, int out) {
      checkUnits(in, out);
      return StrictMath.sqrt(2.0 / in);
    }
  }

  /**
   * A random orthogonal matrix (Saxe, McClelland and Ganguli 2014): the columns of W, or its rows
   * where there are more columns than rows, are at right angles and of length {@code gain}, so that
   * WᵀW = gain²·I, or WWᵀ. Drawn uniformly from all such matrices. Costs 4·max(in, out)·min(in,
   * out)² operations in double.
   *
   * @param gain the length, finite and above 0; √2 suits ReLU, 1 the identity and tanh
   */
  record Orthogonal(double gain) implements Initializer {
    /**
     * Creates the scheme.
     *
     * @throws IllegalArgumentException if the gain is not finite and above 0
     */
    public Orthogonal {
      if (!(gain > 0 && gain < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "gain: %s; expected a finite number above 0".formatted(gain));
      }
    }

    /** Creates the scheme with gain 1. */
    public Orthogonal() {
      this(1);
    }

    @Override
    public double deviation(int in, int out) {
      checkUnits(in, out);
      return gain / StrictMath.sqrt(Math.max(in, out));
    }

    @Override
    public Distribution distribution() {
      return Distribution.NORMAL;
    }

    @Override
    public void fill(float[] parameters, Slot weight, long seed) {
      checkRoom(parameters, weight);
      long key = CounterRandom.key(seed, CounterRandom.stream(weight.name()), 0);
      int in = weight.rows();
      int out = weight.columns();
      double[][] vectors = Orthonormal.vectors(Math.min(in, out), Math.max(in, out), key);
      for (int i = 0; i < in; i++) {
        for (int j = 0; j < out; j++) {
          double entry = in < out ? vectors[i][j] : vectors[j][i];
          parameters[weight.offset() + i * out + j] = (float) (gain * entry);
        }
      }
    }
  }

  /**
   * Fills a weight matrix with draws of this scheme.
   *
   * @param parameters the flat array
   * @param weight the matrix's place in it
   * @param seed the seed
   * @throws IllegalArgumentException if the array ends before the weights do
   */
  default void fill(float[] parameters, Slot weight, long seed) {
    checkRoom(parameters, weight);
    long key = CounterRandom.key(seed, CounterRandom.stream(weight.name()), 0);
    double deviation = deviation(weight.rows(), weight.columns());
    for (int i = 0; i < weight.size(); i++) {
      double draw =
          distribution() == Distribution.NORMAL
              ? CounterRandom.normal(key, i)
              : (2 * CounterRandom.uniform(key, i) - 1) * StrictMath.sqrt(3);
      parameters[weight.offset() + i] = (float) (deviation * draw) + 0f; // no −0 where all are 0
    }
  }

  private static void checkUnits(int in, int out) {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "in, out: %d, %d; expected at least 1 unit each".formatted(in, out));
    }
  }

  private static void checkRoom(float[] parameters, Slot weight) {
    if (parameters.length < weight.end()) {
      throw new IllegalArgumentException(
          "parameters: length %d; expected at least %d, the end of %s"
              .formatted(parameters.length, weight.end(), weight.name()));
    }
  }
}
