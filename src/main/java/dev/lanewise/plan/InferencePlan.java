package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A network compiled for inference: turns rows into scores. It has no dropout, no batch statistics
 * and no gradients.
 *
 * <p>Takes the parameters from a {@link PackedNetwork} and owns only the activations of {@value
 * #ROWS} rows for each thread: a task takes that many rows through all layers, so threads do not
 * wait for each other between layers. A row's scores have the same bits in any batch. Allocates
 * nothing after compilation, but when the parameters have been packed for other kernels. One thread
 * at a time.
 */
public final class InferencePlan {

  /** The rows of a task, those of all members together. */
  static final int ROWS = 48;

  private final PackedNetwork packed;
  private final int inputs;
  private final int outputs;
  private final Team team;

  /** The rows of a task. */
  private final int rowsOfTask;

  /** The members whose scores are merged. */
  private final int members;

  /** The rows of scores for each row of the inputs. */
  private final int copies;

  /** Whether the last layer leaves the rows of one member behind those of another. */
  private final boolean byMember;

  /** What each thread merges by; empty without members. */
  private final MeanOfMembers[] means;

  /** What the two below are compiled for. */
  private Kernels kernels;

  private Gemm[] gemms;
  private float[][][] buffers;
  private final Team.Task task = this::rows;

  /** The layers of this call; null between calls where others may take their place. */
  private PackedChain[] chains;

  private float[] features;
  private int featuresOffset;
  private float[] scores;
  private int scoresOffset;
  private int rows;

  private InferencePlan(PackedNetwork packed) {
    this.packed = packed;
    inputs = packed.network().inputs();
    outputs = packed.outputs();
    team = packed.engine().parallel().team();
    rowsOfTask = Math.max(1, ROWS / packed.network().members());
    members = packed.merged();
    copies = packed.copies();
    byMember = packed.endsByMember();
    means = new MeanOfMembers[members == 1 ? 0 : team.width()];
    Arrays.setAll(means, i -> new MeanOfMembers(packed.network().loss().link(), members, outputs));
    compile(packed.packing());
    release();
  }

  private void compile(PackedNetwork.Packing its) {
    chains = its.chains();
    int widest = 0;
    for (PackedChain chain : chains) {
      int row = Math.max(Math.multiplyExact(chain.copies(), chain.columns()), chain.room());
      widest = Math.max(widest, row);
    }
    buffers = null; // before others take their place
    buffers = new float[team.width()][2][Math.multiplyExact(rowsOfTask, widest)];
    gemms = new Gemm[team.width()];
    for (int i = 0; i < gemms.length; i++) {
      gemms[i] = new Gemm(its.engine().kernels(), 0);
    }
    kernels = its.engine().kernels();
  }

  /** Takes the layers that are to be read now; {@return what they belong to} */
  private PackedNetwork.Packing refresh() {
    PackedNetwork.Packing its = packed.packing();
    chains = its.chains();
    if (its.engine().kernels() != kernels) {
      compile(its);
    }
    return its;
  }

  /** Leaves the layers, so that an idle plan does not keep them when the network goes over. */
  private void release() {
    if (packed.isCold()) {
      chains = null;
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
    check("features", features, featuresOffset, rows, inputs);
    check("scores", scores, scoresOffset, rows, outputs);
    this.features = features;
    this.featuresOffset = featuresOffset;
    this.rows = rows;
    this.scores = scores;
    this.scoresOffset = scoresOffset;
    PackedNetwork.Packing read = refresh();
    if (packed.isCold()) {
      long began = System.nanoTime();
      compute();
      chains = null;
      packed.count(read, System.nanoTime() - began, rows);
    } else {
      compute();
    }
  }

  private void compute() {
    if (rows <= rowsOfTask) {
      rows(0, 0);
      return;
    }
    team.open();
    try {
      team.run(task, Math.ceilDiv(rows, rowsOfTask));
    } finally {
      team.close();
    }
  }

  /**
   * Takes rows through the layers one by one, and looks at each layer's output.
   *
   * @param features the rows {@code [rows][inputs]}
   * @param rows the number of rows
   * @return the first layer of the first row with a number that is not finite, as {@code dense2:
   *     NaN in row 3, unit 17}, or {@code row 3, member 0, unit 17} behind members; empty if there
   *     is none
   * @throws IllegalArgumentException if the number of rows is negative or the array is too short
   */
  public Optional<String> firstNonFinite(float[] features, int rows) {
    check("features", features, 0, rows, inputs);
    refresh();
    for (int row = 0; row < rows; row++) {
      float[] input = features;
      int inputOffset = row * inputs;
      int inputRow = inputs;
      for (int i = 0; i < chains.length; i++) {
        float[] output = buffers[0][i & 1];
        chains[i].apply(gemms[0], input, inputOffset, inputRow, output, 1, buffers[0][~i & 1]);
        Optional<String> found = firstNonFinite(chains[i], output, row);
        if (found.isPresent()) {
          return found;
        }
        input = output;
        inputOffset = 0;
        inputRow = chains[i].columns();
      }
    }
    return Optional.empty();
  }

  private static Optional<String> firstNonFinite(PackedChain chain, float[] output, int row) {
    for (int member = 0; member < chain.copies(); member++) {
      for (int unit = 0; unit < chain.outputs(); unit++) {
        float value = output[member * chain.columns() + unit];
        if (!Float.isFinite(value)) {
          String of = chain.copies() == 1 ? "" : ", member " + member;
          return Optional.of(
              "%s: %s in row %d%s, unit %d".formatted(chain.name(), value, row, of, unit));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Turns scores into what they stand for, in place: probabilities, or the mean under Poisson's
   * loss; others stay.
   *
   * @param scores the scores {@code [rows][outputs]}
   * @param rows the number of rows
   * @throws IllegalArgumentException if the number of rows is negative or the array is too short
   */
  public void link(float[] scores, int rows) {
    check("scores", scores, 0, rows, outputs);
    int numbers = rows * outputs;
    switch (packed.network().loss().link()) {
      case SOFTMAX -> kernels.softmax(scores, 0, scores, 0, rows, outputs);
      case SIGMOID -> kernels.sigmoid(scores, 0, scores, 0, numbers);
      case EXP -> kernels.exp(scores, 0, scores, 0, numbers);
      case IDENTITY -> {}
    }
  }

  private static void check(String name, float[] array, int offset, int rows, int columns) {
    Objects.requireNonNull(array, name);
    if (rows < 0 || offset < 0 || offset + (long) rows * columns > array.length) {
      throw new IllegalArgumentException(
          "%s: %d rows of %d columns from offset %d in an array of length %d"
              .formatted(name, rows, columns, offset, array.length));
    }
  }

  /** Takes one task's rows through all layers. */
  private void rows(int index, int worker) {
    int from = index * rowsOfTask;
    int count = Math.min(rowsOfTask, rows - from);
    float[] input = features;
    int inputOffset = featuresOffset + from * inputs;
    int inputRow = inputs;
    for (int i = 0; i < chains.length; i++) {
      PackedChain chain = chains[i];
      float[] output = buffers[worker][i & 1];
      float[] room = buffers[worker][~i & 1];
      chain.apply(gemms[worker], input, inputOffset, inputRow, output, count, room);
      input = output;
      inputOffset = 0;
      inputRow = chain.columns();
    }
    int to = scoresOffset + from * outputs;
    if (members > 1) {
      for (int row = 0; row < count; row++) {
        int distance = count * inputRow;
        means[worker].of(input, row * inputRow, distance, scores, to + row * outputs);
      }
      return;
    }
    int columns = outputs / copies;
    for (int row = 0; row < count * copies; row++) {
      int at = byMember ? row % copies * count + row / copies : row;
      System.arraycopy(input, inputOffset + at * inputRow, scores, to + row * columns, columns);
    }
  }
}
