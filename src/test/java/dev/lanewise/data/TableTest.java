package dev.lanewise.data;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a table's columns are called, and what it says when one is not there. */
final class TableTest {

  @Test
  void aColumnWithoutANameIsCalledByItsNumber() {
    Table partly = Tables.named("a, , c ", "1,x,3");
    assertEquals(List.of("a", "2", "c"), partly.names());
    assertEquals(1, partly.column("2"));
    assertEquals(
        "t.csv line 1, column 2: x; expected a number; if it stands for missing:"
            + " TableReader.withMissing(word)",
        refusal(RuntimeException.class, () -> Tables.unnamed("1,x").numbers(1, new int[] {0})));
  }

  @Test
  void columnsThatAreNotThereAreRefusedWithThoseThatAre() {
    assertEquals(
        "t.csv: no column 3; expected a number from 1 to 2",
        refusal(RuntimeException.class, () -> Tables.unnamed("1,2").column("3")));
    assertEquals(
        "t.csv: no column c; expected a, b or a number from 1 to 2",
        refusal(RuntimeException.class, () -> Tables.named("a,b", "1,2").column("c")));
  }

  @Test
  void ofManyColumnsTwentyAreNamed() {
    for (int count : new int[] {20, 21}) {
      List<String> names = IntStream.rangeClosed(1, count).mapToObj(c -> "c" + c).toList();
      Table table =
          Tables.named(String.join(",", names), String.join(",", Collections.nCopies(count, "1")));
      assertEquals(
          "t.csv: no column x; expected %s%s or a number from 1 to %d"
              .formatted(String.join(", ", names.subList(0, 20)), count == 20 ? "" : ", …", count),
          refusal(RuntimeException.class, () -> table.column("x")));
    }
  }

  @Test
  void aTableOfNothingHasNoColumns() {
    Table nothing = Table.ofRows(List.of(), List.of());
    assertEquals(0, nothing.columns());
    assertEquals(0, nothing.all().length);
  }

  @Test
  void longCellsAreShownToTheirEightiethCharacter() {
    for (int length : new int[] {80, 81}) {
      String text = "𝄞".repeat(length);
      assertEquals(
          "t.csv line 1, column 1: %s%s; expected a number; if it stands for missing:"
                  .formatted("𝄞".repeat(80), length == 80 ? "" : "…")
              + " TableReader.withMissing(word)",
          refusal(RuntimeException.class, () -> Tables.unnamed(text).numbers(0, new int[] {0})));
    }
  }

  @Test
  void numbersAreDecimalAlone() {
    for (String number : List.of("1", "-2.5", "+1e3", ".5", "1e400")) {
      assertTrue(Table.isNumber(number), number);
    }
    for (String other : List.of("", "1f", "0x1p3", "NaN", "Infinity", "1 2", "e")) {
      assertFalse(Table.isNumber(other), other);
    }
  }

  @Test
  void aColumnWithTwoPartsIsRefusedNamingTheOther() {
    Table table = Tables.named("a,b,y", "1,2,0");
    for (String part : List.of("y", "b")) {
      Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withIgnored(part).withCategorical("b");
      assertEquals(
          "ignored: column %s is also %s; expected one part for a column"
              .formatted(part, part.equals("y") ? "the label" : "categorical"),
          refusal(
              RuntimeException.class,
              () -> Encoder.fit(table, roles, new int[] {0}, EncoderTest.ORIGINAL)));
    }
  }

  @Test
  void zeroIsOneCategoryWhateverItsSign() {
    Table table = Tables.named("a,y", "-0,0", "0,1", "1,-0.0");
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withCategorical("a");
    Encoder encoder = Encoder.fit(table, roles, table.all(), EncoderTest.ORIGINAL);
    assertEquals(
        new Column.Categorical("a", List.of("0", "1"), false), encoder.columns().getFirst());
    assertEquals(new Target.Classes(List.of("0", "1")), encoder.target());
    assertArrayEquals(new float[] {0, 1, 0}, encoder.dataset(table, table.all()).targets());
  }

  @Test
  void ofManyClassesTwentyAreNamed() {
    Table unseen = Tables.named("y", "x");
    for (int count : new int[] {20, 21}) {
      List<String> labels = IntStream.rangeClosed(1, count).mapToObj(c -> "c" + c).toList();
      assertEquals(
          "t.csv line 2, column y: x; expected one of the classes %s%s"
              .formatted(String.join(", ", labels.subList(0, 20)), count == 20 ? "" : ", …"),
          refusal(
              RuntimeException.class,
              () -> new Target.Classes(labels).numbers(unseen, 0, new int[] {0})));
    }
  }

  @Test
  void aTableWithoutRowsHasNoClasses() {
    Table empty = Table.ofRows(List.of("a", "y"), List.of());
    assertEquals(
        "rows, column y: no classes; expected at least two",
        refusal(RuntimeException.class, () -> Target.Classes.of(empty, 1)));
  }

