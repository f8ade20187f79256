package dev.lanewise.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The gradients of embeddings beside differences of the textbook's cost. */
class EmbeddingGradientTest {

  @Property(tries = 80)
  void theReferencesIsTheLimitOfDifferences(
      @ForAll(supplier = Networks.Embedded.class) Sample sample) {
    double[] gradient =
        sample.reference().gradient(sample.referenceTheta(), sample.referenceBatch());
    GradientReport report =
        GradientCheck.of(sample.network())
            .check(sample.referenceTheta(), sample.referenceBatch(), gradient);
    for (GradientReport.Tensor tensor : report.tensors()) {
      if (tensor.name().startsWith("embedding0")) {
        // Some gradients are a thousand times smaller than others of the same cost.
        assertTrue(tensor.delta() <= 1e-6, report::toString);
      }
    }
  }

  @Property(tries = 80)
  void theEnginesIsCloseToDifferences(@ForAll(supplier = Networks.Embedded.class) Sample sample) {
    GradientReport report =
        GradientCheck.of(sample.network())
            .check(sample.theta(), sample.dataset(), sample.stepKey(), Engine.standard());
    for (GradientReport.Tensor tensor : report.tensors()) {
      if (tensor.name().startsWith("embedding0")) {
        assertTrue(tensor.delta() <= 1e-4, report::toString);
      }
    }
  }
}
