package dev.lanewise.data;

import dev.lanewise.data.Table.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known of the columns of a table before it is read, from an encoder or another table.
 *
 * @param named whether they had names
 * @param columns the columns
 */
record Known(boolean named, List<Known.Col> columns) {

  /**
   * A column.
   *
   * @param name its name, or its number from 1
   * @param kind what it held; null if its cells show it
   * @param label whether it is a label of the encoder
   * @param needed whether a first line of names must hold its name
   */
  record Col(String name, Kind kind, boolean label, boolean needed) {}

  static Known of(Encoder encoder) {
    List<Col> columns = new ArrayList<>();
    for (Column column : encoder.columns()) {
      columns.add(
          new Col(
              column.name(),
              kind(column, encoder.target()),
              column instanceof Column.Label,
              column.encodedColumns() > 0));
    }
    return new Known(encoder.named(), columns);
  }

  static Known of(Table table) {
    List<Col> columns =
        IntStream.range(0, table.columns())
            .mapToObj(
                c -> new Col(table.name(c), table.kind(c), false, table.kind(c) != Kind.IGNORED))
            .toList();
    return new Known(table.named(), columns);
  }

  private static Kind kind(Column column, Target target) {
    return switch (column) {
      case Column.Numeric numeric -> Kind.NUMBER;
      case Column.Categorical categorical -> Kind.CATEGORY;
      case Column.Bool bool -> Kind.BOOLEAN;
      case Column.Date date -> Kind.DATE;
      case Column.Ignored ignored -> Kind.IGNORED;
      case Column.Label label -> isOfTexts(target) ? Kind.CATEGORY : null;
      case Column.Pixels pixels -> null;
    };
  }

  /** Whether classes are texts, among which a word for missing may be one. */
  private static boolean isOfTexts(Target target) {
    return target instanceof Target.Classes classes
        && !classes.labels().stream().allMatch(Cell::isNumber);
  }

  /** {@return whether the fields of a first line are the names of the columns} */
  boolean isNamedBy(List<String> first) {
    return named
        && new HashSet<>(Names.orNumbers(first))
            .containsAll(columns.stream().filter(Col::needed).map(Col::name).toList());
  }

  /**
   * {@return the columns of a table in its order, null for those that are not known; empty if the
   * table has another number of columns and no names}
   *
   * @param names the table's names, or none
   * @param width the number of its columns
   */
  List<Col> in(List<String> names, int width) {
    if (named && !names.isEmpty()) {
      Col[] inPlace = new Col[width];
      int[] places = Names.places(columns.stream().map(Col::name).toList(), names);
      for (int c = 0; c < places.length; c++) {
        if (places[c] >= 0) {
          inPlace[places[c]] = columns.get(c);
        }
      }
      return Arrays.asList(inPlace);
    }
    if (width == columns.size()) {
      return columns;
    }
    List<Col> unlabelled = columns.stream().filter(column -> !column.label()).toList();
    return width == unlabelled.size() ? unlabelled : List.of();
  }
}
