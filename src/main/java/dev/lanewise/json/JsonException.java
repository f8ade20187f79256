package dev.lanewise.json;

/**
 * Text that is not the JSON that was expected; the message says at which character, counted from 0,
 * and what was expected.
 */
public final class JsonException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  JsonException(String message) {
    super(message);
  }
}
