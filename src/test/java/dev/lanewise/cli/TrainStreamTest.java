package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.CANCER;
import static dev.lanewise.cli.Commands.DIGITS;
import static dev.lanewise.cli.Commands.digest;
import static dev.lanewise.cli.Commands.json;
import static dev.lanewise.cli.Commands.rows;
import static dev.lanewise.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings on rows that are not all in memory. */
final class TrainStreamTest {

  @TempDir private Path folder;

  @Test
  void streamedRowsAreAllRowsButThoseHeldForJudging() {
    String command = "train %s --label label --hidden 4 --epochs 1 --json".formatted(CANCER);
    Map<String, Json> result = json(run(0, (Object[]) (command + " --stream 100").split(" ")));
    assertEquals(20, rows(result, "dev"));
    assertEquals(20, rows(result, "test"));
    assertEquals(569 - 40, rows(result, "train"));
    result = json(run(0, (Object[]) (command + " --stream 100 --test " + CANCER).split(" ")));
    assertEquals(569 - 20, rows(result, "train"));
    assertEquals(569, rows(result, "test"));
  }

  /** In a full batch all is the same, the last pass for the scores too. */
  @ParameterizedTest
  @ValueSource(strings = {CANCER, DIGITS})
  void aStreamOfTheWholeFileHasTheResultsOfRowsInMemory(String file) {
    String command =
        "train %s --label label --hidden 8 --epochs 3 --batch-size full --split 90/10/0 --json "
            .formatted(file);
    Map<String, Json> memory = json(run(0, (Object[]) command.split(" ")));
    Map<String, Json> stream = json(run(0, (Object[]) (command + "--stream 5000").split(" ")));
    assertEquals(memory.get("parametersSha256"), stream.get("parametersSha256"));
    assertEquals(memory.get("train"), stream.get("train"));
    assertEquals(memory.get("cost"), stream.get("cost"));
  }

  @Test
  void streamedImagesHaveTheResultsOfImagesInMemory() throws IOException {
    Path images = folder.resolve("few-images-idx3-ubyte");
    byte[] pixels = new byte[16 + 30 * 4];
    System.arraycopy(
        new byte[] {0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 2, 0, 0, 0, 2}, 0, pixels, 0, 16);
    byte[] labels = new byte[8 + 30];
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, 30}, 0, labels, 0, 8);
    for (int i = 0; i < 30; i++) {
      labels[8 + i] = (byte) (i % 3);
      pixels[16 + 4 * i + i % 3] = (byte) (200 + i);
    }
    Files.write(images, pixels);
    Files.write(folder.resolve("few-labels-idx1-ubyte"), labels);
    String command =
        "train %s --hidden 8 --epochs 3 --batch-size full --split 100/0/0 --json "
            .formatted(images);
    assertEquals(digest(command), digest(command + "--stream 12"));
  }

  @Test
  void aResumedStreamHasTheParametersOfOneThatNeverStopped() {
    String recipe =
        "train " + CANCER + " --label label --hidden 8 --dropout 0.3 --json --stream 90";
    Path checkpoint = folder.resolve("checkpoint");
    String expected = digest(recipe + " --epochs 5");
    digest(recipe + " --epochs 2 --checkpoint " + checkpoint);
    assertEquals(expected, digest(recipe + " --epochs 5 --resume " + checkpoint));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9,w|line 42, column b: w; expected one of the classes x, z",
        "u,x|line 42, column a: u; expected a number",
        "9|line 42: 1 field; expected 2",
      })
  void streamedRowsThatDoNotFitTheFirstOnesAreNamed(String line, String complaint)
      throws IOException {
    Path file = folder.resolve("late.csv");
    Files.writeString(file, "a,b\n" + "3,x\n4,z\n".repeat(20) + line + "\n5,x\n");
    CommandLineRun run = run(1, "train", file, "--label", "b", "--epochs", "1", "--stream", "12");
    assertEquals(1, run.err().size(), run::toString);
    assertTrue(run.err().getFirst().contains(file + " " + complaint), run::toString);
  }
}
