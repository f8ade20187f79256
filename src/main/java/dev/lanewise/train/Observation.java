package dev.lanewise.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Measurements of the last step of an epoch in each layer, which show vanishing and exploding
 * gradients (Glorot and Bengio 2010, He et al. 2015) and dead units.
 *
 * @param epoch the epoch's number, from 1
 * @param layers the layers, from the first on
 */
public record Observation(int epoch, List<Layer> layers) {

  /**
   * The gradient's root mean square in a layer, as a share of the largest in the layers above,
   * below which it counts as vanishing; it counts as exploding above the inverse.
   */
  public static final double VANISHING = 1e-3;

  /** The root mean square of a layer's outputs above which they count as exploding. */
  public static final double EXPLODING = 1e3;

  /** ‖ΔW‖/‖W‖ of a step above which it counts as exploding; about 1e-3 is usual. */
  public static final double LARGE_UPDATE = 0.1;

  /** The share of dead units above which there is a warning. */
  public static final double DEAD = 0.5;

  /** Creates an observation. */
  public Observation {
    layers = List.copyOf(Objects.requireNonNull(layers, "layers"));
  }

  /**
   * {@return a line for each problem of a layer, from the first layer on, as {@code vanishing:
   * dense1, …}; none if there is no problem} A layer is called
   *
   * <ul>
   *   <li>{@code vanishing} if its gradient's root mean square is below {@link #VANISHING} times
   *       the largest of the layers above;
   *   <li>{@code exploding} if it is above 1/{@link #VANISHING} times that, the outputs are above
   *       {@link #EXPLODING}, the weights have moved by more than {@link #LARGE_UPDATE} of their
   *       norm, or a number is not finite;
   *   <li>{@code dead} if more than {@link #DEAD} of its units are 0 for every row.
   * </ul>
   */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      double above =
          layers.stream()
              .skip(i + 1L)
              .mapToDouble(Layer::gradientRms)
              .filter(Double::isFinite)
              .max()
              .orElse(0);
      vanishing(layer, above).ifPresent(warnings::add);
      exploding(layer, above).ifPresent(warnings::add);
      dead(layer).ifPresent(warnings::add);
    }
    return List.copyOf(warnings);
  }

  private static Optional<String> vanishing(Layer layer, double above) {
    double rms = layer.gradientRms();
    return rms < VANISHING * above
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "vanishing: %s, its gradient's RMS of %.2g is %.2g of the largest above it",
                layer.layer(),
                rms,
                rms / above))
        : Optional.empty();
  }

  private static Optional<String> exploding(Layer layer, double above) {
    String trouble;
    if (!layer.finite()) {
      trouble = "a number is not finite";
    } else if (layer.activationRms() > EXPLODING) {
      trouble =
          String.format(
              Locale.ROOT,
              "its outputs' RMS of %.2g is above %.0f",
              layer.activationRms(),
              EXPLODING);
    } else if (above > 0 && layer.gradientRms() > above / VANISHING) {
      trouble =
          String.format(
              Locale.ROOT,
              "its gradient's RMS of %.2g is %.2g times the largest above it",
              layer.gradientRms(),
              layer.gradientRms() / above);
    } else if (layer.updateRatio() > LARGE_UPDATE && Double.isFinite(layer.updateRatio())) {
      trouble =
          String.format(
              Locale.ROOT,
              "a step moves its weights by %.2g of their norm, above %s",
              layer.updateRatio(),
              LARGE_UPDATE);
    } else {
      return Optional.empty();
    }
    return Optional.of(String.format(Locale.ROOT, "exploding: %s, %s", layer.layer(), trouble));
  }

  private static Optional<String> dead(Layer layer) {
    return layer.deadShare() > DEAD
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "dead: %s, %.0f %% of its units are 0 for every row",
                layer.layer(),
                100 * layer.deadShare()))
        : Optional.empty();
  }

  /**
   * Measurements of one step in one layer.
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
  public record Layer(
      String layer,
      int weights,
      double activationRms,
      double deadShare,
      double gradientNorm,
      double updateRatio) {

    /** Creates the measurements; the numbers are not checked. */
    public Layer {
      Objects.requireNonNull(layer, "layer");
    }

    /**
     * {@return the root mean square of the weights' gradient, by which layers of different sizes
     * are compared}
     */
    public double gradientRms() {
      return gradientNorm / Math.sqrt(weights);
    }

    boolean finite() {
      return Double.isFinite(activationRms) && Double.isFinite(gradientNorm);
    }
  }
}
