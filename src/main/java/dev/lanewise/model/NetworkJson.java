package dev.lanewise.model;

import static dev.lanewise.model.Fields.choice;
import static java.util.Map.entry;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Networks as JSON. Every constant is written out, so a file keeps its meaning when a default
 * changes.
 */
final class NetworkJson {

  private NetworkJson() {}

  static Json write(Network network) {
    return Json.object(
        entry("inputs", Json.of(network.inputs())),
        entry("layers", new Json.Arr(network.layers().stream().map(NetworkJson::write).toList())),
        entry("loss", write(network.loss())));
  }

  /**
   * {@return the network that JSON describes}
   *
   * @throws IllegalArgumentException if it describes none; the message names the member
   */
  static Network read(JsonReader json) {
    return Fields.read("network", json, NetworkJson::network);
  }

  private static Network network(Fields fields) {
    int inputs = fields.integer("inputs");
    List<Layer> layers = fields.objects("layers", NetworkJson::layer);
    Loss loss = fields.object("loss", NetworkJson::loss);
    return fields.build(() -> new Network(inputs, layers, loss));
  }

  private static Json write(Layer layer) {
    return switch (layer) {
      case Dense dense -> write(dense);
      case BatchNorm norm ->
          Json.object(
              entry("kind", Json.of("batch_norm")),
              entry("epsilon", Json.of(norm.epsilon())),
              entry("decay", Json.of(norm.decay())),
              entry("variance", Json.of(choice(norm.variance()))));
      case LayerNorm norm ->
          Json.object(
              entry("kind", Json.of("layer_norm")), entry("epsilon", Json.of(norm.epsilon())));
      case Activation activation ->
          Json.object(
              entry("kind", Json.of("activation")),
              entry("function", Json.of(choice(activation.function()))),
              entry("parameter", Json.of(activation.parameter())));
      case Dropout dropout ->
          Json.object(
              entry("kind", Json.of("dropout")),
              entry("keep", Json.of(dropout.keep())),
              entry("form", Json.of(choice(dropout.form()))));
    };
  }

