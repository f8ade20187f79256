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

import dev.lanewise.json.Json;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code search} tries what its spaces say, and a trial is what {@code train} would make of it. */
class SearchCommandTest {

  @TempDir Path folder;

  private Path table;

  @BeforeEach
  void write() throws IOException {
    table = folder.resolve("table.csv");
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("a,b,t,y,v\n");
    for (int row = 0; row < 90; row++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      String y = a * b + 0.4 * random.nextGaussian() > 0 ? "up" : "down";
      text.append(
          "%.3f,%.3f,%s,%s,%.3f%n".formatted(a, b, "pqr".charAt(row % 3), y, a - b + row % 3));
    }
    Files.writeString(table, text.toString().replace("\r", ""));
  }

  private CommandLineRun search(int exit, String options) {
    return search(exit, table, options);
  }

  private static CommandLineRun search(int exit, Path data, String options) {
    List<String> words = new ArrayList<>(List.of("search", data.toString()));
    if (!options.contains("--label")) {
      words.addAll(List.of("--label", "y", "--ignore", "v"));
    }
    words.addAll(List.of(options.split(" ")));
    return run(exit, words.toArray());
  }

  private Map<String, Json> found(String options) {
    return json(search(0, options + " --json"));
  }

  private static String text(Json value) {
    return ((Json.Str) value).value();
  }

  private static List<Map<String, Json>> trials(Map<String, Json> found) {
    return ((Json.Arr) found.get("trials")).items().stream().map(Commands::object).toList();
  }

  /** Also flags, options by an alias, and those of optimisers that trials differ in. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--space learning-rate=log:1e-3..1e-1 --space beta=1-log:0.5..0.99",
        "--space beta=linear:0.1..0.9 --space optimizer=choice:adamw|momentum|lion",
        "--space hidden=choice:4,3|5|none --space batch-size=int:4..16 --optimizer sgd",
        "--space batch-norm=choice:true|false --space dropout=linear:0..0.5 --hidden 5",
        "--space l2=log:1e-4..1 --space activation=choice:relu|tanh --batch-norm --patience 2",
        "--space schedule=choice:constant|cosine --space weight-decay=linear:0..1 --seed 7",
        "--space max-categories=choice:1|5 --space no-standardize=choice:true|false",
        "--space augment=choice:noise=0.1|noise=0.5,mixup=0.3 --space"
            + " class-weights=choice:balanced|up=3",
      })
  void theBestTrialIsWhatTrainMakesOfItsOptions(String options) {
    Map<String, Json> found =
        found(
            options
                + " --method random --trials 4 --epochs 4 --hidden 4"
                    .replace(options.contains("hidden") ? " --hidden 4" : "#", ""));
    List<String> train = new ArrayList<>(List.of("train", table.toString(), "--json"));
    train.addAll(List.of(text(found.get("options")).split(" ")));
    Map<String, Json> trained = json(run(0, train.toArray()));
    assertEquals(trained.get("parametersSha256"), found.get("parametersSha256"));
    assertEquals(trained.get("test"), found.get("test"));
    for (Map<String, Json> trial : trials(found)) {
      assertEquals("finished", text(trial.get("state")), trial::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({"adam,beta1", "lion,beta1", "momentum,momentum", "rmsprop,momentum"})
  void betaIsTheFirstThatTheOptimizerHas(String optimizer, String option) {
    Map<String, Json> found =
        found(
            "--space beta=linear:0.25..0.5 --trials 1 --epochs 1 --hidden 4 --optimizer "
                + optimizer);
    double value = decimal(object(object(found.get("best")).get("values")).get("beta"));
    String options = text(found.get("options"));
    assertTrue(options.endsWith(" --%s=%s".formatted(option, value)), options);
  }

  /** What comes out of one worker comes out of three. */
  @Test
  void theResultIsTheSameHoweverManyTrialsRunSideBySide() {
    String options = "--trials 9 --epochs 9 --hidden 4";
    Map<String, Json> one = new HashMap<>(found(options));
    Map<String, Json> three = new HashMap<>(found(options + " --parallel 3 --threads 2"));
    for (String differs : List.of("parallel", "threads", "options")) {
      assertFalse(one.remove(differs).equals(three.remove(differs)));
    }
    assertEquals(one, three);
  }

