package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

/**
 * Judges what was counted over fixed keys: it fails where chance alone would be as far off less
 * than once in a million times. So a test holds or it does not; nothing is drawn anew.
 */
public final class Significance {

  /** How seldom chance may be blamed, for a whole family of statistics. */
  private static final double LEVEL = 1e-6;

  private Significance() {}

  /** A standard normal deviate, one of {@code family}. */
  public static void normal(double z, int family, String what) {
    // Half of the square has the gamma distribution with shape ½.
    double beyond = 1 - lowerGamma(0.5, z * z / 2);
    assertTrue(beyond > LEVEL / family, () -> "%s: %.2f standard errors off".formatted(what, z));
  }

  /** A statistic with the χ² distribution; one that is too small is as bad as one too large. */
  public static void chiSquared(double statistic, int degrees, String what) {
    double p = lowerGamma(degrees / 2.0, statistic / 2);
    assertTrue(
        p > LEVEL / 2 && p < 1 - LEVEL / 2,
        () -> "%s: chi squared %.1f of %d degrees, p %.2g".formatted(what, statistic, degrees, p));
  }

  /** Counts of cells of equal probability. */
  public static void uniform(int[] counts, String what) {
    double[] probabilities = new double[counts.length];
    Arrays.fill(probabilities, 1.0 / counts.length);
    cells(counts, probabilities, what);
  }

  /** Counts of cells of given probabilities; neighbours that expect fewer than 10 are joined. */
  public static void cells(int[] counts, double[] probabilities, String what) {
    double total = 0;
    for (int count : counts) {
      total += count;
    }
    double statistic = 0;
    int cells = 0;
    double counted = 0;
    double expected = 0;
    double left = total;
    for (int i = 0; i < counts.length; i++) {
      counted += counts[i];
      expected += total * probabilities[i];
      left -= total * probabilities[i];
      if (i == counts.length - 1 || (expected >= 10 && left >= 10)) {
        statistic += (counted - expected) * (counted - expected) / expected;
        cells++;
        counted = 0;
        expected = 0;
      }
    }
    chiSquared(statistic, cells - 1, what);
  }

  /** A count of rare events. */
  public static void poisson(long count, double mean, String what) {
    double atMost = 1 - lowerGamma(count + 1, mean);
    double atLeast = count == 0 ? 1 : lowerGamma(count, mean);
    assertTrue(
        Math.min(atMost, atLeast) > LEVEL / 2,
        () -> "%s: %d, expected about %.1f".formatted(what, count, mean));
  }

  /** Counts of successes among n tries each. */
  public static void binomial(int[] counts, int n, double probability, String what) {
    int from = lowest(n, probability, LEVEL / 2 / counts.length);
    int to = n - lowest(n, 1 - probability, LEVEL / 2 / counts.length);
    for (int i = 0; i < counts.length; i++) {
      int at = i;
      assertTrue(
          counts[i] >= from && counts[i] <= to,
          () -> "%s, %d: %d of %d; expected %d to %d".formatted(what, at, counts[at], n, from, to));
    }
  }

  /** The smallest count that is reached or undershot with more than the given probability. */
  private static int lowest(int n, double probability, double tail) {
    double deviation = Math.sqrt(n * probability * (1 - probability));
    int k = (int) Math.max(0, n * probability - 10 * deviation - 10) - 1;
    double sum = 0;
    while (sum <= tail) {
      k++;
      sum +=
          Math.exp(
              logGamma(n + 1.0)
                  - logGamma(k + 1.0)
                  - logGamma(n - k + 1.0)
                  + k * Math.log(probability)
                  + (n - k) * Math.log1p(-probability));
    }
    return k;
  }

  /** The gamma distribution function of shape a at x, by its power series. */
  static double lowerGamma(double a, double x) {
    if (x == 0) {
      return 0;
    }
    double term = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
    double sum = 0;
    for (int n = 1; term > sum * 1e-17 || n < x - a; n++) {
      sum += term;
      term *= x / (a + n);
    }
    return Math.min(1, sum);
  }

  /** Stirling's series, after as many steps of Γ(x + 1) = x·Γ(x) as it needs. */
  static double logGamma(double x) {
    double shift = 0;
    double at = x;
    while (at < 16) {
      shift += Math.log(at);
      at++;
    }
    double square = at * at;
    double correction = (1 / 12.0 - (1 / 360.0 - 1 / 1260.0 / square) / square) / at;
    return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + correction - shift;
  }
}
