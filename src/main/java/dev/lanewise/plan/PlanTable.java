package dev.lanewise.plan;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import java.util.List;

/**
 * A training plan as text: what each step fuses, its shapes, and the bytes it holds.
 *
 * @param network the network
 * @param engine what computes
 * @param rows the rows it takes
 */
record PlanTable(Network network, Engine engine, PlanRows rows) {

  /** {@return the table} The inputs are the first chain. */
  String of(Chain[] chains, long sharedFloats) {
    int atOnce = rows.atOnce();
    StringBuilder text = new StringBuilder();
    text.append("training plan for up to %d rows".formatted(rows.most()));
    text.append(atOnce < rows.most() ? ", %d at once".formatted(atOnce) : "");
    text.append(", %s%n".formatted(engine));
    List<String> changes = chains[0].labels().subList(1, chains[0].labels().size());
    if (!changes.isEmpty()) {
      text.append("inputs      ").append(String.join(" + ", changes));
      text.append(" [%d][%d]%n".formatted(atOnce, network.inputs()));
    }
    for (int i = 1; i < chains.length; i++) {
      text.append(line(chains[i]));
    }
    text.append(
        "loss        %s [%d][%d]%n"
            .formatted(network.loss(), atOnce * network.members(), network.outputs()));
    text.append("shared      %,d bytes%n".formatted(sharedFloats * Float.BYTES));
    text.append(
        "parameters  %,d bytes, and as many for the gradient"
            .formatted((long) network.layout().size() * Float.BYTES));
    return text.toString();
  }

  private String line(Chain chain) {
    return "%-11s %s: [%d][%d] -> [%d][%d], %,d bytes%n"
        .formatted(
            chain.name(),
            String.join(" + ", chain.labels()),
            rows.atOnce() * chain.copiesBelow(),
            chain.inputs(),
            rows.atOnce() * chain.copies(),
            chain.outputs(),
            chain.size() * Float.BYTES);
  }
}
