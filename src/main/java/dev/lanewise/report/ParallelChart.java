package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart of parallel coordinates, put together axis by axis: each line is one thing that has a
 * place on every axis, coloured by its place on the last.
 */
public final class ParallelChart {

  private final String id;
  private final String title;
  private final String caption;
  private final List<String> names;
  private final List<String> header = new ArrayList<>();
  private final List<List<Json>> columns = new ArrayList<>();
  private final List<Json> axes = new ArrayList<>();

  private ParallelChart(String id, String title, String caption, String of, List<String> names) {
    this.id = id;
    this.title = title;
    this.caption = caption;
    this.names = List.copyOf(names);
    header.add(of);
  }

  /**
   * {@return a chart without axes}
   *
   * @param id its name, of lower-case letters, digits and hyphens
   * @param title its title
   * @param caption what it shows and how to read it
   * @param of what the lines are
   * @param names their names
   */
  public static ParallelChart of(
      String id, String title, String caption, String of, List<String> names) {
    return new ParallelChart(id, title, caption, of, names);
  }

  /**
   * Adds an axis of numbers. The last axis must be one: it colours the lines.
   *
   * @param axis the axis
   * @param values where the lines cross it; a line has no place where its number is not finite
   * @return this
   */
  public ParallelChart axis(Axis axis, double[] values) {
    List<Json> cells = new ArrayList<>();
    for (double value : values) {
      cells.add(Grid.cell(value));
    }
    return add(axis.name(), Members.of(axis.json()), cells);
  }

  /**
   * Adds an axis of categories.
   *
   * @param name what they are
   * @param categories all of them, from below
   * @param values those of the lines
   * @return this
   */
  public ParallelChart axis(String name, List<String> categories, List<String> values) {
    Members axis =
        Members.none()
            .with("type", "category")
            .with("name", name)
            .with("data", categories.stream().map(Json::of).toList());
    return add(name, axis, values.stream().map(Grid::cell).toList());
  }

  private ParallelChart add(String name, Members axis, List<Json> cells) {
    if (cells.size() != names.size()) {
      throw new IllegalArgumentException(
          "%s: %d values; expected %d, one for each line"
              .formatted(name, cells.size(), names.size()));
    }
    axes.add(axis.with("dim", columns.size()).json());
    header.add(name);
    columns.add(cells);
    return this;
  }

  /** {@return the chart} */
  public Chart chart() {
    List<List<Json>> rows = new ArrayList<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int r = 0; r < names.size(); r++) {
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(names.get(r)));
      for (List<Json> column : columns) {
        row.add(column.get(r));
      }
      rows.add(row);
      if (columns.getLast().get(r) instanceof Json.Num number) {
        low = Math.min(low, number.asDouble());
        high = Math.max(high, number.asDouble());
      }
    }
    Integer[] all = new Integer[columns.size()];
    for (int c = 0; c < all.length; c++) {
      all[c] = c + 1;
    }
    Members lines =
        Members.none()
            .with("type", "parallel")
            .with("name", header.getFirst())
            .with("lineStyle", Members.none().with("width", 2).with("opacity", 0.7))
            .with("data", Chart.points(0, -1, all));
    Members scale =
        Members.none()
            .with("min", Math.min(low, high))
            .with("max", Math.max(low, high))
            .with("dimension", columns.size() - 1)
            .with("calculable", true)
            .with("orient", "horizontal")
            .with("left", "center")
            .with("bottom", 0);
    Json.Obj option =
        Members.none()
            .with("parallelAxis", axes)
            .with("visualMap", scale)
            .with("series", List.of(lines.json()))
            .json();
    return new Chart(id, title, caption, option, new Grid(header, rows), Chart.HEIGHT + 60);
  }
}
