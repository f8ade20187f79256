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
import org.junit.jupiter.api.Test;
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

  /** {@return what is said by a shell, and by a JVM that says where it was told that data is} */
  private List<String> said(int exit, String script) throws IOException, InterruptedException {
    assumeTrue(File.separatorChar == '/', "skipped: no POSIX system");
    Path java = folder.resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then
          echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=version "3"' >&2
          echo 'openjdk version "25-ea" 2025-09-16' >&2
        else
          printf '%s' "$3" | tr '\\n' '|'
        fi
        """);
    assertTrue(java.toFile().setExecutable(true));
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
    Path out = folder.resolve("out");
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("LANEWISE_JAVA", java.toString());
    builder
        .environment()
        .put("LAUNCHER", Path.of("src/main/launcher/lanewise").toAbsolutePath().toString());
    Process process = builder.start();
    assertTrue(process.waitFor(Guard.SECONDS, TimeUnit.SECONDS));
    List<String> lines = Files.readAllLines(out);
    assertEquals(exit, process.exitValue(), lines::toString);
    return lines;
  }

  @Test
  void aFolderMayEndInALineBreakAndBeReachedByLinks() throws IOException, InterruptedException {
    String script =
        """
        n='a
        '; mkdir "$n" && cp "$LAUNCHER" "$n" && ln -s "$n/lanewise" "link
        " && ln -s "link
        " second && cd "$n" && sh %s
        """;
    String expected = "-Dlanewise.data=" + folder.toRealPath() + "/a|/data";
    for (String way : List.of("lanewise", "./lanewise", "../second", "\"$PWD/lanewise\"")) {
      String clean = "; r=$?; cd ..; rm -r a* link* second; exit $r";
      assertEquals(List.of(expected), said(0, script.strip().formatted(way) + clean), way);
    }
  }

  @Test
  void theLauncherNeedsNoToolsButThoseOfTheShell() throws IOException, InterruptedException {
    List<String> said =
        said(
            0,
            "sh=$(command -v sh); mkdir bin; ln -s \"$(command -v tr)\" bin; PATH=$PWD/bin"
                + " \"$sh\" \"$LAUNCHER\"");
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.getFirst().endsWith("launcher/data"), said::toString);
  }

  /** The shell itself says something before it reads the first line of any script. */
  @Test
  void aWorkingFolderThatIsGoneIsNoMissingJdk() throws IOException, InterruptedException {
    List<String> said =
        said(
            1,
            "mkdir gone; cd gone; rmdir ../gone; sh \"$LAUNCHER\" 2>&1 | grep lanewise: ;"
                + " exit 1");
    assertEquals(1, said.size(), said::toString);
    assertTrue(
        said.getFirst().matches("lanewise: the working folder.* is gone; .*"), said.getFirst());
  }
}
