package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Models of bootstrap samples, and the rows that are in no sample. */
final class BaggingTest {

  private static final Table TABLE = Flowers.table(100, 1);

  private static Learner small(Learner learner) {
    return learner
        .withNetwork(
            (inputs, outputs, loss) ->
                Network.inputs(inputs).dense(5).relu().dense(outputs).loss(loss))
        .withRecipe(recipe -> recipe.withOptimizer(Optimizer.adam(0.03)).withEpochs(8));
  }

  private static Learner kinds() {
    return small(Flowers.kinds());
  }

  @Test
  void eachMemberIsTrainedOnABootstrapSampleOfItsOwn() {
    Learner learner = kinds().withSeed(3);
    Combined bagged = Bagging.of(learner, 3).learn(TABLE);
    for (int m = 0; m < 3; m++) {
      Model member = bagged.members().get(m).model();
      long its = Long.parseLong(member.provenance().entries().get("seed"));
      assertEquals(m == 0, its == 3);
      try (Run run = learner.begin(TABLE).withRecipe(recipe -> recipe.withSeed(its))) {
        Training byHand =
            Training.start(
                run.recipe(), run.data().withTraining(run.train().bootstrap(3, m)), run.engine());
        byHand.forEach(epoch -> {});
        assertArrayEquals(byHand.parameters(), member.parameters());
        assertEquals(byHand.bestEpoch(), bagged.members().get(m).bestEpoch());
        assertEquals(byHand.epochs(), bagged.members().get(m).epochs());
        assertEquals(byHand.penalty(), bagged.members().get(m).penalty());
      }
    }
    Ensemble ensemble = (Ensemble) bagged.model();
    assertEquals(3, ensemble.models().size());
    assertEquals(1, ensemble.models().stream().map(Model::encoder).distinct().count());
    assertEquals(
        "bagging, 3 models on bootstrap samples of the training rows",
        ensemble.provenance().entries().get("combined"));
  }

