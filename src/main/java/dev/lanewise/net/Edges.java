package dev.lanewise.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where bins of columns begin and end. */
final class Edges {

  private Edges() {}

  /** Refuses edges that bins cannot have. */
  static void check(List<Float> edges) {
    if (edges.size() < 2) {
      throw new IllegalArgumentException("edges: %s; expected at least 2".formatted(edges));
    }
    for (int i = 0; i < edges.size(); i++) {
      float edge = edges.get(i);
      float step = i == 0 ? 1 : edge - edges.get(i - 1);
      if (!(Float.isFinite(edge) && step > 0 && step < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "edges: %s%s; expected finite numbers, ascending by finite steps"
                .formatted(i == 0 ? "" : edges.get(i - 1) + ", ", edge));
      }
    }
  }

  /** {@return the quantiles of those columns of rows that have three values or more} */
  static Map<Integer, List<Float>> quantiles(
      List<Integer> columns, float[] rows, int inputs, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("bins: %d; expected at least 1".formatted(bins));
    }
    if (inputs < 1 || rows.length == 0 || rows.length % inputs != 0) {
      throw new IllegalArgumentException(
          "rows: %d numbers of %d columns; expected one row or more"
              .formatted(rows.length, inputs));
    }
    Map<Integer, List<Float>> edges = new LinkedHashMap<>();
    for (int column : columns) {
      if (column < 0 || column >= inputs) {
        throw new IllegalArgumentException(
            "columns: %d; expected from 0 to %d".formatted(column, inputs - 1));
      }
      float[] sorted = sorted(rows, inputs, column);
      if (hasThreeValues(sorted)) {
        edges.put(column, quantiles(sorted, bins));
      }
    }
    return edges;
  }

  private static float[] sorted(float[] rows, int inputs, int column) {
    float[] sorted = new float[rows.length / inputs];
    for (int r = 0; r < sorted.length; r++) {
      float x = rows[r * inputs + column];
      if (!Float.isFinite(x)) {
        throw new IllegalArgumentException(
            "rows: %s in row %d, column %d; expected finite numbers".formatted(x, r, column));
      }
      sorted[r] = x;
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private static boolean hasThreeValues(float[] sorted) {
    int second = 1;
    while (second < sorted.length && sorted[second] == sorted[0]) {
      second++;
    }
    return second < sorted.length && sorted[second] < sorted[sorted.length - 1];
  }

  /**
   * {@return what cuts the numbers into so many parts, each once} Between two ranks it lies on a
   * line, as NumPy has it.
   */
  private static List<Float> quantiles(float[] sorted, int bins) {
    List<Float> edges = new ArrayList<>();
    for (int i = 0; i <= bins; i++) {
      long place = (long) i * (sorted.length - 1);
      int rank = (int) (place / bins);
      double below = sorted[rank];
      double above = sorted[Math.min(rank + 1, sorted.length - 1)];
      float edge = (float) (below + (above - below) * (place % bins) / bins);
      if (edges.isEmpty() || edge > edges.getLast()) {
        edges.add(edge);
      }
    }
    return edges;
  }
}
