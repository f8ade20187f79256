package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.plan.DataStart;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where the first parameters of a training come from. */
class StartTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Recipe DRAWN = Samples.recipe().withEpochs(2);
  private static final Recipe BY_DATA = DRAWN.withStart(Recipe.Start.DATA);

  @Test
  void aTrainingStartsFromDrawsOrFromThemScaledByItsRows() {
    float[] drawn = DRAWN.network().initialParameters(DRAWN.seed());
    assertArrayEquals(drawn, Training.start(DRAWN, Samples.data(), ENGINE).latestParameters());
    float[] scaled =
        DataStart.of(DRAWN.network(), drawn, Samples.data().training(), DRAWN.seed(), ENGINE);
    assertArrayEquals(scaled, Training.start(BY_DATA, Samples.data(), ENGINE).latestParameters());
    assertFalse(Arrays.equals(drawn, scaled));
  }

  @Test
  void givenParametersAreTakenAsTheyAre() {
    float[] given = DRAWN.network().initialParameters(99);
    assertArrayEquals(
        given, Training.start(BY_DATA, Samples.data(), given, ENGINE).latestParameters());
  }

  @Test
  void aTrainingStartedByDataGoesOn() throws IOException {
    float[] expected = Samples.trained(BY_DATA, Samples.data(), ENGINE).latestParameters();
    Training first = Training.start(BY_DATA, Samples.data(), ENGINE);
    first.step();
    Training second = Training.resume(first.toBytes(), BY_DATA, Samples.data(), ENGINE);
    second.forEach(epoch -> {});
    assertArrayEquals(expected, second.latestParameters());
    byte[] saved = second.toBytes();
    IOException e =
        assertThrows(
            IOException.class, () -> Training.resume(saved, DRAWN, Samples.data(), ENGINE));
    assertTrue(e.getMessage().contains("7, start by data"), e::getMessage);
  }

  @Test
  void aRecipeSaysItsStartIfItIsByData() {
    assertEquals(DRAWN + "\nstart: by data", BY_DATA.toString());
    assertEquals(Recipe.Start.DRAWN, DRAWN.start());
  }
}
