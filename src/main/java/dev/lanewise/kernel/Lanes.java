package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of this JVM. They must be constants for C2 to compile the kernels to vector
 * instructions, so a JVM has one width, settled when this class is initialised.
 */
final class Lanes {

  /** The species of all float kernels. */
  static final VectorSpecies<Float> FLOATS = species(VectorWidth.settle());

  /**
   * The class of these vectors. From a load C2 learns it too late: what is called on the vector is
   * chosen before, by profiles that vectors of other widths and luck have part in. Cast to its
   * class a vector is plain at once, and the cast costs nothing.
   */
  static final Class<? extends FloatVector> EXACT =
      FLOATS.vectorType().asSubclass(FloatVector.class);

  /** The integer species of the same shape. */
  static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.withShape(FLOATS.vectorShape());

  /** Their class. */
  static final Class<? extends IntVector> EXACT_INTS =
      INTS.vectorType().asSubclass(IntVector.class);

  /** The number of floats in a vector: 4, 8 or 16. */
  static final int LENGTH = FLOATS.length();

  private Lanes() {}

  private static VectorSpecies<Float> species(int bits) {
    return bits == 0
        ? FloatVector.SPECIES_PREFERRED
        : FloatVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(bits));
  }
}
