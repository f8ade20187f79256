package dev.lanewise.learn;

import dev.lanewise.data.Column;
import dev.lanewise.data.ColumnShift;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The drift between two sets of rows of a table: how far apart the distributions of each column
 * are, features and labels, by {@link ColumnShift}. Dev and test rows should come from one
 * distribution; training rows may come from another one, but then a gap between their error and
 * that of the dev rows may be due to that rather than to variance.
 *
 * <p>A column that is encoded as several, as a category is, has the distance and the probability of
 * the one that is furthest apart; a category by number is compared in the order of its values. Of
 * large sets at most 100 000 rows are compared, fewer of more than 100 encoded columns, spread over
 * all rows. Immutable; prints as a table.
 */
public final class Drift {

  /**
   * The probability below which a column is named, in all columns together: of two sets of one
   * distribution, any column is named once in a thousand times.
   */
  public static final double CHANCE = 1e-3;

  private static final long MOST_CELLS = 10_000_000;
  private static final int LEAST_ROWS = 1000;
  private static final int MOST_ROWS = 100_000;

  /**
   * The drift of a column.
   *
   * @param column its name
   * @param distance the largest difference between the sets' shares of rows up to a value, in [0,
   *     1]
   * @param probability the probability of at least that distance if both sets come from one
   *     distribution, for this column alone
   */
  public record OfColumn(String column, double distance, double probability) {

    /** Creates the drift of a column; the numbers are not checked. */
    public OfColumn {
      Objects.requireNonNull(column, "column");
    }
  }

  private final int firstRows;
  private final int secondRows;
  private final int compared;
  private final List<OfColumn> columns;

  private Drift(int firstRows, int secondRows, int compared, List<OfColumn> columns) {
    this.firstRows = firstRows;
    this.secondRows = secondRows;
    this.compared = compared;
    this.columns = columns;
  }

  /**
   * {@return the drift between two sets of rows}
   *
   * @param first some rows, at least 1, made by an encoder of tables; read only
   * @param second other rows, at least 1, made by the same encoder; read only
   * @throws IllegalArgumentException if a set has no rows, or none of a table, or the sets differ
   *     in their columns
   */
  public static Drift between(Dataset first, Dataset second) {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    Encoder encoder = encoder("first", first);
    encoder("second", second);
    int labels = encoder.target().outputs();
    int most = SomeRows.most(MOST_CELLS, Math.max(first.columns(), labels), LEAST_ROWS, MOST_ROWS);
    Dataset a = some(first, most, 0);
    Dataset b = some(second, most, 1);
    List<ColumnShift> ofFeatures = ColumnShift.between(a, b);
    List<OfColumn> columns = new ArrayList<>();
    for (Block block : Block.of(encoder)) {
      columns.add(
          widest(block.name(), ofFeatures, block.from().getFirst(), block.count().getFirst()));
    }
    List<ColumnShift> ofLabels = ColumnShift.between(labels(a, encoder), labels(b, encoder));
    int compared = first.columns() + ofLabels.size();
    List<String> names = encoder.labels();
    boolean classes = encoder.target() instanceof Target.Classes;
    for (int i = 0; i < names.size(); i++) {
      columns.add(widest(names.get(i), ofLabels, classes ? 0 : i, classes ? ofLabels.size() : 1));
    }
    return new Drift(first.rows(), second.rows(), compared, List.copyOf(columns));
  }

  /** {@return the encoder of rows of a table} */
  static Encoder encoder(String name, Dataset rows) {
    Encoder encoder =
        rows.encoder()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s: rows without encoder; expected rows of a table".formatted(name)));
    if (encoder.columns().getFirst() instanceof Column.Pixels) {
      throw new IllegalArgumentException("%s: images; expected rows of a table".formatted(name));
    }
    return encoder;
  }

  private static Dataset some(Dataset rows, int most, long seed) {
    return rows.rows() <= most ? rows : rows.select(SomeRows.of(rows.rows(), most, seed));
  }

  /** {@return the targets as features: a column for each class, or the values} */
  private static Dataset labels(Dataset rows, Encoder encoder) {
    if (!(encoder.target() instanceof Target.Classes classes) || rows.targetColumns() > 1) {
      return Dataset.of(rows.targets(), rows.targetColumns(), rows.targets(), rows.targetColumns());
    }
    int count = classes.labels().size();
    Dataset oneHot = rows.oneHot(count);
    return Dataset.of(oneHot.targets(), count, oneHot.targets(), count);
  }

  private static OfColumn widest(String name, List<ColumnShift> shifts, int from, int count) {
    ColumnShift widest =
        shifts.subList(from, from + count).stream()
            .max(Comparator.comparingDouble(ColumnShift::distance))
            .orElseThrow();
    return new OfColumn(name, widest.distance(), widest.probability());
  }

  /** {@return the number of rows of the first set} */
  public int firstRows() {
    return firstRows;
  }

  /** {@return the number of rows of the second set} */
  public int secondRows() {
    return secondRows;
  }

  /** {@return the drift of each column, features first, in their order} */
  public List<OfColumn> columns() {
    return columns;
  }

  /** {@return the columns that chance would hardly set so far apart, in their order} */
  public List<OfColumn> shifted() {
    return columns.stream().filter(of -> of.probability() < CHANCE / compared).toList();
  }

  /** {@return a line for each column, the widest apart first} */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("%-24s%10s%14s".formatted("column", "distance", "by chance"));
    columns.stream()
        .sorted(Comparator.comparingDouble(OfColumn::distance).reversed())
        .forEach(
            of ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%n%-24s%10.4f%14.3g",
                        of.column(),
                        of.distance(),
                        of.probability())));
    return text.toString();
  }
}
