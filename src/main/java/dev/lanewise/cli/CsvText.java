package dev.lanewise.cli;

/** Writes CSV. */
final class CsvText {

  private CsvText() {}

  /**
   * {@return a field as CSV: quoted if it holds a comma, a quote, a line break or blanks at its
   * ends}
   */
  static String field(String text) {
    boolean plain = text.equals(text.strip()) && !text.matches("(?s).*[,\"\r\n].*");
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
