package dev.lanewise.net;

import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A dense layer with what follows it up to the next one: {@code Dense [Norm] [Activation]
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
    Optional<Norm> norm,
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
