package dev.lanewise.model;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests as 64 lower-case hex digits. */
final class Sha256 {

  private Sha256() {}

  static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** {@return the digest of the parameters' bytes in the order and form of model files} */
  static String of(Layout layout, float[] parameters) {
    MessageDigest digest = begin();
    for (Slot slot : layout.slots()) {
      ByteBuffer row = ByteBuffer.allocate(Float.BYTES * slot.columns()).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = slot.offset(); from < slot.end(); from += slot.columns()) {
        row.asFloatBuffer().put(parameters, from, slot.columns());
        digest.update(row.rewind());
        row.rewind();
      }
    }
    return end(digest);
  }
}
