package dev.lanewise.cli;

import dev.lanewise.course.CourseFigure;
import dev.lanewise.course.CourseFigure.Bar;
import dev.lanewise.course.CourseSection;
import dev.lanewise.course.CourseTrajectory;
import dev.lanewise.course.CourseTrajectory.Point;
import dev.lanewise.course.Surface;
import dev.lanewise.json.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Prints replays as tables, or collects them in one object. */
final class CourseReport {

  private static final int[] SHOWN = {10, 100, 1000};

  private final PrintWriter out;
  private final boolean json;
  private final Map<String, Json> members = new LinkedHashMap<>();
  private final Map<String, Json> data = new LinkedHashMap<>();

  /**
   * Creates a report.
   *
   * @param out where results go
   * @param json whether as one object, at the end
   */
  CourseReport(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** Takes a replay. */
  void add(CourseSection section) {
    if (json) {
      members.put(
          section.name(),
          new Json.Arr(section.figures().stream().map(f -> json(f, section)).toList()));
      data.put(section.name(), Json.of(section.data()));
    } else {
      print(section);
    }
  }

  /** Takes the trajectories. */
  void add(List<CourseTrajectory> trajectories) {
    if (json) {
      members.put(
          "trajectories", new Json.Arr(trajectories.stream().map(CourseReport::json).toList()));
    } else {
      print(trajectories);
    }
  }

  /**
   * Ends.
   *
   * @param kernels the kernels that computed
   */
  void end(String kernels) {
    if (json) {
      members.put("data", new Json.Obj(data));
      members.put("kernels", Json.of(kernels));
      out.println(new Json.Obj(members));
    }
  }

  private void print(CourseSection section) {
    int wide = section.figures().stream().mapToInt(f -> f.run().length()).max().orElse(0) + 2;
    line("%s: %s", section.name(), section.title());
    line(
        "data: %s%s",
        section.data(),
        section.comparable() ? "" : "; what was published of other data is not comparable");
    line(
        "%-" + wide + "s%-29s%19s%14s%10s  %s",
        "run",
        "",
        "ours",
        "published",
        "allowed",
        "within");
    String run = "";
    for (CourseFigure figure : section.figures()) {
      line(
          "%-" + wide + "s%-29s%19s%14s%10s  %s",
          figure.run().equals(run) ? "" : figure.run(),
          figure.quantity(),
          number(figure.ours(), figure.decimals())
              + (figure.error().isPresent()
                  ? " ± " + number(figure.error().getAsDouble(), figure.decimals())
                  : ""),
          figure.published().isPresent()
              ? number(figure.published().getAsDouble(), figure.decimals())
              : "-",
          figure.bar().map(CourseReport::bar).orElse("-"),
          verdict(figure, section.comparable()));
      run = figure.run();
    }
    line("");
  }

  private static String verdict(CourseFigure figure, boolean comparable) {
    if (figure.published().isPresent() && !comparable) {
      return "not comparable";
    }
    String word = figure.within().map(within -> within ? "yes" : "NO").orElse("-");
    return figure.note().isEmpty() ? word : word + " (" + figure.note() + ")";
  }

  private static String number(double value, int decimals) {
    String text =
        decimals < 0
            ? String.format(Locale.ROOT, "%.2e", value)
            : String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-[0.]+") ? text.substring(1) : text;
  }

  private static String bar(Bar bar) {
    return (bar.onOurs() ? "≤ " : "") + brief(bar.value());
  }

  /** A tolerance, which has one digit. */
  private static String brief(double value) {
    return value == 0 || value >= 0.001
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%.0e", value);
  }

  private void print(List<CourseTrajectory> trajectories) {
    line("trajectories: places (x, y) after 10, 100 and 1000 steps, and where the goal is reached");
    Surface surface = null;
    for (CourseTrajectory way : trajectories) {
      if (way.surface() != surface) {
        surface = way.surface();
        line(
            "%s, from (%s, %s); goal: %s",
            surface.formula, surface.startX, surface.startY, surface.goal);
      }
      StringBuilder places = new StringBuilder();
      for (int step : SHOWN) {
        places.append(
            String.format(Locale.ROOT, "%20s", step < way.steps() ? place(way.at(step)) : "-"));
      }
      line(
          "  %-18s%-8s%s%20s  %s",
          way.optimizer(),
          way.rate(),
          places,
          place(way.end()),
          way.reached() ? way.steps() + " steps" : "not in " + way.steps() + " steps");
    }
    line("");
  }

  private static String place(Point point) {
    return String.format(Locale.ROOT, "(%.4f, %.4f)", point.x(), point.y());
  }

  private void line(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }

  private static Json json(CourseFigure figure, CourseSection section) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("run", Json.of(figure.run()));
    members.put("quantity", Json.of(figure.quantity()));
    members.put("ours", number(OptionalDouble.of(figure.ours())));
    if (figure.error().isPresent()) {
      members.put("standardError", number(figure.error()));
    }
    members.put("published", number(figure.published()));
    members.put("allowed", bar(figure, false));
    if (figure.bar().map(Bar::onOurs).orElse(false)) {
      members.put("atMost", bar(figure, true));
    }
    members.put("comparable", Json.of(section.comparable()));
    members.put(
        "within",
        section.comparable()
            ? figure.within().<Json>map(Json::of).orElse(new Json.Null())
            : new Json.Null());
    if (!figure.note().isEmpty()) {
      members.put("note", Json.of(figure.note()));
    }
    return new Json.Obj(members);
  }

  private static Json bar(CourseFigure figure, boolean onOurs) {
    return figure
        .bar()
        .filter(bar -> bar.onOurs() == onOurs)
        .<Json>map(bar -> Json.of(bar.value()))
        .orElse(new Json.Null());
  }

  private static Json number(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? Json.of(value.getAsDouble())
        : new Json.Null();
  }

  private static Json json(CourseTrajectory way) {
    return Json.object(
        Map.entry("surface", Json.of(way.surface().formula)),
        Map.entry("goal", Json.of(way.surface().goal)),
        Map.entry("optimizer", Json.of(way.optimizer())),
        Map.entry("rate", Json.of(way.rate())),
        Map.entry("steps", Json.of(way.steps())),
        Map.entry("reached", Json.of(way.reached())),
        Map.entry("points", new Json.Arr(way.points().stream().map(CourseReport::json).toList())));
  }

  /** A point as {@code [step, x, y, height]}. */
  private static Json json(Point point) {
    return new Json.Arr(
        List.of(
            Json.of(point.step()),
            Json.of(point.x()),
            Json.of(point.y()),
            Json.of(point.height())));
  }
}
