package dev.lanewise.check;

/** Checks that arrays have the length of θ. */
final class Lengths {

  private Lengths() {}

  static void check(String name, int length, int expected) {
    if (length != expected) {
      throw new IllegalArgumentException(
          "%s: length %d; expected %d, the number of parameters".formatted(name, length, expected));
    }
  }
}
