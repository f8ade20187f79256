package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.MemoryRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a raw row becomes has one meaning, and loses nothing on the way. */
final class EncodedRowTest {

  /** A table of one column of numbers and a label. */
  private static Table column(List<String> numbers) {
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < numbers.size(); i++) {
      lines.add(numbers.get(i) + "," + i % 2);
    }
    return EncoderTest.table(lines.toArray(String[]::new));
  }

  /** Unix seconds, and dates as numbers beyond 2^24. */
  @Test
  void numbersThatLieCloseTogetherFarFromZeroStayApart() {
    for (long first : new long[] {1_700_000_000L, 20_240_000L, 1_000_000_000_000L}) {
      List<String> numbers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        numbers.add(Long.toString(first + i));
      }
      Table table = column(numbers);
      Encoder encoder =
          Encoder.fit(
              table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
      float[] rows = encoder.dataset(table, table.all()).features();
      Set<Float> different = new HashSet<>();
      double deviation = Math.sqrt((64 * 64 - 1) / 12.0);
      for (int i = 0; i < 64; i++) {
        different.add(rows[i]);
        assertEquals((float) ((i - 31.5) / deviation), rows[i]);
        assertArrayEquals(new float[] {rows[i]}, encoder.encode(Map.of("x", first + i)));
      }
      assertEquals(64, different.size());
    }
  }

  @Test
  void columnsThatAreConstantInDoubleBecomeZero() {
    Table table = column(List.of("0.1", "0.1", "0.1", "0.1", "0.1", "0.1"));
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
    assertArrayEquals(new float[6], encoder.features(table, table.all()));
  }

  @Test
  void valuesFarFromZeroAreRestoredInDouble() {
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int i = 0; i < 10; i++) {
      lines.add(i + "," + (1_000_000_000L + 10L * i));
    }
    Table table = EncoderTest.table(lines.toArray(String[]::new));
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.REGRESS), table.all(), Encoder.Options.standard());
    float[] targets = encoder.dataset(table, table.all()).targets();
    double[] restored = new double[10];
    ((Target.Values) encoder.target()).restore(targets, 10, restored);
    for (int i = 0; i < 10; i++) {
      assertEquals(1e9 + 10 * i, restored[i], 1e-5);
    }
    ((Target.Values) encoder.target()).restore(targets, 10);
    for (int i = 0; i < 10; i++) {
      assertEquals((float) restored[i], targets[i]);
    }
  }

  /** A table of 30 columns of numbers, without a second copy of them. */
  @Tag("allocation")
  @Test
  void encodingATableTakesLittleMoreMemoryThanItsRows() {
    int rows = 20_000;
    int columns = 30;
    List<List<?>> values = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        row.add((double) (i * 31 + c * 17) % 1009);
      }
      values.add(row);
    }
    List<String> names = IntStream.range(0, columns).mapToObj(c -> "c" + c).toList();
    Table table = Table.ofRows(names, values);
    int[] all = table.all();
    Roles roles = Roles.of("c0", Roles.Task.REGRESS);
    Encoder encoder = Encoder.fit(table, roles, all, Encoder.Options.standard());
    Dataset data = encoder.dataset(table, all);
    long fitted = Allocation.of(() -> Encoder.fit(table, roles, all, Encoder.Options.standard()));
    long encoded = Allocation.of(() -> encoder.dataset(table, all));
    long aColumn = 8L * rows;
    long features = 4L * data.features().length;
    long counting = (4L << 16) * columns;
    assertTrue(fitted < 12 * aColumn + counting, fitted + " bytes to fit");
    assertTrue(encoded < features + 5 * aColumn, encoded + " bytes to encode");
  }

  @Test
  void aDataSetKnowsItsEncoderWhateverIsDoneToIt() {
    Table table = column(List.of("1", "2", "3", "4"));
    Encoder encoder =
        Encoder.fit(
            table, Roles.of("y", Roles.Task.CLASSIFY), table.all(), Encoder.Options.standard());
    Dataset rows = encoder.dataset(table, table.all());
    for (Dataset some :
        List.of(
            rows,
            rows.select(new int[] {1}),
            rows.withWeights(new float[4]),
            rows.bootstrap(1, 1),
            rows.oneHot(2))) {
      assertSame(encoder, some.encoder().orElseThrow());
    }
    RowSource source = new MemoryRows(rows);
    assertSame(encoder, new StreamedRows(source, 1).encoder().orElseThrow());
    assertSame(encoder, source.without(new int[] {0}).encoder().orElseThrow());
    assertTrue(Dataset.of(new float[1], 1, new float[1], 1).encoder().isEmpty());
  }

  /** A float, but so many deviations from the mean that their number is none. */
  @Test
  void aNumberThatIsNotFiniteWhenStandardisedIsRefusedByItsColumn() {
    Table training = Tables.named("x,v,y", "1e-30,1e-30,no", "2e-30,2e-30,yes");
    Encoder classes =
        Encoder.fit(
            training,
            Roles.of("y", Roles.Task.CLASSIFY).withIgnored("v"),
            training.all(),
            Encoder.Options.standard());
    Table far = Tables.named("x,v,y", "1e-30,1e-30,no", "1e30,1e30,yes");
    DataException e =
        assertThrows(DataException.class, () -> classes.dataset(far, new int[] {0, 1}));
    assertTrue(e.getMessage().startsWith("t.csv line 3, column x: 1"), e.getMessage());
    DataException one =
        assertThrows(DataException.class, () -> classes.encode(java.util.Map.of("x", 1e30)));
    assertTrue(one.getMessage().startsWith("column x: 1.0E30; expected"), one.getMessage());
    Encoder values =
        Encoder.fit(
            training,
            Roles.of("v", Roles.Task.REGRESS).withIgnored("x"),
            training.all(),
            Encoder.Options.standard());
    DataException label =
        assertThrows(DataException.class, () -> values.dataset(far, new int[] {0, 1}));
    assertTrue(label.getMessage().startsWith("t.csv line 3, column v: 1"), label.getMessage());
  }
}
