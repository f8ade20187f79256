package dev.lanewise.plan;

import dev.lanewise.kernel.ActivationKernels;
import dev.lanewise.net.Dropout;
import dev.lanewise.random.CounterRandom;
import java.util.Optional;

/**
 * Dropout at one place of a network. The mask is not stored: the backward pass computes it again
 * from the step's key, unless the batch carries a given mask.
 */
final class DropoutMask {

  private final ActivationKernels kernels;
  private final Dropout dropout;
  private final int number;

  /** What the probability is multiplied by. */
  private double factor;

  /** What belongs to the probability of this step. */
  private int threshold;

  private float scale;

  /** Whether this step keeps everything. */
  private boolean keepsAll;

  private boolean[] given;

  /** The index in the mask of the first unit of the part of the batch that the pass works on. */
  private int first;

  private long key;

  private DropoutMask(ActivationKernels kernels, Dropout dropout, int number) {
    this.kernels = kernels;
    this.dropout = dropout;
    this.number = number;
    take(1);
  }

  /**
   * Compiles a dropout; null if there is none, or if it keeps everything.
   *
   * @param number 0 for the inputs, n for block n
   */
  static DropoutMask compile(ActivationKernels kernels, Optional<Dropout> dropout, int number) {
    return dropout
        .filter(d -> d.keep() < 1)
        .map(d -> new DropoutMask(kernels, d, number))
        .orElse(null);
  }

  /** Prepares a step's mask of {@code units} columns. */
  void begin(Pass pass, int units) {
    key = CounterRandom.key(pass.key(), number, 0);
    if (pass.dropoutFactor() != factor) {
      take(pass.dropoutFactor());
    }
    given = pass.batch().mask(number);
    int rows = pass.batchRows();
    if (given != null && given.length != (long) rows * units) {
      throw new IllegalArgumentException(
          "mask of dropout %d: %d units; expected %d rows of %d"
              .formatted(number, given.length, rows, units));
    }
    first = pass.firstRow() * units;
  }

  private void take(double factor) {
    this.factor = factor;
    double keep = dropout.keepAt(factor);
    keepsAll = keep == 1;
    threshold = CounterRandom.threshold(keep);
    scale = (float) dropout.trainingScale(keep);
  }

  /** What kept units are multiplied by. */
  float scale() {
    return scale;
  }

  /**
   * Computes y = x·mask·scale; y may be x. The same operation serves forward and backward.
   *
   * @param at where x and y begin
   * @param unit the first element's place in the part's mask, row · units + column
   */
  void apply(float[] x, float[] y, int at, int unit, int n) {
    apply(x, at, y, at, unit, n);
  }

  /** The same where x and y begin at different places. */
  void apply(float[] x, int xo, float[] y, int yo, int unit, int n) {
    if (keepsAll) {
      if (x != y || xo != yo) {
        System.arraycopy(x, xo, y, yo, n);
      }
    } else if (given != null) {
      kernels.keep(x, xo, y, yo, n, given, first + unit, scale);
    } else {
      kernels.dropout(x, xo, y, yo, n, key, first + unit, threshold, scale);
    }
  }

  /** Computes y = relu(x)·mask·scale in one pass; y may be x. */
  void applyToRelu(float[] x, float[] y, int at, int unit, int n) {
    if (keepsAll) {
      kernels.relu(x, at, y, at, n);
    } else if (given != null) {
      kernels.relu(x, at, y, at, n);
      kernels.keep(y, at, y, at, n, given, first + unit, scale);
    } else {
      kernels.reluDropout(x, at, y, at, n, key, first + unit, threshold, scale);
    }
  }
}
