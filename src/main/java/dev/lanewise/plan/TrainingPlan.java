package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Block;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A network compiled for training: turns parameters and a batch into the loss and its gradient.
 *
 * <p>Owns one workspace, sized for the largest batch; smaller batches use part of it. Never writes
 * the parameters. Allocates nothing after compilation. One thread at a time; its engine's helpers
 * come and go within a call.
 */
public final class TrainingPlan {

  private static final int INPUT_ROWS = 64;

  private final Network network;
  private final Engine engine;
  private final Layout layout;
  private final int maxRows;

  /** The most rows at once; fewer than {@link #maxRows} if gradients are accumulated. */
  private final int partRows;

  private final Team team;
  private final Pass pass = new Pass();
  private final DenseStep[] steps;
  private final int minRows;
  private final MeanLoss loss;

  /** Null without dropout on the inputs. */
  private final DropoutMask inputMask;

  private final float[] droppedInputs;
  private final Team.Task dropInputs = this::dropInputRows;
  private final long sharedFloats;

  private TrainingPlan(Network network, int maxRows, int partRows, Engine engine) {
    this.network = network;
    this.engine = engine;
    this.maxRows = maxRows;
    this.partRows = partRows;
    minRows = minRows(network);
    layout = network.layout();
    team = engine.parallel().team();
    Kernels kernels = engine.kernels();
    inputMask = DropoutMask.compile(kernels, network.inputDropout(), 0);
    droppedInputs =
        inputMask == null ? null : new float[Math.multiplyExact(partRows, network.inputs())];
    List<Block> blocks = network.blocks();
    int hidden = blocks.size() - 1;
    int widest =
        blocks.stream().limit(hidden).mapToInt(b -> Gemm.stride(b.outputs())).max().orElse(0);
    int wide = Math.max(widest, network.outputs());
    Gemm[] gemms = new Gemm[team.width()];
    for (int i = 0; i < gemms.length; i++) {
      gemms[i] = new Gemm(kernels, Math.max(wide, network.inputs()));
    }
    float[][] deltas = new float[Math.min(2, hidden)][Math.multiplyExact(partRows, widest)];
    float[][] packedDeltas =
        new float[Math.min(2, blocks.size())][Gemm.packedLength(kernels, partRows, wide)];
    steps = new DenseStep[blocks.size()];
    for (int i = 0; i < blocks.size(); i++) {
      boolean last = i == blocks.size() - 1;
      steps[i] =
          new DenseStep(
              kernels,
              gemms,
              blocks.get(i),
              layout,
              partRows,
              pass,
              i == 0 ? null : steps[i - 1],
              last ? null : deltas[i % deltas.length],
              packedDeltas[i % packedDeltas.length]);
    }
    loss = MeanLoss.compile(network, partRows, engine);
    sharedFloats =
        (long) deltas.length * partRows * widest
            + (long) packedDeltas.length * packedDeltas[0].length
            + loss.size()
            + (droppedInputs == null ? 0 : droppedInputs.length);
  }

  /**
   * {@return a network compiled for batches of up to {@code maxRows} rows}
   *
   * @param network the network, its per-example penalties resolved
   * @param maxRows the rows of the largest batch; at least 1, with batch norm at least 2
   * @param engine the kernels and the threads
   * @throws IllegalArgumentException if a penalty waits for the number of training rows, the rows
   *     are too few, or a matrix of activations would have 2^31 elements or more
   */
  public static TrainingPlan compile(Network network, int maxRows, Engine engine) {
    return compile(network, maxRows, 0, engine);
  }

