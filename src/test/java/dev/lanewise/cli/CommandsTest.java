package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.json.Json;
import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be observed of the commands from outside. */
final class CommandsTest {

  private static final String DIGITS = "data/digits.csv";
  private static final String CANCER = "data/breast-cancer.csv";

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
            "seed"),
        List.copyOf(result.keySet()));
    assertEquals(
        Set.of("rows", "correct", "accuracy", "logLoss"), object(result.get("test")).keySet());
    assertEquals(1797, rows(result, "train") + rows(result, "dev") + rows(result, "test"));
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

  private static String fast(String data, String label, String options) {
    return "train %s --label %s --hidden none --epochs 3 --json %s".formatted(data, label, options);
  }

  private static double score(Map<String, Json> result, String set, String name) {
    return ((Json.Num) object(result.get(set)).get(name)).asDouble();
  }

  @Test
  void lossesOfValuesGiveModelsThatPredictValues() throws IOException {
    for (String loss :
        List.of("squared-error", "huber --huber-delta 2", "poisson", "quantile --quantile 0.9")) {
      Path model = folder.resolve("values.safetensors");
      Map<String, Json> trained =
          json(
              run(
                  0,
                  (Object[])
                      fast(
                              CANCER,
                              "mean_area",
                              "--task regress --learning-rate 0.1 --loss %s --model %s"
                                  .formatted(loss, model))
                          .split(" ")));
      Path predictions = folder.resolve("values.csv");
      run(0, "predict", model, CANCER, "-o", predictions);
      List<String> lines = Files.readAllLines(predictions);
      assertEquals("prediction", lines.getFirst());
      double mean = lines.stream().skip(1).mapToDouble(Double::parseDouble).average().orElseThrow();
      // An untrained logarithm of a mean is 0, an untrained scaled value 655, the mean.
      assertTrue(loss.equals("poisson") ? mean > 1 : mean > 300 && mean < 1500, loss + mean);
      Map<String, Json> judged = json(run(0, "evaluate", model, CANCER, "--json"));
      assertTrue(score(judged, "test", "rmse") < 2 * score(trained, "train", "rmse"), loss);
    }
  }

  @Test
  void severalValuesArePredictedUnderTheirNamesInOriginalUnits() throws IOException {
    Path table = folder.resolve("lines.csv");
    StringBuilder text = new StringBuilder("big,x,\"a, small\"\n");
    for (int i = 0; i < 200; i++) {
      text.append("%d,%d,%s\n".formatted(5000 + 100 * i, i, -i / 1e3));
    }
    Files.writeString(table, text);
    Path model = folder.resolve("lines.safetensors");
    String train =
        "train %s --label 3,big --task regress --hidden none --learning-rate 0.03 --patience 0"
            .formatted(table);
    Map<String, Json> result =
        json(
            run(
                0,
                (Object[])
                    "%s --epochs 400 --test %s --model %s --json"
                        .formatted(train, table, model)
                        .split(" ")));
    assertTrue(score(result, "test", "r2") > 0.999, result::toString);
    assertEquals(result.get("test"), json(run(0, "evaluate", model, table, "--json")).get("test"));
    assertEquals(
        result.get("test"),
        json(run(0, "evaluate", model, table, "--json", "--label", "3,1")).get("test"));
    List<String> lines = run(0, "predict", model, table).out();
    assertEquals("prediction_big,\"prediction_a, small\"", lines.getFirst());
    String[] last = lines.getLast().split(",");
    assertEquals(24900, Double.parseDouble(last[0]), 200);
    assertEquals(-0.199, Double.parseDouble(last[1]), 0.002);

    String full = train + " --epochs 3 --batch-size full --split 90/10/0 --json";
    Map<String, Json> memory = json(run(0, (Object[]) full.split(" ")));
    Map<String, Json> stream = json(run(0, (Object[]) (full + " --stream 500").split(" ")));
    assertEquals(memory.get("parametersSha256"), stream.get("parametersSha256"));
    assertEquals(memory.get("train"), stream.get("train"));
    assertNotEquals(digest(full), digest(full + " --augment mixup=0.2"));
    digest(full + " --loss huber");
  }

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

  @Test
  void classWeightsMoveTheBalanceOfErrors() {
    String plain = fast(CANCER, "label", "--learning-rate 0.1");
    String zero = plain + " --class-weights 0=1,1=0";
    double correct = score(json(run(0, (Object[]) zero.split(" "))), "train", "correct");
    double all = score(json(run(0, (Object[]) plain.split(" "))), "train", "correct");
    assertTrue(correct < all, "%s of %s".formatted(correct, all));
    assertTrue(!digest(plain).equals(digest(plain + " --class-weights balanced")));
    assertTrue(
        run(1, (Object[]) fast(CANCER, "label", "--class-weights x=2").split(" "))
            .err()
            .getLast()
            .contains("--class-weights: class x; expected one of [0, 1]"));
  }

  @Test
  void aColumnOfWeightsMultipliesLossesAndIsNoFeature() throws IOException {
    StringBuilder weighted = new StringBuilder("w,a,y\n");
    StringBuilder classes = new StringBuilder("w,a,y\n");
    for (int i = 0; i < 60; i++) {
      String y = i % 3 == 0 ? "p" : "q";
      weighted.append("%s,%d,%s\n".formatted(y.equals("p") ? "0.5" : "2", i * i % 17, y));
      classes.append("%d,%d,%s\n".formatted(i % 5, i * i % 17, y));
    }
    Path table = folder.resolve("weighted.csv");
    Path other = folder.resolve("classes.csv");
    Files.writeString(table, weighted);
    Files.writeString(other, classes);
    Path model = folder.resolve("weighted.safetensors");
    String options = " --label y --hidden 4 --epochs 3 --json ";
    String ofRows = "train " + table + options + "--weights w --model " + model;
    String ofClasses = "train " + other + options + "--ignore w";
    assertEquals(digest(ofClasses + " --class-weights p=0.5,q=2"), digest(ofRows));
    assertEquals(
        digest(ofClasses + " --class-weights p=1,q=2"), digest(ofRows + " --class-weights p=2"));
    assertNotEquals(digest(ofClasses), digest(ofRows));
    List<String> predicted = run(0, "predict", model, table).out();
    Files.writeString(table, weighted.toString().replace("0.5,", "7,"));
    assertEquals(predicted, run(0, "predict", model, table).out());

    Files.writeString(table, weighted.toString().replace("0.5,", "-1,"));
    CommandLineRun negative = run(1, (Object[]) (ofRows + " --split 100/0/0").split(" "));
    assertTrue(
        negative.err().getFirst().contains("line 2, column w: -1.0; expected a weight, 0 or more"),
        negative::toString);
  }

  @Test
  void smoothingAndPenaltiesChangeTheParameters() {
    String plain = digest(fast(CANCER, "label", ""));
    for (String options :
        List.of(
            "--label-smoothing 0.1",
            "--l1 0.1",
            "--l1 0.1 --l1-proximal",
            "--l1-per-example 10",
            "--max-norm 0.1",
            "--initializer orthogonal",
            "--input-dropout 0.2",
            "--input-dropout 0.2 --dropout-form classic")) {
      String other = digest(fast(CANCER, "label", options));
      assertTrue(!plain.equals(other), options);
      plain = other;
    }
  }

  @Test
  void aPenaltyForEachLayerIsTheSameAsOneForAll() {
    String recipe = "train %s --label label --hidden 8 --epochs 1 --json ".formatted(CANCER);
    assertEquals(digest(recipe + "--l2 0.1"), digest(recipe + "--l2 0.1,0.1"));
    assertTrue(!digest(recipe + "--l2 0.1").equals(digest(recipe + "--l2 0.1,0")));
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

  /** One row a batch, too: layer norm needs no other rows. */
  @Test
  void layerNormTrainsOnBatchesOfOneRow() {
    Map<String, Json> result =
        json(
            run(
                0,
                "train",
                CANCER,
                "--label",
                "label",
                "--hidden",
                "8",
                "--layer-norm",
                "--batch-size",
                "1",
                "--epochs",
                "1",
                "--json"));
    assertTrue(result.containsKey("train"));
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

  private static double decimal(Json value) {
    return ((Json.Num) value).asDouble();
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
  void streamedRowsAreAllRowsButThoseHeldForJudging() {
    String command = "train %s --label label --hidden 4 --epochs 1 --json".formatted(CANCER);
    Map<String, Json> result = json(run(0, (Object[]) (command + " --stream 100").split(" ")));
    assertEquals(20, rows(result, "dev"));
    assertEquals(20, rows(result, "test"));
    assertEquals(569 - 40, rows(result, "train"));
    result = json(run(0, (Object[]) (command + " --stream 100 --test " + CANCER).split(" ")));
    assertEquals(569 - 20, rows(result, "train"));
    assertEquals(569, rows(result, "test"));
  }

  /** In a full batch all is the same, the last pass for the scores too. */
  @ParameterizedTest
  @ValueSource(strings = {CANCER, DIGITS})
  void aStreamOfTheWholeFileHasTheResultsOfRowsInMemory(String file) {
    String command =
        "train %s --label label --hidden 8 --epochs 3 --batch-size full --split 90/10/0 --json "
            .formatted(file);
    Map<String, Json> memory = json(run(0, (Object[]) command.split(" ")));
    Map<String, Json> stream = json(run(0, (Object[]) (command + "--stream 5000").split(" ")));
    assertEquals(memory.get("parametersSha256"), stream.get("parametersSha256"));
    assertEquals(memory.get("train"), stream.get("train"));
    assertEquals(memory.get("cost"), stream.get("cost"));
  }

  @Test
  void streamedImagesHaveTheResultsOfImagesInMemory() throws IOException {
    Path images = folder.resolve("few-images-idx3-ubyte");
    byte[] pixels = new byte[16 + 30 * 4];
    System.arraycopy(
        new byte[] {0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 2, 0, 0, 0, 2}, 0, pixels, 0, 16);
    byte[] labels = new byte[8 + 30];
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, 30}, 0, labels, 0, 8);
    for (int i = 0; i < 30; i++) {
      labels[8 + i] = (byte) (i % 3);
      pixels[16 + 4 * i + i % 3] = (byte) (200 + i);
    }
    Files.write(images, pixels);
    Files.write(folder.resolve("few-labels-idx1-ubyte"), labels);
    String command =
        "train %s --hidden 8 --epochs 3 --batch-size full --split 100/0/0 --json "
            .formatted(images);
    assertEquals(digest(command), digest(command + "--stream 12"));
  }

  @Test
  void aResumedStreamHasTheParametersOfOneThatNeverStopped() {
    String recipe =
        "train " + CANCER + " --label label --hidden 8 --dropout 0.3 --json --stream 90";
    Path checkpoint = folder.resolve("checkpoint");
    String expected = digest(recipe + " --epochs 5");
    digest(recipe + " --epochs 2 --checkpoint " + checkpoint);
    assertEquals(expected, digest(recipe + " --epochs 5 --resume " + checkpoint));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9,w|line 42, column b: w; expected one of the classes x, z",
        "u,x|line 42, column a: u; expected a number",
        "9|line 42: 1 fields; expected 2",
      })
  void streamedRowsThatDoNotFitTheFirstOnesAreNamed(String line, String complaint)
      throws IOException {
    Path file = folder.resolve("late.csv");
    Files.writeString(file, "a,b\n" + "3,x\n4,z\n".repeat(20) + line + "\n5,x\n");
    CommandLineRun run = run(1, "train", file, "--label", "b", "--epochs", "1", "--stream", "12");
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains(file + " " + complaint), run::toString);
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

  @Test
  void plateauAndAveragesReachTheTraining() throws IOException {
    String recipe = "train " + CANCER + " --label label --hidden 8 --epochs 9 --patience 0 --json";
    Path history = folder.resolve("lowered.csv");
    String plain = digest(recipe);
    assertTrue(!plain.equals(digest(recipe + " --average ema=0.99")));
    assertTrue(!plain.equals(digest(recipe + " --average epochs=3")));
    assertEquals(plain, digest(recipe + " --average epochs=9"));
    digest(recipe + " --learning-rate 2 --plateau 1,0.5 --history " + history);
    Set<String> rates = new HashSet<>();
    Files.readAllLines(history).stream().skip(1).forEach(line -> rates.add(line.split(",")[1]));
    assertTrue(rates.contains("1.0"), rates::toString);
  }

  private static List<String> withoutSeconds(Path history) throws IOException {
    return Files.readAllLines(history).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  @Test
  void tablesAreTrainedWithNoiseAndMixup() {
    String recipe = "train %s --label label --hidden 8 --epochs 2 --json".formatted(DIGITS);
    String plain = digest(recipe);
    String noisy = digest(recipe + " --augment noise=0.1,mixup=0.2");
    assertNotEquals(plain, noisy);
    assertEquals(
        noisy, digest(recipe + " --augment noise=0.1,mixup=0.2 --threads 2 --kernels scalar"));
    assertNotEquals(noisy, digest(recipe + " --augment mixup=0.2,noise=0.1"));
  }

  @Test
  void changesOfImagesTakeTheirShapeFromTheFile() throws IOException {
    Path images = folder.resolve("train-images-idx4-ubyte");
    byte[] pixels = new byte[60 * 5 * 6 * 3];
    new Random(1).nextBytes(pixels);
    writeIdx(images, pixels, 60, 5, 6, 3);
    byte[] labels = new byte[60];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 3);
    }
    writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, 60);
    String train = "train %s --hidden 8 --epochs 2 --json".formatted(images);
    String all =
        " --augment shift=2,crop=4,flip,flip=vertical,rotate=10,zoom=0.1,brightness=0.2,"
            + "contrast=0.2,colour=0.1,noise=0.05,mixup=0.2";
    assertNotEquals(digest(train), digest(train + all));
    CommandLineRun refused = run(1, (Object[]) (train + " --augment shift=5").split(" "));
    assertTrue(
        refused.err().getFirst().contains("--augment shift=5: pixels: 5; expected"),
        refused::toString);
    CommandLineRun table =
        run(1, "train", CANCER, "--label", "label", "--augment", "noise=1,rotate=10");
    assertTrue(
        table.err().getFirst().contains("--augment rotate=10: rows of a table; expected images"),
        table::toString);
  }

  private static void writeIdx(Path file, byte[] bytes, int... sizes) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(4 + 4 * sizes.length + bytes.length);
    content.putInt(0x0800 | sizes.length);
    for (int size : sizes) {
      content.putInt(size);
    }
    Files.write(file, content.put(bytes).array());
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

  /** The rates of four epochs from 0.8 on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant|0.8 0.8 0.8 0.8",
        "inverse-time|0.8 0.4 0.26667 0.2",
        "inverse-time --decay-rate 3|0.8 0.2 0.11429 0.08",
        "exponential|0.8 0.76 0.722 0.6859",
        "inverse-sqrt|0.8 0.56569 0.46188 0.4",
        "staircase --decay-epochs 2|0.8 0.8 0.4 0.4",
        "multi-step --decay-epochs 1,3|0.8 0.08 0.08 0.008",
        "polynomial|0.8 0.6 0.4 0.2",
        "polynomial --decay-rate 2 --final-rate 0.4 --decay-epochs 2|0.8 0.5 0.4 0.4",
        "cosine|0.8 0.68284 0.4 0.11716",
        "cosine --decay-epochs 2|0.8 0.4 0 0",
        "cosine-restarts --decay-epochs 1|0.8 0.8 0.4 0.8",
        "one-cycle --decay-epochs 10|0.032 0.224 0.608 0.8",
        "constant --warm-up 3|0.2 0.4 0.6 0.8",
        "polynomial --warm-up 1|0.4 0.8 0.53333 0.26667",
      })
  void learningRateFollowsTheSchedule(String options, String rates) throws IOException {
    Path table = folder.resolve("table.csv");
    Files.writeString(table, "a,b\n" + "1,x\n2,y\n".repeat(5));
    Path history = folder.resolve("history.csv");
    String command =
        "train %s --label b --hidden none --patience 0 --epochs 4 --learning-rate 0.8 --history %s"
            .formatted(table, history);
    run(0, (Object[]) (command + " --schedule " + options).split(" "));
    List<String> lines = Files.readAllLines(history);
    String[] expected = rates.split(" ");
    for (int i = 0; i < 4; i++) {
      double rate = Double.parseDouble(lines.get(i + 1).split(",")[1]);
      assertEquals(Double.parseDouble(expected[i]), rate, 1e-5, options + " in epoch " + (i + 1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd|transforms=[], ",
        "rmsprop --momentum 0.5|Rms[beta=0.9, epsilon=1.0E-8, place=OUTSIDE_ROOT],"
            + " Momentum[beta=0.5",
        "amsgrad|[AmsGrad[beta1=0.9, beta2=0.999,",
        "nadam|[NAdam[beta1=0.9, beta2=0.999,",
        "adagrad|[Adagrad[epsilon=1.0E-10,",
        "lion --weight-decay 0.5|[Lion[beta1=0.9, beta2=0.99], WeightDecay[lambda=0.5]]",
        "adamw|OUTSIDE_ROOT], WeightDecay[lambda=0.01]]",
        "adam --clip-value 3 --clip-norm 5|[ClipByGlobalNorm[maximum=5.0],"
            + " ClipByValue[maximum=3.0],",
      })
  void optimizerStandsInTheModel(String options, String description) throws IOException {
    Path table = folder.resolve("table.csv");
    Files.writeString(table, "a,b\n" + "1,x\n2,y\n".repeat(5));
    Path model = folder.resolve("model.safetensors");
    String command =
        "train %s --label b --hidden none --epochs 1 --model %s".formatted(table, model);
    run(0, (Object[]) (command + " --optimizer " + options).split(" "));
    CommandLineRun inspected = run(0, "inspect", model);
    assertTrue(
        inspected.out().stream().anyMatch(line -> line.contains(description)), inspected::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train nowhere.csv --label y|nowhere.csv: no such file",
        "train data --label y|data: a folder",
        "train data/digits.csv --label y|data/digits.csv: no column y",
        "train data/digits.csv --label 66|data/digits.csv: no column 66",
        "train data/breast-cancer.csv --label mean_area|--task regress",
        "train data/digits.csv --label label --model nowhere/m|nowhere/m: cannot be written",
        "train data/digits.csv --label label --resume README.md|README.md",
        "train data/digits.csv --label label --initial-weights README.md|README.md",
        "train data/digits.csv --label label --optimizer sgd --learning-rate 1e30|dense",
        "inspect README.md|README.md",
        "evaluate nowhere data/digits.csv|nowhere: no such file",
        "predict README.md data/digits.csv|README.md",
      })
  void whatGoesWrongIsToldInOneLine(String arguments, String complaint) {
    CommandLineRun run = run(1, (Object[]) arguments.split(" "));
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().startsWith("lanewise: "), run::toString);
    assertTrue(run.err().getFirst().contains(complaint), run::toString);
    assertTrue(run.out().isEmpty(), run::toString);
  }

  @Test
  void aFullDiskIsToldWithTheFile() {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "skipped: no /dev/full");
    CommandLineRun run =
        run(1, "train", CANCER, "--label", "label", "--epochs", "1", "--history", "/dev/full");
    assertTrue(run.err().getFirst().contains("/dev/full: cannot be written"), run::toString);
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

  @Test
  void kernelsThatThisMachineLacksAreRefusedByOption() {
    CommandLineRun run =
        CommandLineRun.of(
            "train", CANCER, "--label", "label", "--epochs", "1", "--kernels", "vector512");
    assumeTrue(run.exit() != 0, "skipped: this machine has them all");
    assertEquals(1, run.exit());
    assertTrue(run.err().getFirst().startsWith("lanewise: --kernels vector512: "), run::toString);
    assertTrue(run.err().getFirst().contains("; expected"), run::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b;1,x;2,y;3,x|line 3, column b: y; expected one of the classes x, z",
        "a,b;1,x;u,x|line 3, column a: u; expected",
        "c,b;1,x|no column a",
        "a,b;1,x;2|line 3: 1 fields; expected 2",
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

  @Test
  void doctorFindsTheSameBits() {
    Map<String, Json> findings = json(run(0, "doctor", "--json"));
    assertEquals(Json.of(true), findings.get("sameBitsAsScalar"));
    assertTrue(run(0, "doctor").out().stream().anyMatch(line -> line.startsWith("kernels")));
  }

  @Test
  void theProcessEndsWithTheExitCodeAndWithoutStacktrace() throws Exception {
    process(0, "--version");
    assertTrue(process(2, "train").getLast().startsWith("lanewise: "));
    List<String> said = process(1, "train", "no such file.csv", "--label", "y");
    assertEquals("lanewise: no such file.csv: no such file", said.getLast());
    assertTrue(said.stream().noneMatch(line -> line.startsWith("\tat ")), said::toString);
  }

  private static List<String> process(int exit, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exit, process.waitFor(), said);
    return said.lines().toList();
  }

  private static CommandLineRun run(int exit, Object... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertEquals(exit, run.exit(), run::toString);
    return run;
  }

  private static String digest(String command) {
    return json(run(0, (Object[]) command.split(" "))).get("parametersSha256").toString();
  }

  private static Map<String, Json> json(CommandLineRun run) {
    return object(Json.parse(run.out().getLast()));
  }

  private static Map<String, Json> object(Json value) {
    return ((Json.Obj) value).members();
  }

  private static long rows(Map<String, Json> result, String set) {
    return number(object(result.get(set)).get("rows"));
  }

  private static long number(Json value) {
    return ((Json.Num) value).asLong();
  }
}
