package dev.lanewise.data;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.MemoryRows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows keep their order and their weights where nobody asks for others. */
final class RowsTest {

  private static Dataset numbered(int rows) {
    float[] numbers = new float[rows];
    for (int row = 0; row < rows; row++) {
      numbers[row] = row;
    }
    return Dataset.of(numbers, 1, numbers.clone(), 1);
  }

  @Test
  void unshuffledRowsHaveTheirOwnOrderInEveryEpoch() {
    Dataset data = numbered(5);
    for (ExampleSet rows : List.of(data, new StreamedRows(new MemoryRows(data), 3))) {
      Batches batches = Batches.unshuffled(rows, 2);
      for (int epoch = 0; epoch < 2; epoch++) {
        batches.start(epoch);
        for (int row = 0; row < 5; row++) {
          Batch batch = batches.get(row / 2);
          assertEquals(row, batch.number(row % 2));
          assertEquals(row, batch.features()[row % 2]);
        }
      }
      assertEquals(3, batches.count());
    }
  }

  @Test
  void rowsWithoutWeightsHaveNoneWhenSelected() {
    assertNull(numbered(3).select(new int[] {2, 0}).weights());
    assertNull(numbered(3).bootstrap(1, 0).weights());
  }

  @Test
  void weightsAreFinite() {
    Dataset data = numbered(2);
    assertEquals(
        "weights: Infinity in row 1; expected a finite number >= 0",
        refusal(() -> data.withWeights(new float[] {0, Float.POSITIVE_INFINITY})));
    assertEquals(
        "weights: Infinity for class 0; expected a finite number >= 0",
        refusal(() -> ClassWeights.of(Float.POSITIVE_INFINITY, 1)));
  }

  @Test
  void dataSayHowMuchTheyAre() {
    assertEquals("3 rows, 1 columns, 1 target columns", numbered(3).toString());
  }

  @Test
  void noRowsAreStandardizedToNone() {
    float[] untouched = {7};
    Standardizer.of(new double[] {1}, new double[] {2}).apply(untouched, 1, untouched, 1, 0);
    assertArrayEquals(new float[] {7}, untouched);
  }

  @Test
  void whereARowWouldBeAloneALargerBatchIsAskedFor() {
    assertTrue(refusal(() -> Batches.of(numbered(6), 1, 0, true)).endsWith("expected at least 2"));
    assertTrue(refusal(() -> Batches.of(numbered(7), 2, 0, true)).endsWith("expected at least 3"));
  }

  /** Their mix would have targets of 0/0, which weigh nothing but are no numbers. */
  @Test
  void mixedRowsOfWeightZeroHaveTargetsStill() {
    Dataset weightless = numbered(4).withWeights(new float[4]);
    Batches batches = Batches.of(weightless, 0, 1, false, List.of(new Augmentation.Mixup(1)));
    batches.start(0);
    Batch mixed = batches.get(0);
    for (int row = 0; row < 4; row++) {
      assertEquals(0, mixed.weights()[row]);
      assertTrue(mixed.targets()[row] >= 0 && mixed.targets()[row] <= 3, "row " + row);
    }
  }

  @Test
  void downIsDownAndRightIsRight() {
    Column.Pixels shape = new Column.Pixels(3, 4, 1);
    float[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    float[] moved = new float[12];
    Geometry.shift(shape, image, moved, 0, 1, 2);
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 5, 6}, moved);
    Geometry.crop(shape, image, moved, 0, 1, 2);
    assertArrayEquals(new float[] {7, 6, 5, 6, 3, 2, 1, 2, 7, 6, 5, 6}, moved);
  }

  @Test
  void moreLightIsBrighter() {
    float[] image = {0.25f, 0.5f};
    Tone.brighten(image, 0, 2, 0.25);
    assertArrayEquals(new float[] {0.5f, 0.75f}, image);
    Tone.colour(new Column.Pixels(1, 1, 2), image, 0, 1, 1, 0.125);
    assertArrayEquals(new float[] {0.5f, 0.875f}, image);
  }

  @Test
  void aSourceWithoutSomeRowsClosesWhatItReads() {
    MemoryRows all = new MemoryRows(numbered(4));
    Batches batches = Batches.of(new StreamedRows(all.without(new int[] {3}), 2), 1, 0, false);
    batches.start(0);
    batches.get(0);
    batches.close();
    assertEquals(1, all.opened);
    assertEquals(1, all.closed);
  }

  @Test
  void streamedRowsSayHowMuchTheyAre() {
    assertEquals(
        "4 rows, 1 columns, 1 target columns, streamed through a buffer of 3 rows",
        new StreamedRows(new MemoryRows(numbered(4)), 3).toString());
  }

  @Test
  void aBatchOfNoRowsTakesMasksOfNoUnits() {
    Batch none = Batch.of(numbered(0));
    assertEquals(0, none.withMasks(Map.of(0, new boolean[0])).mask(0).length);
    assertEquals(
        "mask of dropout 0: 1 units; expected a multiple of the 0 rows",
        refusal(() -> none.withMasks(Map.of(0, new boolean[1]))));
  }

  @Test
  void valuesWithAMeanOrAUnitAreScaled() {
    assertFalse(new Target.Values(0, 1).isScaled());
    assertTrue(new Target.Values(1, 1).isScaled());
    assertTrue(new Target.Values(0, 2).isScaled());
    assertEquals("Values[mean=[1.0], deviation=[2.0]]", new Target.Values(1, 2).toString());
  }

  @Test
  void rowsToLeaveOutAreThere() {
    RowSource all = new MemoryRows(numbered(4));
    assertEquals(
        "rows: 4; expected different row numbers, 0 to 3",
        refusal(() -> all.without(new int[] {4})));
    assertEquals(all.name(), all.without(new int[] {3}).name());
  }
}
