package dev.lanewise.data;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Reads ISO dates and times as seconds since 1970-01-01T00:00Z; times without an offset are taken
 * as UTC, times without a date as of that day.
 */
final class Dates {

  private static final double NANOS = 1e9;
  private static final int DAY = 86_400;

  private Dates() {}

  /**
   * {@return the seconds of {@code 2024-12-31}, {@code 2024-12-31T23:59:59.5+01:00} (or with a
   * blank for T, or {@code Z}) or {@code 23:59}; NaN if a text is nothing of these}
   */
  static double parse(String text) {
    int length = text.length();
    boolean date = length >= 10 && text.charAt(4) == '-' && text.charAt(7) == '-';
    if (!date && !(length >= 5 && text.charAt(2) == ':')) {
      return Double.NaN;
    }
    double day = 0;
    int at = 0;
    if (date) {
      int year = digits(text, 0, 4);
      int month = digits(text, 5, 2);
      int dayOfMonth = digits(text, 8, 2);
      if (year < 0 || month < 0 || dayOfMonth < 0) {
        return Double.NaN;
      }
      try {
        day = (double) LocalDate.of(year, month, dayOfMonth).toEpochDay() * DAY;
      } catch (DateTimeException e) {
        return Double.NaN;
      }
      if (length == 10) {
        return day;
      }
      if (text.charAt(10) != 'T' && text.charAt(10) != 't' && text.charAt(10) != ' ') {
        return Double.NaN;
      }
      at = 11;
    }
    return day + time(text, at);
  }

  /** The seconds of a time of day and its offset; NaN if the rest of the text is none. */
  private static double time(String text, int from) {
    int hour = digits(text, from, 2);
    int minute = at(text, from + 2) == ':' ? digits(text, from + 3, 2) : -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return Double.NaN;
    }
    int at = from + 5;
    double second = 0;
    if (at(text, at) == ':') {
      second = digits(text, at + 1, 2);
      if (second < 0 || second > 59) {
        return Double.NaN;
      }
      at += 3;
      if (at(text, at) == '.' || at(text, at) == ',') {
        int begin = ++at;
        while (at(text, at) >= '0' && at(text, at) <= '9') {
          at++;
        }
        if (at == begin) {
          return Double.NaN;
        }
        second = Double.parseDouble((int) second + "." + text.substring(begin, at));
      }
    }
    return hour * 3600 + minute * 60 + second - offset(text, at);
  }

  /**
   * The seconds of an offset from UTC, 0 for none; NaN if the rest of the text is something else.
   */
  private static double offset(String text, int from) {
    int at = at(text, from) == ' ' ? from + 1 : from;
    if (at == text.length()) {
      return at == from ? 0 : Double.NaN;
    }
    char sign = text.charAt(at);
    if (sign == 'Z' || sign == 'z') {
      return at + 1 == text.length() ? 0 : Double.NaN;
    }
    int hours = digits(text, at + 1, 2);
    if ((sign != '+' && sign != '-') || hours < 0 || hours > 18) {
      return Double.NaN;
    }
    int rest = at + 3;
    int minutes = 0;
    if (rest < text.length()) {
      rest += text.charAt(rest) == ':' ? 1 : 0;
      minutes = digits(text, rest, 2);
      rest += 2;
    }
    if (minutes < 0 || minutes > 59 || rest != text.length()) {
      return Double.NaN;
    }
    int seconds = hours * 3600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
  }

  private static char at(String text, int index) {
    return index < text.length() ? text.charAt(index) : 0;
  }

  /** The number in some digits, −1 if there are others or fewer. */
  private static int digits(String text, int from, int count) {
    if (from + count > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < from + count; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** {@return a date or time as seconds since 1970 UTC, NaN if a value is none} */
  static double seconds(Object value) {
    return switch (value) {
      case LocalDate date -> seconds(date);
      case Instant instant -> seconds(instant);
      case LocalDateTime time -> seconds(time);
      case OffsetDateTime time -> seconds(time.toInstant());
      case ZonedDateTime time -> seconds(time.toInstant());
      case LocalTime time -> time.toNanoOfDay() / NANOS;
      case java.util.Date date -> seconds(date);
      default -> Double.NaN;
    };
  }

  /** {@return the seconds of a date's midnight in UTC} */
  static double seconds(LocalDate date) {
    return (double) date.toEpochDay() * DAY;
  }

  /** {@return the seconds of a local time, taken as UTC} */
  static double seconds(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC) + time.getNano() / NANOS;
  }

  /** {@return the seconds of an instant} */
  static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / NANOS;
  }

  /**
   * {@return the seconds of a date of old} SQL's forms say in the time zone of the machine what
   * stands in the data base without one.
   */
  static double seconds(java.util.Date date) {
    return isSql(date.getClass()) ? Sql.seconds(date) : seconds(date.toInstant());
  }

  /** Whether a class is one of SQL's or extends one; by name, as there may be none. */
  private static boolean isSql(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      if (each.getName().startsWith("java.sql.")) {
        return true;
      }
    }
    return false;
  }

  /** Stands apart, because a program may run without the module {@code java.sql}. */
  private static final class Sql {

    static double seconds(java.util.Date date) {
      return switch (date) {
        case java.sql.Date day -> Dates.seconds(day.toLocalDate());
        case java.sql.Time time -> time.toLocalTime().toNanoOfDay() / NANOS;
        case java.sql.Timestamp time -> Dates.seconds(time.toLocalDateTime());
        default -> Dates.seconds(date.toInstant());
      };
    }

    static String text(java.util.Date date) {
      return switch (date) {
        case java.sql.Date day -> Dates.text(day.toLocalDate());
        case java.sql.Time time -> Dates.text(time.toLocalTime());
        case java.sql.Timestamp time -> Dates.text(time.toLocalDateTime());
        default -> Dates.text(date.toInstant());
      };
    }
  }

  /**
   * {@return the text of a date or time, exactly: a time of day, a date, or a date and time in UTC
   * where it is not midnight}
   *
   * @param value what {@link #seconds(Object)} takes
   */
  static String text(Object value) {
    return switch (value) {
      case Instant instant ->
          instant.getNano() == 0 && instant.getEpochSecond() % DAY == 0
              ? text((double) instant.getEpochSecond())
              : instant.toString();
      case LocalDateTime time -> text(time.toInstant(ZoneOffset.UTC));
      case OffsetDateTime time -> text(time.toInstant());
      case ZonedDateTime time -> text(time.toInstant());
      case java.util.Date date when isSql(date.getClass()) -> Sql.text(date);
      case java.util.Date date -> text(date.toInstant());
      default -> value.toString(); // ISO's own form
    };
  }

  /** {@return seconds as a date, or as a date and time where it is not midnight} */
  static String text(double seconds) {
    long whole = (long) Math.floor(seconds);
    if (seconds == whole && whole % DAY == 0) {
      return LocalDate.ofEpochDay(whole / DAY).toString();
    }
    return Instant.ofEpochSecond(whole, Math.round((seconds - whole) * NANOS)).toString();
  }
}
