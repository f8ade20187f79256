package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.RESULT;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.plan.BatchStatistics;
import dev.lanewise.plan.DataStart;
import dev.lanewise.plan.EncodedInputs;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.MeanLoss;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.plan.Scorer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.WeightFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bad input to the package {@code plan}. */
final class PlanCases {

  private static final Engine ENGINE = Engine.standard();
  private static final Network NETWORK = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
  private static final Network NORMED =
      Network.inputs(2).dense(3).batchNorm().dense(1).loss(new Loss.SquaredError());
  private static final Network CLASSES =
      Network.inputs(2).dense(3).loss(new Loss.SoftmaxCrossEntropy());

  private PlanCases() {}

  static void list(BadInputs bad) {
    compilation(bad);
    steps(bad);
    inference(bad);
    losses(bad);
    statistics(bad);
    Network categories =
        Network.inputs(1)
            .add(new Embedding(List.of(new Embedding.Category(List.of(0), List.of(3), 1))))
            .dense(1)
            .loss(new Loss.SquaredError());
    bad.refuses(
        "EncodedInputs.check(Network, Encoder)",
        () -> EncodedInputs.check(categories, (Encoder) SoundArguments.of(Encoder.class)),
        "network: input 0, of column x, taken as the number of one of 3 values; expected a number");
    Scorer ofValues = new Scorer(new Loss.SquaredError(), Optional.empty());
    bad.refuses(
        "Scorer.classes(float[], int, int)",
        () -> ofValues.classes(new float[1], 1, 1),
        "loss: SquaredError");
    bad.takeAnything(
        CHECKED,
        "new Scorer(Loss, Optional)",
        "new Scorer.Classes(int, float[])",
        "Scorer.evaluate(float[], float[], int, Temperature, Threshold)",
        "Scorer.restored(float[], int)",
        "Scorer.values(float[], int)");
    bad.takeAnything(RESULT, "new LayerOutput(String, double, double)");
  }

