package dev.lanewise.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Turns raw rows (cells of a table, images, records of values) into the flat {@code float} rows
 * that a network takes. Fitted on training rows only, it travels inside the model.
 *
 * <p>There is one kind of encoded row, in training and in prediction alike: the columns in order,
 * each as its {@link Column} says, then standardised in {@code double} where the encoder does that,
 * and rounded to {@code float} once. {@link #dataset}, {@link #features} and {@link #encode} of the
 * same values give the same bits. Where both the training table and another one name their columns,
 * columns are matched by name; else by place. Immutable; safe for use by several threads.
 */
public final class Encoder {

  private final boolean named;
  private final List<Column> columns;
  private final Optional<Standardizer> standardizer;
  private final Target target;
  private final int encodedColumns;

  private Encoder(
      boolean named, List<Column> columns, Optional<Standardizer> standardizer, Target target) {
    this.named = named;
    this.columns = List.copyOf(Objects.requireNonNull(columns, "columns"));
    this.standardizer = Objects.requireNonNull(standardizer, "standardizer");
    this.target = Objects.requireNonNull(target, "target");
    Cell.requireDifferent("columns", columns.stream().map(Column::name).toList());
    long labels = labels().size();
    if (labels != 0 && labels != target.columns()) {
      throw new IllegalArgumentException(
          "columns: %d labels; expected %d, or none".formatted(labels, target.columns()));
    }
    long encoded = columns.stream().mapToLong(Column::encodedColumns).sum();
    if (encoded < 1 || encoded > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "columns: %d encoded columns; expected at least one feature".formatted(encoded));
    }
    if (standardizer.isPresent() && standardizer.get().columns() != encoded) {
      throw new IllegalArgumentException(
          "standardizer: %d columns; expected %d".formatted(standardizer.get().columns(), encoded));
    }
    encodedColumns = (int) encoded;
  }

  /**
   * {@return an encoder made of what a model file keeps of it}
   *
   * @param named whether the columns of the training table had names
   * @param columns all columns of the training table in order, or one column of pixels
   * @param standardizer what is done to the encoded columns, if anything
   * @param target what is predicted
   * @throws IllegalArgumentException if no column is encoded, a name stands twice, there are labels
   *     but not as many as targets, or the standardizer has another number of columns
   */
  public static Encoder of(
      boolean named, List<Column> columns, Optional<Standardizer> standardizer, Target target) {
    return new Encoder(named, columns, standardizer, target);
  }

  /** What an encoder makes of a table beyond what the table says. Immutable. */
  public static final class Options {

    private final boolean standardize;
    private final boolean scaledTargets;

    private Options(boolean standardize, boolean scaledTargets) {
      this.standardize = standardize;
      this.scaledTargets = scaledTargets;
    }

    /** {@return the usual ones: features are standardised, and so are values to predict} */
    public static Options standard() {
      return new Options(true, true);
    }

    /**
     * {@return these options, but for whether encoded columns are standardised}
     *
     * @param other whether they are; else they are in original units
     */
    public Options withStandardize(boolean other) {
      return new Options(other, scaledTargets);
    }

    /**
     * {@return these options, but for whether values to predict are scaled to mean 0 and deviation
     * 1}
     *
     * @param other whether they are; else the network is trained on original units, as losses of
     *     counts need it
     */
    public Options withScaledTargets(boolean other) {
      return new Options(standardize, other);
    }

    /** {@return whether encoded columns are standardised} */
    public boolean standardize() {
      return standardize;
    }

    /** {@return whether values to predict are scaled} */
    public boolean scaledTargets() {
      return scaledTargets;
    }
  }

  /**
   * Learns an encoder from a table. Which columns are text and what classes there are is judged by
   * all rows, so it does not depend on a split; all that is learned (categories, medians, flags,
   * means and deviations) comes from the training rows.
   *
   * @param table the data
   * @param roles the parts that columns play
   * @param training the numbers of the training rows, at least one
   * @param options what else is to be done
   * @return the encoder
   * @throws IllegalArgumentException if a column has too many categories or no value, or a cell is
   *     not what it should be
   */
  public static Encoder fit(Table table, Roles roles, int[] training, Options options) {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(options, "options");
    return new EncoderFit(table, roles, training).encoder(options);
  }

  /**
   * {@return an encoder of images, which divides bytes by 255 and does not standardise}
   *
   * @param images training images with labels
   */
  public static Encoder fit(Images images) {
    return new Encoder(false, List.of(images.shape()), Optional.empty(), images.classes());
  }

  /** {@return whether the columns of the training table had names} */
  public boolean named() {
    return named;
  }

  /** {@return all columns of the training table in order, or one column of pixels} */
  public List<Column> columns() {
    return columns;
  }

  /** {@return what is done to the encoded columns last, if anything} */
  public Optional<Standardizer> standardizer() {
    return standardizer;
  }

  /** {@return what is predicted} */
  public Target target() {
    return target;
  }

  /** {@return this encoder, standardising what it encodes as the rows of a table have it} */
  Encoder standardizing(Table table, int[] rows) {
    int[] places = places(table, table.width() == columns.size() ? labelPlaces() : List.of());
    Standardizer fitted =
        Standardizer.fit(
            rows.length, encodedColumns, (row, to) -> encode(table, rows[row], places, to));
    return new Encoder(named, columns, Optional.of(fitted), target);
  }

  /** {@return the number of encoded columns, which is the number of the network's inputs} */
  public int encodedColumns() {
    return encodedColumns;
  }

  /**
   * {@return the names of the labels' columns in the order of targets and outputs; none if the data
   * was no table}
   */
  public List<String> labels() {
    return columns.stream().filter(Column.Label.class::isInstance).map(Column::name).toList();
  }

  /**
   * {@return rows of a table as the network takes them, {@code [rows][encodedColumns]}} The labels'
   * columns may be there or not.
   *
   * @param table the data
   * @param rows the numbers of the rows
   * @throws IllegalArgumentException if a column is not there or a cell is not what it should be
   */
  public float[] features(Table table, int[] rows) {
    return features(table, rows, table.width() == columns.size() ? labelPlaces() : List.of());
  }

  /**
   * {@return rows of images as the network takes them, {@code [rows][height · width · channels]}}
   *
   * @param images the images
   * @param rows the numbers of the images
   * @throws IllegalArgumentException if the shape is not that of the training images
   */
  public float[] features(Images images, int[] rows) {
    Objects.requireNonNull(rows, "rows");
    requireImages(images.source(), images.shape());
    float[] features = images.scaled(rows);
    standardizer.ifPresent(s -> s.apply(features, 0, features, 0, rows.length));
    return features;
  }

  /** Refuses images that are not of the training images' shape. */
  void requireImages(String source, Column.Pixels theirs) {
    if (!columns.equals(List.of(theirs))) {
      throw new IllegalArgumentException(
          "%s: images of %s; expected %s"
              .formatted(
                  source,
                  theirs,
                  columns.getFirst() instanceof Column.Pixels shape ? shape : "a table"));
    }
  }

  /** {@return the classes of images} */
  Target.Classes requireClasses(String source) {
    if (!(target instanceof Target.Classes classes)) {
      throw new IllegalArgumentException(
          "%s: images with classes; expected numbers to predict".formatted(source));
    }
    return classes;
  }

  /**
   * {@return rows of a table with their labels, ready for training or judging: features as {@link
   * #features} gives them, with class numbers or scaled values as targets}
   *
   * @param table the data
   * @param rows the numbers of the rows
   * @throws IllegalArgumentException if a column is not there or a cell is not what it should be
   */
  public Dataset dataset(Table table, int[] rows) {
    if (labels().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: a table; expected images, or the name of its label".formatted(table.source()));
    }
    boolean byName = named && table.named();
    return dataset(
        table, rows, byName ? labels().stream().map(table::column).toList() : labelPlaces());
  }

  /**
   * {@return rows of a table whose labels stand in other columns, ready for training or judging}
   *
   * @param table the data
   * @param rows the numbers of the rows
   * @param labels the labels' columns, by name or number from 1: in any order if they have the
   *     names of {@link #labels}, else in that order
   * @throws IllegalArgumentException if a column is not there, stands twice, or there are more or
   *     fewer than targets, or a cell is not what it should be
   */
  public Dataset dataset(Table table, int[] rows, String... labels) {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(labels, "labels");
    List<Integer> places = Stream.of(labels).map(table::column).toList();
    List<String> names = places.stream().map(table::name).toList();
    Cell.requireDifferent("labels", names);
    if (places.size() != target.columns()) {
      throw new IllegalArgumentException(
          "labels: %s; expected %d columns".formatted(names, target.columns()));
    }
    boolean ours = !labels().isEmpty() && names.containsAll(labels());
    return dataset(
        table,
        rows,
        ours ? labels().stream().map(name -> places.get(names.indexOf(name))).toList() : places);
  }

  private Dataset dataset(Table table, int[] rows, List<Integer> labelPlaces) {
    float[] targets = targets(table, rows, labelPlaces);
    return Dataset.of(features(table, rows, labelPlaces), encodedColumns, targets, target.columns())
        .of(this);
  }

  /**
   * {@return images with their labels, ready for training or judging}
   *
   * @param images the images
   * @param rows the numbers of the images
   * @throws IllegalArgumentException if the shape or a class is not one of the training images
   */
  public Dataset dataset(Images images, int[] rows) {
    Objects.requireNonNull(rows, "rows");
    Target.Classes classes = requireClasses(images.source());
    float[] features = features(images, rows);
    return Dataset.of(features, encodedColumns, floats(images.numbers(classes, rows)), 1).of(this);
  }

  /**
   * {@return one row as the network takes it, from values by name} A column that is absent is
   * missing; labels and ignored columns may be there.
   *
   * @param values numbers, texts, booleans, or null for missing
   * @throws IllegalArgumentException if there is no such column or a value is not what it should be
   */
  public float[] encode(Map<String, ?> values) {
    Set<String> unknown = new TreeSet<>(values.keySet());
    columns.forEach(column -> unknown.remove(column.name()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "values: no column %s; expected %s".formatted(unknown.iterator().next(), names()));
    }
    double[] row = new double[encodedColumns];
    int at = 0;
    for (Column column : columns) {
      at = CellEncoding.put(column, values.get(column.name()), row, at);
    }
    return networkRow(row);
  }

  /**
   * {@return one row as the network takes it, from values by place}
   *
   * @param values a value for each column of the training table but the labels: numbers, texts,
   *     booleans, or null for missing
   * @throws IllegalArgumentException if there are more or fewer values, or one is not what it
   *     should be
   */
  public float[] encode(List<?> values) {
    List<Column> features = columns.stream().filter(c -> !(c instanceof Column.Label)).toList();
    if (values.size() != features.size()) {
      throw new IllegalArgumentException(
          "values: %d; expected %d: %s".formatted(values.size(), features.size(), names()));
    }
    double[] row = new double[encodedColumns];
    int at = 0;
    for (int i = 0; i < features.size(); i++) {
      at = CellEncoding.put(features.get(i), values.get(i), row, at);
    }
    return networkRow(row);
  }

  private float[] features(Table table, int[] rows, List<Integer> labelPlaces) {
    int[] places = places(table, labelPlaces);
    float[] features = Dataset.matrix(rows.length, encodedColumns);
    double[] row = new double[encodedColumns];
    for (int i = 0; i < rows.length; i++) {
      encode(table, rows[i], places, row);
      round(row, features, i * encodedColumns);
    }
    return features;
  }

  /** Encodes a row of a table in original units. */
  private void encode(Table table, int row, int[] places, double[] to) {
    Arrays.fill(to, 0);
    int at = 0;
    for (int c = 0; c < places.length; c++) {
      if (columns.get(c).encodedColumns() > 0) {
        at = CellEncoding.put(columns.get(c), table, row, places[c], to, at);
      }
    }
  }

  /** {@return a row in original units as the network takes it} */
  private float[] networkRow(double[] row) {
    float[] rounded = new float[row.length];
    round(row, rounded, 0);
    return rounded;
  }

  /** Standardises a row, if that is to be done, and rounds it. */
  private void round(double[] row, float[] to, int at) {
    for (int c = 0; c < row.length; c++) {
      to[at + c] = standardizer.isPresent() ? standardizer.get().apply(c, row[c]) : (float) row[c];
    }
  }

  private float[] targets(Table table, int[] rows, List<Integer> places) {
    return switch (target) {
      case Target.Classes classes -> floats(classes.numbers(table, places.getFirst(), rows));
      case Target.Values values -> values.scaled(numbers(table, places, rows));
    };
  }

  /** {@return the numbers of several columns, {@code [rows][columns]}} */
  static double[] numbers(Table table, List<Integer> columns, int[] rows) {
    double[] numbers = new double[Math.multiplyExact(rows.length, columns.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(table, rows[i / columns.size()], columns.get(i % columns.size()));
    }
    return numbers;
  }

  /** {@return a cell's number} */
  static double number(Table table, int row, int column) {
    double number = Cell.number(table.cell(row, column));
    if (!Float.isFinite((float) number)) {
      throw table.unexpected(row, column, Cell.NUMBER);
    }
    return number;
  }

  private static float[] floats(int[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers[i];
    }
    return floats;
  }

  private List<Integer> labelPlaces() {
    return IntStream.range(0, columns.size())
        .filter(c -> columns.get(c) instanceof Column.Label)
        .boxed()
        .toList();
  }

  /** The index in a table of each of our columns; what is not encoded is not looked for. */
  private int[] places(Table table, List<Integer> labelPlaces) {
    if (columns.getFirst() instanceof Column.Pixels) {
      throw new IllegalArgumentException(
          "%s: a table; expected images of %s".formatted(table.source(), columns.getFirst()));
    }
    boolean byName = named && table.named();
    int features = columns.size() - labels().size();
    int expected = features + labelPlaces.size();
    if (!byName && table.width() != expected) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected %d, or %d with %s"
              .formatted(
                  table.source(),
                  table.width(),
                  features,
                  features + target.columns(),
                  target.columns() == 1 ? "the label" : "the labels"));
    }
    int[] places = new int[columns.size()];
    int next = 0;
    for (int c = 0; c < places.length; c++) {
      Column column = columns.get(c);
      if (column instanceof Column.Label) {
        continue;
      }
      while (labelPlaces.contains(next)) {
        next++;
      }
      places[c] = byName ? table.place(column.name()) : next++;
      if (places[c] < 0 && column.encodedColumns() > 0) {
        throw new IllegalArgumentException(
            "%s: no column %s; expected %s".formatted(table.source(), column.name(), names()));
      }
    }
    return places;
  }

  /** The features' names for an error line, which must stay readable when there are hundreds. */
  private String names() {
    int some = 20;
    List<String> names =
        columns.stream().filter(c -> c.encodedColumns() > 0).map(Column::name).toList();
    String list = names.stream().limit(some).collect(Collectors.joining(", "));
    return names.size() > some ? list + ", …" : list;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Encoder that
        && named == that.named
        && columns.equals(that.columns)
        && standardizer.equals(that.standardizer)
        && target.equals(that.target);
  }

  @Override
  public int hashCode() {
    return Objects.hash(named, columns, standardizer, target);
  }

  /** {@return the columns and the target} */
  @Override
  public String toString() {
    return "Encoder[columns=%s, standardizer=%s, target=%s]"
        .formatted(columns, standardizer.map(Standardizer::toString).orElse("none"), target);
  }
}
