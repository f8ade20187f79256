package dev.lanewise.plan;

import dev.lanewise.data.Batch;

/**
 * The data of one call of {@link TrainingPlan#gradients}, which the plan's steps share and only
 * read. It stays the same while a part of a batch is taken through the network; one object serves
 * all calls, so that none allocates.
 */
final class Pass {
  private float[] parameters;
  private float[] gradient;
  private Batch batch;
  private int rows;
  private int firstRow;
  private long key;
  private double dropoutFactor = 1;

  private Pass() {}

  /** θ. */
  float[] parameters() {
    return parameters;
  }

  /** dθ, which the steps write. */
  float[] gradient() {
    return gradient;
  }

  Batch batch() {
    return batch;
  }

  /** The rows that are taken through the network at once: those of the batch, or a part of them. */
  int rows() {
    return rows;
  }

  /**
   * The part's first row in the batch; if above 0, the gradient is added to that of the parts
   * before.
   */
  int firstRow() {
    return firstRow;
  }

  /** The step's key, from which every dropout derives its own. */
  long key() {
    return key;
  }

  /** What the probabilities of dropping units are multiplied by. */
  double dropoutFactor() {
    return dropoutFactor;
  }

  /** The owner of a pass, who alone changes it: a plan, between two parts. */
  static final class Call {
    private final Pass pass = new Pass();

    Pass pass() {
      return pass;
    }

    /** Begins a call, with no part yet. */
    void begin(float[] parameters, Batch batch, long key, float[] gradient) {
      pass.parameters = parameters;
      pass.gradient = gradient;
      pass.batch = batch;
      pass.key = key;
    }

    /** Changes what the probabilities of dropping units are multiplied by, for calls to come. */
    void changeDropout(double factor) {
      pass.dropoutFactor = factor;
    }

    /** Begins a part of the batch. */
    void part(int firstRow, int rows) {
      pass.firstRow = firstRow;
      pass.rows = rows;
    }
  }
}
