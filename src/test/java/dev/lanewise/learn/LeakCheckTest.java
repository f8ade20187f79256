package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.learn.LeakCheck.Duplicates;
import dev.lanewise.learn.LeakCheck.OfColumn;
import dev.lanewise.learn.LeakCheck.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

  private static final List<String> NAMES =
      List.of("copy", "code", "half", "noise", "one", "id", "ticket", "few", "y");

  /** The label, told by one column, by a category, half by another one, and by nothing else. */
  private static Table table(int rows, boolean classes) {
    SplittableRandom random = new SplittableRandom(11);
    List<List<?>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      double y = random.nextGaussian();
      boolean positive = y > 0;
      Object copy = r % 20 == 7 ? null : 3 * y + 5;
      Object code = "c" + (int) Math.floor(4 * y);
      all.add(
          Arrays.asList(
              classes ? (positive ? 1 + y : y - 1) : copy,
              classes ? (positive ? "p" : "n") : code,
              y + random.nextGaussian(),
              random.nextGaussian(),
              7,
              1000 + r * 3,
              "ticket " + r,
              random.nextInt(5),
              classes ? (Object) (positive ? "yes" : "no") : (Object) y));
    }
    return Table.ofRows(NAMES, all);
  }

  private static LeakCheck check(Learner learner, Table table) {
    try (Run run = learner.withRecipe(recipe -> recipe.withEpochs(5)).begin(table)) {
      run.forEach(epoch -> {});
      return LeakCheck.of(run.finish().model(), run.train(), run.dev().orElseThrow(), 0);
    }
  }

  private static List<String> names(List<OfColumn> columns) {
    return columns.stream().map(OfColumn::column).sorted().toList();
  }

  @Test
  void aColumnThatTellsTheLabelAloneIsSuspectAndNoOther() {
    LeakCheck ofClasses = check(Learner.classifier("y"), table(600, true));
    assertEquals(List.of("code", "copy"), names(ofClasses.suspects()), ofClasses::toString);
    LeakCheck ofValues = check(Learner.regressor("y").withIgnored("ticket"), table(600, false));
    assertEquals(List.of("code", "copy"), names(ofValues.suspects()), ofValues::toString);
    assertTrue(explained(ofValues, "half") > 0.3 && explained(ofValues, "half") < 0.6);
    assertEquals(0, explained(ofValues, "noise"), 0.15);
    assertEquals(0, explained(ofValues, "one"), 1e-9);
  }

  private static double explained(LeakCheck check, String column) {
    return check.columns().stream()
        .filter(of -> of.column().equals(column))
        .findFirst()
        .orElseThrow()
        .explained();
  }

  @Test
  void theOnlyColumnIsNoLeak() {
    String[] others = {"code", "half", "noise", "one", "id", "ticket", "few"};
    LeakCheck check = check(Learner.classifier("y").withIgnored(others), table(600, true));
    assertEquals(List.of(), check.suspects());
  }

  /** Brier's score of the shares of a category's rows, with one row of the mean added. */
  @Test
  void aCategoryExplainsWhatItsSharesDo() {
    Table table = table(300, true);
    Learner learner = Learner.classifier("y").withCategorical("few");
    try (Run run = learner.withRecipe(recipe -> recipe.withEpochs(1)).begin(table)) {
      run.forEach(epoch -> {});
      LeakCheck check = LeakCheck.of(run.finish().model(), run.train(), run.dev().get(), 0);
      int few = table.column("few");
      int y = table.column("y");
      double[] yes = new double[5];
      double[] all = new double[5];
      for (int row : run.split().train()) {
        all[(int) table.number(row, few)]++;
        yes[(int) table.number(row, few)] += table.text(row, y).equals("yes") ? 1 : 0;
      }
      double mean = Arrays.stream(yes).sum() / Arrays.stream(all).sum();
      double squares = 0;
      double ofMean = 0;
      for (int row : run.split().dev()) {
        int value = (int) table.number(row, few);
        double actual = table.text(row, y).equals("yes") ? 1 : 0;
        double p = (yes[value] + mean) / (all[value] + 1);
        squares += 2 * (p - actual) * (p - actual);
        ofMean += 2 * (mean - actual) * (mean - actual);
      }
      assertEquals(1 - squares / ofMean, explained(check, "few"), 1e-12);
    }
  }

  @Test
  void columnsOfOneValueAndThoseWhoseValuesAllDifferAreNamed() {
    LeakCheck check = check(Learner.classifier("y"), table(600, true));
    assertEquals(List.of("one"), check.constant());
    assertEquals(List.of("id", "ticket"), check.idLike());
    assertEquals(List.of(), check(Learner.classifier("y"), table(60, true)).idLike(), "36 rows");
    LeakCheck ofValues = check(Learner.regressor("y"), table(600, false));
    assertEquals(List.of("id", "ticket"), ofValues.idLike(), "values of code come again");
  }

  /** Numbers are taken back from behind the clip, and rows without a ticket are no ticket. */
  @Test
  void idsAreFoundOnARobustScaleAndWhereTheMissingHaveNoColumn() {
    Table all = table(600, true);
    List<String> names = all.names();
    List<List<?>> rows = new ArrayList<>();
    for (int r = 0; r < all.rows(); r++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        row.add(all.text(r, c));
      }
      row.set(names.indexOf("id"), r < 590 ? 1000 + r * 3 : 5000 + r);
      if (r % 9 == 2) {
        row.set(names.indexOf("ticket"), null);
      }
      rows.add(row);
    }
    Encoder.Options robust =
        Encoder.Options.standard()
            .withScale(Encoder.Scale.ROBUST)
            .withMissingCategory(false)
            .withMaxCategories(1000);
    LeakCheck check =
        check(Learner.classifier("y").withEncoding(robust), Table.ofRows(names, rows));
    assertEquals(List.of("one"), check.constant());
    assertEquals(List.of("id", "ticket"), check.idLike());
  }

  @Property
  void duplicatesAreThoseThatComparingEachWithEachFinds(
      @ForAll @Size(max = 30) List<@IntRange(max = 3) Integer> first,
      @ForAll @Size(max = 30) List<@IntRange(max = 3) Integer> second) {
    Dataset a = rows(first);
    Dataset b = rows(second);
    Duplicates found = LeakCheck.duplicates(a, b);
    int shared = 0;
    int sameLabel = 0;
    for (int j = 0; j < b.rows(); j++) {
      boolean features = false;
      boolean both = false;
      for (int i = 0; i < a.rows(); i++) {
        boolean equal = second.get(j) / 2 == first.get(i) / 2;
        features |= equal;
        both |= equal && second.get(j) % 2 == first.get(i) % 2;
      }
      shared += features ? 1 : 0;
      sameLabel += both ? 1 : 0;
    }
    assertEquals(b.rows(), found.rows());
    assertEquals(shared, found.shared());
    assertEquals(sameLabel, found.sameLabel());
    assertEquals(Math.min(10, shared), found.examples().size());
    for (Pair pair : found.examples()) {
      assertEquals(first.get(pair.first()) / 2, second.get(pair.second()) / 2);
      boolean same = first.get(pair.first()) % 2 == second.get(pair.second()) % 2;
      assertEquals(same, pair.sameLabel());
    }
  }

  /** Each number stands for a row: half of it is its feature, and whether it is odd its label. */
  private static Dataset rows(List<Integer> numbers) {
    float[] features = new float[2 * numbers.size()];
    float[] targets = new float[numbers.size()];
    for (int i = 0; i < targets.length; i++) {
      features[2 * i] = i % 2 == 0 ? 0f : -0f; // equal numbers
      features[2 * i + 1] = numbers.get(i) / 2;
      targets[i] = numbers.get(i) % 2;
    }
    return Dataset.of(features, 2, targets, 1);
  }

  @Test
  void someOfManyRowsAreSpreadOverAll() {
    int[] some = SomeRows.of(1000, 100, 3);
    assertEquals(100, some.length);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, some[i] / 10);
    }
    assertTrue(Arrays.stream(some).map(row -> row % 10).distinct().count() > 5);
    assertEquals(IntStream.range(0, 7).sum(), Arrays.stream(SomeRows.of(7, 7, 3)).sum());
  }

  @Test
  void rowsOfTablesAreWanted() {
    Dataset bare = rows(List.of(1, 2));
    assertThrows(
        IllegalArgumentException.class,
        () -> LeakCheck.duplicates(bare, Dataset.of(new float[3], 3, new float[1], 1)));
    assertThrows(IllegalArgumentException.class, () -> Drift.between(bare, bare));
  }
}
