package dev.lanewise.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes of a processor's caches for data, from which the blocks of products are derived.
 *
 * @param first the bytes of the first-level cache
 * @param second the bytes of the second-level cache
 * @param assumed whether a size could not be found out, so that it is a usual one
 */
public record Caches(int first, int second, boolean assumed) {

  private static final int USUAL_FIRST = 32 << 10;
  private static final int USUAL_SECOND = 512 << 10;

  /** Sizes beyond these are no cache's, whatever a virtual machine says. */
  private static final int LEAST = 4 << 10;

  private static final int MOST = 1 << 30;

  /** More entries than a processor has. */
  private static final int ENTRIES = 16;

  /** What is read of a file at most. */
  private static final int LENGTH = 64;

  private static final Pattern SIZE = Pattern.compile("(\\d{1,7})([KM])");

  /** The caches of the first processor of this machine. */
  public static final Caches OF_THIS_MACHINE = in(Path.of("/sys/devices/system/cpu/cpu0/cache"));

  /**
   * {@return the caches that a folder of Linux's tells of} It has a folder for each cache, {@code
   * index0} and so on, with the files {@code level}, {@code type} and {@code size}. What is not
   * there or makes no sense is assumed: 32 KiB, 512 KiB.
   *
   * @param folder the folder, which need not exist
   */
  static Caches in(Path folder) {
    int first = 0;
    int second = 0;
    for (int i = 0; i < ENTRIES; i++) {
      Path cache = folder.resolve("index" + i);
      if (text(cache.resolve("type")).equals("Instruction")) {
        continue;
      }
      switch (text(cache.resolve("level"))) {
        case "1" -> first = size(cache);
        case "2" -> second = size(cache);
        default -> {}
      }
    }
    return new Caches(
        first == 0 ? USUAL_FIRST : first,
        second == 0 ? USUAL_SECOND : second,
        first == 0 || second == 0);
  }

  /** {@return the bytes of a cache, 0 if they cannot be found out} */
  private static int size(Path cache) {
    Matcher size = SIZE.matcher(text(cache.resolve("size")));
    if (!size.matches()) {
      return 0;
    }
    long bytes = Long.parseLong(size.group(1)) << (size.group(2).equals("K") ? 10 : 20);
    return bytes < LEAST || bytes > MOST ? 0 : (int) bytes;
  }

  /** {@return the text of a file, empty if it cannot be read} */
  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LENGTH), StandardCharsets.US_ASCII).strip();
    } catch (IOException unknown) {
      return "";
    }
  }
}
