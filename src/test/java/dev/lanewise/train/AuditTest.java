package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.DeepSigmoids;
import dev.lanewise.MemoryRows;
import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients checked while a network is trained. */
class AuditTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Consumer<Training.Audit> DEAF = audit -> {};

  @TempDir private Path folder;

  /**
   * A way to train.
   *
   * @param name what it has of its own
   * @param recipe how to train
   * @param data what on
   */
  record Way(String name, Recipe recipe, TrainingData data) {

    Training start(Engine engine) {
      return Training.start(recipe, data, engine);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** All that makes a step's gradient another than that of its rows: what an audit must know of. */
  static Stream<Way> ways() {
    Network smooth =
        Network.inputs(2)
            .dropout(0.1)
            .add(new Dense(9).withPenalty(Penalty.l1(1e-3).and(Penalty.l2PerExample(0.5))))
            .layerNorm()
            .activation(Activation.Function.GELU)
            .dropout(0.3)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy(0.1f));
    Recipe recipe =
        Recipe.of(smooth, Optimizer.adam(0.01)).withBatchSize(16).withEpochs(3).withSeed(5);
    Dataset rows = Samples.classes(97, 1);
    List<Augmentation> noiseAndMixup =
        List.of(new Augmentation.Noise(0.3), new Augmentation.Mixup(0.4));
    float[] weights = new float[97];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 4;
    }
    return Stream.of(
        new Way("batch norm", Samples.recipe().withEpochs(3), Samples.data()),
        new Way("parts", recipe.withMicroBatch(5), TrainingData.of(rows)),
        new Way("weights", recipe, TrainingData.of(rows.withWeights(weights))),
        new Way("a full batch", recipe.withBatchSize(0), TrainingData.of(rows)),
        new Way(
            "a falling dropout",
            recipe.withDropoutFactor(new Schedule.PerStep(new Schedule.Cosine(1, 0, 17))),
            TrainingData.of(rows)),
        new Way(
            "mixed rows", recipe.withAugmentations(noiseAndMixup), TrainingData.of(rows.oneHot(3))),
        new Way("a stream", recipe, TrainingData.streaming(new MemoryRows(rows), 20)),
        new Way(
            "a soft threshold",
            Recipe.of(
                    Network.inputs(2)
                        .add(
                            new Dense(5)
                                .withPenalty(
                                    Penalty.l1(0.1).withL1Form(Penalty.L1Form.SOFT_THRESHOLD)))
                        .activation(Activation.Function.TANH)
                        .dense(3)
                        .loss(new Loss.SoftmaxCrossEntropy()),
                    Optimizer.sgd(0.1))
                .withEpochs(3),
            TrainingData.of(rows)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void auditingChangesNoBit(Way way) {
    Training plain = way.start(ENGINE);
    Training audited = way.start(ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    audited.audit(2, 7, audits::add);
    plain.forEach(epoch -> {});
    audited.forEach(epoch -> {});
    assertArrayEquals(plain.latestParameters(), audited.latestParameters());
    assertEquals((plain.steps() + 1) / 2, audits.size());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void auditsTakeTheStepsOwnCost(Way way) {
    Training training = way.start(ENGINE);
    training.audit(
        2,
        25,
        audit -> {
          assertFalse(audit.failed(), audit::toString);
          assertTrue(audit.report().band().compareTo(Band.LOOK) <= 0, audit::toString);
        });
    training.forEach(epoch -> {});
  }

  @Test
  void auditsAreOfTheFirstStepAndOfEveryNthAfterIt() {
    Training training = Training.start(Samples.recipe().withEpochs(2), Samples.data(), ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    training.audit(3, 1, audits::add);
    training.forEach(epoch -> {});
    assertEquals(14, training.steps());
    assertEquals(List.of(1L, 4L, 7L, 10L, 13L), audits.stream().map(Training.Audit::step).toList());
    assertEquals(List.of(1, 1, 1, 2, 2), audits.stream().map(Training.Audit::epoch).toList());
  }

  /** The check of a network with another penalty, dropout or loss has another gradient. */
  @Test
  void anAuditCatchesAWrongGradient() {
    Network right = network(Penalty.l2(0.1), 0.2, new Loss.SoftmaxCrossEntropy());
    assertEquals(List.of(false), failures(right, right));
    for (Network wrong :
        List.of(
            network(Penalty.l2(0.11), 0.2, new Loss.SoftmaxCrossEntropy()),
            network(Penalty.NONE, 0.2, new Loss.SoftmaxCrossEntropy()),
            network(Penalty.l2(0.1), 0.25, new Loss.SoftmaxCrossEntropy()),
            network(Penalty.l2(0.1), 0.2, new Loss.SoftmaxCrossEntropy(0.05f)))) {
      assertEquals(List.of(true), failures(right, wrong), wrong::toString);
    }
  }

  private static Network network(Penalty penalty, double drop, Loss loss) {
    return Network.inputs(2)
        .add(new Dense(8).withPenalty(penalty))
        .activation(Activation.Function.TANH)
        .dropout(drop)
        .dense(3)
        .loss(loss);
  }

  /** {@return whether the audit of the first step fails that takes one network for another} */
  private static List<Boolean> failures(Network trained, Network audited) {
    Recipe recipe = Recipe.of(trained, Optimizer.adam(0.01)).withEpochs(1).withBatchSize(32);
    TrainingData rows = TrainingData.of(Samples.classes(97, 1));
    Training training = Training.start(recipe, rows, ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    training.audit(new Auditor(audited, 100, 20, 1, audits::add));
    training.finishEpoch();
    return audits.stream().map(Training.Audit::failed).toList();
  }

  @ParameterizedTest
  @CsvSource({"6, dense1.weight", "8, dense1.weight", "9, dense2.weight"})
  void anAuditOfOneWrongTensorHasFailed(int depth, String tensor) {
    Training.Audit audit = new Training.Audit(1, 1, DeepSigmoids.withSignOf(depth, tensor));
    assertTrue(audit.report().delta() < 1e-3, audit::toString);
    assertTrue(audit.failed(), audit::toString);
  }

  @Test
  void anAuditThatTellsNothingHasFailed() {
    Network kinks = Network.inputs(2).dense(4).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
    Recipe recipe = Recipe.of(kinks, Optimizer.adam(0.01)).withEpochs(1);
    float[] zeros = new float[kinks.layout().size()];
    Training training =
        Training.start(recipe, TrainingData.of(Samples.classes(97, 1)), zeros, ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    training.audit(100, 1, audits::add);
    training.finishEpoch();
    assertTrue(audits.getFirst().failed(), audits::toString);
    assertFalse(audits.getFirst().report().conclusive(), audits::toString);
  }

  @Test
  void whatTheListenerThrowsLeavesTheTrainingBeforeTheStep() {
    Way way = new Way("", Samples.recipe().withEpochs(2), Samples.data());
    Training plain = way.start(ENGINE);
    Training stopped = way.start(ENGINE);
    IllegalStateException thrown = new IllegalStateException("stop");
    stopped.audit(
        6,
        1,
        audit -> {
          if (audit.step() > 1) {
            throw thrown;
          }
        });
    for (int step = 0; step < 6; step++) {
      plain.step();
      stopped.step();
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      assertEquals(thrown, assertThrows(IllegalStateException.class, stopped::step));
      assertEquals(6, stopped.steps());
      assertArrayEquals(plain.latestParameters(), stopped.latestParameters());
    }
    stopped.audit(6, 1, DEAF);
    plain.forEach(epoch -> {});
    stopped.forEach(epoch -> {});
    assertArrayEquals(plain.latestParameters(), stopped.latestParameters());
  }

  /** After three of the seven steps of an epoch, with an audit due at the second step to come. */
  @Test
  void aResumedTrainingIsAuditedAlike() throws IOException {
    Way way = new Way("", Samples.recipe().withEpochs(3), Samples.data());
    Training whole = way.start(ENGINE);
    List<Training.Audit> expected = new ArrayList<>();
    whole.audit(4, 9, expected::add);
    for (int step = 0; step < 3; step++) {
      whole.step();
    }
    Path file = folder.resolve("checkpoint");
    whole.save(file);
    whole.forEach(epoch -> {});
    Training resumed = Training.resume(file, way.recipe(), way.data(), ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    resumed.audit(4, 9, audits::add);
    resumed.forEach(epoch -> {});
    assertEquals(expected.subList(1, expected.size()), audits);
  }

  @Test
  void auditsAreTheSameWithEveryEngine() {
    try (ExecutorService helpers = Executors.newFixedThreadPool(2)) {
      List<List<Training.Audit>> audits =
          Stream.of(ENGINE, Engine.of("scalar").withParallel(Parallel.on(helpers, 3)))
              .map(AuditTest::audits)
              .toList();
      assertEquals(audits.getFirst(), audits.getLast());
      assertEquals(4, audits.getFirst().size());
    }
  }

  private static List<Training.Audit> audits(Engine engine) {
    Training training = Training.start(Samples.recipe().withEpochs(1), Samples.data(), engine);
    List<Training.Audit> audits = new ArrayList<>();
    training.audit(2, 9, audits::add);
    training.finishEpoch();
    return audits;
  }

  /** An audit that asks for few components asks for others the next time. */
  @Test
  void eachAuditDrawsOtherComponents() {
    Training training = Training.start(Samples.recipe().withEpochs(2), Samples.data(), ENGINE);
    List<Training.Audit> audits = new ArrayList<>();
    training.audit(1, 1, audits::add);
    training.forEach(epoch -> {});
    long different =
        audits.stream()
            .map(audit -> audit.report().worst().stream().map(c -> c.index()).sorted().toList())
            .distinct()
            .count();
    assertTrue(different >= audits.size() - 1, () -> different + " of " + audits.size());
  }

  @Tag("allocation")
  @Test
  void stepsBetweenAuditsAllocateNothing() {
    Recipe recipe = Samples.recipe().withEpochs(Integer.MAX_VALUE);
    Training training =
        Training.start(recipe, TrainingData.of(Samples.classes(16 * 20_000, 1)), ENGINE);
    training.audit(Integer.MAX_VALUE, 1, DEAF);
    Allocation.assertNone("steps between audits", 200, step -> training.step());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void numbersBelowOneAreRefused(int wrong) {
    Training training = Training.start(Samples.recipe(), Samples.data(), ENGINE);
    assertEquals(
        "every: %d; expected at least 1".formatted(wrong),
        assertThrows(IllegalArgumentException.class, () -> training.audit(wrong, 1, DEAF))
            .getMessage());
    assertEquals(
        "components: %d; expected at least 1".formatted(wrong),
        assertThrows(IllegalArgumentException.class, () -> training.audit(1, wrong, DEAF))
            .getMessage());
    assertThrows(NullPointerException.class, () -> training.audit(1, 1, null));
  }
}
