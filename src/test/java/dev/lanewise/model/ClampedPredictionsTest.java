package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Refusals;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.JsonReader;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.Scorer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Predicted values that are kept in the range of the training rows'. */
final class ClampedPredictionsTest {

  private static final Engine ENGINE = Engine.standard();
  private static final int ROWS = 300;
  private static final List<Column.Range> RANGES =
      List.of(new Column.Range(95, 101.25), new Column.Range(-0.1, 0.1));

  private static Target.Values values(Loss loss) {
    return loss.link() == Loss.Link.EXP
        ? Target.Values.unscaled(2)
        : new Target.Values(Standardizer.of(new double[] {100, 0}, new double[] {7, 0.25}));
  }

  private static List<Column.Range> ranges(Loss loss) {
    return loss.link() == Loss.Link.EXP
        ? List.of(new Column.Range(0.5, 1.5), new Column.Range(1, 1))
        : RANGES;
  }

  private static Model model(Loss loss, Target target, long seed) {
    Network network = Network.inputs(2).dense(3).relu().dense(2).loss(loss);
    return Model.of(network, network.initialParameters(seed), ENGINE)
        .withEncoder(
            Encoder.of(false, List.of(new Column.Pixels(2, 1, 1)), Optional.empty(), target));
  }

  private static float[] rows() {
    Random random = new Random(4);
    float[] rows = new float[2 * ROWS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    rows[10] = Float.NaN;
    rows[12] = Float.POSITIVE_INFINITY;
    rows[14] = 1e38f;
    return rows;
  }

  /** In the middle of range and value, by sorting, not by minimum and maximum. */
  private static double expected(Column.Range range, double value) {
    double[] three = {range.min(), value, range.max()};
    Arrays.sort(three);
    return Double.isNaN(value) ? Double.NaN : three[1];
  }

  @Example
  void everyPredictionIsTheNearestNumberOfItsColumnsRange() {
    for (Loss loss :
        List.of(
            new Loss.SquaredError(),
            new Loss.Huber(1),
            new Loss.Quantile(0.9f),
            new Loss.Poisson())) {
      Target.Values free = values(loss);
      Target.Values kept = free.withRanges(ranges(loss));
      double[] all = new double[2 * ROWS];
      double[] clamped = all.clone();
      float[] rounded = new float[all.length];
      model(loss, free, 5).predictor().values(rows(), ROWS, all);
      Predictor predictor = model(loss, kept, 5).predictor();
      predictor.values(rows(), ROWS, clamped);
      predictor.predict(rows(), ROWS, rounded);
      int outside = 0;
      for (int i = 0; i < all.length; i++) {
        double expected = expected(ranges(loss).get(i % 2), all[i]);
        assertEquals(expected, clamped[i], loss + ", " + i);
        outside += expected != all[i] ? 1 : 0;
        if (loss.link() == Loss.Link.IDENTITY) {
          assertEquals((float) expected, rounded[i], loss + ", " + i);
        } else {
          // The predictor's exp is one of floats.
          double error = Double.isNaN(expected) ? 0 : 1e-6 * Math.abs(expected);
          assertEquals(expected, rounded[i], error, loss + ", " + i);
        }
      }
      assertTrue(outside > 20 && outside < all.length - 20, loss + ": " + outside);
    }
  }

  /** A float that is clamped has the bits of a double that is clamped before it is rounded. */
  @Property
  void clampingAndRoundingMayChangePlaces(
      @ForAll double value,
      @ForAll @DoubleRange(min = -2, max = 2) double min,
      @ForAll float wide) {
    double max = Double.isFinite(wide) ? min + Math.abs(wide) : min;
    Target.Values kept = new Target.Values(0, 1).withRanges(List.of(new Column.Range(min, max)));
    for (double near : new double[] {value, min, max, Math.nextUp(max), Math.nextDown(min)}) {
      double[] inDouble = {near};
      float[] inFloat = {(float) near};
      kept.clamp(inDouble, 1);
      kept.clamp(inFloat, 1);
      assertEquals(expected(kept.ranges().getFirst(), near), inDouble[0]);
      assertEquals((float) inDouble[0], inFloat[0]);
    }
  }

  @Example
  void withoutRangesNoBitChanges() {
    float[] floats = {Float.NaN, -0f, Float.NEGATIVE_INFINITY, 1e30f};
    double[] doubles = {Double.NaN, -0.0, Double.POSITIVE_INFINITY, 1e300};
    float[] sameFloats = floats.clone();
    double[] sameDoubles = doubles.clone();
    Target.Values.unscaled(2).clamp(sameFloats, 2);
    Target.Values.unscaled(2).clamp(sameDoubles, 2);
    assertArrayEquals(floats, sameFloats);
    assertArrayEquals(doubles, sameDoubles);
  }

  /** Each member keeps its own predictions in its own range; the mean is of these. */
  @Example
  void anEnsembleIsTheMeanOfClampedMembers() {
    Loss loss = new Loss.SquaredError();
    Model first = model(loss, values(loss).withRanges(RANGES), 5);
    Model second =
        model(
            loss,
            values(loss).withRanges(List.of(new Column.Range(99, 120), new Column.Range(0, 0))),
            6);
    // Members on other rows have encoders of their own, so each takes its own columns.
    float[] both = new float[4 * ROWS];
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(rows(), 2 * r, both, 4 * r, 2);
      System.arraycopy(rows(), 2 * r, both, 4 * r + 2, 2);
    }
    double[] mean = new double[2 * ROWS];
    Ensemble.of(List.of(first, second)).predictor().values(both, ROWS, mean);
    double[] one = new double[mean.length];
    double[] other = new double[mean.length];
    first.predictor().values(rows(), ROWS, one);
    second.predictor().values(rows(), ROWS, other);
    for (int i = 0; i < mean.length; i++) {
      assertEquals((one[i] + other[i]) / 2, mean[i], 1e-12);
    }
  }

