package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.tensor.WeightFormat;

/**
 * A head and its followers made ready for inference: a product, or a copy of the inputs, and what
 * changes its rows in place. Any number of threads may apply it.
 */
final class PackedChain {

  private final Kernels kernels;
  private final Folding folding;

  /** Null for the inputs. */
  private final PackedProduct product;

  private final PackedFollower[] followers;

  PackedChain(Kernels kernels, Folding folding, WeightFormat format) {
    this.kernels = kernels;
    this.folding = folding;
    product =
        folding.link().head().map(dense -> new PackedProduct(kernels, dense, format)).orElse(null);
    followers = folding.followers(kernels);
  }

  /** {@return the chain's name in messages} */
  String name() {
    return folding.link().name();
  }

  /** {@return the columns of the output without padding} */
  int outputs() {
    return folding.link().width();
  }

  /** {@return the columns of the output, padding included} */
  int columns() {
    return product == null ? outputs() : product.columns();
  }

  /** {@return the bytes of the arrays} */
  long heapBytes() {
    long bytes = product == null ? 0 : product.heapBytes();
    for (PackedFollower follower : followers) {
      bytes += follower.heapBytes();
    }
    return bytes;
  }

  /**
   * Takes θ.
   *
   * @param theta θ
   * @param gemm the thread's products
   * @param room room for a group of folded columns
   */
  void pack(float[] theta, Gemm gemm, float[] room) {
    if (product != null) {
      folding.pack(theta, product, gemm, kernels, room);
    }
    for (PackedFollower follower : followers) {
      follower.pack(theta);
    }
  }

  /** Takes what the same chain holds that is packed for other kernels; this one is new. */
  void copy(PackedChain other) {
    if (product != null) {
      product.copy(other.product);
    }
    for (int i = 0; i < followers.length; i++) {
      followers[i].copy(other.followers[i]);
    }
  }

  /**
   * Computes the chain's output.
   *
   * @param gemm the thread's products
   * @param x the input; row i begins at {@code xo + i·xRow}
   * @param xo the offset of its first row
   * @param xRow the distance between its rows
   * @param y the output {@code [rows][columns]}
   * @param rows the number of rows
   * @param room as much room again, which may be that of the input
   */
  void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room) {
    if (product == null) {
      System.arraycopy(x, xo, y, 0, rows * xRow);
    } else {
      product.apply(gemm, x, xo, xRow, y, rows);
    }
    for (PackedFollower follower : followers) {
      follower.apply(y, columns(), rows, room);
    }
  }
}
