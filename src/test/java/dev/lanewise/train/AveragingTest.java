package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.Allocation;
import dev.lanewise.MemoryRows;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.BatchStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;

/** Averages of the parameters of steps and of epochs. */
class AveragingTest {

  private static final Engine ENGINE = Engine.standard();

  private static Training start(Averaging averaging) {
    return Training.start(
        Samples.recipe().withEpochs(6).withAveraging(averaging), Samples.data(), ENGINE);
  }

  @Property(tries = 20)
  void exponentialAverageHasItsClosedForm(
      @ForAll @Scale(3) @DoubleRange(min = 0, max = 0.999) double decay,
      @ForAll @IntRange(max = 30) int n) {
    Training training = start(new Averaging.Exponential(decay));
    double[] expected = ReferenceAverages.widen(training.latestParameters());
    assertArrayEquals(training.latestParameters(), training.parameters());
    List<float[]> thetas = new ArrayList<>();
    for (int step = 0; step < n; step++) {
      training.step();
      thetas.add(training.latestParameters());
    }
    if (n > 0) {
      expected = ReferenceAverages.exponential(thetas, decay);
    }
    ReferenceAverages.assertNear(expected, training.parameters(), 1e-5);
  }

  /** They are taken a task of 2¹⁶ at a time. */
  @Example
  void everyParameterOfALargeNetworkIsAveraged() {
    int n = (1 << 17) + 5;
    float[] second = new float[n];
    float[] third = new float[n];
    float[] expected = new float[n];
    for (int i = 0; i < n; i++) {
      second[i] = i;
      third[i] = 3 * i;
      expected[i] = 2 * i;
    }
    Average average =
        new Average(
            new Averaging.Exponential(0.5), new float[n], () -> ENGINE, ENGINE.parallel().team());
    average.afterStep(second, 1);
    average.afterStep(third, 2);
    assertArrayEquals(expected, average.parameters);
  }

  @Property(tries = 10)
  void averageOfEpochsIsTheArithmeticMeanOfTheirEnds(@ForAll @IntRange(min = 1, max = 8) int from) {
    Training training = start(new Averaging.Epochs(from));
    List<float[]> ends = new ArrayList<>();
    for (Epoch epoch : training) {
      if (epoch.number() >= from || epoch.number() == training.epochs() && from > 6) {
        ends.add(training.latestParameters());
      }
    }
    List<float[]> terms = from > 6 ? List.of(ends.getLast()) : ends;
    int trained = training.network().layout().trained();
    ReferenceAverages.assertNear(
        Arrays.copyOf(ReferenceAverages.mean(terms), trained),
        Arrays.copyOf(training.parameters(), trained),
        1e-6);
  }

  @Property(tries = 5)
  void statisticsOfAMeanOfEpochsAreThoseOfItsWeights(@ForAll @IntRange(min = 1, max = 7) int from) {
    TrainingData data = Samples.data();
    for (ExampleSet rows : List.of(data.training(), streamed(data.training()))) {
      Training training =
          Training.start(
              Samples.recipe().withEpochs(6).withAveraging(new Averaging.Epochs(from)),
              data.withTraining(rows),
              ENGINE);
      for (Epoch epoch : training) {
        float[] expected =
            epoch.number() < from
                ? training.latestParameters()
                : BatchStatistics.reestimate(
                    training.network(), training.parameters(), data.training(), ENGINE);
        assertArrayEquals(expected, training.parameters(), "epoch " + epoch.number());
      }
    }
  }

  private static ExampleSet streamed(ExampleSet rows) {
    return new StreamedRows(new MemoryRows((Dataset) rows), 10);
  }

  @Example
  void averageOfEpochsChangesAtTheirEndsAlone() {
    Training training = start(new Averaging.Epochs(2));
    training.finishEpoch();
    float[] first = training.latestParameters();
    training.step();
    assertArrayEquals(first, training.parameters());
    training.finishEpoch();
    int trained = training.network().layout().trained();
    float[] second = training.latestParameters();
    assertArrayEquals(
        Arrays.copyOf(second, trained), Arrays.copyOf(training.parameters(), trained));
    training.finishEpoch();
    assertFalse(Arrays.equals(training.latestParameters(), training.parameters()));
  }

  @Example
  void stepsNeverSeeTheAverage() {
    Recipe plain = Samples.recipe().withEpochs(3);
    for (Averaging form : List.of(new Averaging.Exponential(0.9), new Averaging.Epochs(1))) {
      Training without = Training.start(plain, Samples.data(), ENGINE);
      Training with = Training.start(plain.withAveraging(form), Samples.data(), ENGINE);
      while (!without.finished()) {
        without.step();
        with.step();
        assertArrayEquals(without.latestParameters(), with.latestParameters());
      }
    }
  }

