package dev.lanewise.plan;

import dev.lanewise.net.Dense;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides, call by call, whether a piece of work is done on scalar kernels or on the vector kernels
 * of its engine, until it stays on the latter.
 *
 * <p>Until the optimising compiler has compiled them, vector kernels are tens of times slower than
 * scalar ones, and compiling them takes a second or two of a processor. So work begins on scalar
 * kernels, and stays there if it will be done soon. Where much is to come, it tries the vectors:
 * the JVM compiles what the work itself calls, and sooner than it would compile rehearsals of a
 * smaller copy. The first call that is faster than the fastest on scalar kernels ends the trial,
 * and the work stays with vectors. A trial without such a call goes back to scalar kernels, and
 * there is another after several times as much work as it took.
 *
 * <p>What the JVM has compiled is a matter of the whole JVM: where other work has gone over, the
 * first calls try the vectors. All of this changes how fast results come, never the results.
 *
 * <p>For one thread at a time.
 */
final class ColdStart {

  /** The nanoseconds that scalar kernels would still take for which vectors are worth compiling. */
  private static final double WORTH = 5e9;

  /** The nanoseconds of scalar work, of unknown rest, after which more is expected. */
  private static final long LONG = 100_000_000;

  /** The nanoseconds of scalar work of the whole JVM after which more is expected. */
  private static final long LONG_IN_ALL = 2_000_000_000;

  /** The calls and the nanoseconds of a trial of work for which vectors are worth compiling. */
  private static final int MANY = 50;

  private static final long PATIENCE = 10_000_000_000L;

  /** The calls of a trial that only shows whether vectors are compiled. */
  private static final int FEW = 3;

  /** The work on scalar kernels after a trial, in times what it took. */
  private static final long REST = 4;

  /** The same where vectors are not worth compiling. */
  private static final long LONG_REST = 20;

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

  /** The nanoseconds of all calls on scalar kernels. */
  private long worked;

  /** The calls that are left; negative if unknown. */
  private long left = -1;

  /** The fastest call of each kind on scalar kernels, as a share of the usual. */
  private final double[] scalarPaces = new double[KINDS];

  /** The calls of this trial so far, and the nanoseconds that they took. */
  private int tries;

  private long tried;

  /** The nanoseconds of the last trial, and those of work on scalar kernels since. */
  private long lost;

  private long since;

  /** Whether this trial is to have vectors compiled. */
  private boolean patient;

  private boolean onVectors;
  private boolean over;

  /** The cold start of work in this JVM. */
  ColdStart() {
    this(Jvm.THIS);
  }

  /** The same in another JVM. */
  ColdStart(Jvm jvm) {
    this.jvm = jvm;
    onVectors = jvm.vectorsWereHot;
    Arrays.fill(scalarPaces, onVectors ? 1 : Double.POSITIVE_INFINITY);
  }

  /** {@return the number of the weights of layers, the multiply-adds of a row} */
  static double weights(List<Network.Node> nodes) {
    double weights = 0;
    for (Network.Node node : nodes) {
      if (node.layer() instanceof Dense) {
        weights += (double) node.copies() * node.inputs() * node.outputs();
      }
    }
    return weights;
  }

  /**
   * {@return about how many nanoseconds it takes to bring rows through a network on scalar kernels}
   *
   * @param weights the network's weights
   * @param rows the number of rows, times that of products with each weight
   * @param overhead the nanoseconds that are not for products
   */
  static double usual(double weights, int rows, double overhead) {
    return weights * rows / SLOW + overhead;
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
   * Counts a call, on the kernels that {@link #onVectors} said, and decides on the next.
   *
   * @param nanos what it took
   * @param usual the usual nanoseconds of such a call
   * @param kind its kind, below {@value #KINDS}: calls of about one size
   */
  void count(long nanos, double usual, int kind) {
    left -= left > 0 ? 1 : 0;
    double pace = nanos / usual;
    if (onVectors) {
      judge(nanos, pace, kind);
      return;
    }
    worked += nanos;
    since += nanos;
    jvm.work.add(nanos);
    scalarPaces[kind] = Math.min(scalarPaces[kind], pace);
    patient = isWorth(Math.min(scalarPaces[kind], 1) * usual);
    onVectors = patient ? since >= REST * lost : jvm.vectorsWereHot && since >= LONG_REST * lost;
  }

  /** Counts what it took to go over to vectors or back. */
  void pay(long nanos) {
    if (onVectors) {
      tried += nanos;
    } else {
      lost += nanos;
    }
  }

  /**
   * Judges a call of a trial: one that is faster than those on scalar kernels, or than usual where
   * there were none of its kind, is the end.
   */
  private void judge(long nanos, double pace, int kind) {
    tries++;
    tried += nanos;
    over = pace < (scalarPaces[kind] < Double.POSITIVE_INFINITY ? scalarPaces[kind] : 1);
    jvm.vectorsWereHot |= over;
    onVectors = over || (patient ? tries < MANY || tried < PATIENCE : tries < FEW);
    if (!onVectors) {
      lost = tried;
      since = 0;
      tries = 0;
      tried = 0;
      if (worked == 0) {
        Arrays.fill(scalarPaces, Double.POSITIVE_INFINITY); // the usual ones were assumed
      }
    }
  }

  /** {@return whether vectors are worth compiling, if a call takes so long on scalar kernels} */
  private boolean isWorth(double nanosOfCall) {
    boolean worth = left < 0 ? worked > LONG : left * nanosOfCall > WORTH;
    return worth || jvm.work.sum() > LONG_IN_ALL;
  }
}
