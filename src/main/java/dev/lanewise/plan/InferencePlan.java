package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Block;
import java.util.List;

/**
 * A network compiled for inference: turns rows into scores. It has no dropout, no batch statistics
 * and no gradients.
 *
 * <p>Takes the parameters from a {@link PackedNetwork} and owns only the activations of {@value
 * #ROWS} rows for each thread: a task takes so many rows through all layers, so there is nothing to
 * wait for in between. A row's scores have the same bits in any batch. Allocates nothing after
 * compilation. One thread at a time.
 */
public final class InferencePlan {

  private static final int ROWS = 48;

  private final PackedNetwork packed;
  private final List<Block> blocks;
  private final Pointwise[] activations;
  private final Team team;
  private final Gemm[] gemms;
  private final float[][][] buffers;
  private final Team.Task task = this::rows;

  private float[] features;
  private int featuresOffset;
  private float[] scores;
  private int scoresOffset;
  private int rows;

  private InferencePlan(PackedNetwork packed) {
    this.packed = packed;
    Kernels kernels = packed.engine().kernels();
    blocks = packed.blocks();
    activations =
        blocks.stream().map(b -> new Pointwise(kernels, b.activation())).toArray(Pointwise[]::new);
    team = packed.engine().parallel().team();
    gemms = new Gemm[team.width()];
    int widest = blocks.stream().limit(blocks.size() - 1).mapToInt(Block::outputs).max().orElse(0);
    buffers = new float[team.width()][2][Math.multiplyExact(ROWS, widest)];
    for (int i = 0; i < gemms.length; i++) {
      gemms[i] = new Gemm(kernels);
    }
  }

  /**
   * {@return a plan over packed parameters, which it shares}
   *
   * @param packed the parameters
   */
  public static InferencePlan over(PackedNetwork packed) {
    return new InferencePlan(packed);
  }

  /**
   * Computes the scores (logits) of rows.
   *
   * @param features the rows {@code [rows][inputs]}
   * @param featuresOffset the offset of the first
   * @param rows the number of rows, at least 0
   * @param scores receives {@code [rows][outputs]}
   * @param scoresOffset the offset of the first
   * @throws IllegalArgumentException if the number of rows is negative or an array is too short;
   *     nothing is written then
   */
  public void scores(
      float[] features, int featuresOffset, int rows, float[] scores, int scoresOffset) {
    check("features", features, featuresOffset, rows, packed.network().inputs());
    check("scores", scores, scoresOffset, rows, packed.network().outputs());
    this.features = features;
    this.featuresOffset = featuresOffset;
    this.rows = rows;
    this.scores = scores;
    this.scoresOffset = scoresOffset;
    int tasks = (rows + ROWS - 1) / ROWS;
    if (tasks < 2) {
      team.run(task, tasks);
      return;
    }
    team.open();
    try {
      team.run(task, tasks);
    } finally {
      team.close();
    }
  }

  private static void check(String name, float[] array, int offset, int rows, int columns) {
    if (rows < 0 || offset < 0 || offset + (long) rows * columns > array.length) {
      throw new IllegalArgumentException(
          "%s: %d rows of %d columns from offset %d in an array of length %d"
              .formatted(name, rows, columns, offset, array.length));
    }
  }

  private void rows(int index, int worker) {
    int from = index * ROWS;
    int count = Math.min(ROWS, rows - from);
    float[] input = features;
    int inputOffset = featuresOffset + from * packed.network().inputs();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      int out = block.outputs();
      boolean last = i == blocks.size() - 1;
      float[] output = last ? scores : buffers[worker][i & 1];
      int outputOffset = last ? scoresOffset + from * out : 0;
      gemms[worker].multiplyPacked(
          input,
          inputOffset,
          block.inputs(),
          packed.weights(i),
          packed.biases(i),
          output,
          outputOffset,
          out,
          count,
          out,
          block.inputs());
      activations[i].apply(output, output, outputOffset, count * out);
      input = output;
      inputOffset = outputOffset;
    }
  }
}
