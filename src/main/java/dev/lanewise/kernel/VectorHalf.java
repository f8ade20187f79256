package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.EXACT_INTS;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.INTS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The vector form of {@link HalfKernels}: a vector of {@code int}s is a step of a panel.
 *
 * <p>Eight sums are always in flight: those of four rows and one panel, whose widened weights serve
 * all four rows, or those of one row and four panels, where loading the weights is the limit.
 */
interface VectorHalf extends HalfKernels {

  /** The bits of an {@code int} that hold the upper half. */
  int UPPER = 0xffff0000;

  /** The columns of a panel. */
  int PAIR = 2 * LENGTH;

  /**
   * Whether eight rows share what they widen. Their sums need more than sixteen registers, and
   * machines with vectors of this length have 32.
   */
  boolean EIGHT_ROWS = LENGTH == 16;

  @Override
  default int halfPanelColumns() {
    return PAIR;
  }

  @Override
  default void productByHalves(
      float[] a,
      int ao,
      int aRow,
      int[] halves,
      int panels,
      float[] s,
      float[] c,
      int co,
      int rows,
      int depth) {
    int columns = panels * PAIR;
    int fours = rows & -4;
    for (int j = 0; fours > 0 && j < columns; j += PAIR) {
      int ho = j / 2 * depth;
      int i = 0;
      for (; EIGHT_ROWS && i + 8 <= fours; i += 8) {
        eightRows(
            a, ao + i * aRow, aRow, halves, ho, s, j, c, co + i * columns + j, columns, depth);
      }
      for (; i < fours; i += 4) {
        fourRows(a, ao + i * aRow, aRow, halves, ho, s, j, c, co + i * columns + j, columns, depth);
      }
    }
    for (int i = fours; i < rows; i++) {
      oneRow(a, ao + i * aRow, halves, panels, s, c, co + i * columns, depth);
    }
  }

