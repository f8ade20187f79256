package dev.lanewise.model;

import static dev.lanewise.model.Fields.choice;
import static java.util.Map.entry;

import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("kind", Json.of(choice(layer.kind())));
    layer.parameters().forEach((name, value) -> members.put(name, value(value)));
    return new Json.Obj(members);
  }

  private static Json value(Object value) {
    return switch (value) {
      case Integer whole -> Json.of(whole);
      case Double number -> Json.of(number);
      case Float number -> Json.of(number);
      case Enum<?> constant -> Json.of(choice(constant));
      case List<?> items -> new Json.Arr(items.stream().map(NetworkJson::value).toList());
      case Initializer initializer -> write(initializer);
      case Penalty penalty -> write(penalty);
      case Map<?, ?> parameters -> {
        Map<String, Json> members = new LinkedHashMap<>();
        parameters.forEach((name, of) -> members.put((String) name, value(of)));
        yield new Json.Obj(members);
      }
      default -> throw new AssertionError("a parameter of " + value.getClass());
    };
  }

  private static Layer layer(Fields fields) {
    Layer.Kind kind = fields.choice("kind", Layer.Kind.class);
    return fields.build(() -> kind.of(fields));
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

  static Initializer initializer(Fields fields) {
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

  static Penalty penalty(Fields fields) {
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
