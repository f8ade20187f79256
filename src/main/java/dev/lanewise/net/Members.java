package dev.lanewise.net;

import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * k networks in one, TabM-mini (Gorishniy, Kotelnikov and Babenko 2025): each row x goes on k
 * times, as x ⊙ r₁ to x ⊙ r_k, with a trained vector r_m for each member. All layers behind it are
 * shared but the last, of which each member has its own. The members of a row follow one another.
 *
 * <p>In training the loss is the mean of the members' losses. In inference the network's
 * probabilities are the mean of the members', as are its values: its logits are those of the mean
 * probability. The vectors are one tensor, {@code membersN.factor} {@code [k][columns]}, which is
 * neither penalised nor decayed. A pass costs what k passes cost from here on. Immutable.
 */
public final class Members implements Layer {

  /** What the numbers of the vectors are at first. */
  public enum Start {
    /** 1 or −1, with the same probability. */
    SIGNS,
    /** Draws from the standard normal distribution, for columns that are embeddings. */
    NORMAL
  }

  private final int count;
  private final Start start;
  private final List<Integer> widths;

  private Members(int count, Start start, List<Integer> widths) {
    if (count < 1) {
      throw new IllegalArgumentException("count: %d; expected at least 1".formatted(count));
    }
    for (int width : widths) {
      if (width < 1) {
        throw new IllegalArgumentException("widths: %d; expected at least 1".formatted(width));
      }
    }
    this.count = count;
    this.start = start;
    this.widths = widths;
  }

  /**
   * {@return k members that start with signs, drawn for each column}
   *
   * @param count k, at least 1
   * @throws IllegalArgumentException if it is not
   */
  public static Members of(int count) {
    return new Members(count, Start.SIGNS, List.of());
  }

  /**
   * {@return these members with another start}
   *
   * @param other what the numbers of the vectors are at first
   */
  public Members withStart(Start other) {
    return new Members(count, Objects.requireNonNull(other, "other"), widths);
  }

  /**
   * {@return these members with one draw for all columns of a feature} Later each column has a
   * number of its own.
   *
   * @param columns how many columns each feature has, in order; none for a draw for each column
   * @throws IllegalArgumentException if a feature has none
   */
  public Members withWidths(List<Integer> columns) {
    return new Members(count, start, List.copyOf(Objects.requireNonNull(columns, "columns")));
  }

  static Members of(Values parameters) {
    Members members =
        of(parameters.integer("count")).withStart(parameters.choice("start", Start.class));
    return parameters.has("widths") ? members.withWidths(parameters.integers("widths")) : members;
  }

  /** {@return k, at least 1} */
  public int count() {
    return count;
  }

  /** {@return what the numbers of the vectors are at first} */
  public Start start() {
    return start;
  }

  /** {@return the columns of each feature, which share a draw; empty for a draw for each column} */
  public List<Integer> widths() {
    return widths;
  }

  @Override
  public Kind kind() {
    return Kind.MEMBERS;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("count", count);
    parameters.put("start", start);
    if (!widths.isEmpty()) {
      parameters.put("widths", widths);
    }
    return parameters;
  }

  @Override
  public String label() {
    return "Members, "
        + count
        + (start == Start.SIGNS ? ", signs" : ", normal")
        + (widths.isEmpty() ? "" : ", of " + widths.size() + " features");
  }

  /**
   * {@return the columns that reach it}
   *
   * @throws IllegalArgumentException if the features have another number of columns, or the vectors
   *     would have 2^31 numbers or more
   */
  @Override
  public int outputs(int inputs) {
    long columns = widths.stream().mapToLong(Integer::longValue).sum();
    if (!widths.isEmpty() && columns != inputs) {
      throw new IllegalArgumentException(
          "members: widths of %d columns; expected %d, those that reach them"
              .formatted(columns, inputs));
    }
    if ((long) count * inputs > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "members: %d vectors of %d columns; expected fewer than 2^31 numbers"
              .formatted(count, inputs));
    }
    return inputs;
  }

  /** {@return k} */
  @Override
  public int copies() {
    return count;
  }

  /** {@return the vectors, {@code [k][columns]}} */
  @Override
  public List<Slot> tensors(Network.Node at) {
    return List.of(new Slot(at.name("factor"), Slot.Role.TABLE, 0, count, at.inputs()));
  }

  @Override
  public void initialize(float[] parameters, Network.Node at, Layout layout, long seed) {
    Layer.super.initialize(parameters, at, layout, seed);
    Slot factor = layout.slot(at.name("factor"));
    long key = CounterRandom.key(seed, CounterRandom.stream(factor.name()), 0);
    List<Integer> features = widths.isEmpty() ? Collections.nCopies(at.inputs(), 1) : widths;
    int place = factor.offset();
    int draw = 0;
    for (int member = 0; member < count; member++) {
      for (int width : features) {
        float number = draw(key, draw++);
        for (int end = place + width; place < end; place++) {
          parameters[place] = number;
        }
      }
    }
  }

  private float draw(long key, int index) {
    return switch (start) {
      case SIGNS -> CounterRandom.word(key, index) < 0 ? -1 : 1;
      case NORMAL -> (float) CounterRandom.normal(key, index);
    };
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Members other
        && count == other.count
        && start == other.start
        && widths.equals(other.widths);
  }

  @Override
  public int hashCode() {
    return Objects.hash(count, start, widths);
  }

  @Override
  public String toString() {
    return "Members[count=%s, start=%s, widths=%s]".formatted(count, start, widths);
  }
}
