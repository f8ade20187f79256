package dev.lanewise.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Property
  void valuesSurviveWritingAndReading(@ForAll("values") Json value) {
    assertEquals(value, Json.parse(value.toString()));
  }

  /**
   * Whoever reads past a value stands where one who has read it stands, or refuses it as he does.
   */
  @Property
  void readingPastAValueIsReadingIt(
      @ForAll("values") Json value, @ForAll int place, @ForAll("characters") char other) {
    String text = value + ",";
    check(text);
    StringBuilder wrong = new StringBuilder(text);
    wrong.setCharAt(Math.floorMod(place, text.length()), other);
    check(wrong.toString());
  }

  @Provide
  Arbitrary<Character> characters() {
    return Arbitraries.of('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'u', ' ');
  }

  private static void check(String text) {
    JsonReader read = new JsonReader(text);
    JsonReader skipped = new JsonReader(text);
    String refusal = refusal(read::value);
    if (refusal.contains("stands twice") || refusal.contains("half a surrogate pair")) {
      return; // only a string that is built tells
    }
    assertEquals(refusal, refusal(skipped::skip), text);
    assertEquals(refusal(read::end), refusal(skipped::end), text);
    if (refusal.isEmpty()) {
      assertEquals(read.start(), skipped.start(), text);
    }
  }

  private static String refusal(Runnable reading) {
    try {
      reading.run();
      return "";
    } catch (JsonException e) {
      return e.getMessage();
    }
  }

  @Provide
  Arbitrary<Json> values() {
    Arbitrary<String> texts =
        Arbitraries.strings()
            .ofMaxLength(6)
            .withChars("a\"\\/\n\u0000\u007f\u00e9\u20ac ".toCharArray());
    Arbitrary<Json> leaves =
        Arbitraries.oneOf(
            texts.map(Json::of),
            Arbitraries.of(true, false).map(Json::of),
            Arbitraries.longs().map(Json::of),
            Arbitraries.just(new Json.Null()));
    return Arbitraries.recursive(
        () -> leaves,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(3).map(Json.Arr::new),
                Arbitraries.maps(texts, inner).ofMaxSize(3).map(Json.Obj::new)),
        0,
        3);
  }

  @Property
  void floatsSurviveBitwise(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    Assume.that(Float.isFinite(value));
    Json.Num read = (Json.Num) Json.parse(Json.of(value).toString());
    assertEquals(bits, Float.floatToRawIntBits(read.asFloat()));
  }

  @Property
  void doublesSurviveBitwise(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    Assume.that(Double.isFinite(value));
    Json.Num read = (Json.Num) Json.parse(Json.of(value).toString());
    assertEquals(bits, Double.doubleToRawLongBits(read.asDouble()));
  }

  @Test
  void minusZeroSurvives() {
    assertEquals("-0.0", Json.parse(Json.of(-0.0).toString()).toString());
  }

  @Test
  void membersKeepTheirOrder() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("z", Json.of(1));
    members.put("a", new Json.Arr(List.of(Json.of(false), new Json.Null())));
    assertEquals("{\"z\":1,\"a\":[false,null]}", new Json.Obj(members).toString());
  }

  @Test
  void escapesAreRead() {
    assertEquals(
        Json.of("\"\\/\b\f\n\r\tA\ud83d\ude00"),
        Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\uDE00\""));
  }

  @Test
  void outputIsAscii() {
    assertEquals("\"\\u00e9\\u0000\\ud83d\\ude00\"", Json.of("\u00e9\0\ud83d\ude00").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "truefalse",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "--1",
        "NaN",
        "Infinity",
        "0x1",
        "1 2",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "{\"a\":1,}",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u\u0661\u0661\u0661\u0661\"",
        "\"\n\"",
        "\"\0\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\u00a01",
        "\ufeff1"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThrows(JsonException.class, () -> Json.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[1,x]|character 3: expected a value, found x",
        "{\"a\":1,\"a\":2}|character 8: the name \"a\" stands twice",
        "{\"a\" 1}|character 5: expected a colon, found 1",
        "[1|character 2: expected a comma or ], found the end",
        "1 2|character 2: expected the end, found 2",
      })
  void messagesSayWhereAndWhatWasExpected(String text, String message) {
    assertEquals(message, assertThrows(JsonException.class, () -> Json.parse(text)).getMessage());
  }

  @Test
  void depthIsBounded() {
    String legal = "[".repeat(64) + "]".repeat(64);
    assertEquals(legal, Json.parse(legal).toString());
    JsonException e = assertThrows(JsonException.class, () -> Json.parse("[".repeat(100_000)));
    assertTrue(e.getMessage().endsWith("nested deeper than 64"), e.getMessage());
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThrows(JsonException.class, () -> new Json.Num("1e39").asFloat());
    assertThrows(JsonException.class, () -> new Json.Num("-1e309").asDouble());
    assertThrows(JsonException.class, () -> new Json.Num("9223372036854775808").asLong());
    assertThrows(JsonException.class, () -> new Json.Num("2147483648").asInt());
    assertThrows(JsonException.class, () -> new Json.Num("1.0").asLong());
    assertThrows(JsonException.class, () -> Json.of(Double.NaN));
    assertThrows(JsonException.class, () -> Json.of(Float.POSITIVE_INFINITY));
  }

  @Test
  void aLongNumberIsNotRepeatedWhole() {
    String digits = "9".repeat(100_000);
    for (Function<Json.Num, Number> as :
        List.<Function<Json.Num, Number>>of(
            Json.Num::asInt, Json.Num::asLong, Json.Num::asFloat, Json.Num::asDouble)) {
      JsonException e = assertThrows(JsonException.class, () -> as.apply(new Json.Num(digits)));
      assertTrue(e.getMessage().length() < 100, e.getMessage());
      assertNull(e.getCause());
    }
  }

  @Test
  void halfASurrogatePairIsNotWritten() {
    assertThrows(JsonException.class, () -> Json.of("\ud800"));
  }
}
