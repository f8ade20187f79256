package dev.lanewise.net;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Layers at their places, in any order: numbers, names, columns, tensors, starts. */
class NodesTest {

  private static final Layer RELU = Activation.of(Activation.Function.RELU);

  /** A letter for each layer: dense, batch norm, layer norm, activation, dropout. */
  private static List<Layer> layers(String letters) {
    List<Layer> layers = new ArrayList<>();
    for (char letter : letters.toCharArray()) {
      layers.add(
          switch (letter) {
            case 'D' -> new Dense(layers.size() + 2);
            case 'B' -> new BatchNorm();
            case 'L' -> new LayerNorm();
            case 'A' -> RELU;
            case 'O' -> new Dropout(0.5);
            default -> throw new AssertionError(letter);
          });
    }
    return layers;
  }

  private static List<Network.Node> place(int inputs, List<Layer> layers) {
    return new Network(inputs, layers, new Loss.SquaredError()).nodes();
  }

  /** All words of up to five letters that end with a dense layer. */
  private static List<String> words() {
    List<String> all = new ArrayList<>();
    List<String> fronts = List.of("");
    for (int length = 1; length <= 5; length++) {
      fronts.forEach(front -> all.add(front + "D"));
      fronts =
          fronts.stream()
              .flatMap(front -> "DBLAO".chars().mapToObj(letter -> front + (char) letter))
              .toList();
    }
    return all;
  }

  /** Between two dense layers there may be one norm and one dropout, in any order. */
  private static boolean namesDiffer(String word) {
    for (String between : word.split("D", -1)) {
      if (between.matches(".*[BL].*[BL].*") || between.matches(".*O.*O.*")) {
        return false;
      }
    }
    return true;
  }

  @Test
  void anyOrderIsPlacedUnlessNamesWouldMeet() {
    for (String word : words()) {
      if (namesDiffer(word)) {
        assertEquals(layers(word), layersOf(place(3, layers(word))), word);
      } else {
        assertRefusedSaying("; expected a Dense between them", () -> place(3, layers(word)));
      }
    }
  }

  private static List<Layer> layersOf(List<Network.Node> nodes) {
    return nodes.stream().map(Network.Node::layer).toList();
  }

  @Test
  void layersOfOneNameAreRefusedNamingBoth() {
    assertRefusedSaying(
        "layer 2: LayerNorm[epsilon=1.0E-5], and layer 4: BatchNorm[epsilon=1.0E-5, decay=0.9,"
            + " variance=UNBIASED]; expected a Dense between them, as both are norm1",
        () -> place(3, layers("DLABD")));
    assertRefusedSaying(
        "layer 1: Dropout[keep=0.5, form=INVERTED], and layer 3: Dropout[keep=0.5, form=INVERTED];"
            + " expected a Dense between them, as both are dropout0",
        () -> place(3, layers("OAOD")));
    assertEquals(4, place(3, layers("DAAD")).size());
  }

  @Test
  void twoBlendsOfOneNameAreRefused() {
    Blend blend = Blend.of(Activation.Function.TANH);
    assertRefusedSaying(
        "; expected a Dense between them, as both are blend1",
        () -> place(3, List.of(new Dense(2), blend, RELU, blend, new Dense(1))));
    List<Network.Node> nodes = place(3, List.of(blend, new Dense(2), blend, new Dense(1)));
    assertEquals("blend0.scale", nodes.getFirst().tensors().getFirst().name());
    assertEquals("blend1.scale", nodes.get(2).tensors().getFirst().name());
  }

  @Test
  void theLastLayerMustBeDense() {
    assertRefusedSaying("last layer: none", () -> place(3, List.of()));
    assertRefusedSaying("last layer: Dropout", () -> place(3, layers("DO")));
  }

  @Test
  void theNumberOfALayerCountsTheDenseOnesUpToIt() {
    List<Network.Node> nodes = place(3, layers("OLADOABDLD"));
    assertEquals(
        List.of(0, 0, 0, 1, 1, 1, 1, 2, 2, 3), nodes.stream().map(Network.Node::number).toList());
    assertEquals(
        List.of(
            "dropout0",
            "norm0",
            "activation0",
            "dense1",
            "dropout1",
            "activation1",
            "norm1",
            "dense2",
            "norm2",
            "dense3"),
        nodes.stream().map(Network.Node::name).toList());
  }

