/**
 * Floor 10: reports, one HTML file each that needs no network, and the live page of a training.
 *
 * <p>A {@link dev.lanewise.report.Report} is a value: sections of prose, facts, tables and charts.
 * Writing it is the only place that knows HTML; a chart holds its numbers, so that they can be read
 * as a table and exported without a browser. In the jar of the command line. Imports from all
 * floors below.
 */
package dev.lanewise.report;