  /** A selected row is the same row: kind, text, number and line, whatever column it stands in. */
  @Test
  void selectedRowsStayWhatTheyWere() {
    List<List<?>> cells = new ArrayList<>();
    for (int r = 0; r < 9; r++) {
      cells.add(
          Arrays.asList(
              r % 4 == 0 ? null : r + 0.5,
              "word " + r % 3,
              r % 2 == 0,
              LocalDate.of(2020, 1, 1 + r),
              0.1f * r,
              "00" + r));
    }
    Table table =
        TableReader.create()
            .withKind("f", Table.Kind.CATEGORY)
            .rows(List.of("a", "b", "c", "d", "e", "f"), cells);
    int[] rows = {7, 0, 3, 7};
    Table some = table.select(rows);
    assertEquals(4, some.rows());
    assertEquals(table.names(), some.names());
    assertEquals(table.source(), some.source());
    for (int c = 0; c < table.columns(); c++) {
      assertEquals(table.kind(c), some.kind(c));
      for (int i = 0; i < rows.length; i++) {
        assertEquals(table.line(rows[i]), some.line(i));
        assertEquals(table.isMissing(rows[i], c), some.isMissing(i, c));
        assertEquals(table.text(rows[i], c), some.text(i, c));
        if (table.kind(c) != Table.Kind.CATEGORY) {
          assertEquals(table.number(rows[i], c), some.number(i, c));
        }
      }
    }
  }

  /** A service has booleans where a file had words. */
  @ParameterizedTest
  @CsvSource({"True,False", "TRUE,FALSE", "true,false", "1,0", "yes,no", "T,F", "Yes,no", "t,f"})
  void aBooleanIsTheRowOfItsTextInEverySpelling(String yes, String no) {
    List<String> lines = new ArrayList<>(List.of("member,x,y"));
    for (int i = 0; i < 10; i++) {
      lines.add((i % 2 == 0 ? yes : no) + "," + i + "," + (i % 3 == 0 ? "p" : "q"));
    }
    Table table = Tables.named(lines.toArray(String[]::new));
    for (Roles roles :
        List.of(
            Roles.of("y", Roles.Task.CLASSIFY),
            Roles.of("y", Roles.Task.CLASSIFY).withCategorical("member"))) {
      Encoder encoder = Encoder.fit(table, roles, table.all(), Encoder.Options.standard());
      for (boolean truth : new boolean[] {true, false}) {
        float[] expected = encoder.encode(Map.of("member", truth ? yes : no, "x", 3));
        assertArrayEquals(expected, encoder.encode(Map.of("member", truth, "x", 3)));
        assertArrayEquals(expected, encoder.encode(List.of(truth, 3)));
        for (String other : truth ? List.of("TRUE", "true") : List.of("False", "FALSE")) {
          assertArrayEquals(expected, encoder.encode(Map.of("member", other, "x", 3)), other);
        }
        Table objects = Table.ofRows(List.of("member", "x"), List.of(List.of(truth, 3)));
        assertArrayEquals(expected, encoder.features(objects, objects.all()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,5|a number without a comma, of decimals or of thousands",
        "$1|a number without a sign of currency",
        "5 kg|a number without anything behind it",
        "31.12.2024|a number, not a date",
        "inf|a finite number",
        "1e39|a number within the range of float",
        "many|a number"
      })
  void aTextForANumberIsExplainedInServiceAsInAFile(String text, String expected) {
    Table table = Tables.named("x,y", "1,p", "2,q");
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
    assertEquals(
        "column x: " + text + "; expected " + expected,
        refusal(DataException.class, () -> encoder.encode(Map.of("x", text))));
  }

  @Test
  void classesBeyondTheRangeOfDoubleAreToldApart() {
    TableReader reader = TableReader.create().withLabels("y");
    List<String> classes = List.of("9", "7E400", "8E400");
    Table file = Tables.read(reader.withHeader(true), "t.csv", "x,y", "1,7E400", "2,8E400", "3,9");
    assertEquals(classes, Target.Classes.of(file, 1).labels());
    Table rows =
        reader.rows(
            List.of("x", "y"),
            List.of(
                List.of(1, new BigDecimal("7E+400")),
                List.of(2, new BigDecimal("8E+400")),
                List.of(3, 9)));
    assertEquals(List.of("9", "7E+400", "8E+400"), Target.Classes.of(rows, 1).labels());
    Table tiny = Tables.read(reader.withHeader(true), "t.csv", "x,y", "1,1E-400", "2,0");
    assertTrue(
        refusal(DataException.class, () -> Target.Classes.of(tiny, 1))
            .contains("1E-400; expected a class"));
  }

  @Test
  void namesOfObjectsThatStandTwiceOfferNoHeader() {
    assertEquals(
        "maps: the column name a stands twice; expected different names",
        refusal(DataException.class, () -> Table.ofMaps(List.of(Map.of("a", 1, "a ", 2)))));
  }
}
