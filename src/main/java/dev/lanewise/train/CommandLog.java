package dev.lanewise.train;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The commands that a training has been given, in their order, with what they amount to, and those
 * that are still to be replayed. For one thread at a time.
 */
final class CommandLog {

  private static final long NEVER = -1;

  private final List<Command> done = new ArrayList<>();

  /** What is replayed: it begins with what is done; else empty. */
  private List<Command> script = List.of();

  private OptionalDouble l2;
  private long rolledBackAt;
  private boolean stopped;

  CommandLog() {
    forget();
  }

  private void forget() {
    l2 = OptionalDouble.empty();
    rolledBackAt = NEVER;
    stopped = false;
  }

  /** Notes a command. */
  void add(Command command) {
    done.add(command);
    take(command);
  }

  private void take(Command command) {
    switch (command) {
      case Command.ChangeRate rate -> {} // an updater keeps it
      case Command.ChangeL2 change -> l2 = OptionalDouble.of(change.lambda());
      case Command.RollBack back -> rolledBackAt = back.step();
      case Command.Stop stop -> stopped = true;
    }
  }

  /** Forgets all but the first commands. */
  void keep(int count) {
    if (count < done.size()) {
      done.subList(count, done.size()).clear();
      forget();
      done.forEach(this::take);
    }
  }

  /** Begins with the commands of a checkpoint. Whoever goes on takes back that it was stopped. */
  void restore(List<Command> before) {
    keep(0);
    before.stream().filter(command -> !(command instanceof Command.Stop)).forEach(this::add);
  }

  /** {@return how many there have been} */
  int count() {
    return done.size();
  }

  /** {@return those that there have been} */
  List<Command> list() {
    return List.copyOf(done);
  }

  /** {@return λ of the L2 penalty, if it was changed} */
  OptionalDouble l2() {
    return l2;
  }

  /** {@return the steps done when the training was last rolled back, or a number below 0} */
  long rolledBackAt() {
    return rolledBackAt;
  }

  /** {@return whether the training was stopped} */
  boolean stopped() {
    return stopped;
  }

  /**
   * Has commands replayed.
   *
   * @param commands all of a training's, from its start
   * @param step the number of steps done
   * @throws IllegalArgumentException if their order is none, or they do not begin with those there
   *     have been, or one of the others comes too late; nothing is changed then
   */
  void replay(List<Command> commands, long step) {
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      if (i < done.size() && !command.equals(done.get(i))) {
        throw new IllegalArgumentException(
            "commands: %s; this training has had %s before".formatted(command, done.get(i)));
      }
      if (i >= done.size() && command.step() < step) {
        throw new IllegalArgumentException(
            "commands: %s; expected none before step %d, where the training stands"
                .formatted(command, step));
      }
      if (i > 0 && command.step() < commands.get(i - 1).step()) {
        throw new IllegalArgumentException(
            "commands: %s after %s; expected them in the order of their steps"
                .formatted(command, commands.get(i - 1)));
      }
      if (i > 0 && commands.get(i - 1) instanceof Command.Stop) {
        throw new IllegalArgumentException(
            "commands: %s after %s; expected none after a stop"
                .formatted(command, commands.get(i - 1)));
      }
    }
    if (commands.size() < done.size()) {
      throw new IllegalArgumentException(
          "commands: %d; this training has had %d before".formatted(commands.size(), done.size()));
    }
    script = commands;
  }

  /** {@return whether commands are still to be replayed} */
  boolean replays() {
    return script.size() > done.size();
  }

  /** {@return whether the next command of a replay is due} */
  boolean isDue(long step) {
    return script.size() > done.size() && script.get(done.size()).step() == step;
  }

  /** {@return the next command of a replay} */
  Command due() {
    return script.get(done.size());
  }
}
