package dev.lanewise.check;

import java.util.OptionalDouble;

/**
 * Four-point differences with a step fitted to the cost. The step is shortened by a factor of ten,
 * repeatedly, while the cost bends sharply, is not finite or has a kink within the step, and
 * rounding allows it. It is lengthened where the slope is lost in rounding.
 *
 * <p>θ alone does not tell the right step: with weights of 1e-6 a plain network is best served by
 * 1e-5, and one with batch norm, whose cost bends within the weights' own size, by 1e-9. So the
 * differences by h and by 2h are compared with each other.
 *
 * <p>Where the cost does not report its kinks, they are recognised by the difference between the
 * right and the left slope: for a smooth cost it shrinks with the step, at a kink it stays. Where
 * rounding forbids a shorter step, the slopes by h and by 2h are compared. The claimed gradient has
 * no part in that, so a wrong one is not taken for a kink.
 *
 * @param step the first step, for a component whose scale is 1
 */
record FittedSlope(double step) implements Slope {

  /**
   * Where differences by h and 2h lie further apart than this share of the derivative, truncation
   * may show: what four points leave goes with its square. So it is under batch norm, for a column
   * whose variance is far below ε: there the cost bends within √ε.
   */
  private static final double SHARP = 1e-4;

  /** The ratio of a step to the next. */
  private static final double FACTOR = 10;

  private static final int SHORTER = 7;
  private static final int LONGER = 4;

  /** A shorter step is taken only if rounding is then at most this share of the slope. */
  private static final double CLEAR = 1e-8;

  /** A longer step is taken if rounding is a larger share of the slope than this. */
  private static final double FAINT = 1e-6;

  /**
   * Bounds on the ratio of bends with a tenth of the step: 0.1 if smooth, 1 at a kink, 10 if noise.
   */
  private static final double SHRUNK = 0.2;

  private static final double GROWN = 5;

  /** Bounds on the ratio of bends with half of the step: 0.5 if smooth, 1 at a kink, 2 if noise. */
  private static final double HALVED = 0.75;

  private static final double DOUBLED = 1.34;

  /** The step for a slope that is lost in rounding, for a component whose scale is 1. */
  private static final double LONGEST = 0.1;

  /** The largest share of rounding in a slope that only {@link #LONGEST} shows. */
  private static final double SHOWN = 0.01;

  @Override
  public OptionalDouble along(Axis axis, double scale) {
    return new Search(axis).from(Math.max(step * scale, axis.spacing()), LONGEST * scale);
  }

  /** Four points at one step, and what they show of the cost. */
  private record Look(
      FourPoints points,
      boolean crossed,
      double near,
      double bend,
      double farBend,
      double rounding) {

    static Look at(Axis axis, double h) {
      axis.restart();
      FourPoints points = FourPoints.of(axis, axis.place(), h);
      return new Look(
          points,
          axis.crossed(),
          Math.abs(points.near().slope()),
          points.near().bend(axis.place(), axis.level()),
          points.far().bend(axis.place(), axis.level()),
          Math.ulp(axis.level()) / h);
    }

    boolean usable() {
      return points.finite() && !crossed;
    }

    /** {@return the steeper of the slopes to the left and to the right} */
    double slope() {
      return near + bend / 2;
    }

    /** {@return an estimate of the derivative's relative error} */
    double error() {
      double derivative = Math.max(near, Math.abs(points.far().slope()));
      double apart = points.gap() / derivative;
      return derivative == 0 ? 0 : apart * apart + rounding / derivative;
    }

    boolean straight() {
      return points.gap() <= SHARP * near || points.gap() <= 4 * rounding;
    }

    boolean bent() {
      return bend > SHARP * slope() && bend > 8 * rounding;
    }

    /** {@return whether the bend by h is about half of that by 2h, as for a smooth cost} */
    boolean halvesBend() {
      return bend < HALVED * farBend;
    }

    /** {@return whether the bend by h is about that by 2h, as at a kink} */
    boolean keepsBend() {
      return bent() && !halvesBend() && bend < DOUBLED * farBend;
    }

    boolean keepsBendOf(Look other) {
      return bend > SHRUNK * other.bend() && bend < GROWN * other.bend();
    }

    boolean faint() {
      return slope() > 0 && rounding > FAINT * slope();
    }

    /** {@return whether a shorter step would leave enough digits} */
    boolean clear() {
      return !points.finite() || rounding * FACTOR <= CLEAR * slope();
    }
  }

  /** The search for a good step along one axis. */
  private static final class Search {

    private final Axis axis;

    /** The look with the smallest estimate of its error; null before one was usable. */
    private Look best;

    Search(Axis axis) {
      this.axis = axis;
    }

    OptionalDouble from(double h, double longest) {
      Look first = Look.at(axis, h);
      if (first.points().level(axis.level()) && !first.crossed()) {
        return OptionalDouble.of(lost(longest));
      }
      offer(first);
      boolean kink = first.usable() && first.faint() ? lengthen(first, h) : shorten(first, h);
      if (kink) {
        return OptionalDouble.empty();
      }
      return OptionalDouble.of(best == null ? Double.NaN : best.points().derivative());
    }

    /**
     * {@return the slope of a cost that the step does not change: 0, or the slope that a long step
     * shows beyond rounding}
     */
    private double lost(double longest) {
      Look look = Look.at(axis, longest);
      return look.usable()
              && look.straight()
              && !look.keepsBend()
              && look.rounding() < SHOWN * look.near()
          ? look.points().derivative()
          : 0;
    }

    private void offer(Look look) {
      if (look.usable() && (best == null || look.error() < best.error())) {
        best = look;
      }
    }

    /** Makes the step longer until the slope is clear; {@return whether a kink lies within it} */
    private boolean lengthen(Look first, double h) {
      boolean kink = false;
      Look look = first;
      for (int i = 0; i < LONGER && look.usable() && look.faint(); i++) {
        h *= FACTOR;
        Look longer = Look.at(axis, h);
        offer(longer);
        kink = !axis.sided() && longer.usable() && longer.bent() && longer.keepsBendOf(look);
        look = longer;
      }
      return kink;
    }

    /**
     * Makes the step shorter until the cost looks smooth; {@return whether a kink lies within it}
     */
    private boolean shorten(Look first, double h) {
      boolean crossed = false;
      boolean kink = false;
      Look before = null;
      Look look = first;
      for (int i = 0; !smooth(before, look); i++) {
        crossed |= look.crossed();
        kink = before != null && look.usable() && look.keepsBendOf(before);
        if (i == SHORTER || !look.clear() || h / FACTOR < axis.spacing()) {
          kink |= before == null && look.usable() && look.keepsBend();
          return axis.sided() ? best == null && crossed : kink;
        }
        before = look.usable() ? look : null;
        h /= FACTOR;
        look = Look.at(axis, h);
        offer(look);
      }
      best = look;
      return false;
    }

    private boolean smooth(Look before, Look look) {
      return look.usable()
          && look.straight()
          && (!look.bent()
              || axis.sided() && look.halvesBend()
              || before != null && look.bend() < SHRUNK * before.bend());
    }
  }
}
