package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BatchesTest {

  /** Row r has features r, r + 0.25, … and target −r, so a row tells its number and its pairing. */
  private static Dataset numbered(int rows, int columns) {
    float[] features = new float[rows * columns];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        features[r * columns + c] = r + c * 0.25f;
      }
      targets[r] = -r;
    }
    return Dataset.of(features, columns, targets, 1);
  }

  /** The rows' numbers in the order dealt; checks that every feature and target came along. */
  private static List<Integer> dealt(Batches batches, int columns) {
    List<Integer> rows = new ArrayList<>();
    for (int b = 0; b < batches.count(); b++) {
      Batch batch = batches.get(b);
      for (int i = 0; i < batch.rows(); i++) {
        int row = (int) -batch.targets()[i];
        for (int c = 0; c < columns; c++) {
          assertEquals(row + c * 0.25f, batch.features()[i * columns + c]);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static int[] sizes(Batches batches) {
    return IntStream.range(0, batches.count()).map(b -> batches.get(b).rows()).toArray();
  }

  @Property
  void anEpochDealsEveryRowOnceWithItsTarget(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 0, max = 80) int size,
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 1000) int epoch) {
    Batches batches = Batches.of(numbered(rows, columns), size, seed, false);
    batches.start(epoch);

    List<Integer> dealt = dealt(batches, columns);

    assertEquals(IntStream.range(0, rows).boxed().toList(), dealt.stream().sorted().toList());
  }

  @Property
  void theOrderDependsOnSeedAndEpochAlone(
      @ForAll @IntRange(min = 2, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 49) int size,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 9) int epoch) {
    Batches straight = Batches.of(numbered(rows, 1), size, seed, false);
    Batches wandering = Batches.of(numbered(rows, 1), 1, seed, false);
    straight.start(epoch);
    wandering.start(epoch + 3);
    wandering.get(rows - 1);
    wandering.start(epoch);
    Assume.that(size < rows);

    assertEquals(dealt(straight, 1), dealt(wandering, 1));
  }

  @Property
  void everyRowOfABatchKnowsItsNumber(
      @ForAll @IntRange(min = 1, max = 50) int rows,
      @ForAll @IntRange(min = 0, max = 60) int size,
      @ForAll long seed) {
    Batches batches = Batches.of(numbered(rows, 1), size, seed, false);
    batches.start(1);
    for (int b = 0; b < batches.count(); b++) {
      Batch batch = batches.get(b);
      for (int i = 0; i < batch.rows(); i++) {
        assertEquals((int) -batch.targets()[i], batch.number(i));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> batch.number(batch.rows()));
    }
  }

  @Property
  void theRecommendedSizeIsAllRowsOrAPowerOfTwoThatGrows(
      @ForAll @IntRange(min = 1) int rows, @ForAll @IntRange(min = 1) int more) {
    int size = Batches.recommendedSize(rows);
    assertTrue(rows < 2000 ? size == rows : size >= 64 && size <= 512);
    assertTrue(rows < 2000 || Integer.bitCount(size) == 1);
    int larger = (int) Math.min(Integer.MAX_VALUE, (long) rows + more);
    assertTrue(rows < 2000 || Batches.recommendedSize(larger) >= size);
  }

  @Test
  void theRecommendedSizeChangesWhereTheRuleSays() {
    int[] rows = {1, 1999, 2000, 16383, 16384, 65535, 65536, 262143, 262144, Integer.MAX_VALUE};
    int[] sizes = {1, 1999, 64, 64, 128, 128, 256, 256, 512, 512};
    assertArrayEquals(sizes, Arrays.stream(rows).map(Batches::recommendedSize).toArray());
    assertThrows(IllegalArgumentException.class, () -> Batches.recommendedSize(0));
  }

  @Test
  void epochsDifferInOrder() {
    Batches batches = Batches.of(numbered(100, 1), 10, 0, false);
    batches.start(0);
    List<Integer> first = dealt(batches, 1);
    batches.start(1);

    assertTrue(!first.equals(dealt(batches, 1)));
  }

  @Property
  void anyBatchCanBeTakenFirst(
      @ForAll @IntRange(min = 2, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll boolean pairs) {
    Assume.that(!pairs || (size > 2 && rows > 1));
    Batches forward = Batches.of(numbered(rows, 2), size, 7, pairs);
    Batches backward = Batches.of(numbered(rows, 2), size, 7, pairs);
    forward.start(2);
    backward.start(2);
    for (int b = forward.count() - 1; b >= 0; b--) {
      Batch last = backward.get(b);
      float[] seen = Arrays.copyOf(last.features(), last.rows() * 2);
      Batch same = forward.get(b);
      assertArrayEquals(Arrays.copyOf(same.features(), same.rows() * 2), seen);
    }
  }

  @Property
  void pairsLeaveNoRowAlone(
      @ForAll @IntRange(min = 2, max = 70) int rows,
      @ForAll @IntRange(min = 3, max = 20) int size) {
    Batches batches = Batches.of(numbered(rows, 1), size, 1, true);
    batches.start(0);

    int[] sizes = sizes(batches);

    assertEquals(rows, Arrays.stream(sizes).sum());
    assertTrue(Arrays.stream(sizes).allMatch(n -> n >= 2 && n <= batches.maxRows()));
    assertEquals((rows + size - 1) / size, sizes.length);
  }

  @Test
  void aOneRowTailBorrowsFromTheBatchBefore() {
    Batches batches = Batches.of(numbered(9, 1), 4, 1, true);
    batches.start(0);

    assertArrayEquals(new int[] {4, 3, 2}, sizes(batches));
  }

  /** … in the same order, so that they are others in each epoch. */
  @Property
  void aDroppedTailIsTheRowsBehindTheLastWholeBatch(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 0, max = 80) int size,
      @ForAll boolean pairs,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int epoch) {
    Assume.that(!pairs || (rows > 1 && size != 1));
    Batches whole = Batches.of(numbered(rows, 2), size, seed, pairs, true, List.of());
    Batches all = Batches.of(numbered(rows, 2), size, seed, false);
    whole.start(epoch);
    all.start(epoch);
    int full = size == 0 ? rows : Math.min(size, rows);

    int[] sizes = sizes(whole);

    assertEquals(rows / full, sizes.length);
    assertTrue(Arrays.stream(sizes).allMatch(n -> n == full));
    assertEquals(sizes.length * full, whole.rows());
    assertEquals(rows, all.rows());
    assertEquals(dealt(all, 2).subList(0, whole.rows()), dealt(whole, 2));
  }

  @Test
  void everyRowIsDroppedInSomeEpochs() {
    Batches batches = Batches.of(numbered(7, 1), 4, 5, false, true, List.of());
    int[] times = new int[7];
    int epochs = 7000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      batches.start(epoch);
      dealt(batches, 1).forEach(row -> times[row]++);
    }
    for (int row = 0; row < 7; row++) {
      assertEquals(4000, times[row], 250, "row " + row); // 6 standard deviations
    }
  }

  @Test
  void pairsThatCannotBeHadAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Batches.of(numbered(1, 1), 0, 0, true));
    assertThrows(IllegalArgumentException.class, () -> Batches.of(numbered(6, 1), 1, 0, true));
    assertThrows(IllegalArgumentException.class, () -> Batches.of(numbered(7, 1), 2, 0, true));
    assertEquals(3, Batches.of(numbered(7, 1), 2, 0, true, true, List.of()).count());
    assertEquals(3, Batches.of(numbered(6, 1), 2, 0, true).count());
  }

  @Test
  void aFullBatchIsTheDataItself() {
    Dataset data = numbered(5, 2);
    for (int size : new int[] {0, 5, 6, Integer.MAX_VALUE}) {
      Batches batches = Batches.of(data, size, 3, false);
      batches.start(4);
      assertEquals(1, batches.count());
      assertSame(data.features(), batches.get(0).features());
      assertSame(data.targets(), batches.get(0).targets());
    }
  }

  @Test
  void aGivenOrderIsFollowedEvenInAFullBatch() {
    int[] order = {2, 0, 3, 1};
    for (int size : new int[] {0, 1, 3}) {
      Batches batches = Batches.inOrder(numbered(4, 3), size, epoch -> order);
      batches.start(0);
      assertEquals(List.of(2, 0, 3, 1), dealt(batches, 3));
    }
  }

  @Test
  void anOrderThatIsNoPermutationIsRefused() {
    for (int[] order : new int[][] {{0, 1}, {0, 1, 1}, {0, 1, 3}, {-1, 1, 2}, {0, 1, 2, 2}}) {
      Batches batches = Batches.inOrder(numbered(3, 1), 2, epoch -> order);
      assertThrows(IllegalArgumentException.class, () -> batches.start(0));
    }
  }

  @Test
  void takingABatchNeedsAnEpochAndAValidIndex() {
    Batches batches = Batches.of(numbered(5, 1), 2, 0, false);
    assertThrows(IllegalStateException.class, () -> batches.get(0));
    batches.start(0);
    assertThrows(IndexOutOfBoundsException.class, () -> batches.get(3));
    assertThrows(IndexOutOfBoundsException.class, () -> batches.get(-1));
  }

  @Tag("allocation")
  @Test
  void nothingIsAllocatedOnceAnEpochIsUnderWay() {
    Batches batches = Batches.of(numbered(1000, 8), 64, 0, true);
    Allocation.assertNone(
        "an epoch",
        20,
        epoch -> {
          batches.start(epoch);
          for (int b = 0; b < batches.count(); b++) {
            batches.get(b);
          }
        });
  }

  @Test
  void emptyDataAndNegativeSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Batches.of(numbered(0, 1), 1, 0, false));
    assertThrows(IllegalArgumentException.class, () -> Batches.of(numbered(3, 1), -1, 0, false));
  }

  @Test
  void dataSetsThatDoNotFitAreRefused() {
    float[] six = new float[6];
    assertThrows(IllegalArgumentException.class, () -> Dataset.of(six, 4, six, 1));
    assertThrows(IllegalArgumentException.class, () -> Dataset.of(six, 0, six, 1));
    assertThrows(IllegalArgumentException.class, () -> Dataset.of(six, 3, six, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> numbered(3, 1).select(new int[] {3}));
    assertThrows(IllegalArgumentException.class, () -> Dataset.matrix(1 << 16, 1 << 15));
    assertEquals(0, Dataset.of(new float[0], 3, new float[0], 1).rows());
  }

  @Test
  void selectingCopiesRowsInTheirOrder() {
    Dataset some = numbered(4, 2).select(new int[] {3, 1, 3});

    assertArrayEquals(new float[] {3, 3.25f, 1, 1.25f, 3, 3.25f}, some.features());
    assertArrayEquals(new float[] {-3, -1, -3}, some.targets());
  }

  @Test
  void masksAreKeptByDropout() {
    boolean[] mask = new boolean[6];
    Batch batch = Batch.of(numbered(3, 2)).withMasks(Map.of(2, mask));

    assertSame(mask, batch.mask(2));
    assertNull(batch.mask(0));
    assertNull(batch.mask(3));
    assertThrows(IllegalArgumentException.class, () -> batch.withMasks(Map.of(1, new boolean[4])));
    assertThrows(IllegalArgumentException.class, () -> batch.withMasks(Map.of(-1, mask)));
  }
}
