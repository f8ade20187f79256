package dev.lanewise.data;

/** Takes the cells of a record as they are met. */
interface CellSink {

  /**
   * Takes a cell.
   *
   * @param column its place in the record, from 0
   * @param text holds its characters, until this returns
   * @param from where they begin
   * @param to where they end
   */
  void cell(int column, char[] text, int from, int to);

  /** {@return what a column is called in an error line: its name, or its number from 1} */
  default String name(int column) {
    return Integer.toString(column + 1);
  }
}
