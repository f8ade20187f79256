package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Embeddings by the laws of their parts; what holds for all layers is in {@link AnyOrderTest}. */
@Tag("kernels")
class EmbeddingTest {

  private final Engine engine = Engine.standard();

  private static List<Integer> columns(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static Sample in(Sample sample, Network network, float[] theta, float[] features) {
    return new Sample(
        sample.seed(),
        network,
        theta,
        sample.rows(),
        features,
        sample.targets(),
        sample.targetColumns(),
        sample.stepKey(),
        sample.weights());
  }

  private static Network behind(Embedding embedding, int inputs, Network network) {
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.addFirst(embedding);
    return new Network(inputs, layers, network.loss());
  }

  private static float[] of(Network network, float[] values, String tensor) {
    Slot slot = network.layout().slot(tensor);
    return Arrays.copyOfRange(values, slot.offset(), slot.end());
  }

  private static void put(Network network, float[] theta, String tensor, float[] values) {
    System.arraycopy(values, 0, theta, network.layout().slot(tensor).offset(), values.length);
  }

  @Property
  void columnsThatPassChangeNoBit(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Network plain = sample.network();
    Embedding pass = new Embedding(List.of(new Embedding.Pass(columns(plain.inputs()))));
    Network network = behind(pass, plain.inputs(), plain);
    assertEquals(plain.layout(), network.layout());
    Sample same = in(sample, network, sample.theta(), sample.features());
    assertArrayEquals(Plans.gradient(sample, engine), Plans.gradient(same, engine));
    assertArrayEquals(Plans.scores(sample, engine), Plans.scores(same, engine));
  }

  @Property
  void columnsPassInTheOrderOfThePart(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Network plain = sample.network();
    int inputs = plain.inputs();
    Embedding reversed = new Embedding(List.of(new Embedding.Pass(columns(inputs).reversed())));
    float[] features = new float[sample.features().length];
    for (int i = 0; i < features.length; i++) {
      features[i / inputs * inputs + inputs - 1 - i % inputs] = sample.features()[i];
    }
    Sample other = in(sample, behind(reversed, inputs, plain), sample.theta(), features);
    assertArrayEquals(Plans.gradient(sample, engine), Plans.gradient(other, engine));
    assertArrayEquals(Plans.scores(sample, engine), Plans.scores(other, engine));
  }

  /** The table is the dense layer's W; an unseen value has zeros in all columns. */
  @Property
  void aCategoryHasTheBitsOfADenseLayerOnOneHotColumns(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int values,
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll @IntRange(min = 1, max = 200) int rows) {
    Embedding category =
        new Embedding(List.of(new Embedding.Category(List.of(0), List.of(values), size)));
    Network embedded = Network.inputs(1).add(category).relu().dense(2).loss(squared());
    Network dense = Network.inputs(values).dense(size).relu().dense(2).loss(squared());
    float[] indices = new float[rows];
    float[] hot = new float[rows * values];
    for (int r = 0; r < rows; r++) {
      int value = CounterRandom.below(seed, r, values + 1) - 1;
      indices[r] = value;
      if (value >= 0) {
        hot[r * values + value] = 1;
      }
    }
    float[] targets = new float[2 * rows];
    float[] theta = embedded.initialParameters(seed);
    float[] others = dense.initialParameters(seed);
    put(dense, others, "dense1.weight", of(embedded, theta, "embedding0.categories"));
    put(dense, others, "dense2.weight", of(embedded, theta, "dense1.weight"));
    Sample ours = new Sample(seed, embedded, theta, rows, indices, targets, 2, seed);
    Sample theirs = new Sample(seed, dense, others, rows, hot, targets, 2, seed);
    assertArrayEquals(Plans.scores(theirs, engine), Plans.scores(ours, engine));
    float[] found = Plans.gradient(ours, engine);
    float[] expected = Plans.gradient(theirs, engine);
    assertArrayEquals(
        of(dense, expected, "dense1.weight"), of(embedded, found, "embedding0.categories"));
    assertArrayEquals(of(dense, expected, "dense2.bias"), of(embedded, found, "dense1.bias"));
  }

  private static Loss squared() {
    return new Loss.SquaredError();
  }

  /** What is no number of a value makes its own row NaN, and no gradient of the table. */
  @Property
  void aRowWithoutAValueIsNaN(@ForAll long seed) {
    Network network =
        Network.inputs(2)
            .add(new Embedding(List.of(new Embedding.Category(columns(2), List.of(3, 4), 2))))
            .dense(1)
            .loss(squared());
    float[] strange = {-2, 3, 0.5f, -0.5f, 1e9f, Float.NaN, Float.POSITIVE_INFINITY};
    float[] theta = network.initialParameters(seed);
    for (float value : strange) {
      float[] features = {0, 1, value, 2, -1, 3};
      Sample sample = new Sample(seed, network, theta, 3, features, new float[3], 1, seed);
      float[] scores = Plans.scores(sample, engine);
      assertTrue(Float.isNaN(scores[1]), () -> value + ": " + Arrays.toString(scores));
      assertTrue(Float.isFinite(scores[0]) && Float.isFinite(scores[2]));
      String place = Float.isFinite(value) ? "embedding0: NaN" : "features: " + value;
      assertEquals(
          place + " in row 1, unit 0",
          TrainingPlan.compile(network, 3, engine)
              .firstNonFinite(theta, Plans.batch(sample), 0)
              .orElseThrow());
      float[] table = of(network, Plans.gradient(sample, engine), "embedding0.categories");
      for (int row : new int[] {1, 2, 3}) {
        assertEquals(0, table[2 * row], "row " + row);
      }
    }
  }

  @Example
  void tablesStartStandardNormalAndUntouchedByOthers() {
    Embedding.Category two = new Embedding.Category(columns(2), List.of(3000, 2000), 3);
    Network network =
        Network.inputs(3)
            .add(new Embedding(List.of(two, new Embedding.Pass(List.of(2)))))
            .dense(4)
            .loss(squared());
    Layout layout = network.layout();
    Slot slot = layout.slot("embedding0.categories");
    assertEquals(Slot.Role.TABLE, slot.role());
    assertArrayEquals(new int[] {5000, 3}, slot.shape());
    float[] table = of(network, network.initialParameters(5), slot.name());
    float[] expected = new float[slot.end()];
    new Initializer.Fixed(1, Initializer.Distribution.NORMAL).fill(expected, slot, 5);
    assertArrayEquals(Arrays.copyOfRange(expected, slot.offset(), slot.end()), table);
    double squares = 0;
    for (float number : table) {
      squares += (double) number * number;
    }
    assertEquals(1, Math.sqrt(squares / table.length), 0.03);
    assertEquals(2 * 3 + 1, network.dense().getFirst().inputs());
  }

  @Example
  void cosinesStartAsPublished() {
    Embedding.Periodic periodic = Embedding.Periodic.of(columns(500));
    Network network =
        Network.inputs(500).add(new Embedding(List.of(periodic))).dense(1).loss(squared());
    float[] theta = network.initialParameters(3);
    assertEquals(2000, network.dense().getFirst().inputs());
    float[] frequency = of(network, theta, "embedding0.frequency");
    assertEquals(500 * 16, frequency.length);
    assertEquals(0.1, deviation(frequency), 0.005);
    isUniform(of(network, theta, "embedding0.phase"), 500 * 16, 0.5);
    isUniform(of(network, theta, "embedding0.weight"), 500 * 16 * 3, 0.25);
    isUniform(of(network, theta, "embedding0.bias"), 500 * 3, 0.25);
  }

  private static double deviation(float[] numbers) {
    double squares = 0;
    for (float number : numbers) {
      squares += (double) number * number;
    }
    return Math.sqrt(squares / numbers.length);
  }

  private static void isUniform(float[] numbers, int count, double limit) {
    assertEquals(count, numbers.length);
    double largest = 0;
    for (float number : numbers) {
      largest = Math.max(largest, Math.abs(number));
    }
    assertTrue(largest <= limit && largest > 0.99 * limit, "largest " + largest);
    assertEquals(limit / Math.sqrt(3), deviation(numbers), 0.03 * limit);
  }

  /** Of more cosines than any matrix has columns. */
  @Example
  void scoresOfManyCosinesOfOneColumnAreTheReferences() {
    Network network =
        Network.inputs(1)
            .add(new Embedding(List.of(new Embedding.Periodic(List.of(0), 700, 2, 1))))
            .dense(1)
            .loss(squared());
    float[] features = new float[60];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(1, i);
    }
    float[] theta = network.initialParameters(2);
    Sample sample = new Sample(2, network, theta, 60, features, new float[60], 1, 3);
    double[][] expected =
        sample.reference().logits(sample.referenceTheta(), sample.referenceBatch().x());
    float[] scores = Plans.scores(sample, engine);
    for (int row = 0; row < 60; row++) {
      assertEquals(expected[row][0], scores[row], 1e-4);
    }
  }

