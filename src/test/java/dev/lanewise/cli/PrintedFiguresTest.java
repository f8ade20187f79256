package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.rows;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.score;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.ColumnShift;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line prints, computed once more by other ways. */
final class PrintedFiguresTest {

  @TempDir private Path folder;

  /** Rows of two numbers, a colour and a class; numbers are moved by so much. */
  private Path file(String name, int rows, long seed, double moved) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("a,b,colour,y\n");
    for (int r = 0; r < rows; r++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      boolean amber = random.nextDouble() < 0.5 + moved / 4;
      boolean blue = random.nextDouble() < 0.2;
      text.append(
          "%s,%s,%s,%s\n"
              .formatted(
                  a,
                  b + moved,
                  amber ? "amber" : blue ? "blue" : "green",
                  a + random.nextGaussian() > 0 ? "yes" : "no"));
    }
    return Files.writeString(folder.resolve(name), text);
  }

  /** 300 training rows are a whole block of 256 and a part of one. */
  @Test
  void theCostIsTheMeanLossOfTheTrainingRowsAndThePenalty() throws IOException {
    Path data = file("train.csv", 300, 1, 0);
    Path model = folder.resolve("m.safetensors");
    Map<String, Json> printed =
        json(
            run(
                0,
                "train",
                data,
                "--label",
                "y",
                "--split",
                "100/0/0",
                "--hidden",
                "4",
                "--epochs",
                "3",
                "--l2",
                "0.01",
                "--model",
                model,
                "--json"));
    assertEquals(300, rows(printed, "train"));
    Model trained = Model.load(model);
    double squares = 0;
    float[] theta = trained.parameters();
    for (var slot : trained.network().layout().slots()) {
      for (int i = slot.offset(); slot.name().endsWith("weight") && i < slot.end(); i++) {
        squares += (double) theta[i] * theta[i];
      }
    }
    assertTrue(squares > 0.1);
    assertEquals(
        score(printed, "train", "logLoss") + 0.005 * squares, decimal(printed.get("cost")), 1e-5);
  }

  @Test
  void devAndTestRowsAreThoseOfTheirOwnFiles() throws IOException {
    Map<String, Json> printed =
        json(
            run(
                0,
                "train",
                file("train.csv", 40, 1, 0),
                "--dev",
                file("dev.csv", 12, 2, 0),
                "--test",
                file("test.csv", 17, 3, 0),
                "--label",
                "y",
                "--hidden",
                "none",
                "--epochs",
                "1",
                "--json"));
    assertEquals(40, rows(printed, "train"));
    assertEquals(12, rows(printed, "dev"));
    assertEquals(17, rows(printed, "test"));
  }

  /** Of columns moved by one deviation, each file's is told, and by its largest distance. */
  @Test
  void shiftsAreThoseOfDevFromTrainingAndOfTestFromDev() throws IOException {
    Path train = file("train.csv", 400, 1, 0);
    Path same = file("same.csv", 300, 2, 0);
    Path moved = file("moved.csv", 300, 3, 1);
    Path model = folder.resolve("m.safetensors");
    for (boolean both : new boolean[] {false, true}) {
      Map<String, Json> printed =
          json(
              run(
                  0,
                  "train",
                  train,
                  "--dev",
                  both ? moved : same,
                  "--test",
                  moved,
                  "--label",
                  "y",
                  "--hidden",
                  "none",
                  "--epochs",
                  "1",
                  "--model",
                  model,
                  "--json"));
      String shift = both ? "trainDevShift" : "devTestShift";
      Map<String, Json> distances = object(printed.get(shift));
      assertFalse(printed.containsKey(both ? "devTestShift" : "trainDevShift"), printed::toString);
      assertEquals(List.of("b", "colour"), List.copyOf(distances.keySet()));
      Encoder encoder = Model.load(model).encoder().orElseThrow();
      List<ColumnShift> all =
          ColumnShift.between(encoded(encoder, both ? train : same), encoded(encoder, moved));
      assertEquals(all.get(1).distance(), decimal(distances.get("b")), 1e-12);
      double largest = 0;
      for (int c = 2; c < all.size(); c++) {
        largest = Math.max(largest, all.get(c).distance());
      }
      assertEquals(largest, decimal(distances.get("colour")), 1e-12);
      assertTrue(all.getLast().distance() < largest, "another place does not show");
    }
  }

  private static Dataset encoded(Encoder encoder, Path file) throws IOException {
    Table table = TableReader.create().csv(file);
    return encoder.dataset(table, table.all());
  }

  /** Of 150 columns one differs as one in a thousand does, and none as one in 150 000 does. */
  @Test
  void amongManyColumnsChanceIsNoShift() throws IOException {
    int columns = 150;
    for (String name : List.of("train.csv", "dev.csv")) {
      StringBuilder text = new StringBuilder("y");
      for (int c = 0; c < columns; c++) {
        text.append(",c").append(c);
      }
      for (int r = 0; r < 60; r++) {
        text.append('\n').append(r % 2 == 0 ? "no" : "yes");
        for (int c = 0; c < columns; c++) {
          // In the first, dev has 24 more of the upper half: 10⁻⁴ by itself, nothing among 150.
          boolean dev = name.equals("dev.csv");
          boolean upper = (r + c) % 60 < (dev && c == 0 ? 54 : 30);
          text.append(upper ? ",1." : ",0.").append((r * 7 + c) % 10);
        }
      }
      Files.writeString(folder.resolve(name), text.append('\n'));
    }
    Map<String, Json> printed =
        json(
            run(
                0,
                "train",
                folder.resolve("train.csv"),
                "--dev",
                folder.resolve("dev.csv"),
                "--split",
                "100/0/0",
                "--label",
                "y",
                "--hidden",
                "none",
                "--epochs",
                "1",
                "--json"));
    assertFalse(printed.containsKey("trainDevShift"), printed::toString);
  }

  @Test
  void halfWidthIsJudgedAsTheLibraryDoes() throws IOException {
    Path data = file("train.csv", 200, 1, 0);
    Path model = folder.resolve("m.safetensors");
    run(0, "train", data, "--label", "y", "--hidden", "8", "--epochs", "5", "--model", model);
    Map<String, Json> judged = json(run(0, "evaluate", model, data, "--half", "--json"));
    Model whole = Model.load(model);
    Model half = whole.withWeightFormat(WeightFormat.BFLOAT16);
    Dataset rows = encoded(whole.encoder().orElseThrow(), data);
    assertEquals(half.evaluate(rows).scores().get("logLoss"), score(judged, "half", "logLoss"));
    float[] a = new float[200];
    float[] b = new float[200];
    whole.predictor().logits(rows.features(), 200, a);
    half.predictor().logits(rows.features(), 200, b);
    double rise = 0;
    double fall = 0;
    for (int r = 0; r < 200; r++) {
      rise = Math.max(rise, (double) b[r] - a[r]);
      fall = Math.max(fall, (double) a[r] - b[r]);
    }
    assertEquals(Math.max(rise, fall), decimal(judged.get("largestChange")));
    assertTrue(fall != rise);
  }

  /** A file without names whose first row could be taken for them. */
  @Test
  void evaluateHearsWhetherThereIsAHeader() throws IOException {
    Path data = file("train.csv", 60, 1, 0);
    Path model = folder.resolve("m.safetensors");
    run(
        0,
        "train",
        data,
        "--label",
        "y",
        "--ignore",
        "a,b",
        "--hidden",
        "none",
        "--epochs",
        "1",
        "--model",
        model);
    Path bare = Files.writeString(folder.resolve("bare.csv"), "p,q,red,yes\n1,2,blue,no\n");
    Map<String, Json> judged = json(run(0, "evaluate", model, bare, "--header", "no", "--json"));
    assertEquals(2, rows(judged, "test"));
  }

  @Test
  void withoutStandardisingValuesToPredictStayInTheirUnits() throws IOException {
    Path data = file("train.csv", 60, 1, 5);
    Path model = folder.resolve("m.safetensors");
    for (boolean plain : new boolean[] {false, true}) {
      run(
          0,
          "train",
          data,
          "--label",
          "b",
          "--task",
          "regress",
          "--hidden",
          "none",
          "--epochs",
          "1",
          plain ? "--no-standardize" : "--seed=0",
          "--model",
          model);
      Encoder encoder = Model.load(model).encoder().orElseThrow();
      assertEquals(plain, encoder.standardizer().isEmpty());
      assertEquals(!plain, ((Target.Values) encoder.target()).isScaled());
    }
  }

  @Test
  void countsArePrintedWithAllTheirDigits() {
    double[] values = new double[123_456];
    values[0] = 1;
    Evaluation judged = Evaluation.ofValues(values, values, values.length, 1);
    assertTrue(Scores.table(Map.of("test", judged)).contains("  123456"));
  }

  @Test
  void aModelTellsWithWhichOptionsItWasTrained() throws IOException {
    Path model = folder.resolve("m.safetensors");
    run(
        0,
        "train",
        file("train.csv", 60, 1, 0),
        "--label",
        "y",
        "--hidden",
        "3",
        "--epochs",
        "2",
        "--model",
        model);
    String options = Model.load(model).provenance().entries().get("options");
    assertEquals("--preset plain --label y --hidden 3 --epochs 2", options);
    assertEquals("train.csv", Model.load(model).provenance().entries().get("data"));
  }
}
