package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.ANY_STREAM;
import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.RESULT;
import static java.lang.Double.NaN;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.Command;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.RateFinder;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Bad input to the package {@code train}. */
final class TrainCases {

  private static final Network NETWORK = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
  private static final Network NORMED =
      Network.inputs(2).dense(2).batchNorm().dense(1).loss(new Loss.SquaredError());
  private static final Recipe RECIPE = Recipe.of(NETWORK, Optimizer.sgd(1));

  /** Rows of one pixel and two classes. */
  private static final Encoder PIXELS =
      Encoder.of(
          false,
          List.of(new Column.Pixels(1, 1, 1)),
          Optional.empty(),
          new Target.Classes(List.of("a", "b")));

  private static final Path NOWHERE = Path.of("target", "no such folder", "file");

  private TrainCases() {}

  static void list(BadInputs bad) {
    rules(bad);
    recipes(bad);
    presets(bad);
    data(bad);
    trainings(bad);
    bad.takeAnything(
        RESULT,
        "new Training.Audit(int, long, GradientReport)",
        "new Observation.Layer(String, int, double, double, double, double)",
        "new Observation(int, List)",
        "new RateFinder.Curve(List)",
        "new RateFinder.Curve.Point(double, double, double)");
  }

  private static void rules(BadInputs bad) {
    String exponential = "new Averaging.Exponential(double)";
    bad.refuses(exponential, () -> new Averaging.Exponential(1), "decay: 1.0");
    bad.refuses(exponential, () -> new Averaging.Exponential(NaN), "decay: NaN");
    bad.refuses("new Averaging.Epochs(int)", () -> new Averaging.Epochs(0), "from: 0");
    String plateau = "ReduceOnPlateau.of(int, double)";
    bad.refuses(plateau, () -> ReduceOnPlateau.of(0, 0.5), "patience: 0");
    bad.refuses(plateau, () -> ReduceOnPlateau.of(1, 1), "factor: 1.0");
    bad.refuses(plateau, () -> ReduceOnPlateau.of(1, NaN), "factor: NaN");
    bad.refuses(
        "EarlyStopping.withMinimumDelta(double)",
        () -> EarlyStopping.keepBest().withLatestOfEqual().withMinimumDelta(0.5),
        "minimumDelta: 0.5; expected 0");
    bad.takeAnything(
        "every number is a score, and NaN is never better",
        "EarlyStopping.isBetter(double, double)",
        "DevMetric.asLoss(double)");
    bad.refuses("EarlyStopping.patience(int)", () -> EarlyStopping.patience(-1), "patience: -1");
    bad.refuses(
        "EarlyStopping.withMinimumDelta(double)",
        () -> EarlyStopping.patience(1).withMinimumDelta(-1),
        "minimumDelta: -1.0");
    bad.refuses(
        "EarlyStopping.withMinimumDelta(double)",
        () -> EarlyStopping.patience(1).withMinimumDelta(NaN),
        "minimumDelta: NaN");
    ReduceOnPlateau halved = ReduceOnPlateau.of(1, 0.5);
    bad.refuses(
        "ReduceOnPlateau.withMinimumDelta(double)",
        () -> halved.withMinimumDelta(NaN),
        "minimumDelta: NaN");
    bad.refuses(
        "ReduceOnPlateau.withMinimumDelta(double)",
        () -> halved.withMinimumDelta(Double.POSITIVE_INFINITY),
        "minimumDelta: Infinity");
    bad.refuses(
        "ReduceOnPlateau.withMinimumRate(double)",
        () -> halved.withMinimumRate(-1),
        "minimumRate: -1.0");
    String finder = "new RateFinder(double, double, int)";
    bad.refuses(finder, () -> new RateFinder(0, 1, 10), "low: 0.0");
    bad.refuses(finder, () -> new RateFinder(NaN, 1, 10), "low: NaN");
    bad.refuses(finder, () -> new RateFinder(1, 1, 10), "high: 1.0");
    bad.refuses(finder, () -> new RateFinder(1, 2, 1), "steps: 1");
    bad.takeAnything(
        CHECKED, "RateFinder.find(Training)", "Training.identity(Recipe, TrainingData)");
  }

