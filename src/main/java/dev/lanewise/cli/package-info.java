/**
 * Floor 12: the command line {@code lanewise}. Everything that prints or exits, and all use of
 * picocli, is here and nowhere else.
 *
 * <p>A command is a class with picocli's annotations; it checks its options before it opens a file,
 * does its work through the library's public types, prints results to standard output, and throws
 * what goes wrong. {@link dev.lanewise.cli.Lanewise} turns exceptions into one line and an exit
 * code.
 */
package dev.lanewise.cli;
