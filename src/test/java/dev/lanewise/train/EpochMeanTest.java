package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The means of several trainings' epochs. */
final class EpochMeanTest {

  private static Epoch epoch(int number, double x, OptionalDouble dev) {
    return new Epoch(number, x, x + 1, x + 2, dev, dev, x);
  }

  private static OptionalDouble some(double value) {
    return OptionalDouble.of(value);
  }

  @Test
  void measuresAreMeansAndSecondsAreThoseOfAll() {
    Epoch mean = Epoch.mean(List.of(epoch(3, 1, some(10)), epoch(3, 5, some(20))));
    assertEquals(3, mean.number());
    assertEquals(3, mean.rate());
    assertEquals(4, mean.trainingLoss());
    assertEquals(5, mean.cost());
    assertEquals(some(15), mean.devLoss());
    assertEquals(some(15), mean.devMetric());
    assertEquals(6, mean.seconds());
    Epoch alone = epoch(2, 0.1, OptionalDouble.empty());
    assertEquals(alone.toString(), Epoch.mean(List.of(alone)).toString());
  }

  @Test
  void epochsOfOtherNumbersOrMeasuresAreRefused() {
    for (List<Epoch> bad :
        List.of(
            List.<Epoch>of(),
            List.of(epoch(1, 1, some(1)), epoch(2, 1, some(1))),
            List.of(epoch(1, 1, some(1)), epoch(1, 1, OptionalDouble.empty())))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> Epoch.mean(bad)).getMessage();
      assertTrue(message.startsWith("epochs: "), message);
    }
  }
}
