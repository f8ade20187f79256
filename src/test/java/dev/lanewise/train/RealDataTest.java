package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Refit;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trains on well-known data sets: the mean score over the given splits and {@value #SEEDS} seeds
 * must reach the baseline's mean less one standard error. Each set's README states the baseline.
 *
 * <p>A set has one recipe for all its splits, the best of five to fifteen in a cross-validation of
 * five folds within the training rows of each split, or on a fifth of the training rows where there
 * is one large split; the score it had there stands with it. (A training row of one split may be a
 * test row of another.) The encoder learns from training rows alone and no training stops early, so
 * test rows have no say in the parameters.
 */
@Tag("shared")
class RealDataTest {

  private static final int SEEDS = 3;

  private static final Engine ENGINE = Engine.standard();

  /**
   * A baseline of a README.
   *
   * @param mean the mean of its scores
   * @param deviation their sample standard deviation
   * @param runs how many there were
   */
  private record Baseline(double mean, double deviation, int runs) {

    /** {@return the mean less one standard error} */
    double bar() {
      return mean - deviation / Math.sqrt(runs);
    }
  }

  /** A file of examples, and one that marks the test rows of each split. */
  private record Source(String folder, String marks, Roles roles) {

    Table table() throws IOException {
      return Table.csv(SharedData.file("data/%s/%s.csv".formatted(folder, folder)));
    }

    Table splits() throws IOException {
      return Table.csv(SharedData.file("data/%s/%s.csv".formatted(folder, marks)));
    }
  }

  /** {@return the rows that a split marks so: 1 test, 0 training} */
  private static int[] rows(Table splits, int split, int mark) {
    double[] marks = splits.numbers(split, splits.all());
    return IntStream.range(0, marks.length).filter(row -> marks[row] == mark).toArray();
  }

  /**
   * What does not depend on a split: an Adam-trained network of ReLU layers with an L2 penalty.
   *
   * @param hidden the units of the hidden layers
   * @param inputDropout the share of inputs to drop
   * @param dropout the share of hidden units to drop
   * @param l2 λ of the penalty λ/2·Σw²
   * @param rate the learning rate at first, multiplied by {@code factor} every {@code interval}
   *     epochs
   */
  private record Design(
      List<Integer> hidden,
      double inputDropout,
      double dropout,
      double l2,
      Schedule.Staircase rate,
      int batchSize,
      int epochs) {

    Recipe recipe(Encoder encoder, long seed) {
      return Recipe.of(network(encoder), Optimizer.adam(rate.initial()).withSchedule(rate))
          .withBatchSize(batchSize)
          .withEpochs(epochs)
          .withSeed(seed);
    }

    private Network network(Encoder encoder) {
      Network.Builder network = Network.inputs(encoder.encodedColumns());
      if (inputDropout > 0) {
        network.dropout(inputDropout);
      }
      for (int units : hidden) {
        network.add(new Dense(units).withPenalty(Penalty.l2(l2))).relu();
        if (dropout > 0) {
          network.dropout(dropout);
        }
      }
      int outputs = encoder.target().outputs();
      network.add(new Dense(outputs).withPenalty(Penalty.l2(l2)));
      return network.loss(
          switch (encoder.target()) {
            case Target.Classes classes when outputs > 1 -> new Loss.SoftmaxCrossEntropy();
            case Target.Classes classes -> new Loss.SigmoidCrossEntropy();
            case Target.Values values -> new Loss.SquaredError();
          });
    }
  }

  private static Training trained(Recipe recipe, Dataset train, Engine engine) {
    return Samples.trained(recipe, TrainingData.of(train), engine);
  }

  /** {@return the accuracy, or R² of values to predict} */
  private static double score(Training training, Dataset test, Target target, Engine engine) {
    float[] scores = new float[test.rows() * target.outputs()];
    InferencePlan.over(PackedNetwork.pack(training.network(), training.parameters(), engine))
        .scores(test.features(), 0, test.rows(), scores, 0);
    return switch (target) {
      case Target.Classes classes ->
          Classification.of(scores, classes.outputs(), test.targets(), test.rows()).accuracy();
      case Target.Values values -> DevMetric.r2().score(scores, test, training.network().loss());
    };
  }

  /** A set, the recipe that was best for it, and what others reach. */
  private enum Known {
    /** Cross-validated 0.980. */
    DIGITS(
        new Source("digits", "splits", Roles.of("label", Task.CLASSIFY)),
        new Design(List.of(256), 0.1, 0.3, 1e-3, new Schedule.Staircase(0.003, 0.5, 10), 32, 25),
        new Baseline(0.9767, 0.0042, 5)),

    /** Cross-validated 0.977. */
    BREAST_CANCER(
        new Source("breast-cancer", "splits", Roles.of("label", Task.CLASSIFY)),
        new Design(List.of(64), 0, 0, 0.03, new Schedule.Staircase(0.003, 0.5, 10), 32, 30),
        new Baseline(0.9754, 0.0114, 5)),

    /** Cross-validated 0.958. */
    IRIS(
        new Source("iris", "splits", Roles.of("label", Task.CLASSIFY)),
        new Design(List.of(16), 0, 0, 0.03, new Schedule.Staircase(0.01, 0.5, 20), 16, 60),
        new Baseline(0.9333, 0.0577, 5)),

    /**
     * Many ages and two ports of embarkation are missing; a passenger's class is a number that
     * stands for a category. Cross-validated 0.814.
     */
    TITANIC(
        new Source(
            "titanic",
            "splits",
            Roles.of("survived", Task.CLASSIFY)
                .withIgnored("name", "ticket", "cabin")
                .withCategorical("pclass")),
        new Design(List.of(32), 0, 0, 1e-3, new Schedule.Staircase(0.003, 0.5, 10), 32, 30),
        new Baseline(0.8257, 0.0221, 5)),

    /** Cross-validated 0.434. */
    DIABETES(
        new Source("diabetes", "splits", Roles.of("target", Task.REGRESS)),
        new Design(List.of(32), 0, 0, 0.1, new Schedule.Staircase(0.003, 0.5, 10), 32, 20),
        new Baseline(0.3759, 0.0676, 5)),

    /** 0.780 on dev rows. */
    CALIFORNIA_HOUSING(
        new Source("california-housing", "split", Roles.of("medianHouseValue", Task.REGRESS)),
        new Design(List.of(64, 64), 0, 0, 1e-5, new Schedule.Staircase(0.01, 0.7, 4), 128, 30),
        new Baseline(0.7784, 0.0063, 3));

    private final Source source;
    private final Design design;
    private final Baseline baseline;

    Known(Source source, Design design, Baseline baseline) {
      this.source = source;
      this.design = design;
      this.baseline = baseline;
    }

    /** {@return the score of the test rows for each split and seed} */
    double[] scores(Fit fit) throws IOException {
      Table table = source.table();
      Table splits = source.splits();
      double[] scores = new double[splits.columns() * SEEDS];
      for (int split = 0; split < splits.columns(); split++) {
        int[] training = rows(splits, split, 0);
        int[] test = rows(splits, split, 1);
        for (int seed = 0; seed < SEEDS; seed++) {
          scores[split * SEEDS + seed] = fit.score(this, table, training, test, seed);
        }
      }
      return scores;
    }
  }

  /** A way to learn from some rows of a table. */
  private interface Fit {

    /** {@return the accuracy, or R² of values to predict, of the test rows} */
    double score(Known set, Table table, int[] training, int[] test, int seed);
  }

  private static double byDesign(Known set, Table table, int[] training, int[] test, int seed) {
    Encoder encoder = Encoder.fit(table, set.source.roles(), training, Encoder.Options.standard());
    Training run =
        trained(set.design.recipe(encoder, seed), encoder.dataset(table, training), ENGINE);
    return score(run, encoder.dataset(table, test), encoder.target(), ENGINE);
  }

  /** As users have it who know nothing of the data: a fifth of the training rows are dev rows. */
  private static double byPreset(Known set, Table table, int[] training, int[] test, int seed) {
    return score(preset(set, table, test, seed).learn(table.select(training)).test().orElseThrow());
  }

  /** Five models on all training rows, for as many epochs as dev rows among them ask for. */
  private static double byRefit(Known set, Table table, int[] training, int[] test, int seed) {
    Refit refit = Refit.of(preset(set, table, test, seed), 5);
    return score(refit.learn(table.select(training)).test().orElseThrow());
  }

  private static Learner preset(Known set, Table table, int[] test, int seed) {
    return Learner.of(set.source.roles())
        .withPreset(Tabular.small())
        .withTest(table.select(test))
        .withSeed(seed);
  }

  private static double score(Evaluation evaluation) {
    Map<String, Double> scores = evaluation.scores();
    return scores.containsKey("r2") ? scores.get("r2") : scores.get("accuracy");
  }

  @ParameterizedTest
  @EnumSource
  void reachesBar(Known set) throws IOException {
    long began = System.nanoTime();
    double[] scores = set.scores(RealDataTest::byDesign);
    double mean = Arrays.stream(scores).average().orElseThrow();
    System.out.printf(
        "%-18s mean of %2d runs %.4f, bar %.4f, baseline %.4f (%.1f s)%n",
        set,
        scores.length,
        mean,
        set.baseline.bar(),
        set.baseline.mean(),
        (System.nanoTime() - began) * 1e-9);
    assertTrue(mean >= set.baseline.bar(), () -> "%s: %s; %s".formatted(set, mean, set.baseline));
  }

  /**
   * Nothing of the preset was chosen for these sets, other than of the designs. On digits and
   * breast-cancer it does not reach the bar: doc/tabular.md has by how much.
   */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DIGITS", "BREAST_CANCER"})
  @Tag("long")
  void presetIsNoMoreThanAStandardErrorBelow(Known set) throws IOException {
    assertNoMoreThanAStandardErrorBelow(set, RealDataTest::byPreset);
  }

  /** California's housing would take half an hour. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BREAST_CANCER", "CALIFORNIA_HOUSING"})
  @Tag("long")
  void refittedPresetIsNoMoreThanAStandardErrorBelow(Known set) throws IOException {
    assertNoMoreThanAStandardErrorBelow(set, RealDataTest::byRefit);
  }

  private static void assertNoMoreThanAStandardErrorBelow(Known set, Fit fit) throws IOException {
    double[] ours = set.scores(fit);
    double[] designed = set.scores(RealDataTest::byDesign);
    double mean = Arrays.stream(ours).average().orElseThrow();
    double bar = Arrays.stream(designed).average().orElseThrow() - standardError(designed);
    System.out.printf(
        "%-18s preset %.4f, bar %.4f, %s beside %s%n",
        set, mean, bar, Arrays.toString(ours), Arrays.toString(designed));
    assertTrue(mean >= bar, () -> "%s: %s, bar %s".formatted(set, mean, bar));
  }

  private static double standardError(double[] scores) {
    double mean = Arrays.stream(scores).average().orElseThrow();
    double squares = Arrays.stream(scores).map(x -> (x - mean) * (x - mean)).sum();
    return Math.sqrt(squares / (scores.length - 1) / scores.length);
  }

  /**
   * Batch norm and dropout, chosen on the last 10 000 training rows, where it had 0.984 after
   * training on the others; no norm and dropout of 0.4 had 0.983.
   */
  @Test
  @Tag("long")
  void mnist() throws IOException {
    Idx.Images images = Idx.labelled(SharedData.file("data/mnist/train-images-idx3-ubyte.gz"));
    Idx.Images judges = Idx.labelled(SharedData.file("data/mnist/t10k-images-idx3-ubyte.gz"));
    Encoder encoder = Encoder.fit(images);
    Dataset train = encoder.dataset(images, all(images));
    Dataset test = encoder.dataset(judges, all(judges));
    Network network =
        Network.inputs(784)
            .dense(512)
            .batchNorm()
            .relu()
            .dropout(0.5)
            .dense(256)
            .batchNorm()
            .relu()
            .dropout(0.3)
            .dense(10)
            .loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe =
        Recipe.of(
                network, Optimizer.adam(0.003).withSchedule(new Schedule.Staircase(0.003, 0.75, 1)))
            .withBatchSize(128)
            .withEpochs(15);
    double[] accuracies = new double[SEEDS];
    try (ExecutorService helpers = Executors.newSingleThreadExecutor()) {
      Engine engine = ENGINE.withParallel(Parallel.on(helpers, 2));
      for (int seed = 0; seed < SEEDS; seed++) {
        long began = System.nanoTime();
        Training run = trained(recipe.withSeed(seed), train, engine);
        double seconds = (System.nanoTime() - began) * 1e-9;
        accuracies[seed] = score(run, test, encoder.target(), engine);
        System.out.printf(
            "mnist seed %d: accuracy %.4f after %d epochs in %.0f s%n",
            seed, accuracies[seed], run.epochs(), seconds);
      }
    }
    double mean = Arrays.stream(accuracies).average().orElseThrow();
    assertTrue(mean >= 0.983, () -> "mnist: mean accuracy %s".formatted(mean));
  }

  private static int[] all(Idx.Images images) {
    return IntStream.range(0, images.count()).toArray();
  }
}
