package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.metric.Regression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How far predicted values lie from the true ones, and where. */
final class ResidualSection {

  /** The most targets whose charts are drawn. */
  static final int MOST_TARGETS = 3;

  /** The most points of all scatters of one kind together. */
  private static final int MOST_POINTS = 500;

  private static final int BINS = 30;
  private static final int GROUPS = 10;
  private static final double[] SHARES = {0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1};

  private final String set;
  private final String suffix;
  private final JudgedValues judged;
  private final int[] worst;
  private final int points;
  private final String name;
  private final Regression.Column scores;
  private final double[] predicted;
  private final double[] actual;
  private final double[] residuals;
  private final double[] errors;

  private ResidualSection(
      String set, String suffix, JudgedValues judged, int column, int[] worst, int points) {
    this.set = set;
    this.suffix = suffix;
    this.judged = judged;
    this.worst = worst;
    this.points = points;
    name = judged.name(column);
    scores = judged.scores(column);
    predicted = judged.predicted(column);
    actual = judged.actual(column);
    residuals = new double[judged.rows()];
    errors = new double[judged.rows()];
    for (int r = 0; r < residuals.length; r++) {
      residuals[r] = actual[r] - predicted[r];
      errors[r] = Math.abs(residuals[r]);
    }
  }

  /**
   * {@return a section for each target; of many for those that are explained least}
   *
   * @param worst the rows that are shown apart
   */
  static List<Section> of(String set, JudgedValues judged, int[] worst) {
    List<Integer> shown =
        IntStream.range(0, judged.columns())
            .boxed()
            .sorted(Comparator.comparingDouble(c -> judged.scores(c).r2().orElse(2)))
            .limit(MOST_TARGETS)
            .sorted()
            .toList();
    List<Section> sections = new ArrayList<>();
    for (int column : shown) {
      String suffix = judged.columns() == 1 ? "" : "-" + (column + 1);
      ResidualSection of =
          new ResidualSection(
              set, suffix, judged, column, worst, MOST_POINTS / Math.max(1, shown.size()));
      sections.add(of.section(shown.size()));
    }
    return sections;
  }

  private Section section(int shown) {
    List<Part> parts = new ArrayList<>();
    if (shown < judged.columns()) {
      parts.add(
          new Prose(
              "One of the %d values of %d that are explained least."
                  .formatted(shown, judged.columns())));
    }
    Quantiles quantiles = Quantiles.of(residuals);
    parts.add(facts(quantiles));
    parts.add(new Beside(List.of(predictedAgainstActual(), residualsAgainstPredicted())));
    parts.add(histogram(quantiles));
    parts.add(quantiles(quantiles));
    parts.add(errorsByPrediction());
    return new Section(
        set + "-errors" + suffix, "Errors of %s (%s)".formatted(Texts.cut(name), set), parts);
  }

