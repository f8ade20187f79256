package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("shared")
class SharedDataTest {

  private static Table csv(String relative) throws IOException {
    return Table.csv(SharedData.file(relative));
  }

  @Test
  void titanicHasFourteenEncodedColumns() throws IOException {
    Table table = csv("data/titanic/titanic.csv");
    Roles roles =
        Roles.of("survived", Roles.Task.CLASSIFY)
            .withIgnored("name", "ticket", "cabin")
            .withCategorical("pclass");

    Encoder encoder = Encoder.fit(table, roles, table.all(), Encoder.Options.standard());
    Dataset data = encoder.dataset(table, table.all());

    assertEquals(
        List.of(
            new Column.Label("survived"),
            new Column.Categorical("pclass", List.of("1", "2", "3"), false),
            new Column.Ignored("name"),
            new Column.Categorical("sex", List.of("female", "male"), false),
            new Column.Numeric("age", 28, true, new Column.Range(0.42, 80)),
            new Column.Numeric("sibsp", 0, false, new Column.Range(0, 8)),
            new Column.Numeric("parch", 0, false, new Column.Range(0, 6)),
            new Column.Ignored("ticket"),
            new Column.Numeric("fare", 14.4542, false, new Column.Range(0, 512.3292)),
            new Column.Ignored("cabin"),
            new Column.Categorical("embarked", List.of("C", "Q", "S"), true)),
        encoder.columns());
    assertEquals(14, encoder.encodedColumns());
    assertEquals(891, data.rows());
    assertEquals(342, IntStream.range(0, 891).filter(r -> data.targets()[r] == 1).count());
  }

  @Test
  void titanicsNamesAreCategoriesOfWhichMostAreOther() throws IOException {
    Table table = csv("data/titanic/titanic.csv");
    Roles roles = Roles.of("survived", Roles.Task.CLASSIFY);
    Encoder encoder = Encoder.fit(table, roles, table.all(), Encoder.Options.standard());
    Column.Categorical names = (Column.Categorical) encoder.columns().get(table.column("name"));
    assertEquals(64, names.categories().size());
    assertTrue(names.other());
  }

  @Test
  void splitsOfDigitsHoldEveryDigitInProportion() throws IOException {
    Table table = csv("data/digits/digits.csv");
    int label = table.column("label");
    Target.Classes digits = Target.Classes.of(table, label);
    int[] classes = digits.numbers(table, label, table.all());
    Split split = Split.stratified(classes, Split.Ratios.parse("60/20/20"), 0);

    assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), digits.labels());
    assertEquals(1797 * 0.6, split.train().length, 2);
    assertEquals(1797 * 0.2, split.test().length, 2);
    for (int digit = 0; digit < 10; digit++) {
      int number = digit;
      long all = Arrays.stream(classes).filter(c -> c == number).count();
      long test = Arrays.stream(split.test()).filter(row -> classes[row] == number).count();
      assertEquals(all * 0.2, test, 1);
    }
  }

  @Test
  void mnistHasItsPublishedCounts() throws IOException {
    Idx.Images test = Idx.labelled(SharedData.file("data/mnist/t10k-images-idx3-ubyte.gz"));
    int[] counts = new int[10];
    for (byte label : test.labels()) {
      counts[label]++;
    }

    assertEquals(10_000, test.count());
    assertEquals(new Column.Pixels(28, 28, 1), test.shape());
    assertArrayEquals(new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, counts);
    assertEquals(10, Encoder.fit(test).target().outputs());
  }

  @Test
  void catsHaveColours() throws IOException {
    Idx.Images cats = Idx.labelled(SharedData.file("data/cat/train-images-idx4-ubyte.gz"));
    Encoder encoder = Encoder.fit(cats);
    Dataset data = encoder.dataset(cats, new int[] {0});

    assertEquals("64 x 64 x 3", cats.shape().toString());
    assertEquals(209, cats.count());
    assertEquals(1, encoder.target().outputs());
    assertArrayEquals(
        new float[] {17 / 255f, 31 / 255f, 56 / 255f}, Arrays.copyOf(data.features(), 3));
    assertFalse(Idx.recognizes(SharedData.file("data/iris/iris.csv")));
  }

  @Test
  void houseValuesAreScaledByTheTrainingRows() throws IOException {
    Table table = csv("data/california-housing/california-housing.csv");
    int[] training = IntStream.range(0, 16512).toArray();
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("medianHouseValue", Roles.Task.REGRESS),
            training,
            Encoder.Options.standard());
    float[] targets = encoder.dataset(table, training).targets();
    double squares = 0;
    for (float target : targets) {
      squares += (double) target * target;
    }

    assertEquals(8, encoder.encodedColumns());
    assertEquals(1, squares / targets.length, 1e-5);
  }
}
