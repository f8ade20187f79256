package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FoldsTest {

  /** Every row is held out once, and trained on wherever it is not. */
  private static void assertDivides(Folds folds, int rows) {
    int[] heldOut = new int[rows];
    for (int f = 0; f < folds.count(); f++) {
      int[] judged = folds.heldOut(f);
      int[] trained = folds.training(f);
      assertArrayEquals(Arrays.stream(judged).sorted().toArray(), judged);
      assertArrayEquals(
          IntStream.range(0, rows).toArray(),
          IntStream.concat(Arrays.stream(judged), Arrays.stream(trained)).sorted().toArray());
      for (int row : judged) {
        heldOut[row]++;
      }
    }
    assertTrue(Arrays.stream(heldOut).allMatch(times -> times == 1));
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int spread(int[] sizes) {
    return Arrays.stream(sizes).max().orElse(0) - Arrays.stream(sizes).min().orElse(0);
  }

  @Property
  void everyRowIsHeldOutOnceAndEveryClassIsDividedEvenly(
      @ForAll @Size(min = 10, max = 200) List<@IntRange(min = 0, max = 5) Integer> numbers,
      @ForAll @IntRange(min = 2, max = 10) int count,
      @ForAll long seed) {
    int[] classes = array(numbers);
    Folds folds = Folds.stratified(classes, count, seed);
    assertDivides(folds, classes.length);
    int[] sizes = new int[count];
    for (int c = 0; c <= 5; c++) {
      int number = c;
      int[] ofClass = new int[count];
      for (int f = 0; f < count; f++) {
        ofClass[f] =
            (int) Arrays.stream(folds.heldOut(f)).filter(row -> classes[row] == number).count();
        sizes[f] += ofClass[f];
      }
      assertTrue(spread(ofClass) <= 1);
    }
    assertTrue(spread(sizes) <= 1);
  }

  @Property
  void aGroupIsHeldOutWhole(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 30) Integer> numbers,
      @ForAll @IntRange(min = 2, max = 5) int count,
      @ForAll long seed) {
    int[] groups = array(numbers);
    Assume.that(Arrays.stream(groups).distinct().count() >= count);
    Folds folds = Folds.grouped(groups, count, seed);
    assertDivides(folds, groups.length);
    for (int f = 0; f < count; f++) {
      int[] judged = Arrays.stream(folds.heldOut(f)).map(row -> groups[row]).toArray();
      int[] trained = Arrays.stream(folds.training(f)).map(row -> groups[row]).toArray();
      assertTrue(judged.length > 0);
      assertTrue(
          Arrays.stream(judged).noneMatch(g -> Arrays.stream(trained).anyMatch(t -> t == g)));
    }
  }

  /** The largest group first, then always to the emptiest fold, leaves folds nearly alike. */
  @Property
  void foldsOfGroupsDifferByNoMoreThanTheLargestGroup(
      @ForAll @Size(min = 40, max = 200) List<@IntRange(min = 0, max = 30) Integer> numbers,
      @ForAll long seed) {
    int[] groups = array(numbers);
    Assume.that(Arrays.stream(groups).distinct().count() >= 3);
    Folds folds = Folds.grouped(groups, 3, seed);
    int[] sizes = IntStream.range(0, 3).map(f -> folds.heldOut(f).length).toArray();
    int largest =
        IntStream.rangeClosed(0, 30)
            .map(g -> (int) Arrays.stream(groups).filter(x -> x == g).count())
            .max()
            .orElse(0);
    assertTrue(spread(sizes) <= largest);
  }

  @Property
  void rowsTrainedOnAreOfEarlierTimesThanAllHeldOut(
      @ForAll @Size(min = 1, max = 100) List<@IntRange(min = 0, max = 60) Integer> numbers,
      @ForAll @IntRange(min = 1, max = 4) int count) {
    double[] times = numbers.stream().mapToDouble(Integer::doubleValue).toArray();
    Assume.that(Arrays.stream(times).distinct().count() > 3L * count);
    Folds folds;
    try {
      folds = Folds.timeOrdered(times, count);
    } catch (IllegalArgumentException e) {
      Assume.that(false); // a time that most rows are of leaves no room
      return;
    }
    int[] heldOut = new int[times.length];
    double last = Double.NEGATIVE_INFINITY;
    for (int f = 0; f < count; f++) {
      double latest = Arrays.stream(folds.training(f)).mapToDouble(r -> times[r]).max().orElse(-1);
      double first = Arrays.stream(folds.heldOut(f)).mapToDouble(r -> times[r]).min().orElse(-1);
      assertTrue(latest < first);
      assertTrue(first > last);
      last = Arrays.stream(folds.heldOut(f)).mapToDouble(r -> times[r]).max().orElse(-1);
      for (int row : folds.heldOut(f)) {
        heldOut[row]++;
      }
    }
    for (int row : folds.training(0)) {
      heldOut[row]++;
    }
    assertTrue(Arrays.stream(heldOut).allMatch(n -> n == 1), "all but the first part, once");
  }

  @Test
  void differentTimesGiveEqualParts() {
    double[] times = IntStream.range(0, 100).mapToDouble(i -> -i).toArray();
    Folds folds = Folds.timeOrdered(times, 4);
    for (int f = 0; f < 4; f++) {
      assertEquals(20, folds.heldOut(f).length);
      assertEquals(20 * (f + 1), folds.training(f).length);
    }
    assertEquals(99, folds.training(0)[19]);
  }

  @Test
  void theSeedAloneDecides() {
    int[] classes = IntStream.range(0, 60).map(i -> i % 3).toArray();
    assertArrayEquals(
        Folds.stratified(classes, 5, 1).heldOut(0), Folds.stratified(classes, 5, 1).heldOut(0));
    assertFalse(
        Arrays.equals(
            Folds.stratified(classes, 5, 1).heldOut(0),
            Folds.stratified(classes, 5, 2).heldOut(0)));
    assertFalse(
        Arrays.equals(
            Folds.grouped(IntStream.range(0, 60).toArray(), 5, 1).heldOut(0),
            Folds.grouped(IntStream.range(0, 60).toArray(), 5, 2).heldOut(0)));
    assertFalse(Arrays.equals(Folds.plain(60, 5, 1).heldOut(0), Folds.plain(60, 5, 2).heldOut(0)));
  }

  @Property
  void theLatestRowsAreLaterThanAllOthersAndAtLeastTheirShare(
      @ForAll @Size(min = 8, max = 100) List<@IntRange(min = 0, max = 60) Integer> numbers,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    double[] times = numbers.stream().mapToDouble(Integer::doubleValue).toArray();
    Folds folds;
    try {
      folds = Folds.timeOrdered(times, 2);
    } catch (IllegalArgumentException e) {
      Assume.that(false); // a time that most rows are of leaves no room
      return;
    }
    int[] training = folds.training(1);
    Split parts = folds.latest(1, share);
    assertArrayEquals(
        training,
        IntStream.concat(Arrays.stream(parts.train()), Arrays.stream(parts.dev()))
            .sorted()
            .toArray());
    assertEquals(0, parts.test().length);
    double last = Arrays.stream(parts.train()).mapToDouble(r -> times[r]).max().orElse(-1);
    double first = Arrays.stream(parts.dev()).mapToDouble(r -> times[r]).min().orElse(99);
    assertTrue(last < first);
    long earliest = Arrays.stream(training).filter(r -> times[r] == times[training[0]]).count();
    boolean several =
        Arrays.stream(training).mapToDouble(r -> times[r]).distinct().count() > 1
            && earliest < training.length;
    if (several && share < 1) {
      assertTrue(parts.train().length > 0);
    }
    double oldest = Arrays.stream(training).mapToDouble(r -> times[r]).min().orElse(-1);
    long oldestRows = Arrays.stream(training).filter(r -> times[r] == oldest).count();
    long wanted = Math.min(Math.round(share * training.length), training.length - oldestRows);
    assertTrue(parts.dev().length >= wanted);
  }
}
