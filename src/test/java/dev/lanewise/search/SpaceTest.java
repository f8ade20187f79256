package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpaceTest {

  private static final double END = Math.nextDown(1.0);

  @Provide
  Arbitrary<Space> spaces() {
    Arbitrary<Double> any = Arbitraries.doubles().ofScale(6).between(-1e300, 1e300);
    Arbitrary<Double> positive =
        Arbitraries.doubles().between(-300, 300).map(of -> Math.pow(10, of));
    Arbitrary<Double> share = Arbitraries.doubles().ofScale(6).between(0, 0.999999);
    Arbitrary<Integer> whole = Arbitraries.integers();
    return Arbitraries.oneOf(
        any.tuple2()
            .filter(of -> of.get1() < of.get2())
            .map(of -> Space.uniform("x", of.get1(), of.get2())),
        positive
            .tuple2()
            .filter(of -> of.get1() < of.get2())
            .map(of -> Space.logUniform("x", of.get1(), of.get2())),
        share
            .tuple2()
            .filter(of -> of.get1() < of.get2())
            .map(of -> Space.oneMinusLog("x", of.get1(), of.get2())),
        whole
            .tuple2()
            .filter(of -> of.get1() < of.get2())
            .map(of -> Space.integer("x", of.get1(), of.get2())),
        Arbitraries.strings()
            .withChars("ab0,.")
            .ofMinLength(1)
            .list()
            .uniqueElements()
            .ofMinSize(2)
            .map(of -> Space.choice("x", of.toArray(String[]::new))));
  }

  @Property
  void everyPlaceStandsForAValueOfTheSpace(
      @ForAll("spaces") Space space,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double unit) {
    for (double place : new double[] {0, unit, END}) {
      String value = space.at(place);
      double back = space.place(value);
      assertTrue(back >= 0 && back <= 1, () -> space + " at " + place + ": " + value);
    }
  }

  @Property
  void valuesGrowWithTheirPlaces(
      @ForAll("spaces") Space space,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double one,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double other) {
    String low = space.at(Math.min(one, other));
    String high = space.at(Math.max(one, other));
    if (space.scale() == Space.Scale.CHOICE) {
      assertTrue(space.choices().indexOf(low) <= space.choices().indexOf(high));
    } else {
      assertTrue(Double.parseDouble(low) <= Double.parseDouble(high));
    }
  }

  @Property
  void theTextOfASpaceReadsBackAsTheSpace(@ForAll("spaces") Space space) {
    assertEquals(space, Space.parse(space.toString()));
  }

  @Test
  void aLogSpaceIsUniformInTheExponent() {
    Space space = Space.logUniform("x", 1e-4, 1);
    for (int decade = 0; decade < 4; decade++) {
      double value = Double.parseDouble(space.at(decade / 4.0));
      assertEquals(Math.pow(10, decade - 4), value, 1e-12 * value);
    }
  }

  @Test
  void oneMinusAValueOfAOneMinusLogSpaceIsUniformInTheExponent() {
    Space space = Space.oneMinusLog("beta", 0.9, 0.999);
    assertEquals("0.9", space.at(0));
    assertEquals(0.99, Double.parseDouble(space.at(0.5)), 1e-12);
    assertEquals(0.999, Double.parseDouble(space.at(END)), 1e-12);
  }

  @Property
  void bothEndsOfWholeNumbersAreTriedAndNothingBeyond(
      @ForAll int low, @ForAll @IntRange(min = 1) int span) {
    int high = (int) Math.min(Integer.MAX_VALUE, (long) low + span);
    if (low == high) {
      return;
    }
    Space space = Space.integer("n", low, high);
    assertEquals(Integer.toString(low), space.at(0));
    assertEquals(Integer.toString(high), space.at(END));
  }

  @Property
  void wholeNumbersAndChoicesAreEquallyFrequent(@ForAll @IntRange(min = 2, max = 40) int count) {
    Space numbers = Space.integer("n", 5, 4 + count);
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = "c" + i;
    }
    for (Space space : List.of(numbers, Space.choice("c", names))) {
      Map<String, Integer> seen = new HashMap<>();
      for (int i = 0; i < 10 * count; i++) {
        seen.merge(space.at((i + 0.5) / (10 * count)), 1, Integer::sum);
      }
      assertEquals(count, seen.size());
      seen.forEach((value, times) -> assertEquals(10, times, value));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "x=",
        "=log:1..2",
        "x=log",
        "x=log:",
        "x=log:1",
        "x=log:1..",
        "x=log:..1",
        "x=log:0..1",
        "x=log:-1..1",
        "x=log:1..1",
        "x=log:2..1",
        "x=log:1..NaN",
        "x=log:1..Infinity",
        "x=log:1..1e999",
        "x=log:a..b",
        "x=ln:1..2",
        "x=linear:3..2",
        "x=linear:-1e308..1e308",
        "x=1-log:0.9..1",
        "x=1-log:-0.1..0.9",
        "x=int:1..2.5",
        "x=int:1..3000000000",
        "x=int:3..3",
        "x=choice:",
        "x=choice:a",
        "x=choice:a|a",
        "x=choice:a||b",
        "a b=log:1..2"
      })
  void whatIsNoSpaceIsRefusedWithItsText(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Space.parse(text));
    assertTrue(refused.getMessage().startsWith("space " + text), refused.getMessage());
    assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
  }

  @Test
  void blanksAroundPartsOfATextDoNotMatter() {
    assertEquals("h=choice:64|128,64", Space.parse("h = choice: 64 | 128,64").toString());
    assertEquals("r=log:1.0E-4..1.0", Space.parse("r=log: 1e-4 .. 1 ").toString());
  }
}
