package dev.lanewise.cli;

import dev.lanewise.data.Idx;
import dev.lanewise.file.AtomicFile;
import dev.lanewise.file.SpecialFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Refuses files that cannot be read or written, before any work is done. */
final class FileChecks {

  /** Where standard output goes, on systems that have a name for it. */
  private static final Given STANDARD_OUTPUT = new Given("standard output", Path.of("/dev/stdout"));

  /** What bytes become that are no characters: a file of another name. */
  private static final char UNREADABLE = '\ufffd';

  private FileChecks() {}

  /**
   * A file that a command was given.
   *
   * @param name the option or argument that gave it
   * @param path where it is
   */
  record Given(String name, Path path) {

    /** {@return the file as a stream of one, or of none for null} */
    static Stream<Given> of(String name, Path path) {
      return path == null ? Stream.empty() : Stream.of(new Given(name, path));
    }

    /** {@return a file of examples and that of its labels, if it has one; none for null} */
    static Stream<Given> ofExamples(String name, Path path) {
      return path == null
          ? Stream.empty()
          : Stream.concat(
              of(name, path), of("the labels of " + name, Idx.labelsFile(path).orElse(null)));
    }
  }

  /**
   * Refuses an output that is an input or another output, however these are spelled or linked:
   * writing it would destroy them. A file that standard output goes to is an output too. Devices
   * hold nothing that could be destroyed.
   */
  static void requireDistinct(List<Given> inputs, List<Given> outputs) throws IOException {
    for (int i = 0; i < outputs.size(); i++) {
      Given output = outputs.get(i);
      for (Given other : inputs) {
        requireDistinct(output, other);
      }
      for (Given other : outputs.subList(0, i)) {
        requireDistinct(output, other);
      }
      if (!OutputFile.isStandardOutput(output.path())) {
        requireDistinct(output, STANDARD_OUTPUT);
      }
    }
    for (Given input : inputs) {
      requireDistinct(STANDARD_OUTPUT, input);
    }
  }

  /** Refuses a file that standard output goes to if it is an input. */
  static void requireDistinct(Stream<Given> inputs) throws IOException {
    requireDistinct(inputs.toList(), List.of());
  }

  private static void requireDistinct(Given output, Given other) throws IOException {
    boolean continued = output.name().equals("--checkpoint") && other.name().equals("--resume");
    if (!continued && same(output.path(), other.path())) {
      throw new IOException(
          "%s %s: the same file as %s; expected another"
              .formatted(output.name(), output.path(), other.name()));
    }
  }

  /** {@return whether two paths are one file, however they are spelled or linked} */
  static boolean same(Path a, Path b) throws IOException {
    if (!Files.exists(a) || !Files.exists(b)) {
      return samePlace(SpecialFile.end(a), SpecialFile.end(b));
    }
    boolean device = SpecialFile.kind(a).filter("a device"::equals).isPresent();
    return !device && Files.isSameFile(a, b);
  }

  /**
   * Whether files that are missing would be created in one place, by whatever way it is reached.
   */
  private static boolean samePlace(Path a, Path b) throws IOException {
    Path folder = a.getParent();
    Path other = b.getParent();
    return folder != null && other != null && Files.exists(folder) && Files.exists(other)
        ? Files.isSameFile(folder, other) && a.getFileName().equals(b.getFileName())
        : a.normalize().equals(b.normalize());
  }

  /** Refuses what is no file to read. */
  static void requireReadable(Path file) throws IOException {
    // Tells a file that is missing from one that may not be looked at.
    if (Files.readAttributes(file, BasicFileAttributes.class).isDirectory()) {
      throw new IOException(file + ": a folder; expected a file");
    }
  }

  /**
   * Refuses an output that could not be written later.
   *
   * @param output a file that is replaced
   */
  static void tryTarget(Path output) throws IOException {
    if (!Files.exists(output) && output.toString().indexOf(UNREADABLE) >= 0) {
      throw new IOException(output + ": a name that is not UTF-8; expected one that is");
    }
    AtomicFile.tryTarget(output);
  }

  /** {@return what went wrong while a file was written, with its name: a full disk tells none} */
  static IOException unwritable(Path file, IOException e) {
    if (Results.tellsOfReaderGone(e)) {
      return new Results.ReaderGoneException(e.getMessage());
    }
    if (e instanceof FileSystemException system) {
      String reason =
          switch (system) {
            case NoSuchFileException gone -> "it has been removed";
            case AccessDeniedException denied -> "access denied";
            default -> system.getReason();
          };
      return new IOException(
          "%s: cannot be written, %s; expected it as it was left".formatted(file, reason), e);
    }
    return new IOException(
        "%s: cannot be written, %s; expected a disk with room".formatted(file, e.getMessage()), e);
  }
}
