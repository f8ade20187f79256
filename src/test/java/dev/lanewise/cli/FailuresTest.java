package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong, and how the process ends. */
final class FailuresTest {

  @TempDir private Path folder;

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
  void kernelsThatThisMachineLacksAreRefusedByOption() {
    CommandLineRun run =
        CommandLineRun.of(
            "train", CANCER, "--label", "label", "--epochs", "1", "--kernels", "vector512");
    assumeTrue(run.exit() != 0, "skipped: this machine has them all");
    assertEquals(1, run.exit());
    assertTrue(run.err().getFirst().startsWith("lanewise: --kernels vector512: "), run::toString);
    assertTrue(run.err().getFirst().contains("; expected"), run::toString);
  }

  @Test
  void theProcessEndsWithTheExitCodeAndWithoutStacktrace() throws Exception {
    process(0, "--version");
    assertTrue(process(2, "train").getLast().startsWith("lanewise: "));
    List<String> said = process(1, "train", "no such file.csv", "--label", "y");
    assertEquals("lanewise: no such file.csv: no such file", said.getLast());
    assertTrue(said.stream().noneMatch(line -> line.startsWith("\tat ")), said::toString);
  }

  @Test
  void theProcessTellsOfStandardOutputThatIsFull() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: no /dev/full");
    Process process = new ProcessBuilder(command("doctor")).redirectOutput(full.toFile()).start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), said);
    assertTrue(said.contains("lanewise: standard output: cannot be written"), said);
  }

  @Test
  void whatTheUserTypedIsEscapedInErrors() throws Exception {
    Path data = folder.resolve("a\nb\u001b[2J\u202e.csv");
    String shown = folder + "/a\\nb\\u001b[2J\\u202e.csv";
    List<Object[]> commands =
        List.of(
            new Object[] {"train", data, "--label", "y"},
            new Object[] {"evaluate", data, "x"},
            new Object[] {"inspect", data},
            new Object[] {"train", Commands.CANCER, "--label", "label", "--model", data + "/m"},
            new Object[] {"train", data, "--label", "y", "--header", "\r\n\u001b"},
            new Object[] {"predict", "x", data, "--no\nsuch"});
    for (Object[] command : commands) {
      CommandLineRun run = CommandLineRun.of(command);
      assertEquals(1, run.err().size(), run::toString);
      String told = run.err().getFirst();
      assertTrue(told.codePoints().noneMatch(c -> Character.getType(c) == Character.CONTROL), told);
      assertTrue(told.contains("\\n") || told.contains(shown), told);
    }
    Files.writeString(data, "x,\"o\nne\"\n1,2\n");
    String missing = run(1, "train", data, "--label", "y").err().getFirst();
    assertTrue(missing.startsWith("lanewise: " + shown), missing);
  }

  /** {@return what is told of an error} */
  private static List<String> told(Throwable e) {
    StringWriter err = new StringWriter();
    Lanewise.tell(e, false, new PrintWriter(err, true));
    return err.toString().lines().toList();
  }

  @Test
  void whatNoInputShouldLeadToIsToldAsAnInternalError() {
    for (Throwable e :
        List.of(
            new StackOverflowError(),
            new NullPointerException("x"),
            new IndexOutOfBoundsException("Index 5"),
            new AssertionError("no\nway"))) {
      List<String> told = told(e);
      assertEquals(1, told.size(), told::toString);
      assertTrue(told.getFirst().startsWith("lanewise: internal error, "), told::toString);
      assertTrue(told.getFirst().contains("--stacktrace"), told::toString);
    }
    assertEquals(
        List.of("lanewise: f: torn"), told(new UncheckedIOException(new IOException("f: torn"))));
  }

  @Test
  void aNameThatIsNotUtf8IsToldSo() {
    CommandLineRun input = run(1, "train", "caf\ufffd.csv", "--label", "y");
    assertTrue(input.err().getFirst().contains("not UTF-8"), input::toString);
    CommandLineRun output =
        run(1, "train", CANCER, "--label", "label", "--model", folder.resolve("caf\ufffd"));
    assertTrue(output.err().getFirst().contains("not UTF-8"), output::toString);
  }

  @Test
  void aFullStandardErrorChangesNoResults() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "skipped: no /dev/full");
    for (Map.Entry<Integer, String> exit : Map.of(0, "--version", 2, "train").entrySet()) {
      Process process =
          new ProcessBuilder(command(exit.getValue())).redirectError(full.toFile()).start();
      process.getInputStream().readAllBytes();
      assertEquals(exit.getKey(), process.waitFor());
    }
  }

  @Test
  void noCommandAppendsItsResultsToItsInput() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/stdout")), "skipped: no /dev/stdout");
    Path data = folder.resolve("football/train.csv");
    Files.createDirectory(data.getParent());
    Files.writeString(data, "x1,x2,label\n1,2,0\n2,1,1\n3,1,0\n4,4,1\n5,3,0\n6,6,1\n");
    Files.copy(data, data.resolveSibling("dev.csv"));
    Path model = folder.resolve("m");
    run(0, "train", data, "--label", "label", "--epochs", "1", "--model", model);
    String m = model.toString();
    String d = data.toString();
    String course = folder.toString();
    assertKept(model, "as MODEL;", "evaluate", m, d);
    assertKept(data, "as DATA;", "evaluate", m, d, "--json");
    assertKept(model, "as MODEL;", "inspect", m);
    assertKept(model, "as FILE;", "gradcheck", m);
    assertKept(data, "as FILE;", "gradcheck", d, "--label", "label");
    assertKept(data, "as an input;", "course", "--data", course, "--only", "football");
  }

  private static void assertKept(Path file, String reason, String... arguments) throws Exception {
    byte[] before = Files.readAllBytes(file);
    Process process =
        new ProcessBuilder(command(arguments))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
            .start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor(), said);
    assertTrue(said.contains("standard output") && said.contains(reason), said);
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  private static List<String> process(int exit, String... arguments) throws Exception {
    Process process = new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exit, process.waitFor(), said);
    return said.lines().toList();
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
