package dev.lanewise.plan;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.check.GradientCheck;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Scaling;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Laws of {@link Members}: of training with them, of their merged scores, of what they are. */
@Tag("kernels")
class MembersTest {

  private static final int INPUTS = 6;
  private static final long KEY = 9;

  private final Engine engine = Engine.standard();

  /** Networks of layers in any order, with members in some place. */
  @Provide
  Arbitrary<Sample> samples() {
    return Arbitraries.randomValue(random -> sample(random.nextLong()));
  }

  private static Sample sample(long seed) {
    Random random = new Random(~seed);
    Sample sample = Networks.inAnyOrder(seed);
    List<Layer> layers = new ArrayList<>(sample.network().layers());
    layers.removeIf(Members.class::isInstance);
    int first = firstPlace(layers);
    int place = first + random.nextInt(layers.size() - first);
    layers.add(place, Members.of(2 + random.nextInt(3)));
    return with(sample, new Network(sample.network().inputs(), layers, sample.network().loss()));
  }

  /** {@return where members may stand first: an embedding stands before them} */
  private static int firstPlace(List<Layer> layers) {
    return layers.getFirst() instanceof Embedding ? 1 : 0;
  }

  /** The same rows, with initial parameters, but for running variances and what is random. */
  private static Sample with(Sample sample, Network network) {
    return new Sample(
        sample.seed(),
        network,
        parameters(network, sample.seed()),
        sample.rows(),
        sample.features(),
        sample.targets(),
        sample.targetColumns(),
        sample.stepKey(),
        sample.weights());
  }