  @Test
  void whatLeavesALayerReachesTheNext() {
    for (String word : words()) {
      if (namesDiffer(word)) {
        int columns = 3;
        for (Network.Node node : place(3, layers(word))) {
          assertEquals(columns, node.inputs(), word);
          columns = node.layer() instanceof Dense dense ? dense.units() : columns;
          assertEquals(columns, node.outputs(), word);
        }
      }
    }
  }

  /** Behind anything else, even a dropout, batch norm leaves the bias: only directly is it void. */
  @Test
  void aDenseLayerHasABiasUnlessBatchNormIsDirectlyBehindIt() {
    for (String word : words()) {
      if (namesDiffer(word)) {
        List<Network.Node> nodes = place(3, layers(word));
        for (int i = 0; i < word.length(); i++) {
          boolean biased = word.charAt(i) == 'D' && !word.startsWith("B", i + 1);
          assertEquals(biased, nodes.get(i).biased(), word);
        }
      }
    }
  }

  @Test
  void layerNormNeedsTwoColumnsWhereverItStands() {
    String expected = "layer norm over 1 unit; expected at least 2, as it subtracts their mean";
    assertRefusedSaying("layer 1: " + expected, () -> place(1, layers("LD")));
    assertRefusedSaying(
        "layer 3: " + expected,
        () -> place(4, List.of(new Dense(1), RELU, new LayerNorm(), new Dense(2))));
    assertEquals(2, place(2, layers("LD")).getFirst().outputs());
  }

  /** Names are the layer's and the role's; a vector has an element for each output. */
  @Test
  void tensorsAreNamedAfterTheirPlaceAndRole() {
    for (String word : words()) {
      if (namesDiffer(word)) {
        Set<String> names = new TreeSet<>();
        for (Network.Node node : place(3, layers(word))) {
          assertEquals(
              node.biased(), node.tensors().stream().anyMatch(s -> s.role() == Slot.Role.BIAS));
          for (Slot slot : node.tensors()) {
            assertEquals(node.name(slot.role()), slot.name());
            assertEquals(node.outputs(), slot.columns(), slot.name());
            assertEquals(slot.role() == Slot.Role.WEIGHT ? node.inputs() : 1, slot.rows());
            assertTrue(names.add(slot.name()), word + ": " + slot.name());
          }
        }
      }
    }
    Network.Node norm = new Network.Node(3, new LayerNorm(), 5, false);
    assertEquals("norm3.shift", norm.name(Slot.Role.SHIFT));
  }

  @Test
  void aTensorIsFoundInALayoutByItsRole() {
    Network network = Network.inputs(3).dense(4).batchNorm().dense(2).loss(new Loss.SquaredError());
    Layout layout = network.layout();
    for (Network.Node node : network.nodes()) {
      for (Slot slot : node.tensors()) {
        assertEquals(layout.slot(slot.name()), node.slot(layout, slot.role()));
      }
    }
  }

  @Property
  void aNetworkIsItsNodes(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Network network = sample.network();
    assertEquals(network.layers(), layersOf(network.nodes()));
    assertEquals(network.inputs(), network.nodes().getFirst().inputs());
    assertEquals(network.outputs(), network.nodes().getLast().outputs());
    assertEquals(
        network.layout().slots().stream().map(Slot::name).toList(),
        network.nodes().stream().flatMap(n -> n.tensors().stream()).map(Slot::name).toList());
    assertEquals(
        network.nodes().stream().filter(n -> n.layer() instanceof Dense).toList(), network.dense());
  }

