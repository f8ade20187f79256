package dev.lanewise.data;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.data.RowReport.State;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records and positional values become the rows that training saw. */
final class RowEncoderTest {

  /** A category as an enum. */
  enum Colour {
    RED,
    GREEN,
    BLUE
  }

  /**
   * A row of every kind of field.
   *
   * @param age a number
   * @param weight a number in float
   * @param visits a whole number
   * @param code whole numbers as categories
   * @param member a boolean
   * @param colour an enum
   * @param city a text
   * @param born a date
   * @param seen an instant
   * @param score boxed, maybe null
   */
  record Person(
      double age,
      float weight,
      int visits,
      long code,
      boolean member,
      Colour colour,
      String city,
      LocalDate born,
      Instant seen,
      Double score) {}

  /**
   * A row with its label.
   *
   * @param row the features
   * @param label the class
   */
  private record Labelled(Person row, String label) {}

  private static Person person(int i) {
    return new Person(
        20 + i * 0.1,
        50 + i / 7f,
        i % 5,
        9007199254740990L + i % 4,
        i % 3 == 0,
        i % 11 == 0 ? null : Colour.values()[i % 3],
        i % 13 == 0 ? null : "city " + i % 4,
        LocalDate.of(2000, 1, 1).plusDays(i * 31L),
        Instant.ofEpochSecond(1_700_000_000L + i, 250_000_000),
        i % 4 == 0 ? null : i * 0.5);
  }

  private static final List<String> NAMES =
      List.of(
          "age", "weight", "visits", "code", "member", "colour", "city", "born", "seen", "score",
          "y");

