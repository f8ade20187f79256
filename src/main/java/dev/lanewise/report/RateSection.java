package dev.lanewise.report;

import dev.lanewise.train.RateFinder;
import java.util.Locale;
import java.util.OptionalDouble;

/** The losses that growing learning rates lead to. */
final class RateSection {

  private RateSection() {}

  static Section of(RateFinder.Curve curve) {
    double[] rates = curve.points().stream().mapToDouble(RateFinder.Curve.Point::rate).toArray();
    OptionalDouble suggestion = curve.suggestion();
    XyChart chart =
        XyChart.of(
                "learning-rates",
                "Loss against learning rate.",
                "Each step has a rate a constant factor above the one before; shown is the loss of"
                    + " the next batch. Take a rate well before the loss turns up.",
                Axis.log("learning rate"),
                Axis.of("loss"))
            .line(
                "loss",
                rates,
                curve.points().stream().mapToDouble(RateFinder.Curve.Point::loss).toArray())
            .line(
                "smoothed",
                rates,
                curve.points().stream()
                    .mapToDouble(RateFinder.Curve.Point::smoothedLoss)
                    .toArray());
    String advice =
        suggestion.isPresent()
            ? String.format(
                Locale.ROOT,
                "Suggested: %.3g, a tenth of the rate at which the smoothed loss was lowest.",
                suggestion.getAsDouble())
            : "No rate lowered the loss, so none is suggested.";
    suggestion.ifPresent(
        rate -> chart.vertical(String.format(Locale.ROOT, "suggested, %.3g", rate), rate));
    return Section.of("learning-rates", "Learning rates", new Prose(advice), chart.chart());
  }
}
