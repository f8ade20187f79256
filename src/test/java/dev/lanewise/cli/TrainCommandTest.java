package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.DIGITS;
import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.digest;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.rows;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings as the command line begins, continues and reports them. */
final class TrainCommandTest {

  @TempDir private Path folder;

  @Test
  void trainPrintsOneObjectWithScoresAndFacts() {
    Map<String, Json> result =
        json(
            run(
                0,
                "train",
                DIGITS,
                "--label",
                "label",
                "--hidden",
                "8",
                "--epochs",
                "2",
                "--json"));
    assertEquals(
        List.of(
            "train",
            "dev",
            "test",
            "cost",
            "epochs",
            "bestEpoch",
            "samplesPerSecond",
            "parametersSha256",
            "kernels",
            "threads",
            "seed",
            "preset",
            "presetReason",
            "diagnosis"),
        List.copyOf(result.keySet()));
    assertEquals(
        Set.of("rows", "correct", "accuracy", "logLoss"), object(result.get("test")).keySet());
    assertEquals(1797, rows(result, "train") + rows(result, "dev") + rows(result, "test"));
  }

  /** Nothing was trained, so nothing is as fast as that. */
  @Test
  void aFinishedTrainingThatIsResumedHasNoSpeed() {
    String brief = "train %s --label label --hidden 4 --epochs 2 --json ".formatted(CANCER);
    Path checkpoint = folder.resolve("checkpoint");
    String speed = "samplesPerSecond";
    Map<String, Json> trained =
        json(run(0, (Object[]) (brief + "--checkpoint " + checkpoint).split(" ")));
    Map<String, Json> resumed =
        json(run(0, (Object[]) (brief + "--resume " + checkpoint).split(" ")));
    assertTrue(decimal(trained.get(speed)) > 0, trained::toString);
    assertFalse(resumed.containsKey(speed), resumed::toString);
    assertEquals(trained.get("parametersSha256"), resumed.get("parametersSha256"));
  }

  @Test
  void aucIsForTwoClassesAndErrorsAreForValues() {
    Map<String, Json> classes =
        json(
            run(
                0,
                "train",
                CANCER,
                "--label",
                "label",
                "--hidden",
                "none",
                "--epochs",
                "1",
                "--json"));
    assertTrue(object(classes.get("dev")).containsKey("auc"));
    Map<String, Json> values =
        json(
            run(
                0,
                "train",
                CANCER,
                "--label",
                "mean_area",
                "--task",
                "regress",
                "--hidden",
                "none",
                "--epochs",
                "1",
                "--json"));
    assertEquals(Set.of("rows", "rmse", "mae", "r2"), object(values.get("dev")).keySet());
  }

  @Test
  void setsWithoutRowsAreLeftOut() {
    Map<String, Json> result =
        json(
            run(
                0,
                "train",
                CANCER,
                "--label",
                "label",
                "--hidden",
                "none",
                "--epochs",
                "1",
                "--split",
                "100/0/0",
                "--json"));
    assertTrue(result.containsKey("train"));
    assertTrue(!result.containsKey("dev") && !result.containsKey("test"), result::toString);
  }

  @Test
  void kernelsAndThreadsDoNotShowInTheParameters() {
    String recipe =
        "train %s --label label --hidden 16 --batch-norm --dropout 0.2 --l2 1e-4 --epochs 2 --json "
            .formatted(DIGITS);
    String one = digest(recipe + "--kernels scalar --threads 1");
    assertEquals(one, digest(recipe + "--kernels auto --threads 2"));
    assertEquals(one, digest(recipe + "--threads 3"));
  }

  @Test
  void resumingGivesTheParametersAndTheHistoryOfNeverHavingStopped() throws IOException {
    String recipe = "train " + CANCER + " --label label --hidden 8 --dropout 0.3 --json";
    Path whole = folder.resolve("whole.csv");
    Path parts = folder.resolve("parts.csv");
    Path checkpoint = folder.resolve("checkpoint");
    String expected = digest(recipe + " --epochs 6 --history " + whole);
    digest(recipe + " --epochs 2 --history " + parts + " --checkpoint " + checkpoint);
    assertEquals(
        expected, digest(recipe + " --epochs 6 --history " + parts + " --resume " + checkpoint));
    assertEquals(withoutSeconds(whole), withoutSeconds(parts));
  }

