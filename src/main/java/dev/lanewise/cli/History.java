package dev.lanewise.cli;

import dev.lanewise.train.Epoch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A CSV file with a line for each epoch. */
final class History {

  private static final String HEADER =
      "epoch,learningRate,trainCost,trainLoss,devLoss,devMetric,seconds";

  private final LineFile file;

  private History(LineFile file) {
    this.file = file;
  }

  /**
   * Begins a file. A resumed training keeps the lines of the epochs that it does not repeat.
   *
   * @param file the file
   * @param epochs the epochs that the training has behind it
   */
  static History begin(LineFile file, int epochs) throws IOException {
    file.begin(kept(file, HEADER, epochs));
    return new History(file);
  }

  /**
   * {@return the header, and what a file holds of the epochs that a resumed training does not
   * repeat} Lines begin with the epoch; one that was not written to its end is none.
   *
   * @param file the file
   * @param header its first line
   * @param epochs the epochs that the training has behind it
   */
  static List<String> kept(LineFile file, String header, int epochs) throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    if (epochs > 0) {
      int fields = header.split(",").length;
      file.linesAfter(header).stream()
          .filter(line -> line.split(",", -1).length == fields && epoch(line) <= epochs)
          .forEach(lines::add);
    }
    return lines;
  }

  /** {@return the epoch of a line; none that counts for a line of something else} */
  private static long epoch(String line) {
    String number = line.split(",", 2)[0];
    return number.matches("[0-9]{1,10}") ? Long.parseLong(number) : Long.MAX_VALUE;
  }

  /** Adds a line. */
  void add(Epoch epoch) throws IOException {
    file.add(
        List.of(
            "%d,%s,%s,%s,%s,%s,%s"
                .formatted(
                    epoch.number(),
                    epoch.rate(),
                    epoch.cost(),
                    epoch.trainingLoss(),
                    text(epoch.devLoss()),
                    text(epoch.devMetric()),
                    epoch.seconds())));
  }

  private static String text(OptionalDouble number) {
    return number.isPresent() ? Double.toString(number.getAsDouble()) : "";
  }
}
