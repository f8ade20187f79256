package dev.lanewise.data;

import dev.lanewise.data.Standardizer.Fitted;
import dev.lanewise.data.Table.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Learns an {@link Encoder} from a table. */
final class EncoderFit {

  private final Table table;
  private final Roles.Task task;
  private final int[] training;
  private final Encoder.Options options;

  /** The labels' columns, in the order of the table. */
  private final List<Integer> labels;

  private final Set<Integer> ignored;
  private final Set<Integer> categorical;

  /** The numbers of the column at hand. */
  private final double[] present;

  /** Of each encoded column. */
  private final List<Fitted> fitted = new ArrayList<>();

  EncoderFit(Table table, Roles roles, int[] training, Encoder.Options options) {
    if (training.length == 0) {
      throw new IllegalArgumentException("training rows: none; expected at least one");
    }
    this.table = table;
    this.task = roles.task();
    this.training = training;
    this.present = new double[training.length];
    this.options = options;
    this.labels = roles.labels().stream().map(table::column).sorted().toList();
    Cell.requireDifferent("labels", labels.stream().map(table::name).toList());
    this.ignored = roles.besides().stream().map(table::column).collect(Collectors.toSet());
    this.categorical = roles.categorical().stream().map(table::column).collect(Collectors.toSet());
    for (int c : ignored) {
      if (labels.contains(c) || categorical.contains(c)) {
        throw new IllegalArgumentException(
            "ignored: column %s is also %s; expected one part for a column"
                .formatted(table.name(c), labels.contains(c) ? "the label" : "categorical"));
      }
    }
    for (int c : labels) {
      if (categorical.contains(c)) {
        throw new IllegalArgumentException(
            "categorical: column %s is also the label; expected one part for a column"
                .formatted(table.name(c)));
      }
    }
  }

