package dev.lanewise.kernel;

import java.util.Objects;

/**
 * What computes: a set of kernels and a way to share work. A value that is passed down; it changes
 * how fast results come, never which. Immutable; safe for use by several threads.
 *
 * @param kernels the kernels
 * @param parallel how regions of a step are shared among threads
 * @param reason why these kernels were chosen, as text
 */
public record Engine(Kernels kernels, Parallel parallel, String reason) {

  /** The system property that {@link #standard} reads: a name as {@link #of} takes it. */
  public static final String KERNELS_PROPERTY = "lanewise.kernels";

  /** The bits of the narrowest vectors that the kernels are written for. */
  private static final int NARROWEST = 128;

  private static final String MODULE_MISSING =
      "the module jdk.incubator.vector is not readable (add --add-modules jdk.incubator.vector)";

  /** Creates an engine of given parts. */
  public Engine {
    Objects.requireNonNull(kernels, "kernels");
    Objects.requireNonNull(parallel, "parallel");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * {@return the engine that the system property {@value #KERNELS_PROPERTY} names, by default
   * {@code auto}, running on the caller's thread alone}
   *
   * @throws IllegalArgumentException if the property holds another word
   * @throws UnsupportedOperationException as {@link #of}
   */
  public static Engine standard() {
    return of(System.getProperty(KERNELS_PROPERTY, "auto"));
  }

  /**
   * {@return the engine with the named kernels, running on the caller's thread alone}
   *
   * <p>{@code auto} takes vector kernels if the module {@code jdk.incubator.vector} is readable,
   * the optimising compiler is on, the processor has FMA and vectors have at least 128 bits, else
   * scalar kernels. {@code vector} is the preferred width. A JVM has one vector width: the first
   * engine with vector kernels settles it.
   *
   * @param kernels {@code auto}, {@code scalar}, {@code vector}, {@code vector128}, {@code
   *     vector256} or {@code vector512}
   * @throws IllegalArgumentException if the word is another
   * @throws UnsupportedOperationException if the kernels cannot be had here; the message says why
   */
  public static Engine of(String kernels) {
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

  private static Engine automatic() {
    if (!Machine.readsVectorModule()) {
      return scalar(MODULE_MISSING);
    }
    if (!Machine.hasOptimizingCompiler()) {
      return scalar("the optimising compiler C2 is off");
    }
    if (!Machine.hasFma()) {
      return scalar("the processor has no fused multiply-add");
    }
    int preferred = VectorWidth.preferred();
    if (preferred < NARROWEST) {
      return scalar("the preferred vectors have only %d bits".formatted(preferred));
    }
    return new Engine(
        VectorKernels.INSTANCE, Parallel.callerRuns(), "module readable, C2 on, FMA found");
  }

  private static Engine scalar(String reason) {
    return new Engine(ScalarKernels.INSTANCE, Parallel.callerRuns(), reason);
  }

  private static Engine forced(int bits) {
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
    return new Engine(VectorKernels.INSTANCE, Parallel.callerRuns(), "asked for");
  }

  /**
   * {@return this engine with another way to share work}
   *
   * @param other how regions of a step are shared among threads
   */
  public Engine with(Parallel other) {
    return new Engine(kernels, other, reason);
  }

  /**
   * {@return what was chosen and why, as {@code vector256 kernels (module readable, C2 on, FMA
   * found), 2 threads}}
   */
  @Override
  public String toString() {
    int threads = parallel.width();
    return "%s kernels (%s), %d thread%s"
        .formatted(kernels.name(), reason, threads, threads == 1 ? "" : "s");
  }
}
