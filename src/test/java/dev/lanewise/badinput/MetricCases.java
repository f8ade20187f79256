package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.QUESTION;
import static dev.lanewise.badinput.BadInputs.RESULT;
import static java.lang.Float.NaN;

import dev.lanewise.metric.Calibration;
import dev.lanewise.metric.Classification;
import dev.lanewise.metric.ConfusionMatrix;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Regression;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.metric.ThresholdCurve;
import java.util.List;

/** Bad input to the package {@code metric}. */
final class MetricCases {

  private static final float[] TWO = {0, 1};
  private static final float[] WITH_NAN = {0, NaN};

  private MetricCases() {}

  static void list(BadInputs bad) {
    classifications(bad);
    confusion(bad);
    others(bad);
    evaluations(bad);
    bad.takeAnything(
        RESULT,
        "new Calibration(int, double, double, List)",
        "new Calibration.Bin(int, double, double)",
        "new Classification(int, int, double, OptionalDouble)",
        "new Regression(int, double, double, OptionalDouble, List)",
        "new Regression.Column(double, double, OptionalDouble)",
        "new Evaluation.ClassScores(String, double, double, double, int)",
        "new Evaluation.CurvePoint(double, int, int, int, int)");
  }

  private static void classifications(BadInputs bad) {
    String of = "Classification.of(float[], int, float[], int)";
    bad.refuses(of, () -> Classification.of(TWO, 1, TWO, 0), "logits: 0 rows of 1");
    bad.refuses(of, () -> Classification.of(TWO, 0, TWO, 2), "logits: 2 rows of 0");
    bad.refuses(of, () -> Classification.of(TWO, 2, TWO, 2), "logits: 2 numbers");
    bad.refuses(of, () -> Classification.of(new float[3], 1, TWO, 3), "targets: 2 numbers");
    bad.refuses(of, () -> Classification.of(WITH_NAN, 1, TWO, 2), "logits: row 1, column 0: NaN");
    bad.refuses(of, () -> Classification.of(TWO, 1, new float[] {0, 2}, 2), "targets: row 1: 2.0");
    bad.refuses(
        "Classification.of(float[], int, float[], int, Temperature)",
        () -> Classification.of(TWO, 1, WITH_NAN, 2, Temperature.NONE),
        "targets: row 1: NaN");
    String auc = "Classification.auc(float[], float[], int)";
    bad.refuses(auc, () -> Classification.auc(TWO, TWO, -1), "scores: -1 rows");
    bad.refuses(auc, () -> Classification.auc(WITH_NAN, TWO, 2), "scores: row 1, column 0: NaN");
    bad.refusesIndex(
        "Classification.predicted(float[], int, int)",
        () -> Classification.predicted(TWO, 2, 1),
        "Index 2");
  }

  private static void confusion(BadInputs bad) {
    String of = "ConfusionMatrix.of(int[], int[], int)";
    bad.refuses(of, () -> ConfusionMatrix.of(new int[1], new int[1], 1), "classes: 1");
    bad.refuses(of, () -> ConfusionMatrix.of(new int[1], new int[2], 2), "predicted: 2 rows");
    bad.refuses(of, () -> ConfusionMatrix.of(new int[] {2}, new int[1], 2), "actual: row 0: 2");
    bad.refuses(
        of, () -> ConfusionMatrix.of(new int[1], new int[] {-1}, 2), "predicted: row 0: -1");
    ConfusionMatrix two = ConfusionMatrix.of(new int[1], new int[1], 2);
    bad.refusesIndex("ConfusionMatrix.count(int, int)", () -> two.count(2, 0), "2");
    bad.refusesIndex("ConfusionMatrix.count(int, int)", () -> two.count(0, -1), "-1");
    bad.refusesIndex("ConfusionMatrix.support(int)", () -> two.support(2), "2");
    bad.refusesIndex("ConfusionMatrix.precision(int)", () -> two.precision(2), "2");
    bad.refusesIndex("ConfusionMatrix.recall(int)", () -> two.recall(2), "2");
    bad.refusesIndex("ConfusionMatrix.f1(int)", () -> two.f1(-1), "-1");
  }

