package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * The rows of a data set divided for training, selecting (dev) and judging (test). Every row is in
 * one part; a part's rows are in ascending order. The same arguments give the same split.
 *
 * @param train the numbers of the training rows, from 0
 * @param dev the numbers of the dev rows
 * @param test the numbers of the test rows
 */
public record Split(int[] train, int[] dev, int[] test) {

  private static final long SPLIT = CounterRandom.stream("split");

  /** Keeps the row numbers as they are given; none of the arrays is null. */
  public Split {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(dev, "dev");
    Objects.requireNonNull(test, "test");
  }

  /**
   * Divides rows at random; parts differ from their quota by less than a row.
   *
   * @param rows the number of rows
   * @param ratios the parts' shares
   * @param seed the seed
   * @return the split
   * @throws IllegalArgumentException if the rows are negative
   */
  public static Split plain(int rows, Ratios ratios, long seed) {
    if (rows < 0) {
      throw new IllegalArgumentException("rows: %d; expected at least 0".formatted(rows));
    }
    return stratified(new int[rows], ratios, seed);
  }

  /**
   * Divides every class in proportion, so that the parts are alike. In each class a part gets its
   * quota rounded down; rows left over go to the parts that are furthest behind, counted over this
   * class and those before it, so many small classes still add up to the shares. (With one class
   * this is the method of largest remainders.) A class of any size is seen in training.
   *
   * @param classes the class of each row, 0 or more
   * @param ratios the parts' shares
   * @param seed the seed
   * @return the split
   * @throws IllegalArgumentException if a class is negative
   */
  public static Split stratified(int[] classes, Ratios ratios, long seed) {
    int[][] members = members(classes, "classes");
    int[] part = new int[classes.length];
    double[] behind = new double[3];
    for (int c = 0; c < members.length; c++) {
      int[] rows = members[c];
      CounterRandom.shuffle(CounterRandom.key(seed, SPLIT, c), rows);
      int[] sizes = sizes(ratios.quotas(rows.length), behind, rows.length);
      int next = 0;
      for (int p = 0; p < sizes.length; p++) {
        for (int end = next + sizes[p]; next < end; next++) {
          part[rows[next]] = p;
        }
      }
    }
    return of(part);
  }

  /**
   * Divides whole groups at random, so that rows of one group (a patient, a day) stay together.
   * Groups come in random order; each goes to the part that lacks most rows.
   *
   * @param groups the group of each row, 0 or more
   * @param ratios the parts' shares
   * @param seed the seed
   * @return the split
   * @throws IllegalArgumentException if a group is negative
   */
  public static Split grouped(int[] groups, Ratios ratios, long seed) {
    int[][] members = members(groups, "groups");
    int[] order = new int[members.length];
    Arrays.setAll(order, g -> g);
    CounterRandom.shuffle(CounterRandom.key(seed, SPLIT, 0), order);
    int[] part = new int[groups.length];
    double[] lacking = ratios.quotas(groups.length);
    for (int g : order) {
      int p = largest(lacking);
      for (int row : members[g]) {
        part[row] = p;
      }
      lacking[p] -= members[g].length;
    }
    return of(part);
  }

