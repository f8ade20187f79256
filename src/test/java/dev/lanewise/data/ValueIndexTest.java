package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which texts, numbers and booleans are one value. */
final class ValueIndexTest {

  private static List<String> sorted(List<String> texts) {
    return List.copyOf(
        ValueIndex.sorted(
                texts.stream().collect(Collectors.toMap(text -> text, text -> 1, Integer::sum)))
            .keySet());
  }

  @Test
  void wholeNumbersKeepAllTheirDigits() {
    List<String> ids =
        sorted(List.of("9007199254740993", "9007199254740992", "1925036343869802844", "7"));
    assertEquals(List.of("7", "9007199254740992", "9007199254740993", "1925036343869802844"), ids);
    ValueIndex index = new ValueIndex(ids);
    assertEquals(1, index.number(0x1p53));
    assertEquals(1, index.whole(9007199254740992L));
    assertEquals(2, index.whole(9007199254740993L));
    assertEquals(-1, index.whole(9007199254740994L));
    assertEquals(-1, index.whole(1925036343869802845L));
    assertEquals(-1, index.text("1925036343869802845"));
    assertEquals(3, index.exact(new BigDecimal("1925036343869802844.0")));
    assertEquals(0, index.number(7.0));
    assertEquals(0, index.single(7f));
    String huge = "123456789012345678901234567890";
    ValueIndex beyond = new ValueIndex(List.of(huge));
    assertEquals(0, beyond.text("0" + huge));
    assertEquals(-1, beyond.text("123456789012345678901234567891"));
  }

  /** Codes that a spreadsheet has cut. */
  @Test
  void aNumberIsTheOneValueThatIsEqualToIt() {
    ValueIndex index = new ValueIndex(List.of("01", "02", "10"));
    assertEquals(0, index.text("1"));
    assertEquals(0, index.text("1.0"));
    assertEquals(1, index.whole(2));
    assertEquals(2, index.number(10.0));
    assertEquals(-1, index.text("11"));
    ValueIndex both = new ValueIndex(List.of("01", "1", "x"));
    assertEquals(0, both.text("01"));
    assertEquals(1, both.text("1"));
    assertEquals(-1, both.text("1.0"));
    assertEquals(1, both.whole(1));
  }

  @Test
  void fractionsAreFoundByDoubleFloatAndText() {
    ValueIndex index = new ValueIndex(List.of("0.1", "0.5", "-2.25"));
    assertEquals(0, index.number(0.1));
    assertEquals(0, index.single(0.1f));
    assertEquals(0, index.text("0.10"));
    assertEquals(0, index.exact(new BigDecimal("0.100")));
    assertEquals(-1, index.number(0.1f));
    assertEquals(2, index.single(-2.25f));
    assertEquals(-1, index.number(Double.POSITIVE_INFINITY));
    assertEquals(-1, index.number(-1e300));
  }

  /** What pandas, R and JSON write for one boolean. */
  @Test
  void booleansMeetInAnySpelling() {
    for (List<String> words :
        List.of(
            List.of("False", "True"),
            List.of("FALSE", "TRUE"),
            List.of("no", "yes"),
            List.of("f", "t"),
            List.of("0", "1"))) {
      ValueIndex index = new ValueIndex(words);
      assertEquals(0, index.truth(false), words::toString);
      assertEquals(1, index.truth(true), words::toString);
      assertEquals(1, index.text("tRUE"), words::toString);
    }
    ValueIndex letters = new ValueIndex(List.of("f", "s", "t"));
    assertEquals(-1, letters.truth(true));
    assertEquals(-1, letters.text("true"));
    assertEquals(-1, new ValueIndex(List.of("no", "TRUE", "yes")).truth(true));
    assertEquals(1, new ValueIndex(List.of("no", "true", "yes")).truth(true));
    assertEquals(-1, new ValueIndex(List.of("1", "2")).truth(true));
    assertEquals(1, new ValueIndex(List.of("f", "s", "t")).text("s"));
  }

  @Test
  void aBooleanIsTheOnlyValueThatMeansItAmongOtherTexts() {
    ValueIndex index = new ValueIndex(List.of("False", "True", "unknown"));
    assertEquals(1, index.text("TRUE"));
    assertEquals(0, index.truth(false));
    ValueIndex both = new ValueIndex(List.of("TRUE", "True", "unknown"));
    assertEquals(1, both.text("True"));
    assertEquals(-1, both.text("true"));
    assertEquals(-1, new ValueIndex(List.of("F", "M", "x")).truth(false));
  }

  @Test
  void spellingsOfOneBooleanAreTheMostFrequentOne() {
    assertEquals(
        Map.of("False", 3, "True", 4),
        ValueIndex.sorted(Map.of("F", 1, "False", 2, "TRUE", 1, "True", 2, "true", 1)));
    assertEquals(List.of("NO", "Yes"), sorted(List.of("yes", "no", "Yes", "NO")));
    assertEquals(List.of("No", "no", "x"), sorted(List.of("no", "No", "x")));
  }

  @Test
  void spellingsOfOneNumberAreOneValueWhereAllAreNumbers() {
    assertEquals(
        Map.of("-0", 3, "1", 5),
        ValueIndex.sorted(Map.of("1", 2, "01", 1, "1.0", 2, "-0", 1, "0.0", 2)));
    assertEquals(List.of("01", "1", "x"), sorted(List.of("1", "x", "01", "1")));
    assertEquals(List.of("-1", "2", "10"), sorted(List.of("10", "2", "-1")));
  }

  /** What would take the digits of a million zeros to write down. */
  @Test
  void hugeExponentsCostNothing() {
    ValueIndex index = new ValueIndex(List.of("1e999999999", "2e-999999999", "3"));
    assertEquals(2, index.text("3"));
    assertEquals(0, index.text("10e999999998"));
    assertEquals(-1, index.text("1e99999999999"));
  }

  @Test
  void aDateIsTheOneValueOfItsMoment() {
    ValueIndex index = new ValueIndex(List.of("10:30", "2024-01-01 10:30:00", "2024-01-01T10:30Z"));
    assertEquals(0, index.text("10:30:00"));
    assertEquals(1, index.text("2024-01-01 10:30:00"));
    assertEquals(-1, index.text("2024-01-01T10:30:00Z"));
    assertEquals(-1, index.text("2024-01-02"));
  }

  @Test
  void amongZerosAndOnesABooleanIsOneOfThem() {
    assertEquals(
        Map.of("0", 4, "1", 3), ValueIndex.sorted(Map.of("0", 1, "false", 2, "1", 3, "F", 1)));
    assertEquals(List.of("0", "1", "2", "true"), sorted(List.of("0", "1", "2", "true")));
  }
}
