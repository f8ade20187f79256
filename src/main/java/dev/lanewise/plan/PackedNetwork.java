package dev.lanewise.plan;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Gemm;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network's parameters made ready for inference: batch norm folded into weights and biases, the
 * factor of classic dropout into the weights that follow it, weights packed for the kernels, at
 * full or half width.
 *
 * <p>w′ = w·γ/√(σ² + ε) and b′ = β − μ·γ/√(σ² + ε), or w′ = w·keep, or both, each rounded once.
 * Layer norm depends on the row and stays a layer. Any number of threads may read it, through
 * {@link InferencePlan}s of their own, as long as none repacks it. Where the engine's kernels are
 * cold, it is packed for scalar kernels first, and anew when its plans go over (see {@link
 * ColdStart}): they take the new layers from their next call on.
 */
public final class PackedNetwork {

  /** The nanoseconds of a call that are not for products. */
  private static final double OVERHEAD = 300;

  /** From so many rows on a call is of another kind. */
  private static final int FEW = 8;

  /**
   * Where a layer's tensors begin in θ, looked up once, so that packing again allocates nothing.
   *
   * @param bias the biases, if it has any; else −1, and so on
   * @param batchNorm its batch norm, or null
   */
  private record Source(
      int weight, int bias, int scale, int shift, int mean, int variance, BatchNorm batchNorm) {

    static Source of(Layout layout, Network.Block block) {
      return new Source(
          offset(layout, block, Slot.Role.WEIGHT),
          offset(layout, block, Slot.Role.BIAS),
          offset(layout, block, Slot.Role.SCALE),
          offset(layout, block, Slot.Role.SHIFT),
          offset(layout, block, Slot.Role.MEAN),
          offset(layout, block, Slot.Role.VARIANCE),
          block.batchNorm().orElse(null));
    }

    private static int offset(Layout layout, Network.Block block, Slot.Role role) {
      String name = block.name(role);
      return layout.slots().stream()
          .filter(slot -> slot.name().equals(name))
          .mapToInt(Slot::offset)
          .findFirst()
          .orElse(-1);
    }
  }

  private final Network network;
  private final Engine engine;
  private final Engine cold;
  private final Engine hot;
  private final Layout layout;
  private final List<Network.Block> blocks;
  private final Source[] sources;
  private final WeightFormat format;

  /** The number of weights. */
  private final double weights;

  /** The packed layers that plans read now. */
  private volatile Packing packing;

  /** Null where there is none, and from its end on. */
  private volatile ColdStart coldStart;

  /** Held by the one thread that decides on kernels. */
  private final ReentrantLock deciding = new ReentrantLock();

  /** What each layer's inputs are multiplied by, for classic dropout before it; 1 without. */
  private final double[] inputScales;

  /** The length of the longest group of folded columns. */
  private final int foldedLength;

  /**
   * A group of folded columns, before they are packed; empty until it is needed. A network that is
   * packed once, as a model's is, keeps none.
   */
  private float[] folded = {};

  private PackedNetwork(Network network, Engine engine, WeightFormat format) {
    this.network = network;
    this.engine = engine;
    this.format = Objects.requireNonNull(format, "format");
    layout = network.layout();
    blocks = network.blocks();
    weights = ColdStart.weights(network);
    sources = blocks.stream().map(block -> Source.of(layout, block)).toArray(Source[]::new);
    cold = engine.cold();
    hot = engine.hot();
    coldStart = cold == engine ? null : new ColdStart();
    boolean onVectors = coldStart == null || coldStart.onVectors();
    packing = new Packing(onVectors ? hot : cold, blocks, format);
    inputScales = new double[blocks.size()];
    Optional<Dropout> before = network.inputDropout();
    int folds = 0;
    for (int i = 0; i < inputScales.length; i++) {
      inputScales[i] = before.map(Dropout::inferenceScale).orElse(1.0);
      before = blocks.get(i).dropout();
      if (blocks.get(i).batchNorm().isPresent() || inputScales[i] != 1) {
        folds = Math.max(folds, blocks.get(i).inputs());
      }
    }
    foldedLength = Math.multiplyExact(folds, PackedLayer.GROUP);
  }

  /**
   * The layers of a network, packed for an engine.
   *
   * @param engine the engine
   * @param layers the layers
   * @param gemm what packs them
   */
  record Packing(Engine engine, PackedLayer[] layers, Gemm gemm) {

    private Packing(Engine engine, List<Network.Block> blocks, WeightFormat format) {
      this(
          engine,
          blocks.stream()
              .map(block -> new PackedLayer(engine.kernels(), block, format))
              .toArray(PackedLayer[]::new),
          new Gemm(engine.kernels(), 0));
    }

    private void copy(Packing other) {
      for (int i = 0; i < layers.length; i++) {
        layers[i].copy(other.layers[i]);
      }
    }
  }

  /**
   * {@return a network's parameters, packed; weights at full width}
   *
   * @param network the network
   * @param parameters θ, of the layout's size; copied
   * @param engine the kernels, and the threads of the plans over it
   * @throws IllegalArgumentException if the length does not fit
   */
  public static PackedNetwork pack(Network network, float[] parameters, Engine engine) {
    return pack(network, parameters, engine, WeightFormat.FLOAT32);
  }

