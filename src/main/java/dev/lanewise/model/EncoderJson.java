package dev.lanewise.model;

import static java.util.Map.entry;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.json.JsonReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Encoders as JSON. */
final class EncoderJson {

  /** The kind of standardizers that have no mean and deviation. */
  private static final String ROBUST = "robust";

  private EncoderJson() {}

  /**
   * {@return an estimate of an encoder's bytes on the heap} Its text has about a dozen characters
   * for a number of 8 bytes, and a name or category once, which takes 48 bytes more as an object.
   */
  static long heapBytes(Encoder encoder) {
    String text = write(encoder).toString();
    return text.length() + 48 * (text.chars().filter(c -> c == '"').count() / 2);
  }

  static Json write(Encoder encoder) {
    if (encoder.parts().size() > 1) {
      return Json.object(
          entry("parts", new Json.Arr(encoder.parts().stream().map(EncoderJson::write).toList())));
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("named", Json.of(encoder.named()));
    members.put(
        "columns", new Json.Arr(encoder.columns().stream().map(EncoderJson::write).toList()));
    encoder.standardizer().ifPresent(s -> members.put("standardizer", write(s)));
    members.put("target", write(encoder.target()));
    if (!encoder.missingWords().isEmpty()) {
      members.put("missing", texts(encoder.missingWords()));
    }
    return new Json.Obj(members);
  }

  /**
   * {@return the encoder that JSON describes}
   *
   * @throws IllegalArgumentException if it describes none; the message names the member
   */
  static Encoder read(JsonReader json) {
    return Fields.read("encoder", json, EncoderJson::encoder);
  }

  private static Encoder encoder(Fields fields) {
    if (fields.has("parts")) {
      List<Encoder> parts = fields.objects("parts", EncoderJson::plain);
      return fields.build(() -> Encoder.join(parts));
    }
    return plain(fields);
  }

  private static Encoder plain(Fields fields) {
    boolean named = fields.flag("named");
    List<Column> columns = fields.objects("columns", EncoderJson::column);
    Optional<Standardizer> standardizer =
        fields.has("standardizer")
            ? Optional.of(fields.object("standardizer", EncoderJson::standardizer))
            : Optional.empty();
    Target target = fields.object("target", EncoderJson::target);
    List<String> missing = fields.has("missing") ? fields.texts("missing") : List.of();
    return fields.build(
        () -> Encoder.of(named, columns, standardizer, target).withMissingWords(missing));
  }

  private static Json write(Column column) {
    return switch (column) {
      case Column.Numeric numeric ->
          number("numeric", numeric, numeric.median(), numeric.flagged(), numeric.range());
      case Column.Date date -> number("date", date, date.median(), date.flagged(), date.range());
      case Column.Bool bool -> {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("kind", Json.of("boolean"));
        members.put("name", Json.of(bool.name()));
        members.put("usual", Json.of(bool.usual()));
        members.put("flagged", Json.of(bool.flagged()));
        if (bool.signed()) {
          members.put("signed", Json.of(true));
        }
        yield new Json.Obj(members);
      }
      case Column.Categorical categorical -> {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("kind", Json.of("categorical"));
        members.put("name", Json.of(categorical.name()));
        members.put("categories", texts(categorical.categories()));
        members.put("other", Json.of(categorical.other()));
        members.put("flagged", Json.of(categorical.flagged()));
        if (categorical.code() != Column.Code.ONE_HOT) {
          members.put("code", Json.of(Fields.choice(categorical.code())));
        }
        yield new Json.Obj(members);
      }
      case Column.Ignored ignored ->
          Json.object(entry("kind", Json.of("ignored")), entry("name", Json.of(ignored.name())));
      case Column.Label label ->
          Json.object(entry("kind", Json.of("label")), entry("name", Json.of(label.name())));
      case Column.Pixels pixels ->
          Json.object(
              entry("kind", Json.of("pixels")),
              entry("height", Json.of(pixels.height())),
              entry("width", Json.of(pixels.width())),
              entry("channels", Json.of(pixels.channels())));
    };
  }

  /** A column of numbers; an unknown range is not written. */
  private static Json number(
      String kind, Column column, double median, boolean flagged, Column.Range range) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("kind", Json.of(kind));
    members.put("name", Json.of(column.name()));
    members.put("median", Json.of(median));
    members.put("flagged", Json.of(flagged));
    if (!range.equals(Column.Range.UNKNOWN)) {
      members.put("min", Json.of(range.min()));
      members.put("max", Json.of(range.max()));
    }
    return new Json.Obj(members);
  }

  private static Column.Range range(Fields fields) {
    if (!fields.has("min") && !fields.has("max")) {
      return Column.Range.UNKNOWN;
    }
    double min = fields.number("min");
    double max = fields.number("max");
    return fields.build(() -> new Column.Range(min, max));
  }

