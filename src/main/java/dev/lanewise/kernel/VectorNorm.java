package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.FLOATS;
import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;

/** The vector form of {@link NormKernels}: a vector of columns at a time, its sums in registers. */
interface VectorNorm extends NormKernels {

  @Override
  default void columnSums(
      float[] x, int xo, int stride, int rows, int columns, float[] sums, int so) {
    int j = 0;
    for (int end = FLOATS.loopBound(columns); j < end; j += LENGTH) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int from = 0; from < rows; from += BLOCK) {
        FloatVector block = FloatVector.zero(FLOATS);
        int to = Math.min(rows, from + BLOCK);
        for (int i = from; i < to; i++) {
          block = block.add(FloatVector.fromArray(FLOATS, x, xo + i * stride + j));
        }
        sum = sum.add(block);
      }
      sum.intoArray(sums, so + j);
    }
    for (; j < columns; j++) {
      sums[so + j] = ScalarNorm.columnSum(x, xo + j, stride, rows);
    }
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
    columnSums(x, xo, stride, rows, columns, mean, so);
    int j = 0;
    for (int end = FLOATS.loopBound(columns); j < end; j += LENGTH) {
      FloatVector m = FloatVector.fromArray(FLOATS, mean, so + j).div(rows);
      FloatVector sum = FloatVector.zero(FLOATS);
      FloatVector squares = FloatVector.zero(FLOATS);
      for (int from = 0; from < rows; from += BLOCK) {
        FloatVector blockSum = FloatVector.zero(FLOATS);
        FloatVector blockSquares = FloatVector.zero(FLOATS);
        int to = Math.min(rows, from + BLOCK);
        for (int i = from; i < to; i++) {
          FloatVector deviation = FloatVector.fromArray(FLOATS, x, xo + i * stride + j).sub(m);
          blockSum = blockSum.add(deviation);
          blockSquares = deviation.fma(deviation, blockSquares);
        }
        sum = sum.add(blockSum);
        squares = squares.add(blockSquares);
      }
      m.intoArray(mean, so + j);
      sum.div(rows).intoArray(residual, so + j);
      squares.sub(sum.mul(sum).div(rows)).div(rows).max(0f).intoArray(variance, so + j);
    }
    for (; j < columns; j++) {
      ScalarNorm.moments(x, xo + j, stride, rows, mean, residual, variance, so + j);
    }
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
    int j = 0;
    for (int end = FLOATS.loopBound(columns); j < end; j += LENGTH) {
      FloatVector m = FloatVector.fromArray(FLOATS, mean, so + j);
      FloatVector r = FloatVector.fromArray(FLOATS, inverse, so + j);
      FloatVector o = FloatVector.fromArray(FLOATS, offset, so + j);
      FloatVector gamma = FloatVector.fromArray(FLOATS, parameters, scale + j);
      FloatVector beta = FloatVector.fromArray(FLOATS, parameters, shift + j);
      for (int i = 0; i < rows; i++) {
        int at = xo + i * stride + j;
        FloatVector normal = FloatVector.fromArray(FLOATS, x, at).sub(m).fma(r, o);
        normal.fma(gamma, beta).intoArray(y, at);
      }
    }
    for (; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        int at = xo + i * stride + j;
        float normal = Fma.fma(x[at] - mean[so + j], inverse[so + j], offset[so + j]);
        y[at] = Fma.fma(normal, parameters[scale + j], parameters[shift + j]);
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
    int j = 0;
    for (int end = FLOATS.loopBound(columns); j < end; j += LENGTH) {
      FloatVector m = FloatVector.fromArray(FLOATS, mean, so + j);
      FloatVector r = FloatVector.fromArray(FLOATS, inverse, so + j);
      FloatVector o = FloatVector.fromArray(FLOATS, offset, so + j);
      FloatVector sum = FloatVector.zero(FLOATS);
      FloatVector product = FloatVector.zero(FLOATS);
      for (int from = 0; from < rows; from += BLOCK) {
        FloatVector blockSum = FloatVector.zero(FLOATS);
        FloatVector blockProduct = FloatVector.zero(FLOATS);
        int to = Math.min(rows, from + BLOCK);
        for (int i = from; i < to; i++) {
          int at = xo + i * stride + j;
          FloatVector dy = FloatVector.fromArray(FLOATS, d, at);
          FloatVector normal = FloatVector.fromArray(FLOATS, x, at).sub(m).fma(r, o);
          blockSum = blockSum.add(dy);
          blockProduct = dy.fma(normal, blockProduct);
        }
        sum = sum.add(blockSum);
        product = product.add(blockProduct);
      }
      sum.intoArray(gradient, shift + j);
      product.intoArray(gradient, scale + j);
      FloatVector meanSum = sum.div(rows);
      FloatVector meanProduct = product.div(rows);
      FloatVector factor = FloatVector.fromArray(FLOATS, parameters, scale + j).mul(r);
      for (int i = 0; i < rows; i++) {
        int at = xo + i * stride + j;
        FloatVector normal = FloatVector.fromArray(FLOATS, x, at).sub(m).fma(r, o);
        FloatVector centred = FloatVector.fromArray(FLOATS, d, at).sub(meanSum);
        factor.mul(normal.neg().fma(meanProduct, centred)).intoArray(d, at);
      }
    }
    for (; j < columns; j++) {
      ScalarNorm.normalizeGradient(
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
}
