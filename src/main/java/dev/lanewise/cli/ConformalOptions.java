package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.json.Json;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that calibrate the result for intervals or sets. */
@Command(optionListHeading = "Intervals and sets:%n")
final class ConformalOptions {

  private static final double USUAL_PERCENT = 20;
  private static final long STREAM = CounterRandom.stream("calibration rows");

  @Option(
      names = "--conformal",
      paramLabel = "SHARE",
      split = ",",
      description =
          "Set rows of DATA aside, before it is divided, and calibrate the model by them, so that"
              + " its intervals or sets hold the truth for this share of rows, such as 0.9, or"
              + " several.")
  private List<Double> coverages = List.of();

  @Option(
      names = "--conformal-rows",
      paramLabel = "PERCENT",
      description = "The share of DATA that is set aside for --conformal. Default: 20.")
  private Double percent;

  @Option(
      names = "--conformal-method",
      paramLabel = "NAME",
      description = "residual for values, lac or aps for classes. Default: residual, lac.")
  private String method;

  /**
   * DATA in two parts.
   *
   * @param source the rows that are trained on and judged by
   * @param calibration the rows that were set aside, if any were
   */
  record Divided(DataOptions.Source source, Optional<Examples> calibration) {}

  /** Checks the options. */
  void check(CommandSpec spec, TrainSettings settings) {
    if (coverages.isEmpty()) {
      Usage.require(
          spec,
          percent == null,
          "--conformal-rows: has no meaning without --conformal; expected both");
      Usage.require(
          spec,
          method == null,
          "--conformal-method: has no meaning without --conformal; expected both");
      return;
    }
    RegionOptions.checkCoverages(spec, "--conformal", coverages);
    Usage.require(
        spec,
        percent == null || percent > 0 && percent < 100,
        "--conformal-rows: %s; expected a percentage above 0 and below 100",
        percent);
    if (method != null) {
      Conformal.Score score =
          Usage.constant(spec, "--conformal-method", Conformal.Score.class, method);
      Usage.require(
          spec,
          score != Conformal.Score.CQR,
          "--conformal-method cqr: takes two models; expected lanewise calibrate --upper");
      Usage.require(
          spec,
          score.givesSets() == settings.data().classifies(),
          "--conformal-method %s: has no meaning for %s; expected %s",
          method,
          settings.data().classifies() ? "classes" : "values",
          settings.data().classifies() ? "lac or aps" : "residual");
    }
    Usage.require(
        spec,
        !settings.data().streams(),
        "--conformal: has no meaning with --stream; expected lanewise calibrate with other rows");
    Usage.require(
        spec,
        !settings.rules().findLearningRate(),
        "--find-learning-rate: trains nothing; expected it without --conformal");
  }

  /** {@return the rows, some set aside if that is asked for: of every class a share} */
  Divided divide(DataOptions.Source source, TrainSettings settings) {
    if (coverages.isEmpty()) {
      return new Divided(source, Optional.empty());
    }
    double share = percent == null ? USUAL_PERCENT : percent;
    Split.Ratios ratios = new Split.Ratios(100 - share, share, 0);
    long seed = CounterRandom.key(settings.loop().seed(), STREAM, 0);
    Examples all = source.examples();
    Split parts =
        settings.data().classifies()
            ? Split.stratified(settings.data().classes(all), ratios, seed)
            : Split.plain(all.count(), ratios, seed);
    if (parts.dev().length == 0 || parts.train().length == 0) {
      throw new IllegalArgumentException(
          "--conformal-rows %s: %d of %d rows; expected at least 1 here and for the training"
              .formatted(share, parts.dev().length, all.count()));
    }
    return new Divided(
        source.withExamples(all.only(sorted(parts.train()))),
        Optional.of(all.only(sorted(parts.dev()))));
  }

  private static int[] sorted(int[] rows) {
    int[] copy = rows.clone();
    Arrays.sort(copy);
    return copy;
  }

  /** {@return the calibrated model; the model itself if nothing was set aside} */
  TrainedModel applyTo(TrainedModel model, Optional<Examples> calibration) {
    if (calibration.isEmpty()) {
      return model;
    }
    Dataset rows = calibration.get().dataset(model.encoder().orElseThrow(), List.of());
    double[] shares = coverages.stream().mapToDouble(Double::doubleValue).toArray();
    return Conformal.calibrate(model, rows, score(model), shares).model();
  }

  private Conformal.Score score(TrainedModel model) {
    return method == null
        ? Conformal.Score.RESIDUAL.fits(model) ? Conformal.Score.RESIDUAL : Conformal.Score.LAC
        : Conformal.Score.valueOf(method.toUpperCase(Locale.ROOT));
  }

  /** {@return what the calibration came to, and what it covers of the test rows, for JSON} */
  static Map<String, Json> facts(TrainedModel model, Optional<Dataset> test) {
    Map<String, Json> facts = new LinkedHashMap<>();
    model
        .conformal()
        .ifPresent(
            conformal -> {
              facts.put("conformal", CalibrationText.json(conformal));
              List<ObservedCoverage> observed = observed(conformal, test);
              if (!observed.isEmpty()) {
                facts.put("coverage", ObservedCoverage.json(observed));
              }
            });
    return facts;
  }

  /** {@return the same as lines for people} */
  static List<String> lines(TrainedModel model, Optional<Dataset> test) {
    List<String> lines = new ArrayList<>();
    model
        .conformal()
        .ifPresent(
            conformal -> {
              lines.addAll(CalibrationText.lines(conformal));
              observed(conformal, test).forEach(of -> lines.add("test " + of));
            });
    return lines;
  }

  private static List<ObservedCoverage> observed(Conformal conformal, Optional<Dataset> test) {
    return test.map(rows -> ObservedCoverage.all(conformal, rows, rows.encoder().orElseThrow()))
        .orElse(List.of());
  }
}
