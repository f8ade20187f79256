package dev.lanewise.data;

import java.util.List;
import java.util.Objects;

/**
 * Which part the columns of a table play; a column is given by its name or its number from 1.
 *
 * @param labels the columns that are predicted: one of classes, or one or several of numbers. The
 *     order does not matter; targets and outputs are in the table's order
 * @param task what they hold
 * @param ignored columns that are not looked at
 * @param categorical columns of numbers that stand for categories; text always does
 */
public record Roles(
    List<String> labels, Task task, List<String> ignored, List<String> categorical) {

  /** What a label holds. */
  public enum Task {
    /** A class. */
    CLASSIFY,
    /** A number. */
    REGRESS
  }

  /**
   * Creates roles.
   *
   * @throws IllegalArgumentException if there is no label, or several of classes
   */
  public Roles {
    labels = List.copyOf(Objects.requireNonNull(labels, "labels"));
    Objects.requireNonNull(task, "task");
    ignored = List.copyOf(Objects.requireNonNull(ignored, "ignored"));
    categorical = List.copyOf(Objects.requireNonNull(categorical, "categorical"));
    if (labels.isEmpty() || (task == Task.CLASSIFY && labels.size() > 1)) {
      throw new IllegalArgumentException(
          "labels: %s; expected %s"
              .formatted(labels, task == Task.CLASSIFY ? "one column" : "at least one column"));
    }
  }

  /**
   * Creates roles with one label.
   *
   * @param label the column that is predicted
   * @param task what it holds
   * @param ignored columns that are not looked at
   * @param categorical columns of numbers that stand for categories; text always does
   */
  public Roles(String label, Task task, List<String> ignored, List<String> categorical) {
    this(List.of(Objects.requireNonNull(label, "label")), task, ignored, categorical);
  }

  /**
   * {@return roles where every column but the label is a feature, of the kind that its cells show}
   *
   * @param label the column that is predicted
   * @param task what it holds
   */
  public static Roles of(String label, Task task) {
    return new Roles(label, task, List.of(), List.of());
  }
}
