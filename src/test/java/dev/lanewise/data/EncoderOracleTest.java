package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The encoder against the rules written down once more, column by column, in double: every kind of
 * column, with and without missing values, constant or not, and values that training did not see.
 */
final class EncoderOracleTest {

  /** What a column of the made-up table holds. */
  private enum Shape {
    NUMBER,
    CONSTANT,
    FAR,
    DATE,
    /** Mostly false. */
    SELDOM,
    /** Mostly true. */
    OFTEN,
    FEW,
    MANY,
    /** Other rows than those of the training hold one more. */
    NEW,
    CODES
  }

  /** How often a cell is missing. */
  private enum Missing {
    NEVER,
    ONCE,
    OFTEN
  }

  private static final int MOST = 3;

  /** Rows of the table, some of them for the training, in any order. */
  private int rows;

  private boolean[] isTraining;
  private int[] training;

  private boolean signedPairs;
  private boolean missingCategory;

  private static Object value(Shape shape, boolean training, Random random) {
    return switch (shape) {
      case NUMBER -> random.nextGaussian();
      case CONSTANT -> 0.1;
      case FAR -> 1_700_000_000L + random.nextInt(64);
      case DATE -> LocalDate.of(2024, 1, 1).plusDays(random.nextInt(300));
      case SELDOM -> random.nextInt(3) == 0;
      case OFTEN -> random.nextInt(3) > 0;
      case FEW -> List.of("red", "green", "blue").get(random.nextInt(3));
      case MANY -> "v" + random.nextInt(9);
      case NEW -> List.of("a", "b", "c").get(random.nextInt(training ? 2 : 3));
      case CODES -> random.nextInt(5);
    };
  }

