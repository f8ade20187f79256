package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Activation;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Blend;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Layer;
import dev.lanewise.net.LayerNorm;
import dev.lanewise.net.Members;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Scaling;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.WeightFormat;
import java.util.List;
import java.util.Optional;

/**
 * A layer, or an activation with its dropout, compiled for training. Heads make a matrix, followers
 * change it; a head with its followers is a {@link Chain}.
 */
abstract sealed class Step permits Step.Head, Step.Follower {

  /** What a piece of work must see of a matrix at once. */
  enum Reach {
    /** Any elements. */
    ELEMENTS,
    /** All rows of some columns. */
    COLUMNS,
    /** All columns of some rows. */
    ROWS
  }

  /** {@return whether a layer makes a matrix of its own, so that it begins a chain} */
  static boolean begins(Layer layer) {
    return layer instanceof Dense || layer instanceof Members || layer instanceof Embedding;
  }

  /** Compiles the head of a chain. */
  static Head head(Place place, Chain.Ends ends, Buffers buffers) {
    return switch (place.node().layer()) {
      case Dense dense when place.node().heads() > 1 -> new HeadsStep(dense, place, ends, buffers);
      case Dense dense -> new DenseStep(dense, place, ends, buffers);
      case Members members -> new MembersStep(place, ends);
      case Embedding embedding -> new EmbeddingStep(embedding, place, ends, buffers.gemms().length);
      case Layer.Norm norm -> throw follows(norm);
      case Activation activation -> throw follows(activation);
      case Blend blend -> throw follows(blend);
      case Dropout dropout -> throw follows(dropout);
      case Scaling scaling -> throw follows(scaling);
    };
  }

  /** Compiles a follower, together with the dropout that it applies. */
  static Follower follower(Optional<Dropout> dropout, Place place) {
    return switch (place.node().layer()) {
      case Dense dense -> throw makes(dense);
      case Members members -> throw makes(members);
      case Embedding embedding -> throw makes(embedding);
      case BatchNorm norm -> new BatchNormStep(norm, place);
      case LayerNorm norm -> new LayerNormStep(norm, place);
      case Activation activation -> new GateStep(activation, dropout, place);
      case Blend blend -> new BlendStep(blend, place);
      case Dropout alone ->
          new GateStep(Activation.of(Activation.Function.IDENTITY), dropout, place);
      case Scaling scaling -> new ScalingStep(place);
    };
  }

  /**
   * Makes a follower ready for inference.
   *
   * @param scale what its output is multiplied by, for the classic dropout behind it
   */
  static PackedFollower packed(Network.Node node, double scale, Layout layout, Kernels kernels) {
    return switch (node.layer()) {
      case Dense dense -> throw makes(dense);
      case Members members -> throw makes(members);
      case Embedding embedding -> throw makes(embedding);
      case BatchNorm norm -> new BatchNormStep.Packed(norm, node, layout, kernels);
      case LayerNorm norm -> new LayerNormStep.Packed(norm, node, layout, kernels);
      case Activation activation -> new GateStep.Packed(activation, scale, node, kernels);
      case Blend blend -> new BlendStep.Packed(blend, node, layout, kernels);
      case Dropout alone ->
          new GateStep.Packed(Activation.of(Activation.Function.IDENTITY), scale, node, kernels);
      case Scaling scaling -> new ScalingStep.Packed(node, layout, kernels);
    };
  }

  /** Makes the head of a chain ready for inference. */
  static PackedHead packed(Network.Node node, Layout layout, Kernels kernels, WeightFormat format) {
    return switch (node.layer()) {
      case Dense dense when node.heads() > 1 -> new HeadsStep.Packed(node, kernels, format);
      case Dense dense -> new PackedProduct(kernels, node, format);
      case Members members -> new MembersStep.Packed(node, layout);
      case Embedding embedding -> new EmbeddingStep.Packed(embedding, node, layout, kernels);
      case Layer.Norm norm -> throw follows(norm);
      case Activation activation -> throw follows(activation);
      case Blend blend -> throw follows(blend);
      case Dropout dropout -> throw follows(dropout);
      case Scaling scaling -> throw follows(scaling);
    };
  }

  private static IllegalStateException makes(Layer layer) {
    return new IllegalStateException(layer + " begins a chain");
  }

  private static IllegalStateException follows(Layer layer) {
    return new IllegalStateException(layer + " begins no chain");
  }

  /** Prepares for a part of a batch; refuses a mask that does not fit. */
  void begin() {}

  /** What it computes, for a table. */
  abstract String label();

  /** The floats held, without the output. */
  abstract long size();

  /** A step that makes a matrix of the output of the chain below. */
  abstract static sealed class Head extends Step
      permits InputHead, DenseStep, HeadsStep, MembersStep, EmbeddingStep {

    /**
     * Whether the rows of the matrix are those of the first member, then those of the second, and
     * so on, not the members of the first row, then those of the second.
     */
    boolean isByMember() {
      return false;
    }

    /** Has gradients of weights from now on those of this penalty. */
    void penalize(Penalty penalty) {
      throw new IllegalStateException(label() + " has no penalty");
    }

    /** Works on what the first region of the forward pass shares. */
    void prepare(Team team) {}

    /** The work that makes the matrix. */
    abstract Region.Piece forward();

    /** Works on what the first region of the backward pass shares. */
    void prepareInputGradient(Team team) {}

    /** The work that writes the gradient of the output of the chain below. */
    abstract Region.Piece inputGradient();

    /** The work on finished parts of the matrix's gradient. */
    abstract List<Region.Piece> finish();

    /** Writes the gradients of parameters that {@link #finish} has not written. */
    void parameterGradient(Team team) {}
  }

  /**
   * A step that changes a matrix of the shape that it leaves: it reads {@link #input}, where the
   * step before writes, and writes its output, where the next one reads.
   */
  abstract static sealed class Follower extends Step
      permits BatchNormStep, LayerNormStep, GateStep, BlendStep, ScalingStep {

    /** What the forward pass must see at once. */
    abstract Reach reach();

    /** Where the step before writes, {@code [rows][stride]}; may be the output. */
    abstract float[] input();

    /** Whether the input is still what the step before wrote when the backward pass comes. */
    abstract boolean keepsInput();

    /** Turns a finished part of the input into output. */
    abstract void forward(int fromRow, int toRow, int column, int columns);

    /** Whether units are dropped by the masks of this number. */
    boolean drops(int number) {
      return false;
    }

    /** Whether there are gradients that are sums over rows, which {@link #gather} writes. */
    boolean gathers() {
      return false;
    }

    /** Writes sums over rows of columns of the output's gradient, before it is changed. */
    void gather(float[] delta, int column, int columns) {}

    /** What the backward pass must see at once. */
    abstract Reach backwardReach();

    /** Turns a part of the output's gradient, in place, into that of the input. */
    abstract void backward(float[] delta, int fromRow, int toRow, int column, int columns);
  }
}
