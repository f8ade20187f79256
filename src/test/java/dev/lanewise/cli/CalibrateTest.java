package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Model;
import dev.lanewise.model.MonteCarloDropout;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intervals and sets from the command line. */
final class CalibrateTest {

  @TempDir private Path folder;

  /** Rows of two features, a value, another value and a class of three. */
  private Path rows(String name, int seed, int count) throws IOException {
    StringBuilder text = new StringBuilder("a,b,y,z,kind\n");
    for (int i = 0; i < count; i++) {
      double a = CounterRandom.normal(seed, 4 * i);
      double b = CounterRandom.normal(seed, 4 * i + 1);
      double noise = CounterRandom.normal(seed, 4 * i + 2);
      double other = CounterRandom.normal(seed, 4 * i + 3);
      String kind = a + noise > 0.7 ? "x|1" : b + other > 0 ? "x\\2" : "plain";
      text.append("%s,%s,%s,%s,%s\n".formatted(a, b, 3 * a - b + noise, b * other, kind));
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private Path train(String name, Path rows, String options) {
    Path model = folder.resolve(name);
    String command = "train %s --hidden 6 --epochs 4 --patience 0 --model %s %s";
    run(0, (Object[]) command.formatted(rows, model, options).split(" "));
    return model;
  }

  private Path values(Path rows) {
    return train("values", rows, "--label y --ignore z,kind --task regress --dropout 0.3");
  }

  private static List<String[]> fields(CommandLineRun run) {
    return run.out().stream().map(line -> line.split(",", -1)).toList();
  }

  @Test
  void aCalibratedModelIsOneFileWhoseIntervalsAreTheLibrarys() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path others = rows("others.csv", 2, 200);
    Path model = values(rows);
    Path calibrated = folder.resolve("calibrated");
    CommandLineRun told =
        run(0, "calibrate", model, others, "--coverage", "0.9,0.8,0.999", "-o", calibrated);
    Conformal expected =
        Conformal.calibrate(
            TrainedModel.load(model), Table.csv(others), Conformal.Score.RESIDUAL, 0.9, 0.8, 0.999);
    assertArrayEquals(expected.model().toBytes(), Files.readAllBytes(calibrated));
    assertEquals(
        List.of(
            expected.toString(),
            expected.withCoverage(0.8).toString(),
            "residual 0.999, rank 201 of 200 rows: infinite, as it takes at least 999 rows"),
        told.out());

    List<String> plain = run(0, "predict", model, others).out();
    assertEquals(plain, run(0, "predict", calibrated, others).out(), "as without calibration");
    List<String[]> lines = fields(run(0, "predict", calibrated, others, "--interval"));
    assertEquals("prediction,lower,upper", String.join(",", lines.getFirst()));
    double[] lower = new double[200];
    double[] upper = new double[200];
    Encoder encoder = expected.model().encoder().orElseThrow();
    float[] encoded = encoder.features(Table.csv(others), Table.csv(others).all());
    expected.intervals(encoded, 200, lower, upper);
    for (int r = 0; r < 200; r++) {
      assertEquals(plain.get(r + 1), lines.get(r + 1)[0]);
      assertEquals(lower[r], Double.parseDouble(lines.get(r + 1)[1]));
      assertEquals(upper[r], Double.parseDouble(lines.get(r + 1)[2]));
    }
    List<String[]> several =
        fields(run(0, "predict", calibrated, others, "--interval", "--coverage", "0.8,0.999"));
    assertEquals(
        "prediction,lower_0.8,upper_0.8,lower_0.999,upper_0.999",
        String.join(",", several.getFirst()));
    assertEquals("-Infinity", several.get(1)[3]);
    assertEquals("Infinity", several.get(1)[4]);
    assertTrue(Double.parseDouble(several.get(1)[1]) > lower[0]);
  }

  @Test
  void evaluateTellsHowManyRowsAreCovered() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path others = rows("others.csv", 2, 200);
    Path calibrated = folder.resolve("calibrated");
    Path model = values(rows);
    run(0, "calibrate", model, others, "--coverage", "0.9,0.999", "-o", calibrated);
    Map<String, Json> plain = json(run(0, "evaluate", model, others, "--json"));
    Map<String, Json> result = json(run(0, "evaluate", calibrated, others, "--json"));
    assertEquals(plain.get("test"), result.get("test"));
    assertFalse(plain.containsKey("coverage"));
    List<Json> levels = ((Json.Arr) result.get("coverage")).items();
    Map<String, Json> first = object(levels.get(0));
    assertEquals(0.9, decimal(first.get("coverage")));
    assertEquals(200, number(first.get("rows")));
    assertEquals(181, number(first.get("covered")), "its own rows, as many as the rank");
    assertEquals(0.905, decimal(first.get("observed")));
    assertTrue(decimal(first.get("meanWidth")) > 0);
    Map<String, Json> second = object(levels.get(1));
    assertEquals(200, number(second.get("covered")));
    assertFalse(second.containsKey("meanWidth"), "infinite");
    List<String> text = run(0, "evaluate", calibrated, others).out();
    assertTrue(
        text.get(text.size() - 2)
            .startsWith("coverage 0.9: 181 of 200 rows covered (0.90500), mean width "),
        text::toString);
  }

