/**
 * Floor 5: the textbook. Every layer, activation, loss and penalty in double precision, with plain
 * loops over {@code double[rows][columns]} and nothing clever, so that it can be checked by
 * reading.
 *
 * <p>Imports {@code net}, {@code tensor} and {@code random}, and shares no arithmetic with the
 * engine: it is the oracle that the engine's results are compared with. Slow by design.
 */
package dev.lanewise.reference;
