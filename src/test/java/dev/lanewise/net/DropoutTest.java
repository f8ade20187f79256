package dev.lanewise.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropping and keeping are two words for one thing. */
final class DropoutTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.125, 0.2, 0.5, 0.75, 0.99})
  void droppingIsTheComplementOfKeeping(double dropping) {
    assertEquals(Dropout.keeping(1 - dropping), Dropout.of(dropping));
    assertEquals(1 - dropping, Dropout.of(dropping).keep());
  }
}
