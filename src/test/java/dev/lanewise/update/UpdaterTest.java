package dev.lanewise.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class UpdaterTest {

  private static final Engine ENGINE = Engine.standard();
  private static final List<Transform> LINKS =
      List.of(
          new Transform.Momentum(0.9, MomentumForm.CLASSIC, false),
          new Transform.Momentum(0.8, MomentumForm.EWMA, false),
          new Transform.Momentum(0.9, MomentumForm.CLASSIC, true),
          new Transform.Momentum(0.7, MomentumForm.EWMA, true),
          new Transform.Rms(0.9, 1e-8, EpsilonPlace.OUTSIDE_ROOT),
          new Transform.Rms(0.99, 1e-6, EpsilonPlace.INSIDE_ROOT),
          new Transform.Adam(),
          new Transform.Adam(0.8, 0.888, 1e-2, EpsilonPlace.INSIDE_ROOT),
          new Transform.AmsGrad(),
          new Transform.AmsGrad(0.8, 0.5, 1e-2, EpsilonPlace.INSIDE_ROOT),
          new Transform.NAdam(),
          new Transform.NAdam(0.8, 0.888, 1e-2, EpsilonPlace.INSIDE_ROOT),
          new Transform.Adagrad(1e-10, EpsilonPlace.OUTSIDE_ROOT),
          new Transform.Adagrad(0.1, EpsilonPlace.INSIDE_ROOT),
          new Transform.Lion(),
          new Transform.WeightDecay(0.1),
          new Transform.WeightDecay(0.3)
              .withFactor(new Schedule.PerStep(new Schedule.Staircase(1, 0.4, 1))),
          new Transform.ClipByValue(0.5));

  /** Rules that name a tensor of every network below. */
  private static final List<Rates.Rule> RULES =
      List.of(
          new Rates.Rule("*", 0.3),
          new Rates.Rule("dense1.*", 3).withRootOfInputs(),
          new Rates.Rule("*.weight", 0.7).withDecay(0.9).withRootOfInputs(),
          new Rates.Rule("*.bias", 0.1).withDecay(0.2),
          new Rates.Rule("last.*", 2),
          new Rates.Rule("last.weight", 1).withDecay(0));

  /** Networks around the sizes of a lane, a segment, a sum's block and a task. */
  private static final List<Network> NETWORKS =
      List.of(
          Network.inputs(1).dense(1).loss(new Loss.SquaredError()),
          Network.inputs(3).dense(5).batchNorm().relu().dense(2).loss(new Loss.SquaredError()),
          Network.inputs(1023).dense(1).loss(new Loss.SquaredError()),
          Network.inputs(32).dense(32).dense(1).loss(new Loss.SquaredError()),
          Network.inputs(127).dense(131).batchNorm().dense(3).loss(new Loss.SquaredError()),
          Network.inputs(257).dense(131).dense(7).loss(new Loss.SquaredError()));

  @Provide
  Arbitrary<Network> networks() {
    return Arbitraries.of(NETWORKS);
  }

  @Provide
  Arbitrary<Optimizer> optimizers() {
    return Arbitraries.randomValue(
        random -> {
          List<Transform> chain = new ArrayList<>();
          if (random.nextInt(3) == 0) {
            chain.add(new Transform.ClipByGlobalNorm(0.5 + random.nextInt(100)));
          }
          int links = random.nextInt(4);
          for (int i = 0; i < links; i++) {
            chain.add(LINKS.get(random.nextInt(LINKS.size())));
          }
          Rates rates = Rates.NONE;
          for (int rules = random.nextInt(4); rules > 0; rules--) {
            rates = rates.then(RULES.get(random.nextInt(RULES.size())));
          }
          return new Optimizer(chain, new Schedule.Constant(0.01), rates);
        });
  }

  /** Three steps of an optimiser; parameters first, then the state in order. */
  private static List<float[]> threeSteps(Optimizer optimizer, Network network, Engine engine) {
    Updater updater = Updater.compile(optimizer, network, engine);
    int size = network.layout().size();
    float[] theta = Floats.normals(size, 1);
    for (int step = 0; step < 3; step++) {
      updater.update(theta, Floats.normals(size, 2 + step), step);
    }
    List<float[]> all = new ArrayList<>(List.of(theta));
    all.addAll(updater.state().moments().values());
    return all;
  }

  private static void assertSameBits(List<float[]> expected, List<float[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  @Tag("kernels")
  @Property(tries = 100)
  void onePassEqualsTheChainRunLinkByLink(
      @ForAll("optimizers") Optimizer optimizer, @ForAll("networks") Network network) {
    Updater updater = Updater.compile(optimizer, network, ENGINE);
    ChainLinkByLink chain = new ChainLinkByLink(optimizer, network.layout());
    int trained = network.layout().trained();
    float[] theta = Floats.normals(network.layout().size(), 1);
    float[] expected = theta.clone();
    for (int step = 0; step < 3; step++) {
      float[] gradient = Floats.normals(theta.length, 2 + step);
      chain.update(
          expected, gradient, Math.sqrt(ENGINE.kernels().sumOfSquares(gradient, 0, trained)));
      updater.update(theta, gradient, 0);
      assertArrayEquals(Arrays.copyOf(expected, trained), Arrays.copyOf(theta, trained));
    }
  }

  @Property(tries = 30)
  void updateIsIndependentOfThreads(
      @ForAll("optimizers") Optimizer optimizer, @ForAll("networks") Network network) {
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      assertSameBits(
          threeSteps(optimizer, network, ENGINE),
          threeSteps(optimizer, network, ENGINE.withParallel(Parallel.on(executor, 3))));
    }
  }

  @Property(tries = 50)
  void restoredUpdaterGoesOnAsIfNeverStopped(
      @ForAll("optimizers") Optimizer optimizer, @ForAll("networks") Network network) {
    int size = network.layout().size();
    Updater whole = Updater.compile(optimizer, network, ENGINE);
    float[] theta = Floats.normals(size, 1);
    whole.update(theta, Floats.normals(size, 2), 0);
    whole.changeRate(0.37);
    float[] resumedTheta = theta.clone();
    Updater resumed = Updater.compile(optimizer, network, ENGINE);
    resumed.restore(whole.state());
    whole.update(theta, Floats.normals(size, 3), 1);
    resumed.update(resumedTheta, Floats.normals(size, 3), 1);
    assertArrayEquals(theta, resumedTheta);
    assertEquals(whole.step(), resumed.step());
    assertEquals(0.37, resumed.rate(5));
  }

  @Test
  void runningStatisticsAreAveragedWithTheirBlocksDecay() {
    Network network =
        Network.inputs(1)
            .dense(1)
            .add(new BatchNorm(1e-5, 0.75, BatchNorm.Variance.BIASED))
            .dense(1)
            .add(new BatchNorm(1e-5, 0.5, BatchNorm.Variance.BIASED))
            .dense(1)
            .loss(new Loss.SquaredError());
    int trained = network.layout().trained();
    float[] theta = new float[network.layout().size()];
    float[] batch = new float[theta.length];
    for (int i = trained; i < theta.length; i++) {
      theta[i] = 8;
      batch[i] = 16;
    }
    Updater.compile(Optimizer.adamW(0.1, 0.1), network, ENGINE).update(theta, batch, 0);
    assertArrayEquals(
        new float[] {10, 10, 12, 12}, Arrays.copyOfRange(theta, trained, theta.length));
  }

  @Test
  void weightDecayLeavesBiasesAlone() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    float[] theta = {1, 2, 3};
    Optimizer optimizer = Optimizer.sgd(0.5).then(new Transform.WeightDecay(0.5));
    Updater.compile(optimizer, network, ENGINE).update(theta, new float[3], 0);
    assertArrayEquals(new float[] {0.75f, 1.5f, 3}, theta);
  }

  /** Wherever a network's weights end in the segments that a step is taken by. */
  @Test
  void weightDecayEndsWithTheWeights() {
    for (Network network : NETWORKS) {
      int decayed = network.layout().decayed();
      float[] theta = new float[network.layout().size()];
      Arrays.fill(theta, 1);
      Optimizer optimizer = Optimizer.sgd(0.5).then(new Transform.WeightDecay(0.5));
      Updater.compile(optimizer, network, ENGINE).update(theta, new float[theta.length], 0);
      for (int i = 0; i < network.layout().trained(); i++) {
        assertEquals(i < decayed ? 0.75f : 1, theta[i], "element " + i);
      }
    }
  }

  @Test
  void firstAdamStepHasTheLengthOfTheRateWhateverTheGradient() {
    Network network = Network.inputs(5).dense(1).loss(new Loss.SquaredError());
    float[] gradient = {1e-4f, -1e-3f, 1f, -1e3f, 0f, 1e10f};
    float[] theta = new float[6];
    Updater.compile(Optimizer.adam(0.01), network, ENGINE).update(theta, gradient, 0);
    for (int i = 0; i < 6; i++) {
      assertEquals(-0.01 * Math.signum(gradient[i]), theta[i], 1e-5);
    }
  }

  @Test
  void clippedGradientHasTheGivenLength() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    float[] theta = new float[3];
    Optimizer optimizer = Optimizer.sgd(1).withClipNorm(1);
    Updater.compile(optimizer, network, ENGINE).update(theta, new float[] {2, 3, 6}, 0);
    assertArrayEquals(new float[] {-2 / 7f, -3 / 7f, -6 / 7f}, theta, 1e-7f);
  }

  @Test
  void shortGradientIsNotClipped() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    float[] theta = new float[3];
    Optimizer optimizer = Optimizer.sgd(1).withClipNorm(7);
    Updater.compile(optimizer, network, ENGINE).update(theta, new float[] {2, 3, 6}, 0);
    assertArrayEquals(new float[] {-2, -3, -6}, theta);
  }

  @Test
  void wrongLengthIsRefusedBeforeAnythingChanges() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(Optimizer.adam(0.1), network, ENGINE);
    float[] theta = new float[3];
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> updater.update(theta, new float[] {1, 1}, 0));
    assertEquals("dTheta: 2 floats; expected the layout's 3", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> updater.update(theta, theta, 0));
    assertThrows(IllegalArgumentException.class, () -> updater.update(theta, new float[3], -1));
    assertEquals(0, updater.step());
    assertArrayEquals(new float[3], theta);
  }

  @Test
  void stateOfAnotherOptimizerIsRefusedBeforeAnythingChanges() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    Updater updater = Updater.compile(Optimizer.adam(0.1), network, ENGINE);
    Updater other = Updater.compile(Optimizer.nesterov(0.1, 0.9), network, ENGINE);
    other.update(new float[3], new float[3], 0);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> updater.restore(other.state()));
    assertEquals(
        "optimiser state: [link1.velocity]; expected [link1.mean, link1.squares]", e.getMessage());
    Map<String, float[]> misshapen = new LinkedHashMap<>();
    misshapen.put("link1.mean", new float[3]);
    misshapen.put("link1.squares", new float[2]);
    assertThrows(
        IllegalArgumentException.class,
        () -> updater.restore(new Updater.State(7, 0, OptionalDouble.empty(), 1, misshapen)));
    assertEquals(0, updater.step());
  }

  @Tag("allocation")
  @Tag("kernels")
  @Example
  void updateAllocatesNothing() {
    Network network =
        Network.inputs(100).dense(200).batchNorm().dense(3).loss(new Loss.SquaredError());
    Schedule log = new Schedule.PerStep(new Schedule.CosineLog(0.01, 4, 1 << 20));
    Optimizer optimizer =
        Optimizer.adam(1)
            .then(new Transform.WeightDecay(0.01).withFactor(log))
            .withSchedule(log)
            .withClipNorm(1)
            .withRates(new Rates(List.of(new Rates.Rule("*.bias", 0.1).withDecay(1))));
    Updater updater = Updater.compile(optimizer, network, ENGINE);
    float[] theta = Floats.normals(network.layout().size(), 1);
    float[] gradient = Floats.normals(theta.length, 2);
    Allocation.assertNone("updates", 200, step -> updater.update(theta, gradient, 0));
  }

  private static Updater single(Optimizer optimizer) {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    return Updater.compile(optimizer, network, ENGINE);
  }

  @Property(tries = 50)
  void momentumFormsAreOneWhenTheRateIsRescaled(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.95) double beta) {
    Updater classic = single(Optimizer.momentum(0.01 * (1 - beta), beta, MomentumForm.CLASSIC));
    Updater averaging = single(Optimizer.momentum(0.01, beta, MomentumForm.EWMA));
    float[] a = {1, -1};
    float[] b = a.clone();
    for (int step = 0; step < 50; step++) {
      float[] gradient = Floats.normals(2, seed + step);
      classic.update(a, gradient, 0);
      averaging.update(b, gradient, 0);
    }
    assertArrayEquals(a, b, 1e-5f);
  }

  @Property(tries = 50)
  void aMovingAverageHasItsClosedForm(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.99) double beta) {
    Updater updater = single(Optimizer.momentum(0.01, beta, MomentumForm.EWMA));
    double expected = 0;
    for (int step = 0; step < 100; step++) {
      float[] gradient = Floats.normals(2, seed + step);
      updater.update(new float[2], gradient, 0);
      expected += (1 - beta) * Math.pow(beta, 99 - step) * gradient[0];
    }
    assertEquals(expected, updater.state().moments().get("link1.velocity")[0], 1e-5);
  }

  @Test
  void correctedAveragesAreNotWrittenOverTheState() {
    Updater updater = single(Optimizer.adam(0.01));
    float[] theta = new float[2];
    for (int step = 1; step <= 20; step++) {
      updater.update(theta, new float[] {2, -3}, 0);
      Map<String, float[]> state = updater.state().moments();
      assertEquals(2 * (1 - Math.pow(0.9, step)), state.get("link1.mean")[0], 1e-5);
      assertEquals(9 * (1 - Math.pow(0.999, step)), state.get("link1.squares")[1], 1e-5);
      // A constant gradient's corrected averages are that gradient and its square.
      assertEquals(0.01 * step, theta[1], 1e-6 * step);
    }
  }

  @Property(tries = 50)
  void decayIsAnL2PenaltyForGradientDescentAndNotForAdam(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 1) double lambda) {
    Transform decay = new Transform.WeightDecay(lambda);
    assertEquals(0, apart(Optimizer.sgd(0.1), decay, seed, lambda), 1e-5);
    assertTrue(apart(Optimizer.adam(0.1), decay, seed, lambda) > 1e-3);
  }

  /** How far apart a weight ends with decay and with λ·w in its gradient. */
  private static double apart(Optimizer optimizer, Transform decay, long seed, double lambda) {
    Updater decaying = single(optimizer.then(decay));
    Updater penalized = single(optimizer);
    float[] a = {2, 0};
    float[] b = a.clone();
    for (int step = 0; step < 10; step++) {
      float[] gradient = {10 + Floats.normals(1, seed + step)[0], 0};
      decaying.update(a, gradient, 0);
      penalized.update(b, new float[] {(float) (gradient[0] + lambda * b[0]), 0}, 0);
    }
    return Math.abs(a[0] - b[0]);
  }

  /** z = x² − y², begun almost on the ridge, where plain descent has hardly moved in y. */
  @Test
  void momentumRmspropAndAdamLeaveASaddle() {
    assertTrue(heightOnASaddle(Optimizer.sgd(0.01)) < 0.1);
    for (Optimizer optimizer :
        List.of(
            Optimizer.momentum(0.01, 0.9, MomentumForm.CLASSIC),
            Optimizer.rmsprop(0.01),
            Optimizer.adam(0.01))) {
      assertTrue(heightOnASaddle(optimizer) > 1, optimizer::toString);
    }
  }

  private static double heightOnASaddle(Optimizer optimizer) {
    Updater updater = single(optimizer);
    float[] theta = {1, 1e-3f};
    for (int step = 0; step < 200; step++) {
      updater.update(theta, new float[] {2 * theta[0], -2 * theta[1]}, 0);
    }
    return theta[1];
  }
}
