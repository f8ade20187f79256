package dev.lanewise.kernel;

import java.util.Objects;

/**
 * The kernels that a name stands for on this machine and JVM, and why.
 *
 * @param kernels the kernels
 * @param reason why these were chosen, as text
 * @param startsScalar whether work begins on scalar kernels, until the JVM has compiled these
 */
public record KernelChoice(Kernels kernels, String reason, boolean startsScalar) {

  /** The bits of the narrowest vectors that the kernels are written for. */
  private static final int NARROWEST = 128;

  private static final String MODULE_MISSING =
      "the module jdk.incubator.vector is not readable (add --add-modules jdk.incubator.vector)";

  /** Keeps a choice; neither part is null. */
  public KernelChoice {
    Objects.requireNonNull(kernels, "kernels");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * {@return the kernels of a name}
   *
   * <p>{@code auto} takes vector kernels if the module {@code jdk.incubator.vector} is readable,
   * the optimising compiler is on and compiles vectors, the processor has FMA, on x86 also AVX2,
   * and vectors have at least 128 bits, else scalar kernels. Then work begins on scalar kernels,
   * until the JVM has compiled the vector ones, with the same bits. {@code vector} is the preferred
   * width, from the first step on. A JVM has one vector width: the first choice of vector kernels
   * settles it.
   *
   * @param kernels {@code auto}, {@code scalar}, {@code vector}, {@code vector128}, {@code
   *     vector256} or {@code vector512}
   * @throws IllegalArgumentException if the name is another
   * @throws UnsupportedOperationException if the kernels cannot be had here; the message says why
   */
  public static KernelChoice of(String kernels) {
    return switch (Objects.requireNonNull(kernels, "kernels")) {
      case "auto" -> automatic();
      case "scalar" -> scalar("asked for");
      case "vector" -> forced(0);
      case "vector128" -> forced(128);
      case "vector256" -> forced(256);
      case "vector512" -> forced(512);
      default ->
          throw new IllegalArgumentException(
              "kernels: %s; expected auto, scalar, vector, vector128, vector256 or vector512"
                  .formatted(kernels));
    };
  }

  private static KernelChoice automatic() {
    if (!Machine.readsVectorModule()) {
      return scalar(MODULE_MISSING);
    }
    if (!Machine.hasOptimizingCompiler()) {
      return scalar("the optimising compiler C2 is off");
    }
    if (!Machine.compilesVectors()) {
      return scalar("the option EnableVectorSupport is off");
    }
    int preferred = VectorWidth.preferred();
    if (!Machine.hasFma(preferred)) {
      return scalar("the processor has no fused multiply-add");
    }
    if (!Machine.hasIntegerVectors()) {
      return scalar("the processor has no AVX2");
    }
    if (preferred < NARROWEST) {
      return scalar("the preferred vectors have only %d bits".formatted(preferred));
    }
    return new KernelChoice(
        VectorKernels.INSTANCE,
        "module readable, C2 on, FMA found; scalar ones until these are compiled",
        true);
  }

  private static KernelChoice scalar(String reason) {
    return new KernelChoice(ScalarKernels.INSTANCE, reason, false);
  }

  private static KernelChoice forced(int bits) {
    if (!Machine.readsVectorModule()) {
      throw new UnsupportedOperationException("vector kernels: " + MODULE_MISSING);
    }
    int preferred = VectorWidth.preferred();
    if (preferred < NARROWEST) {
      throw new UnsupportedOperationException(
          "vector kernels: the preferred vectors have only %d bits".formatted(preferred));
    }
    if (bits > preferred) {
      throw new UnsupportedOperationException(
          "vector%d: this machine's vectors have %d bits".formatted(bits, preferred));
    }
    VectorWidth.request(bits);
    int settled = Lanes.FLOATS.vectorBitSize();
    if (bits != 0 && bits != settled) {
      throw new UnsupportedOperationException(
          "vector%d: this JVM already uses vector%d, and a JVM has one width"
              .formatted(bits, settled));
    }
    return new KernelChoice(VectorKernels.INSTANCE, "asked for", false);
  }

  /** {@return the choice for work that begins, which is of scalar kernels if this starts scalar} */
  public KernelChoice cold() {
    return startsScalar ? new KernelChoice(ScalarKernels.INSTANCE, reason, false) : this;
  }

  /** {@return the choice for work that begins on these kernels, however it starts} */
  public KernelChoice hot() {
    return startsScalar ? new KernelChoice(kernels, reason, false) : this;
  }
}
