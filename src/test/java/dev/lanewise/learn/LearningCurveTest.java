package dev.lanewise.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.learn.LearningCurve.Outlook;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.EarlyStopping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LearningCurveTest {

  private static final Table TABLE = Flowers.table(150, 5);
  private static final List<Double> HALF_AND_ALL = List.of(0.5, 1.0);

  @Property
  void anyBeginningOfTheOrderHasEachClassInProportion(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 4) Integer> classes,
      @ForAll long seed) {
    int[] numbers = classes.stream().mapToInt(Integer::intValue).toArray();
    int rows = numbers.length;
    int[] order = ShareRuns.order(Optional.empty(), Optional.of(numbers), rows, seed);
    assertEquals(rows, Arrays.stream(order).distinct().count());
    int[] all = new int[5];
    for (int number : numbers) {
      all[number]++;
    }
    long kinds = Arrays.stream(all).filter(count -> count > 0).count();
    int[] some = new int[5];
    for (int size = 1; size <= rows; size++) {
      some[numbers[order[size - 1]]]++;
      for (int c = 0; c < all.length; c++) {
        double quota = (double) size * all[c] / rows;
        assertEquals(quota, some[c], 1 + kinds / 2.0, "class " + c + " of " + size);
        assertTrue(size < kinds || some[c] > 0 || all[c] == 0, "class " + c + " of " + size);
      }
    }
  }

  @Property
  void groupsComeWhole(
      @ForAll @Size(min = 1, max = 100) List<@IntRange(max = 9) Integer> groups,
      @ForAll long seed) {
    int[] numbers = groups.stream().mapToInt(Integer::intValue).toArray();
    int[] order = ShareRuns.order(Optional.of(numbers), Optional.empty(), numbers.length, seed);
    Set<Integer> begun = new HashSet<>();
    for (int i = 0; i < order.length; i++) {
      boolean same = i > 0 && numbers[order[i]] == numbers[order[i - 1]];
      assertTrue(same || begun.add(numbers[order[i]]), () -> Arrays.toString(order));
    }
  }

  /** Plants have 4 flowers each. */
  @Test
  void sizesEndWithAWholeGroup() {
    Learner grouped = Flowers.kinds().withIgnored("weight", "day", "price").withGroups("plant");
    LearningCurve curve =
        LearningCurve.of(
            grouped, Flowers.table(160, 5), List.of(0.13, 0.27, 0.6), 1, Runnable::run);
    for (LearningCurve.Point point : curve.points()) {
      assertEquals(0, point.rows() % 4, curve::toString);
    }
  }

  @Test
  void bitsDoNotDependOnTheExecutor() {
    LearningCurve alone = LearningCurve.of(Flowers.kinds(), TABLE, HALF_AND_ALL, 2, Runnable::run);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      LearningCurve other = LearningCurve.of(Flowers.kinds(), TABLE, HALF_AND_ALL, 2, threads);
      assertEquals(alone.points(), other.points());
      assertEquals(alone.fall(), other.fall());
      assertEquals(alone.gap(), other.gap());
    }
  }

  /** The test rows are the split's third part here, or a table of their own; they judge nothing. */
  @Test
  void theLastPointIsTheMeanOfTrainingsOnAllTrainingRows() {
    LearningCurve curve = LearningCurve.of(Flowers.prices(), TABLE, HALF_AND_ALL, 2, Runnable::run);
    Split split = Flowers.prices().begin(TABLE).split();
    double train = 0;
    double dev = 0;
    for (int repeat = 0; repeat < 2; repeat++) {
      long seed = ShareRuns.seedOf(0, repeat);
      Learned learned =
          Flowers.prices()
              .withRecipe(recipe -> recipe.withSeed(seed))
              .withSplit(split)
              .learn(TABLE);
      train += learned.train().scores().get("rmse") / 2;
      dev += learned.dev().orElseThrow().scores().get("rmse") / 2;
    }
    assertEquals(split.train().length, curve.points().getLast().rows());
    assertEquals(train, curve.points().getLast().train().value(), 1e-12 * train);
    assertEquals(dev, curve.points().getLast().dev().value(), 1e-12 * dev);
    assertEquals(
        curve.points().get(0).dev().value() - curve.points().get(1).dev().value(),
        curve.fall().value());
    Table test = TABLE.select(split.test());
    Table rest = TABLE.select(both(split));
    Split parts = new Split(places(split.train(), split), places(split.dev(), split), new int[0]);
    LearningCurve apart =
        LearningCurve.of(
            Flowers.prices().withTest(test).withSplit(parts), rest, HALF_AND_ALL, 2, Runnable::run);
    assertEquals(curve.points().getLast(), apart.points().getLast());
  }

  private static int[] both(Split split) {
    return IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.dev()))
        .sorted()
        .toArray();
  }

  private static int[] places(int[] rows, Split split) {
    int[] all = both(split);
    return Arrays.stream(rows).map(row -> Arrays.binarySearch(all, row)).toArray();
  }

  /** Twenty columns, whose sum tells the class; a network of this size learns few rows by heart. */
  @Test
  void moreRowsHelpWhereErrorsAreApartAndTheDevErrorFalls() {
    LearningCurve curve =
        LearningCurve.of(
            small(network -> network.dense(32).relu(), 40),
            table(1000, 20, 0),
            List.of(0.1, 1.0),
            2,
            Runnable::run);
    assertEquals(Outlook.MORE_ROWS, curve.outlook(), curve::toString);
    assertTrue(curve.points().getFirst().rows() < curve.points().getLast().rows());
  }

  /** A line cannot learn more than there is, of which 30 % is chance. */
  @Test
  void moreRowsHardlyHelpWhereErrorsHaveMet() {
    LearningCurve curve =
        LearningCurve.of(
            small(network -> network, 30),
            table(4000, 1, 0.3),
            List.of(0.5, 1.0),
            2,
            Runnable::run);
    assertEquals(Outlook.ENOUGH_ROWS, curve.outlook(), curve::toString);
    assertEquals(0.3, curve.points().getLast().dev().value(), 0.05);
  }

  private static Learner small(UnaryOperator<Network.Builder> layers, int epochs) {
    return Learner.classifier("y")
        .withNetwork(
            (inputs, outputs, loss) ->
                layers.apply(Network.inputs(inputs)).dense(outputs).loss(loss))
        .withRecipe(
            recipe ->
                recipe
                    .withOptimizer(Optimizer.adam(0.01))
                    .withEarlyStopping(EarlyStopping.never())
                    .withEpochs(epochs));
  }

  private static Table table(int rows, int columns, double chance) {
    SplittableRandom random = new SplittableRandom(7);
    List<String> names = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      names.add("x" + c);
    }
    names.add("y");
    List<List<?>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      List<Object> row = new ArrayList<>();
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        double x = random.nextGaussian();
        sum += x;
        row.add(x);
      }
      row.add(sum > 0 ^ random.nextDouble() < chance ? "a" : "b");
      all.add(row);
    }
    return Table.ofRows(names, all);
  }

  @Test
  void withoutDevRowsThereIsNothingToJudgeBy() {
    Learner learner = Flowers.kinds().withSplit(new Split.Ratios(80, 0, 20));
    assertThrows(
        DataException.class,
        () -> LearningCurve.of(learner, TABLE, HALF_AND_ALL, 1, Runnable::run));
  }
}
