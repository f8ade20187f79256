package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.QUESTION;
import static dev.lanewise.badinput.BadInputs.RESULT;
import static java.lang.Double.NaN;

import dev.lanewise.check.GradientCheck;
import dev.lanewise.check.GradientReport;
import dev.lanewise.check.ObjectiveCheck;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.List;

/** Bad input to the package {@code check}. */
final class CheckCases {

  private static final GradientCheck CHECK =
      GradientCheck.of(Network.inputs(2).dense(1).loss(new Loss.SquaredError()));
  private static final ObjectiveCheck OBJECTIVE = ObjectiveCheck.of(theta -> 0);
  private static final double[] TWO = new double[2];
  private static final double[] THREE = new double[3];
  private static final ReferenceNetwork.Batch BATCH =
      new ReferenceNetwork.Batch(new double[1][2], new double[1][1]);

  private CheckCases() {}

  static void list(BadInputs bad) {
    options(bad);
    networks(bad);
    objectives(bad);
    String derivative = "GradientCheck.Difference.derivative(DoubleUnaryOperator, double, double)";
    bad.refuses(
        derivative, () -> GradientCheck.Difference.TWO_SIDED.derivative(x -> x, 0, 0), "h: 0.0");
    bad.refuses(
        derivative, () -> GradientCheck.Difference.TWO_SIDED.derivative(x -> x, 0, NaN), "h: NaN");
    bad.refuses(
        derivative, () -> GradientCheck.Difference.TWO_SIDED.derivative(x -> x, 0, -1), "h: -1.0");
    double infinite = Double.POSITIVE_INFINITY;
    bad.refuses(
        derivative,
        () -> GradientCheck.Difference.TWO_SIDED.derivative(x -> x, 0, infinite),
        "h: Infinity");
    bad.refuses(
        "new GradientReport(double, List, List, Precision, double)",
        () -> new GradientReport(0, List.of(), List.of(), GradientReport.Precision.SINGLE, NaN),
        "kinkLimit: NaN");
    bad.takeAnything(
        RESULT,
        "new GradientReport.Component(String, int, double, double)",
        "new GradientReport.Tensor(String, double, double, double, int, int, int)");
    bad.takeAnything(QUESTION, "GradientReport.Band.of(double)");
    bad.takeAnything(BadInputs.CHECKED, "GradientReport.Band.meaning(Precision)");
  }

  private static void options(BadInputs bad) {
    bad.takeAnything(
        BadInputs.CHECKED,
        "GradientCheck.withDifference(Difference)",
        "ObjectiveCheck.withDifference(Difference)",
        "ObjectiveCheck.of(ToDoubleFunction)");
    bad.refuses("GradientCheck.withStep(double)", () -> CHECK.withStep(0), "step: 0.0");
    bad.refuses("ObjectiveCheck.withStep(double)", () -> OBJECTIVE.withStep(NaN), "step: NaN");
    bad.refuses("GradientCheck.withStep(double)", () -> CHECK.withStep(1e308), "step: 1.0E308");
    bad.refuses(
        "GradientCheck.withSample(int, long)",
        () -> CHECK.withSample(0, 1),
        "sample: 0 components");
    bad.refuses(
        "ObjectiveCheck.withSample(int, long)",
        () -> OBJECTIVE.withSample(-1, 1),
        "sample: -1 components");
    bad.refuses(
        "GradientCheck.withKinkLimit(double)", () -> CHECK.withKinkLimit(1.5), "kinkLimit: 1.5");
    bad.refuses(
        "ObjectiveCheck.withKinkLimit(double)",
        () -> OBJECTIVE.withKinkLimit(NaN),
        "kinkLimit: NaN");
  }

  private static void networks(BadInputs bad) {
    Network perExample =
        Network.inputs(1)
            .add(new Dense(1).withPenalty(Penalty.l2PerExample(1)))
            .loss(new Loss.SquaredError());
    bad.refuses(
        "GradientCheck.of(Network)",
        () -> GradientCheck.of(perExample),
        "of dense1 is per example");
    String rows = "GradientCheck.check(float[], Dataset, long, Engine)";
    Engine engine = Engine.standard();
    Dataset two = Dataset.of(new float[2], 2, new float[1], 1);
    Dataset narrow = Dataset.of(new float[2], 1, new float[2], 1);
    Dataset none = Dataset.of(new float[0], 2, new float[0], 1);
    bad.refuses(rows, () -> CHECK.check(new float[2], two, 0, engine), "theta: length 2");
    bad.refuses(rows, () -> CHECK.check(new float[3], none, 0, engine), "rows: 0 rows");
    bad.refuses(rows, () -> CHECK.check(new float[3], narrow, 0, engine), "rows: 1 columns");
    String batch = "GradientCheck.check(float[], Batch, long, float[])";
    Batch of = Batch.of(two);
    bad.refuses(batch, () -> CHECK.check(new float[4], of, 0, new float[3]), "theta: length 4");
    bad.refuses(batch, () -> CHECK.check(new float[3], of, 0, new float[2]), "claimed: length 2");
    bad.refuses(
        batch,
        () -> CHECK.check(new float[3], Batch.of(narrow), 0, new float[3]),
        "batch: 1 columns");
    bad.refuses(
        "GradientCheck.check(double[], Batch, float[])",
        () -> CHECK.check(THREE, BATCH, new float[2]),
        "claimed: length 2");
    bad.refuses(
        "GradientCheck.check(double[], Batch, double[])",
        () -> CHECK.check(TWO, BATCH, THREE),
        "theta: length 2");
  }

  private static void objectives(BadInputs bad) {
    String check = "ObjectiveCheck.check(double[], double[])";
    bad.refuses(check, () -> OBJECTIVE.check(new double[0], TWO), "theta: no components");
    bad.refuses(check, () -> OBJECTIVE.check(TWO, THREE), "claimed: length 3; expected 2");
  }
}
