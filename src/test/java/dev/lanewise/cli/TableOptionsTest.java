package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of tables, in words of options. */
final class TableOptionsTest {

  @TempDir private Path folder;

  private Path file(String header, int rows, IntFunction<String> line) throws IOException {
    return Files.writeString(
        folder.resolve("t.csv"),
        IntStream.range(0, rows)
            .mapToObj(line)
            .collect(Collectors.joining("\n", header + "\n", "\n")));
  }

  private static CommandLineRun train(int exit, Path file, String... options) {
    Object[] arguments = new Object[9 + options.length];
    Object[] fixed = {
      "train", file, "--split", "100/0/0", "--hidden", "none", "--epochs", "1", "--json"
    };
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(options, 0, arguments, fixed.length, options.length);
    return run(exit, arguments);
  }

  private static String refusal(Path file, String... options) {
    CommandLineRun run = train(1, file, options);
    assertEquals(1, run.err().size(), run::toString);
    return run.err().getFirst();
  }

  @Test
  void anOddCellAmongNumbersNamesTheOptionsThatHelp() throws IOException {
    Path file = file("x,y", 40, i -> (i == 7 ? "unknown" : i) + "," + i % 2);
    assertEquals(
        "lanewise: "
            + file
            + " line 9, column x: unknown; expected a number; if it stands for missing: --missing"
            + " WORD; if the column holds categories: --categorical COLUMN",
        refusal(file, "--label", "y"));
    train(0, file, "--label", "y", "--missing", "none,unknown");
    train(0, file, "--label", "y", "--categorical", "x");
  }

  @Test
  void wordsForMissingTravelInTheModel() throws IOException {
    Path file = file("x,y", 40, i -> (i == 7 ? "unknown" : i) + "," + i % 2);
    Path model = folder.resolve("m.safetensors");
    train(0, file, "--label", "y", "--missing", "unknown", "--model", model.toString());
    assertEquals(41, run(0, "predict", model, file).out().size());
    run(0, "evaluate", model, file);
  }

  @Test
  void aHeaderThatWasTakenForARowNamesTheOption() throws IOException {
    Path file = file(",age,y", 30, i -> i + "," + i + "," + i % 2);
    String message = refusal(file, "--label", "y");
    assertTrue(message.contains("no column y"), message);
    assertTrue(
        message.endsWith("field 1 is empty; --header yes takes it for one, --header no for a row"),
        message);
    String byNumber = refusal(file, "--label", "3");
    assertTrue(byNumber.contains("line 1, column 2: age; expected a number"), byNumber);
    assertTrue(byNumber.endsWith("--header yes takes it for one, --header no for a row"), byNumber);
    Path twice = file("a,a", 4, i -> "a," + i % 2);
    assertTrue(refusal(twice, "--label", "2").endsWith("without a header: --header no"));
  }

  @Test
  void manyWholeNumbersAsLabelNeedATask() throws IOException {
    Path file = file("x,y", 202, i -> i + "," + i % 101);
    String message = refusal(file, "--label", "y");
    assertTrue(message.endsWith("say which: --task classify or --task regress"), message);
    train(0, file, "--label", "y", "--task", "regress");
    train(0, file, "--label", "y", "--task", "classify");
    Path fractions = file("x,y", 10, i -> i + "," + i / 2.0);
    assertTrue(refusal(fractions, "--label", "y").endsWith("--task classify or --task regress"));
  }

  @Test
  void theMostCategoriesAreAnOption() throws IOException {
    Path file = file("c,y", 40, i -> "c" + i % 10 + "," + i % 2);
    Path model = folder.resolve("m.safetensors");
    train(0, file, "--label", "y", "--max-categories", "3", "--model", model.toString());
    CommandLineRun inspected = run(0, "inspect", model);
    assertTrue(inspected.out().get(1).contains("[rows][4]"), inspected::toString);
    CommandLineRun usage = run(2, "train", file, "--label", "y", "--max-categories", "0");
    assertTrue(usage.err().getFirst().contains("--max-categories: 0"), usage::toString);
  }

  @Test
  void aModelWithoutNamesReadsFilesWithoutHeader() throws IOException {
    Path file = file("red,p", 12, i -> (i % 2 == 0 ? "red," : "blue,") + (i % 2 == 0 ? "p" : "q"));
    Path model = folder.resolve("m.safetensors");
    train(0, file, "--label", "2", "--header", "no", "--model", model.toString());
    assertEquals(14, run(0, "predict", model, file).out().size());
  }

  @Test
  void columnsAreListedWithWhatTheyWereTakenForAndWhy() throws IOException {
    String header = "id,age,sex,when,ok,code,w,\"mi\nx\",y";
    Path file =
        file(
            header,
            40,
            i ->
                "%d,%s,%s,2024-01-%02d,%s,%d,1,%s,%s"
                    .formatted(
                        i,
                        i == 7 ? "NA" : i,
                        i % 2 == 0 ? "m" : "f",
                        i % 28 + 1,
                        i % 3 == 0 ? "yes" : "no",
                        i % 5,
                        i % 2 == 0 ? "1" : "x",
                        i % 2 == 0 ? "p" : "q"));
    String[] options = {
      "--label", "y", "--columns", "--ignore", "id", "--categorical", "code", "--weights", "w"
    };
    CommandLineRun listed = train(0, file, options);
    List<String> expected =
        List.of(
            "id ignored, because --ignore names it",
            "age number: all 39 cells with a value are numbers, 39 different, 1 missing",
            "sex category, not 95 % numbers: 0 of 40 cells with a value are numbers, the first that"
                + " is not \"m\" in line 3, 2 different",
            "when date: all 40 cells with a value are dates or times, 28 different",
            "ok boolean: all 40 cells with a value are true or false, 2 different",
            "code category, because --categorical names it: 40 of 40 cells with a value are"
                + " numbers, 5 different",
            "w weights, because --weights names it: all 40 cells with a value are numbers, 1"
                + " different",
            "mi\\nx category, not 95 % numbers: 20 of 40 cells with a value are numbers, the first"
                + " that is not \"x\" in line 4, 2 different",
            "y label, of classes: 0 of 40 cells with a value are numbers, the first that is not"
                + " \"p\" in line 3, 2 different");
    assertEquals(
        expected,
        listed.out().stream()
            .limit(9)
            .map(line -> line.replaceFirst("column +", "").replaceAll(" +", " "))
            .toList());
    // The training is the same, and its results stay the last line.
    CommandLineRun plain =
        train(0, file, "--label", "y", "--ignore", "id", "--categorical", "code", "--weights", "w");
    assertEquals(
        Commands.json(plain).get("parametersSha256"),
        Commands.json(listed).get("parametersSha256"));
  }
}
