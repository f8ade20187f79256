package dev.lanewise.badinput;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.function.Executable;

/**
 * The catalogue: for each public method a call that it refuses and what the refusal says, or why
 * nothing is to be refused.
 */
final class BadInputs {

  /** The arguments are records, enums and numbers that were checked when they were made. */
  static final String CHECKED = "what it takes was checked when it was made, and null is refused";

  /** A stream, which fails as it will. */
  static final String ANY_STREAM = "any stream may be written to, and throws what it throws";

  /** A question, which any number answers with yes or no. */
  static final String QUESTION = "a yes-or-no question that any number has an answer to";

  /** A record of results, which nothing in the library reads back. */
  static final String RESULT = "results for a caller to read: any numbers may come out";

  /**
   * One call and its refusal.
   *
   * @param member the method, as {@link PublicApi.Member} prints it
   * @param call what must be refused
   * @param type the exception
   * @param says a part of its message that names the argument and the value
   */
  record Case(String member, Executable call, Class<? extends Throwable> type, String says) {

    @Override
    public String toString() {
      return "%s: %s".formatted(member, says);
    }
  }

  private final List<Case> cases = new ArrayList<>();
  private final Map<String, String> takingAnything = new LinkedHashMap<>();
  private final Map<String, Set<String>> nullable = new LinkedHashMap<>();

  /** A call that is refused by an IllegalArgumentException, whose message contains a text. */
  void refuses(String member, Executable call, String says) {
    refuses(member, call, IllegalArgumentException.class, says);
  }

  /** A call that is refused by an exception of a type, whose message contains a text. */
  void refuses(String member, Executable call, Class<? extends Throwable> type, String says) {
    cases.add(new Case(member, call, type, says));
  }

  /** An index that is out of range, as in any list of Java. */
  void refusesIndex(String member, Executable call, String says) {
    refuses(member, call, IndexOutOfBoundsException.class, says);
  }

  /** Methods to which any input but null is good. */
  void takeAnything(String reason, String... members) {
    for (String member : members) {
      takingAnything.put(member, reason);
    }
  }

  /** A parameter that may be null. */
  void takesNull(String member, String parameter) {
    nullable.computeIfAbsent(member, m -> new HashSet<>()).add(parameter);
  }

  List<Case> cases() {
    return cases;
  }

  /** {@return the members that take anything, each with the reason} */
  Map<String, String> takingAnything() {
    return takingAnything;
  }

  boolean takesNull(PublicApi.Member member, String parameter) {
    return nullable.getOrDefault(member.toString(), Set.of()).contains(parameter);
  }
}
