package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Diagnosis.Estimate;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * The learning curve of a {@link Learner}: its training and dev errors by the number of training
 * rows, which tells whether more rows would help. The test rows have no part in it.
 *
 * <p>Each repeat orders the training rows by a seed of its own, groups whole, else classes evenly;
 * its sizes take the first so many of that order, so that each contains those before. Columns are
 * encoded once, by all training rows. All are judged by the same dev rows. Errors are the shares of
 * wrong rows, or RMSE in the label's units; their intervals of 95 % are over rows and repeats, by
 * the bootstrap. Immutable; prints as a table.
 */
public final class LearningCurve {

  /** The usual shares of the training rows, each twice the one before. */
  public static final List<Double> SHARES = List.of(0.0625, 0.125, 0.25, 0.5, 1.0);

  /** The usual number of trainings for each size. */
  public static final int REPEATS = 3;

  /** What a curve says about more training rows. */
  public enum Outlook {
    /** The errors are apart, and the dev error still falls: more rows would help. */
    MORE_ROWS,
    /** The errors have met, and more rows only bring them together: another model would help. */
    ENOUGH_ROWS,
    /** The errors are apart, but by these rows no fall of the dev error is to be seen. */
    UNCLEAR
  }

  /**
   * The errors for a number of training rows.
   *
   * @param rows the training rows; of groups the mean over the repeats, rounded
   * @param train the error on these rows
   * @param dev the error on the dev rows
   */
  public record Point(int rows, Estimate train, Estimate dev) {

    /** Creates a point; the numbers are not checked. */
    public Point {
      Objects.requireNonNull(train, "train");
      Objects.requireNonNull(dev, "dev");
    }
  }

  private static final long TRAIN = CounterRandom.stream("learning curve train");
  private static final long DEV = CounterRandom.stream("learning curve dev");

  private final boolean ofClasses;
  private final double threshold;
  private final List<Point> points;
  private final Estimate gap;
  private final Estimate fall;

  private LearningCurve(
      boolean ofClasses, double threshold, List<Point> points, Estimate gap, Estimate fall) {
    this.ofClasses = ofClasses;
    this.threshold = threshold;
    this.points = points;
    this.gap = gap;
    this.fall = fall;
  }

  /**
   * {@return the curve of 5 sizes, with 3 trainings each} Takes about 6 times as long as learning
   * once.
   *
   * @param learner the learner
   * @param table labelled rows, dev rows among them unless the learner has its own
   * @param executor runs the trainings, each as one task; the calling thread runs those that it has
   *     not begun or refuses. The bits do not depend on it
   * @throws DataException if the table is not what the learner needs, or there are no dev rows
   * @throws ArithmeticException if a training leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public static LearningCurve of(Learner learner, Table table, Executor executor) {
    return of(learner, table, SHARES, REPEATS, executor);
  }

  /**
   * {@return the curve of given sizes}
   *
   * @param learner the learner
   * @param table labelled rows, dev rows among them unless the learner has its own
   * @param shares the shares of the training rows, ascending, in (0, 1], at least 2; each makes at
   *     least 2 rows, and shares that make as many rows are one
   * @param repeats the trainings for each size, at least 1
   * @param executor runs the trainings, as {@link #of(Learner, Table, Executor)}
   * @throws DataException if the table is not what the learner needs, or there are no dev rows
   * @throws IllegalArgumentException if shares or repeats are not what they should be
   */
  public static LearningCurve of(
      Learner learner, Table table, List<Double> shares, int repeats, Executor executor) {
    Objects.requireNonNull(table, "table");
    return of(learner, new Source.OfTable(table), shares, repeats, executor);
  }

  /**
   * {@return the curve of images, of 5 sizes with 3 trainings each}
   *
   * @param learner the learner
   * @param images images with labels, dev images among them unless the learner has its own
   * @param executor runs the trainings, as {@link #of(Learner, Table, Executor)}
   * @throws DataException if the images are not what the learner needs, or there are no dev images
   */
  public static LearningCurve of(Learner learner, Idx.Images images, Executor executor) {
    Objects.requireNonNull(images, "images");
    return of(learner, new Source.OfImages(images), SHARES, REPEATS, executor);
  }

  private static LearningCurve of(
      Learner learner, Source source, List<Double> shares, int repeats, Executor executor) {
    Objects.requireNonNull(learner, "learner");
    Objects.requireNonNull(executor, "executor");
    requireShares(List.copyOf(Objects.requireNonNull(shares, "shares")));
    if (repeats < 1) {
      throw new IllegalArgumentException("repeats: %d; expected at least 1".formatted(repeats));
    }
    return of(learner.seed, ShareRuns.of(learner, source, repeats).run(shares, executor));
  }

  private static void requireShares(List<Double> shares) {
    double before = 0;
    for (double share : shares) {
      if (!(share > before && share <= 1)) {
        throw new IllegalArgumentException(
            "shares: %s; expected numbers in (0, 1], ascending".formatted(shares));
      }
      before = share;
    }
    if (shares.size() < 2) {
      throw new IllegalArgumentException("shares: %s; expected at least 2".formatted(shares));
    }
  }

