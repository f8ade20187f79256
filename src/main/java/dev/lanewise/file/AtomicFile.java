package dev.lanewise.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Replaces a file whole or not at all: written to a temporary name in the same folder, forced to
 * disk, moved atomically, and the folder forced too where the system can. The new file has the
 * permissions of the old one, and its owner where root writes; a link stays and what it leads to is
 * replaced. What is no file but a device, a pipe or a socket is refused: a file moved over its name
 * would take its place.
 *
 * <p>The temporary file is locked as long as its writer lives. What a process that died has left
 * beside a file can be locked by others, and the next write of that file removes it.
 */
public final class AtomicFile {

  /** Written to see whether there is any room. */
  private static final int TRIAL_BYTES = 4096;

  private static final int STICKY = 0x200;

  /**
   * Distinguishes the temporary files of this JVM from others, because a lock has no effect within
   * one JVM.
   */
  private static final String JVM = UUID.randomUUID().toString();

  /** The temporary files of this JVM that are being written. */
  private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();

  /** Writes a file's content. */
  public interface Content {
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
   * @throws IOException if the file cannot be written, or is a device, a pipe or a socket
   */
  public static void write(Path file, Content content) throws IOException {
    inPlaceOf(
        file, (temporary, target) -> writeWhole(temporary, target, content, AtomicFile::moved));
  }

  /**
   * Tries whether a file can be written: as {@link #write} does, but for the move, which is not
   * tried but judged. Leaves nothing.
   *
   * @param file the file
   * @throws IOException if it could not be written now, or is a device, a pipe or a socket
   */
  public static void tryTarget(Path file) throws IOException {
    inPlaceOf(
        file,
        (temporary, target) ->
            writeWhole(
                temporary,
                target,
                out -> out.write(new byte[TRIAL_BYTES]),
                AtomicFile::requireReplaceable));
  }

  /** What is done with a temporary file and the file that it is for. */
  private interface Step {
    void take(Path temporary, Path target) throws IOException;
  }

  private static void inPlaceOf(Path file, Step step) throws IOException {
    Optional<String> special = SpecialFile.kind(file);
    if (special.isPresent()) {
      throw new IOException(
          "%s: %s; expected a file, because it is replaced".formatted(file, special.get()));
    }
    Path target = SpecialFile.end(file);
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException(file + ": is a folder; expected the name of a file");
    }
    if (!Files.isDirectory(folder)) {
      String reason = Files.exists(folder) ? "no folder but a file" : "no such folder";
      throw new NoSuchFileException(
          file.toString(), null, "cannot be written, %s: %s".formatted(folder, reason));
    }
    // A hash, because a name with additions may be too long.
    String prefix = ".lanewise-%08x-".formatted(target.getFileName().toString().hashCode());
    Path temporary = folder.resolve(prefix + JVM + "-" + UUID.randomUUID() + ".tmp");
    UNDER_WAY.add(temporary);
    try {
      removeLeftOvers(folder, prefix);
      step.take(temporary, target);
      remove(temporary, folder);
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(
          file.toString(),
          null,
          "cannot be written, no permission to write in the folder " + folder);
    } catch (IOException e) {
      // The file that was asked for, not the temporary one, nor none at all as with a full disk.
      String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
      throw new IOException(
          "%s: cannot be written, %s; expected a folder that takes files"
              .formatted(file, reason == null ? e.getClass().getSimpleName() : reason),
          e);
    } finally {
      removeIfPossible(temporary);
      UNDER_WAY.remove(temporary);
    }
  }

  /** Where a folder takes files and lets none go, nothing can be moved over another either. */
  private static void remove(Path temporary, Path folder) throws IOException {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw new IOException(
          "the folder %s lets no file go, not even %s".formatted(folder, temporary.getFileName()),
          e);
    }
  }

  /** Removes a temporary file; if that fails, the next write of the same file removes it. */
  private static void removeIfPossible(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // What went wrong before is told.
    }
  }

  /** Removes the temporary files of this JVM, whose end does not wait for them to be written. */
  public static void abandon() {
    UNDER_WAY.forEach(AtomicFile::removeIfPossible);
  }

  private static void moved(Path temporary, Path target) throws IOException {
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Refuses a target that nothing can be moved over though its folder takes files: one with a name
   * that is too long, on a read-only file system of its own, that may not change, that is mounted,
   * or somebody else's in a folder such as {@code /tmp}.
   */
  private static void requireReplaceable(Path temporary, Path target) throws IOException {
    try {
      Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    try {
      FileChannel.open(target, StandardOpenOption.WRITE).close();
    } catch (AccessDeniedException e) {
      // One that may not be written may still be replaced.
    }
    if (mounted(target)) {
      throw new FileSystemException(target.toString(), null, "a file that is mounted");
    }
    if (target.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      Path folder = target.getParent();
      int me = (Integer) Files.getAttribute(temporary, "unix:uid");
      boolean mayNot =
          ((Integer) Files.getAttribute(folder, "unix:mode") & STICKY) != 0
              && me != 0
              && me != (Integer) Files.getAttribute(folder, "unix:uid")
              && me != (Integer) Files.getAttribute(target, "unix:uid");
      if (mayNot) {
        throw new FileSystemException(target.toString(), null, "a file of another user");
      }
    }
  }

  /** Whether a single file is mounted under this name, as containers do; Linux alone tells. */
  private static boolean mounted(Path target) throws IOException {
    Path mounts = Path.of("/proc/self/mountinfo");
    if (!Files.isReadable(mounts)) {
      return false;
    }
    String place =
        target
            .toRealPath()
            .toString()
            .replace("\\", "\\134")
            .replace(" ", "\\040")
            .replace("\t", "\\011")
            .replace("\n", "\\012");
    try (Stream<String> lines = Files.lines(mounts, StandardCharsets.ISO_8859_1)) {
      String bytes =
          new String(place.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      return lines.anyMatch(line -> line.split(" ", 6)[4].equals(bytes));
    }
  }

  /**
   * Writes even if the thread is interrupted, which closes its channels, because saving matters
   * most at an interrupt. The thread stays interrupted.
   */
  private static void writeWhole(Path temporary, Path target, Content content, Step last)
      throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          write(temporary, target, content, last);
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

  private static void write(Path temporary, Path target, Content content, Step last)
      throws IOException {
    PosixFileAttributeView old =
        Files.exists(target)
            ? Files.getFileAttributeView(target, PosixFileAttributeView.class)
            : null;
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    PosixFileAttributes its = old == null ? null : old.readAttributes();
    Set<PosixFilePermission> permissions = its == null ? null : its.permissions();
    FileAttribute<?>[] attributes =
        permissions == null
            ? new FileAttribute<?>[0]
            : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    // The lock lasts until the file has its name.
    try (FileChannel channel = FileChannel.open(temporary, options, attributes)) {
      lock(channel);
      if (its != null) {
        own(temporary, its);
        Files.setPosixFilePermissions(temporary, permissions);
      }
      content.writeTo(Channels.newOutputStream(channel));
      channel.force(true);
      last.take(temporary, target);
    }
  }

  /** Gives a file the owner and the group of another, as far as this process may. */
  private static void own(Path temporary, PosixFileAttributes its) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
    PosixFileAttributes mine = view.readAttributes();
    try {
      if (!mine.group().equals(its.group())) {
        view.setGroup(its.group());
      }
      if (!mine.owner().equals(its.owner())) {
        view.setOwner(its.owner());
      }
    } catch (FileSystemException e) {
      // Only root gives files away.
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
