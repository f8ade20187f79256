package dev.lanewise.jmh;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * Rivals in one JVM that take turns: each window of a benchmark, JMH's iteration, belongs to the
 * next of them. So ours and a peer's stand a moment apart, whatever a shared machine does in
 * between, and a ratio is one of neighbours.
 */
final class Turns<T extends AutoCloseable> implements AutoCloseable {

  private final List<T> rivals = new ArrayList<>();
  private final List<T> ours = new ArrayList<>();
  private IterationType type;
  private int begun;

  /** How a rival is opened and checked. */
  interface Opening<T> {

    /** {@return the rival of that name} */
    T open(String name) throws Exception;
  }

  /**
   * Opens rivals.
   *
   * @param who their names in order, as {@code lanewise+mkl}; one alone has all windows
   * @param opening opens one
   */
  Turns(String who, Opening<T> opening) throws Exception {
    for (String name : who.split("\\+")) {
      T rival = opening.open(name);
      rivals.add(rival);
      if (name.startsWith("lanewise")) {
        ours.add(rival);
      }
    }
  }

  /**
   * Begins a window. The last windows of the warm-up are one for each; those before are ours, since
   * native code needs no compiler.
   *
   * @param window the window's kind and how many of its kind there are
   * @return the rival whose window it is
   */
  T next(IterationParams window) {
    if (window.getType() != type) {
      type = window.getType();
      begun = 0;
    }
    int turn = begun++;
    if (type == IterationType.WARMUP) {
      int before = window.getCount() - rivals.size();
      if (turn < before && !ours.isEmpty()) {
        return ours.get(turn % ours.size());
      }
      turn -= before;
    }
    return rivals.get(Math.floorMod(turn, rivals.size()));
  }

  @Override
  public void close() throws Exception {
    for (T rival : rivals) {
      rival.close();
    }
  }
}
