package dev.lanewise.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A share of rows that intervals or sets are to cover, 1 − α, as an exact decimal: 0.9 is nine
 * tenths, which no {@code double} is.
 *
 * @param share above 0, below 1, with at most {@value #MOST_DECIMALS} decimals
 */
record Coverage(BigDecimal share) {

  static final int MOST_DECIMALS = 30;

  private static final Pattern TEXT = Pattern.compile("0?\\.[0-9]{1,100}");

  /** What is left of 1 as a decimal, so that equal shares are equal coverages. */
  Coverage {
    share = Objects.requireNonNull(share, "coverage").stripTrailingZeros();
    boolean between = share.signum() > 0 && share.compareTo(BigDecimal.ONE) < 0;
    if (!between || share.scale() > MOST_DECIMALS) {
      throw new IllegalArgumentException(
          "coverage: %s; expected a number above 0 and below 1 with at most %d decimals"
              .formatted(share, MOST_DECIMALS));
    }
  }

  /** {@return the shortest decimal that a number is nearest to} */
  static Coverage of(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "coverage: %s; expected a number above 0 and below 1".formatted(share));
    }
    return new Coverage(BigDecimal.valueOf(share));
  }

  /** {@return the decimal that a text in the form 0.95 is} */
  static Coverage parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "coverage: %s; expected a decimal such as 0.9".formatted(Header.quoted(text)));
    }
    return new Coverage(new BigDecimal(text));
  }

  /**
   * {@return ⌈(n + 1)·(1 − α)⌉, the place from 1 of the quantile among n sorted scores; n + 1 if
   * there are too few}
   */
  long rank(int n) {
    BigDecimal next = BigDecimal.valueOf(n + 1L);
    return next.multiply(share).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /** {@return the fewest scores among which the quantile is: the least n with rank ≤ n} */
  BigDecimal leastRows() {
    return share.divide(BigDecimal.ONE.subtract(share), 0, RoundingMode.CEILING);
  }

  /** {@return ⌊n·α/2⌋, how many of n sorted draws are left out at either end} */
  int outside(int n) {
    return BigDecimal.ONE
        .subtract(share)
        .multiply(BigDecimal.valueOf(n))
        .divide(BigDecimal.TWO, 0, RoundingMode.FLOOR)
        .intValueExact();
  }

  /** {@return the decimal, as 0.95} */
  @Override
  public String toString() {
    return share.toPlainString();
  }
}
