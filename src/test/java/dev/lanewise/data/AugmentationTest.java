package dev.lanewise.data;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static dev.lanewise.data.AugmentedRows.SMALL;
import static dev.lanewise.data.AugmentedRows.changed;
import static dev.lanewise.data.AugmentedRows.epoch;
import static dev.lanewise.data.AugmentedRows.even;
import static dev.lanewise.data.AugmentedRows.images;
import static dev.lanewise.data.AugmentedRows.mean;
import static dev.lanewise.data.AugmentedRows.numbered;
import static dev.lanewise.data.AugmentedRows.row;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.data.Augmentation.Brightness;
import dev.lanewise.data.Augmentation.Colour;
import dev.lanewise.data.Augmentation.Contrast;
import dev.lanewise.data.Augmentation.Crop;
import dev.lanewise.data.Augmentation.Flip;
import dev.lanewise.data.Augmentation.Mirror;
import dev.lanewise.data.Augmentation.Mixup;
import dev.lanewise.data.Augmentation.Noise;
import dev.lanewise.data.Augmentation.Rotate;
import dev.lanewise.data.Augmentation.Shift;
import dev.lanewise.data.Augmentation.Zoom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statistics are judged at five standard errors, over fixed seeds: they hold or they do not. */
class AugmentationTest {

  private static List<Augmentation> ofImages(Column.Pixels shape) {
    return List.of(
        new Shift(shape, 1),
        new Crop(shape, 2),
        Flip.of(shape, Mirror.HORIZONTAL),
        new Rotate(shape, 30),
        new Zoom(shape, 0.8, 1.25),
        new Brightness(shape, 0.3),
        new Contrast(shape, 0.5, 2),
        new Colour(shape, 0.2, 0.1),
        new Noise(0.1));
  }

  @Provide
  Arbitrary<List<Augmentation>> lists() {
    return Arbitraries.of(ofImages(SMALL)).list().ofMinSize(1).ofMaxSize(4);
  }

