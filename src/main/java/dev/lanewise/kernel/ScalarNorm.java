package dev.lanewise.kernel;

/**
 * The scalar form of {@link NormKernels}: sums go down one column at a time and stay in registers;
 * everything else runs along the rows.
 */
interface ScalarNorm extends NormKernels {

  @Override
  default void columnSums(
      float[] x, int xo, int stride, int rows, int columns, float[] sums, int so) {
    for (int j = 0; j < columns; j++) {
      sums[so + j] = columnSum(x, xo + j, stride, rows);
    }
  }

  /** {@return the sum of one column} */
  static float columnSum(float[] x, int xo, int stride, int rows) {
    float sum = 0;
    for (int from = 0; from < rows; from += BLOCK) {
      float block = 0;
      for (int i = from; i < Math.min(rows, from + BLOCK); i++) {
        block += x[xo + i * stride];
      }
      sum += block;
    }
    return sum;
  }

  @Override
  default void moments(
      float[] x,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] residual,
      float[] variance,
      int so) {
    for (int j = 0; j < columns; j++) {
      moments(x, xo + j, stride, rows, mean, residual, variance, so + j);
    }
  }

  /** Computes one column's mean and variance. */
  static void moments(
      float[] x,
      int xo,
      int stride,
      int rows,
      float[] mean,
      float[] residual,
      float[] variance,
      int so) {
    float m = columnSum(x, xo, stride, rows) / rows;
    float sum = 0;
    float squares = 0;
    float excess = 0;
    for (int from = 0; from < rows; from += BLOCK) {
      float blockSum = 0;
      float blockSquares = 0;
      for (int i = from; i < Math.min(rows, from + BLOCK); i++) {
        float deviation = x[xo + i * stride] - m;
        blockSum += deviation;
        blockSquares = Fma.fma(deviation, deviation, blockSquares);
      }
      sum += blockSum;
      // What rounding has added to the sum of squares is taken off the next block.
      blockSquares -= excess;
      float more = squares + blockSquares;
      excess = (more - squares) - blockSquares;
      squares = more;
    }
    mean[so] = m;
    residual[so] = sum / rows;
    variance[so] = Math.max(0f, (squares - sum * sum / rows) / rows);
  }

  @Override
  default void normalize(
      float[] x,
      float[] y,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      int scale,
      int shift) {
    for (int i = 0; i < rows; i++) {
      int row = xo + i * stride;
      for (int j = 0; j < columns; j++) {
        float gamma = parameters[scale + j];
        float term = Fma.fma(gamma, offset[so + j], parameters[shift + j]);
        y[row + j] = Fma.fma(x[row + j] - mean[so + j], gamma * inverse[so + j], term);
      }
    }
  }

  @Override
  default void normalizeGradient(
      float[] x,
      float[] d,
      int xo,
      int stride,
      int rows,
      int columns,
      float[] mean,
      float[] inverse,
      float[] offset,
      int so,
      float[] parameters,
      float[] gradient,
      int scale,
      int shift) {
    for (int j = 0; j < columns; j++) {
      normalizeGradient(
          x,
          d,
          xo + j,
          stride,
          rows,
          mean[so + j],
          inverse[so + j],
          offset[so + j],
          parameters[scale + j],
          gradient,
          scale + j,
          shift + j);
    }
  }

  /** The backward pass of one column. */
  static void normalizeGradient(
      float[] x,
      float[] d,
      int xo,
      int stride,
      int rows,
      float mean,
      float inverse,
      float offset,
      float gamma,
      float[] gradient,
      int scale,
      int shift) {
    float sum = 0;
    float product = 0;
    for (int from = 0; from < rows; from += BLOCK) {
      float blockSum = 0;
      float blockProduct = 0;
      for (int i = from; i < Math.min(rows, from + BLOCK); i++) {
        int at = xo + i * stride;
        blockSum += d[at];
        blockProduct = Fma.fma(d[at], Fma.fma(x[at] - mean, inverse, offset), blockProduct);
      }
      sum += blockSum;
      product += blockProduct;
    }
    gradient[shift] = sum;
    gradient[scale] = product;
    float meanSum = sum / rows;
    float meanProduct = product / rows;
    float factor = gamma * inverse;
    float slope = -(inverse * meanProduct);
    float term = Fma.fma(offset, meanProduct, meanSum);
    for (int i = 0; i < rows; i++) {
      int at = xo + i * stride;
      d[at] = Fma.fma(x[at] - mean, slope, d[at] - term) * factor;
    }
  }
}
