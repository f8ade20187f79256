package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.DataException.Remedy;
import dev.lanewise.data.Roles.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parts of columns. */
final class RolesTest {

  private static Table label(int values, String ending) {
    String[] lines =
        IntStream.range(-1, 2 * values)
            .mapToObj(i -> i < 0 ? "x,y" : i + "," + (i % values) + ending)
            .toArray(String[]::new);
    return Tables.named(lines);
  }

  @Test
  void aHundredWholeNumbersAreClassesAndMoreAreRefused() {
    assertEquals(Task.CLASSIFY, Task.of(label(100, ""), "y"));
    assertEquals(Task.CLASSIFY, Task.of(label(101, ".5"), "2"));
    assertEquals(Task.CLASSIFY, Task.of(label(101, "th"), "y"));
    DataException e = assertThrows(DataException.class, () -> Task.of(label(101, ""), "y"));
    assertEquals(Remedy.TASK, e.remedy());
    assertEquals(
        "t.csv, column y: whole numbers of more than 100 values; expected to know whether these are"
            + " classes or quantities; say which: Roles.Task.CLASSIFY or REGRESS",
        e.getMessage());
  }

  /** Beyond 2⁵³ two ids may be one {@code double}. */
  @Test
  void moreThanAHundredIdsAreRefusedToo() {
    String[] lines =
        IntStream.range(-1, 101)
            .mapToObj(i -> i < 0 ? "x,y" : "0," + (9_007_199_254_740_993L + i))
            .toArray(String[]::new);
    TableReader reader = TableReader.create().withHeader(true).withLabels("y");
    Table table = Tables.read(reader, "t.csv", lines);
    assertEquals(
        Remedy.TASK, assertThrows(DataException.class, () -> Task.of(table, "y")).remedy());
  }

  @Test
  void aWitherChangesItsOwnPartAlone() {
    Roles roles =
        Roles.of(List.of("a", "b"), Task.REGRESS)
            .withIgnored("c")
            .withCategorical("d", "e")
            .withWeights("f")
            .withGroups("g");
    assertEquals(List.of("a", "b"), roles.labels());
    assertEquals(Task.REGRESS, roles.task());
    assertEquals(List.of("c"), roles.ignored());
    assertEquals(List.of("d", "e"), roles.categorical());
    assertEquals(Optional.of("f"), roles.weights());
    assertEquals(Optional.of("g"), roles.groups());
    assertEquals(List.of("c", "f", "g"), roles.besides());
    Roles others = roles.withIgnored().withCategorical("h");
    assertEquals(List.of(), others.ignored());
    assertEquals(List.of("h"), others.categorical());
    assertEquals(Optional.of("f"), others.weights());
  }

  @Test
  void weightsAndGroupsAreReadAndAreNoFeatures() {
    Roles roles = Roles.of("y", Task.CLASSIFY).withWeights("w").withGroups("g");
    Table table =
        Tables.read(
            TableReader.create().withRoles(roles), "t.csv", "a,w,g,y", "1,2,7,p", "3,0.5,07,q");
    assertEquals(Table.Kind.NUMBER, table.kind(1));
    assertEquals("07", table.text(1, 2));
    Encoder encoder = Encoder.fit(table, roles, table.all(), Encoder.Options.standard());
    assertEquals(1, encoder.encodedColumns());
  }
}
