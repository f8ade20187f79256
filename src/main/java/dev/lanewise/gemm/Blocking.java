package dev.lanewise.gemm;

import dev.lanewise.kernel.ProductKernels;

/**
 * The sizes of the blocks that products are taken in, so that what is read again stays in a cache
 * meanwhile. They never show in the bits.
 *
 * @param steps the most steps of the sum
 * @param rows the rows of A, a multiple of {@link Gemm#LEFT_COLUMNS}
 * @param columns the columns of B, whole panels
 */
public record Blocking(int steps, int rows, int columns) {

  /** Fewer steps would spend too much on loading and storing C, once a block. */
  private static final int FEWEST_STEPS = 64;

  /** More steps would save next to nothing of that. */
  private static final int MOST_STEPS = 512;

  /** Larger blocks of A measured the same. */
  private static final int MOST_LEFT_BYTES = 96 << 10;

  private static final int FEWEST_COLUMNS = 128;

  /** More columns would leave too few tasks to share among threads. */
  private static final int MOST_COLUMNS = 256;

  /**
   * {@return the blocks for kernels on this machine}
   *
   * @param kernels the kernels
   */
  public static Blocking of(ProductKernels kernels) {
    return of(kernels.panelColumns(), kernels.blockRows(), Caches.OF_THIS_MACHINE);
  }

  /**
   * {@return the blocks for kernels on a machine}
   *
   * @param panel the columns of a panel
   * @param block the rows of a block of the packed left factor; 1 if it is read in place
   * @param caches the machine's caches
   */
  static Blocking of(int panel, int block, Caches caches) {
    int steps = steps(panel, block, caches);
    int left = Math.min(caches.second() / 4, MOST_LEFT_BYTES) / (steps * Float.BYTES);
    int rows = Math.max(1, left / Gemm.LEFT_COLUMNS) * Gemm.LEFT_COLUMNS;
    return new Blocking(steps, rows, columns(panel, steps, caches));
  }

  /** {@return the columns of a block for kernels on this machine} Allocates nothing. */
  static int columns(ProductKernels kernels) {
    int panel = kernels.panelColumns();
    int steps = steps(panel, kernels.blockRows(), Caches.OF_THIS_MACHINE);
    return columns(panel, steps, Caches.OF_THIS_MACHINE);
  }

  /**
   * What is read for every tile stays in half of the first-level cache: a panel of B, or, if A is
   * packed, a block of A, past which one panel after the other comes from the second-level cache.
   */
  private static int steps(int panel, int block, Caches caches) {
    int floats = caches.first() / 2 / Float.BYTES / (block > 1 ? block : panel);
    return Math.clamp(Integer.highestOneBit(floats), FEWEST_STEPS, MOST_STEPS);
  }

  /** The block of B takes half of the second-level cache. */
  private static int columns(int panel, int steps, Caches caches) {
    int fit = caches.second() / 2 / Float.BYTES / steps;
    return Math.ceilDiv(Math.clamp(fit, FEWEST_COLUMNS, MOST_COLUMNS), panel) * panel;
  }
}
