package dev.lanewise.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Replaces a file whole or not at all: written to a temporary name in the same folder, forced to
 * disk, moved atomically, and the folder forced too where the system can.
 */
final class AtomicFile {

  /** Writes a file's content. */
  interface Content {
    /**
     * Writes the content.
     *
     * @param channel the empty file; may be written at any position and read back
     * @throws IOException if that fails
     */
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file; when this throws, the old file is as it was.
   *
   * @param file the file
   * @param content its content
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, Content content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder; expected the name of a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "no such folder");
    }
    Path temporary = folder.resolve(".lanewise-" + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(
          folder.toString(), null, "no permission to write in this folder");
    } catch (IOException e) {
      // The file that was asked for, not the temporary one, nor none at all as with a full disk.
      String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
      throw new IOException(
          "%s: cannot be written, %s; expected a folder that takes files"
              .formatted(file, reason == null ? e.getClass().getSimpleName() : reason),
          e);
    } finally {
      Files.deleteIfExists(temporary);
    }
    force(folder);
  }

  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders; the file itself is on disk.
    }
  }
}
