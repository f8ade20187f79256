package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.engine.Engine;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.train.Recipe;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options that describe a training: its rows, network, loss, optimiser and rules, and what
 * computes it. What becomes of the result, and which files are written, is for the command to say.
 * Each family of options has a class of its own, which checks what concerns it alone; what concerns
 * two of them is checked here.
 */
@Command
final class TrainSettings {

  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final AugmentOptions augment = new AugmentOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final LossOptions loss = new LossOptions();
  @Mixin private final OptimizerOptions optimizer = new OptimizerOptions();
  @Mixin private final LoopOptions loop;
  @Mixin private final TrainingOptions rules = new TrainingOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final EngineOptions engine = new EngineOptions();

  /**
   * Creates the options.
   *
   * @param usualEpochs the epochs if nobody says how many
   */
  TrainSettings(int usualEpochs) {
    loop = new LoopOptions(usualEpochs);
  }

  /** {@return the options of rows and columns} */
  DataOptions data() {
    return data;
  }

  /** {@return the options of batches and epochs} */
  LoopOptions loop() {
    return loop;
  }

  /** {@return the options of what accompanies the steps} */
  TrainingOptions rules() {
    return rules;
  }

  /** {@return the options of what is fitted after the training} */
  OutputOptions outputs() {
    return outputs;
  }

  /** {@return what computes; its helper threads end with the JVM} */
  Engine engine() {
    return engine.engine();
  }

  /** {@return how many cycles of the rate end in the epochs; the options have been checked} */
  int cycleEnds(CommandSpec spec) {
    return optimizer.optimizer(spec, loop.epochs()).schedule().cycleEnds(loop.epochs()).size();
  }

  /** Checks the options. */
  void check(CommandSpec spec) {
    data.check(spec);
    augment.check(spec);
    network.check(spec);
    loss.check(spec, !data.classifies());
    optimizer.check(spec, loop.epochs());
    loop.check(spec, network.batchNorm());
    rules.check(spec, loop.epochs());
    outputs.check(spec, data.classifies());
    engine.check(spec);
    requireDevRows(spec, data.hasDev(spec));
    Usage.require(
        spec,
        !data.streams() || !loss.weighs(),
        "--class-weights: has no meaning with --stream; expected one of them");
  }

  /** Checked once by the shares, and again by the rows, which may be too few for all shares. */
  private void requireDevRows(CommandSpec spec, boolean devRows) {
    loop.requireDevRows(spec, devRows);
    outputs.requireDevRows(spec, devRows);
    rules.requireDevRows(spec, devRows);
  }

  /** {@return the option that sets the first β of the optimiser, which must have one} */
  String firstBeta(CommandSpec spec) {
    return optimizer.firstBeta(spec);
  }

  /**
   * {@return a learner of all that is asked for; the options have been checked}
   *
   * @param its what computes
   */
  Learner learner(CommandSpec spec, Engine its) {
    return applyTo(data.learner(spec).withEngine(its).withSeed(loop.seed()), spec);
  }

  /**
   * {@return a learner of the same rows with the encoding, network, loss and recipe that are asked
   * for; the options have been checked}
   */
  Learner applyTo(Learner learner, CommandSpec spec) {
    Learner described =
        data.encodes(learner)
            .withNetwork((inputs, outputs, its) -> network.network(spec, inputs, outputs, its))
            .withRecipeFor((recipe, encoder, rows) -> recipe(spec, recipe, encoder, rows));
    return outputs.applyTo(loss.applyTo(described, spec), spec);
  }

  private Recipe recipe(CommandSpec spec, Recipe usual, Encoder encoder, int trainingRows) {
    Recipe described =
        usual
            .withOptimizer(optimizer.optimizer(spec, loop.epochs()))
            .withAugmentations(augment.augmentations(spec, encoder.columns()));
    return rules.applyTo(loop.applyTo(described, spec, trainingRows), spec);
  }

  /**
   * {@return the rows, read; the options have been checked}
   *
   * @param progress tells of the rows read
   */
  DataOptions.Source read(CommandSpec spec, Progress progress) throws IOException {
    return data.read(spec.commandLine().getOut(), spec.commandLine().getErr(), progress);
  }

  /** {@return a run on the rows; the options have been checked} */
  Run begin(CommandSpec spec, DataOptions.Source source, Progress progress) throws IOException {
    Run run = source.begin(source.judging(learner(spec, engine())), progress);
    requireDevRows(spec, run.dev().isPresent());
    return run;
  }
}
