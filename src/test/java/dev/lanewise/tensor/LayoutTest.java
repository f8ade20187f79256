package dev.lanewise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Networks;
import dev.lanewise.Networks.Sample;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LayoutTest {

  @Property
  void tensorsFillTheArrayWithoutGapsOrOverlaps(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    Layout layout = sample.network().layout();
    int[] owners = new int[layout.size()];
    for (Slot slot : layout.slots()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        owners[i]++;
      }
    }
    for (int owner : owners) {
      assertEquals(1, owner);
    }
  }

  @Property
  void whatIsDecayedAndWhatIsTrainedAreRanges(
      @ForAll(supplier = Networks.Any.class) Sample sample) {
    Layout layout = sample.network().layout();
    for (Slot slot : layout.slots()) {
      assertEquals(slot.role() == Slot.Role.WEIGHT, slot.offset() < layout.decayed());
      assertEquals(slot.role().trained(), slot.offset() < layout.trained());
      assertEquals(slot, layout.slot(slot.name()));
    }
  }

  @Example
  void withinARangeTensorsStandInTheOrderOfTheLayers() {
    Layout layout =
        Layout.of(
            List.of(
                slot("norm1.mean", Slot.Role.MEAN, 1, 2),
                slot("dense1.weight", Slot.Role.WEIGHT, 3, 2),
                slot("norm1.scale", Slot.Role.SCALE, 1, 2),
                slot("dense2.weight", Slot.Role.WEIGHT, 2, 1),
                slot("dense2.bias", Slot.Role.BIAS, 1, 1)));
    assertEquals(List.of(11, 0, 8, 6, 10), layout.slots().stream().map(Slot::offset).toList());
    assertEquals(8, layout.decayed());
    assertEquals(11, layout.trained());
    assertEquals(13, layout.size());
  }

  @Example
  void tablesAreTrainedAndNotDecayed() {
    Layout layout =
        Layout.of(
            List.of(
                slot("embedding0.categories", Slot.Role.TABLE, 5, 2),
                slot("dense1.weight", Slot.Role.WEIGHT, 2, 3),
                slot("dense1.bias", Slot.Role.BIAS, 1, 3)));
    assertEquals(List.of(6, 0, 16), layout.slots().stream().map(Slot::offset).toList());
    assertEquals(6, layout.decayed());
    assertEquals(19, layout.trained());
  }

  private static Slot slot(String name, Slot.Role role, int rows, int columns) {
    return new Slot(name, role, 99, rows, columns);
  }

  @Example
  void aNameStandsOnce() {
    Slot slot = slot("a", Slot.Role.BIAS, 1, 1);
    var e = assertThrows(IllegalArgumentException.class, () -> Layout.of(List.of(slot, slot)));
    assertEquals("tensors: the name a stands twice", e.getMessage());
  }

  @Example
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    Layout layout = Layout.of(List.of(slot("a", Slot.Role.BIAS, 1, 1)));
    var e = assertThrows(NoSuchElementException.class, () -> layout.slot("b"));
    assertEquals("no tensor b; there are [a]", e.getMessage());
  }

  @Example
  void slotsThatAreNoneAreRefused() {
    refused(() -> new Slot("a", Slot.Role.WEIGHT, -1, 1, 1));
    refused(() -> new Slot("a", Slot.Role.WEIGHT, 0, 0, 1));
    refused(() -> new Slot("a", Slot.Role.WEIGHT, 0, 1, 0));
    refused(() -> new Slot("a", Slot.Role.WEIGHT, 0, 1 << 16, 1 << 16));
    refused(() -> new Slot("a", Slot.Role.WEIGHT, 1, Integer.MAX_VALUE, 1));
    refused(() -> new Slot("a", Slot.Role.BIAS, 0, 2, 3));
    refused(
        () ->
            Layout.of(
                List.of(
                    slot("a", Slot.Role.WEIGHT, 1 << 15, 1 << 15),
                    slot("b", Slot.Role.WEIGHT, 1 << 15, 1 << 15))));
  }

  private static void refused(Runnable call) {
    var e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().startsWith("slot "), e.getMessage());
  }
}
