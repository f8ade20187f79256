package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example is a program that is compiled and run. */
final class ReadmeTest {

  private static final String BEGIN = "// README: begin\n";

  @TempDir Path folder;

  @Test
  void theExampleIsTheOneThatIsTested() throws IOException {
    String source = Files.readString(Path.of("src/test/java/example/Quickstart.java"));
    String example =
        source
            .substring(source.indexOf(BEGIN) + BEGIN.length(), source.indexOf("// README: end"))
            .stripTrailing();
    assertTrue(
        Files.readString(Path.of("README.md")).contains("```java\n" + example + "\n```\n"),
        example);
  }

  @Test
  void theExampleTrainsSavesAndDecides() throws Exception {
    Files.createDirectory(folder.resolve("data"));
    Files.copy(Path.of("data/customers.csv"), folder.resolve("data/customers.csv"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "example.Quickstart")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("left with probability "), said);
    assertTrue(Files.exists(folder.resolve("churn.safetensors")));
  }

  /** A class path that means the same in another folder. */
  private static String absolute(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator))
        .map(element -> Path.of(element).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
