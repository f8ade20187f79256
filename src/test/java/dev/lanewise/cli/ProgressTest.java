package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.data.TableReader;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.train.Epoch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The line on the terminal. */
final class ProgressTest {

  private final StringWriter written = new StringWriter();

  private Progress line(boolean terminal) {
    return new Progress(new PrintWriter(written), terminal);
  }

  /** {@return what is written, with names for the sequences} */
  private String written() {
    return written
        .toString()
        .replace("\r\033[K", "<")
        .replace("\033[?7l", "[")
        .replace("\033[?7h", "]");
  }

  @Test
  void aPartIsShownAtOnceAndTheLineIsRemovedAtTheEnd() {
    try (Progress line = line(true)) {
      line.begin("reading a.csv");
      line.begin("evaluating");
    }
    assertEquals("<[reading a.csv]<[evaluating]<", written());
  }

  @Test
  void aLineIsWrittenTenTimesASecondAtMost() {
    Progress line = line(true);
    line.begin("reading a.csv");
    for (int rows = 0; rows < 1_000_000; rows++) {
      line.count(rows, "rows");
    }
    int lines = written().split("<", -1).length - 1;
    assertTrue(lines < 1000, lines + " lines");
  }

  @Test
  void whereNoTerminalIsNothingIsWritten() {
    try (Progress line = line(false)) {
      line.begin("reading a.csv");
      line.show(
          () -> {
            throw new AssertionError("a line is made for nobody");
          });
    }
    assertEquals("", written());
  }

  @Test
  void whatIsNotShownIsNotRemoved() {
    Progress line = line(true);
    line.end();
    line.begin("reading");
    line.end();
    line.end();
    assertEquals("<[reading]<", written());
  }

  @Test
  void theNameOfAFileIsEscaped() {
    line(true).begin("reading \033[2J\n.csv");
    assertEquals("<[reading \\u001b[2J\\n.csv]", written());
  }

  /** 20 training rows in batches of 5: in mid-epoch, too, and for all epochs that are left. */
  @Test
  void theTimeThatIsLeftIsToldAfterTheFirstEpoch() {
    Table table =
        Table.ofRows(
            List.of("x", "y"),
            IntStream.range(0, 20).mapToObj(i -> List.of(i, i % 2 == 0 ? "a" : "b")).toList());
    Learner learner =
        Learner.classifier("y")
            .withSplit(Split.Ratios.parse("100/0/0"))
            .withRecipe(recipe -> recipe.withBatchSize(5).withEpochs(9));
    try (Run run = learner.begin(table)) {
      EpochLine line = new EpochLine(line(false), 9, 20, "");
      run.step();
      assertEquals("epoch 1/9  25 %", line.line(run.training()));
      Optional<Epoch> ended = Optional.empty();
      while (ended.isEmpty()) {
        ended = run.step();
      }
      Epoch first = ended.get();
      line.show(first);
      run.step();
      run.step();
      String left = "  at most %s left".formatted(Progress.time(7.5 * first.seconds()));
      String told = line.line(run.training());
      assertTrue(told.startsWith("epoch 2/9  50 %  loss ") && told.endsWith(left), told);
    }
  }

  /** As {@code --metric} spells it. */
  @Test
  void theMetricIsSpelledAsOptionsSpellIt() {
    Table table =
        Table.ofRows(
            List.of("x", "y"),
            IntStream.range(0, 20).mapToObj(i -> List.of(i, i % 2 == 0 ? "a" : "b")).toList());
    try (Run run = Learner.classifier("y").begin(table)) {
      EpochLine line = new EpochLine(line(false), 9, 12, "calibratedLogLoss");
      line.show(run.iterator().next());
      String told = line.line(run.training());
      assertTrue(told.contains("  dev calibrated-log-loss "), told);
    }
  }

  @Test
  void timesAreInUnitsThatTellThem() {
    assertEquals("0 s", Progress.time(0.4));
    assertEquals("119 s", Progress.time(119));
    assertEquals("2 min", Progress.time(120));
    assertEquals("119 min", Progress.time(7140));
    assertEquals("2.5 h", Progress.time(9000));
  }

  @Test
  void aReaderTellsOfRowsWhileItReads() throws IOException {
    String text = "a,b\n" + "1,2\n".repeat(10_000);
    List<Long> told = new ArrayList<>();
    TableReader.create()
        .withProgress(told::add)
        .withMissing("unknown")
        .csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "text");
    assertEquals(List.of(4096L, 8192L), told);
  }
}
