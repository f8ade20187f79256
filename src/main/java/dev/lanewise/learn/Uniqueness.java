package dev.lanewise.learn;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Whether the values of a column are all the same, or all different, in the training rows. */
final class Uniqueness {

  /** With fewer rows, all values of a quantity may well differ. */
  private static final int LEAST_ROWS = 50;

  /** The rows that are looked at before all are. */
  private static final int SOME = 1000;

  private final Dataset rows;
  private final Encoder encoder;
  private final Optional<Standardizer> standardizer;

  Uniqueness(Dataset rows, Encoder encoder) {
    this.rows = rows;
    this.encoder = encoder;
    standardizer = encoder.standardizer();
  }

  /** {@return whether a column has one value in all rows} */
  boolean isConstant(Block block) {
    for (int r = 1; r < rows.rows(); r++) {
      if (block.key(rows, r) != block.key(rows, 0)) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether all values differ, as those of an id do} */
  boolean isIdLike(Block block) {
    if (rows.rows() < LEAST_ROWS) {
      return false;
    }
    return switch (block.column()) {
      case Column.Numeric number ->
          areDifferentIntegers(block, Math.min(SOME, rows.rows()))
              && areDifferentIntegers(block, rows.rows());
      case Column.Categorical category -> isEachOnce(block, category);
      default -> false;
    };
  }

  private boolean areDifferentIntegers(Block block, int count) {
    int column = block.from().getFirst();
    double centre = standardizer.map(of -> of.centre()[column]).orElse(0.0);
    double spread = standardizer.map(of -> of.spread()[column]).orElse(1.0);
    boolean clipped = standardizer.map(Standardizer::isRobust).orElse(false);
    float[] values = new float[count];
    for (int r = 0; r < count; r++) {
      float value = rows.features()[r * rows.columns() + column];
      values[r] = value;
      double number = standardizer.map(of -> of.restore(column, value)).orElse((double) value);
      double distance = Math.abs(number - centre);
      // Clipping divides by √(1 + (x/3)²), and the slope by the cube of it.
      double root = clipped && value != 0 ? distance / (spread * value) : 1;
      // What rounding to float and the moments may have moved it by.
      double rounding = 0x1p-22 * (distance * root * root + spread) + 0x1p-50 * Math.abs(centre);
      if (rounding > 0.25 || Math.abs(number - Math.rint(number)) > rounding) {
        return false;
      }
    }
    Arrays.sort(values);
    for (int r = 1; r < count; r++) {
      if (values[r] == values[r - 1]) {
        return false;
      }
    }
    return true;
  }

  /** Values that have no column of their own, and missing ones, are each one pattern. */
  private boolean isEachOnce(Block block, Column.Categorical category) {
    Map<Long, Integer> counts = new HashMap<>();
    for (int r = 0; r < rows.rows(); r++) {
      counts.merge(block.key(rows, r), 1, Integer::sum);
    }
    boolean missing = category.flagged() || counts.containsKey(block.key(missing(), 0));
    int patterns = (category.other() ? 1 : 0) + (missing ? 1 : 0);
    int more = 0;
    for (int count : counts.values()) {
      more += count > 1 ? 1 : 0;
    }
    return more <= patterns && counts.size() > 2 + patterns;
  }

  /** {@return a row that holds nothing} */
  private Dataset missing() {
    float[] row = encoder.encode(Map.of());
    return Dataset.of(row, row.length, new float[1], 1);
  }
}
