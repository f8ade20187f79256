package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.ANY_STREAM;
import static dev.lanewise.badinput.BadInputs.CHECKED;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.MonteCarloDropout;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.SafetensorsException;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.model.SharedPredictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bad input to the package {@code model}. */
final class ModelCases {

  private static final Engine ENGINE = Engine.standard();
  private static final Network VALUES = Network.inputs(2).dense(1).loss(new Loss.SquaredError());
  private static final Path NOWHERE = Path.of("target", "no such folder", "file");

  private ModelCases() {}

  static void list(BadInputs bad) {
    models(bad);
    predictors(bad);
    widePredictions(bad);
    shared(bad);
    ensembles(bad);
    calibrations(bad);
    regions(bad);
    passes(bad);
    files(bad);
    bad.takeAnything(CHECKED, "Provenance.of(Engine)");
    bad.takeAnything(
        "any text may be kept", "new Provenance(Map)", "Provenance.with(String, String)");
  }

  private static Model model() {
    return Model.of(VALUES, new float[3], ENGINE);
  }

  private static Encoder encoder(int columns, Target target) {
    List<Column> all =
        List.of(new Column.Numeric("a", 0, false), new Column.Numeric("b", 0, false));
    return Encoder.of(true, all.subList(0, columns), Optional.empty(), target);
  }

  private static void models(BadInputs bad) {
    String of = "Model.of(Network, float[], Engine)";
    bad.refuses(
        of, () -> Model.of(VALUES, new float[2], ENGINE), "parameters: length 2; expected 3");
    bad.refuses(
        of,
        () -> Model.of(VALUES, new float[] {0, Float.NaN, 0}, ENGINE),
        "tensor \"dense1.weight\": NaN at element 1");
    Dataset noRows = Dataset.of(new float[0], 2, new float[0], 1);
    bad.refuses(
        "TrainedModel.evaluate(Dataset)",
        () -> model().evaluate(noRows),
        "rows: none; expected at least 1");
    bad.refuses(
        "TrainedModel.evaluate(Dataset)",
        () -> model().evaluate(Dataset.of(new float[3], 3, new float[1], 1)),
        "rows: 3 columns; expected 2");
    bad.refuses(
        "TrainedModel.evaluate(RowSource)",
        () -> model().evaluate(new MemoryRows(Dataset.of(new float[2], 2, new float[2], 2))),
        "2 target columns");
    bad.refuses(
        "TrainedModel.evaluate(Table)",
        () -> model().evaluate(Table.ofRows(List.of("x"), List.of(List.of(1)))),
        IllegalStateException.class,
        "a model without encoder");
    String encoder = "Model.withEncoder(Encoder)";
    Target values = Target.Values.unscaled(1);
    bad.refuses(
        encoder, () -> model().withEncoder(encoder(1, values)), "encoder: 1 encoded columns");
    bad.refuses(
        encoder,
        () -> model().withEncoder(encoder(2, Target.Values.unscaled(2))),
        "encoder: a target of 2 scores");
    bad.refuses(
        encoder,
        () -> model().withEncoder(encoder(2, new Target.Classes(List.of("0", "1")))),
        "encoder: a target of classes");
    bad.refuses(
        encoder,
        () -> model().withEncoder(encoder(2, values)).withEncoder(otherEncoder()),
        "encoder: another than this model's own");
    bad.refuses(encoder, () -> model().withEncoder(null), NullPointerException.class, "encoder");
    bad.refuses(
        "TrainedModel.evaluate(Dataset)",
        () ->
            model()
                .withEncoder(encoder(2, values))
                .evaluate(
                    otherEncoder()
                        .dataset(
                            Table.ofRows(List.of("1", "2", "3"), List.of(List.of(1, 2, 3))),
                            new int[1],
                            "3")),
        "rows: of another encoder");
    bad.refuses(
        "Model.withTemperature(Temperature)",
        () -> model().withTemperature(new Temperature(2)),
        "temperature: 2.0");
    bad.refuses(
        "Model.withThreshold(Threshold)",
        () -> model().withThreshold(new Threshold(0.25f)),
        "threshold: 0.25");
    bad.refuses(
        "Model.save(Path)", () -> model().save(NOWHERE), IOException.class, "no such folder");
    bad.refuses("Model.load(Path)", () -> Model.load(NOWHERE), IOException.class, "no such folder");
    bad.refuses(
        "Model.load(Path, Engine)",
        () -> Model.load(Path.of("target"), ENGINE),
        IOException.class,
        "target: is a folder");
    byte[] none = new byte[0];
    Class<SafetensorsException> refused = SafetensorsException.class;
    bad.refuses(
        "TrainedModel.read(InputStream, String)",
        () -> TrainedModel.read(InputStream.nullInputStream(), "nowhere"),
        refused,
        "nowhere: truncated");
    bad.refuses(
        "TrainedModel.read(InputStream, String, Engine)",
        () -> TrainedModel.read(InputStream.nullInputStream(), "nowhere", ENGINE),
        refused,
        "nowhere: truncated");
    bad.refuses(
        "TrainedModel.of(byte[])",
        () -> TrainedModel.of(none),
        refused,
        "bytes: 0 bytes; expected");
    bad.refuses(
        "TrainedModel.of(byte[], Engine)",
        () -> TrainedModel.of(none, ENGINE),
        refused,
        "bytes: 0 bytes; expected");
    bad.takeAnything(ANY_STREAM, "Model.writeTo(OutputStream)");
    bad.takeAnything(
        CHECKED, "Model.withProvenance(Provenance)", "Model.withWeightFormat(WeightFormat)");
  }

