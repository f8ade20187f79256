package dev.lanewise.cli;

import dev.lanewise.train.Epoch;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A CSV file with a line for each epoch. */
final class History {

  private static final String HEADER =
      "epoch,learningRate,trainCost,trainLoss,devLoss,devMetric,seconds";

  private final Path file;

  private History(Path file) {
    this.file = file;
  }

  /**
   * Begins a file. A resumed training keeps the lines of the epochs that it does not repeat.
   *
   * @param file the file
   * @param epochs the epochs that the training has behind it
   */
  static History begin(Path file, int epochs) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    if (epochs > 0 && Files.exists(file)) {
      lines.addAll(written(file).stream().skip(1).limit(epochs).toList());
    }
    History history = new History(file);
    history.write(lines, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    return history;
  }

  private static List<String> written(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8; expected the history of the run resumed", e);
    }
  }

  /** Adds a line. */
  void add(Epoch epoch) throws IOException {
    String line =
        "%d,%s,%s,%s,%s,%s,%s"
            .formatted(
                epoch.number(),
                epoch.rate(),
                epoch.cost(),
                epoch.trainingLoss(),
                text(epoch.devLoss()),
                text(epoch.devMetric()),
                epoch.seconds());
    write(List.of(line), StandardOpenOption.APPEND);
  }

  private void write(List<String> lines, OpenOption... options) throws IOException {
    try {
      Files.write(file, lines, options);
    } catch (IOException e) {
      throw FileChecks.unwritable(file, e);
    }
  }

  private static String text(OptionalDouble number) {
    return number.isPresent() ? Double.toString(number.getAsDouble()) : "";
  }
}
