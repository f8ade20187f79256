package dev.lanewise.kernel;

/**
 * The hot loops of the library, in a scalar and a vector implementation that compute the same bits.
 *
 * <p>Stateless; safe for use by several threads. Kernels trust their arguments: callers check
 * shapes once, when a plan is compiled.
 */
public sealed interface Kernels
    extends ProductKernels,
        NarrowKernels,
        HalfKernels,
        ActivationKernels,
        SumKernels,
        NormKernels,
        LayerNormKernels,
        LossKernels,
        UpdateKernels,
        PiecewiseKernels
    permits ScalarKernels, VectorKernels {

  /** {@return {@code scalar}, {@code vector128}, {@code vector256} or {@code vector512}} */
  String name();
}
