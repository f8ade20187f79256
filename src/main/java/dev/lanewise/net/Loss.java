package dev.lanewise.net;

/**
 * What a network is trained to make small: the mean over the batch's rows of a row's loss, computed
 * from the last layer's scores (logits). Targets are a {@code float} matrix {@code
 * [rows][columns]}. Where rows have weights wᵢ it is Σ wᵢ·ℓᵢ / n with n the number of rows, not Σ
 * wᵢ.
 */
public sealed interface Loss {

  /**
   * {@return whether targets may have that many columns}
   *
   * @param columns the columns of the targets
   * @param outputs the outputs of the network
   */
  boolean accepts(int columns, int outputs);

  /**
   * {@return whether a target may have that value} What a class number may be depends on the
   * outputs, and is asked elsewhere.
   *
   * @param target a number of the targets
   */
  default boolean takes(float target) {
    return true;
  }

  /**
   * {@return this loss as rows are judged by it, dev rows after each epoch for one: without label
   * smoothing}
   */
  default Loss unsmoothed() {
    return this;
  }

  private static void checkSmoothing(float smoothing) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "smoothing: %s; expected a number in [0, 1)".formatted(smoothing));
    }
  }

  /**
   * Softmax cross-entropy: −Σ y·ln softmax(z). Targets have one column with the class's number, 0
   * to outputs − 1 (sparse), or a weight y for each class, such as its probability. The gradient is
   * Σy·softmax(z) − y, the course's A − Y where the y of a row add up to 1.
   *
   * <p>Label smoothing (Szegedy et al. 2016) trains on y′ = (1 − s)·y + s/K with K the outputs, a
   * class number standing for its one-hot row. Dev losses and metrics are never smoothed.
   *
   * @param smoothing s, in [0, 1); 0 for none
   */
  record SoftmaxCrossEntropy(float smoothing) implements Loss {
    /**
     * Creates the loss.
     *
     * @throws IllegalArgumentException if s is outside [0, 1)
     */
    public SoftmaxCrossEntropy {
      checkSmoothing(smoothing);
    }

    /** Creates the loss without label smoothing. */
    public SoftmaxCrossEntropy() {
      this(0);
    }

    @Override
    public Loss unsmoothed() {
      return new SoftmaxCrossEntropy();
    }

    @Override
    public boolean accepts(int columns, int outputs) {
      return outputs > 1 && (columns == 1 || columns == outputs);
    }
  }

  /**
   * Sigmoid cross-entropy: −Σ (y·ln σ(z) + (1 − y)·ln(1 − σ(z))) over the outputs, for two classes
   * with one output or for several labels. Targets are in [0, 1], one column for each output.
   *
   * <p>Label smoothing trains on y′ = (1 − s)·y + s/2. Dev losses and metrics are never smoothed.
   *
   * @param smoothing s, in [0, 1); 0 for none
   */
  record SigmoidCrossEntropy(float smoothing) implements Loss {
    /**
     * Creates the loss.
     *
     * @throws IllegalArgumentException if s is outside [0, 1)
     */
    public SigmoidCrossEntropy {
      checkSmoothing(smoothing);
    }

    /** Creates the loss without label smoothing. */
    public SigmoidCrossEntropy() {
      this(0);
    }

    @Override
    public Loss unsmoothed() {
      return new SigmoidCrossEntropy();
    }

    @Override
    public boolean accepts(int columns, int outputs) {
      return columns == outputs;
    }
  }

  /**
   * Squared error: ½Σ(z − y)² over the outputs. PyTorch's {@code MSELoss} is 2/outputs times as
   * large.
   */
  record SquaredError() implements Loss {
    @Override
    public boolean accepts(int columns, int outputs) {
      return columns == outputs;
    }
  }

  /**
   * Poisson's negative log-likelihood under the log link, for counts and other values of at least 0
   * whose mean grows by factors: e^z − y·z, summed over the outputs. The score z is the logarithm
   * of the mean that is predicted, e^z; the term ln y!, which no score changes, is left out. The
   * gradient is e^z − y. Targets are finite and at least 0, and are not standardised.
   */
  record Poisson() implements Loss {
    @Override
    public boolean accepts(int columns, int outputs) {
      return columns == outputs;
    }

    @Override
    public boolean takes(float target) {
      return target >= 0 && target < Float.POSITIVE_INFINITY;
    }
  }

  /**
   * The quantile or pinball loss (Koenker and Bassett 1978), summed over the outputs: τ·(y − z)
   * where the target lies above the score, (1 − τ)·(z − y) where below. Smallest where a share τ of
   * the targets lies below the score. The gradient is −τ or 1 − τ, and 0 where z = y.
   *
   * @param tau τ, in (0, 1); 0.5 is half the absolute error and gives the median
   */
  record Quantile(float tau) implements Loss {
    /**
     * Creates the loss.
     *
     * @throws IllegalArgumentException if τ is outside (0, 1)
     */
    public Quantile {
      if (!(tau > 0 && tau < 1)) {
        throw new IllegalArgumentException("tau: %s; expected a number in (0, 1)".formatted(tau));
      }
    }

    @Override
    public boolean accepts(int columns, int outputs) {
      return columns == outputs;
    }
  }

  /**
   * Huber's loss (1964), summed over the outputs: ½e² where |e| ≤ δ, else δ·(|e| − ½δ), with e = z
   * − y.
   *
   * @param delta δ, finite and above 0
   */
  record Huber(float delta) implements Loss {
    /**
     * Creates the loss.
     *
     * @throws IllegalArgumentException if δ is not finite and above 0
     */
    public Huber {
      if (!(delta > 0 && delta < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "delta: %s; expected a finite number above 0".formatted(delta));
      }
    }

    @Override
    public boolean accepts(int columns, int outputs) {
      return columns == outputs;
    }
  }
}
