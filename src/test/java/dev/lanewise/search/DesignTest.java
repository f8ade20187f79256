package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.search.Design.Stage;
import dev.lanewise.search.Design.Step;
import dev.lanewise.search.Search.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class DesignTest {

  private static final List<Space> TWO =
      List.of(Space.logUniform("a", 1e-4, 1), Space.uniform("b", 0, 1));

  /** Trials in the order of their numbers: the first is the best. */
  private static final Function<List<Integer>, List<Integer>> IN_ORDER = trials -> trials;

  private static List<Stage> stages(Design design) {
    List<Stage> stages = new ArrayList<>();
    for (Optional<Stage> next = design.next(IN_ORDER);
        next.isPresent();
        next = design.next(IN_ORDER)) {
      stages.add(next.get());
    }
    return stages;
  }

  @Test
  void twentySevenTrialsOver81EpochsAreHalvedTwice() {
    assertEquals(
        List.of(new Step(27, 9), new Step(9, 27), new Step(3, 81)), Design.halving(27, 81, 3));
  }

  @Test
  void otherSizesAreRounded() {
    assertEquals(
        List.of(new Step(60, 11), new Step(20, 33), new Step(6, 100)), Design.halving(60, 100, 3));
    assertEquals(List.of(new Step(27, 2), new Step(9, 5)), Design.halving(27, 5, 3));
    assertEquals(List.of(new Step(8, 81)), Design.halving(8, 81, 3));
    assertEquals(List.of(new Step(50, 1)), Design.halving(50, 1, 3));
  }

  @Property
  void rungsHaveFewerTrialsAndMoreEpochsUpToAllOfThem(
      @ForAll @IntRange(min = 1, max = 100_000) int trials,
      @ForAll @IntRange(min = 1, max = 100_000) int epochs,
      @ForAll @IntRange(min = 2, max = 20) int eta) {
    List<Step> steps = Design.halving(trials, epochs, eta);
    assertEquals(trials, steps.getFirst().trials());
    assertEquals(epochs, steps.getLast().epochs());
    assertTrue(steps.getFirst().epochs() >= 1 && steps.getLast().trials() >= 1);
    assertTrue(steps.getLast().trials() >= Math.min(trials, eta));
    assertTrue(
        steps.getLast().trials() / eta < eta || steps.getFirst().epochs() < 2 * eta,
        () -> "one more rung: " + steps);
    for (int i = 1; i < steps.size(); i++) {
      assertEquals(steps.get(i - 1).trials() / eta, steps.get(i).trials());
      assertTrue(steps.get(i - 1).epochs() < steps.get(i).epochs());
    }
  }

  @Test
  void theBestOfARungGoOnUnderTheirNumbers() {
    Design design = new Design(Method.halving(2), TWO, 8, 8, 0);
    design.next(IN_ORDER);
    Stage second =
        design.next(trials -> List.of(7, 2, 4, 0, 1)).orElseThrow(); // four places for five
    assertEquals(new Stage(1, 4, List.of(0, 2, 4, 7), 2), second);
    assertEquals(
        new Stage(2, 8, List.of(2, 4), 0), design.next(trials -> List.of(4, 2, 0)).orElseThrow());
    assertTrue(design.next(IN_ORDER).isEmpty());
  }

  @Test
  void halvingEndsWhereNoTrialHasAScore() {
    Design design = new Design(Method.halving(3), TWO, 9, 9, 0);
    design.next(IN_ORDER);
    assertTrue(design.next(trials -> List.of()).isEmpty());
  }

  @Test
  void aGridOf25PointsTriesFiveValuesOfEachOfTwoParameters() {
    Design design = new Design(Method.grid(), TWO, 27, 81, 0);
    assertEquals(25, stages(design).getFirst().trials().size());
    for (String name : List.of("a", "b")) {
      Set<String> values = new TreeSet<>();
      IntStream.range(0, 25).forEach(trial -> values.add(design.values(trial).text(name)));
      assertEquals(5, values.size());
    }
  }

  @Test
  void randomAndSobolTryAsManyValuesOfEachParameterAsTrials() {
    for (Method method : List.of(Method.random(), Method.sobol(), Method.halving(3))) {
      Design design = new Design(method, TWO, 25, 81, 0);
      stages(design);
      Set<String> values = new TreeSet<>();
      IntStream.range(0, 25).forEach(trial -> values.add(design.values(trial).text("a")));
      assertEquals(25, values.size());
    }
  }

  @Property
  void aGridIsNoLargerThanAskedAndCannotGrow(
      @ForAll @IntRange(min = 1, max = 500) int trials,
      @ForAll @IntRange(min = 1, max = 5) int parameters,
      @ForAll @IntRange(min = 2, max = 4) int choices) {
    List<Space> spaces = new ArrayList<>();
    for (int i = 0; i < parameters; i++) {
      String[] names = IntStream.range(0, choices).mapToObj(c -> "c" + c).toArray(String[]::new);
      spaces.add(i % 2 == 0 ? Space.uniform("p" + i, 0, 1) : Space.choice("p" + i, names));
    }
    int[] levels = Design.levels(spaces, trials);
    int product = Arrays.stream(levels).reduce(1, (a, b) -> a * b);
    assertTrue(product <= trials);
    for (int i = 0; i < parameters; i++) {
      assertTrue(levels[i] <= spaces.get(i).count());
      assertTrue(
          levels[i] == spaces.get(i).count() || product / levels[i] * (levels[i] + 1) > trials);
    }
    Design design = new Design(Method.grid(), spaces, trials, 1, 0);
    Set<String> points = new TreeSet<>();
    for (int trial : stages(design).getFirst().trials()) {
      points.add(design.values(trial).toString());
    }
    assertEquals(product, points.size());
  }

  @Property
  void roundsLieInSmallerBoxesAroundTheBest(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int trials,
      @ForAll @IntRange(min = 1, max = 5) int rounds) {
    if (rounds > trials) {
      return;
    }
    Design design = new Design(Method.coarseToFine(rounds, 0.5), TWO, trials, 10, seed);
    double[] best = {0.5, 0.5};
    int from = 0;
    for (int round = 0; round < rounds; round++) {
      int first = from;
      Stage stage =
          design
              .next(all -> all.stream().sorted((a, b) -> Integer.compare(b, a)).toList())
              .orElseThrow();
      assertEquals(first, stage.trials().getFirst());
      double width = Math.pow(0.5, round);
      for (int trial : stage.trials()) {
        for (int d = 0; d < 2; d++) {
          double place = TWO.get(d).place(design.values(trial).text(TWO.get(d).name()));
          double centre = Math.min(Math.max(best[d], width / 2), 1 - width / 2);
          assertEquals(centre, place, width / 2 + 1e-9);
        }
      }
      from = stage.trials().getLast() + 1;
      for (int d = 0; d < 2; d++) {
        best[d] = TWO.get(d).place(design.values(from - 1).text(TWO.get(d).name()));
      }
    }
    assertEquals(trials, from);
    assertTrue(design.next(IN_ORDER).isEmpty());
  }

  @Property
  void aTrialsPlacesDoNotDependOnHowManyThereAre(@ForAll long seed) {
    for (Method method : List.of(Method.random(), Method.sobol(), Method.halving(3))) {
      Design few = new Design(method, TWO, 3, 9, seed);
      Design many = new Design(method, TWO, 30, 81, seed);
      stages(few);
      stages(many);
      for (int trial = 0; trial < 3; trial++) {
        assertEquals(few.values(trial), many.values(trial));
      }
      Design other = new Design(method, TWO, 3, 9, seed + 1);
      stages(other);
      assertNotEquals(few.values(0), other.values(0));
    }
  }
}
