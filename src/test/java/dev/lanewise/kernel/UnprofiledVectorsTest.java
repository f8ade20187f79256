package dev.lanewise.kernel;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.Allocation;
import dev.lanewise.AllocationRuns;
import dev.lanewise.Floats;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The classes of vectors are plain to C2 from the code alone. What a kernel has been called with
 * before it is compiled, and by which thread, is luck; so these JVMs profile no classes at all, and
 * a kernel that needs a profile keeps its vectors in memory in all of them, not in one of fifteen.
 *
 * <p>What the compilers say is read, too: a kernel whose vectors are too many for C1 is never
 * profiled, and where nothing else asks for it never compiled by C2.
 */
final class UnprofiledVectorsTest {

  private static final String NO_PROFILE = "-XX:TypeProfileWidth=0";

  /** The default: a call is inlined for each of two classes. */
  private static final String TWO_CLASSES = "-XX:TypeProfileWidth=2";

  /** A whole vector of any width, a part of one, and rows for more than one block. */
  private static final int COLUMNS = 67;

  private static final int ROWS = 70;

  /** The kernels of these families, each called by its name. */
  private static final List<Class<?>> FAMILIES =
      List.of(
          VectorActivation.class,
          VectorSmooth.class,
          VectorSum.class,
          VectorNorm.class,
          VectorLayerNorm.class,
          VectorLoss.class,
          VectorFewRows.class,
          VectorFewColumns.class,
          VectorOneColumn.class,
          VectorFewSteps.class,
          VectorUpdate.class,
          VectorPiecewise.class);

  /** Calls the kernels of a width until they allocate nothing. */
  static final class Run {

    private Run() {}

    /** Ends with 1 if a kernel goes on allocating. */
    public static void main(String[] width) {
      Kernels kernels = KernelChoice.of(width[0]).kernels();
      useOtherWidths();
      calls(kernels).forEach((name, call) -> Allocation.assertNone(name, 200, i -> call.run()));
    }

    /** Has the methods of the Vector API meet vectors of two widths, before any kernel does. */
    private static void useOtherWidths() {
      float[] x = Floats.normals(64, 5);
      for (int i = 0; i < 20_000; i++) {
        use(FloatVector.SPECIES_128, x, i);
        use(FloatVector.SPECIES_256, x, i);
      }
    }

