package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.model.Model;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code gradcheck} as it is seen from outside. */
final class GradCheckTest {

  private static final String CANCER = "data/breast-cancer.csv";
  private static final String DIGITS = "data/digits.csv";

  @TempDir private Path folder;

  private static CommandLineRun run(int exit, String command) {
    CommandLineRun run = CommandLineRun.of((Object[]) command.split(" "));
    assertEquals(exit, run.exit(), run::toString);
    return run;
  }

  private static Map<String, Json> json(int exit, String command) {
    CommandLineRun run = run(exit, command + " --json");
    assertEquals(1, run.out().size(), run::toString);
    assertTrue(run.err().isEmpty(), run::toString);
    return ((Json.Obj) Json.parse(run.out().getFirst())).members();
  }

  private static int number(Map<String, Json> result, String name) {
    return ((Json.Num) result.get(name)).asInt();
  }

  private static double delta(Map<String, Json> result) {
    return ((Json.Num) result.get("delta")).asDouble();
  }

  private static String text(Map<String, Json> result, String name) {
    return ((Json.Str) result.get(name)).value();
  }

  private static List<Json> items(Map<String, Json> result, String name) {
    return ((Json.Arr) result.get(name)).items();
  }

  private static void assertRight(Map<String, Json> result) {
    assertTrue(Set.of("fine", "look").contains(text(result, "band")), result::toString);
    assertEquals(Json.of(true), result.get("conclusive"), result::toString);
    assertTrue(number(result, "compared") > 0, result::toString);
  }

  private Path model(String options) {
    Path model = folder.resolve("model.safetensors");
    run(0, "train %s --model %s".formatted(options, model));
    return model;
  }

  @Test
  void aTrainedModelIsRightOnItsRowsAndOnRandomOnes() {
    Path model = model(CANCER + " --label label --hidden 16 --dropout 0.2 --l2 1e-4 --epochs 20");
    Map<String, Json> onRows = json(0, "gradcheck %s %s".formatted(model, CANCER));
    assertRight(onRows);
    assertEquals("of the 569 in " + CANCER, text(onRows, "source"));
    assertEquals(32, number(onRows, "rows"));
    assertEquals(30 * 16 + 16 + 16 + 1, number(onRows, "parameters"));
    assertEquals(
        number(onRows, "parameters"), number(onRows, "compared") + number(onRows, "skipped"));
    Map<String, Json> onRandom = json(0, "gradcheck " + model);
    assertRight(onRandom);
    assertEquals("random", text(onRandom, "source"));
    assertNotEquals(delta(onRows), delta(onRandom));
    Map<String, Json> onAll = json(0, "gradcheck %s %s --rows 1000".formatted(model, CANCER));
    assertEquals(569, number(onAll, "rows"));
  }

  @Test
  void aModelMayBeCheckedOnOtherColumnsThanItsLabels() throws IOException {
    Path model = model(CANCER + " --label label --hidden 2 --epochs 1");
    Path renamed = folder.resolve("renamed.csv");
    List<String> lines = Files.readAllLines(Path.of(CANCER));
    Files.write(renamed, lines.stream().map(line -> line.replace(",label", ",truth")).toList());
    assertRight(json(0, "gradcheck %s %s --label truth".formatted(model, renamed)));
    CommandLineRun missing = run(1, "gradcheck %s %s".formatted(model, renamed));
    assertTrue(missing.err().getFirst().contains("label"), missing::toString);
  }

  /** As {@code evaluate} does, without being told of the task, which the model knows. */
  @Test
  void aModelOfSeveralTargetsIsCheckedOnColumnsNamedAnew() {
    String targets = "--label mean_area,worst_area";
    Path model = model("%s %s --task regress --hidden 2 --epochs 1".formatted(CANCER, targets));
    Map<String, Json> result = json(0, "gradcheck %s %s %s".formatted(model, CANCER, targets));
    assertRight(result);
    assertEquals(json(0, "gradcheck %s %s".formatted(model, CANCER)), result);
  }

