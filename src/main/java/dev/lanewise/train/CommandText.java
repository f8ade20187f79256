package dev.lanewise.train;

import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of a text. */
final class CommandText {

  private static final Pattern WITH_VALUE = Pattern.compile("step ([0-9]+): (rate|l2) ([^ ]+)");
  private static final Pattern WITHOUT = Pattern.compile("step ([0-9]+): (roll back|stop)");

  /** The key of commands in a model's provenance. */
  static final String KEY = "commands";

  private CommandText() {}

  /** {@return the commands of a text, as {@link Command#parse} says} */
  static List<Command> parse(String text) {
    return Arrays.stream(text.split("[;\\n\\r]"))
        .map(part -> part.strip().replaceAll("\\s+", " "))
        .filter(part -> !part.isEmpty())
        .map(CommandText::one)
        .toList();
  }

  /** {@return the commands that a model or a checkpoint notes} */
  static List<Command> in(Path file) throws IOException {
    SafetensorsFile opened = SafetensorsFile.read(file);
    if (Checkpoint.isOne(opened)) {
      return Checkpoint.commandsIn(opened);
    }
    String text = TrainedModel.load(file).provenance().entries().getOrDefault(KEY, "");
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s: %s".formatted(file, KEY, e.getMessage()), e);
    }
  }

  private static Command one(String part) {
    Matcher with = WITH_VALUE.matcher(part);
    Matcher without = WITHOUT.matcher(part);
    try {
      if (with.matches()) {
        long step = Long.parseLong(with.group(1));
        double value = Double.parseDouble(with.group(3));
        return with.group(2).equals("rate")
            ? new Command.ChangeRate(step, value)
            : new Command.ChangeL2(step, value);
      }
      if (without.matches()) {
        long step = Long.parseLong(without.group(1));
        return without.group(2).equals("stop")
            ? new Command.Stop(step)
            : new Command.RollBack(step);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("text: %s: %s".formatted(part, e.getMessage()), e);
    }
    throw new IllegalArgumentException(
        "text: %s; expected step N: rate R, step N: l2 R, step N: roll back or step N: stop"
            .formatted(part));
  }
}
