package dev.lanewise.plan;

import dev.lanewise.engine.Engine;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Decides, call by call, whether a piece of work is done on scalar kernels or on the vector kernels
 * of its engine, until it stays on the latter.
 *
 * <p>Until the optimising compiler has compiled them, vector kernels are tens of times slower than
 * scalar ones, and compiling them takes a second or two of a processor. So work begins on scalar
 * kernels, and between calls a small copy of it is rehearsed on vectors, which makes the JVM
 * compile what the work will need; the results are thrown away. Once the copy is not much slower
 * than on scalar kernels, the work itself tries the vectors, and stays with them if they are
 * faster. Work that will be done soon never rehearses. Where a copy is not faster after many runs,
 * the work stays on scalar kernels: C2 has left vectors in memory then. So it does where the work
 * itself loses many trials: vectors are no faster for it, and each trial packs or compiles anew.
 *
 * <p>What the JVM has compiled is a matter of the whole JVM: where other work has gone over, the
 * first call tries the vectors. All of this changes how fast results come, never the results.
 *
 * <p>For one thread at a time.
 */
final class ColdStart {

  /** The nanoseconds that scalar kernels would still take for which vectors are worth compiling. */
  private static final double WORTH = 2e9;

  /** The nanoseconds of scalar work, of unknown rest, after which more is expected. */
  private static final long LONG = 100_000_000;

  /** The nanoseconds of scalar work of the whole JVM after which more is expected. */
  private static final long LONG_IN_ALL = 2_000_000_000;

  /** The nanoseconds of rehearsals and trials for each of work on scalar kernels. */
  private static final double SHARE = 1;

  /** The same where rehearsals are not known to be worth it. */
  private static final double RARE = 0.05;

  /**
   * The rehearsals after which they end, if they have taken so many nanoseconds, too: a kernel that
   * a copy calls once is compiled after some hundreds of them or some thousands, and on a busy
   * machine each takes long.
   */
  private static final int END = 20_000;

  private static final long END_NANOS = 5_000_000_000L;

  /** The trials that are lost after which there are no more, if they have taken as long. */
  private static final int LOST = 50;

  /** How much slower than on scalar kernels a copy may be when the work itself is tried. */
  private static final double CLOSE = 5;

  /** The calls of a trial, or of a copy on scalar kernels, of which the fastest counts. */
  private static final int TRIES = 3;

  /** The multiply-adds of a nanosecond that scalar kernels usually reach at least. */
  private static final double SLOW = 2.5;

  /** The kinds of calls, whose paces are not compared with one another. */
  static final int KINDS = 4;

  /** What all work of a JVM has in common; safe for use by several threads. */
  static final class Jvm {

    /** This one. */
    static final Jvm THIS = new Jvm();

    /** Whether some work has gone over; true for ever then. */
    private volatile boolean vectorsWereHot;

    /** The nanoseconds of all work on scalar kernels. */
    private final LongAdder work = new LongAdder();
  }

  private final Jvm jvm;
  private final LongSupplier clock;
  private final Function<Engine, Runnable> copies;
  private final Engine engine;
  private Runnable scalarCopy;
  private Runnable vectorCopy;

  /** The nanoseconds of the fastest run of the copy on scalar kernels. */
  private double scalarNanos = Double.POSITIVE_INFINITY;

  private long worked;
  private long rehearsed;
  private int rehearsals;

  /** The calls that are left; negative if unknown. */
  private long left = -1;

  /** The fastest call of each kind on scalar kernels, as a share of the usual. */
  private final double[] scalarPaces = new double[KINDS];

  /** The calls that are left of a trial; 0 if there is none. */
  private int tries;

  private int lost;

  private boolean first = true;
  private boolean onVectors;
  private boolean over;

  /**
   * @param copies makes a small copy of the work on an engine; each run of it does the same
   * @param engine the engine whose kernels are cold
   */
  ColdStart(Function<Engine, Runnable> copies, Engine engine) {
    this(copies, engine, Jvm.THIS, System::nanoTime);
  }

