package dev.lanewise.data;

/** Changes the values of an image {@code [height][width][channels]} in place, within [0, 1]. */
final class Tone {

  private Tone() {}

  /** NaN stays NaN. */
  private static float limited(double value) {
    return (float) Math.min(1, Math.max(0, value));
  }

  /** Adds a number to all values. */
  static void brighten(float[] values, int at, int size, double delta) {
    for (int i = at; i < at + size; i++) {
      values[i] = limited(values[i] + delta);
    }
  }

  /** Multiplies the distance of values from their channel's mean. */
  static void contrast(Column.Pixels shape, float[] values, int at, double factor) {
    int channels = shape.channels();
    int end = at + shape.encodedColumns();
    for (int first = at; first < at + channels; first++) {
      double sum = 0;
      for (int i = first; i < end; i += channels) {
        sum += values[i];
      }
      double mean = sum / (shape.height() * shape.width());
      for (int i = first; i < end; i += channels) {
        values[i] = limited(values[i] + (factor - 1) * (values[i] - mean));
      }
    }
  }

  /** Multiplies the values of a channel and adds to them. */
  static void colour(
      Column.Pixels shape, float[] values, int at, int channel, double gain, double shift) {
    for (int i = at + channel; i < at + shape.encodedColumns(); i += shape.channels()) {
      values[i] = limited(gain * values[i] + shift);
    }
  }
}
