package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of {@code evaluate}. */
final class EvaluateReportTest {

  @TempDir private Path folder;

  private Path cancer() throws IOException {
    Path model = folder.resolve("cancer.safetensors");
    String train = "train " + CANCER + " --label label --hidden 8 --epochs 2 --model " + model;
    run(0, (Object[]) train.split(" "));
    return model;
  }

  @Test
  void theReportChangesNothingThatIsPrintedAndIsTheSameEachTime() throws IOException {
    Path model = cancer();
    Path report = folder.resolve("report.html");
    Path again = folder.resolve("again.html");
    List<String> plain = run(0, "evaluate", model, CANCER).out();
    assertEquals(plain, run(0, "evaluate", model, CANCER, "--report", report).out());
    run(0, "evaluate", model, CANCER, "--json", "--half", "--report", again);
    assertTrue(Files.readString(again).contains(">half<"));
    run(0, "evaluate", model, CANCER, "--report", again);
    assertArrayEquals(Files.readAllBytes(report), Files.readAllBytes(again));
    assertTrue(Files.size(report) <= 600_000, () -> report.toFile().length() + " bytes");
  }

  @Test
  void noReportIsWrittenOverWhatIsRead() throws IOException {
    Path model = cancer();
    byte[] before = Files.readAllBytes(model);
    CommandLineRun run = run(1, "evaluate", model, CANCER, "--report", model);
    assertEquals(
        List.of("lanewise: --report %s: the same file as MODEL; expected another".formatted(model)),
        run.err());
    assertArrayEquals(before, Files.readAllBytes(model));
  }

  @Test
  void aReportThatCannotBeWrittenIsRefusedBeforeAnythingIsRead() {
    Path nowhere = folder.resolve("no/report.html");
    CommandLineRun run = run(1, "evaluate", folder.resolve("m"), CANCER, "--report", nowhere);
    assertTrue(run.err().getFirst().contains(nowhere.toString()), run::toString);
    assertFalse(run.err().getFirst().contains("safetensors"), run::toString);
  }
}
