package dev.lanewise.reference;

import java.util.Map;

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016): y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε), where
 * μ and σ² are those of a row's own units, in training as in inference.
 *
 * <p>The backward pass takes the partial derivatives one after the other: ∂x̂ = γ·∂y reaches x
 * directly, through σ² and through μ.
 */
final class RowNormalization implements TextbookLayer {

  private final double[] gamma;
  private final double[] beta;
  private final double epsilon;
  private double[][] centred;
  private double[] deviation;
  private double[] dGamma;
  private double[] dBeta;

  RowNormalization(double[] gamma, double[] beta, double epsilon) {
    this.gamma = gamma;
    this.beta = beta;
    this.epsilon = epsilon;
  }

  @Override
  public double[][] infer(double[][] x) {
    int n = gamma.length;
    centred = new double[x.length][n];
    deviation = new double[x.length];
    double[][] y = new double[x.length][n];
    for (int r = 0; r < x.length; r++) {
      double mean = 0;
      for (int j = 0; j < n; j++) {
        mean += x[r][j] / n;
      }
      double variance = 0;
      for (int j = 0; j < n; j++) {
        centred[r][j] = x[r][j] - mean;
        variance += centred[r][j] * centred[r][j] / n;
      }
      deviation[r] = Math.sqrt(variance + epsilon);
      for (int j = 0; j < n; j++) {
        y[r][j] = gamma[j] * centred[r][j] / deviation[r] + beta[j];
      }
    }
    return y;
  }

  @Override
  public double[][] backward(double[][] dY) {
    int n = gamma.length;
    double[][] dX = new double[dY.length][n];
    dGamma = new double[n];
    dBeta = new double[n];
    for (int r = 0; r < dY.length; r++) {
      double dVariance = 0;
      double dMean = 0;
      for (int j = 0; j < n; j++) {
        double dNormalized = dY[r][j] * gamma[j];
        dVariance +=
            dNormalized * centred[r][j] * -0.5 / (deviation[r] * deviation[r] * deviation[r]);
        dMean -= dNormalized / deviation[r];
        dGamma[j] += dY[r][j] * centred[r][j] / deviation[r];
        dBeta[j] += dY[r][j];
      }
      for (int j = 0; j < n; j++) {
        double dNormalized = dY[r][j] * gamma[j];
        dX[r][j] = dNormalized / deviation[r] + dVariance * 2 * centred[r][j] / n + dMean / n;
      }
    }
    return dX;
  }

  @Override
  public Map<String, double[][]> gradients() {
    return Map.of("scale", new double[][] {dGamma}, "shift", new double[][] {dBeta});
  }
}
