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
   * The class of these vectors. C2 knows no more of a vector that a loop carries than that it is
   * one, unless calls were profiled; cast to its class it is plain, and the cast costs nothing.
   */
  static final Class<?> CLASS = FLOATS.vectorType();

  /** The integer species of the same shape. */
  static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.withShape(FLOATS.vectorShape());

  /** The number of floats in a vector: 4, 8 or 16. */
  static final int LENGTH = FLOATS.length();

  private Lanes() {}

  private static VectorSpecies<Float> species(int bits) {
    return bits == 0
        ? FloatVector.SPECIES_PREFERRED
        : FloatVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(bits));
  }
}