  private static Json write(Dense dense) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("kind", Json.of("dense"));
    members.put("units", Json.of(dense.units()));
    members.put("initializer", write(dense.initializer()));
    members.put("penalty", write(dense.penalty()));
    dense.maxNorm().ifPresent(c -> members.put("max_norm", Json.of(c)));
    return new Json.Obj(members);
  }

  private static Layer layer(Fields fields) {
    String kind = fields.text("kind");
    switch (kind) {
      case "dense" -> {
        int units = fields.integer("units");
        Initializer initializer = fields.object("initializer", NetworkJson::initializer);
        Penalty penalty = fields.object("penalty", NetworkJson::penalty);
        OptionalDouble maxNorm =
            fields.has("max_norm")
                ? OptionalDouble.of(fields.number("max_norm"))
                : OptionalDouble.empty();
        return fields.build(
            () -> {
              Dense dense = new Dense(units).withInitializer(initializer).withPenalty(penalty);
              return maxNorm.isPresent() ? dense.withMaxNorm(maxNorm.getAsDouble()) : dense;
            });
      }
      case "batch_norm" -> {
        double epsilon = fields.number("epsilon");
        double decay = fields.number("decay");
        BatchNorm.Variance variance = fields.choice("variance", BatchNorm.Variance.class);
        return fields.build(() -> new BatchNorm(epsilon, decay, variance));
      }
      case "layer_norm" -> {
        double epsilon = fields.number("epsilon");
        return fields.build(() -> new LayerNorm(epsilon));
      }
      case "activation" -> {
        Activation.Function function = fields.choice("function", Activation.Function.class);
        float parameter = fields.single("parameter");
        return fields.build(() -> new Activation(function, parameter));
      }
      case "dropout" -> {
        double keep = fields.number("keep");
        Dropout.Form form =
            fields.has("form") ? fields.choice("form", Dropout.Form.class) : Dropout.Form.INVERTED;
        return fields.build(() -> new Dropout(keep, form));
      }
      default ->
          throw fields.unknown(
              "kind", kind, "dense, batch_norm, layer_norm, activation or dropout");
    }
  }

  private static Json write(Initializer initializer) {
    Json distribution = Json.of(choice(initializer.distribution()));
    return switch (initializer) {
      case Initializer.Zeros zeros -> Json.object(entry("kind", Json.of("zeros")));
      case Initializer.Fixed fixed ->
          Json.object(
              entry("kind", Json.of("fixed")),
              entry("deviation", Json.of(fixed.deviation())),
              entry("distribution", distribution));
      case Initializer.LeCun lecun ->
          Json.object(entry("kind", Json.of("lecun")), entry("distribution", distribution));
      case Initializer.Glorot glorot ->
          Json.object(entry("kind", Json.of("glorot")), entry("distribution", distribution));
      case Initializer.He he ->
          Json.object(entry("kind", Json.of("he")), entry("distribution", distribution));
      case Initializer.Orthogonal orthogonal ->
          Json.object(
              entry("kind", Json.of("orthogonal")), entry("gain", Json.of(orthogonal.gain())));
    };
  }

  private static Initializer initializer(Fields fields) {
    String kind = fields.text("kind");
    switch (kind) {
      case "zeros" -> {
        return new Initializer.Zeros();
      }
      case "fixed" -> {
        double deviation = fields.number("deviation");
        Initializer.Distribution distribution = distribution(fields);
        return fields.build(() -> new Initializer.Fixed(deviation, distribution));
      }
      case "lecun" -> {
        return new Initializer.LeCun(distribution(fields));
      }
      case "glorot" -> {
        return new Initializer.Glorot(distribution(fields));
      }
      case "he" -> {
        return new Initializer.He(distribution(fields));
      }
      case "orthogonal" -> {
        double gain = fields.number("gain");
        return fields.build(() -> new Initializer.Orthogonal(gain));
      }
      default ->
          throw fields.unknown("kind", kind, "zeros, fixed, lecun, glorot, he or orthogonal");
    }
  }

  private static Initializer.Distribution distribution(Fields fields) {
    return fields.choice("distribution", Initializer.Distribution.class);
  }

  private static Json write(Penalty penalty) {
    return Json.object(
        entry("l1", Json.of(penalty.l1())),
        entry("l2", Json.of(penalty.l2())),
        entry("l1_per_example", Json.of(penalty.l1PerExample())),
        entry("l2_per_example", Json.of(penalty.l2PerExample())),
        entry("l1_form", Json.of(choice(penalty.l1Form()))));
  }

  private static Penalty penalty(Fields fields) {
    double l1 = fields.number("l1");
    double l2 = fields.number("l2");
    double l1PerExample = fields.number("l1_per_example");
    double l2PerExample = fields.number("l2_per_example");
    Penalty.L1Form form =
        fields.has("l1_form")
            ? fields.choice("l1_form", Penalty.L1Form.class)
            : Penalty.L1Form.SUBGRADIENT;
    return fields.build(
        () ->
            Penalty.l1(l1)
                .and(Penalty.l2(l2))
                .and(Penalty.l1PerExample(l1PerExample))
                .and(Penalty.l2PerExample(l2PerExample))
                .withL1Form(form));
  }

  private static Json write(Loss loss) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("kind", Json.of(choice(loss.kind())));
    loss.parameters().forEach((name, value) -> members.put(name, Json.of(value)));
    return new Json.Obj(members);
  }

  private static Loss loss(Fields fields) {
    Loss.Kind kind = fields.choice("kind", Loss.Kind.class);
    Map<String, Float> parameters = new HashMap<>();
    for (String name : kind.parameters().keySet()) {
      parameters.put(name, parameter(fields, name));
    }
    return fields.build(() -> kind.of(parameters));
  }

  /** Files from before there was label smoothing do not speak of it. */
  private static float parameter(Fields fields, String name) {
    return name.equals("smoothing") && !fields.has(name) ? 0 : fields.single(name);
  }
}
