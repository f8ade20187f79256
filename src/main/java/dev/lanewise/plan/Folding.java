package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.net.Scaling;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import dev.lanewise.tensor.WeightFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a chain's neighbours goes into the weights and biases of its product, for inference:
 * factors of its inputs, which are those of scaling and of classic dropout directly before it, and
 * batch norm directly behind it. All other followers stay. Immutable; the places of tensors are
 * looked up once, so that packing again allocates nothing.
 */
final class Folding {

  private final Fusion.Link link;
  private final Layout layout;

  private final Factors inputs;

  /** Whether a product follows, which takes the factors of the last followers. */
  private final boolean handsOn;

  /** The batch norm that is folded; null if there is none. */
  private final BatchNorm norm;

  private final int weight;
  private final int bias;
  private final int scale;
  private final int shift;
  private final int mean;
  private final int variance;

  /**
   * What a product's inputs are multiplied by.
   *
   * @param all a factor of all columns
   * @param each where a factor for each column begins in θ; −1 if there is none
   */
  private record Factors(double all, int each) {
    private static final Factors NONE = new Factors(1, -1);

    private double of(int column, float[] theta) {
      return each < 0 ? all : all * theta[each + column];
    }
  }

  private Folding(Fusion.Link link, Layout layout, Factors inputs, boolean handsOn) {
    this.link = link;
    this.layout = layout;
    this.inputs = inputs;
    this.handsOn = handsOn;
    weight = link.product().map(head -> offset(head, Slot.Role.WEIGHT)).orElse(-1);
    bias = link.head().filter(Network.Node::biased).map(h -> offset(h, Slot.Role.BIAS)).orElse(-1);
    if (folds(link)) {
      Network.Node node = link.followers().getFirst().node();
      norm = (BatchNorm) node.layer();
      scale = offset(node, Slot.Role.SCALE);
      shift = offset(node, Slot.Role.SHIFT);
      mean = offset(node, Slot.Role.MEAN);
      variance = offset(node, Slot.Role.VARIANCE);
    } else {
      norm = null;
      scale = -1;
      shift = -1;
      mean = -1;
      variance = -1;
    }
  }

  private int offset(Network.Node node, Slot.Role role) {
    return node.slot(layout, role).offset();
  }

  /** Whether batch norm stands directly behind a product, which then has no bias. */
  private static boolean folds(Fusion.Link link) {
    return link.product().filter(head -> !head.biased()).isPresent()
        && !link.followers().isEmpty()
        && link.followers().getFirst().node().layer() instanceof BatchNorm;
  }

  /** {@return the foldings of chains that follow one another; inputs that nothing changes none} */
  static List<Folding> of(List<Fusion.Link> links, Layout layout) {
    List<Folding> foldings = new ArrayList<>();
    Factors inputs = Factors.NONE;
    for (int i = 0; i < links.size(); i++) {
      boolean handsOn = i + 1 < links.size() && links.get(i + 1).product().isPresent();
      Folding folding = new Folding(links.get(i), layout, inputs, handsOn);
      if (i > 0 || !folding.rest().isEmpty()) {
        foldings.add(folding);
      }
      inputs = folding.handedOn();
    }
    return List.copyOf(foldings);
  }

  /** The factors that the next product takes: of the last follower that stays its dropout's. */
  private Factors handedOn() {
    double all = 1;
    int each = -1;
    List<Fusion.Follower> followers = link.followers();
    for (Fusion.Follower follower : followers.subList(Math.max(0, end() - 1), followers.size())) {
      all *= scale(follower);
      if (follower.node().layer() instanceof Scaling) {
        each = offset(follower.node(), Slot.Role.SCALE);
      }
    }
    return new Factors(all, each);
  }

  /** The end of the followers that stay: those behind only multiply columns by factors. */
  private int end() {
    int end = link.followers().size();
    while (handsOn && end > 0 && multiplies(link.followers().get(end - 1).node().layer())) {
      end--;
    }
    return end;
  }

  private static boolean multiplies(Layer layer) {
    return layer instanceof Scaling || isIdentity(layer);
  }

