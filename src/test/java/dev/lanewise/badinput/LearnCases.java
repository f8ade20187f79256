package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.RESULT;

import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.Drift;
import dev.lanewise.learn.Importance;
import dev.lanewise.learn.LeakCheck;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Bad input to the package {@code learn}. */
final class LearnCases {

  private static final Table TABLE = table();
  private static final Learner CLASSES = Learner.classifier("y");

  private LearnCases() {}

  private static Table table() {
    List<List<?>> rows =
        IntStream.range(0, 20)
            .<List<?>>mapToObj(i -> List.of(i, i % 2 == 0 ? "a" : "b", -i))
            .toList();
    return Table.ofRows(List.of("x", "y", "w"), rows);
  }

  static void list(BadInputs bad) {
    parts(bad);
    calls(bad);
    importance(bad);
    diagnosis(bad);
    checks(bad);
    bad.takeAnything(
        RESULT,
        "new Drift.OfColumn(String, double, double)",
        "new LeakCheck.Duplicates(int, int, int, List)",
        "new LeakCheck.OfColumn(String, double)",
        "new LeakCheck.Pair(int, int, boolean)",
        "new LearningCurve.Point(int, Estimate, Estimate)",
        "new CrossValidation.Score(double, double)",
        "new Importance.OfColumn(String, double, double, double)");
  }

  private static void parts(BadInputs bad) {
    bad.refuses("Learner.regressor(String[])", () -> Learner.regressor(), "labels: []");
    bad.refuses(
        "Learner.withClassWeights(Map)", () -> CLASSES.withClassWeights(Map.of()), "weights: none");
    bad.refuses(
        "Learner.withClassWeights(Map)",
        () -> CLASSES.withClassWeights(Map.of("c", 2f)).begin(TABLE),
        "classWeights: class c; expected one of [a, b]");
    bad.takeAnything(
        "a table is asked for the column when it is there",
        "Learner.classifier(String)",
        "Learner.withIgnored(String[])",
        "Learner.withCategorical(String[])",
        "Learner.withWeights(String)",
        "Learner.withGroups(String)");
    bad.takeAnything("every number is a seed", "Learner.withSeed(long)");
    bad.takeAnything(
        CHECKED,
        "Learner.of(Roles)",
        "Learner.withDev(Table)",
        "Learner.withDev(Images)",
        "Learner.withTest(Table)",
        "Learner.withTest(Images)",
        "Learner.withSplit(Ratios)",
        "Learner.withSplit(Split)",
        "Learner.withPreset(Tabular)",
        "Learner.withEncoding(Options)",
        "Learner.withNetwork(Architecture)",
        "Learner.withNetworkFor(BiFunction)",
        "Learner.withLoss(Loss)",
        "Learner.withLoss(Function)",
        "Learner.withRecipe(UnaryOperator)",
        "Learner.withRecipeFor(Tailoring)",
        "Learner.withMetric(DevMetric)",
        "Learner.withThreshold(Measure)",
        "Learner.withEngine(Engine)");
  }

