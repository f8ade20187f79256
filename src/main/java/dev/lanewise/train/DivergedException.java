package dev.lanewise.train;

/**
 * A loss or a parameter was NaN or infinite. The training is back at the end of its last complete
 * epoch, so that it can be saved, or continued with another rate.
 */
public final class DivergedException extends ArithmeticException {

  private static final long serialVersionUID = 1;

  private final long step;
  private final String place;

  DivergedException(long step, int epoch, double loss, String place) {
    super("step %d, in epoch %d: the loss is %s; %s".formatted(step, epoch, loss, place));
    this.step = step;
    this.place = place;
  }

  /** {@return the step's number, from 1} */
  public long step() {
    return step;
  }

  /** {@return where a number first was not finite, as {@code dense2: NaN in row 3, unit 17}} */
  public String place() {
    return place;
  }
}
