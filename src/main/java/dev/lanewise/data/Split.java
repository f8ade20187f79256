package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
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
}
