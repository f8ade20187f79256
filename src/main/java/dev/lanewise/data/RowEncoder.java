package dev.lanewise.data;

import dev.lanewise.data.RowReport.State;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Turns raw rows of one type, records, maps or arrays of values, into rows as the network takes
 * them: the same bits as {@link Encoder#dataset} of the same values.
 *
 * <p>Fields may be numbers and booleans, primitive or boxed, {@code String} or enum constants,
 * {@code LocalDate}, {@code LocalDateTime}, {@code Instant} and other dates, or null for missing,
 * as is NaN. A row of these allocates nothing; texts that have to be read as numbers or dates, or
 * are spelled otherwise than in training, may. Immutable; safe for use by any number of threads.
 *
 * @param <R> the type of the rows
 */
public final class RowEncoder<R> {

  private final Encoder encoder;
  private final List<String> names;
  private final Field[] fields;
  private final int columns;

  /** The number of values of a row; −1 if its type determines it. */
  private final int values;

  /** The names that a map may have; none if rows are not maps. */
  private final Set<String> keys;

  private RowEncoder(
      Encoder encoder, List<String> names, List<Field> fields, int values, Set<String> keys) {
    this.encoder = encoder;
    this.keys = keys;
    this.names = names;
    this.fields = fields.toArray(Field[]::new);
    this.columns = encoder.encodedColumns();
    this.values = values;
  }

  /** {@return what encodes records; {@code lookup} is null for this library's own rights} */
  static <R extends Record> RowEncoder<R> ofRecords(
      Encoder encoder, Class<R> type, MethodHandles.Lookup lookup) {
    Objects.requireNonNull(type, "type");
    encoder.requireTable();
    if (!encoder.named()) {
      throw new DataException(
          "%s: columns without names; expected forValues, by place".formatted(type.getName()));
    }
    List<String> components = new ArrayList<>();
    List<MethodHandle> accessors = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.add(component.getName());
      accessors.add(accessor(type, component, lookup, "forRecords(type, MethodHandles.lookup())"));
    }
    List<String> names = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    List<Column> columns = encoder.columns();
    int[] places = Names.places(columns.stream().map(Column::name).toList(), components);
    Set<String> strange = new TreeSet<>(components);
    for (int c = 0; c < columns.size(); c++) {
      MethodHandle accessor = null;
      if (places[c] >= 0) {
        accessor = accessors.get(places[c]);
        strange.remove(components.get(places[c]));
      }
      if (columns.get(c).encodedColumns() > 0) {
        names.add(columns.get(c).name());
        fields.add(field(Codes.of(encoder, c), accessor));
      }
    }
    if (!strange.isEmpty()) {
      throw new DataException(
          "%s: component %s is no column; expected some of %s"
              .formatted(type.getName(), String.join(", ", strange), Names.some(names)));
    }
    return new RowEncoder<>(encoder, List.copyOf(names), fields, -1, Set.of());
  }

  /** {@return what encodes arrays of a value for each column but the labels} */
  static RowEncoder<Object[]> ofValues(Encoder encoder) {
    encoder.requireTable();
    List<String> names = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    int[] places = encoder.places().toArray();
    for (int place = 0; place < places.length; place++) {
      Column column = encoder.columns().get(places[place]);
      if (column.encodedColumns() > 0) {
        names.add(column.name());
        fields.add(new Element(Codes.of(encoder, places[place]), place));
      }
    }
    return new RowEncoder<>(encoder, List.copyOf(names), fields, places.length, Set.of());
  }

  /** {@return what encodes values by the name of their column} */
  static RowEncoder<Map<String, ?>> ofMaps(Encoder encoder) {
    encoder.requireTable();
    List<String> names = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    List<Column> columns = encoder.columns();
    for (int c = 0; c < columns.size(); c++) {
      if (columns.get(c).encodedColumns() > 0) {
        names.add(columns.get(c).name());
        fields.add(new Entry(Codes.of(encoder, c)));
      }
    }
    Set<String> keys = columns.stream().map(Column::name).collect(Collectors.toUnmodifiableSet());
    return new RowEncoder<>(encoder, List.copyOf(names), fields, -1, keys);
  }

  /** {@return the encoder that this belongs to} */
  public Encoder encoder() {
    return encoder;
  }

  /** {@return the encoded columns of a row} */
  public int columns() {
    return columns;
  }

  /**
   * Encodes a row.
   *
   * @param row the raw row
   * @param out receives its encoded columns
   * @param at where they begin
   * @throws DataException if a value is not what its column holds; what was written of the row then
   *     is no row
   * @throws IllegalArgumentException if the columns do not fit into {@code out}, or an array has
   *     other values than the encoder's columns
   */
  public void encode(R row, float[] out, int at) {
    check(row, out, at);
    for (Field field : fields) {
      field.encode(row, out, at);
    }
  }

  /**
   * Encodes a row and reports how its fields stand to the training rows.
   *
   * @param row the raw row
   * @param out receives its encoded columns
   * @param at where they begin
   * @param report is filled anew
   * @throws DataException as {@link #encode(Object, float[], int)}
   * @throws IllegalArgumentException as {@link #encode(Object, float[], int)}
   */
  public void encode(R row, float[] out, int at, RowReport report) {
    Objects.requireNonNull(report, "report");
    check(row, out, at);
    report.begin(names);
    for (int f = 0; f < fields.length; f++) {
      report.set(f, fields[f].encode(row, out, at));
    }
  }

  private void check(R row, float[] out, int at) {
    Objects.requireNonNull(row, "row");
    Objects.requireNonNull(out, "out");
    if (at < 0 || out.length - at < columns) {
      throw new IllegalArgumentException(
          "out: length %d; expected at least %d from place %d".formatted(out.length, columns, at));
    }
    if (values >= 0 && ((Object[]) row).length != values) {
      throw new DataException(
          "values: %d; expected %d: %s"
              .formatted(((Object[]) row).length, values, Names.some(names)));
    }
    if (row instanceof Map<?, ?> map && !keys.isEmpty()) {
      for (Object key : map.keySet()) {
        if (key == null || !keys.contains(key)) {
          throw new DataException(
              "values: no column %s; expected %s".formatted(key, Names.some(names)));
        }
      }
    }
  }

  /**
   * {@return what reads a component}
   *
   * @param lookup what may access it, or null for this library's own rights
   * @param call how a caller gives a lookup, for an error
   */
  static MethodHandle accessor(
      Class<?> type, RecordComponent component, MethodHandles.Lookup lookup, String call) {
    try {
      MethodHandles.Lookup allowed = lookup == null ? own(type) : lookup;
      return allowed.unreflect(component.getAccessor());
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          lookup == null
              ? "type: %s is not open to Lanewise; expected %s, or a module that opens %s to dev.lanewise"
                  .formatted(type.getName(), call, type.getPackageName())
              : "lookup: %s may not access %s; expected one of its own class or package"
                  .formatted(lookup, type.getName()),
          e);
    }
  }

  /**
   * The access that this library has to a type: full if its package is open to it, else to public
   * members.
   */
  private static MethodHandles.Lookup own(Class<?> type) {
    RowEncoder.class.getModule().addReads(type.getModule());
    MethodHandles.Lookup ours = MethodHandles.lookup();
    try {
      return MethodHandles.privateLookupIn(type, ours);
    } catch (IllegalAccessException e) {
      return ours;
    }
  }

  /** {@return the field that an accessor reads, without boxing} */
  private static Field field(Codes codes, MethodHandle accessor) {
    if (accessor == null) {
      return new Absent(codes);
    }
    Class<?> type = accessor.type().returnType();
    if (type == double.class) {
      return new DoubleField(codes, from(accessor, double.class));
    }
    if (type == float.class) {
      return new FloatField(codes, from(accessor, float.class));
    }
    if (type == boolean.class) {
      return new BooleanField(codes, from(accessor, boolean.class));
    }
    if (type.isPrimitive() && type != char.class) {
      return new LongField(codes, from(accessor, long.class));
    }
    if (type.isArray() || Iterable.class.isAssignableFrom(type) || type == Optional.class) {
      throw new DataException(
          "column %s: %s; expected a number, a text, a boolean, an enum or a date"
              .formatted(codes.name(), Names.type(type)));
    }
    return new ObjectField(codes, from(accessor, Object.class));
  }

  private static MethodHandle from(MethodHandle accessor, Class<?> type) {
    return accessor.asType(MethodType.methodType(type, Object.class));
  }

  /**
   * The encoding of a field, in an encoder or in each part of a joined one.
   *
   * @param codes the column's in each part
   * @param offsets where it goes in each part
   */
  private record Codes(ColumnCode[] codes, int[] offsets) {

    static Codes of(Encoder encoder, int column) {
      List<Encoder> parts = encoder.parts();
      ColumnCode[] codes = new ColumnCode[parts.size()];
      int[] offsets = new int[codes.length];
      int at = 0;
      for (int p = 0; p < codes.length; p++) {
        codes[p] = parts.get(p).code(column);
        offsets[p] = at + parts.get(p).offset(column);
        at += parts.get(p).encodedColumns();
      }
      return new Codes(codes, offsets);
    }

    String name() {
      return codes[0].column.name();
    }
  }

  /** A field of a row. A value that one of several parts knows counts as known. */
  private abstract static sealed class Field {

    private final Codes codes;

    private Field(Codes codes) {
      this.codes = codes;
    }

    final State encode(Object row, float[] out, int at) {
      ColumnCode[] parts = codes.codes;
      State state = encode(row, parts[0], out, at + codes.offsets[0]);
      for (int p = 1; p < parts.length; p++) {
        State other = encode(row, parts[p], out, at + codes.offsets[p]);
        state = other == State.KNOWN ? other : state;
      }
      return state;
    }

    abstract State encode(Object row, ColumnCode code, float[] out, int at);
  }

  /** A column that rows do not have. */
  private static final class Absent extends Field {

    private Absent(Codes codes) {
      super(codes);
    }

    @Override
    State encode(Object row, ColumnCode code, float[] out, int at) {
      return code.missing(out, at);
    }
  }

  /** An element of an array. */
  private static final class Element extends Field {

    private final int place;

    private Element(Codes codes, int place) {
      super(codes);
      this.place = place;
    }

    @Override
    State encode(Object row, ColumnCode code, float[] out, int at) {
      return code.value(((Object[]) row)[place], out, at);
    }
  }

  /** A value of a map, under the column's name. */
  private static final class Entry extends Field {

    private Entry(Codes codes) {
      super(codes);
    }

    @Override
    State encode(Object row, ColumnCode code, float[] out, int at) {
      return code.value(((Map<?, ?>) row).get(code.column.name()), out, at);
    }
  }

  /** A component that an accessor reads. */
  private abstract static sealed class Component extends Field {

    final MethodHandle accessor;

    private Component(Codes codes, MethodHandle accessor) {
      super(codes);
      this.accessor = accessor;
    }

    @Override
    final State encode(Object row, ColumnCode code, float[] out, int at) {
      try {
        return read(row, code, out, at);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalArgumentException(
            "row: reading %s failed".formatted(code.column.name()), e);
      }
    }

    abstract State read(Object row, ColumnCode code, float[] out, int at) throws Throwable;
  }

  private static final class DoubleField extends Component {

    private DoubleField(Codes codes, MethodHandle accessor) {
      super(codes, accessor);
    }

    @Override
    State read(Object row, ColumnCode code, float[] out, int at) throws Throwable {
      return code.number((double) accessor.invokeExact(row), out, at);
    }
  }

  private static final class FloatField extends Component {

    private FloatField(Codes codes, MethodHandle accessor) {
      super(codes, accessor);
    }

    @Override
    State read(Object row, ColumnCode code, float[] out, int at) throws Throwable {
      return code.single((float) accessor.invokeExact(row), out, at);
    }
  }

  private static final class LongField extends Component {

    private LongField(Codes codes, MethodHandle accessor) {
      super(codes, accessor);
    }

    @Override
    State read(Object row, ColumnCode code, float[] out, int at) throws Throwable {
      return code.whole((long) accessor.invokeExact(row), out, at);
    }
  }

  private static final class BooleanField extends Component {

    private BooleanField(Codes codes, MethodHandle accessor) {
      super(codes, accessor);
    }

    @Override
    State read(Object row, ColumnCode code, float[] out, int at) throws Throwable {
      return code.truth((boolean) accessor.invokeExact(row), out, at);
    }
  }

  private static final class ObjectField extends Component {

    private ObjectField(Codes codes, MethodHandle accessor) {
      super(codes, accessor);
    }

    @Override
    State read(Object row, ColumnCode code, float[] out, int at) throws Throwable {
      return code.value((Object) accessor.invokeExact(row), out, at);
    }
  }
}
