package dev.lanewise.jmh;

import java.util.ArrayList;
import java.util.List;

/**
 * Rivals in one JVM that take turns: each window of a benchmark, JMH's iteration, belongs to the
 * next of them. So ours and a peer's stand a moment apart, whatever a shared machine does in
 * between, and a ratio is one of neighbours.
 */
final class Turns<T extends AutoCloseable> implements AutoCloseable {

  private final List<T> rivals = new ArrayList<>();
  private int windows;

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
      rivals.add(opening.open(name));
    }
  }

  /** {@return the rival whose window begins} */
  T next() {
    return rivals.get(windows++ % rivals.size());
  }

  @Override
  public void close() throws Exception {
    for (T rival : rivals) {
      rival.close();
    }
  }
}