  /** The same with another JVM, and another clock for rehearsals. */
  ColdStart(Function<Engine, Runnable> copies, Engine engine, Jvm jvm, LongSupplier clock) {
    this.jvm = jvm;
    this.clock = clock;
    this.copies = copies;
    this.engine = engine;
    onVectors = jvm.vectorsWereHot;
    tries = onVectors ? TRIES : 0;
    Arrays.fill(scalarPaces, onVectors ? 1 : Double.POSITIVE_INFINITY);
  }

  /**
   * {@return about how many nanoseconds a call of so many multiply-adds takes on scalar kernels}
   *
   * @param overhead the nanoseconds that it takes beside them
   */
  static double usual(double multiplyAdds, double overhead) {
    return multiplyAdds / SLOW + overhead;
  }

  /** Tells how many calls are to come. */
  void expect(long calls) {
    left = calls;
  }

  /** {@return whether the next call is one on vectors} */
  boolean onVectors() {
    return onVectors;
  }

  /** {@return whether the decision is final} */
  boolean isOver() {
    return over;
  }

  /**
   * Counts a call, on the kernels that {@link #onVectors} said, and rehearses if that is due: never
   * after the first, whose caller waits for the JVM as it is.
   *
   * @param nanos what it took
   * @param usual the usual nanoseconds of such a call
   * @param kind its kind, below {@value #KINDS}: calls of about one size
   */
  void count(long nanos, double usual, int kind) {
    left -= left > 0 ? 1 : 0;
    double pace = nanos / usual;
    if (onVectors) {
      rehearsed += nanos;
      judge(pace, kind);
      return;
    }
    worked += nanos;
    jvm.work.add(nanos);
    scalarPaces[kind] = Math.min(scalarPaces[kind], pace);
    if (!first) {
      rehearse(nanos, worked * share(Math.min(scalarPaces[kind], 1) * usual));
    }
    first = false;
  }

  /**
   * Judges a call of a trial: one that is faster than those on scalar kernels, or than usual where
   * there were none of its kind, is the end; the last one that is not goes back, at last for good.
   */
  private void judge(double pace, int kind) {
    tries--;
    over = pace < (scalarPaces[kind] < Double.POSITIVE_INFINITY ? scalarPaces[kind] : 1);
    jvm.vectorsWereHot |= over;
    onVectors = over || tries > 0;
    if (!onVectors) {
      over = ++lost > LOST && rehearsed > END_NANOS;
      if (worked == 0) {
        Arrays.fill(scalarPaces, Double.POSITIVE_INFINITY); // the usual ones were assumed
      }
    }
  }

  /** Rehearses after a call of so many nanoseconds, for as long or until all are so many. */
  private void rehearse(long nanos, double most) {
    long before = rehearsed;
    while (!onVectors && !over && rehearsed <= most && rehearsed - before <= nanos) {
      long began = clock.getAsLong();
      rehearse();
      rehearsed += clock.getAsLong() - began;
      over = !onVectors && ++rehearsals > END && rehearsed > END_NANOS;
    }
  }

  /** {@return the share of work that is rehearsed; negative for none} */
  private double share(double nanosOfCall) {
    boolean worth = left < 0 ? worked > LONG : left * nanosOfCall > WORTH;
    if (worth || jvm.work.sum() > LONG_IN_ALL) {
      return SHARE;
    }
    return jvm.vectorsWereHot ? RARE : -1;
  }

  private void rehearse() {
    if (vectorCopy == null) {
      vectorCopy = copies.apply(engine.hot());
      scalarCopy = copies.apply(engine.cold());
    }
    double nanos = nanos(vectorCopy);
    for (int i = 0; i < TRIES; i++) {
      scalarNanos = Math.min(scalarNanos, nanos(scalarCopy));
    }
    if (nanos < CLOSE * scalarNanos) {
      onVectors = true;
      tries = TRIES;
    }
  }

  private long nanos(Runnable copy) {
    long began = clock.getAsLong();
    copy.run();
    return clock.getAsLong() - began;
  }
}
