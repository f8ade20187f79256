package dev.lanewise.data;

import dev.lanewise.data.RowReport.State;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A compiled {@link Column}: it turns the values of one column into encoded, standardised ones.
 * Everything that does not depend on the value is computed beforehand. Numbers, booleans, dates,
 * and texts that are spelled like a category allocate nothing. Immutable.
 *
 * <p>Each method writes all encoded columns of this one, from a place on, and says how the value
 * stands to the training rows; or refuses the value, with nothing written.
 */
abstract sealed class ColumnCode {

  /**
   * The standardisation of the encoded columns of a row, from one column on.
   *
   * @param standardizer brings them to scale, or null
   * @param from the first column
   */
  record Scale(Standardizer standardizer, int from) {

    /** {@return an encoded number} */
    float of(int column, double value) {
      return standardizer == null ? (float) value : standardizer.apply(from + column, value);
    }
  }

  /** A cell's way from a table to an encoded row. */
  interface Cells {

    /** Writes the encoded columns of a row's cell. */
    void put(int row, float[] out, int at);
  }

  final Column column;

  private ColumnCode(Column column) {
    this.column = column;
  }

  /**
   * {@return the code of a column; null if it is not encoded}
   *
   * @param scale what is done to its encoded columns
   * @param words what stands for missing
   */
  static ColumnCode of(Column column, Scale scale, MissingWords words) {
    return switch (column) {
      case Column.Numeric numeric ->
          new Numbers(numeric, numeric.median(), numeric.flagged(), numeric.range(), scale, words);
      case Column.Date date ->
          new Numbers(date, date.median(), date.flagged(), date.range(), scale, words);
      case Column.Bool bool -> new Booleans(bool, scale, words);
      case Column.Categorical categorical -> new Categories(categorical, scale);
      case Column.Ignored ignored -> null;
      case Column.Label label -> null;
      case Column.Pixels pixels -> null;
    };
  }

  abstract State missing(float[] out, int at);

  abstract State number(double value, float[] out, int at);

  abstract State truth(boolean value, float[] out, int at);

  abstract State text(String value, float[] out, int at);

  /** Encodes a date or time, which is so many seconds. */
  abstract State date(Object value, double seconds, float[] out, int at);

  /** Encodes a number of which no more than the digits of a float are known. */
  State single(float value, float[] out, int at) {
    return number(value, out, at);
  }

  /** Encodes a whole number. */
  State whole(long value, float[] out, int at) {
    return number(value, out, at);
  }

  /** Encodes a number with all its digits. */
  State exact(BigDecimal value, float[] out, int at) {
    return number(value.doubleValue(), out, at);
  }

  /** {@return the way of a table's column} */
  abstract Cells cells(Table table, int place);

  /** Encodes a value given by a caller. */
  final State value(Object value, float[] out, int at) {
    if (value == null) {
      return missing(out, at);
    }
    if (value instanceof String text) {
      return text(text, out, at);
    }
    if (value instanceof Number number) {
      return anyNumber(number, out, at);
    }
    if (value instanceof Boolean truth) {
      return truth(truth, out, at);
    }
    if (value instanceof Enum<?> constant) {
      return text(constant.name(), out, at);
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return text(value.toString(), out, at);
    }
    double seconds = Dates.seconds(value);
    if (Double.isNaN(seconds)) {
      throw new DataException(
          "column %s: %s; expected a number, a text, a boolean, an enum, a date or null"
              .formatted(column.name(), Names.type(value.getClass())));
    }
    return date(value, seconds, out, at);
  }

  private State anyNumber(Number value, float[] out, int at) {
    if (value instanceof Double number) {
      return number(number, out, at);
    }
    if (value instanceof Float number) {
      return single(number, out, at);
    }
    if (value instanceof BigDecimal number) {
      return exact(number, out, at);
    }
    if (value instanceof BigInteger number) {
      return exact(new BigDecimal(number), out, at);
    }
    return Decimal.isLong(value)
        ? whole(value.longValue(), out, at)
        : number(value.doubleValue(), out, at);
  }

  /** {@return the complaint that a value is not what was expected} */
  final DataException unexpected(Object value, String expected) {
    return new DataException(
        "column %s: %s; expected %s"
            .formatted(column.name(), Names.shown(value.toString()), expected));
  }

  /** Numbers, and dates, which are numbers of seconds. */
  private static final class Numbers extends ColumnCode {

    private static final String NO_DATE = "a number, not a date";

    private final double median;
    private final boolean flagged;
    private final Column.Range range;
    private final Scale scale;
    private final float absent;
    private final float present;
    private final MissingWords words;

    private Numbers(
        Column column,
        double median,
        boolean flagged,
        Column.Range range,
        Scale scale,
        MissingWords words) {
      super(column);
      this.median = median;
      this.flagged = flagged;
      this.range = range;
      this.scale = scale;
      this.words = words;
      absent = flagged ? scale.of(1, 1) : 0;
      present = flagged ? scale.of(1, 0) : 0;
    }