  /** The rows of each class or group. */
  static int[][] members(int[] numbers, String name) {
    Objects.requireNonNull(numbers, name);
    int highest = -1;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        throw new IllegalArgumentException(
            "%s: %d in row %d; expected 0 or more".formatted(name, numbers[i], i));
      }
      highest = Math.max(highest, numbers[i]);
    }
    int[] counts = new int[highest + 1];
    for (int number : numbers) {
      counts[number]++;
    }
    int[][] members = new int[counts.length][];
    Arrays.setAll(members, n -> new int[counts[n]]);
    for (int i = numbers.length - 1; i >= 0; i--) {
      members[numbers[i]][--counts[numbers[i]]] = i;
    }
    return members;
  }

  /** The sizes of a class's parts; {@code behind} is how many rows each part lacks so far. */
  private static int[] sizes(double[] quotas, double[] behind, int rows) {
    int[] sizes = new int[quotas.length];
    int left = rows;
    for (int p = 0; p < sizes.length; p++) {
      sizes[p] = (int) quotas[p];
      behind[p] += quotas[p] - sizes[p];
      left -= sizes[p];
    }
    double[] claim = behind.clone();
    for (int p = 0; p < sizes.length; p++) {
      boolean whole = quotas[p] == sizes[p];
      // Who gets whole rows has no claim to a part of one; training always sees the class.
      claim[p] =
          whole
              ? Double.NEGATIVE_INFINITY
              : p == 0 && sizes[p] == 0 ? Double.POSITIVE_INFINITY : claim[p];
    }
    for (; left > 0; left--) {
      int p = largest(claim);
      sizes[p]++;
      behind[p]--;
      claim[p] = Double.NEGATIVE_INFINITY;
    }
    return sizes;
  }

  /** The first of the largest. */
  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  private static Split of(int[] part) {
    int[][] rows = members(part, "parts");
    int[] none = {};
    return new Split(
        rows.length > 0 ? rows[0] : none,
        rows.length > 1 ? rows[1] : none,
        rows.length > 2 ? rows[2] : none);
  }

  /** {@return the numbers of rows in the parts} */
  @Override
  public String toString() {
    return "%d train, %d dev, %d test".formatted(train.length, dev.length, test.length);
  }

  /**
   * How a data set is divided, in percent: rows to train on, to select with (dev) and to judge by
   * (test).
   *
   * @param train the training rows' share, above 0
   * @param dev the dev rows' share, 0 or more
   * @param test the test rows' share, 0 or more
   */
  public record Ratios(double train, double dev, double test) {

    /**
     * Creates ratios.
     *
     * @throws IllegalArgumentException if a share is out of range or the sum is not 100
     */
    public Ratios {
      if (!(train > 0 && dev >= 0 && test >= 0 && Math.abs(train + dev + test - 100) < 1e-9)) {
        throw new IllegalArgumentException(
            "split %s/%s/%s; expected train/dev/test in percent, train above 0, together 100, as 60/20/20"
                .formatted(train, dev, test));
      }
    }

    /**
     * {@return the ratios that a text states}
     *
     * @param text three numbers, as {@code 60/20/20} or {@code 99.5/0.4/0.1}
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Ratios parse(String text) {
      String[] parts = text.split("/", -1);
      double[] shares = new double[3];
      boolean fits = parts.length == 3;
      for (int i = 0; fits && i < 3; i++) {
        shares[i] = Cell.number(parts[i].strip());
        fits = !Double.isNaN(shares[i]);
      }
      if (!fits) {
        throw new IllegalArgumentException(
            "split %s; expected train/dev/test in percent, as 60/20/20".formatted(text));
      }
      return new Ratios(shares[0], shares[1], shares[2]);
    }

    /**
     * {@return usual ratios for a size} 60/20/20 below 100 000 rows, 98/1/1 up to 1 000 000, above
     * that 99.5/0.4/0.1: ten thousand rows judge well, and the rest is better spent on training.
     *
     * @param rows the number of rows
     * @throws IllegalArgumentException if the rows are negative
     */
    public static Ratios forRows(int rows) {
      if (rows < 0) {
        throw new IllegalArgumentException("rows: %d; expected at least 0".formatted(rows));
      }
      return rows < 100_000
          ? new Ratios(60, 20, 20)
          : rows <= 1_000_000 ? new Ratios(98, 1, 1) : new Ratios(99.5, 0.4, 0.1);
    }

    /**
     * {@return the ratios where nobody says others: 60/20/20; 80/0/20 where dev rows are given
     * apart, 80/20/0 where test rows are, 100/0/0 where both}
     *
     * @param dev whether dev rows are given apart
     * @param test whether test rows are
     */
    public static Ratios usual(boolean dev, boolean test) {
      return dev
          ? test ? new Ratios(100, 0, 0) : new Ratios(80, 0, 20)
          : test ? new Ratios(80, 20, 0) : new Ratios(60, 20, 20);
    }

    /** {@return the quotas of so many rows, not rounded: train, dev, test} */
    double[] quotas(int rows) {
      return new double[] {rows * train / 100, rows * dev / 100, rows * test / 100};
    }

    /** {@return the ratios as {@link #parse} reads them} */
    @Override
    public String toString() {
      return text(train) + "/" + text(dev) + "/" + text(test);
    }

    private static String text(double share) {
      return share == Math.rint(share)
          ? String.format(Locale.ROOT, "%.0f", share)
          : Double.toString(share);
    }
  }
}
