package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.writeIdx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.train.Averaging;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.RateFinder;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.ReduceOnPlateau;
import dev.lanewise.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every option of {@code train} does what its namesake in the library does: the same bits come out
 * of a training that the test sets up by hand, and others than without the option, unless it is one
 * that must not change any. The table is complete: options are counted in the command itself.
 */
class OptionsAreWiredTest {

  @TempDir Path folder;

  private Path table;

  /** A training set up by hand, to begin with that of the options {@link #BASE}. */
  private static final class Plan {
    Path file;
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY);
    UnaryOperator<TableReader> reader = plain -> plain;
    UnaryOperator<Learner> learner = plain -> plain;
    List<Layer> input = List.of();
    List<Layer> first = List.of(dense(6), RELU);
    List<Layer> second = List.of(dense(5), RELU);
    UnaryOperator<Dense> last = plain -> plain;
    UnaryOperator<Recipe> recipe = plain -> plain;

    Plan(Path file) {
      this.file = file;
    }

    TableReader reader() {
      return reader.apply(TableReader.create()).withRoles(roles);
    }

    Learner learner() {
      return learner
          .apply(Learner.of(roles).withNetwork(this::network))
          .withRecipe(
              usual ->
                  recipe.apply(
                      usual
                          .withOptimizer(Optimizer.adam(1e-3))
                          .withBatchSize(8)
                          .withEpochs(3)
                          .withEarlyStopping(EarlyStopping.patience(10))));
    }

    private Network network(int inputs, int outputs, Loss loss) {
      List<Layer> layers = new ArrayList<>(input);
      layers.addAll(first);
      layers.addAll(second);
      layers.add(last.apply(dense(outputs)));
      return new Network(inputs, layers, loss);
    }

    Run begin() throws IOException {
      return learner().begin(reader().csv(file));
    }