  private static void others(BadInputs bad) {
    double[] two = {0, 1};
    String calibration = "Calibration.of(double[], int, float[], int)";
    bad.refuses(calibration, () -> Calibration.of(two, 1, TWO, 3), "probabilities: 2 numbers");
    bad.refuses(
        calibration,
        () -> Calibration.of(new double[] {0, 2}, 1, TWO, 2),
        "probabilities: row 1: 2.0");
    String second = "Calibration.ofSecondClass(double[], float[], int)";
    bad.refuses(second, () -> Calibration.ofSecondClass(two, TWO, 3), "probabilities: 2 numbers");
    bad.refuses(
        second,
        () -> Calibration.ofSecondClass(new double[] {0, NaN}, TWO, 2),
        "probabilities: row 1: NaN");
    String curve = "ThresholdCurve.of(double[], float[], int)";
    bad.refuses(curve, () -> ThresholdCurve.of(two, TWO, 0), "scores: 0 rows");
    bad.refuses(
        curve, () -> ThresholdCurve.of(new double[] {0, NaN}, TWO, 2), "scores: row 1: NaN");
    bad.refuses(curve, () -> ThresholdCurve.of(two, WITH_NAN, 2), "targets: row 1: NaN");
    bad.refuses(
        "ThresholdCurve.thinned(int)",
        () -> ThresholdCurve.of(two, TWO, 2).thinned(1),
        "most: 1; expected at least 2");
    String regression = "Regression.of(double[], double[], int)";
    double[] withNan = {0, NaN};
    bad.refuses(regression, () -> Regression.of(two, two, 3), "predicted: 2 numbers");
    bad.refuses(regression, () -> Regression.of(two, withNan, 2), "actual: row 1, column 0: NaN");
    bad.refuses(
        "Regression.of(double[], double[], int, int)",
        () -> Regression.of(two, two, 1, 3),
        "predicted: 2 numbers; expected at least 1 rows of 3");

    bad.refuses("new Temperature(float)", () -> new Temperature(0), "temperature: 0.0");
    bad.refuses(
        "Temperature.fit(float[], int, float[], int)",
        () -> Temperature.fit(WITH_NAN, 1, TWO, 2),
        "logits: row 1, column 0: NaN");
    bad.refuses(
        "Temperature.fitCautiously(float[], int, float[], int)",
        () -> Temperature.fitCautiously(WITH_NAN, 1, TWO, 2),
        "logits: row 1, column 0: NaN");
    String apply = "Temperature.apply(float[], int)";
    bad.refuses(apply, () -> new Temperature(2).apply(TWO, 3), "count: 3");
    bad.refuses(apply, () -> Temperature.NONE.apply(TWO, -1), "count: -1");

    bad.refuses(
        "Temperature.probabilities(float[], int, int)",
        () -> Temperature.NONE.probabilities(TWO, 2, 2),
        "logits: 2 numbers; expected at least 2 rows of 2");
    bad.refuses("new Threshold(float)", () -> new Threshold(NaN), "threshold: NaN");
    bad.refuses(
        "Threshold.fit(double[], float[], int, Measure)",
        () -> Threshold.fit(withNan, TWO, 2, Threshold.Measure.F1),
        "probabilities: row 1: NaN");
    bad.takeAnything(QUESTION, "Threshold.admits(double)");
  }

  private static void evaluations(BadInputs bad) {
    String logits = "Evaluation.ofLogits(float[], int, float[], int, Temperature, Threshold)";
    Threshold low = new Threshold(0.25f);
    bad.refuses(logits, () -> logits(TWO, 2, TWO, 2, low), "logits: 2 numbers");
    bad.refuses(logits, () -> logits(WITH_NAN, 1, TWO, 2, low), "logits: row 1, column 0: NaN");
    bad.refuses(logits, () -> logits(new float[3], 3, TWO, 1, low), "threshold: 0.25");
    bad.refuses(logits, () -> logits(TWO, 1, WITH_NAN, 2, low), "targets: row 1: NaN");
    String given = "Evaluation.ofProbabilities(double[], int, float[], int, Threshold)";
    double[] half = {0.5, 0.5};
    bad.refuses(given, () -> Evaluation.ofProbabilities(half, 1, TWO, 2, low), "classes: 1");
    bad.refuses(given, () -> Evaluation.ofProbabilities(half, 2, TWO, 2, low), "2 numbers");
    bad.refuses(
        given,
        () -> Evaluation.ofProbabilities(new double[] {0, NaN}, 2, TWO, 1, low),
        "probabilities: row 0: NaN");
    bad.refuses(
        "Evaluation.ofValues(double[], double[], int, int)",
        () -> Evaluation.ofValues(half, half, 3, 1),
        "predicted: 2 numbers");
    Evaluation.OfClasses classes = logits(TWO, 1, TWO, 2, low);
    List<String> one = List.of("a");
    bad.refuses(
        "Evaluation.OfClasses.withLabels(List)", () -> classes.withLabels(one), "names: [a]");
    bad.refuses(
        "Evaluation.OfClasses.scoresOf(String)", () -> classes.scoresOf("a"), "label: a; expected");
    bad.refuses(
        "Evaluation.OfValues.withNames(List)",
        () -> Evaluation.ofValues(half, half, 1, 2).withNames(one),
        "names: [a]");
  }

  private static Evaluation.OfClasses logits(
      float[] logits, int outputs, float[] targets, int rows, Threshold threshold) {
    return Evaluation.ofLogits(logits, outputs, targets, rows, Temperature.NONE, threshold);
  }
}
