package dev.lanewise.jmh;

import java.util.Arrays;

/**
 * The backward pass of batch normalisation in stages, as a course writes it with arrays: one pass
 * over the matrix, or two, for each partial derivative, and an array for each result. What our
 * closed form is measured against; plain Java, on one thread.
 */
final class StagedNorm implements Operation {

  private final int rows;
  private final int columns;
  private final float[] centred;
  private final float[] normal;
  private final float[] deviation;
  private final float[] gamma;

  private final float[] dGamma;
  private final float[] dBeta;
  private final float[] dVariance;
  private final float[] dMean;
  private final float[] dNormal;
  private final float[] term;
  private final float[] sumCentred;

  /** ∂y, replaced by ∂x, which serves as the next ∂y. */
  private final float[] d;

  /** Keeps what a forward pass would: the centred and the normalised matrix. */
  StagedNorm(Task task) {
    rows = task.rows();
    columns = task.columns();
    gamma = task.deviations();
    float[] x = Task.values(task.size(), 1);
    d = Task.values(task.size(), 2);
    centred = new float[rows * columns];
    normal = new float[rows * columns];
    deviation = new float[columns];
    dGamma = new float[columns];
    dBeta = new float[columns];
    dVariance = new float[columns];
    dMean = new float[columns];
    dNormal = new float[rows * columns];
    term = new float[rows * columns];
    sumCentred = new float[columns];
    for (int j = 0; j < columns; j++) {
      double mean = 0;
      for (int i = 0; i < rows; i++) {
        mean += (double) x[i * columns + j] / rows;
      }
      double variance = 0;
      for (int i = 0; i < rows; i++) {
        double apart = x[i * columns + j] - mean;
        variance += apart * apart / rows;
      }
      deviation[j] = (float) Math.sqrt(variance + Task.EPSILON);
      for (int i = 0; i < rows; i++) {
        centred[i * columns + j] = (float) (x[i * columns + j] - mean);
        normal[i * columns + j] = centred[i * columns + j] / deviation[j];
      }
    }
  }

  @Override
  public void run(int times) {
    for (int i = 0; i < times; i++) {
      backward();
    }
  }

  @Override
  public float[] result() {
    return Arrays.copyOf(d, Math.min(d.length, Task.CHECKED));
  }

  private void backward() {
    // ∂β = Σ∂y
    sumColumns(d, dBeta);
    // ∂γ = Σ∂y·x̂
    multiply(d, normal, term);
    sumColumns(term, dGamma);
    // ∂x̂ = ∂y·γ
    multiplyColumns(d, gamma, dNormal);
    // ∂σ² = Σ∂x̂·(x − μ)·(−½)·(σ² + ε)^(−3/2)
    multiply(dNormal, centred, term);
    sumColumns(term, dVariance);
    for (int j = 0; j < columns; j++) {
      dVariance[j] *= -0.5f / (deviation[j] * deviation[j] * deviation[j]);
    }
    // ∂μ = −Σ∂x̂/√(σ² + ε) + ∂σ²·Σ−2(x − μ)/n
    divideColumns(dNormal, deviation, term);
    sumColumns(term, dMean);
    sumColumns(centred, sumCentred);
    for (int j = 0; j < columns; j++) {
      dMean[j] = -dMean[j] - 2 * dVariance[j] * sumCentred[j] / rows;
    }
    // ∂x = ∂x̂/√(σ² + ε) + ∂σ²·2(x − μ)/n + ∂μ/n
    divideColumns(dNormal, deviation, d);
    multiplyColumns(centred, dVariance, term);
    float share = 2f / rows;
    for (int i = 0; i < d.length; i++) {
      d[i] += share * term[i];
    }
    for (int j = 0; j < columns; j++) {
      dMean[j] /= rows;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        d[i * columns + j] += dMean[j];
      }
    }
  }

  private void sumColumns(float[] matrix, float[] sums) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += matrix[i * columns + j];
      }
    }
  }

  private static void multiply(float[] a, float[] b, float[] c) {
    for (int i = 0; i < c.length; i++) {
      c[i] = a[i] * b[i];
    }
  }

  private void multiplyColumns(float[] a, float[] factors, float[] c) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        c[i * columns + j] = a[i * columns + j] * factors[j];
      }
    }
  }

  private void divideColumns(float[] a, float[] divisors, float[] c) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        c[i * columns + j] = a[i * columns + j] / divisors[j];
      }
    }
  }
}
