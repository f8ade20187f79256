package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The vector form of {@link UpdateKernels}; elements after the last full vector are left to the
 * scalar form.
 */
interface VectorUpdate extends UpdateKernels {

  @Override
  default void blend(
      float[] x, int xo, float a, float[] z, int zo, float b, float[] y, int yo, int n) {
    int end = Lanes.FLOATS.loopBound(n);
    FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, b);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      FloatVector ax = Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i)).mul(a);
      Lanes.EXACT
          .cast(Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, z, zo + i)).fma(factor, ax))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.blend(x, xo + end, a, z, zo + end, b, y, yo + end, n - end);
  }

  @Override
  default void blendSquares(float[] x, int xo, float a, float[] s, int so, float b, int n) {
    int end = Lanes.FLOATS.loopBound(n);
    FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, b);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      FloatVector value = Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i));
      FloatVector share = Lanes.EXACT.cast(value.mul(a)).mul(value);
      Lanes.EXACT
          .cast(Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, s, so + i)).fma(factor, share))
          .intoArray(s, so + i);
    }
    ScalarKernels.INSTANCE.blendSquares(x, xo + end, a, s, so + end, b, n - end);
  }

  @Override
  default void divideByRoot(
      float[] x,
      int xo,
      float a,
      float[] s,
      int so,
      float c,
      float inside,
      float outside,
      float[] y,
      int yo,
      int n) {
    int end = Lanes.FLOATS.loopBound(n);
    FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, c);
    FloatVector under = FloatVector.broadcast(Lanes.FLOATS, inside);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      FloatVector root =
          Lanes.EXACT.cast(
              Lanes.EXACT
                  .cast(
                      Lanes.EXACT
                          .cast(FloatVector.fromArray(Lanes.FLOATS, s, so + i))
                          .fma(factor, under))
                  .lanewise(VectorOperators.SQRT));
      Lanes.EXACT
          .cast(
              Lanes.EXACT
                  .cast(Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i)).mul(a))
                  .div(root.add(outside)))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.divideByRoot(
        x, xo + end, a, s, so + end, c, inside, outside, y, yo + end, n - end);
  }

  @Override
  default void adam(
      float[] x,
      float a,
      float c,
      float[] m,
      float b,
      float[] s,
      float d,
      float p,
      float q,
      float inside,
      float outside,
      float[] theta,
      float rate,
      int at,
      int n) {
    int end = Lanes.FLOATS.loopBound(n);
    FloatVector oldSquare = FloatVector.broadcast(Lanes.FLOATS, d);
    FloatVector oldMean = FloatVector.broadcast(Lanes.FLOATS, b);
    FloatVector correction = FloatVector.broadcast(Lanes.FLOATS, q);
    FloatVector under = FloatVector.broadcast(Lanes.FLOATS, inside);
    FloatVector down = FloatVector.broadcast(Lanes.FLOATS, -rate);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      FloatVector value = Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, at + i));
      FloatVector square =
          Lanes.EXACT.cast(
              Lanes.EXACT
                  .cast(FloatVector.fromArray(Lanes.FLOATS, s, at + i))
                  .fma(oldSquare, Lanes.EXACT.cast(value.mul(c)).mul(value)));
      FloatVector mean =
          Lanes.EXACT.cast(
              Lanes.EXACT
                  .cast(FloatVector.fromArray(Lanes.FLOATS, m, at + i))
                  .fma(oldMean, value.mul(a)));
      square.intoArray(s, at + i);
      mean.intoArray(m, at + i);
      FloatVector root =
          Lanes.EXACT.cast(
              Lanes.EXACT.cast(square.fma(correction, under)).lanewise(VectorOperators.SQRT));
      Lanes.EXACT
          .cast(
              Lanes.EXACT
                  .cast(Lanes.EXACT.cast(mean.mul(p)).div(root.add(outside)))
                  .fma(down, Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, theta, at + i))))
          .intoArray(theta, at + i);
    }
    ScalarKernels.INSTANCE.adam(
        x, a, c, m, b, s, d, p, q, inside, outside, theta, rate, at + end, n - end);
  }

  @Override
  default void lion(
      float[] x,
      int xo,
      float a,
      float b,
      float[] m,
      int mo,
      float c,
      float d,
      float[] y,
      int yo,
      int n) {
    int end = Lanes.FLOATS.loopBound(n);
    FloatVector direction = FloatVector.broadcast(Lanes.FLOATS, b);
    FloatVector old = FloatVector.broadcast(Lanes.FLOATS, d);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      FloatVector value = Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i));
      FloatVector mean = Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, m, mo + i));
      FloatVector blend = Lanes.EXACT.cast(mean.fma(direction, value.mul(a)));
      Lanes.EXACT.cast(mean.fma(old, value.mul(c))).intoArray(m, mo + i);
      // Zeros and NaN are neither above nor below 0 and stay what they are.
      Lanes.EXACT
          .cast(
              Lanes.EXACT
                  .cast(blend.blend(1, blend.compare(VectorOperators.GT, 0)))
                  .blend(-1, blend.compare(VectorOperators.LT, 0)))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.lion(x, xo + end, a, b, m, mo + end, c, d, y, yo + end, n - end);
  }

  @Override
  default void raise(float[] x, int xo, float[] y, int yo, int n) {
    int end = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      Lanes.EXACT
          .cast(
              Lanes.EXACT
                  .cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i))
                  .max(Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, y, yo + i))))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.raise(x, xo + end, y, yo + end, n - end);
  }

  @Override
  default void clip(float[] x, int xo, float bound, float[] y, int yo, int n) {
    int end = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      Lanes.EXACT
          .cast(
              Lanes.EXACT
                  .cast(Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i)).min(bound))
                  .max(-bound))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.clip(x, xo + end, bound, y, yo + end, n - end);
  }

  @Override
  default void scale(float[] x, int xo, float a, float[] y, int yo, int n) {
    int end = Lanes.FLOATS.loopBound(n);
    for (int i = 0; i < end; i += Lanes.LENGTH) {
      Lanes.EXACT
          .cast(Lanes.EXACT.cast(FloatVector.fromArray(Lanes.FLOATS, x, xo + i)).mul(a))
          .intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.scale(x, xo + end, a, y, yo + end, n - end);
  }
}
