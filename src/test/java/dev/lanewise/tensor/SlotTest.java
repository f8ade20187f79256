package dev.lanewise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SlotTest {

  private static final Slot WEIGHT = new Slot("dense1.weight", Slot.Role.WEIGHT, 0, 3, 2);
  private static final Slot BIAS = new Slot("dense1.bias", Slot.Role.BIAS, 6, 1, 2);

  @Test
  void aSlotMayEndWithTheLargestArray() {
    Slot slot = new Slot("a", Slot.Role.WEIGHT, 1, Integer.MAX_VALUE - 1, 1);
    assertEquals(Integer.MAX_VALUE, slot.end());
    assertEquals(Integer.MAX_VALUE - 1, slot.size());
  }

  @Test
  void aRefusedSlotIsDescribed() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Slot("a", Slot.Role.BIAS, 4, 2, 3));
    assertEquals(
        "slot a: offset 4, shape [2][3]: expected offset >= 0, sizes >= 1, one row unless a weight"
            + " or table, and an end below 2^31",
        e.getMessage());
  }

  @Test
  void aSlotNeedsANameAndARole() {
    assertEquals(
        "name",
        assertThrows(NullPointerException.class, () -> new Slot(null, Slot.Role.BIAS, 0, 1, 1))
            .getMessage());
    assertEquals(
        "role",
        assertThrows(NullPointerException.class, () -> new Slot("a", null, 0, 1, 1)).getMessage());
  }

  @Test
  void weightsHaveTwoDimensionsInFilesAndVectorsOne() {
    assertArrayEquals(new int[] {3, 2}, WEIGHT.shape());
    assertArrayEquals(new int[] {2}, BIAS.shape());
  }

  @Test
  void weightsAndTablesAreMatrices() {
    for (Slot.Role role : Slot.Role.values()) {
      assertEquals(role == Slot.Role.WEIGHT || role == Slot.Role.TABLE, role.matrix());
    }
    Slot table = new Slot("embedding0.categories", Slot.Role.TABLE, 4, 3, 2);
    assertArrayEquals(new int[] {3, 2}, table.shape());
    assertEquals(10, table.end());
  }

  @Test
  void runningStatisticsAloneAreNotTrained() {
    for (Slot.Role role : Slot.Role.values()) {
      assertEquals(role != Slot.Role.MEAN && role != Slot.Role.VARIANCE, role.trained());
    }
  }

  @Test
  void layoutsOfTheSameTensorsAreEqual() {
    Layout layout = Layout.of(List.of(WEIGHT, BIAS));
    Layout same = Layout.of(List.of(WEIGHT, BIAS));
    assertEquals(layout, same);
    assertEquals(layout.hashCode(), same.hashCode());
    assertNotEquals(layout, Layout.of(List.of(WEIGHT)));
    assertNotEquals(layout.hashCode(), Layout.of(List.of(WEIGHT)).hashCode());
    assertFalse(layout.equals(new Object()));
  }

  @Test
  void aLayoutKnowsItsNamesAndPrintsItsTensors() {
    Layout layout = Layout.of(List.of(WEIGHT, BIAS));
    assertTrue(layout.contains("dense1.bias"));
    assertFalse(layout.contains("dense2.bias"));
    assertEquals(
        """
        dense1.weight    [3, 2]         at 0
        dense1.bias      [2]            at 6\
        """,
        layout.toString());
  }
}
