package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.tensor.WeightFormat;
import dev.lanewise.update.Updater;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Plans that begin on scalar kernels and go over to others between two calls. */
class GoingOverTest {

  private static final int STEPS = 4;

  private final Engine engine = Engine.of("auto");

  /** Descends; before step i the kernels are the engine's own if bit i of the pattern is set. */
  private float[] descent(Sample sample, Engine its, int pattern, double[] losses) {
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), its);
    Updater updater = Updater.compile(Optimizer.adam(0.01), plan);
    float[] theta = sample.theta().clone();
    float[] gradient = new float[theta.length];
    for (int i = 0; i < STEPS; i++) {
      plan.computeOn((pattern >> i & 1) == 1 ? its.hot() : Engine.of("scalar"));
      losses[i] = plan.gradients(theta, Plans.batch(sample), sample.stepKey() + i, gradient);
      updater.update(theta, gradient, 0);
    }
    return theta;
  }

  @Property
  void theBitsDoNotTellAtWhichStepAPlanGoesOver(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    double[] expectedLosses = new double[STEPS];
    float[] expected = descent(sample, Engine.of("scalar"), 0, expectedLosses);
    for (int pattern = 1; pattern < 1 << STEPS; pattern++) {
      double[] losses = new double[STEPS];
      assertArrayEquals(expected, descent(sample, engine, pattern, losses));
      assertArrayEquals(expectedLosses, losses);
    }
  }

  @Property
  void penaltiesThatWereChangedGoOver(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Network other = sample.network().withL2(0.5);
    float[] expected = new float[sample.theta().length];
    TrainingPlan.compile(other, sample.rows(), Engine.of("scalar"))
        .gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), expected);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
    plan.changePenalties(other);
    plan.goOver();
    float[] gradient = new float[expected.length];
    plan.gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), gradient);
    assertArrayEquals(expected, gradient);
  }

  @Example
  void anAutomaticPlanGoesOverWhenItIsTold() {
    Assume.that(engine.isVectorized());
    Network network = Network.inputs(3).dense(2).relu().dense(1).loss(new Loss.SquaredError());
    TrainingPlan plan = TrainingPlan.compile(network, 4, engine);
    plan.goOver();
    assertSame(engine.kernels(), plan.now().kernels());
    assertSame(engine, plan.engine());
  }

  @Example
  void theUpdateOfAStepIsOnItsKernels() {
    Assume.that(engine.isVectorized());
    Network network = Network.inputs(400).dense(400).dense(1).loss(new Loss.SquaredError());
    Batch batch = Batch.of(Dataset.of(features(20 * 400), 400, new float[20], 1));
    ColdStart start = new ColdStart(new ColdStart.Jvm());
    start.expect(1_000_000_000);
    TrainingPlan plan = TrainingPlan.compile(network, PlanRows.of(network, 20, 0), engine, start);
    float[] theta = network.initialParameters(0);
    plan.gradients(theta, batch, 0, new float[theta.length]);
    assertTrue(start.onVectors());
    assertSame(engine.cold().kernels(), plan.now().kernels());
    plan.gradients(theta, batch, 1, new float[theta.length]);
    assertSame(engine.kernels(), plan.now().kernels());
  }

  @Example
  void aPlanGoesOverByItself() {
    Assume.that(engine.isVectorized());
    Network network =
        Network.inputs(60).dense(48).relu().dense(10).loss(new Loss.SoftmaxCrossEntropy());
    Batch batch = Batch.of(Dataset.of(features(24 * 60), 60, new float[24], 1));
    TrainingPlan plan = TrainingPlan.compile(network, 24, engine);
    float[] theta = network.initialParameters(0);
    float[] gradient = new float[theta.length];
    float[] first = new float[theta.length];
    plan.gradients(theta, batch, 0, first);
    for (int i = 0; i < 2_000_000 && plan.now().kernels() != engine.kernels(); i++) {
      plan.gradients(theta, batch, 0, gradient);
    }
    assertSame(engine.kernels(), plan.now().kernels());
    plan.gradients(theta, batch, 0, gradient);
    assertTrue(Arrays.equals(first, gradient));
  }

  @Property
  void theBitsDoNotTellAtWhichCallAPredictionGoesOver(
      @ForAll(supplier = Networks.Any.class) Sample sample, @ForAll WeightFormat format) {
    Engine scalar = Engine.of("scalar");
    float[] expected = Plans.scores(sample, scalar, format);
    PackedNetwork packed = PackedNetwork.pack(sample.network(), sample.theta(), engine, format);
    InferencePlan one = InferencePlan.over(packed);
    InferencePlan other = InferencePlan.over(packed);
    for (int call = 0; call < 4; call++) {
      packed.computeOn(call % 2 == 0 ? scalar : engine.hot());
      assertArrayEquals(expected, scores(one, sample));
      assertArrayEquals(expected, scores(other, sample));
    }
    packed.goOver();
    assertArrayEquals(expected, scores(one, sample));
  }

  @Property
  void everyGroupOfColumnsOfAWideLayerGoesOver(@ForAll WeightFormat format) {
    Network network =
        Network.inputs(70).dense(150).layerNorm().relu().dense(100).loss(new Loss.SquaredError());
    PackedNetwork packed =
        PackedNetwork.pack(network, network.initialParameters(1), engine, format);
    InferencePlan plan = InferencePlan.over(packed);
    float[] rows = features(5 * 70);
    float[] expected = new float[500];
    float[] out = new float[500];
    packed.computeOn(Engine.of("scalar"));
    plan.scores(rows, 0, 5, expected, 0);
    packed.goOver();
    plan.scores(rows, 0, 5, out, 0);
    assertArrayEquals(expected, out);
  }

  @Example
  void weightsArePackedForOneOfTheKernelsOnlyAlsoDuringATrial() {
    Assume.that(engine.isVectorized());
    Sample sample = Networks.sample(7);
    PackedNetwork packed = PackedNetwork.pack(sample.network(), sample.theta(), engine);
    for (Engine next : List.of(engine.cold(), engine.hot(), engine.cold())) {
      WeakReference<Object> old = new WeakReference<>(packed.packing());
      packed.computeOn(next);
      boolean same = old.refersTo(packed.packing());
      for (int i = 0; i < 100 && !same && !old.refersTo(null); i++) {
        System.gc();
      }
      assertTrue(same || old.refersTo(null), next.toString());
    }
  }

  @Example
  void anIdlePlanDoesNotKeepTheLayersThatOthersReplace() {
    Assume.that(engine.isVectorized());
    Sample sample = Networks.sample(7);
    PackedNetwork packed = PackedNetwork.pack(sample.network(), sample.theta(), engine);
    InferencePlan idle = InferencePlan.over(packed);
    float[] expected = scores(idle, sample);
    Assume.that(packed.isCold());
    WeakReference<Object> old = new WeakReference<>(packed.packing().chains());
    packed.computeOn(packed.packing().engine().isVectorized() ? engine.cold() : engine.hot());
    for (int i = 0; i < 100 && !old.refersTo(null); i++) {
      System.gc();
    }
    assertTrue(old.refersTo(null));
    assertArrayEquals(expected, scores(idle, sample));
  }

  private static float[] features(int count) {
    float[] features = new float[count];
    for (int i = 0; i < count; i++) {
      features[i] = (i * 31 % 101 - 50) / 25f;
    }
    return features;
  }

  private static float[] scores(InferencePlan plan, Sample sample) {
    float[] scores = new float[sample.rows() * sample.network().outputs()];
    plan.scores(sample.features(), 0, sample.rows(), scores, 0);
    return scores;
  }

  @Property
  void parametersThatArePackedAgainGoOverAndBack(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    Engine scalar = Engine.of("scalar");
    float[] initial = sample.network().initialParameters(sample.seed());
    PackedNetwork packed = PackedNetwork.pack(sample.network(), initial, engine);
    InferencePlan plan = InferencePlan.over(packed);
    packed.computeOn(scalar);
    packed.computeOn(engine.hot());
    packed.repack(sample.theta());
    float[] expected = Plans.scores(sample, scalar);
    assertArrayEquals(expected, scores(plan, sample));
    packed.computeOn(scalar);
    assertArrayEquals(expected, scores(plan, sample));
  }

  @Example
  void threadsPredictTheSameBitsWhileAnotherGoesOver() throws Exception {
    Assume.that(engine.isVectorized());
    Sample sample = Networks.sample(7);
    float[] expected = Plans.scores(sample, Engine.of("scalar"));
    PackedNetwork packed = PackedNetwork.pack(sample.network(), sample.theta(), engine);
    AtomicBoolean ends = new AtomicBoolean();
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      InferencePlan plan = InferencePlan.over(packed);
      threads.add(
          Thread.startVirtualThread(
              () -> {
                while (!ends.get()) {
                  if (!Arrays.equals(expected, scores(plan, sample))) {
                    wrong.incrementAndGet();
                  }
                }
              }));
    }
    InferencePlan own = InferencePlan.over(packed);
    for (int i = 0; i < 2000; i++) {
      packed.computeOn(i % 2 == 0 ? engine.hot() : engine.cold());
      assertArrayEquals(expected, scores(own, sample));
    }
    ends.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, wrong.get());
  }

  @Example
  void aPredictionGoesOverByItself() {
    Assume.that(engine.isVectorized());
    Network network =
        Network.inputs(60).dense(48).relu().dense(10).loss(new Loss.SoftmaxCrossEntropy());
    PackedNetwork packed = PackedNetwork.pack(network, network.initialParameters(0), engine);
    InferencePlan plan = InferencePlan.over(packed);
    float[] row = features(2 * 60);
    float[] first = new float[10];
    float[] out = new float[10];
    plan.scores(row, 0, 1, first, 0);
    for (int i = 0; i < 10_000_000 && packed.isCold(); i++) {
      plan.scores(row, 0, 1, out, 0);
    }
    assertSame(engine.kernels(), packed.packing().engine().kernels());
    plan.scores(row, 0, 1, out, 0);
    assertArrayEquals(first, out);
  }
}
