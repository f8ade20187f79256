package dev.lanewise.net;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The description of a feed-forward network: the number of input columns, the layers in order and
 * the loss. Holds nothing learned; immutable; prints as a table.
 *
 * <p>Layers stand in the order {@code [Dropout]}, blocks {@code Dense [Layer.Norm] [Activation]
 * [Dropout]}, and a last {@code Dense} whose outputs are the logits that the loss takes.
 *
 * @param inputs the columns of an example, at least 1
 * @param layers the layers, first to last
 * @param loss the loss
 */
public record Network(int inputs, List<Layer> layers, Loss loss) {

  /**
   * Creates a description.
   *
   * @throws IllegalArgumentException if there are no inputs, the layers are in another order, layer
   *     norm stands behind a single unit, or the loss does not fit the outputs
   */
  public Network {
    checkInputs(inputs);
    layers = List.copyOf(Objects.requireNonNull(layers, "layers"));
    Objects.requireNonNull(loss, "loss");
    checkOrder(layers);
    checkLayerNorms(layers);
    int outputs = ((Dense) layers.getLast()).units();
    if (loss.link() == Loss.Link.SOFTMAX && outputs < 2) {
      throw new IllegalArgumentException(
          "loss: %s over %d output; expected at least 2 (one output takes sigmoid cross-entropy)"
              .formatted(label(loss), outputs));
    }
  }

  private static void checkInputs(int inputs) {
    if (inputs < 1) {
      throw new IllegalArgumentException("inputs: %d; expected at least 1".formatted(inputs));
    }
  }