  private static void presets(BadInputs bad) {
    Tabular small = Tabular.small();
    Dataset made = rows(2, 1);
    bad.refuses("Tabular.withHidden(int[])", () -> small.withHidden(8, 0), "units: 0");
    String dropout = "Tabular.withDropout(double)";
    bad.refuses(dropout, () -> small.withDropout(1), "probability: 1.0");
    bad.refuses(dropout, () -> small.withDropout(NaN), "probability: NaN");
    bad.refuses("Tabular.withSmoothing(float)", () -> small.withSmoothing(1), "share: 1.0");
    bad.refuses("Tabular.withRate(double)", () -> small.withRate(1e-60), "peak: 1.0E-60");
    bad.refuses("Tabular.withRate(double)", () -> small.withRate(NaN), "peak: NaN");
    bad.refuses("Tabular.withBiasRate(double)", () -> small.withBiasRate(-1), "factor: -1.0");
    bad.refuses(
        "Tabular.withBiasInitializer(Initializer)",
        () -> small.withBiasInitializer(new Initializer.Orthogonal()),
        "biasInitializer: Orthogonal");
    bad.refuses("Tabular.withScalingRate(double)", () -> small.withScalingRate(NaN), "factor: NaN");
    bad.refuses("Tabular.withDecay(double)", () -> small.withDecay(NaN), "lambda: NaN");
    bad.refuses(
        "Tabular.withTransforms(List)",
        () ->
            small.withTransforms(List.of(new Transform.Adam(), new Transform.ClipByGlobalNorm(1))),
        "expected it to be first");
    bad.refuses("Tabular.withCycles(int)", () -> small.withCycles(53), "count: 53");
    bad.refuses("Tabular.withBatchSize(int)", () -> small.withBatchSize(-1), "rows: -1");
    bad.refuses("Tabular.withEpochs(int)", () -> small.withEpochs(0), "most: 0");
    bad.refuses("Tabular.withMostExamples(long)", () -> small.withMostExamples(0), "most: 0");
    bad.refuses("Tabular.epochs(Loss, int)", () -> small.epochs(NETWORK.loss(), 0), "rows: 0");
    bad.refuses("Tabular.withCategorySize(int)", () -> small.withCategorySize(0), "size: 0");
    String sizes = "Tabular.withPiecewiseSizes(int, int)";
    bad.refuses(sizes, () -> small.withPiecewiseSizes(0, 1), "bins: 0");
    bad.refuses(sizes, () -> small.withPiecewiseSizes(1, 0), "size: 0");
    bad.refuses("Tabular.withNumberRate(double)", () -> small.withNumberRate(-1), "factor: -1.0");
    bad.refuses("Tabular.withBlendRate(double)", () -> small.withBlendRate(NaN), "factor: NaN");
    bad.refuses("Tabular.withMembers(int)", () -> small.withMembers(0), "count: 0");
    bad.refuses("Tabular.ensemble(int)", () -> Tabular.ensemble(0), "count: 0");
    bad.refuses("Tabular.recipe(Network, int)", () -> small.recipe(NETWORK, 0), "rows: 0");
    bad.refuses(
        "Tabular.network(Dataset, Loss)",
        () -> small.network(made, new Loss.SquaredError()),
        "rows: made by no encoder");
    bad.refuses("Tabular.recipe(Dataset)", () -> small.recipe(made), "rows: made by no encoder");
    bad.refuses("Recipe.tabular(Dataset)", () -> Recipe.tabular(made), "rows: made by no encoder");
    bad.takeAnything(
        CHECKED,
        "Tabular.withActivation(Function)",
        "Tabular.withInitializers(Initializer, Initializer)",
        "Tabular.withEncoding(Options)",
        "Tabular.withNumbers(Numbers)",
        "Tabular.withBlends(boolean)",
        "Tabular.withStart(Start)",
        "Tabular.withFading(boolean)",
        "Tabular.withCalibration(boolean)",
        "Tabular.mostEpochs(Loss)",
        "Tabular.loss(Target)",
        "Tabular.rate(Loss)");
  }