  private static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case Boolean truth -> truth ? 1 : 0;
      case LocalDate date -> date.toEpochDay() * 86400.0;
      default -> Double.NaN;
    };
  }

  private void drawRows(Random random) {
    rows = List.of(40, 600).get(random.nextInt(2));
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, random);
    training = numbers.subList(0, rows * 5 / 8).stream().mapToInt(Integer::intValue).toArray();
    isTraining = new boolean[rows];
    for (int row : training) {
      isTraining[row] = true;
    }
  }

  /** The cells of a column; at least one of the training rows has a value. */
  private List<Object> cells(Shape shape, Missing missing, Random random) {
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      boolean gone = missing == Missing.OFTEN && random.nextInt(3) == 0;
      cells.add(gone ? null : value(shape, isTraining[i], random));
    }
    if (missing == Missing.ONCE) {
      cells.set(training[1], null);
    }
    cells.set(training[0], value(shape, true, random));
    return cells;
  }

  @Property
  void rowsAreWhatTheRulesSay(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll Encoder.Scale scale,
      @ForAll boolean signedPairs,
      @ForAll boolean missingCategory) {
    this.signedPairs = signedPairs;
    this.missingCategory = missingCategory;
    Random random = new Random(seed);
    drawRows(random);
    List<Shape> shapes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<List<Object>> cells = new ArrayList<>();
    TableReader reader = TableReader.create();
    for (int c = 0; c < columns; c++) {
      shapes.add(Shape.values()[random.nextInt(Shape.values().length)]);
      Missing missing = Missing.values()[random.nextInt(Missing.values().length)];
      names.add("c" + c);
      cells.add(cells(shapes.get(c), missing, random));
      if (shapes.get(c) == Shape.CODES) {
        reader = reader.withKind("c" + c, Table.Kind.CATEGORY);
      }
    }
    names.add("y");
    List<List<?>> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      List<Object> row = new ArrayList<>();
      for (List<Object> column : cells) {
        row.add(column.get(i));
      }
      row.add("k" + i % 2);
      all.add(row);
    }
    Table table = reader.rows(names, all);
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.CLASSIFY),
            training,
            Encoder.Options.standard()
                .withScale(scale)
                .withMaxCategories(MOST)
                .withSignedPairs(signedPairs)
                .withMissingCategory(missingCategory));

    List<double[]> expected = new ArrayList<>();
    List<RowReport.State[]> states = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      boolean text = List.of(Shape.FEW, Shape.MANY, Shape.NEW, Shape.CODES).contains(shapes.get(c));
      boolean truth = List.of(Shape.SELDOM, Shape.OFTEN).contains(shapes.get(c));
      states.add(new RowReport.State[rows]);
      expected.addAll(
          text ? oneHot(cells.get(c), states.get(c)) : numeric(cells.get(c), truth, states.get(c)));
    }
    float[] found = encoder.features(table, table.all());
    int width = expected.size();
    assertEquals(width, encoder.encodedColumns());
    for (int e = 0; e < width; e++) {
      double[] column = expected.get(e);
      double[] fitted =
          switch (scale) {
            case NONE -> new double[] {0, 1};
            case STANDARD -> moments(column);
            case ROBUST -> quartiles(column);
          };
      if (scale != Encoder.Scale.NONE) {
        double centre = encoder.standardizer().orElseThrow().centre()[e];
        double spread = encoder.standardizer().orElseThrow().spread()[e];
        assertEquals(fitted[0], centre, 1e-15 * Math.abs(fitted[0]) + 1e-13 * fitted[1]);
        assertEquals(fitted[1], spread, 1e-12 * fitted[1], "spread of column " + e);
      }
      for (int i = 0; i < rows; i++) {
        double exact = fitted[1] == 0 ? 0 : (column[i] - fitted[0]) / fitted[1];
        if (scale == Encoder.Scale.ROBUST) {
          exact /= Math.sqrt(1 + exact * exact / 9);
        }
        float got = found[i * width + e];
        assertEquals(exact, got, Math.ulp((float) exact) + 1e-8, "column " + e + ", row " + i);
      }
    }
    RowReport report = new RowReport();
    float[] row = new float[width];
    for (int i = 0; i < rows; i++) {
      List<?> values = all.get(i).subList(0, columns);
      encoder.forValues().encode(values.toArray(), row, 0, report);
      assertEquals(-1, Arrays.mismatch(row, Arrays.copyOfRange(found, i * width, (i + 1) * width)));
      Map<String, Object> named = new HashMap<>();
      for (int c = 0; c < columns; c++) {
        named.put(names.get(c), values.get(c));
        assertEquals(states.get(c)[i], report.state(c), "column " + c + ", row " + i);
      }
      assertEquals(-1, Arrays.mismatch(row, encoder.encode(named)));
    }
  }

  /** {@return the median of a column's training rows, and what they are divided by} */
  private double[] quartiles(double[] column) {
    double[] sorted = Arrays.stream(training).mapToDouble(row -> column[row]).sorted().toArray();
    double range = sorted[sorted.length - 1] - sorted[0];
    double between = at(sorted, 0.75) - at(sorted, 0.25);
    return new double[] {at(sorted, 0.5), between > 0 ? between : range / 2};
  }

  /** {@return a number between two that are sorted, on the line between its neighbours} */
  private static double at(double[] sorted, double share) {
    double rank = share * (sorted.length - 1);
    double after = sorted[(int) Math.ceil(rank)];
    double before = sorted[(int) Math.floor(rank)];
    return before + (rank - Math.floor(rank)) * (after - before);
  }

  /** {@return the mean and the deviation of a column's training rows, to the last digit} */
  private double[] moments(double[] column) {
    BigDecimal count = BigDecimal.valueOf(training.length);
    BigDecimal sum = BigDecimal.ZERO;
    for (int row : training) {
      sum = sum.add(new BigDecimal(column[row]));
    }
    BigDecimal mean = sum.divide(count, MathContext.DECIMAL128);
    BigDecimal squares = BigDecimal.ZERO;
    for (int row : training) {
      BigDecimal distance = new BigDecimal(column[row]).subtract(mean);
      squares = squares.add(distance.multiply(distance, MathContext.DECIMAL128));
    }
    double deviation =
        squares.divide(count, MathContext.DECIMAL128).sqrt(MathContext.DECIMAL64).doubleValue();
    return deviation < 1e-20
        ? new double[] {column[training[0]], 1}
        : new double[] {mean.doubleValue(), deviation};
  }

  /**
   * Numbers, dates and booleans: the value, or what stands for it, and a flag if one is missing.
   */
  private List<double[]> numeric(List<Object> cells, boolean booleans, RowReport.State[] states) {
    List<Double> seen = new ArrayList<>();
    boolean flagged = false;
    for (int row : training) {
      Object cell = cells.get(row);
      if (cell == null) {
        flagged = true;
      } else {
        seen.add(number(cell));
      }
    }
    Collections.sort(seen);
    int half = seen.size() / 2;
    double usual =
        seen.size() % 2 == 1 ? seen.get(half) : (seen.get(half - 1) + seen.get(half)) / 2;
    if (booleans && usual == 0.5) {
      usual = 0;
    }
    boolean signed = booleans && signedPairs;
    double[] values = new double[rows];
    double[] flags = new double[rows];
    for (int i = 0; i < rows; i++) {
      boolean missing = cells.get(i) == null;
      values[i] = missing ? usual : number(cells.get(i));
      if (signed) {
        values[i] = missing ? 0 : values[i] == 1 ? 1 : -1;
      }
      flags[i] = missing ? 1 : 0;
      boolean inside = values[i] >= seen.getFirst() && values[i] <= seen.getLast();
      states[i] =
          missing
              ? RowReport.State.MISSING
              : inside || booleans ? RowReport.State.KNOWN : RowReport.State.OUT_OF_RANGE;
    }
    return flagged && !signed ? List.of(values, flags) : List.of(values);
  }

  private List<double[]> oneHot(List<Object> cells, RowReport.State[] states) {
    Map<String, Integer> counts = new HashMap<>();
    boolean flagged = false;
    for (int row : training) {
      Object cell = cells.get(row);
      if (cell == null) {
        flagged = true;
      } else {
        counts.merge(cell.toString(), 1, Integer::sum);
      }
    }
    List<String> sorted = new ArrayList<>(new TreeSet<>(counts.keySet()));
    List<String> kept = new ArrayList<>(sorted);
    kept.sort(Comparator.comparing(counts::get, Comparator.reverseOrder()));
    boolean other = kept.size() > MOST;
    if (other) {
      List<String> frequent = kept.subList(0, MOST);
      kept = sorted.stream().filter(frequent::contains).toList();
    } else {
      kept = sorted;
    }
    Map<String, double[]> columns = new LinkedHashMap<>();
    kept.forEach(value -> columns.put(value, new double[rows]));
    double[] others = new double[rows];
    double[] flags = new double[rows];
    for (int i = 0; i < rows; i++) {
      if (cells.get(i) == null) {
        flags[i] = 1;
        states[i] = RowReport.State.MISSING;
      } else {
        states[i] =
            columns.containsKey(cells.get(i).toString())
                ? RowReport.State.KNOWN
                : RowReport.State.UNKNOWN;
        columns.getOrDefault(cells.get(i).toString(), others)[i] = 1;
      }
    }
    List<double[]> all = new ArrayList<>(columns.values());
    if (signedPairs && all.size() == 2 && !other) {
      double[] signs = new double[rows];
      Arrays.setAll(signs, i -> all.getLast()[i] - all.getFirst()[i]);
      return List.of(signs);
    }
    if (other) {
      all.add(others);
    }
    if (flagged && missingCategory) {
      all.add(flags);
    }
    return all;
  }

  /**
   * Of 70 values that are as frequent, the first 64 by text have a column; the others share one.
   */
  @Test
  void ofCategoriesAsFrequentTheFirstSixtyFourHaveAColumn() {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 140; i++) {
      rows.add(List.of("w%02d".formatted(i * 37 % 70), "k" + i % 2));
    }
    Table table = TableReader.create().rows(List.of("x", "y"), rows);
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.CLASSIFY),
            table.all(),
            Encoder.Options.standard().withStandardize(false));
    assertEquals(65, encoder.encodedColumns());
    for (int i = 0; i < 70; i++) {
      float[] expected = new float[65];
      expected[Math.min(i, 64)] = 1;
      assertArrayEquals(expected, encoder.encode(List.of("w%02d".formatted(i))));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NUMBER", "CATEGORY"})
  void booleansAreTheBitsOfAColumnOfZerosAndOnes(Table.Kind kind) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      rows.add(List.of(i % 3 == 0 ? 1 : 0, "k" + i % 2));
    }
    Table table = TableReader.create().withKind("x", kind).rows(List.of("x", "y"), rows);
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.CLASSIFY),
            table.all(),
            Encoder.Options.standard().withStandardize(true));
    for (int bit = 0; bit <= 1; bit++) {
      float[] expected = encoder.encode(List.of(bit));
      for (Object spelled :
          bit == 1
              ? List.of(true, "TRUE", "yes", "t", "1", 1.0, 1f)
              : List.of(false, "False", "No", "F", "0", -0.0, 0L)) {
        assertArrayEquals(expected, encoder.encode(List.of(spelled)), spelled::toString);
        Table later =
            TableReader.create().withEncoder(encoder).rows(List.of("x"), List.of(List.of(spelled)));
        assertArrayEquals(expected, encoder.features(later, later.all()), spelled::toString);
      }
    }
  }

  @Test
  void imagesOfJoinedEncodersAreStandardisedByEachPartsOwnNumbers() {
    Column.Pixels shape = new Column.Pixels(1, 2, 1);
    Target.Classes classes = new Target.Classes(List.of("0", "1"));
    List<Encoder> parts = new ArrayList<>();
    for (double mean : new double[] {0.25, 0.5, 0.125}) {
      Standardizer scale = Standardizer.of(new double[] {mean, 2 * mean}, new double[] {mean, 0.5});
      parts.add(Encoder.of(false, List.of(shape), Optional.of(scale), classes));
    }
    Standardizer robust = Standardizer.robust(new double[] {0.25, 0}, new double[] {0.125, 0});
    parts.set(1, Encoder.of(false, List.of(shape), Optional.of(robust), classes));
    parts.add(Encoder.of(false, List.of(shape), Optional.empty(), classes));
    Encoder joined = Encoder.join(parts);
    Idx.Images images =
        new Idx.Images("i", shape, new byte[] {0, 51, 102, (byte) 204}, new byte[] {0, 1});
    float[] found = joined.features(images, new int[] {1, 0});
    assertEquals(16, found.length);
    for (int p = 0; p < 4; p++) {
      float[] part = parts.get(p).features(images, new int[] {1, 0});
      for (int i = 0; i < 4; i++) {
        assertEquals(part[i], found[i / 2 * 8 + 2 * p + i % 2], "part " + p);
      }
    }
  }

  @Property
  void wordsForMissingTravelWithTheEncoder(@ForAll boolean standardize) {
    Table table =
        TableReader.create()
            .withMissing("unknown", "-999")
            .rows(
                List.of("x", "b", "y"),
                List.of(
                    List.of("1", "true", "p"),
                    List.of("unknown", "false", "q"),
                    List.of("-999", "unknown", "p"),
                    List.of("5", "true", "q")));
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.CLASSIFY),
            table.all(),
            Encoder.Options.standard().withStandardize(standardize));
    assertEquals(List.of("-999", "unknown"), encoder.missingWords());
    float[] missing = encoder.encode(Arrays.asList(null, null));
    for (List<?> row :
        List.of(
            List.of("unknown", "unknown"),
            List.of(-999, "null"),
            List.of(-999.0, "-"),
            List.of("-999", ""))) {
      assertEquals(Arrays.toString(missing), Arrays.toString(encoder.encode(row)), row::toString);
    }
    Table later =
        TableReader.create()
            .withEncoder(encoder)
            .rows(List.of("x", "b"), List.of(List.of("unknown", "unknown")));
    assertEquals(Arrays.toString(missing), Arrays.toString(encoder.features(later, later.all())));
    Encoder joined =
        Encoder.join(List.of(encoder, encoder.withMissingWords(List.of())))
            .withMissingWords(List.of("gone"));
    assertEquals(List.of("gone"), joined.parts().get(1).missingWords());
  }
}
