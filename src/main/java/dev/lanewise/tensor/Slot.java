package dev.lanewise.tensor;

import java.util.Objects;

/**
 * A named tensor inside a flat array: a row-major matrix {@code [rows][columns]} if the role is
 * {@linkplain Role#matrix() one of matrices}, else a vector, whose {@code rows} is 1. Immutable.
 *
 * @param name the tensor's name in model files, as {@code dense1.weight}
 * @param role what the tensor is used for
 * @param offset the index of its first element
 * @param rows the number of rows, at least 1
 * @param columns the number of columns, at least 1
 */
public record Slot(String name, Role role, int offset, int rows, int columns) {

  /** What a tensor is used for; the order is the order of the ranges in a {@link Layout}. */
  public enum Role {
    /**
     * A weight matrix {@code [in][out]}: trained, and the only role that is penalised or, unless an
     * optimiser's rules say otherwise, decayed.
     */
    WEIGHT,
    /** A bias {@code [out]}: trained. */
    BIAS,
    /** Factors of columns {@code [out]}, as a normalisation's scale γ: trained. */
    SCALE,
    /** A normalisation's shift β {@code [out]}: trained. */
    SHIFT,
    /**
     * A matrix that multiplies no vector of inputs, as a row of numbers for each category: trained,
     * not penalised or decayed.
     */
    TABLE,
    /** A running mean {@code [out]}: averaged, not trained. */
    MEAN,
    /** A running variance {@code [out]}: averaged, not trained. */
    VARIANCE;

    /** {@return whether tensors of this role are trained} */
    public boolean trained() {
      return compareTo(MEAN) < 0;
    }

    /** {@return whether tensors of this role are matrices, not vectors} */
    public boolean matrix() {
      return this == WEIGHT || this == TABLE;
    }
  }

  /**
   * Creates a slot.
   *
   * @throws IllegalArgumentException if a size is below 1, a vector has several rows, the offset is
   *     negative or the end exceeds the int range
   */
  public Slot {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(role, "role");
    if (offset < 0
        || rows < 1
        || columns < 1
        || !role.matrix() && rows != 1
        || offset + (long) rows * columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "slot %s: offset %d, shape [%d][%d]: expected offset >= 0, sizes >= 1, one row unless a weight or table, and an end below 2^31"
              .formatted(name, offset, rows, columns));
    }
  }

  /** {@return the number of elements} */
  public int size() {
    return rows * columns;
  }

  /** {@return the index behind the last element} */
  public int end() {
    return offset + size();
  }

  /**
   * {@return the shape as model files state it: {@code [rows, columns]} for a matrix, {@code
   * [columns]} for a vector}
   */
  public int[] shape() {
    return role.matrix() ? new int[] {rows, columns} : new int[] {columns};
  }
}
