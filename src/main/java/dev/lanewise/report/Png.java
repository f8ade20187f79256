package dev.lanewise.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Pictures as PNG (ISO/IEC 15948), eight bits for red, green, blue and opacity of each pixel,
 * without AWT.
 */
final class Png {

  private static final byte[] SIGNATURE = {(byte) 137, 'P', 'N', 'G', '\r', '\n', 26, '\n'};
  private static final int CHANNELS = 4;

  /**
   * Eight bits a channel; red, green, blue and opacity; the standard's only methods; no interlace.
   */
  private static final byte[] FORMAT = {8, 6, 0, 0, 0};

  private Png() {}

  /**
   * {@return the bytes of a picture}
   *
   * @param pixels the pixels {@code [height][width]} from the upper left one on, as {@code
   *     0xAARRGGBB}
   * @param width the pixels of a line, at least 1
   */
  static byte[] of(int[] pixels, int width) {
    int height = pixels.length / width;
    if (height == 0 || height * width != pixels.length) {
      throw new IllegalArgumentException(
          "pixels: %d; expected whole lines of %d".formatted(pixels.length, width));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(FORMAT).array(), out);
    chunk("IDAT", deflated(lines(pixels, width, height)), out);
    chunk("IEND", new byte[0], out);
    return out.toByteArray();
  }

  /** Each line begins with its filter: none. */
  private static byte[] lines(int[] pixels, int width, int height) {
    ByteBuffer lines = ByteBuffer.allocate(height * (1 + CHANNELS * width));
    for (int y = 0; y < height; y++) {
      lines.put((byte) 0);
      for (int x = 0; x < width; x++) {
        int pixel = pixels[y * width + x];
        lines.putInt(Integer.rotateLeft(pixel, 8));
      }
    }
    return lines.array();
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 13];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(String type, byte[] content, ByteArrayOutputStream out) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(name);
    out.writeBytes(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
  }
}
