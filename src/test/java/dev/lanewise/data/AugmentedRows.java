package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Data sets whose rows can be told apart, and what changes make of them. */
final class AugmentedRows {

  private AugmentedRows() {}

  static final Column.Pixels SMALL = new Column.Pixels(3, 4, 3);

  /** Rows of random values in [0, 1) whose targets are the rows' numbers. */
  static Dataset numbered(int rows, int columns) {
    Random random = new Random(rows * 31L + columns);
    float[] features = new float[rows * columns];
    float[] targets = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextFloat();
    }
    for (int row = 0; row < rows; row++) {
      targets[row] = row;
    }
    return Dataset.of(features, columns, targets, 1);
  }

  static Dataset images(int rows, Column.Pixels shape) {
    return numbered(rows, shape.encodedColumns());
  }

  /** The features of an epoch by the rows' numbers, which are their targets. */
  static float[][] epoch(Batches batches, int epoch) {
    float[][] rows = {};
    batches.start(epoch);
    for (int b = 0; b < batches.count(); b++) {
      Batch batch = batches.get(b);
      for (int i = 0; i < batch.rows(); i++) {
        int row = (int) batch.targets()[i];
        rows = row < rows.length ? rows : Arrays.copyOf(rows, row + 1);
        int at = i * batch.columns();
        rows[row] = Arrays.copyOfRange(batch.features(), at, at + batch.columns());
      }
    }
    return rows;
  }

  static float[][] changed(Dataset data, Augmentation... changes) {
    return epoch(Batches.of(data, 7, 3, false, List.of(changes)), 0);
  }

  static float[] row(Dataset data, int row) {
    int columns = data.columns();
    return Arrays.copyOfRange(data.features(), row * columns, (row + 1) * columns);
  }

  /** Idx.Images whose pixels are all a number. */
  static Dataset even(int rows, Column.Pixels shape, float value) {
    float[] features = new float[rows * shape.encodedColumns()];
    Arrays.fill(features, value);
    return Dataset.of(features, shape.encodedColumns(), images(rows, shape).targets(), 1);
  }

  static double mean(float[] image, int channel) {
    return IntStream.range(0, image.length / 3)
        .mapToDouble(i -> image[3 * i + channel])
        .average()
        .orElseThrow();
  }

  static void assertUniform(double min, double max, double[] draws) {
    double width = max - min;
    double sum = 0;
    double squares = 0;
    for (double draw : draws) {
      assertTrue(draw > min - 1e-4 && draw < max + 1e-4, () -> "draw: " + draw);
      sum += draw;
      squares += Math.pow(draw - (min + max) / 2, 2);
    }
    int n = draws.length;
    assertEquals((min + max) / 2, sum / n, 5 * width / Math.sqrt(12.0 * n));
    assertEquals(width * width / 12, squares / n, 5 * width * width / Math.sqrt(180.0 * n));
  }
}
