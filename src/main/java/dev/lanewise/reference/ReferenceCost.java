package dev.lanewise.reference;

import java.util.BitSet;
import java.util.Objects;

/**
 * The cost of a training pass, and on which side of each kink it was computed.
 *
 * <p>The cost is not smooth where a ReLU's input changes its sign, an error crosses Huber's δ, or a
 * weight under L1 crosses 0. A finite difference between two points is an approximation of the
 * derivative only if their sides are equal.
 *
 * @param loss the mean loss of the batch's rows
 * @param penalty the sum of all penalties that are in the gradient
 * @param proximal the sum of the penalties that a soft threshold applies after the step instead
 * @param sides a bit or two for every kink, in a fixed order
 */
public record ReferenceCost(double loss, double penalty, double proximal, BitSet sides) {

  /** Creates a cost; the numbers are not checked. */
  public ReferenceCost {
    Objects.requireNonNull(sides, "sides");
  }

  /** {@return the loss plus all penalties, which is what training makes small} */
  public double total() {
    return loss + penalty + proximal;
  }

  /** {@return the part of the cost whose derivative the gradient is} */
  public double differentiated() {
    return loss + penalty;
  }
}
