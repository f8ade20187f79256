package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite runs on the class path; here a JVM is started with the library's jar on the module
 * path. The tests run before the build makes that jar, so one is made here with the same packages:
 * all but the command line's.
 */
final class ModulePathTest {

  private static final Set<String> COMMAND_LINE = Set.of("cli", "course");

  @TempDir static Path folder;
  private static Path library;

  @BeforeAll
  static void makeTheJar() throws Exception {
    library = folder.resolve("lanewise.jar");
    String classes = placeOf(Engine.class);
    List<String> arguments =
        new ArrayList<>(List.of("--create", "--file", library.toString(), "-C", classes));
    arguments.add("module-info.class");
    for (String name : packages(Path.of(classes, "dev", "lanewise"))) {
      if (!COMMAND_LINE.contains(name)) {
        arguments.addAll(List.of("-C", classes, "dev/lanewise/" + name));
      }
    }
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    assertEquals(0, jar.run(System.out, System.err, arguments.toArray(String[]::new)));
  }

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

  @Test
  void theModuleHasNoPartInTheCommandLine() {
    ModuleDescriptor module =
        ModuleFinder.of(library).find("dev.lanewise").orElseThrow().descriptor();
    for (String name : COMMAND_LINE) {
      assertTrue(!module.packages().contains("dev.lanewise." + name), name);
    }
    assertTrue(
        module.requires().stream().noneMatch(needed -> needed.name().contains("picocli")),
        module.toString());
  }

  private static String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("--module-path", library.toString()));
    command.addAll(List.of("--add-modules", "dev.lanewise"));
    command.addAll(List.of("-cp", placeOf(ModulePathTest.class), "example.Embedding"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = read(process);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Set<String> packages(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      inside.filter(Files::isDirectory).forEach(path -> names.add(path.getFileName().toString()));
      return names;
    }
  }

  private static String placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
