package dev.lanewise.random;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A program that writes the generator's words to standard output, 32 bits each, little-endian and
 * without end, for batteries of statistical tests. Its arguments are a {@link WordOrder} in small
 * letters and a seed.
 */
public final class RawWords {

  private static final int WORDS = 1 << 14;

  private RawWords() {}

  /**
   * Writes until nobody reads any more.
   *
   * @param arguments an order and a seed
   */
  public static void main(String[] arguments) {
    List<String> orders = Arrays.stream(WordOrder.values()).map(RawWords::name).toList();
    int order = arguments.length == 2 ? orders.indexOf(arguments[0]) : -1;
    if (order < 0) {
      System.err.println("expected one of " + String.join(", ", orders) + ", and a seed");
      System.exit(2);
    }
    write(WordOrder.values()[order], Long.parseLong(arguments[1]));
  }

  private static String name(WordOrder order) {
    return order.name().toLowerCase(Locale.ROOT);
  }

  private static void write(WordOrder order, long seed) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * WORDS).order(ByteOrder.LITTLE_ENDIAN);
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      for (long n = 0; ; n += WORDS) {
        for (int i = 0; i < WORDS; i++) {
          bytes.putInt(4 * i, order.word(seed, n + i));
        }
        out.write(bytes.array());
      }
    } catch (IOException e) {
      // The reader has had enough.
    }
  }
}
