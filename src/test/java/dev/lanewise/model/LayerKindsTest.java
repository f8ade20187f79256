package dev.lanewise.model;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.check.GradientCheck;
import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.json.JsonReader;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * What holds of every kind of layer: a new one needs a layer in {@link Networks#layer} and no test
 * here. It stands on the inputs, behind a product and before one, or on the inputs alone.
 */
@Tag("kernels")
class LayerKindsTest {

  private static final int INPUTS = 5;
  private static final int OUTPUTS = 3;
  private static final long KEY = 7;

  /** More than a task takes at once, where it takes some of the columns. */
  private static final int ROWS = 300;

  private final Engine engine = Engine.standard();

  /** The kinds of which a network has one layer, which stands on the inputs. */
  private static final Set<Layer.Kind> ONCE = EnumSet.of(Layer.Kind.MEMBERS, Layer.Kind.EMBEDDING);

  private static Network network(Layer.Kind kind) {
    Layer layer = Networks.layer(kind);
    if (ONCE.contains(kind)) {
      return Network.inputs(INPUTS)
          .add(layer)
          .dense(70)
          .activation(Activation.Function.TANH)
          .dense(7)
          .activation(Activation.Function.TANH)
          .dense(OUTPUTS)
          .loss(new Loss.SquaredError());
    }
    return Network.inputs(INPUTS)
        .add(layer)
        .dense(70)
        .add(layer)
        .activation(Activation.Function.TANH)
        .dense(7)
        .activation(Activation.Function.TANH)
        .add(layer)
        .dense(OUTPUTS)
        .loss(new Loss.SquaredError());
  }

  /** With tensors that are not what they start with. */
  private static Sample sample(Layer.Kind kind, int rows) {
    Network network = network(kind);
    float[] theta = network.initialParameters(3);
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); slot.role() != Slot.Role.WEIGHT && i < slot.end(); i++) {
        theta[i] = (float) (0.5 + CounterRandom.uniform(4, i));
      }
    }
    float[] features = normals(5, rows * INPUTS);
    for (int row = 0; kind == Layer.Kind.EMBEDDING && row < rows; row++) {
      features[row * INPUTS + 1] = row % 4 - 1; // the number of a value, or none
    }
    return new Sample(3, network, theta, rows, features, normals(6, rows * OUTPUTS), OUTPUTS, KEY);
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
        .gradients(sample.theta(), Batch.of(sample.dataset()), sample.stepKey(), gradient);
    return gradient;
  }

  private static float[] scores(Sample sample, Engine engine, WeightFormat format) {
    float[] scores = new float[sample.rows() * OUTPUTS];
    InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), engine, format))
        .scores(sample.features(), 0, sample.rows(), scores, 0);
    return scores;
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aLayerIsOfTheKindThatItSays(@ForAll Layer.Kind kind) {
    assertEquals(kind, Networks.layer(kind).kind());
  }

  /** So the laws of random networks are laws of every kind. */
  @Example
  void everyKindIsInSomeRandomNetwork() {
    Set<Layer.Kind> drawn = EnumSet.noneOf(Layer.Kind.class);
    for (long seed = 0; seed < 50; seed++) {
      Networks.inAnyOrder(seed).network().layers().forEach(layer -> drawn.add(layer.kind()));
    }
    assertEquals(EnumSet.allOf(Layer.Kind.class), drawn);
  }

  // The gradient

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theTextbooksGradientIsThatOfDifferences(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, 12);
    double[] gradient =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    double delta =
        GradientCheck.of(sample.network())
            .check(sample.referenceTheta(), sample.referenceBatch(), gradient)
            .delta();
    assertTrue(delta < 1e-8, () -> kind + ": " + delta);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void thePlansGradientIsThatOfDifferences(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, 12);
    double delta =
        GradientCheck.of(sample.network())
            .check(sample.theta(), sample.dataset(), KEY, engine)
            .delta();
    double bound = kind == Layer.Kind.EMBEDDING ? 5e-7 : 2e-7;
    assertTrue(delta < bound, () -> kind + ": " + delta);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void thePlansGradientIsTheTextbooksTensorByTensor(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, ROWS);
    double[] expected =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    float[] found = gradient(sample, 0, engine);
    Layout layout = sample.network().layout();
    double all = largest(expected, 0, layout.trained());
    for (Slot slot : layout.slots()) {
      double of = largest(expected, slot.offset(), slot.end());
      for (int i = slot.offset(); i < slot.end(); i++) {
        double error = slot.role().trained() ? 3e-6 * of + 1e-6 * all : 1e-5 * (1 + of);
        assertEquals(expected[i], found[i], error, slot.name());
      }
    }
  }

  private static double largest(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).map(Math::abs).max().orElseThrow();
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theGradientHasTheSameBitsOnAllKernelsAndThreads(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, ROWS);
    float[] expected = gradient(sample, 0, Engine.of("scalar"));
    assertArrayEquals(expected, gradient(sample, 0, engine));
    try (PromptThreads threads = new PromptThreads()) {
      for (int width : new int[] {2, 5}) {
        Engine parallel = engine.withParallel(Parallel.on(threads, width));
        assertArrayEquals(expected, gradient(sample, 0, parallel));
      }
    }
  }

  /** Where batches are not normalised. Sums over rows are those of blocks of 64. */
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theGradientHasTheSameBitsInPartsOfABatch(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, ROWS);
    if (sample.network().normalizesBatches()) {
      assertEquals(Layer.Kind.BATCH_NORM, kind);
      return;
    }
    for (int part : new int[] {64, 128}) {
      assertArrayEquals(gradient(sample, 0, engine), gradient(sample, part, engine));
    }
  }

  // Scores

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void scoresAreTheTextbooks(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, ROWS);
    float[] scores = scores(sample, engine, WeightFormat.FLOAT32);
    double[][] expected =
        sample.reference().logits(sample.referenceTheta(), sample.referenceBatch().x());
    for (int i = 0; i < scores.length; i++) {
      double[] row = expected[i / OUTPUTS];
      assertEquals(row[i % OUTPUTS], scores[i], 2e-6 * (1 + largest(row, 0, OUTPUTS)));
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void scoresHaveTheSameBitsOnAllKernelsAndThreadsAndInAnyBatch(
      @ForAll Layer.Kind kind, @ForAll WeightFormat format) {
    Sample sample = sample(kind, ROWS);
    float[] expected = scores(sample, Engine.of("scalar"), format);
    assertArrayEquals(expected, scores(sample, engine, format));
    try (PromptThreads threads = new PromptThreads()) {
      Engine parallel = engine.withParallel(Parallel.on(threads, 2));
      assertArrayEquals(expected, scores(sample, parallel, format));
    }
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), engine, format));
    float[] alone = new float[expected.length];
    for (int row = 0; row < sample.rows(); row++) {
      plan.scores(sample.features(), row * INPUTS, 1, alone, row * OUTPUTS);
    }
    assertArrayEquals(expected, alone);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void notANumberStaysInItsRow(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, 3);
    float[] clean = scores(sample, engine, WeightFormat.FLOAT32);
    sample.features()[INPUTS + 2] = Float.NaN;
    float[] scores = scores(sample, engine, WeightFormat.FLOAT32);
    for (int i = 0; i < scores.length; i++) {
      assertEquals(i / OUTPUTS == 1 ? Float.NaN : clean[i], scores[i]);
    }
  }

  // Descriptions and files

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void modelsSurviveSaving(@ForAll Layer.Kind kind) throws IOException {
    Sample sample = sample(kind, 3);
    Model model = Model.of(sample.network(), sample.theta(), engine);
    byte[] bytes = model.toBytes();
    Model read = (Model) TrainedModel.read(new ByteArrayInputStream(bytes), "bytes");
    assertEquals(sample.network(), read.network());
    assertArrayEquals(sample.theta(), read.parameters());
    assertArrayEquals(bytes, read.toBytes());
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void anUnknownMemberIsRefusedByName(@ForAll Layer.Kind kind) {
    String text = NetworkJson.write(network(kind)).toString();
    String member = "\"kind\":\"" + Fields.choice(kind) + "\"";
    String other = text.replaceFirst(member, member + ",\"odd\":1");
    assertNotEquals(text, other);
    assertRefusedSaying("member \"odd\" is unknown", () -> NetworkJson.read(new JsonReader(other)));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void tensorsAreNamedByKindAndPlaceEachOnce(@ForAll Layer.Kind kind) {
    Network network = network(kind);
    Set<String> names = new HashSet<>();
    for (Network.Node node : network.nodes()) {
      for (Slot slot : node.tensors()) {
        String front = node.layer().kind().prefix() + node.number() + ".";
        assertTrue(slot.name().startsWith(front), slot.name());
        assertTrue(names.add(slot.name()), slot.name());
      }
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theTableHasALineOfIt(@ForAll Layer.Kind kind) {
    String label = Networks.layer(kind).label();
    long lines = network(kind).toString().lines().filter(line -> line.startsWith(label)).count();
    assertTrue(lines >= (ONCE.contains(kind) ? 1 : 3), () -> network(kind).toString());
  }

  // Training

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aTrainingGoesOnWhereItStoppedWithTheSameBits(@ForAll Layer.Kind kind) throws IOException {
    Sample sample = sample(kind, 15);
    Recipe recipe =
        Recipe.of(sample.network(), Optimizer.adam(0.01)).withBatchSize(4).withEpochs(3);
    TrainingData rows = TrainingData.of(sample.dataset());
    Training whole = Training.start(recipe, rows, engine);
    for (int step = 0; step < 6; step++) {
      whole.step();
    }
    Training resumed = Training.resume(whole.toBytes(), recipe, rows, engine);
    whole.forEach(epoch -> {});
    resumed.forEach(epoch -> {});
    assertArrayEquals(whole.parameters(), resumed.parameters());
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void trainingChangesEveryTensorThatIsTrained(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, 15);
    Recipe recipe = Recipe.of(sample.network(), Optimizer.sgd(0.01)).withEpochs(1);
    Training training = Training.start(recipe, TrainingData.of(sample.dataset()), engine);
    float[] before = training.parameters();
    training.forEach(epoch -> {});
    float[] after = training.parameters();
    for (Slot slot : sample.network().layout().slots()) {
      boolean changed =
          Arrays.mismatch(before, slot.offset(), slot.end(), after, slot.offset(), slot.end()) >= 0;
      assertTrue(changed, slot.name());
    }
  }

  @Tag("allocation")
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aStepAllocatesNothing(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, ROWS);
    TrainingPlan plan = TrainingPlan.compile(sample.network(), ROWS, engine);
    Batch batch = Batch.of(sample.dataset());
    float[] gradient = new float[sample.theta().length];
    Allocation.assertNone(
        "steps", 100, step -> plan.gradients(sample.theta(), batch, step, gradient));
  }

  @Tag("allocation")
  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aPredictionAllocatesNothing(@ForAll Layer.Kind kind) {
    Sample sample = sample(kind, 100);
    InferencePlan plan =
        InferencePlan.over(PackedNetwork.pack(sample.network(), sample.theta(), engine));
    float[] scores = new float[100 * OUTPUTS];
    Allocation.assertNone(
        "calls", 100, call -> plan.scores(sample.features(), 0, 1 + call % 100, scores, 0));
  }
}
