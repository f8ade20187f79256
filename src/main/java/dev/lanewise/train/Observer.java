package dev.lanewise.train;

import dev.lanewise.data.Batch;
import dev.lanewise.net.Network;
import dev.lanewise.plan.LayerOutput;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures single steps of a training: copies θ before a step, and replays the forward pass after
 * it.
 */
final class Observer {

  private final TrainingPlan plan;
  private final float[] before;
  private final float[] moved;
  private long key;
  private int every = 1;
  private Optional<Observation> latest = Optional.empty();

  Observer(TrainingPlan plan) {
    this.plan = plan;
    before = new float[plan.layout().size()];
    moved = new float[plan.layout().decayed()];
  }

  /** Observes one epoch in so many, the first among them. */
  void every(int epochs) {
    every = epochs;
  }

  /** {@return whether an epoch is observed, given the epochs before it} */
  boolean isDue(int epochsBefore) {
    return epochsBefore % every == 0;
  }

  Optional<Observation> latest() {
    return latest;
  }

  /** Stores the parameters and the key that a step begins with. */
  void begin(float[] theta, long stepKey) {
    System.arraycopy(theta, 0, before, 0, theta.length);
    key = stepKey;
  }

  /** Measures the step from the parameters and the gradient after it. */
  void end(float[] theta, float[] gradient, Batch batch, int epoch) {
    plan.now().kernels().blend(theta, 0, 1, before, 0, -1, moved, 0, moved.length);
    List<LayerOutput> outputs = plan.outputs(before, batch, key);
    List<Network.Node> dense = plan.network().dense();
    List<Observation.Layer> layers = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      LayerOutput output = outputs.get(i);
      Slot weight = dense.get(i).slot(plan.layout(), Slot.Role.WEIGHT);
      double distance = norm(moved, weight);
      layers.add(
          new Observation.Layer(
              output.layer(),
              weight.size(),
              output.rms(),
              output.deadShare(),
              norm(gradient, weight),
              distance == 0 ? 0 : distance / norm(before, weight)));
    }
    latest = Optional.of(new Observation(epoch, layers));
  }

  private double norm(float[] values, Slot slot) {
    return Math.sqrt(plan.now().kernels().sumOfSquares(values, slot.offset(), slot.size()));
  }
}