  private static void checkOrder(List<Layer> layers) {
    int last = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int rank = rank(layer);
      boolean fits = rank == 0 || (i == 0 ? layer instanceof Dropout : rank > last);
      if (!fits) {
        throw new IllegalArgumentException(
            "layer %d: %s %s; expected the order [Dropout], blocks of Dense [BatchNorm or LayerNorm] [Activation] [Dropout], Dense"
                .formatted(i + 1, layer, i == 0 ? "first" : "after " + layers.get(i - 1)));
      }
      last = rank;
    }
    if (layers.isEmpty() || !(layers.getLast() instanceof Dense)) {
      throw new IllegalArgumentException(
          "last layer: %s; expected a Dense, whose outputs are the scores that the loss takes"
              .formatted(layers.isEmpty() ? "none" : layers.getLast()));
    }
  }

  /**
   * Refuses layer norm of a single unit, whose mean is the unit itself: it would always give the
   * shift.
   */
  private static void checkLayerNorms(List<Layer> layers) {
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i) instanceof LayerNorm && ((Dense) layers.get(i - 1)).units() < 2) {
        throw new IllegalArgumentException(
            "layer %d: layer norm over 1 unit; expected at least 2, as it subtracts their mean"
                .formatted(i + 1));
      }
    }
  }

  private static int rank(Layer layer) {
    return switch (layer) {
      case Dense d -> 0;
      case Layer.Norm n -> 1;
      case Activation a -> 2;
      case Dropout d -> 3;
    };
  }

  /**
   * {@return a builder of a network}
   *
   * @param inputs the columns of an example, at least 1
   * @throws IllegalArgumentException if the inputs are not at least 1
   */
  public static Builder inputs(int inputs) {
    checkInputs(inputs);
    return new Builder(inputs);
  }

  /** {@return the number of logits of a row} */
  public int outputs() {
    return ((Dense) layers.getLast()).units();
  }

  /** {@return the dropout on the inputs, if any} */
  public Optional<Dropout> inputDropout() {
    return layers.getFirst() instanceof Dropout dropout ? Optional.of(dropout) : Optional.empty();
  }

  /** {@return the blocks, first to last} */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int from = inputDropout().isPresent() ? 1 : 0;
    int columns = inputs;
    while (from < layers.size()) {
      Dense dense = (Dense) layers.get(from++);
      Optional<Layer.Norm> norm = Optional.empty();
      Activation activation = Activation.of(Activation.Function.IDENTITY);
      Optional<Dropout> dropout = Optional.empty();
      while (from < layers.size() && !(layers.get(from) instanceof Dense)) {
        switch (layers.get(from++)) {
          case Layer.Norm n -> norm = Optional.of(n);
          case Activation a -> activation = a;
          case Dropout d -> dropout = Optional.of(d);
          case Dense d -> throw new AssertionError(d);
        }
      }
      blocks.add(new Block(blocks.size() + 1, columns, dense, norm, activation, dropout));
      columns = dense.units();
    }
    return blocks;
  }

  /** {@return the layout of this network's tensors in a flat array of parameters} */
  public Layout layout() {
    return Layout.of(blocks().stream().flatMap(block -> block.tensors().stream()).toList());
  }

  /**
   * {@return new parameters} Weights are drawn by each layer's initialiser; biases, shifts and
   * running means are 0, scales and running variances 1.
   *
   * @param seed the seed; draws are keyed by it and each tensor's name
   */
  public float[] initialParameters(long seed) {
    Layout layout = layout();
    float[] parameters = new float[layout.size()];
    for (Block block : blocks()) {
      block.dense().initializer().fill(parameters, layout.slot(block.name(Slot.Role.WEIGHT)), seed);
    }
    for (Slot slot : layout.slots()) {
      if (slot.role() == Slot.Role.SCALE || slot.role() == Slot.Role.VARIANCE) {
        Arrays.fill(parameters, slot.offset(), slot.end(), 1f);
      }
    }
    return parameters;
  }

  /**
   * {@return whether a layer normalises over the batch, so that a batch needs at least two rows}
   */
  public boolean normalizesBatches() {
    return layers.stream().anyMatch(BatchNorm.class::isInstance);
  }

  /**
   * {@return this network with per-example penalties turned into plain ones}
   *
   * @param trainingRows the rows of the training set, at least 1
   */
  public Network resolve(int trainingRows) {
    return withPenalties(penalty -> penalty.resolve(trainingRows));
  }

  /**
   * {@return this network with λ/2·Σw² as the L2 part of each dense layer's penalty}
   *
   * @param lambda λ, finite and at least 0
   * @throws IllegalArgumentException if it is not
   */
  public Network withL2(double lambda) {
    return withPenalties(penalty -> penalty.withL2(lambda));
  }

  /** {@return this network without penalties} */
  public Network withoutPenalties() {
    return withPenalties(penalty -> Penalty.NONE);
  }

  private Network withPenalties(UnaryOperator<Penalty> change) {
    List<Layer> changed = new ArrayList<>();
    for (Layer layer : layers) {
      changed.add(
          layer instanceof Dense dense ? dense.withPenalty(change.apply(dense.penalty())) : layer);
    }
    return new Network(inputs, changed, loss);
  }

  /**
   * {@return a table: a line for each layer with its shape and its number of trained parameters}
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("%-52s %-14s %12s%n".formatted("layer", "output", "parameters"));
    text.append("%-52s %-14s %12s%n".formatted("inputs", "[rows][" + inputs + "]", ""));
    int columns = inputs;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      long parameters = 0;
      if (layer instanceof Dense dense) {
        boolean bias = i + 1 == layers.size() || !(layers.get(i + 1) instanceof BatchNorm);
        parameters = (long) columns * dense.units() + (bias ? dense.units() : 0);
        columns = dense.units();
      } else if (layer instanceof Layer.Norm) {
        parameters = 2L * columns;
      }
      text.append(
          "%-52s %-14s %12s%n"
              .formatted(
                  label(layer), "[rows][" + columns + "]", parameters == 0 ? "" : parameters));
    }
    return text.append("%-52s %-14s %12s".formatted(label(loss), "", layout().trained()))
        .toString();
  }

  private static String label(Layer layer) {
    return switch (layer) {
      case Dense d ->
          "Dense, "
              + label(d.initializer())
              + label(d.penalty())
              + part("max norm", d.maxNorm().orElse(0));
      case BatchNorm b -> "BatchNorm, decay %s, epsilon %s".formatted(b.decay(), b.epsilon());
      case LayerNorm l -> "LayerNorm, epsilon " + l.epsilon();
      case Activation a -> a.function() + (a.parameter() == 0 ? "" : " " + a.parameter());
      case Dropout d ->
          "Dropout, keep " + d.keep() + (d.form() == Dropout.Form.CLASSIC ? ", classic" : "");
    };
  }

  private static String label(Initializer initializer) {
    String distribution = initializer.distribution().name().toLowerCase(Locale.ROOT);
    return switch (initializer) {
      case Initializer.Zeros z -> "zeros";
      case Initializer.Fixed f -> distribution + ", deviation " + f.deviation();
      case Initializer.LeCun l -> "LeCun " + distribution;
      case Initializer.Glorot g -> "Glorot " + distribution;
      case Initializer.He h -> "He " + distribution;
      case Initializer.Orthogonal o -> "orthogonal, gain " + o.gain();
    };
  }

  private static String label(Penalty penalty) {
    return part("l1", penalty.l1())
        + part("l2", penalty.l2())
        + part("l1 per example", penalty.l1PerExample())
        + part("l2 per example", penalty.l2PerExample())
        + (penalty.l1Form() == Penalty.L1Form.SOFT_THRESHOLD ? ", l1 by soft threshold" : "");
  }

  private static String part(String name, double lambda) {
    return lambda == 0 ? "" : ", " + name + " " + lambda;
  }

  private static String label(Loss loss) {
    StringBuilder text = new StringBuilder(loss.getClass().getSimpleName());
    loss.parameters()
        .forEach((name, value) -> text.append(value == 0 ? "" : ", " + name + " " + value));
    return text.toString();
  }

  /**
   * Collects layers in order; {@link #loss} ends the description. Not safe for use by several
   * threads.
   */
  public static final class Builder {
    private final int inputs;
    private final List<Layer> layers = new ArrayList<>();

    private Builder(int inputs) {
      this.inputs = inputs;
    }

    /**
     * Adds a layer.
     *
     * @param layer the layer
     * @return this
     */
    public Builder add(Layer layer) {
      layers.add(Objects.requireNonNull(layer, "layer"));
      return this;
    }

    /**
     * Adds a dense layer with He's normal initialisation and no penalty.
     *
     * @param units the number of outputs, at least 1
     * @return this
     */
    public Builder dense(int units) {
      return add(new Dense(units));
    }

    /**
     * Adds batch normalisation with the default constants.
     *
     * @return this
     */
    public Builder batchNorm() {
      return add(new BatchNorm());
    }

    /**
     * Adds layer normalisation with the default constant.
     *
     * @return this
     */
    public Builder layerNorm() {
      return add(new LayerNorm());
    }

    /**
     * Adds an activation with its usual parameter.
     *
     * @param function which function
     * @return this
     */
    public Builder activation(Activation.Function function) {
      return add(Activation.of(function));
    }

    /**
     * Adds a ReLU.
     *
     * @return this
     */
    public Builder relu() {
      return activation(Activation.Function.RELU);
    }

    /**
     * Adds inverted dropout.
     *
     * @param probability the probability of dropping a unit, in [0, 1)
     * @return this
     */
    public Builder dropout(double probability) {
      return add(Dropout.of(probability));
    }

    /**
     * Ends the description.
     *
     * @param loss the loss
     * @return the network
     * @throws IllegalArgumentException as {@link Network#Network}
     */
    public Network loss(Loss loss) {
      return new Network(inputs, layers, loss);
    }
  }

  /**
   * A dense layer with what follows it up to the next one: {@code Dense [Layer.Norm] [Activation]
   * [Dropout]}.
   *
   * @param number the block's place, from 1; part of its tensors' names
   * @param inputs the number of input columns
   * @param dense the dense layer
   * @param norm the normalisation, if any
   * @param activation the activation; the identity if none was given
   * @param dropout the dropout, if any
   */
  public record Block(
      int number,
      int inputs,
      Dense dense,
      Optional<Layer.Norm> norm,
      Activation activation,
      Optional<Dropout> dropout) {

    /**
     * Checks the numbers; the network checks what fits together.
     *
     * @throws IllegalArgumentException if the number or the inputs are not at least 1
     */
    public Block {
      if (number < 1) {
        throw new IllegalArgumentException("number: %d; expected at least 1".formatted(number));
      }
      if (inputs < 1) {
        throw new IllegalArgumentException("inputs: %d; expected at least 1".formatted(inputs));
      }
      Objects.requireNonNull(dense, "dense");
      Objects.requireNonNull(norm, "norm");
      Objects.requireNonNull(activation, "activation");
      Objects.requireNonNull(dropout, "dropout");
    }

    /** {@return the number of output columns} */
    public int outputs() {
      return dense.units();
    }

    /** {@return the normalisation if it is over batches; then the dense layer has no bias} */
    public Optional<BatchNorm> batchNorm() {
      return norm.filter(BatchNorm.class::isInstance).map(BatchNorm.class::cast);
    }

    /** {@return the normalisation if it is over the units of a row} */
    public Optional<LayerNorm> layerNorm() {
      return norm.filter(LayerNorm.class::isInstance).map(LayerNorm.class::cast);
    }

    /**
     * {@return the name of one of this block's tensors, as {@code norm2.scale}}
     *
     * @param role the tensor's role
     */
    public String name(Slot.Role role) {
      return switch (role) {
        case WEIGHT -> "dense" + number + ".weight";
        case BIAS -> "dense" + number + ".bias";
        case SCALE -> "norm" + number + ".scale";
        case SHIFT -> "norm" + number + ".shift";
        case MEAN -> "norm" + number + ".mean";
        case VARIANCE -> "norm" + number + ".variance";
      };
    }

    /**
     * {@return this block's tensors, without offsets; without a bias where batch norm makes it
     * redundant}
     */
    List<Slot> tensors() {
      List<Slot> tensors = new ArrayList<>();
      tensors.add(new Slot(name(Slot.Role.WEIGHT), Slot.Role.WEIGHT, 0, inputs, outputs()));
      for (Slot.Role role : vectors()) {
        tensors.add(new Slot(name(role), role, 0, 1, outputs()));
      }
      return tensors;
    }

    private List<Slot.Role> vectors() {
      return switch (norm.orElse(null)) {
        case null -> List.of(Slot.Role.BIAS);
        case BatchNorm batch ->
            List.of(Slot.Role.SCALE, Slot.Role.SHIFT, Slot.Role.MEAN, Slot.Role.VARIANCE);
        case LayerNorm layer -> List.of(Slot.Role.BIAS, Slot.Role.SCALE, Slot.Role.SHIFT);
      };
    }
  }
}
