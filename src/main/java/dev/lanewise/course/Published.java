package dev.lanewise.course;

import dev.lanewise.course.FullBatchDescent.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The numbers that the course published of a descent with all rows in one batch.
 *
 * @param costs costs by iteration, each before its step; infinite where the course's is
 * @param drift by how much costs but the first may differ in single precision
 * @param training the training rows that were right
 * @param test the test rows that were right
 * @param rowsAllowed by how much these may differ
 */
record Published(
    SortedMap<Integer, Double> costs, double drift, int training, int test, int rowsAllowed) {

  /** A first cost is a single pass, so that nothing has drifted. */
  private static final double FIRST_ALLOWED = 1e-6;

  /** {@return an outcome's numbers beside these} */
  List<CourseFigure> beside(String run, Outcome outcome) {
    List<CourseFigure> figures = new ArrayList<>();
    costs
        .headMap(outcome.costs().length)
        .forEach((i, cost) -> figures.add(cost(run, i, outcome.costs()[i], cost)));
    figures.add(right(run, "training", outcome.training()).against(training, rowsAllowed));
    figures.add(right(run, "test", outcome.test()).against(test, rowsAllowed));
    return figures;
  }

  private CourseFigure cost(String run, int iteration, double ours, double published) {
    CourseFigure figure = cost(run, iteration, ours);
    return Double.isInfinite(published)
        ? figure.withNote("published inf, the logarithm of a probability rounded to 0")
        : figure.against(published, iteration == 0 ? FIRST_ALLOWED : drift);
  }

  static CourseFigure cost(String run, int iteration, double ours) {
    return CourseFigure.of(run, "cost at " + iteration, 6, ours);
  }

  private static CourseFigure right(String run, String set, Verdict verdict) {
    return CourseFigure.of(
        run, "%s right of %d".formatted(set, verdict.rows()), 0, verdict.right());
  }
}