  @Property(tries = 200)
  void anExampleGetsTheSameChangeInAnyBatches(
      @ForAll("lists") List<Augmentation> changes,
      @ForAll @IntRange(min = 2, max = 20) int rows,
      @ForAll @IntRange(min = 0, max = 21) int size,
      @ForAll @IntRange(min = 3, max = 21) int otherSize,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 1000) int epoch) {
    Dataset data = images(rows, SMALL);
    Batches some = Batches.of(data, size, seed, false, changes);
    Batches others = Batches.of(data, otherSize, seed, true, changes);
    epoch(others, epoch + 1);
    assertArrayEquals(epoch(some, epoch), epoch(others, epoch));
  }

  @Property(tries = 50)
  void anyBatchCanBeTakenFirst(
      @ForAll @IntRange(min = 2, max = 20) int rows, @ForAll @IntRange(min = 1, max = 9) int size) {
    Dataset data = images(rows, SMALL).oneHot(20);
    List<Augmentation> changes = List.of(new Shift(SMALL, 1), new Mixup(0.4));
    Batches forward = Batches.of(data, size, 1, false, changes);
    Batches backward = Batches.of(data, size, 1, false, changes);
    forward.start(5);
    backward.start(5);
    for (int b = forward.count() - 1; b >= 0; b--) {
      Batch last = backward.get(b);
      float[] features = Arrays.copyOf(last.features(), last.rows() * last.columns());
      float[] targets = Arrays.copyOf(last.targets(), last.rows() * last.targetColumns());
      Batch same = forward.get(b);
      assertArrayEquals(features, Arrays.copyOf(same.features(), features.length));
      assertArrayEquals(targets, Arrays.copyOf(same.targets(), targets.length));
    }
  }

  @Test
  void seedsEpochsRowsAndPlacesHaveChangesOfTheirOwn() {
    Dataset data = even(2, SMALL, 0);
    Noise noise = new Noise(1);
    Set<List<Float>> seen = new HashSet<>();
    int drawn = 0;
    for (long seed = 0; seed < 3; seed++) {
      for (int epoch = 0; epoch < 3; epoch++) {
        float[][] once = epoch(Batches.of(data, 0, seed, false, List.of(noise)), epoch);
        float[][] twice = epoch(Batches.of(data, 0, seed, false, List.of(noise, noise)), epoch);
        for (int row = 0; row < 2; row++) {
          seen.add(List.of(once[row][0], once[row][1]));
          seen.add(List.of(twice[row][0] - once[row][0], twice[row][1] - once[row][1]));
          drawn += 2;
        }
      }
    }
    assertEquals(drawn, seen.size());
  }

  @ParameterizedTest
  @EnumSource(Mirror.class)
  void theDataSetIsNeverWritten(Mirror mirror) {
    Dataset data = images(9, SMALL).oneHot(9).withWeights(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    float[] features = data.features().clone();
    float[] targets = data.targets().clone();
    float[] weights = data.weights().clone();
    List<Augmentation> all = new ArrayList<>(ofImages(SMALL));
    all.add(new Flip(SMALL, mirror, 1));
    all.add(new Mixup(1));
    for (int size : new int[] {0, 1, 4, 9}) {
      Batches batches = Batches.of(data, size, 0, false, all);
      batches.start(0);
      for (int b = 0; b < batches.count(); b++) {
        Batch batch = batches.get(b);
        assertNotSame(data.features(), batch.features());
        assertFalse(Arrays.equals(batch.features(), features));
      }
    }
    assertArrayEquals(features, data.features());
    assertArrayEquals(targets, data.targets());
    assertArrayEquals(weights, data.weights());
  }

  @Test
  void withoutChangesAFullBatchIsTheDataItself() {
    Dataset data = images(5, SMALL);
    Batches batches = Batches.of(data, 0, 0, false, List.of());
    batches.start(0);
    assertSame(data.features(), batches.get(0).features());
  }

  @Test
  void aFullBatchKeepsTheOrderOfTheData() {
    Batches batches = Batches.of(images(50, SMALL), 0, 0, false, List.of(new Noise(1)));
    batches.start(3);
    Batch batch = batches.get(0);
    for (int row = 0; row < 50; row++) {
      assertEquals(row, batch.targets()[row]);
    }
  }

  @Test
  void noiseHasMeanZeroAndItsDeviation() {
    int columns = 200;
    Dataset data = numbered(500, columns);
    float[][] rows = changed(data, new Noise(0.7));
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < 500; row++) {
      for (int c = 0; c < columns; c++) {
        double noise = rows[row][c] - row(data, row)[c];
        sum += noise;
        squares += noise * noise;
      }
    }
    int n = 500 * columns;
    assertEquals(0, sum / n, 5 * 0.7 / Math.sqrt(n));
    assertEquals(0.49, squares / n, 5 * 0.49 * Math.sqrt(2.0 / n));
  }

  /** Shrinking leaves a border of zeros, unless all contrast is taken away afterwards. */
  @Test
  void changesAreMadeInTheOrderOfTheList() {
    Dataset data = images(3, SMALL);
    Zoom shrink = new Zoom(SMALL, 0.5, 0.5);
    Contrast flat = new Contrast(SMALL, 0, 0);
    float[] shrunkLast = changed(data, flat, shrink)[1];
    float[] flatLast = changed(data, shrink, flat)[1];
    assertEquals(0, shrunkLast[0]);
    assertTrue(shrunkLast[SMALL.channels() * 5] > 0.01);
    assertEquals(mean(changed(data, shrink)[1], 0), flatLast[0], 1e-6);
    assertEquals(flatLast[0], flatLast[SMALL.channels() * 5], 1e-6);
  }

  @Tag("allocation")
  @Test
  void nothingIsAllocatedOnceBatchesAreMade() {
    List<Augmentation> all = new ArrayList<>(ofImages(SMALL));
    all.add(new Mixup(0.2));
    Batches batches = Batches.of(images(64, SMALL).oneHot(64), 16, 0, false, all);
    Allocation.assertNone(
        "an epoch of changes",
        20,
        i -> {
          batches.start(1);
          for (int b = 0; b < batches.count(); b++) {
            batches.get(b);
          }
        });
  }

  @Test
  void imagesOfAnotherSizeAreRefusedNamingBoth() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Batches.of(numbered(4, 35), 2, 0, false, List.of(new Shift(SMALL, 1))));
    assertEquals(
        "augmentations: Shift[shape=3 x 4 x 3, pixels=1] is for images of 3 x 4 x 3, 36 columns;"
            + " expected the data's 35 columns",
        e.getMessage());
  }

  @Test
  void numbersOutOfRangeAreRefusedByName() {
    assertRefusedSaying("pixels: -1; expected at least 0", () -> new Shift(SMALL, -1));
    assertRefusedSaying("pixels: 3; expected at least 0 and less than", () -> new Shift(SMALL, 3));
    assertRefusedSaying("padding: 3; expected at least 0 and less than", () -> new Crop(SMALL, 3));
    assertRefusedSaying("probability: 1.5; ", () -> new Flip(SMALL, Mirror.VERTICAL, 1.5));
    assertRefusedSaying(
        "degrees: 181.0; expected a number in [0, 180]", () -> new Rotate(SMALL, 181));
    assertRefusedSaying("degrees: NaN; ", () -> new Rotate(SMALL, Double.NaN));
    assertRefusedSaying("min, max: 0.0, 1.0; ", () -> new Zoom(SMALL, 0, 1));
    assertRefusedSaying("min, max: 2.0, 1.0; ", () -> new Zoom(SMALL, 2, 1));
    assertRefusedSaying("delta: -0.1; ", () -> new Brightness(SMALL, -0.1));
    assertRefusedSaying("min, max: -1.0, 1.0; ", () -> new Contrast(SMALL, -1, 1));
    assertRefusedSaying("gain: 2.0; ", () -> new Colour(SMALL, 2, 0));
    assertRefusedSaying("shift: NaN; ", () -> new Colour(SMALL, 0, Double.NaN));
    assertRefusedSaying(
        "shape: 28 x 28 x 1; expected 3 channels",
        () -> new Colour(new Column.Pixels(28, 28, 1), 0, 0));
    assertRefusedSaying("deviation: Infinity; ", () -> new Noise(Double.POSITIVE_INFINITY));
    assertRefusedSaying("alpha: 0.0; ", () -> new Mixup(0));
    assertRefusedSaying("alpha: 1.0E-50; ", () -> new Mixup(1e-50));
  }

  @Test
  void oneHotHasAOneInTheColumnOfTheClass() {
    Dataset data =
        Dataset.of(new float[6], 2, new float[] {2, 0, 1}, 1).withWeights(new float[] {1, 2, 3});
    Dataset dense = data.oneHot(3);
    assertEquals(3, dense.targetColumns());
    assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 1, 0}, dense.targets());
    assertSame(data.features(), dense.features());
    assertSame(data.weights(), dense.weights());
    assertRefusedSaying(
        "targets: 2.0 in row 0; expected a class number, 0 to 1", () -> data.oneHot(2));
    assertRefusedSaying("targets: 3 columns; expected one of class numbers", () -> dense.oneHot(3));
    assertRefusedSaying("classes: 1; expected at least 2", () -> data.oneHot(1));
    Dataset fractional = Dataset.of(new float[1], 1, new float[] {0.5f}, 1);
    assertRefusedSaying("targets: 0.5 in row 0; ", () -> fractional.oneHot(2));
  }
}
