package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.EXACT;
import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;
import static dev.lanewise.kernel.VectorProduct.BLOCK;
import static dev.lanewise.kernel.VectorProduct.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * The vector form of {@link MicroKernel}: it cuts a product into tiles, whose sums live in
 * registers. Stateless.
 *
 * <p>With 32 registers a tile has 24 sums, eight rows of three vectors, beside three vectors of B
 * and one element of A, which is packed. With 16 registers it has twelve, six rows of two vectors,
 * and A is read in place; so are products too narrow for A's packing to pay, at any width. Few rows
 * take several panels side by side, so that eight sums are in flight: two multiply-add units with a
 * latency of four cycles need that many. With few steps, the panel itself stays in registers.
 */
final class VectorMicroKernel implements MicroKernel {

  static final VectorMicroKernel INSTANCE = new VectorMicroKernel();

  /** The columns of the tiles that read A in place. */
  private static final int PAIR = 2 * LENGTH;

  /** The most steps whose panel of B is kept in registers. */
  private static final int FEW_STEPS = 4;

  private VectorMicroKernel() {}

  @Override
  public void product(Left a, Right b, Result c, int rows, int columns, int depth) {
    if (a.isPacked()) {
      blocks(a, b, c, rows, columns, depth);
    } else if (PANEL > PAIR && rows == 1) {
      int whole = columns - columns % PANEL;
      lastPanelOfOneRow(a, a.at(0), a.step(), b, c, 0, whole, columns - whole, depth);
      oneRow(a, a.at(0), a.step(), b, c, 0, whole, depth);
    } else {
      inPlace(a, b, c, rows, columns, depth);
    }
  }

  /** Goes through the blocks of A, each of which stays in the first-level cache. */
  private static void blocks(Left a, Right b, Result c, int rows, int columns, int depth) {
    int whole = columns - columns % PANEL;
    int last = columns - whole;
    for (int i = 0; i < rows; i += BLOCK) {
      int height = Math.min(BLOCK, rows - i);
      int ai = a.block(i, height);
      if (height == 1) {
        lastPanelOfOneRow(a, ai, 1, b, c, i, whole, last, depth);
        oneRow(a, ai, 1, b, c, i, whole, depth);
        continue;
      }
      if (last > 0) {
        panel(a, ai, height, b, b.panel(whole, vectors(last) * LENGTH), c, i, whole, last, depth);
      }
      for (int j = 0; j < whole; j += PANEL) {
        panel(a, ai, height, b, b.panel(j, PANEL), c, i, j, PANEL, depth);
      }
    }
  }

  private static int vectors(int columns) {
    return Math.ceilDiv(columns, LENGTH);
  }

  /** Multiplies one block by one panel. */
  private static void panel(
      Left a, int ai, int height, Right b, int bi, Result c, int i, int j, int columns, int depth) {
    float[] s = c.starts;
    int si = c.startsAt + i * c.startsRow + j;
    int sRow = c.startsRow;
    float[] to = c.elements;
    int ci = c.at + i * c.row + j;
    int row = c.row;
    int vectors = vectors(columns);
    if (height == BLOCK) {
      switch (vectors) {
        case 3 ->
            BlockTiles.eightByThree(
                a.elements, ai, b.elements, bi, s, si, sRow, to, ci, row, depth);
        case 2 ->
            BlockTiles.eightByTwo(a.elements, ai, b.elements, bi, s, si, sRow, to, ci, row, depth);
        default ->
            BlockTiles.eightByOne(a.elements, ai, b.elements, bi, s, si, sRow, to, ci, row, depth);
      }
      return;
    }
    int done = 0;
    if ((height & 4) != 0) {
      switch (vectors) {
        case 3 ->
            BlockTiles.fourByThree(
                a.elements, ai, height, b.elements, bi, s, si, sRow, to, ci, row, depth);
        case 2 ->
            BlockTiles.fourByTwo(
                a.elements, ai, height, b.elements, bi, s, si, sRow, to, ci, row, depth);
        default ->
            BlockTiles.fourByOne(
                a.elements, ai, height, b.elements, bi, s, si, sRow, to, ci, row, depth);
      }
      done = 4;
    }
    if ((height & 2) != 0) {
      int sd = si + done * sRow;
      int cd = ci + done * row;
      switch (vectors) {
        case 3 ->
            BlockTiles.twoByThree(
                a.elements, ai + done, height, b.elements, bi, s, sd, sRow, to, cd, row, depth);
        case 2 ->
            BlockTiles.twoByTwo(
                a.elements, ai + done, height, b.elements, bi, s, sd, sRow, to, cd, row, depth);
        default ->
            BlockTiles.twoByOne(
                a.elements, ai + done, height, b.elements, bi, s, sd, sRow, to, cd, row, depth);
      }
      done += 2;
    }
    if ((height & 1) != 0) {
      int sd = si + done * sRow;
      int cd = ci + done * row;
      switch (vectors) {
        case 3 ->
            BlockTiles.oneByThree(
                a.elements, ai + done, height, b.elements, bi, s, sd, to, cd, depth);
        case 2 ->
            BlockTiles.oneByTwo(
                a.elements, ai + done, height, b.elements, bi, s, sd, to, cd, depth);
        default ->
            BlockTiles.oneByOne(
                a.elements, ai + done, height, b.elements, bi, s, sd, to, cd, depth);
      }
    }
  }

