package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.Diagnosis.Estimate;
import dev.lanewise.learn.LearningCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Bias and variance, what to do next, and the errors by the number of training rows. */
final class DiagnosisSection {

  private static final int LOW = 260;

  private DiagnosisSection() {}

  /** {@return the section, without parts if there is nothing to show} */
  static Section of(Optional<Diagnosis> diagnosis, Optional<LearningCurve> curve) {
    List<Part> parts = new ArrayList<>();
    diagnosis.ifPresent(of -> add(of, parts));
    curve.ifPresent(
        of -> {
          parts.add(chart(of));
          parts.add(new Prose("Learning curve: " + of.advice() + "."));
        });
    return new Section("diagnosis", "Bias and variance", parts);
  }

  private static void add(Diagnosis of, List<Part> parts) {
    parts.add(new Prose(verdict(of)));
    parts.add(table(of));
    parts.add(chart(of));
    of.advice().forEach(next -> parts.add(new Prose("Next: " + next + ".")));
  }

  private static String verdict(Diagnosis of) {
    String verdict =
        switch (of.verdict()) {
          case BIAS -> "High bias: the model does not fit its training rows.";
          case VARIANCE -> "High variance: the model does not do as well on rows it has not seen.";
          case BOTH -> "High bias and high variance: the model fits badly, and generalises worse.";
          case NEITHER -> "Neither bias nor variance is high.";
        };
    String human =
        of.humanError().isPresent()
            ? ""
            : " No human error was given, so bias is counted from 0, and what nobody could predict"
                + " is part of it.";
    String settled =
        of.isSettled()
            ? ""
            : " The intervals reach over the threshold: with so few rows another verdict is open.";
    return "%s A gap is high from %s on.%s%s"
        .formatted(verdict, text(of.ofClasses(), of.threshold()), human, settled);
  }

  /** {@return an error as it is shown: percent of rows, or in the label's units} */
  private static double shown(boolean ofClasses, double error) {
    return ofClasses ? 100 * error : error;
  }

  private static String text(boolean ofClasses, double error) {
    return ofClasses
        ? String.format(Locale.ROOT, "%.3g %%", 100 * error)
        : String.format(Locale.ROOT, "%.4g", error);
  }

  private static String unit(boolean ofClasses) {
    return ofClasses ? "% of rows" : "RMSE";
  }

  private static Grid table(Diagnosis of) {
    List<List<Json>> rows = new ArrayList<>();
    of.humanError()
        .ifPresent(
            human -> rows.add(row(of, "human error", "given", new Estimate(human, human, human))));
    rows.add(row(of, "training error", "", of.trainError()));
    rows.add(row(of, "dev error", "", of.devError()));
    String from = of.humanError().isPresent() ? "human error" : "0";
    rows.add(row(of, "bias", "training error − " + from, of.bias()));
    rows.add(row(of, "variance", "dev error − training error", of.variance()));
    String level = "%.0f %% interval, ".formatted(100 * Diagnosis.LEVEL);
    return new Grid(
        List.of("quantity", "what it is", unit(of.ofClasses()), level + "low", level + "high"),
        rows);
  }

  private static List<Json> row(Diagnosis of, String name, String what, Estimate estimate) {
    boolean classes = of.ofClasses();
    return List.of(
        Grid.cell(name),
        Grid.cell(what),
        Texts.cell(shown(classes, estimate.value())),
        Texts.cell(shown(classes, estimate.low())),
        Texts.cell(shown(classes, estimate.high())));
  }

  private static Chart chart(Diagnosis of) {
    List<String> names = new ArrayList<>();
    List<Estimate> estimates = new ArrayList<>();
    of.humanError()
        .ifPresent(
            human -> {
              names.add("human error");
              estimates.add(new Estimate(human, human, human));
            });
    names.addAll(List.of("training error", "dev error", "bias", "variance"));
    estimates.addAll(List.of(of.trainError(), of.devError(), of.bias(), of.variance()));
    boolean classes = of.ofClasses();
    return BarChart.of(
            "bias-variance",
            "Errors, and the gaps between them.",
            "Bias is the training error less the human error, variance the dev error less the"
                + " training error; each with its %.0f %% interval. From %s on a gap is high."
                    .formatted(100 * Diagnosis.LEVEL, text(classes, of.threshold())),
            "quantity",
            names,
            Axis.of(unit(classes)))
        .lying()
        .bars("estimate", column(estimates, e -> shown(classes, e.value())))
        .whiskers(
            "interval",
            column(estimates, e -> shown(classes, e.low())),
            column(estimates, e -> shown(classes, e.high())))
        .chart();
  }

  private static double[] column(List<Estimate> estimates, ToDoubleFunction<Estimate> of) {
    return estimates.stream().mapToDouble(of).toArray();
  }

  private static Chart chart(LearningCurve of) {
    boolean classes = of.ofClasses();
    List<LearningCurve.Point> points = of.points();
    double[] rows = points.stream().mapToDouble(LearningCurve.Point::rows).toArray();
    List<Estimate> train = points.stream().map(LearningCurve.Point::train).toList();
    List<Estimate> dev = points.stream().map(LearningCurve.Point::dev).toList();
    return XyChart.of(
            "learning-curve",
            "Errors by the number of training rows.",
            "Each size is trained on several times, from other weights and on other rows; the bands"
                + " are %.0f %% intervals over rows and trainings. Where the dev error still falls,"
                    .formatted(100 * Diagnosis.LEVEL)
                + " more rows help; where the lines have met, they do not.",
            Axis.log("training rows").between(rows[0], rows[rows.length - 1]),
            Axis.of("error, " + unit(classes)))
        .height(LOW)
        .band(
            "train",
            rows,
            column(train, e -> shown(classes, e.low())),
            column(train, e -> shown(classes, e.high())))
        .band(
            "dev",
            rows,
            column(dev, e -> shown(classes, e.low())),
            column(dev, e -> shown(classes, e.high())))
        .line("train", rows, column(train, e -> shown(classes, e.value())))
        .line("dev", rows, column(dev, e -> shown(classes, e.value())))
        .chart();
  }
}
