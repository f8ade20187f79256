package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A folder that a command writes files to. */
final class OutputFolder {

  private OutputFolder() {}

  /**
   * Makes sure of a folder before anything is read: it is created if its parent is there, and a
   * file in it is tried.
   *
   * @param folder the folder
   * @throws IOException if it is something else, or no file can be written to it
   */
  static void prepare(Path folder) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IOException(folder + ": is no folder; expected one, or a name for a new one");
    }
    if (!Files.isDirectory(folder)) {
      try {
        Files.createDirectory(folder);
      } catch (NoSuchFileException e) {
        throw new IOException(folder + ": its folder is missing; expected one that is there", e);
      }
    }
    FileChecks.tryTarget(folder.resolve("trial"));
  }
}
