package dev.lanewise.data;

import dev.lanewise.random.Beta;
import dev.lanewise.random.CounterRandom;
import java.util.List;

/**
 * Makes the changes of a list to batches, in place, one after the other. Allocates nothing once it
 * is made. One thread at a time.
 */
final class Augmenter {

  private static final long AUGMENT = CounterRandom.stream("augment");

  private final Augmentation[] changes;
  private final long seed;

  /** An image as it was; of no size without changes of images. */
  private final float[] image;

  /* The batch as it was before rows were mixed; of no size without mixing. */
  private final float[] features;
  private final float[] targets;
  private final float[] weights;

  /**
   * Prepares changes for batches.
   *
   * @param changes the changes, in order
   * @param batch a batch with room for so many rows, like those to come
   * @param maxRows the rows of the largest batch
   * @param seed the seed of all draws
   * @throws IllegalArgumentException if the shape of images has not the columns of the batch
   */
  Augmenter(List<Augmentation> changes, Batch batch, int maxRows, long seed) {
    this.changes = changes.toArray(Augmentation[]::new);
    this.seed = seed;
    boolean ofImages = false;
    boolean mixes = false;
    for (Augmentation change : this.changes) {
      if (change instanceof Augmentation.OfImages images) {
        checkShape(images, batch.columns());
        ofImages = true;
      }
      mixes |= change instanceof Augmentation.Mixup;
    }
    image = new float[ofImages ? batch.columns() : 0];
    int rows = mixes ? maxRows : 0;
    features = Dataset.matrix(rows, batch.columns());
    targets = Dataset.matrix(rows, batch.targetColumns());
    weights = new float[batch.weights() == null ? 0 : rows];
  }

  private static void checkShape(Augmentation.OfImages change, int columns) {
    int expected = change.shape().encodedColumns();
    if (columns != expected) {
      throw new IllegalArgumentException(
          "augmentations: %s is for images of %s, %d columns; expected the data's %d columns"
              .formatted(change, change.shape(), expected, columns));
    }
  }

  /**
   * Changes a batch.
   *
   * @param batch the batch, of arrays of its own
   * @param epoch the epoch
   */
  void apply(Batch batch, int epoch) {
    long epochKey = CounterRandom.key(seed, AUGMENT, epoch);
    for (int place = 0; place < changes.length; place++) {
      Augmentation change = changes[place];
      if (change instanceof Augmentation.Mixup) {
        copy(batch);
      }
      for (int i = 0; i < batch.rows(); i++) {
        apply(change, batch, i, CounterRandom.key(epochKey, place, batch.number(i)));
      }
    }
  }

  private void copy(Batch batch) {
    System.arraycopy(batch.features(), 0, features, 0, batch.rows() * batch.columns());
    System.arraycopy(batch.targets(), 0, targets, 0, batch.rows() * batch.targetColumns());
    if (batch.weights() != null) {
      System.arraycopy(batch.weights(), 0, weights, 0, batch.rows());
    }
  }

  private void apply(Augmentation change, Batch batch, int row, long key) {
    float[] values = batch.features();
    int columns = batch.columns();
    int at = row * columns;
    switch (change) {
      case Augmentation.Shift s ->
          Geometry.shift(
              s.shape(),
              original(values, at),
              values,
              at,
              whole(s.pixels(), key, 0),
              whole(s.pixels(), key, 1));
      case Augmentation.Crop c ->
          Geometry.crop(
              c.shape(),
              original(values, at),
              values,
              at,
              whole(c.padding(), key, 0),
              whole(c.padding(), key, 1));
      case Augmentation.Flip f -> {
        if (CounterRandom.uniform(key, 0) <= f.probability()) {
          Geometry.flip(f.shape(), original(values, at), values, at, f.mirror());
        }
      }
      case Augmentation.Rotate r -> {
        double angle = StrictMath.toRadians(around(0, r.degrees(), key, 0));
        Geometry.turn(r.shape(), original(values, at), values, at, angle);
      }
      case Augmentation.Zoom z -> {
        double factor = between(z.min(), z.max(), key, 0);
        Geometry.resample(z.shape(), original(values, at), values, at, 1 / factor, 0);
      }
      case Augmentation.Brightness b ->
          Tone.brighten(values, at, columns, around(0, b.delta(), key, 0));
      case Augmentation.Contrast c ->
          Tone.contrast(c.shape(), values, at, between(c.min(), c.max(), key, 0));
      case Augmentation.Colour c -> colour(c, values, at, key);
      case Augmentation.Noise n -> addNoise(n, values, at, columns, key);
      case Augmentation.Mixup m -> mix(m, batch, row, key);
    }
  }

  /** {@return an image's copy, from which its pixels can be set anew} */
  private float[] original(float[] values, int at) {
    System.arraycopy(values, at, image, 0, image.length);
    return image;
  }

  private static double between(double min, double max, long key, int index) {
    return min + (max - min) * CounterRandom.uniform(key, index);
  }

  private static double around(double centre, double most, long key, int index) {
    return between(centre - most, centre + most, key, index);
  }

  /** A whole number between −most and most. */
  private static int whole(int most, long key, int index) {
    return CounterRandom.below(key, index, 2 * most + 1) - most;
  }

  private static void colour(Augmentation.Colour change, float[] values, int at, long key) {
    for (int channel = 0; channel < change.shape().channels(); channel++) {
      double gain = around(1, change.gain(), key, 2 * channel);
      double shift = around(0, change.shift(), key, 2 * channel + 1);
      Tone.colour(change.shape(), values, at, channel, gain, shift);
    }
  }

  private static void addNoise(
      Augmentation.Noise change, float[] values, int at, int columns, long key) {
    for (int c = 0; c < columns; c++) {
      values[at + c] = (float) (values[at + c] + change.deviation() * CounterRandom.normal(key, c));
    }
  }

  private void mix(Augmentation.Mixup change, Batch batch, int row, long key) {
    int partner = CounterRandom.below(key, 0, batch.rows());
    double share = 1 - Beta.symmetric(change.alpha(), key);
    mix(batch.features(), row, features, partner, batch.columns(), share);
    double shareOfTargets = share;
    if (batch.weights() != null) {
      mix(batch.weights(), row, weights, partner, 1, share);
      float mixed = batch.weights()[row];
      // So that weight·loss is the mix of what both rows' weighted losses would be.
      shareOfTargets = mixed > 0 ? share * weights[partner] / mixed : share;
    }
    mix(batch.targets(), row, targets, partner, batch.targetColumns(), shareOfTargets);
  }

  /** Moves a row by a share of the way to its partner. */
  private static void mix(
      float[] rows, int row, float[] partners, int partner, int columns, double share) {
    int at = row * columns;
    int other = partner * columns;
    for (int c = 0; c < columns; c++) {
      double own = rows[at + c];
      rows[at + c] = (float) (own + share * (partners[other + c] - own));
    }
  }
}
