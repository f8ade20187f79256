package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.DIGITS;
import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What evaluate, predict and inspect make of a model. */
final class ModelCommandsTest {

  @TempDir private Path folder;

  @Test
  void columnsOfAnotherDistributionAreNamed() throws IOException {
    Path rows = folder.resolve("rows.csv");
    Path others = folder.resolve("others.csv");
    Files.writeString(rows, shifted(0));
    Files.writeString(others, shifted(3));
    String train = "train %s --label label --hidden none --epochs 1 --json --test ".formatted(rows);
    Map<String, Json> same = json(run(0, (Object[]) (train + rows).split(" ")));
    assertFalse(same.containsKey("trainDevShift") || same.containsKey("devTestShift"));
    Map<String, Json> result = json(run(0, (Object[]) (train + others).split(" ")));
    assertFalse(result.containsKey("trainDevShift"));
    Map<String, Json> distances = object(result.get("devTestShift"));
    assertEquals(Set.of("b"), distances.keySet());
    assertTrue(((Json.Num) distances.get("b")).asDouble() > 0.5, result::toString);
  }

  /** 300 rows of two columns, the second one moved. */
  private static String shifted(int by) {
    StringBuilder text = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 300; i++) {
      double a = CounterRandom.normal(1, i);
      text.append("%s,%s,%s\n".formatted(a, by + CounterRandom.normal(2, i), a > 0));
    }
    return text.toString();
  }

  /**
   * Encoded as presets do it: what the library trains, the command line reads, judges and tells.
   */
  @Test
  void aModelOfRobustColumnsAndSignsIsJudgedAndInspected() throws IOException {
    Path rows = folder.resolve("rows.csv");
    StringBuilder text = new StringBuilder("x,paid,colour,y\n");
    for (int i = 0; i < 80; i++) {
      String colour = i % 7 == 3 ? "" : i % 4 > 0 ? "red" : "blue";
      text.append("%d,%s,%s,%s\n".formatted(i * i, i % 3 > 0, colour, i > 20 ? "yes" : "no"));
    }
    Files.writeString(rows, text);
    Table table = Table.csv(rows);
    Encoder.Options options =
        Encoder.Options.standard()
            .withScale(Encoder.Scale.ROBUST)
            .withSignedPairs(true)
            .withMissingCategory(false);
    TrainedModel model =
        Learner.classifier("y")
            .withEncoding(options)
            .withRecipe(recipe -> recipe.withEpochs(5))
            .learn(table)
            .model();
    Path file = folder.resolve("robust.safetensors");
    model.save(file);
    Encoder encoder = model.encoder().orElseThrow();
    assertEquals(encoder, TrainedModel.load(file).encoder().orElseThrow());

    double[] expected = new double[160];
    model.predictor().probabilities(encoder.features(table, table.all()), 80, expected);
    Path out = folder.resolve("out.csv");
    run(0, "predict", file, rows, "-o", out);
    List<String> lines = Files.readAllLines(out);
    for (int i = 0; i < 80; i++) {
      assertEquals(expected[2 * i + 1], Double.parseDouble(lines.get(i + 1).split(",")[2]), 1e-6);
    }
    List<String> inspected = run(0, "inspect", file).out();
    String column = "%-16s %-24s ";
    for (String line :
        List.of(
            column.formatted("column", "paid") + "boolean, mostly true, as -1 and 1",
            column.formatted("column", "colour") + "category, one of blue, red, as -1 and 1")) {
      assertTrue(inspected.contains(line), inspected::toString);
    }
  }

  @Test
  void aModelJudgesAndPredictsAsItDidWhenItWasTrained() throws IOException {
    Path model = folder.resolve("digits.safetensors");
    Map<String, Json> trained =
        json(
            run(
                0,
                "train",
                CANCER,
                "--label",
                "label",
                "--hidden",
                "8",
                "--epochs",
                "3",
                "--test",
                CANCER,
                "--model",
                model,
                "--json"));
    Map<String, Json> judged = json(run(0, "evaluate", model, CANCER, "--json"));
    assertEquals(trained.get("test"), judged.get("test"));

    Map<String, Json> both = json(run(0, "evaluate", model, CANCER, "--json", "--half"));
    assertEquals(judged.get("test"), both.get("test"));
    assertEquals(object(judged.get("test")).keySet(), object(both.get("half")).keySet());
    double change = ((Json.Num) both.get("largestChange")).asDouble();
    assertTrue(change > 0 && change < 1, both::toString);
    List<String> table = run(0, "evaluate", model, CANCER, "--half").out();
    assertEquals("half", table.get(2).split(" ")[0]);
    assertTrue(table.get(3).startsWith("largest change of a score: "), table::toString);

    Path predictions = folder.resolve("predictions.csv");
    run(0, "predict", model, CANCER, "-o", predictions);
    List<String> lines = Files.readAllLines(predictions);
    assertEquals("prediction,p_0,p_1", lines.getFirst());
    assertEquals(570, lines.size());
    assertEquals(correct(lines), number(object(judged.get("test")).get("correct")));
    assertEquals(lines, run(0, "predict", model, CANCER).out());

    Map<String, Json> inspected = json(run(0, "inspect", model, "--json"));
    assertEquals(trained.get("parametersSha256"), inspected.get("parametersSha256"));
  }

  @Test
  void temperatureAndThresholdAreFittedOnDevRowsAndTravelInTheModel() throws IOException {
    String train =
        "train " + CANCER + " --label label --hidden 32 --epochs 30 --patience 0 --json ";
    Map<String, Json> plain = json(run(0, (Object[]) train.split(" ")));
    Path model = folder.resolve("cancer.safetensors");
    String tuned = train + "--calibrate --tune-threshold youden --model " + model;
    Map<String, Json> fitted = json(run(0, (Object[]) tuned.split(" ")));
    assertEquals(plain.get("parametersSha256"), fitted.get("parametersSha256"));
    assertEquals(plain.get("cost"), fitted.get("cost"));
    assertTrue(decimal(fitted.get("temperature")) != 1, fitted::toString);
    assertTrue(decimal(fitted.get("threshold")) != 0.5, fitted::toString);
    assertTrue(devLogLoss(fitted) < devLogLoss(plain), fitted::toString);

    Map<String, Json> inspected = json(run(0, "inspect", model, "--json"));
    assertEquals(fitted.get("temperature"), inspected.get("temperature"));
    assertEquals(fitted.get("threshold"), inspected.get("threshold"));
    String shown = "threshold        " + fitted.get("threshold");
    assertTrue(run(0, "inspect", model).out().contains(shown));

    List<String> lines = run(0, "predict", model, CANCER).out();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      boolean positive = Float.parseFloat(fields[2]) >= (float) decimal(fitted.get("threshold"));
      assertEquals(positive ? "1" : "0", fields[0], line);
    }
    Map<String, Json> judged = json(run(0, "evaluate", model, CANCER, "--json"));
    assertEquals(correct(lines), number(object(judged.get("test")).get("correct")));
  }

  private static double devLogLoss(Map<String, Json> result) {
    return decimal(object(result.get("dev")).get("logLoss"));
  }

  @Test
  void aThresholdIsForTwoClasses() {
    CommandLineRun run =
        run(1, "train", DIGITS, "--label", "label", "--tune-threshold", "accuracy");
    assertEquals(
        List.of("lanewise: --tune-threshold: 10 classes; expected 2"), run.err(), run::toString);
  }

  private static long correct(List<String> lines) throws IOException {
    List<String> rows = Files.readAllLines(Path.of(CANCER));
    long correct = 0;
    for (int i = 1; i < lines.size(); i++) {
      String label = rows.get(i).substring(rows.get(i).lastIndexOf(',') + 1);
      correct += lines.get(i).startsWith(label + ",") ? 1 : 0;
    }
    return correct;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b;1,x;2,y;3,x|line 3, column b: y; expected one of the classes x, z",
        "a,b;1,x;u,x|line 3, column a: u; expected",
        "c,b;1,x|no column a",
        "a,b;1,x;2|line 3: 1 field; expected 2",
      })
  void rowsThatDoNotFitAModelAreNamed(String lines, String complaint) throws IOException {
    Path training = folder.resolve("training.csv");
    Files.writeString(training, "a,b\n" + "3,x\n4,z\n".repeat(10));
    Path model = folder.resolve("model");
    run(0, "train", training, "--label", "b", "--hidden", "2", "--epochs", "1", "--model", model);
    Path other = folder.resolve("other.csv");
    Files.writeString(other, lines.replace(';', '\n'));
    CommandLineRun run = run(1, "evaluate", model, other);
    assertTrue(run.err().getFirst().contains(other.toString()), run::toString);
    assertTrue(run.err().getFirst().contains(complaint), run::toString);
  }
}
