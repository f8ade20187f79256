package dev.lanewise.cli;

import dev.lanewise.file.AtomicFile;
import dev.lanewise.file.Claim;
import dev.lanewise.file.SpecialFile;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Training;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The files that a training writes, from before anything is read until it ends, however it ends.
 *
 * <p>A file that cannot be written while the training goes on is told of at once, and the training
 * goes on: its results are worth more. When a signal ends the process, a line tells how to go on.
 */
final class Outputs implements Closeable {

  private static final String TAKEN =
      "another training writes this checkpoint; expected another --checkpoint, or that one's end";

  /** How long a signal waits for a save under way. */
  private static final long PATIENCE_MILLIS = 500;

  private final PrintWriter err;
  private final Progress progress;
  private final Path model;
  private final Path checkpoint;
  private final LineFile history;
  private final LineFile observations;
  private final Path tensorBoardFolder;

  /** Null until a training begins, and without a folder. */
  private TensorBoard tensorBoard;

  private final List<Path> files;
  private final Claim claim;
  private final Thread whenStopped = new Thread(this::stopped, "lanewise-stopped");

  /** Held while the checkpoint or the model is written, and for ever once a signal has come. */
  private final ReentrantLock saving = new ReentrantLock();

  /** What could not be written. */
  private final Set<Path> failed = new HashSet<>();

  /** What has been told of, also because it could not have been written then. */
  private final Set<Path> told = new HashSet<>();

  /** The epochs that the checkpoint holds; −1 before this run has written it. */
  private volatile int saved = -1;

  private Outputs(
      PrintWriter err,
      Progress progress,
      Path model,
      Path checkpoint,
      LineFile history,
      LineFile observations,
      Path tensorBoardFolder)
      throws IOException {
    this.err = err;
    this.progress = progress;
    this.model = model;
    this.checkpoint = checkpoint;
    this.history = history;
    this.observations = observations;
    this.tensorBoardFolder = tensorBoardFolder;
    this.files =
        Stream.of(
                Optional.ofNullable(model),
                Optional.ofNullable(checkpoint),
                Optional.ofNullable(history).map(LineFile::file),
                Optional.ofNullable(observations).map(LineFile::file),
                Optional.ofNullable(tensorBoardFolder))
            .flatMap(Optional::stream)
            .toList();
    this.claim = checkpoint == null ? null : Claim.on(checkpoint, TAKEN);
    Runtime.getRuntime().addShutdownHook(whenStopped);
  }

  /**
   * {@return the files, which have been tried; any may be null}
   *
   * @param err where failures and the line at a signal go
   * @param progress the line on the terminal, which such lines replace
   * @throws IOException if one of them cannot be written, or another training writes the checkpoint
   */
  static Outputs open(
      PrintWriter err,
      Progress progress,
      Path model,
      Path history,
      Path observe,
      Path tensorBoard,
      Path checkpoint)
      throws IOException {
    for (Path replaced : new Path[] {model, checkpoint}) {
      if (replaced != null) {
        FileChecks.tryTarget(replaced);
      }
    }
    LineFile lines = history == null ? null : LineFile.at(history);
    LineFile layers = observe == null ? null : LineFile.at(observe);
    if (tensorBoard != null) {
      OutputFolder.prepare(tensorBoard);
    }
    return new Outputs(err, progress, model, checkpoint, lines, layers, tensorBoard);
  }

  /** {@return the log of the epochs of a training from now on} */
  EpochLog begin(Training training, EpochLine line) throws IOException {
    History ofEpochs = history == null ? null : History.begin(history, training.epochs());
    Observations ofLayers = null;
    if (observations != null) {
      training.observe();
      ofLayers = Observations.begin(observations, training.epochs(), err);
    }
    if (tensorBoardFolder != null) {
      training.observe();
      tensorBoard = new TensorBoard(tensorBoardFolder, line.metric());
    }
    return new EpochLog(training, progress, line, ofEpochs, ofLayers, tensorBoard, this);
  }

  /** Writes the history of epochs that have ended, if that is asked for. */
  void writeHistory(List<Epoch> epochs) throws IOException {
    if (history != null) {
      History lines = History.begin(history, 0);
      for (Epoch epoch : epochs) {
        toHistory(() -> lines.add(epoch));
      }
      toHistory(history::end);
    }
  }

  /** Writes to a file. */
  interface Writing {
    /** Writes. */
    void write() throws IOException;
  }

  /** Writes the history, unless that has failed before. */
  void toHistory(Writing writing) {
    attempt(history.file(), writing);
  }

