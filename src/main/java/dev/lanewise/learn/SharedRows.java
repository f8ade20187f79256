package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.learn.LeakCheck.Duplicates;
import dev.lanewise.learn.LeakCheck.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of a set, found by their features, or by their features and labels. */
final class SharedRows {

  private static final int EXAMPLES = 10;

  private final Dataset rows;
  private final Places byFeatures;
  private final Places byBoth;

  SharedRows(Dataset rows) {
    this.rows = rows;
    byFeatures = new Places(rows.rows());
    byBoth = new Places(rows.rows());
    for (int r = 0; r < rows.rows(); r++) {
      long features = hash(rows.features(), r, rows.columns(), 0);
      byFeatures.put(features, r, rows, false);
      byBoth.put(hash(rows.targets(), r, rows.targetColumns(), features), r, rows, true);
    }
  }

  /** {@return the rows of another set that are in this one} */
  Duplicates of(Dataset others) {
    int shared = 0;
    int sameLabel = 0;
    List<Pair> examples = new ArrayList<>();
    for (int r = 0; r < others.rows(); r++) {
      long features = hash(others.features(), r, others.columns(), 0);
      int like = byFeatures.find(features, others, r, rows, false);
      if (like < 0) {
        continue;
      }
      long both = hash(others.targets(), r, others.targetColumns(), features);
      int same = byBoth.find(both, others, r, rows, true);
      shared++;
      sameLabel += same >= 0 ? 1 : 0;
      if (examples.size() < EXAMPLES) {
        examples.add(new Pair(same >= 0 ? same : like, r, same >= 0));
      }
    }
    return new Duplicates(others.rows(), shared, sameLabel, examples);
  }

  private static long hash(float[] numbers, int row, int columns, long begun) {
    long hash = begun ^ 0x9E3779B97F4A7C15L;
    for (int i = row * columns; i < (row + 1) * columns; i++) {
      hash = (hash ^ Float.floatToIntBits(numbers[i] + 0f)) * 0xBF58476D1CE4E5B9L; // −0 is 0
      hash ^= hash >>> 31;
    }
    return hash;
  }

  private static boolean equal(Dataset a, int rowOfA, Dataset b, int rowOfB, boolean labels) {
    return equal(a.features(), rowOfA, b.features(), rowOfB, a.columns())
        && (!labels || equal(a.targets(), rowOfA, b.targets(), rowOfB, a.targetColumns()));
  }

  private static boolean equal(float[] a, int rowOfA, float[] b, int rowOfB, int columns) {
    for (int c = 0; c < columns; c++) {
      float x = a[rowOfA * columns + c] + 0f;
      float y = b[rowOfB * columns + c] + 0f;
      if (Float.floatToIntBits(x) != Float.floatToIntBits(y)) {
        return false;
      }
    }
    return true;
  }

  /** The first of equal rows by their hash, in a table with room for twice as many. */
  private static final class Places {
    private final int[] places;
    private final long[] hashes;

    Places(int rows) {
      int room = Integer.highestOneBit(Math.clamp(2L * rows, 1, 1 << 29)) << 1;
      places = new int[room];
      hashes = new long[room];
      Arrays.fill(places, -1);
    }

    void put(long hash, int row, Dataset rows, boolean labels) {
      int slot = slot(hash, rows, row, rows, labels);
      if (places[slot] < 0) {
        places[slot] = row;
        hashes[slot] = hash;
      }
    }

    int find(long hash, Dataset others, int row, Dataset rows, boolean labels) {
      return places[slot(hash, others, row, rows, labels)];
    }

    /** {@return where the equal row is, or the free place where it would be} */
    private int slot(long hash, Dataset others, int row, Dataset rows, boolean labels) {
      int slot = (int) (hash ^ hash >>> 32) & places.length - 1;
      while (places[slot] >= 0
          && !(hashes[slot] == hash && equal(rows, places[slot], others, row, labels))) {
        slot = slot + 1 & places.length - 1;
      }
      return slot;
    }
  }
}
