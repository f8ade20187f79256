package dev.lanewise.reference;

import dev.lanewise.net.BatchNorm;
import java.util.Map;

/**
 * Batch normalisation of each column: y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε), where μ and σ² are
 * the batch's own in training and the running ones in inference.
 *
 * <p>The backward pass goes through the six partial derivatives of Ioffe and Szegedy (2015), one
 * after the other as the course does, and not through the closed form that the engine uses.
 */
final class Normalization implements TextbookLayer {

  private final double[] gamma;
  private final double[] beta;
  private final double[] runningMean;
  private final double[] runningVariance;
  private final BatchNorm norm;
  private double[][] centred;
  private double[] mean;
  private double[] variance;
  private double[] dGamma;
  private double[] dBeta;

  Normalization(
      double[] gamma,
      double[] beta,
      double[] runningMean,
      double[] runningVariance,
      BatchNorm norm) {
    this.gamma = gamma;
    this.beta = beta;
    this.runningMean = runningMean;
    this.runningVariance = runningVariance;
    this.norm = norm;
  }

  /** {@return the columns normalised by the running moments} */
  @Override
  public double[][] infer(double[][] x) {
    return normalize(x, runningMean, runningVariance);
  }

  @Override
  public double[][] train(double[][] x, ReferenceNetwork.Batch batch) {
    return train(x);
  }

  /** {@return the columns normalised by their own moments} */
  double[][] train(double[][] x) {
    int n = x.length;
    mean = new double[gamma.length];
    variance = new double[gamma.length];
    for (int j = 0; j < gamma.length; j++) {
      double sum = 0;
      for (int r = 0; r < n; r++) {
        sum += x[r][j];
      }
      mean[j] = sum / n;
      double squares = 0;
      for (int r = 0; r < n; r++) {
        squares += (x[r][j] - mean[j]) * (x[r][j] - mean[j]);
      }
      variance[j] = squares / n;
    }
    return normalize(x, mean, variance);
  }

  private double[][] normalize(double[][] x, double[] means, double[] variances) {
    centred = new double[x.length][gamma.length];
    double[][] y = new double[x.length][gamma.length];
    for (int r = 0; r < x.length; r++) {
      for (int j = 0; j < gamma.length; j++) {
        centred[r][j] = x[r][j] - means[j];
        y[r][j] = gamma[j] * centred[r][j] / Math.sqrt(variances[j] + norm.epsilon()) + beta[j];
      }
    }
    return y;
  }

  /** {@return ∂J/∂x of a training pass}; leaves ∂J/∂γ and ∂J/∂β. */
  @Override
  public double[][] backward(double[][] dY) {
    int n = dY.length;
    double[][] dX = new double[n][gamma.length];
    dGamma = new double[gamma.length];
    dBeta = new double[gamma.length];
    for (int j = 0; j < gamma.length; j++) {
      double deviation = Math.sqrt(variance[j] + norm.epsilon());
      double dVariance = 0;
      double dMeanDirect = 0;
      double sumCentred = 0;
      for (int r = 0; r < n; r++) {
        double dNormalized = dY[r][j] * gamma[j];
        dVariance += dNormalized * centred[r][j] * -0.5 / (deviation * deviation * deviation);
        dMeanDirect -= dNormalized / deviation;
        sumCentred += centred[r][j];
        dGamma[j] += dY[r][j] * centred[r][j] / deviation;
        dBeta[j] += dY[r][j];
      }
      // The variance depends on the mean too; that part is 0 but for the rounding of the mean.
      double dMean = dMeanDirect + dVariance * -2 * sumCentred / n;
      for (int r = 0; r < n; r++) {
        double dNormalized = dY[r][j] * gamma[j];
        dX[r][j] = dNormalized / deviation + dVariance * 2 * centred[r][j] / n + dMean / n;
      }
    }
    return dX;
  }

  /** {@return the gradients, and the moments of the batch in the network's convention} */
  @Override
  public Map<String, double[][]> gradients() {
    return Map.of(
        "scale", new double[][] {dGamma},
        "shift", new double[][] {dBeta},
        "mean", new double[][] {mean},
        "variance", new double[][] {stated()});
  }

  private double[] stated() {
    double[] stated = variance.clone();
    if (norm.variance() == BatchNorm.Variance.UNBIASED) {
      for (int j = 0; j < stated.length; j++) {
        stated[j] *= centred.length / (centred.length - 1.0);
      }
    }
    return stated;
  }
}