  private static void lastPanelOfOneRow(
      Left a, int ai, int aStep, Right b, Result c, int i, int j, int columns, int depth) {
    int vectors = vectors(columns);
    if (vectors == 0) {
      return;
    }
    int bi = b.panel(j, vectors * LENGTH);
    int si = c.startsAt + i * c.startsRow + j;
    int ci = c.at + i * c.row + j;
    switch (vectors) {
      case 3 ->
          BlockTiles.oneByThree(
              a.elements, ai, aStep, b.elements, bi, c.starts, si, c.elements, ci, depth);
      case 2 ->
          BlockTiles.oneByTwo(
              a.elements, ai, aStep, b.elements, bi, c.starts, si, c.elements, ci, depth);
      default ->
          BlockTiles.oneByOne(
              a.elements, ai, aStep, b.elements, bi, c.starts, si, c.elements, ci, depth);
    }
  }

  /** Multiplies one row by whole panels. */
  private static void oneRow(
      Left a, int ai, int aStep, Right b, Result c, int i, int whole, int depth) {
    int pitch = b.pitch(PANEL);
    int si = c.startsAt + i * c.startsRow;
    int ci = c.at + i * c.row;
    int j = 0;
    for (; j + 3 * PANEL <= whole; j += 3 * PANEL) {
      BlockTiles.oneByNine(
          a.elements,
          ai,
          aStep,
          b.elements,
          b.panel(j, PANEL),
          pitch,
          c.starts,
          si + j,
          c.elements,
          ci + j,
          depth);
    }
    for (; j < whole; j += PANEL) {
      BlockTiles.oneByThree(
          a.elements,
          ai,
          aStep,
          b.elements,
          b.panel(j, PANEL),
          c.starts,
          si + j,
          c.elements,
          ci + j,
          depth);
    }
  }

  /** Goes through the panels, the last one first, each of which stays in the first-level cache. */
  private static void inPlace(Left a, Right b, Result c, int rows, int columns, int depth) {
    int vectors = vectors(columns);
    int pairs = vectors / 2 * PAIR;
    boolean few = depth > 0 && depth <= FEW_STEPS && a.step() == 1 && c.startsAlike();
    if (vectors % 2 == 1) {
      int bi = b.panel(pairs, LENGTH);
      if (few) {
        fewStepsOfOne(
            a.elements,
            a.at(0),
            a.row(),
            b.elements,
            bi,
            c.starts,
            c.startsAt + pairs,
            c.elements,
            c.at + pairs,
            c.row,
            rows,
            depth);
      } else {
        oneVector(a, b, bi, c, rows, pairs, depth);
      }
    }
    if (few) {
      for (int j = 0; j < pairs; j += PAIR) {
        fewStepsOfTwo(
            a.elements,
            a.at(0),
            a.row(),
            b.elements,
            b.panel(j, PAIR),
            c.starts,
            c.startsAt + j,
            c.elements,
            c.at + j,
            c.row,
            rows,
            depth);
      }
    } else if (pairs > 0) {
      pairs(a, b, c, rows, pairs, depth);
    }
  }