    Learned learned() throws IOException {
      try (Run run = begin()) {
        for (Epoch epoch : run) {
          assertTrue(epoch.number() > 0);
        }
        return run.finish();
      }
    }
  }

  private static final Layer RELU = Activation.of(Activation.Function.RELU);

  /** The options that a row has unless it gives one of them itself. */
  private static final Map<String, String> BASE =
      Map.of("--label", "y", "--hidden", "6,5", "--epochs", "3", "--batch-size", "8");

  /**
   * An option with others that it needs, and the training by hand.
   *
   * @param options begins with the option of the row
   */
  private record Row(String options, boolean changes, Consumer<Plan> byHand) {

    String option() {
      return options.split(" ", 2)[0];
    }
  }

  private final List<Row> rows = new ArrayList<>();

  /** Options that are tried in tests of their own, below. */
  private static final Set<String> BY_THEMSELVES =
      Set.of(
          "--preset",
          "--augment",
          "--bag",
          "--refit",
          "--snapshots",
          "--find-learning-rate",
          "--audit",
          "--resume",
          "--replay",
          "--stream",
          "--json",
          "--columns",
          "--calibrate",
          "--tune-threshold",
          "--conformal",
          "--conformal-rows",
          "--conformal-method",
          "--help",
          "--version",
          "--stacktrace");

  private static Dense dense(int units) {
    return new Dense(units).withInitializer(new Initializer.He(Distribution.NORMAL));
  }

  @BeforeEach
  void write() throws IOException {
    table = folder.resolve("table.csv");
    Files.writeString(table, csv(60, 1));
  }

  /** Two numbers, a small whole number, a text, a weight, a value, and a class. */
  private static String csv(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("a,b,k,t,w,v,y\n");
    for (int row = 0; row < rows; row++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      int k = random.nextInt(5);
      int t = random.nextInt(4);
      int w = 1 + random.nextInt(3);
      double v = 2 + Math.abs(a - b + 0.3 * random.nextGaussian());
      String y = a + b + 0.5 * random.nextGaussian() > 0.3 ? "up" : "down";
      text.append("%.3f,%.3f,%d,%s,%d,%.3f,%s%n".formatted(a, b, k, "pqrs".charAt(t), w, v, y));
    }
    return text.toString();
  }

  private void add(String options, Consumer<Plan> byHand) {
    rows.add(new Row(options, true, byHand));
  }

  private void same(String options) {
    rows.add(new Row(options, false, plan -> {}));
  }

  private void recipe(String options, UnaryOperator<Recipe> recipe) {
    add(options, plan -> plan.recipe = recipe);
  }

  private void optimizer(String options, Optimizer optimizer) {
    recipe(options, recipe -> recipe.withOptimizer(optimizer));
  }

  private void schedule(String options, Schedule schedule) {
    optimizer(options, Optimizer.adam(1e-3).withSchedule(schedule));
  }

  private void learner(String options, UnaryOperator<Learner> learner) {
    add(options, plan -> plan.learner = learner);
  }

  /** Hidden layers. */
  private void layers(String options, List<Layer> first, List<Layer> second) {
    add(
        options,
        plan -> {
          plan.first = first;
          plan.second = second;
        });
  }

  /** The same penalty, or max norm, in all three layers. */
  private void dense(String options, UnaryOperator<Dense> change) {
    dense(options, change, change, change);
  }

  private void dense(
      String options,
      UnaryOperator<Dense> first,
      UnaryOperator<Dense> second,
      UnaryOperator<Dense> last) {
    add(
        options,
        plan -> {
          plan.first = List.of(first.apply(dense(6)), RELU);
          plan.second = List.of(second.apply(dense(5)), RELU);
          plan.last = last;
        });
  }

  private void penalties(String option, DoubleFunction<Penalty> of) {
    dense(option + " 0.3", dense -> dense.withPenalty(of.apply(0.3)));
    dense(
        option + " 0.1,0.2,0.3",
        dense -> dense.withPenalty(of.apply(0.1)),
        dense -> dense.withPenalty(of.apply(0.2)),
        dense -> dense.withPenalty(of.apply(0.3)));
  }

  private void regresses(String options, Loss loss) {
    add(
        options + " --task regress --label v",
        plan -> {
          plan.roles = Roles.of("v", Roles.Task.REGRESS);
          plan.learner = learner -> learner.withLoss(loss);
        });
  }

  private void fill() throws IOException {
    rows();
    networks();
    losses();
    optimizers();
    loops();
    files();
  }

  private void rows() throws IOException {
    Path other = folder.resolve("other.csv");
    Files.writeString(other, csv(20, 2));
    TableReader reader = TableReader.create().withRoles(Roles.of("y", Roles.Task.CLASSIFY));
    learner("--test " + other, learner -> withTest(learner, reader, other));
    learner("--dev " + other, learner -> withDev(learner, reader, other));
    learner("--split 50/30/20", learner -> learner.withSplit(Split.Ratios.parse("50/30/20")));
    add("--weights w", plan -> plan.roles = plan.roles.withWeights("w"));
    add("--label k --task classify", plan -> plan.roles = Roles.of("k", Roles.Task.CLASSIFY));
    add("--task regress --label v", plan -> plan.roles = Roles.of("v", Roles.Task.REGRESS));
    add("--ignore a,w", plan -> plan.roles = plan.roles.withIgnored("a", "w"));
    add("--categorical k,w", plan -> plan.roles = plan.roles.withCategorical("k", "w"));
    learner(
        "--max-categories 2",
        learner -> learner.withEncoding(Encoder.Options.standard().withMaxCategories(2)));
    learner(
        "--no-standardize",
        learner ->
            learner.withEncoding(
                Encoder.Options.standard().withStandardize(false).withScaledTargets(false)));
    Path named = folder.resolve("words.csv");
    Files.writeString(named, csv(60, 3).replaceFirst("\n.*?,", "\nnobody,"));
    add(
        "--missing nobody --ignore w",
        plan -> {
          plan.file = named;
          plan.roles = plan.roles.withIgnored("w");
          plan.reader = plain -> plain.withMissing("nobody");
        });
    Path texts = folder.resolve("texts.csv");
    // No row is the first line again, which would be refused where that holds names.
    StringBuilder lines = new StringBuilder("u,x%n".formatted());
    for (int row = 0; row < 40; row++) {
      lines.append("%s,%s%n".formatted("ab".charAt(row % 2), "xy".charAt(row % 3 / 2)));
    }
    Files.writeString(texts, lines);
    for (String answer : List.of("no", "yes")) {
      add(
          "--header %s --label 2".formatted(answer),
          plan -> {
            plan.file = texts;
            plan.roles = Roles.of("2", Roles.Task.CLASSIFY);
            plan.reader = plain -> plain.withHeader(answer.equals("yes"));
          });
    }
  }

  private static Learner withTest(Learner learner, TableReader reader, Path file) {
    try {
      return learner.withTest(reader.csv(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Learner withDev(Learner learner, TableReader reader, Path file) {
    try {
      return learner.withDev(reader.csv(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void networks() {
    layers("--hidden 7", List.of(dense(7), RELU), List.of());
    layers("--hidden none", List.of(), List.of());
    for (Activation.Function function : Activation.Function.values()) {
      if (function != Activation.Function.RELU) {
        Layer activation = Activation.of(function);
        layers(
            "--activation " + Usage.name(function),
            List.of(dense(6), activation),
            List.of(dense(5), activation));
      }
    }
    BatchNorm norm = new BatchNorm();
    layers("--batch-norm", List.of(dense(6), norm, RELU), List.of(dense(5), norm, RELU));
    BatchNorm biased = new BatchNorm(1e-5, 0.9, BatchNorm.Variance.BIASED);
    layers(
        "--batch-norm-variance biased --batch-norm",
        List.of(dense(6), biased, RELU),
        List.of(dense(5), biased, RELU));
    LayerNorm layerNorm = new LayerNorm();
    layers("--layer-norm", List.of(dense(6), layerNorm, RELU), List.of(dense(5), layerNorm, RELU));
    Dropout fifth = Dropout.of(0.2);
    layers("--dropout 0.2", List.of(dense(6), RELU, fifth), List.of(dense(5), RELU, fifth));
    layers(
        "--dropout 0.2,0.5",
        List.of(dense(6), RELU, fifth),
        List.of(dense(5), RELU, Dropout.of(0.5)));
    layers("--dropout 0,0.2", List.of(dense(6), RELU), List.of(dense(5), RELU, fifth));
    add("--input-dropout 0.2", plan -> plan.input = List.of(fifth));
    Dropout classic = fifth.withForm(Dropout.Form.CLASSIC);
    add(
        "--dropout-form classic --dropout 0.2 --input-dropout 0.2",
        plan -> {
          plan.input = List.of(classic);
          plan.first = List.of(dense(6), RELU, classic);
          plan.second = List.of(dense(5), RELU, classic);
        });
    Map.of(
            "zeros", new Initializer.Zeros(),
            "normal", new Initializer.Fixed(1, Distribution.NORMAL),
            "uniform", new Initializer.Fixed(1, Distribution.UNIFORM),
            "lecun", new Initializer.LeCun(Distribution.NORMAL),
            "lecun-uniform", new Initializer.LeCun(Distribution.UNIFORM),
            "glorot", new Initializer.Glorot(Distribution.NORMAL),
            "glorot-uniform", new Initializer.Glorot(Distribution.UNIFORM),
            "he-uniform", new Initializer.He(Distribution.UNIFORM),
            "orthogonal", new Initializer.Orthogonal(1))
        .forEach(
            (name, initializer) ->
                dense("--initializer " + name, dense -> dense.withInitializer(initializer)));
    penalties("--l1", Penalty::l1);
    penalties("--l2", Penalty::l2);
    penalties("--l1-per-example", Penalty::l1PerExample);
    penalties("--l2-per-example", Penalty::l2PerExample);
    dense(
        "--l1-proximal --l1 0.3",
        dense -> dense.withPenalty(Penalty.l1(0.3).withL1Form(Penalty.L1Form.SOFT_THRESHOLD)));
    dense("--max-norm 0.5", dense -> dense.withMaxNorm(0.5));
  }

  private void losses() {
    learner(
        "--label-smoothing 0.1", learner -> learner.withLoss(new Loss.SigmoidCrossEntropy(0.1f)));
    learner("--class-weights balanced", Learner::withBalancedClasses);
    learner(
        "--class-weights up=3,down=0.5",
        learner -> learner.withClassWeights(Map.of("down", 0.5f, "up", 3f)));
    regresses("--loss huber", new Loss.Huber(1));
    regresses("--loss poisson", new Loss.Poisson());
    regresses("--loss quantile", new Loss.Quantile(0.5f));
    regresses("--huber-delta 0.2 --loss huber", new Loss.Huber(0.2f));
    regresses("--quantile 0.9 --loss quantile", new Loss.Quantile(0.9f));
  }

  private void optimizers() {
    double rate = 1e-3;
    optimizer("--optimizer adamw", Optimizer.adamW(rate, 0.01));
    optimizer("--optimizer sgd", Optimizer.sgd(rate));
    optimizer("--optimizer momentum", Optimizer.momentum(rate, 0.9, MomentumForm.CLASSIC));
    optimizer("--optimizer nesterov", Optimizer.nesterov(rate, 0.9));
    optimizer("--optimizer rmsprop", Optimizer.rmsprop(rate));
    optimizer("--optimizer amsgrad", Optimizer.amsgrad(rate));
    optimizer("--optimizer nadam", Optimizer.nadam(rate));
    optimizer("--optimizer adagrad", Optimizer.adagrad(rate));
    optimizer("--optimizer lion", Optimizer.lion(rate, 0));
    optimizer("--learning-rate 0.01", Optimizer.adam(0.01));
    for (boolean nesterov : new boolean[] {false, true}) {
      String name = nesterov ? "nesterov" : "momentum";
      optimizer(
          "--momentum 0.5 --optimizer " + name,
          Optimizer.sgd(rate).then(new Transform.Momentum(0.5, MomentumForm.CLASSIC, nesterov)));
      optimizer(
          "--momentum-form ewma --momentum 0.5 --optimizer " + name,
          Optimizer.sgd(rate).then(new Transform.Momentum(0.5, MomentumForm.EWMA, nesterov)));
    }
    optimizer("--momentum 0.5 --optimizer rmsprop", Optimizer.rmsprop(rate, 0.5));
    EpsilonPlace outside = EpsilonPlace.OUTSIDE_ROOT;
    Map.of(
            "adam", new Transform.Adam(0.7, 0.999, 1e-8, outside),
            "amsgrad", new Transform.AmsGrad(0.7, 0.999, 1e-8, outside),
            "nadam", new Transform.NAdam(0.7, 0.999, 1e-8, outside),
            "lion", new Transform.Lion(0.7, 0.99))
        .forEach(
            (name, link) ->
                optimizer("--beta1 0.7 --optimizer " + name, Optimizer.sgd(rate).then(link)));
    Map.of(
            "adam", new Transform.Adam(0.9, 0.8, 1e-8, outside),
            "amsgrad", new Transform.AmsGrad(0.9, 0.8, 1e-8, outside),
            "nadam", new Transform.NAdam(0.9, 0.8, 1e-8, outside),
            "lion", new Transform.Lion(0.9, 0.8),
            "rmsprop", new Transform.Rms(0.8, 1e-8, outside))
        .forEach(
            (name, link) ->
                optimizer("--beta2 0.8 --optimizer " + name, Optimizer.sgd(rate).then(link)));
    Map.of(
            "adam", new Transform.Adam(0.9, 0.999, 1e-3, outside),
            "amsgrad", new Transform.AmsGrad(0.9, 0.999, 1e-3, outside),
            "nadam", new Transform.NAdam(0.9, 0.999, 1e-3, outside),
            "rmsprop", new Transform.Rms(0.9, 1e-3, outside),
            "adagrad", new Transform.Adagrad(1e-3, outside))
        .forEach(
            (name, link) ->
                optimizer("--epsilon 1e-3 --optimizer " + name, Optimizer.sgd(rate).then(link)));
    optimizer("--weight-decay 0.3", Optimizer.adamW(rate, 0.3));
    optimizer(
        "--weight-decay 0 --optimizer adamw --clip-norm 1", Optimizer.adam(rate).withClipNorm(1));
    optimizer("--weight-decay 0.3 --optimizer lion", Optimizer.lion(rate, 0.3));
    Transform clipped = new Transform.ClipByValue(0.1);
    optimizer(
        "--clip-value 0.1 --optimizer sgd",
        new Optimizer(List.of(clipped), new Schedule.Constant(rate)));
    Transform shortened = new Transform.ClipByGlobalNorm(0.2);
    optimizer(
        "--clip-norm 0.2 --optimizer sgd",
        new Optimizer(List.of(shortened), new Schedule.Constant(rate)));
    optimizer(
        "--clip-norm 0.2 --clip-value 0.1 --optimizer sgd",
        new Optimizer(List.of(shortened, clipped), new Schedule.Constant(rate)));
    schedule("--schedule inverse-time", new Schedule.InverseTime(rate, 1, 1));
    schedule("--schedule exponential", new Schedule.Staircase(rate, 0.95, 1));
    schedule("--schedule inverse-sqrt", new Schedule.InverseSquareRoot(rate));
    schedule("--schedule polynomial", new Schedule.Polynomial(rate, 0, 1, 3));
    schedule("--schedule cosine", new Schedule.Cosine(rate, 0, 3));
    schedule("--schedule cosine-log", new Schedule.CosineLog(rate, 4, 3));
    schedule("--decay-epochs 9 --schedule cosine-log", new Schedule.CosineLog(rate, 4, 9));
    schedule("--schedule one-cycle", new Schedule.OneCycle(rate, 3));
    schedule("--decay-epochs 2 --schedule staircase", new Schedule.Staircase(rate, 0.5, 2));
    schedule(
        "--decay-epochs 1,2 --schedule multi-step",
        new Schedule.MultiStep(rate, 0.1, List.of(1L, 2L)));
    schedule(
        "--decay-epochs 2 --schedule cosine-restarts --final-rate 1e-4",
        new Schedule.CosineRestarts(rate, 1e-4, 2, 2));
    schedule("--decay-epochs 2 --schedule polynomial", new Schedule.Polynomial(rate, 0, 1, 2));
    schedule("--decay-epochs 2 --schedule cosine", new Schedule.Cosine(rate, 0, 2));
    schedule("--decay-epochs 9 --schedule one-cycle", new Schedule.OneCycle(rate, 9));
    schedule("--decay-rate 2 --schedule inverse-time", new Schedule.InverseTime(rate, 2, 1));
    schedule("--decay-rate 0.5 --schedule exponential", new Schedule.Staircase(rate, 0.5, 1));
    schedule(
        "--decay-rate 0.3 --schedule staircase --decay-epochs 1",
        new Schedule.Staircase(rate, 0.3, 1));
    schedule(
        "--decay-rate 0.3 --schedule multi-step --decay-epochs 1",
        new Schedule.MultiStep(rate, 0.3, List.of(1L)));
    schedule("--decay-rate 2 --schedule polynomial", new Schedule.Polynomial(rate, 0, 2, 3));
    schedule("--final-rate 1e-4 --schedule cosine", new Schedule.Cosine(rate, 1e-4, 3));
    schedule("--final-rate 1e-4 --schedule polynomial", new Schedule.Polynomial(rate, 1e-4, 1, 3));
    schedule("--warm-up 2", new Schedule.WarmUp(1 / 3.0, 2, new Schedule.Constant(rate)));
    schedule(
        "--warm-up 1 --schedule cosine",
        new Schedule.WarmUp(0.5, 1, new Schedule.Cosine(rate, 0, 2)));
  }

  private void loops() {
    recipe("--batch-size 5", recipe -> recipe.withBatchSize(5));
    recipe("--batch-size full", recipe -> recipe.withBatchSize(0));
    recipe("--batch-size auto", recipe -> recipe.withBatchSize(36)); // 60 % of 60
    recipe("--epochs 4", recipe -> recipe.withEpochs(4));
    add(
        "--seed 5",
        plan -> {
          plan.learner = learner -> learner.withSeed(5);
          plan.recipe = recipe -> recipe.withSeed(5);
        });
    UnaryOperator<Recipe> fast = recipe -> recipe.withOptimizer(Optimizer.adam(0.1)).withEpochs(40);
    recipe(
        "--patience 2 --learning-rate 0.1 --epochs 40",
        recipe -> fast.apply(recipe).withEarlyStopping(EarlyStopping.patience(2)));
    recipe(
        "--patience 0 --learning-rate 0.1 --epochs 40",
        recipe -> fast.apply(recipe).withEarlyStopping(EarlyStopping.never()));
    // The usual patience, 10.
    recipe("--epochs 40 --learning-rate 0.1", fast);
    // Without early stopping, whose best epoch may be one before the rate falls.
    for (double factor : new double[] {0.5, 0.1}) {
      String rule = factor == 0.5 ? "--plateau 2,0.5" : "--plateau 2";
      recipe(
          rule + " --patience 0 --learning-rate 0.1 --epochs 20",
          recipe ->
              fast.apply(recipe)
                  .withEpochs(20)
                  .withEarlyStopping(EarlyStopping.never())
                  .withReduceOnPlateau(ReduceOnPlateau.of(2, factor)));
    }
    recipe("--average ema=0.9", recipe -> recipe.withAveraging(new Averaging.Exponential(0.9)));
    recipe("--average epochs=2", recipe -> recipe.withAveraging(new Averaging.Epochs(2)));
    // Parts of 64 rows have the same bits; of fewer, sums of biases are rounded otherwise.
    recipe("--micro-batch 3", recipe -> recipe.withMicroBatch(3));
    same("--micro-batch 64");
    same("--live");
    same("--live-port 0 --live");
    same("--threads 2");
    same("--kernels scalar");
  }

  private void files() throws IOException {
    for (String option :
        List.of("--model", "--history", "--observe", "--tensorboard", "--checkpoint")) {
      same("%s %s".formatted(option, folder.resolve(option.substring(2))));
    }
    same("--report " + folder.resolve("report.html"));
    same("--export-data " + folder.resolve("numbers"));
    same("--report-columns a,b --report " + folder.resolve("report.html"));
    same("--human-error 0.1");
    same("--learning-curve");
    same("--leak-check");
    Plan plan = new Plan(table);
    plan.learner = learner -> learner.withSeed(9);
    Path weights = folder.resolve("weights.safetensors");
    Model seeded;
    try (Run run = plan.begin()) {
      seeded = run.training().model();
    }
    seeded.save(weights);
    rows.add(new Row("--initial-weights " + weights, true, null));
  }

  private static String[] command(Path file, String options) {
    List<String> words = new ArrayList<>(List.of("train", file.toString()));
    List<String> given = new ArrayList<>(List.of(options.split(" ")));
    given.removeIf("--json"::equals);
    words.add("--json");
    words.addAll(given);
    BASE.forEach(
        (option, value) -> {
          if (!given.contains(option)) {
            words.addAll(List.of(option, value));
          }
        });
    return words.toArray(String[]::new);
  }

  private static Map<String, Json> printed(Path file, String options) {
    return json(run(0, (Object[]) command(file, options)));
  }

  private static String digest(Map<String, Json> result) {
    return ((Json.Str) result.get("parametersSha256")).value();
  }

  @Test
  void theTableHasEveryOption() throws IOException {
    fill();
    Set<String> named =
        rows.stream().map(Row::option).collect(Collectors.toCollection(TreeSet::new));
    named.addAll(BY_THEMSELVES);
    Set<String> missing = new TreeSet<>();
    for (OptionSpec option :
        new CommandLine(new Lanewise()).getSubcommands().get("train").getCommandSpec().options()) {
      missing.add(option.longestName());
    }
    missing.removeAll(named);
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyOptionIsThatOfTheLibrary() throws IOException {
    fill();
    List<String> wrong = new ArrayList<>();
    String plain = digest(printed(table, "--json"));
    for (Row row : rows) {
      Plan plan = new Plan(table);
      String expected;
      if (row.byHand == null) {
        expected = fromWeights(plan, Path.of(row.options.split(" ")[1]));
      } else {
        row.byHand.accept(plan);
        Learned learned = plan.learned();
        expected = learned.model().parametersSha256();
      }
      Map<String, Json> actual = printed(plan.file, row.options);
      if (!expected.equals(digest(actual))) {
        wrong.add(row.options + ": not what was set up by hand");
      }
      if (row.changes == digest(actual).equals(plain)) {
        wrong.add(row.options + (row.changes ? ": changes nothing" : ": changes the bits"));
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static String fromWeights(Plan plan, Path weights) throws IOException {
    try (Run run = plan.begin()) {
      float[] first = SafetensorsFile.read(weights).parametersOf(run.recipe().network());
      Training training = Training.start(run.recipe(), run.data(), first, run.engine());
      training.forEach(epoch -> {});
      return training.model().parametersSha256();
    }
  }

  /** Also which epochs there were: the usual patience is 10. */
  @Test
  void patienceEndsTheTrainingAfterSoManyEpochs() {
    for (String patience : List.of("", " --patience 3")) {
      Map<String, Json> result = printed(table, "--epochs 60 --learning-rate 0.1" + patience);
      long waited = number(result.get("epochs")) - number(result.get("bestEpoch"));
      assertEquals(patience.isEmpty() ? 10 : 3, waited);
    }
  }

  /** All rows where they are few, 64 from 2000 training rows on. */
  @Test
  void theBatchSizeThatIsAutoFollowsTheRows() throws IOException {
    assertEquals(
        digest(printed(table, "--batch-size full")), digest(printed(table, "--batch-size auto")));
    Path large = folder.resolve("large.csv");
    Files.writeString(large, csv(2500, 1));
    String options = "--split 80/10/10 --epochs 1 --batch-size ";
    String auto = digest(printed(large, options + "auto"));
    assertEquals(digest(printed(large, options + "64")), auto);
    assertNotEquals(digest(printed(large, options + "full")), auto);
  }

  @Test
  void aResumedRunEndsWhereALongerOneDoes() {
    Path checkpoint = folder.resolve("run.checkpoint");
    printed(table, "--checkpoint " + checkpoint);
    String expected = digest(printed(table, "--epochs 6"));
    assertEquals(expected, digest(printed(table, "--epochs 6 --resume " + checkpoint)));
    assertNotEquals(expected, digest(printed(table, "--epochs 3")));
  }

  /** Also from the model that the replay makes, and from a checkpoint. */
  @Test
  void aReplayIsThatOfTheLibrary() throws IOException {
    Path file = folder.resolve("live.safetensors");
    Path again = folder.resolve("again.safetensors");
    Path checkpoint = folder.resolve("live.checkpoint");
    String expected;
    try (Run run = new Plan(table).begin()) {
      Training live = run.training();
      while (live.epochs() < 2) {
        live.step();
        if (live.steps() == 5) {
          live.changeL2(0.5);
          live.changeRate(0.02);
        }
      }
      live.rollBackToBest();
      live.step();
      live.stop();
      Model model = run.finish().model();
      expected = model.parametersSha256();
      model.save(file);
      live.save(checkpoint);
    }
    assertEquals(expected, digest(printed(table, "--replay %s --model %s".formatted(file, again))));
    assertEquals(Training.commandsIn(file), Training.commandsIn(again));
    assertEquals(4, Training.commandsIn(again).size());
    assertEquals(expected, digest(printed(table, "--replay " + again)));
    assertEquals(expected, digest(printed(table, "--replay " + checkpoint)));
    assertNotEquals(expected, digest(printed(table, "--json")));
  }

  @Test
  void aStreamIsThatOfTheLibrary() throws IOException {
    Plan plan = new Plan(table);
    Run begun =
        plan.learner()
            .begin(
                plan.reader().withMostRows(30).csv(table),
                encoder -> plan.reader().stream(table, encoder),
                30);
    String expected;
    try (Run run = begun) {
      run.forEach(epoch -> {});
      expected = run.finish().model().parametersSha256();
    }
    assertEquals(expected, digest(printed(table, "--stream 30")));
    assertNotEquals(expected, digest(printed(table, "--stream 40")));
  }

  @Test
  void theRateFinderIsThatOfTheLibrary() throws IOException {
    Plan plan = new Plan(table);
    CommandLineRun found = run(0, (Object[]) command(table, "--find-learning-rate"));
    try (Run run = plan.begin()) {
      Json expected = RateTable.json(RateFinder.standard().find(run.training()));
      assertEquals(expected.toString(), found.out().getLast());
    }
  }

  /** Steps and components: at fewer components another δ is the largest. */
  @Test
  void auditsAreThoseOfTheLibrary() throws IOException {
    for (int[] asked : new int[][] {{4, 9}, {3, 30}, {4, 2}}) {
      List<Training.Audit> audits = new ArrayList<>();
      Plan plan = new Plan(table);
      try (Run run = plan.begin()) {
        run.training().audit(asked[0], asked[1], audits::add);
        run.forEach(epoch -> {});
      }
      String option =
          asked[1] == 30 ? "--audit " + asked[0] : "--audit %d,%d".formatted(asked[0], asked[1]);
      Map<String, Json> result = printed(table, option);
      assertEquals(audits.size(), number(result.get("audits")));
      double largest =
          audits.stream().mapToDouble(audit -> audit.report().delta()).max().orElseThrow();
      assertEquals(largest, decimal(result.get("auditDelta")), option);
      assertTrue(
          audits.stream().allMatch(audit -> audit.report().parameters() >= asked[1]), option);
    }
  }

  @Test
  void temperatureAndThresholdAreThoseOfTheLibrary() throws IOException {
    Plan plan = new Plan(table);
    plan.recipe = recipe -> recipe.withEpochs(30).withOptimizer(Optimizer.adam(0.03));
    String base = "--epochs 30 --learning-rate 0.03";
    Learned learned = plan.learned();
    double[] probabilities = second(learned.model(), plan);
    Plan calibrating = new Plan(table);
    calibrating.recipe = plan.recipe;
    calibrating.learner = Learner::withCalibration;
    Model calibrated = calibrating.learned().model();
    double[] after = second(calibrated, plan);
    for (Threshold.Measure measure : Threshold.Measure.values()) {
      String tuned = base + " --tune-threshold " + Usage.name(measure);
      float[] targets = targets(plan);
      Threshold plain = Threshold.fit(probabilities, targets, targets.length, measure);
      Map<String, Json> result = printed(table, tuned);
      assertEquals(plain.probability(), (float) decimal(result.get("threshold")), tuned);
      Threshold both = Threshold.fit(after, targets, targets.length, measure);
      result = printed(table, tuned + " --calibrate");
      assertEquals(
          calibrated.temperature().value(), (float) decimal(result.get("temperature")), tuned);
      assertEquals(both.probability(), (float) decimal(result.get("threshold")), tuned);
    }
    assertNotEquals(1, calibrated.temperature().value());
  }

  /** Rows that are set aside train nothing: the rest is a file, and so are they. */
  @Test
  void rowsSetAsideCalibrateAndDoNothingElse() throws IOException {
    for (String task : List.of("", " --task regress --label v")) {
      for (double percent : new double[] {20, 35}) {
        Table all = TableReader.create().csv(table);
        long seed = CounterRandom.key(0, CounterRandom.stream("calibration rows"), 0);
        Split.Ratios ratios = new Split.Ratios(100 - percent, percent, 0);
        List<String> classes = new ArrayList<>();
        int[] numbers =
            IntStream.range(0, all.rows())
                .map(
                    row -> {
                      if (!classes.contains(all.text(row, 6))) {
                        classes.add(all.text(row, 6));
                      }
                      return classes.indexOf(all.text(row, 6));
                    })
                .toArray();
        Split parts =
            task.isEmpty()
                ? Split.stratified(numbers, ratios, seed)
                : Split.plain(all.rows(), ratios, seed);
        Path rest = folder.resolve("rest.csv");
        Path aside = folder.resolve("aside.csv");
        Files.write(rest, lines(parts.train()));
        Files.write(aside, lines(parts.dev()));
        Path plain = folder.resolve("plain");
        Path model = folder.resolve("model");
        Map<String, Json> without = printed(rest, "--model " + plain + task);
        for (String method : task.isEmpty() ? List.of("lac", "aps") : List.of("residual")) {
          String asked = "--conformal 0.8,0.5 --conformal-rows %s --conformal-method %s --model %s";
          Map<String, Json> with = printed(table, asked.formatted(percent, method, model) + task);
          assertEquals(without.get("parametersSha256"), with.get("parametersSha256"));
          assertEquals(without.get("test"), with.get("test"));
          Path calibrated = folder.resolve("calibrated");
          String by = "calibrate %s %s --coverage 0.8,0.5 --json --method %s -o %s";
          Map<String, Json> expected =
              json(run(0, (Object[]) by.formatted(plain, aside, method, calibrated).split(" ")));
          assertEquals(new Json.Obj(expected), with.get("conformal"));
          assertEquals(
              SafetensorsFile.read(calibrated).metadata("conformal"),
              SafetensorsFile.read(model).metadata("conformal"));
          assertTrue(with.containsKey("coverage"), "of the test rows");
        }
      }
    }
    assertEquals(
        "lac",
        ((Json.Str)
                Commands.object(printed(table, "--conformal 0.5").get("conformal")).get("method"))
            .value());
    assertEquals(
        12,
        number(Commands.object(printed(table, "--conformal 0.5").get("conformal")).get("rows")));
  }

  /** The lines of some rows, in the order of the file, below its first line. */
  private List<String> lines(int[] rows) throws IOException {
    List<String> all = Files.readAllLines(table);
    List<String> lines = new ArrayList<>(List.of(all.getFirst()));
    Arrays.stream(rows).sorted().mapToObj(row -> all.get(row + 1)).forEach(lines::add);
    return lines;
  }

  /** The probabilities of the second class of dev rows, by the model's own predictor. */
  private static double[] second(Model model, Plan plan) throws IOException {
    try (Run run = plan.begin()) {
      float[] logits = new float[run.dev().orElseThrow().rows()];
      model.predictor().logits(run.dev().orElseThrow().features(), logits.length, logits);
      double[] second = new double[logits.length];
      for (int row = 0; row < second.length; row++) {
        second[row] = 1 / (1 + Math.exp(-logits[row] / model.temperature().value()));
      }
      return second;
    }
  }

  private static float[] targets(Plan plan) throws IOException {
    try (Run run = plan.begin()) {
      return run.dev().orElseThrow().targets();
    }
  }

  @Test
  void everyAugmentationIsThatOfTheLibrary() throws IOException {
    Path images = folder.resolve("train-images-idx4-ubyte");
    byte[] pixels = new byte[40 * 6 * 5 * 3];
    new Random(1).nextBytes(pixels);
    writeIdx(images, pixels, 40, 6, 5, 3);
    byte[] labels = new byte[40];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 3);
    }
    writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, 40);
    Column.Pixels shape = Idx.labelled(images).shape();
    Augmentation.Mirror across = Augmentation.Mirror.HORIZONTAL;
    Map<String, Augmentation> changes =
        Map.ofEntries(
            Map.entry("shift=2", new Augmentation.Shift(shape, 2)),
            Map.entry("crop=2", new Augmentation.Crop(shape, 2)),
            Map.entry("flip", new Augmentation.Flip(shape, across, 0.5)),
            Map.entry(
                "flip=vertical", new Augmentation.Flip(shape, Augmentation.Mirror.VERTICAL, 0.5)),
            Map.entry("rotate=10", new Augmentation.Rotate(shape, 10)),
            Map.entry("zoom=0.1", new Augmentation.Zoom(shape, 0.9, 1.1)),
            Map.entry("brightness=0.2", new Augmentation.Brightness(shape, 0.2)),
            Map.entry("contrast=0.25", new Augmentation.Contrast(shape, 0.75, 1.25)),
            Map.entry("colour=0.1", new Augmentation.Colour(shape, 0.1, 0.1)),
            Map.entry("noise=0.05", new Augmentation.Noise(0.05)),
            Map.entry("mixup=0.2", new Augmentation.Mixup(0.2)));
    Set<String> digests = new TreeSet<>(List.of(digest(printed(images, "--hidden 6,5"))));
    for (Map.Entry<String, Augmentation> change : changes.entrySet()) {
      Plan plan = new Plan(images);
      plan.recipe = recipe -> recipe.withAugmentations(List.of(change.getValue()));
      Learner learner =
          Learner.imageClassifier()
              .withNetwork(plan::network)
              .withRecipe(
                  usual ->
                      plan.recipe.apply(
                          usual
                              .withOptimizer(Optimizer.adam(1e-3))
                              .withBatchSize(8)
                              .withEpochs(3)
                              .withEarlyStopping(EarlyStopping.patience(10))));
      String expected = learner.learn(Idx.labelled(images)).model().parametersSha256();
      String actual = digest(printed(images, "--augment " + change.getKey()));
      assertEquals(expected, actual, change.getKey());
      assertTrue(digests.add(actual), change.getKey());
    }
  }

  /** Cost and loss, dev loss and dev metric are different numbers here. */
  @Test
  void theHistoryHasWhatTheEpochsHad() throws IOException {
    Plan plan = new Plan(table);
    UnaryOperator<Dense> decayed = dense -> dense.withPenalty(Penalty.l2(0.3));
    plan.first = List.of(decayed.apply(dense(6)), RELU);
    plan.second = List.of(decayed.apply(dense(5)), RELU);
    plan.last = decayed;
    Schedule schedule = new Schedule.Staircase(1e-3, 0.95, 1);
    plan.recipe = recipe -> recipe.withOptimizer(Optimizer.adam(1e-3).withSchedule(schedule));
    Path history = folder.resolve("history.csv");
    printed(table, "--l2 0.3 --schedule exponential --history " + history);
    List<String> lines = Files.readAllLines(history);
    assertEquals(
        "epoch,learningRate,trainCost,trainLoss,devLoss,devMetric,seconds", lines.getFirst());
    List<Epoch> epochs = plan.learned().epochs();
    assertEquals(epochs.size(), lines.size() - 1);
    for (Epoch epoch : epochs) {
      String expected =
          "%s,%s,%s,%s,%s,%s,"
              .formatted(
                  epoch.number(),
                  epoch.rate(),
                  epoch.cost(),
                  epoch.trainingLoss(),
                  epoch.devLoss().getAsDouble(),
                  epoch.devMetric().getAsDouble());
      String line = lines.get(epoch.number());
      assertTrue(line.startsWith(expected), line);
      double seconds = Double.parseDouble(line.substring(expected.length()));
      assertTrue(seconds > 0 && seconds < 600, line);
    }
  }

  @Test
  void theProvenanceTellsWhatTheModelWasMadeOf() throws IOException {
    Path file = folder.resolve("model.safetensors");
    String options = "--optimizer sgd --seed 7 --epochs 4 --batch-size full --model ";
    printed(table, options + file);
    Map<String, String> told = Model.load(file).provenance().entries();
    assertEquals("36", told.get("rows"));
    assertEquals("table.csv", told.get("data"));
    assertEquals(Optimizer.sgd(1e-3).toString(), told.get("optimizer"));
    assertEquals("7", told.get("seed"));
    assertEquals("4", told.get("epochs"));
    assertEquals("full", told.get("batchSize"));
    assertTrue(told.get("recipe").contains("4 epochs, seed 7"), told::toString);
    for (String option : List.of("--optimizer sgd", "--seed 7", "--label y", "--hidden 6,5")) {
      assertTrue(told.get("options").contains(option), told::toString);
    }
    assertTrue(!told.get("options").contains("model.safetensors"), told::toString);
  }

  /** A column is named by its own chance divided by the number of columns. */
  @Test
  void aColumnIsCalledShiftedOnlyIfChanceIsRareAmongAllColumns() throws IOException {
    // 200 rows each, distance 0.21: by chance in 2.3 of 10 000 columns.
    for (int others : new int[] {0, 1, 40}) {
      Path train = folder.resolve("train.csv");
      Path dev = folder.resolve("dev.csv");
      Files.writeString(train, shares(100, others));
      Files.writeString(dev, shares(142, others));
      Map<String, Json> result = printed(train, "--split 100/0/0 --epochs 1 --dev " + dev);
      assertEquals(others < 4, result.containsKey("trainDevShift"), "beside " + others);
      if (others < 4) {
        Map<String, Json> named = Commands.object(result.get("trainDevShift"));
        assertEquals(Set.of("c"), named.keySet());
        assertEquals(0.21, decimal(named.get("c")), 1e-12);
      }
    }
  }

  /** {@return a table of 200 rows whose column c is 1 in some, and columns that are alike} */
  private static String shares(int ones, int others) {
    StringBuilder text = new StringBuilder("c");
    for (int i = 0; i < others; i++) {
      text.append(",d").append(i);
    }
    text.append(",y\n");
    for (int row = 0; row < 200; row++) {
      text.append(row < ones ? 1.5 : 0.5);
      for (int i = 0; i < others; i++) {
        text.append(',').append(row * (i + 3) % 11 + 0.5);
      }
      text.append(row % 2 == 0 ? ",p\n" : ",q\n");
    }
    return text.toString();
  }

  /** Flags that only change what is printed. */
  @Test
  void printingChangesNoBits() {
    Map<String, Json> plain = printed(table, "--stacktrace");
    String[] words = command(table, "--json");
    List<String> text = new ArrayList<>(List.of(words));
    text.removeIf("--json"::equals);
    CommandLineRun printed = run(0, text.toArray());
    assertTrue(
        printed.out().stream().anyMatch(line -> line.endsWith(digest(plain))), printed::toString);
  }
}
