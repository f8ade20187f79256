package dev.lanewise.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much of the differences between trials one parameter alone explains: trials are ranked by
 * their score, and grouped by the parameter; 1 − (1 − R²)·(n − 1)/(n − k) with R² the share of the
 * ranks' variance that lies between the k groups of n trials, at least 0. Without the factor many
 * small groups would explain much by chance; with it, the expectation for a parameter without
 * effect is 0.
 */
final class Effects {

  /** The most groups of numbers. */
  private static final int GROUPS = 5;

  private Effects() {}

  /**
   * {@return the share that each parameter explains, by name}
   *
   * @param spaces the parameters
   * @param values the values of trials
   * @param scores their scores, smaller is better; infinite for those that failed
   */
  static Map<String, Double> of(List<Space> spaces, List<Values> values, double[] scores) {
    double[] ranks = ranks(scores);
    Map<String, Double> effects = new LinkedHashMap<>();
    for (Space space : spaces) {
      double[] places =
          values.stream().mapToDouble(of -> space.place(of.text(space.name()))).toArray();
      effects.put(space.name(), explained(groups(space, places), ranks));
    }
    return effects;
  }

  /** {@return the rank of each number from 0; equal ones share the mean of theirs} */
  static double[] ranks(double[] numbers) {
    int[] order = order(numbers);
    double[] ranks = new double[numbers.length];
    for (int begin = 0; begin < order.length; ) {
      int end = begin + 1;
      while (end < order.length && numbers[order[end]] == numbers[order[begin]]) {
        end++;
      }
      for (int i = begin; i < end; i++) {
        ranks[order[i]] = (begin + end - 1) / 2.0;
      }
      begin = end;
    }
    return ranks;
  }

  private static int[] order(double[] numbers) {
    return IntStream.range(0, numbers.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> numbers[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** {@return the group of each trial: its choice, or a quantile of the numbers} */
  private static int[] groups(Space space, double[] places) {
    int n = places.length;
    int most =
        space.scale() == Space.Scale.CHOICE
            ? space.choices().size()
            : (int) Math.min(space.count(), Math.min(GROUPS, Math.floor(Math.sqrt(n))));
    if (space.count() <= most) {
      return Arrays.stream(places).mapToInt(place -> (int) (place * space.count())).toArray();
    }
    double[] ranks = ranks(places);
    return Arrays.stream(ranks).mapToInt(rank -> (int) (rank * most / n)).toArray();
  }

  private static double explained(int[] groups, double[] ranks) {
    int n = ranks.length;
    int[] names = Arrays.stream(groups).distinct().toArray();
    double mean = Arrays.stream(ranks).average().orElse(0);
    double total = Arrays.stream(ranks).map(rank -> (rank - mean) * (rank - mean)).sum();
    if (n <= names.length || total == 0) {
      return 0;
    }
    double between = 0;
    for (int name : names) {
      int size = 0;
      double sum = 0;
      for (int i = 0; i < n; i++) {
        if (groups[i] == name) {
          size++;
          sum += ranks[i];
        }
      }
      between += size * (sum / size - mean) * (sum / size - mean);
    }
    double explained = 1 - (1 - between / total) * (n - 1) / (n - names.length);
    return Math.min(Math.max(explained, 0), 1);
  }
}
