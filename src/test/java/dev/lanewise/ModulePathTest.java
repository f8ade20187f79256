package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import java.io.File;
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

  private static final Set<String> COMMAND_LINE = Set.of("cli", "course", "report");

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

  /** A service's module, of which one package is closed and one is exported. */
  @Test
  void recordsOfAModuleAreEncodedIfTheyArePublicOrALookupOpensThem() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("service"));
    Files.createDirectories(sources.resolve("closed"));
    Files.createDirectories(sources.resolve("open"));
    Files.writeString(
        sources.resolve("module-info.java"),
        "module service { requires dev.lanewise; exports open; }");
    Files.writeString(
        sources.resolve("open/Shown.java"), "package open; public record Shown(double x) {}");
    Files.writeString(
        sources.resolve("closed/Service.java"),
        """
        package closed;
        import dev.lanewise.data.*;
        import java.lang.invoke.MethodHandles;
        import java.util.List;
        public class Service {
          record Hidden(double x) {}
          public static void main(String[] arguments) {
            Table table =
                Table.ofRows(List.of("x", "y"), List.of(List.of(1, "a"), List.of(3, "b")));
            Encoder encoder =
                Encoder.fit(
                    table,
                    Roles.of("y", Roles.Task.CLASSIFY),
                    table.all(),
                    Encoder.Options.standard());
            float[] row = new float[1];
            encoder.forRecords(open.Shown.class).encode(new open.Shown(3), row, 0);
            System.out.println("shown " + row[0]);
            encoder
                .forRecords(Hidden.class, MethodHandles.lookup())
                .encode(new Hidden(1), row, 0);
            System.out.println("hidden " + row[0]);
            try {
              encoder.forRecords(Hidden.class);
            } catch (IllegalArgumentException e) {
              System.out.println(e.getMessage());
            }
          }
        }
        """);
    Path classes = folder.resolve("classes");
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(
        0,
        javac.run(
            System.out,
            System.err,
            "-p",
            library.toString(),
            "-d",
            classes.toString(),
            sources.resolve("module-info.java").toString(),
            sources.resolve("open/Shown.java").toString(),
            sources.resolve("closed/Service.java").toString()));
    String path = library + File.pathSeparator + classes;
    String said = java("-p", path, "-m", "service/closed.Service");
    assertTrue(said.contains("shown 1.0") && said.contains("hidden -1.0"), said);
    assertTrue(said.contains("type: closed.Service$Hidden is not open to Lanewise"), said);
    assertTrue(said.contains("MethodHandles.lookup()"), said);
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
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--module-path", library.toString()));
    arguments.addAll(List.of("--add-modules", "dev.lanewise"));
    arguments.addAll(List.of("-cp", placeOf(ModulePathTest.class), "example.Embedding"));
    return java(arguments.toArray(String[]::new));
  }

  private static String java(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
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
