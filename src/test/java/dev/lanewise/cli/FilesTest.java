package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands do with the files that they are given and with standard output. */
final class FilesTest {

  @TempDir private Path folder;
  private Path data;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("data.csv");
    model = folder.resolve("m.safetensors");
    rows(data, 0);
  }

  private static void rows(Path file, int shift) throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%d,%s\n".formatted(i + shift, i % 7, i % 2 == 0 ? "p" : "q"));
    }
    Files.writeString(file, text);
  }

  private CommandLineRun train(int exit, Object... options) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", data, "--label", "y", "--hidden", "none", "--json"));
    arguments.addAll(List.of("--patience", "0"));
    arguments.addAll(List.of(options));
    if (!arguments.contains("--epochs")) {
      arguments.addAll(List.of("--epochs", "2"));
    }
    return run(exit, arguments.toArray());
  }

  private static void assertRefused(CommandLineRun run, String... parts) {
    assertEquals(1, run.err().size(), run::toString);
    for (String part : parts) {
      assertTrue(run.err().getFirst().contains(part), run::toString);
    }
  }

  @Test
  void noOutputOverwritesAnInput() throws IOException {
    String before = Files.readString(data);
    Path other = folder.resolve("other.csv");
    rows(other, 0);
    for (String output : List.of("--model", "--history", "--checkpoint", "--observe")) {
      assertRefused(train(1, output, data), output + " " + data, "the same file as DATA");
      assertRefused(train(1, "--test", other, output, other), output, "as --test;");
      assertRefused(train(1, "--dev", other, output, other), output, "as --dev;");
      assertRefused(train(1, "--initial-weights", other, output, other), "as --initial-weights;");
    }
    assertRefused(train(1, "--resume", other, "--model", other), "--model", "as --resume;");
    assertEquals(before, Files.readString(data));
    train(0, "--model", model);
    assertRefused(run(1, "predict", model, data, "-o", data), "-o", "as DATA;");
    assertRefused(run(1, "predict", model, data, "-o", model), "-o", "as MODEL;");
    assertEquals(before, Files.readString(data));
  }

  @Test
  void whatMayNotBeLookedAtIsNotSaidToBeMissing() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Path inside = Files.writeString(locked.resolve("d.csv"), "a,y\n1,2\n");
    boolean closed = locked.toFile().setExecutable(false);
    assumeTrue(closed && !Files.exists(inside), "skipped: root, or no permissions here");
    assertRefused(run(1, "train", inside, "--label", "y"), inside + ": access denied");
    assertTrue(locked.toFile().setExecutable(true));
  }

  /** The file of labels is not named by any option. */
  @Test
  void noOutputOverwritesTheLabelsOfImages() throws IOException {
    for (String end : List.of("", ".gz")) {
      Path images = folder.resolve("train-images-idx3-ubyte" + end);
      Path labels = folder.resolve("train-labels-idx1-ubyte");
      Commands.writeIdx(images, new byte[20 * 4], 20, 2, 2);
      Commands.writeIdx(labels, new byte[20], 20);
      byte[] before = Files.readAllBytes(labels);
      Path link = folder.resolve("link" + end);
      Files.createSymbolicLink(link, labels);
      for (String output : List.of("--model", "--history", "--checkpoint", "--observe")) {
        for (Path same : List.of(labels, link)) {
          assertRefused(run(1, "train", images, output, same), output, "as the labels of DATA;");
        }
        assertRefused(train(1, "--test", images, output, labels), "as the labels of --test;");
        assertRefused(train(1, "--dev", images, output, labels), "as the labels of --dev;");
      }
      assertRefused(run(1, "predict", model, images, "-o", labels), "as the labels of DATA;");
      assertArrayEquals(before, Files.readAllBytes(labels));
    }
  }

  @Test
  void aFileIsTheSameByAnySpellingAndLink() throws IOException {
    Path deeper = Files.createDirectory(folder.resolve("deeper"));
    assertRefused(train(1, "--model", deeper.resolve("../data.csv")), "as DATA;");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("data.csv"));
    assertRefused(train(1, "--model", link), "as DATA;");
    Path hard = Files.createLink(folder.resolve("hard"), data);
    assertRefused(train(1, "--history", hard), "as DATA;");
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), deeper);
    Path to = Files.createSymbolicLink(folder.resolve("to"), Path.of("deeper", "new"));
    Path fresh = deeper.resolve("new");
    for (Path same : List.of(fresh, linked.resolve("new"), deeper.resolve("../deeper/new"), to)) {
      assertRefused(train(1, "--model", fresh, "--history", same), "--history", "as --model;");
    }
    assertFalse(Files.exists(fresh));
  }

  @Test
  void aCheckpointResumedFromAndItsHistoryAreContinued() throws IOException {
    Path checkpoint = folder.resolve("c");
    Path history = folder.resolve("h.csv");
    train(0, "--checkpoint", checkpoint, "--history", history);
    train(
        0,
        "--resume",
        checkpoint,
        "--checkpoint",
        checkpoint,
        "--history",
        history,
        "--epochs",
        "4");
    assertEquals(5, Files.readAllLines(history).size());
  }

  @Test
  void resultsThatCannotBeWrittenAreAnError() throws IOException {
    train(0, "--model", model);
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: no /dev/full");
    List<String[]> commands =
        List.of(
            new String[] {"train", data.toString(), "--label", "y", "--epochs", "1", "--json"},
            new String[] {"predict", model.toString(), data.toString()},
            new String[] {"evaluate", model.toString(), data.toString(), "--json"},
            new String[] {"inspect", model.toString()},
            new String[] {"--help"});
    for (String[] command : commands) {
      StringWriter err = new StringWriter();
      try (OutputStream out = new FileOutputStream(full.toFile())) {
        assertEquals(1, Lanewise.run(command, new Results(out), new PrintWriter(err, true)));
      }
      assertEquals(1, err.toString().lines().count(), err::toString);
      assertTrue(
          err.toString().startsWith("lanewise: standard output: cannot be written, No space"),
          err::toString);
    }
  }

  @Test
  void aReaderThatHasEndedIsToldNothing() throws IOException {
    train(0, "--model", model);
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    StringWriter err = new StringWriter();
    String[] predict = {"predict", model.toString(), data.toString()};
    assertEquals(1, Lanewise.run(predict, new Results(closed), new PrintWriter(err, true)));
    assertEquals("", err.toString());
  }

  @Test
  void controlCharactersAreEscapedInTables() throws IOException {
    StringBuilder text = new StringBuilder("\"a\nb\",c,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%s,%s\n".formatted(i, i % 2 == 0 ? "\"u\nv\"" : "w", i % 2));
    }
    Files.writeString(data, text.toString().replace(",1\n", ",\"o\n\tne\u001b[2J\"\n"));
    train(0, "--model", model);
    List<String> lines = run(0, "inspect", model).out();
    String all = String.join("\n", lines);
    assertTrue(lines.contains("target           classes 0, o\\n\\tne[2J"), all);
    assertTrue(lines.stream().anyMatch(line -> line.contains("a\\nb ")), all);
    assertTrue(lines.stream().anyMatch(line -> line.contains("one of u\\nv, w")), all);
    assertTrue(all.lines().noneMatch(line -> line.contains("\u001b")), all);
  }

  @Test
  void filesOfTheWrongKindNameTheCommandThatTakesThem() throws IOException {
    Path checkpoint = folder.resolve("c");
    train(0, "--model", model, "--checkpoint", checkpoint);
    assertRefused(
        run(1, "predict", checkpoint, data), "a checkpoint; expected a model", "train --resume");
    for (String command : List.of("inspect", "gradcheck")) {
      assertRefused(run(1, command, checkpoint), "a checkpoint; expected a model", "--resume");
    }
    assertRefused(
        train(1, "--resume", model), "a model; expected a checkpoint", "lanewise evaluate");
    assertRefused(run(1, "evaluate", data, data), data + ": no safetensors file");
  }

  @Test
  void resumingWithOtherRowsNamesThem() throws IOException {
    Path checkpoint = folder.resolve("c");
    train(0, "--checkpoint", checkpoint);
    rows(data, 3);
    Files.writeString(data, Files.readString(data).replace("\n3,", "\n5000,"));
    assertRefused(
        train(1, "--resume", checkpoint, "--no-standardize"),
        "training rows differ from those of the checkpoint in their features");
  }

  @Test
  void resumingWithOtherOptionsNamesThem() {
    Path checkpoint = folder.resolve("c");
    train(0, "--checkpoint", checkpoint);
    List<List<String>> options =
        List.of(
            List.of("--learning-rate", "0.5", "rate=0.001 there and rate=0.5 here"),
            List.of("--batch-size", "7", "64 there and 7 here"),
            List.of("--l2", "0.25", "l2=0.0 there and l2=0.25 here"),
            List.of("--plateau", "3", "none there and ReduceOnPlateau here"),
            List.of("--average", "ema=0.5", "none there"),
            List.of("--ignore", "a", "2 there and 1 here"));
    for (List<String> option : options) {
      String name = option.getFirst();
      CommandLineRun run = train(1, "--resume", checkpoint, name, option.get(1));
      String told = name.equals("--ignore") ? "other columns" : name;
      assertRefused(run, "--resume " + checkpoint, option.getLast(), told);
    }
    assertRefused(train(1, "--resume", checkpoint, "--split", "80/10/10"), "--split");
  }

  @Test
  void weightsThatAreAllZeroAreRefused() throws IOException {
    List<String> lines = Files.readAllLines(data);
    StringBuilder weighted = new StringBuilder("w," + lines.getFirst() + "\n");
    lines.stream().skip(1).forEach(line -> weighted.append("0,").append(line).append('\n'));
    Files.writeString(data, weighted);
    assertRefused(train(1, "--weights", "w"), data + ", column w: the weights of all");
  }

  @Test
  void imagesHaveNoColumnsWhateverTheirFileIsCalled() throws IOException {
    Path images = folder.resolve("pictures");
    byte[] pixels = new byte[20 * 4];
    Commands.writeIdx(images, pixels, 20, 2, 2);
    Commands.writeIdx(folder.resolve("train-images-idx3-ubyte"), pixels, 20, 2, 2);
    byte[] labels = new byte[20];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 2);
    }
    Commands.writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, 20);
    run(
        0,
        "train",
        folder.resolve("train-images-idx3-ubyte"),
        "--hidden",
        "none",
        "--epochs",
        "1",
        "--model",
        model);
    run(0, "predict", model, images);
    assertRefused(
        run(1, "predict", model, images, "--header", "yes"), "--header: " + images + " holds");
  }

  @Test
  void weightsAreNeededOfTrainingRowsOnly() throws IOException {
    Path others = folder.resolve("others.csv");
    rows(others, 0);
    List<String> lines = Files.readAllLines(data);
    StringBuilder weighted = new StringBuilder("w," + lines.getFirst() + "\n");
    lines.stream().skip(1).forEach(line -> weighted.append("2,").append(line).append('\n'));
    Files.writeString(data, weighted);
    CommandLineRun run = train(0, "--weights", "w", "--test", others, "--dev", others);
    assertEquals(40, Commands.rows(json(run), "test"));
    assertEquals(40, Commands.rows(json(run), "dev"));
  }

  @Test
  void aColumnHasOnePart() {
    List<List<String>> pairs =
        List.of(
            List.of("--label", "y", "--ignore", "y"),
            List.of("--label", "y", "--categorical", "y"),
            List.of("--ignore", "a", "--categorical", "a"),
            List.of("--ignore", "a", "--weights", "a"),
            List.of("--categorical", "a", "--weights", "a"),
            List.of("--label", "y", "--weights", "y"));
    for (List<String> pair : pairs) {
      List<Object> arguments = new ArrayList<>(List.of("train", "nowhere.csv"));
      if (!pair.getFirst().equals("--label")) {
        arguments.addAll(List.of("--label", "y"));
      }
      arguments.addAll(pair);
      CommandLineRun run = run(2, arguments.toArray());
      assertRefused(run, pair.get(2) + " " + pair.get(3), "also given to " + pair.get(0));
    }
    run(2, "gradcheck", "nowhere.csv", "--label", "y", "--ignore", "y");
  }

  @Test
  void aColumnByNameAndByNumberHasOnePart() {
    assertRefused(
        train(1, "--ignore", "3"), data.toString(), "--label y and --ignore 3 are one column");
    assertRefused(
        train(1, "--ignore", "a", "--categorical", "1"),
        "--ignore a and --categorical 1 are one column");
    assertRefused(
        train(1, "--ignore", "1", "--weights", "a"), "--ignore 1 and --weights a are one column");
    assertRefused(
        run(1, "gradcheck", data, "--label", "y", "--ignore", "3"), "--label y and --ignore 3");
  }

  @Test
  void imagesHaveNoColumns() {
    String images = "images-idx3-ubyte";
    for (String option : List.of("--ignore", "--categorical", "--missing", "--max-categories")) {
      assertRefused(run(2, "train", images, option, "1"), option + ": images have no columns");
    }
    assertRefused(run(2, "train", images, "--columns"), "--columns: images have no columns");
    assertRefused(run(2, "train", images, "--header", "no"), "--header: images have no columns");
    for (String command : List.of("evaluate", "predict")) {
      assertRefused(run(2, command, "m", images, "--header", "yes"), "--header: images have no");
    }
  }
}
