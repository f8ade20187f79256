package dev.lanewise.data;

import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The rows of a data set divided for cross-validation: in each fold some rows are held out to judge
 * by, and others are trained on.
 *
 * <p>Every row is held out in one fold and trained on in all others, but for {@link #timeOrdered
 * time-ordered} folds, where only rows of before are trained on and the earliest are never held
 * out. Row numbers are ascending. The same arguments give the same folds. Immutable.
 */
public final class Folds {

  private static final long FOLDS = CounterRandom.stream("folds");

  /** The fold that each row is held out in; −1 for rows that never are. */
  private final int[] foldOf;

  private final int count;

  /** The time of each row, where only rows of earlier folds are trained on; else null. */
  private final double[] times;

  private Folds(int[] foldOf, int count, double[] times) {
    this.foldOf = foldOf;
    this.count = count;
    this.times = times;
  }

  /**
   * Divides rows at random; the folds' sizes differ by at most a row.
   *
   * @param rows the number of rows, at least as many as folds
   * @param count the number of folds, at least 2
   * @param seed the seed
   * @return the folds
   * @throws IllegalArgumentException if there are too few folds or rows
   */
  public static Folds plain(int rows, int count, long seed) {
    return stratified(new int[Math.max(0, rows)], count, seed);
  }

  /**
   * Divides every class alike: the rows of a class in two folds differ by at most one, and so do
   * all rows.
   *
   * @param classes the class of each row, 0 or more
   * @param count the number of folds, at least 2
   * @param seed the seed
   * @return the folds
   * @throws IllegalArgumentException if a class is negative, or there are too few folds or rows
   */
  public static Folds stratified(int[] classes, int count, long seed) {
    int[][] members = Split.members(classes, "classes");
    check(count, classes.length, "rows");
    int[] foldOf = new int[classes.length];
    int next = 0;
    for (int c = 0; c < members.length; c++) {
      CounterRandom.shuffle(CounterRandom.key(seed, FOLDS, c), members[c]);
      for (int row : members[c]) {
        foldOf[row] = next++ % count;
      }
    }
    return new Folds(foldOf, count, null);
  }

  /**
   * Divides whole groups, so that rows of one group (a patient, a customer) stay together. The
   * largest groups are dealt first, those of one size in random order, each to the fold with fewest
   * rows.
   *
   * @param groups the group of each row, 0 or more
   * @param count the number of folds, at least 2
   * @param seed the seed
   * @return the folds
   * @throws IllegalArgumentException if a group is negative, or there are fewer groups than folds
   */
  public static Folds grouped(int[] groups, int count, long seed) {
    int[][] members =
        Arrays.stream(Split.members(groups, "groups"))
            .filter(group -> group.length > 0)
            .toArray(int[][]::new);
    check(count, members.length, "groups");
    int[] order = IntStream.range(0, members.length).toArray();
    CounterRandom.shuffle(CounterRandom.key(seed, FOLDS, 0), order);
    int[][] dealt =
        Arrays.stream(order)
            .mapToObj(g -> members[g])
            .sorted((a, b) -> Integer.compare(b.length, a.length))
            .toArray(int[][]::new);
    int[] foldOf = new int[groups.length];
    int[] sizes = new int[count];
    for (int[] group : dealt) {
      int fold = 0;
      for (int f = 1; f < count; f++) {
        fold = sizes[f] < sizes[fold] ? f : fold;
      }
      for (int row : group) {
        foldOf[row] = fold;
      }
      sizes[fold] += group.length;
    }
    return new Folds(foldOf, count, null);
  }

