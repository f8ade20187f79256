package dev.lanewise.plan;

import dev.lanewise.data.Batch;

/**
 * The data of one call of {@link TrainingPlan#gradients}, which the plan's steps share and only
 * read. It stays the same while a part of a batch is taken through the network; one object serves
 * all calls, so that none allocates.
 */
final class Pass {

  /** What a call has for all who read it. */
  private static final class Data {
    private float[] parameters;
    private float[] gradient;
    private Batch batch;
    private int rows;
    private int firstRow;
    private long key;
    private double dropoutFactor = 1;
  }

  private final Data data;

  /** The rows for each row of the batch. */
  private final int copies;

  private Pass(Data data, int copies) {
    this.data = data;
    this.copies = copies;
  }

  /** {@return the same call where each row of the batch is several} */
  Pass of(int copies) {
    return new Pass(data, copies);
  }

  /** θ. */
  float[] parameters() {
    return data.parameters;
  }

  /** dθ, which the steps write. */
  float[] gradient() {
    return data.gradient;
  }

  Batch batch() {
    return data.batch;
  }

  /** The rows that are taken through the network at once: those of the batch, or a part of them. */
  int rows() {
    return copies * data.rows;
  }

  /** All rows of the batch. */
  int batchRows() {
    return copies * data.batch.rows();
  }

  /**
   * The part's first row in the batch; if above 0, the gradient is added to that of the parts
   * before.
   */
  int firstRow() {
    return copies * data.firstRow;
  }

  /** The step's key, from which every dropout derives its own. */
  long key() {
    return data.key;
  }

  /** What the probabilities of dropping units are multiplied by. */
  double dropoutFactor() {
    return data.dropoutFactor;
  }

  /** The owner of a pass, who alone changes it: a plan, between two parts. */
  static final class Call {
    private final Data data = new Data();
    private final Pass pass = new Pass(data, 1);

    Pass pass() {
      return pass;
    }

    /** Begins a call, with no part yet. */
    void begin(float[] parameters, Batch batch, long key, float[] gradient) {
      data.parameters = parameters;
      data.batch = batch;
      data.key = key;
      data.gradient = gradient;
    }

    /** Changes what the probabilities of dropping units are multiplied by, for calls to come. */
    void changeDropout(double factor) {
      data.dropoutFactor = factor;
    }

    /** Begins a part of the batch. */
    void part(int firstRow, int rows) {
      data.firstRow = firstRow;
      data.rows = rows;
    }
  }
}
