package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Numbers read from characters. */
final class DecimalTest {

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> sign = Arbitraries.of("", "-", "+");
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMaxLength(24);
    Arbitrary<String> point = Arbitraries.of("", ".", ".", ".0", ".00000000000000000000000");
    Arbitrary<String> power = Arbitraries.of("", "", "", "e5", "E-22", "e+23", "e-330", "e400");
    return net.jqwik.api.Combinators.combine(sign, digits, point, digits, power)
        .as((s, whole, p, fraction, e) -> s + whole + p + (p.isEmpty() ? "" : fraction) + e);
  }

  @Property(tries = 2000)
  void everyDecimalTextHasTheBitsThatJavaGivesIt(@ForAll("decimals") String text) {
    double expected;
    try {
      expected = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      expected = Double.NaN;
    }
    assertEquals(
        Double.doubleToRawLongBits(expected),
        Double.doubleToRawLongBits(Decimal.parse(text)),
        text);
  }

  @Property
  void theShortestTextOfANumberIsReadAsThatNumber(@ForAll double value) {
    double read = Decimal.parse(Decimal.text(value));
    assertEquals(value + 0.0, read, Decimal.text(value));
  }

  @Property
  void shortDecimalsHaveTheBitsThatJavaGivesThem(
      @ForAll("shorts") int units, @ForAll("places") int places) {
    String text = java.math.BigDecimal.valueOf(units, places).toPlainString();
    assertEquals(Double.parseDouble(text), Decimal.parse(text), text);
  }

  @Provide
  Arbitrary<Integer> shorts() {
    return Arbitraries.integers();
  }

  @Provide
  Arbitrary<Integer> places() {
    return Arbitraries.integers().between(0, 30);
  }

  @Test
  void whatIsNoDecimalNumberIsNone() {
    for (String text :
        List.of(
            "",
            "+",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "1f",
            "1d",
            "0x1",
            "NaN",
            "Infinity",
            "1 2",
            "1,5",
            "--1",
            "1.2.3",
            "١٢")) {
      assertTrue(Double.isNaN(Decimal.parse(text)), text);
    }
  }

  @Test
  void wholeNumbersHaveDigitsAlone() {
    assertEquals("0", Decimal.text(-0.0));
    assertEquals("9007199254740992", Decimal.text(0x1p53));
    assertEquals("-12", Decimal.text(-12));
    assertEquals("0.1", Decimal.text(0.1));
    assertEquals("1E39", Decimal.text(1e39));
  }

  @Test
  void spellingMattersWithLeadingZerosAndBeyond53Bits() {
    for (String text : List.of("01", "-007", "00", "9007199254740993", "123456789012345678901")) {
      assertTrue(Decimal.isSpelled(text.toCharArray(), 0, text.length()), text);
    }
    for (String text : List.of("0", "10", "-1", "0.5", "00.5", "9007199254740992", "1e20", "+5")) {
      assertFalse(Decimal.isSpelled(text.toCharArray(), 0, text.length()), text);
    }
  }
}
