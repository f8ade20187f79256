package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.List;

/** A chart of a matrix: a cell for each pair of categories, coloured by its number. */
public final class HeatMap {

  private static final int CELL = 30;
  private static final int MOST_LABELLED = 20;

  private HeatMap() {}

  /**
   * {@return the chart of a matrix}
   *
   * @param id its name, of lower-case letters, digits and hyphens
   * @param title its title
   * @param caption what it shows and how to read it
   * @param down what the rows are
   * @param rows the names of the rows, from the top
   * @param across what the columns are
   * @param columns the names of the columns
   * @param quantity what the numbers are
   * @param values the numbers {@code [rows][columns]}; an empty cell where one is not finite
   */
  public static Chart of(
      String id,
      String title,
      String caption,
      String down,
      List<String> rows,
      String across,
      List<String> columns,
      String quantity,
      double[][] values) {
    return of(id, title, caption, down, rows, across, columns, quantity, values, "", values);
  }

  /**
   * {@return the chart of a matrix whose cells show one number and are coloured by another}
   *
   * @param id its name, of lower-case letters, digits and hyphens
   * @param title its title
   * @param caption what it shows and how to read it
   * @param down what the rows are
   * @param rows the names of the rows, from the top
   * @param across what the columns are
   * @param columns the names of the columns
   * @param quantity what the numbers shown are
   * @param values the numbers shown {@code [rows][columns]}; an empty cell where one is not finite
   * @param shade what the cells are coloured by; empty for the numbers shown
   * @param shades the numbers that the cells are coloured by {@code [rows][columns]}
   */
  public static Chart of(
      String id,
      String title,
      String caption,
      String down,
      List<String> rows,
      String across,
      List<String> columns,
      String quantity,
      double[][] values,
      String shade,
      double[][] shades) {
    List<List<Json>> cells = new ArrayList<>();
    List<Json> data = new ArrayList<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns.size(); c++) {
        List<Json> cell = new ArrayList<>();
        cell.add(Grid.cell(rows.get(r)));
        cell.add(Grid.cell(columns.get(c)));
        cell.add(Grid.cell(values[r][c]));
        List<Json> point = new ArrayList<>();
        point.add(Json.of((long) c));
        point.add(Json.of((long) r));
        point.add(Grid.cell(values[r][c]));
        if (!shade.isEmpty()) {
          cell.add(Grid.cell(shades[r][c]));
          point.add(Grid.cell(shades[r][c]));
        }
        cells.add(cell);
        data.add(new Json.Arr(point));
        if (Double.isFinite(shades[r][c])) {
          low = Math.min(low, shades[r][c]);
          high = Math.max(high, shades[r][c]);
        }
      }
    }
    boolean labelled = Math.max(rows.size(), columns.size()) <= MOST_LABELLED;
    Members series =
        Members.none()
            .with("type", "heatmap")
            .with("name", quantity)
            .with("data", data)
            .with("label", Members.none().with("show", labelled));
    Members scale =
        Members.none()
            .with("min", Math.min(low, high))
            .with("max", Math.max(low, high))
            .with("dimension", shade.isEmpty() ? 2 : 3)
            .with("calculable", true)
            .with("orient", "horizontal")
            .with("left", "center")
            .with("bottom", 0);
    Json.Obj option =
        Members.none()
            .with("xAxis", category(across, columns).json())
            .with("yAxis", category(down, rows).with("inverse", true).json())
            .with("visualMap", scale)
            .with("series", List.of(series.json()))
            .json();
    return new Chart(
        id,
        title,
        caption,
        option,
        new Grid(
            shade.isEmpty()
                ? List.of(down, across, quantity)
                : List.of(down, across, quantity, shade),
            cells),
        Math.clamp(150L + CELL * rows.size(), 260, 760));
  }

  private static Members category(String name, List<String> categories) {
    return Members.none()
        .with("type", "category")
        .with("name", name)
        .with("data", categories.stream().map(Json::of).toList());
  }
}
