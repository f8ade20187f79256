package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector form of {@link ProductKernels}. A panel is three vectors wide where there are 32
 * registers, with vectors of 512 bits, else two.
 */
interface VectorProduct extends ProductKernels {

  /** The columns of a panel. */
  int PANEL = LENGTH == 16 ? 3 * LENGTH : 2 * LENGTH;

  /** The rows of a block of the left factor, if it is packed. */
  int BLOCK = 8;

  /** The rows of the largest tile: sums, a row of B and an element of A fill the registers. */
  int TILE = LENGTH == 16 ? BLOCK : 6;

  @Override
  default int lanes() {
    return LENGTH;
  }

  @Override
  default int panelColumns() {
    return PANEL;
  }

  @Override
  default int tileRows() {
    return TILE;
  }

  @Override
  default int blockRows() {
    return LENGTH == 16 ? BLOCK : 1;
  }

  @Override
  default MicroKernel microKernel() {
    return VectorMicroKernel.INSTANCE;
  }

  @Override
  default void packRows(
      float[] b, int bo, int bStep, int depth, int vectors, float[] packed, int po, int pitch) {
    int columns = vectors * LENGTH;
    int j = 0;
    for (; j + PANEL <= columns; j += PANEL) {
      int to = po + j * pitch;
      if (PANEL == 3 * LENGTH && j + 2 * PANEL <= columns) {
        packThreeTwice(b, bo + j, bStep, depth, packed, to, PANEL * pitch);
        j += PANEL;
      } else if (PANEL == 3 * LENGTH) {
        packThree(b, bo + j, bStep, depth, packed, to);
      } else if (j + 2 * PANEL <= columns) {
        packTwice(b, bo + j, bStep, depth, packed, to, PANEL * pitch);
        j += PANEL;
      } else {
        packTwo(b, bo + j, bStep, depth, packed, to);
      }
    }
    if (columns - j == 2 * LENGTH) {
      packTwo(b, bo + j, bStep, depth, packed, po + j * pitch);
    } else if (columns - j == LENGTH) {
      packOne(b, bo + j, bStep, depth, packed, po + j * pitch);
    }
  }

