package dev.lanewise.data;

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
 * <p>An encoded row holds the columns in order, each as its {@link Column} says, in original units;
 * {@link #dataset} standardises it too. Where both the training table and another one name their
 * columns, columns are matched by name; else by place. Immutable; safe for use by several threads.
 *
 * @param named whether the columns of the training table had names
 * @param columns all columns of the training table in order, or one column of pixels
 * @param standardizer what is done to encoded rows in training and prediction alike, if anything
 * @param target what is predicted
 */
public record Encoder(
    boolean named, List<Column> columns, Optional<Standardizer> standardizer, Target target) {

  /**
   * Creates an encoder from its parts, as a model file keeps them.
   *
   * @throws IllegalArgumentException if no column is encoded, a name stands twice, there are labels
   *     but not as many as targets, or the standardizer has another number of columns
   */
  public Encoder {
    columns = List.copyOf(Objects.requireNonNull(columns, "columns"));
    Objects.requireNonNull(standardizer, "standardizer");
    Objects.requireNonNull(target, "target");
    Cell.requireDifferent("columns", columns.stream().map(Column::name).toList());
    long labels = columns.stream().filter(Column.Label.class::isInstance).count();
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
  }

  /**
   * Learns an encoder from a table. Which columns are text and what classes there are is judged by
   * all rows, so it does not depend on a split; all that is learned (categories, medians, flags,
   * means and deviations) comes from the training rows.
   *
   * @param table the data
   * @param roles the parts that columns play
   * @param training the numbers of the training rows, at least one
   * @param standardize whether features, and values to predict, are standardised
   * @return the encoder
   * @throws IllegalArgumentException if a column has too many categories or no value, or a cell is
   *     not what it should be
   */
  public static Encoder fit(Table table, Roles roles, int[] training, boolean standardize) {
    Objects.requireNonNull(table, "table");
    return new EncoderFit(table, roles, training).encoder(standardize);
  }

  /**
   * {@return an encoder of images, which divides bytes by 255 and does not standardise}
   *
   * @param images training images with labels
   */
  public static Encoder fit(Images images) {
    return new Encoder(false, List.of(images.shape()), Optional.empty(), images.classes());
  }

  /** {@return this encoder with a standardizer for its encoded rows} */
  Encoder with(Standardizer standardizer) {
    return new Encoder(named, columns, Optional.of(standardizer), target);
  }

  /** {@return the number of encoded columns, which is the number of the network's inputs} */
  public int encodedColumns() {
    return columns.stream().mapToInt(Column::encodedColumns).sum();
  }

  /**
   * {@return the names of the labels' columns in the order of targets and outputs; none if the data
   * was no table}
   */
  public List<String> labels() {
    return columns.stream().filter(Column.Label.class::isInstance).map(Column::name).toList();
  }

  /**
   * {@return rows of a table in original units, {@code [rows][encodedColumns]}} The labels' columns
   * may be there or not.
   *
   * @param table the data
   * @param rows the numbers of the rows
   * @throws IllegalArgumentException if a column is not there or a cell is not what it should be
   */
  public float[] features(Table table, int[] rows) {
    return features(table, rows, table.width() == columns.size() ? labelPlaces() : List.of());
  }

  /**
   * {@return rows of images, {@code [rows][height · width · channels]}}
   *
   * @param images the images
   * @param rows the numbers of the images
   * @throws IllegalArgumentException if the shape is not that of the training images
   */
  public float[] features(Images images, int[] rows) {
    Objects.requireNonNull(rows, "rows");
    requireImages(images.source(), images.shape());
    return images.scaled(rows);
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
   * {@return rows of a table with their labels, ready for training or judging: standardised, with
   * class numbers or scaled values as targets}
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
    return standardized(features(table, rows, labelPlaces), targets);
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
    return standardized(features(images, rows), floats(images.numbers(classes, rows)));
  }

  /**
   * {@return one encoded row in original units, from values by name} A column that is absent is
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
    float[] row = new float[encodedColumns()];
    int at = 0;
    for (Column column : columns) {
      at = CellEncoding.put(column, values.get(column.name()), row, at);
    }
    return row;
  }

  /**
   * {@return one encoded row in original units, from values by place}
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
    float[] row = new float[encodedColumns()];
    int at = 0;
    for (int i = 0; i < features.size(); i++) {
      at = CellEncoding.put(features.get(i), values.get(i), row, at);
    }
    return row;
  }

  private float[] features(Table table, int[] rows, List<Integer> labelPlaces) {
    int[] places = places(table, labelPlaces);
    int width = encodedColumns();
    float[] features = Dataset.matrix(rows.length, width);
    for (int i = 0; i < rows.length; i++) {
      int at = i * width;
      for (int c = 0; c < places.length; c++) {
        if (columns.get(c).encodedColumns() > 0) {
          at = CellEncoding.put(columns.get(c), table, rows[i], places[c], features, at);
        }
      }
    }
    return features;
  }

  private float[] targets(Table table, int[] rows, List<Integer> places) {
    return switch (target) {
      case Target.Classes classes -> floats(classes.numbers(table, places.getFirst(), rows));
      case Target.Values values -> values.scaled(table.numbers(places, rows));
    };
  }

  private static float[] floats(int[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers[i];
    }
    return floats;
  }

  private Dataset standardized(float[] features, float[] targets) {
    standardizer.ifPresent(
        s -> s.apply(features, 0, features, 0, targets.length / target.columns()));
    return Dataset.of(features, encodedColumns(), targets, target.columns());
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
      places[c] = byName ? table.names().indexOf(column.name()) : next++;
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
}
