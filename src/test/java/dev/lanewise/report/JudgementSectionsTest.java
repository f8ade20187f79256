package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.metric.ConfusionMatrix;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a report says of a model and rows is what a plain count of the same rows gives. */
class JudgementSectionsTest {

  private static final String HOSTILE = "<script>alert(1)</script>\u202e\n\"&";

  /** A set and the report on it, which is made once. */
  private static final class Judged {

    private final TrainedModel model;
    private final Table table;
    private final Evaluation evaluation;
    private final List<Section> sections;
    private final double[] probabilities;

    Judged(TrainedModel model, Table table) {
      this.model = model;
      this.table = table;
      Dataset rows = rows();
      evaluation = model.evaluate(rows);
      sections =
          JudgementSections.of("test", model, rows, RawRows.of(table, table.all()), evaluation);
      probabilities = new double[table.rows() * Math.max(2, model.outputs())];
      if (evaluation instanceof Evaluation.OfClasses) {
        model.predictor().probabilities(rows.features(), table.rows(), probabilities);
      }
    }

    private TrainedModel model() {
      return model;
    }

    private Table table() {
      return table;
    }

    private Encoder encoder() {
      return model.encoder().orElseThrow();
    }

    private Dataset rows() {
      return encoder().dataset(table, table.all());
    }

    private Evaluation evaluation() {
      return evaluation;
    }

    private List<Section> sections() {
      return sections;
    }

    private Report report() {
      Report report = Report.of("r", "");
      for (Section section : sections()) {
        report = report.with(section);
      }
      return report;
    }

    private Chart chart(String id) {
      return report().charts().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
    }

    private Section section(String id) {
      return sections().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    private double probability(int row, int number) {
      return probabilities[row * Math.max(2, model.outputs()) + number];
    }
  }

