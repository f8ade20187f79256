/**
 * Floor 3: data sets, from raw cells to the batches that a training step takes.
 *
 * <p>Imports {@code random}. Rows are examples, everywhere. Raw input is a {@code Table} or an
 * {@code Idx} file; a {@code Split} names the rows for training, selecting and judging; an {@code
 * Encoder}, fitted on the training rows only, turns raw rows into the flat {@code float} matrices
 * of a {@link dev.lanewise.data.Dataset}, or a {@link dev.lanewise.data.RowSource} delivers such
 * rows one by one; {@link dev.lanewise.data.Batches} deals them out in an order that is a function
 * of the seed and the epoch.
 */
package dev.lanewise.data;
