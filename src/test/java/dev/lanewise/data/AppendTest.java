package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The rows of two tables, or the images of two files, one behind the other. */
final class AppendTest {

  private static final List<String> LINES =
      List.of(
          "1,red,true,2020-01-01,007",
          "2.5,blue,false,2020-01-02,12",
          ",red,,,9",
          "1e3,?,true,2021-05-05,000",
          "-7,green,false,1999-12-31,",
          "0.1,blue,true,2020-01-01,007");

  private static Table table(List<String> lines) {
    List<String> all = new ArrayList<>(List.of("n,colour,yes,day,id"));
    all.addAll(lines);
    return Tables.read(TableReader.create().withHeader(true), "t.csv", all.toArray(String[]::new));
  }

  /** The halves are cut from one table, so that their kinds are the same, and need not be whole. */
  @Property
  void rowsAreThoseOfBothInTheirOrder(
      @ForAll List<@IntRange(max = 5) Integer> first,
      @ForAll List<@IntRange(max = 5) Integer> second) {
    Table whole = table(LINES);
    int[] one = first.stream().mapToInt(row -> row).toArray();
    int[] other = second.stream().mapToInt(row -> row).toArray();
    int[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    assertSameCells(whole.select(all), whole.select(one).append(whole.select(other)));
  }

  private static void assertSameCells(Table expected, Table actual) {
    assertEquals(expected.rows(), actual.rows());
    assertEquals(expected.names(), actual.names());
    for (int c = 0; c < expected.columns(); c++) {
      assertEquals(expected.kind(c), actual.kind(c));
      for (int r = 0; r < expected.rows(); r++) {
        assertEquals(expected.text(r, c), actual.text(r, c));
        if (expected.kind(c) != Table.Kind.CATEGORY) {
          assertEquals(expected.number(r, c), actual.number(r, c));
        }
        assertEquals(expected.isMissing(r, c), actual.isMissing(r, c));
        assertEquals(expected.line(r), actual.line(r));
      }
    }
  }

  /** Two files give what one file of their lines gives, though their words have other places. */
  @Test
  void tablesReadApartAreThatOfAllTheirLines() {
    Table apart = table(LINES.subList(0, 2)).append(table(LINES.subList(2, 6)));
    Table whole = table(LINES);
    for (int c = 0; c < whole.columns(); c++) {
      for (int r = 0; r < whole.rows(); r++) {
        assertEquals(whole.text(r, c), apart.text(r, c));
        assertEquals(whole.kind(c), apart.kind(c));
      }
    }
    Encoder encoder =
        Encoder.fit(
            whole, Roles.of("n", Roles.Task.REGRESS), all(whole), Encoder.Options.standard());
    assertEquals(
        encoder,
        Encoder.fit(
            apart, Roles.of("n", Roles.Task.REGRESS), all(apart), Encoder.Options.standard()));
    assertEquals("t.csv and t.csv", apart.source());
  }

  /** All rows but those without the label. */
  private static int[] all(Table table) {
    return Arrays.stream(table.all()).filter(row -> !table.isMissing(row, 0)).toArray();
  }

  @Test
  void columnsAreFoundByNameAndThoseOfTheOtherAloneAreLeftOut() {
    Table first = Tables.named("a,b", "1,x", "2,y");
    Table other = Tables.named("c,b,a", "7,y,3");
    Table both = first.append(other);
    assertEquals(List.of("a", "b"), both.names());
    assertEquals(3, both.number(2, 0));
    assertEquals("y", both.text(2, 1));
    assertEquals(4, both.append(Tables.unnamed("5,z")).rows());
  }

  @Test
  void aColumnThatIsNotThereOrOfAnotherKindIsRefused() {
    Table first = Tables.named("a,b", "1,x", "2,y");
    DataException missing =
        assertThrows(DataException.class, () -> first.append(Tables.named("a,c", "1,x")));
    assertEquals(true, missing.getMessage().startsWith("t.csv: no column b"), missing::getMessage);
    DataException kind =
        assertThrows(DataException.class, () -> first.append(Tables.named("a,b", "q,x")));
    assertEquals("t.csv, column a: category; expected number, as in t.csv", kind.getMessage());
  }

  @Test
  void aColumnThatWasNotReadStaysSo() {
    Table first =
        Tables.read(
            TableReader.create().withHeader(true).withIgnored("b"), "t.csv", "a,b", "1,x", "2,y");
    Table both = first.append(Tables.named("a", "3"));
    assertEquals(Table.Kind.IGNORED, both.kind(1));
    assertEquals(3, both.number(2, 0));
  }

  private static Idx.Images images(byte[] pixels, byte... labels) {
    return new Idx.Images("some", new Column.Pixels(1, 2, 1), pixels, labels);
  }

  @Test
  void imagesAreThoseOfBothInTheirOrder() {
    Idx.Images both =
        images(new byte[] {1, 2}, (byte) 7)
            .append(images(new byte[] {3, 4, 5, 6}, (byte) 8, (byte) 9));
    assertEquals(3, both.count());
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, both.pixels());
    assertArrayEquals(new byte[] {7, 8, 9}, both.labels());
  }
}
