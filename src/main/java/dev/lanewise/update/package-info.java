/**
 * Floor 5: optimisers at work.
 *
 * <p>An {@link dev.lanewise.update.Updater} compiles an {@link dev.lanewise.optim.Optimizer} to one
 * pass over the parameters: it owns the links' state and walks over the parameters in segments that
 * stay in the first-level cache while all links run over them.
 *
 * <p>Imports {@code kernel}, {@code engine}, {@code tensor}, {@code net}, {@code optim} and {@code
 * plan}.
 */
package dev.lanewise.update;