  private static void recipes(BadInputs bad) {
    Recipe normed = Recipe.of(NORMED, Optimizer.sgd(1));
    bad.refuses("Recipe.withBatchSize(int)", () -> normed.withBatchSize(1), "batchSize: 1");
    bad.refuses("Recipe.withMicroBatch(int)", () -> normed.withMicroBatch(2), "microBatch: 2");
    bad.refuses("Recipe.withBatchSize(int)", () -> RECIPE.withBatchSize(-2), "batchSize: -2");
    bad.refuses("Recipe.withMicroBatch(int)", () -> RECIPE.withMicroBatch(-1), "microBatch: -1");
    bad.refuses("Recipe.withEpochs(int)", () -> RECIPE.withEpochs(0), "epochs: 0");
    String factor = "Recipe.withDropoutFactor(Schedule)";
    bad.refuses(
        factor,
        () -> RECIPE.withDropoutFactor(new Schedule.WarmUp(0.1, 3, new Schedule.Constant(1.5))),
        "dropoutFactor: WarmUp[start=0.1, length=3, then=Constant[rate=1.5]], which reaches 1.5;"
            + " expected at most 1");
    Dropout classic = new Dropout(0.5, Dropout.Form.CLASSIC);
    Recipe dropping =
        Recipe.of(
            Network.inputs(1).dense(1).add(classic).dense(1).loss(new Loss.SquaredError()),
            Optimizer.sgd(1));
    bad.refuses(
        factor,
        () -> dropping.withDropoutFactor(new Schedule.Constant(0.5)),
        "dropoutFactor: Constant[rate=0.5] with Dropout[keep=0.5, form=CLASSIC]; expected inverted"
            + " dropout");
    bad.takeAnything(
        CHECKED,
        "Recipe.of(Network, Optimizer)",
        "Recipe.withEarlyStopping(EarlyStopping)",
        "Recipe.withReduceOnPlateau(ReduceOnPlateau)",
        "Recipe.withAveraging(Averaging)",
        "Recipe.withOptimizer(Optimizer)",
        "Recipe.withAugmentations(List)",
        "Recipe.withStart(Start)");
    bad.takeAnything("every number is a seed", "Recipe.withSeed(long)");
  }

  private static void data(BadInputs bad) {
    Dataset none = Dataset.of(new float[0], 2, new float[0], 1);
    DevMetric metric = DevMetric.of("luck", true, (logits, dev, loss) -> 0);
    bad.takeAnything(
        CHECKED,
        "DevMetric.of(String, boolean, Score)",
        "Training.difference(Recipe, TrainingData)");
    bad.refuses(
        "DevMetric.score(float[], Dataset, Loss)",
        () -> DevMetric.accuracy().score(new float[2], rows(2, 1), new Loss.SquaredError()),
        "loss: SquaredError");
    bad.refuses(
        "TrainingData.withTraining(ExampleSet)",
        () -> TrainingData.of(rows(2, 1)).withTraining(none),
        "training: no rows");
    bad.refuses("TrainingData.of(ExampleSet)", () -> TrainingData.of(none), "training: no rows");
    bad.refuses(
        "TrainingData.streaming(RowSource, int)",
        () -> TrainingData.streaming(new MemoryRows(rows(2, 1)), 0),
        "bufferRows: 0");
    bad.refuses(
        "TrainingData.withDev(Dataset)",
        () -> TrainingData.of(rows(2, 1)).withDev(none),
        "dev: no rows");
    bad.refuses(
        "TrainingData.withMetric(DevMetric)",
        () -> TrainingData.of(rows(2, 1)).withMetric(metric),
        "metric: luck; expected dev rows");
  }

