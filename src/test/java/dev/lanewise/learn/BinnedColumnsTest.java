package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers that bend at quantiles, from the table to the served model. */
class BinnedColumnsTest {

  /** What no line comes near: |x|, and a step of the other number. */
  private static Table table() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int r = 0; r < 240; r++) {
      double x = r % 15 - 7;
      double z = r % 16;
      rows.add(
          Map.of(
              "x",
              x,
              "z",
              z,
              "kind",
              r % 2 == 0 ? "new" : "old",
              "y",
              Math.abs(x) + (z < 8 ? 0 : 9)));
    }
    return Table.ofMaps(rows);
  }

  @Test
  void whatBendsIsLearntWithoutHiddenUnitsSavedAndServed() throws Exception {
    int[] training = IntStream.range(0, 240).toArray();
    Encoder encoder =
        Encoder.fit(
            table(), Roles.of("y", Roles.Task.REGRESS), training, Encoder.Options.standard());
    int inputs = encoder.encodedColumns();
    List<Integer> all = IntStream.range(0, inputs).boxed().toList();
    Dataset rows = encoder.dataset(table(), training);
    Embedding.PiecewiseLinear bent =
        Embedding.PiecewiseLinear.ofQuantiles(all, rows.features(), inputs, 16, 4).orElseThrow();
    List<Integer> others = new ArrayList<>(all);
    others.removeAll(bent.columns());
    assertEquals(
        List.of(Encoder.What.NUMBER, Encoder.What.NUMBER),
        bent.columns().stream().map(c -> encoder.encoded().get(c).what()).toList());
    Network network =
        Network.inputs(inputs)
            .add(new Embedding(List.of(bent, new Embedding.Pass(others))))
            .dense(1)
            .loss(new Loss.SquaredError());
    Training learning =
        Training.start(
            Recipe.of(network, Optimizer.adam(0.02)).withBatchSize(16).withEpochs(60),
            TrainingData.of(rows),
            Engine.standard());
    List<Double> losses = new ArrayList<>();
    for (Epoch epoch : learning) {
      losses.add(epoch.trainingLoss());
    }
    assertTrue(losses.getLast() < 1e-3, losses::toString);
    Model model = Model.of(network, learning.parameters(), Engine.standard()).withEncoder(encoder);
    Model loaded = (Model) TrainedModel.of(model.toBytes());
    assertEquals(network, loaded.network());
    float[] one = new float[1];
    float[] other = new float[1];
    for (double x : new double[] {-100, -7, -0.3, 0, 2, 7, 9}) {
      float[] row = encoder.encode(Map.of("x", x, "z", 3, "kind", "old"));
      model.predictor().predict(row, 1, one);
      loaded.predictor().predict(row, 1, other);
      assertArrayEquals(one, other);
      double seen = Math.clamp(x, -7, 7);
      assertEquals(Math.abs(seen), one[0], 0.3 + 0.05 * Math.abs(seen), "at " + x);
    }
  }
}
