package dev.lanewise.cli;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.net.Network;
import dev.lanewise.train.DivergedException;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.RateFinder;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Trains a network on a file of examples and judges it. Each family of options has a class of its
 * own, which judges what it can alone; what concerns two of them is judged here.
 */
@Command(
    name = "train",
    description = "Trains a network and judges it.",
    abbreviateSynopsis = true,
    optionListHeading = "%n")
final class Train implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final AugmentOptions augment = new AugmentOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final LossOptions loss = new LossOptions();
  @Mixin private final OptimizerOptions optimizer = new OptimizerOptions();
  @Mixin private final LoopOptions loop = new LoopOptions();
  @Mixin private final TrainingOptions rules = new TrainingOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final EngineOptions engine = new EngineOptions();
  @Mixin private final FileOptions files = new FileOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    files.requireWritable();
    Engine chosen = engine.engine();
    Sets sets = data.sets(spec, loop.seed(), loss.scalesValues());
    try (Training training = begin(sets, chosen)) {
      run(training, sets, chosen, spec.commandLine().getOut());
    }
    return 0;
  }

  private void run(Training training, Sets sets, Engine chosen, PrintWriter out)
      throws IOException {
    if (rules.findLearningRate()) {
      RateFinder.Curve curve = RateFinder.standard().find(training);
      out.println(json ? RateTable.json(curve) : RateTable.text(curve));
      return;
    }
    Progress progress = progress(training, sets);
    AuditLog audits = new AuditLog(progress, spec.commandLine().getErr(), Progress.TERMINAL);
    train(training, progress, audits);
    Model trained = training.model();
    trained = trained.withProvenance(provenance(trained.provenance()));
    trained = outputs.fitted(spec, trained, sets);
    files.save(trained);
    Map<String, Json> facts = facts(training, trained, sets, chosen, progress);
    if (rules.audits()) {
      facts.putAll(audits.facts());
    }
    TrainReport report = new TrainReport(scores(trained, sets), facts);
    if (json) {
      report.printJson(out);
    } else {
      report.printText(out);
    }
  }

  private void check() {
    data.check(spec);
    augment.check(spec);
    network.check(spec);
    loss.check(spec, !data.classifies());
    optimizer.check(spec, loop.epochs());
    loop.check(spec, network.batchNorm());
    rules.check(spec, loop.epochs());
    outputs.check(spec, data.classifies());
    engine.check(spec);
    files.check(spec, !rules.findLearningRate());
    requireDevRows(data.ratios(spec).dev() > 0);
    Usage.require(
        spec,
        !data.streams() || !loss.weighs(),
        "--class-weights: has no meaning with --stream; expected one of them");
  }

  /** Judged once by the shares, and once more by the rows, which may be too few for all shares. */
  private void requireDevRows(boolean devRows) {
    loop.requireDevRows(spec, devRows);
    outputs.requireDevRows(spec, devRows);
    rules.requireDevRows(spec, devRows);
  }

  private Training begin(Sets sets, Engine chosen) throws IOException {
    Target target = sets.encoder().target();
    Network described =
        network.network(spec, sets.encoder().encodedColumns(), target.outputs(), loss.loss(target));
    boolean devRows = sets.dev().isPresent();
    requireDevRows(devRows);
    outputs.checkFits(target);
    List<Augmentation> changes = augment.augmentations(spec, sets.encoder().columns());
    Recipe recipe =
        Recipe.of(described, optimizer.optimizer(spec, loop.epochs())).withAugmentations(changes);
    recipe = loop.applyTo(recipe, spec, sets.training().rows(), devRows);
    recipe = rules.applyTo(recipe, spec);
    TrainingData rows = TrainingData.of(AugmentOptions.prepared(training(sets), target, changes));
    if (devRows) {
      rows = rows.withDev(sets.dev().get()).withMetric(Scores.metric(target));
    }
    return files.training(recipe, rows, chosen);
  }

  private Progress progress(Training training, Sets sets) {
    PrintWriter err = spec.commandLine().getErr();
    String metric = Scores.metric(sets.encoder().target()).name();
    return new Progress(err, loop.epochs(), sets.training().rows(), metric);
  }

  private void train(Training training, Progress progress, AuditLog audits) throws IOException {
    EpochLog log = files.begin(training, progress, spec.commandLine().getErr());
    if (rules.audits()) {
      rules.audit(spec, training, audits::add);
    }
    try {
      for (Epoch epoch : training) {
        log.add(epoch);
      }
    } catch (DivergedException e) {
      throw new IllegalStateException(
          e.getMessage() + "; expected finite numbers, as a smaller --learning-rate may give", e);
    } finally {
      progress.end();
    }
  }

  private Provenance provenance(Provenance ofTraining) {
    return loop.describe(data.describe(ofTraining).with("options", givenOptions()));
  }

  /** {@return the options as they were given, but for files, of which the data's name is enough} */
  private String givenOptions() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .filter(option -> option.type() != Path.class)
        .map(option -> option.longestName() + " " + String.join(",", option.originalStringValues()))
        .collect(Collectors.joining(" "));
  }

  private static Map<String, Scores> scores(Model trained, Sets sets) throws IOException {
    Map<String, Scores> scores = new LinkedHashMap<>();
    scores.put(
        "train",
        sets.stream().isPresent()
            ? Scores.of(trained, sets.stream().get().source())
            : Scores.of(trained, sets.train()));
    sets.dev().ifPresent(rows -> scores.put("dev", Scores.of(trained, rows)));
    sets.test().ifPresent(rows -> scores.put("test", Scores.of(trained, rows)));
    return scores;
  }

  private Map<String, Json> facts(
      Training training, Model trained, Sets sets, Engine chosen, Progress progress) {
    double cost = TrainingLoss.of(trained, training(sets), chosen) + training.penalty();
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("cost", Json.of(cost));
    facts.put("epochs", Json.of(training.epochs()));
    facts.put("bestEpoch", Json.of(training.bestEpoch()));
    facts.put("samplesPerSecond", Json.of(progress.samplesPerSecond()));
    facts.put("parametersSha256", Json.of(trained.parametersSha256()));
    facts.put("kernels", Json.of(chosen.kernels().name()));
    facts.put("threads", Json.of(chosen.parallel().width()));
    facts.put("seed", Json.of(loop.seed()));
    facts.putAll(outputs.facts(trained));
    facts.putAll(Shifts.facts(sets));
    return facts;
  }

  /** {@return the rows to train on, weighted as asked} */
  private ExampleSet training(Sets sets) {
    return sets.stream().isPresent()
        ? sets.stream().get()
        : loss.weighted(spec, sets.train(), sets.encoder().target());
  }
}
