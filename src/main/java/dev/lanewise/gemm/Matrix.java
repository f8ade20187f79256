package dev.lanewise.gemm;

/** A worker's view of a factor in place: rows of an array, or their transpose. */
final class Matrix {

  float[] elements = {};
  int at;

  /** The distance between rows of the array. */
  int row;

  /** Whether the factor is the transpose of what the array holds. */
  boolean transposed;

  void rows(float[] elements, int at, int row) {
    this.elements = elements;
    this.at = at;
    this.row = row;
    transposed = false;
  }

  void columns(float[] elements, int at, int row) {
    rows(elements, at, row);
    transposed = true;
  }
}
