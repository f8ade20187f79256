/**
 * Floor 3: optimisers as lists of small records.
 *
 * <p>An {@link dev.lanewise.optim.Optimizer} is a chain of {@link dev.lanewise.optim.Transform}s,
 * the idea of Optax: the update starts as the gradient, each link changes it, and a {@link
 * dev.lanewise.optim.Schedule} says how far to go along it. Nothing here holds state, except {@link
 * dev.lanewise.optim.MovingAverage}, the average that most optimisers are made of.
 *
 * <p>Imports {@code kernel}, for powers that have the same bits everywhere.
 */
package dev.lanewise.optim;