  /**
   * Divides rows by time in one part more than folds, of about as many rows each. The first part is
   * only trained on; fold f holds out part f + 1 and trains on all before. Rows of one time are in
   * one part, so every row that is trained on is of an earlier time than all that are held out.
   *
   * @param times when each row was, in any unit, not NaN; in any order
   * @param count the number of folds, at least 1
   * @return the folds
   * @throws IllegalArgumentException if a time is NaN, or there are too few different times
   */
  public static Folds timeOrdered(double[] times, int count) {
    Objects.requireNonNull(times, "times");
    for (int r = 0; r < times.length; r++) {
      if (Double.isNaN(times[r])) {
        throw new IllegalArgumentException("times: NaN in row %d; expected a number".formatted(r));
      }
    }
    if (count < 1) {
      throw new IllegalArgumentException("count: %d; expected at least 1".formatted(count));
    }
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    double[] begins = new double[count];
    int from = 0;
    for (int f = 0; f < count; f++) {
      int at = (int) Math.max(from + 1L, (f + 1L) * times.length / (count + 1));
      while (at < sorted.length && sorted[at] == sorted[at - 1]) {
        at++;
      }
      if (at >= sorted.length) {
        throw new IllegalArgumentException(
            "times: %d rows of %d different times; expected enough for %d folds"
                .formatted(sorted.length, (int) Arrays.stream(sorted).distinct().count(), count));
      }
      begins[f] = sorted[at];
      from = at;
    }
    int[] foldOf = new int[times.length];
    for (int r = 0; r < times.length; r++) {
      int fold = -1;
      while (fold + 1 < count && times[r] >= begins[fold + 1]) {
        fold++;
      }
      foldOf[r] = fold;
    }
    return new Folds(foldOf, count, times.clone());
  }

  private static void check(int count, int parts, String what) {
    if (count < 2 || count > parts) {
      throw new IllegalArgumentException(
          "count: %d folds of %d %s; expected at least 2, and no more than %s"
              .formatted(count, parts, what, what));
    }
  }

  /** {@return the number of folds} */
  public int count() {
    return count;
  }

  /** {@return the number of rows that are divided} */
  public int rows() {
    return foldOf.length;
  }

  /**
   * {@return the rows that are trained on in a fold}
   *
   * @param fold the fold's number, from 0
   * @throws IndexOutOfBoundsException if there is no such fold
   */
  public int[] training(int fold) {
    Objects.checkIndex(fold, count);
    return IntStream.range(0, foldOf.length)
        .filter(row -> isTimeOrdered() ? foldOf[row] < fold : foldOf[row] != fold)
        .toArray();
  }

  /** {@return whether only rows of before are trained on} */
  public boolean isTimeOrdered() {
    return times != null;
  }

  /**
   * {@return the rows that are trained on in a fold of time-ordered ones, the latest of them as dev
   * rows: of later times than all others, before those that are held out} Rows of one time stay
   * together, so the dev rows are at least the share; none if all rows are of one time.
   *
   * @param fold the fold's number, from 0
   * @param share the share of the dev rows, 0 to 1
   * @throws IllegalStateException if these folds are not time-ordered
   * @throws IllegalArgumentException if the share is out of range
   * @throws IndexOutOfBoundsException if there is no such fold
   */
  public Split latest(int fold, double share) {
    if (!isTimeOrdered()) {
      throw new IllegalStateException("these folds have no times; expected time-ordered ones");
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: %s; expected 0 to 1".formatted(share));
    }
    int[] rows = training(fold);
    double[] sorted = Arrays.stream(rows).mapToDouble(row -> times[row]).sorted().toArray();
    int at = rows.length - (int) Math.round(share * rows.length);
    while (at > 0 && at < rows.length && sorted[at] == sorted[at - 1]) {
      at--;
    }
    while (at == 0 ? share < 1 && at < rows.length : at < rows.length && sorted[at] == sorted[0]) {
      at++; // not all of them
    }
    boolean none = at == rows.length;
    double begin = none ? Double.NaN : sorted[at];
    return new Split(
        Arrays.stream(rows).filter(row -> none || times[row] < begin).toArray(),
        Arrays.stream(rows).filter(row -> times[row] >= begin).toArray(),
        new int[0]);
  }

  /**
   * {@return the rows that are held out in a fold, to judge by}
   *
   * @param fold the fold's number, from 0
   * @throws IndexOutOfBoundsException if there is no such fold
   */
  public int[] heldOut(int fold) {
    Objects.checkIndex(fold, count);
    return IntStream.range(0, foldOf.length).filter(row -> foldOf[row] == fold).toArray();
  }

  /** {@return the number of folds and of rows} */
  @Override
  public String toString() {
    return "%d %sfolds of %d rows"
        .formatted(count, isTimeOrdered() ? "time-ordered " : "", foldOf.length);
  }
}
