package dev.lanewise.reference;

import java.util.BitSet;

/** Collects, in the order of the calls, on which side of each kink a pass was. */
final class Sides {

  private final BitSet bits = new BitSet();
  private int length;

  /** Adds a kink with two sides. */
  void add(boolean above) {
    if (above) {
      bits.set(length);
    }
    length++;
  }

  /** Adds two kinks, at −limit and at limit. */
  void add(double value, double limit) {
    add(value < -limit);
    add(value > limit);
  }

  BitSet toBits() {
    return bits;
  }
}
