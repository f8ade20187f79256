package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;

/**
 * A range of parameters that the chain's links work on, short enough that everything they touch
 * stays in the first-level cache. One worker uses it at a time, for one range after the other; it
 * allocates nothing after it is created.
 *
 * <p>The array that holds the update changes from link to link: first the gradient, which is only
 * read, later a link's state or the scratch array.
 */
final class Segment {

  /** The most floats of a segment: six arrays of 4 KiB are below 32 KiB. */
  static final int LENGTH = 1024;

  /** Room for a link's output. */
  final float[] scratch = new float[LENGTH];

  /** The parameters. */
  float[] theta;

  /** Where the segment starts in the parameters, and in whatever has their shape. */
  int from;

  /** The number of floats. */
  int length;

  /** The array that holds the update now. */
  float[] update;

  /** Where the update starts in that array. */
  int at;

  /** Starts a segment: the update is the gradient. */
  void begin(float[] theta, float[] gradient, int from, int length) {
    this.theta = theta;
    this.from = from;
    this.length = length;
    this.update = gradient;
    this.at = from;
  }

  /** Subtracts the update, times the rate, from the parameters. */
  void descend(Kernels kernels, float rate) {
    kernels.blend(theta, from, 1, update, at, -rate, theta, from, length);
  }

  /** Records that the update is in the scratch array now. */
  void moveToScratch() {
    update = scratch;
    at = 0;
  }

  /** Records that the update is in a link's state now, which has the shape of the parameters. */
  void moveTo(float[] state) {
    update = state;
    at = from;
  }
}
