package dev.lanewise.cli;

import dev.lanewise.learn.Run;
import dev.lanewise.report.LiveRun;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Training;
import java.util.Optional;

/** What steers a run between its steps: its live page, or nothing if there is none. */
final class Steering implements AutoCloseable {

  private final Run run;
  private final Optional<LiveRun> page;

  /**
   * Creates the steering of a run.
   *
   * @param run the run
   * @param page its page, if it has one
   */
  Steering(Run run, Optional<LiveRun> page) {
    this.run = run;
    this.page = page;
  }

  /**
   * Does what is asked, which may take as long as a pause; {@return whether there is another step}
   *
   * @param line is told of pauses
   */
  boolean goesOn(EpochLine line) {
    Training training = run.training();
    if (page.isPresent() && !training.finished()) {
      line.pause(page.get().beforeStep());
    }
    return !training.finished();
  }

  /**
   * Shows a step that was done.
   *
   * @param ended the epoch that it has ended, if it has
   */
  void afterStep(Optional<Epoch> ended) {
    if (page.isPresent()) {
      page.get().afterStep(ended);
    }
  }

  /** Shows that the training has ended and its result is looked at. */
  void evaluating() {
    page.ifPresent(LiveRun::evaluating);
  }

  /** Shows that the command has succeeded; closed without it, that it has failed. */
  void done() {
    page.ifPresent(LiveRun::done);
  }

  @Override
  public void close() {
    page.ifPresent(LiveRun::close);
  }
}
