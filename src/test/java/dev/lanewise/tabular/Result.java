package dev.lanewise.tabular;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The outcome of one training.
 *
 * @param epochs the number of epochs trained
 * @param seconds of the clock, for encoding, training and judging, on one thread
 */
record Result(
    String variant, String set, long seed, Score score, int bestEpoch, int epochs, double seconds) {

  static final String HEADER = "variant,set,seed,error,accuracy,bestEpoch,epochs,seconds";

  /** {@return a line of a journal, which {@link #parse} reads} */
  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%s,%s,%d,%d,%.2f",
        variant,
        set,
        seed,
        score.error(),
        score.accuracy().isPresent() ? score.accuracy().getAsDouble() : "",
        bestEpoch,
        epochs,
        seconds);
  }

  static Result parse(String line) {
    String[] cells = line.split(",", -1);
    OptionalDouble accuracy =
        cells[4].isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(Double.parseDouble(cells[4]));
    return new Result(
        cells[0],
        cells[1],
        Long.parseLong(cells[2]),
        new Score(Double.parseDouble(cells[3]), accuracy),
        Integer.parseInt(cells[5]),
        Integer.parseInt(cells[6]),
        Double.parseDouble(cells[7]));
  }

  /** Whether this is of the same training. */
  boolean isOf(String otherVariant, String otherSet, long otherSeed) {
    return variant.equals(otherVariant) && set.equals(otherSet) && seed == otherSeed;
  }
}
