package dev.lanewise.update;

import static dev.lanewise.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Rates;
import dev.lanewise.optim.Rates.Rule;
import dev.lanewise.optim.Schedule;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

/**
 * Factors on the learning rate and the decay of single tensors, and a factor on the decay of all.
 */
class RatesTest {

  private static final Engine ENGINE = Engine.standard();

  /** Two hidden layers, one with batch norm and so without bias. */
  private static final Network NETWORK =
      Network.inputs(7)
          .dense(9)
          .batchNorm()
          .relu()
          .dense(4)
          .layerNorm()
          .dense(2)
          .loss(new Loss.SquaredError());

  private static final Layout LAYOUT = NETWORK.layout();

  private static Rates rates(Rule... rules) {
    return new Rates(List.of(rules));
  }

  /** One step of rate 1 against a gradient of 1: how far each parameter goes. */
  private static float[] strides(Network network, Optimizer optimizer) {
    float[] theta = new float[network.layout().size()];
    float[] gradient = theta.clone();
    Arrays.fill(gradient, 0, network.layout().trained(), 1);
    Updater.compile(optimizer, network, ENGINE).update(theta, gradient, 0);
    for (int i = 0; i < theta.length; i++) {
      theta[i] = -theta[i];
    }
    return theta;
  }

  /** The strides that are expected of tensors in the order of the layout's slots. */
  private static void assertStrides(Rates rates, float... trained) {
    float[] strides = strides(NETWORK, Optimizer.sgd(1).withRates(rates));
    List<Slot> slots = LAYOUT.slots().stream().filter(slot -> slot.role().trained()).toList();
    assertEquals(slots.size(), trained.length);
    for (int i = 0; i < trained.length; i++) {
      Slot slot = slots.get(i);
      float[] expected = new float[slot.size()];
      Arrays.fill(expected, trained[i]);
      assertArrayEquals(
          expected, Arrays.copyOfRange(strides, slot.offset(), slot.end()), slot::name);
    }
  }

