package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.check.GradientReport.Component;
import dev.lanewise.check.GradientReport.Precision;
import dev.lanewise.check.GradientReport.Tensor;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.reference.ReferenceNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A report as text, word by word, and what its tensors are measured against. */
final class ReportTableTest {

  private static List<String> words(GradientReport report) {
    return report
        .toString()
        .lines()
        .map(line -> String.join(" ", line.strip().split(" +")))
        .toList();
  }

  @Test
  void aReportIsATableOfTensorsAndOfTheWorstComponents() {
    GradientReport report =
        new GradientReport(
            2e-9,
            List.of(
                new Tensor("dense1.weight", 3e-6, 2e-9, 0.5, 3, 1, 8),
                new Tensor("dense1.bias", 0, 0, 0, 0, 2, 2)),
            List.of(new Component("dense1.weight[1][0]", 4, 0.25, -0.5)),
            Precision.DOUBLE,
            0.6);
    assertEquals(
        List.of(
            "fine: delta 2.000e-09, right; nothing compared of dense1.bias",
            "3 of 10 parameters compared, 3 skipped at kinks; gradient in double precision",
            "tensor compared skipped of norm delta",
            "dense1.weight 3 1 8 5.000e-01 3.000e-06 look",
            "dense1.bias 0 2 2 0.000e+00 0.000e+00 nothing compared",
            "worst component claimed by differences",
            "dense1.weight[1][0] 2.5000000000000000e-01 -5.0000000000000000e-01"),
        words(report));
  }

  @Test
  void aFailedCheckSaysHowManyOfHowManyLieAtKinks() {
    List<Tensor> tensors = List.of(new Tensor("a", 1e-9, 1e-9, 1, 2, 1, 9));
    assertEquals(
        "check failed: 1 of 3 components lie at kinks, more than 0.100 of them;"
            + " delta 1.000e-09 of the rest proves little",
        new GradientReport(1e-9, tensors, List.of(), Precision.SINGLE, 0.1).verdict());
  }

  /** ∂J/∂b = −1 and ∂J/∂w = −x for one row of input x and target 1, at zero. */
  @Test
  void nextToNothingIsMeasuredAgainstTheWhole() {
    Network network = Network.inputs(1).dense(1).loss(new Loss.SquaredError());
    for (double x : new double[] {1e-4, 1e-8}) {
      ReferenceNetwork.Batch batch =
          new ReferenceNetwork.Batch(new double[][] {{x}}, new double[][] {{1}});
      double claimed = -3 * x;
      GradientReport report =
          GradientCheck.of(network).check(new double[2], batch, new double[] {claimed, -1});
      double expected = x < 1e-6 ? 2 * x / 2 : 2 * x / (x + 3 * x);
      assertEquals(expected, report.tensors().getFirst().delta(), 1e-4 * expected);
      assertEquals(x, report.tensors().getFirst().norm(), 1e-4 * x);
      assertTrue(report.tensors().getLast().delta() < 1e-9);
    }
  }

  @Test
  void theWorstComponentsAreFiveInTheOrderOfTheirDistance() {
    double[] claimed = {1, 3, 2, 6, 5, 4, 0};
    GradientReport report = ObjectiveCheck.of(theta -> 0).check(new double[7], claimed);
    assertEquals(List.of(3, 4, 5, 1, 2), report.worst().stream().map(Component::index).toList());
    assertEquals(7, report.compared());
  }
}
