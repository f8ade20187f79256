package dev.lanewise.plan;

/**
 * A layer made ready for inference that changes a matrix of the shape that it leaves. Any number of
 * threads may apply it.
 */
abstract class PackedFollower {

  /**
   * Turns finished rows into output, in place.
   *
   * @param y the rows {@code [rows][stride]}
   * @param stride the distance between them
   * @param rows their number
   * @param room as much room again, for the calling thread's use
   */
  abstract void apply(float[] y, int stride, int rows, float[] room);

  /** Takes what it needs of θ. */
  void pack(float[] theta) {}

  /** The arrays that hold what it has taken of θ. */
  float[][] numbers() {
    return new float[0][];
  }

  /** Takes what the same follower holds that is made for other kernels. */
  final void copy(PackedFollower other) {
    float[][] to = numbers();
    float[][] from = other.numbers();
    for (int i = 0; i < to.length; i++) {
      System.arraycopy(from[i], 0, to[i], 0, to[i].length);
    }
  }

  /** {@return the bytes of the arrays} */
  final long heapBytes() {
    long floats = 0;
    for (float[] array : numbers()) {
      floats += array.length;
    }
    return Float.BYTES * floats;
  }
}