  @Example
  void theLastRuleThatNamesATensorIsTaken() {
    assertEquals(
        List.of(
            "dense1.weight",
            "norm1.scale",
            "norm1.shift",
            "dense2.weight",
            "dense2.bias",
            "norm2.scale",
            "norm2.shift",
            "dense3.weight",
            "dense3.bias"),
        LAYOUT.slots().stream().filter(slot -> slot.role().trained()).map(Slot::name).toList());
    assertStrides(Rates.NONE, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertStrides(rates(new Rule("*.bias", 0.5)), 1, 1, 1, 1, 0.5f, 1, 1, 1, 0.5f);
    assertStrides(
        rates(new Rule("*", 4), new Rule("dense*", 0.5), new Rule("norm1.*", 0.25)),
        0.5f,
        0.25f,
        0.25f,
        0.5f,
        0.5f,
        4,
        4,
        0.5f,
        0.5f);
    assertStrides(rates(new Rule("dense2.weight", 8), new Rule("*", 2)), 2, 2, 2, 2, 2, 2, 2, 2, 2);
    assertStrides(
        rates(new Rule("*", 2)).then(new Rule("dense2.weight", 8)), 2, 2, 2, 8, 2, 2, 2, 2, 2);
  }

  @Example
  void theTensorsOfTheLastDenseLayerAreCalledLast() {
    assertStrides(rates(new Rule("last.*", 2)), 1, 1, 1, 1, 1, 1, 1, 2, 2);
    assertStrides(rates(new Rule("last.bias", 2)), 1, 1, 1, 1, 1, 1, 1, 1, 2);
    assertStrides(
        rates(new Rule("last.*", 2), new Rule("dense3.bias", 4)), 1, 1, 1, 1, 1, 1, 1, 2, 4);
  }

  @Example
  void theRootOfTheInputsDividesTheRateOfWeightsAndMultipliesTheirDecay() {
    Network network = Network.inputs(16).dense(4).dense(1).loss(new Loss.SquaredError());
    float[] theta = new float[network.layout().size()];
    Arrays.fill(theta, 1);
    Optimizer optimizer =
        Optimizer.sgd(1)
            .then(new Transform.WeightDecay(0.0625))
            .withRates(rates(new Rule("*", 0.5).withDecay(2).withRootOfInputs()));
    Updater updater = Updater.compile(optimizer, network, ENGINE);
    updater.update(theta, new float[theta.length], 0);
    // θ − rate/√d·λ·decay·√d·θ is the same for all; without a gradient the root cancels.
    float[] expected = new float[theta.length];
    Arrays.fill(expected, 1 - 0.0625f);
    assertArrayEquals(expected, theta);
    float[] strides = strides(network, optimizer);
    assertEquals(0.5f / 4, strides[0]);
    assertEquals(0.5f / 2, strides[network.layout().slot("dense2.weight").offset()]);
    assertEquals(0.5f, strides[network.layout().slot("dense1.bias").offset()]);
  }

  @Property(tries = 200)
  void aStarStandsForAnyCharacters(
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 4) String before,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 4) String between,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 4) String behind,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 6) String name) {
    assertTrue(new Rule(before + "*" + behind, 1).matches(before + between + behind));
    assertEquals(
        name.length() >= before.length() + behind.length()
            && name.startsWith(before)
            && name.endsWith(behind),
        new Rule(before + "*" + behind, 1).matches(name));
    assertEquals(name.contains(between), new Rule("*" + between + "*", 1).matches(name));
    assertEquals(name.equals(between), new Rule(between + ".", 1).matches(name + "."));
  }

  @Provide
  Arbitrary<Transform> links() {
    return Arbitraries.of(
        new Transform.Adam(),
        new Transform.Lion(),
        new Transform.Momentum(0.9, Transform.MomentumForm.EWMA, true),
        new Transform.WeightDecay(0.3));
  }

  @Property(tries = 20)
  void rulesOfOneChangeNoBit(
      @ForAll("links") Transform link, @ForAll boolean ofDecay, @ForAll long seed) {
    Optimizer plain = Optimizer.sgd(0.07).then(link).then(new Transform.WeightDecay(0.2));
    Rates one = rates(new Rule("*", 1));
    Optimizer ruled =
        plain.withRates(
            ofDecay
                ? one.then(new Rule("*.weight", 1).withDecay(1))
                    .then(new Rule("*.bias", 1).withDecay(0))
                : one);
    float[] expected = Floats.normals(LAYOUT.size(), seed);
    float[] theta = expected.clone();
    Updater without = Updater.compile(plain, NETWORK, ENGINE);
    Updater with = Updater.compile(ruled, NETWORK, ENGINE);
    for (int step = 1; step <= 3; step++) {
      float[] gradient = Floats.normals(theta.length, seed + step);
      without.update(expected, gradient, 0);
      with.update(theta, gradient, 0);
    }
    assertArrayEquals(expected, theta);
  }

  @Property(tries = 20)
  void aRateOfZeroLeavesItsTensorsAsTheyAre(@ForAll("links") Transform link, @ForAll long seed) {
    Optimizer optimizer =
        Optimizer.adamW(0.1, 0.1).then(link).withRates(rates(new Rule("dense2.*", 0)));
    float[] start = Floats.normals(LAYOUT.size(), seed);
    float[] theta = start.clone();
    Updater updater = Updater.compile(optimizer, NETWORK, ENGINE);
    updater.update(theta, Floats.normals(theta.length, seed + 1), 0);
    for (Slot slot : LAYOUT.slots()) {
      assertEquals(
          slot.name().startsWith("dense2"),
          Arrays.equals(start, slot.offset(), slot.end(), theta, slot.offset(), slot.end()),
          slot.name());
    }
  }

  /** Weights unless a rule says 0, all else only if a rule says more. */
  @Example
  void whatIsDecayedCanBeChosen() {
    Optimizer optimizer =
        Optimizer.sgd(0.5)
            .then(new Transform.WeightDecay(0.5))
            .withRates(
                rates(
                    new Rule("dense1.weight", 1).withDecay(0),
                    new Rule("norm1.shift", 1).withDecay(2),
                    new Rule("dense2.bias", 2).withDecay(0.5),
                    new Rule("norm2.scale", 2)));
    float[] theta = new float[LAYOUT.size()];
    Arrays.fill(theta, 1);
    Updater.compile(optimizer, NETWORK, ENGINE).update(theta, new float[theta.length], 0);
    float[] expected = {1, 1, 0.5f, 0.75f, 0.75f, 1, 1, 0.75f, 1};
    List<Slot> slots = LAYOUT.slots().stream().filter(slot -> slot.role().trained()).toList();
    for (int i = 0; i < expected.length; i++) {
      Slot slot = slots.get(i);
      assertEquals(expected[i], theta[slot.offset()], slot.name());
      assertEquals(expected[i], theta[slot.end() - 1], slot.name());
    }
  }

  @Example
  void aSoftThresholdTakesTheRateOfItsTensor() {
    Dense shrunk =
        new Dense(1).withPenalty(Penalty.l1(0.5).withL1Form(Penalty.L1Form.SOFT_THRESHOLD));
    Network network = Network.inputs(1).add(shrunk).add(shrunk).loss(new Loss.SquaredError());
    Optimizer optimizer = Optimizer.sgd(0.5).withRates(rates(new Rule("dense2.weight", 0.25)));
    float[] theta = {2, 2, 0, 0};
    Updater.compile(optimizer, network, ENGINE).update(theta, new float[4], 0);
    assertArrayEquals(new float[] {1.75f, 1.9375f, 0, 0}, theta);
  }

  @Example
  void aRuleThatNamesNoTrainedTensorIsRefused() {
    String there =
        "; there are [dense1.weight, dense2.weight, dense3.weight, norm1.scale, norm1.shift,"
            + " dense2.bias, norm2.scale, norm2.shift, dense3.bias]";
    for (String nobody : List.of("dense1.bias", "scaling*", "norm1.mean", "dense4.*", "DENSE*")) {
      Rule rule = new Rule(nobody, 2);
      assertRefused(
          "rates: no trained tensor for " + rule + there,
          () -> Updater.compile(Optimizer.adam(1).withRates(rates(rule)), NETWORK, ENGINE));
    }
  }

  @Example
  void rulesOutsideTheirRangeAreRefusedByName() {
    assertRefused(
        "tensors: empty; expected a name, in which * stands for any characters",
        () -> new Rule("", 1));
    for (double bad : new double[] {-Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
      String complaint = ": " + bad + "; expected a finite number >= 0";
      assertRefused("rate" + complaint, () -> new Rule("*", bad));
      assertRefused("decay" + complaint, () -> new Rule("*", 1).withDecay(bad));
      assertRefused("decay" + complaint, () -> new Rule("*", 1, OptionalDouble.of(bad), true));
    }
  }

  /** Checkpoints and provenance hold these texts. */
  @Example
  void withoutRulesAndFactorsTheTextsAreThoseOfBefore() {
    assertEquals(
        "Optimizer[transforms=[Adam[beta1=0.9, beta2=0.999, epsilon=1.0E-8, place=OUTSIDE_ROOT],"
            + " WeightDecay[lambda=0.01]], schedule=Constant[rate=0.001]]",
        Optimizer.adamW(1e-3, 0.01).toString());
    assertEquals(
        "Optimizer[transforms=[WeightDecay[lambda=0.5, factor=Constant[rate=1.0]]],"
            + " schedule=Constant[rate=1.0], rates=Rates[rules=[Rule[tensors=*, rate=2.0,"
            + " decay=OptionalDouble.empty, rootOfInputs=true]]]]",
        Optimizer.sgd(1)
            .then(new Transform.WeightDecay(0.5).withFactor(new Schedule.Constant(1)))
            .withRates(rates(new Rule("*", 2).withRootOfInputs()))
            .toString());
  }

  @Example
  void othersThanTheRatesKeepThem() {
    Rates rates = rates(new Rule("*", 2));
    Optimizer optimizer = Optimizer.sgd(1).withRates(rates);
    for (UnaryOperator<Optimizer> change :
        List.<UnaryOperator<Optimizer>>of(
            o -> o.then(new Transform.Adam()),
            o -> o.withClipNorm(1),
            o -> o.withClipValue(1),
            o -> o.withSchedule(new Schedule.Constant(2)))) {
      assertEquals(rates, change.apply(optimizer).rates());
    }
  }

  /** λ·θ is 1 at first; the rate is 1 whatever the factor. */
  @Example
  void aFactorOnTheDecayCountsEpochsOrSteps() {
    Schedule halved = new Schedule.Staircase(1, 0.5, 1);
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    Transform.WeightDecay decay = new Transform.WeightDecay(0.5);
    Updater epochs =
        Updater.compile(Optimizer.sgd(1).then(decay.withFactor(halved)), network, ENGINE);
    Updater steps =
        Updater.compile(
            Optimizer.sgd(1).then(decay.withFactor(new Schedule.PerStep(halved))), network, ENGINE);
    for (int step = 0; step < 4; step++) {
      if (step == 2) {
        steps.changeRate(0.5);
        steps.restart(); // the links begin anew, the schedules go on
      }
      float[] byEpoch = {2, 2};
      float[] byStep = {2, 2};
      epochs.update(byEpoch, new float[2], 3);
      steps.update(byStep, new float[2], 3);
      assertArrayEquals(new float[] {2 - 0.125f, 2}, byEpoch);
      float rate = step < 2 ? 1 : 0.5f;
      assertArrayEquals(new float[] {2 - rate / (1 << step), 2}, byStep, "step " + step);
    }
  }

  /** Flat for half of the steps, then half a cosine: the form of RealMLP's decay. */
  @Example
  void aDecayThatIsFlatAndThenACosineIsAChain() {
    Schedule factor =
        new Schedule.Chained(
            List.of(new Schedule.Chained.Leg(new Schedule.Constant(1), 4)),
            new Schedule.Cosine(1, 0, 4));
    for (int step = 0; step < 8; step++) {
      double t = step / 8.0;
      double expected = 0.5 * (1 + Math.cos(Math.PI * (Math.max(1, 2 * t) - 1)));
      assertEquals(expected, factor.rate(step), 1e-15);
    }
  }

  /** Adam with decoupled decay in double, with factors for each parameter. */
  private static final class Textbook {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.95;
    private static final double EPSILON = 1e-13;
    private static final double RATE = 0.02;
    private static final double LAMBDA = 0.3;

    private final double[] m;
    private final double[] s;
    private int step;

    Textbook(int size) {
      m = new double[size];
      s = new double[size];
    }

    static Optimizer optimizer() {
      return new Optimizer(
          List.of(
              new Transform.Adam(BETA_1, BETA_2, EPSILON, EpsilonPlace.OUTSIDE_ROOT),
              new Transform.WeightDecay(LAMBDA)),
          new Schedule.Constant(RATE));
    }

    void step(double[] theta, double[] g, double[] rates, double[] decays) {
      step++;
      for (int i = 0; i < theta.length; i++) {
        m[i] = BETA_1 * m[i] + (1 - BETA_1) * g[i];
        s[i] = BETA_2 * s[i] + (1 - BETA_2) * g[i] * g[i];
        double mean = m[i] / (1 - Math.pow(BETA_1, step));
        double square = s[i] / (1 - Math.pow(BETA_2, step));
        double u = mean / (Math.sqrt(square) + EPSILON) + LAMBDA * decays[i] * theta[i];
        theta[i] -= RATE * rates[i] * u;
      }
    }
  }

  /** A training in double: the parameters as they go. */
  private static final class Run {
    private final ReferenceNetwork network;
    private final ReferenceNetwork.Batch batch;
    private final Textbook adam;
    private final double[] theta;
    private final double[] rates;
    private final double[] decays;

    /** With the factors of an optimiser as the updater compiles them. */
    Run(Network network, ReferenceNetwork.Batch batch, double[] start, Rates of) {
      this.network = new ReferenceNetwork(network);
      this.batch = batch;
      theta = start.clone();
      adam = new Textbook(theta.length);
      Layout layout = network.layout();
      Runs ofRate = Runs.ofRate(of, network, layout);
      Runs ofDecay = Runs.ofDecay(of, network, layout);
      rates = new double[theta.length];
      decays = new double[theta.length];
      for (int i = 0; i < theta.length; i++) {
        rates[i] = ofRate.factor(ofRate.at(i));
        decays[i] = ofDecay.factor(ofDecay.at(i));
      }
    }

    void step() {
      adam.step(theta, network.gradient(theta, batch), rates, decays);
    }
  }

  private static final int ROWS = 24;
  private static final int STEPS = 50;

  private static double[][] features(int columns) {
    Random random = new Random(5);
    double[][] x = new double[ROWS][columns];
    for (double[] row : x) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return x;
  }

  private static Network tanh(int columns, int outputs, Loss loss) {
    return Network.inputs(columns)
        .dense(6)
        .activation(Activation.Function.TANH)
        .dense(5)
        .activation(Activation.Function.TANH)
        .add(new Dense(outputs).withInitializer(new Initializer.Zeros()))
        .loss(loss);
  }

  /**
   * z = V·x/√d by its own gradient, beside W = V/√d with the rule: biases with a tenth of the rate.
   */
  @Example
  void theRootOfTheInputsIsTheNtkParametrisation() {
    Network network = tanh(9, 2, new Loss.SquaredError());
    double[][] x = features(9);
    double[][] y = features(2);
    Rates rates = rates(new Rule("*.weight", 1).withRootOfInputs(), new Rule("*.bias", 0.1));
    double[] start = ReferenceNetwork.widen(network.initialParameters(3));
    ReferenceNetwork.Batch batch = new ReferenceNetwork.Batch(x, y);
    Run run = new Run(network, batch, start, rates);
    Layout layout = network.layout();
    double[] roots = new double[start.length];
    double[] factors = new double[start.length];
    double[] decays = new double[start.length];
    for (Slot slot : layout.slots()) {
      boolean weight = slot.role() == Slot.Role.WEIGHT;
      Arrays.fill(roots, slot.offset(), slot.end(), weight ? Math.sqrt(slot.rows()) : 1);
      Arrays.fill(factors, slot.offset(), slot.end(), weight ? 1 : 0.1);
      Arrays.fill(decays, slot.offset(), slot.end(), weight ? 1 : 0);
    }
    double[] v = new double[start.length];
    Arrays.setAll(v, i -> start[i] * roots[i]);
    Textbook adam = new Textbook(v.length);
    double[] w = new double[v.length];
    ReferenceNetwork reference = new ReferenceNetwork(network);
    for (int step = 0; step < STEPS; step++) {
      Arrays.setAll(w, i -> v[i] / roots[i]);
      assertArrayEquals(w, run.theta, 1e-9, "step " + step);
      double[] g = reference.gradient(w, batch);
      Arrays.setAll(g, i -> g[i] / roots[i]);
      adam.step(v, g, factors, decays);
      run.step();
    }
  }

  /**
   * Two softmax outputs that start at zeros, beside their difference as one sigmoid output: the
   * same scores and the same layers below, although each of the two moves by itself.
   */
  @Example
  void oneSigmoidOutputAtTwiceTheRateAndHalfTheDecayIsTwoOfSoftmax() {
    Network two = tanh(9, 2, new Loss.SoftmaxCrossEntropy());
    Network one = tanh(9, 1, new Loss.SigmoidCrossEntropy());
    double[][] x = features(9);
    double[][] classes = new double[ROWS][1];
    double[][] oneHot = new double[ROWS][2];
    for (int i = 0; i < ROWS; i++) {
      int positive = x[i][0] + x[i][1] * x[i][2] > 0.3 ? 1 : 0;
      classes[i][0] = positive;
      oneHot[i][positive] = 1;
    }
    Rates below = rates(new Rule("*.weight", 1).withRootOfInputs(), new Rule("*.bias", 0.1));
    Rates halved =
        below
            .then(new Rule("last.weight", 2).withDecay(0.5).withRootOfInputs())
            .then(new Rule("last.bias", 0.2));
    double[] starts = ReferenceNetwork.widen(two.initialParameters(3));
    double[] start = ReferenceNetwork.widen(one.initialParameters(3));
    Run softmax = new Run(two, new ReferenceNetwork.Batch(x, oneHot), starts, below);
    Run sigmoid = new Run(one, new ReferenceNetwork.Batch(x, classes), start, halved);
    for (int step = 0; step <= STEPS; step++) {
      double[][] z = softmax.network.logits(softmax.theta, x);
      double[][] difference = sigmoid.network.logits(sigmoid.theta, x);
      for (int i = 0; i < ROWS; i++) {
        assertEquals(z[i][1] - z[i][0], difference[i][0], 1e-9, "step " + step);
      }
      for (String name : List.of("dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias")) {
        assertArrayEquals(
            values(softmax.theta, two, name), values(sigmoid.theta, one, name), 1e-9, name);
      }
      softmax.step();
      sigmoid.step();
    }
    assertTrue(Math.abs(sigmoid.network.logits(sigmoid.theta, x)[0][0]) > 0.1);
  }

  private static double[] values(double[] theta, Network network, String name) {
    Slot slot = network.layout().slot(name);
    return Arrays.copyOfRange(theta, slot.offset(), slot.end());
  }

  /** The updater itself, in floats: the same trajectory as the textbook's with those factors. */
  @Example
  void theUpdaterFollowsTheTextbookWithFactors() {
    Network network = tanh(9, 1, new Loss.SigmoidCrossEntropy());
    double[][] x = features(9);
    double[][] classes = new double[ROWS][1];
    for (int i = 0; i < ROWS; i++) {
      classes[i][0] = x[i][0] > 0 ? 1 : 0;
    }
    Rates rates =
        rates(
            new Rule("*.weight", 1).withRootOfInputs(),
            new Rule("*.bias", 0.1).withDecay(0.5),
            new Rule("last.weight", 2).withDecay(0.5).withRootOfInputs());
    float[] theta = network.initialParameters(3);
    ReferenceNetwork.Batch batch = new ReferenceNetwork.Batch(x, classes);
    Run run = new Run(network, batch, ReferenceNetwork.widen(theta), rates);
    Updater updater = Updater.compile(Textbook.optimizer().withRates(rates), network, ENGINE);
    float[] gradient = new float[theta.length];
    for (int step = 0; step < STEPS; step++) {
      double[] g = run.network.gradient(ReferenceNetwork.widen(theta), batch);
      for (int i = 0; i < g.length; i++) {
        gradient[i] = (float) g[i];
      }
      updater.update(theta, gradient, 0);
      run.step();
      assertArrayEquals(run.theta, ReferenceNetwork.widen(theta), 1e-4, "step " + step);
    }
  }
}
