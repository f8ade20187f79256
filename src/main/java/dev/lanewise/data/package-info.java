/**
 * Floor 3: data, from the cells of tables to the batches that a training step takes.
 *
 * <p>Imports {@code random}. Rows are examples, everywhere. Raw input is a {@code Table}, from CSV,
 * a query or objects, or an {@code Idx} file; a {@code Split} or {@code Folds} divide the rows into
 * those for training, selecting and judging; an {@code Encoder}, fitted on the training rows only,
 * turns raw rows into the flat {@code float} matrices of a {@link dev.lanewise.data.Dataset}, or a
 * {@link dev.lanewise.data.RowSource} delivers such rows one by one; {@link
 * dev.lanewise.data.Batches} forms batches of them in an order that is a function of the seed and
 * the epoch. A {@code RowEncoder} encodes single records for predictions.
 */
package dev.lanewise.data;
