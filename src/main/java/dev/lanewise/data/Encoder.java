package dev.lanewise.data;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Turns raw rows (cells of a table, images, records of values) into the flat {@code float} rows
 * that a network takes. Fitted on training rows only, it travels inside the model.
 *
 * <p>There is one kind of encoded row, in training and in prediction alike: the columns in order,
 * each as its {@link Column} says, then brought to scale in {@code double} where the encoder does
 * that, and rounded to {@code float} once. {@link #dataset}, {@link #features} and {@link #encode}
 * of the same values give the same bits. Where both the training table and another one name their
 * columns, columns are matched by name, upper and lower case apart where that leaves one; else by
 * place. Immutable; safe for use by several threads.
 */
public final class Encoder {

  /** Rows that are encoded column by column. */
  private static final int ROWS = 256;

  private final boolean named;
  private final List<Column> columns;
  private final Optional<Standardizer> standardizer;
  private final Target target;
  private final List<String> missingWords;
  private final int encodedColumns;

  /** Encoders whose rows stand one behind another in those of this one; none if it is plain. */
  private final List<Encoder> parts;

  /** What becomes of each column; null where nothing does. */
  private final ColumnCode[] codes;

  /** Where each column goes. */
  private final int[] offsets;

  /** Made when it is first asked for; two threads may make one each, which are the same. */
  private RowEncoder<Object[]> byPlace;

  private RowEncoder<Map<String, ?>> byName;

  private Encoder(List<Encoder> parts) {
    Encoder first = parts.getFirst();
    named = first.named;
    columns = first.columns;
    standardizer = Standardizer.join(parts);
    target = first.target;
    missingWords = first.missingWords;
    encodedColumns = parts.stream().mapToInt(Encoder::encodedColumns).reduce(0, Math::addExact);
    this.parts = parts;
    codes = new ColumnCode[0];
    offsets = new int[0];
  }

  private Encoder(
      boolean named,
      List<Column> columns,
      Optional<Standardizer> standardizer,
      Target target,
      List<String> missingWords) {
    this.named = named;
    this.columns = List.copyOf(Objects.requireNonNull(columns, "columns"));
    this.standardizer = Objects.requireNonNull(standardizer, "standardizer");
    this.target = Objects.requireNonNull(target, "target");
    this.missingWords = missingWords;
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
    parts = List.of();
    codes = new ColumnCode[columns.size()];
    offsets = new int[columns.size()];
    MissingWords words = new MissingWords(missingWords);
    int at = 0;
    for (int c = 0; c < codes.length; c++) {
      offsets[c] = at;
      codes[c] =
          ColumnCode.of(columns.get(c), new ColumnCode.Scale(standardizer.orElse(null), at), words);
      at += columns.get(c).encodedColumns();
    }
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
    return new Encoder(named, columns, standardizer, target, List.of());
  }

  /** What encoded columns are brought to scale by, each by itself. */
  public enum Scale {
    /** They stay in original units. */
    NONE,
    /** By mean and standard deviation. */
    STANDARD,
    /** By median and quartiles, then clipped smoothly at ±3. See {@link Standardizer}. */
    ROBUST
  }

  /** What an encoder makes of a table beyond what the table says. Immutable. */
  public static final class Options {

    private static final int CATEGORIES = 64;

    private final Scale scale;
    private final boolean scaledTargets;
    private final boolean clampedPredictions;
    private final int maxCategories;
    private final boolean signedPairs;
    private final boolean missingCategory;
    private final OptionalInt indexAbove;

    /** What options are made from; the defaults are those of {@link #standard}. */
    private static final class Draft {
      Scale scale = Scale.STANDARD;
      boolean scaledTargets = true;
      boolean clampedPredictions;
      int maxCategories = CATEGORIES;
      boolean signedPairs;
      boolean missingCategory = true;
      OptionalInt indexAbove = OptionalInt.empty();
    }

    private Options(Draft draft) {
      scale = draft.scale;
      scaledTargets = draft.scaledTargets;
      clampedPredictions = draft.clampedPredictions;
      maxCategories = draft.maxCategories;
      signedPairs = draft.signedPairs;
      missingCategory = draft.missingCategory;
      indexAbove = draft.indexAbove;
    }

    /**
     * {@return the usual ones: features are standardised, and so are values to predict; predictions
     * are what the network gives; the 64 most frequent values of a category have a column each, and
     * so has a missing one}
     */
    public static Options standard() {
      return new Options(new Draft());
    }

    private Options with(Consumer<Draft> change) {
      Draft draft = new Draft();
      draft.scale = scale;
      draft.scaledTargets = scaledTargets;
      draft.clampedPredictions = clampedPredictions;
      draft.maxCategories = maxCategories;
      draft.signedPairs = signedPairs;
      draft.missingCategory = missingCategory;
      draft.indexAbove = indexAbove;
      change.accept(draft);
      return new Options(draft);
    }

    /**
     * {@return these options with columns on another scale}
     *
     * @param other what encoded columns are brought to scale by
     */
    public Options withScale(Scale other) {
      Objects.requireNonNull(other, "other");
      return with(draft -> draft.scale = other);
    }

    /**
     * {@return these options with columns brought to scale by mean and standard deviation, or by
     * nothing}
     *
     * @param other whether they are; else they are in original units
     */
    public Options withStandardize(boolean other) {
      return withScale(other ? Scale.STANDARD : Scale.NONE);
    }

    /**
     * {@return these options with or without values to predict scaled to mean 0 and deviation 1}
     *
     * @param other whether they are; else the network is trained on original units, as losses of
     *     counts need it
     */
    public Options withScaledTargets(boolean other) {
      return with(draft -> draft.scaledTargets = other);
    }

    /**
     * {@return these options with or without predicted values kept in the range of the training
     * rows'} A network may leave it by far for rows unlike these. Targets and losses are not kept
     * in it, and classes have none.
     *
     * @param other whether they are kept in it, the model's and those that dev metrics judge
     */
    public Options withClampedPredictions(boolean other) {
      return with(draft -> draft.clampedPredictions = other);
    }

    /**
     * {@return these options, but for how many values of a category have a column each; the others
     * share one}
     *
     * @param most the most columns, at least 1
     * @throws IllegalArgumentException if there are fewer
     */
    public Options withMaxCategories(int most) {
      if (most < 1) {
        throw new IllegalArgumentException("most: %d; expected at least 1".formatted(most));
      }
      return with(draft -> draft.maxCategories = most);
    }

    /**
     * {@return these options with booleans and categories of two values as signs, or not}
     *
     * @param other whether they are one column of −1 for the first or false, 1 for the second or
     *     true, and 0 for missing and unseen
     */
    public Options withSignedPairs(boolean other) {
      return with(draft -> draft.signedPairs = other);
    }

    /**
     * {@return these options with or without a column for the missing values of a one-hot category}
     *
     * @param other whether there is one where training rows missed a value; else a missing value
     *     has 0 in all columns
     */
    public Options withMissingCategory(boolean other) {
      return with(draft -> draft.missingCategory = other);
    }

    /**
     * {@return these options with the number of its value in place of one-hot columns for each
     * category of more values} However many there are, each value of two training rows or more has
     * a number then, and a missing one as well if training rows missed one; {@link
     * Column.Code#INDEX}. Values of one row, of which nothing can be learned that holds for others,
     * share a number, so that names of rows say nothing; unseen values have it, too. Only a network
     * that begins with an {@code Embedding.Category} of these columns takes such rows.
     *
     * @param values the most values of a category that has one-hot columns, at least 1
     * @throws IllegalArgumentException if there are fewer
     */
    public Options withIndexAbove(int values) {
      if (values < 1) {
        throw new IllegalArgumentException("values: %d; expected at least 1".formatted(values));
      }
      return with(draft -> draft.indexAbove = OptionalInt.of(values));
    }

    /**
     * {@return these options with one-hot columns for each category, however many values it has}
     */
    public Options withoutIndex() {
      return with(draft -> draft.indexAbove = OptionalInt.empty());
    }

    /** {@return what encoded columns are brought to scale by} */
    public Scale scale() {
      return scale;
    }

    /** {@return whether values to predict are scaled} */
    public boolean scaledTargets() {
      return scaledTargets;
    }

    /** {@return whether predicted values are kept in the range of the training rows'} */
    public boolean clampedPredictions() {
      return clampedPredictions;
    }

    /** {@return how many values of a category have a column each} */
    public int maxCategories() {
      return maxCategories;
    }

    /** {@return whether booleans and categories of two values are signs} */
    public boolean signedPairs() {
      return signedPairs;
    }

    /** {@return whether missing values of a one-hot category have a column} */
    public boolean missingCategory() {
      return missingCategory;
    }

    /**
     * {@return the most values of a category that has one-hot columns, if one of more has a number}
     */
    public OptionalInt indexAbove() {
      return indexAbove;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Options that
          && scale == that.scale
          && scaledTargets == that.scaledTargets
          && clampedPredictions == that.clampedPredictions
          && maxCategories == that.maxCategories
          && signedPairs == that.signedPairs
          && missingCategory == that.missingCategory
          && indexAbove.equals(that.indexAbove);
    }

    @Override
    public int hashCode() {
      return Objects.hash(
          scale,
          scaledTargets,
          clampedPredictions,
          maxCategories,
          signedPairs,
          missingCategory,
          indexAbove);
    }

    /** {@return all of them, by name} */
    @Override
    public String toString() {
      return "Options[scale=%s, scaledTargets=%s, clampedPredictions=%s, maxCategories=%d, signedPairs=%s, missingCategory=%s%s]"
          .formatted(
              scale,
              scaledTargets,
              clampedPredictions,
              maxCategories,
              signedPairs,
              missingCategory,
              indexAbove.isPresent() ? ", indexAbove=" + indexAbove.getAsInt() : "");
    }
  }

  /**
   * Learns an encoder from a table. Kinds of columns and classes are judged by all rows, so they do
   * not depend on a split; all that is learned (categories, medians, flags, ranges, means and
   * deviations or quartiles) comes from the training rows. Goes through a column a few times; holds
   * no encoded row.
   *
   * @param table the data
   * @param roles the parts that columns play
   * @param training the numbers of the training rows, at least one
   * @param options what else is to be done
   * @return the encoder
   * @throws DataException if a column has no value, or a cell is not what it should be
   * @throws IllegalArgumentException if there is no training row, or a column has two parts
   */
  public static Encoder fit(Table table, Roles roles, int[] training, Options options) {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(options, "options");
    return new EncoderFit(table, roles, training, options).encoder();
  }

  /**
   * {@return the encoder whose rows are those of several, one behind another, as the members of an
   * ensemble want them that were fitted on different rows; the encoder itself if all are equal}
   *
   * <p>Its columns and its target are the first's: targets of a data set are scaled as the first
   * one's are, and a member that predicts values restores its own.
   *
   * @param encoders at least one; of the same raw columns by name and kind, the same classes or as
   *     many values
   * @throws IllegalArgumentException if there is none, or one does not fit the first
   */
  public static Encoder join(List<Encoder> encoders) {
    List<Encoder> parts =
        List.copyOf(Objects.requireNonNull(encoders, "encoders")).stream()
            .flatMap(encoder -> encoder.parts().stream())
            .toList();
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("encoders: none; expected at least one");
    }
    for (int p = 1; p < parts.size(); p++) {
      parts.get(p).requireTaskOf(parts.getFirst(), p);
    }
    return parts.stream().allMatch(parts.getFirst()::equals)
        ? parts.getFirst()
        : new Encoder(parts);
  }

  /** Refuses to be joined to an encoder of other raw columns or another task. */
  private void requireTaskOf(Encoder first, int number) {
    List<String> ours = raw();
    List<String> theirs = first.raw();
    if (!ours.equals(theirs)) {
      String order = "them in another order";
      throw new IllegalArgumentException(
          "encoders: number %d has %s; expected %s, as the first"
              .formatted(
                  number + 1,
                  ours.stream().filter(part -> !theirs.contains(part)).findFirst().orElse(order),
                  theirs.stream().filter(part -> !ours.contains(part)).findFirst().orElse(order)));
    }
  }

  /** What encoders that are joined must have in common, part by part, as text. */
  private List<String> raw() {
    List<String> raw = new ArrayList<>();
    raw.add(named ? "columns with names" : "columns without names");
    columns.forEach(c -> raw.add(c.getClass().getSimpleName() + " " + c.name()));
    raw.add(
        target instanceof Target.Classes some
            ? "classes " + some.labels()
            : target.columns() + " values");
    return raw;
  }

  /** {@return the encoders whose rows stand one behind another; this one alone if it is plain} */
  public List<Encoder> parts() {
    return parts.isEmpty() ? List.of(this) : parts;
  }

  /**
   * {@return an encoder of images, which divides bytes by 255 and does not standardise}
   *
   * @param images training images with labels
   */
  public static Encoder fit(Idx.Images images) {
    return new Encoder(
        false, List.of(images.shape()), Optional.empty(), images.classes(), List.of());
  }

  /**
   * {@return this encoder with words for missing in columns of numbers, booleans and dates, besides
   * the usual ones, as {@link TableReader#withMissing} gave them to the table it was fitted on}
   *
   * @param words texts, or numbers such as {@code -999}
   */
  public Encoder withMissingWords(List<String> words) {
    List<String> sorted =
        Objects.requireNonNull(words, "words").stream().distinct().sorted().toList();
    return parts.isEmpty()
        ? new Encoder(named, columns, standardizer, target, sorted)
        : new Encoder(parts.stream().map(part -> part.withMissingWords(sorted)).toList());
  }

  /** {@return the words for missing besides the usual ones, sorted} */
  public List<String> missingWords() {
    return missingWords;
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

  /** What an encoded column holds. */
  public enum What {
    /** A number or a date, brought to scale. */
    NUMBER,
    /** A boolean as 1 and 0, or a flag of missing values. */
    FLAG,
    /** Whether a category has a value. */
    ONE_HOT,
    /** One of two values as −1 and 1. */
    SIGN,
    /** The number of a category's value. */
    INDEX,
    /** A byte of an image, divided by 255. */
    PIXEL
  }

  /**
   * An encoded column, which is an input of the network.
   *
   * @param source the column that it is made of
   * @param what what it holds
   * @param values of {@link What#INDEX} the number of values, else 0
   */
  public record Encoded(Column source, What what, int values) {

    /** Creates the description of a column. */
    public Encoded {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(what, "what");
    }

    private static Stream<Encoded> of(Column source) {
      What first =
          switch (source) {
            case Column.Numeric number -> What.NUMBER;
            case Column.Date date -> What.NUMBER;
            case Column.Bool bool -> bool.signed() ? What.SIGN : What.FLAG;
            case Column.Categorical categorical ->
                switch (categorical.code()) {
                  case ONE_HOT -> What.ONE_HOT;
                  case SIGN -> What.SIGN;
                  case INDEX -> What.INDEX;
                };
            case Column.Ignored ignored -> What.FLAG;
            case Column.Label label -> What.FLAG;
            case Column.Pixels pixels -> What.PIXEL;
          };
      boolean flags = first == What.NUMBER || first == What.FLAG;
      return IntStream.range(0, source.encodedColumns())
          .mapToObj(
              i ->
                  new Encoded(
                      source,
                      flags && i > 0 ? What.FLAG : first,
                      first == What.INDEX ? ((Column.Categorical) source).values() : 0));
    }
  }

  /** {@return what each encoded column holds, in their order} */
  public List<Encoded> encoded() {
    return parts().stream().flatMap(part -> part.columns.stream()).flatMap(Encoded::of).toList();
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
   * @throws DataException if a column is not there or a cell is not what it should be
   * @throws IndexOutOfBoundsException if the table has no such row
   */
  public float[] features(Table table, int[] rows) {
    List<Integer> labels = table.columns() == columns.size() ? labelPlaces() : List.of();
    return features(table, rows, places(table, labels));
  }

  /**
   * {@return rows of images as the network takes them, {@code [rows][height · width · channels]}}
   *
   * @param images the images
   * @param rows the numbers of the images
   * @throws DataException if the shape is not that of the training images
   */
  public float[] features(Idx.Images images, int[] rows) {
    Objects.requireNonNull(rows, "rows");
    requireImages(images.source(), images.shape());
    float[] scaled = images.scaled(rows);
    if (standardizer.isEmpty() && parts.isEmpty()) {
      return scaled;
    }
    float[] features = Dataset.matrix(rows.length, encodedColumns);
    int pixels = images.shape().encodedColumns();
    for (int i = 0; i < features.length; i++) {
      int c = i % encodedColumns;
      float pixel = scaled[i / encodedColumns * pixels + c % pixels];
      features[i] = standardizer.isPresent() ? standardizer.get().apply(c, pixel) : pixel;
    }
    return features;
  }

  /** Refuses images that are not of the training images' shape. */
  void requireImages(String source, Column.Pixels theirs) {
    if (!columns.equals(List.of(theirs))) {
      throw new DataException(
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
      throw new DataException(
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
   * @throws DataException if a column is not there or a cell is not what it should be
   * @throws IndexOutOfBoundsException if the table has no such row
   */
  public Dataset dataset(Table table, int[] rows) {
    if (labels().isEmpty()) {
      throw new DataException(
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
   * @throws DataException if a column is not there, or a cell is not what it should be
   * @throws IllegalArgumentException if a column stands twice, or there are more or fewer than
   *     targets
   * @throws IndexOutOfBoundsException if the table has no such row
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
    int[] ours = Names.places(labels(), names);
    boolean named = ours.length > 0 && IntStream.of(ours).allMatch(place -> place >= 0);
    return dataset(table, rows, named ? IntStream.of(ours).mapToObj(places::get).toList() : places);
  }

  private Dataset dataset(Table table, int[] rows, List<Integer> labelPlaces) {
    table.requireRows(rows);
    int[] places = places(table, labelPlaces); // columns that are not there are refused first
    float[] targets = targets(table, rows, labelPlaces);
    float[] features = features(table, rows, places);
    return Dataset.of(features, encodedColumns, targets, target.columns()).of(this);
  }

  /**
   * {@return images with their labels, ready for training or judging}
   *
   * @param images the images
   * @param rows the numbers of the images
   * @throws DataException if the shape or a class is not one of the training images
   */
  public Dataset dataset(Idx.Images images, int[] rows) {
    Objects.requireNonNull(rows, "rows");
    Target.Classes classes = requireClasses(images.source());
    float[] features = features(images, rows);
    return Dataset.of(features, encodedColumns, floats(images.numbers(classes, rows)), 1).of(this);
  }

  /**
   * {@return one row as the network takes it, from values by name} A column that is absent is
   * missing; labels and ignored columns may be there. For rows of one type, {@link #forRecords} is
   * faster.
   *
   * @param values numbers, texts, booleans, enums, dates, or null for missing
   * @throws DataException if there is no such column or a value is not what it should be
   */
  public float[] encode(Map<String, ?> values) {
    float[] row = new float[encodedColumns];
    forMaps().encode(Objects.requireNonNull(values, "values"), row, 0);
    return row;
  }

  /**
   * {@return one row as the network takes it, from values by place}
   *
   * @param values a value for each column of the training table but the labels: numbers, texts,
   *     booleans, enums, dates, or null for missing
   * @throws DataException if there are more or fewer values, or one is not what it should be
   */
  public float[] encode(List<?> values) {
    return encode(Objects.requireNonNull(values, "values").toArray());
  }

  private float[] encode(Object[] values) {
    float[] row = new float[encodedColumns];
    forValues().encode(values, row, 0);
    return row;
  }

  /**
   * {@return what encodes records of a type: a component is the column of its name} Labels and
   * ignored columns may be among the components; columns that are not are missing. The type is
   * looked at now, and never again.
   *
   * @param type the type; of a public type in a package that its module exports, or opens to {@code
   *     dev.lanewise}
   * @param <R> the type
   * @throws DataException if a component is no column, or of a type that no value of a column has
   * @throws IllegalArgumentException if the type is not open to this library
   */
  public <R extends Record> RowEncoder<R> forRecords(Class<R> type) {
    return RowEncoder.ofRecords(this, type, null);
  }

  /**
   * {@return what encodes records of a type that only a caller can look into}
   *
   * @param type the type
   * @param lookup what may access it, as {@code MethodHandles.lookup()} where the type is declared
   * @param <R> the type
   * @throws DataException as {@link #forRecords(Class)}
   * @throws IllegalArgumentException if the lookup may not access the type
   */
  public <R extends Record> RowEncoder<R> forRecords(Class<R> type, MethodHandles.Lookup lookup) {
    return RowEncoder.ofRecords(this, type, Objects.requireNonNull(lookup, "lookup"));
  }

  /**
   * {@return what encodes rows of a value for each column of the training table but the labels, in
   * its order}
   */
  public RowEncoder<Object[]> forValues() {
    RowEncoder<Object[]> made = byPlace;
    if (made == null) {
      made = RowEncoder.ofValues(this);
      byPlace = made;
    }
    return made;
  }

  /**
   * {@return what encodes rows of values by the name of their column} Labels and ignored columns
   * may be among the names; columns that are not are missing.
   */
  public RowEncoder<Map<String, ?>> forMaps() {
    RowEncoder<Map<String, ?>> made = byName;
    if (made == null) {
      made = RowEncoder.ofMaps(this);
      byName = made;
    }
    return made;
  }

  /** {@return the places of the columns that are no labels} */
  IntStream places() {
    return IntStream.range(0, columns.size())
        .filter(c -> !(columns.get(c) instanceof Column.Label));
  }

  /** Refuses raw rows where images are meant. */
  void requireTable() {
    if (columns.getFirst() instanceof Column.Pixels) {
      throw new IllegalArgumentException(
          "a model of images takes no record; expected bytes divided by 255 as encoded columns");
    }
  }

  /** {@return what becomes of a column of a plain encoder; null if nothing does} */
  ColumnCode code(int column) {
    return codes[column];
  }

  /** {@return where a column of a plain encoder goes} */
  int offset(int column) {
    return offsets[column];
  }

  private float[] features(Table table, int[] rows, int[] places) {
    table.requireRows(rows);
    float[] features = Dataset.matrix(rows.length, encodedColumns);
    int at = 0;
    for (Encoder part : parts()) {
      part.encode(table, rows, places, features, at, encodedColumns);
      at += part.encodedColumns;
    }
    return features;
  }

  /** Encodes rows column by column, few enough at a time to stay in the cache. */
  private void encode(Table table, int[] rows, int[] places, float[] to, int at, int stride) {
    ColumnCode.Cells[] cells = new ColumnCode.Cells[codes.length];
    for (int c = 0; c < codes.length; c++) {
      cells[c] = codes[c] == null ? null : codes[c].cells(table, places[c]);
    }
    for (int from = 0; from < rows.length; from += ROWS) {
      int end = Math.min(from + ROWS, rows.length);
      for (int c = 0; c < codes.length; c++) {
        for (int i = from; cells[c] != null && i < end; i++) {
          cells[c].put(rows[i], to, at + offsets[c] + i * stride);
        }
      }
    }
  }

  private float[] targets(Table table, int[] rows, List<Integer> places) {
    return switch (target) {
      case Target.Classes classes -> floats(classes.numbers(table, places.getFirst(), rows));
      case Target.Values values -> scaled(values, table, rows, places);
    };
  }

  private static float[] scaled(
      Target.Values values, Table table, int[] rows, List<Integer> places) {
    float[] scaled = values.scaled(numbers(table, places, rows));
    for (int i = 0; i < scaled.length; i++) {
      if (!Float.isFinite(scaled[i])) {
        throw table.unexpected(
            rows[i / places.size()],
            places.get(i % places.size()),
            "a number nearer to those of the training rows, so that it is finite when scaled");
      }
    }
    return scaled;
  }

  /** {@return the numbers of several columns, {@code [rows][columns]}} */
  static double[] numbers(Table table, List<Integer> columns, int[] rows) {
    double[] numbers = new double[Math.multiplyExact(rows.length, columns.size())];
    for (int c = 0; c < columns.size(); c++) {
      requireNoTexts(table, columns.get(c), rows);
      double[] column = table.numbers(columns.get(c), rows);
      for (int i = 0; i < rows.length; i++) {
        if (!Float.isFinite((float) column[i])) {
          throw table.unexpected(rows[i], columns.get(c), Cell.NUMBER);
        }
        numbers[i * columns.size() + c] = column[i];
      }
    }
    return numbers;
  }

  /** Refuses texts as values to predict. */
  private static void requireNoTexts(Table table, int column, int[] rows) {
    if (table.kind(column) == Table.Kind.CATEGORY) {
      for (int row : rows) {
        if (Double.isInfinite(table.series(column).number(row))) {
          throw table.unexpected(row, column, "a number", DataException.Remedy.WORD_OR_CLASSES);
        }
      }
    }
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
      throw new DataException(
          "%s: a table; expected images of %s".formatted(table.source(), columns.getFirst()));
    }
    boolean byName = named && table.named();
    int features = columns.size() - labels().size();
    int expected = features + labelPlaces.size();
    if (!byName && table.columns() != expected) {
      throw new DataException(
          "%s: %d columns; expected %s%d with %s"
              .formatted(
                  table.source(),
                  table.columns(),
                  labelPlaces.isEmpty() ? features + ", or " : "",
                  features + target.columns(),
                  target.columns() == 1 ? "the label" : "the labels"));
    }
    int[] places =
        byName
            ? Names.places(columns.stream().map(Column::name).toList(), table.names())
            : new int[columns.size()];
    int next = 0;
    for (int c = 0; c < places.length; c++) {
      Column column = columns.get(c);
      if (column instanceof Column.Label) {
        continue;
      }
      while (labelPlaces.contains(next)) {
        next++;
      }
      places[c] = byName ? places[c] : next++;
      if (places[c] < 0 && column.encodedColumns() > 0) {
        throw new DataException(
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
    return this == other
        || other instanceof Encoder that
            && named == that.named
            && columns.equals(that.columns)
            && standardizer.equals(that.standardizer)
            && target.equals(that.target)
            && missingWords.equals(that.missingWords)
            && parts.equals(that.parts);
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
