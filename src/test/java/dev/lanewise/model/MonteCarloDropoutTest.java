package dev.lanewise.model;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Predictions with dropout left on. */
final class MonteCarloDropoutTest {

  private static final Engine ENGINE = Engine.standard();
  private static final long STREAM = CounterRandom.stream("monte-carlo-dropout");

  private static Network network(Dropout.Form form, double inputs, double hidden, Loss loss) {
    return Network.inputs(5)
        .add(new Dropout(inputs, form))
        .dense(20)
        .relu()
        .add(new Dropout(hidden, form))
        .dense(7)
        .layerNorm()
        .relu()
        .add(new Dropout(0.5, form))
        .dense(3)
        .loss(loss);
  }

  private static Model model(Network network, long seed) {
    return Model.of(network, network.initialParameters(seed), ENGINE);
  }

  private static float[] rows(Random random, int rows) {
    float[] features = new float[5 * rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    return features;
  }

  private static boolean[] mask(long seed, int pass, int number, double keep, int units, int rows) {
    long key = CounterRandom.key(CounterRandom.key(seed, STREAM, pass), number, 0);
    boolean[] mask = new boolean[rows * units];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = CounterRandom.kept(key, i % units, CounterRandom.threshold(keep));
    }
    return mask;
  }

  /** The reference network's training pass, with one mask for all rows, is the oracle. */
  @Property(tries = 40)
  void aPassIsTheTrainingForwardOfTheReferenceWithOneMaskForAllRows(
      @ForAll Random random, @ForAll Dropout.Form form, @ForAll @IntRange(min = 1, max = 6) int n) {
    Network network = network(form, 0.8, 0.6, new Loss.SquaredError());
    Model model = model(network, random.nextLong());
    float[] features = rows(random, n);
    long seed = random.nextLong();
    int passes = 5;
    MonteCarloDropout dropout = MonteCarloDropout.of(model, passes, seed);
    double[] draws = new double[n * 3 * passes];
    dropout.draws(features, n, draws);
    for (int pass = 0; pass < passes; pass++) {
      Map<Integer, boolean[]> masks = new HashMap<>();
      masks.put(0, mask(seed, pass, 0, 0.8, 5, n));
      masks.put(1, mask(seed, pass, 1, 0.6, 20, n));
      masks.put(2, mask(seed, pass, 2, 0.5, 7, n));
      double[][] expected =
          new ReferenceNetwork(network)
              .trainingLogits(
                  ReferenceNetwork.widen(model.parameters()),
                  ReferenceNetwork.Batch.of(n, features, new float[3 * n], 0).withMasks(masks));
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(expected[r][c], draws[(r * 3 + c) * passes + pass], 1e-4);
        }
      }
    }
  }

  /** With batch norm a pass is the prediction of a network without the dropped units' weights. */
  @Test
  void aPassTakesTheRunningStatisticsOfBatchNorm() {
    Network network =
        Network.inputs(5)
            .dense(12)
            .batchNorm()
            .relu()
            .dropout(0.4)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy());
    Random random = new Random(5);
    float[] theta = network.initialParameters(3);
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); i < slot.end() && !slot.name().endsWith("weight"); i++) {
        theta[i] = 0.5f + random.nextFloat();
      }
    }
    Model model = Model.of(network, theta, ENGINE).withTemperature(new Temperature(3));
    float[] features = rows(random, 4);
    double[] draws = new double[4 * 3 * 2];
    MonteCarloDropout.of(model, 2, 9).draws(features, 4, draws);
    List<Layer> layers =
        network.layers().stream().filter(layer -> !(layer instanceof Dropout)).toList();
    for (int pass = 0; pass < 2; pass++) {
      boolean[] kept = mask(9, pass, 1, 0.6, 12, 1);
      float[] masked = theta.clone();
      int at = network.layout().slot("dense2.weight").offset();
      for (int i = 0; i < 36; i++) {
        masked[at + i] = kept[i / 3] ? theta[at + i] * (float) (1 / 0.6) : 0;
      }
      double[] expected = new double[12];
      Model.of(new Network(5, layers, network.loss()), masked, ENGINE)
          .withTemperature(new Temperature(3))
          .predictor()
          .probabilities(features, 4, expected);
      for (int i = 0; i < 12; i++) {
        assertEquals(expected[i], draws[2 * i + pass]);
      }
    }
  }

  @Property(tries = 30)
  void meanDeviationAndIntervalAreThoseOfTheDraws(
      @ForAll Random random,
      @ForAll @IntRange(min = 2, max = 45) int passes,
      @ForAll @IntRange(min = 1, max = 99) int percent) {
    Model model = model(network(Dropout.Form.INVERTED, 1, 0.5, new Loss.SoftmaxCrossEntropy()), 4);
    int n = 1 + random.nextInt(4);
    float[] features = rows(random, n);
    MonteCarloDropout dropout =
        MonteCarloDropout.of(model, passes, random.nextLong()).withCoverage(percent / 100.0);
    double[] draws = new double[3 * n * passes];
    dropout.draws(features, n, draws);
    double[] mean = new double[3 * n];
    double[] deviation = mean.clone();
    double[] lower = mean.clone();
    double[] upper = mean.clone();
    dropout.predict(features, n, mean, deviation, lower, upper);
    for (int i = 0; i < mean.length; i++) {
      double[] its = Arrays.copyOfRange(draws, i * passes, (i + 1) * passes);
      double m = Arrays.stream(its).average().orElseThrow();
      assertEquals(m, mean[i], 1e-12);
      double variance = Arrays.stream(its).map(d -> (d - m) * (d - m)).average().orElseThrow();
      assertEquals(Math.sqrt(variance), deviation[i], 1e-12);
      double low = lower[i];
      double high = upper[i];
      int outside = (int) ((long) passes * (100 - percent) / 200);
      Arrays.sort(its);
      assertEquals(its[outside], low);
      assertEquals(its[passes - 1 - outside], high);
      long inside = Arrays.stream(its).filter(d -> d >= low && d <= high).count();
      assertTrue(100 * inside >= (long) percent * passes);
    }
  }

  @Test
  void aRowHasTheSameBitsInAnyBatchAndByAnyThreads() {
    Random random = new Random(8);
    Network network = network(Dropout.Form.INVERTED, 0.9, 0.5, new Loss.SquaredError());
    float[] theta = network.initialParameters(1);
    int n = 300;
    float[] features = rows(random, n);
    double[][] all = predicted(Model.of(network, theta, ENGINE), features, n);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Engine wide = ENGINE.withParallel(Parallel.on(threads, 3));
      double[][] wider = predicted(Model.of(network, theta, wide), features, n);
      assertArrayEquals(all, wider);
    }
    for (int r : new int[] {0, 1, 47, 255, 256, 299}) {
      float[] row = Arrays.copyOfRange(features, 5 * r, 5 * r + 5);
      double[][] alone = predicted(Model.of(network, theta, ENGINE), row, 1);
      for (int k = 0; k < 4; k++) {
        assertArrayEquals(Arrays.copyOfRange(all[k], 3 * r, 3 * r + 3), alone[k]);
      }
    }
  }

  private static double[][] predicted(Model model, float[] features, int n) {
    double[][] out = new double[4][3 * n];
    MonteCarloDropout.of(model, 20, 7).predict(features, n, out[0], out[1], out[2], out[3]);
    return out;
  }

  /** So many passes that their results of 256 rows are not held at once. */
  @Test
  void manyPassesGiveTheRowsTheyGiveOneByOne() {
    Model model = model(network(Dropout.Form.INVERTED, 1, 0.5, new Loss.SquaredError()), 1);
    int n = 200;
    float[] features = rows(new Random(4), n);
    MonteCarloDropout dropout = MonteCarloDropout.of(model, MonteCarloDropout.MOST_PASSES, 1);
    double[][] all = new double[4][3 * n];
    dropout.predict(features, n, all[0], all[1], all[2], all[3]);
    double[][] last = new double[4][3];
    float[] row = Arrays.copyOfRange(features, 5 * (n - 1), 5 * n);
    dropout.predict(row, 1, last[0], last[1], last[2], last[3]);
    for (int k = 0; k < 4; k++) {
      assertArrayEquals(Arrays.copyOfRange(all[k], 3 * n - 3, 3 * n), last[k]);
    }
  }

  @Test
  void theSeedDecidesAndTheModelIsAsItWas() {
    Model model = model(network(Dropout.Form.INVERTED, 1, 0.5, new Loss.SquaredError()), 1);
    String before = model.parametersSha256();
    float[] features = rows(new Random(4), 1);
    double[] first = new double[3 * 4];
    double[] again = new double[3 * 4];
    double[] other = new double[3 * 4];
    MonteCarloDropout.of(model, 4, 1).draws(features, 1, first);
    MonteCarloDropout.of(model, 4, 1).draws(features, 1, again);
    MonteCarloDropout.of(model, 4, 2).draws(features, 1, other);
    assertArrayEquals(first, again);
    assertFalse(Arrays.equals(first, other));
    assertTrue(Arrays.stream(first, 0, 4).distinct().count() > 1, "passes differ");
    assertEquals(before, model.parametersSha256());
  }

  /** Values are in original units; a pass of a linear network says so exactly. */
  @Test
  void valuesAreInOriginalUnits() {
    Network network =
        Network.inputs(1).dense(1).relu().dropout(0.5).dense(1).loss(new Loss.SquaredError());
    Encoder encoder =
        Encoder.of(
            true,
            List.of(new Column.Numeric("x", 0, false)),
            Optional.empty(),
            new Target.Values(100, 10));
    Model model = Model.of(network, new float[] {1, 1, 0, 0}, ENGINE).withEncoder(encoder);
    double[] draws = new double[20];
    MonteCarloDropout.of(model, 20, 3).draws(new float[] {2}, 1, draws);
    for (double draw : draws) {
      assertTrue(draw == 100 || draw == 140, () -> "drew " + draw);
    }
    assertEquals(2, Arrays.stream(draws).distinct().count());
  }

  @Test
  void aRowWithNanHasNoNumbersAndNoOtherRowKnows() {
    Model model = model(network(Dropout.Form.INVERTED, 1, 0.5, new Loss.SquaredError()), 1);
    float[] features = rows(new Random(4), 2);
    features[2] = Float.NaN;
    double[][] out = predicted(model, features, 2);
    double[][] alone = predicted(model, Arrays.copyOfRange(features, 5, 10), 1);
    for (int k = 0; k < 4; k++) {
      assertTrue(Double.isNaN(out[k][0]));
      assertArrayEquals(Arrays.copyOfRange(out[k], 3, 6), alone[k]);
    }
  }

  @Test
  void aNetworkThatDropsNothingIsRefused() {
    Network never = Network.inputs(5).dense(3).relu().dense(3).loss(new Loss.SquaredError());
    Network keepsAll = network(Dropout.Form.INVERTED, 1, 1, new Loss.SquaredError());
    List<Layer> layers = new ArrayList<>(keepsAll.layers());
    layers.replaceAll(layer -> layer instanceof Dropout ? new Dropout(1) : layer);
    for (Network network : List.of(never, new Network(5, layers, keepsAll.loss()))) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> MonteCarloDropout.of(model(network, 1), 10, 0))
              .getMessage();
      assertEquals("model: its network drops nothing; expected one with dropout", message);
    }
  }

  @Tag("allocation")
  @Test
  void predictionsAllocateNothing() {
    Model model = model(network(Dropout.Form.INVERTED, 0.9, 0.5, new Loss.SquaredError()), 1);
    MonteCarloDropout dropout = MonteCarloDropout.of(model, 30, 1);
    float[] features = rows(new Random(4), 3);
    double[][] out = new double[4][9];
    Allocation.assertNone(
        "predict", 100, i -> dropout.predict(features, 3, out[0], out[1], out[2], out[3]));
    double[] draws = new double[9 * 30];
    Allocation.assertNone("draws", 100, i -> dropout.draws(features, 3, draws));
  }

  @Test
  void aDropoutThatNoDenseLayerFollowsIsRefused() {
    Loss loss = new Loss.SquaredError();
    Network between = Network.inputs(5).dense(4).dropout(0.5).relu().dense(2).loss(loss);
    assertRefusedSaying(
        "model: dropout1 stands before Activation[function=RELU, parameter=0.0]; expected a Dense"
            + " directly behind each dropout",
        () -> MonteCarloDropout.of(model(between, 1), 10, 1));
  }

  @Test
  void membersAreRefused() {
    Loss loss = new Loss.SquaredError();
    Network members =
        Network.inputs(5).add(Members.of(3)).dense(4).dropout(0.5).dense(2).loss(loss);
    assertRefusedSaying(
        "model: a network of 3 members, each of which drops other units; expected one without"
            + " members",
        () -> MonteCarloDropout.of(model(members, 1), 10, 1));
  }

  /** One that keeps everything may stand anywhere: here it saves the bias before batch norm. */
  @Test
  void aDropoutThatKeepsEverythingMayStandAnywhere() {
    Loss loss = new Loss.SquaredError();
    Network.Builder builder = Network.inputs(5).dense(4).add(Dropout.keeping(1)).batchNorm();
    Network network = builder.dense(4).dropout(0.5).dense(2).loss(loss);
    float[] rows = rows(new Random(1), 3);
    double[] draws = new double[3 * 2 * 10];
    MonteCarloDropout.of(model(network, 1), 10, 1).draws(rows, 3, draws);
    assertTrue(Arrays.stream(draws).distinct().count() > 10);
  }
}
