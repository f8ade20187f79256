package dev.lanewise.train;

import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Schedule;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A change of a {@link Training} that was made by hand, with the number of steps that were done
 * before it. A training notes each, and can be given those of another to make them again at the
 * same steps: see {@link Training#commands} and {@link Training#replay}.
 *
 * <p>As text a command is {@code step 120: rate 0.001}, {@code step 120: l2 1.0E-4}, {@code step
 * 240: roll back} or {@code step 300: stop}. Immutable.
 */
public sealed interface Command {

  /** {@return the number of steps that were done before} */
  long step();

  /**
   * {@link Training#changeRate}.
   *
   * @param step the number of steps done before, at least 0
   * @param rate the learning rate from then on, above 0
   */
  record ChangeRate(long step, double rate) implements Command {

    /** Creates a command. */
    public ChangeRate {
      requireStep(step);
      new Schedule.Constant(rate);
    }

    @Override
    public String toString() {
      return "step %d: rate %s".formatted(step, rate);
    }
  }

  /**
   * {@link Training#changeL2}.
   *
   * @param step the number of steps done before, at least 0
   * @param lambda λ from then on, finite and at least 0
   */
  record ChangeL2(long step, double lambda) implements Command {

    /** Creates a command. */
    public ChangeL2 {
      requireStep(step);
      Penalty.NONE.withL2(lambda);
    }

    @Override
    public String toString() {
      return "step %d: l2 %s".formatted(step, lambda);
    }
  }

  /**
   * {@link Training#rollBackToBest}.
   *
   * @param step the number of steps done before, at least 0
   */
  record RollBack(long step) implements Command {

    /** Creates a command. */
    public RollBack {
      requireStep(step);
    }

    @Override
    public String toString() {
      return "step %d: roll back".formatted(step);
    }
  }

  /**
   * {@link Training#stop}.
   *
   * @param step the number of steps done before, at least 0
   */
  record Stop(long step) implements Command {

    /** Creates a command. */
    public Stop {
      requireStep(step);
    }

    @Override
    public String toString() {
      return "step %d: stop".formatted(step);
    }
  }

  private static void requireStep(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step: %d; expected at least 0".formatted(step));
    }
  }

  /**
   * {@return commands as one line, which {@link #parse} reads: each as its text, with semicolons in
   * between}
   *
   * @param commands the commands
   */
  static String text(List<Command> commands) {
    return commands.stream().map(Command::toString).collect(Collectors.joining("; "));
  }

  /**
   * {@return the commands of a text: one a line, or several in a line with semicolons in between}
   * Blanks around them and empty lines mean nothing.
   *
   * @param text the text
   * @throws IllegalArgumentException if a part of it is no command; the message names it
   */
  static List<Command> parse(String text) {
    return CommandText.parse(Objects.requireNonNull(text, "text"));
  }
}