  /** The numbers have so few digits that w·x + b is exact. */
  @Property
  void wholeTurnsOfAPhaseChangeNoBit(
      @ForAll long seed, @ForAll @IntRange(min = -1000, max = 1000) int turns) {
    Network network =
        Network.inputs(3)
            .add(new Embedding(List.of(new Embedding.Periodic(columns(3), 7, 4, 1))))
            .dense(2)
            .loss(squared());
    float[] theta = network.initialParameters(seed);
    float[] features = new float[3 * 10];
    for (int i = 0; i < features.length; i++) {
      features[i] = CounterRandom.below(seed, i, 64) / 16f;
    }
    for (String tensor : List.of("embedding0.frequency", "embedding0.phase")) {
      float[] values = of(network, theta, tensor);
      for (int i = 0; i < values.length; i++) {
        values[i] = CounterRandom.below(seed + 1, i, 256) / 256f - 0.5f;
      }
      put(network, theta, tensor, values);
    }
    float[] turned = theta.clone();
    float[] phase = of(network, theta, "embedding0.phase");
    for (int i = 0; i < phase.length; i++) {
      phase[i] += turns;
    }
    put(network, turned, "embedding0.phase", phase);
    Sample one = new Sample(seed, network, theta, 10, features, new float[20], 2, seed);
    Sample other = new Sample(seed, network, turned, 10, features, new float[20], 2, seed);
    assertArrayEquals(Plans.scores(one, engine), Plans.scores(other, engine));
    assertArrayEquals(Plans.gradient(one, engine), Plans.gradient(other, engine));
  }

