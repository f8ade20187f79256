package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model is exchanged while 32 threads use it, and each answer is that of the model it was asked
 * of. Two seconds; {@code -Dlanewise.load.seconds=60} for a minute.
 */
final class HotSwapTest {

  /** Null for a short run. */
  private static final String LONG = System.getProperty("lanewise.load.seconds");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyAnswerIsThatOfTheModelThatGaveIt(boolean virtual)
      throws IOException, InterruptedException {
    HotSwapLoad.Result result =
        new HotSwapLoad().run(LONG == null ? 2 : Double.parseDouble(LONG), 32, virtual, 200);
    if (LONG != null) {
      System.out.println((virtual ? "virtual threads " : "platform threads ") + result);
    }
    assertEquals(0, result.wrong());
    assertTrue(result.swaps() > 0 && result.calls() > 0, result.toString());
  }
}