    private static void use(VectorSpecies<Float> species, float[] x, int i) {
      FloatVector v = FloatVector.fromArray(species, x, i & 15);
      FloatVector w = v.add(v).sub(1).mul(v).div(3).fma(v, v).neg().abs().max(0).min(v);
      w = w.blend(v, w.compare(VectorOperators.GT, v)).lanewise(VectorOperators.FMA, v, 1);
      IntVector bits = w.reinterpretAsInts().add(1).sub(1).and(-1);
      bits = bits.lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.XOR, bits);
      FloatVector.fromArray(species, x, 0, species.indexInRange(0, 3))
          .add(bits.reinterpretAsFloats())
          .intoArray(x, 32, species.indexInRange(0, 3));
      w.rearrange(species.iotaShuffle(1, 1, true)).intoArray(x, 48);
      x[i & 63] = w.lane(0) + i % 7;
    }
  }

  /** Runs tests where the methods of the Vector API have met other widths. */
  static final class Beside {

    private Beside() {}

    /** Runs the tests of a tag. */
    public static void main(String[] tag) throws Exception {
      Run.useOtherWidths();
      AllocationRuns.Once.main(tag);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void kernelsKeepVectorsInRegistersWithoutProfiles(int bits) throws Exception {
    assumeTrue(bits <= VectorWidth.preferred(), "emulated vectors are objects");
    run(NO_PROFILE, Run.class, "vector" + bits);
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 512})
  void kernelsKeepVectorsInRegistersBesideOtherWidths(int bits) throws Exception {
    assumeTrue(bits <= VectorWidth.preferred(), "emulated vectors are objects");
    run(TWO_CLASSES, Run.class, "vector" + bits);
  }

  /** What steps and predictions use beside these kernels: products above all. */
  @Test
  void stepsAndPredictionsAllocateNothingBesideOtherWidths() throws Exception {
    assumeTrue(VectorWidth.preferred() >= 128);
    run(TWO_CLASSES, Beside.class, "allocation");
  }

  @Test
  void everyKernelOfTheseFamiliesIsCalled() {
    Set<String> written =
        FAMILIES.stream()
            .flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
            .filter(method -> !method.isSynthetic() && !Modifier.isStatic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(written, calls(ScalarKernels.INSTANCE).keySet());
  }

  private static Map<String, Runnable> calls(Kernels k) {
    int n = COLUMNS;
    float[] x = Floats.normals(ROWS * n, 1);
    float[] y = Floats.normals(ROWS * n, 2);
    float[] a = Floats.normals(4 * n, 3);
    float[] b = new float[4 * n];
    float[] c = new float[4 * n];
    float[] positive = new float[4 * n];
    Arrays.fill(positive, 1);
    float[] classes = new float[9];
    float[] row = new float[VectorFewRows.LONG + 6];
    float[] edges = new float[PiecewiseKernels.edges(9)];
    for (int e = 0; e < edges.length; e++) {
      edges[e] = e < 10 ? e - 5 : Float.NaN;
    }
    double[] sum = new double[1];
    return Stream.<Map.Entry<String, Runnable>>of(
            entry("exp", () -> k.exp(a, 0, b, 0, n)),
            entry("relu", () -> k.relu(a, 0, b, 0, n)),
            entry("leakyRelu", () -> k.leakyRelu(a, 0, b, 0, n, 0.01f)),
            entry("elu", () -> k.elu(a, 0, b, 0, n, 1)),
            entry("sigmoid", () -> k.sigmoid(a, 0, b, 0, n)),
            entry("tanh", () -> k.tanh(a, 0, b, 0, n)),
            entry("gelu", () -> k.gelu(a, 0, b, 0, n)),
            entry("tanhGelu", () -> k.tanhGelu(a, 0, b, 0, n)),
            entry("silu", () -> k.silu(a, 0, b, 0, n)),
            entry("selu", () -> k.selu(a, 0, b, 0, n)),
            entry("mish", () -> k.mish(a, 0, b, 0, n)),
            entry("cosTurns", () -> k.cosTurns(a, 0, b, 0, n)),
            entry("softplus", () -> k.softplus(a, 0, b, 0, n)),
            entry("moveTowards", () -> k.moveTowards(x, y, y, x, 0, n, ROWS, n, c, 0)),
            entry("reluGate", () -> k.reluGate(a, 0, b, 0, n, 2)),
            entry("leakyReluGate", () -> k.leakyReluGate(a, 0, b, 0, n, 0.01f)),
            entry("eluGate", () -> k.eluGate(a, 0, b, 0, n, 1)),
            entry("sigmoidGate", () -> k.sigmoidGate(a, 0, b, 0, n)),
            entry("tanhGate", () -> k.tanhGate(a, 0, b, 0, n)),
            entry("geluGate", () -> k.geluGate(a, 0, b, 0, n)),
            entry("tanhGeluGate", () -> k.tanhGeluGate(a, 0, b, 0, n)),
            entry("siluGate", () -> k.siluGate(a, 0, b, 0, n)),
            entry("seluGate", () -> k.seluGate(a, 0, b, 0, n)),
            entry("mishGate", () -> k.mishGate(a, 0, b, 0, n)),
            entry("cosTurnsGate", () -> k.cosTurnsGate(a, 0, b, 0, n)),
            entry("softplusGate", () -> k.softplusGate(a, 0, b, 0, n)),
            entry("dropout", () -> k.dropout(a, 0, b, 0, n, 1, 0, 1 << 30, 2)),
            entry("reluDropout", () -> k.reluDropout(a, 0, b, 0, n, 1, 0, 1 << 30, 2)),
            entry("sum", () -> sum[0] = k.sum(a, 0, n)),
            entry("sumOfSquares", () -> sum[0] = k.sumOfSquares(a, 0, n)),
            entry("sumOfMagnitudes", () -> sum[0] = k.sumOfMagnitudes(a, 0, n)),
            entry("rowSums", () -> k.rowSums(a, 0, 6, 11, b, 0)),
            entry(
                "columnSums",
                () -> {
                  k.columnSums(x, 0, n, ROWS, n, b, 0);
                  k.columnSums(x, 0, n, ROWS, 3, b, 0);
                }),
            entry("moments", () -> k.moments(x, 0, n, ROWS, n, b, c, a, 0)),
            entry("normalize", () -> k.normalize(x, y, 0, n, ROWS, n, a, a, a, 0, positive, 0, n)),
            entry(
                "normalizeGradient",
                () -> k.normalizeGradient(x, y, 0, n, ROWS, n, a, a, a, 0, positive, b, 0, n)),
            entry("subtract", () -> k.subtract(b, 0, 1, n)),
            entry("standardize", () -> k.standardize(b, 0, c, 0, n, 1, 0, positive, 0, n)),
            entry("multiply", () -> k.multiply(b, 0, positive, 0, n)),
            entry(
                "sumOfProducts",
                () -> sum[0] = k.sumOfProducts(x, 0, y, 0, n) + k.sumOfProducts(x, 0, y, 0, 64)),
            entry("decorrelate", () -> k.decorrelate(a, 0, 1, b, 0, 1, 1, n)),
            entry("columnProducts", () -> k.columnProducts(x, y, 0, n, ROWS, n, b, 0)),
            entry(
                "subtractMaxima",
                () -> {
                  k.subtractMaxima(x, 0, ROWS, n);
                  k.subtractMaxima(x, 0, ROWS, 10);
                }),
            entry(
                "classGradients", () -> k.classGradients(x, 0, 9, 10, classes, 0, 1, positive, 0)),
            entry(
                "fewRows",
                () -> {
                  k.fewRows(x, 0, 2, y, 0, 20, a, b, 2, 20, 9);
                  k.fewRows(x, 0, 3, y, 0, 20, a, b, 3, 20, 9);
                  k.fewRows(x, 0, 3, y, 0, 3, a, b, 3, 3, 9);
                  k.fewRows(x, 0, 1, y, 0, n, a, b, 1, n, 9);
                  k.fewRows(x, 0, 1, y, 0, n, a, b, 1, 3 * n, 9);
                  k.fewRows(x, 0, 1, y, 0, n, x, row, 1, row.length, 9);
                }),
            entry(
                "fewColumns",
                () -> {
                  k.fewColumns(x, 0, 7, y, a, b, 0, 20, 3, 7);
                  k.fewColumns(x, 0, 7, y, a, b, 0, 9, 3, 7);
                  k.fewColumns(x, 0, 3, y, a, b, 0, 20, 3, 3);
                }),
            entry("oneColumn", () -> k.oneColumn(x, 0, n, y, 1, b, 0, ROWS - 1, n)),
            entry(
                "fewSteps",
                () -> {
                  k.fewSteps(x, 0, 3, y, 0, 20, a, 0, b, 0, 20, 3, 20, 3);
                  k.fewSteps(x, 0, 3, y, 0, 3 * n, a, 0, b, 0, 4 * n, 1, 3 * n, 1);
                }),
            entry(
                "sigmoidCrossEntropy", () -> k.sigmoidCrossEntropy(b, 0, positive, 0, 1, c, 0, n)),
            entry("squaredError", () -> k.squaredError(b, 0, positive, 0, 1, c, 0, n)),
            entry("huber", () -> k.huber(b, 0, positive, 0, 1, 1, c, 0, n)),
            entry("blend", () -> k.blend(a, 0, 1, a, 0, 1, b, 0, n)),
            entry("blendSquares", () -> k.blendSquares(a, 0, 0.1f, b, 0, 0.9f, n)),
            entry("divideByRoot", () -> k.divideByRoot(a, 0, 1, positive, 0, 1, 1, 1, b, 0, n)),
            entry(
                "adam",
                () ->
                    k.adam(a, 0.1f, 0.1f, b, 0.9f, positive, 0.9f, 1, 1, 0, 1e-8f, c, 1e-3f, 0, n)),
            entry("lion", () -> k.lion(a, 0, 0.1f, 0.9f, b, 0, 0.1f, 0.9f, c, 0, n)),
            entry("raise", () -> k.raise(a, 0, b, 0, n)),
            entry("clip", () -> k.clip(a, 0, 1, b, 0, n)),
            entry("scale", () -> k.scale(a, 0, 0.5f, b, 0, n)),
            entry("piecewise", () -> k.piecewise(x, 0, 1, edges, 0, 9, a, 0, b, 0, 9, 9, 9)),
            entry(
                "piecewiseGradient",
                () -> k.piecewiseGradient(x, 0, 1, edges, 0, 9, a, 0, 9, b, 0, 9, 9)))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (p, q) -> p, TreeMap::new));
  }

  private static void run(String profiles, Class<?> main, String argument) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            profiles,
            "-XX:+PrintCompilation",
            "-Dlanewise.seeds=" + System.getProperty("lanewise.seeds", "fixed"),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            argument));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals(
        List.of(), said.lines().filter(line -> line.contains("virtual registers")).toList());
  }
}
