package dev.lanewise.data;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads values of a program into a table. */
final class ObjectReading {

  private final Table.Origin origin;
  private final TableReader options;
  private List<String> names;
  private TableBuilder builder;

  ObjectReading(String source, TableReader options) {
    this.options = options;
    origin = new Table.Origin(source, "row");
  }

  private void begin(List<String> columns, int width) {
    names =
        columns.isEmpty()
            ? List.of()
            : Names.of(origin.source(), columns, DataException.Remedy.NONE);
    builder = new TableBuilder(origin, options, names, width, List.of(), false, new BitSet());
  }

  Table resultSet(ResultSet results) throws SQLException {
    ResultSetMetaData data = results.getMetaData();
    int width = data.getColumnCount();
    List<String> labels = new ArrayList<>(width);
    for (int c = 1; c <= width; c++) {
      labels.add(data.getColumnLabel(c));
    }
    begin(labels, width);
    while (builder.rows() < options.mostRows() && results.next()) {
      for (int c = 0; c < width; c++) {
        add(c, results.getObject(c + 1));
      }
      end(width);
    }
    return builder.table();
  }

  Table maps(Iterable<? extends Map<String, ?>> rows) {
    Map<String, Integer> places = new LinkedHashMap<>();
    int number = 0;
    for (Map<String, ?> row : rows) {
      requireRow(row, ++number, "a map");
      for (String name : row.keySet()) {
        if (name == null) {
          throw new DataException(
              "%s: the name null; expected names of columns".formatted(origin.at(number)));
        }
        places.putIfAbsent(name, places.size());
      }
    }
    begin(List.copyOf(places.keySet()), places.size());
    String[] columns = places.keySet().toArray(String[]::new);
    for (Map<String, ?> row : rows) {
      if (builder.rows() == options.mostRows()) {
        break;
      }
      for (int c = 0; c < columns.length; c++) {
        add(c, row.get(columns[c]));
      }
      end(columns.length);
    }
    return builder.table();
  }

  <R extends Record> Table records(
      Class<R> type, Iterable<? extends R> rows, MethodHandles.Lookup lookup) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> columns = new ArrayList<>();
    MethodHandle[] accessors = new MethodHandle[components.length];
    for (int c = 0; c < components.length; c++) {
      columns.add(components[c].getName());
      accessors[c] =
          RowEncoder.accessor(
                  type, components[c], lookup, "records(type, rows, MethodHandles.lookup())")
              .asType(MethodType.methodType(Object.class, Record.class));
    }
    begin(columns, components.length);
    for (R row : rows) {
      if (builder.rows() == options.mostRows()) {
        break;
      }
      requireRow(row, builder.rows() + 1, "a record");
      for (int c = 0; c < components.length; c++) {
        add(c, value(accessors[c], columns.get(c), row));
      }
      end(components.length);
    }
    return builder.table();
  }

  private static Object value(MethodHandle accessor, String component, Record row) {
    try {
      return (Object) accessor.invokeExact(row);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException("rows: %s() failed".formatted(component), e);
    }
  }

  Table rows(List<String> columns, Iterable<? extends List<?>> rows) {
    int width = columns.size();
    for (List<?> row : rows) {
      requireRow(row, builder == null ? 1 : builder.rows() + 1, "a list");
      if (builder == null) {
        width = width == 0 ? row.size() : width;
        begin(columns, width);
      }
      if (builder.rows() == options.mostRows()) {
        break;
      }
      if (row.size() == width) {
        int c = 0;
        for (Object value : row) {
          add(c++, value);
        }
      }
      end(row.size());
    }
    if (builder == null) {
      begin(columns, width);
    }
    return builder.table();
  }

  private void requireRow(Object row, int number, String expected) {
    if (row == null) {
      throw new DataException("%s: null; expected %s".formatted(origin.at(number), expected));
    }
  }

  private void end(int fields) {
    builder.row(builder.rows() + 1, fields);
  }

  private void add(int column, Object value) {
    SeriesBuilder cells = builder.column(column);
    if (!cells.isRead()) {
      return;
    }
    switch (value) {
      case null -> cells.addMissing();
      case Double number -> cells.add(number.doubleValue());
      case Float number -> cells.add(number.floatValue());
      case BigInteger number -> cells.add(new BigDecimal(number));
      case BigDecimal number -> cells.add(number);
      case Number number when Decimal.isLong(number) -> cells.add(number.longValue());
      case Number number -> cells.add(number.doubleValue());
      case Boolean truth -> cells.add(truth.toString());
      case Enum<?> constant -> cells.add(Cell.clean(constant.name()));
      case CharSequence text -> cells.add(Cell.clean(text.toString()));
      case Character text -> cells.add(Cell.clean(text.toString()));
      default -> {
        double seconds = Dates.seconds(value);
        if (Double.isNaN(seconds)) {
          throw new DataException(
              "%s, column %s: %s; expected a number, a text, a boolean, an enum, a date or null"
                  .formatted(
                      origin.at(builder.rows() + 1),
                      names.isEmpty() ? Integer.toString(column + 1) : names.get(column),
                      Names.type(value.getClass())));
        }
        cells.add(value, seconds);
      }
    }
  }
}
