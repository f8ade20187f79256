package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Activation.Function;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a training plan says of itself, and the memory that it takes. */
class PlanTableTest {

  private static final int ROWS = 10;
  private static final int UNITS = 20;

  /** Products of the scalar kernels are packed in panels. */
  private static final Engine ENGINE = Engine.of("scalar");

  private static final Pattern BYTES = Pattern.compile("([a-z0-9]+) .*?([0-9,]+) bytes.*");

  private static String table(Network network, int microBatch) {
    return TrainingPlan.compile(network, ROWS, microBatch, ENGINE).describe();
  }

  /** What a step holds, in floats. */
  private static long floats(Network network, String step) {
    for (String line : table(network, 0).lines().toList()) {
      Matcher matcher = BYTES.matcher(line);
      if (matcher.matches() && matcher.group(1).equals(step)) {
        return Long.parseLong(matcher.group(2).replace(",", "")) / Float.BYTES;
      }
    }
    throw new AssertionError(step);
  }

  @Test
  void theTableSaysWhatEachStepFusesItsShapesAndItsBytes() {
    Network network =
        Network.inputs(7)
            .dropout(0.2)
            .dense(UNITS)
            .batchNorm()
            .relu()
            .dropout(0.5)
            .dense(6)
            .layerNorm()
            .activation(Function.GELU)
            .dense(3)
            .loss(new Loss.SoftmaxCrossEntropy(0.1f));
    assertEquals(
        """
        training plan for up to 10 rows, scalar kernels (asked for), 1 thread
        inputs      dropout [10][7]
        dense1      product + batch norm + RELU + dropout: [10][7] -> [10][20], 1,984 bytes
        dense2      product + bias + layer norm + GELU: [10][20] -> [10][6], 832 bytes
        dense3      product + bias: [10][6] -> [10][3], 132 bytes
        loss        SoftmaxCrossEntropy[smoothing=0.1] [10][3]
        shared      4,000 bytes
        parameters  1,516 bytes, and as many for the gradient\
        """,
        table(network, 0));
  }

  @Test
  void thePartsOfAnAccumulatedGradientAreThoseOfTheTable() {
    Network network = Network.inputs(5).dense(2).loss(new Loss.SquaredError());
    assertEquals(
        """
        training plan for up to 10 rows, 4 at once, scalar kernels (asked for), 1 thread
        dense1      product + bias: [4][5] -> [4][2], 40 bytes
        loss        SquaredError[] [4][2]
        shared      176 bytes
        parameters  48 bytes, and as many for the gradient\
        """,
        table(network, 4));
  }

  /**
   * Where the derivative reads the output or its value, that is all a step keeps of a row; under
   * dropout only the sign of the output survives.
   */
  @ParameterizedTest
  @EnumSource(Function.class)
  void aStepKeepsItsOutputAndWhateverElseTheDerivativeNeeds(Function function) {
    boolean outputSuffices = Set.of(Function.IDENTITY, Function.RELU).contains(function);
    boolean valueSuffices =
        outputSuffices || Set.of(Function.SIGMOID, Function.TANH, Function.SELU).contains(function);
    Network.Builder plain = Network.inputs(3).dense(UNITS).activation(function);
    Network.Builder dropping = Network.inputs(3).dense(UNITS).activation(function).dropout(0.5);
    int output = ROWS * UNITS;
    assertEquals(
        (valueSuffices ? 1 : 2) * output + UNITS,
        floats(plain.dense(1).loss(new Loss.SquaredError()), "dense1"));
    assertEquals(
        (outputSuffices ? 1 : 2) * output + UNITS,
        floats(dropping.dense(1).loss(new Loss.SquaredError()), "dense1"));
  }

  @Test
  void normsKeepWhatTheyNormalise() {
    int matrix = ROWS * UNITS;
    Network batch =
        Network.inputs(3).dense(UNITS).batchNorm().relu().dense(1).loss(new Loss.SquaredError());
    int units = (UNITS + 15) / 16 * 16; // statistics are in whole vectors
    assertEquals(2 * matrix + 3 * units, floats(batch, "dense1"));
    Network layer =
        Network.inputs(3).dense(UNITS).layerNorm().relu().dense(1).loss(new Loss.SquaredError());
    assertEquals(2 * matrix + ROWS + 3 * UNITS, floats(layer, "dense1"));
  }

  /** What the derivative reads, and the difference between value and argument. */
  @ParameterizedTest
  @EnumSource(value = Function.class, mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void aBlendKeepsTwoMatricesBesideItsOutput(Function function) {
    Network network =
        Network.inputs(3)
            .dense(UNITS)
            .add(Blend.of(function))
            .dense(1)
            .loss(new Loss.SquaredError());
    assertEquals(3 * ROWS * UNITS + 2 * UNITS, floats(network, "dense1"));
    String table = table(network, 0);
    assertTrue(table.contains("product + bias + blended " + function + ": "), table);
  }

  /** With one output a row's loss is its element's; label smoothing keeps the smoothed targets. */
  @ParameterizedTest
  @CsvSource({"1,0,10", "3,0,40", "1,0.1,20", "3,0.1,70"})
  void aLossKeepsRowsElementsAndSmoothedTargets(int outputs, float smoothing, long floats) {
    Network network =
        Network.inputs(1).dense(outputs).loss(new Loss.SigmoidCrossEntropy(smoothing));
    assertEquals(floats, MeanLoss.compile(network, ROWS, ENGINE).size());
  }

  @Test
  void softmaxKeepsTheSumsOfRowsInsteadOfElements() {
    Network network = Network.inputs(1).dense(3).loss(new Loss.SoftmaxCrossEntropy());
    assertEquals(2 * ROWS, MeanLoss.compile(network, ROWS, ENGINE).size());
    Network smoothed = Network.inputs(1).dense(3).loss(new Loss.SoftmaxCrossEntropy(0.1f));
    assertEquals(2 * ROWS + 3 * ROWS, MeanLoss.compile(smoothed, ROWS, ENGINE).size());
  }

  /** Two gradients of the widest hidden layer serve all layers, however many there are. */
  @Test
  void layersShareTheRoomForTheirGradients() {
    long two = shared(2);
    assertEquals(two, shared(3));
    assertEquals(two, shared(7));
    assertTrue(shared(1) < two);
  }

  private static long shared(int hidden) {
    Network.Builder builder = Network.inputs(3);
    for (int i = 0; i < hidden; i++) {
      builder.dense(UNITS).relu();
    }
    return floats(builder.dense(1).loss(new Loss.SquaredError()), "shared");
  }

  @Test
  void dropoutOfInputsKeepsACopyOfThem() {
    Network plain = Network.inputs(30).dense(1).loss(new Loss.SquaredError());
    Network dropping =
        Network.inputs(30).add(Dropout.keeping(0.5)).dense(1).loss(new Loss.SquaredError());
    assertEquals(floats(plain, "shared") + ROWS * 30, floats(dropping, "shared"));
  }

  @Test
  void aDropoutThatKeepsEverythingIsNone() {
    Network plain =
        Network.inputs(3)
            .dense(UNITS)
            .activation(Function.TANH)
            .dense(1)
            .loss(new Loss.SquaredError());
    Network keeping =
        Network.inputs(3)
            .add(Dropout.keeping(1))
            .dense(UNITS)
            .activation(Function.TANH)
            .add(Dropout.keeping(1))
            .dense(1)
            .loss(new Loss.SquaredError());
    assertEquals(floats(plain, "dense1"), floats(keeping, "dense1"));
    assertEquals(floats(plain, "shared"), floats(keeping, "shared"));
  }
}
