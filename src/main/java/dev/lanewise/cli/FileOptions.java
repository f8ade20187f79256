package dev.lanewise.cli;

import dev.lanewise.cli.FileChecks.Given;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Network;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} for the files that it begins with and those that it writes. */
@Command(optionListHeading = "Files:%n")
final class FileOptions {

  @Option(names = "--model", paramLabel = "FILE", description = "Write the model, as safetensors.")
  private Path model;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Write a CSV line for each epoch.")
  private Path history;

  @Option(
      names = "--observe",
      paramLabel = "FILE",
      description =
          "Write a CSV line for each epoch and layer, and warn of layers whose gradients vanish or"
              + " explode or whose units are dead.")
  private Path observe;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "Write the losses, scores, rate and layers of each epoch to a file for TensorBoard in a"
              + " folder.")
  private Path tensorBoard;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Write a checkpoint after each epoch.")
  private Path checkpoint;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Go on from a checkpoint, with the options of the run that wrote it.")
  private Path resume;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "Give the training the commands that a model or a checkpoint notes, each at its step:"
              + " what was done by hand on the page of --live.")
  private Path replay;

  @Option(
      names = "--initial-weights",
      paramLabel = "FILE",
      description = "Start from the parameters in a safetensors file.")
  private Path initialWeights;

  /**
   * Checks the options.
   *
   * @param trains whether anything is trained
   */
  void check(CommandSpec spec, boolean trains) {
    Usage.require(
        spec,
        trains || written().findAny().isEmpty(),
        "--find-learning-rate: trains nothing; expected none of --model, --history, --checkpoint,"
            + " --observe, --tensorboard");
    Usage.require(
        spec,
        trains || replay == null,
        "--replay: has no meaning with --find-learning-rate; expected one of them");
    Usage.require(
        spec,
        initialWeights == null || resume == null,
        "--initial-weights: has no meaning with --resume; expected one of them");
  }

  /**
   * {@return the files that are written, tried before anything is read}
   *
   * @param data the files of examples
   * @param reports the files of reports
   * @param err where failures go
   * @param progress the line on the terminal
   * @throws IOException if one of them cannot be written, or only over another
   */
  Outputs open(Stream<Given> data, Stream<Given> reports, PrintWriter err, Progress progress)
      throws IOException {
    FileChecks.requireDistinct(
        Stream.concat(data, begun()).toList(), Stream.concat(written(), reports).toList());
    return Outputs.open(err, progress, model, history, observe, tensorBoard, checkpoint);
  }

  /** {@return whether commands are replayed} */
  boolean replays() {
    return replay != null;
  }

  /**
   * {@return an option that is given whose file is of one training alone}
   *
   * @param history whether the history is such a file
   */
  Optional<String> ofOneTraining(boolean history) {
    Stream<Given> lines = history ? Given.of("--history", this.history) : Stream.empty();
    return Stream.of(
            lines,
            begun(),
            Given.of("--checkpoint", checkpoint),
            Given.of("--observe", observe),
            Given.of("--tensorboard", tensorBoard))
        .flatMap(given -> given)
        .map(Given::name)
        .findFirst();
  }

  /** {@return all files of these options} */
  Stream<Given> all() {
    return Stream.concat(begun(), written());
  }

  private Stream<Given> begun() {
    return Stream.of(
            Given.of("--resume", resume),
            Given.of("--initial-weights", initialWeights),
            Given.of("--replay", replay))
        .flatMap(given -> given);
  }

  private Stream<Given> written() {
    return Stream.of(
            Given.of("--model", model),
            Given.of("--history", history),
            Given.of("--checkpoint", checkpoint),
            Given.of("--observe", observe),
            Given.of("--tensorboard", tensorBoard))
        .flatMap(given -> given);
  }

  /**
   * {@return a training that goes on from a checkpoint, from given weights, or from the seed, with
   * the commands that it is to replay}
   *
   * @param preset the name of the preset
   */
  Training training(Recipe recipe, TrainingData rows, Engine engine, String preset)
      throws IOException {
    Training training = begun(recipe, rows, engine, preset);
    if (replay != null) {
      try {
        training.replay(Training.commandsIn(replay));
      } catch (IllegalArgumentException e) {
        throw new IOException("--replay %s: %s".formatted(replay, e.getMessage()), e);
      }
    }
    return training;
  }

  /** {@return the parameters that are given} They may be those of another preset's network. */
  private float[] weights(Network network, String preset) throws IOException {
    SafetensorsFile file = SafetensorsFile.read(initialWeights);
    try {
      return file.parametersOf(network);
    } catch (IOException e) {
      throw new IOException(
          "--initial-weights %s; the network is that of --preset %s, --hidden and the like; %s"
              .formatted(
                  e.getMessage(),
                  preset,
                  preset.equals(PresetOptions.PLAIN)
                      ? "for weights of a preset's model: --preset tabular, or what inspect names"
                      : "for weights of a model without a preset: --preset plain"),
          e);
    }
  }

  private Training begun(Recipe recipe, TrainingData rows, Engine engine, String preset)
      throws IOException {
    if (resume != null) {
      try {
        return Training.resume(resume, recipe, rows, engine);
      } catch (IOException e) {
        throw ResumeRefusal.inOptions(e, resume, preset);
      }
    }
    if (initialWeights == null) {
      return Training.start(recipe, rows, engine);
    }
    float[] weights = weights(recipe.network(), preset);
    return Training.start(recipe, rows, weights, engine);
  }
}
