package dev.lanewise.plan;

/** A layer, or an activation with its dropout, compiled for training. */
abstract sealed class Step permits Step.Follower {

  /** What a step must see of a matrix at once. */
  enum Reach {
    /** Any elements. */
    ELEMENTS,
    /** All rows of some columns. */
    COLUMNS,
    /** All columns of some rows. */
    ROWS
  }

  /** Prepares for a part of a batch; refuses a mask that does not fit. */
  void begin() {}

  /** The floats held, without the output. */
  abstract long size();

  /**
   * A step that changes a matrix of the shape that it leaves: it reads {@link #input}, where the
   * step before writes, and writes its output, where the next one reads.
   */
  abstract static sealed class Follower extends Step
      permits BatchNormStep, LayerNormStep, GateStep {

    /** What the forward pass must see at once. */
    abstract Reach reach();

    /** Where the step before writes, {@code [rows][stride]}; may be the output. */
    abstract float[] input();

    /** Whether the input is still what the step before wrote when the backward pass comes. */
    abstract boolean keepsInput();

    /** Turns a finished part of the input into output. */
    abstract void forward(int fromRow, int toRow, int column, int columns);

    /** Whether there are gradients that are sums over rows, which {@link #gather} writes. */
    boolean gathers() {
      return false;
    }

    /** Writes sums over rows of columns of the output's gradient, before it is changed. */
    void gather(float[] delta, int column, int columns) {}

    /** What the backward pass must see at once. */
    abstract Reach backwardReach();

    /** Turns a part of the output's gradient, in place, into that of the input. */
    abstract void backward(float[] delta, int fromRow, int toRow, int column, int columns);
  }
}