  private static void packThree(float[] b, int bo, int bStep, int depth, float[] packed, int po) {
    int end = po + depth * 3 * LENGTH;
    for (int to = po, from = bo; to < end; to += 3 * LENGTH, from += bStep) {
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from)).intoArray(packed, to);
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from + LENGTH)).intoArray(packed, to + LENGTH);
      EXACT
          .cast(FloatVector.fromArray(FLOATS, b, from + 2 * LENGTH))
          .intoArray(packed, to + 2 * LENGTH);
    }
  }

  /** Packs two panels of three vectors. */
  private static void packThreeTwice(
      float[] b, int bo, int bStep, int depth, float[] packed, int po, int pitch) {
    int end = po + depth * 3 * LENGTH;
    for (int to = po, from = bo; to < end; to += 3 * LENGTH, from += bStep) {
      int next = from + 3 * LENGTH;
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from)).intoArray(packed, to);
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from + LENGTH)).intoArray(packed, to + LENGTH);
      EXACT
          .cast(FloatVector.fromArray(FLOATS, b, from + 2 * LENGTH))
          .intoArray(packed, to + 2 * LENGTH);
      EXACT.cast(FloatVector.fromArray(FLOATS, b, next)).intoArray(packed, to + pitch);
      EXACT
          .cast(FloatVector.fromArray(FLOATS, b, next + LENGTH))
          .intoArray(packed, to + pitch + LENGTH);
      EXACT
          .cast(FloatVector.fromArray(FLOATS, b, next + 2 * LENGTH))
          .intoArray(packed, to + pitch + 2 * LENGTH);
    }
  }

  /** Packs two panels of two vectors. */
  private static void packTwice(
      float[] b, int bo, int bStep, int depth, float[] packed, int po, int pitch) {
    int end = po + depth * 2 * LENGTH;
    for (int to = po, from = bo; to < end; to += 2 * LENGTH, from += bStep) {
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from)).intoArray(packed, to);
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from + LENGTH)).intoArray(packed, to + LENGTH);
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from + 2 * LENGTH)).intoArray(packed, to + pitch);
      EXACT
          .cast(FloatVector.fromArray(FLOATS, b, from + 3 * LENGTH))
          .intoArray(packed, to + pitch + LENGTH);
    }
  }

  private static void packTwo(float[] b, int bo, int bStep, int depth, float[] packed, int po) {
    int end = po + depth * 2 * LENGTH;
    for (int to = po, from = bo; to < end; to += 2 * LENGTH, from += bStep) {
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from)).intoArray(packed, to);
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from + LENGTH)).intoArray(packed, to + LENGTH);
    }
  }

  private static void packOne(float[] b, int bo, int bStep, int depth, float[] packed, int po) {
    int end = po + depth * LENGTH;
    for (int to = po, from = bo; to < end; to += LENGTH, from += bStep) {
      EXACT.cast(FloatVector.fromArray(FLOATS, b, from)).intoArray(packed, to);
    }
  }

  @Override
  default void packEightRows(
      float[] a, int ao, int aRow, int depth, float[] packed, int po, int step) {
    int whole = LENGTH < 8 ? 0 : depth & ~7;
    transpose(a, ao, aRow, whole, packed, po, step);
    ProductKernels.super.packEightRows(
        a, ao + whole, aRow, depth - whole, packed, po + whole * step, step);
  }

  @Override
  default void packEightColumns(float[] a, int ao, int aStep, int depth, float[] packed, int po) {
    int end = po + 8 * depth;
    for (int to = po, from = ao; to < end; to += 8, from += aStep) {
      Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from)).intoArray(packed, to);
    }
  }

  /**
   * Packs eight rows, eight steps at a time, by exchanging halves, then quarters, then neighbouring
   * lanes.
   */
  private static void transpose(
      float[] a, int ao, int aRow, int depth, float[] packed, int po, int step) {
    for (int k = 0; k < depth; k += 8) {
      int from = ao + k;
      int to = po + k * step;
      FloatVector a0 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from));
      FloatVector a1 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + aRow));
      FloatVector a2 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + 2 * aRow));
      FloatVector a3 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + 3 * aRow));
      FloatVector a4 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + 4 * aRow));
      FloatVector a5 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + 5 * aRow));
      FloatVector a6 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + 6 * aRow));
      FloatVector a7 = Eight.EXACT.cast(FloatVector.fromArray(Eight.FLOATS, a, from + 7 * aRow));
      FloatVector h0 = Eight.EXACT.cast(a0.blend(a4.rearrange(Eight.HALVES), Eight.UPPER_HALF));
      FloatVector h4 =
          Eight.EXACT.cast(
              Eight.EXACT.cast(a0.rearrange(Eight.HALVES)).blend(a4, Eight.UPPER_HALF));
      FloatVector h1 = Eight.EXACT.cast(a1.blend(a5.rearrange(Eight.HALVES), Eight.UPPER_HALF));
      FloatVector h5 =
          Eight.EXACT.cast(
              Eight.EXACT.cast(a1.rearrange(Eight.HALVES)).blend(a5, Eight.UPPER_HALF));
      FloatVector h2 = Eight.EXACT.cast(a2.blend(a6.rearrange(Eight.HALVES), Eight.UPPER_HALF));
      FloatVector h6 =
          Eight.EXACT.cast(
              Eight.EXACT.cast(a2.rearrange(Eight.HALVES)).blend(a6, Eight.UPPER_HALF));
      FloatVector h3 = Eight.EXACT.cast(a3.blend(a7.rearrange(Eight.HALVES), Eight.UPPER_HALF));
      FloatVector h7 =
          Eight.EXACT.cast(
              Eight.EXACT.cast(a3.rearrange(Eight.HALVES)).blend(a7, Eight.UPPER_HALF));
      a0 = h0.blend(h2.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a2 = Eight.EXACT.cast(h0.rearrange(Eight.QUARTERS)).blend(h2, Eight.UPPER_QUARTERS);
      a1 = h1.blend(h3.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a3 = Eight.EXACT.cast(h1.rearrange(Eight.QUARTERS)).blend(h3, Eight.UPPER_QUARTERS);
      a4 = h4.blend(h6.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a6 = Eight.EXACT.cast(h4.rearrange(Eight.QUARTERS)).blend(h6, Eight.UPPER_QUARTERS);
      a5 = h5.blend(h7.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a7 = Eight.EXACT.cast(h5.rearrange(Eight.QUARTERS)).blend(h7, Eight.UPPER_QUARTERS);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(a0)
                  .blend(Eight.EXACT.cast(a1).rearrange(Eight.NEIGHBOURS), Eight.ODD))
          .intoArray(packed, to);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(Eight.EXACT.cast(a0).rearrange(Eight.NEIGHBOURS))
                  .blend(a1, Eight.ODD))
          .intoArray(packed, to + step);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(a2)
                  .blend(Eight.EXACT.cast(a3).rearrange(Eight.NEIGHBOURS), Eight.ODD))
          .intoArray(packed, to + 2 * step);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(Eight.EXACT.cast(a2).rearrange(Eight.NEIGHBOURS))
                  .blend(a3, Eight.ODD))
          .intoArray(packed, to + 3 * step);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(a4)
                  .blend(Eight.EXACT.cast(a5).rearrange(Eight.NEIGHBOURS), Eight.ODD))
          .intoArray(packed, to + 4 * step);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(Eight.EXACT.cast(a4).rearrange(Eight.NEIGHBOURS))
                  .blend(a5, Eight.ODD))
          .intoArray(packed, to + 5 * step);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(a6)
                  .blend(Eight.EXACT.cast(a7).rearrange(Eight.NEIGHBOURS), Eight.ODD))
          .intoArray(packed, to + 6 * step);
      Eight.EXACT
          .cast(
              Eight.EXACT
                  .cast(Eight.EXACT.cast(a6).rearrange(Eight.NEIGHBOURS))
                  .blend(a7, Eight.ODD))
          .intoArray(packed, to + 7 * step);
    }
  }

  /** Vectors of eight lanes, whatever the width of the others, and the shuffles of their lanes. */
  final class Eight {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final Class<? extends FloatVector> EXACT =
        FLOATS.vectorType().asSubclass(FloatVector.class);
    private static final VectorShuffle<Float> HALVES = VectorShuffle.fromOp(FLOATS, i -> i ^ 4);
    private static final VectorShuffle<Float> QUARTERS = VectorShuffle.fromOp(FLOATS, i -> i ^ 2);
    private static final VectorShuffle<Float> NEIGHBOURS = VectorShuffle.fromOp(FLOATS, i -> i ^ 1);
    private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(FLOATS, 0b11110000);
    private static final VectorMask<Float> UPPER_QUARTERS = VectorMask.fromLong(FLOATS, 0b11001100);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FLOATS, 0b10101010);

    private Eight() {}
  }

  @Override
  default void penaltyGradient(float[] w, int wo, float[] g, int go, int n, float l1, float l2) {
    int i = 0;
    for (int end = FLOATS.loopBound(n); i < end; i += LENGTH) {
      FloatVector weight = EXACT.cast(FloatVector.fromArray(FLOATS, w, wo + i));
      VectorMask<Float> above = weight.compare(VectorOperators.GT, 0f);
      VectorMask<Float> below = weight.compare(VectorOperators.LT, 0f);
      FloatVector sign =
          EXACT.cast(EXACT.cast(FloatVector.zero(FLOATS)).blend(l1, above)).blend(-l1, below);
      EXACT.cast(weight.fma(FloatVector.broadcast(FLOATS, l2), sign)).intoArray(g, go + i);
    }
    for (; i < n; i++) {
      g[go + i] = ScalarProduct.penaltyGradient(w[wo + i], l1, l2);
    }
  }
}