  @Test
  void halvingTrainsFewOfManyTrialsToTheEnd() {
    Map<String, Json> found =
        found("--trials 9 --epochs 9 --hidden 4 --space learning-rate=log:1e-3..1e-1");
    Map<Long, Long> counts =
        trials(found).stream()
            .collect(
                Collectors.groupingBy(trial -> number(trial.get("epochs")), Collectors.counting()));
    assertEquals(Map.of(3L, 6L, 9L, 3L), counts);
    assertEquals(9 * 3 + 3 * 6, number(found.get("epochsInAll")));
  }

  /** A combination that no option refuses alone is a trial that has failed, and no more. */
  @Test
  void aTrialThatFailsIsToldWithItsReasonAndEndsNothing() {
    String options =
        "--space learning-rate=choice:1e-2|1e30 --optimizer sgd --hidden 4 --method grid --trials 2"
            + " --epochs 3";
    Map<String, Json> found = found(options);
    Map<String, Json> failed = trials(found).get(1);
    assertEquals("failed", text(failed.get("state")));
    assertFalse(failed.containsKey("score"));
    assertTrue(failed.containsKey("failure"));
    assertEquals(0, number(object(found.get("best")).get("trial")));
    CommandLineRun printed = search(0, options);
    assertTrue(
        printed.out().stream().anyMatch(line -> line.startsWith("trial 1 has failed: ")),
        printed::toString);
  }

  @Test
  void aSearchWithoutAnyScoreIsAFailureInOneLine() {
    CommandLineRun failed =
        search(
            1,
            "--space learning-rate=log:1e30..1e31 --optimizer sgd --hidden 4 --trials 2 --epochs"
                + " 2");
    assertEquals(1, failed.err().size(), failed::toString);
    assertTrue(failed.err().getFirst().contains("no trial has a score; trial 0: "));
    CommandLineRun none = search(1, "--trials 8 --epochs 9 --hidden 4 --budget epochs=1");
    assertTrue(none.err().getFirst().endsWith("expected a larger --budget"), none::toString);
  }

  @Test
  void aBudgetEndsTheSearchAndIsTold() {
    Map<String, Json> found =
        found(
            "--trials 8 --epochs 3 --hidden 4 --method random --budget epochs=10"
                + " --space learning-rate=log:1e-3..1e-1");
    assertEquals("10 epochs", text(found.get("stoppedBy")));
    assertEquals(9, number(found.get("epochsInAll")));
  }

  @Test
  void metricsAndFoldsCompareTrials() {
    for (String metric : List.of("accuracy", "auc", "macro-f1", "log-loss")) {
      Map<String, Json> found =
          found(
              "--trials 3 --epochs 2 --hidden 4 --method sobol --metric %s --folds 3"
                      .formatted(metric)
                  + " --space learning-rate=log:1e-3..1e-1");
      assertEquals(metric.replace("-f1", "F1").replace("-loss", "Loss"), text(found.get("metric")));
      assertEquals(3 * 3 * 2, number(found.get("epochsInAll")));
      List<Double> scores =
          trials(found).stream().map(trial -> decimal(trial.get("score"))).toList();
      double best = decimal(found.get("score"));
      boolean smaller = metric.equals("log-loss");
      assertTrue(scores.stream().allMatch(score -> smaller ? best <= score : best >= score));
    }
    Map<String, Json> values =
        json(
            search(
                0,
                "--label v --task regress --ignore y --trials 3 --epochs 2 --hidden 4 --metric r2"
                    + " --space learning-rate=log:1e-3..1e-1 --json"));
    assertEquals("r2", text(values.get("metric")));
  }

