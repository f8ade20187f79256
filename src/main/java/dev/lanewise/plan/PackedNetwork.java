package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Block;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.List;

/**
 * A network's parameters made ready for inference: batch norm folded into weights and biases,
 * weights packed for the kernels.
 *
 * <p>w′ = w·γ/√(σ² + ε) and b′ = β − μ·γ/√(σ² + ε), each rounded once. Any number of threads may
 * read it, through {@link InferencePlan}s of their own, as long as none repacks it.
 */
public final class PackedNetwork {

  private final Network network;
  private final Engine engine;
  private final Layout layout;
  private final List<Block> blocks;
  private final Gemm gemm;
  private final float[][] weights;
  private final float[][] biases;

  /** A group of folded columns on its way to the panels. */
  private final float[] folded;

  private PackedNetwork(Network network, Engine engine) {
    this.network = network;
    this.engine = engine;
    layout = network.layout();
    blocks = network.blocks();
    Kernels kernels = engine.kernels();
    gemm = new Gemm(kernels);
    weights = new float[blocks.size()][];
    biases = new float[blocks.size()][];
    int deepest = 0;
    for (int i = 0; i < weights.length; i++) {
      Block block = blocks.get(i);
      weights[i] = new float[Gemm.packedLength(kernels, block.inputs(), block.outputs())];
      biases[i] = new float[block.outputs()];
      deepest = Math.max(deepest, block.norm().isPresent() ? block.inputs() : 0);
    }
    folded = new float[Math.multiplyExact(deepest, Gemm.GROUP)];
  }

  /**
   * {@return a network's parameters, packed}
   *
   * @param network the network
   * @param parameters θ, of the layout's size; copied
   * @param engine the kernels, and the threads of the plans over it
   * @throws IllegalArgumentException if the length does not fit
   */
  public static PackedNetwork pack(Network network, float[] parameters, Engine engine) {
    PackedNetwork packed = new PackedNetwork(network, engine);
    packed.repack(parameters);
    return packed;
  }

  /**
   * Packs other parameters in place. No plan over this may run meanwhile.
   *
   * @param parameters θ, of the layout's size; copied
   * @throws IllegalArgumentException if the length does not fit
   */
  public void repack(float[] parameters) {
    if (parameters.length != layout.size()) {
      throw new IllegalArgumentException(
          "parameters: length %d; expected %d".formatted(parameters.length, layout.size()));
    }
    for (int i = 0; i < weights.length; i++) {
      Block block = blocks.get(i);
      int in = block.inputs();
      int out = block.outputs();
      int weight = layout.slot(block.name(Slot.Role.WEIGHT)).offset();
      if (block.norm().isPresent()) {
        fold(parameters, block, block.norm().get(), weight, weights[i], biases[i]);
      } else {
        int bias = layout.slot(block.name(Slot.Role.BIAS)).offset();
        System.arraycopy(parameters, bias, biases[i], 0, out);
        gemm.pack(parameters, weight, out, 1, in, out, weights[i], 0);
      }
    }
  }

  private void fold(
      float[] parameters, Block block, BatchNorm norm, int weight, float[] panels, float[] bias) {
    int scale = layout.slot(block.name(Slot.Role.SCALE)).offset();
    int shift = layout.slot(block.name(Slot.Role.SHIFT)).offset();
    int mean = layout.slot(block.name(Slot.Role.MEAN)).offset();
    int variance = layout.slot(block.name(Slot.Role.VARIANCE)).offset();
    int in = block.inputs();
    int out = block.outputs();
    for (int group = 0; group < out; group += Gemm.GROUP) {
      int columns = Math.min(Gemm.GROUP, out - group);
      for (int c = 0; c < columns; c++) {
        int j = group + c;
        double factor =
            parameters[scale + j] / Math.sqrt(parameters[variance + j] + norm.epsilon());
        bias[j] = (float) (parameters[shift + j] - parameters[mean + j] * factor);
        for (int k = 0; k < in; k++) {
          folded[k * columns + c] = (float) (parameters[weight + k * out + j] * factor);
        }
      }
      gemm.pack(folded, 0, columns, 1, in, columns, panels, group * in);
    }
  }

  /** {@return the network} */
  public Network network() {
    return network;
  }

  /** {@return the engine} */
  public Engine engine() {
    return engine;
  }

  List<Block> blocks() {
    return blocks;
  }

  float[] weights(int block) {
    return weights[block];
  }

  float[] biases(int block) {
    return biases[block];
  }
}
