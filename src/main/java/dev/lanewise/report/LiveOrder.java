package dev.lanewise.report;

import dev.lanewise.json.Json;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;

/** What somebody asks of a training by its page, and the answer that the trainer gives. */
final class LiveOrder {

  /** What can be asked. */
  enum What {
    RATE("rate", true),
    L2("l2", true),
    PAUSE("pause", false),
    RESUME("resume", false),
    CHECKPOINT("checkpoint", false),
    ROLL_BACK("rollBack", false),
    STOP("stop", false);

    private final String name;
    private final boolean hasValue;

    What(String name, boolean hasValue) {
      this.name = name;
      this.hasValue = hasValue;
    }
  }

  /**
   * An answer.
   *
   * @param done whether it was done
   * @param text what was done, or why not
   */
  record Answer(boolean done, String text) {}

  private static final String FORM =
      "expected {\"command\": \"rate\" or \"l2\", \"value\": a number}, or {\"command\": \"pause\","
          + " \"resume\", \"checkpoint\", \"rollBack\" or \"stop\"}";

  private final What what;
  private final double value;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  private LiveOrder(What what, double value) {
    this.what = what;
    this.value = value;
  }

  /**
   * {@return the order in a body}
   *
   * @throws IllegalArgumentException if it is none
   */
  static LiveOrder of(String body) {
    if (!(Json.parse(body) instanceof Json.Obj object)) {
      throw new IllegalArgumentException("no object; " + FORM);
    }
    Map<String, Json> members = object.members();
    What what = what(members.get("command"));
    OptionalDouble value = value(members.get("value"));
    if (value.isPresent() != what.hasValue || members.size() != (what.hasValue ? 2 : 1)) {
      throw new IllegalArgumentException(
          "%s with %s; %s".formatted(what.name, members.keySet(), FORM));
    }
    return new LiveOrder(what, value.orElse(0));
  }

  private static What what(Json name) {
    if (name instanceof Json.Str text) {
      for (What what : What.values()) {
        if (what.name.equals(text.value())) {
          return what;
        }
      }
    }
    throw new IllegalArgumentException("command: %s; %s".formatted(name, FORM));
  }

  private static OptionalDouble value(Json value) {
    return value instanceof Json.Num number
        ? OptionalDouble.of(number.asDouble())
        : OptionalDouble.empty();
  }

  What what() {
    return what;
  }

  /** {@return the rate or λ} */
  double value() {
    return value;
  }

  /** Says that it was done. */
  void done(String text) {
    answer.complete(new Answer(true, text));
  }

  /** Says why it was not done. */
  void refused(String why) {
    answer.complete(new Answer(false, why));
  }

  /** {@return the answer, which another thread gives} */
  CompletableFuture<Answer> answer() {
    return answer;
  }
}