  @Example
  void epochsAreJudgedByTheAverage() {
    judgedByTheAverage(start(new Averaging.Exponential(0.95)));
    judgedByTheAverage(start(new Averaging.Epochs(2)));
  }

  private static void judgedByTheAverage(Training training) {
    float[] theta = training.parameters();
    DevEvaluation judge =
        new DevEvaluation(
            training.network(),
            Samples.data().dev().orElseThrow(),
            Samples.data().metric(),
            theta,
            () -> ENGINE);
    for (Epoch epoch : training) {
      assertEquals(judge.evaluate(training.parameters()).loss(), epoch.devLoss().getAsDouble());
    }
  }

  @Example
  void earlyStoppingRestoresTheAverageOfTheBestEpoch() {
    DevMetric scripted = Samples.scripted(0.5, 0.7, 0.6, 0.6);
    EarlyStopping rule = EarlyStopping.patience(2).onMetric();
    Averaging form = new Averaging.Exponential(0.9);
    Training stopping =
        Samples.trained(
            Samples.recipe().withAveraging(form).withEarlyStopping(rule),
            Samples.data().withMetric(scripted),
            ENGINE);
    Training other = start(form);
    other.finishEpoch();
    other.finishEpoch();
    assertEquals(2, stopping.bestEpoch());
    assertArrayEquals(other.parameters(), stopping.parameters());
  }

  @Example
  void averageOfEqualParametersIsThem() {
    float[] theta = {1, -3, 0.1f, 1e-20f, 12345};
    Average average = average(new Averaging.Exponential(0.9999), new float[5], ENGINE);
    for (int step = 1; step <= 50_000; step++) {
      average.afterStep(theta, step);
    }
    ReferenceAverages.assertNear(ReferenceAverages.widen(theta), average.parameters, 1e-5);
    Average mean = average(new Averaging.Epochs(1), new float[5], ENGINE);
    for (int epoch = 1; epoch <= 1000; epoch++) {
      mean.afterEpoch(theta, epoch);
    }
    assertArrayEquals(theta, mean.parameters);
  }

  private static Average average(Averaging form, float[] initial, Engine engine) {
    return new Average(form, initial, () -> engine, engine.parallel().team());
  }

  @Example
  @Tag("kernels")
  void blendIsIndependentOfKernelsAndThreads() {
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int size : new int[] {1, 65_535, 65_536, 65_537, 200_003}) {
        float[] expected = blended(size, Engine.of("scalar"));
        assertArrayEquals(expected, blended(size, ENGINE));
        assertArrayEquals(expected, blended(size, ENGINE.withParallel(Parallel.on(executor, 3))));
      }
    }
  }

  private static float[] blended(int size, Engine engine) {
    Random random = new Random(size);
    float[] theta = new float[size];
    var team = engine.parallel().team();
    Average average = new Average(new Averaging.Exponential(0.9), theta, () -> engine, team);
    for (int step = 1; step <= 3; step++) {
      for (int i = 0; i < size; i++) {
        theta[i] = (float) random.nextGaussian();
      }
      team.open();
      average.afterStep(theta, step);
      team.close();
    }
    return average.parameters;
  }

  @Example
  void divergenceBringsTheAverageOfTheLastEpochBack() {
    for (Averaging form : List.of(new Averaging.Exponential(0.9), new Averaging.Epochs(1))) {
      Recipe recipe =
          Samples.recipe().withOptimizer(Optimizer.sgd(0.1)).withEpochs(6).withAveraging(form);
      Training training = Training.start(recipe, Samples.data(), ENGINE);
      training.finishEpoch();
      training.finishEpoch();
      float[] kept = training.parameters();
      training.step();
      training.changeRate(1e37);
      assertThrows(DivergedException.class, training::finishEpoch);
      assertArrayEquals(kept, training.parameters());
    }
  }

  @Tag("allocation")
  @Example
  @Tag("kernels")
  void stepAllocatesNothing() {
    Recipe recipe =
        Samples.recipe()
            .withEpochs(Integer.MAX_VALUE)
            .withAveraging(new Averaging.Exponential(0.99));
    Training training =
        Training.start(recipe, TrainingData.of(Samples.classes(16 * 1000, 1)), ENGINE);
    Allocation.assertNone("steps within an epoch", 200, step -> training.step());
  }
}
