package dev.lanewise.optim;

import dev.lanewise.kernel.Power;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The learning rate, or a factor on something else, as a function of the epochs completed or,
 * within {@link PerStep}, of the steps done. Immutable; safe for use by several threads.
 *
 * <p>A rate is above 0, unless a schedule begins ({@link CosineLog}) or ends at 0 or has fallen
 * below the smallest float; the parameters do not change then. Evaluated in {@code double} by
 * operations that have the same bits everywhere; allocates nothing.
 */
public sealed interface Schedule {

  /**
   * {@return the learning rate of a step}
   *
   * @param count the number of epochs completed before the step, or of steps done before it within
   *     {@link PerStep}; at least 0
   * @throws IllegalArgumentException if the count is negative
   */
  double rate(long count);

  /**
   * {@return the counts from 1 to a limit, ascending, at which a cycle of the rate has ended and it
   * starts high, or rises, again; none of a schedule without cycles}
   *
   * @param limit the last count that is looked at, at least 0
   * @throws IllegalArgumentException if the limit is negative
   */
  default List<Long> cycleEnds(long limit) {
    checkCount(limit);
    return List.of();
  }

  /**
   * The same rate throughout.
   *
   * @param rate α, above 0
   */
  record Constant(double rate) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if the rate is not above 0 as a float
     */
    public Constant {
      checkRate("rate", rate);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      return rate;
    }
  }

  /**
   * A schedule that counts steps instead of epochs. It must be the outermost schedule.
   *
   * @param schedule the rate as a function of the steps done
   */
  record PerStep(Schedule schedule) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if the schedule counts steps already
     */
    public PerStep {
      checkInner("schedule", schedule);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      return schedule.rate(count);
    }

    @Override
    public List<Long> cycleEnds(long limit) {
      return schedule.cycleEnds(limit);
    }
  }

  /**
   * Stepwise decay at equal intervals: α₀·factorᵏ with k = ⌊count/interval⌋. With interval 1 it is
   * exponential decay: the course's 0.95^epoch·α₀, or α₀·e^(−r·epoch) where the factor is e^(−r).
   *
   * @param initial α₀, above 0
   * @param factor what the rate is multiplied by at each stair, in (0, 1]
   * @param interval the length of a stair, at least 1
   */
  record Staircase(double initial, double factor, long interval) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public Staircase {
      checkRate("initial", initial);
      checkFactor("factor", factor);
      checkLength("interval", interval);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      return initial * Power.of(factor, count / interval);
    }
  }

  /**
   * Stepwise decay at given milestones: α₀·factorᵏ after k milestones.
   *
   * @param initial α₀, above 0
   * @param factor what the rate is multiplied by at each milestone, in (0, 1]
   * @param milestones the counts from which on the rate is lower, above 0 and ascending
   */
  record MultiStep(double initial, double factor, List<Long> milestones) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range or the milestones do not
     *     ascend
     */
    public MultiStep {
      checkRate("initial", initial);
      checkFactor("factor", factor);
      milestones = List.copyOf(Objects.requireNonNull(milestones, "milestones"));
      long last = 0;
      for (long milestone : milestones) {
        if (milestone <= last) {
          throw new IllegalArgumentException(
              "milestones: %s; expected numbers above 0 that ascend".formatted(milestones));
        }
        last = milestone;
      }
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      double rate = initial;
      for (int i = 0; i < milestones.size() && milestones.get(i) <= count; i++) {
        rate *= factor;
      }
      return rate;
    }
  }

  /**
   * Inverse time decay: α₀/(1 + decay·k) with k = ⌊count/interval⌋. With interval 1 the course's
   * α₀/(1 + decay·epoch).
   *
   * @param initial α₀, above 0
   * @param decay how fast the rate falls, at least 0
   * @param interval the length of a stair, at least 1
   */
  record InverseTime(double initial, double decay, long interval) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public InverseTime {
      checkRate("initial", initial);
      if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "decay: %s; expected a finite number >= 0".formatted(decay));
      }
      checkLength("interval", interval);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      return initial / (1 + decay * (count / interval));
    }
  }

  /**
   * Decay with the inverse square root: α₀/√(count + 1). The course's k/√epoch·α₀ with k·α₀ for α₀,
   * where the first epoch has the number 1.
   *
   * @param initial α₀, above 0
   */
  record InverseSquareRoot(double initial) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if the rate is not above 0 as a float
     */
    public InverseSquareRoot {
      checkRate("initial", initial);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      return initial / Math.sqrt(count + 1.0);
    }
  }

  /**
   * Polynomial decay: end + (α₀ − end)·(1 − count/length)^power, and the end from there on. Linear
   * with power 1.
   *
   * @param initial α₀, above 0
   * @param end the last rate, at least 0
   * @param power the exponent, above 0
   * @param length the count at which the end is reached, at least 1
   */
  record Polynomial(double initial, double end, double power, long length) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public Polynomial {
      checkRate("initial", initial);
      checkEnd(end);
      checkRate("power", power);
      checkLength("length", length);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      if (count >= length) {
        return end;
      }
      double left = 1 - (double) count / length;
      return end + (initial - end) * StrictMath.exp(power * StrictMath.log(left));
    }
  }

  /**
   * Cosine annealing: end + (α₀ − end)·(1 + cos(π·count/length))/2, and the end from there on.
   *
   * @param initial α₀, above 0
   * @param end the last rate, at least 0
   * @param length the count at which the end is reached, at least 1
   */
  record Cosine(double initial, double end, long length) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public Cosine {
      checkRate("initial", initial);
      checkEnd(end);
      checkLength("length", length);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      return between(initial, end, count, length);
    }

    /** {@return the rate on half a cosine from one rate to another} */
    static double between(double from, double to, double done, double length) {
      return done >= length ? to : to + (from - to) * HalfCosine.of(done / length);
    }
  }

  /**
   * Cosine annealing with warm restarts (Loshchilov and Hutter 2017): {@link Cosine} again and
   * again, each period {@code multiplier} times as long as the one before.
   *
   * @param initial the rate at the start of a period, above 0
   * @param end the rate that a period approaches, at least 0
   * @param period the length of the first period, at least 1
   * @param multiplier what the period grows by, at least 1
   */
  record CosineRestarts(double initial, double end, long period, long multiplier)
      implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public CosineRestarts {
      checkRate("initial", initial);
      checkEnd(end);
      checkLength("period", period);
      checkLength("multiplier", multiplier);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      long length = period;
      long done = count;
      if (multiplier == 1) {
        done %= length;
      }
      while (done >= length) {
        done -= length;
        // A period that does not fit a long has no end.
        length = length > Long.MAX_VALUE / multiplier ? Long.MAX_VALUE : length * multiplier;
      }
      return Cosine.between(initial, end, done, length);
    }

    @Override
    public List<Long> cycleEnds(long limit) {
      checkCount(limit);
      List<Long> ends = new ArrayList<>();
      long length = period;
      long end = period;
      while (end <= limit) {
        ends.add(end);
        length = length > Long.MAX_VALUE / multiplier ? Long.MAX_VALUE : length * multiplier;
        end = length > Long.MAX_VALUE - end ? Long.MAX_VALUE : end + length;
        if (end == Long.MAX_VALUE) {
          break; // a cycle that does not fit a long has no end
        }
      }
      return ends;
    }
  }

  /**
   * Cycles that get longer, on a logarithmic clock (the "coslog" of Holzmüller, Grinsztajn and
   * Steinwart 2024): peak·(1 − cos(2π·u))/2 with u = log₂(1 + (2^cycles − 1)·count/length), and 0
   * from the length on. Cycle j, from 1, ends at the valley (2ʲ − 1)/(2^cycles − 1) of the length:
   * each is twice as long as the one before.
   *
   * <p>The rate is 0 in the valleys and at count 0. Counted in epochs, the first epoch therefore
   * changes nothing; it is meant for {@link PerStep}.
   *
   * @param peak the highest rate of every cycle, above 0
   * @param cycles the number of cycles, from 1 to 52; 4 is usual
   * @param length the count at which the last cycle ends, at least 1
   */
  record CosineLog(double peak, int cycles, long length) implements Schedule {

    /** The natural logarithm of 2, to the nearest double. */
    private static final double LN_2 = 0x1.62e42fefa39efp-1;

    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public CosineLog {
      checkRate("peak", peak);
      if (cycles < 1 || cycles > 52) {
        throw new IllegalArgumentException(
            "cycles: %d; expected a number from 1 to 52".formatted(cycles));
      }
      checkLength("length", length);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      if (count >= length) {
        return 0;
      }
      double scaled = 1 + (double) shares() * count / length;
      // Split as m·2ᵏ with m in [1, 2), so that log₂ m, the place in cycle k, is exact in valleys.
      double place = StrictMath.log(Math.scalb(scaled, -Math.getExponent(scaled))) / LN_2;
      return peak * HalfCosine.of(Math.abs(1 - 2 * place));
    }

    /** {@return the length in lengths of the first cycle} */
    private long shares() {
      return (1L << cycles) - 1;
    }

    @Override
    public List<Long> cycleEnds(long limit) {
      checkCount(limit);
      List<Long> ends = new ArrayList<>();
      for (int cycle = 1; cycle <= cycles; cycle++) {
        // The first whole count in or behind the valley.
        BigInteger[] valley =
            BigInteger.valueOf(length)
                .multiply(BigInteger.valueOf((1L << cycle) - 1))
                .divideAndRemainder(BigInteger.valueOf(shares()));
        long end = valley[0].longValueExact() + valley[1].signum();
        if (end <= limit && (ends.isEmpty() || end > ends.getLast())) {
          ends.add(end);
        }
      }
      return ends;
    }
  }

  /**
   * Linear warm-up: from a fraction of another schedule's first rate up to that rate, then the
   * other schedule from its beginning.
   *
   * @param start the fraction to begin with, in (0, 1]
   * @param length the count at which the first rate is reached, at least 1
   * @param then the schedule that follows
   */
  record WarmUp(double start, long length, Schedule then) implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range, or the schedule that
     *     follows is {@link PerStep} or begins with 0
     */
    public WarmUp {
      checkFactor("start", start);
      checkLength("length", length);
      checkInner("then", then);
      if (then.rate(0) == 0) {
        throw new IllegalArgumentException(
            "then: %s; expected one whose first rate is above 0".formatted(then));
      }
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      if (count >= length) {
        return then.rate(count - length);
      }
      return then.rate(0) * (start + (1 - start) * count / length);
    }

    @Override
    public List<Long> cycleEnds(long limit) {
      checkCount(limit);
      return limit <= length
          ? List.of()
          : then.cycleEnds(limit - length).stream().map(end -> end + length).toList();
    }
  }

  /**
   * One cycle (Smith and Topin 2018) of two half cosines, without the counter-cycle of momentum: up
   * from peak/initialDivisor to the peak at count rise·length − 1, down to
   * peak/(initialDivisor·finalDivisor) at length − 1, the last count of the cycle, and that from
   * there on. Rate for rate PyTorch's {@code OneCycleLR} with {@code total_steps = length}. Where
   * rise·length is below 1, the cycle begins on the way down; of length 1 it is its last rate.
   *
   * @param peak the highest rate, above 0
   * @param length the counts of the cycle, at least 1
   * @param rise the share of the cycle that goes up, in (0, 1); 0.3 is usual
   * @param initialDivisor how many times the first rate is below the peak, at least 1; 25 is usual
   * @param finalDivisor how many times the last rate is below the first, at least 1; 10 000 is
   *     usual
   */
  record OneCycle(double peak, long length, double rise, double initialDivisor, double finalDivisor)
      implements Schedule {
    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public OneCycle {
      checkRate("peak", peak);
      checkLength("length", length);
      if (!(rise > 0 && rise < 1)) {
        throw new IllegalArgumentException("rise: %s; expected a number in (0, 1)".formatted(rise));
      }
      checkDivisor("initialDivisor", initialDivisor);
      checkDivisor("finalDivisor", finalDivisor);
    }

    /**
     * Creates a schedule with the usual shape: 0.3 of the length up, 25 and 10 000 as divisors.
     *
     * @param peak the highest rate, above 0
     * @param length the counts of the cycle, at least 1
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public OneCycle(double peak, long length) {
      this(peak, length, 0.3, 25, 1e4);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      // Both ways are counted from their first rate to their last, which is one less than their
      // length: the cycle's last count has its last rate.
      double top = rise * length - 1;
      double last = length - 1.0;
      double first = peak / initialDivisor;
      return count < top
          ? Cosine.between(first, peak, count, top)
          : Cosine.between(peak, first / finalDivisor, count - top, last - top);
    }
  }

  /**
   * One schedule after the other; each counts from 0 where it begins.
   *
   * @param legs the schedules that end, in order
   * @param last the schedule after them, which has no end
   */
  record Chained(List<Leg> legs, Schedule last) implements Schedule {

    /**
     * A schedule that runs for a given length.
     *
     * @param schedule the schedule
     * @param length how long it runs, at least 1
     */
    public record Leg(Schedule schedule, long length) {
      /**
       * Creates a leg.
       *
       * @throws IllegalArgumentException if the length is below 1 or the schedule is {@link
       *     PerStep}
       */
      public Leg {
        checkInner("schedule", schedule);
        checkLength("length", length);
      }
    }

    /**
     * Creates a schedule.
     *
     * @throws IllegalArgumentException if the last schedule is {@link PerStep}
     */
    public Chained {
      legs = List.copyOf(Objects.requireNonNull(legs, "legs"));
      checkInner("last", last);
    }

    @Override
    public double rate(long count) {
      checkCount(count);
      long done = count;
      for (int i = 0; i < legs.size(); i++) {
        Leg leg = legs.get(i);
        if (done < leg.length) {
          return leg.schedule.rate(done);
        }
        done -= leg.length;
      }
      return last.rate(done);
    }

    @Override
    public List<Long> cycleEnds(long limit) {
      checkCount(limit);
      List<Long> ends = new ArrayList<>();
      long begun = 0;
      for (Leg leg : legs) {
        addEnds(ends, leg.schedule, begun, Math.min(leg.length, limit - begun));
        if (leg.length >= limit - begun) {
          return ends;
        }
        begun += leg.length;
      }
      addEnds(ends, last, begun, limit - begun);
      return ends;
    }

    private static void addEnds(List<Long> ends, Schedule of, long begun, long length) {
      of.cycleEnds(length).forEach(end -> ends.add(begun + end));
    }
  }

  /** Refuses a number that is not positive and finite as a float. */
  private static void checkRate(String name, double rate) {
    if (!((float) rate > 0 && (float) rate < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a finite number above 0".formatted(name, rate));
    }
  }

  private static void checkEnd(double end) {
    if (!(end >= 0 && (float) end < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("end: %s; expected a finite number >= 0".formatted(end));
    }
  }

  private static void checkFactor(String name, double factor) {
    if (!(factor > 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a number in (0, 1]".formatted(name, factor));
    }
  }

  private static void checkDivisor(String name, double divisor) {
    if (!(divisor >= 1 && divisor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a finite number, 1 or more".formatted(name, divisor));
    }
  }

  private static void checkLength(String name, long length) {
    if (length < 1) {
      throw new IllegalArgumentException("%s: %d; expected at least 1".formatted(name, length));
    }
  }

  private static void checkCount(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("count: %d; expected at least 0".formatted(count));
    }
  }

  private static void checkInner(String name, Schedule schedule) {
    if (Objects.requireNonNull(schedule, name) instanceof PerStep) {
      throw new IllegalArgumentException(
          "%s: %s inside another; expected it outermost".formatted(name, schedule));
    }
  }
}