  private static void calls(BadInputs bad) {
    Run closed = CLASSES.begin(TABLE);
    closed.close();
    bad.refuses(
        "Run.use(Training)",
        () -> closed.use(CLASSES.begin(TABLE).training()),
        IllegalStateException.class,
        "this run is closed");
    bad.refuses(
        "Learner.begin(Table)",
        () -> CLASSES.withWeights("w").begin(TABLE),
        DataException.class,
        "column w: -");
    bad.refuses(
        "Learner.begin(Table)",
        () -> CLASSES.withTest(TABLE).withSplit(new Split.Ratios(60, 20, 20)).begin(TABLE),
        "test rows, which are given");
    bad.refuses(
        "Learner.learn(Table)",
        () -> Learner.regressor("x").withThreshold(Threshold.Measure.F1).learn(TABLE),
        "threshold: values are predicted");
    bad.refuses(
        "Learner.learn(Table)",
        () -> Learner.imageClassifier().learn(TABLE),
        "expected images, as the learner names no label");
    Idx.Images images =
        new Idx.Images("images", new Column.Pixels(1, 1, 1), new byte[2], new byte[] {0, 1});
    bad.refuses(
        "Learner.begin(Images)",
        () -> Learner.regressor("x").begin(images),
        "images: images have classes");
    bad.refuses(
        "Learner.learn(Images)",
        () -> CLASSES.withGroups("g").learn(images),
        "expected a table with the column of groups g");
    bad.refuses(
        "Learner.begin(Table, Stream, int)",
        () -> CLASSES.withWeights("w").begin(TABLE, encoder -> null, 5),
        "weights: given; expected none of streamed rows");
    bad.refuses(
        "Learner.begin(Images, Stream, int)",
        () -> CLASSES.withBalancedClasses().begin(images, encoder -> null, 5),
        "weights: given; expected none of streamed rows");
    bad.refuses("Learner.folded(Table, int)", () -> CLASSES.folded(TABLE, 21), "count: 21");
    bad.refuses(
        "Learner.folded(Table, int)",
        () -> CLASSES.withDev(TABLE).folded(TABLE, 2),
        "learner: has dev rows of their own");
    bad.refuses(
        "Learner.folded(Images, int)",
        () -> Learner.imageClassifier().folded(images, 3),
        "count: 3");
    bad.takeAnything("a learner of other rows shares none", "Run.sharedBy(Learner)");
    bad.refuses(
        "Learner.crossValidate(Table, int)", () -> CLASSES.crossValidate(TABLE, 1), "count: 1");
    bad.refuses(
        "Learner.crossValidate(Table, Folds)",
        () -> CLASSES.crossValidate(TABLE, Folds.plain(7, 2, 0)),
        "folds: of 7 rows; expected the table's 20");
    bad.refuses(
        "Learner.crossValidate(Table, Folds, Executor)",
        () -> CLASSES.withTest(TABLE).crossValidate(TABLE, Folds.plain(20, 2, 0), Runnable::run),
        "learner: has test rows");
    Network other = Network.inputs(5).dense(1).loss(new Loss.SigmoidCrossEntropy());
    bad.refuses(
        "Run.use(Training)",
        () ->
            CLASSES
                .begin(TABLE)
                .use(
                    Training.start(
                        Recipe.of(other, Optimizer.sgd(1)),
                        TrainingData.of(Dataset.of(new float[5], 5, new float[1], 1)),
                        Engine.standard())),
        "begun: training rows of another encoder or of none");
    Run begun = CLASSES.begin(TABLE);
    begun.training();
    bad.refuses(
        "Run.withRecipe(UnaryOperator)",
        () -> begun.withRecipe(recipe -> recipe),
        IllegalStateException.class,
        "the training has begun");
  }

  private static void importance(BadInputs bad) {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
    Model bare = Model.of(network, new float[network.layout().size()], Engine.standard());
    bad.refuses(
        "Importance.of(TrainedModel, Table, long)",
        () -> Importance.of(bare, TABLE, 0),
        IllegalStateException.class,
        "a model without encoder");
    Model model = CLASSES.begin(TABLE).training().model();
    String of = "Importance.of(TrainedModel, Table, long, String, int)";
    bad.refuses(
        of, () -> Importance.of(model, TABLE, 0, "rmse", 2), "score: rmse; expected one of");
    bad.refuses(of, () -> Importance.of(model, TABLE, 0, "auc", 1), "repeats: 1");
    String some = "Importance.of(TrainedModel, Dataset, Set, long, String, int)";
    Dataset rows = model.encoder().orElseThrow().dataset(TABLE, TABLE.all());
    bad.refuses(
        some,
        () -> Importance.of(model, rows, Set.of("y"), 0, "auc", 2),
        "columns: y; expected features");
    bad.refuses(some, () -> Importance.of(model, rows, Set.of("x"), 0, "auc", 1), "repeats: 1");
    bad.refuses(some, () -> Importance.of(model, rows, Set.of("x"), 0, "r2", 2), "score: r2");
  }