  /**
   * {@return a network compiled for batches of up to {@code maxRows} rows, of which not more than
   * {@code microBatch} are taken through it at once} The gradient of a larger batch is accumulated
   * over such parts, one after the other; the workspace is sized for one part.
   *
   * <p>The gradient is that of the whole batch: every row has the same dropout mask, the penalty
   * counts once, and the weights' gradients have the same bits. Those of biases too if the parts
   * are multiples of 64 rows; else they, like the loss, differ by rounding.
   *
   * @param network the network, its per-example penalties resolved
   * @param maxRows the rows of the largest batch; at least 1, with batch norm at least 2
   * @param microBatch the most rows at once; 0 for whole batches
   * @param engine the kernels and the threads
   * @throws IllegalArgumentException as without parts, or if the part is negative, or above 0 with
   *     batch norm, whose statistics are those of a whole batch
   */
  public static TrainingPlan compile(Network network, int maxRows, int microBatch, Engine engine) {
    Objects.requireNonNull(engine, "engine");
    for (Block block : network.blocks()) {
      if (!block.dense().penalty().resolved()) {
        throw new IllegalArgumentException(
            "network: dense%d has the per-example penalty %s; resolve the network with the training rows first"
                .formatted(block.number(), block.dense().penalty()));
      }
    }
    checkRows("maxRows", maxRows, minRows(network), Integer.MAX_VALUE);
    checkMicroBatch(network, microBatch);
    int partRows = microBatch == 0 ? maxRows : Math.min(microBatch, maxRows);
    int widest =
        network.blocks().stream().mapToInt(b -> Gemm.stride(b.outputs())).max().orElseThrow();
    if ((long) partRows * Math.max(network.inputs(), widest) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "maxRows: %d rows of %d columns exceed an array; expected a smaller batch"
              .formatted(partRows, Math.max(network.inputs(), widest)));
    }
    return new TrainingPlan(network, maxRows, partRows, engine);
  }

  private static void checkMicroBatch(Network network, int rows) {
    if (rows < 0 || (rows > 0 && network.normalizesBatches())) {
      throw new IllegalArgumentException(
          "microBatch: %d; expected %s"
              .formatted(
                  rows,
                  rows < 0
                      ? "a number of rows, or 0 for whole batches"
                      : "0, because batch norm takes statistics over a whole batch"));
    }
  }

  /** Batch norm needs a variance. */
  private static int minRows(Network network) {
    return network.normalizesBatches() ? 2 : 1;
  }

  private static void checkRows(String name, int rows, int least, int most) {
    if (rows < least || rows > most) {
      throw new IllegalArgumentException(
          "%s: %d rows; expected at least %d%s%s"
              .formatted(
                  name,
                  rows,
                  least,
                  least == 2 ? " (batch norm needs a variance)" : "",
                  most == Integer.MAX_VALUE ? "" : " and at most " + most));
    }
  }

  /** {@return the places of the parameters} */
  public Layout layout() {
    return layout;
  }

  /** {@return the network} */
  public Network network() {
    return network;
  }

  /**
   * {@return the threads of a step} Whoever goes on with the gradient may open the team before
   * {@link #gradients} and close it afterwards, so that helpers are asked for once.
   */
  public Team team() {
    return team;
  }

  /** {@return the engine} */
  public Engine engine() {
    return engine;
  }

  /**
   * Computes the loss of a batch and the gradient of loss plus penalties.
   *
   * @param parameters θ, of the layout's size; read only
   * @param batch the examples, with features {@code [rows][inputs]}; read only
   * @param key the step's key, on which the dropout masks depend
   * @param gradient receives dθ in the trained range; in the statistics range the batch's mean and
   *     variance, the latter as the network's convention has it
   * @return the mean loss over the batch's rows, each times its weight if the batch has weights,
   *     without penalties; NaN or infinite if the computation is
   * @throws IllegalArgumentException if a length, a shape, a mask or a class number does not fit,
   *     or both arrays are one; nothing is written then
   */
  public double gradients(float[] parameters, Batch batch, long key, float[] gradient) {
    begin(parameters, batch, key, gradient);
    team.open();
    try {
      double mean = accumulate();
      for (int done = pass.rows; done < batch.rows(); done += pass.rows) {
        beginPart(done);
        mean += accumulate();
      }
      return mean;
    } finally {
      team.close();
    }
  }

  /** Does one part of the batch; {@return what it adds to the mean loss} */
  private double accumulate() {
    forwardInputs();
    for (DenseStep step : steps) {
      step.forward(team);
    }
    DenseStep last = steps[steps.length - 1];
    double mean = loss.ofPart(team, last.output(), pass.batch, pass.firstRow, pass.rows);
    last.finishScores(team);
    for (int i = steps.length - 1; i >= 0; i--) {
      steps[i].backward(team);
    }
    return mean;
  }

  private void begin(float[] parameters, Batch batch, long key, float[] gradient) {
    checkLength("parameters", parameters);
    checkLength("gradient", gradient);
    if (gradient == parameters) {
      throw new IllegalArgumentException(
          "gradient: the parameters' own array; expected another, since θ is read only");
    }
    checkRows("batch", batch.rows(), minRows, maxRows);
    if (batch.columns() != network.inputs()) {
      throw new IllegalArgumentException(
          "batch: %d columns; expected %d".formatted(batch.columns(), network.inputs()));
    }
    loss.check(batch.targets(), batch.targetColumns(), batch.rows());
    checkMasks(batch);
    pass.parameters = parameters;
    pass.gradient = gradient;
    pass.batch = batch;
    pass.key = key;
    beginPart(0);
  }

  /** Goes to the part of the batch that begins with a row; refuses a mask that does not fit. */
  private void beginPart(int firstRow) {
    pass.firstRow = firstRow;
    pass.rows = Math.min(partRows, pass.batch.rows() - firstRow);
    pass.inputs = pass.batch.features();
    pass.inputsAt = firstRow * network.inputs();
    if (inputMask != null) {
      inputMask.begin(pass, network.inputs());
    }
    for (DenseStep step : steps) {
      step.begin();
    }
  }

  private void checkMasks(Batch batch) {
    for (int number = 0; number < batch.masks(); number++) {
      if (batch.mask(number) != null && !drops(number)) {
        throw new IllegalArgumentException(
            "mask of dropout %d: the network drops nothing there; expected none".formatted(number));
      }
    }
  }

  private boolean drops(int number) {
    return number == 0 ? inputMask != null : number <= steps.length && steps[number - 1].drops();
  }

  private void checkLength(String name, float[] array) {
    if (array.length != layout.size()) {
      throw new IllegalArgumentException(
          "%s: length %d; expected %d".formatted(name, array.length, layout.size()));
    }
  }

  private void forwardInputs() {
    if (inputMask != null) {
      pass.inputs = droppedInputs;
      pass.inputsAt = 0;
      team.run(dropInputs, (pass.rows + INPUT_ROWS - 1) / INPUT_ROWS);
    }
  }

  private void dropInputRows(int index, int worker) {
    int from = index * INPUT_ROWS;
    int rows = Math.min(INPUT_ROWS, pass.rows - from);
    int columns = network.inputs();
    int at = from * columns;
    inputMask.apply(
        pass.batch.features(), pass.firstRow * columns + at, droppedInputs, at, at, rows * columns);
  }

  /**
   * {@return the penalties' part of the cost, Σ over the layers of l1·Σ|w| + l2/2·Σw²}
   *
   * @param parameters θ, of the layout's size
   */
  public double penalty(float[] parameters) {
    checkLength("parameters", parameters);
    double total = 0;
    for (Block block : network.blocks()) {
      Dense dense = block.dense();
      Penalty penalty = dense.penalty();
      Slot weight = layout.slot(block.name(Slot.Role.WEIGHT));
      if (penalty.l1() != 0) {
        total +=
            penalty.l1()
                * engine.kernels().sumOfMagnitudes(parameters, weight.offset(), weight.size());
      }
      if (penalty.l2() != 0) {
        total +=
            penalty.l2()
                / 2
                * engine.kernels().sumOfSquares(parameters, weight.offset(), weight.size());
      }
    }
    return total;
  }

  /**
   * Replays a step to find where a number that is not finite first appears, going forward: in the
   * parameters, in the features, in a layer's output.
   *
   * @param parameters θ, as in {@link #gradients}
   * @param batch the examples
   * @param key the step's key
   * @return the place, as {@code dense2: NaN in row 3, unit 17}; empty if all is finite as far as
   *     the scores
   */
  public Optional<String> firstNonFinite(float[] parameters, Batch batch, long key) {
    begin(parameters, batch, key, new float[layout.size()]);
    for (Slot slot : layout.slots()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        if (!Float.isFinite(parameters[i])) {
          return Optional.of(
              "%s: %s at index %d".formatted(slot.name(), parameters[i], i - slot.offset()));
        }
      }
    }
    Optional<String> found = firstNonFiniteOfPart();
    for (int done = pass.rows; found.isEmpty() && done < batch.rows(); done += pass.rows) {
      beginPart(done);
      found = firstNonFiniteOfPart();
    }
    return found;
  }

  private Optional<String> firstNonFiniteOfPart() {
    int inputs = network.inputs();
    Optional<String> found = find("features", pass.inputs, pass.inputsAt, inputs, inputs);
    forwardInputs();
    for (DenseStep step : steps) {
      if (found.isEmpty()) {
        step.forward(team);
        String name = "dense" + step.block().number();
        found = find(name, step.output(), 0, step.stride(), step.block().outputs());
      }
    }
    return found;
  }

  private Optional<String> find(String name, float[] matrix, int at, int stride, int columns) {
    for (int row = 0; row < pass.rows; row++) {
      for (int column = 0; column < columns; column++) {
        float value = matrix[at + row * stride + column];
        if (!Float.isFinite(value)) {
          return Optional.of(
              "%s: %s in row %d, unit %d".formatted(name, value, pass.firstRow + row, column));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Replays a step's forward pass and looks at what each layer puts out.
   *
   * @param parameters θ, as in {@link #gradients}
   * @param batch the examples
   * @param key the step's key
   * @return the layers' outputs, from the first on
   */
  public List<LayerOutput> outputs(float[] parameters, Batch batch, long key) {
    begin(parameters, batch, key, new float[layout.size()]);
    team.open();
    try {
      forwardInputs();
      List<LayerOutput> outputs = new ArrayList<>();
      for (DenseStep step : steps) {
        step.forward(team);
        outputs.add(
            new LayerOutput(
                "dense" + step.block().number(),
                rms(step),
                step == steps[steps.length - 1] ? 0 : deadShare(step)));
      }
      return List.copyOf(outputs);
    } finally {
      team.close();
    }
  }

  private double rms(DenseStep step) {
    int columns = step.block().outputs();
    double sum = 0;
    for (int row = 0; row < pass.rows; row++) {
      sum += engine.kernels().sumOfSquares(step.output(), row * step.stride(), columns);
    }
    return Math.sqrt(sum / ((double) pass.rows * columns));
  }

  private double deadShare(DenseStep step) {
    int columns = step.block().outputs();
    int dead = 0;
    for (int column = 0; column < columns; column++) {
      int row = 0;
      while (row < pass.rows && step.output()[row * step.stride() + column] == 0) {
        row++;
      }
      dead += row == pass.rows ? 1 : 0;
    }
    return (double) dead / columns;
  }

  /**
   * {@return a table of the compiled steps: what each fuses, its shapes, and the bytes it holds}
   */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("training plan for up to %d rows".formatted(maxRows));
    text.append(partRows < maxRows ? ", %d at once".formatted(partRows) : "");
    text.append(", %s%n".formatted(engine));
    if (inputMask != null) {
      text.append("inputs      dropout [%d][%d]%n".formatted(partRows, network.inputs()));
    }
    for (DenseStep step : steps) {
      Block block = step.block();
      List<String> parts = new ArrayList<>();
      parts.add(block.batchNorm().isPresent() ? "product" : "product + bias");
      block.batchNorm().ifPresent(n -> parts.add("batch norm"));
      block.layerNorm().ifPresent(n -> parts.add("layer norm"));
      if (step != steps[steps.length - 1]) {
        parts.add(block.activation().function().name());
      }
      block.dropout().ifPresent(d -> parts.add("dropout"));
      text.append(
          "%-11s %s: [%d][%d] -> [%d][%d], %,d bytes%n"
              .formatted(
                  "dense" + block.number(),
                  String.join(" + ", parts),
                  partRows,
                  block.inputs(),
                  partRows,
                  block.outputs(),
                  step.size() * Float.BYTES));
    }
    text.append("loss        %s [%d][%d]%n".formatted(network.loss(), partRows, network.outputs()));
    text.append("shared      %,d bytes%n".formatted(sharedFloats * Float.BYTES));
    text.append(
        "parameters  %,d bytes, and as many for the gradient"
            .formatted((long) layout.size() * Float.BYTES));
    return text.toString();
  }
}
