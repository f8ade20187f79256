package dev.lanewise.model;

import static java.util.Map.entry;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The result of a conformal calibration, as a model carries it: the kind of score, how many rows
 * there were, and the quantile of their scores for each coverage.
 *
 * @param score the kind of score
 * @param rows the calibration rows, at least 1
 * @param levels at least one, each of another coverage; the first is the usual one
 */
record ConformalFit(Conformal.Score score, int rows, List<Level> levels) {

  /**
   * The quantiles for one coverage.
   *
   * @param coverage the share of rows that is to be covered
   * @param quantiles one for each value that is predicted, or the one of a set's scores; none if
   *     there are too few rows, so that it is infinite
   */
  record Level(Coverage coverage, List<Double> quantiles) {
    Level {
      quantiles = List.copyOf(quantiles);
    }
  }

  ConformalFit {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: %d; expected at least 1".formatted(rows));
    }
    levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("coverage: none; expected at least one");
    }
    Set<Coverage> seen = new HashSet<>();
    for (Level level : levels) {
      if (!seen.add(level.coverage())) {
        throw new IllegalArgumentException(
            "coverage: %s twice; expected each once".formatted(level.coverage()));
      }
      checkQuantiles(score, rows, level);
    }
    checkOrder(levels);
  }

  private static void checkQuantiles(Conformal.Score score, int rows, Level level) {
    boolean infinite = level.coverage().rank(rows) > rows;
    if (infinite != level.quantiles().isEmpty()) {
      throw new IllegalArgumentException(
          "coverage %s: %d quantiles; expected %s of %d rows"
              .formatted(
                  level.coverage(), level.quantiles().size(), infinite ? "none" : "some", rows));
    }
    for (double quantile : level.quantiles()) {
      boolean fits =
          switch (score) {
            case RESIDUAL -> quantile >= 0 && quantile <= Double.MAX_VALUE;
            case CQR -> Double.isFinite(quantile);
            case LAC, APS -> quantile >= 0 && quantile <= 1;
          };
      if (!fits) {
        throw new IllegalArgumentException(
            "coverage %s: quantile %s; expected one that a score %s can have"
                .formatted(level.coverage(), quantile, name(score)));
      }
    }
  }

  /** Refuses a quantile that is below one of a smaller coverage. */
  private static void checkOrder(List<Level> levels) {
    List<Level> sorted =
        levels.stream().sorted(Comparator.comparing(level -> level.coverage().share())).toList();
    for (int i = 1; i < sorted.size(); i++) {
      List<Double> low = sorted.get(i - 1).quantiles();
      List<Double> high = sorted.get(i).quantiles();
      for (int c = 0; c < Math.min(low.size(), high.size()); c++) {
        if (low.get(c) > high.get(c)) {
          throw new IllegalArgumentException(
              "coverage %s: quantile %s; expected at least %s, that of coverage %s"
                  .formatted(
                      sorted.get(i).coverage(),
                      high.get(c),
                      low.get(c),
                      sorted.get(i - 1).coverage()));
        }
      }
    }
  }

  /** Refuses a score that has no meaning for a model, and quantiles that are not one for each. */
  void checkFits(TrainedModel model) {
    score.checkFits(model);
    int expected = score.givesSets() ? 1 : model.outputs();
    for (Level level : levels) {
      if (!level.quantiles().isEmpty() && level.quantiles().size() != expected) {
        throw new IllegalArgumentException(
            "coverage %s: %d quantiles; expected %d"
                .formatted(level.coverage(), level.quantiles().size(), expected));
      }
    }
  }

  /** {@return how files and messages name a score} */
  static String name(Conformal.Score score) {
    return score.name().toLowerCase(Locale.ROOT);
  }

  Json write() {
    List<Json> all = new ArrayList<>();
    for (Level level : levels) {
      List<Json> quantiles = level.quantiles().stream().map(q -> Json.of((double) q)).toList();
      all.add(
          Json.object(
              entry("coverage", Json.of(level.coverage().toString())),
              entry("quantiles", new Json.Arr(quantiles))));
    }
    return Json.object(
        entry("score", Json.of(name(score))),
        entry("rows", Json.of(rows)),
        entry("levels", new Json.Arr(all)));
  }

  /** {@return what JSON describes; {@code path} is what messages call it} */
  static ConformalFit read(String path, JsonReader json) {
    return Fields.read(
        path,
        json,
        fields -> {
          Conformal.Score score = fields.choice("score", Conformal.Score.class);
          int rows = fields.integer("rows");
          List<Level> levels = fields.objects("levels", ConformalFit::level);
          return fields.build(() -> new ConformalFit(score, rows, levels));
        });
  }

  private static Level level(Fields fields) {
    String coverage = fields.text("coverage");
    double[] quantiles = fields.numbers("quantiles");
    List<Double> boxed = new ArrayList<>();
    for (double quantile : quantiles) {
      boxed.add(quantile);
    }
    return fields.build(() -> new Level(Coverage.parse(coverage), boxed));
  }
}
