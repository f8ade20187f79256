package dev.lanewise.onnx;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.onnx.Graph.Attributes;
import dev.lanewise.onnx.Graph.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the raw columns of a record to an encoded row, with the bits of an {@link Encoder}: all is
 * computed in {@code double} by the same operations, and rounded once.
 */
final class EncoderGraph {

  /** What is missing in any column, besides an encoder's own words. */
  private static final List<String> MISSING = List.of("", "?", "NA", "NaN");

  /** What smooth clipping keeps numbers within. */
  private static final double LIMIT = 3;

  /** Not a row of any table: a runtime refuses to look it up. */
  private static final long REFUSED = 1 << 30;

  private final Graph graph;
  private final double[] missingNumbers;

  private EncoderGraph(Graph graph, Encoder encoder) {
    this.graph = graph;
    missingNumbers =
        encoder.missingWords().stream()
            .filter(EncoderGraph::isNumber)
            .mapToDouble(Double::parseDouble)
            .toArray();
  }

  private static boolean isNumber(String word) {
    try {
      new BigDecimal(word);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * Declares an input for each column that is encoded.
   *
   * @return the name of the encoded rows {@code [rows][columns]}, {@code float}
   * @throws IllegalArgumentException if the encoder is of images
   */
  static String rows(Graph graph, Encoder encoder) {
    Map<String, String> inputs = new LinkedHashMap<>();
    for (Column column : encoder.columns()) {
      Type type =
          switch (column) {
            case Column.Numeric numeric -> Type.DOUBLE;
            case Column.Date date -> Type.DOUBLE;
            case Column.Bool bool -> Type.DOUBLE;
            case Column.Categorical categorical -> Type.STRING;
            case Column.Ignored ignored -> null;
            case Column.Label label -> null;
            case Column.Pixels pixels ->
                throw new IllegalArgumentException(
                    "model: of images; expected one of records (the graph of encoded rows takes"
                        + " bytes divided by 255)");
          };
      if (type != null) {
        inputs.put(column.name(), graph.input(column.name(), type, 1));
      }
    }
    List<String> parts = new ArrayList<>();
    for (Encoder part : encoder.parts()) {
      parts.add(new EncoderGraph(graph, part).encoded(part, inputs));
    }
    return joined(graph, parts);
  }

  private static String joined(Graph graph, List<String> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : graph.node("Concat", Attributes.none().with("axis", 1), parts.toArray(String[]::new));
  }

  private String encoded(Encoder encoder, Map<String, String> inputs) {
    List<String> columns = new ArrayList<>();
    boolean[] asItIs = new boolean[encoder.encodedColumns()];
    int at = 0;
    for (Column column : encoder.columns()) {
      String input = inputs.get(column.name());
      switch (column) {
        case Column.Numeric numeric ->
            columns.add(number(input, numeric.median(), numeric.flagged()));
        case Column.Date date -> columns.add(number(input, date.median(), date.flagged()));
        case Column.Bool bool -> columns.add(truth(input, bool));
        case Column.Categorical categorical -> {
          asItIs[at] = categorical.code() == Column.Code.INDEX;
          columns.add(category(input, categorical));
        }
        case Column.Ignored ignored -> {}
        case Column.Label label -> {}
        case Column.Pixels pixels -> throw new IllegalStateException("a table with pixels");
      }
      at += column.encodedColumns();
    }
    String raw = joined(graph, columns);
    return graph.cast(
        encoder.standardizer().map(s -> standardized(raw, s, asItIs)).orElse(raw), Type.FLOAT);
  }

  /** Whether a number is missing: NaN, or one of the encoder's words. */
  private String isMissing(String number) {
    String isMissing = graph.node("Not", graph.node("Equal", number, number));
    for (double word : missingNumbers) {
      isMissing = graph.node("Or", isMissing, graph.node("Equal", number, constant(word)));
    }
    return isMissing;
  }

  private String number(String input, double median, boolean flagged) {
    String isMissing = isMissing(input);
    String value = graph.node("Where", isMissing, constant(median), input);
    return flagged ? joined(graph, List.of(value, graph.cast(isMissing, Type.DOUBLE))) : value;
  }

  private String constant(double number) {
    return graph.doubles(new double[] {number}, 1);
  }

  private String truth(String input, Column.Bool bool) {
    int width = bool.encodedColumns();
    double[] table = new double[3 * width];
    double no = bool.signed() ? -1 : 0;
    table[0] = no;
    table[width] = 1;
    table[2 * width] = bool.signed() ? 0 : bool.usual() ? 1 : no;
    if (bool.flagged()) {
      table[2 * width + 1] = 1;
    }
    String isTrue = graph.node("Equal", input, constant(1));
    String isFalse = graph.node("Equal", input, constant(0));
    String row = where(isMissing(input), 2, where(isTrue, 1, where(isFalse, 0, row(REFUSED))));
    return lookedUp(table, width, row);
  }

  private String row(long row) {
    return graph.longs(new long[] {row}, 1);
  }

  private String where(String condition, long row, String otherwise) {
    return graph.node("Where", condition, row(row), otherwise);
  }

  /** Looks up rows {@code [rows][1]} of a table; {@return [rows][width]} */
  private String lookedUp(double[] table, int width, String row) {
    String flat = graph.node("Squeeze", row, graph.longs(new long[] {1}, 1));
    return graph.node("Gather", graph.doubles(table, table.length / width, width), flat);
  }

  /** The rows of the table: the categories, then any other value, then missing. */
  private String category(String input, Column.Categorical column) {
    List<String> categories = column.categories();
    int count = categories.size();
    int width = column.encodedColumns();
    double[] table = new double[(count + 2) * width];
    if (column.code() == Column.Code.INDEX) {
      Arrays.fill(table, -1);
    }
    for (int place = 0; place < count; place++) {
      set(table, place, width, place, column.code());
    }
    if (column.other()) {
      set(table, count, width, count, column.code());
    }
    if (column.flagged()) {
      set(table, count + 1, width, column.values() - 1, column.code());
    }
    List<String> keys = new ArrayList<>(categories);
    MISSING.stream().filter(word -> !categories.contains(word)).forEach(keys::add);
    long[] rows = new long[keys.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i < count ? i : count + 1;
    }
    Attributes lookup =
        Attributes.none()
            .with("keys_strings", keys)
            .with("values_int64s", rows)
            .with("default_int64", count);
    return lookedUp(table, width, graph.mlNode("LabelEncoder", lookup, input));
  }

  private static void set(double[] table, int row, int width, int value, Column.Code code) {
    int at = row * width;
    switch (code) {
      case ONE_HOT -> table[at + value] = 1;
      case SIGN -> table[at] = 2 * value - 1;
      case INDEX -> table[at] = value;
    }
  }

  private String standardized(String raw, Standardizer standardizer, boolean[] asItIs) {
    int columns = asItIs.length;
    double[] centre = standardizer.centre();
    double[] spread = standardizer.spread();
    double[] constant = new double[columns];
    double[] clip = new double[columns];
    for (int c = 0; c < columns; c++) {
      centre[c] = asItIs[c] ? 0 : centre[c];
      // A column that was constant is 0 in every row, whatever is divided by.
      constant[c] = !asItIs[c] && spread[c] == 0 ? 0 : 1;
      spread[c] = asItIs[c] || spread[c] == 0 ? 1 : spread[c];
      clip[c] = asItIs[c] ? Double.POSITIVE_INFINITY : LIMIT;
    }
    String distance = graph.node("Sub", raw, graph.doubles(centre, columns));
    String x = graph.node("Div", distance, graph.doubles(spread, columns));
    if (!standardizer.isRobust()) {
      return x;
    }
    String limited = graph.node("Mul", x, graph.doubles(constant, columns));
    String share = graph.node("Div", limited, graph.doubles(clip, columns));
    String square = graph.node("Mul", share, share);
    return graph.node("Div", limited, graph.node("Sqrt", graph.node("Add", square, constant(1))));
  }
}
