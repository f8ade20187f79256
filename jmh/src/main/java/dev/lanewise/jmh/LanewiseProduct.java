package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;

/** Our product; the only place here that knows how the engine's {@link Gemm} is called. */
final class LanewiseProduct {

  private LanewiseProduct() {}

  /** B is packed on the way, as in training. */
  static Product packing(float[] a, float[] b, int m, int n, int k) {
    Gemm gemm = new Gemm(Engine.standard().kernels(), n);
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void multiply() {
        for (int j = 0; j < n; j += Gemm.group(n)) {
          int columns = Math.min(Gemm.group(n), n - j);
          gemm.multiply(a, 0, k, b, j, n, 1, null, 0, 0, c, j, n, m, columns, k);
        }
      }

      @Override
      public float[] result() {
        return c.clone();
      }
    };
  }

  /** B is packed beforehand, as at inference; a bias is added. */
  static Product packed(float[] a, float[] b, int m, int n, int k) {
    Kernels kernels = Engine.standard().kernels();
    Gemm gemm = new Gemm(kernels, n);
    float[] panels = new float[Gemm.packedLength(kernels, k, n)];
    gemm.pack(b, 0, n, 1, k, n, panels, 0);
    float[] bias = new float[n];
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void multiply() {
        gemm.multiplyPacked(a, 0, k, panels, bias, c, 0, n, m, n, k);
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
    return () -> {
      for (int j = 0; j < n; j += Gemm.group(n)) {
        int columns = Math.min(Gemm.group(n), n - j);
        gemm.multiply(a, 0, k, b, j, n, 1, bias, j, 0, c, j, n, m, columns, k);
        for (int i = j; i < m * n; i += n) {
          kernels.relu(c, i, c, i, columns);
        }
      }
    };
  }
}
