package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.plan.TrainingPlan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is chosen, and with which bits, by JVMs that lack something. */
final class OtherJvmsTest {

  private static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

  /** Run in the other JVM: prints the engine, and a hash of the gradients of some networks. */
  static final class Probe {
    public static void main(String[] arguments) {
      Engine engine = Engine.standard();
      System.out.println(engine);
      System.out.println("bits " + bits(engine));
    }
  }

  private static int bits(Engine engine) {
    int hash = 0;
    for (long seed = 0; seed < 12; seed++) {
      Networks.Sample sample = Networks.sample(seed);
      TrainingPlan plan = TrainingPlan.compile(sample.network(), sample.rows(), engine);
      Dataset data =
          Dataset.of(
              sample.features(),
              sample.network().inputs(),
              sample.targets(),
              sample.targetColumns());
      float[] gradient = new float[sample.theta().length];
      double loss = plan.gradients(sample.theta(), Batch.of(data), sample.stepKey(), gradient);
      hash = 31 * (31 * hash + Double.hashCode(loss)) + Arrays.hashCode(gradient);
    }
    return hash;
  }

  @ParameterizedTest
  @CsvSource({
    "-Xint, the optimising compiler C2 is off",
    "-XX:TieredStopAtLevel=1, the optimising compiler C2 is off",
    "-XX:TieredStopAtLevel=3, the optimising compiler C2 is off",
    "-XX:+UnlockExperimentalVMOptions -XX:-EnableVectorSupport, the option EnableVectorSupport is"
        + " off",
    "-XX:-UseFMA, the processor has no fused multiply-add",
    "-XX:MaxVectorSize=8, the preferred vectors have only 64 bits",
  })
  void aJvmThatLacksSomethingHasTheSameBitsAndSaysWhatItLacks(String options, String reason)
      throws Exception {
    String said = run((VECTOR_MODULE + " " + options).split(" "));
    assertTrue(said.startsWith("scalar kernels (" + reason), said);
    assertTrue(said.strip().endsWith("bits " + bits(Engine.standard())), said);
  }

  @Test
  void withoutAvx2KernelsAreScalar() throws Exception {
    String processor = System.getProperty("os.arch");
    Assumptions.assumeTrue(processor.matches("amd64|x86_64"), "skipped: no AVX on " + processor);
    String said = run(VECTOR_MODULE, "-XX:UseAVX=1");
    assertTrue(said.matches("(?s)scalar kernels \\(the processor has no (AVX2|fused).*"), said);
    assertTrue(said.strip().endsWith("bits " + bits(Engine.standard())), said);
  }

  @ParameterizedTest
  @CsvSource({"-Xint", "-XX:-UseFMA"})
  void vectorKernelsThatAreForcedHaveTheSameBits(String option) throws Exception {
    String said = run(VECTOR_MODULE, option, "-Dlanewise.kernels=vector");
    assertTrue(said.matches("(?s)vector\\d+ kernels \\(asked for\\).*"), said);
    assertTrue(said.strip().endsWith("bits " + bits(Engine.standard())), said);
  }

  @Test
  void vectorsTooNarrowForTheKernelsCannotBeForced() throws Exception {
    String said = run(VECTOR_MODULE, "-XX:MaxVectorSize=8", "-Dlanewise.kernels=vector");
    assertTrue(said.contains("vector kernels: the preferred vectors have only 64 bits"), said);
  }

  private static String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.replaceFirst("WARNING: Using incubator modules: .*\\R", "");
  }
}
