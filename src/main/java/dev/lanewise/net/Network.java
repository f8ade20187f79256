package dev.lanewise.net;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The description of a feed-forward network: the number of input columns, the layers in order and
 * the loss. Holds nothing learned; immutable; prints as a table.
 *
 * <p>Layers stand in any order. The last is a {@link Dense}, whose outputs are the logits that the
 * loss takes; an {@link Embedding} is the first. Between two dense layers, and before the first,
 * there may be one norm at most, and one of each other kind that has tensors or masks. Batch norm
 * directly behind a dense layer takes the place of its bias. Behind {@link Members} each row is k
 * rows, and the last dense layer has weights of its own for each member.
 *
 * @param inputs the columns of an example, at least 1
 * @param layers the layers, first to last
 * @param loss the loss
 */
public record Network(int inputs, List<Layer> layers, Loss loss) {

  /**
   * Creates a description.
   *
   * @throws IllegalArgumentException if there are no inputs, the last layer is not dense, two norms
   *     or two dropouts have no dense layer between them, layer norm stands behind a single unit,
   *     an embedding is not the first layer or not of all inputs, there are members twice, the
   *     factors of members do not fit the columns that reach them, members would have 2^31 numbers
   *     or more of their own, or the loss does not fit the outputs
   */
  public Network {
    checkInputs(inputs);
    layers = List.copyOf(Objects.requireNonNull(layers, "layers"));
    Objects.requireNonNull(loss, "loss");
    int outputs = place(inputs, layers).getLast().outputs();
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

  /**
   * {@return layers at their places} Layers whose tensors or masks would share a name are refused,
   * as is a last layer that is not dense.
   */
  private static List<Node> place(int inputs, List<Layer> layers) {
    if (layers.isEmpty() || !(layers.getLast() instanceof Dense)) {
      throw new IllegalArgumentException(
          "last layer: %s; expected a Dense, whose outputs are the scores that the loss takes"
              .formatted(layers.isEmpty() ? "none" : layers.getLast()));
    }
    List<Node> nodes = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    int number = 0;
    int columns = inputs;
    int copies = 1;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (i > 0 && layer instanceof Embedding) {
        throw new IllegalArgumentException(
            "layer %d: %s; expected it to be the first, as it takes the inputs' columns"
                .formatted(i + 1, layer.label()));
      }
      boolean dense = layer instanceof Dense;
      number += dense ? 1 : 0;
      boolean biased = dense && !(i + 1 < layers.size() && layers.get(i + 1) instanceof BatchNorm);
      if (layer instanceof Members
          && layers.subList(0, i).stream().anyMatch(Members.class::isInstance)) {
        throw new IllegalArgumentException(
            "layer %d: %s; expected members in one place alone".formatted(i + 1, layer));
      }
      copies *= layer.copies();
      int heads = i + 1 == layers.size() ? copies : 1;
      Node node = node(i, number, layer, columns, biased, copies, heads);
      Integer other = places.put(node.name(), i);
      if (other != null && (layer instanceof Dropout || !node.tensors().isEmpty())) {
        throw new IllegalArgumentException(
            "layer %d: %s, and layer %d: %s; expected a Dense between them, as both are %s"
                .formatted(other + 1, layers.get(other), i + 1, layer, node.name()));
      }
      nodes.add(node);
      columns = node.outputs();
    }
    return List.copyOf(nodes);
  }

