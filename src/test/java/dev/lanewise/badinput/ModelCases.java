package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.ANY_STREAM;
import static dev.lanewise.badinput.BadInputs.CHECKED;

import dev.lanewise.MemoryRows;
import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.EnsemblePredictor;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.SafetensorsException;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
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
    ensembles(bad);
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
        "Model.evaluate(Dataset)",
        () -> model().evaluate(noRows),
        "rows: none; expected at least 1");
    bad.refuses(
        "Model.evaluate(Dataset)",
        () -> model().evaluate(Dataset.of(new float[3], 3, new float[1], 1)),
        "rows: 3 columns; expected 2");
    bad.refuses(
        "Model.evaluate(RowSource)",
        () -> model().evaluate(new MemoryRows(Dataset.of(new float[2], 2, new float[2], 2))),
        "2 target columns");
    bad.refuses(
        "Model.evaluate(Table)",
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
        "Model.read(InputStream, String)",
        () -> Model.read(InputStream.nullInputStream(), "nowhere"),
        refused,
        "nowhere: truncated");
    bad.refuses(
        "Model.read(InputStream, String, Engine)",
        () -> Model.read(InputStream.nullInputStream(), "nowhere", ENGINE),
        refused,
        "nowhere: truncated");
    bad.refuses("Model.of(byte[])", () -> Model.of(none), refused, "bytes: 0 bytes; expected");
    bad.refuses(
        "Model.of(byte[], Engine)",
        () -> Model.of(none, ENGINE),
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
        "Predictor.scores(float[], int, float[])",
        () -> predictor.scores(two, 2, two),
        "rows: length 2; expected at least 4");
  }

  private static void ensembles(BadInputs bad) {
    String of = "Ensemble.of(List)";
    Network wide = Network.inputs(2).dense(2).loss(new Loss.SquaredError());
    bad.refuses(of, () -> Ensemble.of(List.of()), "models: none");
    bad.refuses(
        of,
        () -> Ensemble.of(List.of(model(), Model.of(wide, new float[6], ENGINE))),
        "models: number 2 has");
    EnsemblePredictor predictor = Ensemble.of(List.of(model())).predictor();
    String predict = "EnsemblePredictor.predict(float[], int, float[])";
    float[] two = new float[2];
    bad.refuses(predict, () -> predictor.predict(two, -1, two), "count: -1");
    bad.refuses(predict, () -> predictor.predict(new float[1], 1, two), "rows: length 1");
    bad.refuses(predict, () -> predictor.predict(two, 1, new float[0]), "out: length 0");
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
