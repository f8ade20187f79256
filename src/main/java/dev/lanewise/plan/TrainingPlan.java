package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A network compiled for training: turns parameters and a batch into the loss and its gradient.
 *
 * <p>Owns one workspace, sized for the largest batch; smaller batches use part of it. Never writes
 * the parameters. Allocates nothing after compilation, but where it begins on scalar kernels and
 * goes over to vectors between two steps: then it is compiled anew, with the same bits (see {@link
 * ColdStart}). For one thread at a time; the engine's helpers work within a call only.
 */
public final class TrainingPlan {

  /** The nanoseconds of a step that are not for products. */
  private static final double OVERHEAD = 20_000;

  private Network network;

  /** The number of weights. */
  private final double weights;

  private final Engine engine;
  private final Layout layout;
  private final PlanRows rows;
  private final Team team;
  private final Pass.Call call = new Pass.Call();
  private final Pass pass = call.pass();

  /** The engine that computes now: {@link #engine}, or at first its scalar kernels. */
  private Engine now;

  /** The engine of the next step, and of what follows it: an update ends on its step's kernels. */
  private Engine next;

  private final Engine cold;
  private final Engine hot;

  /** Null where there is none, and from its end on. */
  private ColdStart coldStart;

  /** The inputs' first; null until they are compiled for the engine that computes now. */
  private Chain[] chains;

  private MeanLoss loss;

  /** What is done with the gradient that the loss has written. */
  private Region[] behindLoss;

  private long sharedFloats;

  private TrainingPlan(Network network, PlanRows rows, Engine engine, ColdStart start) {
    this.network = network;
    weights = ColdStart.weights(network.nodes());
    this.engine = engine;
    this.rows = rows;
    layout = network.layout();
    team = engine.parallel().team();
    cold = engine.cold();
    hot = engine.hot();
    now = cold;
    if (cold != engine) {
      coldStart = start;
      now = coldStart.onVectors() ? hot : cold;
    }
    next = now;
    compile();
  }

  /** Compiles the steps for the engine that computes now. */
  private void compile() {
    Kernels kernels = now.kernels();
    int partRows = rows.atOnce();
    List<Fusion.Link> links = Fusion.chains(network.inputs(), network.nodes());
    Buffers buffers = new Buffers(kernels, network, links, team.width(), partRows, pass);
    Chain[] compiled = new Chain[links.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = new Chain(links.get(i), i == 0 ? null : compiled[i - 1], buffers);
    }
    behindLoss = compiled[compiled.length - 1].regionsBehindLoss(buffers);
    loss = MeanLoss.ofMembers(network, partRows, now);
    sharedFloats = buffers.size() + loss.size() + compiled[0].size();
    chains = compiled;
  }

  /** {@return the chains, compiled for the engine that computes now} */
  private Chain[] chains() {
    if (chains == null) {
      compile();
    }
    return chains;
  }

  private double usualNanos(int batchRows) {
    return ColdStart.usual(weights, 3 * batchRows, OVERHEAD);
  }

