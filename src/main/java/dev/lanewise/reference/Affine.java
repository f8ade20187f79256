package dev.lanewise.reference;

import java.util.Map;

/** A dense layer: Z = X·W + b, with X {@code [rows][in]}, W {@code [in][out]}, b {@code [out]}. */
final class Affine implements TextbookLayer {

  private final double[][] w;
  private final double[] b;
  private double[][] x;
  private double[][] dW;
  private double[] db;

  Affine(double[][] w, double[] b) {
    this.w = w;
    this.b = b;
  }

  @Override
  public double[][] infer(double[][] input) {
    x = input;
    double[][] z = new double[x.length][];
    for (int r = 0; r < x.length; r++) {
      double[] row = b.clone();
      for (int i = 0; i < w.length; i++) {
        for (int j = 0; j < b.length; j++) {
          row[j] += x[r][i] * w[i][j];
        }
      }
      z[r] = row;
    }
    return z;
  }

  /** {@return dX = dZ·Wᵀ}; leaves dW = Xᵀ·dZ and db, the column sums of dZ. */
  @Override
  public double[][] backward(double[][] dZ) {
    double[][] dX = new double[dZ.length][w.length];
    dW = new double[w.length][b.length];
    db = new double[b.length];
    for (int r = 0; r < dZ.length; r++) {
      for (int j = 0; j < b.length; j++) {
        db[j] += dZ[r][j];
      }
      for (int i = 0; i < w.length; i++) {
        for (int j = 0; j < b.length; j++) {
          dW[i][j] += x[r][i] * dZ[r][j];
          dX[r][i] += dZ[r][j] * w[i][j];
        }
      }
    }
    return dX;
  }

  @Override
  public Map<String, double[][]> gradients() {
    return Map.of("weight", dW, "bias", new double[][] {db});
  }
}
