package dev.lanewise.data;

import static dev.lanewise.data.Table.Kind.BOOLEAN;
import static dev.lanewise.data.Table.Kind.CATEGORY;
import static dev.lanewise.data.Table.Kind.DATE;
import static dev.lanewise.data.Table.Kind.IGNORED;
import static dev.lanewise.data.Table.Kind.NUMBER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataException.Remedy;
import dev.lanewise.data.Table.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds of columns, missing cells and the spelling of values. */
final class TableReaderTest {

  private static final TableReader READER = TableReader.create().withHeader(true);

  /** A table of one column x, and one of numbers beside it so that no line is empty. */
  private static Table column(TableReader reader, List<String> cells) {
    List<String> lines = new ArrayList<>(List.of("x,n"));
    cells.forEach(cell -> lines.add(cell + ",1"));
    return Tables.read(reader, "t.csv", lines.toArray(String[]::new));
  }

  private static Table column(String... cells) {
    return column(READER, List.of(cells));
  }

  private static DataException refusal(TableReader reader, List<String> cells) {
    return assertThrows(DataException.class, () -> column(reader, cells));
  }

  private static DataException refusal(String... cells) {
    return refusal(READER, List.of(cells));
  }

  private static List<String> numbers(int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(i -> i + ".5").toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1;2.5;-3e2|NUMBER",
        "1;;?|NUMBER",
        ";?;NA;NaN|NUMBER",
        "red;blue|CATEGORY",
        "1;red|CATEGORY",
        "True;FALSE;;t|BOOLEAN",
        "yes;No|BOOLEAN",
        "yes;maybe|CATEGORY",
        "1;0;true|NUMBER",
        "2;0;true|CATEGORY",
        "2024-12-31;2025-01-01T10:00Z;?|DATE",
        "2024-12-31 10:00;null|DATE",
        "null;none|CATEGORY",
        "true;null|BOOLEAN",
        "1;null;-;N/A|NUMBER",
        "0x10;1f|CATEGORY",
        "192.168.0.1;10.0.0.1|CATEGORY",
        "1.2.3;1.10.0|CATEGORY",
      })
  void theKindOfAColumnIsSeenByItsCells(String cells, Kind kind) {
    assertEquals(kind, column(cells.split(";", -1)).kind(0));
  }

  @Property
  void aColumnIsOfNumbersIfOneCellInTwentyAtMostIsNone(
      @ForAll @IntRange(min = 1, max = 60) int numbers,
      @ForAll @IntRange(min = 1, max = 5) int others,
      @ForAll @IntRange(max = 3) int missing) {
    List<String> cells = numbers(numbers);
    cells.addAll(Collections.nCopies(others, "odd"));
    cells.addAll(Collections.nCopies(missing, "null"));
    if (20 * others <= numbers + others) {
      DataException e = refusal(READER, cells);
      assertEquals(
          "t.csv line %d, column x: odd; expected a number".formatted(numbers + 2), e.problem());
      assertEquals(Remedy.WORD_OR_CATEGORY, e.remedy());
    } else {
      assertEquals(CATEGORY, column(READER, cells).kind(0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nan", "null", "NULL", "Null", "None", "N/A", "n/a", "#N/A", "\\N", "-", "<NA>", "nil",
        "NaT"
      })
  void theUsualWordsAreMissingAmongNumbersAndNowhereElse(String word) {
    Table table = column("1", word, "3");
    assertEquals(NUMBER, table.kind(0));
    assertTrue(table.isMissing(1, 0));
    Table texts = column("a", word, "b");
    assertEquals(word, texts.text(1, 0));
    assertFalse(texts.isMissing(1, 0));
  }

  @Test
  void wordsMayBeAddedAlsoNumbers() {
    TableReader reader = READER.withMissing("unknown", "-999");
    Table table = column(reader, List.of("1", "unknown", "-999", "-999.0", "2"));
    assertEquals(NUMBER, table.kind(0));
    assertTrue(table.isMissing(1, 0) && table.isMissing(2, 0) && table.isMissing(3, 0));
    assertEquals(2, table.number(4, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,5|a comma",
        "1.234,50|thousands",
        "12 345|thousands",
        "12'345|thousands",
        "12%|a percent sign",
        "€12|a sign of currency",
        "-$12.50|a sign of currency",
        "12 €|a sign of currency",
        "inf|finite",
        "-Infinity|finite",
        "1e400|finite",
        "31.12.2024|a date",
        "2024-12-31|a date",
        "true|a boolean",
        "1.#INF|finite",
        "\u221e|finite",
        "(1,234)|parentheses",
        "($5)|parentheses",
        "\u00a55|a sign of currency",
        "5\u00a3|a sign of currency",
        "US$5|a sign of currency",
        "5 EUR|a sign of currency",
        "CHF 1'234.50|a sign of currency",
        "%5|a percent sign",
        "5\u2030|a percent sign",
        "5 %|a percent sign",
        "1\u2019234|thousands",
        "1_000|thousands",
        "\u22125|a minus sign other than",
        "\u20131,5|a minus sign other than",
        "\u0663|digits other than",
        "\uff13\uff14|digits other than",
        "- 5|a blank behind its sign",
        "12/31/24|a date",
        "31.12.24|a date",
        "2024/12/31|a date",
        "31-Dec-2024|a date",
        "Dec 31, 2024|a date",
        "Tue Dec 31 10:00:00 2024|a date",
        "10:30 PM|a date",
        "9:30|a date",
      })
  void whatAPersonTakesForANumberIsNamed(String odd, String flaw) {
    List<String> cells = numbers(40);
    cells.add('"' + odd + '"');
    String message = refusal(READER, cells).problem();
    assertTrue(message.startsWith("t.csv line 42, column x: " + odd + "; expected a "), message);
    assertTrue(message.contains(flaw), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1,5\"", "12\u202f345", "12\u00a0345", "12%", "$5", "inf", "31.12.2024", "\"(1,234)\"",
        "(5)", "\u22125", "\u0663", "5 EUR", "1.#INF", "31-Dec-2024", "\"Dec 31, 2024\"",
            "10:30 PM",
        "1/2/24", "\"1.234,5\""
      })
  void aColumnOfNothingElseIsRefusedUnlessItIsCalledCategories(String odd) {
    DataException e = refusal(odd, odd);
    assertTrue(e.getMessage().startsWith("t.csv line 2, column x: "), e.getMessage());
    assertTrue(e.getMessage().contains("withKind(column, CATEGORY)"), e.getMessage());
    TableReader told = READER.withKind("x", CATEGORY);
    assertEquals(CATEGORY, column(told, List.of(odd, odd)).kind(0));
  }

  @Property
  void whereInTheFileOtherTextsStandDoesNotMatter(@ForAll @IntRange(max = 2999) int from) {
    List<String> cells = numbers(3000);
    for (int i = 0; i < 400; i++) {
      cells.set((from + i) % 3000, i % 2 == 0 ? "low" : "0" + i);
    }
    Table some = column(READER, cells);
    assertEquals(NUMBER == some.kind(0), false);
    for (int row = 0; row < 3000; row++) {
      assertEquals(cells.get(row), some.text(row, 0));
    }
  }

  @Test
  void theShareOfNumbersIsThatOfAllRows() {
    List<String> cells = numbers(1900);
    cells.addAll(Collections.nCopies(100, "odd"));
    assertEquals(
        "t.csv line 1902, column x: odd; expected a number", refusal(READER, cells).problem());
    cells.add("odd");
    assertEquals(CATEGORY, column(READER, cells).kind(0));
  }

  @Test
  void ofSeveralOddCellsTheFirstInTheFileIsNamed() {
    String[] lines = new String[60];
    lines[0] = "a,b,c";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = (i == 30 ? "x" : i) + "," + (i == 20 ? "y" : i) + "," + (i == 40 ? "z" : i);
    }
    DataException e = assertThrows(DataException.class, () -> Tables.read(READER, "t.csv", lines));
    assertEquals("t.csv line 21, column b: y; expected a number", e.problem());
  }

  @Test
  void oneOddCellFarDownIsRefusedWithItsLine() {
    List<String> cells = numbers(5000);
    cells.set(4321, "null?");
    assertEquals(
        "t.csv line 4323, column x: null?; expected a number", refusal(READER, cells).problem());
  }

  @Property
  void numbersKeepTheirBitsBeforeAndAfterTheFirstThousandRows(
      @ForAll @IntRange(max = 9) int digit) {
    List<String> cells = numbers(2500);
    cells.set(3, "0.1000000000000000055511151231257827021181583404541015625");
    cells.set(2000, digit + "e-7");
    cells.set(2001, "?");
    Table table = column(READER, cells);
    for (int row = 0; row < cells.size(); row++) {
      double expected = row == 2001 ? Double.NaN : Double.parseDouble(cells.get(row));
      assertEquals(expected, table.number(row, 0));
    }
  }

  @Test
  void aBooleanAmongZerosAndOnesIsOneOfThem() {
    for (int count : new int[] {50, 2000}) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        cells.add(Integer.toString(i % 2));
      }
      cells.set(count - 1, "true");
      cells.set(count - 2, "No");
      Table table = column(READER, cells);
      assertEquals(NUMBER, table.kind(0));
      assertArrayEquals(new double[] {0, 1}, table.numbers(0, new int[] {count - 2, count - 1}));
    }
  }

  @Test
  void booleansAreOneAndZeroAndKeepTheirText() {
    Table table = column("True", "no", "F", "NULL");
    assertEquals(BOOLEAN, table.kind(0));
    assertArrayEquals(new double[] {1, 0, 0}, table.numbers(0, new int[] {0, 1, 2}));
    assertEquals("True", table.text(0, 0));
    assertTrue(table.isMissing(3, 0));
  }

  @Test
  void datesAreSecondsOfUtc() {
    Table table = column("1970-01-02", "1970-01-01T01:00+01:00", "1970-01-01 00:00:01.5", "");
    assertEquals(DATE, table.kind(0));
    assertArrayEquals(new double[] {86_400, 0, 1.5}, table.numbers(0, new int[] {0, 1, 2}));
    assertEquals("1970-01-02", table.text(0, 0));
    assertTrue(table.isMissing(3, 0));
    List<String> cells = new ArrayList<>(Collections.nCopies(2000, "2024-02-29"));
    cells.add("2024-02-30");
    assertEquals(
        "t.csv line 2002, column x: 2024-02-30; expected an ISO date or time, as 2024-12-31",
        refusal(READER, cells).problem());
  }

  @Test
  void aKindThatWasToldIsKeptOrRefused() {
    assertEquals(CATEGORY, column(READER.withKind("x", CATEGORY), List.of("1", "02")).kind(0));
    assertEquals("02", column(READER.withKind("1", CATEGORY), List.of("1", "02")).text(1, 0));
    assertEquals(BOOLEAN, column(READER.withKind("x", BOOLEAN), List.of("1", "0", "t")).kind(0));
    assertEquals(NUMBER, column(READER.withKind("x", NUMBER), List.of("", "")).kind(0));
    for (Kind kind : List.of(NUMBER, BOOLEAN, DATE)) {
      DataException e = refusal(READER.withKind("x", kind), List.of("", "red", "blue", "7"));
      assertTrue(e.problem().startsWith("t.csv line 3, column x: red; expected "), e.problem());
    }
  }

  @Test
  void ignoredColumnsAreNotLookedAt() {
    Table table = column(READER.withIgnored("x"), List.of("1", "red"));
    assertEquals(IGNORED, table.kind(0));
    assertTrue(table.isMissing(0, 0));
    assertNull(table.text(1, 0));
  }

  @Test
  void wholeNumbersKeepTheSpellingThatTellsMore() {
    for (int count : new int[] {10, 3000}) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        cells.add(i % 3 == 0 ? "0" + i : i % 3 == 1 ? "900719925474099" + i % 10 : i + ".50");
      }
      Table table = column(READER, cells);
      assertEquals(NUMBER, table.kind(0));
      for (int row = 0; row < count; row++) {
        String text = cells.get(row);
        String shortest = text.endsWith(".50") ? text.substring(0, text.length() - 1) : text;
        assertEquals(shortest, table.text(row, 0));
        assertEquals(Double.parseDouble(text), table.number(row, 0));
      }
    }
  }

  @Test
  void labelsKeepTheirTextsAndMayMixNumbersWithOthers() {
    TableReader reader = READER.withLabels("x");
    List<String> spelled = List.of("1.0", "1.50", "01", "9007199254740993", "true");
    Table mixed = column(reader, spelled);
    assertEquals(CATEGORY, mixed.kind(0));
    Table numbers = column(reader, spelled.subList(0, 4));
    assertEquals(NUMBER, numbers.kind(0));
    for (int row = 0; row < 4; row++) {
      assertEquals(spelled.get(row), mixed.text(row, 0));
      assertEquals(spelled.get(row), numbers.text(row, 0));
    }
    Table classes = column(reader, Collections.nCopies(3000, "1.0"));
    assertEquals("1.0", classes.text(2999, 0));
    List<String> many = new ArrayList<>(IntStream.range(0, 20_000).mapToObj(i -> "" + i).toList());
    assertEquals(NUMBER, column(reader, many).kind(0));
  }

  @Test
  void whatCannotBeSeenIsNoPartOfACellOrAName() {
    Table table =
        Tables.read(
            READER,
            "t.csv",
            "\u00a0x\u200b,\ufeffn",
            "no\u00a0,1\u00a0",
            "\u200bno,\u20072",
            "\ufeffn\u00ado,\u202f3",
            "a\u00a0b,4\ufeff",
            "a b,5",
            "\u0646\u200c\u0627,6");
    assertEquals(List.of("x", "n"), table.names());
    assertEquals(NUMBER, table.kind(1));
    for (int row = 0; row < 3; row++) {
      assertEquals("no", table.text(row, 0));
      assertEquals(row + 1, table.number(row, 1));
    }
    assertEquals(table.text(3, 0), table.text(4, 0));
    assertEquals("\u0646\u200c\u0627", table.text(5, 0));
  }

  @Test
  void aHeaderThatWasTakenForARowIsExplained() {
    TableReader reader = TableReader.create();
    String[] lines = {",age,label", "0,20,no", "1,21,yes", "2,,no"};
    DataException unnamed =
        assertThrows(DataException.class, () -> Tables.read(reader, "t.csv", lines));
    assertEquals(Remedy.NAMED, unnamed.remedy());
    assertTrue(unnamed.getMessage().startsWith("t.csv line 1, column 2: age"));
    assertTrue(unnamed.getMessage().contains("because its field 1 is empty"));
    assertTrue(unnamed.getMessage().contains("withHeader(true)"));
    Table years = Tables.read(reader, "t.csv", "land,2019,2020", "a,1,2");
    DataException noName = assertThrows(DataException.class, () -> years.column("land"));
    assertTrue(noName.getMessage().contains("because its field 2 is a number, 2019"));
    DataException hinted =
        assertThrows(
            DataException.class,
            () -> Tables.read(reader.withLabels("label"), "t.csv", ",age,label", "0,x,no"));
    assertEquals(Remedy.NAMED, hinted.remedy());
    Table named = Tables.read(reader.withHeader(true), "t.csv", lines);
    assertEquals(List.of("1", "age", "label"), named.names());
  }

  @Test
  void aSecondHeaderAmongFewRowsIsRefused() {
    String[] lines = {"y,a,b", "no,1,0.5", "yes,2,1.5", "y,a,b", "no,3,2.5", "yes,4,3.5"};
    DataException e = assertThrows(DataException.class, () -> Tables.read(READER, "t.csv", lines));
    assertEquals(
        "t.csv line 4, column a: a; expected a number, not the column's name again",
        e.getMessage());
    assertEquals(CATEGORY, column("x", "y", "1", "2").kind(0));
    assertEquals(CATEGORY, column("x", "1", "x").kind(0));
  }

  @Test
  void aNameThatStandsTwiceOffersToReadWithoutHeader() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> Tables.read(TableReader.create(), "t.csv", "x,x,o", "o,x,b"));
    assertEquals(Remedy.UNNAMED, e.remedy());
    assertTrue(e.getMessage().contains("withHeader(false)"));
  }

  @Test
  void aTableMayStopEarly() {
    assertEquals(2, column(READER.withMostRows(2), List.of("1", "2", "3")).rows());
  }

  @Test
  void withoutARemedyAMessageIsTheProblem() {
    DataException plain = new DataException("x: 1; expected 2");
    assertEquals(plain.problem(), plain.getMessage());
    assertEquals(Remedy.NONE, plain.remedy());
  }

  /** Units and comparisons may be values of their own where a column has nothing else. */
  @ParameterizedTest
  @CsvSource({
    "5 kg,anything behind it",
    "1d,anything behind it",
    "5-,a minus sign behind it",
    "<5,a sign of comparison",
    "0x1F,hexadecimal digits",
  })
  void whatStandsBesideANumberIsNamedAmongNumbersAndAValueElsewhere(String odd, String flaw) {
    List<String> cells = numbers(40);
    cells.add(odd);
    assertTrue(refusal(READER, cells).problem().endsWith("a number without " + flaw));
    assertEquals(CATEGORY, column(odd, odd).kind(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "N.A.",
        "(null)",
        "--",
        "#VALUE!",
        "1e",
        ".",
        "+",
        "1/2",
        "=\"\"5\"\"",
        "5-6",
        "x"
      })
  void anyOtherTextAmongNumbersIsRefusedWithItsPlaceAndARemedy(String odd) {
    List<String> cells = numbers(40);
    cells.add('"' + odd + '"');
    DataException e = refusal(READER, cells);
    assertEquals(Remedy.WORD_OR_CATEGORY, e.remedy());
    assertTrue(e.getMessage().startsWith("t.csv line 42, column x: "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+5", ".5", "5.", "-.5", "1e5", "1E+5", "1e-400", "\"5\"", "\u00a05\u200b"})
  void whatIsANumberIsReadAsOne(String cell) {
    assertEquals(NUMBER, column(cell, "1").kind(0));
  }

  /** A disguise is looked for in texts as long as people write numbers, so it costs nothing. */
  @Test
  void longTextsAreValuesWhateverTheyBeginWith() {
    String deep = "(".repeat(100_000) + "1" + ")".repeat(100_000);
    String thousands = "1" + " 234".repeat(50_000);
    String dollars = "$".repeat(100_000) + "1";
    assertEquals(CATEGORY, column(deep, thousands, dollars).kind(0));
  }

  @Test
  void aHeaderWithEmptyFieldsOverTextsIsExplained() {
    TableReader reader = TableReader.create();
    for (String[] lines :
        List.of(
            new String[] {",name,colour", "0,Ada,red", "1,Bob,blue", "2,Cy,red"},
            new String[] {"name,colour,", "Ada,red,", "Bob,blue,", "Cy,red,"},
            new String[] {"name,,colour", "Ada,1,red", "Bob,2,blue", "Cy,3,red"},
            new String[] {"land,2019,2020", "a,1,2", "b,3,4", "a,5,6"},
            new String[] {"2019,2020,2021", "1,2,3", "4,5,6", "7,8,9"},
            new String[] {"0,1,2,y", "0.5,0.25,4,no", "1.5,1,2,yes", "0,1,2,no"},
            new String[] {",0,1", "0,5,6", "1,7,0", "2,8,1"},
            new String[] {",a,b", "1,a,c", "2,d,c", "3,d,a"},
            new String[] {"land,2000,2005,y", "a,1,2,u", "b,3,4,v", "c,5,6,w"},
            new String[] {"land,2022,2021,y", "a,1,2,u", "b,3,4,v", "c,5,6,w"})) {
      DataException e =
          assertThrows(DataException.class, () -> Tables.read(reader, "t.csv", lines));
      assertEquals(Remedy.NAMED, e.remedy(), () -> lines[0] + ": " + e.getMessage());
      assertTrue(e.getMessage().startsWith("t.csv line 1: names of columns"), e.getMessage());
      assertEquals(3, Tables.read(reader.withHeader(true), "t.csv", lines).rows());
      assertEquals(4, Tables.read(reader.withHeader(false), "t.csv", lines).rows());
    }
  }

  @Test
  void aFirstRowThatIsLikeOthersIsARow() {
    TableReader reader = TableReader.create();
    for (String[] lines :
        List.of(
            new String[] {",red,no", "1,red,yes", "2,blue,no"},
            new String[] {"5.1,3.5,setosa", "4.9,3.0,setosa", "7.0,3.2,virginica"},
            new String[] {"1,2,no", "3,4,no", "5,6,yes"},
            new String[] {"2,3", "1,5", "4,1"},
            new String[] {"7,Ada,red", "9,Bob,blue", "8,Cy,green"},
            new String[] {"x,1.5,2", "y,2.5,3", "x,3.5,4"},
            new String[] {"NA,1.5,u", "2,2.5,v", "4,3.5,u"},
            new String[] {"x,1990,2001", "y,2003,1980", "z,1985,2010"})) {
      assertEquals(3, Tables.read(reader, "t.csv", lines).rows(), lines[0]);
    }
    assertEquals(
        5,
        Tables.read(reader.withLabels("3"), "t.csv", "a,1,u", "b,2,v", "c,3,v", "d,4,u", "e,5,v")
            .rows());
  }

  @Test
  void aFirstLineWithNumbersIsExplainedByTheTextAboveItsLabel() {
    for (String[] lines :
        List.of(
            new String[] {"3", "land,2020,y", "a,5,0", "b,6,1", "a,7,0"},
            new String[] {"5", "t,2020,2010,2011,y", "a,5,1,2,0", "b,6,1,2,1", "c,7,1,2,2"},
            new String[] {"4", "t,0.1,0.2,y", "a,5,1,0", "b,0,1,1", "c,7,1,1"},
            new String[] {"4", ",2020,hue,y", "1,5,red,0", "2,0,hue,1", "3,7,red,1"},
            new String[] {"3", "t,10,y", "a,5,u", "b,50,v", "c,5,u", "d,50,v"})) {
      TableReader reader = TableReader.create().withLabels(lines[0]);
      String[] text = Arrays.copyOfRange(lines, 1, lines.length);
      DataException e =
          assertThrows(
              DataException.class, () -> Tables.read(reader, "t.csv", text), () -> text[0]);
      assertEquals(Remedy.NAMED, e.remedy(), e.getMessage());
      assertTrue(e.getMessage().startsWith("t.csv line 1"), e.getMessage());
      assertEquals(
          text.length - 1, Tables.read(reader.withHeader(true), "t.csv", text).rows(), text[0]);
      assertEquals(
          text.length, Tables.read(reader.withHeader(false), "t.csv", text).rows(), text[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF", "\u00a0", "\u200b", "\u00ad", " \ufe0f", "\udb40\udc41"})
  void aQuoteBehindWhatCannotBeSeenIsRefusedByItsPlace(String hidden) {
    for (String line : List.of("HIDE\"green\",1", "HIDE\"a,b\",1", "HIDE\"2\",1")) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> Tables.read(READER, "t.csv", "a,b", "x,1", line.replace("HIDE", hidden)));
      assertTrue(e.getMessage().startsWith("t.csv line 3, column a: "), e.getMessage());
      assertTrue(
          e.getMessage().contains("<U+%04X>".formatted(hidden.strip().codePointAt(0))),
          e.getMessage());
    }
    assertThrows(
        DataException.class,
        () -> Tables.read(READER, "t.csv", "a," + hidden + "\"b\"", "x,1", "y,2"));
  }

  @Property
  void whatCannotBeSeenMakesNoOtherText(@ForAll @IntRange(max = 0x10ffff) int any) {
    List<Integer> known =
        List.of(0xfe0f, 0xe0100, 0xe0041, 0x1d173, 0x1bca0, 0x180b, 0x17b4, 0xfffe, 0xfffc, 0x200c);
    for (int hidden :
        List.of(known.get(any % known.size()), 1 + any % 8, 0x1c + any % 4, 0x0b, 0x0c)) {
      String sign = Character.toString(hidden);
      assertEquals("yes", Cell.clean("yes" + sign), () -> Integer.toHexString(hidden));
      assertEquals("yes", Cell.clean(sign + "yes "), () -> Integer.toHexString(hidden));
      assertEquals("yes", Cell.clean("ye" + sign + "s"), () -> Integer.toHexString(hidden));
      assertEquals("<U+%04X>".formatted(hidden), Names.shown(sign));
    }
    String other = Character.toString(any);
    String clean = Cell.clean("a" + other + "b");
    assertEquals(clean, Cell.clean(clean));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u2764\ufe0f",
        "\u2764\ufe0f\u200d\ud83d\udd25",
        "1\ufe0f\u20e3",
        "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f",
        "\u0646\u200c\u0627",
        "\u845b\udb40\udd00",
        "\u1820\u180b"
      })
  void whatJoinsOrChoosesAFormStaysWhereItDoes(String text) {
    assertEquals(text, Cell.clean(" " + text + " "));
  }

  @Test
  void aTabBehindEveryDelimiterIsABlank() {
    for (String delimiter : List.of(",", ";")) {
      String[] lines = new String[] {"x,\tz,\ty", "0.5,\t0,\tu", "1.5,\t1,\t\"v\""};
      for (int i = 0; i < lines.length; i++) {
        lines[i] = lines[i].replace(",", delimiter);
      }
      Table table = Tables.read(READER, "t.csv", lines);
      assertEquals(List.of("x", "z", "y"), table.names());
      assertEquals(Table.Kind.NUMBER, table.kind(0));
      assertEquals("v", table.text(1, 2));
    }
    assertEquals(List.of("a,", "b"), Tables.read(READER, "t.csv", "a,\tb", "1\t2", "3\t4").names());
  }

  @Test
  void aNameInsideANameIsExplainedByTheDelimiter() {
    DataException trailing =
        assertThrows(
            DataException.class,
            () ->
                Tables.read(
                    TableReader.create().withLabels("y"), "t.csv", "t,z,y;", "1,1,0;", "2,2,1;"));
    assertTrue(trailing.getMessage().contains("it is a part of t,z,y,"), trailing.getMessage());
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                Tables.read(
                    READER.withLabels("y"), "t.csv", "name;alias,z,y", "a;b,1,0", "c;d,2,1"));
    assertTrue(
        e.getMessage()
            .endsWith("it is a part of alias,z,y, as the first line holds several delimiters"),
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,23,456",
        "-12,34,567.5",
        "Rs. 500",
        "Rs 500",
        "10 kr",
        "kr. 10",
        "z\u0142 5",
        "=\"12\"",
        "'12",
        "'1'",
        "\u00b15",
        "3\u00d710^3",
        "3 x 10^3",
        "3\u00d710\u00b3",
        "01/2024",
        "2024/01",
        "2024-01",
        "24:19:00",
        "120:30",
        "0 days 01:00:00",
        "3 days",
        "PT1H30M"
      })
  void aColumnOfNumbersOrDatesInDisguiseIsRefused(String cell) {
    DataException e =
        assertThrows(
            DataException.class,
            () -> Tables.read(READER, "t.csv", "x\ty", cell + "\t1", cell + "\t2"));
    assertTrue(e.getMessage().startsWith("t.csv line 2, column x: " + cell), e.getMessage());
    assertEquals(Remedy.WORD_OR_CATEGORY, e.remedy());
    TableReader told = READER.withKind("x", Table.Kind.CATEGORY);
    assertEquals(cell, Tables.read(told, "t.csv", "x\ty", cell + "\t1").text(0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3x10", "O'Neil", "2023/24", "v1", "12-abc", "P1D", "Rs", "kr", "'x'"})
  void aCategoryWithDigitsOrQuotesIsOne(String cell) {
    Table table = Tables.read(READER, "t.csv", "x\ty", cell + "\t1", cell + "\t2");
    assertEquals(Table.Kind.CATEGORY, table.kind(0));
  }

  @Test
  void zerosAreCalledAnotherCodeOnlyWhereTheyStandAsInIt() {
    byte[] zeros = new byte[100];
    byte[] rows = "a,b\n1,2\n".repeat(9).getBytes(StandardCharsets.UTF_8);
    Arrays.fill(rows, 20, 50, (byte) 0);
    for (byte[] bytes : List.of(zeros, rows)) {
      IOException e =
          assertThrows(
              IOException.class, () -> READER.csv(new ByteArrayInputStream(bytes), "t.csv"));
      assertTrue(e.getMessage().contains("bytes that are 0"), e.getMessage());
    }
  }

  @Test
  void aSecondHeaderAmongTextsIsRefused() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                Tables.read(
                    READER,
                    "t.csv",
                    "name,colour,NA",
                    "Ada,red,1",
                    "name,colour,NA",
                    "Bob,blue,2"));
    assertEquals("t.csv line 3: the names of the columns again; expected a row", e.problem());
    assertEquals(DataException.Remedy.UNNAMED, e.remedy());
    assertEquals(2, Tables.read(READER, "t.csv", "name,colour", "name,red", "Bob,colour").rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sep=;", "SEP=;", "\"sep=;\""})
  void aNoteForExcelIsRefusedAsOne(String note) {
    DataException e =
        assertThrows(
            DataException.class, () -> Tables.read(TableReader.create(), "t.csv", note, "a;b"));
    assertTrue(e.getMessage().toLowerCase(Locale.ROOT).startsWith("t.csv line 1: sep="));
  }

  @Test
  void controlCharactersAreNoPartOfATextAndZeroIsRefused() {
    Table table = column("a\u0001b", "\u001bab\u0007", "ab", "a\u007fb");
    for (int row = 0; row < 4; row++) {
      assertEquals("ab", table.text(row, 0));
    }
    assertEquals("a\nb", column("\"a\nb\"", "\"c\td\"").text(0, 0));
    List<List<String>> rows = List.of(List.of("red"), List.of("r\u0000d"));
    for (TableReader reader :
        List.of(READER, READER.withLabels("x"), READER.withKind("x", CATEGORY))) {
      DataException e = assertThrows(DataException.class, () -> reader.rows(List.of("x"), rows));
      assertEquals(
          "rows row 2, column x: r<U+0000>d; expected a text without U+0000", e.getMessage());
    }
  }

  @Test
  void lettersWithAccentsAreOneValueHoweverTheyAreComposed() {
    Table table = Tables.read(READER, "t.csv", "e\u0301tat,n", "caf\u00e9,1", "cafe\u0301,2");
    assertEquals(0, table.column("\u00e9tat"));
    assertEquals(0, table.column("e\u0301tat"));
    assertEquals("caf\u00e9", table.text(1, 0));
  }

  @Test
  void aControlCharacterThatEndsALineEndsNoNumber() {
    assertEquals(CATEGORY, column(READER.withKind("x", CATEGORY), List.of("2\u00853")).kind(0));
    List<String> cells = numbers(40);
    cells.add("2\u00853");
    assertTrue(refusal(READER, cells).getMessage().startsWith("t.csv line 42, column x: 2 3;"));
  }

  @Test
  void aLineOfNothingThatCanBeSeenIsNoRow() {
    assertEquals(
        1, Tables.read(READER, "t.csv", "x,n", "\ufeff", "1,2", "\u200b\u00a0", "\u001a").rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"n/d", "1,5", "2024-01-01", "inf", "abc"})
  void anOddCellInALabelOfNumbersIsNoClass(String odd) {
    TableReader reader = READER.withLabels("x");
    List<String> cells = new ArrayList<>(Collections.nCopies(30, "0"));
    cells.addAll(Collections.nCopies(30, "1"));
    cells.add(40, '"' + odd + '"');
    DataException e = refusal(reader, cells);
    assertEquals(Remedy.WORD_OR_CATEGORY, e.remedy());
    assertTrue(
        e.getMessage().startsWith("t.csv line 42, column x: " + odd + "; expected"), e::getMessage);
    assertEquals(odd, column(reader.withKind("x", CATEGORY), cells).text(40, 0));
    assertTrue(column(reader.withMissing(odd), cells).isMissing(40, 0));
  }

  @Test
  void anOddCellInALabelOfManyNumbersIsRefusedWithItsLine() {
    List<String> cells = new ArrayList<>(IntStream.range(0, 20_000).mapToObj(i -> "" + i).toList());
    cells.set(19_000, "abc");
    assertTrue(
        refusal(READER.withLabels("x"), cells)
            .getMessage()
            .startsWith("t.csv line 19002, column x: abc; expected a number"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%d,5", "$%d.50", "%d%%", "%d,000", "CHF %d"})
  void aLabelOfNumbersInDisguiseHasNoClasses(String form) {
    List<String> cells =
        IntStream.range(1, 9).mapToObj(i -> '"' + form.formatted(i) + '"').toList();
    DataException e = refusal(READER.withLabels("x"), cells);
    assertEquals(Remedy.WORD_OR_CATEGORY, e.remedy());
    assertTrue(e.getMessage().contains("expected a number without "), e::getMessage);
    assertEquals(CATEGORY, column(READER.withLabels("x").withKind("x", CATEGORY), cells).kind(0));
  }

  @Test
  void textsAndDatesAreClasses() {
    TableReader reader = READER.withLabels("x");
    assertEquals(CATEGORY, column(reader, List.of("1", "2", "x", "y")).kind(0));
    assertEquals("31.12.2024", column(reader, List.of("31.12.2024", "1.1.2025")).text(0, 0));
  }
}