  private static void predictors(BadInputs bad) {
    Predictor predictor = model().predictor();
    String predict = "Predictor.predict(float[], int, float[])";
    float[] two = new float[2];
    bad.refuses(predict, () -> predictor.predict(two, -1, two), "count: -1");
    bad.refuses(
        predict, () -> predictor.predict(two, 2, two), "rows: length 2; expected at least 4");
    bad.refuses(predict, () -> predictor.predict(two, 1, new float[0]), "out: length 0");
    bad.refuses(
        "Predictor.logits(float[], int, float[])",
        () -> predictor.logits(two, 2, two),
        "rows: length 2; expected at least 4");
  }

  private static void widePredictions(BadInputs bad) {
    double[] one = new double[1];
    Predictor values = model().predictor();
    Predictor classes = binary().predictor();
    String wide = "Predictor.values(float[], int, double[])";
    bad.refuses(wide, () -> values.values(new float[2], -1, one), "count: -1");
    bad.refuses(wide, () -> values.values(new float[3], 2, one), "rows: length 3");
    bad.refuses(wide, () -> values.values(new float[4], 2, one), "out: length 1");
    String probabilities = "Predictor.probabilities(float[], int, double[])";
    bad.refuses(
        probabilities,
        () -> classes.probabilities(new float[2], 1, one),
        "out: length 1; expected at least 2, 1 rows of 2");
    bad.refuses(probabilities, () -> classes.probabilities(new float[1], 1, one), "rows: length 1");
  }

  private static Encoder otherEncoder() {
    List<Column> columns =
        List.of(new Column.Numeric("1", 7, false), new Column.Numeric("2", 0, false));
    return Encoder.of(true, columns, Optional.empty(), Target.Values.unscaled(1));
  }

  private static Model binary() {
    Network network = Network.inputs(2).dense(1).loss(new Loss.SigmoidCrossEntropy());
    return Model.of(network, new float[3], ENGINE)
        .withEncoder(encoder(2, new Target.Classes(List.of("no", "yes"))));
  }

  /** A record with a component that is no column. */
  public record Other(double c) {}

