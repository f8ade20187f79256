package dev.lanewise.tensor;

/**
 * The number format of the packed weights that predictors read. Arithmetic is in float in either
 * case.
 */
public enum WeightFormat {
  /** Full floats, 4 bytes each. */
  FLOAT32,
  /**
   * The upper half of a float, 2 bytes each: 8 significant bits in float's range, rounded to
   * nearest, ties to even. Weights are rounded when they are packed, after batch norm is folded in;
   * biases are not.
   */
  BFLOAT16
}
