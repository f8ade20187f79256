package dev.lanewise.report;

import java.util.List;
import java.util.Objects;

/**
 * A section of a report.
 *
 * @param id its name in links, of lower-case letters, digits and hyphens
 * @param title its heading
 * @param parts what it shows, in this order
 */
public record Section(String id, String title, List<Part> parts) {

  /**
   * Creates a section.
   *
   * @throws IllegalArgumentException if the name holds other characters
   */
  public Section {
    requireId(id);
    Objects.requireNonNull(title, "title");
    parts = List.copyOf(parts);
  }

  /**
   * {@return a section}
   *
   * @param id its name in links
   * @param title its heading
   * @param parts what it shows
   */
  public static Section of(String id, String title, Part... parts) {
    return new Section(id, title, List.of(parts));
  }

  static void requireId(String id) {
    if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "id: %s; expected lower-case letters, digits and single hyphens".formatted(id));
    }
  }
}