    @Override
    State missing(float[] out, int at) {
      out[at] = scale.of(0, median);
      if (flagged) {
        out[at + 1] = absent;
      }
      return State.MISSING;
    }

    @Override
    State number(double value, float[] out, int at) {
      if (words.holds(value)) {
        return missing(out, at);
      }
      if (!put(value, out, at)) {
        throw unexpected(value, tooFar(value));
      }
      return range.contains(value) ? State.KNOWN : State.OUT_OF_RANGE;
    }

    /** Encodes a number that is there; {@return whether it is finite, also when encoded} */
    private boolean put(double value, float[] out, int at) {
      float encoded = scale.of(0, value);
      if (!Float.isFinite((float) value) || !Float.isFinite(encoded)) {
        return false;
      }
      out[at] = encoded;
      if (flagged) {
        out[at + 1] = present;
      }
      return true;
    }

    @Override
    State truth(boolean value, float[] out, int at) {
      if (column instanceof Column.Date) {
        throw unexpected(value, "a date");
      }
      return number(value ? 1 : 0, out, at);
    }

    @Override
    State date(Object value, double seconds, float[] out, int at) {
      if (!(column instanceof Column.Date)) {
        throw unexpected(Dates.text(value), NO_DATE);
      }
      return number(seconds, out, at);
    }

    @Override
    State text(String value, float[] out, int at) {
      String text = Cell.clean(value);
      if (words.holds(text)) {
        return missing(out, at);
      }
      double number = number(text);
      if (!Float.isFinite((float) number)) {
        boolean read = !Double.isNaN(number) || column instanceof Column.Date;
        throw unexpected(text, read ? expected() : Cell.expectedNumber(text));
      }
      return number(number, out, at);
    }

    /** {@return the number that a text is here, NaN if it is none} */
    private double number(String text) {
      if (column instanceof Column.Date) {
        return Dates.parse(text);
      }
      double number = Cell.number(text);
      if (!Double.isNaN(number)) {
        return number;
      }
      int truth = Cell.truth(text);
      return truth < 0 ? Double.NaN : truth;
    }

    /** {@return what is expected of a number that cannot be encoded} */
    private static String tooFar(double value) {
      return Float.isFinite((float) value)
          ? "a number nearer to those of the training rows, so that it is finite when standardised"
          : Cell.NUMBER;
    }

    private String expected() {
      return column instanceof Column.Date
          ? "an ISO date or time, or seconds since 1970"
          : Cell.NUMBER;
    }

    @Override
    Cells cells(Table table, int place) {
      Series series = table.series(place);
      boolean strange = series.kind() == Table.Kind.DATE && !(column instanceof Column.Date);
      return (row, out, at) -> {
        double number = series.number(row);
        if (strange && !Double.isNaN(number)) {
          throw table.unexpected(row, place, NO_DATE);
        }
        if (Double.isInfinite(number)) {
          number = number(series.text(row));
          number = Double.isNaN(number) ? Double.POSITIVE_INFINITY : number;
        }
        if (!Double.isNaN(number) && !Float.isFinite((float) number)) {
          throw table.unexpected(row, place, expected());
        }
        if (Double.isNaN(number) || words.holds(number)) {
          missing(out, at);
        } else if (!put(number, out, at)) {
          throw table.unexpected(row, place, tooFar(number));
        }
      };
    }
  }

  /** Booleans, as 1 and 0, or signs. */
  private static final class Booleans extends ColumnCode {

    private static final String EXPECTED = "true or false";

    private final boolean usual;
    private final boolean flagged;
    private final boolean signed;
    private final Scale scale;
    private final MissingWords words;

    private Booleans(Column.Bool column, Scale scale, MissingWords words) {
      super(column);
      usual = column.usual();
      flagged = column.flagged();
      signed = column.signed();
      this.scale = scale;
      this.words = words;
    }

    private State put(boolean value, boolean missing, float[] out, int at) {
      out[at] = scale.of(0, missing && signed ? 0 : value ? 1 : signed ? -1 : 0);
      if (flagged) {
        out[at + 1] = scale.of(1, missing ? 1 : 0);
      }
      return missing ? State.MISSING : State.KNOWN;
    }

    @Override
    State missing(float[] out, int at) {
      return put(usual, true, out, at);
    }

    @Override
    State truth(boolean value, float[] out, int at) {
      return put(value, false, out, at);
    }

    @Override
    State number(double value, float[] out, int at) {
      if (words.holds(value)) {
        return missing(out, at);
      }
      if (value != 0 && value != 1) {
        throw unexpected(value, EXPECTED);
      }
      return put(value == 1, false, out, at);
    }

