package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Small laws of what data are: equality, booleans, targets left as they are, weights selected. */
final class EncodedValuesTest {

  private static final Column.Pixels SHAPE = new Column.Pixels(1, 1, 1);

  @Test
  void imagesOfTheSameBytesAreEqual() {
    Idx.Images images = new Idx.Images("f", SHAPE, new byte[] {1, 2}, new byte[] {0, 1});
    Idx.Images same = new Idx.Images("f", SHAPE, new byte[] {1, 2}, new byte[] {0, 1});
    assertEquals(images, same);
    assertEquals(images.hashCode(), same.hashCode());
    assertNotEquals(images, new Idx.Images("g", SHAPE, new byte[] {1, 2}, new byte[] {0, 1}));
    assertNotEquals(images, new Idx.Images("f", SHAPE, new byte[] {1, 3}, new byte[] {0, 1}));
    assertNotEquals(images, new Idx.Images("f", SHAPE, new byte[] {1, 2}, new byte[] {1, 1}));
    assertNotEquals(
        images, new Idx.Images("f", new Column.Pixels(2, 1, 1), new byte[] {1, 2}, new byte[] {0}));
    assertNotEquals(images, (Object) "f");
    assertEquals("f: 2 images of 1 x 1 x 1", images.toString());
  }

  @Test
  void standardizersOfTheSameNumbersAreEqual() {
    Standardizer one = Standardizer.of(new double[] {1}, new double[] {2});
    Standardizer same = Standardizer.of(new double[] {1}, new double[] {2});
    assertEquals(one, same);
    assertEquals(one.hashCode(), same.hashCode());
    assertNotEquals(one, Standardizer.of(new double[] {0}, new double[] {2}));
    assertNotEquals(one, Standardizer.of(new double[] {1}, new double[] {3}));
    assertNotEquals(one, (Object) "standardises 1 columns");
    assertEquals("standardises 1 columns", one.toString());
    Standardizer robust = Standardizer.robust(new double[] {1}, new double[] {2});
    assertNotEquals(one, robust);
    assertEquals(robust, Standardizer.robust(new double[] {1}, new double[] {2}));
    assertEquals("standardises 1 columns by median and quartiles, clipped", robust.toString());
  }

  @Test
  void optionsThatDifferInNothingAreEqual() {
    Encoder.Options usual = Encoder.Options.standard();
    List<Encoder.Options> others =
        List.of(
            usual.withScale(Encoder.Scale.ROBUST),
            usual.withStandardize(false),
            usual.withScaledTargets(false),
            usual.withMaxCategories(63),
            usual.withSignedPairs(true),
            usual.withMissingCategory(false),
            usual.withIndexAbove(8));
    for (Encoder.Options other : others) {
      assertNotEquals(usual, other);
      assertNotEquals(usual.toString(), other.toString());
    }
    assertEquals(others.size(), Set.copyOf(others).size());
    Encoder.Options back =
        usual
            .withScale(Encoder.Scale.NONE)
            .withStandardize(true)
            .withScaledTargets(true)
            .withMaxCategories(64)
            .withSignedPairs(false)
            .withMissingCategory(true);
    assertEquals(usual, back);
    assertEquals(usual.hashCode(), back.hashCode());
    assertNotEquals(usual, (Object) usual.toString());
  }

  @Test
  void aBooleanIsTheCategoryOfItsText() {
    Encoder encoder =
        Encoder.of(
            true,
            List.of(new Column.Categorical("x", List.of("false", "true"), false)),
            Optional.empty(),
            new Target.Classes(List.of("no", "yes")));
    assertArrayEquals(new float[] {0, 1}, encoder.encode(Map.of("x", true)));
    assertArrayEquals(new float[] {1, 0}, encoder.encode(List.of(false)));
  }

  /** Also where a value is spelled in several ways, or beyond what a double tells apart. */
  @Test
  void aValueIsTheSameCategoryAloneAndInATable() {
    List<List<String>> columns =
        List.of(
            List.of("01", "1", "x"),
            List.of("TRUE", "true", "x"),
            List.of("1000", "1e3", "x"),
            List.of("0.1", "0.10", "x"),
            List.of("9007199254740992", "9007199254740993"),
            List.of("1152921504606846976", "2"),
            List.of("1234567890123456789012", "5"),
            List.of("Infinity", "a"),
            List.of("2024-01-01 10:30:00", "10:30"));
    List<Object> values =
        List.of(
            1,
            1.0,
            1f,
            new BigDecimal("1.00"),
            true,
            false,
            1000,
            1e3,
            0.1,
            0.1f,
            new BigDecimal("0.10"),
            9007199254740993L,
            new AtomicLong(9007199254740993L),
            new BigDecimal("9007199254740993.0"),
            0x1p53,
            0x1p60,
            1L << 60,
            1.2345678901234568E21,
            new BigInteger("1234567890123456789012"),
            Double.POSITIVE_INFINITY,
            LocalDateTime.of(2024, 1, 1, 10, 30),
            Instant.parse("2024-01-01T10:30:00Z"),
            LocalTime.of(10, 30));
    for (List<String> categories : columns) {
      Encoder encoder =
          Encoder.of(
              true,
              List.of(new Column.Categorical("x", categories, false)),
              Optional.empty(),
              new Target.Classes(List.of("no", "yes")));
      for (Object value : values) {
        Map<String, Object> row = Map.of("x", value);
        Table table = TableReader.create().withEncoder(encoder).maps(List.of(row));
        assertArrayEquals(
            encoder.features(table, table.all()),
            encoder.encode(row),
            () -> "%s %s among %s".formatted(value.getClass(), value, categories));
      }
    }
  }

  @Test
  void withoutStandardisingValuesToPredictStayAsTheyAre() {
    Table table = Tables.named("x,y", "1,10", "2,30");
    int[] rows = {0, 1};
    Encoder plain =
        Encoder.fit(table, Roles.of("y", Roles.Task.REGRESS), rows, EncoderTest.ORIGINAL);
    assertFalse(((Target.Values) plain.target()).isScaled());
    assertArrayEquals(new float[] {10, 30}, plain.dataset(table, rows).targets());
    assertArrayEquals(new float[] {1, 2}, plain.dataset(table, rows).features());
  }

  @Test
  void selectedRowsKeepTheirWeights() {
    Dataset data =
        Dataset.of(new float[] {0, 1, 2}, 1, new float[] {3, 4, 5}, 1)
            .withWeights(new float[] {6, 7, 8});
    Dataset some = data.select(new int[] {2, 0, 2});
    assertArrayEquals(new float[] {8, 6, 8}, some.weights());
    assertArrayEquals(new float[] {2, 0, 2}, some.features());
    assertArrayEquals(new float[] {5, 3, 5}, some.targets());
  }
}
