package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Gemm;
import dev.lanewise.gemm.SharedLeft;
import dev.lanewise.kernel.Kernels;

/** Our product; the only place here that knows how the engine's {@link Gemm} is called. */
final class LanewiseProduct {

  private LanewiseProduct() {}

  /** Both factors are packed on the way, as in training. */
  static Product packing(float[] a, float[] b, int m, int n, int k) {
    Kernels kernels = Engine.standard().kernels();
    Gemm gemm = new Gemm(kernels, n);
    SharedLeft left = new SharedLeft(kernels, m * k);
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void multiply() {
        pack(left, left.set(a, 0, k, m, k, n));
        int group = m == 1 ? Gemm.groupOfRow(kernels, n) : Gemm.group(kernels, n);
        for (int j = 0; j < n; j += group) {
          gemm.left(left, 0);
          gemm.right(b, j, n);
          gemm.result().in(c, j, n);
          gemm.result().startFromZero();
          gemm.multiply(m, Math.min(group, n - j), k);
        }
      }

      @Override
      public float[] result() {
        return c.clone();
      }
    };
  }

  private static void pack(SharedLeft left, int tasks) {
    for (int task = 0; task < tasks; task++) {
      left.pack(task);
    }
  }

  /** B is packed beforehand, as at inference; a bias is added. */
  static Product packed(float[] a, float[] b, int m, int n, int k) {
    Kernels kernels = Engine.standard().kernels();
    Gemm gemm = new Gemm(kernels, n);
    float[] panels = new float[Gemm.packedLength(kernels, k, n)];
    gemm.pack(b, 0, n, k, n, panels, 0);
    float[] bias = new float[n];
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void multiply() {
        gemm.left(a, 0, k);
        gemm.rightPacked(panels, k);
        gemm.result().in(c, 0, n);
        gemm.result().startFromVector(bias, 0);
        gemm.multiply(m, n, k);
      }

      @Override
      public float[] result() {
        return c.clone();
      }
    };
  }

  /** A dense layer with ReLU: B is packed on the way, the function applied while C is in cache. */
  static Runnable linearRelu(float[] a, float[] b, float[] bias, float[] c, int m, int n, int k) {
    Kernels kernels = Engine.standard().kernels();
    Gemm gemm = new Gemm(kernels, n);
    SharedLeft left = new SharedLeft(kernels, m * k);
    int group = Gemm.group(kernels, n);
    return () -> {
      pack(left, left.set(a, 0, k, m, k, n));
      for (int j = 0; j < n; j += group) {
        int columns = Math.min(group, n - j);
        gemm.left(left, 0);
        gemm.right(b, j, n);
        gemm.result().in(c, j, n);
        gemm.result().startFromVector(bias, j);
        gemm.multiply(m, columns, k);
        for (int i = j; i < m * n; i += n) {
          kernels.relu(c, i, c, i, columns);
        }
      }
    };
  }
}
