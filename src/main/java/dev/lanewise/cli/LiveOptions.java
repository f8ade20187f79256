package dev.lanewise.cli;

import dev.lanewise.learn.Run;
import dev.lanewise.report.LiveRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} for a page that follows the training and steers it. */
@Command(optionListHeading = "Live page:%n")
final class LiveOptions {

  private static final int MOST_PORT = 65_535;

  @Option(
      names = "--live",
      description =
          "Serve a page on this machine that follows the training: change rate and L2 penalty,"
              + " pause, save, roll back, stop. Its address, with a secret, is printed on standard"
              + " error.")
  private boolean live;

  @Option(
      names = "--live-port",
      paramLabel = "N",
      description = "The page's port on 127.0.0.1. Default: one that is free.")
  private Integer port;

  /** {@return whether a page is asked for} */
  boolean asked() {
    return live;
  }

  /**
   * Checks the options.
   *
   * @param trains whether anything is trained
   * @param replays whether commands are replayed
   */
  void check(CommandSpec spec, boolean trains, boolean replays) {
    Usage.require(
        spec,
        port == null || live,
        "--live-port %s: has no meaning without --live; expected both",
        port);
    Usage.require(
        spec,
        port == null || (port >= 0 && port <= MOST_PORT),
        "--live-port: %s; expected a number from 0 to %d",
        port,
        MOST_PORT);
    Usage.require(
        spec,
        !live || trains,
        "--live: has no meaning with --find-learning-rate; expected one of them");
    Usage.require(
        spec, !live || !replays, "--live: has no meaning with --replay; expected one of them");
  }

  /**
   * {@return what steers a run: its page, if one is asked for}
   *
   * @param written saves checkpoints, if there is a file for them
   * @param progress the line on the terminal
   * @param err where the address goes
   */
  Steering open(Run run, Outputs written, Progress progress, PrintWriter err) throws IOException {
    if (!live) {
      return new Steering(run, Optional.empty());
    }
    Optional<LiveRun.Saver> saver =
        written.savesCheckpoints()
            ? Optional.of(() -> written.saveCheckpoint(run.training()))
            : Optional.empty();
    LiveRun page;
    try {
      page = LiveRun.of(run, saver, port == null ? 0 : port);
    } catch (IOException e) {
      throw new IOException("--live: " + e.getMessage(), e);
    }
    progress.end();
    err.println("live: " + page.address());
    err.flush();
    return new Steering(run, Optional.of(page));
  }
}
