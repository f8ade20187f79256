package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.TableReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
