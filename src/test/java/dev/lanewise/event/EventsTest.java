package dev.lanewise.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.DivergedException;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording holds is what trainings and models say themselves. */
final class EventsTest {

  private static final int ROWS = 10;

  @TempDir private Path folder;

  /** What is done while events of a kind are recorded. */
  private interface Work {
    void run() throws IOException;
  }

  private List<RecordedEvent> recorded(String name, Work work) throws IOException {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.lanewise." + name).withoutThreshold();
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals("dev.lanewise." + name))
        .toList();
  }

  private static Training training(float scale) {
    Network network = Network.inputs(2).dense(3).relu().dense(1).loss(new Loss.SquaredError());
    float[] features = new float[2 * ROWS];
    float[] targets = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      features[2 * i] = i * 0.1f;
      targets[i] = scale * i;
    }
    Dataset rows = Dataset.of(features, 2, targets, 1);
    Recipe recipe = Recipe.of(network, Optimizer.sgd(0.01)).withBatchSize(4).withEpochs(3);
    return Training.start(recipe, TrainingData.of(rows).withDev(rows), Engine.standard());
  }

  private static Model model() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
    return Model.of(network, network.initialParameters(1), Engine.standard());
  }

  @Test
  void epochsAreThoseOfTheHistory() throws IOException {
    List<Epoch> history = new ArrayList<>();
    List<RecordedEvent> events = recorded("Epoch", () -> training(0.1f).forEach(history::add));
    assertEquals(3, events.size());
    for (int i = 0; i < 3; i++) {
      RecordedEvent event = events.get(i);
      Epoch epoch = history.get(i);
      assertEquals(epoch.number(), event.getInt("epoch"));
      assertEquals(epoch.rate(), event.getDouble("learningRate"));
      assertEquals(epoch.trainingLoss(), event.getDouble("trainLoss"));
      assertEquals(epoch.cost(), event.getDouble("trainCost"));
      assertEquals(epoch.devLoss().orElseThrow(), event.getDouble("devLoss"));
      assertTrue(Double.isNaN(event.getDouble("devMetric")), "there is none");
      assertEquals(epoch.seconds(), event.getLong("time") * 1e-9, 1e-8);
    }
  }

  @Test
  void stepsHaveTheirRowsAndLosses() throws IOException {
    List<Double> losses = new ArrayList<>();
    List<RecordedEvent> events =
        recorded(
            "Step",
            () -> {
              Training training = training(0.1f);
              while (!training.finished()) {
                training.step();
                losses.add(training.stepLoss());
              }
            });
    assertEquals(losses, events.stream().map(event -> event.getDouble("loss")).toList());
    int[] rows = {4, 4, 2};
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i + 1, events.get(i).getLong("step"));
      assertEquals(1 + i / 3, events.get(i).getInt("epoch"));
      assertEquals(rows[i % 3], events.get(i).getInt("rows"));
      assertTrue(events.get(i).getLong("duration") > 0);
    }
  }

  @Test
  void aDivergenceIsNamedByItsPlace() throws IOException {
    Training training = training(1e30f);
    DivergedException[] thrown = new DivergedException[1];
    List<RecordedEvent> events =
        recorded(
            "Divergence",
            () ->
                thrown[0] =
                    assertThrows(DivergedException.class, () -> training.forEach(epoch -> {})));
    assertEquals(1, events.size());
    assertEquals(thrown[0].step(), events.getFirst().getLong("step"));
    assertEquals(thrown[0].place(), events.getFirst().getString("place"));
  }

  @Test
  void aCallOfAPredictorIsOneEventHoweverManyRows() throws IOException {
    Model model = model();
    Predictor predictor = model.predictor();
    SharedPredictor shared = model.shared();
    List<RecordedEvent> events =
        recorded(
            "Prediction",
            () -> {
              predictor.predict(new float[14], 7, new float[7]);
              predictor.logits(new float[4], 2, new float[2]);
              predictor.values(new float[2000], 1000, new double[1000]);
              shared.predict(new float[2], 1, new float[1]);
            });
    assertEquals(
        List.of(7, 2, 1000, 1), events.stream().map(event -> event.getInt("rows")).toList());
    assertEquals(2, events.getFirst().getInt("columns"));
  }

  @Test
  void aLoadedModelIsToldFromOthersByItsDigest() throws IOException {
    Model model = model();
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    List<RecordedEvent> events =
        recorded(
            "ModelLoad",
            () -> {
              TrainedModel.load(file);
              Model.load(file);
              TrainedModel.of(model.toBytes());
            });
    assertEquals(
        List.of(file.toString(), file.toString(), "bytes"),
        events.stream().map(event -> event.getString("source")).toList());
    for (RecordedEvent event : events) {
      assertEquals(model.parametersSha256(), event.getString("parametersSha256"));
    }
  }

  /** So a swap is seen: the first call of the new model adds the first of its predictors. */
  @Test
  void aModelBeginsToServeWithItsFirstPredictor() throws IOException {
    Model model = model();
    List<RecordedEvent> events =
        recorded(
            "PredictorAdded",
            () -> {
              model.shared().predict(new float[2], 1, new float[1]);
              model.shared().predict(new float[2], 1, new float[1]);
            });
    assertEquals(1, events.size());
    assertEquals(1, events.getFirst().getInt("predictors"));
    assertEquals(model.parametersSha256(), events.getFirst().getString("parametersSha256"));
  }

  /** Run in another JVM: trains and predicts. */
  static final class Probe {
    public static void main(String[] arguments) throws IOException {
      training(0.1f).forEach(epoch -> {});
      TrainedModel model = TrainedModel.of(model().toBytes());
      model.shared().predict(new float[2], 1, new float[1]);
      System.out.println("recorder " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    }
  }

  @Test
  void withoutTheRecordersModuleAllElseIsThere() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.sql",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("recorder false"), said);
  }
}
