package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a chain's neighbours goes into the weights and biases of its product, for inference: the
 * factor of classic dropout directly before it, and batch norm directly behind it. All other
 * followers stay. Immutable; the places of tensors are looked up once, so that packing again
 * allocates nothing.
 */
final class Folding {

  private final Fusion.Link link;
  private final Layout layout;

  /** What the product's inputs are multiplied by. */
  private final double inputScale;

  /** Whether the product is followed by another, which takes the factor of the last dropout. */
  private final boolean handsOn;

  /** The batch norm that is folded; null if there is none. */
  private final BatchNorm norm;

  private final int weight;
  private final int bias;
  private final int scale;
  private final int shift;
  private final int mean;
  private final int variance;

  private Folding(Fusion.Link link, Layout layout, double inputScale, boolean handsOn) {
    this.link = link;
    this.layout = layout;
    this.inputScale = inputScale;
    this.handsOn = handsOn;
    weight = link.head().map(head -> offset(head, Slot.Role.WEIGHT)).orElse(-1);
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
    return link.head().filter(head -> !head.biased()).isPresent()
        && !link.followers().isEmpty()
        && link.followers().getFirst().node().layer() instanceof BatchNorm;
  }

  /** {@return the foldings of chains that follow one another; inputs that nothing changes none} */
  static List<Folding> of(List<Fusion.Link> links, Layout layout) {
    List<Folding> foldings = new ArrayList<>();
    double inputScale = 1;
    for (int i = 0; i < links.size(); i++) {
      boolean handsOn = i + 1 < links.size();
      Folding folding = new Folding(links.get(i), layout, inputScale, handsOn);
      if (i > 0 || !folding.rest().isEmpty()) {
        foldings.add(folding);
      }
      inputScale = handsOn ? folding.handedOn() : 1;
    }
    return List.copyOf(foldings);
  }

  /** The factor that the next product takes. */
  private double handedOn() {
    return link.followers().isEmpty() ? 1 : scale(link.followers().getLast());
  }

  private static double scale(Fusion.Follower follower) {
    return follower.dropout().map(Dropout::inferenceScale).orElse(1.0);
  }

  /** The followers that stay: a layer, and what is left of the dropout behind it. */
  private record Stay(Network.Node node, double scale) {}

  private List<Stay> rest() {
    List<Stay> rest = new ArrayList<>();
    for (int i = folds(link) ? 1 : 0; i < link.followers().size(); i++) {
      Fusion.Follower follower = link.followers().get(i);
      boolean last = i + 1 == link.followers().size();
      double factor = last && handsOn ? 1 : scale(follower);
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

  /** {@return the followers that stay, made for kernels} */
  PackedFollower[] followers(Kernels kernels) {
    return rest().stream()
        .map(stay -> Step.packed(stay.node(), stay.scale(), layout, kernels))
        .toArray(PackedFollower[]::new);
  }

  /** {@return the length of the room that packing needs} */
  int roomLength() {
    boolean folds = norm != null || inputScale != 1;
    return folds ? Math.multiplyExact(link.head().orElseThrow().inputs(), PackedProduct.GROUP) : 0;
  }

  /**
   * Packs weights and biases.
   *
   * @param theta θ
   * @param product receives them
   * @param gemm the thread's products
   * @param kernels the kernels that the product is for
   * @param room at least {@link #roomLength} long
   */
  void pack(float[] theta, PackedProduct product, Gemm gemm, Kernels kernels, float[] room) {
    int out = link.width();
    if (bias >= 0) {
      System.arraycopy(theta, bias, product.biases(), 0, out);
    }
    if (norm != null) {
      fold(theta, product, gemm, room);
    } else if (inputScale != 1) {
      scale(theta, product, gemm, kernels, room);
    } else {
      product.pack(gemm, theta, weight, out, 0, out);
    }
  }

  private void scale(
      float[] theta, PackedProduct product, Gemm gemm, Kernels kernels, float[] room) {
    float factor = (float) inputScale;
    int in = link.head().orElseThrow().inputs();
    int out = link.width();
    for (int first = 0; first < out; first += PackedProduct.GROUP) {
      int columns = Math.min(PackedProduct.GROUP, out - first);
      for (int k = 0; k < in; k++) {
        int at = weight + k * out + first;
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
        double scaled = factor * inputScale;
        for (int k = 0; k < in; k++) {
          room[k * columns + c] = (float) (theta[weight + k * out + j] * scaled);
        }
      }
      product.pack(gemm, room, 0, columns, first, columns);
    }
  }
}
