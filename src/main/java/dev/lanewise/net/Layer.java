package dev.lanewise.net;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One layer of a {@link Network}, where layers stand in any order; the last is a {@link Dense}.
 *
 * <p>A layer describes itself: layouts, initial parameters, model files and tables are made from
 * its {@link Kind}, its {@link #parameters()}, its {@link #tensors} and its {@link #label()}. One
 * layer may stand in several places of a network; what depends on the place is asked for with the
 * {@link Network.Node}.
 */
public sealed interface Layer
    permits Dense, Layer.Norm, Activation, Blend, Dropout, Scaling, Members, Embedding {

  /**
   * The kinds of layers. Model files use the constants' names, in lower case; names of tensors
   * begin with {@link #prefix()}.
   */
  enum Kind {
    /** {@link Dense}. */
    DENSE("dense", Dense::of),
    /** {@link BatchNorm}. */
    BATCH_NORM("norm", BatchNorm::of),
    /** {@link LayerNorm}. */
    LAYER_NORM("norm", LayerNorm::of),
    /** {@link Activation}. */
    ACTIVATION("activation", Activation::of),
    /** {@link Blend}. */
    BLEND("blend", Blend::of),
    /** {@link Dropout}. */
    DROPOUT("dropout", Dropout::of),
    /** {@link Scaling}. */
    SCALING("scaling", parameters -> new Scaling()),
    /** {@link Members}. */
    MEMBERS("members", Members::of),
    /** {@link Embedding}. */
    EMBEDDING("embedding", Embedding::of);

    private final String prefix;
    private final Function<Values, Layer> constructor;

    Kind(String prefix, Function<Values, Layer> constructor) {
      this.prefix = prefix;
      this.constructor = constructor;
    }

    /** {@return what the name of a layer of this kind begins with, as in {@code norm2.scale}} */
    public String prefix() {
      return prefix;
    }

    /**
     * {@return the layer of this kind with given parameters: of those of a layer, the same layer}
     *
     * @param parameters the parameters by name, as {@link Layer#parameters()} has them
     * @throws IllegalArgumentException if one is missing or out of its range
     */
    public Layer of(Values parameters) {
      return constructor.apply(parameters);
    }
  }

  /**
   * The parameters of a layer by name, as a model file or another description states them. Each
   * method throws {@link IllegalArgumentException} if there is no such parameter or its value is of
   * another type.
   */
  interface Values {

    /**
     * {@return whether there is such a parameter}
     *
     * @param name the parameter's name
     */
    boolean has(String name);

    /**
     * {@return a whole number}
     *
     * @param name the parameter's name
     */
    int integer(String name);

    /**
     * {@return a number in double precision}
     *
     * @param name the parameter's name
     */
    double number(String name);

    /**
     * {@return a number in single precision}
     *
     * @param name the parameter's name
     */
    float single(String name);

    /**
     * {@return whole numbers}
     *
     * @param name the parameter's name
     */
    List<Integer> integers(String name);

    /**
     * {@return a constant of an enumeration}
     *
     * @param name the parameter's name
     * @param type the enumeration
     * @param <E> the enumeration
     */
    <E extends Enum<E>> E choice(String name, Class<E> type);

    /**
     * {@return how a tensor starts}
     *
     * @param name the parameter's name
     */
    Initializer initializer(String name);

    /**
     * {@return what large weights cost}
     *
     * @param name the parameter's name
     */
    Penalty penalty(String name);

    /**
     * {@return lists of numbers in single precision}
     *
     * @param name the parameter's name
     * @param most how many numbers they may have together
     */
    List<List<Float>> singles(String name, int most);

    /**
     * {@return a list of what has parameters of its own}
     *
     * @param name the parameter's name
     * @param reader makes an item of its parameters
     * @param <T> the items
     */
    <T> List<T> each(String name, Function<Values, T> reader);
  }

  /** {@return what kind of layer this is} */
  Kind kind();

  /**
   * {@return all that sets this layer apart from others of its kind, by name, in the order of model
   * files} Values are {@link Integer}, {@link Double}, {@link Float}, constants of enumerations,
   * {@link Initializer} and {@link Penalty}; lists of such values, and of maps like this one.
   */
  Map<String, Object> parameters();

  /** {@return this layer in a line of a table, as {@code Dense, He normal}} */
  String label();

  /**
   * {@return the columns that this layer makes of its inputs}
   *
   * @param inputs the columns that reach it, at least 1
   * @throws IllegalArgumentException if it does not take so many
   */
  default int outputs(int inputs) {
    return inputs;
  }

  /** {@return the rows that this layer makes of each row that reaches it} */
  default int copies() {
    return 1;
  }

  /**
   * {@return the tensors that this layer has at a place, in the order of model files, without
   * offsets}
   *
   * @param at the place
   */
  default List<Slot> tensors(Network.Node at) {
    Objects.requireNonNull(at, "at");
    return List.of();
  }

  /**
   * Writes the values that this layer's tensors start with into an array of zeros: scales and
   * running variances are 1, weights and biases come from initialisers, the rest stays 0.
   *
   * @param parameters the flat array
   * @param at the layer's place
   * @param layout the places of the tensors in the array
   * @param seed the seed; draws are keyed by it and the tensor's name
   * @throws IllegalArgumentException if the array is shorter than the layout
   */
  default void initialize(float[] parameters, Network.Node at, Layout layout, long seed) {
    if (parameters.length < layout.size()) {
      throw new IllegalArgumentException(
          "parameters: length %d; expected %d, the layout's"
              .formatted(parameters.length, layout.size()));
    }
    for (Slot tensor : tensors(at)) {
      if (tensor.role() == Slot.Role.SCALE || tensor.role() == Slot.Role.VARIANCE) {
        Slot slot = layout.slot(tensor.name());
        Arrays.fill(parameters, slot.offset(), slot.end(), 1f);
      }
    }
  }

  /**
   * A normalisation between a dense layer and its activation, with a trained scale γ and shift β
   * for each unit: {@link BatchNorm} over the rows of a batch, {@link LayerNorm} over the units of
   * a row.
   */
  sealed interface Norm extends Layer permits BatchNorm, LayerNorm {

    /** {@return ε, added to the variance inside the root; above 0} */
    double epsilon();
  }
}
