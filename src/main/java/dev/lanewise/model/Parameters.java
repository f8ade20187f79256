package dev.lanewise.model;

import static dev.lanewise.model.Header.quoted;

import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** Checks of parameters, and their digest. */
final class Parameters {

  private Parameters() {}

  /**
   * Checks parameters.
   *
   * @param prefix the prefix of the layout's names in messages, or nothing
   * @throws IllegalArgumentException if θ has another length than the layout, holds NaN or an
   *     infinity, or a negative running variance
   */
  static void check(String prefix, Layout layout, float[] parameters) {
    if (parameters.length != layout.size()) {
      throw new IllegalArgumentException(
          "parameters: length %d; expected %d".formatted(parameters.length, layout.size()));
    }
    for (Slot slot : layout.slots()) {
      boolean variance = slot.role() == Slot.Role.VARIANCE;
      for (int i = slot.offset(); i < slot.end(); i++) {
        float value = parameters[i];
        if (!Float.isFinite(value) || (variance && value < 0)) {
          throw new IllegalArgumentException(
              "tensor %s: %s at element %d; expected %s"
                  .formatted(
                      quoted(prefix + slot.name()),
                      value,
                      i - slot.offset(),
                      variance ? "finite variances >= 0" : "finite numbers"));
        }
      }
    }
  }

  /** {@return the SHA-256 of the parameters' bytes in the order and form of model files} */
  static String sha256(Layout layout, float[] parameters) {
    MessageDigest digest = Sha256.begin();
    digest(digest, layout, parameters);
    return Sha256.end(digest);
  }

  /** Takes the parameters' bytes into a digest, in the order and form of model files. */
  static void digest(MessageDigest digest, Layout layout, float[] parameters) {
    for (Slot slot : layout.slots()) {
      ByteBuffer row =
          ByteBuffer.allocate(Float.BYTES * slot.columns()).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = slot.offset(); from < slot.end(); from += slot.columns()) {
        row.asFloatBuffer().put(parameters, from, slot.columns());
        digest.update(row);
        row.rewind();
      }
    }
  }
}
