package dev.lanewise.model;

/**
 * The computation of a {@link Predictor}: the predictions of one model, or the mean of several.
 * Does not check arguments. For one thread at a time; allocates nothing but scratch arrays, once.
 */
sealed interface Forward permits OneModel, MeanOfModels {

  /** The most rows of which logits and values are taken in {@code double} at once. */
  int ROWS = 256;

  /**
   * Predicts probabilities or values.
   *
   * @param rows encoded rows
   * @param at the offset of the first
   * @param count the number of rows
   * @param out receives {@code [count][outputs]}
   */
  void predict(float[] rows, int at, int count, float[] out);

  /** Goes over to the engine's own kernels, where it has begun on scalar ones. */
  void goOver();

  /**
   * Computes logits.
   *
   * @param rows encoded rows
   * @param at the offset of the first
   * @param count the number of rows
   * @param out receives {@code [count][outputs]}
   */
  void logits(float[] rows, int at, int count, float[] out);

  /**
   * Computes logits that are not divided by a temperature yet.
   *
   * @param rows encoded rows
   * @param at the offset of the first
   * @param count the number of rows, at most {@link #ROWS}
   * @param out receives {@code [count][outputs]}
   */
  void logits(float[] rows, int at, int count, double[] out);

  /**
   * Predicts values in original units.
   *
   * @param rows encoded rows
   * @param at the offset of the first
   * @param count the number of rows, at most {@link #ROWS}
   * @param out receives {@code [count][outputs]}
   */
  void values(float[] rows, int at, int count, double[] out);
}
