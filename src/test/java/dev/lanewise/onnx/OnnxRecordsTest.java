package dev.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Decision;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Embedding;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** ONNX Runtime encodes and decides as models do, of records with columns of every kind. */
class OnnxRecordsTest {

  private static final double BOUND = 4e-6;
  private static final int ROWS = 40;
  private static final Engine ENGINE = Engine.standard();
  private static final List<String> NAMES =
      List.of("small", "large", "sold", "day", "plant", "pair", "label");

  /** What a label is. */
  enum Labels {
    TWO_TEXTS,
    THREE_NUMBERS,
    DIGITS_WITH_ZEROS,
    VALUES;

    private Object of(int i, Random random) {
      return switch (this) {
        case TWO_TEXTS -> i % 2 == 0 ? "no" : "yes, it is";
        case THREE_NUMBERS -> String.valueOf(i % 3 - 1);
        case DIGITS_WITH_ZEROS -> "0" + i % 4;
        case VALUES -> 1e6 + i * random.nextDouble();
      };
    }

    private Roles roles() {
      return Roles.of("label", this == VALUES ? Roles.Task.REGRESS : Roles.Task.CLASSIFY)
          .withCategorical("plant");
    }
  }

  private static List<Object> row(int i, Random random, Labels labels) {
    return Arrays.asList(
        random.nextInt(6) == 0 ? "?" : (Object) random.nextGaussian(),
        random.nextInt(9) == 0 ? "-999" : (Object) (1e9 + random.nextInt(1000)),
        random.nextInt(7) == 0 ? "NA" : (Object) random.nextBoolean(),
        "2024-0%d-1%dT0%d:00:00".formatted(1 + i % 9, random.nextInt(9), random.nextInt(9)),
        random.nextInt(8) == 0 ? "" : String.valueOf(random.nextInt(3 + i / 3)),
        random.nextInt(5) == 0 ? "west" : "east",
        labels.of(i, random));
  }

  private static Encoder.Options options(Random random) {
    Encoder.Options options =
        Encoder.Options.standard()
            .withScale(random.nextBoolean() ? Encoder.Scale.ROBUST : Encoder.Scale.STANDARD)
            .withSignedPairs(random.nextBoolean())
            .withMissingCategory(random.nextBoolean())
            .withMaxCategories(3 + random.nextInt(9))
            .withStandardize(random.nextInt(4) > 0)
            .withClampedPredictions(random.nextBoolean());
    return random.nextBoolean() ? options.withIndexAbove(2 + random.nextInt(5)) : options;
  }

  private static Encoder encoder(Random random, Labels labels) {
    Table table = Table.ofRows(NAMES, rows(random, labels));
    int[] training = IntStream.range(0, ROWS).filter(i -> i < 12 || random.nextBoolean()).toArray();
    return Encoder.fit(table, labels.roles(), training, options(random))
        .withMissingWords(List.of("-999", "none"));
  }

  /** Records as maps, with unseen, missing and far values; and the same as ONNX takes them. */
  private record Records(List<Map<String, Object>> maps, Map<String, Object> columns) {

    static Records drawn(Encoder encoder, Random random, int count) {
      Records records = new Records(new ArrayList<>(), new LinkedHashMap<>());
      for (int i = 0; i < count; i++) {
        records.maps.add(new LinkedHashMap<>());
      }
      for (Column column : encoder.columns()) {
        if (column instanceof Column.Label) {
          continue;
        }
        boolean isText = column instanceof Column.Categorical;
        String[][] texts = new String[count][1];
        double[][] numbers = new double[count][1];
        for (int i = 0; i < count; i++) {
          Object value = random.nextInt(5) == 0 ? null : value(column, random);
          records.maps.get(i).put(column.name(), value);
          texts[i][0] = isText && value != null ? (String) value : "";
          numbers[i][0] = isText || value == null ? Double.NaN : number(value);
        }
        records.columns.put(column.name(), isText ? texts : numbers);
      }
      return records;
    }

    private static Object value(Column column, Random random) {
      return switch (column) {
        case Column.Numeric numeric ->
            random.nextInt(4) == 0 ? -999.0 : numeric.median() + 5 * random.nextGaussian();
        case Column.Date date -> date.median() + 1e6 * random.nextGaussian();
        case Column.Bool bool -> random.nextBoolean();
        case Column.Categorical categorical ->
            random.nextInt(5) == 0
                ? "never seen"
                : random.nextInt(6) == 0
                    ? "NaN"
                    : categorical.categories().get(random.nextInt(categorical.categories().size()));
        default -> throw new IllegalStateException(column.toString());
      };
    }

    private static double number(Object value) {
      return value instanceof Boolean truth ? (truth ? 1 : 0) : (double) value;
    }
  }

  @Property(tries = 100)
  void recordsAreEncodedToTheSameBits(@ForAll long seed, @ForAll Labels labels) {
    Random random = new Random(seed);
    Encoder encoder = encoder(random, labels);
    Records records = Records.drawn(encoder, random, 30);
    Graph graph = new Graph();
    String rows = EncoderGraph.rows(graph, encoder);
    graph.output("rows", Graph.Type.FLOAT, encoder.encodedColumns(), rows);
    try (OnnxSession session = new OnnxSession(graph.toBytes("", Map.of()))) {
      float[][] theirs = (float[][]) session.outputs(records.columns).get("rows");
      for (int i = 0; i < theirs.length; i++) {
        float[] ours = encoder.encode(records.maps.get(i));
        for (int c = 0; c < ours.length; c++) {
          assertEquals(ours[c] + 0f, theirs[i][c] + 0f, "record %d, column %d".formatted(i, c));
        }
      }
    }
  }

