package dev.lanewise.course;

import dev.lanewise.report.Part;
import java.util.List;

/**
 * The replay of one of the course's experiments.
 *
 * @param name its key among the results
 * @param title what it is, in a line
 * @param data where its examples come from
 * @param comparable whether they are the course's own, so that published numbers mean something
 * @param figures its numbers
 * @param charts what of it can be drawn
 */
public record CourseSection(
    String name,
    String title,
    String data,
    boolean comparable,
    List<CourseFigure> figures,
    List<Part> charts) {

  /** Creates a section. */
  public CourseSection {
    figures = List.copyOf(figures);
    charts = List.copyOf(charts);
  }
}
