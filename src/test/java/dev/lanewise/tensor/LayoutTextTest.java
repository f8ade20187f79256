package dev.lanewise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LayoutTextTest {

  private static final Slot W = new Slot("w", Slot.Role.WEIGHT, 0, 2, 3);
  private static final Slot B = new Slot("b", Slot.Role.BIAS, 0, 1, 3);

  @Test
  void layoutsOfTheSameTensorsAreEqual() {
    Layout layout = Layout.of(List.of(W, B));
    assertEquals(layout, Layout.of(List.of(W, B)));
    assertEquals(layout.hashCode(), Layout.of(List.of(W, B)).hashCode());
    assertNotEquals(layout, Layout.of(List.of(W)));
    assertNotEquals(layout, (Object) layout.slots());
  }

  @Test
  void aLayoutPrintsATensorALine() {
    assertEquals(
        "w                [2, 3]         at 0\nb                [3]            at 6",
        Layout.of(List.of(W, B)).toString());
  }
}
