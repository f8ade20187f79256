package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.INTS;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.lanewise.random.CounterRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** The vector form of {@link ActivationKernels}: whole vectors first, then the rest by the scalar form. */
interface VectorActivation extends ActivationKernels {

  @Override
  default void exp(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.exp(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.exp(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void relu(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      v.blend(0, v.compare(LE, 0)).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.relu(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void leakyRelu(float[] x, int xo, float[] y, int yo, int n, float slope) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      v.mul(slope).blend(v, v.compare(GT, 0)).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.leakyRelu(x, xo + bound, y, yo + bound, n - bound, slope);
  }

  @Override
  default void elu(float[] x, int xo, float[] y, int yo, int n, float alpha) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.elu(v, alpha).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.elu(x, xo + bound, y, yo + bound, n - bound, alpha);
  }

  @Override
  default void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.sigmoid(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.sigmoid(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void tanh(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.tanh(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.tanh(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void gelu(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.gelu(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.gelu(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void tanhGelu(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.tanhGelu(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.tanhGelu(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void silu(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.silu(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.silu(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void softplus(float[] x, int xo, float[] y, int yo, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorFunctions.softplus(v).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.softplus(x, xo + bound, y, yo + bound, n - bound);
  }

  @Override
  default void reluGate(float[] a, int ao, float[] d, int dOffset, int n, float scale) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, a, ao + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(scale).blend(0, v.compare(LE, 0)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.reluGate(a, ao + bound, d, dOffset + bound, n - bound, scale);
  }

  @Override
  default void leakyReluGate(float[] z, int zo, float[] d, int dOffset, int n, float slope) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, z, zo + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(slope).blend(g, v.compare(GT, 0)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.leakyReluGate(z, zo + bound, d, dOffset + bound, n - bound, slope);
  }

  @Override
  default void eluGate(float[] z, int zo, float[] d, int dOffset, int n, float alpha) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, z, zo + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(VectorFunctions.eluSlope(v, alpha)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.eluGate(z, zo + bound, d, dOffset + bound, n - bound, alpha);
  }

  @Override
  default void sigmoidGate(float[] s, int so, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, s, so + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(v.mul(FloatVector.broadcast(FLOATS, 1).sub(v))).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.sigmoidGate(s, so + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void tanhGate(float[] t, int to, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, t, to + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(v.neg().fma(v, FloatVector.broadcast(FLOATS, 1))).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.tanhGate(t, to + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void geluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, z, zo + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(VectorFunctions.geluSlope(v)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.geluGate(z, zo + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void tanhGeluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, z, zo + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(VectorFunctions.tanhGeluSlope(v)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.tanhGeluGate(z, zo + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void siluGate(float[] z, int zo, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, z, zo + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(VectorFunctions.siluSlope(v)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.siluGate(z, zo + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void softplusGate(float[] z, int zo, float[] d, int dOffset, int n) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, z, zo + i);
      FloatVector g = FloatVector.fromArray(FLOATS, d, dOffset + i);
      g.mul(VectorFunctions.sigmoid(v)).intoArray(d, dOffset + i);
    }
    ScalarKernels.INSTANCE.softplusGate(z, zo + bound, d, dOffset + bound, n - bound);
  }

  @Override
  default void dropout(
      float[] x, int xo, float[] y, int yo, int n, long key, int index, int threshold, float scale) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorMask<Float> kept = kept(key, index + i, threshold);
      FloatVector.zero(FLOATS).blend(v.mul(scale), kept).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.dropout(
        x, xo + bound, y, yo + bound, n - bound, key, index + bound, threshold, scale);
  }

  @Override
  default void reluDropout(
      float[] x, int xo, float[] y, int yo, int n, long key, int index, int threshold, float scale) {
    int bound = FLOATS.loopBound(n);
    for (int i = 0; i < bound; i += Lanes.LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, xo + i);
      VectorMask<Float> kept = kept(key, index + i, threshold).andNot(v.compare(LE, 0));
      FloatVector.zero(FLOATS).blend(v.mul(scale), kept).intoArray(y, yo + i);
    }
    ScalarKernels.INSTANCE.reluDropout(
        x, xo + bound, y, yo + bound, n - bound, key, index + bound, threshold, scale);
  }

  /** {@return which lanes are kept: {@link CounterRandom#kept} for consecutive indices} */
  private static VectorMask<Float> kept(long key, int index, int threshold) {
    IntVector at = IntVector.broadcast(INTS, index).addIndex(1);
    IntVector h = at.mul(CounterRandom.SPREAD).add((int) key);
    h = h.lanewise(XOR, h.lanewise(LSHR, 16)).mul(CounterRandom.FIRST);
    h = h.lanewise(XOR, h.lanewise(LSHR, 15));
    h = h.add(at.lanewise(ROL, 16).lanewise(XOR, (int) (key >>> 32))).mul(CounterRandom.SECOND);
    h = h.lanewise(XOR, h.lanewise(LSHR, 15));
    // Flipping the sign bits makes the signed comparison, which all machines have, an unsigned one.
    return h.lanewise(XOR, Integer.MIN_VALUE)
        .compare(LT, threshold ^ Integer.MIN_VALUE)
        .cast(FLOATS);
  }
}
