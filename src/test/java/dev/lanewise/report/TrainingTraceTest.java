package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Observation;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is taken down of a training is some of it, evenly, whatever its length. */
class TrainingTraceTest {

  private static final int ROWS = 12;

  private static Recipe recipe(int epochs, int batch) {
    Network network = Network.inputs(2).dense(3).relu().dense(1).loss(new Loss.SquaredError());
    return Recipe.of(network, Optimizer.adam(0.01)).withBatchSize(batch).withEpochs(epochs);
  }

  private static TrainingData rows() {
    float[] features = new float[2 * ROWS];
    float[] targets = new float[ROWS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (i * 7 % 5) - 2;
    }
    for (int i = 0; i < ROWS; i++) {
      targets[i] = features[2 * i] - 0.5f * features[2 * i + 1];
    }
    return TrainingData.of(Dataset.of(features, 2, targets, 1));
  }

  @Property
  void theLossOfOneStepInSoManyIsKept(
      @ForAll @IntRange(min = 1, max = 700) int epochs,
      @ForAll @IntRange(min = 1, max = ROWS) int batch) {
    Recipe recipe = recipe(epochs, batch);
    Training training = Training.start(recipe, rows(), Engine.standard());
    TrainingTrace trace = TrainingTrace.of(training, recipe);
    List<Double> all = new ArrayList<>();
    while (!training.finished()) {
      Optional<Epoch> ended = training.step();
      trace.after(ended);
      all.add(training.stepLoss());
    }
    double[] steps = trace.steps();
    assertTrue(steps.length <= 400 && steps.length >= Math.min(all.size(), 200), "" + steps.length);
    assertEquals(Math.ceilDiv(all.size(), trace.stride()), steps.length);
    for (int i = 0; i < steps.length; i++) {
      assertEquals(1 + i * trace.stride(), steps[i]);
      assertEquals(all.get((int) steps[i] - 1), trace.losses()[i]);
    }
  }

  @Example
  void epochsThatAreObservedAreFewAndEven() {
    Recipe recipe = recipe(250, 0);
    Training training = Training.start(recipe, rows(), Engine.standard());
    TrainingTrace trace = TrainingTrace.of(training, recipe);
    training.observe();
    while (!training.finished()) {
      trace.after(training.step());
    }
    List<Integer> epochs = trace.observations().stream().map(Observation::epoch).toList();
    assertEquals(25, epochs.size());
    assertEquals(List.of(1, 11, 21), epochs.subList(0, 3));
  }

  @Example
  void aResumedTrainingIsNumberedFromItsBeginning() throws IOException {
    Recipe recipe = recipe(4, 4);
    Training begun = Training.start(recipe, rows(), Engine.standard());
    begun.finishEpoch();
    begun.step();
    Training resumed = Training.resume(begun.toBytes(), recipe, rows(), Engine.standard());
    TrainingTrace trace = TrainingTrace.of(resumed, recipe);
    assertArrayEquals(begun.latestParameters(), trace.initialParameters());
    while (!resumed.finished()) {
      trace.after(resumed.step());
    }
    assertArrayEquals(new double[] {5, 6, 7, 8, 9, 10, 11, 12}, trace.steps());
    assertEquals(1, trace.epochsBefore());
  }
}
