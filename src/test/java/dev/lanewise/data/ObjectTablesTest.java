package dev.lanewise.data;

import static dev.lanewise.data.Table.Kind.BOOLEAN;
import static dev.lanewise.data.Table.Kind.CATEGORY;
import static dev.lanewise.data.Table.Kind.DATE;
import static dev.lanewise.data.Table.Kind.NUMBER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.rowset.CachedRowSet;
import javax.sql.rowset.RowSetMetaDataImpl;
import javax.sql.rowset.RowSetProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tables of a program's own values. */
final class ObjectTablesTest {

  private enum Colour {
    RED,
    BLUE
  }

  private record Person(String name, int age, Double income, boolean member, LocalDate since) {}

  private static Table column(Object... values) {
    List<List<?>> rows = new ArrayList<>();
    for (Object value : values) {
      rows.add(Arrays.asList(value));
    }
    return Table.ofRows(List.of("x"), rows);
  }

  @Test
  void everyTypeHasItsKind() {
    assertEquals(NUMBER, column(1, 2L, 3.5f, null, (short) 4, Double.NaN).kind(0));
    assertEquals(NUMBER, column(new BigDecimal("1.50"), BigInteger.TWO).kind(0));
    assertEquals(NUMBER, column("1.5", "2", null).kind(0));
    assertEquals(BOOLEAN, column(true, Boolean.FALSE, null).kind(0));
    assertEquals(BOOLEAN, column(true, "no").kind(0));
    assertEquals(CATEGORY, column(Colour.RED, Colour.BLUE, "RED").kind(0));
    assertEquals(CATEGORY, column("a", new StringBuilder("b"), 'c').kind(0));
    assertEquals(DATE, column(LocalDate.EPOCH, null, LocalDateTime.MAX.withYear(9)).kind(0));
    assertEquals(DATE, column(Instant.EPOCH, "1970-01-01").kind(0));
  }

  @Test
  void valuesOfOneMomentAreOneNumber() {
    Instant instant = Instant.parse("2024-05-06T07:08:09.5Z");
    LocalDateTime local = LocalDateTime.parse("2024-05-06T07:08:09.5");
    Table table =
        column(
            instant,
            local,
            OffsetDateTime.parse("2024-05-06T09:08:09.5+02:00"),
            Date.from(instant),
            Timestamp.valueOf(local),
            "2024-05-06 07:08:09.5");
    for (int row = 0; row < table.rows(); row++) {
      assertEquals(instant.toEpochMilli() / 1000.0, table.number(row, 0), "row " + row);
    }
    assertEquals(
        LocalDate.of(2024, 5, 6).toEpochDay() * 86_400.0,
        column(java.sql.Date.valueOf("2024-05-06")).number(0, 0));
    assertEquals(3661, column(java.sql.Time.valueOf("01:01:01")).number(0, 0));
  }

  @Test
  void longNumbersKeepTheirDigits() {
    Table table =
        column(
            9007199254740993L,
            new BigInteger("123456789012345678901"),
            new BigDecimal("1925036343869802845"));
    assertEquals("9007199254740993", table.text(0, 0));
    assertEquals("123456789012345678901", table.text(1, 0));
    assertEquals("1925036343869802845", table.text(2, 0));
    assertEquals(NUMBER, table.kind(0));
    assertEquals(1e30, column(new BigDecimal("1E+30")).number(0, 0));
  }

