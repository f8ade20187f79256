/**
 * Floor 3: scores and evaluations of predictions, in double precision.
 *
 * <p>Imports nothing but the JDK. Every score states its formula. Training may stop by a score, so
 * functions come from {@code StrictMath}: a score has the same bits on every machine.
 */
package dev.lanewise.metric;
