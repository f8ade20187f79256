package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static dev.lanewise.kernel.NarrowLanes.EXACTLY_NARROW;
import static dev.lanewise.kernel.NarrowLanes.NARROW;
import static dev.lanewise.kernel.NarrowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * The vector form of {@link NarrowKernels#fewSteps}: vectors along the rows of B. The last vectors
 * of a row overlap columns already computed, and compute them again to the same values.
 */
interface VectorFewSteps extends NarrowKernels {

  /** From so many columns on a product of one step is written row by row. */
  int LONG = 16 * WIDTH;

  @Override
  default void fewSteps(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns,
      int depth) {
    int last = columns - WIDTH;
    if (last < 0) {
      ScalarKernels.INSTANCE.fewSteps(
          a, ao, aRow, b, bo, bRow, s, so, c, co, cRow, rows, columns, depth);
      return;
    }
    if (depth == 1 && columns >= LONG) {
      oneStep(a, ao, aRow, b, bo, s, so, c, co, cRow, rows, columns);
      return;
    }
    for (int j = 0; j < columns; j += 3 * WIDTH) {
      int j0 = Math.min(j, last);
      int j1 = Math.min(j + WIDTH, last);
      int j2 = Math.min(j + 2 * WIDTH, last);
      threeVectors(a, ao, aRow, b, bo, bRow, s, so, c, co, cRow, j0, j1, j2, rows, depth);
    }
  }

  /**
   * Computes the products of one step in the order of the result's elements, whose writing takes
   * longest.
   */
  private static void oneStep(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int rows,
      int columns) {
    int last = columns - LENGTH;
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector left = Lanes.EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      for (int j = 0; j < last; j += LENGTH) {
        FloatVector right = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, b, bo + j));
        FloatVector start = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, s, so + j));
        Lanes.EXACT.cast(left.fma(right, start)).intoArray(c, ci + j);
      }
      FloatVector right = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, b, bo + last));
      FloatVector start = Lanes.EXACT.cast(FloatVector.fromArray(FLOATS, s, so + last));
      Lanes.EXACT.cast(left.fma(right, start)).intoArray(c, ci + last);
    }
  }

  /**
   * Computes three vectors of columns, at j0 to j2, which may overlap: one row after the other,
   * with B and the start in registers. Missing steps load the last step's part of B.
   */
  private static void threeVectors(
      float[] a,
      int ao,
      int aRow,
      float[] b,
      int bo,
      int bRow,
      float[] s,
      int so,
      float[] c,
      int co,
      int cRow,
      int j0,
      int j1,
      int j2,
      int rows,
      int depth) {
    int b1 = bo + Math.min(1, depth - 1) * bRow;
    int b2 = bo + Math.min(2, depth - 1) * bRow;
    int b3 = bo + Math.min(3, depth - 1) * bRow;
    FloatVector s0 = FloatVector.fromArray(NARROW, s, so + j0);
    FloatVector s1 = FloatVector.fromArray(NARROW, s, so + j1);
    FloatVector s2 = FloatVector.fromArray(NARROW, s, so + j2);
    FloatVector b00 = FloatVector.fromArray(NARROW, b, bo + j0);
    FloatVector b01 = FloatVector.fromArray(NARROW, b, bo + j1);
    FloatVector b02 = FloatVector.fromArray(NARROW, b, bo + j2);
    FloatVector b10 = FloatVector.fromArray(NARROW, b, b1 + j0);
    FloatVector b11 = FloatVector.fromArray(NARROW, b, b1 + j1);
    FloatVector b12 = FloatVector.fromArray(NARROW, b, b1 + j2);
    FloatVector b20 = FloatVector.fromArray(NARROW, b, b2 + j0);
    FloatVector b21 = FloatVector.fromArray(NARROW, b, b2 + j1);
    FloatVector b22 = FloatVector.fromArray(NARROW, b, b2 + j2);
    FloatVector b30 = FloatVector.fromArray(NARROW, b, b3 + j0);
    FloatVector b31 = FloatVector.fromArray(NARROW, b, b3 + j1);
    FloatVector b32 = FloatVector.fromArray(NARROW, b, b3 + j2);
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai]));
      FloatVector c0 = left.fma(b00, s0);
      FloatVector c1 = left.fma(b01, s1);
      FloatVector c2 = left.fma(b02, s2);
      if (depth > 1) {
        left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + 1]));
        c0 = left.fma(b10, c0);
        c1 = left.fma(b11, c1);
        c2 = left.fma(b12, c2);
      }
      if (depth > 2) {
        left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + 2]));
        c0 = left.fma(b20, c0);
        c1 = left.fma(b21, c1);
        c2 = left.fma(b22, c2);
      }
      if (depth > 3) {
        left = EXACTLY_NARROW.cast(FloatVector.broadcast(NARROW, a[ai + 3]));
        c0 = left.fma(b30, c0);
        c1 = left.fma(b31, c1);
        c2 = left.fma(b32, c2);
      }
      EXACTLY_NARROW.cast(c0).intoArray(c, ci + j0);
      EXACTLY_NARROW.cast(c1).intoArray(c, ci + j1);
      EXACTLY_NARROW.cast(c2).intoArray(c, ci + j2);
    }
  }
}
