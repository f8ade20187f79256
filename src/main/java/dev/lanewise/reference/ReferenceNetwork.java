package dev.lanewise.reference;

import dev.lanewise.net.Dense;
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
  private final List<Network.Node> nodes;
  private final Layout layout;

  /**
   * Creates the reference of a network.
   *
   * @param network the description, with penalties resolved
   * @throws IllegalArgumentException if a penalty still waits for the number of training rows
   */
  public ReferenceNetwork(Network network) {
    this.network = network;
    nodes = network.nodes();
    layout = network.layout();
    for (Network.Node node : nodes) {
      if (node.layer() instanceof Dense dense && !dense.penalty().resolved()) {
        throw new IllegalArgumentException(
            "network: %s of %s is per example; expected a network resolved by the training rows"
                .formatted(dense.penalty(), node.name()));
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
   * dropout multiplies by keep} With members they are those of the mean probability.
   *
   * @param theta the parameters
   * @param x the inputs {@code [rows][inputs]}
   */
  public double[][] logits(double[] theta, double[][] x) {
    double[][] logits = infer(theta, x, values -> {});
    int members = network.members();
    return members == 1 ? logits : new MeanOfMembers(network.loss().link(), members).of(logits);
  }

  /**
   * {@return what each layer computes in inference, first to last; the outputs of the last are the
   * {@link #logits}, with members those of each, which follow one another for each row}
   *
   * @param theta the parameters
   * @param x the inputs {@code [rows][inputs]}
   */
  public List<LayerValues> layerValues(double[] theta, double[][] x) {
    List<LayerValues> all = new ArrayList<>();
    infer(theta, x, all::add);
    return List.copyOf(all);
  }

  private double[][] infer(double[] theta, double[][] x, Consumer<LayerValues> each) {
    Objects.requireNonNull(x, "x");
    Tensors tensors = tensors(theta);
    for (double[] row : x) {
      checkColumns("x", row.length);
    }
    double[][] a = x;
    for (Network.Node node : nodes) {
      a = TextbookLayer.of(node, tensors).infer(a);
      each.accept(new LayerValues(node, a));
    }
    return a;
  }

  /**
   * {@return the logits {@code [rows][outputs]} in training: batch statistics and dropout; with
   * members those of each, which follow one another for each row}
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
   * What a layer computes for some rows.
   *
   * @param node the layer at its place
   * @param outputs what it hands on, {@code [rows][outputs]}, with the copies of each row; not
   *     copied
   */
  public record LayerValues(Network.Node node, double[][] outputs) {

    /** Keeps the values; they are not checked. */
    public LayerValues {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(outputs, "outputs");
    }
  }

  /** One training pass. */
  private final class Pass {

    private final Tensors tensors;
    private final List<TextbookLayer> layers = new ArrayList<>();
    private final MeanLoss loss;
    private final double[][] logits;

    Pass(double[] theta, Batch batch) {
      tensors = tensors(theta);
      check(batch);
      int members = network.members();
      loss =
          new MeanLoss(
              network.loss(),
              Copies.repeat(batch.targets(), members),
              Copies.repeat(batch.weights(), members));
      double[][] a = batch.x();
      for (Network.Node node : nodes) {
        TextbookLayer layer = TextbookLayer.of(node, tensors);
        a = layer.train(a, batch);
        layers.add(layer);
      }
      logits = a;
    }

    Cost cost() {
      Sides sides = new Sides();
      double penalty = 0;
      double proximal = 0;
      for (int i = 0; i < layers.size(); i++) {
        layers.get(i).addSides(sides);
        if (nodes.get(i).layer() instanceof Dense dense) {
          Penalty p = dense.penalty();
          for (double w : tensors.vector(nodes.get(i).name(Slot.Role.WEIGHT))) {
            penalty += p.subgradient() * Math.abs(w) + p.l2() / 2 * w * w;
            proximal += p.threshold() * Math.abs(w);
            if (p.subgradient() > 0) {
              sides.add(w, 0);
            }
          }
        }
      }
      loss.addSides(logits, sides);
      return new Cost(loss.value(logits), penalty, proximal, sides.toBits());
    }

    double[] gradient() {
      Tensors gradient = new Tensors(layout, new double[layout.size()]);
      double[][] d = loss.gradient(logits);
      for (int i = layers.size() - 1; i >= 0; i--) {
        d = layers.get(i).backward(d);
        put(gradient, nodes.get(i), layers.get(i).gradients());
        if (nodes.get(i).layer() instanceof Dense dense) {
          addPenalty(gradient, nodes.get(i), dense.penalty());
        }
      }
      return gradient.values();
    }

    private static void put(
        Tensors gradient, Network.Node node, Map<String, double[][]> gradients) {
      for (Slot tensor : node.tensors()) {
        gradient.put(
            tensor.name(), gradients.get(tensor.name().substring(node.name().length() + 1)));
      }
    }

    /** Adds λ₁·sign(w) + λ₂·w; the sign of 0 is 0; a soft threshold has no part in the gradient. */
    private void addPenalty(Tensors gradient, Network.Node node, Penalty p) {
      Slot weight = node.slot(layout, Slot.Role.WEIGHT);
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
   * @param masks given keep-masks {@code [rows · width]} by the number of the dropout (0 before the
   *     first dense layer, n behind the n-th), which replace the random ones
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
