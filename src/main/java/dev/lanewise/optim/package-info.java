/**
 * Floor 5: optimisers as lists of small records, and the updater that compiles such a list to one
 * pass.
 *
 * <p>An {@link dev.lanewise.optim.Optimizer} is a chain of {@link dev.lanewise.optim.Transform}s,
 * the idea of Optax: the update starts as the gradient, each link changes it, and a {@link
 * dev.lanewise.optim.Schedule} says how far to go along it. An {@link dev.lanewise.optim.Updater}
 * owns the links' state and walks over the parameters in blocks that stay in the first-level cache
 * while all links run over them.
 *
 * <p>{@link dev.lanewise.optim.Lbfgs} stands beside them, for small problems over all rows; {@link
 * dev.lanewise.optim.MovingAverage} is the average that most of them are made of.
 *
 * <p>Imports {@code kernel}, {@code tensor}, {@code net}, {@code data} and {@code plan}.
 */
package dev.lanewise.optim;
