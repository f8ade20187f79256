package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Diagnosis.Estimate;
import dev.lanewise.learn.Diagnosis.Verdict;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DiagnosisTest {

  private static final Table TABLE = Flowers.table(150, 3);

  /** Errors of 1 and 11, 15 and 16, 15 and 30, 0.5 and 1 percent. */
  @Test
  void theFourCasesOfTheCourseComeOutAsTaught() {
    assertEquals(Verdict.VARIANCE, perMille(10, 110).verdict());
    assertEquals(Verdict.BIAS, perMille(150, 160).verdict());
    assertEquals(Verdict.BOTH, perMille(150, 300).verdict());
    assertEquals(Verdict.NEITHER, perMille(5, 10).verdict());
  }

  private static Diagnosis perMille(int train, int dev) {
    return Diagnosis.of(train, 1000, dev, 1000);
  }

  /** 15 and 16 percent where nobody does better than 15. */
  @Test
  void biasIsCountedFromTheHumanError() {
    Diagnosis judged = perMille(150, 160).withHumanError(0.145);
    assertEquals(Verdict.NEITHER, judged.verdict());
    assertEquals(0.005, judged.bias().value(), 1e-12);
    assertEquals(judged.trainError().low() - 0.145, judged.bias().low());
    assertEquals(perMille(150, 160).variance(), judged.variance());
    assertEquals(Verdict.BIAS, perMille(150, 160).withHumanError(0.13).verdict(), "2 points");
    assertThrows(IllegalArgumentException.class, () -> judged.withHumanError(15));
  }

  @Test
  void adviceFollowsTheVerdictInTheWordsOfTheCourse() {
    assertEquals(
        List.of(
            "for the variance: more training rows, regularisation (L2, dropout, augmentation, early"
                + " stopping), or another architecture"),
        perMille(10, 110).advice());
    List<String> both = perMille(150, 300).withHumanError(0.01).advice();
    assertEquals(2, both.size());
    assertEquals(
        "for the bias: a bigger network, longer training, or another architecture", both.get(0));
    assertEquals(perMille(10, 110).advice().getFirst(), both.get(1));
  }

  private static Recipe preset(Learner learner, Tabular preset) {
    try (Run run = learner.withPreset(preset.withEpochs(64)).begin(TABLE)) {
      return run.recipe();
    }
  }

  /** What a training did is not advised, and more or less of it with its numbers. */
  @Test
  void adviceLeavesOutWhatTheTrainingDid() {
    Diagnosis both = perMille(150, 300).withHumanError(0.01);
    Learner kinds = Flowers.kinds();
    String other = ", or another architecture";
    assertEquals(
        List.of(
            "for the bias: a bigger network than hidden layers of 256,256,256 units, trained"
                + " functions of numbers, less regularisation than dropout 0.15 and decay 0.02"
                + other,
            "for the variance: more training rows, more regularisation than dropout 0.15 and decay"
                + " 0.02, augmentation, an average of several models"
                + other),
        both.withTraining(preset(kinds, Tabular.small()), 64).advice());
    assertEquals(
        List.of(
            "for the bias: a bigger network than hidden layers of 256,256,256 units, less"
                + " regularisation than dropout 0.3 and decay 0.02"
                + other,
            "for the variance: more training rows, more regularisation than dropout 0.3 and decay"
                + " 0.02, augmentation"
                + other),
        both.withTraining(preset(kinds, Tabular.ensemble(3)), 64).advice());
    Network linear = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Recipe plain = Recipe.of(linear, Optimizer.sgd(1)).withEpochs(30);
    assertEquals(
        List.of(
            "for the bias: hidden layers, of which there are none, more epochs than 30" + other,
            "for the variance: more training rows, L2, augmentation, early stopping, an average of"
                + " several models"
                + other),
        both.withTraining(plain, 28).advice());
  }

  @Test
  void adviceNamesEachPartThatRegularises() {
    Network network =
        Network.inputs(2)
            .add(new Dense(7).withPenalty(Penalty.l1PerExample(0.5)))
            .dropout(0.2)
            .add(new Dense(5).withPenalty(Penalty.l2(1e-4)))
            .dropout(0.1)
            .dense(1)
            .loss(new Loss.SquaredError());
    Recipe recipe =
        Recipe.of(network, Optimizer.adamW(0.1, 100))
            .withEarlyStopping(EarlyStopping.patience(3))
            .withAugmentations(List.of(new Augmentation.Noise(0.1)));
    String its = "regularisation than dropout 0.2 and L1 0.5 and L2 0.0001 and decay 100";
    assertEquals(
        List.of(
            "for the bias: a bigger network than hidden layers of 7,5 units, less %s, or another"
                    .formatted(its)
                + " architecture",
            "for the variance: more training rows, more %s, an average of several models, or"
                    .formatted(its)
                + " another architecture"),
        perMille(150, 300).withHumanError(0.01).withTraining(recipe, 90).advice());
  }

  /** The training error is that of the epoch that dev rows chose; later ones may fit better. */
  @Test
  void biasOfAnEarlyEpochIsAMatterOfVariance() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1)).withEpochs(40);
    Recipe watching = recipe.withEarlyStopping(EarlyStopping.keepBest());
    String variance =
        "for the bias: what helps the variance, as dev rows chose epoch 19 of at most 40";
    Diagnosis both = perMille(150, 300);
    assertTrue(both.withTraining(watching, 19).advice().getFirst().startsWith(variance));
    for (Diagnosis other :
        List.of(both.withTraining(watching, 20), both.withTraining(recipe, 19))) {
      assertFalse(other.advice().getFirst().contains("variance"), other::toString);
    }
  }

  /** Only of a training that went on getting better, and not of a rate that ends with it. */
  @Test
  void moreEpochsAreAdvisedWhereTheLastOnesWereTheBest() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(1)).withEpochs(80);
    Recipe inSteps =
        recipe.withOptimizer(
            Optimizer.sgd(1)
                .withSchedule(new Schedule.PerStep(new Schedule.CosineLog(1, 4, 1000))));
    String more = "more epochs than 80";
    for (int best = 0; best <= 80; best++) {
      Diagnosis of = perMille(150, 160);
      String advice = of.withTraining(recipe, best).withHumanError(0).advice().getFirst();
      assertEquals(best > 72, advice.contains(more), advice);
      assertFalse(of.withTraining(inSteps, best).advice().getFirst().contains(more));
    }
    String one = perMille(150, 160).withTraining(recipe.withEpochs(1), 1).advice().getFirst();
    assertTrue(one.contains("more epochs than 1"), one);
    for (int epochs : new int[] {63, 64}) {
      Diagnosis few = perMille(150, 160).withTraining(inSteps.withEpochs(epochs), epochs);
      assertEquals(epochs == 63, few.advice().getFirst().contains("more epochs than 63"));
    }
  }

  @Test
  void aVerdictIsSettledOnlyIfTheIntervalsLeaveNoOther() {
    assertTrue(perMille(10, 110).isSettled());
    assertFalse(Diagnosis.of(1, 100, 3, 50).isSettled());
    assertFalse(perMille(10, 25).isSettled());
  }

  @Test
  void errorsOfClassesAreThoseOfTheEvaluations() {
    Learned usual = Flowers.kinds().learn(TABLE);
    assertErrors(usual, accuracyLeft(usual.train()), accuracyLeft(usual.dev().orElseThrow()));
    Learned tuned = Flowers.kinds().withThreshold(Threshold.Measure.F1).learn(TABLE);
    Model odd = tuned.model().withThreshold(new Threshold(0.9f));
    Dataset rows = odd.encoder().orElseThrow().dataset(TABLE, tuned.split().train());
    Diagnosis judged = Diagnosis.of(odd, rows, rows, 1);
    assertEquals(accuracyLeft(odd.evaluate(rows)), judged.trainError().value(), 1e-12);
    assertNotEquals(accuracyLeft(tuned.train()), judged.trainError().value(), 1e-3);
  }

  @Test
  void evaluationsOfClassesGiveTheDiagnosisOfTheirRows() {
    Learned learned = Flowers.kinds().learn(TABLE);
    Evaluation.OfClasses train = (Evaluation.OfClasses) learned.train();
    Evaluation.OfClasses dev = (Evaluation.OfClasses) learned.dev().orElseThrow();
    assertEquals(Diagnosis.of(learned, TABLE).toString(), Diagnosis.of(train, dev, 0).toString());
  }

  private static double accuracyLeft(Evaluation of) {
    return 1 - of.scores().get("accuracy");
  }

  private static void assertErrors(Learned learned, double train, double dev) {
    Diagnosis judged = Diagnosis.of(learned, TABLE);
    assertEquals(train, judged.trainError().value(), 1e-12 * (1 + train));
    assertEquals(dev, judged.devError().value(), 1e-12 * (1 + dev));
    assertEquals(dev - train, judged.variance().value(), 1e-12 * (1 + dev));
  }

  @Test
  void errorsOfValuesAreThoseOfTheEvaluations() {
    Learned prices = Flowers.prices().learn(TABLE);
    double train = prices.train().scores().get("rmse");
    assertErrors(prices, train, prices.dev().orElseThrow().scores().get("rmse"));
    Diagnosis judged = Diagnosis.of(prices, TABLE);
    double r2 = prices.train().scores().get("r2");
    double deviation = train / Math.sqrt(1 - r2);
    assertEquals(0.05 * deviation, judged.threshold(), 1e-9 * deviation);
  }

  /** Half of the sets of 30 rows with an error of 2 % have no wrong row at all. */
  @Test
  void intervalsHoldTheTrueErrorAboutAsOftenAsTheySay() {
    assertCovers(30, 0.02, 1);
    assertCovers(100, 0.1, 2);
    assertCovers(400, 0.5, 3);
  }

  private static void assertCovers(int rows, double error, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int sets = 300;
    int held = 0;
    for (int set = 0; set < sets; set++) {
      int wrong = 0;
      for (int r = 0; r < rows; r++) {
        wrong += random.nextDouble() < error ? 1 : 0;
      }
      Estimate of = Diagnosis.of(wrong, rows, 1, 2).trainError();
      held += of.low() <= error && error <= of.high() ? 1 : 0;
    }
    double share = (double) held / sets;
    assertTrue(share > 0.9, () -> "%d rows, %s: %s".formatted(rows, error, share));
  }

  @Test
  void samplesOfSomeOfManyRowsScatterAsAllOfThemDo() {
    Estimate of = Diagnosis.of(40_000, 400_000, 1, 2).trainError();
    double deviation = Math.sqrt(0.1 * 0.9 / 400_000);
    assertEquals(2 * 1.96 * deviation, of.high() - of.low(), 0.2 * deviation);
  }

  @Test
  void trainAndDevRowsAreDrawnApart() {
    Diagnosis same = Diagnosis.of(300, 1000, 300, 1000);
    double deviation = Math.sqrt(2 * 0.3 * 0.7 / 1000);
    Estimate gap = same.variance();
    assertEquals(2 * 1.96 * deviation, gap.high() - gap.low(), 0.4 * deviation);
    assertEquals(gap, Diagnosis.of(300, 1000, 300, 1000).variance());
  }

  @Test
  void aGapThatRoundsToNothingHasNoSign() {
    Diagnosis classes = perMille(10, 110);
    assertEquals("0.00 %", classes.text(-1e-6));
    assertEquals("-0.01 %", classes.text(-1e-4));
    assertEquals("12.35 %", classes.text(0.123456));
  }

  @Test
  void devRowsMustBeInTheTable() {
    Learned apart = Flowers.kinds().withDev(Flowers.table(50, 4)).learn(TABLE);
    assertThrows(IllegalArgumentException.class, () -> Diagnosis.of(apart, TABLE));
  }
}
