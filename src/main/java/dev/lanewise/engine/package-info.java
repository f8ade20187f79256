/**
 * Floor 2: the choice of kernels and threads, as a value that is passed down.
 *
 * <p>An {@link dev.lanewise.engine.Engine} is a choice of kernels and a {@link
 * dev.lanewise.engine.Parallel}, which says how a step is shared among threads. Both change how
 * fast results come, never the results. Imports {@code kernel}.
 */
package dev.lanewise.engine;
