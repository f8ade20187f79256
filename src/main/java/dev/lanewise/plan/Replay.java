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
  private final DenseStep[] steps;

  Replay(TrainingPlan plan, Pass pass, DenseStep[] steps) {
    this.plan = plan;
    this.pass = pass;
    this.steps = steps;
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
    Optional<String> found = find("features", pass.inputs, pass.inputsAt, inputs, inputs);
    plan.forwardInputs();
    for (DenseStep step : steps) {
      if (found.isEmpty()) {
        step.forward(plan.team());
        found = find(name(step), step.output(), 0, step.stride(), step.block().outputs());
      }
    }
    return found;
  }

  private Optional<String> find(String name, float[] matrix, int at, int stride, int columns) {
    for (int row = 0; row < pass.rows; row++) {
      for (int column = 0; column < columns; column++) {
        float value = matrix[at + row * stride + column];
        if (!Float.isFinite(value)) {
          return Optional.of(
              "%s: %s in row %d, unit %d".formatted(name, value, pass.firstRow + row, column));
        }
      }
    }
    return Optional.empty();
  }

  private static String name(DenseStep step) {
    return "dense" + step.block().number();
  }

  /** As {@link TrainingPlan#outputs}. */
  List<LayerOutput> outputs(float[] parameters, Batch batch, long key) {
    begin(parameters, batch, key);
    List<Seen> layers = new ArrayList<>();
    for (DenseStep step : steps) {
      layers.add(new Seen(step));
    }
    plan.team().open();
    try {
      do {
        plan.forwardInputs();
        for (Seen layer : layers) {
          layer.step.forward(plan.team());
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
    private final DenseStep step;
    private final boolean[] alive;
    private double squares;

    Seen(DenseStep step) {
      this.step = step;
      alive = new boolean[step.block().outputs()];
    }

    void add() {
      for (int row = 0; row < pass.rows; row++) {
        int at = row * step.stride();
        squares += plan.now().kernels().sumOfSquares(step.output(), at, alive.length);
        for (int unit = 0; unit < alive.length; unit++) {
          alive[unit] |= step.output()[at + unit] != 0;
        }
      }
    }

    LayerOutput output(int rows) {
      int dead = 0;
      for (boolean lives : alive) {
        dead += lives ? 0 : 1;
      }
      boolean last = step == steps[steps.length - 1];
      return new LayerOutput(
          name(step),
          Math.sqrt(squares / ((double) rows * alive.length)),
          last ? 0 : (double) dead / alive.length);
    }
  }
}
