package dev.lanewise.plan;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * A training plan as text: what each step fuses, its shapes, and the bytes it holds.
 *
 * @param network the network
 * @param engine what computes
 * @param rows the rows it takes
 */
record PlanTable(Network network, Engine engine, PlanRows rows) {

  String of(boolean dropsInputs, DenseStep[] steps, long sharedFloats) {
    int atOnce = rows.atOnce();
    StringBuilder text = new StringBuilder();
    text.append("training plan for up to %d rows".formatted(rows.most()));
    text.append(atOnce < rows.most() ? ", %d at once".formatted(atOnce) : "");
    text.append(", %s%n".formatted(engine));
    if (dropsInputs) {
      text.append("inputs      dropout [%d][%d]%n".formatted(atOnce, network.inputs()));
    }
    for (DenseStep step : steps) {
      text.append(line(step, step == steps[steps.length - 1]));
    }
    text.append("loss        %s [%d][%d]%n".formatted(network.loss(), atOnce, network.outputs()));
    text.append("shared      %,d bytes%n".formatted(sharedFloats * Float.BYTES));
    text.append(
        "parameters  %,d bytes, and as many for the gradient"
            .formatted((long) network.layout().size() * Float.BYTES));
    return text.toString();
  }

  private String line(DenseStep step, boolean last) {
    Network.Block block = step.block();
    List<String> parts = new ArrayList<>();
    parts.add(block.batchNorm().isPresent() ? "product" : "product + bias");
    block.batchNorm().ifPresent(n -> parts.add("batch norm"));
    block.layerNorm().ifPresent(n -> parts.add("layer norm"));
    if (!last) {
      parts.add(block.activation().function().name());
    }
    block.dropout().ifPresent(d -> parts.add("dropout"));
    return "%-11s %s: [%d][%d] -> [%d][%d], %,d bytes%n"
        .formatted(
            "dense" + block.number(),
            String.join(" + ", parts),
            rows.atOnce(),
            block.inputs(),
            rows.atOnce(),
            block.outputs(),
            step.size() * Float.BYTES);
  }
}
