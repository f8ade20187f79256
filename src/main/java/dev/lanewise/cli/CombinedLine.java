package dev.lanewise.cli;

import dev.lanewise.learn.Combined;
import dev.lanewise.train.Epoch;
import java.util.OptionalDouble;

/** What the line of progress says of several trainings. */
final class CombinedLine implements Combined.Listener {

  private final Progress progress;
  private final int trainings;
  private final int epochs;
  private final int rows;

  private double seconds;
  private long passed;
  private long seen;

  /**
   * Creates what is said.
   *
   * @param progress the line
   * @param trainings the trainings that there are to be
   * @param epochs the epochs of each at most
   * @param rows the training rows
   */
  CombinedLine(Progress progress, int trainings, int epochs, int rows) {
    this.progress = progress;
    this.trainings = trainings;
    this.epochs = epochs;
    this.rows = rows;
  }

  @Override
  public void ended(int training, Epoch epoch) {
    seconds += epoch.seconds();
    passed += rows;
    seen++;
    long left = (long) (trainings - training) * epochs - epoch.number();
    progress.show(
        () ->
            "training %d of %d  epoch %d  loss %.4g  %.0f rows/s  at most %s left"
                .formatted(
                    training + 1,
                    trainings,
                    epoch.number(),
                    epoch.trainingLoss(),
                    samplesPerSecond().orElse(0),
                    Progress.time(seconds / seen * left)));
  }

  /** {@return the training rows passed for each second, evaluation included; empty before any} */
  OptionalDouble samplesPerSecond() {
    return seconds == 0 ? OptionalDouble.empty() : OptionalDouble.of(passed / seconds);
  }
}
