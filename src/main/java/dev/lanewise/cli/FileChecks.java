package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Refuses files that cannot be read or written, before any work is done. */
final class FileChecks {

  private FileChecks() {}

  /** Refuses what is no file to read. */
  static void requireReadable(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": a folder; expected a file");
    }
  }

  /** Refuses an output that could not be written later; null is none. */
  static void requireWritable(Path output) throws IOException {
    if (output == null) {
      return;
    }
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(output)) {
      throw new IOException(output + ": cannot be written; expected a file in an existing folder");
    }
  }

  /** {@return what went wrong while a file was written, with its name: a full disk tells none} */
  static IOException unwritable(Path file, IOException e) {
    return e instanceof FileSystemException
        ? e
        : new IOException(
            "%s: cannot be written, %s; expected a disk with room".formatted(file, e.getMessage()),
            e);
  }
}
