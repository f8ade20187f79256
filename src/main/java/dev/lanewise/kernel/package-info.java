/**
 * Floor 1: the hot loops over flat arrays, the helpers that share them, and the choice between the
 * two implementations.
 *
 * <p>{@link dev.lanewise.kernel.Kernels} is one small set of fused kernels with a scalar and a
 * vector implementation that compute the same bits. They are written in families, one interface
 * each with a scalar form and a vector form: products, activations, sums, batch-norm statistics,
 * losses and updates. All Vector API code of the library is here.
 *
 * <p>Imports {@code tensor} and {@code random}.
 */
package dev.lanewise.kernel;
