package dev.lanewise.data;

import static dev.lanewise.data.AugmentedRows.SMALL;
import static dev.lanewise.data.AugmentedRows.assertUniform;
import static dev.lanewise.data.AugmentedRows.changed;
import static dev.lanewise.data.AugmentedRows.epoch;
import static dev.lanewise.data.AugmentedRows.even;
import static dev.lanewise.data.AugmentedRows.images;
import static dev.lanewise.data.AugmentedRows.mean;
import static dev.lanewise.data.AugmentedRows.row;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation.Brightness;
import dev.lanewise.data.Augmentation.Colour;
import dev.lanewise.data.Augmentation.Contrast;
import dev.lanewise.data.Augmentation.Crop;
import dev.lanewise.data.Augmentation.Flip;
import dev.lanewise.data.Augmentation.Mirror;
import dev.lanewise.data.Augmentation.Noise;
import dev.lanewise.data.Augmentation.Rotate;
import dev.lanewise.data.Augmentation.Shift;
import dev.lanewise.data.Augmentation.Zoom;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Statistics are judged at five standard errors, over fixed seeds: they hold or they do not. */
class ImageAugmentationTest {

  /** Large enough for moves by 2 pixels to differ, mirrored or not. */
  private static final Column.Pixels MOVED = new Column.Pixels(4, 5, 2);

  @Property(tries = 100)
  void changesByNothingAreNone(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll long seed) {
    Column.Pixels shape = new Column.Pixels(height, width, 3);
    Dataset data = images(3, shape);
    List<Augmentation> nothing =
        List.of(
            new Shift(shape, 0),
            new Crop(shape, 0),
            new Flip(shape, Mirror.VERTICAL, 0),
            new Rotate(shape, 0),
            new Zoom(shape, 1, 1),
            new Brightness(shape, 0),
            new Contrast(shape, 1, 1),
            new Colour(shape, 0, 0),
            new Noise(0));
    for (Augmentation change : nothing) {
      float[][] rows = epoch(Batches.of(data, 2, seed, false, List.of(change)), 0);
      for (int row = 0; row < 3; row++) {
        assertArrayEquals(row(data, row), rows[row], change::toString);
      }
    }
  }

