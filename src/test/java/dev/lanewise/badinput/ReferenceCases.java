package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.RESULT;

import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.Map;

/** Bad input to the package {@code reference}. */
final class ReferenceCases {

  private static final double[][] X = {{1, 2}};
  private static final double[][] Y = {{1}};
  private static final double[] THETA = new double[3];

  private ReferenceCases() {}

  static void list(BadInputs bad) {
    batches(bad);
    networks(bad);
    bad.takeAnything(
        RESULT,
        "new ReferenceNetwork.Cost(double, double, double, BitSet)",
        "new ReferenceNetwork.LayerValues(Node, double[][])");
    bad.takeAnything("any floats can be widened", "ReferenceNetwork.widen(float[])");
  }

  private static void batches(BadInputs bad) {
    String two = "new ReferenceNetwork.Batch(double[][], double[][])";
    double[][] ragged = {{1, 2}, {1}};
    bad.refuses(two, () -> new ReferenceNetwork.Batch(new double[0][], Y), "x: no rows");
    bad.refuses(
        two, () -> new ReferenceNetwork.Batch(ragged, Y), "x: row 1 has 1 columns; expected 2");
    bad.refuses(
        two, () -> new ReferenceNetwork.Batch(X, new double[2][1]), "targets: 2 rows; expected 1");
    bad.refuses(
        "new ReferenceNetwork.Batch(double[][], double[][], Map, long)",
        () -> new ReferenceNetwork.Batch(X, ragged, Map.of(), 0),
        "targets: row 1 has 1 columns");
    String all = "new ReferenceNetwork.Batch(double[][], double[][], double[], Map, long)";
    bad.refuses(all, () -> weighted(), "weights: 0 numbers; expected 1");
    bad.refuses(all, () -> weighted(-1), "weights: -1.0 in row 0");
    bad.refuses(all, () -> weighted(Double.NaN), "weights: NaN in row 0");
    String of = "ReferenceNetwork.Batch.of(int, float[], float[], long)";
    bad.refuses(of, () -> ReferenceNetwork.Batch.of(0, new float[2], new float[1], 0), "rows, 0");
    bad.refuses(
        of,
        () -> ReferenceNetwork.Batch.of(2, new float[3], new float[2], 0),
        "features: 3 values");
    bad.refuses(
        "ReferenceNetwork.Batch.withWeights(float[])",
        () -> new ReferenceNetwork.Batch(X, Y).withWeights(new float[2]),
        "weights: 2 numbers; expected 1");
    bad.takeAnything(
        "masks are checked against the network", "ReferenceNetwork.Batch.withMasks(Map)");
  }

  private static ReferenceNetwork.Batch weighted(double... weights) {
    return new ReferenceNetwork.Batch(X, Y, weights, Map.of(), 0);
  }

  private static void networks(BadInputs bad) {
    Network perExample =
        Network.inputs(1)
            .add(new Dense(1).withPenalty(Penalty.l2PerExample(1)))
            .loss(new Loss.SquaredError());
    bad.refuses(
        "new ReferenceNetwork(Network)",
        () -> new ReferenceNetwork(perExample),
        "of dense1 is per example");
    ReferenceNetwork squares = network(new Loss.SquaredError());
    String scores = "ReferenceNetwork.logits(double[], double[][])";
    bad.refuses(scores, () -> squares.logits(new double[2], X), "theta: length 2; expected 3");
    bad.refuses(scores, () -> squares.logits(THETA, Y), "x: 1 columns; expected 2");
    String layers = "ReferenceNetwork.layerValues(double[], double[][])";
    bad.refuses(layers, () -> squares.layerValues(new double[2], X), "theta: length 2; expected 3");
    bad.refuses(layers, () -> squares.layerValues(THETA, Y), "x: 1 columns; expected 2");
    bad.refuses(
        "ReferenceNetwork.trainingLogits(double[], Batch)",
        () -> squares.trainingLogits(THETA, new ReferenceNetwork.Batch(Y, Y)),
        "batch: x: 1 columns; expected 2");
    String cost = "ReferenceNetwork.cost(double[], Batch)";
    bad.refuses(
        cost, () -> squares.cost(new double[4], new ReferenceNetwork.Batch(X, Y)), "length 4");
    bad.refuses(
        cost,
        () -> squares.cost(THETA, new ReferenceNetwork.Batch(X, X)),
        "batch: 2 target columns");
    bad.refuses(
        cost,
        () ->
            network(new Loss.Poisson())
                .cost(THETA, new ReferenceNetwork.Batch(X, new double[][] {{-1}})),
        "batch: target -1.0");
    bad.refuses( // which a float would round to zero
        cost,
        () ->
            network(new Loss.Poisson())
                .cost(THETA, new ReferenceNetwork.Batch(X, new double[][] {{-1e-50}})),
        "batch: target -1.0E-50");
    bad.refuses(
        "ReferenceNetwork.gradient(double[], Batch)",
        () -> squares.gradient(new double[2], new ReferenceNetwork.Batch(X, Y)),
        "theta: length 2; expected 3");
  }

  private static ReferenceNetwork network(Loss loss) {
    return new ReferenceNetwork(Network.inputs(2).dense(1).loss(loss));
  }
}
