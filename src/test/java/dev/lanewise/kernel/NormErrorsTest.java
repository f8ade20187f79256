package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.ExactSum;
import dev.lanewise.Measured;
import dev.lanewise.engine.Engine;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums and moments of many numbers, far from zero or ill mixed, against exact sums. */
@Tag("kernels")
class NormErrorsTest {

  private static final int ROWS = 100_000;

  private final Kernels kernels = Engine.standard().kernels();

  /** How a column is spread about its mean; each has a deviation of about 1. */
  enum Spread {
    NORMAL,
    /** Every block has the same sum, so all roundings of a binade go one way. */
    TWO_VALUES,
    RISING,
    /** One value in a thousand. */
    RARE,
    MIXED;

    double at(int i) {
      return switch (this) {
        case NORMAL -> CounterRandom.normal(1, i);
        case TWO_VALUES -> i % 2 == 0 ? 0.7 : -1.1;
        case RISING -> 3.4 * i / ROWS;
        case RARE -> i % 1000 == 0 ? 31 : 0.1;
        case MIXED -> Math.scalb(CounterRandom.normal(2, i), CounterRandom.below(3, i, 24) - 22);
      };
    }

    float[] column(double mean) {
      float[] x = new float[ROWS];
      for (int i = 0; i < ROWS; i++) {
        x[i] = (float) (mean + at(i));
      }
      return x;
    }
  }

  /** Mean and variance, exactly. */
  private static double[] exact(float[] x) {
    ExactSum sum = new ExactSum();
    for (float value : x) {
      sum.add(value);
    }
    double mean = sum.value() / x.length;
    ExactSum squares = new ExactSum();
    for (float value : x) {
      squares.add((value - mean) * (value - mean));
    }
    return new double[] {mean, squares.value() / x.length};
  }

  /** Mean, residual and variance. */
  private float[] moments(float[] x) {
    float[] mean = new float[1];
    float[] residual = new float[1];
    float[] variance = new float[1];
    kernels.moments(x, 0, 1, x.length, 1, mean, residual, variance, 0);
    return new float[] {mean[0], residual[0], variance[0]};
  }

  /** The roundings that a column's sum goes through. */
  private static long roundings(int rows) {
    return Math.min(rows, 64) + (rows + 63) / 64;
  }

  @ParameterizedTest
  @EnumSource
  void aVarianceIsExactToOnePartInTenToTheFiveAtMeansOfTenThousandDeviations(Spread spread) {
    Measured variances = new Measured("variance at 1e4 " + spread);
    for (double mean : new double[] {0, 1e4, -1e4}) {
      float[] x = spread.column(mean);
      double exact = exact(x)[1];
      variances.compare(exact, moments(x)[2], 1e-5 * exact, spread + " about " + mean);
    }
    variances.write(1e-5, "variance");
  }

  /**
   * With d for how far the rounded mean is off, in deviations: γ₆₈(1 + d²) for the squares, whose
   * blocks lose nothing, and 2γₖ·d(1 + d) for what is taken off, k being the roundings of a sum.
   */
  @ParameterizedTest
  @EnumSource
  void aVarianceIsWithinItsBoundAtMeansOfAMillionDeviations(Spread spread) {
    float[] x = spread.column(1e6);
    double[] exact = exact(x);
    float[] found = moments(x);
    double d = Math.abs(found[0] - exact[0]) / Math.sqrt(exact[1]);
    double squares = Measured.gamma(68) * (1 + d * d);
    double bound = (squares + 2 * Measured.gamma(roundings(ROWS)) * d * (1 + d)) * exact[1];
    Measured variances = new Measured("variance at 1e6 " + spread);
    variances.compare(exact[1], found[2], bound, spread.toString());
    variances.write(bound / exact[1], "variance");
  }

