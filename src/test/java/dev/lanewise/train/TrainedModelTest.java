package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Classification;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a training on a table hands over. */
final class TrainedModelTest {

  private static Table table() {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String x = i % 7 == 3 ? "" : Integer.toString(1_700_000_000 + i);
      rows.add(List.of(x, i % 3 == 0 ? "red" : "blue", i < 30 ? "a" : "b"));
    }
    return Table.ofRows(List.of("x", "colour", "y"), rows);
  }

  private static Network network(int inputs) {
    return Network.inputs(inputs)
        .dense(6)
        .relu()
        .add(new Dense(1).withPenalty(Penalty.l2PerExample(0.1)))
        .loss(new Loss.SigmoidCrossEntropy());
  }

  private static Training trained(Dataset rows) {
    Recipe recipe =
        Recipe.of(network(rows.columns()), Optimizer.adam(0.05)).withEpochs(60).withSeed(11);
    Training training = Training.start(recipe, TrainingData.of(rows), Engine.standard());
    training.forEach(epoch -> {});
    return training;
  }

  private static Encoder encoder(Table table) {
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY);
    return Encoder.fit(table, roles, table.all(), Encoder.Options.standard());
  }

  /** Of three ways to give the rows to a predictor none is wrong. */
  @Test
  void rowsOfTableMapAndListGetThePredictionsThatEvaluationSees() {
    Table table = table();
    Dataset rows = encoder(table).dataset(table, table.all());
    Model model = trained(rows).model();
    Encoder encoder = model.encoder().orElseThrow();
    Predictor predictor = model.predictor();

    float[] expected = new float[60];
    predictor.predict(rows.features(), 60, expected);
    float[] scores = new float[60];
    predictor.logits(rows.features(), 60, scores);
    Classification judged = Classification.of(scores, 1, rows.targets(), 60);
    assertTrue(judged.accuracy() > 0.9, judged::toString);

    float[] fromTable = new float[60];
    predictor.predict(encoder.features(table, table.all()), 60, fromTable);
    assertArrayEquals(expected, fromTable);
    float[] one = new float[1];
    for (int i = 0; i < 60; i++) {
      Object x = i % 7 == 3 ? null : 1_700_000_000 + i;
      String colour = i % 3 == 0 ? "red" : "blue";
      predictor.predict(encoder.encode(Arrays.asList(x, colour)), 1, one);
      assertEquals(expected[i], one[0]);
      predictor.predict(
          encoder.encode(x == null ? Map.of("colour", colour) : Map.of("x", x, "colour", colour)),
          1,
          one);
      assertEquals(expected[i], one[0]);
    }
  }

  @Test
  void theModelHasTheEncoderTheResolvedNetworkAndAProvenance() {
    Table table = table();
    Encoder encoder = encoder(table);
    Training training = trained(encoder.dataset(table, table.all()).select(new int[] {5, 40, 50}));
    Model model = training.model();

    assertEquals(encoder, model.encoder().orElseThrow());
    assertEquals(network(encoder.encodedColumns()).resolve(3), model.network());
    assertArrayEquals(training.parameters(), model.parameters());
    Map<String, String> provenance = model.provenance().entries();
    assertEquals("3", provenance.get("rows"));
    assertEquals("11", provenance.get("seed"));
    assertEquals(Optimizer.adam(0.05).toString(), provenance.get("optimizer"));
    assertEquals(Engine.standard().kernels().name(), provenance.get("kernels"));
  }

  @Test
  void rowsWithoutEncoderGiveAModelWithout() {
    Dataset rows = Dataset.of(new float[] {1, 2}, 1, new float[] {0, 1}, 1);
    assertTrue(trained(rows).model().encoder().isEmpty());
  }

  @Test
  void aModelOfAnotherKindOfTargetIsRefused() {
    Table table = table();
    Dataset rows = encoder(table).dataset(table, table.all());
    Network values = Network.inputs(rows.columns()).dense(1).loss(new Loss.SquaredError());
    Training training =
        Training.start(
            Recipe.of(values, Optimizer.sgd(0.1)), TrainingData.of(rows), Engine.standard());
    assertThrows(IllegalArgumentException.class, training::model);
  }
}
