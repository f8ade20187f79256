/**
 * Floor 8: from a table to a judged model: training in one call, cross-validation, importance of
 * columns.
 *
 * <p>Everything here is made of public parts of the floors below (split, encoder, recipe, training,
 * evaluation), each of which the caller may replace or use alone. Imports from all floors below.
 */
package dev.lanewise.learn;