  /** The mean's float alone is off by its own rounding errors; the residual brings them back. */
  @ParameterizedTest
  @EnumSource
  void aMeanWithItsResidualIsExactToTheSpreadsRounding(Spread spread) {
    Measured means = new Measured("mean at 1e4 " + spread);
    for (double mean : new double[] {0, 1e4, -1e4}) {
      float[] x = spread.column(mean);
      float[] found = moments(x);
      ExactSum deviations = new ExactSum();
      for (float value : x) {
        deviations.add((double) value - found[0]);
      }
      double bound = Measured.gamma(roundings(ROWS) + 2) * deviations.magnitudes() / ROWS;
      means.compare(exact(x)[0], (double) found[0] + found[1], bound, spread + " about " + mean);
    }
    means.write(roundings(ROWS) + 2, "u·mean of |x − m|");
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-20f, 1e-10f, 1e10f, 1e15f})
  void aVarianceScalesWithItsColumn(float unit) {
    float[] x = Spread.NORMAL.column(0);
    for (int i = 0; i < ROWS; i++) {
      x[i] *= unit;
    }
    double exact = exact(x)[1];
    assertEquals(exact, moments(x)[2], 1e-5 * exact + ROWS * 0x1p-149);
  }

  /** What is left of the variance is rounding of rounding. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e-40f, 0.1f, 1, 1 / 3f, 12345.678f, 3e18f})
  void aConstantColumnHasNextToNoVariance(float value) {
    for (int rows : new int[] {2, 3, 63, 64, 65, 1000, ROWS}) {
      float[] x = new float[rows];
      Arrays.fill(x, value);
      double off = Measured.gamma(roundings(rows)) * value;
      float found = moments(x)[2];
      assertTrue(
          found >= 0 && found <= Measured.gamma(2 * roundings(rows)) * off * off + 0x1p-149,
          () -> rows + " rows of " + value + ": " + found);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aColumnSumIsWithinItsBound(Spread spread) {
    Measured sums = new Measured("column sum " + spread);
    for (double mean : new double[] {0, 0.1, 1e4}) {
      float[] x = spread.column(mean);
      ExactSum exact = new ExactSum();
      for (float value : x) {
        exact.add(value);
      }
      float[] found = new float[1];
      kernels.columnSums(x, 0, 1, ROWS, 1, found, 0);
      double all = exact.magnitudes();
      double bound = Measured.gamma(roundings(ROWS) - 2);
      sums.compare(exact.value() / all, found[0] / all, bound, spread + " about " + mean);
    }
    sums.write(roundings(ROWS) - 2, "u·Σ|x|");
  }

  /** Lanes of 256 elements and a tree of 4; the blocks are added in double. */
  @ParameterizedTest
  @EnumSource
  void anArraysSumsAreWithinTheirBound(Spread spread) {
    Measured relative = new Measured("array sums " + spread);
    for (double mean : new double[] {0, 0.1, 1e4}) {
      float[] x = spread.column(mean);
      ExactSum sum = new ExactSum();
      ExactSum squares = new ExactSum();
      for (float value : x) {
        sum.add(value);
        squares.add((double) value * value);
      }
      double lanes = Measured.gamma(256 + 4);
      double all = sum.magnitudes();
      relative.compare(sum.value() / all, kernels.sum(x, 0, ROWS) / all, lanes, "sum");
      relative.compare(1, kernels.sumOfMagnitudes(x, 0, ROWS) / all, lanes, "magnitudes");
      double ratio = kernels.sumOfSquares(x, 0, ROWS) / squares.value();
      relative.compare(1, ratio, lanes, "squares");
      double product = kernels.sumOfProducts(x, 0, x, 0, ROWS) / squares.value();
      relative.compare(1, product, lanes, "products");
    }
    relative.write(260, "u·Σ|x|");
  }

  /** The row is long, and its mean ten thousand deviations away; ε is next to nothing. */
  @ParameterizedTest
  @EnumSource
  void layerNormKeepsItsDigitsAtMeansOfTenThousandDeviations(Spread spread) {
    Measured inverses = new Measured("layer norm deviation at 1e4 " + spread);
    Measured normals = new Measured("layer norm output at 1e4 " + spread);
    float[] x = spread.column(1e4);
    double[] exact = exact(x);
    float[] parameters = new float[2 * ROWS];
    Arrays.fill(parameters, 0, ROWS, 1);
    float[] y = new float[ROWS];
    double inverse = 1 / Math.sqrt(exact[1]);
    float found = kernels.normalizeRow(x.clone(), 0, y, 0, ROWS, 0, parameters, 0, ROWS);
    inverses.compare(inverse, found, Measured.gamma(300) * inverse, spread.toString());
    for (int i = 0; i < ROWS; i++) {
      double normal = (x[i] - exact[0]) * inverse;
      normals.compare(normal, y[i], 1e-5 * Math.max(1, Math.abs(normal)), "row " + i);
    }
    inverses.write(300, "u·1/σ");
    normals.write(1e-5, "max(1, |x̂|)");
  }

  @Test
  void batchNormKeepsItsDigitsAtMeansOfTenThousandDeviations() {
    Measured normals = new Measured("batch norm output at 1e4");
    for (Spread spread : Spread.values()) {
      float[] x = spread.column(1e4);
      double[] exact = exact(x);
      float[] moments = moments(x);
      float inverse = (float) (1 / Math.sqrt(moments[2]));
      float[] y = new float[ROWS];
      kernels.normalize(
          x,
          y,
          0,
          1,
          ROWS,
          1,
          new float[] {moments[0]},
          new float[] {inverse},
          new float[] {-moments[1] * inverse},
          0,
          new float[] {1, 0},
          0,
          1);
      for (int i = 0; i < ROWS; i++) {
        double normal = (x[i] - exact[0]) / Math.sqrt(exact[1]);
        normals.compare(normal, y[i], 1e-5 * Math.max(1, Math.abs(normal)), spread + " " + i);
      }
    }
    normals.write(1e-5, "max(1, |x̂|)");
  }
}
