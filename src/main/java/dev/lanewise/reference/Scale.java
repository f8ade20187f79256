package dev.lanewise.reference;

import java.util.Map;

/** A factor for each column: y = s·x, with X {@code [rows][n]} and s {@code [n]}. */
final class Scale implements TextbookLayer {

  private final double[] s;
  private double[][] x;
  private double[] dS;

  Scale(double[] s) {
    this.s = s;
  }

  @Override
  public double[][] infer(double[][] input) {
    x = input;
    double[][] y = new double[x.length][s.length];
    for (int r = 0; r < x.length; r++) {
      for (int j = 0; j < s.length; j++) {
        y[r][j] = s[j] * x[r][j];
      }
    }
    return y;
  }

  /** {@return dX = s·dY}; leaves ds, the column sums of x·dY. */
  @Override
  public double[][] backward(double[][] dY) {
    double[][] dX = new double[dY.length][s.length];
    dS = new double[s.length];
    for (int r = 0; r < dY.length; r++) {
      for (int j = 0; j < s.length; j++) {
        dX[r][j] = s[j] * dY[r][j];
        dS[j] += x[r][j] * dY[r][j];
      }
    }
    return dX;
  }

  @Override
  public Map<String, double[][]> gradients() {
    return Map.of("scale", new double[][] {dS});
  }
}
