package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Table;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportanceTest {

  private static final Model KINDS = Flowers.kinds().learn(Flowers.table(300, 1)).model();
  private static final Table OTHERS = Flowers.table(250, 2);

  private static Map<String, Importance.OfColumn> byName(Importance importance) {
    return importance.columns().stream()
        .collect(Collectors.toMap(Importance.OfColumn::column, Function.identity()));
  }

  @Test
  void columnsThatTellAreImportantAndNoiseIsNot() {
    Map<String, Importance.OfColumn> of = byName(Importance.of(KINDS, OTHERS, 0));
    assertEquals(3, of.size(), "what is ignored is not listed");
    assertTrue(of.get("colour").low() > 0.1, of::toString);
    assertTrue(of.get("length").low() > 0.05, of::toString);
    assertTrue(of.get("noise").mean() < 0.03, of::toString);
  }

  @Test
  void theLargestComesFirst() {
    List<Importance.OfColumn> of = Importance.of(KINDS, OTHERS, 0).columns();
    assertEquals("colour", of.getFirst().column());
    assertTrue(of.get(0).mean() >= of.get(1).mean() && of.get(1).mean() >= of.get(2).mean());
  }

  /** What is dealt is the raw column: its flag and all its categories move with it. */
  @Test
  void dealingEncodedColumnsIsDealingTheRawOne() {
    List<List<?>> raw = Flowers.rows(250, 2);
    Importance importance = Importance.of(KINDS, OTHERS, 7, "logLoss", 2);
    double baseline = KINDS.evaluate(OTHERS).scores().get("logLoss");
    assertEquals(baseline, importance.baseline());
    List<String> features = List.of("length", "colour", "noise");
    for (int c = 0; c < 3; c++) {
      double[] worse = new double[2];
      for (int i = 0; i < 2; i++) {
        int[] order = IntStream.range(0, 250).toArray();
        long key = CounterRandom.key(7, CounterRandom.stream("importance"), 2L * c + i);
        CounterRandom.shuffle(key, order);
        List<List<?>> dealt = new ArrayList<>();
        for (int r = 0; r < 250; r++) {
          List<Object> row = new ArrayList<>(raw.get(r));
          row.set(c, raw.get(order[r]).get(c));
          dealt.add(row);
        }
        Table table = Table.ofRows(Flowers.NAMES, dealt);
        worse[i] = KINDS.evaluate(table).scores().get("logLoss") - baseline;
      }
      Importance.OfColumn of = byName(importance).get(features.get(c));
      assertEquals((worse[0] + worse[1]) / 2, of.mean(), 1e-12);
      // Student's 97.5 % of one degree of freedom, times the standard error of two numbers.
      double half = 12.706 * Math.abs(worse[0] - worse[1]) / 2;
      assertEquals(of.mean() - half, of.low(), 1e-9);
      assertEquals(of.mean() + half, of.high(), 1e-9);
    }
  }

  @Test
  void scoresOfWhichLargerIsBetterCountTheirLoss() {
    Importance importance = Importance.of(KINDS, OTHERS, 0, "accuracy", 5);
    assertTrue(byName(importance).get("colour").low() > 0.02, importance::toString);
    assertEquals("accuracy", importance.score());
  }

  /** The first column is dealt the same way whatever the repeats, so three can be told from two. */
  @Test
  void intervalsOfThreeRepeatsAreStudents() {
    Importance.OfColumn two = byName(Importance.of(KINDS, OTHERS, 3, "brier", 2)).get("length");
    Importance.OfColumn three = byName(Importance.of(KINDS, OTHERS, 3, "brier", 3)).get("length");
    double distance = (two.high() - two.low()) / 12.706 / 2;
    double third = 3 * three.mean() - 2 * two.mean();
    double squares = 0;
    for (double w : new double[] {two.mean() - distance, two.mean() + distance, third}) {
      squares += (w - three.mean()) * (w - three.mean());
    }
    double half = 4.303 * Math.sqrt(squares / 2 / 3);
    assertEquals(three.mean() + half, three.high(), 1e-9);
    assertEquals(three.mean() - half, three.low(), 1e-9);
  }

  @Test
  void theIntervalNarrowsWithRepeats() {
    Importance.OfColumn few = byName(Importance.of(KINDS, OTHERS, 0, "logLoss", 3)).get("length");
    Importance.OfColumn many = byName(Importance.of(KINDS, OTHERS, 0, "logLoss", 40)).get("length");
    assertTrue(many.high() - many.low() < (few.high() - few.low()) / 2);
    assertTrue(many.low() < many.mean() && many.mean() < many.high());
  }

  @Test
  void theSeedAloneDecides() {
    assertEquals(
        Importance.of(KINDS, OTHERS, 3).columns(), Importance.of(KINDS, OTHERS, 3).columns());
    assertTrue(
        !Importance.of(KINDS, OTHERS, 3)
            .columns()
            .equals(Importance.of(KINDS, OTHERS, 4).columns()));
  }

  /** Members fitted on other rows have encoded columns of their own, which are dealt together. */
  @Test
  void anEnsemblesColumnsAreDealtInAllItsMembers() {
    TrainedModel several = Flowers.kinds().crossValidate(Flowers.table(90, 3), 3).ensemble();
    assertEquals(3, several.encoder().orElseThrow().parts().size());
    List<List<?>> raw = Flowers.rows(250, 2);
    Importance importance = Importance.of(several, OTHERS, 7, "logLoss", 2);
    double sum = 0;
    for (int i = 0; i < 2; i++) {
      int[] order = IntStream.range(0, 250).toArray();
      CounterRandom.shuffle(CounterRandom.key(7, CounterRandom.stream("importance"), i), order);
      List<List<?>> dealt = new ArrayList<>();
      for (int r = 0; r < 250; r++) {
        List<Object> row = new ArrayList<>(raw.get(r));
        row.set(0, raw.get(order[r]).get(0));
        dealt.add(row);
      }
      sum += several.evaluate(Table.ofRows(Flowers.NAMES, dealt)).scores().get("logLoss");
    }
    double expected = sum / 2 - importance.baseline();
    assertEquals(expected, byName(importance).get("length").mean(), 1e-12);
  }

  @Test
  void aColumnIsAsImportantAmongSomeAsAmongAll() {
    Dataset rows = KINDS.encoder().orElseThrow().dataset(OTHERS, OTHERS.all());
    Importance some = Importance.of(KINDS, rows, Set.of("noise", "colour"), 5, "logLoss", 3);
    Map<String, Importance.OfColumn> all = byName(Importance.of(KINDS, OTHERS, 5, "logLoss", 3));
    assertEquals(
        List.of(all.get("colour"), all.get("noise")), some.columns(), "the largest comes first");
    assertEquals(KINDS.evaluate(OTHERS).scores().get("logLoss"), some.baseline());
  }
}
