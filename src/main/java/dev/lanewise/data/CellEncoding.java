package dev.lanewise.data;

/** How one value becomes encoded columns. */
final class CellEncoding {

  private CellEncoding() {}

  /** Encodes a table's cell; returns where the next column goes. */
  static int put(Column column, Table table, int row, int place, double[] to, int at) {
    String text = table.cell(row, place);
    if (!put(column, Cell.missing(text) ? null : text, Cell.number(text), to, at)) {
      throw table.unexpected(row, place, Cell.NUMBER);
    }
    return at + column.encodedColumns();
  }

  /** Encodes a value given by a caller; returns where the next column goes. */
  static int put(Column column, Object value, double[] to, int at) {
    if (column instanceof Column.Pixels) {
      throw new IllegalArgumentException(
          "a model of images takes no record; expected bytes divided by 255 as encoded columns");
    }
    String text =
        switch (value) {
          case null -> "";
          case Number number -> number.toString();
          case CharSequence chars -> chars.toString().strip();
          case Boolean truth -> truth.toString();
          default ->
              throw new IllegalArgumentException(
                  "column %s: a %s; expected a number, a text, a boolean or null"
                      .formatted(column.name(), value.getClass().getName()));
        };
    double number = value instanceof Number n ? n.doubleValue() : Cell.number(text);
    if (!put(column, Cell.missing(text) ? null : text, number, to, at)) {
      throw new IllegalArgumentException(
          "column %s: %s; expected %s".formatted(column.name(), text, Cell.NUMBER));
    }
    return at + column.encodedColumns();
  }

  /**
   * Encodes a value that is given as a text, null if it is missing, and as a number, NaN if it is
   * none.
   *
   * @return false, with nothing written, if the column needs a number and this is none
   */
  private static boolean put(Column column, String text, double number, double[] to, int at) {
    switch (column) {
      case Column.Numeric numeric -> {
        double value = text == null ? numeric.median() : number;
        if (!Float.isFinite((float) value)) {
          return false;
        }
        to[at] = value;
        if (numeric.flagged()) {
          to[at + 1] = text == null ? 1 : 0;
        }
      }
      case Column.Categorical categorical -> {
        int category =
            text == null
                ? (categorical.flagged() ? categorical.categories().size() : -1)
                : indexOf(categorical, text, number);
        if (category >= 0) {
          to[at + category] = 1;
        }
      }
      case Column.Ignored ignored -> {}
      case Column.Label label -> {}
      case Column.Pixels pixels -> throw new AssertionError(pixels);
    }
    return true;
  }

  private static int indexOf(Column.Categorical column, String text, double number) {
    int index = column.categories().indexOf(text);
    return index >= 0 ? index : Cell.indexOf(column.categories(), number);
  }
}
