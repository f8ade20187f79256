package dev.lanewise.search;

import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which trials a method trains for how long: stages, each of which follows from the scores of those
 * before it, and the places of the trials in the spaces. A function of method, spaces, sizes and
 * seed alone.
 */
final class Design {

  private static final long PLACES = CounterRandom.stream("search");

  /** The largest place. */
  private static final double END = Math.nextDown(1.0);

  /**
   * Trials that are trained side by side.
   *
   * @param rung the rung that they reach
   * @param epochs the epochs that they have then, from the first on
   * @param trials their numbers, ascending
   * @param promoted how many of them go on at most
   */
  record Stage(int rung, int epochs, List<Integer> trials, int promoted) {}

  /**
   * One rung of successive halving.
   *
   * @param trials how many trials reach it
   * @param epochs the epochs that they have then
   */
  record Step(int trials, int epochs) {}

  private final Search.Method method;
  private final List<Space> spaces;
  private final int trials;
  private final int epochs;
  private final long seed;
  private final List<Step> steps;

  /** The places of the trials that are known so far, by their numbers. */
  private final List<double[]> places = new ArrayList<>();

  private int stages;
  private Stage last;

  Design(Search.Method method, List<Space> spaces, int trials, int epochs, long seed) {
    this.method = method;
    this.spaces = spaces;
    this.epochs = epochs;
    this.seed = seed;
    this.trials =
        method instanceof Search.Method.Grid
            ? Arrays.stream(levels(spaces, trials)).reduce(1, Math::multiplyExact)
            : trials;
    this.steps =
        switch (method) {
          case Search.Method.Halving halving -> halving(trials, epochs, halving.eta());
          case Search.Method.CoarseToFine rounds -> rounds(trials, epochs, rounds.rounds());
          case Search.Method.Random random -> List.of(new Step(trials, epochs));
          case Search.Method.Sobol sobol -> List.of(new Step(trials, epochs));
          case Search.Method.Grid grid -> List.of(new Step(this.trials, epochs));
        };
  }

  /**
   * {@return the rungs of successive halving} With s the largest number for which η^s is at most
   * the epochs and η^(s+1) at most the trials, rung i = 0 … s has ⌊trials/η^i⌋ trials with
   * epochs/η^(s−i) epochs, rounded, so that the last has all of them, and η trials or more.
   */
  static List<Step> halving(int trials, int epochs, int eta) {
    long divisor = 1;
    while (divisor * eta <= epochs && divisor * eta * eta <= trials) {
      divisor *= eta;
    }
    List<Step> steps = new ArrayList<>();
    for (long power = 1; divisor >= 1; divisor /= eta, power *= eta) {
      steps.add(new Step((int) (trials / power), (int) ((epochs + divisor / 2) / divisor)));
    }
    return steps;
  }

  /** {@return the trials of each round, which differ by at most one} */
  private static List<Step> rounds(int trials, int epochs, int rounds) {
    return IntStream.range(0, rounds)
        .mapToObj(round -> new Step(trials / rounds + (round < trials % rounds ? 1 : 0), epochs))
        .toList();
  }

  /**
   * {@return how many values a grid tries of each parameter} The parameter with the fewest, of
   * several the first, gets one more, as long as the product is at most the number of trials and it
   * has one more.
   */
  static int[] levels(List<Space> spaces, int trials) {
    int[] levels = new int[spaces.size()];
    Arrays.fill(levels, 1);
    boolean[] full = new boolean[levels.length];
    while (true) {
      int next = -1;
      for (int i = 0; i < levels.length; i++) {
        if (!full[i] && (next < 0 || levels[i] < levels[next])) {
          next = i;
        }
      }
      if (next < 0) {
        return levels;
      }
      levels[next]++;
      long product = 1;
      for (int level : levels) {
        product *= level;
      }
      if (product > trials || levels[next] > spaces.get(next).count()) {
        levels[next]--;
        full[next] = true;
      }
    }
  }

  /** {@return how many trials have places so far, those of the stages that have begun} */
  int known() {
    return places.size();
  }

  /** {@return how many times a trial is trained on, in all, if none fails} */
  int units() {
    return steps.stream().mapToInt(Step::trials).sum();
  }

  /**
   * {@return the next stage; empty if there is none}
   *
   * @param ranked gives those of some trials that have a score, the best first
   */
  Optional<Stage> next(Function<List<Integer>, List<Integer>> ranked) {
    if (stages == steps.size()) {
      return Optional.empty();
    }
    Step step = steps.get(stages);
    boolean halves = method instanceof Search.Method.Halving;
    List<Integer> taking;
    if (stages > 0 && halves) {
      taking = ranked.apply(last.trials()).stream().limit(step.trials()).sorted().toList();
      if (taking.isEmpty()) {
        return Optional.empty();
      }
    } else {
      double[][] box = box(ranked);
      taking = IntStream.range(places.size(), places.size() + step.trials()).boxed().toList();
      taking.forEach(trial -> places.add(places(trial, box)));
    }
    int promoted = halves && stages + 1 < steps.size() ? steps.get(stages + 1).trials() : 0;
    last = new Stage(halves ? stages : 0, step.epochs(), taking, promoted);
    stages++;
    return Optional.of(last);
  }

  /** {@return the least place and the width in each dimension} */
  private double[][] box(Function<List<Integer>, List<Integer>> ranked) {
    double[] low = new double[spaces.size()];
    double[] width = new double[spaces.size()];
    Arrays.fill(width, 1);
    if (stages > 0 && method instanceof Search.Method.CoarseToFine rounds) {
      List<Integer> best =
          ranked.apply(IntStream.range(0, places.size()).boxed().toList()).stream()
              .limit(BEST)
              .toList();
      for (int d = 0; d < low.length && !best.isEmpty(); d++) {
        int dimension = d;
        double centre =
            best.stream().mapToDouble(trial -> places.get(trial)[dimension]).sum() / best.size();
        width[d] = StrictMath.pow(rounds.shrink(), stages);
        low[d] = Math.min(Math.max(centre - width[d] / 2, 0), 1 - width[d]);
      }
    }
    return new double[][] {low, width};
  }

  /** How many trials the next, finer round lies around. */
  private static final int BEST = 1;

  private double[] places(int trial, double[][] box) {
    double[] its = new double[spaces.size()];
    int[] levels = method instanceof Search.Method.Grid ? levels(spaces, trials) : null;
    int rest = trial;
    for (int d = its.length - 1; d >= 0; d--) {
      double unit;
      if (levels != null) {
        unit = (rest % levels[d] + 0.5) / levels[d];
        rest /= levels[d];
      } else if (method instanceof Search.Method.Halving || method instanceof Search.Method.Sobol) {
        unit = Sobol.at(seed, trial, d);
      } else {
        long key = CounterRandom.key(seed, PLACES, trial);
        unit = Integer.toUnsignedLong(CounterRandom.word(key, d)) * 0x1p-32;
      }
      its[d] = Math.min(box[0][d] + unit * box[1][d], END);
    }
    return its;
  }

  /** {@return the values of a trial of a stage that has begun} */
  Values values(int trial) {
    return Values.at(spaces, places.get(trial));
  }
}
