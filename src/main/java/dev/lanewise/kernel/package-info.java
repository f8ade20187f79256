/**
 * Floor 1: the hot loops over flat arrays, the team of threads that shares them, and the choice
 * between the two implementations.
 *
 * <p>{@link dev.lanewise.kernel.Kernels} is one small set of fused kernels with a scalar and a
 * vector implementation that compute the same bits. It is written in families, each an interface
 * with a scalar and a vector form: products, products with weights at half width, activations,
 * sums, batch normalisation, layer normalisation, losses and updates. All Vector API code of the
 * library is here. Not exported.
 *
 * <p>Imports {@code random}.
 */
package dev.lanewise.kernel;
