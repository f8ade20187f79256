package dev.lanewise.plan;

import dev.lanewise.kernel.Team;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A compiled head and its followers, with the matrix that they make: what is computed together. */
final class Chain {

  /**
   * What the head of a chain is connected with.
   *
   * @param below the chain whose output it reads
   * @param delta the gradient of the head's output, {@code [rows][stride]}
   * @param packedDelta room for the same, packed; null where it is no product
   */
  record Ends(Chain below, float[] delta, float[] packedDelta) {}

  private final Fusion.Link link;
  private final Pass pass;
  private final int stride;

  /** The output {@code [rows][stride]}; null where it is the batch's features themselves. */
  private final float[] output;

  /** The gradient of the output; null where nothing needs it. */
  private final float[] delta;

  /** The chain whose output the head reads; null for the inputs. */
  private final Chain below;

  private final Step.Head head;

  /** In order. */
  private final Step.Follower[] followers;

  private final Region[] forward;

  /**
   * The product that makes the gradient of the output below, and what turns that into the gradient
   * of the head below. Empty where the chain below needs none.
   */
  private final Region[] backward;

  /** What turns the gradient of the output into that of the head. */
  private final List<Region.Piece> backwardPieces;

  /** Compiles a chain on another; null for the inputs. */
  Chain(Fusion.Link link, Chain below, Buffers buffers) {
    this.link = link;
    this.below = below;
    pass = buffers.pass(link);
    stride = buffers.stride(link);
    boolean isInPlace = link.head().isEmpty() && link.followers().isEmpty();
    output = isInPlace ? null : buffers.matrix(link);
    delta = buffers.delta(link, output);
    followers = new Step.Follower[link.followers().size()];
    float[] target = output;
    boolean stays = true;
    for (int i = followers.length - 1; i >= 0; i--) {
      Fusion.Follower follower = link.followers().get(i);
      followers[i] =
          Step.follower(
              follower.dropout(), buffers.place(link, pass, follower.node(), target, stays));
      target = followers[i].input();
      stays = followers[i].keepsInput();
    }
    head = head(target, stays, buffers);
    List<Region.Piece> pieces = new ArrayList<>();
    if (!isInPlace) {
      pieces.add(head.forward());
    }
    for (Step.Follower f : followers) {
      pieces.add(
          new Region.Piece(
              f.reach(),
              (from, to, column, columns, worker) -> f.forward(from, to, column, columns)));
    }
    forward = buffers.regions(pass, link.width(), pieces);
    backwardPieces = delta == null ? List.of() : backwardPieces();
    backward =
        below == null || below.delta == null ? new Region[0] : below.regionsBehind(head, buffers);
  }

  private Step.Head head(float[] target, boolean stays, Buffers buffers) {
    Optional<Network.Node> node = link.head();
    if (node.isEmpty()) {
      return new InputHead(pass, link.width(), target);
    }
    float[] packedDelta = link.product().isPresent() ? buffers.packedDelta() : null;
    Ends ends = new Ends(below, delta, packedDelta);
    return Step.head(buffers.place(link, pass, node.get(), target, stays), ends, buffers);
  }

  private List<Region.Piece> backwardPieces() {
    List<Region.Piece> pieces = new ArrayList<>();
    for (int i = followers.length - 1; i >= 0; i--) {
      Step.Follower f = followers[i];
      if (f.gathers()) {
        pieces.add(
            new Region.Piece(
                Step.Reach.COLUMNS,
                (from, to, column, columns, worker) -> f.gather(delta, column, columns)));
      }
      pieces.add(
          new Region.Piece(
              f.backwardReach(),
              (from, to, column, columns, worker) -> f.backward(delta, from, to, column, columns)));
    }
    pieces.addAll(head.finish());
    return pieces;
  }

  /** The regions that the head above begins by writing the gradient of this output. */
  private Region[] regionsBehind(Step.Head above, Buffers buffers) {
    List<Region.Piece> pieces = new ArrayList<>();
    pieces.add(above.inputGradient());
    pieces.addAll(backwardPieces);
    return buffers.regions(pass, link.width(), pieces);
  }

  /** The regions of the last chain, whose gradient a loss has written. */
  Region[] regionsBehindLoss(Buffers buffers) {
    return buffers.regions(pass, link.width(), backwardPieces);
  }

  /** Prepares for a part of a batch; refuses a mask that does not fit. */
  void begin() {
    for (Step.Follower follower : followers) {
      follower.begin();
    }
  }

  void forward(Team team) {
    head.prepare(team);
    Region.run(forward, team);
  }

  /** Writes this chain's part of the gradient; the gradient of its head is complete. */
  void backward(Team team) {
    if (backward.length > 0) {
      head.prepareInputGradient(team);
      Region.run(backward, team);
    }
    head.parameterGradient(team);
  }

  Step.Head head() {
    return head;
  }

  /** The pass that the steps read. */
  Pass pass() {
    return pass;
  }

  /** The chain's name in messages. */
  String name() {
    return link.name();
  }

  /** The rows of the output for each row of the inputs. */
  int copies() {
    return link.copies();
  }

  /** The same of the chain below. */
  int copiesBelow() {
    return link.copiesBelow();
  }

  /** Whether the head is a dense layer. */
  boolean isDense() {
    return link.product().isPresent();
  }

  /** The rows of the output of this pass. */
  int rows() {
    return pass.rows();
  }

  /** The row of this pass's batch that a row of the output belongs to. */
  int example(int row) {
    return head.isByMember() ? row % (rows() / copies()) : row / copies();
  }

  /** The member that a row of the output belongs to. */
  int member(int row) {
    return head.isByMember() ? row / (rows() / copies()) : row % copies();
  }

  int inputs() {
    return below == null ? link.width() : below.link.width();
  }

  int outputs() {
    return link.width();
  }

  /** The output {@code [rows][stride]}, from {@link #outputAt} on. */
  float[] output() {
    return output == null ? pass.batch().features() : output;
  }

  int outputAt() {
    return output == null ? pass.firstRow() * stride : 0;
  }

  int stride() {
    return stride;
  }

  /** The gradient of the output. */
  float[] delta() {
    return delta;
  }

  /** Whether units are dropped by the masks of this number. */
  boolean drops(int number) {
    return Arrays.stream(followers).anyMatch(f -> f.drops(number));
  }

  /** What the steps compute, in order, for a table. */
  List<String> labels() {
    List<String> labels = new ArrayList<>();
    labels.add(head.label());
    for (Step.Follower follower : followers) {
      labels.add(follower.label());
    }
    return labels;
  }

  /** The floats held, without the shared gradients. */
  long size() {
    long size = (output == null ? 0 : output.length) + head.size();
    for (Step.Follower follower : followers) {
      size += follower.size();
    }
    return size;
  }
}