  @Test
  void setsAreTheLibrarysAndTheirLabelsCanBeTakenApart() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path others = rows("others.csv", 2, 200);
    Path model = train("classes", rows, "--label kind --ignore y,z");
    for (String method : List.of("lac", "aps")) {
      Path calibrated = folder.resolve(method);
      run(0, "calibrate", model, others, "--method", method, "-o", calibrated);
      Conformal conformal = TrainedModel.load(calibrated).conformal().orElseThrow();
      assertEquals(method, Usage.name(conformal.score()));
      List<String[]> lines = fields(run(0, "predict", calibrated, others, "--set"));
      assertEquals("prediction,p_plain,p_x\\2,p_x|1,set", String.join(",", lines.getFirst()));
      Table table = Table.csv(others);
      long sizes = 0;
      for (int r = 0; r < 200; r++) {
        Map<String, Double> row = Map.of("a", table.number(r, 0), "b", table.number(r, 1));
        List<String> expected = conformal.region(row).labels();
        List<String> escaped =
            expected.stream().map(l -> l.replace("\\", "\\\\").replace("|", "\\|")).toList();
        assertEquals(String.join("|", escaped), lines.get(r + 1)[4]);
        sizes += expected.size();
      }
      Map<String, Json> result = json(run(0, "evaluate", calibrated, others, "--json"));
      Map<String, Json> level = object(((Json.Arr) result.get("coverage")).items().getFirst());
      assertEquals(sizes / 200.0, decimal(level.get("meanSize")));
      assertTrue(number(level.get("covered")) >= 181);
      assertTrue(level.containsKey("empty"));
    }
  }

  @Test
  void twoModelsOfQuantilesAreOneFile() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path others = rows("others.csv", 2, 200);
    String quantile = "--label y --ignore z,kind --task regress --loss quantile --quantile ";
    Path low = train("low", rows, quantile + "0.1");
    Path high = train("high", rows, quantile + "0.9");
    Path calibrated = folder.resolve("calibrated");
    List<String> told =
        run(0, "calibrate", low, others, "--upper", high, "--coverage", "0.8", "-o", calibrated)
            .out();
    assertTrue(told.getFirst().startsWith("cqr 0.8, rank 161 of 200 rows: quantile "));
    List<String[]> lines = fields(run(0, "predict", calibrated, others, "--interval"));
    List<String[]> lows = fields(run(0, "predict", low, others));
    List<String[]> highs = fields(run(0, "predict", high, others));
    Conformal conformal = TrainedModel.load(calibrated).conformal().orElseThrow();
    double q = conformal.quantiles()[0];
    for (int r = 1; r <= 200; r++) {
      double from = Double.parseDouble(lows.get(r)[0]);
      double to = Double.parseDouble(highs.get(r)[0]);
      assertEquals((from + to) / 2, Double.parseDouble(lines.get(r)[0]), 1e-5);
      assertEquals(Math.min(from, to) - q, Double.parseDouble(lines.get(r)[1]), 1e-5);
      assertEquals(Math.max(from, to) + q, Double.parseDouble(lines.get(r)[2]), 1e-5);
    }
    CommandLineRun exchanged =
        run(1, "calibrate", high, others, "--upper", low, "-o", folder.resolve("other"));
    assertTrue(exchanged.err().getFirst().contains("--upper: no pair; expected MODEL and"));
  }

  /** Each predicted column has an interval of its own, under its name. */
  @Test
  void severalValuesHaveAnIntervalEach() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path others = rows("others.csv", 2, 200);
    Path model =
        train("both", rows, "--label y,z --ignore kind --task regress --input-dropout 0.2");
    Path calibrated = folder.resolve("calibrated");
    run(0, "calibrate", model, others, "-o", calibrated);
    assertEquals(
        "prediction_y,prediction_z,lower_y,upper_y,lower_z,upper_z,mc_mean_y,mc_sd_y,mc_lower_y,"
            + "mc_upper_y,mc_mean_z,mc_sd_z,mc_lower_z,mc_upper_z",
        run(0, "predict", calibrated, others, "--interval", "--mc-dropout", "3").out().getFirst());
    Map<String, Json> result = json(run(0, "evaluate", calibrated, others, "--json"));
    List<Json> levels = ((Json.Arr) result.get("coverage")).items();
    assertEquals(Json.of("y"), object(levels.get(0)).get("column"));
    assertEquals(Json.of("z"), object(levels.get(1)).get("column"));
  }

  @Test
  void passesOfDropoutAreTheLibrarys() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path model = values(rows);
    Model loaded = Model.load(model);
    float[] encoded =
        loaded.encoder().orElseThrow().features(Table.csv(rows), Table.csv(rows).all());
    double[][] out = new double[4][300];
    MonteCarloDropout.of(loaded, 20, 5)
        .withCoverage(0.8)
        .predict(encoded, 300, out[0], out[1], out[2], out[3]);
    List<String[]> lines =
        fields(
            run(
                0,
                "predict",
                model,
                rows,
                "--mc-dropout",
                "20",
                "--seed",
                "5",
                "--coverage",
                "0.8"));
    assertEquals("prediction,mc_mean,mc_sd,mc_lower,mc_upper", String.join(",", lines.getFirst()));
    for (int r = 0; r < 300; r++) {
      for (int k = 0; k < 4; k++) {
        assertEquals(out[k][r], Double.parseDouble(lines.get(r + 1)[k + 1]));
      }
    }
    Path classes = train("classes", rows, "--label kind --ignore y,z --dropout 0.5");
    String names = run(0, "predict", classes, rows, "--mc-dropout", "2").out().getFirst();
    assertTrue(names.contains(",p_x|1,mc_mean_plain,mc_sd_plain,"), names);
  }

  @Test
  void inspectShowsTheCalibration() throws IOException {
    Path rows = rows("rows.csv", 1, 300);
    Path calibrated = folder.resolve("calibrated");
    run(0, "calibrate", values(rows), rows, "--coverage", "0.9,0.5", "-o", calibrated);
    Conformal conformal = TrainedModel.load(calibrated).conformal().orElseThrow();
    List<String> lines = run(0, "inspect", calibrated).out();
    assertTrue(lines.contains("conformal        " + conformal), lines::toString);
    assertTrue(lines.contains("conformal        " + conformal.withCoverage(0.5)));
    Map<String, Json> shown =
        object(json(run(0, "inspect", calibrated, "--json")).get("conformal"));
    assertEquals(Json.of("residual"), shown.get("score"));
    Map<String, Json> printed =
        json(
            run(
                0,
                "calibrate",
                folder.resolve("values"),
                rows,
                "--json",
                "-o",
                folder.resolve("again")));
    assertEquals(300, number(printed.get("rows")));
    Map<String, Json> level = object(((Json.Arr) printed.get("levels")).items().getFirst());
    assertEquals(271, number(level.get("rank")));
    assertEquals(
        conformal.quantiles()[0], decimal(((Json.Arr) level.get("quantiles")).items().getFirst()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "calibrate m d!Missing required option: '-o=FILE'",
        "calibrate m d -o f --coverage 90!--coverage: 90.0; expected a number above 0 and below 1",
        "calibrate m d -o f --coverage 0!--coverage: 0.0; expected a number above 0 and below 1",
        "calibrate m d -o f --coverage NaN!--coverage: NaN; expected a number above 0",
        "calibrate m d -o f --coverage 0.9,0.90!--coverage: [0.9, 0.9]; expected each once",
        "calibrate m d -o f --method best!--method: best; expected one of residual, cqr, lac, aps",
        "calibrate m d -o f --method lac --upper g!--method lac: has no meaning with --upper",
        "train d --label y --conformal 1!--conformal: 1.0; expected a number above 0 and below 1",
        "train d --label y --conformal 0.9,.90!--conformal: [0.9, 0.9]; expected each once",
        "train d --label y --conformal-rows 9!--conformal-rows: has no meaning without --conformal",
        "train d --label y --conformal-method aps!--conformal-method: has no meaning without",
        "train d --label y --conformal 0.9 --conformal-rows 100!--conformal-rows: 100.0; expected",
        "train d --label y --conformal 0.9 --conformal-method cqr!--conformal-method cqr: takes"
            + " two",
        "train d --label y --conformal 0.9 --conformal-method best!expected one of residual, cqr,"
            + " lac",
        "train d --label y --conformal 0.9 --conformal-method residual!has no meaning for classes",
        "train d --label y --conformal 0.9 --stream 9!--conformal: has no meaning with --stream",
        "train d --label y --conformal 0.9 --find-learning-rate!trains nothing; expected it"
            + " without",
        "predict m d --interval --set!--set: has no meaning with --interval",
        "predict m d --coverage 0.9!--coverage: has no meaning by itself",
        "predict m d --interval --coverage 1!--coverage: 1.0; expected a number above 0",
        "predict m d --mc-dropout 1!--mc-dropout: 1; expected a number of passes from 2 to 4000",
        "predict m d --mc-dropout 5000!--mc-dropout: 5000; expected a number of passes",
        "predict m d --mc-dropout 9 --coverage 0.8,0.9!--coverage: 2 values; expected one with",
        "predict m d --seed 3!--seed: has no meaning without --mc-dropout"
      })
  void wrongOptionsAreToldWithoutOpeningAFile(String command, String says) {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    CommandLineRun wrong = run(2, words.toArray());
    assertEquals(1, wrong.err().size(), wrong::toString);
    assertTrue(wrong.err().getFirst().contains(says), wrong::toString);
  }

  @Test
  void whatTheModelCannotGiveIsToldBeforeDataIsRead() throws IOException {
    Path rows = rows("rows.csv", 1, 200);
    Path model = values(rows);
    Path classes = train("classes", rows, "--label kind --ignore y,z");
    Path set = folder.resolve("set");
    run(0, "calibrate", classes, rows, "-o", set);
    Path missing = folder.resolve("missing.csv");
    refused(
        "--interval: not a calibrated model; expected one that",
        "predict",
        model,
        missing,
        "--interval");
    refused(
        "--interval: a model of classes; expected --set", "predict", set, missing, "--interval");
    refused(
        "--coverage: 0.8; expected one that was calibrated for, of [0.9]",
        "predict",
        set,
        missing,
        "--set",
        "--coverage",
        "0.8");
    refused(
        "--mc-dropout: model: its network drops nothing; expected one with dropout",
        "predict",
        set,
        missing,
        "--mc-dropout",
        "4");
    Path output = folder.resolve("output");
    refused(
        "--method lac: does not fit the model; expected a model of classes, or residual or cqr",
        "calibrate",
        model,
        missing,
        "--method",
        "lac",
        "-o",
        output);
    refused(
        "--method cqr: does not fit the model; expected --upper",
        "calibrate",
        model,
        missing,
        "--method",
        "cqr",
        "-o",
        output);
    assertFalse(Files.exists(output));
    for (String same : List.of("values", "rows.csv")) {
      CommandLineRun wrong = run(1, "calibrate", model, rows, "-o", folder.resolve(same));
      assertTrue(wrong.err().getFirst().contains("the same file as"), wrong::toString);
    }
  }

  @Test
  void imagesCanBeSetAside() throws IOException {
    byte[] pixels = new byte[60 * 4];
    byte[] labels = new byte[60];
    for (int i = 0; i < 60; i++) {
      labels[i] = (byte) (i % 3);
      pixels[4 * i + i % 3] = (byte) 200;
    }
    Path images = folder.resolve("t-images-idx3-ubyte");
    Commands.writeIdx(images, pixels, 60, 2, 2);
    Commands.writeIdx(folder.resolve("t-labels-idx1-ubyte"), labels, 60);
    String train = "train %s --hidden none --epochs 2 --json --conformal 0.9 --conformal-rows 25";
    Map<String, Json> result = json(run(0, (Object[]) train.formatted(images).split(" ")));
    assertEquals(15, number(object(result.get("conformal")).get("rows")));
    long others = 0;
    for (String set : List.of("train", "dev", "test")) {
      others += Commands.rows(result, set);
    }
    assertEquals(45, others);
    CommandLineRun few =
        run(1, (Object[]) (train.replace("25", "0.1")).formatted(images).split(" "));
    assertTrue(few.err().getFirst().contains("--conformal-rows 0.1: 0 of 60 rows"), few::toString);
  }

  private static void refused(String says, Object... command) {
    CommandLineRun wrong = run(1, command);
    assertEquals(1, wrong.err().size(), wrong::toString);
    assertTrue(wrong.err().getFirst().startsWith("lanewise: " + says), wrong::toString);
  }
}
