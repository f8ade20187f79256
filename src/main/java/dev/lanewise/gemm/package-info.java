/**
 * Floor 2: matrix products, as blocking and packing around {@link
 * dev.lanewise.kernel.MicroKernel#product}.
 *
 * <p>Imports {@code kernel}. Not exported.
 */
package dev.lanewise.gemm;
