package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart of bars, one for each category and series, put together series by series. Also of
 * histograms, whose categories are bins.
 */
public final class BarChart {

  private static final int BAR = 22;

  private final String id;
  private final String title;
  private final String caption;
  private final String of;
  private final List<String> categories;
  private final Axis values;
  private final List<String> names = new ArrayList<>();
  private final List<double[]> columns = new ArrayList<>();
  private final List<Json> series = new ArrayList<>();
  private final List<Json> marks = new ArrayList<>();
  private boolean lying;
  private boolean touching;

  private BarChart(
      String id, String title, String caption, String of, List<String> categories, Axis values) {
    this.id = id;
    this.title = title;
    this.caption = caption;
    this.of = of;
    this.categories = List.copyOf(categories);
    this.values = values;
  }

  /**
   * {@return a chart without bars}
   *
   * @param id its name, of lower-case letters, digits and hyphens
   * @param title its title
   * @param caption what it shows and how to read it
   * @param of what the categories are
   * @param categories their names
   * @param values the axis of the bars' lengths
   */
  public static BarChart of(
      String id, String title, String caption, String of, List<String> categories, Axis values) {
    return new BarChart(id, title, caption, of, categories, values);
  }

  /**
   * Lays the bars down, the first category at the top, as for long names.
   *
   * @return this
   */
  public BarChart lying() {
    lying = true;
    return this;
  }

  /**
   * Lets bars touch each other, as those of a histogram do; those of several series overlap.
   *
   * @return this
   */
  public BarChart touching() {
    touching = true;
    return this;
  }

  /**
   * Adds bars.
   *
   * @param name what they measure
   * @param lengths their lengths, one for each category; none where it is not finite
   * @return this
   */
  public BarChart bars(String name, double[] lengths) {
    Members bars = Members.none().with("type", "bar").with("name", name);
    if (touching) {
      bars.with("barCategoryGap", "2%")
          .with("barGap", "-100%")
          .with("itemStyle", Members.none().with("opacity", 0.7));
    }
    series.add(bars.with("data", Chart.column(add(name, lengths))).json());
    return this;
  }

  /**
   * Adds an interval to each bar.
   *
   * @param name what the intervals are
   * @param low their lower ends
   * @param high their upper ends
   * @return this
   */
  public BarChart whiskers(String name, double[] low, double[] high) {
    int first = add(name + ", low", low);
    int last = add(name + ", high", high);
    List<Json> ends = List.of(Json.of(1L), Json.of(2L));
    Members encode =
        lying
            ? Members.none().with("y", 0).with("x", ends)
            : Members.none().with("x", 0).with("y", ends);
    series.add(
        Members.none()
            .with("type", "custom")
            .with("name", name)
            .with("renderItem", lying ? "$lyingWhisker" : "$whisker")
            .with("silent", true)
            .with("z", 5)
            .with("encode", encode)
            .with("data", Chart.points(0, -1, 0, first, last))
            .json());
    return this;
  }

  /**
   * Adds a line across the bars.
   *
   * @param name what is there
   * @param at at which length
   * @return this
   */
  public BarChart mark(String name, double at) {
    marks.add(
        Members.none()
            .with("name", name)
            .with(lying ? "xAxis" : "yAxis", at)
            .with("label", Members.none().with("formatter", "{b}"))
            .json());
    return this;
  }

  private int add(String name, double[] numbers) {
    if (numbers.length != categories.size()) {
      throw new IllegalArgumentException(
          "%s: %d numbers; expected %d, one for each category"
              .formatted(name, numbers.length, categories.size()));
    }
    names.add(name);
    columns.add(numbers.clone());
    return columns.size();
  }

  /** {@return the chart} */
  public Chart chart() {
    List<String> header = new ArrayList<>();
    header.add(of);
    header.addAll(names);
    List<List<Json>> rows = new ArrayList<>();
    for (int r = 0; r < categories.size(); r++) {
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(categories.get(r)));
      for (double[] column : columns) {
        row.add(Grid.cell(column[r]));
      }
      rows.add(row);
    }
    Members category =
        Members.none().with("type", "category").with("name", of).with("data", Chart.column(0));
    if (lying) {
      category.with("inverse", true);
    }
    Json.Obj option =
        Members.none()
            .with("xAxis", lying ? values.json() : category.json())
            .with("yAxis", lying ? category.json() : values.json())
            .with("series", marks.isEmpty() ? series : XyChart.marked(series, marks))
            .json();
    int height = lying ? Math.max(160, 90 + BAR * categories.size()) : Chart.HEIGHT;
    return new Chart(id, title, caption, option, new Grid(header, rows), height);
  }
}
