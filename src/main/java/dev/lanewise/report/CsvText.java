package dev.lanewise.report;

/** Writes CSV. */
public final class CsvText {

  private CsvText() {}

  /**
   * {@return a field as CSV: quoted if it holds a comma, a quote, a line break or blanks at its
   * ends}
   *
   * @param text the field
   */
  public static String field(String text) {
    boolean plain = text.equals(text.strip()) && !text.matches("(?s).*[,\"\r\n].*");
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
