package dev.lanewise.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ThresholdCurveTest {

  /** Few distinct scores among many rows, some of them infinite or zeros of either sign. */
  private record Drawn(double[] scores, float[] targets) {

    static Drawn of(long seed, int rows, int distinct) {
      Random random = new Random(seed);
      double[] scores = new double[rows];
      float[] targets = new float[rows];
      double share = random.nextDouble();
      for (int r = 0; r < rows; r++) {
        int step = random.nextInt(distinct);
        scores[r] =
            step == 0
                ? (random.nextBoolean() ? 0.0 : -0.0)
                : step == 1 ? Double.POSITIVE_INFINITY : Math.scalb(step - 5.0, step % 7);
        targets[r] = random.nextDouble() < share ? 1 : 0;
      }
      return new Drawn(scores, targets);
    }

    int rows() {
      return scores.length;
    }

    ThresholdCurve curve() {
      return ThresholdCurve.of(scores, targets, rows());
    }

    int count(double threshold, int target) {
      int count = 0;
      for (int r = 0; r < rows(); r++) {
        count += scores[r] >= threshold && targets[r] == target ? 1 : 0;
      }
      return count;
    }

    int all(int target) {
      return count(Double.NEGATIVE_INFINITY, target);
    }

    /** The distinct scores, from the highest down. */
    List<Double> thresholds() {
      TreeSet<Double> distinct = new TreeSet<>(Collections.reverseOrder());
      for (double score : scores) {
        distinct.add(score + 0.0);
      }
      return List.copyOf(distinct);
    }
  }

  @Property
  void eachDistinctScoreHasAPointWithTheRowsOfAtLeastIt(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 30) int distinct) {
    Drawn drawn = Drawn.of(seed, rows, distinct);
    List<Evaluation.CurvePoint> expected = new ArrayList<>();
    for (double threshold : drawn.thresholds()) {
      expected.add(
          new Evaluation.CurvePoint(
              threshold,
              drawn.count(threshold, 1),
              drawn.count(threshold, 0),
              drawn.all(1),
              drawn.all(0)));
    }
    assertEquals(expected, drawn.curve().points());
  }

  @Property
  void theAreaIsTheShareOfPairsInOrderWithTiesCountingHalf(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 30) int distinct) {
    Drawn drawn = Drawn.of(seed, rows, distinct);
    long halves = 0;
    for (int p = 0; p < rows; p++) {
      for (int n = 0; n < rows; n++) {
        if (drawn.targets[p] == 1 && drawn.targets[n] == 0) {
          halves +=
              drawn.scores[p] > drawn.scores[n] ? 2 : drawn.scores[p] == drawn.scores[n] ? 1 : 0;
        }
      }
    }
    double pairs = (double) drawn.all(1) * drawn.all(0);
    OptionalDouble expected =
        pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(halves / (2 * pairs));
    assertEquals(expected, drawn.curve().auc());
  }

  @Property
  void averagePrecisionSumsThePrecisionOfEachStepOfRecall(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 30) int distinct) {
    Drawn drawn = Drawn.of(seed, rows, distinct);
    double sum = 0;
    double before = 0;
    for (double threshold : drawn.thresholds()) {
      double found = drawn.count(threshold, 1);
      double recall = found / drawn.all(1);
      sum += (recall - before) * found / (found + drawn.count(threshold, 0));
      before = recall;
    }
    OptionalDouble actual = drawn.curve().averagePrecision();
    assertEquals(drawn.all(1) > 0, actual.isPresent());
    assertEquals(drawn.all(1) > 0 ? sum : 0, actual.orElse(0), 1e-12);
  }

  @Property
  void theCurveDoesNotDependOnTheOrderOfRows(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int rows) {
    Drawn drawn = Drawn.of(seed, rows, 9);
    double[] scores = new double[rows];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      scores[r] = drawn.scores[rows - 1 - r];
      targets[r] = drawn.targets[rows - 1 - r];
    }
    ThresholdCurve turned = ThresholdCurve.of(scores, targets, rows);
    assertEquals(drawn.curve().points(), turned.points());
    assertEquals(drawn.curve().toString(), turned.toString());
  }

  @Property
  void whatIsThinnedKeepsItsEndsTheCornersOfItsHullAndItsAreas(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 400) int rows,
      @ForAll @IntRange(min = 2, max = 40) int most) {
    Random random = new Random(seed);
    double[] scores = new double[rows];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      targets[r] = random.nextInt(2);
      scores[r] = Math.round(20 * (random.nextGaussian() + targets[r]));
    }
    ThresholdCurve all = ThresholdCurve.of(scores, targets, rows);
    ThresholdCurve some = all.thinned(most);
    assertTrue(some.points().size() <= Math.min(most, all.points().size()));
    assertTrue(all.points().containsAll(some.points()));
    assertEquals(all.points().getFirst(), some.points().getFirst());
    assertEquals(all.points().getLast(), some.points().getLast());
    assertEquals(all.auc(), some.auc());
    assertEquals(all.averagePrecision(), some.averagePrecision());
    List<Evaluation.CurvePoint> corners =
        all.points().stream().filter(point -> isCorner(point, all)).toList();
    if (corners.size() + 2 <= most) {
      assertTrue(some.points().containsAll(corners), () -> corners + " of " + some.points());
    }
  }

  /** A corner is above every line between a point to its left, or the origin, and one on. */
  private static boolean isCorner(Evaluation.CurvePoint of, ThresholdCurve all) {
    List<int[]> places = new ArrayList<>(List.of(new int[2]));
    all.points().forEach(p -> places.add(new int[] {p.falsePositives(), p.truePositives()}));
    int x = of.falsePositives();
    int y = of.truePositives();
    for (int[] left : places) {
      for (int[] right : places) {
        boolean before = left[0] + left[1] < x + y;
        boolean behind = right[0] + right[1] > x + y;
        long above =
            (long) (x - left[0]) * (right[1] - left[1])
                - (long) (y - left[1]) * (right[0] - left[0]);
        if (before && behind && above >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void aMillionRowsOfDistinctScoresAreCounted() {
    int rows = 1_000_000;
    double[] scores = new double[rows];
    float[] targets = new float[rows];
    for (int r = 0; r < rows; r++) {
      scores[r] = r;
      targets[r] = r % 3 == 0 ? 0 : 1;
    }
    ThresholdCurve curve = ThresholdCurve.of(scores, targets, rows);
    assertEquals(rows, curve.points().size());
    float[] single = new float[rows];
    for (int r = 0; r < rows; r++) {
      single[r] = r;
    }
    assertEquals(Classification.auc(single, targets, rows), curve.auc());
    assertEquals(250, curve.thinned(250).points().size());
  }
}