  /** {@return the curve of the errors of each size and repeat} */
  private static LearningCurve of(long seed, List<List<ShareRuns.Errors>> sizes) {
    List<Point> points = new ArrayList<>();
    double[] lastTrain = {};
    double[] lastDev = {};
    double[] falls = {};
    for (List<ShareRuns.Errors> repeats : sizes) {
      List<RowErrors> ofTrain = repeats.stream().map(ShareRuns.Errors::train).toList();
      List<RowErrors> ofDev = repeats.stream().map(ShareRuns.Errors::dev).toList();
      double[] train = Bootstrap.samples(ofTrain, seed, TRAIN);
      double[] dev = Bootstrap.samples(ofDev, seed, DEV);
      if (!points.isEmpty()) {
        falls = differences(lastDev, dev);
      }
      lastTrain = train;
      lastDev = dev;
      int rows = (int) Math.rint(mean(repeats.stream().map(ShareRuns.Errors::rows).toList()));
      points.add(
          new Point(
              rows,
              Bootstrap.interval(mean(ofTrain.stream().map(RowErrors::error).toList()), train),
              Bootstrap.interval(mean(ofDev.stream().map(RowErrors::error).toList()), dev)));
    }
    Point last = points.getLast();
    Point before = points.get(points.size() - 2);
    ShareRuns.Errors any = sizes.getLast().getFirst();
    boolean ofClasses = any.dev().ofClasses();
    return new LearningCurve(
        ofClasses,
        ofClasses ? Diagnosis.POINTS_OF_CLASSES : Diagnosis.SHARE_OF_DEVIATION * any.deviation(),
        List.copyOf(points),
        Bootstrap.interval(
            last.dev().value() - last.train().value(), differences(lastDev, lastTrain)),
        Bootstrap.interval(before.dev().value() - last.dev().value(), falls));
  }

  private static double[] differences(double[] from, double[] less) {
    return IntStream.range(0, from.length).mapToDouble(b -> from[b] - less[b]).toArray();
  }

  private static double mean(List<? extends Number> numbers) {
    double sum = 0;
    for (Number number : numbers) {
      sum += number.doubleValue();
    }
    return sum / numbers.size();
  }

  /** {@return whether errors are shares of wrong rows; else they are RMSE in the label's units} */
  public boolean ofClasses() {
    return ofClasses;
  }

  /** {@return the errors by the number of training rows, ascending} */
  public List<Point> points() {
    return points;
  }

  /** {@return the dev error less the training error, for the largest number of training rows} */
  public Estimate gap() {
    return gap;
  }

  /**
   * {@return by how much the dev error falls from the last size but one to the last; negative if it
   * grows} The same dev rows are drawn for both, so the interval is that of the difference.
   */
  public Estimate fall() {
    return fall;
  }

  /** {@return the gap between errors from which on they are apart, as in {@link Diagnosis}} */
  public double threshold() {
    return threshold;
  }

  /** {@return what the curve says about more training rows} */
  public Outlook outlook() {
    if (!Diagnosis.isHigh(gap.value(), threshold)) {
      return Outlook.ENOUGH_ROWS;
    }
    return fall.low() > 0 ? Outlook.MORE_ROWS : Outlook.UNCLEAR;
  }

  /** {@return the outlook in words} */
  public String advice() {
    String apart =
        "the dev error is %s %s the training error"
            .formatted(text(Math.abs(gap.value())), gap.value() < 0 ? "below" : "above");
    return switch (outlook()) {
      case MORE_ROWS ->
          "more rows would help: %s, and from %d to %d rows the dev error has fallen by %s"
              .formatted(apart, before().rows(), points.getLast().rows(), text(fall.value()));
      case ENOUGH_ROWS ->
          "more rows would hardly help: %s, and they bring it no further than there"
              .formatted(apart);
      case UNCLEAR ->
          "unclear: %s, but from %d to %d rows these dev rows show no fall of the dev error"
              .formatted(apart, before().rows(), points.getLast().rows());
    };
  }

  private Point before() {
    return points.get(points.size() - 2);
  }

  private String text(double value) {
    return Diagnosis.text(ofClasses, value);
  }

  private String text(Estimate of) {
    return "%s (%s to %s)".formatted(text(of.value()), text(of.low()), text(of.high()));
  }

  /** {@return a line for each size, and the outlook} */
  @Override
  public String toString() {
    String line = "%8s  %-32s  %s";
    StringBuilder text = new StringBuilder(line.formatted("rows", "train error", "dev error"));
    for (Point point : points) {
      text.append("%n".formatted())
          .append(line.formatted(point.rows(), text(point.train()), text(point.dev())));
    }
    return text.append("%n%s".formatted(advice())).toString();
  }
}
