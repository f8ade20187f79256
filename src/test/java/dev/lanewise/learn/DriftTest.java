package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Drift.OfColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DriftTest {

  private static final List<String> NAMES = List.of("number", "category", "same", "label");

  private static Table table(int rows, long seed, double by, double red, double yes) {
    SplittableRandom random = new SplittableRandom(seed);
    List<List<?>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      all.add(
          List.of(
              random.nextGaussian() + by,
              random.nextDouble() < red ? "red" : random.nextBoolean() ? "blue" : "green",
              random.nextGaussian(),
              random.nextDouble() < yes ? "yes" : "no"));
    }
    return Table.ofRows(NAMES, all);
  }

  private static List<String> shifted(Table first, Table second) {
    Encoder encoder =
        Encoder.fit(
            first, Roles.of("label", Roles.Task.CLASSIFY), first.all(), Encoder.Options.standard());
    Dataset a = encoder.dataset(first, first.all());
    Dataset b = encoder.dataset(second, second.all());
    Drift drift = Drift.between(a, b);
    assertEquals(NAMES, drift.columns().stream().map(OfColumn::column).toList());
    return drift.shifted().stream().map(OfColumn::column).toList();
  }

  @Test
  void columnsAndLabelsOfAnotherDistributionAreNamed() {
    Table usual = table(1000, 1, 0, 0.4, 0.3);
    assertEquals(List.of(), shifted(usual, table(800, 2, 0, 0.4, 0.3)));
    assertEquals(List.of("number"), shifted(usual, table(800, 3, 0.5, 0.4, 0.3)));
    assertEquals(List.of("category"), shifted(usual, table(800, 4, 0, 0.6, 0.3)));
    assertEquals(List.of("label"), shifted(usual, table(800, 5, 0, 0.4, 0.5)));
  }

  /** The shares of red differ by 0.2, those of the others by about half of that. */
  @Test
  void aCategoryIsAsFarApartAsItsFurthestValue() {
    Table usual = table(20_000, 6, 0, 0.4, 0.3);
    Encoder encoder =
        Encoder.fit(
            usual, Roles.of("label", Roles.Task.CLASSIFY), usual.all(), Encoder.Options.standard());
    Table other = table(20_000, 7, 0, 0.6, 0.3);
    Drift drift =
        Drift.between(encoder.dataset(usual, usual.all()), encoder.dataset(other, other.all()));
    assertEquals(0.2, drift.columns().get(1).distance(), 0.02);
    assertTrue(drift.columns().get(2).distance() < 0.05);
  }

  @Test
  void ofManyRowsSomeAreCompared() {
    int rows = 250_000;
    Table few = table(100, 8, 0, 0.4, 0.3);
    Encoder encoder =
        Encoder.fit(
            few, Roles.of("label", Roles.Task.CLASSIFY), few.all(), Encoder.Options.standard());
    Dataset some = encoder.dataset(few, few.all());
    int[] many = new int[rows];
    for (int r = 0; r < rows; r++) {
      many[r] = r * 100 / rows; // each row as often, in order
    }
    Drift drift = Drift.between(some, some.select(many));
    assertEquals(rows, drift.secondRows());
    drift.columns().forEach(of -> assertEquals(0, of.distance(), 1e-3, of::toString));
  }
}
