package dev.lanewise.train;

import java.util.Objects;

/**
 * What a step did in one layer.
 *
 * @param layer the layer's name, as {@code dense2}
 * @param weights the number of its weights
 * @param activationRms the root mean square of its outputs; for the last layer, of the scores
 * @param deadShare the share of its units that are 0 for every row of the batch, as {@link
 *     dev.lanewise.plan.LayerOutput} says
 * @param gradientNorm the Euclidean norm of its weights' gradient, penalties included, before the
 *     optimiser
 * @param updateRatio ‖ΔW‖/‖W‖ with W before the step; infinite if W was 0 and has moved
 */
public record LayerObservation(
    String layer,
    int weights,
    double activationRms,
    double deadShare,
    double gradientNorm,
    double updateRatio) {

  /** Keeps results as they are; the name is never null. */
  public LayerObservation {
    Objects.requireNonNull(layer, "layer");
  }

  /**
   * {@return the root mean square of the weights' gradient, which layers of all sizes compare by}
   */
  public double gradientRms() {
    return gradientNorm / Math.sqrt(weights);
  }

  boolean finite() {
    return Double.isFinite(activationRms) && Double.isFinite(gradientNorm);
  }
}
