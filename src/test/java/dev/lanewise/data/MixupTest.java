package dev.lanewise.data;

import static dev.lanewise.data.AugmentedRows.numbered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Augmentation.Mixup;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Statistics are judged at five standard errors, over fixed seeds: they hold or they do not. */
class MixupTest {

  /**
   * A row's targets tell its partner and the share of it, as the rows' classes are their numbers.
   */
  @Property(tries = 100)
  void mixupMixesFeaturesTargetsAndWeightsOfTwoRows(
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll @IntRange(min = 1, max = 30) int size,
      @ForAll long seed) {
    Dataset data = numbered(rows, 3).oneHot(30);
    float[] weights = new float[rows];
    for (int row = 0; row < rows; row++) {
      weights[row] = 0.5f + row;
    }
    Batches batches =
        Batches.of(data.withWeights(weights), size, seed, false, List.of(new Mixup(1)));
    Batches plain = Batches.of(data.withWeights(weights), size, seed, false);
    batches.start(2);
    plain.start(2);
    for (int b = 0; b < batches.count(); b++) {
      Batch mixed = batches.get(b);
      float[] targets = plain.get(b).targets();
      for (int i = 0; i < mixed.rows(); i++) {
        assertMixed(mixed, i, data, row(targets, i), members(targets, mixed.rows()));
      }
    }
  }

  private static int row(float[] oneHot, int i) {
    return IntStream.range(0, 30).filter(c -> oneHot[i * 30 + c] == 1).findFirst().orElseThrow();
  }

  private static Set<Integer> members(float[] oneHot, int rows) {
    Set<Integer> members = new HashSet<>();
    IntStream.range(0, rows).forEach(i -> members.add(row(oneHot, i)));
    return members;
  }

  private static void assertMixed(Batch mixed, int i, Dataset data, int own, Set<Integer> members) {
    int partner = own;
    double sum = 0;
    for (int c = 0; c < 30; c++) {
      float target = mixed.targets()[i * 30 + c];
      assertTrue(target >= 0 && target <= 1, () -> "target: " + target);
      partner = c != own && target > 0 ? c : partner;
      sum += target;
    }
    assertEquals(1, sum, 1e-7);
    assertTrue(members.contains(partner), "a partner of another batch");
    double weight = mixed.weights()[i];
    double share = partner == own ? 0 : (weight - 0.5 - own) / (partner - own);
    assertTrue(share >= -1e-6 && share <= 1 + 1e-6, "share " + share);
    if (partner != own) {
      // Weighted losses are mixed: each class counts as its own row's weight would have it.
      assertEquals(share * (0.5 + partner), mixed.targets()[i * 30 + partner] * weight, 1e-4);
    }
    for (int c = 0; c < 3; c++) {
      double first = data.features()[own * 3 + c];
      double second = data.features()[partner * 3 + c];
      assertEquals(
          first + share * (second - first),
          mixed.features()[i * 3 + c],
          1e-5 * (1 + Math.abs(second - first)));
    }
  }

  @Test
  void mixupDrawsPartnersEvenlyAndSharesFromBeta() {
    int rows = 5;
    double alpha = 0.4;
    Batches batches =
        Batches.of(numbered(rows, 1).oneHot(rows), 0, 1, false, List.of(new Mixup(alpha)));
    int epochs = 2000;
    int alone = 0;
    int[] partners = new int[rows];
    double sum = 0;
    double squares = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      batches.start(epoch);
      float[] targets = batches.get(0).targets();
      double own = targets[0];
      int partner = IntStream.range(1, rows).filter(c -> targets[c] > 0).findFirst().orElse(0);
      partners[partner]++;
      if (partner != 0) {
        sum += own;
        squares += (own - 0.5) * (own - 0.5);
      } else {
        alone++;
      }
    }
    for (int count : partners) {
      assertEquals(epochs / (double) rows, count, 5 * Math.sqrt(epochs * 0.2 * 0.8));
    }
    int n = epochs - alone;
    double variance = 1 / (4 * (2 * alpha + 1));
    double fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
    assertEquals(0.5, sum / n, 5 * Math.sqrt(variance / n));
    assertEquals(variance, squares / n, 5 * Math.sqrt((fourth - variance * variance) / n));
  }
}
