package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/** What a replayed step says of its layers. */
@Tag("kernels")
class LayerOutputTest {

  private final Engine engine = Engine.standard();

  /** Three rows through ReLUs of weights 1, −1, 0 and 2, and through a sum. */
  private List<LayerOutput> outputs(float[] rows, int microBatch) {
    Network network = Network.inputs(1).dense(4).relu().dense(1).loss(new Loss.SquaredError());
    float[] theta = {1, -1, 0, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0};
    TrainingPlan plan = TrainingPlan.compile(network, rows.length, microBatch, engine);
    return plan.outputs(theta, Batch.of(Dataset.of(rows, 1, new float[rows.length], 1)), 0);
  }

  @Example
  void aUnitIsDeadThatIsZeroForEveryRow() {
    for (int microBatch : new int[] {0, 1, 2}) {
      assertEquals(0.5, outputs(new float[] {1, 2, 3}, microBatch).getFirst().deadShare());
      assertEquals(0.25, outputs(new float[] {1, 2, -3}, microBatch).getFirst().deadShare());
      assertEquals(0.75, outputs(new float[] {-1, -2, -3}, microBatch).getFirst().deadShare());
      assertEquals(1, outputs(new float[] {0, 0, 0}, microBatch).getFirst().deadShare());
    }
  }

  @Example
  void theRootMeanSquareIsOverRowsAndUnits() {
    for (int microBatch : new int[] {0, 1, 2}) {
      List<LayerOutput> outputs = outputs(new float[] {1, 2, -3}, microBatch);
      // Row by row (1, 0, 0, 2), (2, 0, 0, 4), (0, 3, 0, 0), and the sums 3, 6, 3.
      assertEquals(Math.sqrt((1 + 4 + 4 + 16 + 9) / 12.0), outputs.get(0).rms(), 1e-7);
      assertEquals(Math.sqrt((9 + 36 + 9) / 3.0), outputs.get(1).rms(), 1e-7);
    }
  }

  @Example
  void layersAreNamedInTheirOrderAndScoresAreNeverDead() {
    List<LayerOutput> outputs = outputs(new float[] {0, 0}, 0);
    assertEquals(List.of("dense1", "dense2"), outputs.stream().map(LayerOutput::layer).toList());
    assertEquals(0, outputs.get(1).deadShare());
    assertEquals(0, outputs.get(1).rms());
  }

  @Example
  void whatDropoutOfInputsScalesBeyondAllFloatsIsFoundInTheInputs() {
    Network network =
        Network.inputs(1).add(Dropout.keeping(0.5)).dense(1).loss(new Loss.SquaredError());
    Batch batch =
        Batch.of(Dataset.of(new float[] {3e38f}, 1, new float[1], 1))
            .withMasks(Map.of(0, new boolean[] {true}));
    assertEquals(
        "inputs: Infinity in row 0, unit 0",
        TrainingPlan.compile(network, 1, engine)
            .firstNonFinite(new float[] {1, 0}, batch, 0)
            .orElseThrow());
  }

  /** The first layer passes inputs on; what the masks leave of them is doubled. */
  @Example
  void outputsAreThoseBehindDropout() {
    Network network =
        Network.inputs(2)
            .add(Dropout.keeping(0.5))
            .dense(2)
            .add(Dropout.keeping(0.5))
            .dense(1)
            .loss(new Loss.SquaredError());
    float[] theta = {1, 0, 0, 1, 0, 0, 0, 0, 0};
    boolean[] all = new boolean[4];
    Arrays.fill(all, true);
    Batch batch =
        Batch.of(Dataset.of(new float[] {1, 3, 2, 5}, 2, new float[2], 1))
            .withMasks(Map.of(0, new boolean[] {true, false, true, true}, 1, all));
    for (int microBatch : new int[] {0, 1}) {
      LayerOutput first =
          TrainingPlan.compile(network, 2, microBatch, engine).outputs(theta, batch, 0).getFirst();
      // (4·1, 0) and (4·2, 4·5).
      assertEquals(Math.sqrt((16 + 64 + 400) / 4.0), first.rms(), 1e-6);
      assertEquals(0, first.deadShare());
    }
  }
}
