package dev.lanewise.learn;

import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Intervals of errors by drawing rows again (Efron 1979): percentiles of the errors of so many
 * samples, each drawn from the rows with replacement. Samples are functions of a key, so that equal
 * keys draw the same rows of sets of one size, which pairs what is compared row by row.
 *
 * <p>Where no row is wrong, or every one, drawing would never find another; so one draw in n + 1 is
 * of no row but a toss, wrong or right alike, which is drawing from (wrong + ½)/(n + 1). Of more
 * than {@value #MOST_DRAWS} rows a sample has so many, and its distance from the error of all rows
 * is made smaller by √(draws/rows), by which larger samples would scatter less (Bickel, Götze and
 * van Zwet 1997).
 */
final class Bootstrap {

  /** The samples. */
  static final int SAMPLES = 1000;

  /** The most rows of a sample. */
  static final int MOST_DRAWS = 10_000;

  /** The share of samples within an interval. */
  static final double LEVEL = 0.95;

  private static final long SAMPLE = CounterRandom.stream("bootstrap interval");
  private static final long TOSS = CounterRandom.stream("bootstrap toss");

  private Bootstrap() {}

  /**
   * {@return the errors of all samples}
   *
   * @param errors the rows' errors, at least one; of several sets, each sample is the mean of as
   *     many, drawn from them with replacement, so that it scatters as sets do
   * @param seed the seed
   * @param stream what the samples are of; the same rows are drawn for equal ones
   */
  static double[] samples(List<RowErrors> errors, long seed, long stream) {
    double[] all = errors.stream().mapToDouble(RowErrors::error).toArray();
    double[] samples = new double[SAMPLES];
    for (int b = 0; b < SAMPLES; b++) {
      long key = CounterRandom.key(seed ^ stream, SAMPLE, b);
      for (int i = 0; i < all.length; i++) {
        int set = all.length == 1 ? 0 : CounterRandom.below(key, -1 - i, all.length);
        samples[b] += sample(errors.get(set), all[set], key) / all.length;
      }
    }
    return samples;
  }

  private static double sample(RowErrors errors, double ofAll, long key) {
    double[] values = errors.values();
    int rows = values.length;
    int draws = Math.min(rows, MOST_DRAWS);
    int places = errors.ofClasses() ? rows + 1 : rows;
    double sum = 0;
    for (int i = 0; i < draws; i++) {
      int row = CounterRandom.below(key, i, places);
      sum += row < rows ? values[row] : CounterRandom.word(key ^ TOSS, i) >>> 31;
    }
    double sampled = errors.error(sum / draws);
    return draws == rows
        ? sampled
        : Math.max(0, ofAll + (sampled - ofAll) * Math.sqrt((double) draws / rows));
  }

  /** {@return the interval that most samples are in, widened to an estimate beyond it} */
  static Diagnosis.Estimate interval(double estimate, double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int beyond = (int) Math.round(sorted.length * (1 - LEVEL) / 2);
    return new Diagnosis.Estimate(
        estimate,
        Math.min(estimate, sorted[beyond]),
        Math.max(estimate, sorted[sorted.length - 1 - beyond]));
  }
}
