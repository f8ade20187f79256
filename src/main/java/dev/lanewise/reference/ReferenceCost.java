package dev.lanewise.reference;

import java.util.BitSet;
import java.util.Objects;

/**
 * What a training pass costs, and on which side of every kink it went.
 *
 * <p>The cost is not smooth where a ReLU's input changes its sign, an error crosses Huber's δ, or a
 * weight under L1 crosses 0. A finite difference between two points is an approximation of the
 * derivative only if their sides are equal.
 *
 * @param loss the mean loss of the batch's rows
 * @param penalty the sum of all penalties that are in the gradient
 * @param proximal the sum of those that a soft threshold takes care of after the step instead
 * @param sides a bit or two for every kink, in a fixed order
 */
public record ReferenceCost(double loss, double penalty, double proximal, BitSet sides) {

  /** Keeps results as they are; the sides are never null. */
  public ReferenceCost {
    Objects.requireNonNull(sides, "sides");
  }

  /** {@return the loss plus all penalties, which is what training makes small} */
  public double total() {
    return loss + penalty + proximal;
  }

  /** {@return the part of the cost that the gradient is of} */
  public double differentiated() {
    return loss + penalty;
  }
}
