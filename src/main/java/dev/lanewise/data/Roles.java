package dev.lanewise.data;

import dev.lanewise.json.Visible;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The roles of a table's columns; a column is given by its name or its number from 1. All columns
 * without a role are features, of the kinds that their cells show. Immutable; a wither gives a
 * changed copy.
 */
public final class Roles {

  /** What a label holds. */
  public enum Task {
    /** A class. */
    CLASSIFY,
    /** A number. */
    REGRESS;

    /** With more distinct whole numbers than this, a label may be a quantity. */
    private static final int MOST_CLASSES = 100;

    /** From here on a {@code double} may stand for several whole numbers. */
    private static final double EXACT = 0x1p53;

    /**
     * {@return what a label is taken to hold where nobody says: a class}
     *
     * @param table the data
     * @param label the label's column, by name or number from 1
     * @throws DataException if the label has more than 100 different whole numbers, which may be
     *     classes or quantities
     */
    public static Task of(Table table, String label) {
      int column = table.column(Objects.requireNonNull(label, "label"));
      if (table.kind(column) != Table.Kind.NUMBER) {
        return CLASSIFY;
      }
      Set<Object> values = new HashSet<>(); // beyond 2⁵³ with all digits
      for (int row = 0; row < table.rows() && values.size() <= MOST_CLASSES; row++) {
        double value = table.number(row, column);
        if (value != Math.rint(value) && !Double.isNaN(value)) {
          return CLASSIFY;
        }
        boolean kept = !(Math.abs(value) >= EXACT);
        values.add(kept ? value + 0.0 : ValueIndex.exact(table.text(row, column)));
      }
      if (values.size() > MOST_CLASSES) {
        throw new DataException(
            "%s, column %s: whole numbers of more than %d values; expected to know whether these are"
                    .formatted(table.source(), Names.shown(table.name(column)), MOST_CLASSES)
                + " classes or quantities",
            DataException.Remedy.TASK);
      }
      return CLASSIFY;
    }
  }

  private final List<String> labels;
  private final Task task;
  private final List<String> ignored;
  private final List<String> categorical;
  private final Optional<String> weights;
  private final Optional<String> groups;

  private Roles(
      List<String> labels,
      Task task,
      List<String> ignored,
      List<String> categorical,
      Optional<String> weights,
      Optional<String> groups) {
    this.labels = labels;
    this.task = task;
    this.ignored = ignored;
    this.categorical = categorical;
    this.weights = weights;
    this.groups = groups;
  }

  /**
   * {@return roles where every column but the label is a feature}
   *
   * @param label the column that is predicted
   * @param task what it holds
   */
  public static Roles of(String label, Task task) {
    return of(List.of(Objects.requireNonNull(label, "label")), task);
  }

  /**
   * {@return roles where every column but the labels is a feature}
   *
   * @param labels the columns that are predicted: one of classes, or one or several of numbers. The
   *     order does not matter; targets and outputs are in the table's order
   * @param task what they hold
   * @throws IllegalArgumentException if there is no label, or several of classes
   */
  public static Roles of(List<String> labels, Task task) {
    List<String> copy = List.copyOf(Objects.requireNonNull(labels, "labels"));
    Objects.requireNonNull(task, "task");
    if (copy.isEmpty() || (task == Task.CLASSIFY && copy.size() > 1)) {
      throw new IllegalArgumentException(
          "labels: %s; expected %s"
              .formatted(
                  Visible.line(copy.toString()),
                  task == Task.CLASSIFY ? "one column" : "at least one column"));
    }
    return new Roles(copy, task, List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  /**
   * {@return these roles with other ignored columns}
   *
   * @param columns the columns
   */
  public Roles withIgnored(String... columns) {
    List<String> copy = List.of(Objects.requireNonNull(columns, "columns"));
    return new Roles(labels, task, copy, categorical, weights, groups);
  }

  /**
   * {@return these roles with other columns of numbers that stand for categories; text always does}
   *
   * @param columns the columns
   */
  public Roles withCategorical(String... columns) {
    List<String> copy = List.of(Objects.requireNonNull(columns, "columns"));
    return new Roles(labels, task, ignored, copy, weights, groups);
  }

  /**
   * {@return these roles with a column of the rows' weights, numbers of 0 or more, which is no
   * feature}
   *
   * @param column the column
   */
  public Roles withWeights(String column) {
    Optional<String> other = Optional.of(Objects.requireNonNull(column, "column"));
    return new Roles(labels, task, ignored, categorical, other, groups);
  }

  /**
   * {@return these roles with a column of groups, whose rows stay on one side of a split; it is no
   * feature}
   *
   * @param column the column
   */
  public Roles withGroups(String column) {
    Optional<String> other = Optional.of(Objects.requireNonNull(column, "column"));
    return new Roles(labels, task, ignored, categorical, weights, other);
  }

  /** {@return the columns that are predicted} */
  public List<String> labels() {
    return labels;
  }

  /** {@return what the labels hold} */
  public Task task() {
    return task;
  }

  /** {@return the ignored columns} */
  public List<String> ignored() {
    return ignored;
  }

  /** {@return columns of numbers that stand for categories} */
  public List<String> categorical() {
    return categorical;
  }

  /** {@return the column of weights, if there is one} */
  public Optional<String> weights() {
    return weights;
  }

  /** {@return the column of groups, if there is one} */
  public Optional<String> groups() {
    return groups;
  }

  /** {@return the columns that are neither labels nor features} */
  List<String> besides() {
    List<String> besides = new ArrayList<>(ignored);
    weights.ifPresent(besides::add);
    groups.ifPresent(besides::add);
    return besides;
  }

  /** {@return labels, task and the other roles} */
  @Override
  public String toString() {
    return "Roles[labels=%s, task=%s, ignored=%s, categorical=%s, weights=%s, groups=%s]"
        .formatted(
            labels, task, ignored, categorical, weights.orElse("none"), groups.orElse("none"));
  }
}
