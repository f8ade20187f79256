package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.PromptThreads;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Initializer;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Dense layers that the training rows start. */
@Tag("kernels")
class DataStartTest {

  private static final int COLUMNS = 6;

  private final Engine engine = Engine.standard();

  /** Columns of means and deviations of their own; the last is constant. */
  private static Dataset rows(int rows, long seed) {
    float[] features = new float[rows * COLUMNS];
    for (int i = 0; i < features.length; i++) {
      int column = i % COLUMNS;
      boolean varies = column < COLUMNS - 1;
      features[i] =
          3 * column + (varies ? (float) CounterRandom.normal(seed, i) / (1 + column) : 0);
    }
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      targets[row] = row % 2;
    }
    return Dataset.of(features, COLUMNS, targets, 1);
  }

  private static Network.Builder hidden() {
    return Network.inputs(COLUMNS)
        .dense(40)
        .add(Blend.of(Activation.Function.SELU))
        .dropout(0.2)
        .dense(30)
        .batchNorm()
        .relu()
        .dense(20)
        .layerNorm()
        .activation(Activation.Function.MISH);
  }

  private float[] started(Network network, Dataset rows, long seed) {
    return DataStart.of(network, network.initialParameters(seed), rows, seed, engine);
  }

  /**
   * What a dense layer computes in training over all rows as one batch, in double precision: with
   * members that of each of them, and where each has a head, their units side by side.
   */
  private static double[][] sums(Network network, float[] theta, int place, double[][] x) {
    Network.Node dense = network.nodes().get(place);
    List<Layer> layers = new ArrayList<>(network.layers().subList(0, place + 1));
    boolean whole = place + 1 == network.layers().size();
    if (!whole) {
      layers.add(new Dense(dense.outputs())); // the identity, because the last has heads
    }
    Network lower = new Network(network.inputs(), layers, new Loss.SquaredError());
    double[] values = new double[lower.layout().size()];
    for (Network.Node node : lower.nodes().subList(0, place + 1)) {
      for (Slot tensor : node.tensors()) {
        if (network.layout().contains(tensor.name())) {
          Slot from = network.layout().slot(tensor.name());
          Slot to = lower.layout().slot(tensor.name());
          for (int i = 0; i < to.size(); i++) {
            values[to.offset() + i] = theta[from.offset() + i];
          }
        }
      }
    }
    if (!whole) {
      for (Slot matrix : lower.nodes().getLast().matrices(lower.layout())) {
        for (int j = 0; j < dense.outputs(); j++) {
          values[matrix.offset() + j * (dense.outputs() + 1)] = 1;
        }
      }
    }
    double[][] targets = new double[x.length][lower.outputs()];
    double[][] z =
        new ReferenceNetwork(lower).trainingLogits(values, new ReferenceNetwork.Batch(x, targets));
    return sideBySide(z, dense.heads());
  }

  /** Rows of which some that follow one another are one. */
  private static double[][] sideBySide(double[][] rows, int some) {
    double[][] wide = new double[rows.length / some][];
    for (int i = 0; i < wide.length; i++) {
      wide[i] =
          Arrays.stream(rows, i * some, (i + 1) * some).flatMapToDouble(Arrays::stream).toArray();
    }
    return wide;
  }

  private static Network withoutDropout(Network network) {
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.removeIf(Dropout.class::isInstance);
    return new Network(network.inputs(), layers, network.loss());
  }

  private static double[][] matrix(float[] features, int columns) {
    double[][] x = new double[features.length / columns][columns];
    for (int i = 0; i < features.length; i++) {
      x[i / columns][i % columns] = features[i];
    }
    return x;
  }

  private static double deviation(double[][] z, int column) {
    double mean = Arrays.stream(z).mapToDouble(row -> row[column]).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(z)
            .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
            .average()
            .orElseThrow());
  }

  /** Each unit's sums vary by the width and have 0 among them, but for units left as they were. */
  private static void assertStarted(
      Network network, float[] drawn, float[] theta, double[][] x, double tolerance) {
    Layout layout = network.layout();
    List<Network.Node> nodes = network.nodes();
    for (int place = 0; place < nodes.size(); place++) {
      if (!(nodes.get(place).layer() instanceof Dense)) {
        continue;
      }
      Network.Node dense = nodes.get(place);
      boolean ofTwo =
          place + 1 == nodes.size()
              && dense.outputs() == 1
              && network.loss() instanceof Loss.SigmoidCrossEntropy;
      double[][] z = sums(network, theta, place, x);
      for (int j = 0; j < dense.heads() * dense.outputs(); j++) {
        int unit = j;
        Slot weight = dense.matrices(layout).get(j / dense.outputs());
        boolean left = true;
        int first = weight.offset() + j % dense.outputs();
        for (int at = first; at < weight.end(); at += dense.outputs()) {
          left &= theta[at] == drawn[at];
        }
        if (left) {
          assertTrue(deviation(z, j) < 1e-3, dense.name());
          continue;
        }
        double expected = ofTwo ? Math.sqrt(2) : 1;
        double largest = Arrays.stream(z).mapToDouble(row -> Math.abs(row[unit])).max().orElse(0);
        assertEquals(expected, deviation(z, j), tolerance * (1 + largest), dense.name());
        if (dense.biased()) {
          double lowest = Arrays.stream(z).mapToDouble(row -> row[unit]).min().orElseThrow();
          double highest = Arrays.stream(z).mapToDouble(row -> row[unit]).max().orElseThrow();
          assertTrue(lowest <= tolerance && highest >= -tolerance, lowest + " to " + highest);
        }
      }
    }
  }

  @Property
  void sumsVaryBy1AndHave0AmongThem(@ForAll(supplier = Networks.InAnyOrder.class) Sample sample) {
    Network network = withoutDropout(sample.network());
    float[] drawn = network.initialParameters(sample.seed());
    float[] theta = DataStart.of(network, drawn, sample.dataset(), sample.seed(), engine);
    assertStarted(network, drawn, theta, matrix(sample.features(), network.inputs()), 1e-3);
  }

  @Example
  void sumsOfManyRowsVaryBy1() {
    Network network = withoutDropout(hidden().dense(1).loss(new Loss.SigmoidCrossEntropy()));
    Dataset rows = rows(2500, 3);
    float[] drawn = network.initialParameters(3);
    float[] theta = started(network, rows, 3);
    assertStarted(network, drawn, theta, matrix(rows.features(), COLUMNS), 1e-4);
    assertFalse(Arrays.equals(drawn, theta));
  }

  /** Layers behind members see the rows of all, and each member's head its own. */
  @Example
  void membersAreStartedByTheRowsOfAllAndHeadsByTheirOwn() {
    for (int outputs : new int[] {1, 3}) {
      Network network =
          Network.inputs(COLUMNS)
              .dense(9)
              .relu()
              .add(Members.of(4))
              .dense(30)
              .batchNorm()
              .relu()
              .dense(20)
              .activation(Activation.Function.TANH)
              .dense(outputs)
              .loss(new Loss.SigmoidCrossEntropy());
      Dataset rows = rows(2500, 12);
      float[] drawn = network.initialParameters(12);
      float[] theta = started(network, rows, 12);
      assertStarted(network, drawn, theta, matrix(rows.features(), COLUMNS), 1e-4);
      assertArrayEquals(theta, DataStart.of(network, drawn, rows, 12, Engine.of("scalar")));
      assertArrayEquals(
          theta,
          DataStart.of(network, drawn, new StreamedRows(new MemoryRows(rows), 7), 12, engine));
    }
  }

  /** The rows of a bias are any member's. */
  @Example
  void biasesBehindMembersAreMeansOfRowsOfAnyMember() {
    int units = 4000;
    Network network =
        Network.inputs(1).add(Members.of(2)).dense(units).dense(1).loss(new Loss.SquaredError());
    float[] drawn = network.initialParameters(13);
    Slot factor = network.layout().slot("members0.factor");
    drawn[factor.offset()] = 1;
    drawn[factor.offset() + 1] = 3;
    float[] features = new float[1000];
    Arrays.fill(features, 0, 500, 1);
    Arrays.fill(features, 500, 1000, 3);
    Dataset rows = Dataset.of(features, 1, new float[1000], 1);
    float[] theta = DataStart.of(network, drawn, rows, 13, engine);
    Slot weight = network.layout().slot("dense1.weight");
    Slot bias = network.layout().slot("dense1.bias");
    double sum = 0;
    for (int j = 0; j < units; j++) {
      sum -= theta[bias.offset() + j] / theta[weight.offset() + j];
    }
    assertEquals((1 + 3 + 3 + 9) / 4.0, sum / units, 0.2);
  }

  /** Dropout is left out, but for the factor of the classic form. */
  @Example
  void dropoutIsLeftOut() {
    Network dropping = hidden().dense(1).loss(new Loss.SquaredError());
    Dataset rows = rows(100, 4);
    assertArrayEquals(started(withoutDropout(dropping), rows, 4), started(dropping, rows, 4));
    Network classic =
        Network.inputs(COLUMNS)
            .add(new Dropout(0.5, Dropout.Form.CLASSIC))
            .dense(3)
            .loss(new Loss.SquaredError());
    Network plain = Network.inputs(COLUMNS).dense(3).loss(new Loss.SquaredError());
    float[] halves = started(classic, rows, 4);
    float[] whole = started(plain, rows, 4);
    for (Slot slot : plain.layout().slots()) {
      double factor = slot.role() == Slot.Role.WEIGHT ? 2 : 1;
      for (int i = slot.offset(); i < slot.end(); i++) {
        assertEquals(factor * whole[i], halves[i], 1e-5 * Math.abs(halves[i]));
      }
    }
  }

  @Example
  void whatStartsAt0StaysThere() {
    Dense zeros = new Dense(4).withInitializer(new Initializer.Zeros());
    Network network = hidden().add(zeros).loss(new Loss.SquaredError());
    float[] theta = started(network, rows(50, 5), 5);
    for (Slot slot : network.layout().slots()) {
      if (slot.name().startsWith("dense4")) {
        assertArrayEquals(
            new float[slot.size()], Arrays.copyOfRange(theta, slot.offset(), slot.end()));
      }
    }
  }

  /** The unit of a constant column alone has sums that are all alike. */
  @Example
  void aUnitWhoseSumsDoNotVaryIsLeftAlone() {
    Network network = Network.inputs(1).dense(7).loss(new Loss.SquaredError());
    float[] alike = new float[3000];
    Arrays.fill(alike, 0.1f);
    float[] drawn = network.initialParameters(6);
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] += i; // biases, too
    }
    Dataset rows = Dataset.of(alike, 1, new float[3000 * 7], 7);
    assertArrayEquals(drawn, DataStart.of(network, drawn, rows, 6, engine));
  }

  /** Biases that there are before are none of the sums. */
  @Example
  void biasesDoNotCount() {
    Network network = hidden().dense(1).loss(new Loss.SquaredError());
    Dataset rows = rows(60, 11);
    float[] expected = started(network, rows, 11);
    float[] biased = network.initialParameters(11);
    for (Slot slot : network.layout().slots()) {
      if (slot.role() == Slot.Role.BIAS) {
        Arrays.fill(biased, slot.offset(), slot.end(), 0.5f);
      }
    }
    assertArrayEquals(expected, DataStart.of(network, biased, rows, 11, engine), 1e-4f);
  }

  /** Only dense layers are started; statistics of norms stay as they were. */
  @Example
  void everythingElseIsCopied() {
    Network network = hidden().dense(1).loss(new Loss.SquaredError());
    float[] drawn = network.initialParameters(7);
    float[] before = drawn.clone();
    float[] theta = DataStart.of(network, drawn, rows(60, 7), 7, engine);
    assertArrayEquals(before, drawn);
    for (Slot slot : network.layout().slots()) {
      if (!slot.name().startsWith("dense")) {
        assertArrayEquals(
            Arrays.copyOfRange(drawn, slot.offset(), slot.end()),
            Arrays.copyOfRange(theta, slot.offset(), slot.end()),
            slot.name());
      }
    }
  }

  /**
   * Of five shares that are uniform on the simplex the squares add up to 1/3 in the mean: biases
   * are means of rows, with a third of the rows' variance.
   */
  @Example
  void biasesAreMeansOfFiveRowsByUniformShares() {
    int units = 4000;
    Network network = Network.inputs(1).dense(units).loss(new Loss.SquaredError());
    int count = 3000;
    float[] features = new float[count];
    for (int i = 0; i < count; i++) {
      features[i] = 5 + (float) CounterRandom.normal(8, i);
    }
    Dataset rows = Dataset.of(features, 1, new float[count * units], units);
    float[] theta = DataStart.of(network, network.initialParameters(8), rows, 8, engine);
    Slot weight = network.layout().slot("dense1.weight");
    Slot bias = network.layout().slot("dense1.bias");
    double sum = 0;
    double squares = 0;
    for (int j = 0; j < units; j++) {
      double zero = -theta[bias.offset() + j] / theta[weight.offset() + j];
      sum += zero - 5;
      squares += (zero - 5) * (zero - 5);
    }
    assertEquals(0, sum / units, 0.06);
    assertEquals(1 / 3.0, squares / units, 0.04);
  }

  @Example
  void theResultIsIndependentOfThreadsKernelsAndStreams() {
    Network network = hidden().dense(1).loss(new Loss.SquaredError());
    Dataset rows = rows(2500, 9);
    float[] drawn = network.initialParameters(9);
    float[] expected = DataStart.of(network, drawn, rows, 9, Engine.of("scalar"));
    assertArrayEquals(expected, DataStart.of(network, drawn, rows, 9, engine));
    MemoryRows source = new MemoryRows(rows);
    StreamedRows stream = new StreamedRows(source, 7);
    assertArrayEquals(expected, DataStart.of(network, drawn, stream, 9, engine));
    assertEquals(5, source.opened, "one pass for each dense layer and the batch norm");
    assertEquals(5, source.closed);
    try (PromptThreads threads = new PromptThreads()) {
      for (int width : new int[] {2, 5}) {
        Engine parallel = engine.withParallel(Parallel.on(threads, width));
        assertArrayEquals(expected, DataStart.of(network, drawn, rows, 9, parallel));
      }
    }
    assertFalse(Arrays.equals(expected, DataStart.of(network, drawn, rows, 10, engine)));
  }

  @Example
  void noMoreThanTheFirstRowsAreLookedAt() {
    Network network = Network.inputs(COLUMNS).dense(5).loss(new Loss.SquaredError());
    Dataset many = rows(DataStart.MOST_ROWS + 1500, 10);
    float[] changed = many.features().clone();
    for (int i = DataStart.MOST_ROWS * COLUMNS; i < changed.length; i++) {
      changed[i] = 1000;
    }
    float[] expected = started(network, many, 10);
    int first = DataStart.MOST_ROWS;
    float[] features = Arrays.copyOf(many.features(), first * COLUMNS);
    Dataset alone = Dataset.of(features, COLUMNS, Arrays.copyOf(many.targets(), first), 1);
    assertArrayEquals(expected, started(network, alone, 10));
    MemoryRows others = new MemoryRows(Dataset.of(changed, COLUMNS, many.targets(), 1));
    float[] drawn = network.initialParameters(10);
    StreamedRows stream = new StreamedRows(others, 7);
    assertArrayEquals(expected, DataStart.of(network, drawn, stream, 10, engine));
    assertEquals(1, others.closed);
    Arrays.fill(changed, (DataStart.MOST_ROWS - 1) * COLUMNS, changed.length, 1000);
    Dataset earlier = Dataset.of(changed, COLUMNS, many.targets(), 1);
    assertFalse(Arrays.equals(expected, started(network, earlier, 10)));
  }
}
