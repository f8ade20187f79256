package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Repeats the forward pass of a step, part by part, to inspect what it computes. */
final class Replay {

  private final TrainingPlan plan;
  private final Pass pass;

  /** The inputs' chain first. */
  private final Chain[] chains;

  Replay(TrainingPlan plan, Pass pass, Chain[] chains) {
    this.plan = plan;
    this.pass = pass;
    this.chains = chains;
  }

  private void begin(float[] parameters, Batch batch, long key) {
    plan.begin(parameters, batch, key, new float[parameters.length]);
  }

  /** As {@link TrainingPlan#firstNonFinite}. */
  Optional<String> firstNonFinite(float[] parameters, Batch batch, long key) {
    begin(parameters, batch, key);
    for (Slot slot : plan.layout().slots()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        if (!Float.isFinite(parameters[i])) {
          return Optional.of(
              "%s: %s at index %d".formatted(slot.name(), parameters[i], i - slot.offset()));
        }
      }
    }
    Optional<String> found = firstNonFiniteOfPart();
    while (found.isEmpty() && plan.nextPart()) {
      found = firstNonFiniteOfPart();
    }
    return found;
  }

  private Optional<String> firstNonFiniteOfPart() {
    int inputs = plan.network().inputs();
    float[] features = pass.batch().features();
    for (int i = 0; i < pass.rows() * inputs; i++) {
      float value = features[pass.firstRow() * inputs + i];
      if (!Float.isFinite(value)) {
        return Optional.of(
            "features: %s in row %d, unit %d"
                .formatted(value, pass.firstRow() + i / inputs, i % inputs));
      }
    }
    Optional<String> found = Optional.empty();
    for (Chain chain : chains) {
      if (found.isEmpty()) {
        chain.forward(plan.team());
        found = find(chain);
      }
    }
    return found;
  }

  private Optional<String> find(Chain chain) {
    for (int row = 0; row < chain.rows(); row++) {
      for (int column = 0; column < chain.outputs(); column++) {
        float value = chain.output()[chain.outputAt() + row * chain.stride() + column];
        if (!Float.isFinite(value)) {
          String member = chain.copies() == 1 ? "" : ", member " + chain.member(row);
          return Optional.of(
              "%s: %s in row %d%s, unit %d"
                  .formatted(
                      chain.name(), value, pass.firstRow() + chain.example(row), member, column));
        }
      }
    }
    return Optional.empty();
  }

  /** As {@link TrainingPlan#outputs}. */
  List<LayerOutput> outputs(float[] parameters, Batch batch, long key) {
    begin(parameters, batch, key);
    List<Seen> layers = new ArrayList<>();
    for (Chain chain : chains) {
      if (chain.isDense()) {
        layers.add(new Seen(chain));
      }
    }
    plan.team().open();
    try {
      do {
        for (Chain chain : chains) {
          chain.forward(plan.team());
        }
        layers.forEach(Seen::add);
      } while (plan.nextPart());
    } finally {
      plan.team().close();
    }
    return layers.stream().map(layer -> layer.output(batch.rows())).toList();
  }

  /** The statistics of a layer's output over the parts so far. */
  private final class Seen {
    private final Chain chain;
    private final boolean[] alive;
    private double squares;

    Seen(Chain chain) {
      this.chain = chain;
      alive = new boolean[chain.outputs()];
    }

    void add() {
      for (int row = 0; row < chain.rows(); row++) {
        int at = row * chain.stride();
        squares += plan.now().kernels().sumOfSquares(chain.output(), at, alive.length);
        for (int unit = 0; unit < alive.length; unit++) {
          alive[unit] |= chain.output()[at + unit] != 0;
        }
      }
    }

    LayerOutput output(int rows) {
      int dead = 0;
      for (boolean lives : alive) {
        dead += lives ? 0 : 1;
      }
      boolean last = chain == chains[chains.length - 1];
      return new LayerOutput(
          chain.name(),
          Math.sqrt(squares / ((double) rows * chain.copies() * alive.length)),
          last ? 0 : (double) dead / alive.length);
    }
  }
}
