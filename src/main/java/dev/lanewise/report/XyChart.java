package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chart of lines and points over two axes of numbers, put together series by series.
 *
 * <p>Of a series of more than {@value #MOST_POINTS} points evenly spaced ones are drawn, and the
 * caption says so.
 */
public final class XyChart {

  /** The most points that are drawn of one series. */
  public static final int MOST_POINTS = 2000;

  private static final List<String> SYMBOLS = List.of("circle", "triangle", "rect", "diamond");

  private final String id;
  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Json> series = new ArrayList<>();
  private final List<List<Json>> rows = new ArrayList<>();
  private final StringBuilder caption;
  private final List<Json> marks = new ArrayList<>();
  private boolean banded;
  private int height = Chart.HEIGHT;

  private XyChart(String id, String title, String caption, Axis x, Axis y) {
    this.id = id;
    this.title = title;
    this.caption = new StringBuilder(caption);
    this.x = x;
    this.y = y;
  }

  /**
   * {@return a chart without series}
   *
   * @param id its name, of lower-case letters, digits and hyphens
   * @param title its title
   * @param caption what it shows and how to read it
   * @param x the horizontal axis
   * @param y the vertical axis
   */
  public static XyChart of(String id, String title, String caption, Axis x, Axis y) {
    return new XyChart(id, title, caption, x, y);
  }

  /**
   * Sets the height.
   *
   * @param pixels the height in CSS pixels
   * @return this
   */
  public XyChart height(int pixels) {
    height = pixels;
    return this;
  }

  /**
   * Adds a line.
   *
   * @param name what it is
   * @param xs where its points are, in the order in which they are joined
   * @param ys how high they are; a number that is not finite leaves a gap
   * @return this
   */
  public XyChart line(String name, double[] xs, double[] ys) {
    return add(name, xs, ys, drawn("line").with("showSymbol", xs.length < 2));
  }

  /**
   * Adds a line in steps: a height holds until the next point.
   *
   * @param name what it is
   * @param xs where its points are, growing
   * @param ys how high they are
   * @return this
   */
  public XyChart steps(String name, double[] xs, double[] ys) {
    return add(name, xs, ys, drawn("line").with("showSymbol", false).with("step", "end"));
  }

  /**
   * Adds a histogram, as a filled line in steps.
   *
   * @param name what was counted
   * @param edges the edges of the bins, ascending
   * @param shares the share of each bin, one fewer than edges
   * @return this
   */
  public XyChart histogram(String name, double[] edges, double[] shares) {
    double[] heights = Arrays.copyOf(shares, edges.length);
    heights[edges.length - 1] = shares[edges.length - 2];
    return add(
        name,
        edges,
        heights,
        drawn("line")
            .with("showSymbol", false)
            .with("step", "end")
            .with("areaStyle", Members.none().with("opacity", 0.2)));
  }

  /**
   * Adds a dashed line, as of what would be ideal or usual.
   *
   * @param name what it is
   * @param xs where its points are
   * @param ys how high they are
   * @return this
   */
  public XyChart dashed(String name, double[] xs, double[] ys) {
    return add(
        name,
        xs,
        ys,
        drawn("line")
            .with("showSymbol", false)
            .with("lineStyle", Members.none().with("type", "dashed")));
  }

  /**
   * Adds points.
   *
   * @param name what they are
   * @param xs where they are
   * @param ys how high they are
   * @return this
   */
  public XyChart points(String name, double[] xs, double[] ys) {
    return add(name, xs, ys, drawn("scatter").with("symbolSize", xs.length > 300 ? 4 : 7));
  }

  /**
   * Adds points of a class, in the colour that {@link Plane#classes} has for it, and with a symbol
   * of their own, so that colour is not all that tells them apart.
   *
   * @param name the class
   * @param number its number, from 0
   * @param xs where they are
   * @param ys how high they are
   * @return this
   */
  public XyChart ofClass(String name, int number, double[] xs, double[] ys) {
    Members style =
        Members.none().with("$colour", "c" + (number % Plane.MOST_COLOURS + 1)).with("opacity", 1);
    return add(
        name,
        xs,
        ys,
        drawn("scatter")
            .with("symbol", SYMBOLS.get(number % SYMBOLS.size()))
            .with("symbolSize", 7)
            .with("itemStyle", style));
  }

  /**
   * Adds a band between two lines, as of an interval.
   *
   * @param name what it is
   * @param xs where it is known, growing
   * @param low its lower end there
   * @param high its upper end there
   * @return this
   */
  public XyChart band(String name, double[] xs, double[] low, double[] high) {
    return interval(name, xs, low, high, "$band");
  }

  /**
   * Adds vertical bars with ends, as of intervals of single points.
   *
   * @param name what they are
   * @param xs where they are
   * @param low their lower ends
   * @param high their upper ends
   * @return this
   */
  public XyChart whiskers(String name, double[] xs, double[] low, double[] high) {
    return interval(name, xs, low, high, "$whisker");
  }

  /**
   * Adds a vertical line over the whole height.
   *
   * @param name what is there
   * @param at where
   * @return this
   */
  public XyChart vertical(String name, double at) {
    marks.add(mark("xAxis", name, at));
    return this;
  }

  /**
   * Adds a horizontal line over the whole width.
   *
   * @param name what is there
   * @param at how high
   * @return this
   */
  public XyChart horizontal(String name, double at) {
    marks.add(mark("yAxis", name, at));
    return this;
  }

  /**
   * Puts a picture behind the series.
   *
   * @param name what it shows
   * @param png the picture
   * @param left where its left edge is on the horizontal axis
   * @param right where its right edge is
   * @param bottom where its lower edge is on the vertical axis
   * @param top where its upper edge is
   * @return this
   */
  public XyChart background(
      String name, byte[] png, double left, double right, double bottom, double top) {
    List<Json> corners = List.of(Json.of(left), Json.of(top), Json.of(right), Json.of(bottom));
    series.add(
        drawn("custom")
            .with("name", name)
            .with("renderItem", "$image")
            .with("silent", true)
            .with("z", 0)
            .with("image", "data:image/png;base64," + Base64.getEncoder().encodeToString(png))
            .with("data", List.of(new Json.Arr(corners)))
            .json());
    return this;
  }

  private static Json mark(String axis, String name, double at) {
    return Members.none()
        .with("name", name)
        .with(axis, at)
        .with("label", Members.none().with("formatter", "{b}"))
        .json();
  }

  private static Members drawn(String type) {
    return Members.none().with("type", type);
  }

  private XyChart add(String name, double[] xs, double[] ys, Members how) {
    require("ys", ys, xs);
    int from = rows.size();
    for (int i : chosen(name, xs.length)) {
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(name));
      row.add(Grid.cell(xs[i]));
      row.add(Grid.cell(y.logarithmic() && ys[i] <= 0 ? Double.NaN : ys[i]));
      rows.add(row);
    }
    series.add(how.with("name", name).with("data", Chart.points(from, rows.size(), 1, 2)).json());
    return this;
  }

  private XyChart interval(String name, double[] xs, double[] low, double[] high, String how) {
    require("low", low, xs);
    require("high", high, xs);
    banded = true;
    int from = rows.size();
    for (int i : chosen(name, xs.length)) {
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(name));
      row.add(Grid.cell(xs[i]));
      row.add(new Json.Null());
      row.add(Grid.cell(low[i]));
      row.add(Grid.cell(high[i]));
      rows.add(row);
    }
    series.add(
        drawn("custom")
            .with("name", name)
            .with("renderItem", how)
            .with("silent", true)
            .with(
                "encode", Members.none().with("x", 0).with("y", List.of(Json.of(1L), Json.of(2L))))
            .with("data", Chart.points(from, rows.size(), 1, 3, 4))
            .json());
    return this;
  }

  private static void require(String name, double[] values, double[] xs) {
    if (values.length != xs.length) {
      throw new IllegalArgumentException(
          "%s: %d numbers; expected %d as of xs".formatted(name, values.length, xs.length));
    }
  }

  /** {@return the points that are drawn, the first and the last among them} */
  private int[] chosen(String name, int count) {
    if (count <= MOST_POINTS) {
      int[] all = new int[count];
      for (int i = 0; i < count; i++) {
        all[i] = i;
      }
      return all;
    }
    caption.append(" Of %s, %d of %d points are drawn.".formatted(name, MOST_POINTS, count));
    int[] some = new int[MOST_POINTS];
    for (int i = 0; i < MOST_POINTS; i++) {
      some[i] = (int) ((long) i * (count - 1) / (MOST_POINTS - 1));
    }
    return some;
  }

  /** {@return series, the first with lines across the chart, which belong to none of them} */
  static List<Json> marked(List<Json> series, List<Json> marks) {
    Members lines = Members.none().with("symbol", "none").with("silent", true).with("data", marks);
    List<Json> all = new ArrayList<>(series);
    Map<String, Json> bearer = new LinkedHashMap<>(((Json.Obj) all.getFirst()).members());
    bearer.put("markLine", lines.json());
    all.set(0, new Json.Obj(bearer));
    return all;
  }

  /** {@return the chart} */
  public Chart chart() {
    List<Json> all = marks.isEmpty() ? series : marked(series, marks);
    List<String> columns = new ArrayList<>(List.of("series", x.name(), y.name()));
    if (banded) {
      columns.add("low");
      columns.add("high");
    }
    List<List<Json>> cells = new ArrayList<>();
    for (List<Json> row : rows) {
      List<Json> padded = new ArrayList<>(row);
      while (padded.size() < columns.size()) {
        padded.add(new Json.Null());
      }
      cells.add(padded);
    }
    Json.Obj option =
        Members.none().with("xAxis", x.json()).with("yAxis", y.json()).with("series", all).json();
    return new Chart(id, title, caption.toString(), option, new Grid(columns, cells), height);
  }
}
