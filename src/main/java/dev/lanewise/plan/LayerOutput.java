package dev.lanewise.plan;

import java.util.Objects;

/**
 * What a layer put out for a batch.
 *
 * @param layer the layer's name, as {@code dense2}
 * @param rms the root mean square of its outputs after activation and dropout; for the last layer,
 *     of the scores
 * @param deadShare the share of its units that are 0 for every row, as ReLUs are that no longer
 *     learn; 0 for the last layer. Under dropout a batch of few rows has more of them, namely units
 *     that no row has kept
 */
public record LayerOutput(String layer, double rms, double deadShare) {
  /** Keeps results as they are; the name is never null. */
  public LayerOutput {
    Objects.requireNonNull(layer, "layer");
  }
}