  private static Table table() {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(values(new Labelled(person(i), "c" + i % 2)));
    }
    return TableReader.create()
        .withKind("code", Table.Kind.CATEGORY)
        .withLabels("y")
        .rows(NAMES, rows);
  }

  private static List<?> values(Labelled labelled) {
    Person p = labelled.row;
    return Arrays.asList(
        p.age,
        p.weight,
        p.visits,
        p.code,
        p.member,
        p.colour,
        p.city,
        p.born,
        p.seen,
        p.score,
        labelled.label);
  }

  private static Encoder encoder(Table table, int... rows) {
    return Encoder.fit(
        table,
        Roles.of("y", Roles.Task.CLASSIFY),
        rows.length == 0 ? table.all() : rows,
        Encoder.Options.standard());
  }

  @Test
  void recordsAndValuesBecomeTheRowsOfTheTable() {
    Table table = table();
    Encoder encoder = encoder(table);
    assertEquals(
        List.of(
            "Numeric",
            "Numeric",
            "Numeric",
            "Categorical",
            "Bool",
            "Categorical",
            "Categorical",
            "Date",
            "Date",
            "Numeric",
            "Label"),
        encoder.columns().stream().map(c -> c.getClass().getSimpleName()).toList());
    float[] expected = encoder.dataset(table, table.all()).features();
    RowEncoder<Person> records = encoder.forRecords(Person.class);
    RowEncoder<Object[]> byPlace = encoder.forValues();
    int width = records.columns();
    float[] found = new float[60 * width];
    float[] placed = new float[60 * width];
    for (int i = 0; i < 60; i++) {
      records.encode(person(i), found, i * width);
      byPlace.encode(
          values(new Labelled(person(i), null)).subList(0, 10).toArray(), placed, i * width);
    }
    assertArrayEquals(expected, found);
    assertArrayEquals(expected, placed);
    assertArrayEquals(expected, encoder.features(table, table.all()));
  }

  @Test
  void theReportTellsMissingUnknownAndOutOfRangeFields() {
    Table table = table();
    int[] some = {1, 2, 3, 5, 6, 7, 9, 10};
    Encoder encoder = encoder(table, some);
    RowEncoder<Person> records = encoder.forRecords(Person.class);
    float[] out = new float[records.columns()];
    RowReport report = new RowReport();
    assertTrue(report.isClean());

    records.encode(person(2), out, 0, report);
    assertTrue(report.isClean(), report::toString);
    assertEquals(NAMES.subList(0, 10), report.fields());

    Person strange =
        new Person(
            99, 50.5f, 7, 5, true, null, "nowhere", null, Instant.ofEpochSecond(1), Double.NaN);
    records.encode(strange, out, 0, report);
    assertEquals(List.of("colour", "born", "score"), report.names(State.MISSING));
    assertEquals(List.of("code", "city"), report.names(State.UNKNOWN));
    assertEquals(List.of("age", "visits", "seen"), report.names(State.OUT_OF_RANGE));
    assertEquals(2, report.count(State.KNOWN));
    assertEquals(State.KNOWN, report.state(1));
    assertFalse(report.isClean());

    float[] without = new float[out.length];
    records.encode(strange, without, 0);
    assertArrayEquals(without, out);
  }

  /**
   * A row with few of the columns, and the label.
   *
   * @param y the label
   * @param member as a text
   * @param age as a text
   * @param born as a text
   */
  record Few(String y, String member, String age, String born) {}

  @Test
  void columnsThatTheRecordLacksAreMissingAndTextsAreRead() {
    Table table = table();
    Encoder encoder = encoder(table);
    float[] out = new float[encoder.encodedColumns()];
    RowReport report = new RowReport();
    encoder
        .forRecords(Few.class)
        .encode(new Few("c0", "YES", " 21.5 ", "2001-05-06"), out, 0, report);
    assertEquals(7, report.count(State.MISSING));
    assertEquals(10, report.fields().size());
    assertArrayEquals(
        encoder.encode(Map.of("member", true, "age", 21.5, "born", LocalDate.of(2001, 5, 6))), out);
  }

  @Test
  void aValueHasTheSameBitsInEveryFormThatIsEqual() {
    Table table = table();
    Encoder encoder = encoder(table);
    List<List<?>> forms =
        List.of(
            List.of("visits", 3, 3L, 3.0, 3f, (short) 3, (byte) 3, "3", "3.0", new BigDecimal(3)),
            List.of(
                "code", 9007199254740993L, "9007199254740993", new BigDecimal("9007199254740993")),
            List.of("member", true, "true", "T", "yes", 1, 1.0, "1"),
            List.of("colour", Colour.RED, "RED", " RED ", new StringBuilder("RED")),
            List.of(
                "born",
                LocalDate.of(2000, 2, 1),
                LocalDateTime.of(2000, 2, 1, 0, 0),
                OffsetDateTime.of(2000, 2, 1, 1, 0, 0, 0, ZoneOffset.ofHours(1)),
                Instant.parse("2000-02-01T00:00:00Z"),
                new java.util.Date(949_363_200_000L),
                java.sql.Date.valueOf("2000-02-01"),
                java.sql.Timestamp.valueOf("2000-02-01 00:00:00"),
                "2000-02-01",
                "2000-02-01T00:00Z",
                949_363_200L));
    for (List<?> form : forms) {
      String name = (String) form.getFirst();
      float[] expected = encoder.encode(Map.of(name, form.get(1)));
      for (Object value : form.subList(1, form.size())) {
        assertArrayEquals(
            expected, encoder.encode(Map.of(name, value)), () -> value + " " + value.getClass());
      }
      assertFalse(Arrays.equals(expected, encoder.encode(Map.of())), name);
    }
  }

  @Test
  void aFloatIsTheCategoryOfItsShortestDecimalInTablesAndRowsAlike() {
    List<List<?>> texts = List.of(List.of("0.1", 0), List.of("0.2", 1), List.of("1e10", 1));
    List<List<?>> floats = List.of(List.of(0.1f, 0), List.of(0.2f, 1), List.of(1e10f, 1));
    List<String> names = List.of("f", "y");
    TableReader reader = TableReader.create().withLabels("y");
    Table read = reader.withKind("f", Table.Kind.CATEGORY).rows(names, texts);
    Table single = reader.rows(names, floats);
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withCategorical("f");
    for (Table fitted : List.of(read, single)) {
      Encoder encoder = Encoder.fit(fitted, roles, read.all(), Encoder.Options.standard());
      assertEquals(
          read == fitted ? List.of("0.1", "0.2", "1e10") : List.of("0.1", "0.2", "10000000000"),
          ((Column.Categorical) encoder.columns().getFirst()).categories());
      float[] expected = encoder.features(read, read.all());
      assertArrayEquals(expected, encoder.features(single, read.all()));
      float[] rows = new float[expected.length];
      for (int row = 0; row < read.rows(); row++) {
        float[] one = encoder.encode(Map.of("f", floats.get(row).getFirst()));
        System.arraycopy(one, 0, rows, row * one.length, one.length);
      }
      assertArrayEquals(expected, rows);
    }
  }

  @Test
  void aDateInAColumnOfNumbersIsRefusedInTablesAndRowsAlike() {
    Encoder encoder = encoder(table());
    assertEquals(
        "column age: 2024-01-02; expected a number, not a date",
        refusal(
            DataException.class, () -> encoder.encode(Map.of("age", LocalDate.of(2024, 1, 2)))));
    Table numbers = Table.ofRows(List.of("x", "y"), List.of(List.of(1, 0), List.of(2, 1)));
    Encoder fitted =
        Encoder.fit(
            numbers, Roles.of("y", Roles.Task.REGRESS), numbers.all(), Encoder.Options.standard());
    Table dates = Table.ofRows(List.of("x", "y"), List.of(List.of(LocalDate.EPOCH, 0)));
    assertEquals(
        "rows row 1, column x: 1970-01-01; expected a number, not a date",
        refusal(DataException.class, () -> fitted.features(dates, dates.all())));
  }

  @Test
  void rowsThatATableDoesNotHaveAreRefusedWithItsSize() {
    Table table = table();
    Encoder encoder = encoder(table);
    assertEquals(
        "rows: 2000; expected 0 to %d, the rows of %s".formatted(table.rows() - 1, table.source()),
        refusal(IndexOutOfBoundsException.class, () -> encoder.features(table, new int[] {2000})));
  }

  /**
   * A row as a program spells it.
   *
   * @param size a number
   * @param plan a category
   */
  record Lower(double size, String plan) {}

  @Test
  void columnsInCapitalsAreThoseOfAModelInLowerCaseAndOfRecords() {
    List<List<?>> rows = List.of(List.of(1, "a", 0, 5), List.of(2, "b", 1, 7));
    Table lower = Table.ofRows(List.of("size", "plan", "y", "z"), rows);
    Table upper = Table.ofRows(List.of("SIZE", "PLAN", "Y", "Z"), rows);
    Roles roles = Roles.of(List.of("y", "z"), Roles.Task.REGRESS);
    Encoder ours = Encoder.fit(lower, roles, lower.all(), Encoder.Options.standard());
    Encoder theirs = Encoder.fit(upper, roles, upper.all(), Encoder.Options.standard());
    float[] expected = ours.features(lower, lower.all());
    assertArrayEquals(expected, ours.features(upper, upper.all()));
    assertArrayEquals(expected, theirs.features(lower, lower.all()));
    assertArrayEquals(
        ours.dataset(lower, lower.all()).targets(),
        ours.dataset(upper, upper.all(), "Z", "Y").targets());
    Table read = TableReader.create().withEncoder(ours).rows(upper.names(), rows);
    assertEquals(Table.Kind.CATEGORY, read.kind(1));
    float[] row = new float[theirs.encodedColumns()];
    theirs.forRecords(Lower.class).encode(new Lower(1, "a"), row, 0);
    assertArrayEquals(Arrays.copyOf(expected, row.length), row);
    Table twice =
        Table.ofRows(List.of("plan", "PLAN", "y"), List.of(List.of(1, 2, 3), List.of(2, 3, 4)));
    Encoder both =
        Encoder.fit(
            twice, Roles.of("y", Roles.Task.REGRESS), twice.all(), Encoder.Options.standard());
    Table one = Table.ofRows(List.of("PLAN", "y"), List.of(List.of(1, 2)));
    assertTrue(
        refusal(DataException.class, () -> both.features(one, one.all()))
            .contains("no column plan"));
  }

  @Test
  void aNameThatIsNullIsNoColumn() {
    Map<String, Object> nameless = new HashMap<>();
    nameless.put(null, 1);
    assertTrue(
        refusal(DataException.class, () -> encoder(table()).encode(nameless))
            .startsWith("values: no column null; expected age, "));
  }

  @Test
  void whatIsNoValueOfItsColumnIsRefusedByTheColumn() {
    Encoder encoder = encoder(table());
    assertEquals(
        "column age: abc; expected a number",
        refusal(DataException.class, () -> encoder.encode(Map.of("age", "abc"))));
    assertEquals(
        "column member: maybe; expected true or false",
        refusal(DataException.class, () -> encoder.encode(Map.of("member", "maybe"))));
    assertEquals(
        "column member: 2.0; expected true or false",
        refusal(DataException.class, () -> encoder.encode(Map.of("member", 2))));
    assertEquals(
        "column born: tomorrow; expected an ISO date or time, or seconds since 1970",
        refusal(DataException.class, () -> encoder.encode(Map.of("born", "tomorrow"))));
    assertTrue(
        refusal(DataException.class, () -> encoder.encode(Map.of("born", true)))
            .startsWith("column born: true; expected a date"));
    assertTrue(
        refusal(DataException.class, () -> encoder.encode(Map.of("city", List.of())))
            .startsWith("column city: a List; expected"));
    assertTrue(
        refusal(DataException.class, () -> encoder.encode(Map.of("member", LocalTime.NOON)))
            .startsWith("column member: 12:00;"));
    refusal(DataException.class, () -> encoder.encode(Map.of("age", Double.POSITIVE_INFINITY)));
    refusal(DataException.class, () -> encoder.encode(Map.of("age", 1e39)));
  }

  /**
   * A row with a field that no column can hold.
   *
   * @param city several
   */
  record Lists(List<String> city) {}

  /** Its own package is open to nobody. */
  @Test
  void aTypeThatIsClosedIsRefusedNamingTheWayOut() throws ClassNotFoundException {
    Encoder encoder = encoder(table());
    @SuppressWarnings("unchecked")
    Class<? extends Record> closed =
        (Class<? extends Record>) Class.forName("jdk.internal.foreign.abi.Binding$Allocate");
    String message = refusal(IllegalArgumentException.class, () -> encoder.forRecords(closed));
    assertTrue(message.contains("forRecords(type, MethodHandles.lookup())"), message);
    assertTrue(message.contains("opens jdk.internal.foreign.abi to dev.lanewise"), message);
    assertTrue(
        refusal(DataException.class, () -> encoder.forRecords(Lists.class))
            .startsWith("column city: a List"));
  }

  /**
   * A row that nobody else sees.
   *
   * @param age a number
   */
  private record Hidden(double age) {}

  @Test
  void aCallersLookupOpensWhatTheCallerSees() {
    Encoder encoder = encoder(table());
    float[] out = new float[encoder.encodedColumns()];
    encoder.forRecords(Hidden.class, MethodHandles.lookup()).encode(new Hidden(21), out, 0);
    assertArrayEquals(encoder.encode(Map.of("age", 21)), out);
    refusal(
        IllegalArgumentException.class,
        () -> encoder.forRecords(Hidden.class, MethodHandles.publicLookup()));
  }

  @Test
  void columnsWithoutNamesTakeNoRecords() {
    Table table = TableReader.create().rows(List.of(), List.of(List.of(1, "a"), List.of(2, "b")));
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("2", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
    assertTrue(
        refusal(DataException.class, () -> encoder.forRecords(Hidden.class))
            .contains("expected forValues"));
    float[] out = new float[1];
    encoder.forValues().encode(new Object[] {1.5}, out, 0);
    assertArrayEquals(new float[1], out);
  }

  @Test
  void joinedEncodersWriteTheirRowsOneBehindAnother() {
    Table table = table();
    Encoder first = encoder(table, 1, 2, 3, 4, 5);
    Encoder second = encoder(table, 10, 20, 30, 40, 50, 59);
    Encoder joined = Encoder.join(List.of(first, second));
    int width = first.encodedColumns() + second.encodedColumns();
    assertEquals(width, joined.encodedColumns());
    assertEquals(List.of(first, second), joined.parts());
    assertEquals(first, Encoder.join(List.of(first, first)));
    assertEquals(List.of(first), first.parts());
    assertEquals(List.of(first, second, first), Encoder.join(List.of(joined, first)).parts());
    float[] found = joined.features(table, table.all());
    float[] one = first.features(table, table.all());
    float[] two = second.features(table, table.all());
    RowEncoder<Person> records = joined.forRecords(Person.class);
    float[] out = new float[width];
    for (int i = 0; i < 60; i++) {
      float[] row = Arrays.copyOfRange(found, i * width, (i + 1) * width);
      int half = first.encodedColumns();
      assertArrayEquals(
          Arrays.copyOfRange(one, i * half, (i + 1) * half), Arrays.copyOf(row, half));
      int other = second.encodedColumns();
      assertArrayEquals(
          Arrays.copyOfRange(two, i * other, (i + 1) * other),
          Arrays.copyOfRange(row, half, width));
      records.encode(person(i), out, 0);
      assertArrayEquals(row, out);
    }
    Dataset rows = joined.dataset(table, table.all());
    assertArrayEquals(found, rows.features());
    assertEquals(joined, rows.encoder().orElseThrow());
    RowReport report = new RowReport();
    records.encode(person(30), out, 0, report);
    assertTrue(report.names(State.OUT_OF_RANGE).isEmpty(), report::toString);
    first.forRecords(Person.class).encode(person(30), out, 0, report);
    assertTrue(report.names(State.OUT_OF_RANGE).contains("age"), report::toString);
  }

  @Test
  void encodersOfOtherColumnsOrTasksAreNotJoined() {
    Table table = table();
    Encoder encoder = encoder(table);
    Encoder ignoring =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withIgnored("age");
    Encoder without = Encoder.fit(table, roles, table.all(), Encoder.Options.standard());
    assertEquals(encoder, ignoring);
    String message =
        refusal(IllegalArgumentException.class, () -> Encoder.join(List.of(encoder, without)));
    assertTrue(message.contains("number 2 has Ignored age; expected Numeric age"), message);
  }

  @Tag("allocation")
  @Test
  void encodingARowAllocatesNothing() {
    Encoder encoder = encoder(table());
    RowEncoder<Person> records = encoder.forRecords(Person.class);
    RowEncoder<Object[]> byPlace = encoder.forValues();
    float[] out = new float[encoder.encodedColumns()];
    RowReport report = new RowReport();
    Person[] people = new Person[60];
    Object[][] values = new Object[60][];
    for (int i = 0; i < 60; i++) {
      people[i] = person(i);
      values[i] = values(new Labelled(people[i], null)).subList(0, 10).toArray();
    }
    Allocation.assertNone(
        "rows",
        6000,
        i -> {
          records.encode(people[i % 60], out, 0, report);
          byPlace.encode(values[i % 60], out, 0);
        });
  }

  /**
   * Encoding takes half of what printing takes, and may take five times as much. Both are measured
   * in the processor time of this thread, side by side, and the quickest of many rounds counts.
   */
  @Tag("allocation")
  @Test
  void encodingARecordTakesNoLongerThanPrintingItFiveTimes() {
    Encoder encoder = encoder(table());
    RowEncoder<Person> records = encoder.forRecords(Person.class);
    float[] out = new float[encoder.encodedColumns()];
    Person[] people = new Person[60];
    for (int i = 0; i < 60; i++) {
      people[i] = person(i);
    }
    int[] letters = new int[1];
    long encoding = Long.MAX_VALUE;
    long printing = Long.MAX_VALUE;
    for (int round = 0; round < 100 || round < 400 && encoding >= 5 * printing; round++) {
      encoding =
          Math.min(encoding, Allocation.cpuOf(6000, i -> records.encode(people[i % 60], out, 0)));
      printing =
          Math.min(
              printing,
              Allocation.cpuOf(6000, i -> letters[0] += people[i % 60].toString().length()));
    }
    System.out.printf(
        "a record of 10 fields: %.0f ns; printed: %.0f ns%n", encoding / 6e3, printing / 6e3);
    assertTrue(encoding < 5 * printing, "%d of %d ns".formatted(encoding, printing));
  }
}
