package dev.lanewise.cli;

import dev.lanewise.train.Epoch;
import java.io.PrintWriter;

/**
 * One line on standard error, rewritten after each epoch, if that is a terminal; the launcher tells
 * whether it is.
 */
final class Progress {

  /** Whether standard error is a terminal. */
  static final boolean TERMINAL = Boolean.getBoolean("lanewise.terminal");

  private static final double SECONDS_BETWEEN = 0.1;
  private static final String TO_LINE_START = "\r\033[K";

  private final PrintWriter err;
  private final int epochs;
  private final int rows;
  private final String metric;

  private double seconds;
  private double shown = Double.NEGATIVE_INFINITY;
  private int seen;

  /**
   * Creates the line.
   *
   * @param err standard error
   * @param epochs the epochs that there are at most
   * @param rows the training rows
   * @param metric the name of the dev metric
   */
  Progress(PrintWriter err, int epochs, int rows, String metric) {
    this.err = err;
    this.epochs = epochs;
    this.rows = rows;
    this.metric = metric;
  }

  /** Shows an epoch. */
  void show(Epoch epoch) {
    seen++;
    seconds += epoch.seconds();
    if (!TERMINAL || seconds - shown < SECONDS_BETWEEN) {
      return;
    }
    shown = seconds;
    StringBuilder line = new StringBuilder(TO_LINE_START);
    line.append("epoch %d/%d  loss %.4g".formatted(epoch.number(), epochs, epoch.trainingLoss()));
    epoch.devLoss().ifPresent(loss -> line.append("  dev loss %.4g".formatted(loss)));
    epoch.devMetric().ifPresent(score -> line.append("  dev %s %.4g".formatted(metric, score)));
    line.append("  %.0f rows/s".formatted(samplesPerSecond()));
    line.append("  at most %.0f s left".formatted(seconds / seen * (epochs - epoch.number())));
    err.print(line);
    err.flush();
  }

  /** Removes the line. */
  void end() {
    if (TERMINAL) {
      err.print(TO_LINE_START);
      err.flush();
    }
  }

  /**
   * {@return the training rows passed for each second, evaluation included; 0 before the first
   * epoch}
   */
  double samplesPerSecond() {
    return seconds == 0 ? 0 : (double) seen * rows / seconds;
  }
}
