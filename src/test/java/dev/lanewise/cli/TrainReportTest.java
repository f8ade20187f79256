package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.digest;
import static dev.lanewise.cli.Commands.run;
import static dev.lanewise.cli.Commands.writeIdx;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --report} and {@code --export-data}: what they write, and what they leave alone. */
final class TrainReportTest {

  @TempDir private Path folder;
  private Path data;
  private Path report;
  private Path numbers;

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("rows.csv");
    report = folder.resolve("r.html");
    numbers = folder.resolve("numbers");
    StringBuilder text = new StringBuilder("a,b,c,y,z,w\n");
    for (int i = 0; i < 240; i++) {
      int a = i * 37 % 101;
      int b = i * 53 % 97;
      String y = a + b > 98 ? "yes" : "no";
      text.append(
          "%d,%d,%s,%s,%s,%d\n".formatted(a, b, "klm".charAt(i % 3), y, 0.5 * a - b, i % 120));
    }
    Files.writeString(data, text);
  }

  private CommandLineRun train(int exit, Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("train", data));
    arguments.addAll(List.of(options));
    if (!arguments.contains("--hidden")) {
      arguments.addAll(List.of("--hidden", "5"));
    }
    if (!arguments.contains("--label")) {
      arguments.addAll(List.of("--label", "y", "--ignore", "z,w"));
    }
    if (!arguments.contains("--epochs")) {
      arguments.addAll(List.of("--epochs", "3"));
    }
    return run(exit, arguments.toArray());
  }

  private Map<String, byte[]> exported() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(numbers)) {
      for (Path entry : entries.toList()) {
        files.put(entry.getFileName().toString(), Files.readAllBytes(entry));
      }
    }
    return files;
  }

  @Test
  void theSameRunWritesTheSameBytes() throws IOException {
    List<byte[]> pages = new ArrayList<>();
    List<Map<String, byte[]>> tables = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      train(0, "--report", report, "--export-data", numbers, "--batch-norm", "--dropout", "0.2");
      pages.add(Files.readAllBytes(report));
      tables.add(exported());
    }
    assertArrayEquals(pages.getFirst(), pages.getLast());
    assertEquals(tables.getFirst().keySet(), tables.getLast().keySet());
    tables.getFirst().forEach((name, csv) -> assertArrayEquals(csv, tables.getLast().get(name)));
    assertTrue(pages.getFirst().length < 600_000, () -> pages.getFirst().length + " bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--batch-norm --dropout 0.3 --epochs 7",
        "--batch-size full --epochs 30 --optimizer sgd",
        "--average ema=0.9 --plateau 2",
        "--observe o --layer-norm",
      })
  void aReportChangesNoBitsOfTheModel(String options) {
    String command =
        "train %s --label y --ignore z,w --hidden 6,4 --json %s"
            .formatted(data, options.replace("observe o", "observe " + folder.resolve("o.csv")));
    assertEquals(digest(command), digest(command + " --report " + report));
  }

  @Test
  void numbersAreWrittenWithAndWithoutAPage() throws IOException {
    train(0, "--export-data", numbers);
    Map<String, byte[]> alone = exported();
    assertTrue(alone.keySet().containsAll(List.of("cost.csv", "loss.csv", "learning-rate.csv")));
    assertFalse(Files.exists(report));
    train(0, "--export-data", numbers, "--report", report);
    assertEquals(alone.keySet(), exported().keySet());
    alone.forEach((name, csv) -> assertTrue(csv.length > 10, name));
  }

  private void assertRefused(CommandLineRun run, String... parts) {
    assertEquals(1, run.err().size(), run::toString);
    for (String part : parts) {
      assertTrue(run.err().getFirst().contains(part), run::toString);
    }
    assertFalse(Files.exists(report), "nothing is written");
  }

  @Test
  void theFolderOfNumbersHoldsNoOtherFileOfTheCommand() throws IOException {
    String before = Files.readString(data);
    assertRefused(train(1, "--export-data", folder), "--export-data " + folder, "DATA");
    assertRefused(train(1, "--export-data", data), "is no folder");
    assertRefused(train(1, "--export-data", folder.resolve("none/x")), "none");
    Files.createDirectory(numbers);
    Path history = numbers.resolve("loss.csv");
    assertRefused(train(1, "--export-data", numbers, "--history", history), "--history");
    Files.createSymbolicLink(numbers.resolve("cost.csv"), data);
    assertRefused(train(1, "--export-data", numbers), "DATA");
    assertEquals(before, Files.readString(data));
    assertFalse(Files.exists(history));
  }

  @Test
  void aReportIsAnOutputLikeOthers() throws IOException {
    assertRefused(train(1, "--report", data), "--report " + data, "DATA");
    assertRefused(train(1, "--report", report, "--model", report), "--model");
    Files.delete(data);
    assertRefused(train(1, "--report", folder.resolve("none/r.html")), "none");
    assertRefused(train(1, "--export-data", folder.resolve("n".repeat(300))), "nnn");
  }

  @Test
  void aModelIsWrittenWhereAReportCannotBe() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Path model = folder.resolve("m.safetensors");
    CommandLineRun run = train(1, "--model", model, "--report", full);
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains("/dev/full"), run::toString);
    assertTrue(Files.exists(model));
  }

  @Test
  void learningRatesHaveAReport() throws IOException {
    train(0, "--find-learning-rate", "--report", report, "--export-data", numbers);
    assertEquals(List.of("learning-rates.csv"), List.copyOf(exported().keySet()));
    assertTrue(Files.readString(report).contains("Learning rates for rows.csv"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--label y --ignore z,w --epochs 1",
        "--label y --ignore z,w --split 70/0/30",
        "--label y --ignore z,w --split 100/0/0 --hidden none",
        "--label y --ignore z,w --stream 90",
        "--label z --ignore y,w --task regress",
        "--label z,b --ignore y,w --task regress",
        "--label w --ignore y,z --task classify",
        "--label y --ignore a,b,z,w",
        "--label y --ignore z --weights w",
      })
  void everyKindOfTrainingHasAReport(String options) throws IOException {
    List<Object> all = new ArrayList<>(List.of((Object[]) options.split(" ")));
    all.addAll(List.of("--report", report));
    train(0, all.toArray());
    assertTrue(Files.size(report) < 600_000);
  }

  @Test
  void regionsAreOverTheColumnsThatAreAskedFor() throws IOException {
    train(0, "--export-data", numbers, "--report-columns", "b,a", "--ignore", "z", "--label", "y");
    String csv = new String(exported().get("regions.csv"), StandardCharsets.UTF_8);
    assertTrue(csv.startsWith("series,b,a\n"), csv.substring(0, 30));
    for (String wrong : List.of("a", "a,a", "a,b,w")) {
      CommandLineRun run = train(2, "--report", report, "--report-columns", wrong);
      assertTrue(run.err().getFirst().contains("--report-columns " + wrong), run::toString);
    }
    train(2, "--report-columns", "a,b");
    train(2, "--report", report, "--find-learning-rate", "--report-columns", "a,b");
    for (String wrong : List.of("c,a", "a,nobody", "y,a", "a,z")) {
      assertRefused(
          train(1, "--report", report, "--report-columns", wrong),
          "--report-columns: " + wrong.replace("a,", "").replace(",a", ""),
          "a, b");
    }
  }

  @Test
  void aReportOfManyTargetsColumnsAndLayersStaysSmall() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < 60; c++) {
      text.append(c == 0 ? "" : ",").append("a column with a name that is long ").append(c);
    }
    for (int i = 0; i < 900; i++) {
      for (int c = 0; c < 60; c++) {
        text.append(c == 0 ? "\n" : ",").append(Math.floorMod(i * (c + 37) * 7919, 10007) / 7.0);
      }
    }
    Files.writeString(data, text);
    String labels = "51,52,53,54,55,56,57,58,59,60";
    String hidden = String.join(",", Collections.nCopies(40, "3"));
    train(0, "--label", labels, "--task", "regress", "--hidden", hidden, "--report", report);
    assertTrue(Files.size(report) < 600_000, () -> report.toFile().length() + " bytes");
  }

  @Test
  void imagesHaveAReport() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    byte[] pixels = new byte[60 * 36];
    byte[] labels = new byte[60];
    for (int i = 0; i < 60; i++) {
      labels[i] = (byte) (i % 3);
      for (int p = 0; p < 36; p++) {
        pixels[36 * i + p] = (byte) (p % 3 == i % 3 ? 200 + i : i * p % 90);
      }
    }
    writeIdx(images, pixels, 60, 6, 6);
    writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, 60);
    run(0, "train", images, "--hidden", "4", "--epochs", "2", "--report", report);
    assertTrue(Files.readString(report).contains("images of 6 x 6 x 1"));
  }

  @Test
  void aReportSaysInWordsWhenTheTrainingStops() throws IOException {
    train(0, "--report", report, "--patience", "1");
    assertTrue(
        Files.readString(report)
            .contains("Training stops after 1 epoch in a row without a better dev loss."));
    train(0, "--report", report, "--patience", "0");
    assertFalse(Files.readString(report).contains("Training stops after"));
  }

  @Test
  void namesOfTheUsersAreText() throws IOException {
    String hostile = "<img src=x onerror=alert(1)>";
    Files.writeString(
        data,
        Files.readString(data)
            .replace("a,b,c,y", "\"%s\",b,\"</script>\",y".formatted(hostile))
            .replace("yes", "<b>yes</b>"));
    train(0, "--report", report, "--export-data", numbers);
    String page = Files.readString(report);
    assertFalse(page.contains("<img"), "an element from a name");
    assertFalse(page.contains("<b>yes"), "an element from a class");
    assertTrue(page.contains("&lt;img src=x"), "the name is there");
    assertNotEquals(0, exported().size());
  }

  @Test
  void aResumedTrainingSaysWhatItDoesNotShow() throws IOException {
    Path checkpoint = folder.resolve("c");
    train(0, "--checkpoint", checkpoint);
    train(0, "--resume", checkpoint, "--epochs", "6", "--report", report);
    assertTrue(Files.readString(report).contains("resumed after epoch 3"));
    train(0, "--resume", checkpoint, "--epochs", "3", "--report", report);
  }
}
