package dev.lanewise.plan;

import dev.lanewise.engine.Engine;
import dev.lanewise.gemm.Gemm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.WeightFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network's parameters made ready for inference: batch norm folded into the weights and biases
 * directly before it, the factor of classic dropout into the weights directly behind it, weights
 * packed for the kernels, at full or half width. The scores of {@link dev.lanewise.net.Members} are
 * merged into those of their mean probability, in {@code double}.
 *
 * <p>w′ = w·γ/√(σ² + ε) and b′ = β − μ·γ/√(σ² + ε), or w′ = w·keep, or both, each rounded once.
 * What stands elsewhere stays a layer, as layer norm does, which depends on the row. Any number of
 * threads may read it, through {@link InferencePlan}s of their own, as long as none repacks it.
 * Where the engine's kernels are cold, it is packed for scalar kernels first, and anew when its
 * plans go over (see {@link ColdStart}): they take the new chains from their next call on.
 */
public final class PackedNetwork {

  /** The nanoseconds of a call that are not for products. */
  private static final double OVERHEAD = 300;

  /** From so many rows on a call is of another kind. */
  private static final int FEW = 8;

  private final Network network;
  private final Engine engine;
  private final Engine cold;
  private final Engine hot;
  private final Layout layout;
  private final List<Folding> foldings;

  /** The last layer; empty for none. */
  private final Optional<Network.Node> last;

  /** The members whose scores are merged; 1 where there are none, or each one's are asked for. */
  private final int merged;

  private final WeightFormat format;

  /** The number of weights. */
  private final double weights;

  /** The packed chains that plans read now. */
  private volatile Packing packing;

  /** Null where there is none, and from its end on. */
  private volatile ColdStart coldStart;

  /** Held by the one thread that decides on kernels. */
  private final ReentrantLock deciding = new ReentrantLock();

  /** The length of the longest group of folded columns. */
  private final int foldedLength;

  /**
   * A group of folded columns, before they are packed; empty until it is needed. A network that is
   * packed once, as a model's is, keeps none.
   */
  private float[] folded = {};

  /** Takes the first layers of a network, at most all of them. */
  private PackedNetwork(
      Network network, List<Network.Node> nodes, int merged, Engine engine, WeightFormat format) {
    this.network = network;
    this.engine = engine;
    this.format = Objects.requireNonNull(format, "format");
    layout = network.layout();
    weights = ColdStart.weights(nodes);
    last = nodes.isEmpty() ? Optional.empty() : Optional.of(nodes.getLast());
    this.merged = merged;
    foldings = Folding.of(Fusion.chains(network.inputs(), nodes), layout);
    foldedLength = foldings.stream().mapToInt(Folding::roomLength).max().orElse(0);
    cold = engine.cold();
    hot = engine.hot();
    coldStart = cold == engine ? null : new ColdStart();
    boolean onVectors = coldStart == null || coldStart.onVectors();
    packing = Packing.of(onVectors ? hot : cold, foldings, format);
  }

  /**
   * The chains of a network, packed for an engine.
   *
   * @param engine the engine
   * @param chains the chains
   * @param gemm what packs them
   */
  record Packing(Engine engine, PackedChain[] chains, Gemm gemm) {

    private static Packing of(Engine engine, List<Folding> foldings, WeightFormat format) {
      PackedChain[] chains =
          foldings.stream()
              .map(folding -> new PackedChain(engine.kernels(), folding, format))
              .toArray(PackedChain[]::new);
      return new Packing(engine, chains, new Gemm(engine.kernels(), 0));
    }

    private void copy(Packing other) {
      for (int i = 0; i < chains.length; i++) {
        chains[i].copy(other.chains[i]);
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
    return new PackedNetwork(network, network.nodes(), network.members(), engine, format)
        .packedOnce(parameters);
  }

  /**
   * {@return the layers below one, packed: the scores of plans over them are what reaches it}
   *
   * @param network the network
   * @param node one of its layers
   * @param parameters θ, of the network's layout's size; copied
   * @param engine the kernels, and the threads of the plans over it
   * @throws IllegalArgumentException if the length does not fit
   */
  static PackedNetwork upTo(Network network, Network.Node node, float[] parameters, Engine engine) {
    return first(network, network.nodes().indexOf(node), parameters, engine);
  }

  /**
   * {@return a network's first layers, packed: the scores of plans over them are what leaves them,
   * for each member}
   *
   * @param network the network
   * @param layers their number
   * @param parameters θ, of the network's layout's size; copied
   * @param engine the kernels, and the threads of the plans over it
   * @throws IllegalArgumentException if the length does not fit
   */
  static PackedNetwork first(Network network, int layers, float[] parameters, Engine engine) {
    List<Network.Node> nodes = network.nodes().subList(0, layers);
    return new PackedNetwork(network, nodes, 1, engine, WeightFormat.FLOAT32)
        .packedOnce(parameters);
  }

  private PackedNetwork packedOnce(float[] parameters) {
    repack(parameters);
    folded = new float[0];
    return this;
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
    for (PackedChain chain : to.chains()) {
      chain.pack(parameters, to.gemm(), folded);
    }
  }

  /** {@return the network} */
  public Network network() {
    return network;
  }

  /**
   * {@return the scores of a row: the network's, or those of its layers that are packed, with those
   * of one member behind the other}
   */
  int outputs() {
    return copies() * last.map(Network.Node::outputs).orElse(network.inputs());
  }

  /** {@return the members whose scores are merged} */
  int merged() {
    return merged;
  }

  /** {@return the members that have scores of their own} */
  int copies() {
    return last.map(Network.Node::copies).orElse(1) / merged;
  }

  /** {@return whether the last layer leaves the rows of one member behind those of another} */
  boolean endsByMember() {
    return last.map(Network.Node::heads).orElse(1) > 1;
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
    for (PackedChain chain : packing.chains()) {
      bytes += chain.heapBytes();
    }
    return bytes;
  }

  /** {@return the chains that plans read now; another object when they have gone over} */
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
   * @param read the chains that the call has read
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
      Packing packed = Packing.of(other, foldings, format);
      packed.copy(old);
      packing = packed;
    }
  }
}