  /**
   * {@return a network's parameters, packed, with weights in a given format}
   *
   * @param network the network
   * @param parameters θ, of the layout's size; copied
   * @param engine the kernels, and the threads of the plans over it
   * @param format how weights are kept
   * @throws IllegalArgumentException if the length does not fit
   */
  public static PackedNetwork pack(
      Network network, float[] parameters, Engine engine, WeightFormat format) {
    PackedNetwork packed = new PackedNetwork(network, engine, format);
    packed.repack(parameters);
    packed.folded = new float[0];
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
    if (folded.length < foldedLength) {
      folded = new float[foldedLength];
    }
    Packing to = packing;
    Gemm gemm = to.gemm();
    PackedLayer[] layers = to.layers();
    for (int i = 0; i < layers.length; i++) {
      Network.Block block = blocks.get(i);
      Source source = sources[i];
      if (source.batchNorm() != null) {
        fold(parameters, block, source, to, i);
      } else if (inputScales[i] != 1) {
        scale(parameters, block, source, to, i);
      } else {
        int out = block.outputs();
        System.arraycopy(parameters, source.bias(), layers[i].biases(), 0, out);
        layers[i].pack(gemm, parameters, source.weight(), out, 0, out);
      }
      if (source.batchNorm() == null && source.scale() >= 0) {
        int out = block.outputs();
        System.arraycopy(parameters, source.scale(), layers[i].scalesAndShifts(), 0, out);
        System.arraycopy(parameters, source.shift(), layers[i].scalesAndShifts(), out, out);
      }
    }
  }

  private void scale(
      float[] parameters, Network.Block block, Source source, Packing to, int number) {
    PackedLayer layer = to.layers()[number];
    float inputScale = (float) inputScales[number];
    int out = block.outputs();
    System.arraycopy(parameters, source.bias(), layer.biases(), 0, out);
    for (int first = 0; first < out; first += PackedLayer.GROUP) {
      int columns = Math.min(PackedLayer.GROUP, out - first);
      for (int k = 0; k < block.inputs(); k++) {
        int at = source.weight() + k * out + first;
        to.engine().kernels().scale(parameters, at, inputScale, folded, k * columns, columns);
      }
      layer.pack(to.gemm(), folded, 0, columns, first, columns);
    }
  }

  private void fold(
      float[] parameters, Network.Block block, Source source, Packing to, int number) {
    PackedLayer layer = to.layers()[number];
    double inputScale = inputScales[number];
    BatchNorm norm = source.batchNorm();
    int weight = source.weight();
    int scale = source.scale();
    int shift = source.shift();
    int mean = source.mean();
    int variance = source.variance();
    int in = block.inputs();
    int out = block.outputs();
    for (int first = 0; first < out; first += PackedLayer.GROUP) {
      int columns = Math.min(PackedLayer.GROUP, out - first);
      for (int c = 0; c < columns; c++) {
        int j = first + c;
        double factor =
            parameters[scale + j] / Math.sqrt(parameters[variance + j] + norm.epsilon());
        layer.biases()[j] = (float) (parameters[shift + j] - parameters[mean + j] * factor);
        double scaled = factor * inputScale;
        for (int k = 0; k < in; k++) {
          folded[k * columns + c] = (float) (parameters[weight + k * out + j] * scaled);
        }
      }
      layer.pack(to.gemm(), folded, 0, columns, first, columns);
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

  /** {@return how weights are kept} */
  public WeightFormat format() {
    return format;
  }

  /** {@return about how many bytes of heap this holds} */
  public long heapBytes() {
    long bytes = 0;
    for (PackedLayer layer : packing.layers()) {
      bytes += layer.heapBytes();
    }
    return bytes;
  }

  /** {@return the layers that plans read now; another object when they have gone over} */
  Packing packing() {
    return packing;
  }

  /** {@return whether calls are to be counted} */
  boolean isCold() {
    return coldStart != null;
  }

  /**
   * Counts a call of a plan, and decides which kernels compute from now on. Does nothing while
   * another thread is at it.
   *
   * @param read the layers that the call has read
   * @param nanos what it took
   * @param rows its rows
   */
  void count(Packing read, long nanos, int rows) {
    if (!deciding.tryLock()) {
      return;
    }
    try {
      ColdStart start = coldStart;
      if (start != null && read == packing) {
        double usual = ColdStart.usual(weights, rows, OVERHEAD);
        start.count(
            nanos, usual, rows == 1 ? 0 : rows < FEW ? 1 : rows <= InferencePlan.ROWS ? 2 : 3);
        decide(start);
      }
    } finally {
      deciding.unlock();
    }
  }

  private void decide(ColdStart start) {
    Packing old = packing;
    long began = System.nanoTime();
    computeOn(start.onVectors() ? hot : cold);
    if (packing != old) {
      start.pay(System.nanoTime() - began);
    }
    if (start.isOver()) {
      coldStart = null;
    }
  }

  /** Goes over to the engine's own kernels, if it has not already. No result depends on it. */
  public void goOver() {
    deciding.lock();
    try {
      computeOn(hot);
      coldStart = null;
    } finally {
      deciding.unlock();
    }
  }

  /**
   * Has other kernels compute from now on. Weights are packed for one of the kernels only, so that
   * a model holds them once.
   */
  void computeOn(Engine other) {
    Packing old = packing;
    if (old.engine().kernels() != other.kernels()) {
      Packing packed = new Packing(other, blocks, format);
      packed.copy(old);
      packing = packed;
    }
  }
}
