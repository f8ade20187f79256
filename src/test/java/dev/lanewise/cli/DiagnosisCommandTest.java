package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.decimal;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.number;
import static dev.lanewise.cli.Commands.object;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code train} finds out about its result: bias and variance, a learning curve, leaks. */
class DiagnosisCommandTest {

  @TempDir private Path folder;

  private Path data;

  /** Rows of which each second one is there twice; one column tells the label. */
  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("rows.csv");
    SplittableRandom random = new SplittableRandom(5);
    List<String> lines = new ArrayList<>(List.of("a,b,told,one,price,y"));
    for (int r = 0; r < 100; r++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      boolean yes = a + b + random.nextGaussian() > 0;
      String line =
          "%s,%s,%s,1,%s,%s".formatted(a, b, yes ? "+" : "-", 10 * a + b, yes ? "yes" : "no");
      lines.add(line);
      if (r % 2 == 0) {
        lines.add(line);
      }
    }
    Files.write(data, lines);
  }

  private Object[] command(String options) {
    List<Object> words = new ArrayList<>(List.of("train", data, "--hidden", "4", "--epochs", "5"));
    words.addAll(Arrays.asList((Object[]) options.split(" ")));
    return words.toArray();
  }

  private Map<String, Json> printed(String options) {
    return json(run(0, command("--json " + options)));
  }

  private static double value(Map<String, Json> of, String name) {
    return decimal(object(of.get(name)).get("value"));
  }

  @Test
  void errorsAreThoseOfTheScoresAndBiasIsCountedFromTheHumanError() {
    Map<String, Json> plain = printed("--label y --ignore told,price");
    Map<String, Json> diagnosis = object(plain.get("diagnosis"));
    double train = 1 - Commands.score(plain, "train", "accuracy");
    double dev = 1 - Commands.score(plain, "dev", "accuracy");
    assertEquals(train, value(diagnosis, "trainError"), 1e-12);
    assertEquals(dev, value(diagnosis, "devError"), 1e-12);
    assertEquals(train, value(diagnosis, "bias"), 1e-12);
    assertEquals(dev - train, value(diagnosis, "variance"), 1e-12);
    assertFalse(diagnosis.containsKey("humanError"));
    Map<String, Json> human =
        object(printed("--label y --ignore told,price --human-error 0.05").get("diagnosis"));
    assertEquals(0.05, decimal(human.get("humanError")));
    assertEquals(train - 0.05, value(human, "bias"), 1e-12);
  }

  @Test
  void errorsOfValuesAreInTheUnitsOfTheLabel() {
    Map<String, Json> plain =
        printed("--label price --task regress --ignore told,y --human-error 2");
    Map<String, Json> diagnosis = object(plain.get("diagnosis"));
    double train = Commands.score(plain, "train", "rmse");
    assertEquals(train, value(diagnosis, "trainError"), 1e-9 * train);
    assertEquals(train - 2, value(diagnosis, "bias"), 1e-9 * train);
  }

  @Test
  void theVerdictIsPrintedAndWithoutDevRowsThereIsNone() {
    List<String> lines = run(0, command("--label y --ignore told")).out();
    assertEquals(1, lines.stream().filter(line -> line.startsWith("diagnosis  ")).count());
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("next  ")), lines::toString);
    assertFalse(printed("--label y --split 80/0/20").containsKey("diagnosis"));
  }

  @Test
  void theLearningCurveIsTheLibrarys() throws IOException {
    Map<String, Json> curve =
        object(printed("--label y --ignore told --learning-curve --seed 3").get("learningCurve"));
    LearningCurve expected =
        LearningCurve.of(
            Learner.classifier("y")
                .withIgnored("told")
                .withNetwork(
                    (inputs, outputs, loss) ->
                        Network.inputs(inputs).dense(4).relu().dense(outputs).loss(loss))
                .withRecipe(recipe -> recipe.withEpochs(5))
                .withSeed(3),
            Table.csv(data),
            Runnable::run);
    List<Json> points = ((Json.Arr) curve.get("points")).items();
    assertEquals(5, points.size());
    for (int i = 0; i < points.size(); i++) {
      Map<String, Json> point = object(points.get(i));
      assertEquals(expected.points().get(i).rows(), number(point.get("rows")));
      assertEquals(expected.points().get(i).train().value(), value(point, "trainError"));
      assertEquals(
          expected.points().get(i).dev().high(),
          decimal(object(point.get("devError")).get("high")));
    }
    assertEquals(expected.fall().value(), value(curve, "fall"));
    List<String> lines = run(0, command("--label y --ignore told --learning-curve --seed 3")).out();
    assertTrue(lines.containsAll(expected.toString().lines().toList()), lines::toString);
  }

  @Test
  void imagesHaveALearningCurve() throws IOException {
    Path images = folder.resolve("some-images-idx3-ubyte");
    byte[] pixels = new byte[80 * 4];
    byte[] labels = new byte[80];
    for (int i = 0; i < 80; i++) {
      labels[i] = (byte) (i % 2);
      Arrays.fill(pixels, 4 * i, 4 * i + 4, (byte) (i % 2 == 0 ? i : 255 - i));
    }
    Commands.writeIdx(images, pixels, 80, 2, 2);
    Commands.writeIdx(folder.resolve("some-labels-idx1-ubyte"), labels, 80);
    data = images;
    Map<String, Json> all = printed("--learning-curve --leak-check");
    assertEquals(5, ((Json.Arr) object(all.get("learningCurve")).get("points")).items().size());
    assertEquals(List.of("duplicates"), List.copyOf(object(all.get("leaks")).keySet()));
  }

  @Test
  void leaksAreNamed() {
    Map<String, Json> leaks = object(printed("--label y --ignore price --leak-check").get("leaks"));
    assertTrue(object(leaks.get("suspects")).containsKey("told"), leaks::toString);
    assertEquals("[\"one\"]", leaks.get("constant").toString());
    Map<String, Json> shared = object(object(leaks.get("duplicates")).get("train-dev"));
    assertEquals(30, number(shared.get("rows")));
    assertTrue(number(shared.get("shared")) > 3, leaks::toString);
    assertEquals(number(shared.get("shared")), number(shared.get("sameLabel")));
    List<String> lines = run(0, command("--label y --ignore price --leak-check")).out();
    for (String name :
        List.of("suspect column    told ", "constant          one", "in two sets  ")) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(name)), lines::toString);
    }
  }

  /** The lines that are there twice stand side by side, in the file and so in its rows. */
  @Test
  void rowsInTwoSetsAreKnownByTheirNumbersInTheFile() throws IOException {
    List<String> rows = Files.readAllLines(data);
    List<String> lines = run(0, command("--label y --ignore price --leak-check")).out();
    String first =
        lines.stream().filter(line -> line.startsWith("in two sets")).findFirst().orElseThrow();
    int[] numbers =
        Arrays.stream(
                first.replaceAll(".*the first: line (\\d+) is line (\\d+).*", "$1 $2").split(" "))
            .mapToInt(Integer::parseInt)
            .toArray();
    assertEquals(rows.get(numbers[0] - 1), rows.get(numbers[1] - 1));
    assertEquals(1, Math.abs(numbers[0] - numbers[1]));
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnyFileIsOpened() {
    data = folder.resolve("absent.csv");
    for (String options :
        List.of(
            "--label y --human-error 1",
            "--label y --human-error -0.1",
            "--label y --task regress --human-error NaN",
            "--label y --human-error 0.1 --split 80/0/20",
            "--label y --learning-curve --split 80/0/20",
            "--label y --learning-curve --stream 50",
            "--label y --leak-check --find-learning-rate")) {
      run(2, command(options));
    }
  }

  /** Six rows make too few sizes; the model is kept all the same. */
  @Test
  void aLearningCurveThatFailsDoesNotTakeTheResultAlong() throws IOException {
    List<String> all = Files.readAllLines(data);
    Path model = folder.resolve("m.safetensors");
    Files.write(data, IntStream.range(0, 5).mapToObj(all::get).toList());
    CommandLineRun few =
        run(
            1,
            command("--label a --task regress --split 50/50/0 --learning-curve --model " + model));
    assertTrue(few.out().stream().anyMatch(line -> line.startsWith("train")), few::toString);
    assertTrue(few.err().toString().contains("at least 2 sizes"), few::toString);
    assertTrue(Files.exists(model));
  }
}
