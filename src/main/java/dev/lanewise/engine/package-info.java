/**
 * Floor 2: what computes, as a value that is passed down.
 *
 * <p>An {@link dev.lanewise.engine.Engine} is a choice of kernels and a {@link
 * dev.lanewise.engine.Parallel}, which says how a step is shared among threads. Both change how
 * fast results come, never which. Imports {@code kernel}.
 */
package dev.lanewise.engine;
