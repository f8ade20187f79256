package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Floats;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/** Numbers of an embedding that bend at edges. */
@Tag("kernels")
class PiecewiseLinearTest {

  private static final int SIZE = 5;

  private final Engine engine = Engine.standard();

  /** The scores are what the column becomes: an identity stands behind. */
  private record Bent(List<Float> edges, Network network, float[] theta) {

    /** With parameters and edges of few digits, so that no sum is rounded. */
    static Bent exact(int bins, long seed) {
      List<Float> edges = new ArrayList<>(List.of(-3f));
      for (int b = 0; b < bins; b++) {
        edges.add(edges.getLast() + (1 << CounterRandom.below(seed, b, 4)) / 8f);
      }
      Bent bent = of(edges, seed);
      for (int i = 0; i < bent.theta.length; i++) {
        bent.theta[i] = (CounterRandom.below(seed + 1, i, 64) - 32) / 8f;
      }
      bent.behind();
      return bent;
    }

    static Bent of(List<Float> edges, long seed) {
      Embedding embedding =
          new Embedding(List.of(new Embedding.PiecewiseLinear(List.of(0), List.of(edges), SIZE)));
      Network network = Network.inputs(1).add(embedding).dense(SIZE).loss(new Loss.SquaredError());
      Bent bent = new Bent(edges, network, Floats.normals(network.layout().size(), seed));
      bent.behind();
      return bent;
    }

    private void behind() {
      Slot weight = network.layout().slot("dense1.weight");
      Slot bias = network.layout().slot("dense1.bias");
      Arrays.fill(theta, weight.offset(), weight.end(), 0);
      Arrays.fill(theta, bias.offset(), bias.end(), 0);
      for (int j = 0; j < SIZE; j++) {
        theta[weight.offset() + j * SIZE + j] = 1;
      }
    }

    float of(String tensor, int index) {
      return theta[network.layout().slot("embedding0." + tensor).offset() + index];
    }

    float line(float x, int j) {
      return x * of("slope", j) + of("intercept", j);
    }

    float[] at(float... x) {
      Sample sample =
          new Sample(1, network, theta, x.length, x, new float[x.length * SIZE], SIZE, 1);
      return Plans.scores(sample, Engine.standard());
    }
  }

  @Property
  void atAnEdgeItIsTheLineAndAllBinsBelow(
      @ForAll @IntRange(min = 1, max = 20) int bins, @ForAll long seed) {
    Bent bent = Bent.exact(bins, seed);
    for (int e = 0; e <= bins; e++) {
      float edge = bent.edges.get(e);
      float[] found = bent.at(edge);
      for (int j = 0; j < SIZE; j++) {
        float expected = bent.line(edge, j);
        for (int bin = 0; bin < e; bin++) {
          expected += bent.of("bins", bin * SIZE + j);
        }
        assertEquals(expected, found[j], "edge " + e);
      }
    }
  }

  @Property
  void withinABinItIsLinear(@ForAll @IntRange(min = 1, max = 20) int bins, @ForAll long seed) {
    Bent bent = Bent.exact(bins, seed);
    for (int e = 0; e < bins; e++) {
      float low = bent.edges.get(e);
      float step = (bent.edges.get(e + 1) - low) / 4;
      float[] low4 = bent.at(low, low + step, low + 2 * step, low + 3 * step, low + 4 * step);
      for (int j = 0; j < SIZE; j++) {
        float slope = (low4[4 * SIZE + j] - low4[j]) / 4;
        for (int quarter = 1; quarter < 4; quarter++) {
          assertEquals(low4[j] + quarter * slope, low4[quarter * SIZE + j]);
        }
      }
    }
  }

  /** A narrow bin at an end would be as steep as it is narrow, where no row has been. */
  @Property
  void beyondTheEdgesItStays(
      @ForAll @IntRange(min = 1, max = 20) int bins,
      @ForAll @FloatRange(max = 3e38f) float by,
      @ForAll long seed) {
    Bent bent = Bent.exact(bins, seed);
    float first = bent.edges.getFirst();
    float last = bent.edges.getLast();
    float[] found = bent.at(first - by, first, last, last + by);
    for (int j = 0; j < SIZE; j++) {
      assertEquals(found[SIZE + j], found[j]);
      assertEquals(found[2 * SIZE + j], found[3 * SIZE + j]);
    }
  }

