package dev.lanewise.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells files that can be replaced from devices, pipes, sockets and files that a process has open.
 * These are written through: a file moved over their name would take their place. Links are
 * followed.
 */
public final class SpecialFile {

  private static final int MOST_LINKS = 40;

  /** The folders that have an entry for each open file of a process. */
  private static final Pattern OPEN_FILES =
      Pattern.compile("/dev/fd|/proc/([0-9]+)(?:/task/[0-9]+)?/fd");

  private static final int KIND = 0xf000;
  private static final int PIPE = 0x1000;
  private static final int BLOCKS = 0x6000;
  private static final int SOCKET = 0xc000;

  private SpecialFile() {}

  /**
   * {@return what a path leads to, as "a pipe"; empty for a file, a folder or nothing}
   *
   * @param file the path
   * @throws IOException if its links lead in a circle
   */
  public static Optional<String> kind(Path file) throws IOException {
    boolean open = !openFile(end(file)).isEmpty();
    Optional<String> kind = kindByMode(file);
    return kind.isPresent() || !open ? kind : Optional.of("an open file of a process");
  }

  private static Optional<String> kindByMode(Path file) {
    try {
      if (Files.isRegularFile(file) || Files.isDirectory(file) || !Files.exists(file)) {
        return Optional.empty();
      }
      int mode = (Integer) Files.getAttribute(file, "unix:mode");
      return Optional.of(
          switch (mode & KIND) {
            case PIPE -> "a pipe";
            case SOCKET -> "a socket";
            case BLOCKS -> "a block device";
            default -> "a device";
          });
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.of("a device");
    }
  }

  /**
   * {@return the number of the file of this process that a path leads to, as 1 for {@code
   * /dev/stdout}; empty for other files}
   *
   * @param file the path
   * @throws IOException if its links lead in a circle
   */
  public static OptionalInt descriptor(Path file) throws IOException {
    Path end = end(file);
    String process = openFile(end);
    String number = end.getFileName() == null ? "" : end.getFileName().toString();
    boolean mine =
        process.equals("self") || process.equals(Long.toString(ProcessHandle.current().pid()));
    return mine && number.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }

  /**
   * {@return the file that links lead to, whether there is one or not} An entry for an open file is
   * an end: what it names may be no path, and is open already.
   *
   * @param file the path
   * @throws IOException if its links lead in a circle
   */
  public static Path end(Path file) throws IOException {
    Path end = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(end) && openFile(end).isEmpty(); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemException(
            file.toString(), null, "links in a circle; expected one that leads to a file");
      }
      end = end.resolveSibling(Files.readSymbolicLink(end));
    }
    return end;
  }

  /** {@return the process that has a file open, "self" for this one, if a path is its entry} */
  private static String openFile(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return "";
    }
    Matcher place = OPEN_FILES.matcher(folder.toRealPath().toString());
    return !place.matches() ? "" : place.group(1) == null ? "self" : place.group(1);
  }
}