  @Test
  void layersOfAnyOrderStartAsTheyDoElsewhere() {
    List<Network.Node> nodes = place(3, layers("LADOBAD"));
    Layout layout = Layout.of(nodes.stream().flatMap(n -> n.tensors().stream()).toList());
    float[] theta = new float[layout.size()];
    nodes.forEach(node -> node.layer().initialize(theta, node, layout, 7));
    for (Slot slot : layout.slots()) {
      float[] expected = new float[slot.end()];
      switch (slot.role()) {
        case WEIGHT -> new Dense(1).initializer().fill(expected, slot, 7);
        case SCALE, VARIANCE -> Arrays.fill(expected, slot.offset(), slot.end(), 1);
        default -> {}
      }
      for (int i = slot.offset(); i < slot.end(); i++) {
        assertEquals(expected[i], theta[i], slot.name());
      }
    }
    assertTrue(layout.contains("norm0.scale") && layout.contains("norm1.mean"));
  }

  @Property
  void aLayerIsItsKindAndItsParameters(@ForAll(supplier = Networks.Any.class) Sample sample) {
    for (Layer layer : sample.network().layers()) {
      assertEquals(layer, layer.kind().of(new Parameters(layer.parameters())));
    }
  }

  @Test
  void everyKindHasALayerThatSaysSo() {
    List<Layer> all = new ArrayList<>(layers("DBLAO"));
    Dense dense = new Dense(3).withMaxNorm(2).withPenalty(Penalty.l1(0.5));
    all.add(dense);
    all.add(new Scaling());
    Initializer fixed = new Initializer.Fixed(0.5, Initializer.Distribution.UNIFORM);
    all.add(new Dense(3).withBiasInitializer(fixed));
    all.add(new Dropout(0.25, Dropout.Form.CLASSIC));
    all.add(new Activation(Activation.Function.ELU, 0.5f));
    all.add(new Blend(new Activation(Activation.Function.ELU, 0.5f)));
    all.add(new BatchNorm(0.5, 0.25, BatchNorm.Variance.BIASED));
    all.add(Members.of(3).withStart(Members.Start.NORMAL).withWidths(List.of(1, 2)));
    all.add(
        new Embedding(
            List.of(
                new Embedding.Pass(List.of(2)),
                new Embedding.Category(List.of(1, 0), List.of(5, 3), 2),
                new Embedding.Periodic(List.of(3), 5, 3, 0.25),
                new Embedding.PiecewiseLinear(
                    List.of(5, 4), List.of(List.of(0f, 0.1f), List.of(-1f, 0f, 2f)), 3))));
    Set<Layer.Kind> kinds = EnumSet.noneOf(Layer.Kind.class);
    for (Layer layer : all) {
      kinds.add(layer.kind());
      assertEquals(layer, layer.kind().of(new Parameters(layer.parameters())));
    }
    assertEquals(EnumSet.allOf(Layer.Kind.class), kinds);
    assertArrayEquals(
        new String[] {"units", "initializer", "penalty", "max_norm"},
        dense.parameters().keySet().toArray());
  }

  /** Parameters as a layer gives them; what is absent or of another type is refused. */
  private record Parameters(Map<String, Object> values) implements Layer.Values {

    private <T> T get(String name, Class<T> type) {
      Object value = values.get(name);
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(name + ": " + value);
      }
      return type.cast(value);
    }

    @Override
    public boolean has(String name) {
      return values.containsKey(name);
    }

    @Override
    public int integer(String name) {
      return get(name, Integer.class);
    }

    @Override
    public double number(String name) {
      return get(name, Double.class);
    }

    @Override
    public float single(String name) {
      return get(name, Float.class);
    }

    @Override
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
      return get(name, type);
    }

    @Override
    public Initializer initializer(String name) {
      return get(name, Initializer.class);
    }

    @Override
    public Penalty penalty(String name) {
      return get(name, Penalty.class);
    }

    @Override
    public List<Integer> integers(String name) {
      List<?> list = get(name, List.class);
      return list.stream().map(Integer.class::cast).toList();
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<List<Float>> singles(String name, int most) {
      return get(name, List.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> List<T> each(String name, Function<Layer.Values, T> reader) {
      List<Map<String, Object>> items = get(name, List.class);
      return items.stream().map(item -> reader.apply(new Parameters(item))).toList();
    }
  }
}