  private static Node node(
      int place, int number, Layer layer, int columns, boolean biased, int copies, int heads) {
    try {
      return new Node(number, layer, columns, biased, copies, heads);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer %d: %s".formatted(place + 1, e.getMessage()), e);
    }
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

  /** {@return k, the networks that {@link Members} make of this one; 1 without them} */
  public int members() {
    int members = 1;
    for (Layer layer : layers) {
      members *= layer.copies();
    }
    return members;
  }

  /** {@return the layers at their places, first to last} */
  public List<Node> nodes() {
    return place(inputs, layers);
  }

  /** {@return the dense layers at their places, first to last; the last one gives the logits} */
  public List<Node> dense() {
    return nodes().stream().filter(node -> node.layer() instanceof Dense).toList();
  }

  /** {@return the layout of this network's tensors in a flat array of parameters} */
  public Layout layout() {
    return Layout.of(nodes().stream().flatMap(node -> node.tensors().stream()).toList());
  }

  /**
   * {@return new parameters} Weights and biases are drawn by each layer's initialisers, most biases
   * are 0; shifts and running means are 0, scales and running variances 1.
   *
   * @param seed the seed; draws are keyed by it and each tensor's name
   */
  public float[] initialParameters(long seed) {
    Layout layout = layout();
    float[] parameters = new float[layout.size()];
    for (Node node : nodes()) {
      node.layer().initialize(parameters, node, layout, seed);
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

  /**
   * {@return this network with the probability of dropping a unit multiplied, in all its dropouts}
   *
   * @param factor what it is multiplied by, in [0, 1]; see {@link Dropout#keepAt}
   * @throws IllegalArgumentException if it is outside [0, 1] and there is a dropout
   */
  public Network withDropoutTimes(double factor) {
    List<Layer> changed = new ArrayList<>();
    for (Layer layer : layers) {
      changed.add(
          layer instanceof Dropout dropout
              ? new Dropout(dropout.keepAt(factor), dropout.form())
              : layer);
    }
    return new Network(inputs, changed, loss);
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
    for (Node node : nodes()) {
      long parameters = node.trained();
      text.append(
          "%-52s %-14s %12s%n"
              .formatted(
                  node.layer().label(),
                  (node.copies() == 1 ? "[rows][" : "[" + node.copies() + " rows][")
                      + node.outputs()
                      + "]",
                  parameters == 0 ? "" : parameters));
    }
    return text.append("%-52s %-14s %12s".formatted(label(loss), "", layout().trained()))
        .toString();
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
   * A layer at its place in a network. Computes nothing; immutable.
   *
   * @param number how many dense layers there are up to this place, this layer included: 0 before
   *     the first. It is part of the tensors' names, and the number of a dropout's masks
   * @param layer the layer
   * @param inputs the columns that reach it, at least 1
   * @param biased whether this is a dense layer with a bias: false directly before batch norm,
   *     which would subtract it again, and for all other layers
   * @param copies the rows that leave it for each row of the network's inputs, at least 1: k from
   *     {@link Members} on
   * @param heads the members that it has weights of their own for, at least 1: k for the last dense
   *     layer, 1 for all others
   */
  public record Node(int number, Layer layer, int inputs, boolean biased, int copies, int heads) {

    /**
     * Puts a layer in a place.
     *
     * @throws IllegalArgumentException if the number is negative, there are no inputs, the layer
     *     does not take so many, another than a dense layer has a bias or several heads, copies or
     *     heads are not at least 1, or the heads would have 2^31 weights or more
     */
    public Node {
      if (number < 0) {
        throw new IllegalArgumentException("number: %d; expected at least 0".formatted(number));
      }
      checkInputs(inputs);
      Objects.requireNonNull(layer, "layer");
      if (biased && !(layer instanceof Dense)) {
        throw new IllegalArgumentException(
            "biased: true for %s; expected it of a Dense alone".formatted(layer));
      }
      if (copies < 1) {
        throw new IllegalArgumentException("copies: %d; expected at least 1".formatted(copies));
      }
      if (heads < 1 || heads > 1 && !(layer instanceof Dense)) {
        throw new IllegalArgumentException(
            "heads: %d for %s; expected 1, or the members of a last Dense".formatted(heads, layer));
      }
      int units = layer.outputs(inputs);
      if (heads > 1 && (double) heads * inputs * units > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "heads: %d of %d inputs and %d units; expected fewer than 2^31 weights"
                .formatted(heads, inputs, units));
      }
    }

    /**
     * Puts a layer in a place of a network without members.
     *
     * @param number how many dense layers there are up to this place
     * @param layer the layer
     * @param inputs the columns that reach it
     * @param biased whether this is a dense layer with a bias
     * @throws IllegalArgumentException as with members
     */
    public Node(int number, Layer layer, int inputs, boolean biased) {
      this(number, layer, inputs, biased, 1, 1);
    }

    /** {@return the columns that leave it} */
    public int outputs() {
      return layer.outputs(inputs);
    }

    /** {@return what its tensors' names begin with, as {@code norm2}} */
    public String name() {
      return layer.kind().prefix() + number;
    }

    /**
     * {@return the name of one of its tensors, as {@code norm2.scale}}
     *
     * @param role the tensor's role
     */
    public String name(Slot.Role role) {
      return name(suffix(role));
    }

    /**
     * {@return the name of one of its tensors, as {@code members0.factor}}
     *
     * @param tensor what the name ends with
     */
    public String name(String tensor) {
      return name() + "." + Objects.requireNonNull(tensor, "tensor");
    }

    /** {@return its tensors, in the order of model files, without offsets} */
    public List<Slot> tensors() {
      return layer.tensors(this);
    }

    /**
     * {@return the place of one of its tensors in an array}
     *
     * @param layout the layout of the array
     * @param role the tensor's role
     * @throws java.util.NoSuchElementException if the layout has none
     */
    public Slot slot(Layout layout, Slot.Role role) {
      return layout.slot(name(role));
    }

    /**
     * {@return the weight matrices {@code [in][out]} of a dense layer in an array: W, or that of
     * each member, one behind the other} The first has the name of the tensor, the others names of
     * their own.
     *
     * @param layout the layout of the array
     * @throws java.util.NoSuchElementException if the layout has none
     */
    public List<Slot> matrices(Layout layout) {
      Slot weight = slot(layout, Slot.Role.WEIGHT);
      List<Slot> matrices = new ArrayList<>();
      for (int head = 0; head < heads; head++) {
        int offset = weight.offset() + head * inputs * outputs();
        String name = head == 0 ? weight.name() : weight.name() + "." + (head + 1);
        matrices.add(new Slot(name, Slot.Role.WEIGHT, offset, inputs, outputs()));
      }
      return List.copyOf(matrices);
    }

    /** {@return a tensor of a number for each output, without offset} */
    Slot vector(Slot.Role role) {
      return new Slot(name(role), role, 0, 1, heads * outputs());
    }

    private long trained() {
      return tensors().stream().filter(t -> t.role().trained()).mapToLong(Slot::size).sum();
    }
  }

  private static String suffix(Slot.Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