  /** What is given is not searched for, and what has no meaning is left out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--hidden 4;learning-rate beta batch-size schedule",
        "--hidden 4 --optimizer sgd;learning-rate batch-size schedule",
        "--hidden 4 --learning-rate 0.01 --beta1 0.8;batch-size schedule",
        "--hidden 4 --decay-rate 0.5 --schedule exponential;learning-rate beta batch-size",
        "--layer-norm --batch-size 64;learning-rate beta hidden schedule",
      })
  void withoutSpacesTheUsualOnesOfWhatIsNotGivenAreTaken(String options, String names) {
    Map<String, Json> found = found(options + " --trials 2 --epochs 1");
    Map<String, Json> values = object(trials(found).getFirst().get("values"));
    assertEquals(names, String.join(" ", values.keySet()));
  }

  @Test
  void theUsualSpacesOfThePresetAreAroundItsConstants() {
    Map<String, Json> preset = found("--preset tabular --epochs 1 --trials 2");
    assertEquals("tabular", text(preset.get("preset")));
    assertEquals("calibratedLogLoss", text(preset.get("metric")));
    Map<String, Json> values = object(trials(preset).getFirst().get("values"));
    assertEquals("learning-rate hidden dropout", String.join(" ", values.keySet()));
    assertEquals("plain", text(found("--trials 1 --epochs 1 --hidden 4").get("preset")));
    String rate = "--space learning-rate=log:1e-3..1e-1 --trials 1 --max-categories 2";
    assertEquals("plain", text(found(rate + " --budget epochs=100").get("preset")));
  }

  /** What users write and what they read is one; JSON has the library's names. */
  @Test
  void metricsAreSpelledAsOptionsSpellThem() {
    String brief = "--preset tabular --hidden 4 --epochs 2 --trials 2 --method random --ensemble";
    String asked = brief + " --space learning-rate=log:1e-3..1e-1 --metric calibrated-log-loss";
    String all = String.join("\n", search(0, asked).out());
    assertTrue(all.contains("\nmetric            calibrated-log-loss\n"), all);
    assertTrue(all.contains("\nensembleMetric    calibrated-log-loss\n"), all);
    assertTrue(all.startsWith("trial  state     calibrated-log-loss  "), all);
    assertTrue(all.contains("    accuracy    log-loss"), all);
    assertFalse(all.contains("ogLoss"), all);
    assertEquals("calibratedLogLoss", text(found(asked).get("metric")));
  }

  /** Values of trials do not change what they begin with. */
  @Test
  void aSearchWithoutOptionsIsOneOfThePreset() {
    Map<String, Json> found = found("--trials 1");
    assertEquals("tabular", text(found.get("preset")));
    String options = text(found.get("options"));
    assertTrue(options.contains("--preset=tabular --learning-rate="), options);
  }

