package dev.lanewise.data;

import dev.lanewise.data.DataException.Remedy;
import dev.lanewise.data.SeriesBuilder.Complaint;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes the cells of a table, row by row, and makes its columns of them. */
final class TableBuilder implements CellSink {

  /** After so many rows the columns of numbers are known, and their cells parsed at once. */
  private static final int ROWS_TO_SETTLE = 1 << 10;

  private final Table.Origin origin;
  private final List<String> names;
  private final Set<String> missing;
  private final List<String> unnamed;
  private final boolean again;
  private final SeriesBuilder[] columns;
  private final BitSet surprises;
  private int rows;
  private int firstLine;
  private Ints lines;

  /**
   * Creates a table without rows.
   *
   * @param options what the reader was told
   * @param names the names of the columns, or none
   * @param width the number of columns
   * @param unnamed the first line, if it was judged to hold no names, else none
   * @param again whether the source can be read again
   * @param surprises the columns that must keep their texts
   */
  TableBuilder(
      Table.Origin origin,
      TableReader options,
      List<String> names,
      int width,
      List<String> unnamed,
      boolean again,
      BitSet surprises) {
    this.origin = origin;
    this.names = names;
    this.missing = options.missingWords();
    this.unnamed = unnamed;
    this.again = again;
    this.surprises = surprises;
    Map<String, Integer> places = new HashMap<>();
    for (int c = 0; c < names.size(); c++) {
      places.put(names.get(c), c);
    }
    SeriesBuilder.Hints[] hints =
        options.hints(
            names,
            width,
            name -> Names.place(origin.source(), names, places, width, unnamed, name));
    columns = new SeriesBuilder[width];
    for (int c = 0; c < width; c++) {
      columns[c] = new SeriesBuilder(hints[c], again, surprises.get(c));
    }
  }

  int rows() {
    return rows;
  }

  @Override
  public void cell(int column, char[] text, int from, int to) {
    if (column < columns.length) {
      columns[column].add(text, from, to);
    }
  }

  /** {@return a column of the row that is being taken} */
  SeriesBuilder column(int column) {
    return columns[column];
  }

  /**
   * Ends a row, all of whose cells were taken.
   *
   * @param line its line in the source
   * @param fields the number of its cells
   * @throws DataException if these are more or fewer than columns
   */
  void row(int line, int fields) {
    if (fields != columns.length) {
      throw new DataException(
          "%s: %d %s; expected %d"
              .formatted(
                  origin.at(line), fields, fields == 1 ? "field" : "fields", columns.length));
    }
    if (rows == 0) {
      firstLine = line;
    }
    if (lines == null && line != firstLine + rows) {
      lines = new Ints();
      for (int row = 0; row < rows; row++) {
        lines.add(firstLine + row);
      }
    }
    if (lines != null) {
      lines.add(line);
    }
    rows++;
    if (again && rows == ROWS_TO_SETTLE) {
      for (SeriesBuilder column : columns) {
        column.settle();
      }
    }
  }

  /**
   * {@return the table, or null if its source must be read again, with all texts of the columns
   * that are now among the surprises}
   *
   * @throws DataException if a cell is not what its column shows
   */
  Table table() {
    List<Series> finished = new ArrayList<>(columns.length);
    boolean maybeNames = !unnamed.isEmpty();
    Complaint complaint = null;
    int at = 0;
    boolean surprised = false;
    for (int c = 0; c < columns.length; c++) {
      finished.add(columns[c].finish(names.isEmpty() ? null : names.get(c), maybeNames));
      if (columns[c].isSurprise()) {
        surprises.set(c);
        surprised = true;
      }
      Complaint other = columns[c].complaint();
      if (other != null && (complaint == null || other.row() < complaint.row())) {
        complaint = other;
        at = c;
      }
    }
    int[] known = lines == null ? null : lines.take();
    if (complaint != null) {
      throw exception(complaint, at, known);
    }
    if (surprised) {
      return null;
    }
    Table table =
        new Table(origin, names, List.copyOf(finished), rows, known, firstLine, missing, unnamed);
    if (maybeNames) {
      refuseNames(table);
    }
    refuseNamesAgain(table);
    return table;
  }

  /**
   * Refuses a first line that was taken for a row because of an empty field or a number, and seems
   * a header all the same: a text of it stands above nothing but numbers or above classes that all
   * come again; or its first field is empty above numbers of rows; or none of its texts comes again
   * in its column, and its numbers follow one another as years and places do.
   */
  private void refuseNames(Table table) {
    if (rows < 3) {
      return;
    }
    boolean index = isIndex(table);
    int texts = 0;
    int numbers = 0;
    boolean outside = true;
    boolean again = false;
    boolean alone = false;
    for (int c = 0; c < columns.length; c++) {
      Series cells = table.series(c);
      if (unnamed.get(c).isEmpty() || cells instanceof Series.Unread) {
        continue;
      }
      if (Cell.isNumber(unnamed.get(c))) {
        numbers++;
        outside &= isOutside(cells, rows);
      } else if (isAgain(cells, unnamed.get(c), rows)) {
        again = true;
      } else {
        texts++;
        alone |= isAlone(cells, columns[c].isLabel(), rows);
      }
    }
    boolean counting = isCounting(unnamed);
    boolean names =
        alone
            || (index && (texts > 0 || (counting && numbers > 1)))
            || (!again && counting && (texts > 0 || (numbers > 1 && outside)))
            || (texts + numbers > 2 && !again && outside && areYears(unnamed));
    if (names) {
      throw new DataException(
          "%s: names of columns, it seems; expected a row; %s"
              .formatted(origin.at(firstLine), Names.noHeader(unnamed)),
          Remedy.NAMED);
    }
  }

