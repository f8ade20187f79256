package dev.lanewise.plan;

import java.util.Objects;

/**
 * Statistics of a layer's output for a batch.
 *
 * @param layer the layer's name, as {@code dense2}
 * @param rms the root mean square of its outputs after activation and dropout; for the last layer,
 *     of the scores
 * @param deadShare the share of its units that are 0 for every row, such as ReLUs that no longer
 *     learn; 0 for the last layer. With dropout and few rows it includes units that were dropped in
 *     every row
 */
public record LayerOutput(String layer, double rms, double deadShare) {
  /** Creates the statistics; the numbers are not checked. */
  public LayerOutput {
    Objects.requireNonNull(layer, "layer");
  }
}
