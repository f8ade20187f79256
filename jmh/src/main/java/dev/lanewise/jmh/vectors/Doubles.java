package dev.lanewise.jmh.vectors;

import java.util.Random;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Tensors of doubles, from and to arrays, and the numbers that cases start from. */
final class Doubles {

  /** What the cases start from are multiples of this, and so are floats, too. */
  private static final double GRAIN = 0x1p-10;

  private Doubles() {}

  /** {@return a tensor with a copy of the values} */
  static Tensor tensor(double[] values, long... shape) {
    try (DoublePointer pointer = new DoublePointer(values)) {
      return torch.from_blob(pointer, shape, new TensorOptions(torch.ScalarType.Double)).clone();
    }
  }

  /** {@return a copy of a tensor's values, row by row} */
  static double[] values(Tensor tensor) {
    double[] values = new double[(int) tensor.numel()];
    try (DoublePointer pointer = tensor.contiguous().data_ptr_double()) {
      pointer.get(values);
    }
    return values;
  }

  /** {@return class numbers as PyTorch takes them} */
  static Tensor classes(double[] numbers) {
    long[] classes = new long[numbers.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (long) numbers[i];
    }
    try (LongPointer pointer = new LongPointer(classes)) {
      return torch
          .from_blob(pointer, new long[] {classes.length}, new TensorOptions(torch.ScalarType.Long))
          .clone();
    }
  }

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  /** {@return normal draws about a mean} */
  static double[] normals(Random random, int count, double mean, double deviation) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.rint((mean + deviation * random.nextGaussian()) / GRAIN) * GRAIN;
    }
    return values;
  }
}
