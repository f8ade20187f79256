package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import dev.lanewise.model.Model;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users are told of the preset: which one it is and why, and what does not go with it. */
class PresetToldTest {

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("table.csv");
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int row = 0; row < 60; row++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      text.append("%.3f,%.3f,%s%n".formatted(a, b, a + b > 0.2 ? "up" : "down"));
    }
    Files.writeString(data, text);
  }

  private CommandLineRun run(int exit, String command, String options) {
    List<Object> words = new ArrayList<>(List.of(command, data, "--label", "y"));
    words.addAll(List.of(options.split(" ")));
    return Commands.run(exit, words.toArray());
  }

  private String line(String command, String options) {
    List<String> lines =
        run(0, command, options).out().stream().filter(line -> line.startsWith("preset")).toList();
    assertEquals(1, lines.size(), lines::toString);
    return lines.getFirst();
  }

  private static String plain(String why) {
    return "preset            plain, as " + why;
  }

  private static String keeping(String options) {
    return "; to keep the preset for tables: --preset tabular " + options;
  }

  @Test
  void theOptionsThatMakeATrainingPlainAreNamedBesideThePreset() {
    assertEquals(
        plain("--epochs is given" + keeping("--epochs 2")), line("train", "--epochs 2 --seed 4"));
    assertEquals(
        plain(
            "--batch-norm, --hidden, --epochs are given"
                + keeping("--batch-norm --hidden 4,4 --epochs 2")),
        line("train", "--batch-norm --hidden 4,4 --epochs 2"));
    String asked = "--preset plain --epochs 2";
    assertEquals("preset            plain", line("train", asked));
    assertFalse(json(run(0, "train", asked + " --json")).containsKey("presetReason"));
    assertEquals("preset            plain", line("train", "--stream 60 --epochs 2"));
  }

  @Test
  void whatIsAdvisedKeepsThePreset() {
    String told = line("train", "--hidden 4 --epochs 2");
    String advised = told.substring(told.indexOf("--preset"));
    assertEquals("--preset tabular --hidden 4 --epochs 2", advised);
    assertEquals("preset            tabular", line("train", advised));
  }

  /** A rule that no preset takes, and probabilities for two layers where a preset has three. */
  @Test
  void nothingIsAdvisedThatWouldBeRefused() {
    for (String options : List.of("--plateau 3 --epochs 2", "--dropout 0.1,0.2 --epochs 2")) {
      String names = options.replaceAll(" [^ -][^ ]*", "").replace(" ", ", ");
      assertEquals(plain(names + " are given"), line("train", options));
      run(2, "train", options + " --preset tabular");
    }
  }

  @Test
  void aSearchNamesItsOptionsAndSpaces() {
    String brief = "--epochs 2 --trials 2 --method random --space hidden=int:3..5";
    assertEquals(
        plain("--epochs, --space hidden are given" + keeping("--epochs 2 --space hidden=int:3..5")),
        line("search", brief));
    assertEquals("preset            tabular", line("search", brief + " --preset tabular"));
  }

  @Test
  void theReasonIsAMemberOfTheOneObject() {
    CommandLineRun run = run(0, "train", "--epochs 2 --json");
    assertEquals(1, run.out().size(), run::toString);
    Map<String, Json> result = json(run);
    assertEquals(Json.of("plain"), result.get("preset"));
    assertEquals(Json.of("--epochs is given" + keeping("--epochs 2")), result.get("presetReason"));
  }

  /** In the results, and in the report. */
  @Test
  void theDiagnosisKnowsTheTrainingThatItIsOf() throws IOException {
    Path report = folder.resolve("report.html");
    String brief = "--epochs 2 --hidden 4,3,2 --human-error 0 --report " + report;
    List<String> lines = run(0, "train", brief + " --preset tabular").out();
    String next =
        lines.stream().filter(line -> line.contains("for the bias: ")).findFirst().orElseThrow();
    assertTrue(next.contains("than hidden layers of 4,3,2 units"), next);
    assertTrue(next.contains("trained functions of numbers"), next);
    assertTrue(Files.readString(report).contains("than hidden layers of 4,3,2 units"));
    String plain = String.join("\n", run(0, "train", brief).out());
    assertTrue(plain.contains("4,3,2 units, more epochs than 2"), plain);
    assertFalse(plain.contains("functions"), plain);
  }

  /** Weights so large that the first sums overflow, of columns as they are and standardised. */
  @Test
  void standardisingIsAdvisedOnlyWhereItWasLeftOut() throws IOException {
    Network network =
        Network.inputs(2).dense(1).relu().dense(1).loss(new Loss.SigmoidCrossEntropy());
    Path weights = folder.resolve("w.safetensors");
    SafetensorsFile.builder()
        .parameters("", network.layout(), new float[] {3e38f, 3e38f, 3e38f, 3e38f, 3e38f})
        .build()
        .write(weights);
    String huge = "--hidden 1 --initial-weights " + weights;
    refused(1, huge + " --no-standardize", "not so large, or standardised, as they are without");
    CommandLineRun run = run(1, "train", huge);
    assertTrue(run.err().getFirst().endsWith("features that are not so large"), run::toString);
  }

  /** For people; JSON and the file keep the texts of the library. */
  @Test
  void recipesAreToldInWords() throws IOException {
    Path model = folder.resolve("model.safetensors");
    Path report = folder.resolve("report.html");
    run(
        0,
        "train",
        "--preset tabular --epochs 2 --hidden 4 --model %s --report %s".formatted(model, report));
    String cycles = "rate from 0 to 0.04 and back in 4 cycles";
    String best = "early stopping: none, the result is the epoch with the best dev metric";
    String told = String.join("\n", Commands.run(0, "inspect", model).out());
    String page = Files.readString(report);
    for (String text : List.of(told, page)) {
      assertTrue(text.contains(cycles), text);
      assertTrue(text.contains(best), text);
      assertFalse(text.matches("(?s).*[A-Z][A-Za-z]+\\[[a-z].*"), text);
    }
    String library = Model.load(model).provenance().entries().get("optimizer");
    assertTrue(library.startsWith("Optimizer[transforms=[Adam[beta1=0.9"), library);
    Map<String, Json> inspected = json(Commands.run(0, "inspect", model, "--json"));
    assertEquals(Json.of(library), Commands.object(inspected.get("provenance")).get("optimizer"));
  }

  private void refused(int exit, String options, String... parts) {
    CommandLineRun run = run(exit, "train", options);
    assertEquals(1, run.err().size(), run::toString);
    for (String part : parts) {
      assertTrue(run.err().getFirst().contains(part), run::toString);
    }
  }

  /** Its cycles raise the rate again; with a schedule there are no cycles. */
  @Test
  void plateausAndTheRateFinderAreRefusedForTheCyclesOfAPreset() {
    String[] rules = {"--plateau 1,0.5", "--find-learning-rate"};
    for (String rule : rules) {
      for (String preset : List.of("tabular", "tabular-full", "tabular-ensemble")) {
        refused(
            2,
            "--preset %s --epochs 2 %s".formatted(preset, rule),
            rule + ": has no meaning",
            "--preset " + preset,
            "--schedule",
            "--preset plain");
      }
    }
    String wild = "--preset tabular --hidden 4 --epochs 9 --schedule constant --learning-rate 1";
    String digest = "parametersSha256";
    assertNotEquals(
        json(run(0, "train", wild + " --patience 0 --json")).get(digest),
        json(run(0, "train", wild + " --patience 0 --json --plateau 1,0.01")).get(digest));
    assertTrue(
        run(0, "train", wild + " --find-learning-rate").out().getLast().contains("suggestion"));
    run(0, "train", "--find-learning-rate");
  }

  @Test
  void weightsOfAnotherPresetsNetworkAreRefusedNamingBothPresets() {
    Path tabular = folder.resolve("tabular.safetensors");
    Path plain = folder.resolve("plain.safetensors");
    run(0, "train", "--preset tabular --hidden 4 --epochs 2 --model " + tabular);
    run(0, "train", "--preset plain --hidden 4 --epochs 2 --model " + plain);
    String from = "--hidden 4 --epochs 2 --initial-weights ";
    refused(1, from + tabular, tabular + ": tensor", "that of --preset plain", "--preset tabular");
    refused(
        1,
        from + plain + " --preset tabular",
        plain + ": tensor",
        "that of --preset tabular",
        "without a preset: --preset plain");
    run(0, "train", from + tabular + " --preset tabular");
    run(0, "train", from + plain);
  }
}