  private static Dataset rows(int columns, int targetColumns) {
    return Dataset.of(new float[2 * columns], columns, new float[2 * targetColumns], targetColumns);
  }

  private static void trainings(BadInputs bad) {
    Engine engine = Engine.standard();
    TrainingData data = TrainingData.of(rows(2, 1));
    String start = "Training.start(Recipe, TrainingData, Engine)";
    bad.refuses(
        start,
        () -> Training.start(RECIPE, TrainingData.of(rows(3, 1)), engine),
        "training: 3 columns; expected the network's 2");
    bad.refuses(
        start,
        () -> Training.start(RECIPE, TrainingData.of(rows(2, 2)), engine),
        "training: 2 target columns");
    bad.refuses(
        start,
        () -> Training.start(RECIPE, data.withDev(rows(1, 1)), engine),
        "dev: 1 columns; expected the network's 2");
    bad.refuses(
        "Training.start(Recipe, TrainingData, float[], Engine)",
        () -> Training.start(RECIPE, data, new float[2], engine),
        "initial: 2 floats");
    bad.refuses(
        "Training.resume(Path, Recipe, TrainingData, Engine)",
        () -> Training.resume(NOWHERE, RECIPE, data, engine),
        IOException.class,
        "no such folder");
    bad.refuses(
        "Training.resume(InputStream, String, Recipe, TrainingData, Engine)",
        () -> Training.resume(InputStream.nullInputStream(), "nowhere", RECIPE, data, engine),
        IOException.class,
        "nowhere: truncated");
    bad.refuses(
        "Training.resume(byte[], Recipe, TrainingData, Engine)",
        () -> Training.resume(new byte[8], RECIPE, data, engine),
        IOException.class,
        "bytes: header");
    bad.takeAnything(ANY_STREAM, "Training.writeTo(OutputStream)");
    Training training = Training.start(RECIPE, data, engine);
    bad.refuses(
        "Training.save(Path)", () -> training.save(NOWHERE), IOException.class, "no such folder");
    String audit = "Training.audit(int, int, Consumer)";
    bad.refuses(audit, () -> training.audit(0, 1, found -> {}), "every: 0");
    bad.refuses(audit, () -> training.audit(1, 0, found -> {}), "components: 0");
    bad.refuses("Training.observe(int)", () -> training.observe(0), "every: 0");
    bad.refuses("Training.changeRate(double)", () -> training.changeRate(NaN), "rate: NaN");
    bad.refuses("Training.changeL2(double)", () -> training.changeL2(-1), "lambda: -1.0");
    bad.refuses(
        "Training.replay(List)",
        () -> training.replay(List.of(new Command.RollBack(0))),
        "commands: one rolls back");
    commands(bad);
  }

  private static void commands(BadInputs bad) {
    bad.refuses(
        "new Command.ChangeRate(long, double)", () -> new Command.ChangeRate(0, 0), "rate: 0.0");
    bad.refuses(
        "new Command.ChangeL2(long, double)", () -> new Command.ChangeL2(0, NaN), "lambda: NaN");
    bad.refuses("new Command.RollBack(long)", () -> new Command.RollBack(-1), "step: -1");
    bad.refuses("new Command.Stop(long)", () -> new Command.Stop(-1), "step: -1");
    bad.refuses("Command.parse(String)", () -> Command.parse("step 1: go"), "text: step 1: go");
    bad.takeAnything("every command has a text", "Command.text(List)");
    bad.refuses(
        "Training.commandsIn(Path)",
        () -> Training.commandsIn(NOWHERE),
        IOException.class,
        "no such folder");
  }
}