  private static Column column(Fields fields) {
    String kind = fields.text("kind");
    switch (kind) {
      case "numeric" -> {
        String name = fields.text("name");
        double median = fields.number("median");
        boolean flagged = fields.flag("flagged");
        Column.Range range = range(fields);
        return fields.build(() -> new Column.Numeric(name, median, flagged, range));
      }
      case "date" -> {
        String name = fields.text("name");
        double median = fields.number("median");
        boolean flagged = fields.flag("flagged");
        Column.Range range = range(fields);
        return fields.build(() -> new Column.Date(name, median, flagged, range));
      }
      case "boolean" -> {
        String name = fields.text("name");
        boolean usual = fields.flag("usual");
        boolean flagged = fields.flag("flagged");
        boolean signed = fields.has("signed") && fields.flag("signed");
        return fields.build(() -> new Column.Bool(name, usual, flagged, signed));
      }
      case "categorical" -> {
        String name = fields.text("name");
        List<String> categories = fields.texts("categories");
        boolean other = fields.has("other") && fields.flag("other");
        boolean flagged = fields.flag("flagged");
        Column.Code code = code(fields);
        return fields.build(() -> new Column.Categorical(name, categories, other, flagged, code));
      }
      case "ignored" -> {
        return new Column.Ignored(fields.text("name"));
      }
      case "label" -> {
        return new Column.Label(fields.text("name"));
      }
      case "pixels" -> {
        int height = fields.integer("height");
        int width = fields.integer("width");
        int channels = fields.integer("channels");
        return fields.build(() -> new Column.Pixels(height, width, channels));
      }
      default ->
          throw fields.unknown(
              "kind", kind, "numeric, categorical, boolean, date, ignored, label or pixels");
    }
  }

  /** One-hot columns are not named, as there was no other code once. */
  private static Column.Code code(Fields fields) {
    return fields.has("code") ? fields.choice("code", Column.Code.class) : Column.Code.ONE_HOT;
  }

  private static Json write(Standardizer standardizer) {
    Json centre = numbers(standardizer.centre());
    Json spread = numbers(standardizer.spread());
    return standardizer.isRobust()
        ? Json.object(
            entry("kind", Json.of(ROBUST)), entry("centre", centre), entry("spread", spread))
        : Json.object(entry("mean", centre), entry("deviation", spread));
  }

  private static Standardizer standardizer(Fields fields) {
    if (fields.has("kind")) {
      String kind = fields.text("kind");
      if (!kind.equals(ROBUST)) {
        throw fields.unknown("kind", kind, ROBUST);
      }
      double[] centre = fields.numbers("centre");
      double[] spread = fields.numbers("spread");
      return fields.build(() -> Standardizer.robust(centre, spread));
    }
    double[] mean = fields.numbers("mean");
    double[] deviation = fields.numbers("deviation");
    return fields.build(() -> Standardizer.of(mean, deviation));
  }

  private static Json write(Target target) {
    return switch (target) {
      case Target.Classes classes ->
          Json.object(entry("kind", Json.of("classes")), entry("labels", texts(classes.labels())));
      case Target.Values values -> {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("kind", Json.of("values"));
        members.put("mean", scale(values.scale().centre()));
        members.put("deviation", scale(values.scale().spread()));
        List<Column.Range> ranges = values.ranges();
        if (!ranges.isEmpty()) {
          members.put("min", scale(ranges.stream().mapToDouble(Column.Range::min).toArray()));
          members.put("max", scale(ranges.stream().mapToDouble(Column.Range::max).toArray()));
        }
        yield new Json.Obj(members);
      }
    };
  }

  private static Target target(Fields fields) {
    String kind = fields.text("kind");
    switch (kind) {
      case "classes" -> {
        List<String> labels = fields.texts("labels");
        return fields.build(() -> new Target.Classes(labels));
      }
      case "values" -> {
        double[] mean = fields.numberOrNumbers("mean");
        double[] deviation = fields.numberOrNumbers("deviation");
        List<Column.Range> ranges = ranges(fields, mean.length);
        return fields.build(() -> new Target.Values(Standardizer.of(mean, deviation), ranges));
      }
      default -> throw fields.unknown("kind", kind, "classes or values");
    }
  }

  /** The ranges of values to predict; none if predictions are not kept in any. */
  private static List<Column.Range> ranges(Fields fields, int columns) {
    if (!fields.has("min") && !fields.has("max")) {
      return List.of();
    }
    double[] min = fields.numberOrNumbers("min");
    double[] max = fields.numberOrNumbers("max");
    return fields.build(
        () -> {
          if (min.length != columns || max.length != columns) {
            throw new IllegalArgumentException(
                "min, max: %d and %d numbers; expected %d, as many as means"
                    .formatted(min.length, max.length, columns));
          }
          return IntStream.range(0, columns)
              .mapToObj(c -> new Column.Range(min[c], max[c]))
              .toList();
        });
  }

  /** One column's number stands for itself, as it did before there could be several columns. */
  private static Json scale(double[] values) {
    return values.length == 1 ? Json.of(values[0]) : numbers(values);
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().map(Json::of).toList());
  }

  private static Json numbers(double[] values) {
    List<Json> numbers = new ArrayList<>(values.length);
    for (double value : values) {
      numbers.add(Json.of(value));
    }
    return new Json.Arr(numbers);
  }
}
