package dev.lanewise.check;

import java.util.List;
import java.util.Locale;

/**
 * How far a claimed gradient lies from finite differences: over all components, for each tensor,
 * and for the worst components by name. Prints as a table.
 *
 * @param delta ‖g − ĝ‖/(‖g‖ + ‖ĝ‖) over all compared components, with g claimed and ĝ from
 *     differences; 0 if both are 0
 * @param tensors the same for each tensor, in the order of the layers
 * @param worst the components that differ most, the worst first
 */
public record GradientReport(double delta, List<Tensor> tensors, List<Component> worst) {

  /** What a δ means, in the course's words. */
  public enum Band {
    /** At most 1e-7: the gradient is right. */
    FINE(1e-7),
    /** At most 1e-5: look at the worst components. */
    LOOK(1e-5),
    /** At most 1e-3: suspicious. */
    SUSPICIOUS(1e-3),
    /** Above, or not a number: wrong. */
    WRONG(Double.POSITIVE_INFINITY);

    private final double limit;

    Band(double limit) {
      this.limit = limit;
    }

    /**
     * {@return the band of a δ}
     *
     * @param delta the δ
     */
    public static Band of(double delta) {
      for (Band band : values()) {
        if (delta <= band.limit) {
          return band;
        }
      }
      return WRONG;
    }
  }

  /**
   * The comparison of one tensor.
   *
   * @param name the tensor's name
   * @param delta its own ‖g − ĝ‖/(‖g‖ + ‖ĝ‖); if its norms are below 1e-6 of those over all, which
   *     leaves little but the noise of differences, divided by those over all instead
   * @param norm ‖ĝ‖, from differences
   * @param compared the number of components compared
   * @param skipped the number of components skipped, because a step crosses a kink
   */
  public record Tensor(String name, double delta, double norm, int compared, int skipped) {}

  /**
   * The comparison of one component.
   *
   * @param name its tensor and place, as {@code dense1.weight[3][7]}
   * @param index its place in θ
   * @param claimed the claimed derivative
   * @param numeric the derivative by differences
   */
  public record Component(String name, int index, double claimed, double numeric) {

    /** {@return how far the two lie apart} */
    public double distance() {
      return Math.abs(claimed - numeric);
    }
  }

  /** Creates a report. */
  public GradientReport {
    tensors = List.copyOf(tensors);
    worst = List.copyOf(worst);
  }

  /** {@return what δ means} */
  public Band band() {
    return Band.of(delta);
  }

  /** {@return the number of components compared} */
  public int compared() {
    return tensors.stream().mapToInt(Tensor::compared).sum();
  }

  /** {@return the number of components skipped, because a step crosses a kink} */
  public int skipped() {
    return tensors.stream().mapToInt(Tensor::skipped).sum();
  }

  /** {@return a table: δ, a line for each tensor, a line for each of the worst components} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "delta %.3e %s: %d components compared, %d skipped at kinks%n"
            .formatted(delta, word(delta), compared(), skipped()));
    text.append(
        "%-24s %10s %8s %12s %12s%n".formatted("tensor", "compared", "skipped", "norm", "delta"));
    for (Tensor t : tensors) {
      text.append(
          "%-24s %10d %8d %12.3e %12.3e %s%n"
              .formatted(
                  t.name(), t.compared(), t.skipped(), t.norm(), t.delta(), word(t.delta())));
    }
    text.append("%-24s %24s %24s%n".formatted("worst component", "claimed", "by differences"));
    for (Component c : worst) {
      text.append("%-24s %24.16e %24.16e%n".formatted(c.name(), c.claimed(), c.numeric()));
    }
    return text.toString();
  }

  private static String word(double delta) {
    return Band.of(delta).name().toLowerCase(Locale.ROOT);
  }
}
