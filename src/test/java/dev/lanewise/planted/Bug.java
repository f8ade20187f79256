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

  /**
   * {@return a source with the bug's edits in it, one after the other}
   *
   * @param file the source's file; the source is left alone if no edit is in it
   * @throws IllegalStateException unless each edit's lines are there exactly once
   */
  String applyTo(String file, String source) {
    String broken = source;
    for (Edit edit : edits) {
      broken = edit.file().equals(file) ? edit.applyTo(broken) : broken;
    }
    return broken;
  }
}