  @Property(tries = 60)
  void groupsAreDrawnWhole(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 6) Integer> groups,
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int sample) {
    int[] of = groups.stream().mapToInt(group -> group).toArray();
    Dataset rows = Dataset.of(new float[of.length], 1, new float[of.length], 1);
    int[] drawn = Bagging.drawn(rows, Optional.of(of), seed, sample);
    Map<Integer, Long> times =
        Arrays.stream(drawn).boxed().collect(Collectors.groupingBy(r -> r, Collectors.counting()));
    long groupsDrawn = 0;
    for (int group : Arrays.stream(of).distinct().toArray()) {
      int[] members = IntStream.range(0, of.length).filter(r -> of[r] == group).toArray();
      long[] each =
          Arrays.stream(members).mapToLong(r -> times.getOrDefault(r, 0L)).distinct().toArray();
      assertEquals(1, each.length, "all rows of a group are drawn equally often");
      groupsDrawn += each[0];
    }
    assertEquals(Arrays.stream(of).distinct().count(), groupsDrawn);
    assertArrayEquals(drawn, Bagging.drawn(rows, Optional.of(of), seed, sample));
  }

  @Test
  void samplesDifferByNumberAndBySeed() {
    Dataset rows = Dataset.of(new float[50], 1, new float[50], 1);
    int[] groups = IntStream.range(0, 50).map(r -> r / 2).toArray();
    for (Optional<int[]> of : List.of(Optional.<int[]>empty(), Optional.of(groups))) {
      List<Integer> first = list(Bagging.drawn(rows, of, 1, 0));
      assertNotEquals(first, list(Bagging.drawn(rows, of, 1, 1)));
      assertNotEquals(first, list(Bagging.drawn(rows, of, 2, 0)));
    }
  }

  private static List<Integer> list(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  @Test
  void groupsOfTheTableAreDrawnWhole() {
    Combined bagged = Bagging.of(kinds().withGroups("plant").withIgnored("weight"), 2).learn(TABLE);
    Map<Object, Integer> numbers = new HashMap<>();
    int plant = TABLE.column("plant");
    int[] groups =
        Arrays.stream(bagged.split().train())
            .map(r -> numbers.computeIfAbsent(TABLE.text(r, plant), t -> numbers.size()))
            .toArray();
    Dataset rows = (Dataset) bagged.rows();
    int[] drawn = Bagging.drawn(rows, Optional.of(groups), 0, 1);
    assertEquals(
        Integer.toString(drawn.length),
        bagged.members().get(1).model().provenance().entries().get("rows"));
  }

  /** By hand, row by row: the mean over the members whose sample the row is not in. */
  @Test
  void aRowOutOfTheBagIsJudgedByTheMembersThatNeverSawIt() {
    for (Learner learner : List.of(kinds(), small(Flowers.prices()))) {
      Combined bagged = Bagging.of(learner.withSeed(2), 4).learn(TABLE);
      Dataset rows = (Dataset) bagged.rows();
      List<Integer> judged = new ArrayList<>();
      List<double[]> means = new ArrayList<>();
      for (int r = 0; r < rows.rows(); r++) {
        double[] sum = new double[2];
        int count = 0;
        for (int m = 0; m < 4; m++) {
          if (!list(rows.bootstrapRows(2, m)).contains(r)) {
            add(bagged.members().get(m).model(), rows.select(new int[] {r}), sum);
            count++;
          }
        }
        if (count > 0) {
          judged.add(r);
          means.add(new double[] {sum[0] / count, sum[1] / count});
        }
      }
      Evaluation evaluation = bagged.outOfBag().orElseThrow();
      assertEquals(judged.size(), evaluation.rows());
      assertTrue(judged.size() < rows.rows() && judged.size() > 40, judged::toString);
      double loss = 0;
      for (int i = 0; i < means.size(); i++) {
        float truth = rows.targets()[judged.get(i)];
        if (evaluation instanceof Evaluation.OfClasses) {
          loss -= Math.log(means.get(i)[(int) truth]);
        } else {
          double[] actual = new double[1];
          ((Target.Values) rows.encoder().orElseThrow().target())
              .restore(new float[] {truth}, 1, actual);
          loss += Math.pow(means.get(i)[0] - actual[0], 2);
        }
      }
      double mean = loss / means.size();
      switch (evaluation) {
        case Evaluation.OfClasses of -> {
          assertEquals(mean, of.classification().logLoss(), 1e-12);
          assertEquals(List.of("iris", "rose"), of.labels());
        }
        case Evaluation.OfValues of -> assertEquals(Math.sqrt(mean), of.regression().rmse(), 1e-9);
      }
    }
  }

  private static void add(Model model, Dataset row, double[] sum) {
    boolean classes = model.network().loss().givesProbabilities();
    double[] its = new double[2];
    if (classes) {
      model.predictor().probabilities(row.features(), 1, its);
    } else {
      model.predictor().values(row.features(), 1, its);
    }
    sum[0] += its[0];
    sum[1] += its[1];
  }

  @Test
  void theEnsembleIsJudgedAsItIsServed() {
    Combined bagged = Bagging.of(kinds().withCalibration(), 2).learn(TABLE);
    assertNotEquals(Temperature.NONE, bagged.model().temperature());
    for (Combined.Member member : bagged.members()) {
      assertEquals(Temperature.NONE, member.model().temperature());
    }
    assertEquals(
        bagged.model().evaluate(TABLE.select(bagged.split().test())), bagged.test().orElseThrow());
    assertEquals(
        bagged.model().evaluate(TABLE.select(bagged.split().dev())), bagged.dev().orElseThrow());
    assertEquals(
        List.of("train", "dev", "test", "outOfBag"), List.copyOf(bagged.evaluations().keySet()));
  }

  @Test
  void weightsAndMixedRowsAreThoseOfTheRowsDrawn() {
    Learner learner =
        kinds()
            .withBalancedClasses()
            .withRecipe(r -> r.withAugmentations(List.of(new Augmentation.Mixup(0.4))));
    Combined bagged = Bagging.of(learner, 2).learn(TABLE);
    assertTrue(bagged.outOfBag().isPresent());
    assertEquals(2, bagged.members().size());
  }

  @Test
  void theBitsDoNotDependOnTheThreads() {
    Combined expected = Bagging.of(kinds(), 2).learn(TABLE);
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Engine two = Engine.standard().withParallel(Parallel.on(pool, 3));
      Combined actual = Bagging.of(kinds().withEngine(two), 2).learn(TABLE);
      assertEquals(expected.model().parametersSha256(), actual.model().parametersSha256());
      assertEquals(expected.outOfBag(), actual.outOfBag());
    }
  }

  @Test
  void streamedRowsAreRefused() throws Exception {
    try (Run run =
        kinds()
            .withSplit(new Split.Ratios(60, 20, 20))
            .begin(TABLE, encoder -> new MemoryRows(encoder.dataset(TABLE, TABLE.all())), 10)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Bagging.learn(run, 2, (t, e) -> {}))
              .getMessage();
      assertTrue(message.startsWith("run: streamed rows"), message);
    }
  }

  @Test
  void aRunThatHasBegunIsRefused() {
    try (Run run = kinds().begin(TABLE)) {
      assertFalse(run.training().finished());
      assertThrows(IllegalStateException.class, () -> Bagging.learn(run, 2, (t, e) -> {}));
    }
  }

  @Test
  void anInterruptEndsIt() {
    try (Run run = kinds().begin(TABLE)) {
      assertThrows(
          CancellationException.class,
          () -> Bagging.learn(run, 2, (t, e) -> Thread.currentThread().interrupt()));
      assertTrue(Thread.interrupted());
    }
  }
}
