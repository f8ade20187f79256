package dev.lanewise.model;

import static java.util.Map.entry;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Objects;

/**
 * The treatment of a network's logits: the temperature for their probabilities, and the threshold
 * for the decision between two classes.
 *
 * @param temperature the divisor of logits
 * @param threshold the least probability of a row of the second class
 */
record Outputs(Temperature temperature, Threshold threshold) {

  /** Undivided logits, and the more probable class. */
  static final Outputs PLAIN = new Outputs(Temperature.NONE, Threshold.HALF);

  Outputs {
    Objects.requireNonNull(temperature, "temperature");
    Objects.requireNonNull(threshold, "threshold");
  }

  Outputs withTemperature(Temperature other) {
    return new Outputs(other, threshold);
  }

  Outputs withThreshold(Threshold other) {
    return new Outputs(temperature, other);
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

  Json write() {
    return Json.object(
        entry("temperature", Json.of(temperature.value())),
        entry("threshold", Json.of(threshold.probability())));
  }

  /** {@return what JSON describes; {@code path} is what messages call it} */
  static Outputs read(String path, JsonReader json) {
    return Fields.read(
        path,
        json,
        fields -> {
          float temperature = fields.single("temperature");
          float threshold = fields.single("threshold");
          return fields.build(
              () -> new Outputs(new Temperature(temperature), new Threshold(threshold)));
        });
  }
}
