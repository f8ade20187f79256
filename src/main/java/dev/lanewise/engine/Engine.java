package dev.lanewise.engine;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Kernels;
import java.util.Objects;

/**
 * The kernels that compute and the threads that share the work. An engine is a value that is passed
 * down. It changes how fast results come, never the results. Immutable; safe for use by several
 * threads.
 */
public final class Engine {

  /** The system property that {@link #standard} reads: a name as {@link #of} takes it. */
  public static final String KERNELS_PROPERTY = "lanewise.kernels";

  private static final String SCALAR = "scalar";

  private final KernelChoice choice;
  private final Parallel parallel;

  private Engine(KernelChoice choice, Parallel parallel) {
    this.choice = choice;
    this.parallel = parallel;
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
   * the optimising compiler is on and compiles vectors, the processor has FMA, on x86 also AVX2,
   * and vectors have at least 128 bits, else scalar kernels. Vectors are slow until the JVM has
   * compiled the code that uses them, so trainings and predictors of such an engine begin on scalar
   * kernels and go over when vectors have become the faster ones, with the same bits. {@code
   * vector} is the preferred width, from the first step on. A JVM has one vector width: the first
   * engine with vector kernels settles it.
   *
   * @param kernels {@code auto}, {@code scalar}, {@code vector}, {@code vector128}, {@code
   *     vector256} or {@code vector512}
   * @throws IllegalArgumentException if the name is another
   * @throws UnsupportedOperationException if the kernels cannot be had here; the message says why
   */
  public static Engine of(String kernels) {
    return new Engine(KernelChoice.of(kernels), Parallel.callerRuns());
  }

  /**
   * {@return this engine with other threads}
   *
   * @param other how regions of a step are shared among threads
   */
  public Engine withParallel(Parallel other) {
    return new Engine(choice, Objects.requireNonNull(other, "other"));
  }

  /** {@return the kernels; for this module's own use} */
  @SuppressWarnings("exports")
  public Kernels kernels() {
    return choice.kernels();
  }

  /**
   * {@return the engine that work begins with: of scalar kernels, if this engine's are slow until
   * the JVM has compiled them, else this; for this module's own use}
   */
  public Engine cold() {
    return choice.startsScalar() ? new Engine(choice.cold(), parallel) : this;
  }

  /**
   * {@return this engine for work that has no cold start, because it is short or goes over; for
   * this module's own use}
   */
  public Engine hot() {
    return choice.startsScalar() ? new Engine(choice.hot(), parallel) : this;
  }

  /** {@return how regions of a step are shared among threads} */
  public Parallel parallel() {
    return parallel;
  }

  /** {@return why these kernels were chosen, as text} */
  public String reason() {
    return choice.reason();
  }

  /** {@return whether the kernels use vector instructions} */
  public boolean isVectorized() {
    return !choice.kernels().name().equals(SCALAR);
  }

  /**
   * {@return this engine, if its kernels use vector instructions} For a service that should rather
   * not start than run slowly.
   *
   * @throws UnsupportedOperationException if they do not; the message says why
   */
  public Engine requireVector() {
    if (!isVectorized()) {
      throw new UnsupportedOperationException(
          "engine: scalar kernels (%s); expected vector kernels".formatted(reason()));
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Engine that
        && choice.equals(that.choice)
        && parallel.equals(that.parallel);
  }

  @Override
  public int hashCode() {
    return Objects.hash(choice, parallel);
  }

  /**
   * {@return what was chosen and why, as {@code vector256 kernels (module readable, C2 on, FMA
   * found; scalar ones until these are compiled), 2 threads}}
   */
  @Override
  public String toString() {
    int threads = parallel.width();
    return "%s kernels (%s), %d thread%s"
        .formatted(choice.kernels().name(), reason(), threads, threads == 1 ? "" : "s");
  }
}
