package dev.lanewise.net;

import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A dense layer with what follows it up to the next one: {@code Dense [BatchNorm] [Activation]
 * [Dropout]}.
 *
 * @param number the block's place, from 1; part of its tensors' names
 * @param inputs the columns that come in
 * @param dense the dense layer
 * @param norm the normalisation, if any
 * @param activation the activation; the identity if none was given
 * @param dropout the dropout, if any
 */
public record Block(
    int number,
    int inputs,
    Dense dense,
    Optional<BatchNorm> norm,
    Activation activation,
    Optional<Dropout> dropout) {

  /** {@return the columns that go out} */
  public int outputs() {
    return dense.units();
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
   * {@return this block's tensors, unplaced: a bias that batch norm makes redundant is not among
   * them}
   */
  List<Slot> tensors() {
    List<Slot> tensors = new ArrayList<>();
    tensors.add(new Slot(name(Slot.Role.WEIGHT), Slot.Role.WEIGHT, 0, inputs, outputs()));
    List<Slot.Role> vectors =
        norm.isPresent()
            ? List.of(Slot.Role.SCALE, Slot.Role.SHIFT, Slot.Role.MEAN, Slot.Role.VARIANCE)
            : List.of(Slot.Role.BIAS);
    for (Slot.Role role : vectors) {
      tensors.add(new Slot(name(role), role, 0, 1, outputs()));
    }
    return tensors;
  }
}
