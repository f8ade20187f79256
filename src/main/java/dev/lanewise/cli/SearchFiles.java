package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.file.AtomicFile;
import dev.lanewise.model.TrainedModel;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code search} for the files that it writes. */
@Command(optionListHeading = "Files:%n")
final class SearchFiles {

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description =
          "Write a line for each trial and rung, and go on from those that are there: the same"
              + " command continues a search that was interrupted. Trainings that may go on lie in"
              + " FILE.trials beside it.")
  private Path journal;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Write the best trial's model, as safetensors.")
  private Path model;

  /** {@return the journal, if there is to be one} */
  Optional<Path> journal() {
    return Optional.ofNullable(journal);
  }

  /** {@return the files of these options} */
  Stream<Given> written() {
    return Stream.concat(Given.of("--journal", journal), Given.of("--model", model));
  }

  /**
   * {@return the files that are written, tried before anything is read}
   *
   * @param data the files of examples
   * @param reports the files of reports
   * @param err where the line at a signal goes
   * @param progress the line on the terminal, which that one replaces
   * @throws IOException if one of them cannot be written, or only over another
   */
  Opened open(Stream<Given> data, Stream<Given> reports, PrintWriter err, Progress progress)
      throws IOException {
    FileChecks.requireDistinct(data.toList(), Stream.concat(written(), reports).toList());
    for (Given file : written().toList()) {
      FileChecks.tryTarget(file.path());
    }
    return new Opened(err, progress);
  }

  /** The files while the search goes on, until it ends, however that is. */
  final class Opened implements Closeable {

    /** How long a signal waits for a save under way. */
    private static final long PATIENCE_MILLIS = 500;

    private final PrintWriter err;
    private final Progress progress;
    private final ReentrantLock saving = new ReentrantLock();
    private final Thread whenStopped = new Thread(this::stopped, "lanewise-stopped");

    private Opened(PrintWriter err, Progress progress) {
      this.err = err;
      this.progress = progress;
      Runtime.getRuntime().addShutdownHook(whenStopped);
    }

    /**
     * Writes the model, if that is asked for, and something after it, even if the model could not
     * be written.
     */
    void save(TrainedModel best, Outputs.Writing after) throws IOException {
      IOException failure = null;
      try {
        save(best);
      } catch (IOException e) {
        failure = e;
      }
      try {
        after.write();
      } catch (IOException e) {
        failure = Outputs.both(failure, e);
      }
      if (failure != null) {
        throw failure;
      }
    }

    private void save(TrainedModel best) throws IOException {
      if (model != null) {
        saving.lock();
        try {
          best.save(model);
        } finally {
          saving.unlock();
        }
      }
    }

    /** What a signal does: waits for a save under way, lets none begin, and tells how to go on. */
    private void stopped() {
      try {
        saving.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        progress.end();
        err.println(
            "lanewise: "
                + (journal == null
                    ? "stopped; nothing is saved without --journal"
                    : "stopped; what is finished is in %s: the same command goes on from there"
                        .formatted(Outputs.argument(journal.toString()))));
        err.flush();
        AtomicFile.abandon();
      } catch (InterruptedException e) {
        // The process ends either way.
      }
    }

    @Override
    public void close() {
      try {
        Runtime.getRuntime().removeShutdownHook(whenStopped);
      } catch (IllegalStateException e) {
        // A signal has come, and its thread cares for the rest.
      }
    }
  }
}
