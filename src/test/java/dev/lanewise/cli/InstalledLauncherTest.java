package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher for POSIX shells, from a folder like the one that a build leaves. */
final class InstalledLauncherTest {

  private static final String ODD = "größe é #1 100% 'x'\n\"y\" $HOME";

  @TempDir private Path folder;
  private Path launcher;

  @BeforeEach
  void install() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh");
    Path home = Files.createDirectory(folder.resolve("in stall #1"));
    Path lib = Files.createDirectory(home.resolve("lib"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (entry.matches(".*(picocli|fastcsv)[^/]*\\.jar")) {
        Files.copy(path, lib.resolve(path.getFileName()));
      }
    }
    Path classes = Path.of("target/classes");
    try (OutputStream out = Files.newOutputStream(lib.resolve("lanewise.jar"));
        JarOutputStream jar = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      jar.setLevel(0);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
    launcher = home.resolve("lanewise");
    Files.copy(Path.of("src/main/launcher/lanewise"), launcher);
  }

  private List<String> launch(Map<String, String> environment, int exit, String script)
      throws Exception {
    Path file = Files.writeString(folder.resolve("script"), script);
    List<String> command = List.of("/bin/sh", file.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG.*"));
    builder.environment().putAll(environment);
    builder.environment().put("LANEWISE_JAVA", System.getProperty("java.home"));
    builder.environment().put("L", launcher.toString());
    builder.environment().put("D", folder.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exit, process.waitFor(), said);
    return said.lines().filter(line -> !line.contains("incubator")).toList();
  }

  /** The script holds the name itself: a JVM whose own locale is ASCII could not pass it on. */
  private static String quoted(String name) {
    return "'" + name.replace("'", "'\\''") + "'";
  }

  @Test
  void namesAreUtf8WhateverTheLocaleSays() throws Exception {
    List<Map<String, String>> environments =
        List.of(Map.of("LC_ALL", "xx_YY.UTF-8"), Map.of("LC_CTYPE", "UTF-8"));
    List<String> seen = new ArrayList<>();
    for (Map<String, String> environment : environments) {
      String script =
          "mkdir \"$D\"/%1$s && cd \"$D\"/%1$s && printf 'größe,y\\n"
              + "1,ä\\n"
              + "2,ö\\n"
              + "3,ä\\n"
              + "4,ö\\n"
              + "' > %1$s && sh \"$L\" train %1$s --label y --split 100/0/0 --hidden none --epochs"
              + " 1 --model m%1$s > /dev/null && sh \"$L\" predict m%1$s %1$s | head -n 1 && sh"
              + " \"$L\" inspect %1$s; ls m%1$s > /dev/null && rm -r \"$D\"/%1$s";
      List<String> said = launch(environment, 0, script.formatted(quoted(ODD)));
      assertEquals("prediction,p_ä,p_ö", said.getFirst(), said::toString);
      assertTrue(
          said.getLast().startsWith("lanewise: " + ODD.replace("\n", "\\n") + ": "),
          said::toString);
      seen.add(said.getLast());
    }
    assertEquals(1, seen.stream().distinct().count(), seen::toString);
  }

  @Test
  void closedStreamsCostNoFile() throws Exception {
    launch(Map.of(), 1, "sh \"$L\" --version >&-");
    launch(Map.of(), 0, "sh \"$L\" --version 2>&- <&-");
    launch(Map.of(), 2, "sh \"$L\" train >&- 2>&- <&-");
  }

  @Test
  void aFolderThatTheJvmTakesApartIsRefused() throws Exception {
    List<String> said =
        launch(
            Map.of(),
            1,
            "mkdir \"$D\"/a:b && cp -r \"$(dirname \"$L\")\"/* \"$D\"/a:b && sh"
                + " \"$D\"/a:b/lanewise");
    assertTrue(said.getFirst().contains("a colon in the folder's name"), said::toString);
  }
}
