package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.model.Model;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * The trainings of a learning curve, each a function of the learner, the rows, its size and its
 * repeat.
 *
 * @param learner the learner
 * @param sets all training rows, and the dev rows; the test rows are not looked at
 * @param orders for each repeat the places of all training rows, of which sizes take the first
 * @param groups the number of each training row's group, if rows have groups
 */
record ShareRuns(
    Learner learner, Source source, Sets sets, List<int[]> orders, Optional<int[]> groups) {

  private static final long REPEAT = CounterRandom.stream("learning curve");

  /**
   * The errors of one training.
   *
   * @param rows the training rows
   * @param train the errors on them
   * @param dev the errors on the dev rows
   * @param deviation the deviation of all training rows' values; 1 of classes
   */
  record Errors(int rows, RowErrors train, RowErrors dev, double deviation) {}

  static ShareRuns of(Learner learner, Source source, int repeats) {
    Split parts = learner.split(source);
    Sets sets = learner.sets(source, new Split(parts.train(), parts.dev(), new int[0]));
    if (sets.dev().isEmpty() || sets.dev().get().rows() == 0) {
      throw new DataException(
          "%s: no dev rows; expected some to judge by".formatted(source.name()));
    }
    if (parts.train().length < 2) {
      throw new DataException(
          "%s: %d training rows; expected at least 2"
              .formatted(source.name(), parts.train().length));
    }
    Optional<int[]> classes = source.classes(learner.roles).map(of -> selected(of, parts.train()));
    Optional<int[]> groups = source.groups(learner.roles).map(of -> selected(of, parts.train()));
    List<int[]> orders = new ArrayList<>();
    for (int repeat = 0; repeat < repeats; repeat++) {
      orders.add(order(groups, classes, parts.train().length, seedOf(learner.seed, repeat)));
    }
    return new ShareRuns(learner, source, sets, orders, groups);
  }

  static long seedOf(long seed, int repeat) {
    return CounterRandom.key(seed, REPEAT, repeat);
  }

  private static int[] selected(int[] numbers, int[] places) {
    return Arrays.stream(places).map(place -> numbers[place]).toArray();
  }

  /**
   * {@return the places of rows in an order of which any beginning has each class in proportion, to
   * within a row, and one row of each class early; or whole groups in random order}
   */
  static int[] order(Optional<int[]> groups, Optional<int[]> classes, int rows, long seed) {
    int[] order = IntStream.range(0, rows).toArray();
    CounterRandom.shuffle(CounterRandom.key(seed, REPEAT, 0), order);
    int[] numbers = groups.or(() -> classes).orElse(new int[rows]);
    int[] counts = new int[Arrays.stream(numbers).max().orElse(0) + 1];
    for (int number : numbers) {
      counts[number]++;
    }
    double[] rank = new double[rows];
    int[] seen = new int[counts.length];
    for (int row : order) {
      int number = numbers[row];
      int before = seen[number]++;
      rank[row] =
          groups.isPresent()
              ? CounterRandom.uniform(CounterRandom.key(seed, REPEAT, 1), number)
              : before == 0 ? 0 : (before + 0.5) / counts[number];
    }
    return Arrays.stream(order)
        .boxed()
        .sorted((a, b) -> Double.compare(rank[a], rank[b])) // stable: ties stay shuffled
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** {@return the errors of each size and repeat, sizes ascending} */
  List<List<Errors>> run(List<Double> shares, Executor executor) {
    int all = sets.train().rows();
    TreeSet<Integer> sizes = new TreeSet<>();
    shares.forEach(share -> sizes.add((int) Math.max(2, Math.rint(share * all))));
    if (sizes.size() < 2) {
      throw new DataException(
          "%s: shares %s of %d training rows make %s; expected at least 2 sizes"
              .formatted(source.name(), shares, all, sizes));
    }
    List<Callable<Errors>> work = new ArrayList<>();
    for (int size : sizes.descendingSet()) { // the longest first
      for (int repeat = 0; repeat < orders.size(); repeat++) {
        int number = repeat;
        work.add(() -> errors(size, number));
      }
    }
    List<Errors> results = Tasks.run("a learning curve", work, executor);
    List<List<Errors>> ascending = new ArrayList<>();
    for (int from = results.size() - orders.size(); from >= 0; from -= orders.size()) {
      ascending.add(results.subList(from, from + orders.size()));
    }
    return ascending;
  }

  private Errors errors(int size, int repeat) {
    int[] order = orders.get(repeat);
    int end = size;
    while (groups.isPresent()
        && end < order.length
        && groups.get()[order[end]] == groups.get()[order[end - 1]]) {
      end++; // a group stays whole
    }
    int[] places = Arrays.copyOf(order, end);
    Arrays.sort(places);
    Dataset rows = sets.train().select(places);
    Sets some =
        new Sets(
            sets.encoder(),
            new Split(selected(sets.split().train(), places), sets.split().dev(), new int[0]),
            rows,
            sets.dev(),
            Optional.empty());
    long seed = seedOf(learner.seed, repeat);
    Run run =
        new Run(learner, source, some, learner.weighted(some, source), seed)
            .withRecipe(recipe -> recipe.withSeed(seed));
    Model model = Learner.learned(run).model();
    return new Errors(
        end,
        RowErrors.of(model, rows),
        RowErrors.of(model, sets.dev().orElseThrow()),
        RowErrors.deviation(model, sets.train()));
  }
}
