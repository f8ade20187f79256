package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vector form of {@link ProductKernels}. A panel is two vectors wide. */
interface VectorProduct extends ProductKernels {

  /** The columns of a panel. */
  int PANEL = 2 * LENGTH;

  @Override
  default int panelColumns() {
    return PANEL;
  }

  @Override
  default MicroKernel microKernel() {
    return VectorMicroKernel.INSTANCE;
  }

  @Override
  default void packRows(
      float[] b, int bo, int bStep, int depth, float[] packed, int po, int pitch, int panels) {
    int p = 0;
    for (; p + 2 <= panels; p += 2) {
      packTwo(b, bo + p * PANEL, bStep, depth, packed, po + p * pitch, pitch);
    }
    if (p < panels) {
      packOne(b, bo + p * PANEL, bStep, depth, packed, po + p * pitch);
    }
  }

  private static void packTwo(
      float[] b, int bo, int bStep, int depth, float[] packed, int po, int pitch) {
    int end = po + depth * PANEL;
    for (int to = po, from = bo; to < end; to += PANEL, from += bStep) {
      FloatVector.fromArray(FLOATS, b, from).intoArray(packed, to);
      FloatVector.fromArray(FLOATS, b, from + LENGTH).intoArray(packed, to + LENGTH);
      FloatVector.fromArray(FLOATS, b, from + 2 * LENGTH).intoArray(packed, to + pitch);
      FloatVector.fromArray(FLOATS, b, from + 3 * LENGTH).intoArray(packed, to + pitch + LENGTH);
    }
  }

  private static void packOne(float[] b, int bo, int bStep, int depth, float[] packed, int po) {
    int end = po + depth * PANEL;
    for (int to = po, from = bo; to < end; to += PANEL, from += bStep) {
      FloatVector.fromArray(FLOATS, b, from).intoArray(packed, to);
      FloatVector.fromArray(FLOATS, b, from + LENGTH).intoArray(packed, to + LENGTH);
    }
  }

  @Override
  default void packColumns(
      float[] b, int bo, int bColumn, int depth, float[] packed, int po, int pitch, int panels) {
    int whole = LENGTH < 8 ? 0 : depth & ~7;
    for (int p = 0; p < panels && whole > 0; p++) {
      for (int j = 0; j < PANEL; j += 8) {
        transpose(b, bo + (p * PANEL + j) * bColumn, bColumn, whole, packed, po + p * pitch + j);
      }
    }
    ProductKernels.super.packColumns(
        b, bo + whole, bColumn, depth - whole, packed, po + whole * PANEL, pitch, panels);
  }

  /**
   * Packs eight columns, eight steps at a time, by exchanging halves, then quarters, then
   * neighbouring lanes.
   */
  private static void transpose(float[] b, int bo, int bColumn, int depth, float[] packed, int po) {
    for (int k = 0; k < depth; k += 8) {
      int from = bo + k;
      int to = po + k * PANEL;
      FloatVector a0 = FloatVector.fromArray(Eight.FLOATS, b, from);
      FloatVector a1 = FloatVector.fromArray(Eight.FLOATS, b, from + bColumn);
      FloatVector a2 = FloatVector.fromArray(Eight.FLOATS, b, from + 2 * bColumn);
      FloatVector a3 = FloatVector.fromArray(Eight.FLOATS, b, from + 3 * bColumn);
      FloatVector a4 = FloatVector.fromArray(Eight.FLOATS, b, from + 4 * bColumn);
      FloatVector a5 = FloatVector.fromArray(Eight.FLOATS, b, from + 5 * bColumn);
      FloatVector a6 = FloatVector.fromArray(Eight.FLOATS, b, from + 6 * bColumn);
      FloatVector a7 = FloatVector.fromArray(Eight.FLOATS, b, from + 7 * bColumn);
      FloatVector h0 = a0.blend(a4.rearrange(Eight.HALVES), Eight.UPPER_HALF);
      FloatVector h4 = a0.rearrange(Eight.HALVES).blend(a4, Eight.UPPER_HALF);
      FloatVector h1 = a1.blend(a5.rearrange(Eight.HALVES), Eight.UPPER_HALF);
      FloatVector h5 = a1.rearrange(Eight.HALVES).blend(a5, Eight.UPPER_HALF);
      FloatVector h2 = a2.blend(a6.rearrange(Eight.HALVES), Eight.UPPER_HALF);
      FloatVector h6 = a2.rearrange(Eight.HALVES).blend(a6, Eight.UPPER_HALF);
      FloatVector h3 = a3.blend(a7.rearrange(Eight.HALVES), Eight.UPPER_HALF);
      FloatVector h7 = a3.rearrange(Eight.HALVES).blend(a7, Eight.UPPER_HALF);
      a0 = h0.blend(h2.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a2 = h0.rearrange(Eight.QUARTERS).blend(h2, Eight.UPPER_QUARTERS);
      a1 = h1.blend(h3.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a3 = h1.rearrange(Eight.QUARTERS).blend(h3, Eight.UPPER_QUARTERS);
      a4 = h4.blend(h6.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a6 = h4.rearrange(Eight.QUARTERS).blend(h6, Eight.UPPER_QUARTERS);
      a5 = h5.blend(h7.rearrange(Eight.QUARTERS), Eight.UPPER_QUARTERS);
      a7 = h5.rearrange(Eight.QUARTERS).blend(h7, Eight.UPPER_QUARTERS);
      a0.blend(a1.rearrange(Eight.NEIGHBOURS), Eight.ODD).intoArray(packed, to);
      a0.rearrange(Eight.NEIGHBOURS).blend(a1, Eight.ODD).intoArray(packed, to + PANEL);
      a2.blend(a3.rearrange(Eight.NEIGHBOURS), Eight.ODD).intoArray(packed, to + 2 * PANEL);
      a2.rearrange(Eight.NEIGHBOURS).blend(a3, Eight.ODD).intoArray(packed, to + 3 * PANEL);
      a4.blend(a5.rearrange(Eight.NEIGHBOURS), Eight.ODD).intoArray(packed, to + 4 * PANEL);
      a4.rearrange(Eight.NEIGHBOURS).blend(a5, Eight.ODD).intoArray(packed, to + 5 * PANEL);
      a6.blend(a7.rearrange(Eight.NEIGHBOURS), Eight.ODD).intoArray(packed, to + 6 * PANEL);
      a6.rearrange(Eight.NEIGHBOURS).blend(a7, Eight.ODD).intoArray(packed, to + 7 * PANEL);
    }
  }

  /** Vectors of eight lanes, whatever the width of the others, and the shuffles of their lanes. */
  final class Eight {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
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
      FloatVector weight = FloatVector.fromArray(FLOATS, w, wo + i);
      VectorMask<Float> above = weight.compare(VectorOperators.GT, 0f);
      VectorMask<Float> below = weight.compare(VectorOperators.LT, 0f);
      FloatVector sign = FloatVector.zero(FLOATS).blend(l1, above).blend(-l1, below);
      weight.fma(FloatVector.broadcast(FLOATS, l2), sign).intoArray(g, go + i);
    }
    for (; i < n; i++) {
      g[go + i] = ScalarProduct.penaltyGradient(w[wo + i], l1, l2);
    }
  }
}
