package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.QUESTION;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.NoSuchElementException;

/** Bad input to the package {@code tensor}. */
final class TensorCases {

  private static final Slot W = new Slot("w", Slot.Role.WEIGHT, 0, 2, 3);
  private static final Layout LAYOUT = Layout.of(List.of(W));

  private TensorCases() {}

  static void list(BadInputs bad) {
    slots(bad);
    bad.refuses("Layout.of(List)", () -> Layout.of(List.of(W, W)), "the name w stands twice");
    bad.refuses(
        "Layout.slot(String)", () -> LAYOUT.slot("v"), NoSuchElementException.class, "no tensor v");
    bad.takeAnything(QUESTION, "Layout.contains(String)");
  }

  private static void slots(BadInputs bad) {
    String slot = "new Slot(String, Role, int, int, int)";
    bad.refuses(slot, () -> new Slot("w", Slot.Role.WEIGHT, -1, 1, 1), "slot w: offset -1");
    bad.refuses(slot, () -> new Slot("w", Slot.Role.WEIGHT, 0, 0, 1), "shape [0][1]");
    bad.refuses(slot, () -> new Slot("w", Slot.Role.WEIGHT, 0, 1, 0), "shape [1][0]");
    bad.refuses(slot, () -> new Slot("b", Slot.Role.BIAS, 0, 2, 1), "shape [2][1]");
    bad.refuses(slot, () -> new Slot("w", Slot.Role.WEIGHT, 0, 1 << 16, 1 << 15), "below 2^31");
  }
}
