package dev.lanewise.jmh;

import static org.bytedeco.mkl.global.mkl_rt.CblasBMatrix;
import static org.bytedeco.mkl.global.mkl_rt.CblasNoTrans;
import static org.bytedeco.mkl.global.mkl_rt.CblasPacked;
import static org.bytedeco.mkl.global.mkl_rt.CblasRowMajor;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.openblas.global.openblas_nolapack;

/** The products of BLAS libraries, on one thread; native ones over native memory. */
final class BlasProduct {

  private BlasProduct() {}

  static Product mkl(float[] a, float[] b, int m, int n, int k) {
    return mkl(new FloatPointer(a), new FloatPointer(b), new FloatPointer((long) m * n), m, n, k);
  }

  /** MKL over memory that is there, which may be larger than the matrices. */
  static Product mkl(FloatPointer a, FloatPointer b, FloatPointer c, int m, int n, int k) {
    mkl_rt.MKL_Set_Num_Threads(1);
    return new OverNativeMemory(a, b, c, m * n) {
      @Override
      public void multiply() {
        mkl_rt.cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1f, left, k, right, n, 0f, out, n);
      }
    };
  }

  /** MKL with B packed beforehand. */
  static Product mklPacked(float[] a, float[] b, int m, int n, int k) {
    mkl_rt.MKL_Set_Num_Threads(1);
    long bytes = mkl_rt.cblas_sgemm_pack_get_size(CblasBMatrix, m, n, k);
    FloatPointer panels = new FloatPointer(bytes / Float.BYTES + 16);
    FloatPointer whole = new FloatPointer(b);
    mkl_rt.cblas_sgemm_pack(
        CblasRowMajor, CblasBMatrix, CblasNoTrans, m, n, k, 1f, whole, n, panels);
    return new OverNativeMemory(a, b, m, n) {
      @Override
      public void multiply() {
        mkl_rt.cblas_sgemm_compute(
            CblasRowMajor, CblasNoTrans, CblasPacked, m, n, k, left, k, panels, n, 0f, out, n);
      }
    };
  }

  static Product openBlas(float[] a, float[] b, int m, int n, int k) {
    org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(1);
    return new OverNativeMemory(a, b, m, n) {
      @Override
      public void multiply() {
        openblas_nolapack.cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1f, left, k, right, n, 0f, out, n);
      }
    };
  }

  /** Netlib's Java implementation on the Vector API; column-major, so it computes Cᵀ = Bᵀ·Aᵀ. */
  static Product vectorBlas(float[] a, float[] b, int m, int n, int k) {
    BLAS blas = JavaBLAS.getInstance();
    if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
      throw new IllegalStateException("netlib chose %s".formatted(blas.getClass()));
    }
    float[] c = new float[m * n];
    return new Product() {
      @Override
      public void multiply() {
        blas.sgemm("N", "N", n, m, k, 1f, b, n, a, k, 0f, c, n);
      }

      @Override
      public float[] result() {
        return c.clone();
      }
    };
  }

  private abstract static class OverNativeMemory implements Product {
    final FloatPointer left;
    final FloatPointer right;
    final FloatPointer out;

    private final int size;

    OverNativeMemory(float[] a, float[] b, int m, int n) {
      this(new FloatPointer(a), new FloatPointer(b), new FloatPointer((long) m * n), m * n);
    }

    OverNativeMemory(FloatPointer left, FloatPointer right, FloatPointer out, int size) {
      this.left = left;
      this.right = right;
      this.out = out;
      this.size = size;
    }

    @Override
    public float[] result() {
      float[] c = new float[size];
      out.get(c);
      return c;
    }
  }
}
