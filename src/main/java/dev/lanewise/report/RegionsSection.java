package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a model predicts over the plane of two columns, with the training rows: the regions of
 * classes, or the values. All other columns stand at their medians, categories at the most frequent
 * one.
 */
final class RegionsSection {

  private static final int MOST_POINTS = 400;
  private static final int MOST_CLASSES = 12;
  private static final int MOST_TARGETS = 2;

  /** Rows that categories are counted in. */
  private static final int MOST_COUNTED = 2000;

  private static final int BANDS = 10;
  private static final int HEIGHT = 420;
  private static final double SECONDS_OF_A_YEAR = 31_556_952;

  private final Run run;
  private final Model model;
  private final Encoder encoder;
  private final RawRows raw;
  private final List<String> important;
  private final List<String> wanted;

  /**
   * Creates the section.
   *
   * @param raw the training rows; null if they are not known
   * @param important columns, the most important first
   * @param wanted the two columns; none for those that matter most
   */
  RegionsSection(
      Run run, Learned learned, RawRows raw, List<String> important, List<String> wanted) {
    this.run = run;
    this.raw = raw;
    this.important = important;
    this.wanted = wanted;
    model = learned.model();
    encoder = run.encoder();
  }

  /** {@return the names of the columns that the plane can be of} */
  static List<String> columns(Encoder encoder) {
    return encoder.columns().stream().filter(RegionsSection::isNumber).map(Column::name).toList();
  }

  private static boolean isNumber(Column column) {
    return switch (column) {
      case Column.Numeric c -> true;
      case Column.Date c -> true;
      case Column.Bool c -> true;
      case Column.Categorical c -> false;
      case Column.Ignored c -> false;
      case Column.Label c -> false;
      case Column.Pixels c -> false;
    };
  }

  Section section() {
    List<Part> parts = new ArrayList<>();
    if (raw instanceof RawRows.OfTable rows) {
      parts(rows, parts);
    }
    return new Section("regions", "What the model predicts", parts);
  }

  private void parts(RawRows.OfTable rows, List<Part> parts) {
    List<String> names = wanted.isEmpty() ? mostImportant() : wanted;
    if (names.size() < 2) {
      parts.add(new Prose("Regions are drawn over two columns of numbers; there are not so many."));
      return;
    }
    Axes axes = new Axes(rows.table(), names.getFirst(), names.getLast());
    int[] chosen = Sample.even(rows.rows().length, MOST_POINTS);
    double[] xs = axes.across.of(rows, chosen);
    double[] ys = axes.up.of(rows, chosen);
    Plane plane = Plane.around(xs, ys);
    Typical typical = new Typical(rows, axes);
    switch (encoder.target()) {
      case Target.Classes classes ->
          parts.add(regions(classes, axes, plane, typical, chosen, xs, ys));
      case Target.Values values -> {
        for (int t = 0; t < Math.min(values.columns(), MOST_TARGETS); t++) {
          parts.add(heights(values, t, axes, plane, typical, xs, ys));
        }
        if (values.columns() > MOST_TARGETS) {
          parts.add(
              new Prose(
                  "The first %d of %d values are drawn."
                      .formatted(MOST_TARGETS, values.columns())));
        }
      }
    }
  }

  /** {@return the two columns of numbers that matter most, in the order of the table} */
  private List<String> mostImportant() {
    List<String> numbers = columns(encoder);
    if (numbers.size() <= 2) {
      return numbers;
    }
    List<String> most = important.stream().filter(numbers::contains).limit(2).toList();
    return numbers.stream().filter(most::contains).toList();
  }

