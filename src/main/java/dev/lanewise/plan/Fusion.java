package dev.lanewise.plan;

import dev.lanewise.net.Activation;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which neighbouring layers are computed together. A layer that makes a matrix begins a chain, and
 * those that change it follow; the inputs begin one, too. A dropout joins an activation before it.
 * What does nothing is left out: the identity, and dropout that keeps everything. How the work of a
 * chain is split into tasks is a matter of {@link Region}.
 */
final class Fusion {

  /**
   * A layer of a chain.
   *
   * @param node the layer at its place
   * @param dropout the dropout that it applies, if any
   */
  record Follower(Network.Node node, Optional<Dropout> dropout) {}

  /**
   * A chain.
   *
   * @param head the layer that makes the matrix; empty for the inputs
   * @param width the columns of the matrix
   * @param followers the layers that change it, in order
   */
  record Link(Optional<Network.Node> head, int width, List<Follower> followers) {

    /** {@return the chain's name in messages: that of its head} */
    String name() {
      return head.map(Network.Node::name).orElse("inputs");
    }

    /** {@return the rows of the matrix for each row of the inputs} */
    int copies() {
      return head.map(Network.Node::copies).orElse(1);
    }

    /** {@return the rows of what the head reads for each row of the inputs} */
    int copiesBelow() {
      return head.map(node -> node.copies() / node.layer().copies()).orElse(1);
    }

    /** {@return the head if it is a product} */
    Optional<Network.Node> product() {
      return head.filter(node -> node.layer() instanceof Dense);
    }

    /** {@return whether it holds trained parameters} */
    boolean holdsParameters() {
      return head.map(Fusion::isTrained).orElse(false)
          || followers.stream().anyMatch(f -> isTrained(f.node()));
    }
  }

  private Fusion() {}

  private static boolean isTrained(Network.Node node) {
    return node.tensors().stream().anyMatch(tensor -> tensor.role().trained());
  }

  /**
   * {@return the chains of layers that follow one another, the inputs' first}
   *
   * @param inputs the columns of the inputs
   * @param nodes the layers
   */
  static List<Link> chains(int inputs, List<Network.Node> nodes) {
    List<Link> chains = new ArrayList<>();
    chains.add(new Link(Optional.empty(), inputs, new ArrayList<>()));
    for (Network.Node node : nodes) {
      if (Step.begins(node.layer())) {
        chains.add(new Link(Optional.of(node), node.outputs(), new ArrayList<>()));
      } else {
        add(chains.getLast().followers(), node);
      }
    }
    chains.forEach(link -> link.followers().removeIf(Fusion::doesNothing));
    return chains;
  }

  private static void add(List<Follower> followers, Network.Node node) {
    if (!(node.layer() instanceof Dropout dropout)) {
      followers.add(new Follower(node, Optional.empty()));
      return;
    }
    Optional<Dropout> drops = Optional.of(dropout).filter(d -> d.keep() < 1);
    boolean joins =
        !followers.isEmpty() && followers.getLast().node().layer() instanceof Activation;
    followers.add(new Follower(joins ? followers.removeLast().node() : node, drops));
  }

  private static boolean doesNothing(Follower follower) {
    return follower.dropout().isEmpty()
        && switch (follower.node().layer()) {
          case Activation a -> a.function() == Activation.Function.IDENTITY;
          case Dropout d -> true;
          default -> false;
        };
  }
}
