package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.List;
import java.util.Objects;

/**
 * A chart: its numbers as a table, and how ECharts draws them.
 *
 * <p>The option is ECharts' own, as JSON without functions. Where it wants data it may refer to the
 * numbers by {@link #column} and {@link #points}, so that they are in the file once.
 *
 * @param id its name, of lower-case letters, digits and hyphens; one of its kind in a report
 * @param title its title
 * @param caption what it shows and how to read it, in a sentence or two; it is also what a screen
 *     reader says
 * @param option ECharts' option, without title
 * @param numbers what is drawn
 * @param height its height in CSS pixels
 */
public record Chart(
    String id, String title, String caption, Json.Obj option, Grid numbers, int height)
    implements Part {

  /** The usual height. */
  static final int HEIGHT = 340;

  /** Creates a chart. */
  public Chart {
    Section.requireId(id);
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(caption, "caption");
    Objects.requireNonNull(option, "option");
    Objects.requireNonNull(numbers, "numbers");
  }

  /** {@return a reference to the cells of a column, as a list of data} */
  static Json column(int column) {
    return reference(0, -1, List.of(column));
  }

  /**
   * {@return a reference to some rows, each as a list of the cells of some columns}
   *
   * @param from the first row
   * @param to the row behind the last; -1 for all
   * @param columns the columns
   */
  static Json points(int from, int to, Integer... columns) {
    return reference(from, to, List.of(columns));
  }

  private static Json reference(int from, int to, List<Integer> columns) {
    return Members.none()
        .with("$rows", List.of(Json.of((long) from), Json.of((long) to)))
        .with("$columns", columns.stream().map(c -> Json.of((long) c)).toList())
        .json();
  }
}
