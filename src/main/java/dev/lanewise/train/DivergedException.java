package dev.lanewise.train;

import dev.lanewise.event.Events;

/**
 * A loss, of training or dev rows, or a parameter was NaN or infinite. The training is back at the
 * end of its last complete epoch, so that it can be saved, or continued with another rate.
 */
public final class DivergedException extends ArithmeticException {

  private static final long serialVersionUID = 1;

  /** Where no layer has a number that is not finite: the loss alone overflows. */
  static final String AS_FAR_AS_THE_SCORES = "all is finite as far as the scores";

  private final long step;
  private final boolean beforeAnyUpdate;
  private final String place;

  private DivergedException(long step, boolean beforeAnyUpdate, String what, String place) {
    super("step %d, %s; %s".formatted(step, what, layer(place)));
    this.beforeAnyUpdate = beforeAnyUpdate;
    this.step = step;
    this.place = place;
  }

  /** Which row of a batch it was tells nobody what to do: the message names the layer alone. */
  private static String layer(String place) {
    int row = place.indexOf(" in row ");
    return row < 0 || !place.startsWith("dense") ? place : place.substring(0, row);
  }

  private static DivergedException recorded(
      long step, boolean beforeAnyUpdate, String what, String place) {
    Events.divergence(step, place);
    return new DivergedException(step, beforeAnyUpdate, what, place);
  }

  /** {@return the exception of a step whose loss, or what its update led to, is not finite} */
  static DivergedException of(long step, int epoch, double loss, String place) {
    return recorded(
        step,
        step == 1 && !Double.isFinite(loss),
        "in epoch %d: the loss is %s".formatted(epoch, loss),
        place);
  }

  /** {@return the exception of an epoch whose last step led to a dev loss that is not finite} */
  static DivergedException ofDev(long step, int epoch, double loss, String place) {
    return recorded(
        step, false, "the last of epoch %d: the dev loss is %s".formatted(epoch, loss), place);
  }

  /** {@return the step's number, from 1} */
  public long step() {
    return step;
  }

  /**
   * {@return whether no parameter had been updated yet} Then no rate is at fault: features or first
   * parameters are too large.
   */
  public boolean isBeforeAnyUpdate() {
    return beforeAnyUpdate;
  }

  /** {@return where a number first was not finite, as {@code dense2: NaN in row 3, unit 17}} */
  public String place() {
    return place;
  }
}
