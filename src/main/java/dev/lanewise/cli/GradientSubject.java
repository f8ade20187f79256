package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Split;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Model;
import dev.lanewise.model.SafetensorsException;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The network, parameters and rows whose gradient {@code gradcheck} checks.
 *
 * @param facts where parameters and rows come from, by name
 * @param network the network, its per-example penalties resolved
 * @param theta its parameters
 * @param rows the batch
 */
record GradientSubject(Map<String, Json> facts, Network network, float[] theta, Dataset rows) {

  private static final String DRAWN = "drawn by --initializer and --seed";
  private static final String RANDOM = "random";

  /** {@return a model on random rows} */
  static GradientSubject ofModel(Path file, DifferenceOptions differences) throws IOException {
    Model model = onlyModel(file);
    Dataset rows = RandomRows.of(model.network(), differences.rows(), differences.seed());
    return of(file, model, rows.rows(), rows, RANDOM);
  }

  /** A file alone may have been meant as one of examples. */
  private static Model onlyModel(Path file) throws IOException {
    try {
      return Model.load(file);
    } catch (SafetensorsException e) {
      if (e.getMessage().endsWith("Training.resume")) {
        throw e; // a checkpoint, as nobody means for examples
      }
      throw new IOException(
          e.getMessage() + "; expected a model, or --label with a file of examples", e);
    }
  }

  /** {@return a model on rows of a file} */
  static GradientSubject ofModel(
      Path file, Path data, ColumnOptions columns, DifferenceOptions differences)
      throws IOException {
    Model model = Model.load(file);
    Encoder encoder = ModelOptions.encoder(file, model);
    Examples examples = Examples.labelled(data, columns.reader(encoder));
    columns.requireColumns(examples, data, Optional.empty());
    Dataset all = examples.dataset(encoder, columns.labels());
    Dataset rows = differences.some(requireRows(data, all));
    return of(file, model, all.rows(), rows, share(all, data));
  }

  /** A model that was saved before it was trained may have penalties that wait for its rows. */
  private static GradientSubject of(
      Path file, Model model, int trainingRows, Dataset rows, String source) {
    Network network = model.network().resolve(trainingRows);
    return new GradientSubject(
        facts(file.toString(), rows, source), network, model.parameters(), rows);
  }

  /** {@return a network that options describe, with first parameters, on rows of a file} */
  static GradientSubject ofData(
      CommandSpec spec,
      Path data,
      ColumnOptions columns,
      NetworkOptions network,
      LossOptions loss,
      DifferenceOptions differences)
      throws IOException {
    long seed = differences.seed();
    Learner learner =
        loss.applyTo(columns.learner(columns.roles()), spec)
            .withSplit(new Split.Ratios(100, 0, 0))
            .withNetwork((inputs, outputs, its) -> network.network(spec, inputs, outputs, its))
            .withSeed(seed);
    Examples examples = Examples.labelled(data, columns.reader(columns.roles()));
    columns.requireColumns(examples, data, Optional.empty());
    columns.requireOnePart(examples, Optional.empty());
    try (Run run = examples.begin(learner)) {
      Network described = run.recipe().network().resolve(run.train().rows());
      Dataset rows = differences.some((Dataset) run.data().training());
      return new GradientSubject(
          facts(DRAWN, rows, share(run.train(), data)),
          described,
          described.initialParameters(seed),
          rows);
    }
  }

  /** {@return a network that options describe, with first parameters, on random rows} */
  static GradientSubject ofShape(
      CommandSpec spec,
      ShapeOptions shape,
      boolean classifies,
      NetworkOptions network,
      LossOptions loss,
      DifferenceOptions differences) {
    long seed = differences.seed();
    Network described =
        network
            .network(spec, shape.inputs(), shape.outputs(), loss.loss(shape.target(classifies)))
            .resolve(differences.rows());
    Dataset rows = RandomRows.of(described, differences.rows(), seed);
    return new GradientSubject(
        facts(DRAWN, rows, RANDOM), described, described.initialParameters(seed), rows);
  }

  private static Dataset requireRows(Path data, Dataset rows) {
    if (rows.rows() == 0) {
      throw new IllegalArgumentException(data + ": no rows; expected at least 1");
    }
    return rows;
  }

  private static String share(Dataset all, Path data) {
    return "of the %d in %s".formatted(all.rows(), data);
  }

  private static Map<String, Json> facts(String parameters, Dataset rows, String source) {
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("model", Json.of(parameters));
    facts.put("rows", Json.of(rows.rows()));
    facts.put("source", Json.of(source));
    return facts;
  }
}
