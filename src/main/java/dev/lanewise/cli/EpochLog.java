package dev.lanewise.cli;

import dev.lanewise.train.Epoch;
import dev.lanewise.train.Training;

/** Reports the epochs of a training, on the terminal and in the files named by options. */
final class EpochLog {

  private final Training training;
  private final Progress progress;
  private final EpochLine line;
  private final History history;
  private final Observations observations;
  private final TensorBoard tensorBoard;
  private final Outputs outputs;

  /**
   * Creates a log.
   *
   * @param training what is told of
   * @param progress the line on the terminal
   * @param line what it says
   * @param history the file with a line for each epoch, or null
   * @param observations the file with a line for each epoch and layer, or null
   * @param tensorBoard the file for TensorBoard, or null
   * @param outputs all files
   */
  EpochLog(
      Training training,
      Progress progress,
      EpochLine line,
      History history,
      Observations observations,
      TensorBoard tensorBoard,
      Outputs outputs) {
    this.training = training;
    this.progress = progress;
    this.line = line;
    this.history = history;
    this.observations = observations;
    this.tensorBoard = tensorBoard;
    this.outputs = outputs;
  }

  /**
   * Reports an epoch that has ended. The checkpoint comes last, so that the other files hold every
   * epoch that it does.
   */
  void add(Epoch epoch) {
    line.show(epoch);
    if (observations != null) {
      progress.end();
      outputs.toObservations(() -> observations.add(training.observation().orElseThrow()));
    }
    if (history != null) {
      outputs.toHistory(() -> history.add(epoch));
    }
    if (tensorBoard != null) {
      outputs.toTensorBoard(() -> tensorBoard.add(epoch, training.observation().orElseThrow()));
    }
    outputs.checkpoint(training);
  }
}
