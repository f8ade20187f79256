package dev.lanewise.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A file is replaced by the one that was written, not overwritten, nor copied to. */
final class AtomicFileTest {

  @TempDir private Path folder;

  /** A second name of the old file stands for a reader that has it open. */
  @Test
  void whoHasTheOldFileKeepsItWhole() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, out -> out.write(bytes("old content")));
    Path reader = folder.resolve("reader");
    link(reader, file);
    AtomicFile.write(file, out -> out.write(bytes("new")));
    assertEquals("new", Files.readString(file));
    assertEquals("old content", Files.readString(reader));
  }

  /** While it is written, the file gets a second name, which then still is one of the same file. */
  @Test
  void theFileIsTheOneThatWasWrittenAndForced() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, out -> out.write(bytes("old content")));
    Path second = folder.resolve("second");
    AtomicFile.write(
        file,
        out -> {
          out.write(bytes("new"));
          link(second, temporary());
        });
    assertTrue(Files.isSameFile(second, file));
  }

  @Test
  void theNewFileHasThePermissionsOfTheOldOne() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, out -> out.write(bytes("old content")));
    assumePosix(file);
    for (String text : List.of("rw-------", "rw-rw-rw-", "rwxr-x---", "r--r--r--")) {
      Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(text);
      Files.setPosixFilePermissions(file, permissions);
      AtomicFile.write(
          file,
          out -> {
            assertEquals(permissions, Files.getPosixFilePermissions(temporary()));
            out.write(bytes("new"));
          });
      assertEquals(permissions, Files.getPosixFilePermissions(file));
    }
  }

  @Test
  void theNewFileHasTheOwnerOfTheOldOneWhereRootWrites() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, out -> out.write(bytes("old content")));
    assumePosix(file);
    try {
      Files.setAttribute(file, "unix:gid", 4321);
      Files.setAttribute(file, "unix:uid", 1234);
    } catch (FileSystemException e) {
      Assumptions.abort("skipped: not root");
    }
    AtomicFile.write(file, out -> out.write(bytes("new")));
    assertEquals(1234, Files.getAttribute(file, "unix:uid"));
    assertEquals(4321, Files.getAttribute(file, "unix:gid"));
  }

  @Test
  void whatIsAbandonedLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.write(file, out -> out.write(bytes("old content")));
    assertThrows(
        IOException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(bytes("half"));
                  temporary();
                  AtomicFile.abandon();
                  assertEquals(List.of(file), list(folder));
                }));
    assertEquals("old content", Files.readString(file));
  }

  private static void assumePosix(Path file) {
    Assumptions.assumeTrue(
        Files.getFileAttributeView(file, PosixFileAttributeView.class) != null,
        "skipped: files here have no permissions");
  }

  @Test
  void aLinkStaysAndWhatItLeadsToIsReplaced() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path file = elsewhere.resolve("model");
    Path link = folder.resolve("link");
    Path second = folder.resolve("second");
    symbolicLink(second, Path.of("elsewhere", "model"));
    symbolicLink(link, second);
    AtomicFile.write(link, out -> out.write(bytes("first")));
    assertEquals("first", Files.readString(file));
    AtomicFile.write(link, out -> out.write(bytes("next")));
    assertEquals("next", Files.readString(file));
    assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second));
    assertEquals(List.of(file), list(elsewhere));
  }

  @Test
  void linksInACircleAreRefused() throws IOException {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    symbolicLink(one, other);
    symbolicLink(other, one);
    String message =
        assertThrows(IOException.class, () -> AtomicFile.write(one, out -> {})).getMessage();
    assertTrue(message.startsWith(one + ": links in a circle"), message);
  }

  @Test
  void whatIsNoFileIsRefusedAndStays() throws Exception {
    Path pipe = SpecialNodes.pipe(folder.resolve("pipe"));
    Path link = folder.resolve("link");
    symbolicLink(link, pipe);
    for (Path refused : List.of(pipe, link)) {
      assertRefused(refused, refused + ": a pipe; expected a file");
    }
    Path device = SpecialNodes.nullDevice(folder.resolve("null"));
    assertRefused(device, device + ": a device; expected a file");
    assertEquals(Set.of(pipe, link, device), Set.copyOf(list(folder)));
    assertTrue(Files.readAttributes(device, BasicFileAttributes.class).isOther());
  }

  @Test
  void standardOutputIsNoFileWhereverItGoes() {
    Path entry = Path.of("/dev/stdout");
    Assumptions.assumeTrue(Files.exists(entry), "skipped: no /dev/stdout");
    assertRefused(entry, "/dev/stdout: a");
  }

  private static void assertRefused(Path file, String start) {
    for (Executable refused :
        List.<Executable>of(
            () -> AtomicFile.write(file, out -> out.write(1)), () -> AtomicFile.tryTarget(file))) {
      String message = assertThrows(IOException.class, refused).getMessage();
      assertTrue(message.startsWith(start), message);
    }
  }

  @Test
  void aTrialLeavesNothingAndChangesNothing() throws IOException {
    Path file = folder.resolve("model");
    AtomicFile.tryTarget(file);
    assertEquals(List.of(), list(folder));
    AtomicFile.write(file, out -> out.write(bytes("old content")));
    FileTime written = Files.getLastModifiedTime(file);
    AtomicFile.tryTarget(file);
    assertEquals("old content", Files.readString(file));
    assertEquals(written, Files.getLastModifiedTime(file));
    assertEquals(List.of(file), list(folder));
  }

  @Test
  void aTrialRefusesWhatAWriteWould() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path closed = Files.createDirectory(folder.resolve("closed"));
    List<Path> refused =
        new ArrayList<>(
            List.of(
                folder,
                file.resolve("below"),
                folder.resolve("none").resolve("model"),
                folder.resolve("n".repeat(300)),
                Path.of("/")));
    if (Files.isDirectory(Path.of("/sys/kernel"))) {
      refused.add(Path.of("/sys/model"));
      refused.add(Path.of("/proc/self/mountinfo"));
    }
    if (closed.toFile().setWritable(false) && !Files.isWritable(closed)) {
      refused.add(closed.resolve("model"));
    }
    Path locked = Files.createDirectory(folder.resolve("locked"));
    if (locked.toFile().setExecutable(false) && !Files.isExecutable(locked)) {
      refused.add(locked.resolve("model"));
    }
    for (Path path : refused) {
      assertRefused(path, path + ": ");
    }
    assertEquals(Set.of(file, closed, locked), Set.copyOf(list(folder)));
    assertTrue(locked.toFile().setExecutable(true));
  }

  /** What other processes have left of this file and of another, and what they still write. */
  @Test
  void theNextWriteRemovesWhatADeadProcessLeftOfThisFile() throws IOException {
    Path file = folder.resolve("model");
    Path[] mine = new Path[1];
    AtomicFile.write(
        file,
        out -> {
          mine[0] = temporary();
          out.write(bytes("old"));
        });
    String name = mine[0].getFileName().toString();
    String ofThisFile = name.substring(0, ".lanewise-00000000-".length());
    Path dead = Files.writeString(folder.resolve(ofThisFile + "dead.tmp"), "half of it");
    Path begun = Files.createFile(folder.resolve(ofThisFile + "begun.tmp"));
    Path other = Files.writeString(folder.resolve(".lanewise-00000000-dead.tmp"), "half of it");
    Path ours = Files.writeString(mine[0], "as another thread writes it");
    Path living = folder.resolve(ofThisFile + "living.tmp");
    try (FileChannel channel =
        FileChannel.open(living, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      channel.write(ByteBuffer.wrap(bytes("half of it")));
      channel.lock();
      AtomicFile.write(file, out -> out.write(bytes("new")));
      assertEquals(
          Set.of(file, begun, other, ours, living), Set.copyOf(list(folder)), dead.toString());
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void symbolicLink(Path name, Path to) throws IOException {
    try {
      Files.createSymbolicLink(name, to);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort("skipped: there are no links here");
    }
  }

  private Path temporary() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> temporary = files.filter(f -> f.toString().endsWith(".tmp")).toList();
      assertEquals(1, temporary.size());
      return temporary.getFirst();
    }
  }

  private static void link(Path name, Path file) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (UnsupportedOperationException e) {
      Assumptions.abort("skipped: files here have one name only");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
