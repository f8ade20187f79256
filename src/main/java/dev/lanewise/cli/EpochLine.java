package dev.lanewise.cli;

import dev.lanewise.train.Epoch;
import dev.lanewise.train.Training;
import java.util.OptionalDouble;

/** What the line of progress says of a training. */
final class EpochLine {

  private final Progress progress;
  private final int epochs;
  private final int rows;
  private final String metric;

  private double seconds;
  private double paused;
  private int seen;

  /** Null before the first. */
  private Epoch last;

  /**
   * Creates what is said.
   *
   * @param progress the line
   * @param epochs the epochs that there are at most
   * @param rows the training rows
   * @param metric the name of the dev metric
   */
  EpochLine(Progress progress, int epochs, int rows, String metric) {
    this.progress = progress;
    this.epochs = epochs;
    this.rows = rows;
    this.metric = metric;
  }

  /** {@return the name of the dev metric; empty without one} */
  String metric() {
    return metric;
  }

  /** Shows an epoch that has ended. */
  void show(Epoch epoch) {
    seen++;
    seconds += epoch.seconds() - paused;
    paused = 0;
    last = epoch;
    progress.show(
        () -> "epoch %d/%d%s%s".formatted(epoch.number(), epochs, scores(), pace(epoch.number())));
  }

  private String scores() {
    if (last == null) {
      return "";
    }
    StringBuilder line = new StringBuilder("  loss %.4g".formatted(last.trainingLoss()));
    last.devLoss().ifPresent(loss -> line.append("  dev loss %.4g".formatted(loss)));
    last.devMetric()
        .ifPresent(
            score ->
                line.append(
                    "  dev %s %.4g".formatted(Lanewise.shown(Scores.spelled(metric)), score)));
    return line.toString();
  }

  /**
   * {@return how fast it goes and how long it will still take, once an epoch tells}
   *
   * @param done the epochs that are done, and a part of the one under way
   */
  private String pace(double done) {
    OptionalDouble speed = samplesPerSecond();
    return speed.isEmpty()
        ? ""
        : "  %.0f rows/s  at most %s left"
            .formatted(speed.getAsDouble(), Progress.time(seconds / seen * (epochs - done)));
  }

  /** Takes seconds in which nobody worked from the epoch under way. */
  void pause(double waited) {
    paused += waited;
  }

  /** Shows how far the epoch under way is. */
  void show(Training training) {
    progress.show(() -> line(training));
  }

  /** {@return the line within an epoch} */
  String line(Training training) {
    int done = training.epochs();
    int of = training.stepsPerEpoch();
    long step = training.steps() - (long) done * of;
    return "epoch %d/%d  %d %%%s%s"
        .formatted(done + 1, epochs, 100 * step / of, scores(), pace(done + (double) step / of));
  }

  /**
   * {@return the training rows passed for each second, evaluation included; empty before the first
   * epoch}
   */
  OptionalDouble samplesPerSecond() {
    return seconds == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) seen * rows / seconds);
  }
}
