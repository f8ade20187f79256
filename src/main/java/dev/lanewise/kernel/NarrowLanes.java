package dev.lanewise.kernel;

import static dev.lanewise.kernel.Lanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of {@link NarrowKernels} and of other short rows, which have at most eight
 * lanes whatever the width of {@link Lanes}: wider ones would go far beyond the ends of the rows.
 */
final class NarrowLanes {

  /** The species of vectors along the longer side. */
  static final VectorSpecies<Float> NARROW =
      LENGTH < 8 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_256;

  /** The class of these vectors, see {@link Lanes#EXACT}. */
  static final Class<? extends FloatVector> EXACTLY_NARROW =
      NARROW.vectorType().asSubclass(FloatVector.class);

  /** The class of their masks. */
  static final Class<? extends VectorMask<Float>> EXACTLY_NARROW_MASKS = NARROW.maskType();

  /** Their number of floats: 4 or 8. */
  static final int WIDTH = NARROW.length();

  /** The species of a few columns. */
  static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

  /** The class of these vectors. */
  static final Class<? extends FloatVector> EXACTLY_FOUR =
      FOUR.vectorType().asSubclass(FloatVector.class);

  private NarrowLanes() {}

  /** Shuffles that bring the upper lanes down. */
  static final class Down {
    static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(NARROW, 4, 1, true);
    static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(NARROW, 2, 1, true);
    static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(NARROW, 1, 1, true);

    private Down() {}
  }
}
