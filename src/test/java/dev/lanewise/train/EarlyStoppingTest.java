package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Which epoch is the best, and when a training ends by it. */
final class EarlyStoppingTest {

  private static final Engine ENGINE = Engine.standard();

  private static Recipe recipe(EarlyStopping rule, int epochs) {
    Network network = Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    return Recipe.of(network, Optimizer.sgd(0.1)).withEpochs(epochs).withEarlyStopping(rule);
  }

  private static TrainingData data(DevMetric metric) {
    return TrainingData.of(Samples.classes(20, 1))
        .withDev(Samples.classes(12, 2))
        .withMetric(metric);
  }

  /** Scores of which many are the same, and some none. */
  @Provide
  Arbitrary<List<Double>> scores() {
    return Arbitraries.of(
            0.0, -0.0, 1.0, 0.5, -2.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE)
        .list()
        .ofMinSize(1)
        .ofMaxSize(9);
  }

  @Property
  void theBestIsTheLatestOfTheLargestScoresIfTheRuleSaysSoElseTheFirst(
      @ForAll("scores") List<Double> scores,
      @ForAll @IntRange(max = 4) int patience,
      @ForAll boolean latest) {
    scores.set(0, -1.0); // so that there is a best epoch from the first on
    EarlyStopping first =
        (patience == 0 ? EarlyStopping.keepBest() : EarlyStopping.patience(patience)).onMetric();
    EarlyStopping rule = latest ? first.withLatestOfEqual() : first;
    double[] all = scores.stream().mapToDouble(s -> s).toArray();
    Training training =
        Training.start(recipe(rule, all.length), data(Samples.scripted(all)), ENGINE);
    List<float[]> ends = new ArrayList<>();
    int best = 0;
    int epochs = 0;
    double largest = Double.NEGATIVE_INFINITY;
    while (epochs < all.length && !(patience > 0 && epochs - best >= patience)) {
      assertFalse(training.finished());
      training.finishEpoch();
      ends.add(training.latestParameters());
      double score = all[epochs++];
      if (score > largest || latest && score == largest && epochs > 1) {
        largest = score;
        best = epochs;
      }
      assertEquals(best, training.bestEpoch());
      assertArrayEquals(ends.get(best - 1), training.parameters());
    }
    assertTrue(training.finished());
  }

  /** A metric of two scores is the same in many epochs. */
  @Property(tries = 20)
  void aResumedTrainingTakesTheSameOfEqualEpochs(@ForAll @IntRange(max = 12) int epochs)
      throws IOException {
    EarlyStopping rule = EarlyStopping.keepBest().onMetric().withLatestOfEqual();
    Recipe recipe = recipe(rule, 12).withBatchSize(5);
    DevMetric good =
        DevMetric.of(
            "good", true, (z, dev, loss) -> Samples.ACCURACY.score(z, dev, loss) > 0.5 ? 1 : 0);
    TrainingData data = data(good);
    Training whole = Training.start(recipe, data, ENGINE);
    for (int e = 0; e < epochs; e++) {
      whole.finishEpoch();
    }
    Training resumed = Training.resume(whole.toBytes(), recipe, data, ENGINE);
    assertEquals(whole.bestEpoch(), resumed.bestEpoch());
    whole.forEach(epoch -> {});
    resumed.forEach(epoch -> {});
    assertEquals(whole.bestEpoch(), resumed.bestEpoch());
    assertArrayEquals(whole.parameters(), resumed.parameters());
    EarlyStopping first = EarlyStopping.keepBest().onMetric();
    Training other = Training.start(recipe.withEarlyStopping(first), data, ENGINE);
    other.forEach(epoch -> {});
    assertTrue(other.bestEpoch() < whole.bestEpoch(), "no equal epochs, so nothing was tested");
  }

  @Example
  void aScoreThatIsNoneIsNeverBetter() {
    for (EarlyStopping rule :
        List.of(EarlyStopping.keepBest(), EarlyStopping.keepBest().withLatestOfEqual())) {
      for (double best : new double[] {Double.POSITIVE_INFINITY, 1, Double.NEGATIVE_INFINITY}) {
        assertFalse(rule.isBetter(Double.NaN, best));
        assertFalse(rule.isBetter(Double.POSITIVE_INFINITY, best));
      }
      assertTrue(rule.isBetter(Double.MAX_VALUE, Double.POSITIVE_INFINITY));
    }
  }

  /** The texts are part of checkpoints: those of rules that there were are what they were. */
  @Example
  void onlyWhatIsNewIsToldOfARule() {
    assertEquals(
        "EarlyStopping[patience=3, minimumDelta=0.5, watch=DEV_METRIC]",
        EarlyStopping.patience(3).onMetric().withMinimumDelta(0.5).toString());
    assertEquals(
        "EarlyStopping[patience=0, minimumDelta=0.0, watch=DEV_LOSS]",
        EarlyStopping.never().toString());
    assertEquals(
        "EarlyStopping[patience=2147483647, minimumDelta=0.0, watch=DEV_LOSS, latestOfEqual=true]",
        EarlyStopping.keepBest().withLatestOfEqual().toString());
  }

  @Example
  void rulesAreEqualIfAllOfThemIs() {
    EarlyStopping rule = EarlyStopping.patience(3).withLatestOfEqual();
    assertEquals(rule, EarlyStopping.patience(3).withLatestOfEqual());
    assertEquals(rule.hashCode(), EarlyStopping.patience(3).withLatestOfEqual().hashCode());
    assertNotEquals(rule, EarlyStopping.patience(3));
    assertEquals(rule.onMetric(), EarlyStopping.patience(3).onMetric().withLatestOfEqual());
  }
}
