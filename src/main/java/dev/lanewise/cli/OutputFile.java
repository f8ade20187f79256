package dev.lanewise.cli;

import dev.lanewise.file.AtomicFile;
import dev.lanewise.file.SpecialFile;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that a command writes once: replaced whole, or written through where it is a device, a
 * pipe or standard output.
 *
 * @param file the file
 * @param through where what is written goes at once, if it does
 */
record OutputFile(Path file, Optional<OutputStream> through) {

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  /**
   * {@return a file that has been tried, or opened where it is written through}
   *
   * @param file the file
   * @throws IOException if it cannot be written
   */
  static OutputFile at(Path file) throws IOException {
    Optional<OutputStream> through = through(file);
    if (through.isEmpty()) {
      FileChecks.tryTarget(file);
    }
    return new OutputFile(file, through);
  }

  /** {@return whether a file is standard output by one of its names} */
  static boolean isStandardOutput(Path file) throws IOException {
    return SpecialFile.descriptor(file).orElse(-1) == STANDARD_OUTPUT;
  }

  /**
   * Opens what is written through. Standard output has its place in a file, which an entry for it
   * opened again would not share.
   */
  static Optional<OutputStream> through(Path file) throws IOException {
    switch (SpecialFile.descriptor(file).orElse(-1)) {
      case STANDARD_OUTPUT -> {
        return Optional.of(new FileOutputStream(FileDescriptor.out));
      }
      case STANDARD_ERROR -> {
        return Optional.of(new FileOutputStream(FileDescriptor.err));
      }
      default -> {
        return SpecialFile.kind(file).isEmpty()
            ? Optional.empty()
            : Optional.of(
                Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
      }
    }
  }

  /** Writes the content. */
  void write(AtomicFile.Content content) throws IOException {
    if (through.isEmpty()) {
      replace(content);
      return;
    }
    try (OutputStream out = through.get()) {
      content.writeTo(out);
    } catch (IOException e) {
      throw FileChecks.unwritable(file, e);
    }
  }

  /** A signal that ends the process leaves nothing half written. */
  private void replace(AtomicFile.Content content) throws IOException {
    Thread whenStopped = new Thread(AtomicFile::abandon, "lanewise-stopped");
    Runtime.getRuntime().addShutdownHook(whenStopped);
    try {
      AtomicFile.write(file, content);
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(whenStopped);
      } catch (IllegalStateException e) {
        // A signal has come.
      }
    }
  }
}