  private static Model model(Encoder encoder, Labels labels, Random random) {
    int outputs = encoder.target().outputs();
    Loss loss =
        labels == Labels.VALUES
            ? new Loss.SquaredError()
            : outputs == 1 ? new Loss.SigmoidCrossEntropy() : new Loss.SoftmaxCrossEntropy();
    Network.Builder network = Network.inputs(encoder.encodedColumns());
    embedding(encoder).ifPresent(network::add);
    Network whole = network.dense(6).relu().dense(outputs).loss(loss);
    Model model =
        Model.of(whole, whole.initialParameters(random.nextLong()), ENGINE).withEncoder(encoder);
    return loss.givesProbabilities() && random.nextBoolean()
        ? model.withTemperature(new Temperature(1.7f))
        : model;
  }

  /** {@return what turns the numbers of categories into numbers, if there are some} */
  private static Optional<Embedding> embedding(Encoder encoder) {
    List<Encoder.Encoded> encoded = encoder.encoded();
    List<Integer> categories = new ArrayList<>();
    List<Integer> values = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int c = 0; c < encoded.size(); c++) {
      if (encoded.get(c).what() == Encoder.What.INDEX) {
        categories.add(c);
        values.add(encoded.get(c).values());
      } else {
        others.add(c);
      }
    }
    return categories.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Embedding(
                List.of(
                    new Embedding.Category(categories, values, 2), new Embedding.Pass(others))));
  }

  private static void assertDecidesAlike(TrainedModel model, Records records) {
    try (OnnxSession session = new OnnxSession(OnnxModel.ofRecords(model))) {
      Map<String, Object> outputs = session.outputs(records.columns);
      for (int i = 0; i < records.maps.size(); i++) {
        Decision decision = model.decide(records.maps.get(i));
        double[] wanted =
            decision.hasLabel()
                ? decision.probabilities().values().stream().mapToDouble(p -> p).toArray()
                : decision.values();
        float[] found =
            ((float[][]) outputs.get(decision.hasLabel() ? "probabilities" : "values"))[i];
        double most = Math.max(1, Arrays.stream(wanted).map(Math::abs).max().orElseThrow());
        for (int c = 0; c < wanted.length; c++) {
          assertEquals(wanted[c], found[c], BOUND * most);
        }
        if (decision.hasLabel() && isClear(wanted, model.threshold().probability())) {
          assertEquals(decision.label(), label(outputs.get("label"), i));
        }
      }
    }
  }

  /** Whether a deviation within the bound cannot change the label. */
  private static boolean isClear(double[] probabilities, double threshold) {
    if (probabilities.length == 2) {
      return Math.abs(probabilities[1] - threshold) > BOUND;
    }
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[sorted.length - 2] > 2 * BOUND;
  }

  private static String label(Object labels, int i) {
    return labels instanceof String[] texts ? texts[i] : String.valueOf(((long[]) labels)[i]);
  }

  @Property(tries = 100)
  void modelsDecideAlike(@ForAll long seed, @ForAll Labels labels) {
    Random random = new Random(seed);
    Encoder encoder = encoder(random, labels);
    Model model = model(encoder, labels, random);
    TrainedModel judged =
        labels == Labels.TWO_TEXTS && random.nextBoolean()
            ? model.withThreshold(new Threshold(random.nextFloat()))
            : model;
    assertDecidesAlike(judged, Records.drawn(encoder, random, 25));
  }

  /** Of encoders fitted on other rows, whose columns stand side by side. */
  @Property(tries = 60)
  void ensemblesDecideAlike(@ForAll long seed, @ForAll Labels labels) {
    Random random = new Random(seed);
    Table table = Table.ofRows(NAMES, rows(random, labels));
    List<Model> models = new ArrayList<>();
    Encoder.Options options = options(random);
    for (int m = 0; m < 3; m++) {
      int[] training =
          IntStream.range(0, ROWS).filter(i -> i < 12 || random.nextBoolean()).toArray();
      models.add(model(Encoder.fit(table, labels.roles(), training, options), labels, random));
    }
    if (models.stream().map(model -> model.network().loss()).distinct().count() > 1) {
      models.subList(1, 3).clear();
    }
    Ensemble ensemble = Ensemble.of(models);
    Records records = Records.drawn(ensemble.encoder().orElseThrow(), random, 25);
    assertDecidesAlike(ensemble, records);
  }

  private static List<List<?>> rows(Random random, Labels labels) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(row(i, random, labels));
    }
    return rows;
  }

  @Property(tries = 20)
  void aLabelIsANumberIfAllLabelsAreWholeNumbers(@ForAll long seed, @ForAll Labels labels) {
    Random random = new Random(seed);
    Encoder encoder = encoder(random, labels);
    Records records = Records.drawn(encoder, random, 2);
    try (OnnxSession session =
        new OnnxSession(OnnxModel.ofRecords(model(encoder, labels, random)))) {
      Object label = session.outputs(records.columns).get("label");
      assertTrue(
          switch (labels) {
            case TWO_TEXTS, DIGITS_WITH_ZEROS -> label instanceof String[];
            case THREE_NUMBERS -> label instanceof long[];
            case VALUES -> label == null;
          });
    }
  }
}