  /** In parts of whole blocks the sums over rows are those of one batch, too. */
  @Property(tries = 10)
  void partsOfWholeBlocksHaveTheBitsOfTheBatch(@ForAll long seed) {
    Sample sample = sample(many(), 200, seed);
    float[] whole = Plans.gradient(sample, engine);
    float[] parts = new float[whole.length];
    TrainingPlan.compile(sample.network(), 200, 64, engine)
        .gradients(sample.theta(), Plans.batch(sample), seed, parts);
    assertArrayEquals(whole, parts);
  }

  private static Network many() {
    List<Integer> values = IntStream.range(0, 40).mapToObj(c -> 2 + c * c).toList();
    return Network.inputs(60)
        .add(
            new Embedding(
                List.of(
                    new Embedding.Category(columns(40), values, 8),
                    Embedding.Periodic.of(IntStream.range(40, 55).boxed().toList()),
                    new Embedding.Pass(List.of(55, 56)),
                    new Embedding.PiecewiseLinear(
                        List.of(57, 59, 58),
                        List.of(List.of(-1f, 1f), List.of(-2f, 0f, 0.5f, 2f), List.of(0f, 1f)),
                        8))))
        .dense(64)
        .relu()
        .add(new Dense(10))
        .loss(new Loss.SoftmaxCrossEntropy());
  }

