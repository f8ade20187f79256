package dev.lanewise.reference;

import java.util.Map;

/**
 * Members (Gorishniy, Kotelnikov and Babenko 2025): each row x becomes the rows x ⊙ r₁ to x ⊙ r_k,
 * one behind the other.
 */
final class Copies implements TextbookLayer {

  /** The vectors, {@code [k][columns]}. */
  private final double[][] r;

  private double[][] x;
  private double[][] dR;

  Copies(double[][] r) {
    this.r = r;
  }

  @Override
  public double[][] infer(double[][] input) {
    x = input;
    double[][] y = new double[x.length * r.length][];
    for (int i = 0; i < y.length; i++) {
      double[] row = x[i / r.length];
      double[] factor = r[i % r.length];
      y[i] = new double[row.length];
      for (int j = 0; j < row.length; j++) {
        y[i][j] = row[j] * factor[j];
      }
    }
    return y;
  }

  /** {@return dX = Σ dY_m ⊙ r_m}; leaves dr_m, the sum over rows of dY_m ⊙ x. */
  @Override
  public double[][] backward(double[][] dY) {
    double[][] dX = new double[x.length][r[0].length];
    dR = new double[r.length][r[0].length];
    for (int i = 0; i < dY.length; i++) {
      for (int j = 0; j < dY[i].length; j++) {
        dX[i / r.length][j] += dY[i][j] * r[i % r.length][j];
        dR[i % r.length][j] += dY[i][j] * x[i / r.length][j];
      }
    }
    return dX;
  }

  @Override
  public Map<String, double[][]> gradients() {
    return Map.of("factor", dR);
  }

  /** {@return rows of which each stands as often as there are members} */
  static double[][] repeat(double[][] rows, int members) {
    double[][] copies = new double[rows.length * members][];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = rows[i / members];
    }
    return copies;
  }

  /** {@return numbers of which each stands as often as there are members} */
  static double[] repeat(double[] numbers, int members) {
    double[] copies = new double[numbers.length * members];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = numbers[i / members];
    }
    return copies;
  }
}
