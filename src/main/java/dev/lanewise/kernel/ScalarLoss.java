package dev.lanewise.kernel;

/** The scalar form of {@link LossKernels}. */
interface ScalarLoss extends LossKernels {

  @Override
  default void subtractMaxima(float[] z, int zo, int rows, int columns) {
    for (int at = zo; at < zo + rows * columns; at += columns) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = at; i < at + columns; i++) {
        max = z[i] > max ? z[i] : max;
      }
      for (int i = at; i < at + columns; i++) {
        z[i] -= max;
      }
    }
  }

  @Override
  default void sigmoidCrossEntropy(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    for (int i = 0; i < n; i++) {
      float score = z[zo + i];
      float y = targets[to + i];
      float linear = Fma.fma(-score, y, score < 0 ? 0 : score);
      losses[lo + i] = linear + Functions.log1p(Functions.exp(-Math.abs(score)));
      z[zo + i] = (Functions.sigmoid(score) - y) * scale;
    }
  }

  @Override
  default void squaredError(
      float[] z, int zo, float[] targets, int to, float scale, float[] losses, int lo, int n) {
    for (int i = 0; i < n; i++) {
      float e = z[zo + i] - targets[to + i];
      losses[lo + i] = 0.5f * e * e;
      z[zo + i] = e * scale;
    }
  }

  @Override
  default void huber(
      float[] z,
      int zo,
      float[] targets,
      int to,
      float scale,
      float delta,
      float[] losses,
      int lo,
      int n) {
    for (int i = 0; i < n; i++) {
      float e = z[zo + i] - targets[to + i];
      float cut = Functions.bounded(e, delta);
      losses[lo + i] = cut * (e - 0.5f * cut);
      z[zo + i] = cut * scale;
    }
  }
}
