package dev.lanewise.data;

import static dev.lanewise.Refusals.assertRefusedSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassWeightsTest {

  private static Dataset classes(float... numbers) {
    return Dataset.of(new float[numbers.length], 1, numbers, 1);
  }

  @Test
  void balancedWeightsAreRowsOverClassesTimesRowsOfTheClass() {
    Dataset data = classes(0, 0, 0, 1, 0, 2, 1, 0);
    ClassWeights weights = ClassWeights.balanced(data, 3);
    assertEquals(List.of(8 / 15f, 8 / 6f, 8 / 3f), weights.weights());
    float sum = 0;
    for (float weight : weights.applyTo(data).weights()) {
      sum += weight;
    }
    assertEquals(8, sum, 1e-5f);
  }

  @Test
  void aClassWithoutRowsIsNotCounted() {
    assertEquals(List.of(0.75f, 1f, 1.5f), ClassWeights.balanced(classes(0, 2, 0), 3).weights());
  }

  @Test
  void aRowGetsTheWeightOfItsClassTimesItsOwn() {
    Dataset data = classes(1, 0, 1).withWeights(new float[] {2, 3, 0});
    assertArrayEquals(new float[] {8, 1.5f, 0}, ClassWeights.of(0.5f, 4).applyTo(data).weights());
  }

  @Test
  void probabilitiesMixTheClassesWeights() {
    Dataset data = Dataset.of(new float[2], 1, new float[] {0, 1, 0, 0.25f, 0, 0.75f}, 3);
    assertArrayEquals(new float[] {2, 3.25f}, ClassWeights.of(1, 2, 4).applyTo(data).weights());
  }

  @Test
  void badWeightsAndTargetsAreRefusedByName() {
    assertRefusedSaying("weights: [1.0]; expected one for each", () -> ClassWeights.of(1));
    assertRefusedSaying(
        "weights: -1.0 for class 1; expected a finite", () -> ClassWeights.of(1, -1));
    assertRefusedSaying(
        "weights: NaN for class 0; expected a finite", () -> ClassWeights.of(Float.NaN, 1));
    assertRefusedSaying("data: target 2.0 in row 1", () -> ClassWeights.balanced(classes(0, 2), 2));
    assertRefusedSaying(
        "data: target 0.5 in row 0", () -> ClassWeights.of(1, 2).applyTo(classes(0.5f)));
  }
}
