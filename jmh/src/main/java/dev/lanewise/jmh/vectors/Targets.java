package dev.lanewise.jmh.vectors;

import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/** What kinds of targets the cases have. */
enum Targets {
  /** A class number. */
  CLASSES,
  /** A probability for each class, in multiples of 1/16. */
  SHARES,
  /** 0 or 1 for each score. */
  LABELS,
  /** A number for each score. */
  NUMBERS,
  /** 0, 1, 2 … for each score. */
  COUNTS;

  /** {@return targets from a seed} */
  Tensor draw(int rows, int scores, Random random) {
    int columns = this == CLASSES ? 1 : scores;
    double[] y = Doubles.normals(random, rows * columns, 0, 1);
    for (int i = 0; i < y.length; i++) {
      y[i] =
          switch (this) {
            case CLASSES -> random.nextInt(scores);
            case LABELS -> random.nextInt(2);
            case COUNTS -> random.nextInt(5);
            case SHARES -> 0;
            case NUMBERS -> y[i];
          };
    }
    for (int part = 0; this == SHARES && part < 16 * rows; part++) {
      y[part / 16 * columns + random.nextInt(columns)] += 1 / 16.0;
    }
    return Doubles.tensor(y, rows, columns);
  }
}
