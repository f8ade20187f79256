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
    List<List<Json>> cells = new ArrayList<>();
    List<Json> data = new ArrayList<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < columns.size(); c++) {
        double value = values[r][c];
        cells.add(List.of(Grid.cell(rows.get(r)), Grid.cell(columns.get(c)), Grid.cell(value)));
        data.add(new Json.Arr(List.of(Json.of((long) c), Json.of((long) r), Grid.cell(value))));
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
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
        new Grid(List.of(down, across, quantity), cells),
        Math.clamp(150L + CELL * rows.size(), 260, 760));
  }

  private static Members category(String name, List<String> categories) {
    return Members.none()
        .with("type", "category")
        .with("name", name)
        .with("data", categories.stream().map(Json::of).toList());
  }
}