  private static float[] parameters(Network network, long seed) {
    float[] theta = network.initialParameters(seed);
    Random random = new Random(seed);
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        switch (slot.role()) {
          case WEIGHT -> {}
          case VARIANCE -> theta[i] = 0.5f + random.nextFloat();
          default -> theta[i] += 0.2f * (float) random.nextGaussian();
        }
      }
    }
    return theta;
  }

  private static Network.Builder before(Members members) {
    return Network.inputs(INPUTS).add(members);
  }

  private static Network ordinary(Members members, int outputs, Loss loss) {
    return before(members)
        .dense(70)
        .activation(Activation.Function.TANH)
        .dense(9)
        .activation(Activation.Function.TANH)
        .dense(outputs)
        .loss(loss);
  }

  private static Sample ordinary(Network network, int rows, int targetColumns) {
    float[] targets = new float[rows * targetColumns];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = CounterRandom.word(5, i) >>> 1 & 1;
    }
    return new Sample(
        1,
        network,
        parameters(network, 1),
        rows,
        normals(2, rows * INPUTS),
        targets,
        targetColumns,
        KEY);
  }

  private static float[] normals(long key, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) CounterRandom.normal(key, i);
    }
    return values;
  }

  private static float[] gradient(Sample sample, int part, Engine engine) {
    float[] gradient = new float[sample.theta().length];
    TrainingPlan.compile(sample.network(), sample.rows(), part, engine)
        .gradients(sample.theta(), Plans.batch(sample), sample.stepKey(), gradient);
    return gradient;
  }

  private double loss(Sample sample) {
    return TrainingPlan.compile(sample.network(), sample.rows(), engine)
        .gradients(
            sample.theta(),
            Plans.batch(sample),
            sample.stepKey(),
            new float[sample.theta().length]);
  }

  private static double largest(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).map(Math::abs).max().orElseThrow();
  }

  // The gradient

  @Property(tries = 60)
  void theGradientIsThatOfDifferences(@ForAll("samples") Sample sample) {
    double delta =
        GradientCheck.of(sample.network())
            .check(
                sample.referenceTheta(),
                sample.referenceBatch(),
                sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch()))
            .delta();
    assertTrue(delta < 1e-6, () -> sample + "\n" + delta);
  }

  @Property
  void thePlansGradientAndLossAreTheReferences(@ForAll("samples") Sample sample) {
    Sample clean = withoutBatchNorm(sample);
    double[] expected = clean.reference().gradient(clean.referenceTheta(), clean.referenceBatch());
    float[] found = gradient(clean, 0, engine);
    int trained = clean.network().layout().trained();
    double all = largest(expected, 0, trained);
    for (int i = 0; i < trained; i++) {
      assertEquals(expected[i], found[i], 1e-4 * all + 1e-6);
    }
    double cost = clean.reference().cost(clean.referenceTheta(), clean.referenceBatch()).loss();
    assertEquals(cost, loss(clean), 1e-4 * (1 + Math.abs(cost)));
  }

  /** Few rows may leave a variance of next to nothing, of which rounding is a large part. */
  private static Sample withoutBatchNorm(Sample sample) {
    List<Layer> layers = new ArrayList<>(sample.network().layers());
    layers.removeIf(BatchNorm.class::isInstance);
    return with(sample, new Network(sample.network().inputs(), layers, sample.network().loss()));
  }

  /** Of narrow and of wide heads, of heads behind few inputs, with batch norm and penalties. */
  @Example
  void theGradientOfManyRowsIsTheReferencesTensorByTensor() {
    Members members = Members.of(3);
    Dense penalised = new Dense(7).withPenalty(Penalty.l1(0.1).and(Penalty.l2(0.2)));
    Loss squares = new Loss.SquaredError();
    for (Network network :
        List.of(
            ordinary(members, 1, squares),
            ordinary(members, 3, squares),
            ordinary(members, 70, squares),
            before(members).add(penalised).loss(squares),
            before(members).dense(60).batchNorm().relu().dropout(0.2).dense(2).loss(squares),
            before(members).dense(60).layerNorm().relu().dense(3).dense(2).loss(squares),
            Network.inputs(INPUTS).dense(20).relu().add(members).dense(8).loss(squares),
            Network.inputs(INPUTS).dense(3).add(members).dropout(0.3).dense(1).loss(squares))) {
      Sample sample = ordinary(network, 150, network.outputs());
      double[] expected =
          sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
      float[] found = gradient(sample, 0, engine);
      Layout layout = network.layout();
      double all = largest(expected, 0, layout.trained());
      for (Slot slot : layout.slots()) {
        double of = largest(expected, slot.offset(), slot.end());
        for (int i = slot.offset(); i < slot.end(); i++) {
          double error = slot.role().trained() ? 3e-6 * of + 1e-6 * all : 1e-5 * (1 + of);
          assertEquals(expected[i], found[i], error, slot.name() + "\n" + network);
        }
      }
    }
  }

  @Property
  void aStepHasTheSameBitsOnAllKernelsAndThreads(@ForAll("samples") Sample sample) {
    float[] expected = gradient(sample, 0, Engine.of("scalar"));
    assertArrayEquals(expected, gradient(sample, 0, engine));
    try (PromptThreads threads = new PromptThreads()) {
      for (int width : new int[] {2, 5}) {
        Engine parallel = engine.withParallel(Parallel.on(threads, width));
        assertArrayEquals(expected, gradient(sample, 0, parallel));
      }
    }
  }

  @Example
  void manyRowsHaveTheSameBitsOnAllKernelsAndThreadsAndInParts() {
    for (int outputs : new int[] {1, 3, 70}) {
      Network network =
          Network.inputs(INPUTS)
              .dropout(0.1)
              .add(Members.of(5))
              .dense(70)
              .relu()
              .dropout(0.2)
              .dense(9)
              .activation(Activation.Function.TANH)
              .dense(outputs)
              .loss(new Loss.SigmoidCrossEntropy(0.1f));
      Sample sample = ordinary(network, 300, outputs);
      float[] expected = gradient(sample, 0, Engine.of("scalar"));
      try (PromptThreads threads = new PromptThreads()) {
        for (int part : new int[] {0, 64, 128}) {
          assertArrayEquals(expected, gradient(sample, part, engine));
          Engine parallel = engine.withParallel(Parallel.on(threads, 3));
          assertArrayEquals(expected, gradient(sample, part, parallel));
        }
      }
    }
  }

  // What members are

  /** A mask behind them has a unit for each member of each row. */
  @Example
  void dropoutDropsUnitsOfEachMember() {
    Members members = Members.of(2);
    Network network = before(members).dense(4).dropout(0.5).dense(1).loss(new Loss.SquaredError());
    Sample sample = ordinary(network, 3, 1);
    boolean[] mask = new boolean[2 * 3 * 4];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % 3 == 0;
    }
    float[] found = new float[sample.theta().length];
    TrainingPlan.compile(network, 3, engine)
        .gradients(sample.theta(), Plans.batch(sample).withMasks(Map.of(1, mask)), KEY, found);
    double[] expected =
        sample
            .reference()
            .gradient(sample.referenceTheta(), sample.referenceBatch().withMasks(Map.of(1, mask)));
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], 1e-5 * (1 + Math.abs(expected[i])));
    }
    assertRefusedSaying(
        "mask of dropout 1: 12 units; expected 6 rows of 4",
        () ->
            TrainingPlan.compile(network, 3, engine)
                .gradients(
                    sample.theta(),
                    Plans.batch(sample).withMasks(Map.of(1, new boolean[12])),
                    KEY,
                    new float[found.length]));
  }

  /** The network that a member is: the factors go into the weights of the first layer. */
  private static Sample cutOut(Sample sample, int member) {
    Network whole = sample.network();
    List<Layer> layers = new ArrayList<>(whole.layers());
    layers.removeIf(Members.class::isInstance);
    Network network = new Network(whole.inputs(), layers, whole.loss());
    float[] theta = new float[network.layout().size()];
    Layout from = whole.layout();
    int factor = from.slot("members0.factor").offset() + member * INPUTS;
    for (Slot slot : network.layout().slots()) {
      Slot other = from.slot(slot.name());
      int at = other.offset() + (other.size() > slot.size() ? member * slot.size() : 0);
      System.arraycopy(sample.theta(), at, theta, slot.offset(), slot.size());
      if (slot.name().equals("dense1.weight")) {
        for (int i = 0; i < slot.size(); i++) {
          theta[slot.offset() + i] *= sample.theta()[factor + i / slot.columns()];
        }
      }
    }
    return new Sample(
        sample.seed(),
        network,
        theta,
        sample.rows(),
        sample.features(),
        sample.targets(),
        sample.targetColumns(),
        sample.stepKey());
  }

  private static Sample withSigns(Network network, int rows, int targetColumns) {
    Sample sample = ordinary(network, rows, targetColumns);
    Slot factor = network.layout().slot("members0.factor");
    for (int i = factor.offset(); i < factor.end(); i++) {
      sample.theta()[i] = Math.signum(sample.theta()[i]);
    }
    return sample;
  }

  /** What rounding a logit to a float changes of a probability, and some rounding more. */
  private static double error(double probability) {
    double logit = Math.log(probability / (1 - probability));
    return (4 + Math.abs(logit)) * 0x1p-24 * probability;
  }

  @Example
  void probabilitiesAreTheMeanOfThoseOfTheMembersThemselves() {
    for (Loss loss : List.of(new Loss.SoftmaxCrossEntropy(), new Loss.SigmoidCrossEntropy())) {
      for (int outputs : loss instanceof Loss.SoftmaxCrossEntropy ? List.of(2, 5) : List.of(1, 3)) {
        Sample sample = withSigns(ordinary(Members.of(4), outputs, loss), 100, outputs);
        float[] scores = Plans.scores(sample, engine);
        double[] mean = new double[scores.length];
        for (int member = 0; member < 4; member++) {
          double[] its = probabilities(Plans.scores(cutOut(sample, member), engine), outputs, loss);
          for (int i = 0; i < mean.length; i++) {
            mean[i] += its[i] / 4;
          }
        }
        double[] found = probabilities(scores, outputs, loss);
        for (int i = 0; i < mean.length; i++) {
          assertEquals(mean[i], found[i], error(mean[i]));
        }
      }
    }
  }

  private static double[] probabilities(float[] scores, int outputs, Loss loss) {
    double[] probabilities = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      double sum = 0;
      for (int j = 0; j < outputs; j++) {
        sum += Math.exp(scores[i / outputs * outputs + j] - scores[i]);
      }
      probabilities[i] =
          loss instanceof Loss.SoftmaxCrossEntropy ? 1 / sum : 1 / (1 + Math.exp(-scores[i]));
    }
    return probabilities;
  }

  @Example
  void valuesAndMeansAreTheMeanOfThoseOfTheMembersThemselves() {
    for (Loss loss : List.of(new Loss.SquaredError(), new Loss.Poisson())) {
      Sample sample = withSigns(ordinary(Members.of(3), 2, loss), 60, 2);
      float[] scores = Plans.scores(sample, engine);
      double[] mean = new double[scores.length];
      for (int member = 0; member < 3; member++) {
        float[] its = Plans.scores(cutOut(sample, member), engine);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += (loss instanceof Loss.Poisson ? Math.exp(its[i]) : its[i]) / 3;
        }
      }
      for (int i = 0; i < mean.length; i++) {
        double expected = loss instanceof Loss.Poisson ? Math.log(mean[i]) : mean[i];
        assertEquals((float) expected, scores[i], Math.ulp((float) expected));
      }
    }
  }

  /**
   * Its loss, its gradient and its scores have the same bits; where factors of scaling or classic
   * dropout are no longer in the weights behind them, the scores are rounded otherwise.
   */
  @Property
  void oneMemberOfOnesIsTheNetworkWithoutIt(@ForAll long seed) {
    Sample any = Networks.inAnyOrder(seed);
    List<Layer> layers = new ArrayList<>(any.network().layers());
    layers.removeIf(layer -> layer instanceof Dropout d && d.form() == Dropout.Form.CLASSIC);
    layers.removeIf(layer -> layer instanceof Members || layer instanceof Scaling);
    int inputs = any.network().inputs();
    Sample plain = with(any, new Network(inputs, layers, any.network().loss()));
    int first = firstPlace(layers);
    int place = first + new Random(seed).nextInt(layers.size() - first);
    boolean between = place > 0 && layers.get(place - 1) instanceof Dense;
    if (between && layers.get(place) instanceof BatchNorm) {
      place--; // the dense layer would have a bias
    }
    layers.add(place, Members.of(1));
    Sample one = with(plain, new Network(inputs, layers, any.network().loss()));
    Layout from = plain.network().layout();
    Layout to = one.network().layout();
    for (Slot slot : to.slots()) {
      if (from.contains(slot.name())) {
        int at = from.slot(slot.name()).offset();
        System.arraycopy(plain.theta(), at, one.theta(), slot.offset(), slot.size());
      } else {
        Arrays.fill(one.theta(), slot.offset(), slot.end(), 1f);
      }
    }
    assertArrayEquals(Plans.scores(plain, engine), Plans.scores(one, engine));
    assertEquals(loss(plain), loss(one));
    float[] expected = gradient(plain, 0, engine);
    float[] found = gradient(one, 0, engine);
    for (Slot slot : from.slots()) {
      int at = to.slot(slot.name()).offset();
      assertArrayEquals(
          Arrays.copyOfRange(expected, slot.offset(), slot.end()),
          Arrays.copyOfRange(found, at, at + slot.size()),
          slot.name());
    }
  }

  @Example
  void equalMembersAreOneMember() {
    for (Loss loss : List.of(new Loss.SoftmaxCrossEntropy(), new Loss.SquaredError())) {
      Sample sample = withSigns(ordinary(Members.of(4), 3, loss), 50, 3);
      Layout layout = sample.network().layout();
      for (String name : List.of("members0.factor", "dense3.weight", "dense3.bias")) {
        Slot slot = layout.slot(name);
        int its = slot.size() / 4;
        for (int i = slot.offset() + its; i < slot.end(); i++) {
          sample.theta()[i] = sample.theta()[i - its];
        }
      }
      Sample one = cutOut(sample, 0);
      double[] expected = softmaxOrValues(Plans.scores(one, engine), loss);
      double[] found = softmaxOrValues(Plans.scores(sample, engine), loss);
      for (int i = 0; i < found.length; i++) {
        assertEquals(expected[i], found[i], 2e-6 * (1 + Math.abs(expected[i])));
      }
      assertEquals(loss(one), loss(sample), 1e-6);
    }
  }

  private static double[] softmaxOrValues(float[] scores, Loss loss) {
    if (loss instanceof Loss.SoftmaxCrossEntropy) {
      return probabilities(scores, 3, loss);
    }
    double[] values = new double[scores.length];
    Arrays.setAll(values, i -> scores[i]);
    return values;
  }

  /** The gradients of what they share differ by the order of sums alone. */
  @Example
  void membersInAnotherOrderHaveTheirGradientsInThatOrder() {
    Network network = ordinary(Members.of(3), 2, new Loss.SquaredError());
    Sample sample = ordinary(network, 40, 2);
    int[] order = {2, 0, 1};
    Sample other = with(sample, network);
    Layout layout = network.layout();
    List<String> own = List.of("members0.factor", "dense3.weight", "dense3.bias");
    permute(layout, own, order, sample.theta(), other.theta());
    float[] expected = new float[sample.theta().length];
    permute(layout, own, order, gradient(sample, 0, engine), expected);
    float[] found = gradient(other, 0, engine);
    for (Slot slot : layout.slots()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        double error = own.contains(slot.name()) ? 0 : 1e-6 * (1 + Math.abs(expected[i]));
        assertEquals(expected[i], found[i], error, slot.name());
      }
    }
    float[] scores = Plans.scores(sample, engine);
    float[] others = Plans.scores(other, engine);
    for (int i = 0; i < scores.length; i++) {
      assertEquals(scores[i], others[i], Math.ulp(scores[i]));
    }
  }

  /** Member m becomes the old one of {@code order[m]}. */
  private static void permute(
      Layout layout, List<String> own, int[] order, float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
    for (String name : own) {
      Slot slot = layout.slot(name);
      int its = slot.size() / order.length;
      for (int m = 0; m < order.length; m++) {
        System.arraycopy(from, slot.offset() + order[m] * its, to, slot.offset() + m * its, its);
      }
    }
  }

  // Scores

  @Property
  void scoresAreTheReferences(@ForAll("samples") Sample sample) {
    float[] scores = Plans.scores(sample, engine);
    double[][] expected =
        sample.reference().logits(sample.referenceTheta(), sample.referenceBatch().x());
    int outputs = sample.network().outputs();
    for (int i = 0; i < scores.length; i++) {
      double[] row = expected[i / outputs];
      assertEquals(row[i % outputs], scores[i], 1e-4 * (1 + largest(row, 0, outputs)));
    }
  }

  @Property
  void scoresHaveTheSameBitsOnAllKernelsAndInAnyBatch(
      @ForAll("samples") Sample sample, @ForAll WeightFormat format) {
    float[] expected = Plans.scores(sample, Engine.of("scalar"), format);
    assertArrayEquals(expected, Plans.scores(sample, engine, format));
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), engine, format));
    float[] alone = new float[expected.length];
    int outputs = sample.network().outputs();
    for (int row = 0; row < sample.rows(); row++) {
      plan.scores(sample.features(), row * sample.network().inputs(), 1, alone, row * outputs);
    }
    assertArrayEquals(expected, alone);
  }

  /** Of more rows than a task takes, and more members. */
  @Example
  void scoresOfManyRowsHaveTheSameBitsOnAllThreadsAndWhenAPredictionGoesOver() {
    for (int k : new int[] {3, 60}) {
      Network network = ordinary(Members.of(k), 3, new Loss.SoftmaxCrossEntropy());
      Sample sample = ordinary(network, 100, 3);
      for (WeightFormat format : WeightFormat.values()) {
        float[] expected = Plans.scores(sample, Engine.of("scalar"), format);
        try (PromptThreads threads = new PromptThreads()) {
          Engine parallel = engine.withParallel(Parallel.on(threads, 3));
          assertArrayEquals(expected, Plans.scores(sample, parallel, format));
        }
        PackedNetwork packed =
            PackedNetwork.pack(network, sample.theta(), Engine.of("scalar"), format);
        InferencePlan plan = InferencePlan.over(packed);
        packed.computeOn(engine.hot());
        float[] scores = new float[expected.length];
        plan.scores(sample.features(), 0, sample.rows(), scores, 0);
        assertArrayEquals(expected, scores);
      }
    }
  }

  /** A probability that no float holds has a logit; so have those of 0 and 1. */
  @Example
  void theLogitsOfAMeanAreThoseOfAnyScores() {
    MeanOfMembers two = new MeanOfMembers(Loss.Link.SIGMOID, 2, 1);
    assertMerged(two, new float[] {-900, -902}, -900 + Math.log((1 + Math.exp(-2)) / 2));
    assertMerged(two, new float[] {900, 902}, 900 - Math.log((1 + Math.exp(-2)) / 2));
    assertMerged(two, new float[] {-900, 900}, 0);
    float infinite = Float.POSITIVE_INFINITY;
    assertMerged(two, new float[] {infinite, infinite}, infinite);
    assertMerged(two, new float[] {-infinite, -infinite}, -infinite);
    assertMerged(two, new float[] {1, Float.NaN}, Double.NaN);
    MeanOfMembers rates = new MeanOfMembers(Loss.Link.EXP, 2, 1);
    assertMerged(rates, new float[] {1000, 999}, 1000 + Math.log((1 + Math.exp(-1)) / 2));
    MeanOfMembers classes = new MeanOfMembers(Loss.Link.SOFTMAX, 2, 2);
    float[] merged = new float[2];
    classes.of(new float[] {0, 2000, 5, 2000}, 0, 2, merged, 0);
    assertEquals(-1995 + Math.log((1 + Math.exp(-5)) / 2), merged[0], 1e-3);
    assertEquals(0, merged[1]);
  }

  private static void assertMerged(MeanOfMembers mean, float[] scores, double expected) {
    float[] merged = new float[1];
    mean.of(scores, 0, 1, merged, 0);
    float error = Double.isFinite(expected) ? Math.ulp((float) expected) : 0;
    assertEquals((float) expected, merged[0], error);
  }

  @Example
  void notANumberStaysInItsRow() {
    Network network = ordinary(Members.of(3), 2, new Loss.SoftmaxCrossEntropy());
    Sample sample = ordinary(network, 3, 2);
    float[] clean = Plans.scores(sample, engine);
    sample.features()[INPUTS + 2] = Float.NaN;
    float[] scores = Plans.scores(sample, engine);
    for (int i = 0; i < scores.length; i++) {
      assertEquals(i / 2 == 1 ? Float.NaN : clean[i], scores[i]);
    }
  }

  @Example
  void whatIsNotFiniteIsNamedWithItsMember() {
    Network network = ordinary(Members.of(3), 1, new Loss.SquaredError());
    Sample sample = ordinary(network, 70, 1);
    Slot factor = network.layout().slot("members0.factor");
    sample.theta()[factor.offset() + 2 * INPUTS + 4] = 3e38f;
    sample.features()[65 * INPUTS + 4] = 3e38f;
    TrainingPlan plan = TrainingPlan.compile(network, 70, 32, engine);
    Batch batch = Plans.batch(sample);
    for (int i = 0; i < 65; i++) {
      sample.features()[i * INPUTS + 4] = 0;
    }
    assertEquals(
        "members0: Infinity in row 65, member 2, unit 4",
        plan.firstNonFinite(sample.theta(), batch, 0).orElseThrow());
    assertEquals(
        "members0: Infinity in row 65, member 2, unit 4",
        InferencePlan.over(PackedNetwork.pack(network, sample.theta(), engine))
            .firstNonFinite(sample.features(), 70)
            .orElseThrow());
    sample.theta()[factor.offset() + 2 * INPUTS + 4] = 1;
    sample.features()[65 * INPUTS + 4] = 1;
    Slot bias = network.layout().slot("dense3.bias");
    Slot weight = network.layout().slot("dense3.weight");
    Arrays.fill(sample.theta(), weight.offset(), weight.end(), 3e38f);
    Arrays.fill(sample.theta(), weight.offset(), weight.end() - 9, 0);
    Arrays.fill(sample.theta(), bias.offset(), bias.end(), 3e38f);
    String found = plan.firstNonFinite(sample.theta(), batch, 0).orElseThrow();
    assertTrue(found.matches("dense3: -?Infinity in row \\d+, member 2, unit 0"), found);
  }

  @Example
  void dropoutBeforeMembersIsInTheirFactorsInInference() {
    Dropout classic = Dropout.of(0.5).withForm(Dropout.Form.CLASSIC);
    Network network =
        Network.inputs(INPUTS)
            .add(classic)
            .add(Members.of(2))
            .add(new Dense(3))
            .loss(new Loss.SquaredError());
    Sample sample = ordinary(network, 20, 3);
    float[] scores = Plans.scores(sample, engine);
    double[][] expected =
        sample.reference().logits(sample.referenceTheta(), sample.referenceBatch().x());
    for (int i = 0; i < scores.length; i++) {
      assertEquals(expected[i / 3][i % 3], scores[i], 1e-5);
    }
  }

  @Example
  void statisticsAreThoseOfAllMembers() {
    Network network =
        before(Members.of(3))
            .batchNorm()
            .dense(9)
            .batchNorm()
            .relu()
            .dense(1)
            .loss(new Loss.SquaredError());
    Sample sample = ordinary(network, 100, 1);
    float[] found = BatchStatistics.reestimate(network, sample.theta(), sample.dataset(), engine);
    double[] expected =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); !slot.role().trained() && i < slot.end(); i++) {
        assertEquals(expected[i], found[i], 1e-5 * (1 + Math.abs(expected[i])), slot.name());
      }
    }
  }

  // What is said of them

  @Example
  void thePlanSaysHowManyRowsAStepHas() {
    Network network = ordinary(Members.of(4), 2, new Loss.SoftmaxCrossEntropy());
    String text = TrainingPlan.compile(network, 10, engine).describe();
    assertTrue(text.contains("members0    4 members: [10][6] -> [40][6]"), text);
    assertTrue(text.contains("4 heads of product + bias: [40][9] -> [40][2]"), text);
    assertTrue(text.contains("[40][2]\n"), text);
  }

  @Example
  void aDenseLayersOutputIsThatOfAllMembers() {
    Network network = ordinary(Members.of(2), 1, new Loss.SquaredError());
    Sample sample = ordinary(network, 7, 1);
    List<LayerOutput> outputs =
        TrainingPlan.compile(network, 7, engine).outputs(sample.theta(), Plans.batch(sample), 0);
    assertEquals(
        List.of("dense1", "dense2", "dense3"), outputs.stream().map(LayerOutput::layer).toList());
    double[][] last =
        sample.reference().trainingLogits(sample.referenceTheta(), sample.referenceBatch());
    double squares = Arrays.stream(last).mapToDouble(row -> row[0] * row[0]).sum();
    assertEquals(Math.sqrt(squares / 14), outputs.getLast().rms(), 1e-5);
  }

  // Speed

  @Tag("allocation")
  @Example
  void aStepAllocatesNothing() {
    Network network = ordinary(Members.of(4), 3, new Loss.SoftmaxCrossEntropy());
    float[] theta = network.initialParameters(1);
    Batch batch = Batch.of(Dataset.of(new float[300 * INPUTS], INPUTS, new float[300], 1));
    TrainingPlan plan = TrainingPlan.compile(network, 300, engine);
    float[] gradient = new float[theta.length];
    Allocation.assertNone("steps", 100, step -> plan.gradients(theta, batch, step, gradient));
  }

  @Tag("allocation")
  @Example
  void scoringAllocatesNothing() {
    for (Loss loss :
        List.of(
            new Loss.SoftmaxCrossEntropy(),
            new Loss.SigmoidCrossEntropy(),
            new Loss.SquaredError())) {
      Network network = ordinary(Members.of(4), 3, loss);
      PackedNetwork packed = PackedNetwork.pack(network, network.initialParameters(1), engine);
      InferencePlan plan = InferencePlan.over(packed);
      float[] features = new float[100 * INPUTS];
      float[] scores = new float[100 * 3];
      Allocation.assertNone(
          "calls", 100, call -> plan.scores(features, 0, 1 + call % 100, scores, 0));
    }
  }
}
