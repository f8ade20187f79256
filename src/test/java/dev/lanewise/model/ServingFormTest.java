package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What serves needs no parameters, and says what it takes. */
final class ServingFormTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Network NETWORK =
      Network.inputs(300)
          .dense(256)
          .batchNorm()
          .relu()
          .dense(32)
          .loss(new Loss.SoftmaxCrossEntropy());

  @Property
  void aServingFormPredictsTheSameBits(@ForAll(supplier = Networks.Any.class) Sample sample) {
    Model model = Model.of(sample.network(), sample.theta(), ENGINE);
    float[] expected = new float[sample.rows() * sample.network().outputs()];
    float[] actual = expected.clone();
    model.predictor().predict(sample.features(), sample.rows(), expected);
    model.forServing().predictor().predict(sample.features(), sample.rows(), actual);
    assertArrayEquals(expected, actual);
    Ensemble.of(List.of(model))
        .forServing()
        .shared()
        .predict(sample.features(), sample.rows(), actual);
    assertArrayEquals(expected, actual);
    assertEquals(model.parametersSha256(), model.forServing().parametersSha256());
  }

  private static Model model() {
    return Model.of(NETWORK, NETWORK.initialParameters(1), ENGINE);
  }

  @Test
  void whatNeedsParametersIsRefusedAndSaysWhy() {
    Model serving = model().forServing().withProvenance(Provenance.UNKNOWN.with("a", "b"));
    Ensemble both = Ensemble.of(List.of(model(), model())).forServing();
    Path file = Path.of("target", "never written");
    for (Executable call :
        List.<Executable>of(
            serving::parameters,
            () -> serving.save(file),
            () -> serving.writeTo(OutputStream.nullOutputStream()),
            serving::toBytes,
            () -> serving.withWeightFormat(WeightFormat.BFLOAT16),
            () -> both.save(file),
            both::toBytes,
            () -> both.writeTo(OutputStream.nullOutputStream()))) {
      String message = assertThrows(IllegalStateException.class, call).getMessage();
      assertTrue(message.startsWith("parameters: forServing has dropped them"), message);
    }
    assertSame(serving, serving.forServing());
  }

  @Test
  void heapBytesAreThoseOfParametersAndPackedWeights() {
    Model model = model();
    long weights = 4L * (300 * 256 + 256 * 32);
    long serving = model.forServing().heapBytes();
    assertEquals(4L * NETWORK.layout().size(), model.heapBytes() - serving);
    assertTrue(serving >= weights && serving <= 1.01 * weights, "serving form: " + serving);
    long half = model.withWeightFormat(WeightFormat.BFLOAT16).forServing().heapBytes();
    assertTrue(half < 0.51 * serving, half + " at half width, " + serving);
    assertEquals(
        2 * model.heapBytes(), Ensemble.of(List.of(model, model)).heapBytes(), "of two models");
  }
}
