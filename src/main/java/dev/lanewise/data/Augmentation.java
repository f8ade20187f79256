package dev.lanewise.data;

import java.util.Objects;

/**
 * A random change of training examples, made again in every epoch when a batch is formed; the data
 * set itself, dev rows and test rows are never changed. Immutable; prints as what it does.
 *
 * <p>What is drawn is a function of the seed, the epoch, the example's row in the data set and the
 * change's place in the list. So an example gets the same change in an epoch whatever the size of
 * batches, its place in them, or whether the training was resumed; only the partner of {@link
 * Mixup} depends on the batch. A list of changes means one after the other. "Between" means
 * uniformly distributed.
 */
public sealed interface Augmentation {

  /**
   * A change of an image, whose row is {@code [height][width][channels]} flattened, as {@link Idx}
   * and {@link Encoder} give it. Nothing but the image is changed. Costs one or two passes over the
   * pixels.
   */
  sealed interface OfImages extends Augmentation {

    /** {@return the shape of the images; must have the columns of the data set} */
    Column.Pixels shape();
  }

  /** The direction in which an image is mirrored. */
  enum Mirror {
    /** Left and right change places. */
    HORIZONTAL,
    /** Top and bottom change places. */
    VERTICAL
  }

  /**
   * Moves an image by whole pixels, down and to the right by a number each between −pixels and
   * pixels; what comes into view is 0. The same as a random crop after padding with so many zeros
   * on each side.
   *
   * @param shape the shape of the images
   * @param pixels the farthest move, at least 0 and below height and width
   */
  record Shift(Column.Pixels shape, int pixels) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the move is out of range
     */
    public Shift {
      requireWithin(shape, "pixels", pixels);
    }
  }

  /**
   * Takes a random crop of the images' size out of the image with a border on each side, in which
   * it is mirrored without repeating its outermost pixels. With a border of zeros this would be
   * {@link Shift}.
   *
   * @param shape the shape of the images
   * @param padding the width of the border in pixels, at least 0 and below height and width
   */
  record Crop(Column.Pixels shape, int padding) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the border is out of range
     */
    public Crop {
      requireWithin(shape, "padding", padding);
    }
  }

  /**
   * Mirrors an image, or leaves it.
   *
   * @param shape the shape of the images
   * @param mirror the direction
   * @param probability the probability of mirroring, in [0, 1]
   */
  record Flip(Column.Pixels shape, Mirror mirror, double probability) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the probability is out of range
     */
    public Flip {
      Objects.requireNonNull(shape, "shape");
      Objects.requireNonNull(mirror, "mirror");
      requireAtMost("probability", probability, 1);
    }

    /**
     * {@return a change that mirrors every other image}
     *
     * @param shape the shape of the images
     * @param mirror the direction
     */
    public static Flip of(Column.Pixels shape, Mirror mirror) {
      return new Flip(shape, mirror, 0.5);
    }
  }

  /**
   * Turns an image about its centre by an angle between −degrees and degrees. A pixel is
   * interpolated between the four around the place it comes from (bilinear); outside the image all
   * is 0.
   *
   * @param shape the shape of the images
   * @param degrees the largest angle, in [0, 180]
   */
  record Rotate(Column.Pixels shape, double degrees) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the angle is out of range
     */
    public Rotate {
      Objects.requireNonNull(shape, "shape");
      requireAtMost("degrees", degrees, 180);
    }
  }

  /**
   * Enlarges an image about its centre by a factor between min and max, the same for height and
   * width; factors below 1 shrink it. Interpolated as in {@link Rotate}.
   *
   * @param shape the shape of the images
   * @param min the smallest factor, above 0
   * @param max the largest factor, at least min
   */
  record Zoom(Column.Pixels shape, double min, double max) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if a factor is out of range
     */
    public Zoom {
      Objects.requireNonNull(shape, "shape");
      if (!(min > 0 && min <= max && max < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "min, max: %s, %s; expected finite factors above 0, the first no larger"
                .formatted(min, max));
      }
    }
  }

  /**
   * Adds a number between −delta and delta to all pixels of an image, and limits them to [0, 1].
   *
   * @param shape the shape of the images
   * @param delta the largest change, in [0, 1]
   */
  record Brightness(Column.Pixels shape, double delta) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the change is out of range
     */
    public Brightness {
      Objects.requireNonNull(shape, "shape");
      requireAtMost("delta", delta, 1);
    }
  }

  /**
   * Multiplies the distance of an image's pixels from their channel's mean by a factor between min
   * and max, the same for all channels, and limits them to [0, 1].
   *
   * @param shape the shape of the images
   * @param min the smallest factor, at least 0
   * @param max the largest factor, at least min
   */
  record Contrast(Column.Pixels shape, double min, double max) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if a factor is out of range
     */
    public Contrast {
      Objects.requireNonNull(shape, "shape");
      if (!(min >= 0 && min <= max && max < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "min, max: %s, %s; expected finite factors of at least 0, the first no larger"
                .formatted(min, max));
      }
    }
  }

  /**
   * Multiplies each of an image's three channels by a number of its own between 1 − gain and 1 +
   * gain, adds one between −shift and shift, and limits the pixels to [0, 1].
   *
   * @param shape the shape of the images, of 3 channels
   * @param gain the largest change of the factors, in [0, 1]
   * @param shift the largest number to add, in [0, 1]
   */
  record Colour(Column.Pixels shape, double gain, double shift) implements OfImages {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if there are not 3 channels or a number is out of range
     */
    public Colour {
      if (shape.channels() != 3) {
        throw new IllegalArgumentException("shape: %s; expected 3 channels".formatted(shape));
      }
      requireAtMost("gain", gain, 1);
      requireAtMost("shift", shift, 1);
    }
  }

  /**
   * Adds a draw from a normal distribution of mean 0 to each feature, as it is encoded: in standard
   * deviations where columns are standardised. Nothing is limited.
   *
   * @param deviation the standard deviation, finite and at least 0
   */
  record Noise(double deviation) implements Augmentation {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if the deviation is out of range
     */
    public Noise {
      if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "deviation: %s; expected a finite number, 0 or more".formatted(deviation));
      }
    }
  }

  /**
   * Mixes each example with a partner: λ·example + (1 − λ)·partner, features, targets and weights
   * alike, with λ drawn from Beta(α, α) for each example (Zhang, Cissé, Dauphin, Lopez-Paz, "mixup:
   * Beyond Empirical Risk Minimization", 2018). The partner is any row of the same batch, itself
   * included, all with the same probability, as it was before any row was mixed. A mix of targets
   * must have a meaning: probabilities, as {@link Dataset#oneHot} makes of class numbers, or
   * values. Where rows have weights, the mixed row's weight is the mix of both, and its target the
   * mix of both targets in the shares λ·own weight and (1 − λ)·partner's.
   *
   * @param alpha α, as a {@code float} finite and above 0: below 1 one of the two usually
   *     dominates, above 1 both have shares near a half
   */
  record Mixup(double alpha) implements Augmentation {
    /**
     * Creates a change.
     *
     * @throws IllegalArgumentException if α is out of range
     */
    public Mixup {
      if (!((float) alpha > 0 && (float) alpha < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "alpha: %s; expected a finite number above 0".formatted(alpha));
      }
    }
  }

  private static void requireWithin(Column.Pixels shape, String name, int pixels) {
    if (pixels < 0 || pixels >= Math.min(shape.height(), shape.width())) {
      throw new IllegalArgumentException(
          "%s: %d; expected at least 0 and less than height and width of %s"
              .formatted(name, pixels, shape));
    }
  }

  private static void requireAtMost(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s; expected a number in [0, %.0f]".formatted(name, value, most));
    }
  }
}
