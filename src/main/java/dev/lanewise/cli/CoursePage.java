package dev.lanewise.cli;

import dev.lanewise.course.CourseFigure;
import dev.lanewise.course.CoursePlots;
import dev.lanewise.course.CourseRuns;
import dev.lanewise.course.CourseSection;
import dev.lanewise.course.CourseTrajectory;
import dev.lanewise.json.Json;
import dev.lanewise.report.Grid;
import dev.lanewise.report.Part;
import dev.lanewise.report.Prose;
import dev.lanewise.report.Report;
import dev.lanewise.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The replays of the course as a report. */
final class CoursePage {

  private Report report =
      Report.of(
          "The course's experiments",
          "Ours beside the published numbers, and the plots that the course shows.");

  /** Takes a replay. */
  void add(CourseSection section) {
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Prose(
            "%s. Data: %s%s"
                .formatted(
                    section.title(),
                    section.data(),
                    section.comparable()
                        ? "."
                        : "; what was published of other data is not comparable.")));
    parts.addAll(section.charts());
    parts.add(figures(section));
    String id = id(section.name());
    report = report.with(new Section(id, heading(id), parts));
  }

  /** {@return a name in links} */
  private static String id(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String heading(String id) {
    String words = id.replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static Grid figures(CourseSection section) {
    List<List<Json>> rows = new ArrayList<>();
    for (CourseFigure figure : section.figures()) {
      rows.add(
          List.of(
              Grid.cell(figure.run()),
              Grid.cell(figure.quantity()),
              Grid.cell(figure.ours()),
              Grid.cell(figure.error().orElse(Double.NaN)),
              Grid.cell(figure.published().orElse(Double.NaN)),
              Grid.cell(verdict(figure, section.comparable()))));
    }
    return new Grid(
        List.of("run", "quantity", "ours", "standard error", "published", "within what is allowed"),
        rows);
  }

  private static String verdict(CourseFigure figure, boolean comparable) {
    String word = comparable ? figure.within().map(within -> within ? "yes" : "NO").orElse("") : "";
    return figure.note().isEmpty() ? word : word + " (" + figure.note() + ")";
  }

  /** Takes the trajectories. */
  void add(List<CourseTrajectory> trajectories) {
    List<Part> parts = new ArrayList<>(CoursePlots.charts(trajectories));
    report =
        report.with(
            new Section("trajectories", "Optimisers on a ravine, a saddle and a valley", parts));
  }

  /** {@return the report, with the plots that belong to no replay} */
  Report report(CourseRuns runs) {
    Report all = report;
    for (Section section : new CoursePlots(runs).sections()) {
      all = all.with(section);
    }
    return all;
  }
}
