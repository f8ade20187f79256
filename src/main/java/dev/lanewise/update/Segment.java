package dev.lanewise.update;

import dev.lanewise.kernel.Kernels;

/**
 * A stretch of parameters on its way through the chain, short enough that all it touches stays in
 * the first-level cache. One worker uses it at a time, again and again; it allocates nothing after
 * it is created.
 *
 * <p>Where the update stands changes from link to link: first in the gradient, which is only read,
 * later in a link's state or in the scratch.
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

  /** Takes the update, times the rate, off the parameters. */
  void descend(Kernels kernels, float rate) {
    kernels.blend(theta, from, 1, update, at, -rate, theta, from, length);
  }

  /** Says that the update stands in the scratch now. */
  void moveToScratch() {
    update = scratch;
    at = 0;
  }

  /** Says that the update stands in a link's state now, which has the shape of the parameters. */
  void moveTo(float[] state) {
    update = state;
    at = from;
  }
}
