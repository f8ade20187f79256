package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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
   * The class of these vectors. A kernel casts every vector to it that it calls a method of: what
   * it loads, what an operation gives, what a loop carries. C2 chooses these methods before it
   * knows what the calls before them make; from profiles, which vectors of other widths and luck
   * have part in. The cast itself costs nothing.
   */
  static final Class<? extends FloatVector> EXACT =
      FLOATS.vectorType().asSubclass(FloatVector.class);

  /** The integer species of the same shape. */
  static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.withShape(FLOATS.vectorShape());

  /** The class of these, see {@link #EXACT}. */
  static final Class<? extends IntVector> EXACT_INTS =
      INTS.vectorType().asSubclass(IntVector.class);

  /** The class of the masks of float vectors, see {@link #EXACT}. */
  static final Class<? extends VectorMask<Float>> EXACT_MASKS = FLOATS.maskType();

  /** The number of floats in a vector: 4, 8 or 16. */
  static final int LENGTH = FLOATS.length();

  private Lanes() {}

  private static VectorSpecies<Float> species(int bits) {
    return bits == 0
        ? FloatVector.SPECIES_PREFERRED
        : FloatVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(bits));
  }
}
