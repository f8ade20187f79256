package dev.lanewise.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A report on the fields of one raw row, compared with the rows that the encoder was fitted on:
 * which were missing, which held a category that has no column of its own, which a number outside
 * the range.
 *
 * <p>Owned by the caller and filled by each {@link RowEncoder#encode(Object, float[], int,
 * RowReport)}; for one thread at a time. Filling it allocates nothing once it has been filled by
 * that encoder; neither does {@link #state} or {@link #count}.
 */
public final class RowReport {

  /** The state of a field, compared with the training rows. */
  public enum State {
    /** A value as the training rows had them. */
    KNOWN,
    /** No value, or no such field in the row. */
    MISSING,
    /** A category that has no column of its own: the training rows did not have it, or rarely. */
    UNKNOWN,
    /** A number below the least or above the greatest of the training rows. */
    OUT_OF_RANGE
  }

  private List<String> names = List.of();
  private State[] states = {};

  /** Creates a report without fields. */
  public RowReport() {}

  /** Makes room for the fields of an encoder. */
  void begin(List<String> fields) {
    if (names != fields) {
      names = fields;
      states = new State[fields.size()];
      Arrays.fill(states, State.MISSING);
    }
  }

  void set(int field, State state) {
    states[field] = state;
  }

  /** {@return the names of the fields, which are the encoder's columns that are features} */
  public List<String> fields() {
    return names;
  }

  /**
   * {@return how a field of the latest row stands to the training rows}
   *
   * @param field its place in {@link #fields}
   * @throws IndexOutOfBoundsException if there is no such field
   */
  public State state(int field) {
    return states[Objects.checkIndex(field, states.length)];
  }

  /**
   * {@return the number of fields in a state}
   *
   * @param state the state
   */
  public int count(State state) {
    Objects.requireNonNull(state, "state");
    int count = 0;
    for (State each : states) {
      count += each == state ? 1 : 0;
    }
    return count;
  }

  /** {@return whether no field was missing, unknown or out of range} */
  public boolean isClean() {
    return count(State.KNOWN) == states.length;
  }

  /**
   * {@return the names of the fields in a state}
   *
   * @param state the state
   */
  public List<String> names(State state) {
    Objects.requireNonNull(state, "state");
    List<String> some = new ArrayList<>();
    for (int field = 0; field < states.length; field++) {
      if (states[field] == state) {
        some.add(names.get(field));
      }
    }
    return some;
  }

  /** {@return the fields that are missing, unknown or out of range} */
  @Override
  public String toString() {
    return "missing %s, unknown %s, out of range %s"
        .formatted(names(State.MISSING), names(State.UNKNOWN), names(State.OUT_OF_RANGE));
  }
}