  private static void shared(BadInputs bad) {
    TrainedModel model = binary();
    SharedPredictor shared = model.shared();
    float[] two = new float[2];
    bad.refuses(
        "SharedPredictor.predict(float[], int, float[])",
        () -> shared.predict(two, 2, two),
        "rows: length 2; expected at least 4");
    bad.refuses(
        "SharedPredictor.logits(float[], int, float[])",
        () -> shared.logits(two, -1, two),
        "count: -1");
    bad.refuses(
        "SharedPredictor.decide(Map)",
        () -> shared.decide(Map.of("c", 1)),
        DataException.class,
        "values: no column c");
    bad.refuses(
        "SharedPredictor.decide(List)",
        () -> shared.decide(List.of(1)),
        DataException.class,
        "values: 1; expected 2");
    bad.refuses(
        "SharedPredictor.decide(Record)",
        () -> shared.decide(new Other(1)),
        DataException.class,
        "component c is no column");
    bad.refuses(
        "TrainedModel.decide(Record)",
        () -> model.decide(new Other(1)),
        DataException.class,
        "component c is no column");
    Encoder narrow = encoder(1, new Target.Classes(List.of("no", "yes")));
    bad.refuses(
        "SharedPredictor.decide(Object, RowEncoder)",
        () -> shared.decide(new Object[] {1}, narrow.forValues()),
        "rows: 1 columns; expected the model's 2");
    bad.refuses(
        "SharedPredictor.decide(Object, RowEncoder)",
        () -> shared.decide(new Object[] {1}, null),
        NullPointerException.class,
        "rows");
    bad.refuses(
        "SharedPredictor.decide(Record)",
        () -> shared.decide((Record) null),
        NullPointerException.class,
        "row");
    bad.refuses(
        "SharedPredictor.decide(List)",
        () -> shared.decide((List<?>) null),
        NullPointerException.class,
        "values");
    bad.refuses(
        "TrainedModel.load(Path)",
        () -> TrainedModel.load(null),
        NullPointerException.class,
        "file");
    bad.refuses(
        "TrainedModel.decide(Map)",
        () -> model.decide(Map.of("c", 1)),
        DataException.class,
        "values: no column c");
    bad.refuses(
        "TrainedModel.decide(List)",
        () -> model.decide(List.of(1)),
        DataException.class,
        "values: 1; expected 2");
    bad.refuses(
        "Decision.probability(String)",
        () -> model.decide(List.of(1, 2)).probability("perhaps"),
        "label: perhaps; expected one of [no, yes]");
    bad.refuses(
        "TrainedModel.load(Path)",
        () -> TrainedModel.load(NOWHERE),
        IOException.class,
        "no such folder");
    bad.refuses(
        "TrainedModel.load(Path, Engine)",
        () -> TrainedModel.load(Path.of("target"), ENGINE),
        IOException.class,
        "target: is a folder");
  }

  private static void ensembles(BadInputs bad) {
    String of = "Ensemble.of(List)";
    Network wide = Network.inputs(2).dense(2).loss(new Loss.SquaredError());
    bad.refuses(of, () -> Ensemble.of(List.of()), "models: none");
    bad.refuses(
        of,
        () -> Ensemble.of(List.of(model(), Model.of(wide, new float[6], ENGINE))),
        "models: number 2 has");
    Ensemble ensemble = Ensemble.of(List.of(model()));
    bad.refuses(
        "Ensemble.withWeights(double[])",
        () -> ensemble.withWeights(0),
        "weights: 0.0 for model 1");
    bad.refuses(
        "Ensemble.withTemperature(Temperature)",
        () -> ensemble.withTemperature(new Temperature(2)),
        "temperature: 2.0");
    bad.refuses(
        "Ensemble.withThreshold(Threshold)",
        () -> ensemble.withThreshold(new Threshold(0.25f)),
        "threshold: 0.25");
    bad.refuses(
        "Ensemble.save(Path)", () -> ensemble.save(NOWHERE), IOException.class, "no such folder");
    bad.takeAnything(ANY_STREAM, "Ensemble.writeTo(OutputStream)");
    bad.takeAnything(CHECKED, "Ensemble.withProvenance(Provenance)");
    Predictor predictor = ensemble.predictor();
    String predict = "Predictor.predict(float[], int, float[])";
    float[] two = new float[2];
    bad.refuses(predict, () -> predictor.predict(two, -1, two), "count: -1");
    bad.refuses(predict, () -> predictor.predict(new float[1], 1, two), "rows: length 1");
    bad.refuses(predict, () -> predictor.predict(two, 1, new float[0]), "out: length 0");
  }

