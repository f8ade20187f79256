package dev.lanewise.cli;

import dev.lanewise.train.Observation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A CSV file with a line for each epoch and layer, and warnings of layers with a problem. */
final class Observations {

  private static final String HEADER =
      "epoch,layer,activationRms,deadShare,gradientNorm,updateRatio";

  private final LineFile file;
  private final PrintWriter err;
  private final Set<String> warned = new HashSet<>();

  private Observations(LineFile file, PrintWriter err) {
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
  static Observations begin(LineFile file, int epochs, PrintWriter err) throws IOException {
    file.begin(History.kept(file, HEADER, epochs));
    return new Observations(file, err);
  }

  /** Adds an epoch's lines, and warns of the first problem of each kind of a layer. */
  void add(Observation observation) throws IOException {
    for (String warning : observation.warnings()) {
      if (warned.add(warning.split(",", 2)[0])) {
        err.println("epoch %d: %s".formatted(observation.epoch(), warning));
        err.flush();
      }
    }
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
    file.add(lines);
  }
}
