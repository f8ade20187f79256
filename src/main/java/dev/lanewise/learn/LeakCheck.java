package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.model.TrainedModel;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A check for leaks: ways in which the label has come among the features, or rows that judge among
 * those that were trained on. A model that profits from a leak is good on these rows and not in
 * service.
 *
 * <p>A column is suspect if it alone explains nearly as much as the model does with all of them.
 * What a column explains is measured by a small predictor of its own: the training rows' mean label
 * in each category, or in each of up to 64 bins of a number that hold as many rows each, a tenth of
 * the rows at most. The share explained is 1 − S/S₀, with S the mean squared distance between the
 * predictions for held-out rows and their labels (of classes, between probabilities and 0 or 1:
 * Brier's score) and S₀ that of predicting the training rows' mean for all. At most 20 000 rows of
 * each set are looked at, fewer of more than 1000 encoded columns, spread over all rows.
 *
 * <p>Besides, columns are named that hold one value, and those whose values all differ, as ids do.
 * Rows that are in two sets are counted by {@link #duplicates}. Immutable; prints as a table.
 */
public final class LeakCheck {

  /** The share of what the model explains from which on a column is suspect. */
  public static final double NEARLY = 0.95;

  /** The share of the labels' variance that a column must explain to be suspect. */
  public static final double MUCH = 0.5;

  /**
   * A column by itself.
   *
   * @param column its name
   * @param explained the share of the labels' variance in held-out rows that it explains alone; at
   *     most 1, and negative if it predicts worse than the mean
   */
  public record OfColumn(String column, double explained) {

    /** Creates a column's measure; the numbers are not checked. */
    public OfColumn {
      Objects.requireNonNull(column, "column");
    }
  }

  /**
   * A row of one set that is in another.
   *
   * @param first its number in the first set, from 0
   * @param second its number in the second set, from 0
   * @param sameLabel whether the labels are equal, too
   */
  public record Pair(int first, int second, boolean sameLabel) {}

  /**
   * The rows of a set whose features are those of some row of another, as the network gets them.
   *
   * @param rows the rows of the second set
   * @param shared how many of them are in the first
   * @param sameLabel how many of these have the label of such a row, too
   * @param examples the first 10 of them, each with a row that it is equal to, of the same label
   *     where there is one
   */
  public record Duplicates(int rows, int shared, int sameLabel, List<Pair> examples) {

    /** Creates counts, which are not checked. */
    public Duplicates {
      examples = List.copyOf(Objects.requireNonNull(examples, "examples"));
    }
  }

  private final double explainedByModel;
  private final List<OfColumn> columns;
  private final List<String> constant;
  private final List<String> idLike;
  private final int looked;
  private final int heldRows;

  private LeakCheck(
      double explainedByModel,
      List<OfColumn> columns,
      List<String> constant,
      List<String> idLike,
      int looked,
      int heldRows) {
    this.explainedByModel = explainedByModel;
    this.columns = columns;
    this.constant = constant;
    this.idLike = idLike;
    this.looked = looked;
    this.heldRows = heldRows;
  }

  /**
   * {@return the check of a table's columns}
   *
   * @param model the model
   * @param train the rows that it was trained on, at least 1, made by its encoder
   * @param held rows that it was not trained on, at least 1, made by its encoder
   * @param seed the seed by which rows are chosen of many
   * @throws IllegalArgumentException if a set has no rows, or none of a table
   */
  public static LeakCheck of(TrainedModel model, Dataset train, Dataset held, long seed) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(held, "held");
    Encoder encoder = Drift.encoder("train", train);
    Drift.encoder("held", held);
    requireRows("train", train);
    requireRows("held", held);
    SingleColumns single = SingleColumns.of(model, train, held, seed);
    List<OfColumn> columns =
        Block.of(encoder).stream()
            .map(block -> new OfColumn(block.name(), single.explained(block)))
            .sorted(Comparator.comparingDouble(OfColumn::explained).reversed())
            .toList();
    Uniqueness values = new Uniqueness(train, encoder);
    return new LeakCheck(
        single.explained(model),
        columns,
        named(encoder, values::isConstant),
        named(encoder, values::isIdLike),
        single.heldRows(),
        held.rows());
  }

  private static List<String> named(Encoder encoder, Predicate<Block> condition) {
    return Block.of(encoder).stream().filter(condition).map(Block::name).toList();
  }

  private static void requireRows(String name, Dataset rows) {
    if (rows.rows() < 1) {
      throw new IllegalArgumentException("%s: no rows; expected at least 1".formatted(name));
    }
  }

  /**
   * {@return the rows of a set that are in another} Features are compared as the network gets them,
   * all bits of them; takes time in proportion to the rows.
   *
   * @param first some rows; read only
   * @param second other rows; read only
   * @throws IllegalArgumentException if the sets differ in their columns
   */
  public static Duplicates duplicates(Dataset first, Dataset second) {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    if (second.columns() != first.columns() || second.targetColumns() != first.targetColumns()) {
      throw new IllegalArgumentException(
          "second: %d columns, %d of targets; expected the first's %d and %d"
              .formatted(
                  second.columns(),
                  second.targetColumns(),
                  first.columns(),
                  first.targetColumns()));
    }
    return new SharedRows(first).of(second);
  }

  /** {@return the share of the labels' variance in held-out rows that the model explains} */
  public double explainedByModel() {
    return explainedByModel;
  }

  /** {@return what each feature explains alone, the most first} */
  public List<OfColumn> columns() {
    return columns;
  }

  /**
   * {@return the columns that explain at least {@value #MUCH}, and at least {@value #NEARLY} of
   * what the model does; none if there is but one column}
   */
  public List<OfColumn> suspects() {
    double least = Math.max(MUCH, NEARLY * explainedByModel);
    return columns.size() == 1
        ? List.of()
        : columns.stream().filter(of -> of.explained() >= least).toList();
  }

  /** {@return the columns that have one value in all training rows} */
  public List<String> constant() {
    return constant;
  }

  /**
   * {@return the columns whose values all differ in at least 50 training rows: categories, and
   * whole numbers}
   */
  public List<String> idLike() {
    return idLike;
  }

  /** {@return how many of the held-out rows were looked at} */
  public int rowsLookedAt() {
    return looked;
  }

  /** {@return how many held-out rows there are} */
  public int heldOutRows() {
    return heldRows;
  }

  /** {@return a line for each column, and the names of those that stand out} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(line("all, by the model", explainedByModel));
    columns.forEach(of -> text.append("%n".formatted()).append(line(of.column(), of.explained())));
    if (!suspects().isEmpty()) {
      List<String> names = suspects().stream().map(OfColumn::column).toList();
      text.append("%nnearly as good as the model: %s".formatted(names));
    }
    if (!constant.isEmpty()) {
      text.append("%nconstant: %s".formatted(constant));
    }
    if (!idLike.isEmpty()) {
      text.append("%nall different: %s".formatted(idLike));
    }
    if (looked < heldRows) {
      text.append("%nby %d of %d held-out rows".formatted(looked, heldRows));
    }
    return text.toString();
  }

  private static String line(String name, double explained) {
    return String.format(Locale.ROOT, "%-24s%10.4f", name, explained);
  }
}
