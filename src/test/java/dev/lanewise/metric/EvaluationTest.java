package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final int MANY = 100_000;

  /** Logits on a grid, so that many are equal, and classes that depend on them. */
  private record Drawn(float[] logits, int outputs, float[] targets, int rows) {
    static Drawn of(long seed, int rows, int outputs) {
      Random random = new Random(seed);
      float[] logits = new float[rows * outputs];
      float[] targets = new float[rows];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = Math.round(400 * random.nextGaussian()) / 100f;
      }
      for (int r = 0; r < rows; r++) {
        targets[r] =
            outputs == 1
                ? (logits[r] + 3 * random.nextGaussian() > 0 ? 1 : 0)
                : random.nextInt(outputs);
      }
      return new Drawn(logits, outputs, targets, rows);
    }

    Evaluation.OfClasses judged(Threshold threshold) {
      return Evaluation.ofLogits(logits, outputs, targets, rows, Temperature.NONE, threshold);
    }

    double p(int row) {
      return 1 / (1 + Math.exp(-logits[row]));
    }
  }

  @Test
  void scoresOfManyRowsAreThoseOfPlainLoops() {
    Drawn drawn = Drawn.of(2, MANY, 5);
    Evaluation.OfClasses judged = drawn.judged(Threshold.HALF);
    double loss = 0;
    double brier = 0;
    int[] correct = new int[1];
    int[][] counts = new int[5][5];
    for (int r = 0; r < MANY; r++) {
      double sum = 0;
      int best = 0;
      for (int c = 0; c < 5; c++) {
        sum += Math.exp(drawn.logits[5 * r + c]);
        best = drawn.logits[5 * r + c] > drawn.logits[5 * r + best] ? c : best;
      }
      int actual = (int) drawn.targets[r];
      for (int c = 0; c < 5; c++) {
        double p = Math.exp(drawn.logits[5 * r + c]) / sum;
        brier += (p - (c == actual ? 1 : 0)) * (p - (c == actual ? 1 : 0));
        loss -= c == actual ? Math.log(p) : 0;
      }
      correct[0] += best == actual ? 1 : 0;
      counts[actual][best]++;
    }
    assertEquals(correct[0], judged.classification().correct());
    assertEquals(loss / MANY, judged.classification().logLoss(), 1e-9);
    assertEquals(brier / MANY, judged.calibration().brier(), 1e-9);
    for (int c = 0; c < 5; c++) {
      int predicted = 0;
      int actual = 0;
      for (int k = 0; k < 5; k++) {
        predicted += counts[k][c];
        actual += counts[c][k];
      }
      double precision = (double) counts[c][c] / predicted;
      double recall = (double) counts[c][c] / actual;
      Evaluation.ClassScores of = judged.classes().get(c);
      assertEquals(precision, of.precision(), 1e-15);
      assertEquals(recall, of.recall(), 1e-15);
      assertEquals(2 * precision * recall / (precision + recall), of.f1(), 1e-12);
      assertEquals(actual, of.support());
    }
  }

  @Property(tries = 30)
  void theWeightedMeanOfRecallsIsTheAccuracyAndTheMacroMeanTheirPlainMean(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int outputs) {
    Evaluation.OfClasses judged = Drawn.of(seed, 200, outputs).judged(Threshold.HALF);
    assertEquals(judged.accuracy(), judged.weighted().recall(), 1e-12);
    assertEquals(
        judged.classes().stream().mapToDouble(Evaluation.ClassScores::recall).average().orElse(0),
        judged.macro().recall(),
        1e-12);
    assertEquals(200, judged.weighted().support());
  }

  @Property(tries = 30)
  void eachPointOfTheCurveCountsTheRowsFromItsThresholdOn(@ForAll long seed) {
    Drawn drawn = Drawn.of(seed, 300, 1);
    List<Evaluation.CurvePoint> curve = drawn.judged(Threshold.HALF).curve();
    Set<Float> distinct = new TreeSet<>();
    for (float logit : drawn.logits) {
      distinct.add(logit + 0f);
    }
    assertEquals(distinct.size(), curve.size());
    for (Evaluation.CurvePoint point : curve) {
      int truePositives = 0;
      int falsePositives = 0;
      int positives = 0;
      for (int r = 0; r < 300; r++) {
        boolean taken = drawn.p(r) >= point.threshold() - 1e-12;
        positives += drawn.targets[r] == 1 ? 1 : 0;
        truePositives += taken && drawn.targets[r] == 1 ? 1 : 0;
        falsePositives += taken && drawn.targets[r] == 0 ? 1 : 0;
      }
      assertEquals(truePositives, point.truePositives());
      assertEquals(falsePositives, point.falsePositives());
      assertEquals(positives == 0 ? 0 : (double) truePositives / positives, point.recall());
      assertEquals(
          (double) truePositives / (truePositives + falsePositives), point.precision(), 1e-15);
      assertEquals((double) falsePositives / (300 - positives), point.falsePositiveRate(), 1e-15);
    }
  }

  @Test
  void theCurveOfManyDistinctProbabilitiesIsBoundedAndKeepsItsEnds() {
    Random random = new Random(3);
    float[] logits = new float[MANY];
    float[] targets = new float[MANY];
    float largest = Float.NEGATIVE_INFINITY;
    for (int r = 0; r < MANY; r++) {
      logits[r] = (float) random.nextGaussian();
      largest = Math.max(largest, logits[r]);
      targets[r] = r % 2;
    }
    List<Evaluation.CurvePoint> curve =
        Evaluation.ofLogits(logits, 1, targets, MANY, Temperature.NONE, Threshold.HALF).curve();
    assertEquals(Evaluation.OfClasses.MOST_POINTS, curve.size());
    assertEquals(1 / (1 + Math.exp(-largest)), curve.getFirst().threshold(), 1e-15);
    assertEquals(1, curve.getLast().recall());
    assertEquals(1, curve.getLast().falsePositiveRate());
    for (int i = 1; i < curve.size(); i++) {
      assertTrue(curve.get(i).threshold() < curve.get(i - 1).threshold());
      assertTrue(curve.get(i).recall() >= curve.get(i - 1).recall());
    }
  }

  @Test
  void aSureNetworkHasBothClassesProbabilitiesAndAFiniteLogLoss() {
    float[] logits = {20, -20, 80, -700};
    double[] p = Temperature.NONE.probabilities(logits, 1, 4);
    assertEquals(2.0611536181902037e-9, p[0], 1e-15 * 2e-9);
    assertEquals(2.0611536181902037e-9, p[3], 1e-15 * 2e-9);
    assertEquals(1.8048513878454153e-35, p[4], 1e-15 * 2e-35);
    assertEquals(1, p[6]);
    assertTrue(p[7] > 0);
    float[] wrong = {0, 1, 0, 1};
    Evaluation.OfClasses judged =
        Evaluation.ofLogits(logits, 1, wrong, 4, Temperature.NONE, Threshold.HALF);
    assertEquals((20 + 20 + 80 + 700) / 4.0, judged.classification().logLoss(), 1e-8);
  }

  @Property(tries = 30)
  void twoColumnsOfLogitsJudgeAsTheOneOfTheirDifference(@ForAll long seed) {
    Drawn one = Drawn.of(seed, 100, 1);
    float[] both = new float[200];
    for (int r = 0; r < 100; r++) {
      both[2 * r] = -one.logits[r] / 2;
      both[2 * r + 1] = one.logits[r] / 2;
    }
    // A logit of 0 is a tie, of which two columns take the first class and one the second.
    Threshold threshold = new Threshold(0.4f);
    Evaluation.OfClasses expected = one.judged(threshold);
    Evaluation.OfClasses actual =
        Evaluation.ofLogits(both, 2, one.targets, 100, Temperature.NONE, threshold);
    assertEquals(expected.confusion(), actual.confusion());
    assertEquals(expected.classification().auc(), actual.classification().auc());
    assertEquals(expected.classification().logLoss(), actual.classification().logLoss(), 1e-12);
  }

  @Property(tries = 30)
  void probabilitiesJudgeAsTheLogitsThatTheyAreOf(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int outputs) {
    Drawn drawn = Drawn.of(seed, 100, outputs);
    Evaluation.OfClasses expected = drawn.judged(Threshold.HALF);
    Evaluation.OfClasses actual =
        Evaluation.ofProbabilities(
            Temperature.NONE.probabilities(drawn.logits, outputs, 100),
            Math.max(2, outputs),
            drawn.targets,
            100,
            Threshold.HALF);
    assertEquals(expected.classification().logLoss(), actual.classification().logLoss(), 1e-9);
    assertEquals(expected.calibration(), actual.calibration());
    if (outputs != 2) {
      assertEquals(expected.confusion(), actual.confusion());
    }
    assertEquals(
        expected.classification().auc().orElse(-1),
        actual.classification().auc().orElse(-1),
        1e-12);
  }

  @Test
  void namesOfClassesReplaceNumbers() {
    Evaluation.OfClasses judged = Drawn.of(4, 50, 3).judged(Threshold.HALF);
    assertEquals(List.of("0", "1", "2"), judged.labels());
    Evaluation.OfClasses named = judged.withLabels(List.of("cat", "dog", "owl"));
    assertEquals(judged.classes().get(1).recall(), named.scoresOf("dog").recall());
    assertNotEquals(judged, named);
    assertEquals(judged.scores(), named.scores());
  }

  @Test
  void classesPrintAsTables() {
    float[] logits = {2, -1, 1, -3, 0.5f};
    Evaluation.OfClasses judged =
        Evaluation.ofLogits(
                logits, 1, new float[] {1, 0, 0, 0, 1}, 5, Temperature.NONE, Threshold.HALF)
            .withLabels(List.of("no", "yes"));
    String expected =
        """
        class             precision     recall         F1       rows
        no                   1.0000     0.6667     0.8000          3
        yes                  0.6667     1.0000     0.8000          2
        macro mean           0.8333     0.8333     0.8000          5
        weighted mean        0.8667     0.8000     0.8000          5

        true, taken for        no      yes
        no                      2        1
        yes                     0        2\
        """;
    String printed = judged.toString().replace(System.lineSeparator(), "\n");
    assertTrue(printed.startsWith("rows 5  accuracy 0.80000  logLoss 0.45"), printed);
    assertEquals(expected, printed.substring(printed.indexOf("class")));
  }

  @Test
  void valuesPrintAsATable() {
    double[] predicted = {1, 10, 2, 20, 4, 60};
    double[] actual = {1, 10, 2, 40, 3, 40};
    Evaluation.OfValues judged =
        Evaluation.ofValues(predicted, actual, 3, 2).withNames(List.of("height", "weight"));
    assertEquals(
        """
        rows 3  rmse 11.554  mae 6.8333  r2 0.083333

        column        rmse         mae          r2
        height     0.57735     0.33333      0.5000
        weight      16.330      13.333     -0.3333\
        """,
        judged.toString().replace(System.lineSeparator(), "\n"));
  }

  /** Targets of 1e9 + 10x have their true error, not that of the nearest floats. */
  @Test
  void valuesFarFromZeroHaveTheirTrueError() {
    double[] actual = new double[10];
    double[] predicted = new double[10];
    for (int i = 0; i < 10; i++) {
      actual[i] = 1e9 + 10 * i;
      predicted[i] = actual[i] + (i % 2 == 0 ? 1 : -1);
    }
    Regression judged = Evaluation.ofValues(predicted, actual, 10, 1).regression();
    assertEquals(1, judged.rmse());
    assertEquals(1, judged.mae());
    assertEquals(1 - 10 / 8250.0, judged.r2().orElseThrow(), 1e-15);
  }
}
