package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.file.Claim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process that is ended from outside leaves, and what it keeps others from. */
final class SignalsTest {

  /** A guard against hanging for ever; nothing is judged by it. */
  private static final int GUARD_MINUTES = 10;

  @TempDir private Path folder;

  private Process training(Object... options) throws IOException {
    return process(
        "train",
        Stream.concat(
            Stream.of("--hidden", "8", "--patience", "0", "--epochs", "100000000", "--json"),
            Stream.of(options)));
  }

  private Process process(String name, Stream<Object> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(name, Commands.DIGITS, "--label", "label"));
    options.map(Object::toString).forEach(command::add);
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private static void await(Process process, Path file) throws Exception {
    while (!Files.exists(file)) {
      assertTrue(process.isAlive(), "it has ended");
      Thread.sleep(10);
    }
  }

  private static void signal(String name, Process process) throws Exception {
    try {
      assertEquals(0, new ProcessBuilder("kill", "-" + name, process.pid() + "").start().waitFor());
    } catch (IOException e) {
      process.destroyForcibly();
      Assumptions.abort("skipped: there is no kill");
    }
    assertTrue(process.waitFor(GUARD_MINUTES, TimeUnit.MINUTES), "it has not ended");
  }

  /**
   * A process begun in the background of a shell ignores SIGINT, and so do those that it begins.
   */
  private static void requireHeard(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
        Assumptions.assumeTrue((ignored >> (signal - 1) & 1) == 0, "skipped: ignored from outside");
      }
    }
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(folder.resolve("err"), StandardCharsets.UTF_8).stream()
        .filter(line -> !line.startsWith("WARNING: Using incubator"))
        .toList();
  }

  /** A search says that its command goes on, and where from. */
  @Test
  void aSignalTellsHowASearchGoesOn() throws Exception {
    requireHeard(15);
    Path journal = folder.resolve("search.jsonl");
    Process process =
        process(
            "search",
            Stream.of(
                "--hidden", "8", "--trials", "100000", "--epochs", "9", "--journal", journal));
    await(process, journal);
    signal("TERM", process);
    assertEquals(143, process.exitValue());
    assertEquals(
        List.of(
            "lanewise: stopped; what is finished is in %s: the same command goes on from there"
                .formatted(journal)),
        told());
  }

  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void aSignalTellsHowToGoOn(String signal, int exit) throws Exception {
    requireHeard(exit - 128);
    Path checkpoint = folder.resolve("the checkpoint");
    Path history = folder.resolve("h.csv");
    Process process = training("--checkpoint", checkpoint, "--history", history);
    await(process, checkpoint);
    signal(signal, process);
    assertEquals(exit, process.exitValue(), () -> told(this));
    List<String> told = told();
    assertEquals(1, told.size(), told::toString);
    String start = "lanewise: stopped; epoch ";
    assertTrue(told.getFirst().startsWith(start), told::toString);
    assertTrue(told.getFirst().endsWith("--resume '" + checkpoint + "'"), told::toString);
    int epoch = Integer.parseInt(told.getFirst().substring(start.length()).split(" ")[0]);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(4, files.filter(file -> !file.toString().endsWith(".tmp")).count());
    }
    List<Object> goOn = new ArrayList<>(List.of("train", Commands.DIGITS, "--label", "label"));
    goOn.addAll(List.of("--hidden", "8", "--patience", "0", "--resume", checkpoint));
    goOn.addAll(List.of("--history", history, "--epochs", epoch + 1));
    Commands.run(0, goOn.toArray());
    List<String> epochs =
        Files.readAllLines(history).stream().skip(1).map(line -> line.split(",")[0]).toList();
    assertEquals(Stream.iterate(1, e -> e + 1).limit(epoch + 1).map(e -> "" + e).toList(), epochs);
  }

  private static String told(SignalsTest test) {
    try {
      return test.told().toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aSignalWithoutCheckpointTellsThatNothingIsSaved() throws Exception {
    Path history = folder.resolve("h.csv");
    Process process = training("--history", history);
    await(process, history);
    signal("TERM", process);
    assertEquals(143, process.exitValue());
    assertEquals(List.of("lanewise: stopped; nothing is saved without --checkpoint"), told());
    String lines = Files.readString(history);
    assertTrue(lines.endsWith("\n"), "half a line");
  }

  @Test
  void aCheckpointHasOneWriterUntilThatEnds() throws Exception {
    Path checkpoint = folder.resolve("c");
    Path link = Files.createSymbolicLink(folder.resolve("link"), checkpoint);
    Process process = training("--checkpoint", checkpoint);
    await(process, checkpoint);
    for (Path same :
        List.of(checkpoint, link, folder.resolve("../" + folder.getFileName() + "/c"))) {
      Object[] other = {
        "train", "nowhere.csv", "--label", "label", "--checkpoint", same, "--resume", checkpoint
      };
      CommandLineRun run = Commands.run(1, other);
      assertEquals(1, run.err().size(), run::toString);
      assertTrue(run.err().getFirst().contains(same + ": another training writes"), run::toString);
    }
    process.destroyForcibly();
    assertTrue(process.waitFor(GUARD_MINUTES, TimeUnit.MINUTES), "it has not ended");
    Object[] next = {
      "train",
      Commands.DIGITS,
      "--label",
      "label",
      "--hidden",
      "8",
      "--epochs",
      "1",
      "--checkpoint",
      checkpoint
    };
    Commands.run(0, next);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.filter(file -> file.toString().endsWith(".lock")).count());
    }
  }

  @Test
  void aCheckpointHasOneWriterInAProcessToo() throws Exception {
    Path checkpoint = folder.resolve("c");
    try (Claim claim = Claim.on(checkpoint, "another training")) {
      assertEquals("another training", refusal(checkpoint), claim::toString);
      assertEquals("another training", refusal(checkpoint), "the refusal gave the claim up");
    }
    Claim.on(checkpoint, "another training").close();
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  private static String refusal(Path file) {
    try (Claim claim = Claim.on(file, "another training")) {
      return claim.toString();
    } catch (IOException e) {
      return e.getMessage().replaceAll(".*: (another training)", "$1");
    }
  }
}