    @Override
    State date(Object value, double seconds, float[] out, int at) {
      throw unexpected(Dates.text(value), EXPECTED);
    }

    @Override
    State text(String value, float[] out, int at) {
      String text = Cell.clean(value);
      if (words.holds(text)) {
        return missing(out, at);
      }
      int truth = truth(text);
      if (truth < 0) {
        throw unexpected(text, EXPECTED);
      }
      return put(truth == 1, false, out, at);
    }

    private static int truth(String text) {
      int truth = Cell.truth(text);
      double number = truth < 0 ? Cell.number(text) : truth;
      return number == 0 ? 0 : number == 1 ? 1 : -1;
    }

    @Override
    Cells cells(Table table, int place) {
      Series series = table.series(place);
      return (row, out, at) -> {
        double number = series.number(row);
        if (Double.isInfinite(number)) {
          number = truth(series.text(row));
        }
        if (Double.isNaN(number)) {
          missing(out, at);
        } else if (number == 0 || number == 1) {
          put(number == 1, false, out, at);
        } else {
          throw table.unexpected(row, place, EXPECTED);
        }
      };
    }
  }

  /** One of several values. */
  private static final class Categories extends ColumnCode {

    /** Not looked up yet. */
    private static final int OPEN = -2;

    private final ValueIndex index;

    /** The encoded column of all that have none of their own, −1 if there is none. */
    private final int other;

    /** The encoded column of missing, −1 if there is none. */
    private final int absent;

    /** The encoded columns of a value that none of them stands for. */
    private final float[] zeros;

    /** What a value's column is, by the value's place. */
    private final float[] ones;

    /** Whether all values have one column. */
    private final boolean together;

    private Categories(Column.Categorical column, Scale scale) {
      super(column);
      index = new ValueIndex(column.categories());
      int categories = column.categories().size();
      other = column.other() ? categories : -1;
      absent = column.flagged() ? column.values() - 1 : -1;
      zeros = new float[column.encodedColumns()];
      ones = new float[column.values()];
      together = column.code() != Column.Code.ONE_HOT;
      boolean isIndex = column.code() == Column.Code.INDEX;
      for (int c = 0; c < zeros.length; c++) {
        zeros[c] = isIndex ? -1 : scale.of(c, 0);
      }
      for (int value = 0; value < ones.length; value++) {
        ones[value] =
            switch (column.code()) {
              case ONE_HOT -> scale.of(value, 1);
              case SIGN -> scale.of(0, 2 * value - 1);
              case INDEX -> value;
            };
      }
    }

    private void put(int hot, float[] out, int at) {
      System.arraycopy(zeros, 0, out, at, zeros.length);
      if (hot >= 0) {
        out[together ? at : at + hot] = ones[hot];
      }
    }

    private State category(int place, float[] out, int at) {
      put(place >= 0 ? place : other, out, at);
      return place >= 0 ? State.KNOWN : State.UNKNOWN;
    }

    @Override
    State missing(float[] out, int at) {
      put(absent, out, at);
      return State.MISSING;
    }

    @Override
    State number(double value, float[] out, int at) {
      return Double.isNaN(value) ? missing(out, at) : category(index.number(value), out, at);
    }

    @Override
    State single(float value, float[] out, int at) {
      return Float.isNaN(value) ? missing(out, at) : category(index.single(value), out, at);
    }

    @Override
    State whole(long value, float[] out, int at) {
      return category(index.whole(value), out, at);
    }

    @Override
    State exact(BigDecimal value, float[] out, int at) {
      return category(index.exact(value), out, at);
    }

    @Override
    State truth(boolean value, float[] out, int at) {
      return category(index.truth(value), out, at);
    }

    @Override
    State date(Object value, double seconds, float[] out, int at) {
      return text(Dates.text(value), out, at);
    }

    @Override
    State text(String value, float[] out, int at) {
      int place = index.spelled(value);
      if (place < 0) {
        String text = Cell.clean(value);
        if (Cell.missing(text)) {
          return missing(out, at);
        }
        place = index.text(text);
      }
      return category(place, out, at);
    }

    @Override
    Cells cells(Table table, int place) {
      return switch (table.series(place)) {
        case Series.Texts texts -> {
          int[] placeOf = new int[texts.words().length];
          Arrays.fill(placeOf, OPEN);
          yield (row, out, at) -> {
            int code = texts.codes()[row];
            if (code < 0) {
              missing(out, at);
              return;
            }
            if (placeOf[code] == OPEN) {
              placeOf[code] = index.text(texts.words()[code]);
            }
            category(placeOf[code], out, at);
          };
        }
        case Series.Numbers numbers ->
            (row, out, at) -> {
              if (numbers.isMissing(row)) {
                missing(out, at);
              } else {
                category(index.text(numbers.text(row)), out, at);
              }
            };
        case Series.Unread unread -> (row, out, at) -> missing(out, at);
      };
    }
  }
}
