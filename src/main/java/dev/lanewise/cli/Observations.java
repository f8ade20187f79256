package dev.lanewise.cli;

import dev.lanewise.train.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A CSV file with a line for each epoch and layer, and warnings of layers with a problem. */
final class Observations {

  private static final String HEADER =
      "epoch,layer,activationRms,deadShare,gradientNorm,updateRatio";

  private final Path file;
  private final PrintWriter err;
  private final Set<String> warned = new HashSet<>();

  private Observations(Path file, PrintWriter err) {
    this.file = file;
    this.err = err;
  }

  /**
   * Begins a file. A resumed training keeps the lines of the epochs that it does not repeat.
   *
   * @param file the file
   * @param epochs the epochs that the training has behind it
   * @param err where warnings go
   */
  static Observations begin(Path file, int epochs, PrintWriter err) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    if (epochs > 0 && Files.exists(file)) {
      written(file).stream().skip(1).filter(line -> epoch(line) <= epochs).forEach(lines::add);
    }
    Observations observations = new Observations(file, err);
    observations.write(lines, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    return observations;
  }

  private static List<String> written(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8; expected the observations of the run resumed", e);
    }
  }

  /** {@return the epoch of a line; none that counts for a line of something else} */
  private static long epoch(String line) {
    String number = line.split(",", 2)[0];
    return number.matches("[0-9]{1,10}") ? Long.parseLong(number) : Long.MAX_VALUE;
  }

  /** Adds an epoch's lines, and warns of the first problem of each kind of a layer. */
  void add(Observation observation) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Observation.Layer layer : observation.layers()) {
      lines.add(
          "%d,%s,%s,%s,%s,%s"
              .formatted(
                  observation.epoch(),
                  layer.layer(),
                  layer.activationRms(),
                  layer.deadShare(),
                  layer.gradientNorm(),
                  layer.updateRatio()));
    }
    write(lines, StandardOpenOption.APPEND);
    for (String warning : observation.warnings()) {
      if (warned.add(warning.split(",", 2)[0])) {
        err.println("epoch %d: %s".formatted(observation.epoch(), warning));
        err.flush();
      }
    }
  }

  private void write(List<String> lines, OpenOption... options) throws IOException {
    try {
      Files.write(file, lines, options);
    } catch (IOException e) {
      throw FileChecks.unwritable(file, e);
    }
  }
}
