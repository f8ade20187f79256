package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StreamedRowsTest {

  private static final int COLUMNS = 3;

  /** Row r has features r, r + 0.25, r + 0.5 and targets −r, r / 2. */
  private static Dataset numbered(int rows) {
    float[] features = new float[rows * COLUMNS];
    float[] targets = new float[rows * 2];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        features[r * COLUMNS + c] = r + c * 0.25f;
      }
      targets[2 * r] = -r;
      targets[2 * r + 1] = r / 2f;
    }
    return Dataset.of(features, COLUMNS, targets, 2);
  }

  private static StreamedRows streamed(int rows, int buffer) {
    return new StreamedRows(new MemoryRows(numbered(rows)), buffer);
  }

  /** A batch's rows by number; checks that every feature, target and number came along. */
  private static List<Integer> rows(Batch batch) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < batch.rows(); i++) {
      int row = batch.number(i);
      for (int c = 0; c < COLUMNS; c++) {
        assertEquals(row + c * 0.25f, batch.features()[i * COLUMNS + c]);
      }
      assertEquals(-row, batch.targets()[2 * i]);
      assertEquals(row / 2f, batch.targets()[2 * i + 1]);
      rows.add(row);
    }
    return rows;
  }

  private static List<Integer> epoch(Batches batches, int epoch) {
    batches.start(epoch);
    List<Integer> rows = new ArrayList<>();
    for (int b = 0; b < batches.count(); b++) {
      rows.addAll(rows(batches.get(b)));
    }
    return rows;
  }

  @Property
  void anEpochDealsEveryRowOnceWithItsTargets(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 80) int buffer,
      @ForAll @IntRange(min = 0, max = 80) int size,
      @ForAll long seed,
      @ForAll @IntRange(max = 1000) int epoch) {
    List<Integer> dealt = epoch(Batches.of(streamed(rows, buffer), size, seed, false), epoch);
    assertEquals(IntStream.range(0, rows).boxed().toList(), dealt.stream().sorted().toList());
  }

  @Property
  void theOrderDependsOnSeedAndEpochAlone(
      @ForAll @IntRange(min = 2, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 60) int buffer,
      @ForAll @IntRange(min = 1, max = 49) int size,
      @ForAll long seed,
      @ForAll @IntRange(max = 9) int epoch) {
    Assume.that(size < rows);
    Batches straight = Batches.of(streamed(rows, buffer), size, seed, false);
    Batches wandering = Batches.of(streamed(rows, buffer), 1, seed, false);
    wandering.start(epoch + 3);
    wandering.get(rows / 2);
    assertEquals(epoch(straight, epoch), epoch(wandering, epoch));
  }

  @Property
  void anyBatchIsReachedFromAnyOther(
      @ForAll @IntRange(min = 3, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 60) int buffer,
      @ForAll @IntRange(min = 3, max = 20) int size,
      @ForAll boolean pairs,
      @ForAll List<@IntRange(max = 20) Integer> way) {
    Batches forward = Batches.of(streamed(rows, buffer), size, 7, pairs);
    Batches wandering = Batches.of(streamed(rows, buffer), size, 7, pairs);
    forward.start(2);
    wandering.start(2);
    List<List<Integer>> expected = new ArrayList<>();
    for (int b = 0; b < forward.count(); b++) {
      expected.add(rows(forward.get(b)));
    }
    for (int place : way) {
      int b = place % forward.count();
      assertEquals(expected.get(b), rows(wandering.get(b)));
    }
  }

  @Property
  void aRowComesAtMostABufferEarly(
      @ForAll @IntRange(min = 2, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 70) int buffer,
      @ForAll long seed) {
    List<Integer> order = epoch(Batches.of(streamed(rows, buffer), 1, seed, false), 0);
    for (int place = 0; place < rows; place++) {
      assertTrue(order.get(place) < place + buffer, order::toString);
    }
  }

  /** χ² of which row comes at which place, over epochs: 36 cells, 25 degrees of freedom. */
  @Test
  void aBufferOfAllRowsShufflesEvenly() {
    int epochs = 6000;
    for (int buffer : new int[] {6, 100}) {
      Batches batches = Batches.of(streamed(6, buffer), 1, 5, false);
      int[][] counts = new int[6][6];
      for (int e = 0; e < epochs; e++) {
        List<Integer> order = epoch(batches, e);
        for (int place = 0; place < 6; place++) {
          counts[place][order.get(place)]++;
        }
      }
      double expected = epochs / 6.0;
      double chiSquare =
          Arrays.stream(counts)
              .flatMapToInt(Arrays::stream)
              .mapToDouble(n -> (n - expected) * (n - expected) / expected)
              .sum();
      assertTrue(chiSquare < 52.6, "χ² " + chiSquare + ", beyond the 99.9th percentile");
    }
  }

  @Test
  void epochsDifferInOrder() {
    Batches batches = Batches.of(streamed(100, 20), 10, 0, false);
    assertTrue(!epoch(batches, 0).equals(epoch(batches, 1)));
  }

  @Test
  void aBufferOfOneRowAndAFullBatchKeepTheSourcesOrder() {
    List<Integer> order = IntStream.range(0, 9).boxed().toList();
    assertEquals(order, epoch(Batches.of(streamed(9, 1), 4, 3, false), 5));
    assertEquals(order, epoch(Batches.of(streamed(9, 5), 0, 3, false), 5));
    assertEquals(order, epoch(Batches.of(streamed(9, 5), 9, 3, false), 5));
  }

  @Test
  void aOneRowTailBorrowsFromTheBatchBefore() {
    Batches batches = Batches.of(streamed(9, 4), 4, 1, true);
    batches.start(0);
    int[] sizes = IntStream.range(0, batches.count()).map(b -> batches.get(b).rows()).toArray();
    assertArrayEquals(new int[] {4, 3, 2}, sizes);
    assertThrows(IllegalArgumentException.class, () -> Batches.of(streamed(7, 4), 2, 0, true));
  }

  @Test
  void everyRowIsReadOnceInAnEpochAndThePassIsClosed() {
    MemoryRows source = new MemoryRows(numbered(50));
    Batches batches = Batches.of(new StreamedRows(source, 7), 8, 1, false);
    for (int e = 1; e <= 3; e++) {
      epoch(batches, e);
      assertEquals(50 * e, source.read());
      assertEquals(e, source.opened);
      assertEquals(e, source.closed);
    }
    batches.start(4);
    batches.get(0);
    batches.close();
    assertEquals(4, source.closed);
    batches.start(5);
    batches.get(0);
    batches.start(6);
    assertEquals(5, source.closed);
  }

  @Property
  void aFailedBatchCanBeTakenAgain(
      @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 50) int buffer,
      @ForAll @IntRange(min = 1, max = 12) int size,
      @ForAll @IntRange(max = 39) int failing) {
    Assume.that(failing < rows);
    List<Integer> expected = epoch(Batches.of(streamed(rows, buffer), size, 1, false), 3);
    MemoryRows source = new MemoryRows(numbered(rows));
    source.failing = failing;
    Batches batches = Batches.of(new StreamedRows(source, buffer), size, 1, false);
    batches.start(3);
    List<Integer> dealt = new ArrayList<>();
    int failures = 0;
    for (int b = 0; b < batches.count(); b++) {
      try {
        dealt.addAll(rows(batches.get(b)));
      } catch (UncheckedIOException e) {
        assertEquals(
            "memory, row %d of epoch 4: the disk is gone".formatted(failing + 1), e.getMessage());
        assertEquals(source.opened, source.closed);
        failures++;
        b--;
      }
    }
    assertEquals(1, failures);
    assertEquals(expected, dealt);
  }

  @Property
  void aSourceWithoutSomeRowsKeepsTheOthersInOrder(
      @ForAll @IntRange(min = 2, max = 40) int rows, @ForAll long mask) {
    int[] without = IntStream.range(0, rows).filter(r -> (mask >>> r & 1) == 1).toArray();
    Assume.that(without.length < rows);
    RowSource source = new MemoryRows(numbered(rows)).without(without);
    List<Integer> dealt = new ArrayList<>();
    Batches batches = Batches.of(new StreamedRows(source, 1), 5, 0, false);
    batches.start(0);
    for (int b = 0; b < batches.count(); b++) {
      Batch batch = batches.get(b);
      for (int i = 0; i < batch.rows(); i++) {
        dealt.add((int) -batch.targets()[2 * i]);
      }
    }
    assertEquals(
        IntStream.range(0, rows).filter(r -> (mask >>> r & 1) == 0).boxed().toList(), dealt);
  }

  @Test
  void whatIsNoStreamIsRefused() {
    RowSource source = new MemoryRows(numbered(3));
    assertThrows(IllegalArgumentException.class, () -> new StreamedRows(source, 0));
    assertThrows(IllegalArgumentException.class, () -> source.without(new int[] {3}));
    assertThrows(IllegalArgumentException.class, () -> source.without(new int[] {1, 1}));
    assertThrows(IllegalArgumentException.class, () -> source.without(new int[] {0, 1, 2}));
    assertThrows(IllegalArgumentException.class, () -> Batches.of(streamed(0, 1), 1, 0, false));
  }
}
