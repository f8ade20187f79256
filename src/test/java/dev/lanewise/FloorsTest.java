package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house's floors: a package imports from floors below its own only. */
class FloorsTest {

  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("tensor", 0),
          Map.entry("random", 0),
          Map.entry("json", 0),
          Map.entry("file", 0),
          Map.entry("event", 0),
          Map.entry("kernel", 1),
          Map.entry("engine", 2),
          Map.entry("gemm", 2),
          Map.entry("net", 3),
          Map.entry("data", 3),
          Map.entry("metric", 3),
          Map.entry("optim", 3),
          Map.entry("plan", 4),
          Map.entry("reference", 5),
          Map.entry("model", 5),
          Map.entry("update", 5),
          Map.entry("check", 6),
          Map.entry("onnx", 6),
          Map.entry("train", 7),
          Map.entry("learn", 8),
          Map.entry("search", 9),
          Map.entry("report", 10),
          Map.entry("course", 11),
          Map.entry("cli", 12));

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern MENTION = Pattern.compile("\\bdev\\.lanewise\\.([a-z]+)\\.[A-Z]");

  @Test
  void packagesImportFromFloorsBelowOnly() throws IOException {
    List<String> wrong = new ArrayList<>();
    mentions()
        .forEach(
            (from, tos) -> {
              for (String to : tos) {
                if (FLOORS.get(to) >= FLOORS.get(from)) {
                  wrong.add(from + " imports " + to);
                }
              }
            });
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyPackageHasItsFloor() throws IOException {
    assertEquals(Set.of(), subtract(mentions().keySet(), FLOORS.keySet()));
  }

  @Test
  void theReferenceSharesNothingWithTheEngine() throws IOException {
    assertEquals(
        Set.of(), subtract(mentions().get("reference"), Set.of("net", "tensor", "random")));
  }

  @Test
  void onlyKernelsUseTheVectorApi() throws IOException {
    assertEquals(Set.of("kernel"), packagesThatMention("jdk.incubator.vector"));
  }

  @Test
  void onlyTheCommandLineUsesItsLibrary() throws IOException {
    assertEquals(Set.of("cli"), packagesThatMention("picocli."));
  }

  @Test
  void onlyTheCommandLinePrintsOrExits() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (String call : List.of("System.out", "System.err", "System.exit")) {
      packages.addAll(packagesThatMention(call));
    }
    assertTrue(Set.of("cli").containsAll(packages), packages.toString());
  }

  @Test
  void nothingThatReachesParametersCallsPlatformFunctions() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (String function : List.of("exp", "log", "pow", "sin", "cos", "tanh")) {
      packages.addAll(packagesThatMention(" Math." + function + "("));
      packages.addAll(packagesThatMention("(Math." + function + "("));
    }
    packages.removeAll(Set.of("metric", "cli"));
    assertEquals(Set.of(), packages);
  }

  private static Set<String> subtract(Set<String> from, Set<String> what) {
    Set<String> rest = new TreeSet<>(from);
    rest.removeAll(what);
    return rest;
  }

  /** For each package those of ours that its files mention. */
  private static Map<String, Set<String>> mentions() throws IOException {
    Map<String, Set<String>> mentions = new TreeMap<>();
    for (Path file : files()) {
      Set<String> of = mentions.computeIfAbsent(packageOf(file), name -> new TreeSet<>());
      Matcher matcher = MENTION.matcher(Files.readString(file));
      while (matcher.find()) {
        of.add(matcher.group(1));
      }
    }
    mentions.forEach((from, tos) -> tos.remove(from));
    return mentions;
  }

  private static Set<String> packagesThatMention(String text) throws IOException {
    Set<String> packages = new TreeSet<>();
    for (Path file : files()) {
      if (code(file).contains(text)) {
        packages.add(packageOf(file));
      }
    }
    return packages;
  }

  /** A file without the lines of its block comments. */
  private static String code(Path file) throws IOException {
    return Files.readString(file).replaceAll("(?m)^\\s*/?\\*.*$", "");
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(SOURCES.resolve("dev/lanewise"))) {
      return paths.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }

  private static String packageOf(Path file) {
    return file.getParent().getFileName().toString();
  }
}
