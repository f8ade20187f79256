package dev.lanewise.net;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The function that training makes small: the mean over the batch's rows of a row's loss, computed
 * from the last layer's outputs, the logits. Targets are a {@code float} matrix {@code
 * [rows][columns]}. Where rows have weights wᵢ it is Σ wᵢ·ℓᵢ / n with n the number of rows, not Σ
 * wᵢ.
 *
 * <p>A loss describes itself: model files, tables and the command line use its {@link Kind} and its
 * parameters, and its {@link Link} says what its logits stand for.
 */
public sealed interface Loss {

  /**
   * What logits stand for: the function that turns them into predictions, which generalised linear
   * models call the inverse of the link function. It also determines which targets fit.
   */
  enum Link {
    /** The logit is the value itself. Targets are any numbers, and may be standardised. */
    IDENTITY,
    /** The logit is a mean's logarithm. Targets are finite and at least 0, not standardised. */
    EXP,
    /** Each logit gives a probability by itself, σ(z). Targets are in [0, 1]. */
    SIGMOID,
    /**
     * The logits of a row, two or more, give probabilities of sum 1. Targets are class numbers in
     * one column, or a weight for each class.
     */
    SOFTMAX
  }

  /**
   * The kinds of losses. Model files and the command line use the constants' names, in lower case.
   */
  enum Kind {
    /** {@link SoftmaxCrossEntropy}. */
    SOFTMAX_CROSS_ENTROPY(
        Link.SOFTMAX,
        Map.of("smoothing", 0f),
        parameters -> new SoftmaxCrossEntropy(parameters.get("smoothing"))),
    /** {@link SigmoidCrossEntropy}. */
    SIGMOID_CROSS_ENTROPY(
        Link.SIGMOID,
        Map.of("smoothing", 0f),
        parameters -> new SigmoidCrossEntropy(parameters.get("smoothing"))),
    /** {@link SquaredError}. */
    SQUARED_ERROR(Link.IDENTITY, Map.of(), parameters -> new SquaredError()),
    /** {@link Huber}. */
    HUBER(Link.IDENTITY, Map.of("delta", 1f), parameters -> new Huber(parameters.get("delta"))),
    /** {@link Poisson}. */
    POISSON(Link.EXP, Map.of(), parameters -> new Poisson()),
    /** {@link Quantile}. */
    QUANTILE(Link.IDENTITY, Map.of("tau", 0.5f), parameters -> new Quantile(parameters.get("tau")));

    private final Link link;
    private final Map<String, Float> parameters;
    private final Function<Map<String, Float>, Loss> constructor;

    Kind(Link link, Map<String, Float> parameters, Function<Map<String, Float>, Loss> constructor) {
      this.link = link;
      this.parameters = parameters;
      this.constructor = constructor;
    }

    /** {@return what logits stand for under losses of this kind} */
    public Link link() {
      return link;
    }

    /** {@return the usual parameters, by name; empty where a kind has none} */
    public Map<String, Float> parameters() {
      return parameters;
    }

    /**
     * {@return the loss of this kind with given parameters}
     *
     * @param parameters a number for each name of {@link #parameters()}
     * @throws IllegalArgumentException if a parameter is missing, unknown or out of its range
     */
    public Loss of(Map<String, Float> parameters) {
      Objects.requireNonNull(parameters, "parameters");
      if (!parameters.keySet().equals(this.parameters.keySet())) {
        throw new IllegalArgumentException(
            "parameters: %s; expected those of %s: %s"
                .formatted(parameters.keySet(), this, this.parameters.keySet()));
      }
      return constructor.apply(parameters);
    }
  }

  /** {@return what kind of loss this is} */
  Kind kind();

  /** {@return the parameters of this loss by name} */
  default Map<String, Float> parameters() {
    return Map.of();
  }

  /** {@return what the logits stand for} */
  default Link link() {
    return kind().link();
  }

  /** {@return whether predictions are probabilities: of classes, or of labels} */
  default boolean givesProbabilities() {
    return link() == Link.SIGMOID || link() == Link.SOFTMAX;
  }

  /** {@return the share of label smoothing, in [0, 1); 0 without} */
  default float smoothing() {
    return 0;
  }

  /**
   * {@return this loss for evaluation, such as of the dev rows after each epoch: without label
   * smoothing}
   */
  default Loss unsmoothed() {
    return this;
  }

  /**
   * {@return whether targets may have that many columns}
   *
   * @param columns the columns of the targets
   * @param outputs the outputs of the network
   */
  default boolean accepts(int columns, int outputs) {
    return link() == Link.SOFTMAX
        ? outputs > 1 && (columns == 1 || columns == outputs)
        : columns == outputs;
  }

  /**
   * {@return whether targets in that many columns are numbers of classes, 0 to outputs − 1}
   *
   * @param columns the columns of the targets
   */
  default boolean takesClassNumbers(int columns) {
    return link() == Link.SOFTMAX && columns == 1;
  }

  /**
   * {@return whether a target may have that value} The range of class numbers depends on the
   * outputs and is checked with them.
   *
   * @param target a number of the targets
   */
  default boolean takes(float target) {
    return link() != Link.EXP || (target >= 0 && target < Float.POSITIVE_INFINITY);
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
    public Kind kind() {
      return Kind.SOFTMAX_CROSS_ENTROPY;
    }

    @Override
    public Map<String, Float> parameters() {
      return Map.of("smoothing", smoothing);
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
    public Kind kind() {
      return Kind.SIGMOID_CROSS_ENTROPY;
    }

    @Override
    public Map<String, Float> parameters() {
      return Map.of("smoothing", smoothing);
    }
  }

  /**
   * Squared error: ½Σ(z − y)² over the outputs. PyTorch's {@code MSELoss} is 2/outputs times as
   * large.
   */
  record SquaredError() implements Loss {
    @Override
    public Kind kind() {
      return Kind.SQUARED_ERROR;
    }
  }

  /**
   * Poisson's negative log-likelihood under the log link, for counts and other values of at least
   * 0: e^z − y·z, summed over the outputs. The logit z is the logarithm of the predicted mean e^z;
   * the term ln y!, which does not depend on z, is left out. The gradient is e^z − y. Targets are
   * finite and at least 0, and are not standardised.
   */
  record Poisson() implements Loss {
    @Override
    public Kind kind() {
      return Kind.POISSON;
    }
  }

  /**
   * The quantile or pinball loss (Koenker and Bassett 1978), summed over the outputs: τ·(y − z)
   * where the target is above the logit, (1 − τ)·(z − y) where below. It is smallest where a share
   * τ of the targets is below the logit. The gradient is −τ or 1 − τ, and 0 where z = y.
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
    public Kind kind() {
      return Kind.QUANTILE;
    }

    @Override
    public Map<String, Float> parameters() {
      return Map.of("tau", tau);
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
    public Kind kind() {
      return Kind.HUBER;
    }

    @Override
    public Map<String, Float> parameters() {
      return Map.of("delta", delta);
    }
  }
}
