package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What of the library a user can see: few types, none of the machinery, no option's name. */
class SurfaceTest {

  private static final int MOST_TYPES = 102;

  private static final Set<String> MACHINERY =
      Set.of("kernel", "gemm", "plan", "update", "random", "json", "report", "course", "cli");

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path CLASSES = Path.of("target/classes/dev/lanewise");
  private static final Pattern EXPORT = Pattern.compile("exports dev\\.lanewise\\.(\\w+);");

  /** A string literal in which an option of the command line stands. */
  private static final Pattern OPTION = Pattern.compile("\"[^\"\n]*(?<![\\w-])--[a-z][^\"\n]*\"");

  private static Set<String> exports() throws IOException {
    String module = Files.readString(SOURCES.resolve("module-info.java"));
    return EXPORT
        .matcher(module)
        .results()
        .map(export -> export.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> publicTypes() throws IOException, ClassNotFoundException {
    List<String> types = new ArrayList<>();
    for (String exported : exports()) {
      try (Stream<Path> files = Files.list(CLASSES.resolve(exported))) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString().replace(".class", "");
          if (name.matches("\\w+")) {
            Class<?> type =
                Class.forName(
                    "dev.lanewise." + exported + "." + name,
                    false,
                    SurfaceTest.class.getClassLoader());
            if (Modifier.isPublic(type.getModifiers())) {
              types.add(exported + "." + name);
            }
          }
        }
      }
    }
    return types;
  }

  @Test
  void exportedPackagesHaveFewPublicTypes() throws Exception {
    List<String> types = publicTypes();
    assertTrue(types.contains("model.Model"), types::toString);
    assertTrue(types.size() <= MOST_TYPES, () -> types.size() + ": " + types);
  }

  @Test
  void theMachineryIsNotExported() throws IOException {
    Set<String> exported = exports();
    exported.retainAll(MACHINERY);
    assertEquals(Set.of(), exported);
  }

  /** A service has no command line; {@code --add-modules} is the JVM's. */
  @Test
  void messagesOfTheLibraryNameNoOptionOfTheCommandLine() throws IOException {
    List<String> named = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES.resolve("dev/lanewise"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        Path part = SOURCES.resolve("dev/lanewise").relativize(file);
        String folder = part.getName(0).toString();
        if (Set.of("cli", "course", "report").contains(folder)) {
          continue;
        }
        OPTION
            .matcher(Files.readString(file).replace("--add-modules", ""))
            .results()
            .forEach(literal -> named.add(part + ": " + literal.group()));
      }
    }
    assertEquals(List.of(), named);
  }
}
