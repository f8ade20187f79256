package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JVMs that can load what is built. */
final class ClassFilesTest {

  private static final int JAVA_21 = 65;

  @Test
  void everyClassOfBothJarsIsOfJava21() throws IOException {
    List<String> others = new ArrayList<>();
    int classes = 0;
    try (Stream<Path> files = Files.walk(Path.of("target/classes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        classes++;
        int version = version(file);
        if (version != JAVA_21) {
          others.add(file + " has version " + version);
        }
      }
    }
    assertTrue(classes > 500, classes + " classes");
    assertEquals(List.of(), others);
  }

  /** Minor and major version: the minor one tells of preview features. */
  private static int version(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      assertEquals(0xCAFEBABE, in.readInt(), file::toString);
      return in.readInt();
    }
  }
}
