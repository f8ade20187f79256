package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.Guard;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the launcher of POSIX systems hands to the JVM, whatever stands in the environment. */
final class LauncherTest {

  @TempDir private Path folder;

  /** A JVM that says its locale and its last argument. */
  private Path jvm() throws IOException {
    Path java = folder.resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then
          echo 'openjdk version "25.0.1" 2025-10-21' >&2
          exit 0
        fi
        echo "$LC_ALL"
        for last; do :; done
        echo "$last"
        """);
    assertTrue(java.toFile().setExecutable(true));
    return java;
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL,en_US.UTF-8",
    "LC_ALL,tr_TR.UTF-8",
    "LC_ALL,xx_XX.utf8",
    "LC_ALL,C",
    "LC_ALL,POSIX",
    "LC_ALL,''",
    "LC_CTYPE,UTF-8",
    "LC_CTYPE,de_DE.ISO-8859-1",
    "LANG,en_US.UTF-8"
  })
  void theJvmGetsALocaleOfUtf8ThatIsInstalled(String variable, String value)
      throws IOException, InterruptedException {
    assumeTrue(File.separatorChar == '/', "skipped: no POSIX system");
    Path launcher = Path.of("src/main/launcher/lanewise").toAbsolutePath();
    String argument = "a b/#1 100%\n$x.csv";
    ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString(), "predict", argument);
    Path out = folder.resolve("out");
    builder.redirectErrorStream(true).redirectOutput(out.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG", "JAVA_HOME"));
    environment.put("LANEWISE_JAVA", jvm().toString());
    environment.put(variable, value);
    Process process = builder.start();
    assertTrue(process.waitFor(Guard.SECONDS, TimeUnit.SECONDS));
    List<String> lines = Files.readAllLines(out);
    assertEquals(argument, String.join("\n", lines.subList(1, lines.size())));
    ProcessBuilder installed =
        new ProcessBuilder(
            "sh", "-c", "command -v locale >/dev/null && locale charmap || echo UTF-8");
    installed.environment().put("LC_ALL", lines.getFirst());
    installed.redirectOutput(out.toFile());
    assertTrue(installed.start().waitFor(Guard.SECONDS, TimeUnit.SECONDS));
    assertEquals(List.of("UTF-8"), Files.readAllLines(out), lines::toString);
  }
}
