package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Provenance;
import dev.lanewise.net.Loss;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
  @Mixin private final PresetOptions preset = new PresetOptions();
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
   * @param always whether this is so for every preset; else only for the plain one
   */
  TrainSettings(int usualEpochs, boolean always) {
    loop = new LoopOptions(usualEpochs, always);
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

  /** {@return the name of the preset that others begin with, be it the default} */
  String presetName(CommandSpec spec) {
    return preset.name(spec, data);
  }

  /** {@return the preset before other options change it; empty for the plain one} */
  Optional<Tabular> preset(CommandSpec spec) {
    return preset.preset(spec, data);
  }

  /** {@return the most epochs} */
  int epochs(CommandSpec spec) {
    Loss any = data.classifies() ? new Loss.SoftmaxCrossEntropy() : new Loss.SquaredError();
    return loop.epochs(spec, preset(spec).map(chosen -> chosen.mostEpochs(any)));
  }

  /** {@return whether the rate changes from step to step as a preset says, not as options do} */
  boolean ratesOfPreset(CommandSpec spec) {
    return preset(spec).isPresent() && !optimizer.choosesSchedule(spec);
  }

  /** {@return how many cycles of the rate end in the epochs; the options have been checked} */
  int cycleEnds(CommandSpec spec) {
    int epochs = epochs(spec);
    return optimizer.optimizer(spec, epochs).schedule().cycleEnds(epochs).size();
  }

  /** Checks the options. */
  void check(CommandSpec spec) {
    data.check(spec);
    preset.check(spec, data);
    Optional<Tabular> chosen = preset(spec);
    augment.check(spec);
    if (chosen.isPresent()) {
      network.check(spec, chosen.get().hidden());
    } else {
      network.check(spec);
    }
    loss.check(spec, !data.classifies());
    checkEpochs(spec, epochs(spec));
    if (ratesOfPreset(spec)) {
      rules.requireOtherRates(spec, presetName(spec));
    }
    loop.check(spec, network.batchNorm());
    outputs.check(spec, data.classifies());
    engine.check(spec);
    requireDevRows(spec, data.hasDev(spec));
    Usage.require(
        spec,
        !data.streams() || !loss.weighs(),
        "--class-weights: has no meaning with --stream; expected one of them");
  }

  /** Checked once by the most epochs, and again by the rows, which may be too many for so many. */
  private void checkEpochs(CommandSpec spec, int epochs) {
    optimizer.check(spec, epochs, preset(spec).isPresent());
    rules.check(spec, epochs);
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
    Optional<Tabular> chosen = preset(spec);
    Learner described =
        chosen.isPresent() ? applyTo(learner, spec, chosen.get()) : plain(learner, spec);
    return outputs.applyTo(described, spec);
  }

  private Learner plain(Learner learner, CommandSpec spec) {
    Learner described =
        learner
            .withEncoding(data.encoding(Encoder.Options.standard()))
            .withNetwork((inputs, outputs, its) -> network.network(spec, inputs, outputs, its))
            .withRecipeFor((recipe, encoder, rows) -> recipe(spec, recipe, encoder, rows));
    return loss.applyTo(described, spec);
  }

  private Recipe recipe(CommandSpec spec, Recipe usual, Encoder encoder, int trainingRows) {
    Recipe described =
        usual
            .withOptimizer(optimizer.optimizer(spec, loop.epochs()))
            .withAugmentations(augment.augmentations(spec, encoder.columns()));
    return rules.applyTo(loop.applyTo(described, spec, trainingRows), spec);
  }

  /** {@return a learner by a preset, in which each option that is given changes one thing} */
  private Learner applyTo(Learner learner, CommandSpec spec, Tabular chosen) {
    Tabular its =
        optimizer
            .override(network.override(chosen, spec), spec)
            .withEncoding(data.encoding(chosen.encoding()));
    Learner described =
        learner
            .withPreset(its)
            .withRecipeFor((usual, encoder, rows) -> recipe(spec, its, usual, encoder, rows));
    return loss.override(described, spec);
  }

  private Recipe recipe(
      CommandSpec spec, Tabular chosen, Recipe usual, Encoder encoder, int trainingRows) {
    Tabular its = loop.override(chosen, spec, trainingRows);
    Recipe recipe =
        its.recipe(network.override(usual.network(), spec), trainingRows)
            .withSeed(usual.seed())
            .withEarlyStopping(usual.earlyStopping());
    checkEpochs(spec, recipe.epochs());
    double rate = its.rate(recipe.network().loss());
    Recipe described =
        recipe
            .withOptimizer(optimizer.override(recipe.optimizer(), spec, rate, recipe.epochs()))
            .withAugmentations(augment.augmentations(spec, encoder.columns()));
    return rules.applyTo(loop.override(described), spec);
  }

  /** {@return a provenance with the options of batches and epochs} */
  Provenance describe(Provenance provenance, CommandSpec spec, int epochs) {
    return loop.describe(provenance, spec, epochs, preset(spec).isPresent());
  }

  /**
   * {@return the name of the preset, why it is the plain one if options are why, and how it limits
   * the epochs, if it does}
   *
   * @param recipe the recipe for all training rows
   */
  Map<String, Json> presetFacts(CommandSpec spec, Recipe recipe) {
    Map<String, Json> facts = presetFacts(spec);
    preset(spec)
        .map(chosen -> loop.override(chosen, spec, 1))
        .flatMap(chosen -> PresetOptions.limit(chosen, recipe))
        .ifPresent(limit -> facts.put(PresetOptions.LIMIT, Json.of(limit)));
    return facts;
  }

  /** {@return the name of the preset, and why it is the plain one if options are why} */
  Map<String, Json> presetFacts(CommandSpec spec) {
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put(PresetOptions.PRESET, Json.of(presetName(spec)));
    preset
        .reason(spec, data, usual -> TrialOptions.of(spec, this).goesWith(usual))
        .ifPresent(reason -> facts.put(PresetOptions.REASON, Json.of(reason)));
    return facts;
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