  @Test
  void anAutomaticBatchOfFewRowsIsAFullBatchAndPartsOfItLeaveTheBits() {
    String command = "train " + CANCER + " --label label --hidden 8 --epochs 3 --json";
    String full = digest(command + " --batch-size full");
    assertEquals(full, digest(command + " --batch-size auto"));
    assertEquals(full, digest(command + " --batch-size auto --micro-batch 128"));
  }

  @Test
  void observationsAreALineForEachEpochAndLayerAndWarnOfLayersByName() throws IOException {
    String recipe = "train " + CANCER + " --label label --patience 0 --json";
    Path file = folder.resolve("observations.csv");
    Path checkpoint = folder.resolve("observed");
    String healthy = recipe + " --hidden 8,4 --observe " + file;
    CommandLineRun run =
        run(0, (Object[]) (healthy + " --epochs 2 --checkpoint " + checkpoint).split(" "));
    assertTrue(run.err().isEmpty(), run::toString);
    run(0, (Object[]) (healthy + " --epochs 3 --resume " + checkpoint).split(" "));
    List<String> lines = Files.readAllLines(file);
    assertEquals("epoch,layer,activationRms,deadShare,gradientNorm,updateRatio", lines.getFirst());
    assertEquals(
        "1,dense1 1,dense2 1,dense3 2,dense1 2,dense2 2,dense3 3,dense1 3,dense2 3,dense3",
        String.join(
            " ",
            lines.stream().skip(1).map(line -> line.substring(0, line.indexOf(',', 2))).toList()));

    String deep = " --hidden 8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8 --activation sigmoid";
    CommandLineRun warned =
        run(
            0,
            (Object[])
                (recipe + deep + " --initializer lecun --epochs 2 --observe " + file).split(" "));
    assertTrue(
        warned.err().getFirst().startsWith("epoch 1: vanishing: dense1, "), warned::toString);
    assertEquals(
        1, warned.err().stream().filter(line -> line.contains("vanishing: dense1, ")).count());
  }

  @Test
  void findingARatePrintsTheCurveAndTrainsNothing() {
    String find = "train " + CANCER + " --label label --hidden 8 --find-learning-rate";
    Map<String, Json> found = json(run(0, (Object[]) (find + " --json").split(" ")));
    assertEquals(Set.of("points", "suggestion"), found.keySet());
    Map<String, Json> first = object(((Json.Arr) found.get("points")).items().getFirst());
    assertEquals(List.of("learningRate", "loss", "smoothedLoss"), List.copyOf(first.keySet()));
    double rate = ((Json.Num) found.get("suggestion")).asDouble();
    assertTrue(rate > 1e-5 && rate < 1, found::toString);
    List<String> table = run(0, (Object[]) find.split(" ")).out();
    assertTrue(table.getLast().startsWith("suggestion "), table::toString);
  }

  private static List<String> withoutSeconds(Path history) throws IOException {
    return Files.readAllLines(history).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  @Test
  void trainingGoesOnFromGivenWeights() {
    Path model = folder.resolve("model.safetensors");
    run(0, "train", CANCER, "--label", "label", "--hidden", "8", "--epochs", "2", "--model", model);
    run(
        0,
        "train",
        CANCER,
        "--label",
        "label",
        "--hidden",
        "8",
        "--epochs",
        "1",
        "--initial-weights",
        model);
    CommandLineRun other =
        run(
            1,
            "train",
            CANCER,
            "--label",
            "label",
            "--hidden",
            "9",
            "--epochs",
            "1",
            "--initial-weights",
            model);
    assertTrue(other.err().getFirst().contains("dense1.weight"), other::toString);
  }

  @Test
  void patienceNeedsDevRowsAndNotOnlyTheirShare() throws IOException {
    Path few = folder.resolve("few.csv");
    Files.writeString(few, "a,b\n1,x\n2,y\n");
    Object[] train = {"train", few, "--label", "b", "--hidden", "2", "--epochs", "2"};
    run(0, train);
    List<Object> patient = new ArrayList<>(List.of(train));
    patient.addAll(List.of("--patience", "3"));
    CommandLineRun refused = run(2, patient.toArray());
    assertTrue(refused.err().getFirst().contains("--patience 3: needs dev rows"));
  }
}
