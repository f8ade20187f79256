package dev.lanewise.report;

import dev.lanewise.check.GradientReport;
import dev.lanewise.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What a report shows of a gradient check. */
public final class GradientSection {

  private static final int MOST_TENSORS = 40;

  /** Below what a comparison in floats can show. */
  private static final double LEAST = 1e-14;

  private GradientSection() {}

  /**
   * {@return the sections}
   *
   * @param report the check's result
   */
  public static List<Section> of(GradientReport report) {
    List<Part> parts = new ArrayList<>();
    parts.add(tensors(report));
    if (!report.worst().isEmpty()) {
      parts.add(worst(report));
    }
    return List.of(
        new Section("gradient", "The gradient beside differences", parts),
        Section.of(
            "differences",
            "Why two-sided differences",
            new Prose(
                "The derivative of θ³ at 1 is 3. With ε = 0.01 the two-sided difference is off by"
                    + " 1e-4, the one-sided one by 3e-2."),
            sides()));
  }

  private static Chart tensors(GradientReport report) {
    List<GradientReport.Tensor> all =
        report.tensors().stream()
            .filter(tensor -> tensor.compared() > 0)
            .sorted(Comparator.comparingDouble(GradientReport.Tensor::delta).reversed())
            .toList();
    List<GradientReport.Tensor> shown = all.subList(0, Math.min(MOST_TENSORS, all.size()));
    String which =
        shown.size() < all.size()
            ? " The %d of %d tensors with the largest.".formatted(shown.size(), all.size())
            : "";
    return BarChart.of(
            "gradient-deltas",
            "Digits in which gradient and differences agree, by tensor.",
            "−log₁₀ δ with δ = ‖g − ĝ‖/(‖g‖ + ‖ĝ‖). From 7 digits on it is fine, below 5 worth a"
                + " look, below 3 wrong."
                + which,
            "tensor",
            shown.stream().map(GradientReport.Tensor::name).toList(),
            Axis.of("digits").between(0, -StrictMath.log10(LEAST)))
        .lying()
        .bars("digits", shown.stream().mapToDouble(GradientSection::digits).toArray())
        .mark("fine", 7)
        .mark("look", 5)
        .mark("wrong", 3)
        .chart();
  }

  private static double digits(GradientReport.Tensor tensor) {
    return -StrictMath.log10(Math.max(LEAST, tensor.delta()));
  }

  private static Grid worst(GradientReport report) {
    List<List<Json>> rows = new ArrayList<>();
    for (GradientReport.Component component : report.worst()) {
      rows.add(
          List.of(
              Grid.cell(component.name()),
              Grid.cell(component.index()),
              Grid.cell(component.claimed()),
              Grid.cell(component.numeric()),
              Grid.cell(component.distance())));
    }
    return new Grid(
        List.of("worst components of", "index", "gradient", "difference", "distance"), rows);
  }

  private static Chart sides() {
    double[] steps =
        IntStream.rangeClosed(1, 32).mapToDouble(i -> StrictMath.pow(10, -i / 4.0)).toArray();
    double[] one = new double[steps.length];
    double[] two = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      double above = cube(1 + steps[i]);
      one[i] = Math.abs((above - 1) / steps[i] - 3);
      two[i] = Math.abs((above - cube(1 - steps[i])) / (2 * steps[i]) - 3);
    }
    return XyChart.of(
            "difference-errors",
            "Error of a difference by ε.",
            "The one-sided error falls with ε, the two-sided one with ε². Where ε is small, both"
                + " are the rounding of double precision.",
            Axis.log("ε"),
            Axis.log("error"))
        .line("one-sided", steps, one)
        .line("two-sided", steps, two)
        .chart();
  }

  private static double cube(double x) {
    return x * x * x;
  }
}