  /** With λ/m·w² of all 569 rows, however few of them are in the batch. */
  @Test
  void penaltiesThatWaitForTheirRowsAreResolvedByAllOfTheFile() throws IOException {
    Path trained = model(CANCER + " --label label --hidden 2 --epochs 1");
    Network waiting =
        Network.inputs(30)
            .add(new Dense(2).withPenalty(Penalty.l2PerExample(569)))
            .relu()
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    Path file = folder.resolve("waiting.safetensors");
    Model.of(waiting, waiting.initialParameters(1), Engine.standard())
        .withEncoder(Model.load(trained).encoder().orElseThrow())
        .save(file);
    String command = "gradcheck %s %s".formatted(file, CANCER);
    assertRight(json(0, command));
    List<String> out = run(0, command).out();
    List<String> resolved = waiting.resolve(569).toString().lines().toList();
    assertEquals(resolved, out.subList(0, resolved.size()));
  }

  /** A model of the library's own making may have neither encoder nor resolved penalties. */
  @Test
  void aModelWithoutEncoderIsCheckedOnRandomRows() throws IOException {
    Network network =
        Network.inputs(3)
            .add(new Dense(4).withPenalty(Penalty.l2PerExample(2)))
            .relu()
            .dense(2)
            .loss(new Loss.Poisson());
    Path file = folder.resolve("plain.safetensors");
    Model.of(network, network.initialParameters(1), Engine.standard()).save(file);
    assertRight(json(0, "gradcheck " + file));
    CommandLineRun run = run(1, "gradcheck %s %s".formatted(file, CANCER));
    assertTrue(run.err().getFirst().contains("a model without encoder"), run::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CANCER + " --label label --hidden 8 --batch-norm --l2-per-example 2",
        CANCER + " --label label --hidden 8 --class-weights 0=1,1=3",
        CANCER + " --label mean_area --task regress --hidden 8 --activation tanh --l1 0.01",
        CANCER
            + " --label mean_area --task regress --hidden 8 --loss poisson --no-standardize"
            + " --ignore worst_area --initializer zeros --activation tanh",
        DIGITS + " --label label --hidden 10 --input-dropout 0.2 --label-smoothing 0.1",
      })
  void anArchitectureIsRightOnRowsOfAFile(String arguments) {
    assertRight(json(0, "gradcheck " + arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--outputs 1",
        "--outputs 1 --label-smoothing 0.1 --batch-norm",
        "--outputs 2",
        "--outputs 3 --layer-norm --activation gelu",
        "--outputs 3 --dropout 0.5,0 --input-dropout 0.2 --batch-norm --activation elu",
        "--outputs 3 --dropout 0.5 --dropout-form classic --l2 0.1,0,0",
        "--outputs 3 --hidden none --label-smoothing 0.2 --l1-per-example 1",
        "--outputs 2 --task regress --activation silu",
        "--outputs 3 --dropout 0.5 --activation selu",
        "--outputs 1 --task regress --batch-norm --dropout 0.5 --activation mish",
        "--outputs 2 --task regress --loss huber --huber-delta 0.5 --l1 0.1 --l1-proximal",
        "--outputs 2 --task regress --loss poisson --layer-norm",
        "--outputs 2 --task regress --loss quantile --quantile 0.9 --activation softplus",
      })
  void anArchitectureIsRightOnRandomRows(String options) {
    String hidden = options.contains("--hidden") ? "" : " --hidden 9,5";
    assertRight(json(0, "gradcheck --inputs 7 " + options + hidden));
  }

  @Test
  void theObjectHasTheReportAndWhatWasChecked() {
    Map<String, Json> result = json(0, "gradcheck --inputs 4 --outputs 3 --hidden 5");
    assertEquals(
        List.of(
            "delta",
            "band",
            "conclusive",
            "compared",
            "skipped",
            "parameters",
            "verdict",
            "tensors",
            "worst",
            "worstTensor",
            "model",
            "rows",
            "source",
            "seed",
            "kernels"),
        List.copyOf(result.keySet()));
    List<Json> tensors = items(result, "tensors");
    assertEquals(4, tensors.size());
    assertEquals(
        List.of("name", "delta", "norm", "compared", "skipped", "parameters"),
        List.copyOf(((Json.Obj) tensors.getFirst()).members().keySet()));
    assertEquals(
        List.of("name", "index", "claimed", "numeric"),
        List.copyOf(((Json.Obj) items(result, "worst").getFirst()).members().keySet()));
  }

  @Test
  void textHasTheNetworkTheRowsAndTheVerdict() {
    String command = "gradcheck --inputs 4 --outputs 3 --hidden 5 --dropout 0.5 --l2 0.25";
    String out = String.join("\n", run(0, command).out());
    String verdict = text(json(0, command), "verdict");
    for (String part : List.of("Dropout, keep 0.5", "l2 0.25", "SoftmaxCross", verdict)) {
      assertTrue(out.contains(part), out);
    }
    assertTrue(out.contains("rows              32\nsource            random\nseed"), out);
  }

  @Test
  void aSampleOfALargeNetworkIsStatedAndAskedFor() {
    String large = "gradcheck --inputs 60 --outputs 3 --hidden 50 --rows 4";
    Map<String, Json> some = json(0, large);
    assertEquals(60 * 50 + 50 + 50 * 3 + 3, number(some, "parameters"));
    assertEquals(300, number(some, "compared") + number(some, "skipped"));
    Map<String, Json> fewer = json(0, large + " --sample 20");
    assertEquals(20, number(fewer, "compared") + number(fewer, "skipped"));
    Map<String, Json> small = json(0, "gradcheck --inputs 3 --outputs 3 --hidden 2 --sample 99");
    assertEquals(17, number(small, "compared") + number(small, "skipped"));
  }

  @Test
  void rulesAndStepsAreThoseAskedFor() {
    String smooth = "gradcheck --inputs 4 --outputs 3 --hidden 6 --activation tanh";
    double four = delta(json(0, smooth));
    double two = delta(json(1, smooth + " --difference two-sided --step 0.03"));
    double one = delta(json(1, smooth + " --difference one-sided --step 0.03"));
    assertTrue(four < 1e-6 && two > 10 * four && one > 10 * two, four + " " + two + " " + one);
  }

  @Test
  void seedsDrawRowsWeightsAndMasks() {
    String command = "gradcheck --inputs 4 --outputs 3 --hidden 6 --activation tanh";
    assertEquals(json(0, command), json(0, command + " --seed 0"));
    assertNotEquals(
        items(json(0, command), "worst"), items(json(0, command + " --seed 1"), "worst"));
  }

  @Test
  void theEngineDoesNotShowInTheResult() {
    String command = "gradcheck --inputs 40 --outputs 3 --hidden 33,9 --batch-norm --dropout 0.2";
    Map<String, Json> scalar = new LinkedHashMap<>(json(0, command + " --kernels scalar"));
    Map<String, Json> threads = new LinkedHashMap<>(json(0, command + " --threads 3"));
    assertEquals(Json.of("scalar"), scalar.get("kernels"));
    scalar.remove("kernels");
    threads.remove("kernels");
    assertEquals(scalar, threads);
  }

  /** With weights of 0 every unit of a ReLU stands at its kink. */
  @Test
  void aCheckThatCanTellNothingHasNotPassed() {
    Map<String, Json> result =
        json(1, "gradcheck --inputs 4 --outputs 3 --hidden 6 --initializer zeros");
    assertEquals(Json.of(false), result.get("conclusive"));
    assertEquals(new Json.Null(), result.get("band"), result::toString);
    assertTrue(text(result, "verdict").startsWith("check failed"), result::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|--inputs: missing; expected it where neither a model nor a file",
        "--inputs 3|--outputs: missing; expected it where neither a model nor a file",
        "--inputs 0 --outputs 1|--inputs: 0; expected a number from 1 to 9999999",
        "--inputs 3 --outputs -1|--outputs: -1; expected a number from 1",
        "--inputs 3 --outputs 1 --label y|--label: has no meaning with random rows",
        "--inputs 3 --outputs 1 --header no|--header: has no meaning with random rows",
        "--inputs 3 --outputs 1 --class-weights balanced|--class-weights: has no meaning with",
        "--inputs 3 --outputs 1 --task cluster|--task: cluster; expected one of classify, regress",
        "--inputs 3 --outputs 1 --loss huber|--loss: huber; expected one of cross-entropy",
        "--inputs 3 --outputs 1 --hidden x|--hidden: x; expected numbers of units",
        "--inputs 3 --outputs 1 --rows 0|--rows: 0; expected a number from 1 to 1000000",
        "--inputs 3 --outputs 1 --rows 1 --batch-norm|--rows 1: too few for --batch-norm",
        "--inputs 3 --outputs 1 --sample 0|--sample: 0; expected a number from 1",
        "--inputs 3 --outputs 1 --step 0|--step: 0.0; expected a number in (0, 1]",
        "--inputs 3 --outputs 1 --step NaN|--step: NaN; expected a number in (0, 1]",
        "--inputs 3 --outputs 1 --step 1.5|--step: 1.5; expected a number in (0, 1]",
        "--inputs 3 --outputs 1 --step Infinity|--step: Infinity; expected a number in (0, 1]",
        "--inputs 3 --outputs 1 --difference five|--difference: five; expected one of one-sided",
        "--inputs 3 --outputs 1 --threads 0|--threads: 0; expected a number from 1",
        "model --inputs 3|--inputs: has no meaning with a model",
        "model --hidden 3|--hidden: has no meaning with a model",
        "model --loss huber|--loss: has no meaning with a model",
        "model --header yes|--header: has no meaning with random rows",
        "model data.csv --l2 1|--l2: has no meaning with a model",
        "model data.csv --task regress|--task: has no meaning with a model",
        "model data.csv --label a,a|--label: a,a; expected",
        "model data.csv --header maybe|--header: maybe; expected one of yes, no",
        "data.csv --label y --outputs 3|--outputs: has no meaning with a file of examples",
        "data.csv --label y --layer-norm --batch-norm|--layer-norm: together with --batch-norm",
        "train-images-idx3-ubyte --task regress|--task regress: images have classes",
        "model data.csv other.csv|other.csv: a third file; expected a model and rows for it",
      })
  void wrongOptionsAreNamed(String arguments, String complaint) {
    CommandLineRun run = run(2, ("gradcheck " + arguments).strip());
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains(complaint), run::toString);
    assertTrue(run.out().isEmpty(), run::toString);
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    for (String files : List.of("nowhere", "nowhere data.csv", "nowhere --label y")) {
      CommandLineRun run = run(1, "gradcheck " + files);
      assertEquals(List.of("lanewise: nowhere: no such file"), run.err());
    }
    CommandLineRun examples = run(1, "gradcheck " + CANCER);
    assertTrue(
        examples
            .err()
            .getFirst()
            .endsWith("; expected a model, or --label with a file of examples"),
        examples::toString);
  }

  @Test
  void helpListsEveryOptionOnceBelowTheHeadingOfItsFamily() {
    List<String> lines = CommandLineRun.of("gradcheck", "--help").out();
    for (OptionSpec option :
        new CommandLine(new Lanewise())
            .getSubcommands()
            .get("gradcheck")
            .getCommandSpec()
            .options()) {
      String name = option.longestName();
      assertEquals(
          1,
          lines.stream().filter(line -> line.matches("[ ,hV-]*" + name + "([= ].*|$)")).count(),
          name);
    }
    assertTrue(lines.contains("Differences:"), lines::toString);
    assertTrue(lines.getFirst().startsWith("Usage: lanewise gradcheck MODEL [DATA]"));
  }
}