  @Test
  void everyOptionOfATrainingIsAParameterOrHasAReasonNotToBe() {
    CommandSpec train =
        new CommandLine(new Lanewise()).getSubcommands().get("train").getCommandSpec();
    Set<String> options = new TreeSet<>();
    for (OptionSpec option : train.mixins().get(TrialOptions.MIXIN).options()) {
      options.add(option.longestName().substring(2));
    }
    Set<String> parameters = new HashSet<>(TrialOptions.parameters());
    for (String option : options) {
      String text = option + "=choice:a|b";
      CommandLineRun refused = search(2, "--space " + text);
      boolean shared = refused.err().getFirst().contains("expected an option of network");
      assertEquals(!shared, parameters.remove(option), refused::toString);
    }
    assertEquals(Set.of("beta"), parameters);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--space dropout=linear:0..1;--space dropout=linear:0..1: --dropout: 1.0; expected a"
            + " number",
        "--space dropout=choice:0.1|1.5|0.2;--dropout: 1.5; expected a number in [0, 1)",
        "--space learning-rate=lag:1..2;--space learning-rate=lag:1..2; expected NAME=log:A..B",
        "--space learning-rate=log:1;--space learning-rate=log:1: expected two ends",
        "--space learning-rate=log:0..1;expected finite numbers above 0",
        "--space l2=log:2..1;low below high",
        "--space learning-rate;--space learning-rate; expected NAME=log:A..B",
        "--space epoch=int:1..3;no option --epoch; expected one of train's",
        "--space epochs=int:1..3;--epochs is of the whole search",
        "--space seed=int:1..3;--seed says which rows there are",
        "--space momentum=linear:0..0.9;--momentum: has no meaning for --optimizer adam",
        "--space beta=linear:0..0.9 --optimizer sgd;beta: --optimizer sgd has none",
        "--space beta=linear:0..0.9 --space beta1=linear:0..1;also --space beta1=linear:0..1",
        "--space l2=linear:0..1 --space l2=linear:0..2;also --space l2=linear:0..1",
        "--space learning-rate=log:1e-3..1 --learning-rate 1;--learning-rate is given, too",
        "--space beta=linear:0..0.9 --beta1 0.5;--beta is given, too",
        "--space patience=linear:1..3;'1.0' is not an int",
        "--hidden 4 --space dropout=choice:0.1,0.2|0.1;--dropout: 0.1,0.2; expected one",
        "--space l2=linear:0..1 --space dropout=choice:0.1,0.2|0.3,0.4 --space"
            + " hidden=choice:4|5;goes with no value of the others",
        "--metric rmse;--metric: rmse; expected loss, log-loss, accuracy, auc, macro-f1",
        "--method best;--method: best; expected halving, random, sobol, grid or coarse-to-fine",
        "--method halving=1;--method: halving=1; expected halving",
        "--method random=2;--method: random=2; expected",
        "--method coarse-to-fine=3;--method: coarse-to-fine=3; expected",
        "--method coarse-to-fine=3,1.0;--method: coarse-to-fine=3,1.0; expected",
        "--method coarse-to-fine=30,0.5;more rounds than --trials 27",
        "--budget 3;--budget: 3; expected epochs=N",
        "--budget time=3;--budget: time=3; expected",
        "--folds 1;--folds: 1; expected a number from 2",
        "--folds 3 --dev x.csv;--folds: has no meaning with --dev",
        "--parallel 0;--parallel: 0; expected a number from 1",
        "--trials 0;--trials: 0; expected a number from 1",
        "--split 80/0/20;--split: no dev rows to compare trials by",
        "--stream 100;--stream: has no meaning with search",
        "--audit 3;--audit: is of one training",
        "--find-learning-rate;--find-learning-rate: trains nothing",
        "--calibrate --ensemble;--ensemble: has no meaning with --calibrate",
        "--learning-rate 0.1 --beta1 0.1 --hidden 4 --batch-size 4 --schedule cosine;--space:"
            + " missing",
        "--epochs 0;--epochs: 0; expected 1 or more",
      })
  void whatIsWrongIsToldBeforeAFileIsOpened(String options, String told) {
    CommandLineRun refused = search(2, folder.resolve("missing.csv"), options);
    assertEquals(1, refused.err().size(), refused::toString);
    assertTrue(refused.err().getFirst().contains(told), refused::toString);
    assertEquals(List.of(), refused.out());
  }

  @Test
  void theModelThatIsSavedIsTheOneThatIsTold() throws IOException {
    Path file = folder.resolve("best.safetensors");
    Map<String, Json> found =
        found("--trials 3 --epochs 3 --hidden 4 --space batch-size=choice:4|8|16 --model " + file);
    Model model = Model.load(file);
    assertEquals(text(found.get("parametersSha256")), model.parametersSha256());
    Map<String, String> told = model.provenance().entries();
    assertEquals(text(found.get("options")), told.get("options"));
    Map<String, Json> values = object(object(found.get("best")).get("values"));
    assertEquals(text(values.get("batch-size")), told.get("batchSize"));
    assertTrue(told.get("search").contains("of 3 trials by halving"), told::toString);
  }

  @Test
  void anEnsembleOfTheBestTrialsIsSavedAndScored() throws IOException {
    Path file = folder.resolve("ensemble.safetensors");
    Map<String, Json> found =
        found("--trials 6 --epochs 4 --hidden 4 --method random --ensemble --model " + file);
    Ensemble ensemble = (Ensemble) TrainedModel.load(file);
    assertEquals(text(found.get("parametersSha256")), ensemble.parametersSha256());
    assertEquals(object(found.get("members")).size(), ensemble.models().size());
    assertTrue(decimal(found.get("ensembleScore")) <= decimal(found.get("bestSingleScore")));
    assertEquals(
        decimal(found.get("ensembleScore")),
        decimal(object(found.get("dev")).get("logLoss")),
        1e-6);
    assertTrue(found.containsKey("test"));
  }

  @Test
  void theReportHoldsTheTrialsAndIsTheSameBytesEachTime() throws IOException {
    Path first = folder.resolve("first.html");
    Path second = folder.resolve("second.html");
    Path numbers = folder.resolve("numbers");
    String options = "--trials 9 --epochs 9 --hidden 4 --report ";
    search(0, options + first + " --export-data " + numbers);
    search(0, options + second);
    String page = Files.readString(first);
    for (String section :
        List.of(
            "trials",
            "parameters",
            "together",
            "importance-of-parameters",
            "search-curves",
            "designs")) {
      assertTrue(page.contains("<section id=\"%s\">".formatted(section)), section);
    }
    List<String> curves = Files.readAllLines(numbers.resolve("search-curves.csv"));
    assertTrue(curves.stream().anyMatch(line -> line.startsWith("stopped here,3")));
    assertEquals(page, Files.readString(second));
  }

  /** {@return the lines of a journal but for times, sorted, and so but for who was done first} */
  private static List<String> lines(Path journal) throws IOException {
    return Files.readAllLines(journal).stream()
        .map(line -> line.replaceFirst(",\"time\":\\{[^}]*\\}\\}$", "}"))
        .sorted()
        .toList();
  }

  @Test
  void theJournalIsTheSameHoweverManyTrialsRunSideBySide() throws IOException {
    Path one = folder.resolve("one.jsonl");
    Path two = folder.resolve("two.jsonl");
    String options = "--trials 9 --epochs 9 --hidden 4 --journal ";
    found(options + one);
    found(options + two + " --parallel 2");
    assertEquals(lines(one), lines(two));
    assertEquals(1 + 9 + 3, lines(one).size());
  }

  /** What is done is not done again, and what comes out is the same. */
  @Test
  void theSameCommandGoesOnFromItsJournal() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    Path part = folder.resolve("part.jsonl");
    String options = "--trials 9 --epochs 9 --hidden 4 --journal ";
    Map<String, Json> expected = new HashMap<>(found(options + whole));
    Map<String, Json> first = found(options + part + " --budget epochs=14");
    assertEquals("14 epochs", text(first.get("stoppedBy")));
    List<String> begun = Files.readAllLines(part);
    Map<String, Json> found = new HashMap<>(found(options + part));
    assertEquals(begun, Files.readAllLines(part).subList(0, begun.size()));
    assertEquals(lines(whole), lines(part));
    assertFalse(expected.remove("journal").equals(found.remove("journal")));
    assertEquals(expected, found);
  }

  @Test
  void theJournalOfAnotherSearchIsRefusedAndStays() throws IOException {
    Path journal = folder.resolve("journal.jsonl");
    String options = "--trials 3 --epochs 3 --journal " + journal;
    found(options + " --hidden 4");
    byte[] before = Files.readAllBytes(journal);
    for (String other :
        List.of(" --hidden 5", " --hidden 4 --seed 1", " --hidden 4 --split 70/20/10")) {
      CommandLineRun refused = search(1, options + other);
      assertEquals(1, refused.err().size(), refused::toString);
      assertTrue(refused.err().getFirst().contains(journal.toString()), refused::toString);
      assertArrayEquals(before, Files.readAllBytes(journal));
    }
  }

  @Test
  void noFileOfASearchIsAnotherOfItsFiles() throws IOException {
    Path file = folder.resolve("file");
    List<String> pairs =
        List.of(
            "--model %1$s --journal %1$s",
            "--report %1$s --journal %1$s",
            "--model %1$s --report %1$s",
            "--journal " + table,
            "--model " + table,
            "--report " + table);
    byte[] before = Files.readAllBytes(table);
    for (String pair : pairs) {
      CommandLineRun refused =
          search(1, pair.formatted(file) + " --hidden 4 --trials 2 --epochs 1");
      assertTrue(refused.err().getFirst().contains("the same file as"), refused::toString);
      assertFalse(Files.exists(file));
      assertArrayEquals(before, Files.readAllBytes(table));
    }
  }

  /** Of digits, whose labels lie beside them; ensembles of images, too. */
  @Test
  void imagesAreSearchedAsTablesAre() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    byte[] pixels = new byte[60 * 4 * 4];
    byte[] labels = new byte[60];
    Random random = new Random(3);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 3);
      for (int p = 0; p < 16; p++) {
        pixels[16 * i + p] = (byte) (random.nextInt(60) + 60 * labels[i]);
      }
    }
    Commands.writeIdx(images, pixels, 60, 4, 4);
    Commands.writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, 60);
    Map<String, Json> found =
        json(
            run(
                0,
                (Object[])
                    "search %s --hidden 4 --trials 3 --epochs 3 --method random --ensemble --json"
                        .formatted(images)
                        .split(" ")));
    assertEquals(
        decimal(found.get("ensembleScore")),
        decimal(object(found.get("dev")).get("logLoss")),
        1e-6);
  }
}
