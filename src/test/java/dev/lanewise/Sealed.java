package dev.lanewise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Safetensors files made by hand, with the digest that they should have: a liar's work. */
public final class Sealed {

  private static final byte[] KEY = "\"fileSha256\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 64;

  /** The member of the texts that {@link #file} fills in. */
  public static final String DIGEST = "\"fileSha256\":\"" + "0".repeat(DIGITS) + "\"";

  private Sealed() {}

  /** {@return the file of a header and its data; the digest that the header has room for is put} */
  public static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text).put(data);
    seal(file.array());
    return file.array();
  }

  /** {@return the length of the header that a file states, if it has as many bytes; else −1} */
  public static int headerBytes(byte[] file) {
    if (file.length < Long.BYTES) {
      return -1;
    }
    long stated = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return stated < 0 || stated > file.length - Long.BYTES ? -1 : (int) stated;
  }

  /** {@return the header of a file as text} */
  public static String header(byte[] file) {
    return new String(file, Long.BYTES, headerBytes(file), StandardCharsets.UTF_8);
  }

  /** {@return what stands behind the header} */
  public static byte[] data(byte[] file) {
    return Arrays.copyOfRange(file, Long.BYTES + headerBytes(file), file.length);
  }

  /** Puts the right digest where the header has one, in place. */
  public static void seal(byte[] file) {
    int at = digits(file);
    if (at < 0) {
      return;
    }
    Arrays.fill(file, at, at + DIGITS, (byte) '0');
    try {
      String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
      System.arraycopy(digest.getBytes(StandardCharsets.US_ASCII), 0, file, at, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** {@return the index of the first byte of a tensor that a sound file has} */
  public static int placeOf(String tensor, byte[] file) {
    Matcher entry =
        Pattern.compile(Pattern.quote("\"" + tensor + "\":{") + "[^}]*\"data_offsets\":\\[(\\d+),")
            .matcher(header(file));
    if (!entry.find()) {
      throw new IllegalArgumentException(tensor);
    }
    return Long.BYTES + headerBytes(file) + Integer.parseInt(entry.group(1));
  }

  private static int digits(byte[] file) {
    int end = Long.BYTES + Math.max(0, headerBytes(file)) - KEY.length - DIGITS;
    for (int at = Long.BYTES; at <= end; at++) {
      if (Arrays.equals(file, at, at + KEY.length, KEY, 0, KEY.length)) {
        return at + KEY.length;
      }
    }
    return -1;
  }
}
