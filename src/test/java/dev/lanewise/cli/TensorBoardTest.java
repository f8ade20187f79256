package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.report.EventRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** {@code --tensorboard}: the scalars of a history, in files of a folder. */
class TensorBoardTest {

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    data = folder.resolve("data.csv");
    StringBuilder rows = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 60; i++) {
      rows.append("%d,%d,%d%n".formatted(i % 7, i % 5, i % 2));
    }
    Files.writeString(data, rows);
  }

  private CommandLineRun train(int status, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "train", data, "--label", "y", "--hidden", "4", "--l2", "0.1", "--epochs", "3"));
    for (int i = 0; i < more.length; i += 2) {
      if (words.contains(more[i])) {
        words.set(words.indexOf(more[i]) + 1, more[i + 1]);
      } else {
        words.addAll(List.of(more[i], more[i + 1]));
      }
    }
    CommandLineRun run = CommandLineRun.of(words.toArray());
    assertEquals(status, run.exit(), run::toString);
    return run;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static Map<String, Float> scalars(Event event) {
    return event.getSummary().getValueList().stream()
        .collect(Collectors.toMap(Summary.Value::getTag, Summary.Value::getSimpleValue));
  }

  @Test
  void theScalarsAreThoseOfTheHistory() throws IOException {
    Path board = folder.resolve("board");
    Path history = folder.resolve("history.csv");
    train(0, "--tensorboard", board, "--history", history);
    List<Event> events = EventRecords.of(files(board).getFirst());
    List<String> lines = Files.readAllLines(history);
    assertEquals(4, events.size());
    for (int epoch = 1; epoch <= 3; epoch++) {
      Map<String, Float> scalars = scalars(events.get(epoch));
      String[] fields = lines.get(epoch).split(",");
      assertEquals(epoch, events.get(epoch).getStep());
      assertEquals(Float.parseFloat(fields[1]), scalars.get("learning rate"));
      assertEquals(Float.parseFloat(fields[2]), scalars.get("cost/train"));
      assertEquals(Float.parseFloat(fields[3]), scalars.get("loss/train"));
      assertEquals(Float.parseFloat(fields[4]), scalars.get("loss/dev"));
      assertEquals(Float.parseFloat(fields[5]), scalars.get("accuracy/dev"));
      assertTrue(scalars.get("gradient norm/dense2") > 0, scalars::toString);
    }
  }

  @Test
  void aResumedTrainingContinuesInASecondFile() throws IOException {
    Path board = folder.resolve("board");
    Path checkpoint = folder.resolve("c");
    train(0, "--tensorboard", board, "--checkpoint", checkpoint);
    train(0, "--tensorboard", board, "--resume", checkpoint, "--epochs", "5");
    List<Path> files = files(board);
    assertEquals(2, files.size());
    assertEquals(4, EventRecords.of(files.get(1)).get(1).getStep());
  }

  @Test
  void whatIsNoFolderIsRefusedBeforeAnythingIsRead() throws IOException {
    for (Path place : List.of(data, folder.resolve("missing/below"), data.resolve("below"))) {
      CommandLineRun run = train(1, "--tensorboard", place);
      assertEquals(1, run.err().size(), run::toString);
      assertTrue(run.err().getFirst().contains(place.toString()), run::toString);
      assertEquals(List.of(), run.out());
    }
    CommandLineRun both =
        train(1, "--tensorboard", folder.resolve("x"), "--model", folder.resolve("x"));
    assertTrue(both.err().getFirst().contains("same file"), both::toString);
    assertEquals(List.of(data), files(folder));
  }
}
