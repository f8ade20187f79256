/**
 * Floor 6: gradient checks. A claimed gradient is compared with finite differences of the cost, and
 * the answer is a report with names and numbers, never a boolean.
 *
 * <p>Imports {@code reference} and the floors below it.
 *
 * <pre>{@code
 * GradientReport report = GradientCheck.of(network).check(theta, rows, stepKey, engine);
 * String table = report.toString();
 * }</pre>
 */
package dev.lanewise.check;