  /**
   * Rows whose features are the logits of a network that hands them through; a name for each class
   * and column.
   */
  private static Judged drawn(long seed, int rows, int classes, String name) {
    Random random = new Random(seed);
    int outputs = classes == 2 ? 1 : classes;
    List<String> names = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      names.add("z%d%s".formatted(c, name));
    }
    names.add("label");
    List<List<?>> all = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      List<Object> row = new ArrayList<>();
      for (int c = 0; c < outputs; c++) {
        row.add(Math.round(2 * random.nextGaussian()) / 2.0);
      }
      int label = r < classes ? r : random.nextInt(classes);
      row.set(
          label % outputs,
          (double) row.get(label % outputs) + (outputs > 1 || label == 1 ? 1 : -1));
      row.add("c%03d%s".formatted(label, name));
      all.add(row);
    }
    Table table = Table.ofRows(names, all);
    return new Judged(identity(table, outputs), table);
  }

  private static Model identity(Table table, int outputs) {
    Encoder encoder =
        Encoder.fit(
            table,
            Roles.of("label", Roles.Task.CLASSIFY),
            table.all(),
            Encoder.Options.standard().withStandardize(false));
    Network network =
        outputs == 1
            ? Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy())
            : Network.inputs(outputs).dense(outputs).loss(new Loss.SoftmaxCrossEntropy());
    float[] parameters = new float[network.layout().size()];
    for (int i = 0; i < outputs; i++) {
      parameters[i * outputs + i] = 1;
    }
    return Model.of(network, parameters, Engine.standard()).withEncoder(encoder);
  }

  private static double number(Json cell) {
    return ((Json.Num) cell).asDouble();
  }

  private static String text(Json cell) {
    return ((Json.Str) cell).value();
  }

  @Property(tries = 20)
  void theWorstRowsAreThoseOfTheSmallestProbabilityOfTheirClass(@ForAll long seed) {
    for (int classes : new int[] {2, 4}) {
      Judged judged = drawn(seed, 60, classes, "");
      float[] targets = judged.rows().targets();
      List<Integer> order = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
      // Equal losses stay in the order of rows.
      order.sort(
          Comparator.comparingDouble(r -> Math.log(judged.probability(r, (int) targets[r]))));
      Grid worst = (Grid) judged.section("test-worst").parts().get(1);
      assertEquals(Worst.MOST, worst.rows().size());
      for (int i = 0; i < Worst.MOST; i++) {
        List<Json> row = worst.rows().get(i);
        int r = (int) number(row.get(0)) - 1;
        double p = judged.probability(r, (int) targets[r]);
        assertEquals(judged.probability(order.get(i), (int) targets[order.get(i)]), p, 1e-12);
        assertEquals(p, number(row.get(3)), 1e-3 * p);
        assertEquals(-Math.log(p), number(row.get(5)), 1e-3);
        assertEquals("c%03d".formatted((int) targets[r]), text(row.get(1)));
        assertEquals(judged.table().text(r, 0), text(row.get(worst.columns().indexOf("z0"))));
      }
    }
  }

  @Test
  void rowsOfEqualLossesComeInTheirOrder() {
    assertEquals(
        List.of(2, 4, 0, 1, 3),
        IntStream.of(Worst.of(5, r -> List.of(1.0, 1.0, 2.0, 1.0, 2.0).get(r))).boxed().toList());
  }

  /** The point that is marked is the confusion matrix. */
  @Property(tries = 20)
  void theChosenThresholdIsMarkedWhereTheConfusionMatrixIs(@ForAll long seed) {
    Judged drawn = drawn(seed, 90, 2, "");
    Judged judged =
        new Judged(
            drawn.model().withThreshold(new Threshold(0.3f)).withTemperature(new Temperature(2)),
            drawn.table());
    Evaluation.OfClasses of = (Evaluation.OfClasses) judged.evaluation();
    List<Json> marked = judged.chart("test-roc").numbers().rows().getLast();
    assertEquals("at the threshold 0.3", text(marked.get(0)));
    assertEquals(of.confusion().recall(1), number(marked.get(2)), 1e-12);
    assertEquals(1 - of.confusion().recall(0), number(marked.get(1)), 1e-12);
    List<Json> precise = judged.chart("test-precision-recall").numbers().rows().getLast();
    assertEquals(of.confusion().precision(1), number(precise.get(2)), 1e-12);
  }

  /** Between two probabilities that rows have, a threshold takes the rows from the upper one on. */
  @Property(tries = 20)
  void theThresholdCurveHoldsForThresholdsBetweenRows(@ForAll long seed) {
    Judged judged = drawn(seed, 90, 2, "");
    float[] targets = judged.rows().targets();
    double[] all = new double[2 * 90];
    judged.model().predictor().probabilities(judged.rows().features(), 90, all);
    Grid numbers = judged.chart("test-thresholds").numbers();
    for (String measure : List.of("precision", "recall", "F1", "accuracy")) {
      List<List<Json>> points =
          numbers.rows().stream().filter(row -> text(row.get(0)).equals(measure)).toList();
      for (double threshold = 0.005; threshold < 1; threshold += 0.01) {
        int[][] counts = new int[2][2];
        for (int r = 0; r < 90; r++) {
          counts[(int) targets[r]][all[2 * r + 1] >= threshold ? 1 : 0]++;
        }
        double tp = counts[1][1];
        double expected =
            switch (measure) {
              case "precision" -> tp / (tp + counts[0][1]);
              case "recall" -> tp / (tp + counts[1][0]);
              case "F1" -> 2 * tp / (2 * tp + counts[0][1] + counts[1][0]);
              default -> (tp + counts[0][0]) / 90;
            };
        Json shown = new Json.Null();
        for (List<Json> point : points) {
          shown = number(point.get(1)) < threshold ? point.get(2) : shown;
        }
        if (Double.isNaN(expected)) {
          assertTrue(shown instanceof Json.Null);
        } else {
          assertEquals(expected, number(shown), 1e-12, measure + " at " + threshold);
        }
      }
    }
  }

  @Test
  void ofManyClassesTheMostConfusedAreShownAndSaidToBe() throws IOException {
    Judged judged = drawn(3, 4000, 200, "");
    Chart matrix = judged.chart("test-confusion");
    int most = ConfusionSection.MOST_CLASSES;
    assertEquals(most * most, matrix.numbers().rows().size());
    assertTrue(
        matrix.caption().contains("Of 200 classes these are the 20 with the most confused rows"),
        matrix::caption);
    Set<String> shown = new LinkedHashSet<>();
    matrix.numbers().rows().forEach(row -> shown.add(text(row.getFirst())));
    Evaluation.OfClasses of = (Evaluation.OfClasses) judged.evaluation();
    ConfusionMatrix counts = of.confusion();
    long least = Long.MAX_VALUE;
    long rest = 0;
    for (int c = 0; c < 200; c++) {
      long wrong = 0;
      for (int k = 0; k < 200; k++) {
        wrong += k == c ? 0 : counts.count(c, k) + counts.count(k, c);
      }
      if (shown.contains(of.labels().get(c))) {
        least = Math.min(least, wrong);
      } else {
        rest = Math.max(rest, wrong);
      }
    }
    assertTrue(least >= rest, least + " and " + rest);
    Grid pairs = (Grid) judged.section("test-classes").parts().get(2);
    assertEquals(ConfusionSection.MOST_PAIRS, pairs.rows().size());
    assertTrue(number(pairs.rows().get(0).get(2)) >= number(pairs.rows().get(1).get(2)));
    assertTrue(page(judged.report()).length() < 600_000);
  }

  @Test
  void namesOfClassesAndColumnsAreText() throws IOException {
    for (int classes : new int[] {2, 3}) {
      String page = page(drawn(1, 100, classes, HOSTILE).report());
      assertEquals(3, page.split("<script", -1).length - 1, "scripts");
      assertFalse(page.contains("\u202e"), "the order of letters");
      assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the text is there");
    }
  }

  @Test
  void theSameRowsHaveTheSameBytes() throws IOException {
    for (int classes : new int[] {2, 3, 30}) {
      assertEquals(
          page(drawn(1, 500, classes, "").report()), page(drawn(1, 500, classes, "").report()));
    }
  }

  @Test
  void rowsOfOneClassHaveNoCurvesAndSaySo() throws IOException {
    for (int classes : new int[] {2, 3}) {
      Judged judged = drawn(1, 50, classes, "");
      Judged one = new Judged(judged.model(), judged.table().select(new int[] {1, 1, 1}));
      List<Part> parts = one.section("test-curves").parts();
      assertEquals(1, parts.size());
      assertTrue(((Prose) parts.getFirst()).text().startsWith("All rows are of one class"));
      page(one.report());
    }
  }

  @Test
  void manyRowsOfManyClassesStaySmall() throws IOException {
    Judged judged = drawn(5, 30_000, 40, "");
    assertTrue(page(judged.report()).length() < 600_000);
    Map<String, Grid> numbers = judged.report().numbers();
    numbers.forEach((id, grid) -> assertTrue(grid.rows().size() <= 1100, id));
  }

  private static String page(Report report) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    report.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