  private static Dataset rows(float target) {
    return Dataset.of(new float[2], 2, new float[] {target}, 1);
  }

  private static void calibrations(BadInputs bad) {
    String calibrate = "Conformal.calibrate(TrainedModel, Dataset, Score, double[])";
    Conformal.Score residual = Conformal.Score.RESIDUAL;
    bad.refuses(
        calibrate,
        () -> Conformal.calibrate(model(), rows(0), Conformal.Score.LAC, 0.9),
        "score: lac; expected a model of classes");
    bad.refuses(
        calibrate,
        () -> Conformal.calibrate(binary(), rows(0), residual, 0.9),
        "score: residual; expected a model of values");
    bad.refuses(
        calibrate,
        () -> Conformal.calibrate(model(), rows(0), Conformal.Score.CQR, 0.9),
        "score: cqr; expected an ensemble of two models");
    bad.refuses(
        calibrate,
        () ->
            Conformal.calibrate(
                model().withWeightFormat(WeightFormat.BFLOAT16), rows(0), residual, 0.9),
        "model: weights as BFLOAT16; expected FLOAT32");
    for (double none : new double[] {0, 1, -0.1, Double.NaN, Double.POSITIVE_INFINITY, 1e-40}) {
      bad.refuses(
          calibrate,
          () -> Conformal.calibrate(model(), rows(0), residual, none),
          "coverage: " + (none == 1e-40 ? "1E-40" : none));
    }
    bad.refuses(
        calibrate,
        () -> Conformal.calibrate(model(), rows(0), residual),
        "coverage: none; expected at least one");
    bad.refuses(
        calibrate,
        () -> Conformal.calibrate(model(), rows(0), residual, 0.9, 0.8, 0.9),
        "coverage: 0.9 twice");
    bad.refuses(
        calibrate,
        () ->
            Conformal.calibrate(
                model(), Dataset.of(new float[0], 2, new float[0], 1), residual, 0.9),
        "rows: none; expected at least 1");
    bad.refuses(
        calibrate,
        () -> Conformal.calibrate(binary(), rows(0.5f), Conformal.Score.LAC, 0.9),
        "rows: target 0.5 of row 0; expected a class from 0 to 1");
    bad.refuses(
        calibrate,
        () ->
            Conformal.calibrate(
                model(), Dataset.of(new float[] {Float.NaN, 0}, 2, new float[1], 1), residual, 0.5),
        ArithmeticException.class,
        "row 0: the score is NaN");
    bad.refuses(
        "Conformal.calibrate(TrainedModel, Table, Score, double[])",
        () ->
            Conformal.calibrate(
                model(), Table.ofRows(List.of("x"), List.of(List.of(1))), residual, 0.9),
        IllegalStateException.class,
        "a model without encoder");
    bad.refuses(
        "Conformal.rank(int, double)",
        () -> Conformal.rank(0, 0.9),
        "rows: 0; expected at least 1");
    bad.refuses("Conformal.rank(int, double)", () -> Conformal.rank(9, 90), "coverage: 90.0");
  }

