package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.tensor.WeightFormat;

/**
 * A head and its followers made ready for inference: what makes a matrix, or a copy of the inputs,
 * and what changes its rows in place. Any number of threads may apply it.
 */
final class PackedChain {

  private final Folding folding;

  /** Null for the inputs. */
  private final PackedHead head;

  private final PackedFollower[] followers;

  // Numbers, for a call may not ask a link, whose answers are objects that C2 does not always
  // spare.
  private final int copiesBelow;
  private final int copies;
  private final int outputs;
  private final int columns;

  PackedChain(Kernels kernels, Folding folding, WeightFormat format) {
    this.folding = folding;
    head = folding.head(kernels, format).orElse(null);
    followers = folding.followers(kernels);
    Fusion.Link link = folding.link();
    copiesBelow = link.copiesBelow();
    copies = link.copies();
    outputs = link.width();
    columns = head == null ? outputs : head.columns();
  }

  /** {@return the chain's name in messages} */
  String name() {
    return folding.link().name();
  }

  /** {@return the rows of the output for each row of the network's inputs} */
  int copies() {
    return copies;
  }

  /** {@return the columns of the output without padding} */
  int outputs() {
    return outputs;
  }

  /** {@return the columns of the output, padding included} */
  int columns() {
    return columns;
  }

  /** {@return the floats that its head needs for each row of the inputs beside the output} */
  int room() {
    return head == null ? 0 : Math.multiplyExact(copiesBelow, head.room());
  }

  /** {@return the bytes of the arrays} */
  long heapBytes() {
    long bytes = head == null ? 0 : head.heapBytes();
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
    if (head != null) {
      head.pack(theta, folding, gemm, room);
    }
    for (PackedFollower follower : followers) {
      follower.pack(theta);
    }
  }

  /** Takes what the same chain holds that is packed for other kernels; this one is new. */
  void copy(PackedChain other) {
    if (head != null) {
      head.copy(other.head);
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
   * @param y the output {@code [rows][columns]}, with the copies of each row
   * @param rows the number of rows of the network's inputs
   * @param room as much room again, which may be that of the input
   */
  void apply(Gemm gemm, float[] x, int xo, int xRow, float[] y, int rows, float[] room) {
    if (head == null) {
      System.arraycopy(x, xo, y, 0, rows * xRow);
    } else {
      head.apply(gemm, x, xo, xRow, y, rows * copiesBelow, room);
    }
    for (PackedFollower follower : followers) {
      follower.apply(y, columns, rows * copies, room);
    }
  }
}
