package dev.lanewise.report;

import java.util.List;
import java.util.Objects;

/**
 * Small pictures in rows.
 *
 * @param pictures the pictures
 */
record Pictures(List<Picture> pictures) implements Part {

  /** Creates a part. */
  Pictures {
    pictures = List.copyOf(pictures);
  }

  /**
   * A picture.
   *
   * @param png its bytes
   * @param text what is written below it, and what a screen reader says
   */
  record Picture(byte[] png, String text) {

    /** Creates a picture. */
    Picture {
      Objects.requireNonNull(png, "png");
      Objects.requireNonNull(text, "text");
    }
  }
}
