package dev.lanewise.check;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a claimed gradient lies from finite differences: over all components, for each tensor,
 * and for the worst components by name. Prints as a table, whose first line is the verdict.
 *
 * @param delta ‖g − ĝ‖/(‖g‖ + ‖ĝ‖) over all compared components, with g claimed and ĝ from
 *     differences; 0 if both are 0, NaN if one of them is NaN or nothing was compared
 * @param tensors the same for each trained tensor, in the order of the layers
 * @param worst the components that differ most, the worst first; NaN comes before all others
 * @param precision what the claimed gradient was computed in
 * @param kinkLimit the largest share of kinks among the components looked at that leaves the check
 *     conclusive
 */
public record GradientReport(
    double delta,
    List<Tensor> tensors,
    List<Component> worst,
    Precision precision,
    double kinkLimit) {

  /** What a claimed gradient was computed in. */
  public enum Precision {
    /** In {@code float}, with 24 bits: rounding alone leaves a δ of about 1e-7. */
    SINGLE,
    /** In {@code double}, with 53 bits: what is left is the error of differences. */
    DOUBLE
  }

  /** What a δ means, in the course's words. */
  public enum Band {
    /** At most 1e-7: the gradient is right. */
    FINE(1e-7, "right, down to the rounding of floats", "right"),
    /** At most 1e-5: look at the worst components. */
    LOOK(
        1e-5,
        "as near as rounding in floats lets a right gradient come; look for a tensor that stands"
            + " out",
        "look at the worst components"),
    /** At most 1e-3: suspicious. */
    SUSPICIOUS(
        1e-3,
        "more than rounding in floats does, but where next to nothing is left of a sum",
        "suspicious"),
    /** Above, or not a number: wrong. */
    WRONG(Double.POSITIVE_INFINITY, "wrong", "wrong");

    private final double limit;
    private final String ofFloats;
    private final String ofDoubles;

    Band(double limit, String ofFloats, String ofDoubles) {
      this.limit = limit;
      this.ofFloats = ofFloats;
      this.ofDoubles = ofDoubles;
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

    /**
     * {@return what the band says of a gradient, as a clause}
     *
     * @param precision what the gradient was computed in
     */
    public String meaning(Precision precision) {
      Objects.requireNonNull(precision, "precision");
      return precision == Precision.SINGLE ? ofFloats : ofDoubles;
    }
  }

  /**
   * The comparison of one tensor.
   *
   * @param name the tensor's name
   * @param delta its own ‖g − ĝ‖/(‖g‖ + ‖ĝ‖); if its norms are below 1e-6 of those over all, where
   *     little but the noise of differences is left, it is divided by those over all instead; NaN
   *     if nothing was compared
   * @param share its part of δ over all: its ‖g − ĝ‖ divided by the norms over all. The square of δ
   *     is the sum of the squared shares
   * @param norm ‖ĝ‖, from differences
   * @param compared the number of components compared
   * @param skipped the number of components skipped, because a step crosses a kink
   * @param size the number of components there are; more than compared and skipped if the check
   *     takes a sample
   */
  public record Tensor(
      String name, double delta, double share, double norm, int compared, int skipped, int size) {

    /** Creates a comparison; the numbers are not checked. */
    public Tensor {
      Objects.requireNonNull(name, "name");
    }

    private boolean wrong() {
      return Band.of(delta) == Band.WRONG && !(share <= Band.FINE.limit);
    }
  }

  /**
   * The comparison of one component.
   *
   * @param name its tensor and place, as {@code dense1.weight[3][7]}
   * @param index its place in θ
   * @param claimed the claimed derivative
   * @param numeric the derivative by differences; NaN if the cost is not finite there
   */
  public record Component(String name, int index, double claimed, double numeric) {

    /** Creates a comparison; the numbers are not checked. */
    public Component {
      Objects.requireNonNull(name, "name");
    }

    private boolean finite() {
      return Double.isFinite(claimed) && Double.isFinite(numeric);
    }

    /** {@return the distance between the two} */
    public double distance() {
      return Math.abs(claimed - numeric);
    }
  }

  /**
   * Creates a report.
   *
   * @throws IllegalArgumentException if the limit is outside [0, 1]
   */
  public GradientReport {
    tensors = List.copyOf(Objects.requireNonNull(tensors, "tensors"));
    worst = List.copyOf(Objects.requireNonNull(worst, "worst"));
    Objects.requireNonNull(precision, "precision");
    CheckOptions.checkKinkLimit(kinkLimit);
  }

  /**
   * {@return what was found} {@link Band#WRONG} if a tensor's own δ is and its share is above 1e-7,
   * the rounding of floats, or if nothing was compared; otherwise what δ means. It has no meaning
   * where the check is not {@linkplain #conclusive() conclusive}.
   */
  public Band band() {
    return wrongTensor().isPresent() ? Band.WRONG : Band.of(delta);
  }

  /**
   * {@return the tensor with the largest δ of its own, NaN before all others; empty if nothing was
   * compared}
   */
  public Optional<Tensor> worstTensor() {
    return tensors.stream()
        .filter(t -> t.compared() > 0)
        .max(Comparator.comparingDouble(Tensor::delta));
  }

  private Optional<Tensor> wrongTensor() {
    return tensors.stream()
        .filter(t -> t.compared() > 0 && t.wrong())
        .max(Comparator.comparingDouble(Tensor::delta));
  }

  /** {@return the number of components compared} */
  public int compared() {
    return tensors.stream().mapToInt(Tensor::compared).sum();
  }

  /** {@return the number of components skipped, because a step crosses a kink} */
  public int skipped() {
    return tensors.stream().mapToInt(Tensor::skipped).sum();
  }

  /**
   * {@return the number of trained parameters, of which compared and skipped ones are a sample or
   * all}
   */
  public int parameters() {
    return tensors.stream().mapToInt(Tensor::size).sum();
  }

  /**
   * {@return whether the check says anything: something was compared, and no larger share than the
   * limit was skipped} If not, the check has failed, whatever δ is.
   */
  public boolean conclusive() {
    return compared() > 0 && skipped() <= kinkLimit * ((double) compared() + skipped());
  }

  /**
   * {@return the verdict as a sentence: what was found, or why the check says nothing} It names
   * what is wrong, and tensors of which nothing could be compared.
   */
  public String verdict() {
    if (!conclusive()) {
      return "check failed: %s".formatted(failure());
    }
    if (!worst.isEmpty() && !worst.getFirst().finite()) {
      return "wrong: %s".formatted(notFinite(worst.getFirst()));
    }
    return finding() + unseen();
  }

  private String finding() {
    return wrongTensor()
        .map(t -> "wrong: delta %.3e of %s, %.3e over all".formatted(t.delta(), t.name(), delta))
        .orElseGet(
            () -> "%s: delta %.3e, %s".formatted(word(delta), delta, band().meaning(precision)));
  }

  private String unseen() {
    List<String> names = tensors.stream().filter(t -> t.compared() == 0).map(Tensor::name).toList();
    return names.isEmpty() ? "" : "; nothing compared of %s".formatted(String.join(", ", names));
  }

  private String failure() {
    int looked = compared() + skipped();
    return compared() == 0
        ? "nothing could be compared, %d of %d components lie at kinks".formatted(skipped(), looked)
        : "%d of %d components lie at kinks, more than %.3g of them; delta %.3e of the rest proves little"
            .formatted(skipped(), looked, kinkLimit, delta);
  }

  private static String notFinite(Component c) {
    return Double.isFinite(c.claimed())
        ? "%s: the cost is not finite beside it".formatted(c.name())
        : "%s: the claimed derivative is %s".formatted(c.name(), c.claimed());
  }

  /**
   * {@return a table: the verdict, what was compared, a line for each tensor, a line for each of
   * the worst components}
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("%s%n".formatted(verdict()));
    text.append(
        "%d of %d parameters compared, %d skipped at kinks; gradient in %s precision%n"
            .formatted(
                compared(), parameters(), skipped(), precision.name().toLowerCase(Locale.ROOT)));
    text.append(
        "%-24s %10s %8s %10s %12s %12s%n"
            .formatted("tensor", "compared", "skipped", "of", "norm", "delta"));
    for (Tensor t : tensors) {
      text.append(
          "%-24s %10d %8d %10d %12.3e %12.3e %s%n"
              .formatted(
                  t.name(), t.compared(), t.skipped(), t.size(), t.norm(), t.delta(), word(t)));
    }
    text.append("%-24s %24s %24s%n".formatted("worst component", "claimed", "by differences"));
    for (Component c : worst) {
      text.append("%-24s %24.16e %24.16e%n".formatted(c.name(), c.claimed(), c.numeric()));
    }
    return text.toString();
  }

  private static String word(Tensor tensor) {
    return tensor.compared() == 0 ? "nothing compared" : word(tensor.delta());
  }

  private static String word(double delta) {
    return Band.of(delta).name().toLowerCase(Locale.ROOT);
  }
}
