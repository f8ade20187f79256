package dev.lanewise.data;

import java.util.Arrays;

/** Whole numbers that are added one by one; they grow in pieces, so that few are copied. */
final class Ints {

  static final int PIECE = 1 << 13;

  private int[][] pieces = new int[1][];
  private int[] last = new int[4];
  private int full;
  private int used;

  void add(int value) {
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
    last = new int[PIECE];
    used = 0;
  }

  int size() {
    return full * PIECE + used;
  }

  int get(int index) {
    int piece = index / PIECE;
    return piece < full ? pieces[piece][index % PIECE] : last[index % PIECE];
  }

  /** {@return the numbers, which are no longer held here} */
  int[] take() {
    int[] all = new int[size()];
    for (int p = 0; p < full; p++) {
      System.arraycopy(pieces[p], 0, all, p * PIECE, PIECE);
      pieces[p] = null;
    }
    System.arraycopy(last, 0, all, full * PIECE, used);
    last = null;
    return all;
  }
}
