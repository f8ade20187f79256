package dev.lanewise.gemm;

import dev.lanewise.kernel.Result;

/** What the sums of a product start from. */
enum Start {
  ZERO,
  VECTOR,
  MATRIX;

  Start orZero(boolean zero) {
    return zero ? ZERO : this;
  }

  void apply(Result result, float[] starts, int at, int row) {
    switch (this) {
      case ZERO -> result.startFromZero();
      case VECTOR -> result.startFromVector(starts, at);
      case MATRIX -> result.startFromMatrix(starts, at, row);
    }
  }
}