  /**
   * Whether the numbers among fields, if there are any, are at least two, each 1 above the last.
   */
  private static boolean isCounting(List<String> fields) {
    double[] numbers = fields.stream().mapToDouble(Cell::number).filter(n -> n == n).toArray();
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] != numbers[i - 1] + 1) {
        return false;
      }
    }
    return numbers.length != 1 && (numbers.length == 0 || numbers[0] == Math.rint(numbers[0]));
  }

  /** Whether the numbers among fields are years, at least two, that rise or fall. */
  private static boolean areYears(List<String> fields) {
    double[] numbers = fields.stream().mapToDouble(Cell::number).filter(n -> n == n).toArray();
    boolean rise = true;
    boolean fall = true;
    boolean years = numbers.length > 1;
    for (int i = 0; i < numbers.length; i++) {
      years &= numbers[i] == Math.rint(numbers[i]) && numbers[i] >= 1800 && numbers[i] < 2200;
      rise &= i == 0 || numbers[i] > numbers[i - 1];
      fall &= i == 0 || numbers[i] < numbers[i - 1];
    }
    return years && (rise || fall);
  }

  /**
   * Whether the text of the first row, which comes no second time, is unlike the others: these are
   * all numbers, or in a label at least two classes, each of them in several rows.
   */
  private static boolean isAlone(Series cells, boolean label, int rows) {
    if (cells.isMissing(0)) {
      return false;
    }
    Map<String, Integer> counts = new HashMap<>();
    boolean numbers = !Cell.isMissingWord(cells.text(0)) && Cell.truth(cells.text(0)) < 0;
    for (int row = 1; row < rows && (numbers || label); row++) {
      String text = cells.text(row);
      if (text != null) {
        numbers &= Cell.isNumber(text);
        counts.merge(text, 1, Integer::sum);
      }
    }
    boolean classes =
        label && counts.size() > 1 && counts.values().stream().allMatch(count -> count > 1);
    return classes || (numbers && !counts.isEmpty());
  }

  /** Whether a text of the first row stands in another one. */
  private static boolean isAgain(Series cells, String text, int rows) {
    for (int row = 1; row < rows; row++) {
      if (text.equals(cells.text(row))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the number of the first row is less than all others, or greater. */
  private static boolean isOutside(Series cells, int rows) {
    double first = cells.number(0);
    boolean less = true;
    boolean greater = true;
    for (int row = 1; row < rows; row++) {
      double number = cells.number(row);
      less &= !(number <= first);
      greater &= !(number >= first);
    }
    return less || greater;
  }

  /** Whether the first column has no first cell, and then counts the rows. */
  private boolean isIndex(Table table) {
    Series cells = table.series(0);
    boolean index = unnamed.getFirst().isEmpty() && table.kind(0) == Table.Kind.NUMBER;
    for (int row = 2; index && row < rows; row++) {
      index = cells.number(row) == cells.number(row - 1) + 1;
    }
    return index;
  }

  /** Refuses a row that is the header again, as where files were joined. */
  private void refuseNamesAgain(Table table) {
    int lead = -1;
    int read = 0;
    for (int c = 0; c < names.size(); c++) {
      read += table.series(c) instanceof Series.Unread ? 0 : 1;
      lead = lead < 0 && table.series(c) instanceof Series.Texts ? c : lead;
    }
    if (read < 2 || lead < 0 || !((Series.Texts) table.series(lead)).holds(names.get(lead))) {
      return;
    }
    for (int row = 0; row < rows; row++) {
      if (names.get(lead).equals(table.series(lead).text(row)) && isNames(table, row)) {
        throw new DataException(
            "%s: the names of the columns again; expected a row"
                .formatted(origin.at(table.line(row))),
            Remedy.UNNAMED);
      }
    }
  }

  private boolean isNames(Table table, int row) {
    boolean same = true;
    for (int c = 0; same && c < columns.length; c++) {
      Series cells = table.series(c);
      String text = cells.text(row);
      same =
          cells instanceof Series.Unread
              || names.get(c).equals(text)
              || (text == null && Cell.isMissingWord(names.get(c)));
    }
    return same;
  }

  private DataException exception(Complaint complaint, int column, int[] known) {
    int line = known == null ? firstLine + complaint.row() : known[complaint.row()];
    String problem =
        "%s, column %s: %s; expected %s"
            .formatted(
                origin.at(line),
                names.isEmpty() ? Integer.toString(column + 1) : Names.shown(names.get(column)),
                Names.shown(complaint.text()),
                complaint.expected());
    return complaint.remedy() == Remedy.NAMED
        ? new DataException(problem + "; " + Names.noHeader(unnamed), Remedy.NAMED)
        : new DataException(problem, complaint.remedy());
  }
}
