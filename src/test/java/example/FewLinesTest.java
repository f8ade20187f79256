package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.learn.CrossValidation;
import dev.lanewise.learn.Importance;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.train.EarlyStopping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The usual steps work in as few lines as the library promises. */
class FewLinesTest {

  private static final Path SOURCE = Path.of("src/test/java/example/FewLines.java");
  private static final Table TABLE = table(600, 1);

  @TempDir Path folder;

  private static Table table(int rows, long seed) {
    return Table.ofRows(
        List.of(Customers.HEADER.split(",")),
        Customers.draw(rows, seed).stream()
            .map(customer -> List.of(customer.line().split(",")))
            .toList());
  }

  @Test
  void aQueryBecomesAJudgedAndSavedModelThatAnswers() throws SQLException, IOException {
    Path file = folder.resolve("churn.safetensors");
    try (Connection connection =
        DriverManager.getConnection("jdbc:h2:mem:few;DATABASE_TO_UPPER=FALSE")) {
      TutorialTest.fill(connection, Customers.draw(1000, 1));
      Learned learned = FewLines.train(connection, file);
      assertTrue(learned.test().orElseThrow().scores().get("auc") > 0.8, learned::toString);
    }
    assertEquals("left", FewLines.answer(file));
    FewLines.Customer loyal =
        new FewLines.Customer("premium", LocalDate.of(2017, 1, 1), 60.0, 0, true);
    assertEquals("active", FewLines.swap(file, loyal).label());
  }

  @Test
  void foldsAndImportanceAreJudged() {
    CrossValidation validation = FewLines.validate(TABLE);
    assertEquals(5, validation.learned().size());
    assertTrue(validation.scores().get("auc").mean() > 0.75, validation::toString);
    Importance importance = FewLines.importance(validation.ensemble(), table(300, 2));
    assertEquals(5, importance.columns().size());
    assertTrue(importance.columns().getFirst().low() > 0, importance::toString);
  }

  @Test
  void earlyStoppingWatchesTheAuc() {
    Run run = FewLines.stopping(Learner.classifier("status")).begin(TABLE);
    assertEquals("auc", run.data().metric().orElseThrow().name());
    assertEquals(EarlyStopping.patience(10).onMetric(), run.recipe().earlyStopping());
  }

  /** Lines that are blank, hold a comment alone or print do not count. */
  @Test
  void theLinesAreAsFewAsPromised() throws IOException {
    List<String> wrong = new ArrayList<>();
    Matcher parts =
        Pattern.compile("(?s)// at most (\\d+): ([^\n]*)\n(.*?)\n *// end")
            .matcher(Files.readString(SOURCE));
    int steps = 0;
    for (; parts.find(); steps++) {
      long lines =
          parts
              .group(3)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.matches("//.*|System\\.out\\.println.*"))
              .count();
      if (lines > Integer.parseInt(parts.group(1))) {
        wrong.add("%s: %d lines".formatted(parts.group(2), lines));
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(6, steps);
  }

  @Test
  void customersSeeExportedPackagesOnly() throws IOException {
    Set<String> exported =
        found("exports (\\S+);", Path.of("src/main/java/module-info.java"))
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(SOURCE.getParent())) {
      for (Path file : files.toList()) {
        List<String> others =
            found("import (?:static )?(dev\\.lanewise(?:\\.[a-z]+)*)\\.[A-Z]", file)
                .filter(name -> !exported.contains(name))
                .toList();
        assertEquals(List.of(), others, file::toString);
      }
    }
  }

  private static Stream<String> found(String pattern, Path file) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(file))
        .results()
        .map(result -> result.group(1));
  }
}