  private Facts facts(Quantiles quantiles) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("RMSE", Texts.number(scores.rmse()));
    facts.put("mean absolute error", Texts.number(scores.mae()));
    scores.r2().ifPresent(r2 -> facts.put("R²", Texts.number(r2)));
    facts.put("mean residual", Texts.number(Arrays.stream(residuals).sum() / residuals.length));
    int below = quantiles.notAbove(0);
    facts.put(
        "true value at or below the prediction",
        "%d of %d rows, %s"
            .formatted(below, residuals.length, Texts.number((double) below / residuals.length)));
    return new Facts(facts);
  }

  private static double[] select(double[] numbers, int[] rows) {
    return IntStream.of(rows).mapToDouble(r -> numbers[r]).toArray();
  }

  private String drawn(int[] some) {
    return some.length < judged.rows()
        ? " Drawn are %d of %d rows, evenly spaced in their order, and the %d worst."
            .formatted(some.length, judged.rows(), worst.length)
        : "";
  }

  private Chart predictedAgainstActual() {
    int[] some = Sample.even(judged.rows(), points);
    double low = Math.min(min(actual), min(predicted));
    double high = Math.max(max(actual), max(predicted));
    return XyChart.of(
            set + "-predicted" + suffix,
            "Predicted and true values",
            "Each point is a row; on the dashed line its prediction is right." + drawn(some),
            Axis.of("predicted " + name),
            Axis.of("true " + name))
        .points("rows", select(predicted, some), select(actual, some))
        .points("worst rows", select(predicted, worst), select(actual, worst))
        .dashed("right", new double[] {low, high}, new double[] {low, high})
        .chart();
  }

  private static double min(double[] numbers) {
    return Arrays.stream(numbers).min().orElseThrow();
  }

  private static double max(double[] numbers) {
    return Arrays.stream(numbers).max().orElseThrow();
  }

  private Chart residualsAgainstPredicted() {
    int[] some = Sample.even(judged.rows(), points);
    List<Group> groups = groups();
    double[] at = groups.stream().mapToDouble(Group::prediction).toArray();
    return XyChart.of(
            set + "-residuals" + suffix,
            "Residuals against predictions",
            "The true value less the predicted one. In the band lie eight of ten rows with a"
                + " prediction like that: it should be level around 0, and as wide everywhere."
                + drawn(some),
            Axis.of("predicted " + name),
            Axis.of("residual"))
        .points("rows", select(predicted, some), select(residuals, some))
        .points("worst rows", select(predicted, worst), select(residuals, worst))
        .band(
            "eight of ten rows",
            at,
            groups.stream().mapToDouble(g -> g.residuals().at(0.1)).toArray(),
            groups.stream().mapToDouble(g -> g.residuals().at(0.9)).toArray())
        .line("median", at, groups.stream().mapToDouble(g -> g.residuals().at(0.5)).toArray())
        .chart();
  }

  private Chart histogram(Quantiles quantiles) {
    ResidualHistogram of = ResidualHistogram.of(quantiles, BINS);
    return BarChart.of(
            set + "-residual-histogram" + suffix,
            "Residuals",
            "How many of the %d rows have a residual in each range; the first and the last range"
                    .formatted(residuals.length)
                + " hold all beyond them, too.",
            "residual",
            of.ranges(),
            Axis.of("rows"))
        .touching()
        .bars("rows", of.counts())
        .chart();
  }

  private static Grid quantiles(Quantiles quantiles) {
    List<String> header = new ArrayList<>(List.of("quantile"));
    List<Json> row = new ArrayList<>(List.of(Grid.cell("residual")));
    for (double share : SHARES) {
      header.add(share == 0 ? "least" : share == 1 ? "largest" : Math.round(100 * share) + " %");
      row.add(Texts.cell(quantiles.at(share)));
    }
    return new Grid(header, List.of(row));
  }

  private Chart errorsByPrediction() {
    List<Group> groups = groups();
    return BarChart.of(
            set + "-error-by-prediction" + suffix,
            "Absolute error by prediction",
            "The mean distance from the true value of rows in each tenth of the predictions, from"
                + " the smallest to the largest; whiskers hold eight of ten rows. Rows of equal"
                + " predictions are in one group.",
            "predicted " + name,
            groups.stream().map(Group::range).toList(),
            Axis.of("absolute error"))
        .bars("mean absolute error", groups.stream().mapToDouble(Group::error).toArray())
        .whiskers(
            "eight of ten rows",
            groups.stream().mapToDouble(g -> g.errors().at(0.1)).toArray(),
            groups.stream().mapToDouble(g -> g.errors().at(0.9)).toArray())
        .chart();
  }

  /** Rows with like predictions. */
  private record Group(
      String range, double prediction, double error, Quantiles residuals, Quantiles errors) {}

  /** {@return the rows by tenths of the predictions, fewer where many are equal} */
  private List<Group> groups() {
    Quantiles all = Quantiles.of(predicted);
    double[] ends =
        IntStream.rangeClosed(1, GROUPS)
            .mapToDouble(g -> g == GROUPS ? all.at(1) : all.at((double) g / GROUPS))
            .distinct()
            .toArray();
    int[] groupOf = new int[judged.rows()];
    int[] sizes = new int[ends.length];
    for (int r = 0; r < groupOf.length; r++) {
      int place = Arrays.binarySearch(ends, predicted[r]);
      groupOf[r] = place >= 0 ? place : -place - 1;
      sizes[groupOf[r]]++;
    }
    List<Group> groups = new ArrayList<>();
    for (int g = 0; g < ends.length; g++) {
      if (sizes[g] > 0) {
        int group = g;
        int[] rows = IntStream.range(0, groupOf.length).filter(r -> groupOf[r] == group).toArray();
        double[] its = select(predicted, rows);
        double[] distances = select(errors, rows);
        groups.add(
            new Group(
                "%s to %s".formatted(Texts.number(min(its)), Texts.number(max(its))),
                Arrays.stream(its).sum() / its.length,
                Arrays.stream(distances).sum() / distances.length,
                Quantiles.of(select(residuals, rows)),
                Quantiles.of(distances)));
      }
    }
    return groups;
  }
}
