package dev.lanewise.json;

/**
 * A text of the user's as a line shows it. Line breaks and other characters that would change the
 * page, the order of letters or the terminal are escaped as in Java, so that the text stays in its
 * line and what is there can be seen.
 */
public final class Visible {

  private Visible() {}

  /**
   * {@return a text in one line; the text itself if nothing has to be escaped}
   *
   * @param text the text
   */
  public static String line(String text) {
    if (text.codePoints().noneMatch(Visible::changesThePage)) {
      return text;
    }
    StringBuilder line = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                  if (changesThePage(c)) {
                    for (char part : Character.toChars(c)) {
                      line.append("\\u%04x".formatted((int) part));
                    }
                  } else {
                    line.appendCodePoint(c);
                  }
                }
              }
            });
    return line.toString();
  }

  private static boolean changesThePage(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
