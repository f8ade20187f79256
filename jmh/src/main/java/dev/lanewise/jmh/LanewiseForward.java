package dev.lanewise.jmh;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.NarrowProducts;

/**
 * Our product of rows and weights as a layer's forward pass chooses it: few inputs or outputs have
 * kernels of their own.
 */
final class LanewiseForward {

  private LanewiseForward() {}

  static Product of(float[] a, float[] b, int m, int n, int k) {
    if (!NarrowProducts.fit(k, n)) {
      return LanewiseProduct.packing(a, b, m, n, k);
    }
    NarrowProducts narrow = new NarrowProducts(Engine.standard().kernels(), Math.max(n, k));
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void multiply() {
        narrow.multiply(a, 0, k, b, 0, n, 1, null, 0, c, 0, n, m, n, k);
      }

      @Override
      public float[] result() {
        return c.clone();
      }
    };
  }
}