  @Property(tries = 100)
  void flippingMirrorsAndFlippingTwiceIsNoChange(
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 1, max = 7) int width,
      @ForAll @IntRange(min = 1, max = 4) int channels,
      @ForAll Mirror mirror) {
    Column.Pixels shape = new Column.Pixels(height, width, channels);
    Dataset data = images(2, shape);
    Flip flip = new Flip(shape, mirror, 1);
    float[] once = changed(data, flip)[1];
    float[] before = row(data, 1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int fromY = mirror == Mirror.VERTICAL ? height - 1 - y : y;
        int fromX = mirror == Mirror.HORIZONTAL ? width - 1 - x : x;
        for (int c = 0; c < channels; c++) {
          assertEquals(pixel(before, shape, fromY, fromX, c), pixel(once, shape, y, x, c));
        }
      }
    }
    assertArrayEquals(before, changed(data, flip, flip)[1]);
  }

  private static float pixel(float[] image, Column.Pixels shape, int y, int x, int c) {
    return image[(y * shape.width() + x) * shape.channels() + c];
  }

  private static boolean inside(Column.Pixels shape, int y, int x) {
    return y >= 0 && y < shape.height() && x >= 0 && x < shape.width();
  }

  @Test
  void imagesAreFlippedAsOftenAsTheProbabilitySays() {
    Column.Pixels shape = new Column.Pixels(1, 2, 1);
    Dataset data = images(4000, shape);
    float[][] rows = changed(data, new Flip(shape, Mirror.HORIZONTAL, 0.3));
    int flipped = 0;
    for (int row = 0; row < rows.length; row++) {
      flipped += rows[row][0] == row(data, row)[0] ? 0 : 1;
    }
    assertEquals(0.3, flipped / 4000.0, 5 * Math.sqrt(0.3 * 0.7 / 4000));
  }

  /** Every move, and no other, comes up about as often as the others. */
  @Test
  void shiftMovesPixelsExactlyAndFillsWithZeros() {
    Dataset data = images(2500, MOVED);
    assertMoves(data, changed(data, new Shift(MOVED, 2)), false);
  }

  @Test
  void cropMovesPixelsExactlyAndFillsWithTheMirrorImage() {
    Dataset data = images(2500, MOVED);
    assertMoves(data, changed(data, new Crop(MOVED, 2)), true);
  }

  private static void assertMoves(Dataset data, float[][] rows, boolean mirrored) {
    int[] counts = new int[25];
    for (int row = 0; row < rows.length; row++) {
      int found = -1;
      for (int move = 0; move < 25; move++) {
        if (Arrays.equals(moved(row(data, row), move / 5 - 2, move % 5 - 2, mirrored), rows[row])) {
          found = move;
        }
      }
      assertTrue(found >= 0, "row " + row + ": no move by up to 2 pixels");
      counts[found]++;
    }
    for (int count : counts) {
      assertEquals(100, count, 5 * Math.sqrt(100));
    }
  }

  private static float[] moved(float[] image, int down, int right, boolean mirrored) {
    float[] moved = new float[image.length];
    int next = 0;
    for (int y = 0; y < MOVED.height(); y++) {
      for (int x = 0; x < MOVED.width(); x++) {
        int fromY = mirrored ? mirrored(y - down, MOVED.height()) : y - down;
        int fromX = mirrored ? mirrored(x - right, MOVED.width()) : x - right;
        for (int c = 0; c < MOVED.channels(); c++) {
          moved[next++] = inside(MOVED, fromY, fromX) ? pixel(image, MOVED, fromY, fromX, c) : 0;
        }
      }
    }
    return moved;
  }

  private static int mirrored(int index, int size) {
    return index < 0 ? -index : index >= size ? 2 * size - 2 - index : index;
  }

  /** Σ pixel·hat(y − row)·hat(x − column), with hat(t) = max(0, 1 − |t|). */
  @Property(tries = 200)
  void resamplingInterpolatesBilinearly(
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 1, max = 7) int width,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = -180, max = 180) int degrees,
      @ForAll @IntRange(min = 1, max = 30) int tenths) {
    Column.Pixels shape = new Column.Pixels(height, width, channels);
    float[] image = row(images(2, shape), 1);
    double cos = Math.cos(Math.toRadians(degrees)) * tenths / 10;
    double sin = Math.sin(Math.toRadians(degrees)) * tenths / 10;
    float[] resampled = new float[image.length];
    Geometry.resample(shape, image, resampled, 0, cos, sin);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dy = y - (height - 1) / 2.0;
        double dx = x - (width - 1) / 2.0;
        double fromY = (height - 1) / 2.0 + sin * dx + cos * dy;
        double fromX = (width - 1) / 2.0 + cos * dx - sin * dy;
        for (int c = 0; c < channels; c++) {
          double expected = 0;
          for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
              expected +=
                  pixel(image, shape, row, column, c) * hat(fromY - row) * hat(fromX - column);
            }
          }
          assertEquals(expected, pixel(resampled, shape, y, x, c), 1e-6);
        }
      }
    }
  }

  private static double hat(double distance) {
    return Math.max(0, 1 - Math.abs(distance));
  }

  @Test
  void quarterTurnIsExact() {
    Column.Pixels shape = new Column.Pixels(5, 5, 2);
    float[] image = row(images(1, shape), 0);
    float[] turned = new float[50];
    Geometry.resample(shape, image, turned, 0, 0, 1);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        assertEquals(pixel(image, shape, x, 4 - y, 1), pixel(turned, shape, y, x, 1));
      }
    }
  }

  @Property(tries = 100)
  void turningIsResamplingByCosineAndSine(@ForAll @IntRange(min = -180, max = 180) int degrees) {
    float[] image = row(images(1, MOVED), 0);
    float[] turned = new float[image.length];
    float[] expected = new float[image.length];
    double angle = Math.toRadians(degrees);
    Geometry.turn(MOVED, image, turned, 0, angle);
    Geometry.resample(MOVED, image, expected, 0, Math.cos(angle), Math.sin(angle));
    assertArrayEquals(expected, turned, 1e-6f);
  }

  /** On a ramp whose value is its column, a step along a row is cos or 1/factor. */
  @Test
  void anglesAndFactorsAreDrawnEvenlyFromTheirRanges() {
    Column.Pixels shape = new Column.Pixels(9, 9, 1);
    float[] ramps = new float[3000 * 81];
    for (int i = 0; i < ramps.length; i++) {
      ramps[i] = i % 9;
    }
    Dataset data = Dataset.of(ramps, 81, images(3000, shape).targets(), 1);
    double[] degrees = new double[3000];
    double[] factors = new double[3000];
    float[][] turned = changed(data, new Rotate(shape, 40));
    float[][] zoomed = changed(data, new Zoom(shape, 0.75, 1.5));
    for (int i = 0; i < 3000; i++) {
      double cos = turned[i][41] - turned[i][40];
      double sin = turned[i][40] - turned[i][49];
      degrees[i] = Math.toDegrees(Math.atan2(sin, cos));
      factors[i] = 1 / (zoomed[i][41] - zoomed[i][40]);
    }
    assertUniform(-40, 40, degrees);
    assertUniform(0.75, 1.5, factors);
  }

  @Test
  void brightnessAddsANumberDrawnEvenly() {
    float[][] rows = changed(even(3000, SMALL, 0.5f), new Brightness(SMALL, 0.25));
    double[] deltas = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      deltas[row] = rows[row][0] - 0.5;
      for (float value : rows[row]) {
        assertEquals(rows[row][0], value);
      }
    }
    assertUniform(-0.25, 0.25, deltas);
  }

  @Test
  void contrastStretchesEachChannelAboutItsMean() {
    Dataset data = images(3000, SMALL);
    for (int i = 0; i < data.features().length; i++) {
      data.features()[i] = 0.4f + 0.2f * data.features()[i];
    }
    float[][] rows = changed(data, new Contrast(SMALL, 0.5, 1.5));
    double[] factors = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      float[] before = row(data, row);
      double factor = widest(rows[row]) / widest(before);
      for (int i = 0; i < before.length; i++) {
        double expected = mean(before, i % 3) + factor * (before[i] - mean(before, i % 3));
        assertEquals(expected, rows[row][i], 1e-6);
      }
      factors[row] = factor;
    }
    assertUniform(0.5, 1.5, factors);
  }

  /** The range of the first channel's values. */
  private static double widest(float[] image) {
    DoubleSummaryStatistics values =
        IntStream.range(0, image.length / 3).mapToDouble(i -> image[3 * i]).summaryStatistics();
    return values.getMax() - values.getMin();
  }

  @Test
  void colourHasAFactorAndAnAddendForEachChannel() {
    Column.Pixels shape = new Column.Pixels(1, 2, 3);
    float[] pixels = new float[3000 * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i / 3 % 2 == 0 ? 0.25f : 0.75f;
    }
    Dataset data = Dataset.of(pixels, 6, images(3000, shape).targets(), 1);
    float[][] rows = changed(data, new Colour(shape, 0.2, 0.05));
    double[][] gains = new double[3][3000];
    double[][] shifts = new double[3][3000];
    for (int row = 0; row < 3000; row++) {
      for (int c = 0; c < 3; c++) {
        gains[c][row] = (rows[row][3 + c] - rows[row][c]) / 0.5;
        shifts[c][row] = rows[row][c] - 0.25 * gains[c][row];
      }
    }
    for (int c = 0; c < 3; c++) {
      assertUniform(0.8, 1.2, gains[c]);
      assertUniform(-0.05, 0.05, shifts[c]);
    }
    double square = 0.2 * 0.2 / 3;
    assertEquals(0, covariance(gains[0], gains[1]), 5 * square / Math.sqrt(3000));
    assertEquals(0, covariance(shifts[0], shifts[1]), 5 * square / 16 / Math.sqrt(3000));
    assertEquals(0, covariance(gains[0], shifts[0]), 5 * square / 4 / Math.sqrt(3000));
  }

  private static double covariance(double[] some, double[] others) {
    double mean = Arrays.stream(some).average().orElseThrow();
    return IntStream.range(0, some.length)
        .mapToDouble(i -> (some[i] - mean) * others[i])
        .average()
        .orElseThrow();
  }

  @Test
  void tonesStayFromZeroToOneAndNanStays() {
    Dataset data = images(200, SMALL);
    data.features()[5] = Float.NaN;
    for (Augmentation change :
        List.of(new Brightness(SMALL, 1), new Contrast(SMALL, 5, 5), new Colour(SMALL, 1, 1))) {
      float[][] rows = changed(data, change);
      int zeros = 0;
      int ones = 0;
      for (int row = 1; row < rows.length; row++) {
        for (float value : rows[row]) {
          assertTrue(value >= 0 && value <= 1, () -> change + ": " + value);
          zeros += value == 0 ? 1 : 0;
          ones += value == 1 ? 1 : 0;
        }
      }
      assertTrue(zeros > 0 && ones > 0, change::toString);
      assertTrue(Float.isNaN(rows[0][5]), change::toString);
    }
  }
}
