package dev.lanewise.data;

import java.util.Arrays;

/** Numbers that are added one by one; they grow in pieces, so that few are copied. */
final class Doubles {

  static final int PIECE = 1 << 13;

  private double[][] pieces = new double[1][];
  private double[] last = new double[4];
  private int full;
  private int used;

  void add(double value) {
    if (used == last.length) {
      grow();
    }
    last[used++] = value;
  }

  private void grow() {
    if (last.length < PIECE) {
      last = Arrays.copyOf(last, 2 * last.length);
      return;
    }
    if (full == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * full);
    }
    pieces[full++] = last;
    last = new double[PIECE];
    used = 0;
  }

  int size() {
    return full * PIECE + used;
  }

  double get(int index) {
    int piece = index / PIECE;
    return piece < full ? pieces[piece][index % PIECE] : last[index % PIECE];
  }

  /** {@return the numbers, which are no longer held here} */
  double[] take() {
    double[] all = new double[size()];
    for (int p = 0; p < full; p++) {
      System.arraycopy(pieces[p], 0, all, p * PIECE, PIECE);
      pieces[p] = null;
    }
    System.arraycopy(last, 0, all, full * PIECE, used);
    last = null;
    return all;
  }
}
