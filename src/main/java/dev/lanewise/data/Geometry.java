package dev.lanewise.data;

import java.util.Arrays;

/**
 * Moves, mirrors and resamples an image {@code [height][width][channels]}: from the beginning of
 * one array to a place in another.
 */
final class Geometry {

  private Geometry() {}

  /** Moves an image down and to the right; what comes into view is 0. */
  static void shift(Column.Pixels shape, float[] from, float[] to, int at, int down, int right) {
    int line = shape.width() * shape.channels();
    int gap = Math.abs(right) * shape.channels();
    for (int y = 0; y < shape.height(); y++) {
      int start = at + y * line;
      int source = y - down;
      Arrays.fill(to, start, start + line, 0);
      if (source >= 0 && source < shape.height()) {
        System.arraycopy(
            from,
            source * line + (right < 0 ? gap : 0),
            to,
            start + (right > 0 ? gap : 0),
            line - gap);
      }
    }
  }

  /** Moves an image down and to the right; what comes into view is its mirror image. */
  static void crop(Column.Pixels shape, float[] from, float[] to, int at, int down, int right) {
    int channels = shape.channels();
    int next = at;
    for (int y = 0; y < shape.height(); y++) {
      int line = reflected(y - down, shape.height()) * shape.width();
      for (int x = 0; x < shape.width(); x++) {
        int pixel = (line + reflected(x - right, shape.width())) * channels;
        for (int c = 0; c < channels; c++) {
          to[next++] = from[pixel + c];
        }
      }
    }
  }

  /** The index inside that stands for one outside, the first and last being mirrors. */
  private static int reflected(int index, int size) {
    int inside = Math.abs(index);
    return inside < size ? inside : 2 * (size - 1) - inside;
  }

  /** Mirrors an image. */
  static void flip(
      Column.Pixels shape, float[] from, float[] to, int at, Augmentation.Mirror mirror) {
    boolean sideways = mirror == Augmentation.Mirror.HORIZONTAL;
    int channels = shape.channels();
    int next = at;
    for (int y = 0; y < shape.height(); y++) {
      int line = (sideways ? y : shape.height() - 1 - y) * shape.width();
      for (int x = 0; x < shape.width(); x++) {
        int pixel = (line + (sideways ? shape.width() - 1 - x : x)) * channels;
        for (int c = 0; c < channels; c++) {
          to[next++] = from[pixel + c];
        }
      }
    }
  }

  /** Turns an image about its centre by an angle from −π to π. */
  static void turn(Column.Pixels shape, float[] from, float[] to, int at, double angle) {
    resample(shape, from, to, at, series(1, angle, 1), series(angle, angle, 2));
  }

  /**
   * The cosine from 1 with divisors 1·2, 3·4 …, the sine from the angle with 2·3, 4·5 …: their
   * Taylor series, to within 1e-14 for angles up to π. {@code StrictMath} has them too, but it
   * allocates.
   */
  private static double series(double first, double angle, int divisor) {
    double term = first;
    double sum = first;
    for (int n = divisor; n < 30; n += 2) {
      term *= -angle * angle / (n * (n + 1));
      sum += term;
    }
    return sum;
  }

  /**
   * Turns and scales an image about its centre. The pixel at an offset (x, y) from the centre comes
   * from (cos·x − sin·y, sin·x + cos·y), interpolated between the four pixels around that place.
   */
  static void resample(
      Column.Pixels shape, float[] from, float[] to, int at, double cos, double sin) {
    double centreY = (shape.height() - 1) / 2.0;
    double centreX = (shape.width() - 1) / 2.0;
    int next = at;
    for (int row = 0; row < shape.height(); row++) {
      double y = row - centreY;
      for (int column = 0; column < shape.width(); column++) {
        double x = column - centreX;
        interpolate(
            shape, from, centreY + (sin * x + cos * y), centreX + (cos * x - sin * y), to, next);
        next += shape.channels();
      }
    }
  }

  /** Writes the channels of a place between pixels, in {@code double} and rounded once. */
  private static void interpolate(
      Column.Pixels shape, float[] from, double y, double x, float[] to, int at) {
    int channels = shape.channels();
    if (!(y > -1 && y < shape.height() && x > -1 && x < shape.width())) {
      Arrays.fill(to, at, at + channels, 0);
      return;
    }
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double below = y - top;
    double beside = x - left;
    for (int c = 0; c < channels; c++) {
      double upper = between(shape, from, top, left, c, beside);
      double lower = between(shape, from, top + 1, left, c, beside);
      to[at + c] = (float) (upper + below * (lower - upper));
    }
  }

  private static double between(
      Column.Pixels shape, float[] from, int row, int left, int channel, double share) {
    if (row < 0 || row >= shape.height()) {
      return 0;
    }
    int pixel = (row * shape.width() + left) * shape.channels() + channel;
    double first = left < 0 ? 0 : from[pixel];
    double second = left + 1 < shape.width() ? from[pixel + shape.channels()] : 0;
    return first + share * (second - first);
  }
}
