package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The largest error that a test has seen, in units of its bound: held to 1, and left as a line of a
 * table under {@code target/errors}.
 */
public final class Measured {

  private final String title;
  private double worstShare;

  public Measured(String title) {
    this.title = title;
  }

  /** Compares a value with what it should be; equal infinities have no error. */
  public void compare(double expected, double found, double bound, String what) {
    double error = expected == found ? 0 : Math.abs(found - expected);
    assertTrue(
        error <= bound,
        () -> "%s: %s, expected %s, bound %s".formatted(what, found, expected, bound));
    worstShare = Math.max(worstShare, error == 0 ? 0 : error / bound);
  }

  /** Writes the line: what, worst error, bound, and the unit of both. */
  public void write(double bound, String unit) {
    double worst = worstShare * bound;
    String line =
        String.format(Locale.ROOT, "| %s | %.3g | %.3g | %s |%n", title, worst, bound, unit);
    try {
      Path errors = Files.createDirectories(Path.of("target", "errors"));
      Files.writeString(errors.resolve(title.replaceAll("[^A-Za-z0-9]+", "-") + ".md"), line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** γₙ = nu/(1 − nu), u = 2^-24: how far n roundings in a row can go (Higham 2002, lemma 3.1). */
  public static double gamma(long n) {
    return n * 0x1p-24 / (1 - n * 0x1p-24);
  }
}
