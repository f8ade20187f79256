package dev.lanewise.cli;

import dev.lanewise.train.Epoch;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.nio.file.Path;

/** Reports the epochs of a training, on the terminal and in the files named by options. */
final class EpochLog {

  private final Training training;
  private final Progress progress;
  private final History history;
  private final Observations observations;
  private final Path checkpoint;

  /**
   * Creates a log.
   *
   * @param training what is told of
   * @param progress the line on the terminal
   * @param history the file with a line for each epoch, or null
   * @param observations the file with a line for each epoch and layer, or null
   * @param checkpoint the file that a training can be resumed from, or null
   */
  EpochLog(
      Training training,
      Progress progress,
      History history,
      Observations observations,
      Path checkpoint) {
    this.training = training;
    this.progress = progress;
    this.history = history;
    this.observations = observations;
    this.checkpoint = checkpoint;
  }

  /** Reports an epoch that has ended. */
  void add(Epoch epoch) throws IOException {
    progress.show(epoch);
    if (observations != null) {
      progress.end();
      observations.add(training.observation().orElseThrow());
    }
    if (history != null) {
      history.add(epoch);
    }
    if (checkpoint != null) {
      training.save(checkpoint);
    }
  }
}
