package dev.lanewise.plan;

import dev.lanewise.kernel.ActivationKernels;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Network;

/**
 * The activation and dropout of one block: forward on the columns that a product has just finished,
 * backward on the gradient of the block's output.
 *
 * <p>The forward pass keeps only what the derivative needs: for ReLU the sign of the output, also
 * under dropout; for sigmoid and tanh the value; for the others the argument.
 */
final class Gate {

  private final ActivationKernels kernels;
  private final Pointwise pointwise;
  private final Pointwise.Memory memory;
  private final DropoutMask dropout;
  private final int width;

  /** The distance between rows of {@link #kept} and {@link #output}. */
  private final int stride;

  /**
   * Where the linear part writes, and what the derivative reads; the same array as the output where
   * that suffices.
   */
  private final float[] kept;

  private final float[] output;

  Gate(Kernels kernels, Network.Block block, int stride, int maxRows) {
    this.kernels = kernels;
    pointwise = new Pointwise(kernels, block.activation());
    memory = pointwise.memory();
    dropout = DropoutMask.compile(kernels, block.dropout(), block.number());
    width = block.outputs();
    this.stride = stride;
    output = new float[Math.multiplyExact(maxRows, stride)];
    boolean outputSuffices =
        memory == Pointwise.Memory.OUTPUT || (memory == Pointwise.Memory.VALUE && dropout == null);
    kept = outputSuffices ? output : new float[output.length];
  }

  /** Where the linear part of the block goes, {@code [rows][stride]}. */
  float[] target() {
    return kept;
  }

  /** The block's output {@code [rows][stride]}. */
  float[] output() {
    return output;
  }

  /** The floats held. */
  long size() {
    return kept == output ? output.length : 2L * output.length;
  }

  /** Whether units are dropped here. */
  boolean drops() {
    return dropout != null;
  }

  void begin(Pass pass) {
    if (dropout != null) {
      dropout.begin(pass, width);
    }
  }

  /** Turns finished columns of {@link #target} into output. */
  void forward(int fromRow, int toRow, int column, int columns) {
    if (columns == stride) {
      activate(fromRow * stride, fromRow * width, (toRow - fromRow) * width);
      return;
    }
    for (int row = fromRow; row < toRow; row++) {
      activate(row * stride + column, row * width + column, columns);
    }
  }

  /** {@code unit} is the index of the first element in the dropout's mask. */
  private void activate(int at, int unit, int n) {
    if (dropout == null) {
      pointwise.apply(kept, output, at, n);
    } else if (pointwise.function() == Activation.Function.RELU) {
      dropout.applyToRelu(output, output, at, unit, n);
    } else if (memory == Pointwise.Memory.ARGUMENT) {
      pointwise.apply(kept, output, at, n);
      dropout.apply(output, output, at, unit, n);
    } else {
      pointwise.apply(kept, kept, at, n);
      dropout.apply(kept, output, at, unit, n);
    }
  }

  /** Turns columns of the output's gradient, in place, into the gradient of the linear part. */
  void backward(float[] delta, int rows, int column, int columns) {
    if (columns == stride) {
      differentiate(delta, 0, 0, rows * width);
      return;
    }
    for (int row = 0; row < rows; row++) {
      differentiate(delta, row * stride + column, row * width + column, columns);
    }
  }

  private void differentiate(float[] delta, int at, int unit, int n) {
    if (dropout == null) {
      pointwise.differentiate(kept, delta, at, n);
    } else if (pointwise.function() == Activation.Function.RELU) {
      kernels.reluGate(output, at, delta, at, n, dropout.scale());
    } else {
      dropout.apply(delta, delta, at, unit, n);
      pointwise.differentiate(kept, delta, at, n);
    }
  }
}
