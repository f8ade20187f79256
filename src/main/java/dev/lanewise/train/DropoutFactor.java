package dev.lanewise.train;

import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Schedule;
import dev.lanewise.update.Updater;

/** What a schedule must be to multiply the probabilities of dropping units. */
final class DropoutFactor {

  private DropoutFactor() {}

  /**
   * Checks a factor.
   *
   * @throws IllegalArgumentException if it ever exceeds 1, or the network has classic dropout
   */
  static void check(Schedule factor, Network network) {
    double highest = highest(factor);
    if (highest > 1) {
      throw new IllegalArgumentException(
          "dropoutFactor: %s, which reaches %s; expected at most 1".formatted(factor, highest));
    }
    for (Layer layer : network.layers()) {
      if (layer instanceof Dropout dropout && dropout.form() == Dropout.Form.CLASSIC) {
        throw new IllegalArgumentException(
            "dropoutFactor: %s with %s; expected inverted dropout, as the classic form's factor in"
                    .formatted(factor, dropout)
                + " inference belongs to one probability");
      }
    }
  }

  /** {@return the factor after so many epochs and steps; rounding may lift a rate of 1 above 1} */
  static double at(Schedule factor, int epoch, long steps) {
    return Math.min(1, Updater.rate(factor, epoch, steps));
  }

  /** {@return a rate that a schedule does not exceed, and reaches if it runs to its end} */
  static double highest(Schedule schedule) {
    return switch (schedule) {
      case Schedule.Constant s -> s.rate();
      case Schedule.PerStep s -> highest(s.schedule());
      case Schedule.Staircase s -> s.initial();
      case Schedule.MultiStep s -> s.initial();
      case Schedule.InverseTime s -> s.initial();
      case Schedule.InverseSquareRoot s -> s.initial();
      case Schedule.Polynomial s -> Math.max(s.initial(), s.end());
      case Schedule.Cosine s -> Math.max(s.initial(), s.end());
      case Schedule.CosineRestarts s -> Math.max(s.initial(), s.end());
      case Schedule.CosineLog s -> s.peak();
      case Schedule.WarmUp s -> highest(s.then());
      case Schedule.OneCycle s -> s.peak();
      case Schedule.Chained s ->
          s.legs().stream()
              .mapToDouble(leg -> highest(leg.schedule()))
              .reduce(highest(s.last()), Math::max);
    };
  }
}