  private static void compilation(BadInputs bad) {
    String compile = "TrainingPlan.compile(Network, int, Engine)";
    bad.refuses(compile, () -> TrainingPlan.compile(NETWORK, 0, ENGINE), "maxRows: 0 rows");
    bad.refuses(compile, () -> TrainingPlan.compile(NORMED, 1, ENGINE), "maxRows: 1 rows");
    bad.refuses(
        compile,
        () -> TrainingPlan.compile(NETWORK, Integer.MAX_VALUE, ENGINE),
        "maxRows: 2147483647 rows");
    Network perExample =
        Network.inputs(1)
            .add(new Dense(1).withPenalty(Penalty.l1PerExample(1)))
            .loss(new Loss.SquaredError());
    bad.refuses(
        compile, () -> TrainingPlan.compile(perExample, 1, ENGINE), "dense1 has the per-example");
    String change = "TrainingPlan.changePenalties(Network)";
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 2, ENGINE);
    bad.refuses("TrainingPlan.expect(long)", () -> plan.expect(-1), "steps: -1");
    bad.refuses(
        "TrainingPlan.changeDropout(double)",
        () -> plan.changeDropout(1.5),
        "factor: 1.5; expected a number in [0, 1]");
    bad.refuses(change, () -> plan.changePenalties(perExample), "dense1 has the per-example");
    bad.refuses(change, () -> plan.changePenalties(NORMED), "other: another network");
    String parts = "TrainingPlan.compile(Network, int, int, Engine)";
    bad.refuses(
        parts,
        () -> TrainingPlan.compile(NETWORK, 2, -1, ENGINE),
        "microBatch: -1; expected a number of rows");
    bad.refuses(
        parts, () -> TrainingPlan.compile(NORMED, 4, 2, ENGINE), "microBatch: 2; expected 0");
  }

  private static void steps(BadInputs bad) {
    String gradients = "TrainingPlan.gradients(float[], Batch, long, float[])";
    float[] theta = new float[3];
    float[] gradient = new float[3];
    TrainingPlan plan = TrainingPlan.compile(NETWORK, 2, ENGINE);
    Batch batch = batch(2, 2, 1);
    bad.refuses(
        gradients, () -> plan.gradients(gradient(2), batch, 0, gradient), "parameters: length 2");
    bad.refuses(
        gradients, () -> plan.gradients(theta, batch, 0, gradient(4)), "gradient: length 4");
    bad.refuses(
        gradients, () -> plan.gradients(theta, batch, 0, theta), "gradient: the parameters' own");
    bad.refuses(
        gradients, () -> plan.gradients(theta, batch(3, 2, 1), 0, gradient), "batch: 3 rows");
    bad.refuses(
        gradients, () -> plan.gradients(theta, batch(0, 2, 1), 0, gradient), "batch: 0 rows");
    bad.refuses(
        gradients, () -> plan.gradients(theta, batch(2, 1, 1), 0, gradient), "batch: 1 columns");
    bad.refuses(
        gradients,
        () -> plan.gradients(theta, batch(2, 2, 2), 0, gradient),
        "batch: 2 target columns");
    bad.refuses(
        gradients,
        () -> plan.gradients(theta, batch.withMasks(Map.of(1, new boolean[2])), 0, gradient),
        "mask of dropout 1");
    bad.refuses("TrainingPlan.penalty(float[])", () -> plan.penalty(gradient(1)), "length 1");
    bad.refuses(
        "TrainingPlan.firstNonFinite(float[], Batch, long)",
        () -> plan.firstNonFinite(theta, batch(3, 2, 1), 0),
        "batch: 3 rows");
    bad.refuses(
        "TrainingPlan.outputs(float[], Batch, long)",
        () -> plan.outputs(gradient(1), batch, 0),
        "parameters: length 1");
  }

  private static float[] gradient(int length) {
    return new float[length];
  }

  private static Batch batch(int rows, int columns, int targetColumns) {
    return Batch.of(
        Dataset.of(
            new float[rows * columns], columns, new float[rows * targetColumns], targetColumns));
  }

  private static void inference(BadInputs bad) {
    bad.refuses(
        "PackedNetwork.pack(Network, float[], Engine)",
        () -> PackedNetwork.pack(NETWORK, new float[2], ENGINE),
        "parameters: length 2; expected 3");
    bad.refuses(
        "PackedNetwork.pack(Network, float[], Engine, WeightFormat)",
        () -> PackedNetwork.pack(NETWORK, new float[4], ENGINE, WeightFormat.BFLOAT16),
        "parameters: length 4; expected 3");
    PackedNetwork packed = PackedNetwork.pack(NETWORK, new float[3], ENGINE);
    bad.refuses(
        "PackedNetwork.repack(float[])",
        () -> packed.repack(new float[0]),
        "parameters: length 0; expected 3");
    bad.takeAnything(CHECKED, "InferencePlan.over(PackedNetwork)");
    String scores = "InferencePlan.scores(float[], int, int, float[], int)";
    InferencePlan plan = InferencePlan.over(packed);
    float[] rows = new float[4];
    float[] out = new float[2];
    bad.refuses(scores, () -> plan.scores(rows, 0, 3, out, 0), "features: 3 rows of 2 columns");
    bad.refuses(scores, () -> plan.scores(rows, -1, 1, out, 0), "features: 1 rows");
    bad.refuses(scores, () -> plan.scores(rows, 0, -1, out, 0), "features: -1 rows");
    bad.refuses(scores, () -> plan.scores(rows, 0, 2, out, 1), "scores: 2 rows of 1 columns");
    bad.refuses(
        "InferencePlan.link(float[], int)", () -> plan.link(out, 3), "scores: 3 rows of 1 columns");
    bad.refuses(
        "InferencePlan.firstNonFinite(float[], int)",
        () -> plan.firstNonFinite(rows, 3),
        "features: 3 rows of 2 columns");
  }

  private static void losses(BadInputs bad) {
    bad.refuses(
        "MeanLoss.compile(Network, int, Engine)",
        () -> MeanLoss.compile(NETWORK, 0, ENGINE),
        "maxRows: 0");
    bad.refuses(
        "MeanLoss.compileUnsmoothed(Network, int, Engine)",
        () -> MeanLoss.compileUnsmoothed(NETWORK, -1, ENGINE),
        "maxRows: -1");
    String of = "MeanLoss.of(Team, float[], float[], int, float[], int)";
    Team team = Parallel.callerRuns().team();
    MeanLoss loss = MeanLoss.compile(CLASSES, 2, ENGINE);
    float[] scores = new float[6];
    float[] targets = new float[2];
    bad.takesNull(of, "weights");
    bad.refuses(of, () -> loss.of(team, scores, targets, 1, null, 3), "rows: 3; expected 1 to 2");
    bad.refuses(of, () -> loss.of(team, gradient(5), targets, 1, null, 2), "scores: length 5");
    bad.refuses(of, () -> loss.of(team, scores, gradient(1), 1, null, 2), "targets: length 1");
    bad.refuses(of, () -> loss.of(team, scores, targets, 1, gradient(1), 2), "weights: length 1");
    bad.refuses(of, () -> loss.of(team, scores, gradient(4), 2, null, 2), "2 target columns");
    bad.refuses(
        of, () -> loss.of(team, scores, new float[] {0, 3}, 1, null, 2), "target 3.0 in row 1");
  }

  private static void statistics(BadInputs bad) {
    String reestimate = "BatchStatistics.reestimate(Network, float[], ExampleSet, Engine)";
    float[] theta = new float[NORMED.layout().size()];
    Dataset one = Dataset.of(new float[2], 2, new float[1], 1);
    Dataset narrow = Dataset.of(new float[2], 1, new float[2], 1);
    bad.refuses(
        reestimate,
        () -> BatchStatistics.reestimate(NORMED, new float[1], one, ENGINE),
        "theta: length 1");
    bad.refuses(
        reestimate,
        () -> BatchStatistics.reestimate(NORMED, theta, narrow, ENGINE),
        "rows: 1 columns; expected 2");
    bad.refuses(
        reestimate, () -> BatchStatistics.reestimate(NORMED, theta, one, ENGINE), "rows: 1");
    String start = "DataStart.of(Network, float[], ExampleSet, long, Engine)";
    bad.refuses(start, () -> DataStart.of(NORMED, new float[1], one, 0, ENGINE), "theta: length 1");
    bad.refuses(
        start, () -> DataStart.of(NORMED, theta, narrow, 0, ENGINE), "rows: 1 columns; expected 2");
  }
}
