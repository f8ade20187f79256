package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** ISO dates and times read as seconds since 1970 in UTC. */
final class DatesTest {

  @Property
  void everyIsoTimeHasTheSecondsThatJavaGivesIt(
      @ForAll @IntRange(min = -60_000, max = 100_000) int day,
      @ForAll @IntRange(max = 86_399) int second,
      @ForAll @IntRange(min = -1079, max = 1079) int offset) {
    LocalDateTime local = LocalDate.ofEpochDay(day).atStartOfDay().plusSeconds(second);
    if (local.getYear() < 1 || local.getYear() > 9999) {
      return;
    }
    OffsetDateTime there = local.atOffset(ZoneOffset.ofTotalSeconds(offset * 60));
    assertEquals(local.toEpochSecond(ZoneOffset.UTC), Dates.parse(local.toString()));
    assertEquals(
        local.toEpochSecond(ZoneOffset.UTC), Dates.parse(local.toString().replace('T', ' ')));
    assertEquals(there.toEpochSecond(), Dates.parse(there.toString()), there.toString());
    assertEquals(local.toEpochSecond(ZoneOffset.UTC), Dates.parse(local + "Z"));
    assertEquals(
        local.toLocalDate().toEpochDay() * 86_400.0, Dates.parse(local.toLocalDate() + ""));
  }

  @Property
  void theTextOfSecondsIsReadAsThoseSeconds(@ForAll @IntRange int seconds) {
    assertEquals(seconds, Dates.parse(Dates.text(seconds)));
    assertEquals(seconds + 0.25, Dates.parse(Dates.text(seconds + 0.25)));
  }

  @Test
  void offsetsAreWrittenInThreeWays() {
    double noon = Instant.parse("2024-02-29T12:00:00Z").getEpochSecond();
    for (String text :
        List.of(
            "2024-02-29T13:30+01:30",
            "2024-02-29 07:00:00-0500",
            "2024-02-29T14:00:00.000+02",
            "2024-02-29 12:00:00 Z")) {
      assertEquals(noon, Dates.parse(text), text);
    }
    assertEquals(12 * 3600 + 30 * 60, Dates.parse("12:30"));
  }

  @Test
  void whatIsNoIsoDateIsNone() {
    for (String text :
        List.of(
            "",
            "2024",
            "2024-13-01",
            "2023-02-29",
            "2024-1-1",
            "31.12.2024",
            "2024/12/31",
            "2024-12-31T",
            "2024-12-31T24:00",
            "2024-12-31T10:60",
            "2024-12-31T10",
            "12:3",
            "2024-12-31X10:00",
            "2024-12-31T10:00+",
            "2024-12-31T10:00:00.",
            "20241231")) {
      assertTrue(Double.isNaN(Dates.parse(text)), text);
    }
  }

  /** Drivers and mappers have types of their own that extend those of SQL. */
  @Test
  void typesThatExtendThoseOfSqlAreReadAsThese() {
    LocalDateTime time = LocalDateTime.of(2024, 12, 31, 23, 59, 58, 500_000_000);
    java.util.Date plain = java.sql.Timestamp.valueOf(time);
    java.util.Date own =
        new java.sql.Timestamp(plain.getTime()) {
          private static final long serialVersionUID = 1;
        };
    assertEquals(Dates.seconds(time), Dates.seconds(own));
    java.util.Date day =
        new java.sql.Date(java.sql.Date.valueOf(time.toLocalDate()).getTime()) {
          private static final long serialVersionUID = 1;
        };
    assertEquals(Dates.seconds(time.toLocalDate()), Dates.seconds(day));
  }
}