  private static void oneVector(Left a, Right b, int bi, Result c, int rows, int j, int depth) {
    int i = 0;
    for (; i + 12 <= rows; i += 12) {
      InPlaceTiles.twelveByOne(
          a.elements,
          a.at(i),
          a.row(),
          a.step(),
          b.elements,
          bi,
          c.starts,
          c.startsAt + i * c.startsRow + j,
          c.startsRow,
          c.elements,
          c.at + i * c.row + j,
          c.row,
          depth);
    }
    for (; i < rows; i += 4) {
      InPlaceTiles.fourByOne(
          a.elements,
          a.at(i),
          a.row(),
          a.step(),
          b.elements,
          bi,
          c.starts,
          c.startsAt + i * c.startsRow + j,
          c.startsRow,
          c.elements,
          c.at + i * c.row + j,
          c.row,
          Math.min(4, rows - i),
          depth);
    }
  }

  private static void pairs(Left a, Right b, Result c, int rows, int pairs, int depth) {
    // Every even number from 4 on is a sum of sixes and fours; three rows are computed as four.
    int tall = rows == 3 ? 3 : rows < 3 ? 0 : rows & ~1;
    int sixes = tall % 6 == 2 ? tall - 8 : tall - tall % 6;
    for (int j = 0; j < pairs; j += PAIR) {
      int bi = b.panel(j, PAIR);
      int si = c.startsAt + j;
      int ci = c.at + j;
      for (int i = 0; i < sixes; i += 6) {
        InPlaceTiles.sixByTwo(
            a.elements,
            a.at(i),
            a.row(),
            a.step(),
            b.elements,
            bi,
            c.starts,
            si + i * c.startsRow,
            c.startsRow,
            c.elements,
            ci + i * c.row,
            c.row,
            depth);
      }
      for (int i = sixes; i < tall; i += 4) {
        InPlaceTiles.fourByTwo(
            a.elements,
            a.at(i),
            a.row(),
            a.step(),
            b.elements,
            bi,
            c.starts,
            si + i * c.startsRow,
            c.startsRow,
            c.elements,
            ci + i * c.row,
            c.row,
            Math.min(4, tall - i),
            depth);
      }
    }
    int i = tall;
    if (rows - i >= 2) {
      twoRowsOfPairs(a, i, b, c, pairs, depth);
      i += 2;
    }
    if (i < rows) {
      oneRowOfPairs(a, i, b, c, pairs, depth);
    }
  }

  private static void twoRowsOfPairs(Left a, int i, Right b, Result c, int pairs, int depth) {
    int si = c.startsAt + i * c.startsRow;
    int ci = c.at + i * c.row;
    int pitch = b.pitch(PAIR);
    int j = 0;
    for (; j + 2 * PAIR <= pairs; j += 2 * PAIR) {
      InPlaceTiles.twoByFour(
          a.elements,
          a.at(i),
          a.row(),
          a.step(),
          b.elements,
          b.panel(j, PAIR),
          pitch,
          c.starts,
          si + j,
          c.startsRow,
          c.elements,
          ci + j,
          c.row,
          depth);
    }
    if (j < pairs) {
      InPlaceTiles.fourByTwo(
          a.elements,
          a.at(i),
          a.row(),
          a.step(),
          b.elements,
          b.panel(j, PAIR),
          c.starts,
          si + j,
          c.startsRow,
          c.elements,
          ci + j,
          c.row,
          2,
          depth);
    }
  }

