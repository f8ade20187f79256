package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.TrainedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that fit temperature and threshold on the dev rows. */
@Command(optionListHeading = "Probabilities:%n")
final class OutputOptions {

  @Option(
      names = "--calibrate",
      description =
          "Divide scores by the temperature that makes the dev rows' log loss least, before they"
              + " become probabilities. Presets do so without this option, if it is worth it.")
  private boolean calibrate;

  @Option(
      names = "--tune-threshold",
      paramLabel = "MEASURE",
      description =
          "Take for the second class what has at least the probability that makes the dev rows'"
              + " accuracy, f1 or youden largest. Default: 0.5.")
  private String measure;

  /** Checks the options. */
  void check(CommandSpec spec, boolean classifies) {
    if (measure != null) {
      measure(spec);
    }
    for (String option : given()) {
      Usage.require(
          spec, classifies, "%s: has no meaning for values; expected --task classify", option);
    }
  }

  /** Checked once by the shares, and again by the rows, which may be too few for all shares. */
  void requireDevRows(CommandSpec spec, boolean devRows) {
    for (String option : given()) {
      Usage.require(
          spec,
          devRows,
          "%s: needs dev rows; expected a --split with a second part above 0",
          option);
    }
  }

  /** {@return the options that were given} */
  List<String> given() {
    List<String> given = new ArrayList<>();
    if (calibrate) {
      given.add("--calibrate");
    }
    if (measure != null) {
      given.add("--tune-threshold " + measure);
    }
    return given;
  }

  private Threshold.Measure measure(CommandSpec spec) {
    return Usage.constant(spec, "--tune-threshold", Threshold.Measure.class, measure);
  }

  /** {@return a learner that fits what was asked for; the options have been checked} */
  Learner applyTo(Learner learner, CommandSpec spec) {
    Learner calibrating = calibrate ? learner.withCalibration() : learner;
    return measure == null ? calibrating : calibrating.withThreshold(measure(spec));
  }

  /** {@return what was fitted, by name} */
  Map<String, Json> facts(TrainedModel model) {
    Map<String, Json> facts = new LinkedHashMap<>();
    if (calibrate || !model.temperature().equals(Temperature.NONE)) {
      facts.put("temperature", Json.of(model.temperature().value()));
    }
    if (measure != null) {
      facts.put("threshold", Json.of(model.threshold().probability()));
    }
    return facts;
  }
}
