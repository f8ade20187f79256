package dev.lanewise.report;

import java.util.Objects;

/**
 * A paragraph.
 *
 * @param text the text
 */
public record Prose(String text) implements Part {

  /** Creates a paragraph. */
  public Prose {
    Objects.requireNonNull(text, "text");
  }
}
