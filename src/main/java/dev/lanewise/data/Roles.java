package dev.lanewise.data;

import java.util.List;
import java.util.Objects;

/**
 * Which part the columns of a table play; a column is given by its name or its number from 1.
 *
 * @param label the column that is predicted
 * @param task what it holds
 * @param ignored columns that are not looked at
 * @param categorical columns of numbers that stand for categories; text always does
 */
public record Roles(String label, Task task, List<String> ignored, List<String> categorical) {

  /** What a label holds. */
  public enum Task {
    /** A class. */
    CLASSIFY,
    /** A number. */
    REGRESS
  }

  /** Creates roles. */
  public Roles {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(task, "task");
    ignored = List.copyOf(ignored);
    categorical = List.copyOf(categorical);
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