  private static double scale(Fusion.Follower follower) {
    return follower.dropout().map(Dropout::inferenceScale).orElse(1.0);
  }

  /** The followers that stay: a layer, and what is left of the dropout behind it. */
  private record Stay(Network.Node node, double scale) {}

  private List<Stay> rest() {
    List<Stay> rest = new ArrayList<>();
    int end = end();
    for (int i = folds(link) ? 1 : 0; i < end; i++) {
      Fusion.Follower follower = link.followers().get(i);
      double factor = i + 1 == end && handsOn ? 1 : scale(follower);
      if (factor != 1 || !isIdentity(follower.node().layer())) {
        rest.add(new Stay(follower.node(), factor));
      }
    }
    return rest;
  }

  /** Whether a layer does nothing in inference but for the factor of a dropout. */
  private static boolean isIdentity(Layer layer) {
    return layer instanceof Dropout
        || (layer instanceof Activation a && a.function() == Activation.Function.IDENTITY);
  }

  /** {@return the chain} */
  Fusion.Link link() {
    return link;
  }

  /** {@return the head, made for kernels; empty for the inputs} */
  Optional<PackedHead> head(Kernels kernels, WeightFormat format) {
    return link.head().map(node -> Step.packed(node, layout, kernels, format));
  }

  /** {@return the followers that stay, made for kernels} */
  PackedFollower[] followers(Kernels kernels) {
    return rest().stream()
        .map(stay -> Step.packed(stay.node(), stay.scale(), layout, kernels))
        .toArray(PackedFollower[]::new);
  }

  /** {@return the length of the room that packing needs} */
  int roomLength() {
    boolean folds = norm != null || !inputs.equals(Factors.NONE);
    return folds ? Math.multiplyExact(link.head().orElseThrow().inputs(), PackedProduct.GROUP) : 0;
  }

  /**
   * Packs weights and biases of a member, or the only ones.
   *
   * @param theta θ
   * @param member the member, from 0 on
   * @param product receives them
   * @param gemm the thread's products
   * @param kernels the kernels that the product is for
   * @param room at least {@link #roomLength} long
   */
  void pack(
      float[] theta, int member, PackedProduct product, Gemm gemm, Kernels kernels, float[] room) {
    int out = link.width();
    int in = link.head().orElseThrow().inputs();
    int first = weight + member * in * out;
    if (bias >= 0) {
      System.arraycopy(theta, bias + member * out, product.biases(), 0, out);
    }
    if (norm != null) {
      fold(theta, product, gemm, room);
    } else if (!inputs.equals(Factors.NONE)) {
      scale(theta, first, product, gemm, kernels, room);
    } else {
      product.pack(gemm, theta, first, out, 0, out);
    }
  }

  private void scale(
      float[] theta, int weight, PackedProduct product, Gemm gemm, Kernels kernels, float[] room) {
    int in = link.head().orElseThrow().inputs();
    int out = link.width();
    for (int first = 0; first < out; first += PackedProduct.GROUP) {
      int columns = Math.min(PackedProduct.GROUP, out - first);
      for (int k = 0; k < in; k++) {
        int at = weight + k * out + first;
        float factor = (float) inputs.of(k, theta);
        kernels.scale(theta, at, factor, room, k * columns, columns);
      }
      product.pack(gemm, room, 0, columns, first, columns);
    }
  }

  private void fold(float[] theta, PackedProduct product, Gemm gemm, float[] room) {
    int in = link.head().orElseThrow().inputs();
    int out = link.width();
    for (int first = 0; first < out; first += PackedProduct.GROUP) {
      int columns = Math.min(PackedProduct.GROUP, out - first);
      for (int c = 0; c < columns; c++) {
        int j = first + c;
        double factor = theta[scale + j] / Math.sqrt(theta[variance + j] + norm.epsilon());
        product.biases()[j] = (float) (theta[shift + j] - theta[mean + j] * factor);
        for (int k = 0; k < in; k++) {
          double scaled = factor * inputs.of(k, theta);
          room[k * columns + c] = (float) (theta[weight + k * out + j] * scaled);
        }
      }
      product.pack(gemm, room, 0, columns, first, columns);
    }
  }
}