  /** Writes the observations, unless that has failed before. */
  void toObservations(Writing writing) {
    attempt(observations.file(), writing);
  }

  /** Writes to the file for TensorBoard, unless that has failed before. */
  void toTensorBoard(Writing writing) {
    attempt(tensorBoardFolder, writing);
  }

  private void attempt(Path file, Writing writing) {
    if (failed.contains(file)) {
      return;
    }
    try {
      writing.write();
    } catch (IOException e) {
      tell(file, e);
    }
  }

  /** Writes the checkpoint, if that is asked for, also after a failure: there may be room again. */
  void checkpoint(Training training) {
    if (checkpoint == null) {
      return;
    }
    try {
      saveCheckpoint(training);
    } catch (IOException e) {
      tell(checkpoint, e);
    }
  }

  /** {@return whether there is a file for checkpoints} */
  boolean savesCheckpoints() {
    return checkpoint != null;
  }

  /** Writes the checkpoint, which there is a file for. */
  void saveCheckpoint(Training training) throws IOException {
    saving.lock();
    try {
      training.save(checkpoint);
      saved = training.epochs();
    } finally {
      saving.unlock();
    }
  }

  private void tell(Path file, IOException e) {
    failed.add(file);
    if (told.add(file) && !(e instanceof Results.ReaderGoneException)) {
      progress.end();
      Lanewise.tell(new IOException(Lanewise.line(e) + alsoUnwritable(), e), false, err);
    }
  }

  /** {@return what else cannot be written now, so that one cause is told of in one line} */
  private String alsoUnwritable() {
    List<String> others = new ArrayList<>();
    for (Path other : files) {
      if (!told.contains(other) && !writable(other)) {
        told.add(other);
        others.add(other.toString());
      }
    }
    return others.isEmpty() ? "" : "; nor can be written now: " + String.join(", ", others);
  }

  private static boolean writable(Path file) {
    try {
      if (Files.isDirectory(file)) {
        OutputFolder.prepare(file);
      } else if (SpecialFile.kind(file).isEmpty()) {
        AtomicFile.tryTarget(file);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends the files of lines. */
  void end() {
    if (history != null) {
      toHistory(history::end);
    }
    if (observations != null) {
      toObservations(observations::end);
    }
  }

  /**
   * Writes the model, if that is asked for, and whatever else there is at the end; ends the command
   * if one of these or another file failed.
   */
  void save(TrainedModel trained, Writing rest) throws IOException {
    IOException failure = null;
    if (model != null) {
      saving.lock();
      try {
        trained.save(model);
      } catch (IOException e) {
        failure = told.contains(model) ? new Lanewise.ToldException() : e;
      } finally {
        saving.unlock();
      }
    }
    try {
      rest.write();
    } catch (IOException e) {
      failure = both(failure, e);
    }
    if (failure != null) {
      throw failure;
    }
    if (!failed.isEmpty()) {
      throw new Lanewise.ToldException();
    }
  }

  /** {@return one failure for two, of which the first may be null} */
  static IOException both(IOException first, IOException second) {
    if (first == null || first instanceof Lanewise.ToldException) {
      return second;
    }
    return new IOException(Lanewise.line(first) + "; " + Lanewise.line(second), first);
  }

  /** What a signal does: waits for a save under way, lets none begin, and tells how to go on. */
  private void stopped() {
    try {
      saving.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      progress.end();
      err.println("lanewise: " + howToGoOn());
      err.flush();
      AtomicFile.abandon();
      if (claim != null) {
        claim.close();
      }
    } catch (InterruptedException | IOException e) {
      // The process ends either way, and its locks with it.
    }
  }

  private String howToGoOn() {
    if (checkpoint == null) {
      return "stopped; nothing is saved without --checkpoint";
    }
    return saved < 0
        ? "stopped before an epoch had ended; %s is as it was"
            .formatted(Lanewise.shown(checkpoint.toString()))
        : "stopped; epoch %d is saved: to go on, add --resume %s"
            .formatted(saved, argument(checkpoint.toString()));
  }

  /** {@return a text as a shell takes it} */
  static String argument(String text) {
    if (!Lanewise.shown(text).equals(text)) {
      return "$'" + Lanewise.shown(text.replace("\\", "\\\\").replace("'", "\\'")) + "'";
    }
    return text.matches("[\\p{L}\\p{N}_./:=@%+,-]+")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(whenStopped);
    } catch (IllegalStateException e) {
      return; // A signal has come, and its thread cares for the rest.
    }
    for (Closeable part : new Closeable[] {claim, history, observations, tensorBoard}) {
      if (part != null) {
        part.close();
      }
    }
  }
}