  /**
   * Tells how many steps are to come, as far as is known: a plan that ends soon stays on scalar
   * kernels.
   *
   * @param steps the number of steps, at least 0
   * @throws IllegalArgumentException if it is negative
   */
  public void expect(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps: %d; expected at least 0".formatted(steps));
    }
    if (coldStart != null) {
      coldStart.expect(steps);
    }
  }

  /**
   * {@return a network compiled for batches of up to {@code maxRows} rows}
   *
   * @param network the network, its per-example penalties resolved
   * @param maxRows the rows of the largest batch; at least 1, with batch norm at least 2
   * @param engine the kernels and the threads
   * @throws IllegalArgumentException if a per-example penalty is not resolved, the rows are too
   *     few, or a matrix of activations would have 2^31 elements or more
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
    requireResolved(network);
    return compile(network, PlanRows.of(network, maxRows, microBatch), engine, new ColdStart());
  }

  /** The same with another's decisions on the kernels, if the engine leaves any. */
  static TrainingPlan compile(Network network, PlanRows rows, Engine engine, ColdStart start) {
    return new TrainingPlan(network, rows, engine, start);
  }

  private static void requireResolved(Network network) {
    for (Network.Node node : network.dense()) {
      Penalty penalty = ((Dense) node.layer()).penalty();
      if (!penalty.resolved()) {
        throw new IllegalArgumentException(
            "network: dense%d has the per-example penalty %s; resolve the network with the training rows first"
                .formatted(node.number(), penalty));
      }
    }
  }

  /**
   * Changes the penalties of weights, in cost and gradient, between two calls. A soft threshold is
   * an updater's, and stays what it is there.
   *
   * @param other this plan's network with other penalties, resolved
   * @throws IllegalArgumentException if a penalty is not resolved, or the network differs in more
   *     than penalties; nothing is changed then
   */
  public void changePenalties(Network other) {
    Objects.requireNonNull(other, "other");
    requireResolved(other);
    if (!other.withoutPenalties().equals(network.withoutPenalties())) {
      throw new IllegalArgumentException(
          "other: another network; expected this plan's with other penalties");
    }
    Iterator<Network.Node> dense = other.dense().iterator();
    for (Chain chain : chains()) {
      if (chain.isDense()) {
        chain.head().penalize(((Dense) dense.next().layer()).penalty());
      }
    }
    network = other;
  }

  /**
   * Multiplies the probability of dropping a unit, in all dropouts, from the next call on; with 0
   * nothing is dropped. Memory is not saved thereby.
   *
   * @param factor what it is multiplied by, in [0, 1]; at first 1
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public void changeDropout(double factor) {
    if (!(factor >= 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "factor: %s; expected a number in [0, 1]".formatted(factor));
    }
    call.changeDropout(factor);
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
   * {@return the threads of a step} A caller that also works on the gradient may open the team
   * before {@link #gradients} and close it afterwards, so that helpers are asked for once.
   */
  public Team team() {
    return team;
  }

  /** {@return the engine} */
  public Engine engine() {
    return engine;
  }

  /**
   * {@return the engine of the last step, and of its update: this plan's, or at first its scalar
   * kernels}
   */
  public Engine now() {
    return now;
  }

  /**
   * Computes the loss of a batch and the gradient of loss plus penalties.
   *
   * @param parameters θ, of the layout's size; read only
   * @param batch the examples, with features {@code [rows][inputs]}; read only
   * @param key the step's key, on which the dropout masks depend
   * @param gradient receives dθ in the trained range; in the statistics range the batch's mean and
   *     variance, the latter biased or not, as each layer's {@code BatchNorm} says
   * @return the mean loss over the batch's rows, each times its weight if the batch has weights,
   *     without penalties; NaN or infinite if the computation is
   * @throws IllegalArgumentException if a length, a shape, a mask or a class number does not fit,
   *     or both arrays are one; nothing is written then
   */
  public double gradients(float[] parameters, Batch batch, long key, float[] gradient) {
    long began = coldStart == null ? 0 : System.nanoTime();
    computeOn(next);
    begin(parameters, batch, key, gradient);
    double mean = 0;
    team.open();
    try {
      mean = accumulate();
      while (nextPart()) {
        mean += accumulate();
      }
    } finally {
      team.close();
    }
    if (coldStart != null) {
      countCold(System.nanoTime() - began, batch.rows());
    }
    return mean;
  }

  /** Counts a step, and decides which kernels compute the next. */
  private void countCold(long nanos, int batchRows) {
    coldStart.count(nanos, usualNanos(batchRows), batchRows == rows.most() ? 0 : 1);
    next = coldStart.onVectors() ? hot : cold;
    if (coldStart.isOver()) {
      coldStart = null;
    }
  }

  /**
   * Goes over to the engine's own kernels before the next step, if it has not already. No result
   * depends on it.
   */
  public void goOver() {
    coldStart = null;
    computeOn(hot);
  }

  /** Has other kernels compute from the next step on. */
  void computeOn(Engine other) {
    next = other;
    if (now.kernels() != other.kernels()) {
      now = other;
      chains = null; // before others take their place: activations may be large
    }
  }

  /** Computes one part of the batch; {@return what it adds to the mean loss} */
  private double accumulate() {
    for (Chain chain : chains) {
      chain.forward(team);
    }
    float[] scores = chains[chains.length - 1].output();
    double mean = loss.ofPart(team, scores, pass.batch(), pass.firstRow(), pass.rows());
    Region.run(behindLoss, team);
    for (int i = chains.length - 1; i >= 0; i--) {
      chains[i].backward(team);
    }
    return mean;
  }

  /** Accepts a batch and prepares its first part; refuses what does not fit. */
  void begin(float[] parameters, Batch batch, long key, float[] gradient) {
    chains();
    checkLength("parameters", parameters);
    checkLength("gradient", gradient);
    if (gradient == parameters) {
      throw new IllegalArgumentException(
          "gradient: the parameters' own array; expected another, since θ is read only");
    }
    rows.checkBatch(batch.rows());
    if (batch.columns() != network.inputs()) {
      throw new IllegalArgumentException(
          "batch: %d columns; expected %d".formatted(batch.columns(), network.inputs()));
    }
    loss.check(batch.targets(), batch.targetColumns(), batch.rows());
    checkMasks(batch);
    call.begin(parameters, batch, key, gradient);
    beginPart(0);
  }

  /** Prepares the next part of the batch; {@return whether there is one} */
  boolean nextPart() {
    int done = pass.firstRow() + pass.rows();
    if (done == pass.batch().rows()) {
      return false;
    }
    beginPart(done);
    return true;
  }

  /** Prepares the part of the batch that begins with a row; refuses a mask that does not fit. */
  private void beginPart(int firstRow) {
    call.part(firstRow, Math.min(rows.atOnce(), pass.batch().rows() - firstRow));
    for (Chain chain : chains) {
      chain.begin();
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
    return Arrays.stream(chains).anyMatch(chain -> chain.drops(number));
  }

  private void checkLength(String name, float[] array) {
    Objects.requireNonNull(array, name);
    if (array.length != layout.size()) {
      throw new IllegalArgumentException(
          "%s: length %d; expected %d".formatted(name, array.length, layout.size()));
    }
  }

  /**
   * {@return the penalties' part of the cost, Σ over the layers of l1·Σ|w| + l2/2·Σw²}
   *
   * @param parameters θ, of the layout's size
   */
  public double penalty(float[] parameters) {
    checkLength("parameters", parameters);
    double total = 0;
    for (Network.Node node : network.dense()) {
      Penalty penalty = ((Dense) node.layer()).penalty();
      Slot weight = node.slot(layout, Slot.Role.WEIGHT);
      if (penalty.l1() != 0) {
        total +=
            penalty.l1()
                * now.kernels().sumOfMagnitudes(parameters, weight.offset(), weight.size());
      }
      if (penalty.l2() != 0) {
        total +=
            penalty.l2()
                / 2
                * now.kernels().sumOfSquares(parameters, weight.offset(), weight.size());
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
   * @return the place, as {@code dense2: NaN in row 3, unit 17}, or {@code row 3, member 0, unit
   *     17} behind members; empty if all is finite as far as the scores
   */
  public Optional<String> firstNonFinite(float[] parameters, Batch batch, long key) {
    return new Replay(this, pass, chains()).firstNonFinite(parameters, batch, key);
  }

  /**
   * Replays a step's forward pass and inspects the output of each dense layer, and of what follows
   * it, for all rows of the batch, also where they are taken through the network in parts.
   *
   * @param parameters θ, as in {@link #gradients}
   * @param batch the examples
   * @param key the step's key
   * @return the outputs, from the first dense layer on
   */
  public List<LayerOutput> outputs(float[] parameters, Batch batch, long key) {
    return new Replay(this, pass, chains()).outputs(parameters, batch, key);
  }

  /**
   * {@return a table of the compiled steps: what each fuses, its shapes, and the bytes it holds}
   */
  public String describe() {
    Chain[] compiled = chains();
    return new PlanTable(network, engine, rows).of(compiled, sharedFloats);
  }
}