  /** An outlier among the rows that judge is not brought nearer to its prediction. */
  @Example
  void targetsAreNeverClamped() {
    Loss loss = new Loss.SquaredError();
    Target.Values kept = values(loss).withRanges(RANGES);
    double[] truth = {50, 3, 100, 0.05, 400, -7};
    assertArrayEquals(values(loss).scaled(truth), kept.scaled(truth));
    Model model = model(loss, kept, 5);
    float[] rows = Arrays.copyOf(rows(), 6);
    Dataset judged = Dataset.of(rows, 2, kept.scaled(truth), 2);
    double[] predicted = new double[6];
    model.predictor().values(rows, 3, predicted);
    double squares = 0;
    for (int i = 0; i < 6; i++) {
      squares += (predicted[i] - truth[i]) * (predicted[i] - truth[i]);
    }
    Evaluation.OfValues found = assertInstanceOf(Evaluation.OfValues.class, model.evaluate(judged));
    assertEquals(Math.sqrt(squares / 6), found.regression().rmse(), 1e-3);
    double[] restored = new Scorer(loss, Optional.of(kept)).restored(kept.scaled(truth), 3);
    assertArrayEquals(truth, restored, 1e-4);
  }

  /** What is watched in training is what the model is judged by. */
  @Property(tries = 20)
  void theScorerOfDevRowsClampsAsThePredictorDoes(@ForAll @IntRange(max = 50) int seed) {
    for (Loss loss : List.of(new Loss.SquaredError(), new Loss.Poisson())) {
      Target.Values kept = values(loss).withRanges(ranges(loss));
      Predictor predictor = model(loss, kept, seed).predictor();
      float[] rows = Arrays.copyOf(rows(), 10);
      float[] logits = new float[10];
      double[] values = new double[10];
      predictor.logits(rows, 5, logits);
      predictor.values(rows, 5, values);
      assertArrayEquals(values, new Scorer(loss, Optional.of(kept)).values(logits, 5));
    }
  }

  @Example
  void rangesTravelInTheFile() throws Exception {
    Loss loss = new Loss.SquaredError();
    for (Target target :
        List.of(
            values(loss),
            values(loss).withRanges(RANGES),
            values(loss).withRanges(RANGES).withRanges(List.of()))) {
      Model model = model(loss, target, 5);
      Model loaded = assertInstanceOf(Model.class, TrainedModel.of(model.toBytes()));
      assertEquals(target, loaded.encoder().orElseThrow().target());
      assertEquals(target.toString(), loaded.encoder().orElseThrow().target().toString());
      String file = new String(model.toBytes(), StandardCharsets.ISO_8859_1);
      assertEquals(!((Target.Values) target).ranges().isEmpty(), file.contains("\\\"min\\\""));
    }
  }

  @Example
  void rangesThatCannotBeAreRefusedWhereTheyAreWrong() {
    Encoder encoder =
        model(new Loss.SquaredError(), values(new Loss.SquaredError()).withRanges(RANGES), 5)
            .encoder()
            .orElseThrow();
    String text = EncoderJson.write(encoder).toString();
    assertEquals(encoder, EncoderJson.read(new JsonReader(text)));
    refused(text, "\"max\"", "\"most\"", "encoder.target: member \"max\" is missing");
    refused(text, "[95.0,-0.1]", "[95.0]", "encoder.target: min, max: 1 and 2 numbers; expected 2");
    refused(text, "[95.0,-0.1]", "[]", "encoder.target: min, max: 0 and 2 numbers; expected 2");
    refused(text, "[95.0,-0.1]", "[195.0,-0.1]", "encoder.target: min, max: 195.0, 101.25; exp");
    refused(text, "[95.0,-0.1]", "[95.0,\"x\"]", "encoder.target.min[1]: expected a number");
  }

  private static void refused(String text, String from, String to, String message) {
    assertTrue(text.contains(from), text);
    Refusals.assertRefusedSaying(
        message, () -> EncoderJson.read(new JsonReader(text.replace(from, to))));
  }

  @Example
  void rangesAreNoOtherUnits() {
    List<Column.Range> one = List.of(new Column.Range(0, 1));
    assertFalse(Target.Values.unscaled(1).withRanges(one).isScaled());
    assertTrue(new Target.Values(0, 2).withRanges(one).isScaled());
    assertEquals("Values[mean=[0.0], deviation=[2.0]]", new Target.Values(0, 2).toString());
    assertEquals(
        "Values[mean=[0.0], deviation=[2.0], ranges=[Range[min=0.0, max=1.0]]]",
        new Target.Values(0, 2).withRanges(one).toString());
  }

  @Tag("allocation")
  @Example
  void clampingAllocatesNothing() {
    Loss loss = new Loss.SquaredError();
    Predictor predictor = model(loss, values(loss).withRanges(RANGES), 5).predictor();
    float[] rows = rows();
    float[] out = new float[2 * ROWS];
    double[] inDouble = new double[2 * ROWS];
    Allocation.assertNone(
        "a prediction",
        20,
        i -> {
          predictor.predict(rows, ROWS, out);
          predictor.values(rows, ROWS, inDouble);
        });
  }
}
