package dev.lanewise.net;

import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Map;

/**
 * A factor for each column: y = s·x, with s a trained vector {@code [n]} that starts at 1. On the
 * inputs it lets training weigh the columns of a table, with a learning rate of its own
 * (Holzmüller, Grinsztajn and Steinwart 2024, arXiv 2407.04491).
 *
 * <p>A dense layer behind it could hold the factors, and does in inference: s is folded into W.
 * Training is another with it than without, as a step changes all weights of a column together.
 */
public record Scaling() implements Layer {

  @Override
  public Kind kind() {
    return Kind.SCALING;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of();
  }

  @Override
  public String label() {
    return "Scaling";
  }

  @Override
  public List<Slot> tensors(Network.Node at) {
    return List.of(at.vector(Slot.Role.SCALE));
  }
}
