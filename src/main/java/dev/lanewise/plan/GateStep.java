package dev.lanewise.plan;

import dev.lanewise.kernel.ActivationKernels;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Network;
import java.util.Optional;

/**
 * An activation and the dropout behind it, or one of them: forward on what the step before has just
 * finished, backward on the gradient of the output.
 *
 * <p>The forward pass keeps only what the derivative needs: for ReLU the sign of the output, also
 * under dropout; for sigmoid and tanh the value; for the others the argument.
 */
final class GateStep extends Step.Follower {

  private final ActivationKernels kernels;
  private final Pointwise pointwise;
  private final Pointwise.Memory memory;

  /** Null where nothing is dropped. */
  private final DropoutMask dropout;

  /** The number of the dropout's masks. */
  private final int number;

  private final Pass pass;
  private final int width;

  /** The distance between rows of {@link #kept} and {@link #output}. */
  private final int stride;

  /**
   * Where the step before writes, and what the derivative reads; the same array as the output where
   * that suffices.
   */
  private final float[] kept;

  private final float[] output;

  GateStep(Activation activation, Optional<Dropout> dropout, Place place) {
    kernels = place.kernels();
    pass = place.pass();
    pointwise = new Pointwise(kernels, activation);
    memory = pointwise.memory();
    number = place.node().number();
    this.dropout = DropoutMask.compile(kernels, dropout, number);
    width = place.node().outputs();
    stride = place.stride();
    output = place.output();
    kept = outputSuffices(place.outputStays()) ? output : place.matrix();
  }

  /** Whether the derivative can be computed from the output. */
  private boolean outputSuffices(boolean outputStays) {
    boolean isIdentity = pointwise.function() == Activation.Function.IDENTITY;
    boolean readsOutput =
        memory == Pointwise.Memory.OUTPUT || (memory == Pointwise.Memory.VALUE && dropout == null);
    return isIdentity || (outputStays && readsOutput);
  }

  @Override
  Reach reach() {
    return Reach.ELEMENTS;
  }

  @Override
  float[] input() {
    return kept;
  }

  @Override
  boolean keepsInput() {
    return kept != output && memory != Pointwise.Memory.VALUE;
  }

  @Override
  long size() {
    return kept == output ? 0 : kept.length;
  }

  @Override
  boolean drops(int number) {
    return dropout != null && number == this.number;
  }

  @Override
  String label() {
    String function = pointwise.function().name();
    if (dropout == null) {
      return function;
    }
    return pointwise.function() == Activation.Function.IDENTITY
        ? "dropout"
        : function + " + dropout";
  }

  @Override
  void begin() {
    if (dropout != null) {
      dropout.begin(pass, width);
    }
  }

  @Override
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
    if (dropout != null && pointwise.function() == Activation.Function.RELU) {
      dropout.applyToRelu(kept, output, at, unit, n);
    } else if (memory == Pointwise.Memory.VALUE && kept != output) {
      pointwise.apply(kept, kept, at, n);
      drop(kept, at, unit, n);
    } else {
      pointwise.apply(kept, output, at, n);
      if (dropout != null) {
        dropout.apply(output, output, at, unit, n);
      }
    }
  }

  /** Copies values into the output, without those that are dropped. */
  private void drop(float[] values, int at, int unit, int n) {
    if (dropout == null) {
      System.arraycopy(values, at, output, at, n);
    } else {
      dropout.apply(values, output, at, unit, n);
    }
  }

  @Override
  Reach backwardReach() {
    return Reach.ELEMENTS;
  }

  @Override
  void backward(float[] delta, int fromRow, int toRow, int column, int columns) {
    if (columns == stride) {
      differentiate(delta, fromRow * stride, fromRow * width, (toRow - fromRow) * width);
      return;
    }
    for (int row = fromRow; row < toRow; row++) {
      differentiate(delta, row * stride + column, row * width + column, columns);
    }
  }

  private void differentiate(float[] delta, int at, int unit, int n) {
    if (dropout == null) {
      pointwise.differentiate(kept, delta, at, n);
    } else if (kept == output && pointwise.function() == Activation.Function.RELU) {
      kernels.reluGate(output, at, delta, at, n, dropout.scale());
    } else {
      dropout.apply(delta, delta, at, unit, n);
      pointwise.differentiate(kept, delta, at, n);
    }
  }

  /** The same for inference: an activation, and the factor of the classic dropout behind it. */
  static final class Packed extends PackedFollower {

    private final Kernels kernels;
    private final Pointwise pointwise;
    private final float scale;
    private final int width;

    Packed(Activation activation, double scale, Network.Node node, Kernels kernels) {
      this.kernels = kernels;
      pointwise = new Pointwise(kernels, activation);
      this.scale = (float) scale;
      width = node.outputs();
    }

    @Override
    void apply(float[] y, int stride, int rows, float[] room) {
      if (stride == width) {
        activate(y, 0, rows * width);
        return;
      }
      for (int row = 0; row < rows; row++) {
        activate(y, row * stride, width);
      }
    }

    private void activate(float[] y, int at, int n) {
      pointwise.apply(y, y, at, n);
      if (scale != 1) {
        kernels.scale(y, at, scale, y, at, n);
      }
    }
  }
}
