package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's example is code that is compiled and run. */
final class ReadmeTest {

  @Test
  void theExampleIsTheOneThatIsTested() throws IOException {
    String source = Files.readString(Path.of("src/test/java/example/Embedding.java"));
    String example =
        source
            .substring(source.indexOf("// README: begin"), source.indexOf("    // README: end"))
            .replaceFirst(".*\\R", "")
            .stripTrailing()
            .stripIndent();
    assertTrue(
        Files.readString(Path.of("README.md")).contains("```java\n" + example + "\n```\n"),
        example);
  }
}
