package dev.lanewise.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Replaces a file whole or not at all: written to a temporary name in the same folder, forced to
 * disk, moved atomically, and the folder forced too where the system can. The new file has the
 * permissions of the old one; a link stays and what it leads to is replaced.
 *
 * <p>The temporary file is locked as long as its writer lives. What a process that died has left
 * beside a file can be locked by others, and the next write of that file removes it.
 */
final class AtomicFile {

  private static final int MOST_LINKS = 40;

  /**
   * Distinguishes the temporary files of this JVM from others, because a lock has no effect within
   * one JVM.
   */
  private static final String JVM = UUID.randomUUID().toString();

  /** Writes a file's content. */
  interface Content {
    /**
     * Writes the content.
     *
     * @param out the empty file
     * @throws IOException if that fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file; if this throws, the old file is unchanged.
   *
   * @param file the file
   * @param content its content
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, Content content) throws IOException {
    Path target = withoutLinks(file.toAbsolutePath());
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException(file + ": is a folder; expected the name of a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString(), null, "no such folder");
    }
    // A hash, because a name with additions may be too long.
    String prefix = ".lanewise-%08x-".formatted(target.getFileName().toString().hashCode());
    Path temporary = folder.resolve(prefix + JVM + "-" + UUID.randomUUID() + ".tmp");
    try {
      removeLeftOvers(folder, prefix);
      writeWhole(temporary, target, content);
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
  }

  /** {@return the file that a path leads to, whether there is one or not} */
  private static Path withoutLinks(Path file) throws IOException {
    Path target = file;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new IOException(file + ": links in a circle; expected one that leads to a file");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /**
   * Writes even if the thread is interrupted, which closes its channels, because saving matters
   * most at an interrupt. The thread stays interrupted.
   */
  private static void writeWhole(Path temporary, Path target, Content content) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          write(temporary, target, content);
          force(target.getParent());
          return;
        } catch (ClosedByInterruptException e) {
          Files.deleteIfExists(temporary);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void write(Path temporary, Path target, Content content) throws IOException {
    PosixFileAttributeView old =
        Files.exists(target)
            ? Files.getFileAttributeView(target, PosixFileAttributeView.class)
            : null;
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    Set<PosixFilePermission> permissions = old == null ? null : old.readAttributes().permissions();
    FileAttribute<?>[] attributes =
        permissions == null
            ? new FileAttribute<?>[0]
            : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    // The lock lasts until the file has its name.
    try (FileChannel channel = FileChannel.open(temporary, options, attributes)) {
      lock(channel);
      if (permissions != null) {
        Files.setPosixFilePermissions(temporary, permissions);
      }
      content.writeTo(Channels.newOutputStream(channel));
      channel.force(true);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void lock(FileChannel channel) {
    try {
      channel.tryLock();
    } catch (IOException e) {
      // Where files cannot be locked, left-over files cannot be distinguished from files being
      // written.
    }
  }

  /**
   * Removes temporary files whose writers are dead. An empty one is left: its writer may be about
   * to lock it.
   */
  private static void removeLeftOvers(Path folder, String prefix) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, prefix + "*.tmp")) {
      for (Path file : found) {
        if (!file.getFileName().toString().startsWith(prefix + JVM)) {
          removeIfLeft(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // A folder that may be written but not listed.
    }
  }

  private static void removeIfLeft(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileLock lock = channel.size() == 0 ? null : channel.tryLock();
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Being written, somebody else's, or already gone.
    }
  }

  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders; the file itself is on disk.
    }
  }
}