  private static Sample sample(Network network, int rows, long seed) {
    Embedding embedding = (Embedding) network.layers().getFirst();
    Embedding.Category category = (Embedding.Category) embedding.parts().getFirst();
    float[] features = new float[rows * network.inputs()];
    for (int i = 0; i < features.length; i++) {
      int c = i % network.inputs();
      features[i] =
          c < category.columns().size()
              ? CounterRandom.below(seed, i, category.values().get(c) + 1) - 1
              : (float) CounterRandom.normal(seed, i);
    }
    float[] theta = network.initialParameters(seed);
    return new Sample(seed, network, theta, rows, features, new float[rows], 1, seed);
  }

  @Property(tries = 10)
  void manyTasksAreIndependentOfThreads(@ForAll long seed) {
    Sample sample = sample(many(), 300, seed);
    float[] alone = Plans.gradient(sample, engine);
    float[] scores = Plans.scores(sample, engine);
    try (PromptThreads threads = new PromptThreads()) {
      for (int width : new int[] {2, 5}) {
        Engine parallel = engine.withParallel(Parallel.on(threads, width));
        assertArrayEquals(alone, Plans.gradient(sample, parallel));
        assertArrayEquals(scores, Plans.scores(sample, parallel));
      }
    }
  }

  /** Behind it members multiply all numbers that a column becomes by one draw at first. */
  @Example
  void membersDrawOnceForEachColumn() {
    Embedding embedding =
        new Embedding(
            List.of(
                new Embedding.Category(List.of(0), List.of(3), 2),
                Embedding.Periodic.of(List.of(3, 1)),
                new Embedding.Pass(List.of(2))));
    assertEquals(List.of(2, 4, 4, 1), embedding.widths());
    Members members = Members.of(3).withStart(Members.Start.NORMAL).withWidths(embedding.widths());
    Network network =
        Network.inputs(4).add(embedding).add(members).dense(5).relu().dense(2).loss(squared());
    float[] factor = of(network, network.initialParameters(7), "members0.factor");
    int[] feature = {0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3};
    Set<Float> draws = new HashSet<>();
    for (int i = 0; i < factor.length; i++) {
      int column = i % 11;
      boolean begins = column == 0 || feature[column] != feature[column - 1];
      assertEquals(begins, draws.add(factor[i]), "number " + i);
    }
    assertEquals(3 * 4, draws.size());
  }

  /** The gradient's array holds that of another step. */
  @Property(tries = 10)
  void aGradientDoesNotDependOnTheOneBefore(@ForAll long seed) {
    Sample sample = sample(many(), 100, seed);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), 100, engine);
    float[] gradient = new float[sample.theta().length];
    Arrays.fill(gradient, Float.NaN);
    plan.gradients(sample.theta(), Plans.batch(sample), seed, gradient);
    assertArrayEquals(Plans.gradient(sample, engine), gradient);
  }

  @Tag("allocation")
  @Example
  void aStepAllocatesNothing() {
    Sample sample = sample(many(), 300, 1);
    Batch batch = Batch.of(Dataset.of(sample.features(), 60, new float[300], 1));
    TrainingPlan plan = TrainingPlan.compile(sample.network(), 300, engine);
    float[] gradient = new float[sample.theta().length];
    Allocation.assertNone(
        "steps", 100, step -> plan.gradients(sample.theta(), batch, step, gradient));
  }

  @Tag("allocation")
  @Example
  void scoringAllocatesNothing() {
    Sample sample = sample(many(), 100, 1);
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), engine));
    float[] scores = new float[100 * 10];
    Allocation.assertNone(
        "calls", 100, call -> plan.scores(sample.features(), 0, 1 + call % 100, scores, 0));
  }
}