  Encoder encoder() {
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < table.columns(); c++) {
      String name = table.name(c);
      columns.add(
          labels.contains(c)
              ? new Column.Label(name)
              : ignored.contains(c) || table.kind(c) == Kind.IGNORED
                  ? new Column.Ignored(name)
                  : feature(c, name));
    }
    if (columns.stream().allMatch(column -> column.encodedColumns() == 0)) {
      throw new DataException(
          "%s: no column is left to learn from; expected one besides the label that is not ignored"
              .formatted(table.source()));
    }
    Optional<Standardizer> standardizer =
        options.scale() == Encoder.Scale.NONE
            ? Optional.empty()
            : Optional.of(Standardizer.of(fitted));
    return Encoder.of(table.named(), columns, standardizer, target())
        .withMissingWords(List.copyOf(table.missingWords()));
  }

  private Target target() {
    if (task == Roles.Task.CLASSIFY) {
      return Target.Classes.of(table, labels.getFirst());
    }
    int columns = labels.size();
    double[] values = Encoder.numbers(table, labels, training);
    Target.Values target =
        options.scaledTargets() ? scaled(values) : Target.Values.unscaled(columns);
    return options.clampedPredictions() ? target.withRanges(ranges(values)) : target;
  }

  private Target.Values scaled(double[] values) {
    int columns = labels.size();
    List<Fitted> scale = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      int column = c;
      scale.add(Fitted.moments(training.length, row -> values[row * columns + column]));
    }
    return new Target.Values(Standardizer.of(scale));
  }

  private List<Column.Range> ranges(double[] values) {
    int columns = labels.size();
    return IntStream.range(0, columns)
        .mapToObj(
            c -> {
              double min = Double.POSITIVE_INFINITY;
              double max = Double.NEGATIVE_INFINITY;
              for (int i = c; i < values.length; i += columns) {
                min = Math.min(min, values[i]);
                max = Math.max(max, values[i]);
              }
              return new Column.Range(min, max);
            })
        .toList();
  }

  private Column feature(int column, String name) {
    if (categorical.contains(column)) {
      return categories(column, name);
    }
    if (table.series(column) instanceof Series.Texts texts && texts.isNothingButWords()) {
      requireValue(0, name);
    }
    return switch (table.kind(column)) {
      case CATEGORY -> categories(column, name);
      case BOOLEAN -> booleans(column, name);
      case NUMBER -> {
        Spread spread = spread(column, name);
        yield new Column.Numeric(name, spread.median(), spread.missing() > 0, spread.range());
      }
      case DATE -> {
        Spread spread = spread(column, name);
        yield new Column.Date(name, spread.median(), spread.missing() > 0, spread.range());
      }
      case IGNORED -> throw new AssertionError(name);
    };
  }

  /**
   * What the training rows hold of a column of numbers.
   *
   * @param median the median
   * @param range the least and the greatest
   * @param missing in how many rows there is none
   */
  private record Spread(double median, Column.Range range, int missing) {}

  /** Learns from a column of numbers, and adds the scale of its encoded columns. */
  private Spread spread(int column, String name) {
    int count = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int row : training) {
      double number = table.number(row, column);
      if (!Double.isNaN(number)) {
        if (!Float.isFinite((float) number)) {
          throw table.unexpected(row, column, Cell.NUMBER);
        }
        present[count++] = number;
        min = Math.min(min, number);
        max = Math.max(max, number);
      }
    }
    requireValue(count, name);
    double median = Median.of(present, count);
    fitted.add(isRobust() ? quartiles(count, median) : moments(column, median));
    addFlag(training.length - count);
    return new Spread(median, new Column.Range(min, max), training.length - count);
  }

  private Fitted moments(int column, double median) {
    return Fitted.moments(
        training.length,
        row -> {
          double number = table.number(training[row], column);
          return Double.isNaN(number) ? median : number;
        });
  }

  /** The quartiles of the numbers at hand, so many of them present, the others the median. */
  private Fitted quartiles(int count, double median) {
    Arrays.fill(present, count, present.length, median);
    Arrays.sort(present);
    return Fitted.quartiles(present.length, rank -> present[rank]);
  }

  private boolean isRobust() {
    return options.scale() == Encoder.Scale.ROBUST;
  }

  private Column booleans(int column, String name) {
    int trues = 0;
    int falses = 0;
    for (int row : training) {
      double truth = table.number(row, column);
      trues += truth == 1 ? 1 : 0;
      falses += truth == 0 ? 1 : 0;
    }
    requireValue(trues + falses, name);
    boolean usual = trues > falses;
    int missing = training.length - trues - falses;
    if (options.signedPairs()) {
      addSigns(falses, trues);
      return new Column.Bool(name, usual, false, true);
    }
    addOnes(trues + (usual ? missing : 0));
    addFlag(missing);
    return new Column.Bool(name, usual, missing > 0);
  }

  private Column categories(int column, String name) {
    Map<String, Integer> counts = new HashMap<>();
    int missing = 0;
    for (int row : training) {
      String text = table.text(row, column);
      if (text == null) {
        missing++;
      } else {
        counts.merge(text, 1, Integer::sum);
      }
    }
    Map<String, Integer> sorted = ValueIndex.sorted(counts);
    if (options.indexAbove().isPresent() && sorted.size() > options.indexAbove().getAsInt()) {
      fitted.add(new Fitted(0, 1, isRobust()));
      List<String> numbered =
          sorted.keySet().stream().filter(text -> counts.get(text) > 1).toList();
      boolean once = numbered.size() < sorted.size();
      return new Column.Categorical(name, numbered, once, missing > 0, Column.Code.INDEX);
    }
    Set<String> frequent =
        sorted.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(options.maxCategories())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    List<String> categories = sorted.keySet().stream().filter(frequent::contains).toList();
    boolean other = categories.size() < sorted.size();
    if (options.signedPairs() && categories.size() == 2 && !other) {
      addSigns(sorted.get(categories.getFirst()), sorted.get(categories.getLast()));
      return new Column.Categorical(name, categories, false, false, Column.Code.SIGN);
    }
    int left = training.length - missing;
    for (String category : categories) {
      left -= sorted.get(category);
      addOnes(sorted.get(category));
    }
    if (other) {
      addOnes(left);
    }
    boolean flagged = options.missingCategory() && missing > 0;
    if (flagged) {
      addOnes(missing);
    }
    return new Column.Categorical(name, categories, other, flagged);
  }

  private void addFlag(int missing) {
    if (missing > 0) {
      addOnes(missing);
    }
  }

  /** Adds the scale of a column that is 1 in some rows, else 0. */
  private void addOnes(int ones) {
    int zeros = training.length - ones;
    fitted.add(
        isRobust()
            ? Fitted.quartiles(training.length, rank -> rank < zeros ? 0 : 1)
            : Fitted.moments(training.length, ones));
  }

  /** Adds the scale of a column that is −1 in some rows, 1 in some, else 0. */
  private void addSigns(int minus, int plus) {
    int others = training.length - plus;
    Standardizer.Numbers sorted = rank -> rank < minus ? -1 : rank < others ? 0 : 1;
    fitted.add(
        isRobust()
            ? Fitted.quartiles(training.length, sorted)
            : Fitted.moments(training.length, sorted));
  }

  private void requireValue(int count, String name) {
    if (count == 0) {
      throw new DataException(
          "%s, column %s: no value in the training rows; expected one, or the column among those that are ignored"
              .formatted(table.source(), name),
          DataException.Remedy.IGNORED);
    }
  }
}
