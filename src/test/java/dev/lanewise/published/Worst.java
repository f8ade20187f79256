package dev.lanewise.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The largest deviation of our tensors from published ones, and where it is. */
final class Worst {

  private final String what;
  private double share;
  private String place = "none";
  private int tensors;

  /** Nothing compared yet. */
  Worst(String what) {
    this.what = what;
  }

  /** Compares a tensor, in units of its largest published magnitude. */
  void take(String name, double[][] published, double[][] ours) {
    assertEquals(published.length, ours.length, name + ": rows");
    double largest = 0;
    double deviation = 0;
    for (int r = 0; r < published.length; r++) {
      assertEquals(published[r].length, ours[r].length, name + ": columns");
      for (int c = 0; c < published[r].length; c++) {
        largest = Math.max(largest, Math.abs(published[r][c]));
        // not Math.max alone, which a NaN would win, but a comparison would lose
        double apart = Math.abs(ours[r][c] - published[r][c]);
        deviation = apart <= deviation ? deviation : apart;
      }
    }
    tensors++;
    double itsShare = deviation == 0 ? 0 : deviation / largest;
    if (!(itsShare <= share)) {
      share = itsShare;
      place = name;
    }
  }

  void take(String name, double published, double ours) {
    take(name, new double[][] {{published}}, new double[][] {{ours}});
  }

  /** Prints the figure and expects it within a bound. */
  void assertWithin(double bound) {
    System.out.println(this);
    assertTrue(share <= bound, () -> this + "; allowed is " + bound);
  }

  @Override
  public String toString() {
    return "%s beside PyTorch: %d tensors, worst deviation %.2e of the largest magnitude, in %s"
        .formatted(what, tensors, share, place);
  }
}
