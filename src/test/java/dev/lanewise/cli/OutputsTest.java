package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Guard;
import dev.lanewise.file.SpecialNodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files that commands write when something is in their way. */
final class OutputsTest {

  private static final String HEADER =
      "epoch,learningRate,trainCost,trainLoss,devLoss,devMetric,seconds";

  @TempDir private Path folder;
  private Path data;
  private Path model;
  private Path history;
  private Path checkpoint;

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("data.csv");
    model = folder.resolve("m.safetensors");
    history = folder.resolve("h.csv");
    checkpoint = folder.resolve("c");
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d,%d,%s\n".formatted(i, i % 7, i % 2 == 0 ? "p" : "q"));
    }
    Files.writeString(data, text);
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

  private static void assertTold(CommandLineRun run, String... parts) {
    assertEquals(1, run.err().size(), run::toString);
    for (String part : parts) {
      assertTrue(run.err().getFirst().contains(part), run::toString);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void outputsAreTriedBeforeAnythingIsRead() throws IOException {
    train(0, "--model", model);
    Files.delete(data);
    List<Path> before = files();
    List<Path> places = new ArrayList<>();
    places.add(folder);
    places.add(model.resolve("below"));
    places.add(folder.resolve("none/x"));
    places.add(folder.resolve("n".repeat(300)));
    if (Files.isDirectory(Path.of("/sys/kernel"))) {
      places.add(Path.of("/sys/x"));
    }
    for (Path place : places) {
      for (String output :
          List.of("--model", "--history", "--checkpoint", "--observe", "--report")) {
        assertTold(train(1, output, place), place.toString());
      }
      assertTold(run(1, "predict", model, data, "-o", place), place.toString());
    }
    assertEquals(before, files());
  }

  @Test
  void devicesAndPipesAreNeverReplaced() throws Exception {
    train(0, "--model", model);
    Path pipe = SpecialNodes.pipe(folder.resolve("pipe"));
    for (String output : List.of("--model", "--checkpoint")) {
      assertTold(train(1, output, pipe), pipe + ": a pipe; expected a file");
    }
    Path device = SpecialNodes.nullDevice(folder.resolve("null"));
    for (String output : List.of("--model", "--checkpoint")) {
      assertTold(train(1, output, device), device + ": a device; expected a file");
    }
    train(0, "--history", device, "--observe", device);
    run(0, "predict", model, data, "-o", device);
    assertTrue(Files.exists(device) && !Files.isRegularFile(device));
    Path full = SpecialNodes.fullDevice(folder.resolve("full"));
    CommandLineRun early = train(1, "--history", full);
    assertTold(early, full + ": cannot be written, No space");
    assertTrue(early.out().isEmpty(), early::toString);
    assertTold(run(1, "predict", model, data, "-o", full), full + ": cannot be written, No space");
  }

  @Test
  void pipesAreWrittenThrough() throws Exception {
    train(0, "--model", model);
    Path pipe = SpecialNodes.pipe(folder.resolve("pipe"));
    CompletableFuture<String> history = read(pipe);
    train(0, "--history", pipe);
    List<String> lines = Guard.get(history).lines().toList();
    assertEquals(HEADER, lines.getFirst());
    assertEquals(3, lines.size());
    CompletableFuture<String> predictions = read(pipe);
    run(0, "predict", model, data, "-o", pipe);
    assertEquals(run(0, "predict", model, data).out(), Guard.get(predictions).lines().toList());
    assertFalse(Files.isRegularFile(pipe));
  }

  private static CompletableFuture<String> read(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Files.readString(pipe);
          } catch (IOException e) {
            return e.toString();
          }
        });
  }

  @Test
  void twoOutputsToOnePipeAreRefused() throws Exception {
    Path pipe = SpecialNodes.pipe(folder.resolve("pipe"));
    assertTold(
        train(1, "--history", pipe, "--observe", pipe), "--observe", "same file as --history");
  }

  @Test
  void predictionsReplaceAFileWholeAndThroughALink() throws IOException {
    train(0, "--model", model);
    Path target = Files.writeString(folder.resolve("p.csv"), "old\n");
    Path hard = Files.createLink(folder.resolve("hard"), target);
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    run(0, "predict", model, data, "-o", link);
    assertEquals(run(0, "predict", model, data).out(), Files.readAllLines(target));
    assertEquals("old\n", Files.readString(hard));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void anOldHistoryStaysUntilAnEpochHasEnded() throws IOException {
    Files.writeString(history, "of another run\n");
    String diverging =
        "train %s --label label --optimizer sgd --learning-rate 1e30 --history %s"
            .formatted(Commands.DIGITS, history);
    CommandLineRun run = run(1, (Object[]) diverging.split(" "));
    assertTrue(run.err().getFirst().contains("--learning-rate"), run::toString);
    assertEquals("of another run\n", Files.readString(history));
    train(0, "--history", history);
    assertEquals(3, Files.readAllLines(history).size());
  }

  @Test
  void aCostThatIsNotFiniteIsDivergence() {
    CommandLineRun run =
        train(1, "--batch-size", "4", "--optimizer", "sgd", "--learning-rate", "1e38");
    assertTold(run, "diverged", "--learning-rate");
  }

  @Test
  void aResumedHistoryKeepsTheEpochsOfTheCheckpointAndRepeatsTheOthers() throws IOException {
    train(0, "--checkpoint", checkpoint, "--history", history);
    List<String> two = Files.readAllLines(history);
    // What a process that was killed between two files leaves: an epoch more, and half of another.
    Files.writeString(
        history, String.join("\n", two) + "\n3,1,1,1,1,1,1\n4,0.1,0.", StandardCharsets.UTF_8);
    train(0, "--resume", checkpoint, "--epochs", "4", "--history", history);
    List<String> four = Files.readAllLines(history);
    assertEquals(two, four.subList(0, 3));
    assertEquals(List.of("3", "4"), four.stream().skip(3).map(l -> l.split(",")[0]).toList());
    assertFalse(four.contains("3,1,1,1,1,1,1"));
  }

  @Test
  void aFileThatIsNoHistoryIsNotContinued() throws IOException {
    train(0, "--checkpoint", checkpoint);
    for (String text : List.of("my notes\n", "epoch,loss\n1,2\n", "\n")) {
      Files.writeString(history, text);
      for (String option : List.of("--history", "--observe")) {
        CommandLineRun run = train(1, "--resume", checkpoint, "--epochs", "4", option, history);
        assertTold(run, history + ": does not begin with epoch,");
        assertEquals(text, Files.readString(history));
      }
    }
  }

  @Test
  void aModelThatCannotBeSavedCostsNoResults() throws IOException {
    assertTrue(json(train(0, "--model", model)).containsKey("test"));
    // The folder disappears between the trial and the save.
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path taken = sub.resolve("m");
    CompletableFuture<Void> remover =
        CompletableFuture.runAsync(
            () -> {
              try {
                Path log = sub.resolve("h.csv");
                while (!Files.exists(log)) {
                  Thread.onSpinWait();
                }
                Path away = folder.resolve("away");
                Files.move(sub, away);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    // Epochs take microseconds: enough of them for the other thread to come in time.
    CommandLineRun run =
        train(1, "--epochs", "100000", "--model", taken, "--history", sub.resolve("h.csv"));
    remover.join();
    assertTrue(json(run).containsKey("test"), run::toString);
    // One cause, one line: the history is told of when it fails, and the model with it.
    assertTold(run, sub + "/h.csv: cannot be written, ", "; nor can be written now: " + taken);
  }

  @Test
  void aPipeWhoseReaderHasEndedIsToldNothing() throws Exception {
    train(0, "--model", model);
    Path pipe = SpecialNodes.pipe(folder.resolve("pipe"));
    for (String option : List.of("--history", "--observe")) {
      CompletableFuture<Integer> reader = readOneByte(pipe);
      CommandLineRun run = train(1, "--epochs", "300", option, pipe);
      Guard.get(reader);
      assertEquals(List.of(), run.err());
      assertTrue(json(run).containsKey("test"), run::toString);
    }
  }

  private static CompletableFuture<Integer> readOneByte(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream in = Files.newInputStream(pipe)) {
            return in.read();
          } catch (IOException e) {
            return -1;
          }
        });
  }

  @Test
  void whatIsWrongBeforeTheFirstUpdateIsNotBlamedOnTheLearningRate() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 40; i++) {
      text.append("%d.5e37,-%d.1e37,%s\n".formatted(9 - i % 3, i % 7, i % 2 == 0 ? "p" : "q"));
    }
    Files.writeString(data, text);
    CommandLineRun run =
        run(1, "train", data, "--label", "y", "--preset", "plain", "--no-standardize");
    assertTold(run, "step 1, ", "--no-standardize");
    assertFalse(run.err().getFirst().contains("--learning-rate"), run::toString);
  }

  @Test
  void aHistoryThatIsRemovedIsToldAsOneThatCannotBeWritten() throws IOException {
    Path file = folder.resolve("lines");
    try (LineFile lines = LineFile.at(file)) {
      lines.begin(List.of("first"));
      lines.add(List.of("second"));
      Files.delete(file);
      String told = assertThrows(IOException.class, () -> lines.add(List.of("third"))).getMessage();
      assertTrue(told.startsWith(file + ": cannot be written, it has been removed"), told);
    }
  }

  @Test
  void aPathWithLineBreaksIsToldAsAShellTakesIt() {
    assertEquals("$'a\\nb \\\\ it\\'s'", Outputs.argument("a\nb \\ it's"));
    assertEquals("'a b'", Outputs.argument("a b"));
    assertEquals("a/b", Outputs.argument("a/b"));
  }
}