  private static void regions(BadInputs bad) {
    Conformal sets = Conformal.calibrate(binary(), rows(0), Conformal.Score.LAC, 0.5);
    Conformal intervals = Conformal.calibrate(model(), rows(0), Conformal.Score.RESIDUAL, 0.5, 0.9);
    float[] two = new float[2];
    double[] one = new double[1];
    String interval = "Conformal.intervals(float[], int, double[], double[])";
    double[] other = new double[1];
    bad.refuses(interval, () -> intervals.intervals(two, -1, one, other), "count: -1");
    bad.refuses(interval, () -> intervals.intervals(two, 2, one, other), "rows: length 2");
    bad.refuses(interval, () -> intervals.intervals(two, 1, new double[0], one), "lower: length 0");
    bad.refuses(interval, () -> intervals.intervals(two, 1, one, new double[0]), "upper: length 0");
    bad.refuses(
        interval, () -> intervals.intervals(two, 1, one, one), "upper: the array of lower ends");
    bad.refuses(
        interval,
        () -> sets.intervals(two, 1, one, other),
        IllegalStateException.class,
        "intervals: this predicts sets");
    String set = "Conformal.sets(float[], int, double[], boolean[])";
    boolean[] members = new boolean[2];
    bad.refuses(set, () -> sets.sets(two, 2, new double[4], members), "rows: length 2");
    bad.refuses(set, () -> sets.sets(two, 1, one, members), "probabilities: length 1");
    bad.refuses(set, () -> sets.sets(two, 1, new double[2], new boolean[1]), "members: length 1");
    bad.refuses(
        set,
        () -> intervals.sets(two, 1, one, members),
        IllegalStateException.class,
        "sets: this predicts intervals");
    bad.refuses(
        "Conformal.withCoverage(double)",
        () -> intervals.withCoverage(0.8),
        "coverage: 0.8; expected one that was calibrated for, of [0.5, 0.9]");
    bad.refuses(
        "Conformal.evaluate(Dataset)",
        () -> sets.evaluate(Dataset.of(new float[3], 3, new float[1], 1)),
        "rows: 3 columns; expected 2");
    bad.refuses(
        "Conformal.evaluate(Table)",
        () -> intervals.evaluate(Table.ofRows(List.of("x"), List.of(List.of(1)))),
        IllegalStateException.class,
        "a model without encoder");
    bad.refuses(
        "Conformal.region(Map)",
        () -> sets.region(Map.of("c", 1)),
        DataException.class,
        "values: no column c");
    bad.refuses(
        "Conformal.region(List)",
        () -> sets.region(List.of(1)),
        DataException.class,
        "values: 1; expected 2");
    bad.refuses(
        "Conformal.region(Record)",
        () -> sets.region(new Other(1)),
        DataException.class,
        "component c is no column");
    bad.refuses(
        "new Conformal.Interval(double, double)",
        () -> new Conformal.Interval(2, 1),
        "lower: 2.0; expected at most the upper end, 1.0");
    bad.takeAnything(
        BadInputs.QUESTION,
        "Conformal.Interval.contains(double)",
        "Conformal.Score.fits(TrainedModel)");
    bad.takeAnything(BadInputs.RESULT, "new Conformal.Observed(int, int, double, int)");
    SharedPredictor values = model().shared();
    SharedPredictor classes = binary().shared();
    bad.refuses(
        "SharedPredictor.values(float[], int, double[])",
        () -> values.values(new float[3], 2, one),
        "rows: length 3");
    bad.refuses(
        "SharedPredictor.probabilities(float[], int, double[])",
        () -> classes.probabilities(two, 1, one),
        "out: length 1; expected at least 2");
  }

  private static void passes(BadInputs bad) {
    String of = "MonteCarloDropout.of(Model, int, long)";
    bad.refuses(of, () -> MonteCarloDropout.of(model(), 9, 0), "model: its network drops nothing");
    Network network = Network.inputs(2).dropout(0.5).dense(1).loss(new Loss.SquaredError());
    Model drops = Model.of(network, new float[3], ENGINE);
    bad.refuses(of, () -> MonteCarloDropout.of(drops, 1, 0), "passes: 1; expected from 2 to 4000");
    bad.refuses(of, () -> MonteCarloDropout.of(drops, 4001, 0), "passes: 4001");
    bad.refuses(
        of,
        () -> MonteCarloDropout.of(drops.forServing(), 9, 0),
        IllegalStateException.class,
        "parameters: forServing has dropped them");
    MonteCarloDropout passes = MonteCarloDropout.of(drops, 2, 0);
    bad.refuses(
        "MonteCarloDropout.withCoverage(double)", () -> passes.withCoverage(1), "coverage: 1.0");
    float[] two = new float[2];
    double[] a = new double[1];
    double[] b = new double[1];
    double[] c = new double[1];
    double[] d = new double[1];
    double[] none = new double[0];
    String predict =
        "MonteCarloDropout.predict(float[], int, double[], double[], double[], double[])";
    bad.refuses(predict, () -> passes.predict(two, -1, a, b, c, d), "count: -1");
    bad.refuses(predict, () -> passes.predict(two, 2, a, b, c, d), "rows: length 2");
    bad.refuses(predict, () -> passes.predict(two, 1, none, b, c, d), "mean: length 0");
    bad.refuses(predict, () -> passes.predict(two, 1, a, none, c, d), "deviation: length 0");
    bad.refuses(predict, () -> passes.predict(two, 1, a, b, none, d), "lower: length 0");
    bad.refuses(predict, () -> passes.predict(two, 1, a, b, c, none), "upper: length 0");
    bad.refuses(predict, () -> passes.predict(two, 1, a, b, c, a), "upper: an array that receives");
    String draws = "MonteCarloDropout.draws(float[], int, double[])";
    bad.refuses(draws, () -> passes.draws(two, 1, a), "out: length 1; expected at least 2");
    bad.refuses(draws, () -> passes.draws(two, 2, new double[4]), "rows: length 2");
  }

