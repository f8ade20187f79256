package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Calls that refuse their arguments, and what they say. */
public final class Refusals {

  private Refusals() {}

  /** {@return the message of the IllegalArgumentException that a call ends in} */
  public static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  /** {@return the message of the exception of a type that a call ends in} */
  public static String refusal(Class<? extends Throwable> type, Executable call) {
    return assertThrows(type, call).getMessage();
  }

  /** Asserts that a call refuses its arguments with this message. */
  public static void assertRefused(String message, Executable call) {
    assertEquals(message, refusal(call));
  }

  /** Asserts that a call refuses its arguments with a message that says this among other things. */
  public static void assertRefusedSaying(String part, Executable call) {
    String message = refusal(call);
    assertTrue(message.contains(part), message);
  }
}
