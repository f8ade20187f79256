/**
 * Floor 0: files that are replaced whole or not at all, files that one writer has, and what is no
 * such file: devices, pipes, sockets and what the process has open.
 *
 * <p>Imports nothing but the JDK. Not exported. Models, checkpoints and the journals of searches
 * are written by it, and the files of the command line.
 */
package dev.lanewise.file;
