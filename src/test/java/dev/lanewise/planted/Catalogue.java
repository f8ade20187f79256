package dev.lanewise.planted;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the planted bugs from their pages: each is a section with a name for heading, a paragraph,
 * and for each file its name in backquotes and a {@code diff} of whole lines.
 */
final class Catalogue {

  static final Path FOLDER = Path.of("src/test/planted");
  static final Path SOURCES = Path.of("src/main/java/dev/lanewise");

  private static final Pattern FILE = Pattern.compile("`([a-z]+/\\w+\\.java)`");

  private Catalogue() {}

  /** {@return all planted bugs, in the order of the pages} */
  static List<Bug> read() throws IOException {
    List<Path> pages;
    try (Stream<Path> files = Files.list(FOLDER)) {
      pages = files.filter(f -> !f.endsWith("README.md")).sorted().toList();
    }
    List<Bug> bugs = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path page : pages) {
      for (Bug bug : parse(Files.readString(page))) {
        if (!ids.add(bug.id())) {
          throw new IllegalArgumentException("%s: %s stands twice".formatted(page, bug.id()));
        }
        bugs.add(bug);
      }
    }
    return bugs;
  }

  /**
   * {@return a comment in every source file} Nobody may catch it: a test that does judges how the
   * classes were compiled, or where lines are, and would be credited with bugs that it knows
   * nothing of.
   */
  static Bug harmless() throws IOException {
    List<Edit> comments = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(Catalogue::isClass).sorted().toList()) {
        String name = SOURCES.relativize(file).toString().replace(File.separatorChar, '/');
        String line = "package dev.lanewise." + name.substring(0, name.indexOf('/')) + ";\n";
        comments.add(new Edit(name, line, line + "// A comment.\n"));
      }
    }
    return new Bug("harmless", "A comment in every file.", comments);
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".java") && !file.endsWith("package-info.java");
  }

  /** {@return the bugs of one page} */
  static List<Bug> parse(String page) {
    return Stream.of(page.split("(?m)^## ")).skip(1).map(Catalogue::bug).toList();
  }

  private static Bug bug(String section) {
    List<String> lines = section.lines().toList();
    StringBuilder what = new StringBuilder();
    List<Edit> edits = new ArrayList<>();
    String file = null;
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher name = FILE.matcher(line);
      if (name.matches()) {
        file = name.group(1);
      } else if (line.equals("```diff")) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        edits.add(edit(file, lines.subList(i + 1, end)));
        i = end;
      } else if (!line.isBlank()) {
        what.append(what.isEmpty() ? "" : " ").append(line.strip());
      }
    }
    if (edits.isEmpty()) {
      throw new IllegalArgumentException("bug %s: no diff".formatted(lines.getFirst()));
    }
    return new Bug(lines.getFirst(), what.toString(), edits);
  }

  private static Edit edit(String file, List<String> diff) {
    if (file == null) {
      throw new IllegalArgumentException("diff without the name of a file: %s".formatted(diff));
    }
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (String line : diff) {
      char mark = line.isEmpty() ? ' ' : line.charAt(0);
      String text = line.isEmpty() ? "" : line.substring(1);
      if (mark != ' ' && mark != '-' && mark != '+') {
        throw new IllegalArgumentException(
            "%s: line \"%s\" of a diff; expected it to begin with blank, - or +"
                .formatted(file, line));
      }
      if (mark != '+') {
        before.append(text).append('\n');
      }
      if (mark != '-') {
        after.append(text).append('\n');
      }
    }
    return new Edit(file, before.toString(), after.toString());
  }
}
