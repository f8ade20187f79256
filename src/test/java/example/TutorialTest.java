package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Importance;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.metric.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's code is compiled, runs, and is what the page shows. */
final class TutorialTest {

  private static final Path FILE = Path.of("data/customers.csv");

  @TempDir Path folder;

  @Test
  void thePageShowsTheCodeThatRuns() throws IOException {
    String source = Files.readString(Path.of("src/test/java/example/Tutorial.java"));
    List<String> code = found(source, "(?s)// tutorial: begin\n(.*?)\n *// tutorial: end").toList();
    String page = Files.readString(Path.of("doc/tutorial.md"));
    assertEquals(code, found(page, "(?s)```java\n(.*?)\n```").toList());
  }

  @Test
  void theFileIsDrawnFromTheFormula() throws IOException {
    List<String> lines = new ArrayList<>(List.of(Customers.HEADER));
    Customers.draw(2000, 1).forEach(customer -> lines.add(customer.line()));
    assertEquals(lines, Files.readAllLines(FILE));
  }

  @Test
  void theModelIsServedAsItWasJudged() throws IOException {
    Table table = Tutorial.file(FILE);
    assertEquals(table.rows(), Tutorial.fileRead(FILE).rows());
    Learned learned = Tutorial.learn(table);
    Evaluation.OfClasses test = (Evaluation.OfClasses) learned.test().orElseThrow();
    assertTrue(test.scores().get("auc") > 0.8, test::toString);

    Path file = folder.resolve("churn.safetensors");
    learned.model().save(file);
    assertEquals("left", Tutorial.serve(file).label());
    Tutorial.swap(file);
    Tutorial.Customer loyal =
        new Tutorial.Customer("premium", LocalDate.of(2017, 1, 1), 60.0, 0, true);
    assertEquals("active", Tutorial.answer(loyal).label());

    Importance importance = Tutorial.importance(table, learned);
    assertTrue(importance.columns().getFirst().mean() > 0, importance::toString);
  }

  @Test
  void validationAndChangesRun() throws IOException {
    Table table = Table.csv(FILE);
    assertTrue(Tutorial.validate(table).scores().get("auc").mean() > 0.8);
    assertTrue(Tutorial.change(table).test().orElseThrow().scores().get("auc") > 0.8);
    assertTrue(Tutorial.preset(table).test().orElseThrow().scores().get("auc") > 0.8);
    Learner quick = Learner.classifier("status").withRecipe(recipe -> recipe.withEpochs(2));
    assertEquals(2, Tutorial.drive(quick, table).epochs().size());
  }

  @Test
  void aQueryIsATableToo() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:h2:mem:tutorial;DATABASE_TO_UPPER=FALSE")) {
      fill(connection, Customers.draw(1000, 1));
      Learned learned = Tutorial.learn(Tutorial.query(connection));
      assertTrue(learned.test().orElseThrow().scores().get("auc") > 0.8, learned::toString);
    }
  }

  static void fill(Connection connection, List<Customers.Customer> customers) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create table customers (plan varchar, since date, monthly double precision, calls int,"
              + " newsletter boolean, status varchar)");
    }
    try (PreparedStatement insert =
        connection.prepareStatement("insert into customers values (?, ?, ?, ?, ?, ?)")) {
      for (Customers.Customer customer : customers) {
        insert.setString(1, customer.plan());
        insert.setDate(2, Date.valueOf(customer.since()));
        if (customer.monthly() == null) {
          insert.setNull(3, Types.DOUBLE);
        } else {
          insert.setDouble(3, customer.monthly());
        }
        insert.setInt(4, customer.calls());
        insert.setBoolean(5, customer.newsletter());
        insert.setString(6, customer.left() ? "left" : "active");
        insert.executeUpdate();
      }
    }
  }

  private static List<List<String>> rows(int count, long seed) {
    return Customers.draw(count, seed).stream()
        .map(customer -> List.of(customer.line().split(",")))
        .toList();
  }

  private static Stream<String> found(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult r) -> r.group(1).stripIndent().strip());
  }
}
