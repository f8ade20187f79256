package dev.lanewise.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The places of a network's tensors in one flat {@code float[]}: weights first, then biases,
 * scales, shifts and tables, then running statistics.
 *
 * <p>The parameters that are decayed and those that are trained are therefore ranges, not masks:
 * {@code [0, decayed())} holds the weights, {@code [0, trained())} all trained parameters, {@code
 * [trained(), size())} the running statistics. Within a range the tensors stand in the order of the
 * layers, without gaps. Immutable; safe for use by several threads.
 */
public final class Layout {

  private final List<Slot> slots;
  private final Map<String, Slot> byName;
  private final int decayed;
  private final int trained;
  private final int size;

  private Layout(List<Slot> slots, int decayed, int trained, int size) {
    this.slots = slots;
    byName = slots.stream().collect(Collectors.toMap(Slot::name, Function.identity()));
    this.decayed = decayed;
    this.trained = trained;
    this.size = size;
  }

  /**
   * Lays out tensors that are given in the order of the layers; the offsets of the given slots are
   * ignored.
   *
   * @param tensors names, roles and shapes, in the order of the layers
   * @return the layout
   * @throws IllegalArgumentException if a name occurs twice or the sizes add up to 2^31 or more
   */
  public static Layout of(List<Slot> tensors) {
    Set<String> names = new HashSet<>();
    for (Slot tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "tensors: the name %s stands twice".formatted(tensor.name()));
      }
    }
    Slot[] placed = new Slot[tensors.size()];
    int decayed = place(tensors, placed, 0, Range.DECAYED);
    int trained = place(tensors, placed, decayed, Range.TRAINED);
    int size = place(tensors, placed, trained, Range.STATISTIC);
    return new Layout(List.of(placed), decayed, trained, size);
  }

  private enum Range {
    DECAYED,
    TRAINED,
    STATISTIC;

    static Range of(Slot.Role role) {
      return role == Slot.Role.WEIGHT ? DECAYED : role.trained() ? TRAINED : STATISTIC;
    }
  }

  private static int place(List<Slot> tensors, Slot[] placed, int start, Range range) {
    int offset = start;
    for (int i = 0; i < placed.length; i++) {
      Slot t = tensors.get(i);
      if (Range.of(t.role()) == range) {
        placed[i] = new Slot(t.name(), t.role(), offset, t.rows(), t.columns());
        offset = placed[i].end();
      }
    }
    return offset;
  }

  /** {@return the tensors in the order of the layers, which is the order in model files} */
  public List<Slot> slots() {
    return slots;
  }

  /**
   * {@return the tensor of that name}
   *
   * @param name the name
   * @throws NoSuchElementException if there is none
   */
  public Slot slot(String name) {
    Slot slot = byName.get(Objects.requireNonNull(name, "name"));
    if (slot == null) {
      throw new NoSuchElementException(
          "no tensor %s; there are %s".formatted(name, slots.stream().map(Slot::name).toList()));
    }
    return slot;
  }

  /**
   * {@return whether there is a tensor of that name}
   *
   * @param name the name
   */
  public boolean contains(String name) {
    return byName.containsKey(Objects.requireNonNull(name, "name"));
  }

  /**
   * {@return the end of the weights, the only parameters that are penalised or, unless an
   * optimiser's rules say otherwise, decayed}
   */
  public int decayed() {
    return decayed;
  }

  /** {@return the end of the trained parameters; the running statistics follow} */
  public int trained() {
    return trained;
  }

  /** {@return the length of the flat array} */
  public int size() {
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout && slots.equals(layout.slots);
  }

  @Override
  public int hashCode() {
    return slots.hashCode();
  }

  /** {@return a line for each tensor: name, shape, offset} */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (Slot slot : slots) {
      lines.add(
          "%-16s %-14s at %s".formatted(slot.name(), Arrays.toString(slot.shape()), slot.offset()));
    }
    return String.join("\n", lines);
  }
}
