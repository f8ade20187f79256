package dev.lanewise.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a network prints, and that an initialiser draws what it says. */
final class NetworkTableTest {

  private static final Initializer.Distribution UNIFORM = Initializer.Distribution.UNIFORM;

  private static String table(Initializer initializer, Loss loss) {
    return Network.inputs(2).add(new Dense(2).withInitializer(initializer)).loss(loss).toString();
  }

  @Test
  void theTableNamesTheInitializerAndItsParameters() {
    Map<Initializer, String> texts = new LinkedHashMap<>();
    texts.put(new Initializer.Zeros(), "Dense, zeros ");
    texts.put(new Initializer.Fixed(0.25, UNIFORM), "Dense, uniform, deviation 0.25 ");
    texts.put(new Initializer.LeCun(UNIFORM), "Dense, LeCun uniform ");
    texts.put(new Initializer.Glorot(UNIFORM), "Dense, Glorot uniform ");
    texts.put(new Initializer.He(UNIFORM), "Dense, He uniform ");
    texts.put(new Initializer.Orthogonal(2), "Dense, orthogonal, gain 2.0 ");
    texts.forEach(
        (initializer, text) -> {
          String table = table(initializer, new Loss.SquaredError());
          assertTrue(table.contains(text), table);
        });
  }

  @Test
  void theTableNamesTheLossAndItsParameters() {
    Map<Loss, String> texts = new LinkedHashMap<>();
    texts.put(new Loss.SoftmaxCrossEntropy(0.5f), "SoftmaxCrossEntropy, smoothing 0.5 ");
    texts.put(new Loss.SigmoidCrossEntropy(), "SigmoidCrossEntropy ");
    texts.put(new Loss.SquaredError(), "SquaredError ");
    texts.put(new Loss.Poisson(), "Poisson ");
    texts.put(new Loss.Quantile(0.25f), "Quantile, tau 0.25 ");
    texts.put(new Loss.Huber(2), "Huber, delta 2.0 ");
    texts.forEach(
        (loss, text) -> {
          String table = table(new Initializer.Zeros(), loss);
          assertTrue(table.contains("\n" + text), table);
        });
  }

  /** The root mean square of many draws is the deviation, to about 4/√(2·draws). */
  @Test
  void anInitializerDrawsWithItsDeviation() {
    for (Initializer.Distribution distribution : Initializer.Distribution.values()) {
      drawsWithItsDeviation(new Initializer.Fixed(0.5, distribution));
      drawsWithItsDeviation(new Initializer.LeCun(distribution));
      drawsWithItsDeviation(new Initializer.Glorot(distribution));
      drawsWithItsDeviation(new Initializer.He(distribution));
    }
    drawsWithItsDeviation(new Initializer.Orthogonal(1.5));
    drawsWithItsDeviation(new Initializer.Zeros());
  }

  private static void drawsWithItsDeviation(Initializer initializer) {
    int in = 96;
    int out = 61;
    float[] theta =
        Network.inputs(in)
            .add(new Dense(out).withInitializer(initializer))
            .loss(new Loss.SquaredError())
            .initialParameters(3);
    double squares = 0;
    for (int i = 0; i < in * out; i++) {
      squares += (double) theta[i] * theta[i];
    }
    double expected = initializer.deviation(in, out);
    assertEquals(expected, Math.sqrt(squares / (in * out)), 0.04 * expected, initializer::toString);
  }
}
