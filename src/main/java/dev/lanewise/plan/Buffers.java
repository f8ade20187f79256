package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.gemm.NarrowProducts;
import dev.lanewise.gemm.SharedLeft;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import java.util.List;

/**
 * What the chains of a plan share, handed out as they are compiled, from the first to the last: the
 * gradients of hidden matrices, which take turns in two arrays, as do packed ones, and the workers'
 * products.
 */
final class Buffers {

  private final Kernels kernels;
  private final Layout layout;
  private final Pass pass;

  /** The most rows of the inputs. */
  private final int maxRows;

  private final List<Fusion.Link> chains;

  private final Gemm[] gemms;
  private final NarrowProducts[] narrow;
  private final SharedLeft left;
  private final float[][] deltas;
  private final float[][] packedDeltas;
  private int givenDeltas;
  private int givenPackedDeltas;

  /** Makes room for passes of up to {@code maxRows} rows through a network. */
  Buffers(
      Kernels kernels,
      Network network,
      List<Fusion.Link> chains,
      int workers,
      int maxRows,
      Pass pass) {
    this.kernels = kernels;
    this.pass = pass;
    this.maxRows = maxRows;
    this.chains = chains;
    layout = network.layout();
    int wide = chains.stream().skip(1).mapToInt(this::stride).max().orElseThrow();
    int widest = Math.max(wide, network.inputs());
    gemms = new Gemm[workers];
    narrow = new NarrowProducts[workers];
    for (int i = 0; i < workers; i++) {
      gemms[i] = new Gemm(kernels, widest);
      narrow[i] = new NarrowProducts(kernels, widest);
    }
    int most = chains.stream().mapToInt(this::maxRows).max().orElseThrow();
    left = new SharedLeft(kernels, Math.multiplyExact(most, widest));
    List<Fusion.Link> hidden = chains.stream().filter(this::hasHiddenGradient).toList();
    int delta = hidden.stream().mapToInt(this::size).max().orElse(0);
    deltas = new float[Math.min(2, hidden.size())][delta];
    List<Fusion.Link> products = chains.stream().filter(l -> l.product().isPresent()).toList();
    int packed = products.stream().mapToInt(this::packedLength).max().orElseThrow();
    packedDeltas = new float[Math.min(2, products.size())][packed];
  }

  /** Whether a chain but the last holds parameters, or one below it does. */
  private boolean hasHiddenGradient(Fusion.Link link) {
    int place = chains.indexOf(link);
    return link != chains.getLast()
        && chains.stream().limit(place + 1L).anyMatch(Fusion.Link::holdsParameters);
  }

  Kernels kernels() {
    return kernels;
  }

  /** A pass in rows of the inputs. */
  Pass pass() {
    return pass;
  }

  /** What the steps of a chain read. */
  Pass pass(Fusion.Link link) {
    return link.copies() == 1 ? pass : pass.of(link.copies());
  }

  private int maxRows(Fusion.Link link) {
    return Math.multiplyExact(maxRows, link.copies());
  }

  /** The elements of a chain's matrix. */
  private int size(Fusion.Link link) {
    return Math.multiplyExact(maxRows(link), stride(link));
  }

  /** The workers' products. */
  Gemm[] gemms() {
    return gemms;
  }

  /** The workers' products of narrow layers. */
  NarrowProducts[] narrow() {
    return narrow;
  }

  /** The left factor of the product that is under way. */
  SharedLeft left() {
    return left;
  }

  /**
   * The distance between rows of a chain's output: those of inputs and scores follow one another.
   */
  int stride(Fusion.Link link) {
    boolean isHidden = link.head().isPresent() && link != chains.getLast();
    return isHidden ? Gemm.stride(link.width()) : link.width();
  }

  private int packedLength(Fusion.Link link) {
    return Gemm.packedLength(kernels, maxRows(link), stride(link));
  }

  /** {@return a new matrix} */
  float[] matrix(Fusion.Link link) {
    return new float[size(link)];
  }

  /**
   * The gradient of a chain's output; scores turn into theirs in place. Null where none is needed.
   */
  float[] delta(Fusion.Link link, float[] output) {
    if (link == chains.getLast()) {
      return output;
    }
    return hasHiddenGradient(link) ? deltas[givenDeltas++ % deltas.length] : null;
  }

  /** Room for the gradient of the next product, packed. */
  float[] packedDelta() {
    return packedDeltas[givenPackedDeltas++ % packedDeltas.length];
  }

  /** Where a step of a chain is compiled to. */
  Place place(Fusion.Link link, Pass pass, Network.Node node, float[] output, boolean outputStays) {
    return new Place(node, kernels, layout, pass, maxRows(link), stride(link), output, outputStays);
  }

  Region[] regions(Pass pass, int width, List<Region.Piece> pieces) {
    return Region.of(kernels, pass, width, pieces);
  }

  /** The floats that chains share. */
  long size() {
    long size = left.size();
    for (float[] delta : deltas) {
      size += delta.length;
    }
    for (float[] packed : packedDeltas) {
      size += packed.length;
    }
    return size;
  }
}
