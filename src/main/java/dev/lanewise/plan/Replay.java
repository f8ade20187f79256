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
    float[] features = pass.batch().features();
    int inputs = plan.network().inputs();
    Optional<String> found = find("features", features, pass.firstRow() * inputs, inputs, inputs);
    for (Chain chain : chains) {
      if (found.isEmpty()) {
        chain.forward(plan.team());
        found =
            find(chain.name(), chain.output(), chain.outputAt(), chain.stride(), chain.outputs());
      }
    }
    return found;
  }

  private Optional<String> find(String name, float[] matrix, int at, int stride, int columns) {
    for (int row = 0; row < pass.rows(); row++) {
      for (int column = 0; column < columns; column++) {
        float value = matrix[at + row * stride + column];
        if (!Float.isFinite(value)) {
          return Optional.of(
              "%s: %s in row %d, unit %d".formatted(name, value, pass.firstRow() + row, column));
        }
      }
    }
    return Optional.empty();
  }

  /** As {@link TrainingPlan#outputs}. */
  List<LayerOutput> outputs(float[] parameters, Batch batch, long key) {
    begin(parameters, batch, key);
    List<Seen> layers = new ArrayList<>();
    for (int i = 1; i < chains.length; i++) {
      layers.add(new Seen(chains[i]));
    }
    plan.team().open();
    try {
      do {
        chains[0].forward(plan.team());
        for (Seen layer : layers) {
          layer.chain.forward(plan.team());
          layer.add();
        }
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
      for (int row = 0; row < pass.rows(); row++) {
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
          Math.sqrt(squares / ((double) rows * alive.length)),
          last ? 0 : (double) dead / alive.length);
    }
  }
}