  private static void oneRowOfPairs(Left a, int i, Right b, Result c, int pairs, int depth) {
    int si = c.startsAt + i * c.startsRow;
    int ci = c.at + i * c.row;
    int pitch = b.pitch(PAIR);
    int j = 0;
    for (; j + 4 * PAIR <= pairs; j += 4 * PAIR) {
      InPlaceTiles.oneByEight(
          a.elements,
          a.at(i),
          a.step(),
          b.elements,
          b.panel(j, PAIR),
          pitch,
          c.starts,
          si + j,
          c.elements,
          ci + j,
          depth);
    }
    for (; j + 2 * PAIR <= pairs; j += 2 * PAIR) {
      InPlaceTiles.oneByFour(
          a.elements,
          a.at(i),
          a.step(),
          b.elements,
          b.panel(j, PAIR),
          pitch,
          c.starts,
          si + j,
          c.elements,
          ci + j,
          depth);
    }
    if (j < pairs) {
      InPlaceTiles.oneByTwo(
          a.elements,
          a.at(i),
          a.step(),
          b.elements,
          b.panel(j, PAIR),
          c.starts,
          si + j,
          c.elements,
          ci + j,
          depth);
    }
  }

  /**
   * Computes one row after the other, with the panel and the start in registers: a tile would take
   * longer to begin and to end than for its steps. Missing steps load the last step's part of B.
   */
  private static void fewStepsOfTwo(
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
      int depth) {
    int b1 = bo + Math.min(1, depth - 1) * PAIR;
    int b2 = bo + Math.min(2, depth - 1) * PAIR;
    int b3 = bo + Math.min(3, depth - 1) * PAIR;
    FloatVector b00 = FloatVector.fromArray(FLOATS, b, bo);
    FloatVector b01 = FloatVector.fromArray(FLOATS, b, bo + LENGTH);
    FloatVector b10 = FloatVector.fromArray(FLOATS, b, b1);
    FloatVector b11 = FloatVector.fromArray(FLOATS, b, b1 + LENGTH);
    FloatVector b20 = FloatVector.fromArray(FLOATS, b, b2);
    FloatVector b21 = FloatVector.fromArray(FLOATS, b, b2 + LENGTH);
    FloatVector b30 = FloatVector.fromArray(FLOATS, b, b3);
    FloatVector b31 = FloatVector.fromArray(FLOATS, b, b3 + LENGTH);
    FloatVector s0 = FloatVector.fromArray(FLOATS, s, so);
    FloatVector s1 = FloatVector.fromArray(FLOATS, s, so + LENGTH);
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai]));
      FloatVector c0 = left.fma(b00, s0);
      FloatVector c1 = left.fma(b01, s1);
      if (depth > 1) {
        left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1]));
        c0 = left.fma(b10, c0);
        c1 = left.fma(b11, c1);
      }
      if (depth > 2) {
        left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2]));
        c0 = left.fma(b20, c0);
        c1 = left.fma(b21, c1);
      }
      if (depth > 3) {
        left = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3]));
        c0 = left.fma(b30, c0);
        c1 = left.fma(b31, c1);
      }
      EXACT.cast(c0).intoArray(c, ci);
      EXACT.cast(c1).intoArray(c, ci + LENGTH);
    }
  }

  /** The same for a panel of one vector. */
  private static void fewStepsOfOne(
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
      int depth) {
    FloatVector b0 = FloatVector.fromArray(FLOATS, b, bo);
    FloatVector b1 = FloatVector.fromArray(FLOATS, b, bo + Math.min(1, depth - 1) * LENGTH);
    FloatVector b2 = FloatVector.fromArray(FLOATS, b, bo + Math.min(2, depth - 1) * LENGTH);
    FloatVector b3 = FloatVector.fromArray(FLOATS, b, bo + Math.min(3, depth - 1) * LENGTH);
    FloatVector start = FloatVector.fromArray(FLOATS, s, so);
    for (int i = 0, ai = ao, ci = co; i < rows; i++, ai += aRow, ci += cRow) {
      FloatVector sum = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai])).fma(b0, start);
      if (depth > 1) {
        sum = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 1])).fma(b1, sum);
      }
      if (depth > 2) {
        sum = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 2])).fma(b2, sum);
      }
      if (depth > 3) {
        sum = EXACT.cast(FloatVector.broadcast(FLOATS, a[ai + 3])).fma(b3, sum);
      }
      EXACT.cast(sum).intoArray(c, ci);
    }
  }
}
