package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.net.Dense;
import dev.lanewise.reference.ReferenceBatch;
import dev.lanewise.reference.ReferenceNetwork;
import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GradientCheckTest {

  @Provide
  Arbitrary<Sample> samples() {
    return Networks.any();
  }

  @Property
  void referenceGradientIsTheLimitOfDifferences(@ForAll("samples") Sample sample) {
    double[] theta = sample.referenceTheta();
    ReferenceBatch batch = sample.referenceBatch();
    double[] gradient = sample.reference().gradient(theta, batch);
    GradientReport report = GradientCheck.of(sample.network()).check(theta, batch, gradient);
    assertTrue(report.delta() <= 1e-8, report::toString);
  }

  @Property
  void plantedErrorOfOnePartInTenThousandIsCaughtInItsTensor(
      @ForAll("samples") Sample sample, @ForAll Random random) {
    double[] theta = sample.referenceTheta();
    ReferenceBatch batch = sample.referenceBatch();
    ReferenceNetwork reference = sample.reference();
    double[] gradient = reference.gradient(theta, batch);
    List<Slot> trained =
        reference.layout().slots().stream().filter(s -> s.role().trained()).toList();
    int place = random.nextInt(trained.size());
    Slot planted = trained.get(place);
    for (int i = planted.offset(); i < planted.end(); i++) {
      gradient[i] *= 1.0001;
    }
    GradientReport report = GradientCheck.of(sample.network()).check(theta, batch, gradient);
    GradientReport.Tensor tensor = report.tensors().get(place);
    assertEquals(planted.name(), tensor.name());
    // Next to nothing is compared against the whole, where an error in it does not show.
    double largest = report.tensors().stream().mapToDouble(GradientReport.Tensor::norm).max().orElseThrow();
    assertTrue(
        tensor.norm() < 1e-4 * largest || Math.abs(tensor.delta() - 5e-5) < 1e-6, report::toString);
  }

  @Test
  void oneDimensionalExampleOfTheCourseHasItsPublishedDelta() {
    GradientReport report =
        GradientCheck.check(
            t -> t[0] * 2,
            new double[] {4},
            new double[] {2},
            Difference.TWO_SIDED,
            1e-7);
    assertEquals(2.919335883291695e-10, report.delta(), 1e-24);
  }
}
