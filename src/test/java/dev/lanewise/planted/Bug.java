package dev.lanewise.planted;

import java.util.List;

/**
 * A mistake that somebody could make, and somebody has.
 *
 * @param id its name in tables
 * @param what what it is, and what it would do to a user
 * @param edits what is changed; several edits are parts of one mistake
 */
record Bug(String id, String what, List<Edit> edits) {

  Bug {
    edits = List.copyOf(edits);
    if (!id.matches("[a-z0-9-]+") || what.isBlank()) {
      throw new IllegalArgumentException(
          "bug %s: expected a name in lower case and a description".formatted(id));
    }
  }
}
