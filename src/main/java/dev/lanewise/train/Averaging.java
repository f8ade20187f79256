package dev.lanewise.train;

/**
 * A way to average the parameters of several steps. The average, not the latest parameters, is the
 * result of the training. The steps themselves do not use it.
 *
 * <p>Dev loss, metric, early stopping and the plateau rule use the average, since it would be the
 * result if the training ended there. All of θ is averaged, running statistics included, unless a
 * form says otherwise.
 */
public sealed interface Averaging {

  /**
   * An exponential moving average over the steps: a := decay·a + (1 − decay)·θ after each, begun
   * with the first step's θ (Polyak and Juditsky 1992, in the form in use).
   *
   * <p>Until the first step the result is the initial parameters.
   *
   * @param decay the share of the old average that stays, in [0, 1) as a float
   */
  record Exponential(double decay) implements Averaging {
    /**
     * Creates a description.
     *
     * @throws IllegalArgumentException if the decay is outside [0, 1) as a float
     */
    public Exponential {
      if (!(decay >= 0 && (float) decay < 1)) {
        throw new IllegalArgumentException(
            "decay: %s; expected a number in [0, 1)".formatted(decay));
      }
    }
  }

  /**
   * The mean of the parameters at the ends of epochs, as stochastic weight averaging takes it
   * (Izmailov et al. 2018).
   *
   * <p>It changes at the ends of epochs only; before the first epoch that counts it is the latest
   * end of an epoch. From then on the statistics of batch norms are not averaged, but computed over
   * all training rows for the averaged weights, without augmentation, at the end of each epoch.
   * That costs one inference of the layers below over the training rows for each batch norm, and
   * reads a stream as often; without batch norm it costs nothing.
   *
   * @param from the number of the first epoch that counts, at least 1
   */
  record Epochs(int from) implements Averaging {
    /**
     * Creates a description.
     *
     * @throws IllegalArgumentException if the epoch is below 1
     */
    public Epochs {
      if (from < 1) {
        throw new IllegalArgumentException("from: %d; expected at least 1".formatted(from));
      }
    }
  }
}
