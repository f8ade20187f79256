package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.rows;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.score;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say of models is true to the last digits that the model has. */
final class JudgedInDoubleTest {

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static Object[] words(String command) {
    return command.split(" ");
  }

  /** z = x: the first class's probability is σ(−z), also where 1 − σ(z) is 0 in float. */
  @Test
  void bothClassesProbabilitiesAreAccurateHoweverSureTheModelIs() throws IOException {
    Path data = file("data.csv", "x,y\n20,yes\n-30,no\n80,no\n12,yes\n");
    Network network = Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy());
    Path weights = folder.resolve("w.safetensors");
    SafetensorsFile.builder()
        .parameters("", network.layout(), new float[] {1, 0})
        .build()
        .write(weights);
    Path model = folder.resolve("m.safetensors");
    String train =
        "train %s --label y --hidden none --no-standardize --split 100/0/0 --optimizer sgd"
            + " --learning-rate 1e-30 --batch-size full --epochs 1 --initial-weights %s --model %s"
            + " --json";
    Map<String, Json> trained = json(run(0, words(train.formatted(data, weights, model))));
    List<String> lines = run(0, "predict", model, data).out();
    assertEquals("prediction,p_no,p_yes", lines.getFirst());
    double loss = 0;
    double[] logits = {20, -30, 80, 12};
    for (int row = 0; row < 4; row++) {
      String[] fields = lines.get(row + 1).split(",");
      double no = Double.parseDouble(fields[1]);
      double yes = Double.parseDouble(fields[2]);
      assertEquals(1, no / (1 / (1 + Math.exp(logits[row]))), 1e-12);
      assertEquals(1, yes / (1 / (1 + Math.exp(-logits[row]))), 1e-12);
      loss -= Math.log(row == 1 || row == 2 ? no : yes) / 4;
    }
    assertEquals(loss, score(trained, "train", "logLoss"), 1e-9);
  }

  /** y = 1e9 + 10x: floats there are 64 apart. */
  @Test
  void valuesFarFromZeroAreJudgedAndPrintedWithTheirTrueError() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int x = 0; x < 10; x++) {
      text.append(x).append(',').append(1_000_000_000L + 10 * x).append('\n');
    }
    Path data = file("offset.csv", text.toString());
    Path model = folder.resolve("m.safetensors");
    String train =
        "train %s --label y --task regress --split 100/0/0 --hidden none --batch-size full"
            + " --epochs 1500 --learning-rate 0.01 --model %s --json";
    Map<String, Json> trained = json(run(0, words(train.formatted(data, model))));
    List<String> lines = run(0, "predict", model, data).out();
    double squares = 0;
    for (int x = 0; x < 10; x++) {
      double error = Double.parseDouble(lines.get(x + 1)) - (1e9 + 10 * x);
      squares += error * error;
    }
    double rmse = score(trained, "train", "rmse");
    assertTrue(rmse < 5);
    assertEquals(1, Math.sqrt(squares / 10) / rmse, 0.01);
  }

  @Test
  void devRowsOfAFileTakeThePlaceOfTheirShare() throws IOException {
    String command = "train %s --label label --hidden 4 --epochs 2 --json --dev %s";
    Map<String, Json> result =
        json(run(0, words(command.formatted(Commands.CANCER, Commands.CANCER))));
    assertEquals(569, rows(result, "dev"));
    assertEquals(569, rows(result, "train") + rows(result, "test"));
    assertEquals(114, rows(result, "test"), 1);
    Map<String, Json> both =
        json(
            run(
                0,
                words(
                    (command + " --test %s")
                        .formatted(Commands.CANCER, Commands.CANCER, Commands.CANCER))));
    assertEquals(569, rows(both, "train"));
    String refused =
        run(2, words((command + " --split 60/20/20").formatted(Commands.CANCER, Commands.CANCER)))
            .err()
            .toString();
    assertTrue(refused.contains("the dev rows are those of --dev"), refused);
  }

  @Test
  void aTrainingThatDivergesInItsLastEpochSaysSo() throws IOException {
    String command =
        "train %s --label label --hidden 4 --activation identity --optimizer sgd --learning-rate"
            + " 1e30 --batch-size full --epochs 1 --split 100/0/0";
    String error = run(1, words(command.formatted(Commands.CANCER))).err().toString();
    assertTrue(error.contains("a smaller --learning-rate may give"), error);
  }

  @Test
  void anEnsembleIsEvaluatedAndPredictsAsAModelDoes() throws IOException {
    Table table = Table.csv(Path.of(Commands.CANCER));
    TrainedModel ensemble =
        Learner.classifier("label")
            .withRecipe(recipe -> recipe.withEpochs(2))
            .crossValidate(table, 3)
            .ensemble();
    Path file = folder.resolve("ensemble.safetensors");
    ensemble.save(file);
    Map<String, Json> test =
        object(json(run(0, "evaluate", file, Commands.CANCER, "--json")).get("test"));
    assertEquals(569, number(test.get("rows")));
    assertEquals(
        ensemble.evaluate(table).scores().get("logLoss"), decimal(test.get("logLoss")), 1e-12);
    assertEquals(570, run(0, "predict", file, Commands.CANCER).out().size());
  }
}
