package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

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
    BOOLEAN,
    FEW,
    MANY,
    CODES
  }

  private static final int ROWS = 40;
  private static final int TRAINING = 25;
  private static final int MOST = 3;

  private static Object value(Shape shape, Random random) {
    return switch (shape) {
      case NUMBER -> random.nextGaussian();
      case CONSTANT -> 0.1;
      case FAR -> 1_700_000_000L + random.nextInt(64);
      case DATE -> java.time.LocalDate.of(2024, 1, 1).plusDays(random.nextInt(300));
      case BOOLEAN -> random.nextInt(3) == 0;
      case FEW -> List.of("red", "green", "blue").get(random.nextInt(3));
      case MANY -> "v" + random.nextInt(9);
      case CODES -> random.nextInt(5);
    };
  }

  private static double number(Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case Boolean truth -> truth ? 1 : 0;
      case java.time.LocalDate date -> date.toEpochDay() * 86400.0;
      default -> Double.NaN;
    };
  }

  @Property
  void rowsAreWhatTheRulesSay(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll boolean standardize) {
    Random random = new Random(seed);
    Shape[] shapes = new Shape[columns];
    List<String> names = new ArrayList<>();
    List<String> categorical = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      shapes[c] = Shape.values()[random.nextInt(Shape.values().length)];
      names.add("c" + c);
      if (shapes[c] == Shape.CODES) {
        categorical.add("c" + c);
      }
    }
    names.add("y");
    double[] share = random.doubles(columns).map(d -> d < 0.5 ? 0 : 0.3).toArray();
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Object[] row = new Object[columns + 1];
      for (int c = 0; c < columns; c++) {
        boolean missing = i > 0 && random.nextDouble() < share[c];
        row[c] = missing ? null : value(shapes[c], random);
      }
      row[columns] = "k" + i % 2;
      rows.add(Arrays.asList(row));
    }
    TableReader reader = TableReader.create();
    for (int c = 0; c < columns; c++) {
      if (shapes[c] == Shape.CODES) {
        reader = reader.withKind("c" + c, Table.Kind.CATEGORY);
      }
    }
    Table table = reader.rows(names, rows);
    int[] training = new int[TRAINING];
    for (int i = 0; i < TRAINING; i++) {
      training[i] = i;
    }
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("y", Roles.Task.CLASSIFY).withCategorical(categorical.toArray(String[]::new)),
            training,
            Encoder.Options.standard().withStandardize(standardize).withMaxCategories(MOST));

    List<double[]> expected = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      int column = c;
      List<Object> cells = new ArrayList<>();
      rows.forEach(row -> cells.add(row.get(column)));
      boolean text = List.of(Shape.FEW, Shape.MANY, Shape.CODES).contains(shapes[c]);
      expected.addAll(text ? oneHot(cells) : numeric(cells, shapes[c] == Shape.BOOLEAN));
    }
    float[] found = encoder.features(table, table.all());
    assertEquals(expected.size(), encoder.encodedColumns());
    for (int e = 0; e < expected.size(); e++) {
      double[] column = expected.get(e);
      double[] scale = standardize ? scale(column) : new double[] {0, 1};
      for (int i = 0; i < ROWS; i++) {
        double exact = (column[i] - scale[0]) / scale[1];
        float got = found[i * expected.size() + e];
        assertEquals(exact, got, 1e-6 * Math.max(1, Math.abs(exact)), "column " + e);
      }
    }
    for (int i = 0; i < ROWS; i++) {
      float[] row = encoder.encode(new ArrayList<>(rows.get(i)).subList(0, columns));
      for (int e = 0; e < row.length; e++) {
        assertEquals(found[i * row.length + e], row[e]);
      }
    }
  }

  private static double[] scale(double[] column) {
    double mean = 0;
    for (int i = 0; i < TRAINING; i++) {
      mean += column[i] / TRAINING;
    }
    double variance = 0;
    for (int i = 0; i < TRAINING; i++) {
      variance += (column[i] - mean) * (column[i] - mean) / TRAINING;
    }
    double deviation = Math.sqrt(variance);
    return deviation < 1e-12 ? new double[] {column[0], 1} : new double[] {mean, deviation};
  }

  /**
   * Numbers, dates and booleans: the value, or what stands for it, and a flag if one is missing.
   */
  private static List<double[]> numeric(List<Object> cells, boolean booleans) {
    List<Double> seen = new ArrayList<>();
    boolean flagged = false;
    for (Object cell : cells.subList(0, TRAINING)) {
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
    double[] values = new double[ROWS];
    double[] flags = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = cells.get(i) == null ? usual : number(cells.get(i));
      flags[i] = cells.get(i) == null ? 1 : 0;
    }
    return flagged ? List.of(values, flags) : List.of(values);
  }

  private static List<double[]> oneHot(List<Object> cells) {
    Map<String, Integer> counts = new HashMap<>();
    boolean flagged = false;
    for (Object cell : cells.subList(0, TRAINING)) {
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
    kept.forEach(value -> columns.put(value, new double[ROWS]));
    double[] others = new double[ROWS];
    double[] flags = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      if (cells.get(i) == null) {
        flags[i] = 1;
      } else {
        columns.getOrDefault(cells.get(i).toString(), others)[i] = 1;
      }
    }
    List<double[]> all = new ArrayList<>(columns.values());
    if (other) {
      all.add(others);
    }
    if (flagged) {
      all.add(flags);
    }
    return all;
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
