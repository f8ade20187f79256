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

  @Test
  void theWorstImagesAreShownAsPictures() throws IOException {
    int count = 30;
    byte[] pixels = new byte[16 * count];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 3);
      for (int p = 0; p < 16; p++) {
        pixels[16 * i + p] = (byte) (60 * labels[i] + 7 * p + 31 * i);
      }
    }
    Path images = folder.resolve("train-images-idx3-ubyte");
    Commands.writeIdx(images, pixels, count, 4, 4);
    Commands.writeIdx(folder.resolve("train-labels-idx1-ubyte"), labels, count);
    Path model = folder.resolve("images.safetensors");
    run(0, "train", images, "--hidden", "none", "--epochs", "1", "--model", model);
    Path report = folder.resolve("report.html");
    run(0, "evaluate", model, images, "--report", report);
    String page = Files.readString(report);
    assertEquals(20, page.split("<img alt=\"\" src=\"data:image/png;base64,", -1).length - 1);
    assertTrue(page.contains(">image 1: ") || page.contains("<br>image "), "what it is");
    assertFalse(page.contains("test-importance"), "pixels are not permuted");
  }

  @Test
  void theNumbersOfEachChartAreWritten() throws IOException {
    Path numbers = folder.resolve("numbers");
    run(0, "evaluate", cancer(), CANCER, "--export-data", numbers);
    for (String chart :
        List.of(
            "confusion",
            "roc",
            "precision-recall",
            "thresholds",
            "reliability",
            "confidence",
            "importance")) {
      assertTrue(Files.size(numbers.resolve("test-" + chart + ".csv")) > 20, chart);
    }
  }
}
