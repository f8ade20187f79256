package dev.lanewise.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The right of one writer to a file for as long as it holds it. It is a locked file beside the file
 * itself, because that may be replaced, or read by others, which would give its lock up. The system
 * gives up the lock of a process that dies; where files cannot be locked, there is no claim and the
 * writer goes on.
 */
public final class Claim implements Closeable {

  private static final int TRIES = 100;
  private static final int SIZES = 1 << 12;

  /** The claims of this JVM, because opening and closing a locked file would give up its lock. */
  private static final Set<Path> MINE = ConcurrentHashMap.newKeySet();

  private final Path lock;

  /** Null where files cannot be locked. */
  private final FileChannel channel;

  private Claim(Path lock, FileChannel channel) {
    this.lock = lock;
    this.channel = channel;
  }

  /**
   * {@return the claim on a file, which need not be there}
   *
   * @param file the file, in a folder that takes files
   * @param taken what to say, behind the file's name, if another writer has it
   * @throws IOException if another writer has it
   */
  public static Claim on(Path file, String taken) throws IOException {
    Path end = SpecialFile.end(file);
    byte[] name = end.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    Path lock =
        end.getParent()
            .toRealPath()
            .resolve(".lanewise-%s.lock".formatted(UUID.nameUUIDFromBytes(name)));
    if (!MINE.add(lock)) {
      throw new IOException(file + ": " + taken);
    }
    try {
      for (int i = 0; i < TRIES; i++) {
        FileChannel channel = locked(lock, file, taken);
        if (channel == null || named(lock, channel)) {
          return new Claim(lock, channel);
        }
        channel.close();
      }
      throw new IOException(file + ": " + taken);
    } catch (IOException e) {
      MINE.remove(lock);
      throw e;
    }
  }

  /** {@return the locked file, or null where files cannot be locked} */
  private static FileChannel locked(Path lock, Path file, String taken) throws IOException {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(lock, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (IOException e) {
      if (channel != null) {
        channel.close();
        Files.deleteIfExists(lock);
      }
      return null;
    }
    channel.close();
    throw new IOException(file + ": " + taken);
  }

  /**
   * Whether a locked file still has its name, which its former owner may have taken from it before
   * it was locked: its size is seen under that name. On a full disk that cannot be told.
   */
  private static boolean named(Path lock, FileChannel channel) throws IOException {
    int size = ThreadLocalRandom.current().nextInt(1, SIZES);
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.allocate(1), size - 1);
    } catch (IOException e) {
      return true;
    }
    return Files.exists(lock) && Files.size(lock) == size;
  }

  @Override
  public void close() throws IOException {
    if (channel != null && channel.isOpen()) {
      Files.deleteIfExists(lock);
      channel.close();
    }
    MINE.remove(lock);
  }
}
