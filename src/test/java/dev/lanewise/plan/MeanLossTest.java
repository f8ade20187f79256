package dev.lanewise.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.Parallel;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import org.junit.jupiter.api.Test;

class MeanLossTest {

  private static final Team ALONE = Parallel.callerRuns().team();

  private static final MeanLoss LOSS =
      MeanLoss.compile(
          Network.inputs(1).dense(2).loss(new Loss.SquaredError()), 3, Engine.of("scalar"));

  @Test
  void theMeanIsOverRowsAndTheGradientTakesTheScoresPlace() {
    float[] scores = {1, 2, 3, 4};
    double loss = LOSS.of(ALONE, scores, new float[] {0, 0, 3, 2}, 2, 2);
    assertEquals((0.5 * (1 + 4) + 0.5 * 4) / 2, loss);
    assertArrayEquals(new float[] {0.5f, 1, 0, 1}, scores);
  }

  @Test
  void badInputIsRefusedByName() {
    refused("rows: 4; expected 1 to 3", new float[8], new float[8], 4);
    refused("rows: 0; expected 1 to 3", new float[8], new float[8], 0);
    refused("scores: length 3; expected at least 2 rows of 2", new float[3], new float[4], 2);
    refused("targets: length 3; expected at least 2 rows of 2", new float[4], new float[3], 2);
  }

  private static void refused(String message, float[] scores, float[] targets, int rows) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> LOSS.of(ALONE, scores, targets, 2, rows));
    assertTrue(e.getMessage().equals(message), e.getMessage());
  }
}
