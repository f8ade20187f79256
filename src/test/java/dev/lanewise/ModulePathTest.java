package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The suite runs on the class path; here a JVM is started with the library on the module path. */
final class ModulePathTest {

  @Test
  void runsAsAModuleWithTheVectorApi() throws Exception {
    String said = run("--add-modules", "jdk.incubator.vector");
    assertTrue(said.contains("dev.lanewise: " + Engine.of("auto")), said);
  }

  @Test
  void runsAsAModuleWithoutTheVectorApi() throws Exception {
    String said = run();
    assertTrue(
        said.contains("dev.lanewise: scalar kernels (the module jdk.incubator.vector"), said);
  }

  @Test
  void theExampleLearns() throws Exception {
    String said = run("--add-modules", "jdk.incubator.vector");
    float probability = Float.parseFloat(said.strip().replaceFirst("(?s).*centre: ", ""));
    assertTrue(probability > 0.8f, said);
  }

  private static String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("--module-path", folderOf(Engine.class)));
    command.addAll(List.of("--add-modules", "dev.lanewise"));
    command.addAll(List.of("-cp", folderOf(ModulePathTest.class), "example.Embedding"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = read(process);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String folderOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