  private Chart regions(
      Target.Classes classes,
      Axes axes,
      Plane plane,
      Typical typical,
      int[] chosen,
      double[] xs,
      double[] ys) {
    List<String> labels = classes.labels();
    byte[] png = plane.classes(labels.size(), typical.probabilities());
    int[] numbers = Arrays.stream(chosen).map(row -> (int) run.train().targets()[row]).toArray();
    Map<Integer, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < numbers.length; i++) {
      places.computeIfAbsent(numbers[i], c -> new ArrayList<>()).add(i);
    }
    List<Integer> drawn =
        places.keySet().stream()
            .sorted(
                Comparator.comparingInt((Integer c) -> -places.get(c).size())
                    .thenComparingInt(c -> c))
            .limit(MOST_CLASSES)
            .sorted()
            .toList();
    String some =
        drawn.size() < labels.size()
            ? " Of %d classes the rows of the most frequent %d are drawn; colours repeat after 8."
                .formatted(labels.size(), drawn.size())
            : "";
    XyChart chart =
        plane
            .chart(
                "regions",
                labels.size() == 2 ? "Decision boundary." : "Regions of the classes.",
                "The colour is that of the likelier class, the stronger the more probable it is."
                    + threshold()
                    + points(chosen.length)
                    + others()
                    + some,
                axes.across.name(),
                axes.up.name(),
                "predicted class",
                png)
            .height(HEIGHT);
    for (int c : drawn) {
      int[] of = places.get(c).stream().mapToInt(i -> i).toArray();
      chart.ofClass(Texts.cut(labels.get(c)), c, at(xs, of), at(ys, of));
    }
    return chart.chart();
  }

  private static double[] at(double[] values, int[] places) {
    return Arrays.stream(places).mapToDouble(i -> values[i]).toArray();
  }

  private String threshold() {
    return model.threshold().equals(Threshold.HALF)
        ? ""
        : String.format(
            Locale.ROOT,
            " The model takes a row for the second class from a probability of %.3g on.",
            model.threshold().probability());
  }

  private String points(int drawn) {
    int all = run.train().rows();
    return drawn == all
        ? " Points are the training rows."
        : " Points are %d of %d training rows.".formatted(drawn, all);
  }

  private String others() {
    long features = encoder.columns().stream().filter(c -> c.encodedColumns() > 0).count();
    return features <= 2
        ? ""
        : " All other columns stand at their medians, categories at their most frequent value;"
            + " those of the points are others, so what is predicted for them may be another"
            + " thing than the colour they lie in.";
  }

  private Chart heights(
      Target.Values values,
      int target,
      Axes axes,
      Plane plane,
      Typical typical,
      double[] xs,
      double[] ys) {
    String label = encoder.labels().get(target);
    double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    byte[] png =
        plane.heights(
            BANDS,
            (across, up) -> {
              float[] all = typical.values(across, up);
              float[] one = new float[across.length];
              for (int i = 0; i < one.length; i++) {
                one[i] = all[i * values.columns() + target];
                range[0] = Math.min(range[0], one[i]);
                range[1] = Math.max(range[1], one[i]);
              }
              return one;
            });
    return plane
        .chart(
            target == 0 ? "regions" : "regions-" + (target + 1),
            "%s over two columns.".formatted(Texts.cut(label)),
            "The predicted value, in %d bands from %s (palest) to %s (strongest)."
                    .formatted(BANDS, Texts.number(range[0]), Texts.number(range[1]))
                + points(xs.length)
                + others(),
            axes.across.name(),
            axes.up.name(),
            "predicted " + Texts.cut(label),
            png)
        .height(HEIGHT)
        .points("training rows", xs, ys)
        .chart();
  }

  /** The two columns. */
  private final class Axes {

    private final Direction across;
    private final Direction up;

    Axes(Table table, String across, String up) {
      this.across = direction(table, across);
      this.up = direction(table, up);
    }

    private Direction direction(Table table, String name) {
      List<Column> columns = encoder.columns();
      int at = 0;
      for (int c = 0; c < columns.size(); c++) {
        if (columns.get(c).name().equals(name) && isNumber(columns.get(c))) {
          return new Direction(columns.get(c), c, at);
        }
        at += columns.get(c).encodedColumns();
      }
      throw new IllegalArgumentException("columns: %s; expected one of numbers".formatted(name));
    }
  }

  /**
   * A column of numbers.
   *
   * @param column the column
   * @param place its place in the table
   * @param at where its encoded columns begin
   */
  private record Direction(Column column, int place, int at) {

    /** {@return the column's name, with the unit of dates} */
    String name() {
      String name = Texts.cut(column.name());
      return column instanceof Column.Date ? name + " (year)" : name;
    }

    /** {@return the numbers of rows as they are drawn; NaN where one is missing} */
    double[] of(RawRows.OfTable rows, int[] chosen) {
      return Arrays.stream(chosen)
          .mapToDouble(row -> rows.table().number(rows.rows()[row], place))
          .map(number -> column instanceof Column.Date ? 1970 + number / SECONDS_OF_A_YEAR : number)
          .toArray();
    }

    /** {@return what a number is to the encoder} */
    Object value(double number) {
      return column instanceof Column.Date
          ? instant((number - 1970) * SECONDS_OF_A_YEAR)
          : (Object) number;
    }
  }

  private static Instant instant(double seconds) {
    double whole = Math.floor(seconds);
    return Instant.ofEpochSecond((long) whole, (long) ((seconds - whole) * 1e9));
  }

  /** Rows that differ in the two columns alone. */
  private final class Typical {

    private final Axes axes;
    private final RowEncoder<Object[]> encodes = encoder.forValues();
    private final Object[] values;

    /** The places of values by those of columns, which labels are no part of. */
    private final int[] places;

    private final float[] row;

    Typical(RawRows.OfTable rows, Axes axes) {
      this.axes = axes;
      List<Column> columns = encoder.columns();
      places = new int[columns.size()];
      List<Object> all = new ArrayList<>();
      for (int c = 0; c < columns.size(); c++) {
        places[c] = all.size();
        if (!(columns.get(c) instanceof Column.Label)) {
          all.add(typical(columns.get(c), c, rows));
        }
      }
      values = all.toArray();
      row = new float[encoder.encodedColumns()];
      encodes.encode(values, row, 0);
    }

    private static Object typical(Column column, int place, RawRows.OfTable rows) {
      return switch (column) {
        case Column.Numeric c -> c.median();
        case Column.Date c -> instant(c.median());
        case Column.Bool c -> c.usual();
        case Column.Categorical c -> mostFrequent(place, rows);
        case Column.Ignored c -> null;
        case Column.Label c -> null;
        case Column.Pixels c -> null;
      };
    }

    /** {@return the most frequent text, the first of equally frequent ones; null for missing} */
    private static String mostFrequent(int place, RawRows.OfTable rows) {
      Map<String, Integer> counts = new LinkedHashMap<>();
      for (int r : Sample.even(rows.rows().length, MOST_COUNTED)) {
        counts.merge(
            Objects.requireNonNullElse(rows.table().text(rows.rows()[r], place), ""),
            1,
            Integer::sum);
      }
      String most =
          counts.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(Map.Entry::getKey)
              .orElse("");
      return most.isEmpty() ? null : most;
    }

    /**
     * {@return the encoded rows at places} An encoded column is a function of its own value, so
     * each distinct value of a direction is encoded once.
     */
    private float[] rows(double[] across, double[] up) {
      int width = row.length;
      float[] all = new float[across.length * width];
      Map<Double, float[]> ofAcross = new LinkedHashMap<>();
      Map<Double, float[]> ofUp = new LinkedHashMap<>();
      for (int i = 0; i < across.length; i++) {
        System.arraycopy(row, 0, all, i * width, width);
        put(axes.across, across[i], ofAcross, all, i * width);
        put(axes.up, up[i], ofUp, all, i * width);
      }
      return all;
    }

    private void put(
        Direction direction, double number, Map<Double, float[]> known, float[] all, int at) {
      float[] encoded = known.computeIfAbsent(number, n -> at(direction, n));
      System.arraycopy(encoded, 0, all, at + direction.at(), encoded.length);
    }

    private float[] at(Direction direction, double number) {
      if (!(direction.column() instanceof Column.Bool)) {
        return encoded(direction, direction.value(number));
      }
      // Between false and true the plane goes on as the network sees it.
      float[] from = encoded(direction, false);
      float[] to = encoded(direction, true);
      for (int i = 0; i < from.length; i++) {
        from[i] += (float) (number * (to[i] - from[i]));
      }
      return from;
    }

    private float[] encoded(Direction direction, Object value) {
      Object[] changed = values.clone();
      changed[places[direction.place()]] = value;
      float[] whole = new float[row.length];
      encodes.encode(changed, whole, 0);
      int at = direction.at();
      return Arrays.copyOfRange(whole, at, at + direction.column().encodedColumns());
    }

    Plane.Scores probabilities() {
      return this::values;
    }

    /** {@return what the model predicts at places} */
    float[] values(double[] across, double[] up) {
      float[] out = new float[across.length * model.outputs()];
      int most = Math.max(1, (1 << 22) / row.length);
      for (int from = 0; from < across.length; from += most) {
        int to = Math.min(across.length, from + most);
        float[] some = new float[(to - from) * model.outputs()];
        model
            .predictor()
            .predict(
                rows(Arrays.copyOfRange(across, from, to), Arrays.copyOfRange(up, from, to)),
                to - from,
                some);
        System.arraycopy(some, 0, out, from * model.outputs(), some.length);
      }
      return out;
    }
  }
}
