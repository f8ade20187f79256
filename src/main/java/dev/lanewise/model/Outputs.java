package dev.lanewise.model;

import static java.util.Map.entry;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * The treatment of a network's outputs: the temperature for their probabilities, the threshold for
 * the decision between two classes, and the conformal calibration of intervals or sets.
 *
 * @param temperature the divisor of logits
 * @param threshold the least probability of a row of the second class
 * @param conformal the calibration of the predictions under this temperature, if there is one
 */
record Outputs(Temperature temperature, Threshold threshold, Optional<ConformalFit> conformal) {

  /** Undivided logits, and the more probable class. */
  static final Outputs PLAIN = new Outputs(Temperature.NONE, Threshold.HALF, Optional.empty());

  Outputs {
    Objects.requireNonNull(temperature, "temperature");
    Objects.requireNonNull(threshold, "threshold");
    Objects.requireNonNull(conformal, "conformal");
  }

  /** {@return these with a temperature; a calibration of probabilities under another one goes} */
  Outputs withTemperature(Temperature other) {
    Objects.requireNonNull(other, "temperature");
    Optional<ConformalFit> kept = other.equals(temperature) ? conformal : Optional.empty();
    return new Outputs(other, threshold, kept);
  }

  Outputs withThreshold(Threshold other) {
    return new Outputs(temperature, other, conformal);
  }

  Outputs withConformal(ConformalFit fit) {
    return new Outputs(temperature, threshold, Optional.of(fit));
  }

  /** {@return these for other predictions, which the calibration is not of} */
  Outputs withoutConformal() {
    return new Outputs(temperature, threshold, Optional.empty());
  }

  /** {@return whether temperature and threshold are what they are if nobody says anything} */
  boolean arePlain() {
    return withoutConformal().equals(PLAIN);
  }

  /** Refuses to calibrate predictions by weights that a file would not bring back. */
  static void checkFormat(WeightFormat format) {
    if (format != WeightFormat.FLOAT32) {
      throw new IllegalArgumentException(
          "model: weights as %s; expected FLOAT32, which files give back".formatted(format));
    }
  }

  /** Refuses a temperature or a threshold that has no meaning for a network. */
  void checkFits(Network network) {
    if (!temperature.equals(Temperature.NONE) && !network.loss().givesProbabilities()) {
      throw new IllegalArgumentException(
          "temperature: %s; expected 1, as %s gives no probabilities"
              .formatted(temperature.value(), network.loss()));
    }
    boolean binary = network.loss().link() == Loss.Link.SIGMOID && network.outputs() == 1;
    if (!threshold.equals(Threshold.HALF) && !binary) {
      throw new IllegalArgumentException(
          "threshold: %s; expected 0.5, as a threshold is for two classes of one sigmoid output, not"
                  .formatted(threshold.probability())
              + " for %s over %d".formatted(network.loss(), network.outputs()));
    }
  }

  /** Refuses a calibration that is none of a model's. */
  void checkFits(TrainedModel model) {
    conformal.ifPresent(fit -> fit.checkFits(model));
  }

  /** {@return temperature and threshold} */
  Json write() {
    return Json.object(
        entry("temperature", Json.of(temperature.value())),
        entry("threshold", Json.of(threshold.probability())));
  }

  /**
   * {@return the temperature and threshold that JSON describes; {@code path} is what messages call
   * it}
   */
  static Outputs read(String path, JsonReader json) {
    return Fields.read(
        path,
        json,
        fields -> {
          float temperature = fields.single("temperature");
          float threshold = fields.single("threshold");
          return fields.build(
              () ->
                  new Outputs(
                      new Temperature(temperature), new Threshold(threshold), Optional.empty()));
        });
  }
}
