package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.DIGITS;
import static dev.lanewise.cli.Commands.digest;
import static dev.lanewise.cli.Commands.fast;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.score;
import static dev.lanewise.cli.Commands.writeIdx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of train do to the network, its loss and its steps. */
final class TrainOptionsTest {

  @TempDir private Path folder;

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
        "cosine-log|0 0.39479 0.05890 0.70053",
        "cosine-log --decay-epochs 15|0 0 0.74434 0",
        "one-cycle --decay-epochs 10|0.032 0.416 0.8 0.76039",
        "one-cycle|0.032 0.64940 0.22645 0.00000",
        "one-cycle --warm-up 1|0.39777 0.79553 0.37011 0.00000",
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
    CommandLineRun inspected = run(0, "inspect", model, "--json");
    assertTrue(
        inspected.out().stream().anyMatch(line -> line.contains(description)), inspected::toString);
  }
}
