package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.rows;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.score;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases that were made after public bug reports of other libraries, with their own inputs. */
@Tag("shared")
final class CasesTest {

  private static final String SPLIT = "--split 60/20/20 --hidden 4 --epochs 5 --seed 0 --json";
  private static final String WHOLE = "--split 100/0/0 --epochs 300 --learning-rate 0.02 --json";

  @TempDir private Path folder;

  private Path model() {
    return folder.resolve("m.safetensors");
  }

  private static Path input(String file) {
    return SharedData.file("cases/" + file);
  }

  private static Object[] words(Object first, String options) {
    List<Object> words = new ArrayList<>(List.of("train", first));
    words.addAll(List.of(options.split(" ")));
    return words.toArray();
  }

  private Map<String, Json> train(String file, String options) {
    return json(run(0, words(input(file), options + " --model " + model())));
  }

  private static String refusal(String file, String options) {
    CommandLineRun run = run(1, words(input(file), options));
    assertTrue(run.out().isEmpty(), run::toString);
    assertEquals(1, run.err().size(), run::toString);
    return run.err().getFirst().replace(input(file).toString(), Path.of(file).getFileName() + "");
  }

  private static void assertTells(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private String column(String name) {
    return run(0, "inspect", model()).out().stream()
        .filter(line -> line.matches("column +" + name + " .*"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void identitiesBeyondTheDigitsOfADoubleStayApart() {
    Map<String, Json> classes =
        train("14-int64-labels/classes.csv", "--label id --hidden 8 " + WHOLE);
    assertEquals(1, score(classes, "train", "accuracy"));
    List<String> predicted =
        run(0, "predict", model(), input("14-int64-labels/classes.csv")).out().subList(0, 4);
    assertEquals(
        "prediction,p_9007199254740992,p_9007199254740993,p_9007199254740994",
        predicted.getFirst());
    for (int i = 1; i < 4; i++) {
      assertTrue(
          predicted.get(i).startsWith("900719925474099" + (i + 1) + ","), predicted::toString);
    }
    train("14-int64-labels/two.csv", "--label id --hidden none " + WHOLE);
    Map<String, Json> category =
        train(
            "14-int64-labels/categorical.csv", "--label y --categorical id --hidden none " + WHOLE);
    assertEquals(1, score(category, "train", "accuracy"));
    assertTells(column("id"), "one of 1925036343869802844, 1925036343869802845");
  }

  @Test
  void classesKeepTheirLeadingZeros() {
    String options = "--label sector --hidden 8 --class-weights 01=2,02=1,10=1 " + WHOLE;
    assertEquals(1, score(train("16-leading-zeros/train.csv", options), "train", "accuracy"));
    List<String> lines = run(0, "predict", model(), input("16-leading-zeros/test.csv")).out();
    assertEquals("prediction,p_01,p_02,p_10", lines.getFirst());
    assertTrue(lines.get(1).startsWith("01,"), lines::toString);
    for (String test : List.of("test.csv", "test-excel.csv")) {
      Path file = input("16-leading-zeros/" + test);
      assertEquals(
          9, rows(json(run(0, "evaluate", model(), file, "--json")), "test"), file::toString);
    }
    assertTells(
        refusal("16-leading-zeros/train.csv", "--label sector --class-weights 1=2 --json"),
        "class 1; expected one of [01, 02, 10]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Excel", "NA-slash", "NULL", "None", "backslash-N", "dash", "nan", "null"})
  void theUsualWordsForMissingLeaveAColumnOfNumbers(String word) {
    train("22-null-words/small-" + word + ".csv", "--label y " + SPLIT);
    assertTells(column("mpg"), "number, median ");
  }

  @ParameterizedTest
  @CsvSource({
    "header.csv,--label y,'line 2, column laenge'",
    "large.csv,--label y,'line 2, column laenge'",
    "no-header.csv,--label 3 --header no,'line 1, column 1'",
    "one-feature.csv,--label 2 --header no,'line 1, column 1'"
  })
  void decimalCommasAreNeitherSplitNorCategories(String file, String label, String place) {
    assertTells(
        refusal("25-decimal-comma/" + file, label + " " + SPLIT), file + " " + place, "a comma");
    assertEquals(24, rows(train("25-decimal-comma/english.csv", "--label y " + SPLIT), "train"));
  }

  @Test
  void whatCannotBeSeenMakesNoClassNoCategoryAndNoName() {
    for (String file : List.of("labels", "zero-width", "header")) {
      train("26-nbsp/" + file + ".csv", "--label y " + SPLIT);
      assertTrue(
          run(0, "inspect", model()).out().contains("target           classes no, yes"), file);
    }
    train("26-nbsp/numbers.csv", "--label y " + SPLIT);
    assertTells(column("x"), "number, median ");
    assertTells(refusal("26-nbsp/french.csv", "--label y " + SPLIT), "line 2, column x");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheDataWhereverItStands() {
    Set<String> digests = new TreeSet<>();
    for (String file : List.of("plain.csv", "start.csv", "start.csv.gz")) {
      Map<String, Json> result = train("27-bom-in-the-middle/" + file, "--label label " + SPLIT);
      digests.add(result.get("parametersSha256").toString());
    }
    assertEquals(1, digests.size());
    assertTells(
        refusal("27-bom-in-the-middle/joined.csv", "--label label " + SPLIT),
        "joined.csv line 12, column label");
    train("27-bom-in-the-middle/joined-bare.csv", "--label 3 --header no " + SPLIT);
    assertTells(column("1"), "number, median ");
  }

  @ParameterizedTest
  @CsvSource({
    "le-bom.txt,UTF-16",
    "be-bom.txt,UTF-16",
    "le.txt,UTF-16",
    "be.txt,UTF-16",
    "latin1.csv,Latin-1"
  })
  void otherEncodingsAreNamed(String file, String encoding) {
    String message = refusal("28-utf16/" + file, "--label y " + SPLIT);
    assertTells(message, file, encoding, "expected a CSV file of text in UTF-8");
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
  }

  @Test
  void aBlankFirstNameIsExplained() {
    String file = "29-pandas-index-header/indexed.csv";
    String why = "its field 1 is empty; --header yes takes it for one, --header no for a row";
    assertTells(refusal(file, "--label label " + SPLIT), "no column label", why);
    assertTells(refusal(file, "--label 4 " + SPLIT), "line 1, column 2: age", why);
    Json named =
        train(file, "--header yes --label label --ignore 1 " + SPLIT).get("parametersSha256");
    assertEquals(
        named,
        train("29-pandas-index-header/plain.csv", "--label label " + SPLIT)
            .get("parametersSha256"));
    assertEquals(27, rows(train(file, "--header yes --label label " + SPLIT), "train"));
  }

  @Test
  void aModelThatWasTrainedWithoutNamesLosesNoFirstRow() {
    String options = "--label 4 --hidden 4 " + WHOLE;
    assertEquals(
        12, rows(train("30-all-text-no-header/cars.csv", "--header no " + options), "train"));
    Path serve = input("30-all-text-no-header/serve.csv");
    assertEquals(13, run(0, "predict", model(), serve).out().size());
    Path cars = input("30-all-text-no-header/cars.csv");
    assertEquals(12, rows(json(run(0, "evaluate", model(), cars, "--json")), "test"));
    assertEquals(11, rows(train("30-all-text-no-header/cars.csv", options), "train"));
    assertTells(refusal("30-all-text-no-header/twice.csv", options), "stands twice", "--header no");
  }

  @ParameterizedTest
  @ValueSource(ints = {16384, 16385, 40000})
  void aTableMayHaveAnyNumberOfColumns(int columns) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row <= 6; row++) {
      for (int c = 1; c < columns; c++) {
        text.append(row == 0 ? "g" + c : Integer.toString((c * row) % 11)).append(',');
      }
      text.append(row == 0 ? "y" : row % 2 == 0 ? "no" : "yes").append('\n');
    }
    Path data = Files.writeString(folder.resolve("wide.csv"), text);
    String options = "--label y --split 100/0/0 --hidden none --epochs 2 --batch-size full --json";
    assertEquals(6, rows(json(run(0, words(data, options))), "train"));
  }

  @Test
  void gzipFilesAreReadToTheirEndOrRefused() {
    String options = "--label y --split 100/0/0 --hidden none --epochs 2 --json";
    Set<String> digests = new TreeSet<>();
    for (String file : List.of("plain.csv", "two.csv.gz", "many.csv.gz", "padded.csv.gz")) {
      Map<String, Json> result = train("35-gzip-members/" + file, options);
      assertEquals(400, rows(result, "train"));
      digests.add(result.get("parametersSha256").toString());
    }
    assertEquals(1, digests.size());
    assertTells(refusal("35-gzip-members/cut.csv.gz", options), "a damaged gzip file, cut short");
    assertEquals(
        400, rows(train("35-gzip-members/many.csv.gz", options + " --stream 500"), "train"));
  }

  @Test
  void booleansOfOtherSpellingsArePredictedAlike() {
    Map<String, Json> trained =
        train("44-boolean-values/pandas.csv", "--label y --hidden 4 " + WHOLE);
    assertEquals(1, score(trained, "train", "accuracy"));
    List<String> first = run(0, "predict", model(), input("44-boolean-values/serve.csv")).out();
    assertEquals(
        first, run(0, "predict", model(), input("44-boolean-values/serve-json.csv")).out());
    assertTrue(first.get(1).startsWith("p,") && first.get(2).startsWith("q,"), first::toString);
  }

  @Test
  void numbersFarFromZeroAreToldApart() throws IOException {
    String options =
        "--label y --split 100/0/0 --hidden 8 --batch-size full --epochs 500"
            + " --learning-rate 0.05 --json";
    for (String file : List.of("stamps.csv", "years.csv")) {
      assertTrue(score(train("07-big-offset/" + file, options), "train", "accuracy") >= 0.95, file);
    }
    Map<String, Json> offset =
        train(
            "07-big-offset/offset.csv",
            "--label y --task regress --split 100/0/0 --hidden none --batch-size full"
                + " --epochs 3000 --learning-rate 0.01 --json");
    Path data = input("07-big-offset/offset.csv");
    List<String> predicted = run(0, "predict", model(), data).out();
    double squares = 0;
    int rows = predicted.size() - 1;
    try (Stream<String> lines = Files.lines(data)) {
      List<String> truth = lines.toList();
      int at = List.of(truth.getFirst().split(",")).indexOf("y");
      for (int row = 1; row <= rows; row++) {
        double miss =
            Double.parseDouble(predicted.get(row))
                - Double.parseDouble(truth.get(row).split(",")[at]);
        squares += miss * miss;
      }
    }
    double rmse = score(offset, "train", "rmse");
    assertTrue(rmse < 5, () -> "rmse " + rmse);
    assertEquals(rmse, Math.sqrt(squares / rows), 0.01 * rmse);
  }

  @Test
  void bothProbabilitiesOfASureRowAreAccurate() {
    String file = "02-float32-saturation/data.csv";
    Map<String, Json> trained =
        train(
            file,
            "--label y --hidden none --no-standardize --split 100/0/0 --optimizer sgd"
                + " --learning-rate 1e-30 --batch-size full --epochs 1 --json --initial-weights "
                + input("02-float32-saturation/w.safetensors"));
    assertEquals(6.36363748151, score(trained, "train", "logLoss"), 1e-9);
    assertEquals(0.75, score(trained, "train", "auc"));
    List<String> lines = run(0, "predict", model(), input(file)).out();
    double[] no = {2.061154e-09, Double.NaN, Double.NaN, Double.NaN, 9.357623e-14};
    for (int row = 0; row < no.length; row++) {
      double printed = Double.parseDouble(lines.get(row + 1).split(",")[1]);
      if (!Double.isNaN(no[row])) {
        assertEquals(no[row], printed, 1e-5 * no[row]);
      }
    }
    assertTrue(lines.stream().skip(1).noneMatch(line -> line.contains(",0.0")), lines::toString);
  }
}