  private static void eightRows(
      float[] a,
      int ao,
      int aRow,
      int[] halves,
      int ho,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int depth) {
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    int end = ho + depth * LENGTH;
    for (int h = ho, ai = ao, ai4 = ao + 4 * aRow; h < end; h += LENGTH, ai++, ai4++) {
      IntVector both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, h));
      FloatVector b0 = EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats();
      FloatVector b1 = EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats();
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4]));
      c40 = left.fma(b0, c40);
      c41 = left.fma(b1, c41);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4 + a1]));
      c50 = left.fma(b0, c50);
      c51 = left.fma(b1, c51);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4 + a2]));
      c60 = left.fma(b0, c60);
      c61 = left.fma(b1, c61);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai4 + a3]));
      c70 = left.fma(b0, c70);
      c71 = left.fma(b1, c71);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + cRow + LENGTH);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c21).intoArray(c, co + 2 * cRow + LENGTH);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c31).intoArray(c, co + 3 * cRow + LENGTH);
    EXACT.cast(c40).intoArray(c, co + 4 * cRow);
    EXACT.cast(c41).intoArray(c, co + 4 * cRow + LENGTH);
    EXACT.cast(c50).intoArray(c, co + 5 * cRow);
    EXACT.cast(c51).intoArray(c, co + 5 * cRow + LENGTH);
    EXACT.cast(c60).intoArray(c, co + 6 * cRow);
    EXACT.cast(c61).intoArray(c, co + 6 * cRow + LENGTH);
    EXACT.cast(c70).intoArray(c, co + 7 * cRow);
    EXACT.cast(c71).intoArray(c, co + 7 * cRow + LENGTH);
  }

  private static void fourRows(
      float[] a,
      int ao,
      int aRow,
      int[] halves,
      int ho,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int depth) {
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    FloatVector c00 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c01 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    int end = ho + depth * LENGTH;
    for (int h = ho, ai = ao; h < end; h += LENGTH, ai++) {
      IntVector both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, h));
      FloatVector b0 = EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats();
      FloatVector b1 = EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats();
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      c00 = left.fma(b0, c00);
      c01 = left.fma(b1, c01);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a1]));
      c10 = left.fma(b0, c10);
      c11 = left.fma(b1, c11);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a2]));
      c20 = left.fma(b0, c20);
      c21 = left.fma(b1, c21);
      left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + a3]));
      c30 = left.fma(b0, c30);
      c31 = left.fma(b1, c31);
    }
    EXACT.cast(c00).intoArray(c, co);
    EXACT.cast(c01).intoArray(c, co + LENGTH);
    EXACT.cast(c10).intoArray(c, co + cRow);
    EXACT.cast(c11).intoArray(c, co + LENGTH + cRow);
    EXACT.cast(c20).intoArray(c, co + 2 * cRow);
    EXACT.cast(c21).intoArray(c, co + LENGTH + 2 * cRow);
    EXACT.cast(c30).intoArray(c, co + 3 * cRow);
    EXACT.cast(c31).intoArray(c, co + LENGTH + 3 * cRow);
  }

  private static void oneRow(
      float[] a, int ao, int[] halves, int panels, float[] s, float[] c, int co, int depth) {
    int pitch = depth * LENGTH;
    int p = 0;
    for (; p + 4 <= panels; p += 4) {
      int j = p * PAIR;
      fourPanels(a, ao, halves, p * pitch, pitch, s, j, c, co + j, depth);
    }
    for (; p + 2 <= panels; p += 2) {
      int j = p * PAIR;
      twoPanels(a, ao, halves, p * pitch, pitch, s, j, c, co + j, depth);
    }
    if (p < panels) {
      int j = p * PAIR;
      onePanel(a, ao, halves, p * pitch, s, j, c, co + j, depth);
    }
  }

  private static void fourPanels(
      float[] a,
      int ao,
      int[] halves,
      int ho,
      int pitch,
      float[] s,
      int so,
      float[] c,
      int co,
      int depth) {
    int h1 = ho + pitch;
    int h2 = ho + 2 * pitch;
    int h3 = ho + 3 * pitch;
    FloatVector c0 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c1 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c2 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c3 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    FloatVector c4 = FloatVector.fromArray(FLOATS, s, so + 4 * LENGTH);
    FloatVector c5 = FloatVector.fromArray(FLOATS, s, so + 5 * LENGTH);
    FloatVector c6 = FloatVector.fromArray(FLOATS, s, so + 6 * LENGTH);
    FloatVector c7 = FloatVector.fromArray(FLOATS, s, so + 7 * LENGTH);
    for (int k = 0; k < depth; k++) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + k]));
      IntVector both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, ho + k * LENGTH));
      c0 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c0);
      c1 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c1);
      both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, h1 + k * LENGTH));
      c2 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c2);
      c3 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c3);
      both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, h2 + k * LENGTH));
      c4 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c4);
      c5 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c5);
      both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, h3 + k * LENGTH));
      c6 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c6);
      c7 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c7);
    }
    EXACT.cast(c0).intoArray(c, co);
    EXACT.cast(c1).intoArray(c, co + LENGTH);
    EXACT.cast(c2).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c3).intoArray(c, co + 3 * LENGTH);
    EXACT.cast(c4).intoArray(c, co + 4 * LENGTH);
    EXACT.cast(c5).intoArray(c, co + 5 * LENGTH);
    EXACT.cast(c6).intoArray(c, co + 6 * LENGTH);
    EXACT.cast(c7).intoArray(c, co + 7 * LENGTH);
  }

  private static void twoPanels(
      float[] a,
      int ao,
      int[] halves,
      int ho,
      int pitch,
      float[] s,
      int so,
      float[] c,
      int co,
      int depth) {
    int h1 = ho + pitch;
    FloatVector c0 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c1 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    FloatVector c2 = FloatVector.fromArray(FLOATS, s, so + 2 * LENGTH);
    FloatVector c3 = FloatVector.fromArray(FLOATS, s, so + 3 * LENGTH);
    for (int k = 0; k < depth; k++) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + k]));
      IntVector both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, ho + k * LENGTH));
      c0 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c0);
      c1 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c1);
      both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, h1 + k * LENGTH));
      c2 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c2);
      c3 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c3);
    }
    EXACT.cast(c0).intoArray(c, co);
    EXACT.cast(c1).intoArray(c, co + LENGTH);
    EXACT.cast(c2).intoArray(c, co + 2 * LENGTH);
    EXACT.cast(c3).intoArray(c, co + 3 * LENGTH);
  }

  private static void onePanel(
      float[] a, int ao, int[] halves, int ho, float[] s, int so, float[] c, int co, int depth) {
    FloatVector c0 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector c1 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    for (int k = 0; k < depth; k++) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ao + k]));
      IntVector both = EXACT_INTS.cast(IntVector.fromArray(INTS, halves, ho + k * LENGTH));
      c0 = left.fma(EXACT_INTS.cast(both.lanewise(LSHL, 16)).reinterpretAsFloats(), c0);
      c1 = left.fma(EXACT_INTS.cast(both.and(UPPER)).reinterpretAsFloats(), c1);
    }
    EXACT.cast(c0).intoArray(c, co);
    EXACT.cast(c1).intoArray(c, co + LENGTH);
  }
}
