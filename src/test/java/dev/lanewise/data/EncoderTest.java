package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EncoderTest {

  /** Original units, as tests can read them. */
  static final Encoder.Options ORIGINAL =
      Encoder.Options.standard().withStandardize(false).withScaledTargets(false);

  /** A table from lines of comma-separated cells; the first one names the columns. */
  static Table table(String... lines) {
    return Tables.named(lines);
  }

  static Table unnamed(String... lines) {
    return Tables.unnamed(lines);
  }

  private static Encoder fit(Table table, String label) {
    return Encoder.fit(table, Roles.of(label, Roles.Task.CLASSIFY), table.all(), ORIGINAL);
  }

  private static String refusal(Runnable action) {
    String message = assertThrows(RuntimeException.class, action::run).getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  @Test
  void numbersStayAndTextBecomesOneHot() {
    Table table = table("a,b,y", "1.5,red,0", "-2,blue,1", "1e3,red,0");
    Encoder encoder = fit(table, "y");

    assertEquals(
        List.of(
            new Column.Numeric("a", 1.5, false, new Column.Range(-2, 1000)),
            new Column.Categorical("b", List.of("blue", "red"), false),
            new Column.Label("y")),
        encoder.columns());
    assertArrayEquals(
        new float[] {1.5f, 0, 1, -2, 1, 0, 1000, 0, 1}, encoder.features(table, table.all()));
  }

  @Test
  void missingNumbersGetTheTrainingMedianAndAFlag() {
    Table table = table("a,y", "1,0", "?,1", " NA ,0", "4,1", ",0", "NaN,0", "2,1");
    Encoder encoder =
        Encoder.fit(table, Roles.of("y", Roles.Task.CLASSIFY), new int[] {0, 1, 3}, ORIGINAL);

    assertEquals(
        new Column.Numeric("a", 2.5, true, new Column.Range(1, 4)), encoder.columns().getFirst());
    assertArrayEquals(
        new float[] {1, 0, 2.5f, 1, 2.5f, 1, 4, 0, 2.5f, 1, 2.5f, 1, 2, 0},
        encoder.features(table, table.all()));
  }

  @Test
  void missingAfterTrainingWithoutMissingGivesMedianOrZerosAndNoFlag() {
    Table table = table("a,b,y", "1,x,0", "3,z,1", ",,0");
    Encoder encoder =
        Encoder.fit(table, Roles.of("y", Roles.Task.CLASSIFY), new int[] {0, 1}, ORIGINAL);

    assertArrayEquals(new float[] {2, 0, 0}, encoder.features(table, new int[] {2}));
  }

  @Test
  void missingIsTheLastCategoryIfTrainingHadIt() {
    Table table = table("b,y", "x,0", ",1", "w,0");

    assertArrayEquals(
        new float[] {0, 1, 0, 0, 0, 1, 1, 0, 0}, fit(table, "y").features(table, table.all()));
  }

  @Test
  void unseenCategoriesAreAllZeros() {
    Table table = table("b,y", "x,0", "w,1", "v,1");
    Encoder encoder =
        Encoder.fit(table, Roles.of("y", Roles.Task.CLASSIFY), new int[] {0, 1}, ORIGINAL);

    assertArrayEquals(new float[] {0, 0}, encoder.features(table, new int[] {2}));
  }

  @Test
  void numbersNamedCategoricalAreOneHotInNumericOrder() {
    Table table = table("k,y", "10,0", "9,1", "2,0");
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY).withCategorical("k"), table.all(), ORIGINAL);

    assertEquals(
        new Column.Categorical("k", List.of("2", "9", "10"), false), encoder.columns().getFirst());
    assertArrayEquals(new float[] {0, 1, 0}, encoder.encode(Map.of("k", 9.0)));
    assertArrayEquals(new float[] {0, 1, 0}, encoder.encode(Map.of("k", "9")));
    Table tenths = table("k,y", "0.1,0", "0.2,1");
    Encoder ofTenths =
        Encoder.fit(
            tenths,
            Roles.of("y", Roles.Task.CLASSIFY).withCategorical("k"),
            tenths.all(),
            ORIGINAL);
    assertArrayEquals(new float[] {1, 0}, ofTenths.encode(Map.of("k", 0.1f)));
    assertArrayEquals(new float[] {0, 1}, ofTenths.encode(Map.of("k", 0.2)));
  }

  /** 70 values, of which n10 to n79 come once, twice and three times. */
  @Test
  void theMostFrequentValuesHaveAColumnEachAndTheOthersShareOne() {
    List<String> lines = new ArrayList<>(List.of("name,y"));
    for (int i = 0; i < 70; i++) {
      for (int times = 0; times <= i % 3; times++) {
        lines.add("n" + (10 + i) + "," + times % 2);
      }
    }
    Table table = table(lines.toArray(String[]::new));
    Column.Categorical names = (Column.Categorical) fit(table, "y").columns().getFirst();
    List<String> once =
        IntStream.range(0, 70).filter(i -> i % 3 == 0).mapToObj(i -> "n" + (10 + i)).toList();
    List<String> expected =
        IntStream.range(0, 70)
            .mapToObj(i -> "n" + (10 + i))
            .filter(name -> !once.contains(name) || once.indexOf(name) < 18)
            .toList();
    assertEquals(new Column.Categorical("name", expected, true, false), names);

    Encoder few =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), ORIGINAL.withMaxCategories(2));
    assertEquals(
        new Column.Categorical("name", List.of("n12", "n15"), true, false),
        few.columns().getFirst());
    assertArrayEquals(new float[] {0, 1, 0}, few.encode(Map.of("name", "n15")));
    assertArrayEquals(new float[] {0, 0, 1}, few.encode(Map.of("name", "n10")));
    assertArrayEquals(new float[] {0, 0, 1}, few.encode(Map.of("name", "never seen")));
    assertArrayEquals(new float[] {0, 0, 0}, few.encode(Map.of()));
    Encoder all =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), ORIGINAL.withMaxCategories(70));
    assertEquals(70, all.encodedColumns());
    assertArrayEquals(new float[70], all.encode(Map.of("name", "never seen")));
  }

  @Test
  void columnsAreMatchedByName() {
    Encoder encoder = fit(table("a,b,y", "1,x,0", "2,z,1"), "y");
    Table other = table("extra,b,y,a", "9,z,1,5", "9,x,0,6");

    Dataset data = encoder.dataset(other, other.all());

    assertArrayEquals(new float[] {5, 0, 1, 6, 1, 0}, data.features());
    assertArrayEquals(new float[] {1, 0}, data.targets());
    Table short1 = table("a,y", "1,0");
    assertEquals(
        "t.csv: no column b; expected a, b", refusal(() -> encoder.features(short1, new int[0])));
  }

  @Test
  void ignoredColumnsMayBeMissing() {
    Table table = table("id,a,y", "7,1,0", "8,2,1");
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withIgnored("id");
    Encoder encoder = Encoder.fit(table, roles, table.all(), ORIGINAL);
    assertArrayEquals(new float[] {5}, encoder.features(table("a", "5"), new int[] {0}));
  }

  @Test
  void weightsAndGroupsAreNoFeatures() {
    Table table = table("w,a,g,y", "1,1,p,0", "2,2,q,1");
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withWeights("w").withGroups("g");
    Encoder encoder = Encoder.fit(table, roles, table.all(), ORIGINAL);
    assertEquals(new Column.Ignored("w"), encoder.columns().get(0));
    assertEquals(new Column.Ignored("g"), encoder.columns().get(2));
    assertArrayEquals(new float[] {5}, encoder.features(table("a", "5"), new int[] {0}));
    assertArrayEquals(new float[] {5}, encoder.encode(Map.of("a", 5)));
    for (Roles bad :
        List.of(
            Roles.of("y", Roles.Task.CLASSIFY).withWeights("y"),
            Roles.of("y", Roles.Task.CLASSIFY).withGroups("y"))) {
      refusal(() -> Encoder.fit(table, bad, table.all(), ORIGINAL));
    }
  }

  @Test
  void aListOfColumnsEndsAfterTwenty() {
    for (int count : new int[] {20, 21}) {
      List<Column> columns =
          IntStream.rangeClosed(1, count)
              .<Column>mapToObj(c -> new Column.Numeric("c" + c, 0, false))
              .toList();
      Encoder encoder = Encoder.of(true, columns, Optional.empty(), Target.Values.unscaled(1));
      assertTrue(
          refusal(() -> encoder.encode(List.of()))
              .endsWith(count == 20 ? ", c19, c20" : ", c19, c20, …"));
    }
  }

  @Test
  void columnsWithoutNamesAreMatchedByPlace() {
    Encoder encoder = fit(unnamed("0,1,x", "1,2,z"), "1");
    Table labelled = unnamed("1,7,z");
    Table bare = unnamed("7,z");
    Table elsewhere = unnamed("7,z,1");

    float[] expected = {7, 0, 1};
    assertArrayEquals(expected, encoder.features(labelled, new int[] {0}));
    assertArrayEquals(expected, encoder.features(bare, new int[] {0}));
    assertArrayEquals(expected, encoder.dataset(elsewhere, new int[] {0}, "3").features());
    assertArrayEquals(new float[] {1}, encoder.dataset(labelled, new int[] {0}).targets());
    assertTrue(
        refusal(() -> encoder.features(unnamed("1,2,3,4"), new int[] {0}))
            .endsWith("4 columns; expected 2, or 3 with the label"));
  }

  @Test
  void namedAndUnnamedTablesAreMatchedByPlace() {
    Encoder named = fit(table("y,a", "0,1", "1,2"), "y");
    assertArrayEquals(new float[] {5}, named.dataset(unnamed("1,5"), new int[] {0}).features());
    assertArrayEquals(new float[] {5}, named.features(unnamed("5"), new int[] {0}));
  }

  @Test
  void classesSortByNumberIfAllAreNumbersElseByText() {
    Table numbers = table("a,y", "1,10", "2,9", "3,-1", "4,9.0");
    Table texts = table("a,y", "1,10", "2,9", "3,b", "4,B");

    assertEquals(List.of("-1", "9", "10"), Target.Classes.of(numbers, 1).labels());
    assertEquals(List.of("10", "9", "B", "b"), Target.Classes.of(texts, 1).labels());
    assertArrayEquals(
        new int[] {2, 1, 0, 1}, Target.Classes.of(numbers, 1).numbers(numbers, 1, numbers.all()));
    assertEquals(3, fit(numbers, "y").target().outputs());
  }

  @Test
  void twoClassesNeedOneOutputAndTheSecondIsPositive() {
    Table table = table("a,y", "1,yes", "2,no");
    Encoder encoder = fit(table, "y");

    assertEquals(1, encoder.target().outputs());
    assertArrayEquals(new float[] {1, 0}, encoder.dataset(table, table.all()).targets());
  }

  @Test
  void badLabelsAreRefusedWithTheirLine() {
    Encoder encoder = fit(table("a,y", "1,0", "2,1"), "y");
    Table unseen = table("a,y", "1,0", "2,2");

    assertEquals(
        "t.csv line 3, column y: 2; expected one of the classes 0, 1",
        refusal(() -> encoder.dataset(unseen, unseen.all())));
    assertEquals(
        "t.csv line 3, column y: missing; expected a class",
        refusal(() -> fit(table("a,y", "1,0", "2,"), "y")));
    String fractional = refusal(() -> fit(table("a,y", "1,0", "2,1.5"), "y"));
    assertTrue(fractional.startsWith("t.csv line 3, column y: 1.5"), fractional);
    assertTrue(fractional.contains("REGRESS"), fractional);
    assertTrue(refusal(() -> fit(table("a,y", "1,0"), "y")).contains("only the class 0"));
  }

  @Test
  void longCellsAreCutInMessages() {
    String message = refusal(() -> table("a,y", "1" + "0".repeat(1000) + ",0", "1,1"));
    assertTrue(message.startsWith("t.csv line 2, column a: 1000"), message);
    assertTrue(message.length() < 300, message);
  }

  @Test
  void badCellsAreRefusedWithTheirLine() {
    Encoder encoder = fit(table("a,y", "1,0", "2,1"), "y");
    for (String bad : List.of("abc", "0x10", "1f", "1E39", "1-2", ".", "e")) {
      assertEquals(
          "t.csv line 2, column a: " + bad + "; expected a number within the range of float",
          refusal(() -> encoder.features(table("a,y", bad + ",0"), new int[] {0})));
    }
    assertEquals(
        "t.csv line 3, column a: 1E39; expected a number within the range of float",
        refusal(() -> fit(table("a,y", "1,0", "1e39,1"), "y")));
  }

  @Test
  void aColumnWithoutAnyTrainingValueIsRefused() {
    assertTrue(
        refusal(() -> fit(table("a,b,y", ",1,0", ",2,1"), "y"))
            .contains("column a: no value in the training rows"));
  }

  @Test
  void aColumnOfNullWordsAloneIsNoCategory() {
    assertTrue(
        refusal(() -> fit(table("a,b,y", "null,1,0", ",2,1", "None,2,1"), "y"))
            .endsWith("; to leave it out: TableReader.withIgnored(column)"));
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withCategorical("a");
    Table told =
        Tables.read(
            TableReader.create().withHeader(true).withRoles(roles),
            "t.csv",
            "a,y",
            "null,0",
            "-,1");
    assertEquals(2, Encoder.fit(told, roles, told.all(), ORIGINAL).encodedColumns());
  }

  private static List<String> classes(String... labels) {
    return classesOf(TableReader.create(), labels);
  }

  private static List<String> classesOf(TableReader reader, String... labels) {
    String[] lines = new String[labels.length + 1];
    lines[0] = "a,y";
    for (int i = 0; i < labels.length; i++) {
      lines[i + 1] = i + "," + labels[i];
    }
    Table table = Tables.read(reader.withHeader(true).withLabels("y"), "t.csv", lines);
    return ((Target.Classes) fit(table, "y").target()).labels();
  }

  @Test
  void aNullWordAmongClassesOfNumbersIsMissing() {
    for (String word : List.of("null", "None", "-", "unknown", "-9.0")) {
      assertEquals(
          "t.csv line 4, column y: missing; expected a class",
          refusal(
              () ->
                  classesOf(
                      TableReader.create().withMissing("unknown", "-9"), "0", "1", word, "1")));
    }
    String[] mixed = "0,1,0,1,0,1,0,1,0,1,0,1,0,1,0,1,0,1,0,1,abc".split(",");
    assertTrue(refusal(() -> classes(mixed)).startsWith("t.csv line 22, column y: abc; expected"));
    mixed[20] = "1";
    mixed[2] = "null";
    assertTrue(refusal(() -> classes(mixed)).startsWith("t.csv line 4, column y: missing"));
    assertEquals(List.of("None", "a", "b"), classes("a", "None", "b", "a"));
  }

  @Test
  void aNullWordIsAClassForAModelThatHasIt() {
    Encoder encoder = fit(table("a,y", "1,None", "2,x", "3,7"), "y");
    Table later =
        Tables.read(TableReader.create().withEncoder(encoder), "t.csv", "a,y", "1,None", "2,7");
    assertArrayEquals(new float[] {1, 0}, encoder.dataset(later, later.all()).targets());
  }

  @Test
  void booleansInALabelAreTwoClasses() {
    assertEquals(List.of("False", "True"), classes("True", "TRUE", "False", "F", "True", "False"));
    assertEquals(List.of("0", "1"), classes("0", "1", "True", "false", "1"));
    Encoder encoder = fit(table("a,y", "1,True", "2,False"), "y");
    Table later = table("a,y", "1,TRUE", "2,f");
    assertArrayEquals(new float[] {1, 0}, encoder.dataset(later, later.all()).targets());
  }

  @Test
  void booleansThatAreCalledCategoriesMeet() {
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withCategorical("a");
    Table table =
        Tables.read(
            TableReader.create().withRoles(roles),
            "t.csv",
            "a,y",
            "True,0",
            "TRUE,1",
            "no,1",
            "True,0");
    Encoder encoder = Encoder.fit(table, roles, table.all(), ORIGINAL);
    assertEquals(
        List.of("True", "no"), ((Column.Categorical) encoder.columns().getFirst()).categories());
    assertArrayEquals(new float[] {1, 0, 1, 0, 0, 1, 1, 0}, encoder.features(table, table.all()));
    assertArrayEquals(new float[] {1, 0}, encoder.encode(List.of("tRUE")));
    assertArrayEquals(new float[] {0, 1}, encoder.encode(List.of(false)));
  }

  @Test
  void aModelReadsTheHeaderThatItWasTrainedWith() {
    String[] lines = {"a,,y", "1,2,0", "3,4,1"};
    Table table = Tables.read(TableReader.create().withHeader(true), "t.csv", lines);
    Encoder encoder = fit(table, "y");
    TableReader reader = TableReader.create().withEncoder(encoder);
    Table again = Tables.read(reader, "t.csv", lines);
    assertTrue(again.named());
    assertArrayEquals(encoder.features(table, table.all()), encoder.features(again, again.all()));
    assertFalse(Tables.read(reader, "t.csv", "1,2,0", "3,4,1").named());
    assertTrue(
        refusal(() -> Tables.read(reader.withHeader(false), "t.csv", lines))
            .startsWith("t.csv line 1, column 1: a; expected a number"));
  }

  @Test
  void rowsWithoutTheirLabelAreRefusedByTheirColumns() {
    Table table = unnamed("1,2,0", "3,4,1");
    Encoder encoder = fit(table, "3");
    Table without = unnamed("1,2", "3,4");
    assertEquals(
        "t.csv: 2 columns; expected 3 with the label",
        assertThrows(DataException.class, () -> encoder.dataset(without, without.all()))
            .getMessage());
  }

  @Test
  void rolesThatClashOrNameNoColumnAreRefused() {
    Table table = table("a,b,y", "1,2,0", "1,2,1");
    for (Roles roles :
        List.of(
            Roles.of("y", Roles.Task.CLASSIFY).withIgnored("y"),
            Roles.of("y", Roles.Task.CLASSIFY).withCategorical("3"),
            Roles.of("y", Roles.Task.CLASSIFY).withIgnored("a").withCategorical("a"),
            Roles.of("y", Roles.Task.CLASSIFY).withIgnored("c"),
            Roles.of("z", Roles.Task.CLASSIFY),
            Roles.of("4", Roles.Task.CLASSIFY),
            Roles.of("0", Roles.Task.CLASSIFY),
            Roles.of("y", Roles.Task.CLASSIFY).withIgnored("a", "b"))) {
      refusal(() -> Encoder.fit(table, roles, table.all(), ORIGINAL));
    }
    refusal(() -> Encoder.fit(table, Roles.of("y", Roles.Task.CLASSIFY), new int[0], ORIGINAL));
  }

  @Test
  void aTableWithoutFeaturesIsRefusedByName() {
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY).withIgnored("a");
    Table table = table("a,y", "1,0", "2,1");
    assertTrue(
        refusal(() -> Encoder.fit(table, roles, table.all(), Encoder.Options.standard()))
            .startsWith("t.csv: no column is left to learn from; expected"));
  }

  @Test
  void raggedRowsAndRepeatedNamesAreRefused() {
    assertEquals("t.csv line 3: 1 field; expected 2", refusal(() -> table("a,y", "1,0", "1")));
    assertTrue(refusal(() -> table("a,a", "1,0")).contains("a stands twice"));
  }

  @Test
  void regressionTargetsAreScaledByTheTrainingRowsAndRestored() {
    Table table = table("a,y", "1,10.5", "2,30.5", "3,100");
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.REGRESS), new int[] {0, 1}, Encoder.Options.standard());
    Target.Values values = (Target.Values) encoder.target();

    assertEquals(new Target.Values(20.5f, 10), values);
    assertArrayEquals(new float[] {-1, 1, 7.95f}, encoder.dataset(table, table.all()).targets());
    float[] scores = {7.95f};
    values.restore(scores, 1);
    assertEquals(100, scores[0]);
    assertTrue(
        refusal(
                () ->
                    Encoder.fit(
                        table("a,y", "1,x"),
                        Roles.of("y", Roles.Task.REGRESS),
                        new int[] {0},
                        Encoder.Options.standard()))
            .contains("line 2, column y: x"));
  }

  /** … column by column, of the training rows alone, and only if asked for. */
  @Test
  void rangesOfPredictionsAreThoseOfTheTrainingRowsValues() {
    Table table = table("a,y,z", "1,10.5,-3", "2,30.5,-3", "3,100,7");
    Roles roles = Roles.of(List.of("y", "z"), Roles.Task.REGRESS);
    for (boolean scaled : new boolean[] {false, true}) {
      Encoder.Options options = Encoder.Options.standard().withScaledTargets(scaled);
      Target.Values free =
          (Target.Values) Encoder.fit(table, roles, new int[] {0, 1}, options).target();
      Target.Values kept =
          (Target.Values)
              Encoder.fit(table, roles, new int[] {0, 1}, options.withClampedPredictions(true))
                  .target();
      assertEquals(List.of(), free.ranges());
      assertEquals(free.scale(), kept.scale());
      assertEquals(List.of(new Column.Range(10.5, 30.5), new Column.Range(-3, -3)), kept.ranges());
      assertEquals(scaled, kept.isScaled());
    }
    Encoder.Options clamped = Encoder.Options.standard().withClampedPredictions(true);
    assertTrue(clamped.withStandardize(false).withMaxCategories(3).clampedPredictions());
    assertFalse(clamped.withClampedPredictions(false).clampedPredictions());
  }

  @Test
  void onlyTrainingRowsAreLearnedFrom() {
    Table table = table("a,b,y", "1,x,0", "3,w,1", "1000,v,0");
    Table changed = table("a,b,y", "1,x,0", "3,w,1", "-7,u,1");
    int[] training = {0, 1};
    Roles roles = Roles.of("y", Roles.Task.CLASSIFY);

    assertEquals(
        Encoder.fit(table, roles, training, Encoder.Options.standard()),
        Encoder.fit(changed, roles, training, Encoder.Options.standard()));
  }

  @Property
  void aRecordIsEncodedAsItsTableRow(
      @ForAll @Size(5) List<@IntRange(min = -50, max = 50) Integer> numbers,
      @ForAll @Size(5) List<@IntRange(min = 0, max = 3) Integer> kinds,
      @ForAll boolean standardize) {
    String[] lines = new String[6];
    lines[0] = "n,c,y";
    for (int i = 0; i < 5; i++) {
      lines[i + 1] =
          (i > 0 && numbers.get(i) < -40 ? "" : numbers.get(i) / 8.0)
              + ","
              + (i > 0 && kinds.get(i) == 0 ? "?" : "k" + kinds.get(i))
              + ","
              + i % 2;
    }
    Table table = table(lines);
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.CLASSIFY),
            new int[] {0, 1, 2, 3},
            Encoder.Options.standard().withStandardize(standardize));
    for (int row : table.all()) {
      Map<String, Object> values = new HashMap<>();
      values.put("n", table.isMissing(row, 0) ? null : table.number(row, 0));
      values.put("c", table.text(row, 1));
      float[] expected = encoder.features(table, new int[] {row});
      assertArrayEquals(expected, encoder.encode(values));
      assertArrayEquals(expected, encoder.encode(Arrays.asList(values.get("n"), values.get("c"))));
    }
  }

  @Test
  void recordsThatDoNotFitAreRefused() {
    Encoder encoder = fit(table("a,b,y", "1,x,0", "2,z,1"), "y");

    assertEquals(
        "values: no column c; expected a, b", refusal(() -> encoder.encode(Map.of("c", 1))));
    assertEquals("values: 1; expected 2: a, b", refusal(() -> encoder.encode(List.of(1))));
    assertEquals(
        "column a: x; expected a number", refusal(() -> encoder.encode(List.of("x", "x"))));
    assertTrue(
        refusal(() -> encoder.encode(List.of(List.of(), "x")))
            .startsWith("column a: a List; expected"));
    refusal(() -> encoder.encode(List.of(Double.POSITIVE_INFINITY, "x")));
    assertArrayEquals(new float[] {1.5f, 0, 0}, encoder.encode(Map.of("y", "1")));
    assertArrayEquals(new float[] {1.5f, 0, 0}, encoder.encode(Arrays.asList(Float.NaN, null)));
  }

  @Test
  void imagesAreDividedBy255AndTakeNoRecords() {
    Idx.Images images =
        new Idx.Images(
            "i",
            new Column.Pixels(1, 2, 1),
            new byte[] {0, (byte) 255, 51, 1, 2, 3},
            new byte[] {7, 3, 7});
    Encoder encoder = Encoder.fit(images);

    assertEquals(new Target.Classes(List.of("3", "7")), encoder.target());
    Dataset data = encoder.dataset(images, new int[] {2, 0, 1});
    assertArrayEquals(new float[] {2 / 255f, 3 / 255f, 0, 1, 0.2f, 1 / 255f}, data.features());
    assertArrayEquals(new float[] {1, 1, 0}, data.targets());
    refusal(() -> encoder.encode(List.of(1)));
    refusal(() -> encoder.dataset(table("a,y", "1,0"), new int[] {0}));
    assertEquals(
        "t.csv: a table; expected images of 1 x 2 x 1",
        refusal(() -> encoder.features(unnamed("1"), new int[] {0})));
    assertEquals(
        "i: images of 1 x 2 x 1; expected a table",
        refusal(() -> fit(table("a,y", "1,0", "2,1"), "y").dataset(images, new int[] {0})));
    Idx.Images other =
        new Idx.Images("o", new Column.Pixels(2, 1, 1), new byte[] {1, 2}, new byte[] {3});
    assertEquals(
        "o: images of 2 x 1 x 1; expected 1 x 2 x 1",
        refusal(() -> encoder.dataset(other, new int[] {0})));
    Idx.Images unseen =
        new Idx.Images("u", new Column.Pixels(1, 2, 1), new byte[] {1, 2}, new byte[] {4});
    assertEquals(
        "u: label 4 of image 1; expected one of the classes 3, 7",
        refusal(() -> encoder.dataset(unseen, new int[] {0})));
    Idx.Images unlabelled =
        new Idx.Images("n", new Column.Pixels(1, 2, 1), new byte[] {1, 2}, new byte[0]);
    assertTrue(
        refusal(() -> encoder.dataset(unlabelled, new int[] {0})).contains("without labels"));
  }

  private static Encoder fitValues(Table table, String... labels) {
    Roles roles = Roles.of(List.of(labels), Roles.Task.REGRESS);
    return Encoder.fit(table, roles, new int[] {0, 1}, Encoder.Options.standard());
  }

  @Test
  void severalValuesAreScaledColumnByColumnInTheOrderOfTheTable() {
    Table table = table("y,a,z", "10,1,-1", "30,2,1", "100,3,3");
    Encoder encoder = fitValues(table, "z", "y");
    assertEquals(List.of("y", "z"), encoder.labels());
    Standardizer scale = Standardizer.of(new double[] {20, 0}, new double[] {10, 1});
    assertEquals(new Target.Values(scale), encoder.target());

    Dataset rows = encoder.dataset(table, table.all());
    assertEquals(2, rows.targetColumns());
    assertArrayEquals(new float[] {-1, -1, 1, 1, 8, 3}, rows.targets());
    assertArrayEquals(new float[] {-1, 1, 3}, rows.features());
    float[] scores = rows.targets().clone();
    ((Target.Values) encoder.target()).restore(scores, 3);
    assertArrayEquals(new float[] {10, -1, 30, 1, 100, 3}, scores);
  }

  @Test
  void severalValuesAreFoundByNameOrElseInTheOrderGiven() {
    Encoder encoder = fitValues(table("y,a,z", "10,1,-1", "30,2,1"), "y", "z");
    float[] expected = {-1, 2};
    Table moved = table("z,y,a", "2,10,1");
    assertArrayEquals(expected, encoder.dataset(moved, moved.all()).targets());
    assertArrayEquals(expected, encoder.dataset(moved, moved.all(), "z", "y").targets());
    assertArrayEquals(expected, encoder.dataset(moved, moved.all(), "2", "1").targets());
    Table renamed = table("q,p,a", "2,10,1");
    assertArrayEquals(expected, encoder.dataset(renamed, renamed.all(), "p", "q").targets());
    Table nameless = unnamed("10,1,2");
    assertArrayEquals(expected, encoder.dataset(nameless, nameless.all()).targets());
    assertArrayEquals(new float[] {-1}, encoder.features(nameless, nameless.all()));
    assertArrayEquals(new float[] {-1}, encoder.features(unnamed("1"), new int[] {0}));
    Table last = unnamed("1,10,2");
    assertArrayEquals(expected, encoder.dataset(last, last.all(), "2", "3").targets());
    assertArrayEquals(new float[] {-1}, encoder.dataset(last, last.all(), "2", "3").features());

    assertTrue(refusal(() -> encoder.dataset(moved, moved.all(), "y")).contains("expected 2"));
    refusal(() -> encoder.dataset(moved, moved.all(), "y", "2"));
    refusal(() -> fitValues(moved, "y", "2"));
    assertEquals(
        "t.csv: 2 columns; expected 1, or 3 with the labels",
        refusal(() -> encoder.features(unnamed("1,2"), new int[] {0})));
    refusal(() -> Roles.of(List.of("y", "z"), Roles.Task.CLASSIFY));
    refusal(() -> Roles.of(List.of(), Roles.Task.REGRESS));
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    Target target = new Target.Classes(List.of("0", "1"));
    refusal(
        () ->
            Encoder.of(
                true,
                List.of(new Column.Numeric("a", 0, true)),
                Optional.of(Standardizer.of(new double[1], new double[] {1})),
                target));
    refusal(() -> Encoder.of(true, Collections.emptyList(), Optional.empty(), target));
    Column.Numeric a = new Column.Numeric("a", 0, true);
    assertEquals(
        "columns: a stands twice; expected different values",
        refusal(() -> Encoder.of(true, List.of(a, a), Optional.empty(), target)));
    assertEquals(
        "columns: 2 labels; expected 1, or none",
        refusal(
            () ->
                Encoder.of(
                    true,
                    List.of(a, new Column.Label("b"), new Column.Label("c")),
                    Optional.empty(),
                    target)));
    assertEquals(
        "column b: x stands twice; expected different values",
        refusal(() -> new Column.Categorical("b", List.of("x", "y", "x"), false)));
    assertEquals(
        "classes: x stands twice; expected different values",
        refusal(() -> new Target.Classes(List.of("x", "x"))));
    refusal(() -> new Target.Classes(List.of("a")));
    refusal(() -> new Target.Values(0, 0));
    refusal(() -> new Column.Numeric("a", Float.NaN, false));
    refusal(() -> new Column.Pixels(65536, 65536, 1));
  }
}
