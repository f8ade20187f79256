package dev.lanewise.net;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.net.Initializer.Distribution;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private static final Layer DENSE = new Dense(3);
  private static final Layer NORM = new BatchNorm();
  private static final Layer RELU = Activation.of(Activation.Function.RELU);
  private static final Layer DROPOUT = Dropout.keeping(0.5);
  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

  @Test
  void orthogonalWeightsAreOrthonormalTimesTheGain() {
    int[][] shapes = {{1, 1}, {7, 3}, {3, 7}, {16, 16}, {65, 64}, {1, 9}, {9, 1}};
    for (int[] shape : shapes) {
      for (double gain : new double[] {1, Math.sqrt(2)}) {
        Slot slot = new Slot("w", Slot.Role.WEIGHT, 2, shape[0], shape[1]);
        float[] w = new float[slot.end()];
        new Initializer.Orthogonal(gain).fill(w, slot, 5);
        boolean wide = shape[0] < shape[1];
        int vectors = Math.min(shape[0], shape[1]);
        for (int a = 0; a < vectors; a++) {
          for (int b = 0; b <= a; b++) {
            double product = 0;
            for (int i = 0; i < Math.max(shape[0], shape[1]); i++) {
              product +=
                  (double) w[2 + (wide ? a * shape[1] + i : i * shape[1] + a)]
                      * w[2 + (wide ? b * shape[1] + i : i * shape[1] + b)];
            }
            assertEquals(a == b ? gain * gain : 0, product, 1e-6);
          }
        }
      }
    }
  }

  @Test
  void orthogonalWeightsAreAFunctionOfSeedAndName() {
    Network network =
        Network.inputs(4)
            .add(new Dense(3).withInitializer(new Initializer.Orthogonal()))
            .add(new Dense(3).withInitializer(new Initializer.Orthogonal()))
            .loss(new Loss.SquaredError());
    assertArrayEquals(network.initialParameters(1), network.initialParameters(1));
    assertTrue(network.initialParameters(1)[0] != network.initialParameters(2)[0]);
    assertTrue(network.initialParameters(1)[0] != network.initialParameters(1)[12]);
    int positive = 0;
    for (int seed = 0; seed < 200; seed++) {
      positive += network.initialParameters(seed)[0] > 0 ? 1 : 0;
    }
    assertTrue(positive > 70 && positive < 130, "signs are drawn too: " + positive);
  }

  @Test
  void gainsAndLengthsThatAreNotPositiveAreRefused() {
    for (double number : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new Initializer.Orthogonal(number));
      assertThrows(IllegalArgumentException.class, () -> new Dense(1).withMaxNorm(number));
    }
  }

  @Test
  void smoothingOutsideZeroToOneIsRefused() {
    for (float smoothing : new float[] {-0.1f, 1, Float.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new Loss.SoftmaxCrossEntropy(smoothing));
      assertThrows(IllegalArgumentException.class, () -> new Loss.SigmoidCrossEntropy(smoothing));
    }
  }

  @Test
  void anyOrderIsTakenThatEndsWithADense() {
    accepted(DENSE);
    accepted(DROPOUT, DENSE);
    accepted(DENSE, DENSE);
    accepted(DROPOUT, DENSE, NORM, RELU, DROPOUT, DENSE, RELU, DENSE, NORM, DROPOUT, DENSE);
    accepted(NORM, RELU, DROPOUT, DENSE);
    accepted(RELU, DENSE, RELU, NORM, RELU, DENSE);
    accepted(DENSE, DROPOUT, RELU, NORM, DENSE);
  }

  private static void accepted(Layer... layers) {
    assertEquals(List.of(layers), new Network(2, List.of(layers), LOSS).layers());
  }

  @Test
  void layersOfOneNameAndALastLayerThatIsNotDenseAreRefused() {
    String expected = "expected a Dense between them";
    refused(expected, "layer 1: Dropout", DROPOUT, DROPOUT, DENSE);
    refused(expected, "layer 2: Dropout", DENSE, DROPOUT, RELU, DROPOUT, DENSE);
    refused(expected, "layer 2: BatchNorm", DENSE, NORM, NORM, DENSE);
    refused(expected, "layer 2: BatchNorm", DENSE, NORM, RELU, new LayerNorm(), DENSE);
    refused("expected a Dense", "last layer: none");
    refused("expected a Dense", "last layer: Dropout", DROPOUT);
    refused("expected a Dense", "last layer: Activation", DENSE, RELU);
  }

  private static void refused(String expected, String place, Layer... layers) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> new Network(2, List.of(layers), LOSS));
    assertTrue(e.getMessage().startsWith(place), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void layerNormOverOneUnitIsRefused() {
    refused(
        "expected at least 2",
        "layer 2: layer norm over 1 unit",
        new Dense(1),
        new LayerNorm(),
        DENSE);
    accepted(new Dense(2), new LayerNorm(), DENSE);
  }

  /**
   * All sequences of up to five layers: accepted are those that end with a dense one and have
   * another between two norms, and between two dropouts.
   */
  @Test
  void ordersAreThoseOfTheGrammar() {
    for (int length = 1; length <= 5; length++) {
      for (int code = 0; code < 1 << 2 * length; code++) {
        StringBuilder word = new StringBuilder();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < length; i++) {
          int letter = code >> 2 * i & 3;
          word.append("DNAO".charAt(letter));
          Layer norm = code % 2 == 0 ? NORM : new LayerNorm();
          layers.add(List.of(DENSE, norm, RELU, DROPOUT).get(letter));
        }
        boolean fits = word.toString().matches("(?!.*N[^D]*N)(?!.*O[^D]*O).*D");
        assertEquals(fits, isAccepted(layers), word::toString);
      }
    }
  }

  private static boolean isAccepted(List<Layer> layers) {
    try {
      new Network(2, layers, LOSS);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void impossibleNumbersAreRefusedByName() {
    assertRefusedSaying("inputs: 0", () -> Network.inputs(0).dense(2).loss(LOSS));
    assertRefusedSaying(
        "loss: SoftmaxCrossEntropy over 1 output", () -> Network.inputs(1).dense(1).loss(LOSS));
    assertRefusedSaying("units: 0", () -> new Dense(0));
    assertRefusedSaying("keep: 0.0", () -> Dropout.keeping(0));
    assertRefusedSaying("keep: NaN", () -> Dropout.keeping(Double.NaN));
    assertRefusedSaying("keep: 1.5", () -> Dropout.keeping(1.5));
    assertRefusedSaying("probability of dropping: 1.0", () -> Dropout.of(1));
    assertRefusedSaying("epsilon: 0.0", () -> new BatchNorm(0, 0.9, BatchNorm.Variance.BIASED));
    assertRefusedSaying("epsilon: Infinity", () -> new LayerNorm(Double.POSITIVE_INFINITY));
    assertRefusedSaying("epsilon: NaN", () -> new LayerNorm(Double.NaN));
    assertRefusedSaying("decay: 1.1", () -> new BatchNorm(1e-5, 1.1, BatchNorm.Variance.BIASED));
    assertRefusedSaying(
        "decay: NaN", () -> new BatchNorm(1e-5, Double.NaN, BatchNorm.Variance.BIASED));
    assertRefusedSaying(
        "parameter of RELU: 1.0", () -> new Activation(Activation.Function.RELU, 1));
    assertRefusedSaying(
        "parameter of ELU: -1.0", () -> new Activation(Activation.Function.ELU, -1));
    assertRefusedSaying("delta: 0.0", () -> new Loss.Huber(0));
    assertRefusedSaying("l2: -1.0", () -> Penalty.l2(-1));
    assertRefusedSaying("l1PerExample: NaN", () -> Penalty.l1PerExample(Double.NaN));
    assertRefusedSaying(
        "deviation: Infinity", () -> new Initializer.Fixed(1 / 0.0, Distribution.NORMAL));
    assertRefusedSaying("trainingRows: 0", () -> Penalty.NONE.resolve(0));
  }

  @Test
  void aBiasThatBatchNormMakesRedundantIsLeftOut() {
    Network network = Network.inputs(4).dense(3).batchNorm().relu().dense(2).loss(LOSS);
    assertFalse(network.layout().contains("dense1.bias"));
    assertTrue(network.layout().contains("norm1.shift"));
    assertTrue(network.layout().contains("dense2.bias"));
    assertEquals(4 * 3 + 3 + 3 + 3 * 2 + 2, network.layout().trained());
  }

  @Test
  void layerNormHasAScaleAndAShiftAndLeavesTheBias() {
    Network network = Network.inputs(4).dense(3).layerNorm().relu().dense(2).loss(LOSS);
    assertEquals(
        List.of("dense1.weight", "dense1.bias", "norm1.scale", "norm1.shift"),
        network.layout().slots().stream().map(Slot::name).limit(4).toList());
    assertEquals(4 * 3 + 3 + 3 + 3 + 3 * 2 + 2, network.layout().trained());
    assertEquals(network.layout().trained(), network.layout().size());
    assertFalse(network.normalizesBatches());
    Slot scale = network.layout().slot("norm1.scale");
    assertEquals(1f, network.initialParameters(3)[scale.offset() + 2]);
    String table = network.toString();
    assertTrue(table.lines().toList().get(2).endsWith(" 15"), table);
    assertTrue(table.contains("LayerNorm, epsilon 1.0E-5"), table);
    assertTrue(table.strip().endsWith(" 29"), table);
  }

  /** A bias is left out where batch norm follows, also if one layer stands in several places. */
  @Test
  void tableCountsTheParametersOfEachPlaceOfALayer() {
    Dense layer = new Dense(4);
    String table =
        Network.inputs(3)
            .add(layer)
            .batchNorm()
            .relu()
            .add(layer)
            .loss(new Loss.SquaredError())
            .toString();
    String[] lines = table.lines().toArray(String[]::new);

    assertTrue(lines[2].endsWith(" 12"), table);
    assertTrue(lines[3].endsWith(" 8"), table);
    assertTrue(lines[5].endsWith(" 20"), table);
    assertTrue(lines[6].endsWith(" 40"), table);
  }

  @Test
  void perExamplePenaltiesDivideByTheTrainingRows() {
    Penalty penalty =
        Penalty.l2PerExample(0.7)
            .and(Penalty.l1PerExample(0.4))
            .and(Penalty.l2(1))
            .and(Penalty.l1(2));
    assertFalse(penalty.resolved());
    assertEquals(
        Penalty.l1(2 + 0.4 / (2.0 * 211)).and(Penalty.l2(1 + 0.7 / 211)), penalty.resolve(211));
    Network network =
        Network.inputs(1).add(new Dense(2).withPenalty(penalty)).loss(LOSS).resolve(211);
    assertEquals(penalty.resolve(211), ((Dense) network.layers().getFirst()).penalty());
  }

  @Test
  void initialisersHaveTheDeviationsOfTheirPapers() {
    Slot weight = new Slot("dense1.weight", Slot.Role.WEIGHT, 5, 300, 200);
    for (Distribution shape : Distribution.values()) {
      deviates(1 / Math.sqrt(300), new Initializer.LeCun(shape), weight);
      deviates(Math.sqrt(2.0 / 500), new Initializer.Glorot(shape), weight);
      deviates(Math.sqrt(2.0 / 300), new Initializer.He(shape), weight);
      deviates(0.3, new Initializer.Fixed(0.3, shape), weight);
    }
  }

  /** 60 000 draws: the mean within 5 standard errors, the deviation within 2 %. */
  private static void deviates(double deviation, Initializer initializer, Slot weight) {
    float[] parameters = new float[weight.end() + 5];
    initializer.fill(parameters, weight, 42);
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (int i = weight.offset(); i < weight.end(); i++) {
      sum += parameters[i];
      squares += (double) parameters[i] * parameters[i];
      largest = Math.max(largest, Math.abs(parameters[i]));
    }
    String name = initializer.toString();
    assertEquals(0, sum / weight.size(), 5 * deviation / Math.sqrt(weight.size()), name);
    assertEquals(deviation, Math.sqrt(squares / weight.size()), 0.02 * deviation, name);
    boolean uniform = initializer.distribution() == Distribution.UNIFORM;
    assertEquals(uniform, largest <= Math.sqrt(3) * deviation * (1 + 1e-6), name);
    for (int i = 0; i < 5; i++) {
      assertEquals(0f, parameters[i]);
      assertEquals(0f, parameters[weight.end() + i]);
    }
  }

  @Test
  void zerosAreZerosWithoutASign() {
    float[] parameters = {1, 1, 1, 1, 1, 1};
    new Initializer.Zeros()
        .fill(parameters, new Slot("dense1.weight", Slot.Role.WEIGHT, 0, 2, 3), 1);
    assertArrayEquals(new float[6], parameters);
  }

  @Test
  void oneLayersStartDoesNotDependOnAnother() {
    Network narrow = Network.inputs(4).dense(3).relu().dense(2).loss(LOSS);
    Network deep = Network.inputs(4).dense(3).relu().dense(7).relu().dense(2).loss(LOSS);
    Slot first = narrow.layout().slot("dense1.weight");
    float[] a = narrow.initialParameters(0);
    float[] b = deep.initialParameters(0);
    for (int i = 0; i < first.size(); i++) {
      assertEquals(a[first.offset() + i], b[first.offset() + i]);
    }
  }

  @Test
  void theTableShowsEachLayerWithItsShapeAndParameters() {
    Network network =
        Network.inputs(4)
            .add(new Dense(3).withPenalty(Penalty.l2(0.5)))
            .batchNorm()
            .relu()
            .dropout(0.5)
            .dense(2)
            .loss(new Loss.SoftmaxCrossEntropy());
    List<String> expected =
        List.of(
            "layer output parameters",
            "inputs [rows][4]",
            "Dense, He normal, l2 0.5 [rows][3] 12",
            "BatchNorm, decay 0.9, epsilon 1.0E-5 [rows][3] 6",
            "RELU [rows][3]",
            "Dropout, keep 0.5 [rows][3]",
            "Dense, He normal [rows][2] 8",
            "SoftmaxCrossEntropy 26");
    List<String> lines =
        network.toString().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    assertEquals(expected, lines);
  }

  @Test
  void allButWeightsStartAtZeroAndScalesAndVariancesAtOne() {
    Network network = Network.inputs(4).dense(3).batchNorm().relu().dense(2).loss(LOSS);
    float[] theta = network.initialParameters(3);
    for (Slot slot : network.layout().slots()) {
      boolean one = slot.role() == Slot.Role.SCALE || slot.role() == Slot.Role.VARIANCE;
      for (int i = slot.offset(); slot.role() != Slot.Role.WEIGHT && i < slot.end(); i++) {
        assertEquals(one ? 1 : 0, theta[i], slot.name());
      }
    }
  }

  @Test
  void anEmbeddingIsTheFirstLayerAndOfAllInputs() {
    Embedding pass = new Embedding(List.of(new Embedding.Pass(List.of(1, 0))));
    assertRefusedSaying(
        "layer 2: Embedding, 2 as they are; expected it to be the first, as it takes the inputs'"
            + " columns",
        () -> Network.inputs(2).dropout(0.5).add(pass).dense(1).loss(new Loss.SquaredError()));
    assertRefusedSaying(
        "layer 2: Embedding",
        () -> Network.inputs(2).add(pass).add(pass).dense(1).loss(new Loss.SquaredError()));
    assertRefusedSaying(
        "layer 1: embedding of 2 columns; expected one of all 3 inputs",
        () -> Network.inputs(3).add(pass).dense(1).loss(new Loss.SquaredError()));
  }

  /** Each part is a table that an array holds, and their outputs together more than an int. */
  @Test
  void anEmbeddingOfMoreNumbersThanAnArrayHoldsIsRefused() {
    int half = 1 << 30;
    Embedding wide =
        new Embedding(
            List.of(
                new Embedding.Category(List.of(0), List.of(1), Integer.MAX_VALUE),
                new Embedding.PiecewiseLinear(List.of(1), List.of(List.of(0f, 1f)), half - 1)));
    assertRefusedSaying(
        "embedding: 2 columns become 3221225470 numbers; expected fewer than 2^31",
        () -> Network.inputs(2).add(wide).dense(3).loss(new Loss.SquaredError()));
  }
}