  /** Edges may be as near each other as floats are. */
  @Example
  void theNarrowestBinHasNumbersBeyondIt() {
    Bent bent = Bent.of(List.of(0f, Float.MIN_VALUE), 1);
    for (float value : bent.at(-1, 0, Float.MIN_VALUE, 1)) {
      assertTrue(Float.isFinite(value));
    }
  }

  /** The last number below an edge is so near that only rounding is between. */
  @Property
  void atEdgesItIsContinuous(@ForAll @IntRange(min = 2, max = 20) int bins, @ForAll long seed) {
    List<Float> edges = new ArrayList<>(List.of(-1.3f));
    for (int b = 0; b < bins; b++) {
      edges.add(edges.getLast() + (float) (0.01 + CounterRandom.uniform(seed, b)));
    }
    Bent bent = Bent.of(edges, seed);
    for (float edge : edges) {
      float[] found = bent.at(Math.nextDown(edge), edge, Math.nextUp(edge));
      for (int j = 0; j < SIZE; j++) {
        float tolerance = 1e-5f * (1 + bins);
        assertEquals(found[SIZE + j], found[j], tolerance);
        assertEquals(found[SIZE + j], found[2 * SIZE + j], tolerance);
      }
    }
  }

  @Example
  void itStartsAsALine() {
    int columns = 300;
    List<Integer> all = new ArrayList<>();
    List<List<Float>> edges = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      all.add(c);
      edges.add(List.of(-1f, 0f, 1f));
    }
    Network network =
        Network.inputs(columns)
            .add(new Embedding(List.of(new Embedding.PiecewiseLinear(all, edges, 8))))
            .dense(1)
            .loss(new Loss.SquaredError());
    float[] theta = network.initialParameters(3);
    Slot bins = network.layout().slot("embedding0.bins");
    assertArrayEquals(new int[] {600, 8}, bins.shape());
    assertEquals(Slot.Role.TABLE, bins.role());
    assertArrayEquals(new float[bins.size()], Arrays.copyOfRange(theta, bins.offset(), bins.end()));
    assertEquals(Slot.Role.TABLE, network.layout().slot("embedding0.slope").role());
    assertEquals(Slot.Role.BIAS, network.layout().slot("embedding0.intercept").role());
    for (String tensor : List.of("embedding0.slope", "embedding0.intercept")) {
      Slot slot = network.layout().slot(tensor);
      assertEquals(columns * 8, slot.size());
      float[] expected = new float[slot.end()];
      new Initializer.Fixed(1 / Math.sqrt(3), Initializer.Distribution.UNIFORM)
          .fill(expected, slot, 3);
      assertArrayEquals(
          Arrays.copyOfRange(expected, slot.offset(), slot.end()),
          Arrays.copyOfRange(theta, slot.offset(), slot.end()));
      float largest = 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        largest = Math.max(largest, Math.abs(theta[i]));
      }
      assertTrue(largest <= 1 && largest > 0.99, tensor + " up to " + largest);
    }
  }

  @Example
  void aRowThatIsNoNumberIsNaNAlone() {
    Bent bent = Bent.exact(3, 1);
    float[] found = bent.at(0, Float.NaN, 1);
    for (int i = 0; i < found.length; i++) {
      assertEquals(i / SIZE == 1, Float.isNaN(found[i]), "number " + i);
    }
  }

  /** A batch in parts of any size: their sums go on where those of the parts before ended. */
  @Property
  void partsOfABatchHaveItsBits(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int bins,
      @ForAll @IntRange(min = 2, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 69) int part) {
    Assume.that(part < rows);
    Bent bent = Bent.exact(bins, seed);
    Sample sample =
        new Sample(
            seed,
            bent.network,
            Floats.normals(bent.theta.length, seed),
            rows,
            Floats.normals(rows, seed + 1),
            Floats.normals(rows * SIZE, seed + 2),
            SIZE,
            seed);
    float[] whole = Plans.gradient(sample, engine);
    float[] parts = new float[whole.length];
    TrainingPlan.compile(bent.network, rows, part, engine)
        .gradients(sample.theta(), Plans.batch(sample), seed, parts);
    for (String name : List.of("slope", "intercept", "bins")) {
      Slot slot = bent.network.layout().slot("embedding0." + name);
      assertArrayEquals(
          Arrays.copyOfRange(whole, slot.offset(), slot.end()),
          Arrays.copyOfRange(parts, slot.offset(), slot.end()),
          name);
    }
  }
}
