package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SplitTest {

  @Provide
  Arbitrary<Split.Ratios> ratios() {
    return Arbitraries.of(
            "60/20/20", "70/0/30", "80/20/0", "100/0/0", "98/1/1", "99.5/0.4/0.1", "33.3/33.3/33.4")
        .map(Split.Ratios::parse);
  }

  private static int[][] parts(Split split) {
    return new int[][] {split.train(), split.dev(), split.test()};
  }

  private static void assertDivides(Split split, int rows) {
    int[] all = Arrays.stream(parts(split)).flatMapToInt(Arrays::stream).sorted().toArray();
    assertArrayEquals(IntStream.range(0, rows).toArray(), all);
    for (int[] part : parts(split)) {
      assertArrayEquals(Arrays.stream(part).sorted().toArray(), part);
    }
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  @Property
  void plainPartsAreWithinARowOfTheirQuota(
      @ForAll @IntRange(min = 0, max = 1000) int rows,
      @ForAll("ratios") Split.Ratios ratios,
      @ForAll long seed) {
    Split split = Split.plain(rows, ratios, seed);

    assertDivides(split, rows);
    double[] quotas = ratios.quotas(rows);
    for (int p = 0; p < 3; p++) {
      assertEquals(quotas[p], parts(split)[p].length, 1);
    }
  }

  @Property
  void everyClassIsWithinARowOfItsQuotaAndSeenInTraining(
      @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 12) Integer> numbers,
      @ForAll("ratios") Split.Ratios ratios,
      @ForAll long seed) {
    int[] classes = array(numbers);
    Split split = Split.stratified(classes, ratios, seed);

    assertDivides(split, classes.length);
    for (int c = 0; c <= 12; c++) {
      int number = c;
      int size = (int) Arrays.stream(classes).filter(k -> k == number).count();
      double[] quotas = ratios.quotas(size);
      for (int p = 0; p < 3; p++) {
        long in = Arrays.stream(parts(split)[p]).filter(row -> classes[row] == number).count();
        assertTrue(Math.abs(in - quotas[p]) < 1, () -> "class " + number);
        assertTrue(p > 0 || size == 0 || in > 0);
      }
    }
  }

  @Test
  void manySmallClassesStillAddUpToTheShares() {
    int[] classes = IntStream.range(0, 400).map(i -> i / 2).toArray();
    Split split = Split.stratified(classes, Split.Ratios.parse("80/20/0"), 0);

    assertEquals(320, split.train().length, 2);
    assertEquals(80, split.dev().length, 2);
  }

  @Property
  void groupsStayTogether(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 30) Integer> numbers,
      @ForAll("ratios") Split.Ratios ratios,
      @ForAll long seed) {
    int[] groups = array(numbers);
    Split split = Split.grouped(groups, ratios, seed);

    assertDivides(split, groups.length);
    int[] partOf = new int[31];
    Arrays.fill(partOf, -1);
    for (int p = 0; p < 3; p++) {
      for (int row : parts(split)[p]) {
        assertTrue(partOf[groups[row]] == -1 || partOf[groups[row]] == p);
        partOf[groups[row]] = p;
      }
    }
  }

  @Test
  void evenGroupsGiveTheShares() {
    Split split =
        Split.grouped(
            IntStream.range(0, 500).map(i -> i % 100).toArray(), Split.Ratios.parse("60/20/20"), 5);

    assertEquals("300 train, 100 dev, 100 test", split.toString());
  }

  /** The three rows before leave training half a row short, which the two after do not pay. */
  @Test
  void aPartWithAWholeQuotaGetsNoMore() {
    for (long seed = 0; seed < 10; seed++) {
      int[] classes = {0, 0, 0, 1, 1};
      int[] train = Split.stratified(classes, new Split.Ratios(50, 25, 25), seed).train();
      assertEquals(1, IntStream.of(train).filter(row -> classes[row] == 1).count());
    }
  }

  @Test
  void seedsDrawOtherGroups() {
    int[] groups = IntStream.range(0, 100).map(i -> i / 2).toArray();
    Split.Ratios ratios = Split.Ratios.parse("60/20/20");
    assertFalse(
        Arrays.equals(
            Split.grouped(groups, ratios, 0).test(), Split.grouped(groups, ratios, 1).test()));
  }

  @Test
  void theSeedAloneDecides() {
    int[] classes = IntStream.range(0, 100).map(i -> i % 3).toArray();
    Split.Ratios ratios = Split.Ratios.parse("60/20/20");

    assertArrayEquals(
        Split.stratified(classes, ratios, 0).test(), Split.stratified(classes, ratios, 0).test());
    assertFalse(
        Arrays.equals(
            Split.stratified(classes, ratios, 0).test(),
            Split.stratified(classes, ratios, 1).test()));
  }

  @Test
  void classesDoNotShareTheirPermutation() {
    int[] classes = IntStream.range(0, 200).map(i -> i / 100).toArray();
    int[] test = Split.stratified(classes, Split.Ratios.parse("70/0/30"), 0).test();

    assertFalse(
        Arrays.equals(
            Arrays.copyOf(test, 30), IntStream.range(30, 60).map(i -> test[i] - 100).toArray()));
  }

  @Test
  void ratiosAreReadStrictly() {
    assertEquals(new Split.Ratios(99.5, 0.4, 0.1), Split.Ratios.parse(" 99.5/ 0.4/0.1"));
    assertEquals("70/0/30", Split.Ratios.parse("70/0/30").toString());
    for (String bad :
        List.of(
            "",
            "60/40",
            "60/20/20/0",
            "60/20/10",
            "0/50/50",
            "-10/60/50",
            "a/b/c",
            "NaN/1/2",
            "0.6/0.2/0.2")) {
      assertThrows(IllegalArgumentException.class, () -> Split.Ratios.parse(bad), bad);
    }
    assertEquals("60/20/20", Split.Ratios.forRows(99_999).toString());
    assertEquals("60/20/20", Split.Ratios.forRows(0).toString());
    assertEquals("98/1/1", Split.Ratios.forRows(100_000).toString());
    assertEquals("98/1/1", Split.Ratios.forRows(1_000_000).toString());
    assertEquals("99.5/0.4/0.1", Split.Ratios.forRows(1_000_001).toString());
  }

  @Test
  void negativeClassesAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Split.stratified(new int[] {0, -1}, Split.Ratios.parse("60/20/20"), 0));
  }
}
