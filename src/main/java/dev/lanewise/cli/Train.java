package dev.lanewise.cli;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Batches;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.kernel.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Network;
import dev.lanewise.train.DivergedException;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.RateCurve;
import dev.lanewise.train.RateFinder;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.StopRule;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network on a file of examples and judges it. */
@Command(name = "train", description = "Trains a network and judges it.")
final class Train implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final LossOptions loss = new LossOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final OptimizerOptions optimizer = new OptimizerOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final AugmentOptions augment = new AugmentOptions();
  @Mixin private final TrainingOptions rules = new TrainingOptions();
  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS|full|auto",
      description =
          "auto takes all of fewer than 2000 training rows, else 64 to 512 as they grow in number."
              + " Default: ${DEFAULT-VALUE}.")
  private String batchSize = "64";

  @Option(
      names = "--micro-batch",
      paramLabel = "ROWS",
      description =
          "Take no more rows through the network at once; a batch's gradient is summed over such"
              + " parts.")
  private Integer microBatch;

  @Option(names = "--epochs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int epochs = 100;

  @Option(
      names = "--patience",
      paramLabel = "EPOCHS",
      description =
          "Stop when the dev loss has not fallen for so many epochs; 0 never stops early. Default:"
              + " 10.")
  private Integer patience;

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--initial-weights",
      paramLabel = "FILE",
      description = "Start from the parameters in a safetensors file.")
  private Path initialWeights;

  @Option(names = "--model", paramLabel = "FILE", description = "Write the model, as safetensors.")
  private Path model;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Write a CSV line for each epoch.")
  private Path history;

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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check();
    for (Path output : Arrays.asList(model, history, checkpoint, rules.observe())) {
      FileChecks.requireWritable(output);
    }
    Engine chosen = engine.engine();
    Sets sets = data.sets(spec, seed, loss.scalesValues());
    Training training = begin(sets, chosen);
    if (rules.findLearningRate()) {
      RateCurve curve = RateFinder.standard().find(training);
      spec.commandLine().getOut().println(json ? RateTable.json(curve) : RateTable.text(curve));
      return 0;
    }
    Progress progress = train(training, sets);
    Model trained =
        Model.of(training.network(), training.parameters(), chosen)
            .with(sets.encoder())
            .with(provenance(chosen, sets));
    trained = outputs.fitted(spec, trained, sets, chosen);
    if (model != null) {
      trained.save(model);
    }
    report(training, trained, sets, chosen, progress);
    return 0;
  }

  private Training begin(Sets sets, Engine chosen) throws IOException {
    Target target = sets.encoder().target();
    Network described =
        network.network(spec, sets.encoder().encodedColumns(), target.outputs(), loss.loss(target));
    requireDevRowsForPatience(sets.dev().isPresent());
    outputs.requireDevRows(spec, sets.dev().isPresent());
    outputs.checkFits(target);
    List<Augmentation> changes = augment.augmentations(spec, sets.encoder().columns());
    rules.requireDevRows(spec, sets.dev().isPresent());
    boolean stops = sets.dev().isPresent() && (patience == null || patience > 0);
    Recipe recipe =
        Recipe.of(described, optimizer.optimizer(spec, epochs))
            .withBatchSize(batchSize(sets.training().rows()))
            .withMicroBatch(microBatch == null ? 0 : microBatch)
            .withEpochs(epochs)
            .withSeed(seed)
            .withAugmentations(changes)
            .with(stops ? StopRule.patience(patience == null ? 10 : patience) : StopRule.never());
    recipe = rules.applyTo(recipe, spec);
    TrainingData rows = TrainingData.of(AugmentOptions.prepared(training(sets), target, changes));
    if (sets.dev().isPresent()) {
      rows = rows.withDev(sets.dev().get()).withMetric(Scores.metric(described.loss(), target));
    }
    if (resume != null) {
      return Training.resume(resume, recipe, rows, chosen);
    }
    return initialWeights == null
        ? Training.start(recipe, rows, chosen)
        : Training.start(
            recipe, rows, SafetensorsFile.read(initialWeights).parametersOf(described), chosen);
  }

  private Progress train(Training training, Sets sets) throws IOException {
    String metric = Scores.metric(training.network().loss(), sets.encoder().target()).name();
    Progress progress =
        new Progress(spec.commandLine().getErr(), epochs, sets.training().rows(), metric);
    History lines = history == null ? null : History.begin(history, training.epochs());
    Observations observations = observations(training);
    try {
      for (Epoch epoch : training) {
        progress.show(epoch);
        if (observations != null) {
          progress.end();
          observations.add(training.observation().orElseThrow());
        }
        if (lines != null) {
          lines.add(epoch);
        }
        if (checkpoint != null) {
          training.save(checkpoint);
        }
      }
    } catch (DivergedException e) {
      throw new IllegalStateException(
          e.getMessage() + "; expected finite numbers, as a smaller --learning-rate may give", e);
    } finally {
      progress.end();
    }
    return progress;
  }

  /** {@return the file of what is observed from now on, or null} */
  private Observations observations(Training training) throws IOException {
    if (rules.observe() == null) {
      return null;
    }
    training.observe();
    PrintWriter err = spec.commandLine().getErr();
    return Observations.begin(rules.observe(), training.epochs(), err);
  }

  private Provenance provenance(Engine chosen, Sets sets) {
    Provenance provenance =
        augment
            .describe(Provenance.of(chosen))
            .with("data", data.source())
            .with("rows", Integer.toString(sets.training().rows()))
            .with("optimizer", optimizer.optimizer(spec, epochs).toString())
            .with("batchSize", batchSize)
            .with("epochs", Integer.toString(epochs))
            .with("seed", Long.toString(seed));
    if (microBatch != null) {
      provenance = provenance.with("microBatch", Integer.toString(microBatch));
    }
    return sets.stream().isEmpty()
        ? provenance
        : provenance.with("shuffleBuffer", Integer.toString(sets.stream().get().bufferRows()));
  }

  private void report(Training training, Model trained, Sets sets, Engine chosen, Progress progress)
      throws IOException {
    Map<String, Scores> scores = new LinkedHashMap<>();
    scores.put(
        "train",
        sets.stream().isPresent()
            ? Scores.of(trained, sets.stream().get().source(), chosen)
            : Scores.of(trained, sets.train(), chosen));
    sets.dev().ifPresent(rows -> scores.put("dev", Scores.of(trained, rows, chosen)));
    sets.test().ifPresent(rows -> scores.put("test", Scores.of(trained, rows, chosen)));
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put(
        "cost", Json.of(TrainingLoss.of(trained, training(sets), chosen) + training.penalty()));
    facts.put("epochs", Json.of(training.epochs()));
    facts.put("bestEpoch", Json.of(training.bestEpoch()));
    facts.put("samplesPerSecond", Json.of(progress.samplesPerSecond()));
    facts.put("parametersSha256", Json.of(trained.parametersSha256()));
    facts.put("kernels", Json.of(chosen.kernels().name()));
    facts.put("threads", Json.of(chosen.parallel().width()));
    facts.put("seed", Json.of(seed));
    facts.putAll(outputs.facts(trained));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Json> all = new LinkedHashMap<>();
      scores.forEach((set, of) -> all.put(set, new Json.Obj(of.byName())));
      all.putAll(facts);
      out.println(new Json.Obj(all));
    } else {
      out.println(Scores.table(scores));
      facts.forEach((name, fact) -> out.println(Lanewise.fact(name, fact)));
    }
  }

  /** {@return the rows to train on, weighted as asked} */
  private ExampleSet training(Sets sets) {
    return sets.stream().isPresent()
        ? sets.stream().get()
        : loss.weighted(spec, sets.train(), sets.encoder().target());
  }

  private void check() {
    data.check(spec);
    loss.check(spec, !data.classifies());
    Usage.require(
        spec,
        !data.streams() || !loss.weighs(),
        "--class-weights: has no meaning with --stream; expected one of them");
    network.check(spec);
    optimizer.check(spec, epochs);
    augment.check(spec);
    rules.check(spec);
    engine.check(spec);
    int rows = batchSize(Integer.MAX_VALUE);
    Usage.require(
        spec,
        !network.batchNorm() || rows != 1,
        "--batch-size 1: too few rows for --batch-norm; expected 2 or more, or full");
    checkMicroBatch();
    Usage.require(spec, epochs >= 1, "--epochs: %d; expected 1 or more", epochs);
    Usage.require(
        spec, patience == null || patience >= 0, "--patience: %d; expected 0 or more", patience);
    requireDevRowsForPatience(data.ratios(spec).dev() > 0);
    outputs.check(spec, data.classifies());
    outputs.requireDevRows(spec, data.ratios(spec).dev() > 0);
    rules.requireDevRows(spec, data.ratios(spec).dev() > 0);
    requireNothingToWriteWithoutTraining();
    Usage.require(
        spec,
        initialWeights == null || resume == null,
        "--initial-weights: has no meaning with --resume; expected one of them");
  }

  /** Judged once by the shares, and once more by the rows, which may be too few for all shares. */
  private void requireDevRowsForPatience(boolean devRows) {
    Usage.require(
        spec,
        patience == null || patience == 0 || devRows,
        "--patience %d: needs dev rows; expected a --split with a second part above 0, or"
            + " --patience 0",
        patience);
  }

  private void checkMicroBatch() {
    Usage.require(
        spec,
        microBatch == null || microBatch >= 1,
        "--micro-batch: %s; expected a number of rows from 1",
        microBatch);
    Usage.require(
        spec,
        microBatch == null || !network.batchNorm(),
        "--micro-batch %s: --batch-norm takes statistics over a whole batch; expected one of them",
        microBatch);
  }

  private void requireNothingToWriteWithoutTraining() {
    Usage.require(
        spec,
        !rules.findLearningRate()
            || (model == null && history == null && checkpoint == null && rules.observe() == null),
        "--find-learning-rate: trains nothing; expected none of --model, --history, --checkpoint,"
            + " --observe");
  }

  /** {@return the rows of a batch, 0 for all} */
  private int batchSize(int trainingRows) {
    if (batchSize.equals("full")) {
      return 0;
    }
    if (batchSize.equals("auto")) {
      return Batches.recommendedSize(trainingRows);
    }
    Usage.require(
        spec,
        batchSize.matches("[1-9][0-9]{0,8}"),
        "--batch-size: %s; expected a number of rows from 1, full or auto",
        batchSize);
    return Integer.parseInt(batchSize);
  }
}