  private static void files(BadInputs bad) {
    Class<SafetensorsException> refused = SafetensorsException.class;
    SafetensorsFile file = SafetensorsFile.builder().floats("x", 1).build();
    bad.refuses(
        "SafetensorsFile.metadata(String)", () -> file.metadata("k"), refused, "metadata \"k\"");
    bad.refuses("SafetensorsFile.floats(String)", () -> file.floats("y"), refused, "tensor \"y\"");
    bad.refuses("SafetensorsFile.doubles(String)", () -> file.doubles("x"), refused, "dtype F32");
    bad.refuses("SafetensorsFile.longs(String)", () -> file.longs("x"), refused, "dtype F32");
    bad.refuses(
        "SafetensorsFile.parameters(String, Layout)",
        () -> file.parameters("best.", VALUES.layout()),
        refused,
        "tensor \"best.dense1.weight\" is missing");
    bad.refuses(
        "SafetensorsFile.parametersOf(Network)",
        () -> file.parametersOf(VALUES),
        refused,
        "tensor \"dense1.weight\" is missing");
    bad.refuses(
        "SafetensorsFile.write(Path)", () -> file.write(NOWHERE), IOException.class, "no such");
    bad.takeAnything(ANY_STREAM, "SafetensorsFile.writeTo(OutputStream)");
    bad.refuses(
        "SafetensorsFile.read(InputStream, String)",
        () -> SafetensorsFile.read(InputStream.nullInputStream(), "nowhere"),
        refused,
        "nowhere: truncated");
    bad.refuses(
        "SafetensorsFile.of(byte[])",
        () -> SafetensorsFile.of(new byte[7]),
        refused,
        "bytes: 7 bytes; expected at least 8");
    bad.refuses(
        "SafetensorsFile.read(Path)",
        () -> SafetensorsFile.read(NOWHERE),
        IOException.class,
        "no such");

    bad.refuses(
        "SafetensorsFile.Builder.parameters(String, Layout, float[])",
        () -> SafetensorsFile.builder().parameters("", VALUES.layout(), new float[2]),
        "values: length 2; expected 3");
    bad.refuses(
        "SafetensorsFile.Builder.parameters(String, Layout, float[])",
        () ->
            SafetensorsFile.builder()
                .parameters("a.", VALUES.layout(), new float[] {0, Float.NaN, 0}),
        "tensor \"a.dense1.weight\": NaN at element 1; expected finite numbers");
    bad.refuses(
        "SafetensorsFile.Builder.floats(String, float[])",
        () -> SafetensorsFile.builder().floats("x", 1).floats("x", 2),
        "name \"x\": expected another");
    bad.refuses(
        "SafetensorsFile.Builder.doubles(String, double[])",
        () -> SafetensorsFile.builder().floats("x", 1).doubles("x", 2),
        "name \"x\": expected another");
    bad.refuses(
        "SafetensorsFile.Builder.longs(String, long[])",
        () -> SafetensorsFile.builder().longs("__metadata__", 2),
        "name \"__metadata__\": expected another");
    bad.refuses(
        "SafetensorsFile.Builder.metadata(String, String)",
        () -> SafetensorsFile.builder().metadata("k", "a").metadata("k", "b"),
        "key \"k\": expected another");
  }
}
