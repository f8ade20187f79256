package dev.lanewise.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A weight for each class, from which rows get theirs: what the losses of rare or costly classes
 * are multiplied by. Immutable.
 *
 * <p>The loss divides by the number of rows, as in Keras; PyTorch's class-weighted mean and
 * scikit-learn divide by the sum of the rows' weights. With {@link #balanced} weights both are the
 * same, because these add up to the number of rows.
 *
 * @param weights the classes' weights in the order of their numbers, at least two, each finite and
 *     at least 0
 */
public record ClassWeights(List<Float> weights) {

  /**
   * Creates weights.
   *
   * @throws IllegalArgumentException if there are fewer than two, or one is negative or not finite
   */
  public ClassWeights {
    weights = List.copyOf(Objects.requireNonNull(weights, "weights"));
    if (weights.size() < 2) {
      throw new IllegalArgumentException(
          "weights: %s; expected one for each of at least two classes".formatted(weights));
    }
    for (int k = 0; k < weights.size(); k++) {
      if (!(weights.get(k) >= 0 && weights.get(k) < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weights: %s for class %d; expected a finite number >= 0".formatted(weights.get(k), k));
      }
    }
  }

  /**
   * {@return given weights}
   *
   * @param weights the classes' weights in the order of their numbers
   */
  public static ClassWeights of(float... weights) {
    Float[] boxed = new Float[weights.length];
    Arrays.setAll(boxed, k -> weights[k]);
    return new ClassWeights(List.of(boxed));
  }

  /**
   * {@return weights that give all classes the same total weight: n/(K·n_k) for n rows, of which
   * n_k are of class k, and K classes that have rows} A class without rows has the weight 1.
   * Weights of the rows are ignored.
   *
   * @param data rows with class numbers, or with probabilities in one column for each class
   * @param classes the number of classes, at least 2
   * @throws IllegalArgumentException if a target is no class
   */
  public static ClassWeights balanced(Dataset data, int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes: %d; expected at least 2".formatted(classes));
    }
    double[] counts = new double[classes];
    for (int row = 0; row < data.rows(); row++) {
      for (int k = 0; k < classes; k++) {
        counts[k] += share(data, row, k, classes);
      }
    }
    long present = Arrays.stream(counts).filter(count -> count > 0).count();
    float[] weights = new float[classes];
    for (int k = 0; k < classes; k++) {
      weights[k] = counts[k] > 0 ? (float) (data.rows() / (present * counts[k])) : 1;
    }
    return of(weights);
  }

  /**
   * {@return the same rows, each with the weight of its class, times the weight that it has}
   *
   * @param data rows with class numbers, or with probabilities in one column for each class, whose
   *     weights are then mixed
   * @throws IllegalArgumentException if a target is no class
   */
  public Dataset applyTo(Dataset data) {
    float[] ofRows = new float[data.rows()];
    for (int row = 0; row < ofRows.length; row++) {
      double weight = 0;
      for (int k = 0; k < weights.size(); k++) {
        weight += weights.get(k) * share(data, row, k, weights.size());
      }
      ofRows[row] = (float) (data.weights() == null ? weight : weight * data.weights()[row]);
    }
    return data.withWeights(ofRows);
  }

  /** {@return the share of class k in a row} */
  private static double share(Dataset data, int row, int k, int classes) {
    if (data.targetColumns() == classes) {
      return data.targets()[row * classes + k];
    }
    float target = data.targets()[row * data.targetColumns()];
    if (data.targetColumns() != 1 || !(target >= 0 && target < classes && target == (int) target)) {
      throw new IllegalArgumentException(
          "data: target %s in row %d, %d target columns; expected a class number below %d, or a column for each class"
              .formatted(target, row, data.targetColumns(), classes));
    }
    return target == k ? 1 : 0;
  }
}
