package dev.lanewise.reference;

import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A network computed as a textbook would: in double precision, one layer after the other, forward
 * and backward. It is the oracle for the engine and for gradient checks.
 *
 * <p>Parameters are a {@code double[]} in the network's {@link Layout}. Immutable; safe for use by
 * several threads. A pass costs two floating-point operations for each weight and row, and
 * allocates freely.
 */
public final class ReferenceNetwork {

  private final Network network;
  private final List<Network.Block> blocks;
  private final Layout layout;

  /**
   * Creates the reference of a network.
   *
   * @param network the description, with penalties resolved
   * @throws IllegalArgumentException if a penalty still waits for the number of training rows
   */
  public ReferenceNetwork(Network network) {
    this.network = network;
    blocks = network.blocks();
    layout = network.layout();
    for (Network.Block block : blocks) {
      if (!block.dense().penalty().resolved()) {
        throw new IllegalArgumentException(
            "network: %s of block %d is per example; expected a network resolved by the training rows"
                .formatted(block.dense().penalty(), block.number()));
      }
    }
  }

  /**
   * {@return parameters in double precision, widened exactly}
   *
   * @param parameters the parameters
   */
  public static double[] widen(float[] parameters) {
    double[] theta = new double[parameters.length];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = parameters[i];
    }
    return theta;
  }

  /** {@return the description} */
  public Network network() {
    return network;
  }

  /** {@return the places of the tensors in θ and in gradients} */
  public Layout layout() {
    return layout;
  }

  /**
   * {@return the logits {@code [rows][outputs]} in inference: running statistics, no masks; classic
   * dropout multiplies by keep}
   *
   * @param theta the parameters
   * @param x the inputs {@code [rows][inputs]}
   */
  public double[][] logits(double[] theta, double[][] x) {
    return infer(theta, x, values -> {});
  }

  /**
   * {@return what each block computes in inference, first to last; the outputs of the last are the
   * {@link #logits}}
   *
   * @param theta the parameters
   * @param x the inputs {@code [rows][inputs]}
   */
  public List<BlockValues> blockValues(double[] theta, double[][] x) {
    List<BlockValues> all = new ArrayList<>();
    infer(theta, x, all::add);
    return List.copyOf(all);
  }

  private double[][] infer(double[] theta, double[][] x, Consumer<BlockValues> each) {
    Objects.requireNonNull(x, "x");
    Tensors tensors = tensors(theta);
    for (double[] row : x) {
      checkColumns("x", row.length);
    }
    double[][] a = Masking.inference(network.inputDropout(), x);
    for (Network.Block block : blocks) {
      double[][] sums = tensors.affine(block).forward(a);
      double[][] normalized = normalize(tensors, block, sums);
      a = new Nonlinearity(block.activation()).forward(normalized);
      a = Masking.inference(block.dropout(), a);
      each.accept(new BlockValues(block, sums, normalized, a));
    }
    return a;
  }

  private static double[][] normalize(Tensors tensors, Network.Block block, double[][] z) {
    return switch (tensors.normalization(block).orElse(null)) {
      case null -> z;
      case Normalization batch ->
          batch.normalize(
              z,
              tensors.vector(block.name(Slot.Role.MEAN)),
              tensors.vector(block.name(Slot.Role.VARIANCE)));
      case RowNormalization layer -> layer.forward(z);
    };
  }

  /**
   * {@return the logits {@code [rows][outputs]} in training: batch statistics and dropout}
   *
   * @param theta the parameters
   * @param batch the examples
   */
  public double[][] trainingLogits(double[] theta, Batch batch) {
    return new Pass(theta, batch).logits;
  }

  /**
   * {@return the cost of a training pass}
   *
   * @param theta the parameters
   * @param batch the examples
   */
  public Cost cost(double[] theta, Batch batch) {
    return new Pass(theta, batch).cost();
  }

  /**
   * {@return the gradient of {@link Cost#differentiated()} by back-propagation} Its range of
   * running statistics holds the batch's means, and its variances in the network's convention.
   *
   * @param theta the parameters
   * @param batch the examples
   */
  public double[] gradient(double[] theta, Batch batch) {
    return new Pass(theta, batch).gradient();
  }

  private Tensors tensors(double[] theta) {
    if (theta.length != layout.size()) {
      throw new IllegalArgumentException(
          "theta: length %d; expected %d".formatted(theta.length, layout.size()));
    }
    return new Tensors(layout, theta);
  }

  private void checkColumns(String name, int columns) {
    if (columns != network.inputs()) {
      throw new IllegalArgumentException(
          "%s: %d columns; expected %d".formatted(name, columns, network.inputs()));
    }
  }

  private void check(Batch batch) {
    checkColumns("batch: x", batch.x()[0].length);
    int targetColumns = batch.targets()[0].length;
    if (!network.loss().accepts(targetColumns, network.outputs())) {
      throw new IllegalArgumentException(
          "batch: %d target columns; expected what %s takes for %d outputs"
              .formatted(targetColumns, network.loss(), network.outputs()));
    }
    if (network.loss().takesClassNumbers(targetColumns)) {
      for (double[] target : batch.targets()) {
        if (!(target[0] >= 0 && target[0] < network.outputs() && target[0] == (int) target[0])) {
          throw new IllegalArgumentException(
              "batch: target %s; expected a class number from 0 to %d"
                  .formatted(target[0], network.outputs() - 1));
        }
      }
    }
    if (network.loss().link() == Loss.Link.EXP) {
      checkCounts(batch);
    }
    if (batch.rows() < 2 && network.normalizesBatches()) {
      throw new IllegalArgumentException("batch: 1 row; expected at least 2 for batch norm");
    }
  }

  /**
   * Refuses targets that Poisson's loss cannot take. Other losses take any number, and a gradient
   * check makes too many passes to look at each target for nothing.
   */
  private void checkCounts(Batch batch) {
    for (double[] row : batch.targets()) {
      for (double target : row) {
        if (!(target >= 0 && target < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "batch: target %s; expected a number that %s takes"
                  .formatted(target, network.loss()));
        }
      }
    }
  }

  /**
   * What a block computes for some rows, each {@code [rows][units]}. The arrays are not copied.
   *
   * @param block the block
   * @param sums Z = X·W + b
   * @param normalized Z behind the normalisation; the sums themselves if there is none
   * @param outputs what the block hands on: activated, and scaled by a classic dropout
   */
  public record BlockValues(
      Network.Block block, double[][] sums, double[][] normalized, double[][] outputs) {

    /** Keeps the values; they are not checked. */
    public BlockValues {
      Objects.requireNonNull(block, "block");
      Objects.requireNonNull(sums, "sums");
      Objects.requireNonNull(normalized, "normalized");
      Objects.requireNonNull(outputs, "outputs");
    }
  }

  /** A block's layers in a training pass, each with what it keeps for the backward pass. */
  private record Layers(
      Network.Block block,
      Affine affine,
      Optional<NormLayer> norm,
      Nonlinearity activation,
      Optional<Masking> dropout) {

    double[][] forward(double[][] x) {
      double[][] z = affine.forward(x);
      double[][] normalized = norm.isPresent() ? norm.get().forward(z) : z;
      double[][] a = activation.forward(normalized);
      return dropout.isPresent() ? dropout.get().apply(a) : a;
    }

    double[][] backward(double[][] dOut) {
      double[][] dA = dropout.isPresent() ? dropout.get().apply(dOut) : dOut;
      double[][] dNormalized = activation.backward(dA);
      double[][] dZ = norm.isPresent() ? norm.get().backward(dNormalized) : dNormalized;
      return affine.backward(dZ);
    }
  }

  /** One training pass. */
  private final class Pass {

    private final Tensors tensors;
    private final Batch batch;
    private final List<Layers> stack;
    private final MeanLoss loss;
    private final double[][] logits;

    Pass(double[] theta, Batch batch) {
      tensors = tensors(theta);
      check(batch);
      this.batch = batch;
      stack = blocks.stream().map(this::layers).toList();
      loss = new MeanLoss(network.loss(), batch.targets(), batch.weights());
      Optional<Masking> inputDropout = masking(network.inputDropout(), 0, network.inputs());
      double[][] a = inputDropout.isPresent() ? inputDropout.get().apply(batch.x()) : batch.x();
      for (Layers layers : stack) {
        a = layers.forward(a);
      }
      logits = a;
    }

    private Layers layers(Network.Block block) {
      return new Layers(
          block,
          tensors.affine(block),
          tensors.normalization(block),
          new Nonlinearity(block.activation()),
          masking(block.dropout(), block.number(), block.outputs()));
    }

    private Optional<Masking> masking(Optional<Dropout> dropout, int number, int width) {
      double keep = dropout.map(Dropout::keep).orElse(1.0);
      if (keep == 1) {
        return Optional.empty();
      }
      int units = batch.rows() * width;
      boolean[] given = batch.masks().get(number);
      if (given != null && given.length != units) {
        throw new IllegalArgumentException(
            "batch: mask %d has %d units; expected %d".formatted(number, given.length, units));
      }
      boolean[] kept = given != null ? given : Masking.draw(batch.stepKey(), number, keep, units);
      return Optional.of(new Masking(kept, dropout.orElseThrow()));
    }

    Cost cost() {
      Sides sides = new Sides();
      double penalty = 0;
      double proximal = 0;
      for (Layers layers : stack) {
        layers.activation().addSides(sides);
        Penalty p = layers.block().dense().penalty();
        for (double w : tensors.vector(layers.block().name(Slot.Role.WEIGHT))) {
          penalty += p.subgradient() * Math.abs(w) + p.l2() / 2 * w * w;
          proximal += p.threshold() * Math.abs(w);
          if (p.subgradient() > 0) {
            sides.add(w, 0);
          }
        }
      }
      loss.addSides(logits, sides);
      return new Cost(loss.value(logits), penalty, proximal, sides.toBits());
    }

    double[] gradient() {
      Tensors gradient = new Tensors(layout, new double[layout.size()]);
      double[][] d = loss.gradient(logits);
      for (Layers layers : stack.reversed()) {
        d = layers.backward(d);
        Network.Block block = layers.block();
        gradient.put(block.name(Slot.Role.WEIGHT), layers.affine().weightGradient());
        if (block.batchNorm().isEmpty()) {
          gradient.put(block.name(Slot.Role.BIAS), layers.affine().biasGradient());
        }
        layers.norm().ifPresent(norm -> putNorm(gradient, block, norm));
        addPenalty(gradient, block);
      }
      return gradient.values();
    }

    private void putNorm(Tensors gradient, Network.Block block, NormLayer norm) {
      gradient.put(block.name(Slot.Role.SCALE), norm.scaleGradient());
      gradient.put(block.name(Slot.Role.SHIFT), norm.shiftGradient());
      if (norm instanceof Normalization moments) {
        putStatistics(gradient, block, moments);
      }
    }

    private void putStatistics(Tensors gradient, Network.Block block, Normalization norm) {
      gradient.put(block.name(Slot.Role.MEAN), norm.batchMean());
      double[] variance = norm.batchVariance().clone();
      if (block.batchNorm().orElseThrow().variance() == BatchNorm.Variance.UNBIASED) {
        for (int j = 0; j < variance.length; j++) {
          variance[j] *= batch.rows() / (batch.rows() - 1.0);
        }
      }
      gradient.put(block.name(Slot.Role.VARIANCE), variance);
    }

    /** Adds λ₁·sign(w) + λ₂·w; the sign of 0 is 0; a soft threshold has no part in the gradient. */
    private void addPenalty(Tensors gradient, Network.Block block) {
      Penalty p = block.dense().penalty();
      Slot weight = layout.slot(block.name(Slot.Role.WEIGHT));
      for (int i = weight.offset(); i < weight.end(); i++) {
        double w = tensors.values()[i];
        gradient.values()[i] += p.subgradient() * Math.signum(w) + p.l2() * w;
      }
    }
  }

  /**
   * The cost of a training pass, and on which side of each kink it was computed.
   *
   * <p>The cost is not smooth where a ReLU's input changes its sign, an error crosses Huber's δ, or
   * a weight under L1 crosses 0. A finite difference between two points is an approximation of the
   * derivative only if their sides are equal.
   *
   * @param loss the mean loss of the batch's rows
   * @param penalty the sum of all penalties that are in the gradient
   * @param proximal the sum of the penalties that a soft threshold applies after the step instead
   * @param sides a bit or two for every kink, in a fixed order
   */
  public record Cost(double loss, double penalty, double proximal, BitSet sides) {

    /** Creates a cost; the numbers are not checked. */
    public Cost {
      Objects.requireNonNull(sides, "sides");
    }

    /** {@return the loss plus all penalties, which is what training makes small} */
    public double total() {
      return loss + penalty + proximal;
    }

    /** {@return the part of the cost whose derivative the gradient is} */
    public double differentiated() {
      return loss + penalty;
    }
  }

  /**
   * The examples of one training step, with its dropout masks or the key that they are drawn from.
   * The arrays are not copied.
   *
   * @param x the inputs {@code [rows][columns]}
   * @param targets the targets {@code [rows][targetColumns]}
   * @param weights the rows' weights, by which their losses are multiplied
   * @param masks given keep-masks {@code [rows · width]} by the number of the dropout (0 on the
   *     inputs, n after block n), which replace the random ones
   * @param stepKey the key of the random masks
   */
  public record Batch(
      double[][] x,
      double[][] targets,
      double[] weights,
      Map<Integer, boolean[]> masks,
      long stepKey) {

    /**
     * Creates a batch.
     *
     * @throws IllegalArgumentException if there are no rows, the numbers of rows differ, or a
     *     matrix is not rectangular
     */
    public Batch {
      checkRectangular("x", x);
      checkRectangular("targets", targets);
      if (x.length != targets.length) {
        throw new IllegalArgumentException(
            "targets: %d rows; expected %d, the rows of x".formatted(targets.length, x.length));
      }
      if (x.length != weights.length) {
        throw new IllegalArgumentException(
            "weights: %d numbers; expected %d, the rows of x".formatted(weights.length, x.length));
      }
      for (int r = 0; r < weights.length; r++) {
        if (!(weights[r] >= 0 && weights[r] < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "weights: %s in row %d; expected a finite number >= 0".formatted(weights[r], r));
        }
      }
      masks = Map.copyOf(Objects.requireNonNull(masks, "masks"));
    }

    /**
     * Creates a batch whose rows all weigh 1.
     *
     * @param x the inputs {@code [rows][columns]}
     * @param targets the targets {@code [rows][targetColumns]}
     * @param masks given keep-masks by the number of the dropout
     * @param stepKey the key of the random masks
     */
    public Batch(double[][] x, double[][] targets, Map<Integer, boolean[]> masks, long stepKey) {
      this(x, targets, ones(x.length), masks, stepKey);
    }

    /**
     * Creates a batch without random or given masks: dropout draws under key 0.
     *
     * @param x the inputs {@code [rows][columns]}
     * @param targets the targets {@code [rows][targetColumns]}
     */
    public Batch(double[][] x, double[][] targets) {
      this(x, targets, Map.of(), 0);
    }

    /**
     * {@return the batch that row-major float matrices hold, widened exactly}
     *
     * @param rows the number of rows
     * @param features the inputs {@code [rows][columns]}, flat
     * @param targets the targets {@code [rows][targetColumns]}, flat
     * @param stepKey the key of the random masks
     */
    public static Batch of(int rows, float[] features, float[] targets, long stepKey) {
      return new Batch(
          matrix("features", features, rows), matrix("targets", targets, rows), Map.of(), stepKey);
    }

    /**
     * {@return this batch with given masks}
     *
     * @param given keep-masks by the number of the dropout
     */
    public Batch withMasks(Map<Integer, boolean[]> given) {
      Objects.requireNonNull(given, "given");
      return new Batch(x, targets, weights, given, stepKey);
    }

    /**
     * {@return this batch with weights}
     *
     * @param ofRows a weight for each row, widened exactly
     */
    public Batch withWeights(float[] ofRows) {
      Objects.requireNonNull(ofRows, "ofRows");
      return new Batch(x, targets, ReferenceNetwork.widen(ofRows), masks, stepKey);
    }

    /** {@return weights of 1} */
    static double[] ones(int rows) {
      double[] ones = new double[rows];
      Arrays.fill(ones, 1);
      return ones;
    }

    /** {@return the number of examples} */
    public int rows() {
      return x.length;
    }

    private static double[][] matrix(String name, float[] flat, int rows) {
      Objects.requireNonNull(flat, name);
      if (rows < 1 || flat.length % rows != 0) {
        throw new IllegalArgumentException(
            "%s: %d values; expected a multiple of the rows, %d"
                .formatted(name, flat.length, rows));
      }
      int columns = flat.length / rows;
      double[][] matrix = new double[rows][columns];
      for (int i = 0; i < flat.length; i++) {
        matrix[i / columns][i % columns] = flat[i];
      }
      return matrix;
    }

    private static void checkRectangular(String name, double[][] matrix) {
      Objects.requireNonNull(matrix, name);
      if (matrix.length == 0) {
        throw new IllegalArgumentException("%s: no rows; expected at least 1".formatted(name));
      }
      for (int r = 0; r < matrix.length; r++) {
        if (matrix[r].length != matrix[0].length) {
          throw new IllegalArgumentException(
              "%s: row %d has %d columns; expected %d, as row 0 has"
                  .formatted(name, r, matrix[r].length, matrix[0].length));
        }
      }
    }
  }
}
