package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.net.Loss;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that are encoded once for several learners, and learners of the folds of one. */
final class SharedRowsTest {

  private static final Table TABLE = Flowers.table(120, 1);
  private static final Learner KINDS = Flowers.kinds().withRecipe(recipe -> recipe.withEpochs(2));

  @Test
  void aRunOnSharedRowsHasTheBitsOfARunOfItsOwn() {
    Run first = KINDS.begin(TABLE);
    for (Learner other :
        List.of(
            KINDS.withRecipe(recipe -> recipe.withBatchSize(7)),
            KINDS.withSplit(first.split()).withSeed(9))) {
      Run shared = first.sharedBy(other).orElseThrow();
      assertSame(first.train().features(), shared.train().features());
      assertArrayEquals(
          other.learn(TABLE).model().parameters(), Learner.learned(shared).model().parameters());
    }
  }

  @Test
  void aLearnerThatDividesEncodesOrWeighsRowsOtherwiseSharesNone() {
    Run first = KINDS.begin(TABLE);
    Split split = first.split();
    for (Learner other :
        List.of(
            KINDS.withSeed(1),
            KINDS.withSplit(new Split.Ratios(50, 25, 25)),
            KINDS.withSplit(new Split(split.train(), split.dev(), new int[0])),
            KINDS.withIgnored("noise"),
            KINDS.withCategorical("weight"),
            KINDS.withWeights("weight"),
            KINDS.withBalancedClasses(),
            KINDS.withClassWeights(Map.of("rose", 2f)),
            KINDS.withTest(TABLE),
            KINDS.withDev(TABLE),
            KINDS.withEncoding(Encoder.Options.standard().withStandardize(false)),
            KINDS.withEncoding(Encoder.Options.standard().withMaxCategories(1)),
            KINDS.withEncoding(Encoder.Options.standard().withScale(Encoder.Scale.ROBUST)),
            KINDS.withEncoding(Encoder.Options.standard().withSignedPairs(true)),
            KINDS.withEncoding(Encoder.Options.standard().withMissingCategory(false)),
            Learner.classifier("colour"))) {
      assertTrue(first.sharedBy(other).isEmpty(), other::toString);
    }
    Learner prices = Learner.regressor("price");
    assertTrue(prices.begin(TABLE).sharedBy(prices.withLoss(new Loss.Poisson())).isEmpty());
    Encoder.Options clamped = Encoder.Options.standard().withClampedPredictions(true);
    assertTrue(prices.begin(TABLE).sharedBy(prices.withEncoding(clamped)).isEmpty());
  }

  @Test
  void eachRowThatIsNoTestRowIsADevRowInOneFold() {
    for (Learner learner : List.of(KINDS, Learner.regressor("price"), KINDS.withGroups("plant"))) {
      Split whole = learner.begin(TABLE).split();
      int[] rows =
          IntStream.concat(Arrays.stream(whole.train()), Arrays.stream(whole.dev()))
              .sorted()
              .toArray();
      Set<Integer> held = new HashSet<>();
      Set<Long> seeds = new HashSet<>();
      for (Learner fold : learner.folded(TABLE, 4)) {
        Split parts = fold.begin(TABLE).split();
        Arrays.stream(parts.dev()).forEach(row -> assertTrue(held.add(row)));
        assertArrayEquals(
            rows,
            IntStream.concat(Arrays.stream(parts.train()), Arrays.stream(parts.dev()))
                .sorted()
                .toArray());
        assertEquals(0, parts.test().length);
        seeds.add(fold.seed);
      }
      assertEquals(rows.length, held.size());
      assertEquals(4, seeds.size());
    }
  }

  @Test
  void groupsAndClassesAreKeptInTheFoldsOfALearner() {
    int plants = TABLE.column("plant");
    for (Learner fold : KINDS.withGroups("plant").folded(TABLE, 3)) {
      Split parts = fold.begin(TABLE).split();
      Set<String> held = new HashSet<>();
      Arrays.stream(parts.dev()).forEach(row -> held.add(TABLE.text(row, plants)));
      Arrays.stream(parts.train())
          .forEach(row -> assertTrue(!held.contains(TABLE.text(row, plants))));
    }
    int kind = TABLE.column("kind");
    long[] roses =
        KINDS.folded(TABLE, 4).stream()
            .mapToLong(
                fold ->
                    Arrays.stream(fold.begin(TABLE).split().dev())
                        .filter(row -> TABLE.text(row, kind).equals("rose"))
                        .count())
            .toArray();
    assertTrue(
        Arrays.stream(roses).max().orElseThrow() - Arrays.stream(roses).min().orElseThrow() <= 1);
  }

  @Test
  void aModelBeforeTheEndIsThatOfTheRunAndLooksAtNoTestRow() {
    try (Run run = KINDS.withCalibration().begin(TABLE)) {
      run.forEach(epoch -> {});
      float[] before = run.model().parameters();
      assertArrayEquals(before, run.finish().model().parameters());
      assertEquals(run.model().temperature(), run.finish().model().temperature());
      assertNotEquals(1, run.model().temperature().value());
      assertEquals(TABLE.source(), run.model().provenance().entries().get("data"));
    }
  }
}
