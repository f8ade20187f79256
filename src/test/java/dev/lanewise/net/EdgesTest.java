package dev.lanewise.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Edges that are quantiles of rows. */
class EdgesTest {

  private static List<Float> of(int bins, float... column) {
    return Embedding.PiecewiseLinear.ofQuantiles(List.of(0), column, 1, bins, 1)
        .orElseThrow()
        .edges()
        .getFirst();
  }

  /** NumPy 2: {@code np.unique(np.quantile(x, np.linspace(0, 1, bins + 1)))}. */
  @Example
  void quantilesAreNumPys() {
    assertEquals(List.of(1f, 2f, 3f, 4f, 5f), of(4, 5, 3, 1, 2, 4));
    assertEquals(List.of(1f, 2.5f, 5f, 7.5f, 9f), of(4, 9, 2, 1, 6, 8, 4));
    assertEquals(
        List.of(-3f, 0.14f, 0.34f, 0.58f, 2.14f, 11f), of(5, 0.1f, 0.7f, -3, 2.5f, 11, 0.3f, 0.4f));
  }

  /** Most rows have one value, which is one edge. */
  @Example
  void equalQuantilesAreOneEdge() {
    assertEquals(List.of(0f, 3f, 7f), of(4, 0, 7, 0, 0, 0, 0, 3, 0, 5));
    assertEquals(List.of(0f, 2f), of(1, 0, 0, 1, 2));
    assertEquals(List.of(-1f, 0f, 1f), of(2, -1, -0f, 0f, 0f, 1));
  }

  /** Columns of one value or two are lines whatever the edges: they are left out. */
  @Example
  void columnsOfTwoValuesHaveNoBins() {
    float[] rows = {
      1, 0, 3, 0.5f, //
      1, -0f, 1, 0.5f,
      1, 1, 2, 0.25f,
      1, 0, 2, 0.75f
    };
    Embedding.PiecewiseLinear part =
        Embedding.PiecewiseLinear.ofQuantiles(List.of(3, 0, 1, 2), rows, 4, 2, 5).orElseThrow();
    assertEquals(List.of(3, 2), part.columns());
    assertEquals(List.of(List.of(0.25f, 0.5f, 0.75f), List.of(1f, 2f, 3f)), part.edges());
    assertEquals(
        Optional.empty(), Embedding.PiecewiseLinear.ofQuantiles(List.of(0, 1), rows, 4, 2, 5));
  }

  @Property
  void edgesReachFromTheLeastToTheLargest(
      @ForAll @Size(min = 3, max = 40) List<@IntRange(min = -9, max = 9) Integer> values,
      @ForAll @IntRange(min = 1, max = 20) int bins) {
    float[] column = new float[values.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = values.get(i) / 3f;
    }
    long distinct = values.stream().distinct().count();
    var part = Embedding.PiecewiseLinear.ofQuantiles(List.of(0), column, 1, bins, 1);
    assertEquals(distinct >= 3, part.isPresent());
    if (part.isPresent()) {
      List<Float> edges = part.get().edges().getFirst();
      assertEquals(values.stream().mapToInt(v -> v).min().orElseThrow() / 3f, edges.getFirst());
      assertEquals(values.stream().mapToInt(v -> v).max().orElseThrow() / 3f, edges.getLast());
      assertTrue(edges.size() <= bins + 1);
    }
  }
}
