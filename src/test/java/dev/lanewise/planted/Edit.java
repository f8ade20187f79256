package dev.lanewise.planted;

/**
 * Whole lines of one source file, and what a bug puts in their place.
 *
 * @param file the file, below {@code src/main/java/dev/lanewise}
 * @param before the lines, each with its end
 * @param after what replaces them
 */
record Edit(String file, String before, String after) {

  Edit {
    if (before.isEmpty() || before.equals(after)) {
      throw new IllegalArgumentException(
          "%s: an edit of nothing; expected lines that go and lines that come".formatted(file));
    }
  }

  /** {@return the name of the file's package} */
  String packageName() {
    return file.substring(0, file.indexOf('/'));
  }

  /** {@return the name of the class that is changed} */
  String className() {
    return file.substring(file.indexOf('/') + 1, file.indexOf('.'));
  }

  /** {@return whether a constant may be changed that the compiler copies into other classes} */
  boolean changesConstant() {
    return (before + after).contains("static final");
  }

  /**
   * {@return the source with the bug in it}
   *
   * @throws IllegalStateException unless the lines are there exactly once
   */
  String applyTo(String source) {
    String padded = "\n" + source;
    int at = padded.indexOf("\n" + before);
    if (at < 0 || padded.indexOf("\n" + before, at + 1) >= 0) {
      throw new IllegalStateException(
          "%s: expected exactly once, found %s:%n%s"
              .formatted(file, at < 0 ? "never" : "more than once", before));
    }
    return source.substring(0, at) + after + source.substring(at + before.length());
  }
}
