package dev.lanewise.reference;

import java.util.Map;

/** A share of an activation function and the rest of the identity: y = (1 − α)·x + α·f(x). */
final class Blending implements TextbookLayer {

  private final double[] alpha;
  private final Nonlinearity function;
  private double[][] x;
  private double[][] values;
  private double[] dAlpha;

  Blending(double[] alpha, Nonlinearity function) {
    this.alpha = alpha;
    this.function = function;
  }

  @Override
  public double[][] infer(double[][] input) {
    x = input;
    values = function.infer(x);
    double[][] y = new double[x.length][alpha.length];
    for (int r = 0; r < x.length; r++) {
      for (int j = 0; j < alpha.length; j++) {
        y[r][j] = (1 - alpha[j]) * x[r][j] + alpha[j] * values[r][j];
      }
    }
    return y;
  }

  @Override
  public double[][] backward(double[][] dY) {
    dAlpha = new double[alpha.length];
    double[][] slopes = function.backward(dY);
    double[][] dX = new double[dY.length][alpha.length];
    for (int r = 0; r < dY.length; r++) {
      for (int j = 0; j < alpha.length; j++) {
        dAlpha[j] += dY[r][j] * (values[r][j] - x[r][j]);
        dX[r][j] = (1 - alpha[j]) * dY[r][j] + alpha[j] * slopes[r][j];
      }
    }
    return dX;
  }

  @Override
  public Map<String, double[][]> gradients() {
    return Map.of("scale", new double[][] {dAlpha});
  }

  @Override
  public void addSides(Sides sides) {
    function.addSides(sides);
  }
}
