package dev.lanewise.report;

/**
 * A rectangle of two quantities, coloured at each place by what is known there: regions of classes,
 * or heights.
 *
 * @param left the least value of the horizontal quantity
 * @param right the largest
 * @param bottom the least value of the vertical quantity
 * @param top the largest
 */
public record Plane(double left, double right, double bottom, double top) {

  /** Pixels of a side; stretched to the chart, a pixel is about two of the screen's. */
  private static final int SIDE = 160;

  /** As the page's own colours of series, halfway between those on light and on dark paper. */
  private static final int[] COLOURS = {
    0x4592d1, 0xe68334, 0x4caf6e, 0xd25d95, 0x927bc8, 0xb1982d, 0x30a9b3, 0xc96351
  };

  /** The classes that have a colour of their own. */
  static final int MOST_COLOURS = COLOURS.length;

  /** Degrees of certainty, so few that pictures are small. */
  private static final int BANDS = 8;

  private static final int FAINT = 40;
  private static final int STRONG = 190;

  /** What is known at places. */
  @FunctionalInterface
  public interface Scores {

    /**
     * {@return the scores {@code [count][width]}}
     *
     * @param xs the horizontal quantity at each place
     * @param ys the vertical one
     */
    float[] at(double[] xs, double[] ys);
  }

  /**
   * {@return a plane around points, with a margin of a twentieth}
   *
   * @param xs the horizontal quantity of the points
   * @param ys the vertical one
   */
  public static Plane around(double[] xs, double[] ys) {
    double[] across = withMargin(xs);
    double[] up = withMargin(ys);
    return new Plane(across[0], across[1], up[0], up[1]);
  }

  private static double[] withMargin(double[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) {
      return new double[] {0, 1};
    }
    double margin = high > low ? (high - low) / 20 : 1;
    return new double[] {low - margin, high + margin};
  }

  /**
   * {@return a picture of regions: at each place the colour of the most probable class, the
   * stronger the more probable it is} Colours repeat after eight classes.
   *
   * @param classes the number of classes; for two, the scores are the probabilities of the second
   * @param scores the probabilities
   */
  public byte[] classes(int classes, Scores scores) {
    float[] known = scores.at(xs(), ys());
    int[] pixels = new int[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      int most = 0;
      double probability;
      if (classes == 2) {
        most = known[i] > 0.5 ? 1 : 0;
        probability = most == 1 ? known[i] : 1 - known[i];
      } else {
        for (int c = 1; c < classes; c++) {
          most = known[i * classes + c] > known[i * classes + most] ? c : most;
        }
        probability = known[i * classes + most];
      }
      double least = 1.0 / classes;
      double certainty = Math.clamp((probability - least) / (1 - least), 0, 1);
      double band = Math.min(BANDS - 1, Math.floor(certainty * BANDS)) / (BANDS - 1);
      int opacity = (int) (FAINT + (STRONG - FAINT) * band);
      pixels[i] = opacity << 24 | COLOURS[most % COLOURS.length];
    }
    return Png.of(pixels, SIDE);
  }

  /**
   * {@return a picture of heights in bands of equal width, so that their borders are contours}
   * Places without a finite height are transparent.
   *
   * @param bands the number of bands
   * @param heights the height at each place
   */
  public byte[] heights(int bands, Scores heights) {
    float[] known = heights.at(xs(), ys());
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float height : known) {
      if (Float.isFinite(height)) {
        low = Math.min(low, height);
        high = Math.max(high, height);
      }
    }
    int[] pixels = new int[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      if (Float.isFinite(known[i])) {
        double share = high > low ? (known[i] - low) / (high - low) : 0;
        double band = Math.min(bands - 1, Math.floor(share * bands)) / Math.max(1, bands - 1);
        pixels[i] = (int) (FAINT / 2 + (STRONG - FAINT / 2) * band) << 24 | COLOURS[0];
      }
    }
    return Png.of(pixels, SIDE);
  }

  /** The horizontal quantity at the middle of each pixel, from the upper left one on. */
  private double[] xs() {
    double[] xs = new double[SIDE * SIDE];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = left + (right - left) * (i % SIDE + 0.5) / SIDE;
    }
    return xs;
  }

  private double[] ys() {
    double[] ys = new double[SIDE * SIDE];
    for (int i = 0; i < ys.length; i++) {
      ys[i] = top - (top - bottom) * (i / SIDE + 0.5) / SIDE;
    }
    return ys;
  }

  /**
   * {@return a chart over this plane, without series}
   *
   * @param id its name
   * @param title its title
   * @param caption what it shows and how to read it
   * @param x what the horizontal quantity is
   * @param y what the vertical one is
   * @param shown what the picture shows
   * @param png the picture
   */
  public XyChart chart(
      String id, String title, String caption, String x, String y, String shown, byte[] png) {
    return XyChart.of(
            id, title, caption, Axis.of(x).between(left, right), Axis.of(y).between(bottom, top))
        .background(shown, png, left, right, bottom, top);
  }
}