  @Test
  void aColumnThatTurnsFromNumbersToTextsHasTheTextsOfBoth() {
    Object[] values = new Object[3000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < 2000 ? (Object) i : "none".repeat(i % 2) + "t" + i;
    }
    values[7] = "yes";
    values[9] = "null";
    values[10] = null;
    Table table = column(values);
    assertEquals(CATEGORY, table.kind(0));
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i] == null ? null : values[i].toString(), table.text(i, 0));
    }
  }

  @Test
  void oneOddValueAmongNumbersIsRefusedWithItsRow() {
    Object[] values = new Object[50];
    Arrays.setAll(values, i -> i);
    values[30] = "many";
    DataException e = assertThrows(DataException.class, () -> column(values));
    assertEquals("rows row 31, column x: many; expected a number", e.problem());
  }

  @Test
  void mapsHaveTheColumnsOfAllInOrderOfAppearance() {
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("b", 1);
    first.put("a", null);
    Table table = Table.ofMaps(List.of(first, Map.of("c", "x", "a", 2.5)));
    assertEquals(List.of("b", "a", "c"), table.names());
    assertTrue(table.isMissing(0, 1) && table.isMissing(0, 2) && table.isMissing(1, 0));
    assertEquals(2.5, table.number(1, 1));
    assertEquals(2, table.line(1));
  }

  @Test
  void recordsHaveTheirComponentsAsColumns() {
    Table table =
        Table.ofRecords(
            Person.class,
            List.of(
                new Person("a", 30, null, true, LocalDate.EPOCH),
                new Person(null, 40, 1e3, false, null)));
    assertEquals(List.of("name", "age", "income", "member", "since"), table.names());
    assertEquals(List.of(CATEGORY, NUMBER, NUMBER, BOOLEAN, DATE), kinds(table));
    assertEquals(1, table.number(0, 3));
    assertTrue(table.isMissing(0, 2) && table.isMissing(1, 0) && table.isMissing(1, 4));
    assertEquals(0, Table.ofRecords(Person.class, List.of()).rows());
  }

  private static List<Table.Kind> kinds(Table table) {
    List<Table.Kind> kinds = new ArrayList<>();
    for (int c = 0; c < table.columns(); c++) {
      kinds.add(table.kind(c));
    }
    return kinds;
  }

  @Test
  void readersOptionsHoldForValuesToo() {
    TableReader reader =
        TableReader.create().withKind("x", CATEGORY).withIgnored("z").withMissing("?!");
    List<List<?>> rows = List.of(List.of(1, "?!", 5), List.of(2, 3.5, "a"));
    Table table = reader.rows(List.of("x", "y", "z"), rows);
    assertEquals(List.of(CATEGORY, NUMBER, Table.Kind.IGNORED), kinds(table));
    assertTrue(table.isMissing(0, 1));
    assertEquals("1", table.text(0, 0));
  }

  @Test
  void aFloatIsADoubleAsANumberAndItsShortestDecimalAsAText() {
    Table table = column(0.1f, 2f, 3e10f, -0f, 0.1, null, 0x1p-126f);
    assertEquals(NUMBER, table.kind(0));
    assertEquals(0.1f, table.number(0, 0));
    assertEquals("0.1", table.text(0, 0));
    assertEquals("2", table.text(1, 0));
    assertEquals("30000000000", table.text(2, 0));
    assertEquals("0", table.text(3, 0));
    assertEquals("0.1", table.text(4, 0));
    assertEquals("1.1754944E-38", table.text(6, 0));
    assertEquals(List.of("0.1", "a"), texts(column(0.1f, "a")));
    Table read = column("0.5", 0.1f);
    assertEquals(NUMBER, read.kind(0));
    assertEquals(0.1f, read.number(1, 0));
  }

  @Test
  void numbersAmongTextsOfNumbersKeepTheSpellingsInTheirRows() {
    assertEquals(List.of("5", "01", "7", "02"), texts(column(5, "01", 7, "02")));
  }

  private static List<String> texts(Table table) {
    return IntStream.range(0, table.rows()).mapToObj(row -> table.text(row, 0)).toList();
  }

  @Test
  void rowsAndNamesThatAreNullAreRefusedByTheirPlace() {
    Map<String, Object> row = Map.of("x", 1);
    Map<String, Object> nameless = new LinkedHashMap<>();
    nameless.put(null, 1);
    assertEquals(
        "maps row 2: null; expected a map", refusal(() -> Table.ofMaps(Arrays.asList(row, null))));
    assertEquals(
        "maps row 2: the name null; expected names of columns",
        refusal(() -> Table.ofMaps(List.of(row, nameless))));
    assertEquals(
        "Person row 1: null; expected a record",
        refusal(() -> Table.ofRecords(Person.class, Arrays.asList((Person) null))));
    assertEquals(
        "rows row 2: null; expected a list",
        refusal(() -> Table.ofRows(List.of("x"), Arrays.asList(List.of(1), null))));
  }

  @Test
  void aColumnGoesByItsNameInAnotherCaseIfThatLeavesOne() throws SQLException {
    try (Connection h2 = DriverManager.getConnection("jdbc:h2:mem:");
        Statement statement = h2.createStatement();
        ResultSet rows = statement.executeQuery("select 1 as plan, 'a' as status")) {
      Table table = TableReader.create().withLabels("status").resultSet(rows);
      assertEquals(List.of("PLAN", "STATUS"), table.names());
      assertEquals(1, table.column("status"));
    }
    Table both = Table.ofRows(List.of("a", "A", "B", "ß"), List.of());
    assertEquals(0, both.column("a"));
    assertEquals(1, both.column("A"));
    assertEquals(2, both.column("b"));
    Table several = Table.ofRows(List.of("ab", "AB"), List.of());
    assertEquals(
        "rows: no column Ab; expected ab, AB or a number from 1 to 2",
        refusal(() -> several.column("Ab")));
  }

  /** Its own class alone sees it. */
  private record Secret(int x) {}

  @Test
  void recordsOfACallersLookupAreRead() {
    List<Secret> rows = List.of(new Secret(5));
    assertEquals(5, Table.ofRecords(Secret.class, rows, MethodHandles.lookup()).number(0, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Table.ofRecords(Secret.class, rows, MethodHandles.publicLookup()));
  }

  @Test
  void sourcesThatAreNullAreNamed() {
    assertEquals("rows", named(() -> Table.ofMaps(null)));
    assertEquals("rows", named(() -> Table.ofRecords(Person.class, null)));
    assertEquals("type", named(() -> Table.ofRecords(null, List.<Person>of())));
    assertEquals("rows", named(() -> Table.ofRows(List.of("x"), null)));
    assertEquals("results", named(() -> Table.of(null)));
    assertEquals("file", named(() -> Table.csv(null)));
    assertEquals("stream", named(() -> TableReader.create().csv(null, "s")));
  }

  private static String named(Executable call) {
    return assertThrows(NullPointerException.class, call).getMessage();
  }

  private static String refusal(Executable call) {
    return assertThrows(DataException.class, call).getMessage();
  }

  @Test
  void aTableOfNoMapsSaysThatThereAreNoRows() {
    assertEquals(
        "maps: no rows, and so no column status; expected at least one row",
        refusal(() -> Table.ofMaps(List.of()).column("status")));
  }

  @Test
  void whatNoCellHoldsIsRefusedByItsClass() {
    DataException e = assertThrows(DataException.class, () -> column(1, new int[0]));
    assertEquals(
        "rows row 2, column x: an array; expected a number, a text, a boolean, an enum, a date or"
            + " null",
        e.getMessage());
    assertThrows(DataException.class, () -> column(1.0, 2.0, Double.POSITIVE_INFINITY, 3.0));
  }

  @Test
  void aQueryHasItsLabelsAsColumnsAndItsNullsMissing() throws SQLException {
    RowSetMetaDataImpl data = new RowSetMetaDataImpl();
    int[] types = {
      Types.INTEGER,
      Types.DOUBLE,
      Types.DECIMAL,
      Types.BOOLEAN,
      Types.DATE,
      Types.TIMESTAMP,
      Types.VARCHAR,
      Types.TIME
    };
    String[] names = {"i", "d", "n", "b", "day", "at", "s", "t"};
    data.setColumnCount(types.length);
    for (int c = 0; c < types.length; c++) {
      data.setColumnName(c + 1, "column_" + c);
      data.setColumnLabel(c + 1, names[c]);
      data.setColumnType(c + 1, types[c]);
    }
    try (CachedRowSet rows = RowSetProvider.newFactory().createCachedRowSet()) {
      rows.setMetaData(data);
      Object[][] values = {
        {
          1,
          2.5,
          new BigDecimal("10.20"),
          true,
          java.sql.Date.valueOf("1970-01-02"),
          Timestamp.valueOf("1970-01-01 00:00:02"),
          "red",
          java.sql.Time.valueOf("00:01:00")
        },
        new Object[types.length]
      };
      for (int r = values.length - 1; r >= 0; r--) {
        rows.moveToInsertRow();
        for (int c = 0; c < types.length; c++) {
          if (values[r][c] == null) {
            rows.updateNull(c + 1);
          } else {
            rows.updateObject(c + 1, values[r][c]);
          }
        }
        rows.insertRow();
        rows.moveToCurrentRow();
      }
      rows.beforeFirst();
      Table table = Table.of(rows);
      assertEquals(List.of(names), table.names());
      assertEquals(
          List.of(NUMBER, NUMBER, NUMBER, BOOLEAN, DATE, DATE, CATEGORY, DATE), kinds(table));
      int full = table.isMissing(0, 0) ? 1 : 0;
      assertEquals(10.2, table.number(full, 2));
      assertEquals(86_400, table.number(full, 4));
      assertEquals(2, table.number(full, 5));
      assertEquals(60, table.number(full, 7));
      for (int c = 0; c < types.length; c++) {
        assertTrue(table.isMissing(1 - full, c));
      }
    }
  }

  @Test
  void whatIsNotReadMayBeAnything() {
    Map<String, Object> row = Map.of("id", new StringBuilder[0], "x", 1);
    Table table = TableReader.create().withIgnored("id").maps(List.of(row));
    assertEquals(1.0, table.number(0, table.column("x")));
  }

  /** Whatever type a data base gives a key. */
  @Test
  void idsOfAnyTypeKeepTheirDigits() {
    List<Object> ids =
        List.of(
            new BigDecimal("9007199254740992.00"),
            new BigDecimal("9007199254740993.00"),
            new AtomicLong(9007199254740994L),
            new AtomicLong(9007199254740995L),
            new BigDecimal("1.00000000000000000001"),
            new BigDecimal("1.00000000000000000002"),
            new BigDecimal("1E+400"),
            new BigDecimal("2E+400"));
    List<String> expected =
        List.of(
            "9007199254740992",
            "9007199254740993",
            "9007199254740994",
            "9007199254740995",
            "1.00000000000000000001",
            "1.00000000000000000002",
            "1E+400",
            "2E+400");
    TableReader reader = TableReader.create().withKind("1", CATEGORY);
    Table table = reader.rows(List.of(), ids.stream().map(List::of).toList());
    List<String> texts =
        IntStream.range(0, ids.size()).mapToObj(row -> table.text(row, 0)).toList();
    assertEquals(expected, texts);
    assertEquals(0.1, column(new BigDecimal("0.1"), new BigDecimal("2.50")).number(0, 0));
    assertEquals("2.5", column(new BigDecimal("0.1"), new BigDecimal("2.50")).text(1, 0));
  }

  @Test
  void momentsKeepTheirNanosecondsAsClasses() {
    Instant instant = Instant.parse("2024-01-01T10:30:00.000000001Z");
    List<Object> moments = List.of(instant, instant.plusNanos(1), LocalTime.of(10, 30));
    Table table =
        TableReader.create()
            .withLabels("1")
            .rows(List.of(), moments.stream().map(List::of).toList());
    assertEquals("2024-01-01T10:30:00.000000001Z", table.text(0, 0));
    assertEquals("2024-01-01T10:30:00.000000002Z", table.text(1, 0));
    assertEquals("10:30", table.text(2, 0));
  }
}