  private static void diagnosis(BadInputs bad) {
    bad.takeAnything(CHECKED, "Diagnosis.of(OfClasses, OfClasses, long)");
    bad.takeAnything("any number can be printed", "Diagnosis.text(double)");
    Model model = CLASSES.begin(TABLE).training().model();
    Dataset rows = model.encoder().orElseThrow().dataset(TABLE, TABLE.all());
    Dataset none = rows.select(new int[0]);
    String of = "Diagnosis.of(TrainedModel, Dataset, Dataset, long)";
    bad.refuses(of, () -> Diagnosis.of(model, none, rows, 0), "train: no rows");
    bad.refuses(of, () -> Diagnosis.of(model, rows, none, 0), "dev: no rows");
    Dataset wide = Dataset.of(new float[7], 7, new float[1], 1);
    bad.refuses(of, () -> Diagnosis.of(model, rows, wide, 0), "dev: 7 columns; expected 2");
    bad.refuses(
        "Diagnosis.of(Learned, Table)",
        () ->
            Diagnosis.of(
                CLASSES
                    .withSplit(new Split.Ratios(80, 0, 20))
                    .withRecipe(recipe -> recipe.withEpochs(1))
                    .learn(TABLE),
                TABLE),
        "learned: no dev rows");
    bad.refuses(
        "Diagnosis.withHumanError(double)",
        () -> Diagnosis.of(model, rows, rows, 0).withHumanError(1),
        "error: 1.0; expected a share of rows");
    Recipe recipe =
        Recipe.of(Network.inputs(2).dense(1).loss(new Loss.SquaredError()), Optimizer.sgd(1));
    bad.refuses(
        "Diagnosis.withTraining(Recipe, int)",
        () -> Diagnosis.of(model, rows, rows, 0).withTraining(recipe.withEpochs(3), 4),
        "bestEpoch: 4; expected a number from 0 to 3");
    bad.refuses(
        "new Diagnosis.Estimate(double, double, double)",
        () -> new Diagnosis.Estimate(1, 2, 3),
        "value: 1.0; expected a number in [2.0, 3.0]");
  }

  private static void checks(BadInputs bad) {
    String curve = "LearningCurve.of(Learner, Table, List, int, Executor)";
    List<Double> halves = List.of(0.5, 1.0);
    bad.refuses(
        curve,
        () -> LearningCurve.of(CLASSES, TABLE, List.of(0.5, 0.5), 1, Runnable::run),
        "shares: [0.5, 0.5]; expected numbers in (0, 1], ascending");
    bad.refuses(
        curve,
        () -> LearningCurve.of(CLASSES, TABLE, List.of(0.5), 1, Runnable::run),
        "shares: [0.5]; expected at least 2");
    bad.refuses(
        curve, () -> LearningCurve.of(CLASSES, TABLE, halves, 0, Runnable::run), "repeats: 0");
    Learner undecided = CLASSES.withSplit(new Split.Ratios(80, 0, 20));
    bad.refuses(
        "LearningCurve.of(Learner, Table, Executor)",
        () -> LearningCurve.of(undecided, TABLE, Runnable::run),
        DataException.class,
        "no dev rows");
    Idx.Images images =
        new Idx.Images("images", new Column.Pixels(1, 1, 1), new byte[2], new byte[] {0, 1});
    bad.refuses(
        "LearningCurve.of(Learner, Images, Executor)",
        () -> LearningCurve.of(Learner.regressor("x"), images, Runnable::run),
        "images: images have classes");
    Model model = CLASSES.begin(TABLE).training().model();
    Dataset rows = model.encoder().orElseThrow().dataset(TABLE, TABLE.all());
    Dataset bare = Dataset.of(new float[2], 2, new float[1], 1);
    String between = "Drift.between(Dataset, Dataset)";
    bad.refuses(between, () -> Drift.between(rows, bare), "second: rows without encoder");
    bad.refuses(between, () -> Drift.between(rows.select(new int[0]), rows), "first: no rows");
    String check = "LeakCheck.of(TrainedModel, Dataset, Dataset, long)";
    bad.refuses(
        check, () -> LeakCheck.of(model, rows, rows.select(new int[0]), 0), "held: no rows");
    bad.refuses(check, () -> LeakCheck.of(model, bare, rows, 0), "train: rows without encoder");
    bad.refuses(
        "LeakCheck.duplicates(Dataset, Dataset)",
        () -> LeakCheck.duplicates(rows, Dataset.of(new float[3], 3, new float[1], 1)),
        "second: 3 columns, 1 of targets; expected the first's 2 and 1");
  }
}
