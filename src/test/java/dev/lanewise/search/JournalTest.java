package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.search.Search.Budget;
import dev.lanewise.search.Search.Method;
import dev.lanewise.train.DevMetric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {

  @TempDir Path folder;

  private Path journal() {
    return folder.resolve("j.jsonl");
  }

  private Search.Result run(Search search) throws IOException {
    return search.run(Planes.table(), journal());
  }

  /** {@return the lines of a journal in one order and without times} */
  static List<String> sorted(Path journal) throws IOException {
    return Files.readAllLines(journal).stream()
        .map(line -> line.replaceAll(",\"time\":\\{.*\\}\\}$", ""))
        .sorted()
        .toList();
  }

  private List<String> whole(Search search) throws IOException {
    Path other = folder.resolve("whole.jsonl");
    search.run(Planes.table(), other);
    return sorted(other);
  }

  private List<String> checkpoints() throws IOException {
    return checkpoints("j.jsonl.trials");
  }

  private List<String> checkpoints(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String refusal(Search search) {
    return assertThrows(IOException.class, () -> run(search)).getMessage();
  }

  @Test
  void aJournalHasALineForTheSearchAndOneForEachRungOfATrial() throws Exception {
    run(Planes.search());
    List<String> lines = Files.readAllLines(journal());
    assertEquals(15, lines.size());
    Map<String, Json> first = ((Json.Obj) Json.parse(lines.getFirst())).members();
    assertEquals(Json.of("lanewise search"), first.get("journal"));
    for (String line : lines) {
      Map<String, Json> members = ((Json.Obj) Json.parse(line)).members();
      assertDigest(line, line.indexOf(",\"sha256\":\""));
      if (!line.equals(lines.getFirst())) {
        assertDigest(line, line.lastIndexOf(",\"sha256\":\""));
        assertTrue(
            members.keySet().containsAll(List.of("trial", "rung", "values", "epochs", "state")));
      }
    }
  }

  private static void assertDigest(String line, int at) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(line.substring(0, at).getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        HexFormat.of().formatHex(digest).substring(0, 16), line.substring(at + 11, at + 27));
  }

  @Test
  void journalsOfOneAndOfTwoWorkersAreTheSameButForOrderAndTimes() throws IOException {
    for (Search search :
        List.of(
            Planes.search(),
            Planes.search().withFolds(2),
            Planes.search().withMethod(Method.coarseToFine(2, 0.5)))) {
      List<String> alone = whole(search);
      try (ExecutorService two = Executors.newFixedThreadPool(2)) {
        run(search.withParallel(two, 2));
      }
      assertEquals(alone, sorted(journal()));
      Files.delete(journal());
      Files.delete(folder.resolve("whole.jsonl"));
    }
  }

  @Test
  void aJournalSearchesAsOneWithoutIt() throws IOException {
    assertEquals(
        SearchTest.told(Planes.search().run(Planes.table())),
        SearchTest.told(run(Planes.search())));
  }

  @Test
  void aJournalThatIsCutAnywhereIsContinuedToTheSameLines() throws IOException {
    Search search = Planes.search();
    Search.Result result = run(search);
    List<String> lines = sorted(journal());
    List<String> kept = checkpoints();
    byte[] bytes = Files.readAllBytes(journal());
    byte[] model = result.learned().model().toBytes();
    int from = bytes.length;
    for (int line = 0; line < 3; from--) { // the last two lines, byte by byte
      line += bytes[from - 1] == '\n' ? 1 : 0;
    }
    for (int length = bytes.length; length > 0; length -= length > from + 1 ? 13 : from / 9 + 1) {
      Files.write(journal(), Arrays.copyOf(bytes, length));
      List<Trial> trained = new ArrayList<>();
      Search.Result again = run(search.withProgress(of -> trained.add(of.trial())));
      int whole = lines(bytes, length);
      assertEquals(Math.min(14, 15 - whole), trained.size(), "cut at " + length);
      assertEquals(lines, sorted(journal()), "cut at " + length);
      assertEquals(kept, checkpoints(), "cut at " + length);
      assertArrayEquals(model, again.learned().model().toBytes());
    }
  }

  private static int lines(byte[] bytes, int length) {
    int lines = 0;
    for (int i = 0; i < length; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    return lines;
  }

  @Test
  void whatACrashHasLeftOfALineIsCut() throws IOException {
    run(Planes.search());
    byte[] bytes = Files.readAllBytes(journal());
    Files.writeString(
        journal(),
        "{\"trial\":".repeat(1000),
        StandardCharsets.US_ASCII,
        StandardOpenOption.APPEND);
    run(Planes.search());
    assertArrayEquals(bytes, Files.readAllBytes(journal()));
  }

  @Test
  void aFinishedSearchIsReadAndNotTrained() throws IOException {
    Search.Result result = run(Planes.search());
    List<Trial> trained = new ArrayList<>();
    Search.Result again = run(Planes.search().withProgress(of -> trained.add(of.trial())));
    assertEquals(List.of(), trained);
    assertEquals(SearchTest.told(result), SearchTest.told(again));
    for (Trial trial : result.survivors()) {
      assertArrayEquals(result.model(trial).parameters(), again.model(trial).parameters());
    }
  }

  @Test
  void aSearchThatABudgetEndedGoesOnToTheSameLines() throws IOException {
    List<String> lines = whole(Planes.search());
    for (int most : new int[] {2, 7, 16, 19, 24, 29}) {
      Search.Result part = run(Planes.search().withBudget(Budget.unlimited().withEpochs(most)));
      assertTrue(part.epochs() <= most);
    }
    run(Planes.search());
    assertEquals(lines, sorted(journal()));
  }

  @Test
  void checkpointsThatAreMissingOrDamagedAreTrainedAgainToTheSameBits() throws IOException {
    List<String> lines = whole(Planes.search());
    for (int way = 0; way < 3; way++) {
      run(Planes.search().withBudget(Budget.unlimited().withEpochs(16)));
      Path kept = folder.resolve("j.jsonl.trials");
      byte[] others = Files.readAllBytes(kept.resolve(checkpoints().getLast()));
      for (String name : checkpoints()) {
        byte[] bytes = Files.readAllBytes(kept.resolve(name));
        bytes[bytes.length / 2] ^= 1;
        switch (way) {
          case 0 -> Files.delete(kept.resolve(name));
          case 1 -> Files.write(kept.resolve(name), bytes);
          default -> Files.write(kept.resolve(name), others);
        }
      }
      run(Planes.search());
      assertEquals(lines, sorted(journal()));
      Files.delete(journal());
    }
  }

  @Test
  void aCheckpointOfALaterEpochUnderAnEarlierNameIsNotGoneOnFrom() throws IOException {
    Search.Result result = run(Planes.search());
    List<String> lines = sorted(journal());
    Path kept = folder.resolve("j.jsonl.trials");
    String best = "trial-%d-rung-".formatted(result.best().number());
    byte[] last = Files.readAllBytes(kept.resolve(best + "2-fold-0.safetensors"));
    List<String> first = Files.readAllLines(journal()).subList(0, 9); // the first rung of all
    Files.write(journal(), first);
    Files.write(kept.resolve(best + "0-fold-0.safetensors"), last);
    run(Planes.search());
    assertEquals(lines, sorted(journal()));
  }

  @Test
  void checkpointsOfTrialsThatAreOutAreDropped() throws IOException {
    run(Planes.search().withSurvivors(1));
    assertEquals(1, checkpoints().size());
  }

  @Test
  void aLineThatIsDamagedInAnyByteIsRefusedByItsNumber() throws IOException {
    run(Planes.search());
    byte[] bytes = Files.readAllBytes(journal());
    for (int line : new int[] {1, 2, 15}) {
      int begin = 0;
      for (int n = 1; n < line; begin++) {
        n += bytes[begin] == '\n' ? 1 : 0;
      }
      int end = begin;
      while (bytes[end] != '\n') {
        end++;
      }
      for (int i = begin; i < end; i += 1 + (end - begin) / 60) {
        byte[] damaged = bytes.clone();
        damaged[i] ^= 4;
        Files.write(journal(), damaged);
        String refusal = refusal(Planes.search());
        assertTrue(
            refusal.contains("line %d: damaged".formatted(line))
                || (line == 1 && refusal.contains("no journal of a search")),
            refusal);
        assertArrayEquals(damaged, Files.readAllBytes(journal()));
      }
    }
  }

  @Test
  void aLineThatStandsTwiceIsRefused() throws IOException {
    run(Planes.search());
    List<String> lines = new ArrayList<>(Files.readAllLines(journal()));
    lines.add(lines.get(3));
    Files.write(journal(), lines);
    assertTrue(refusal(Planes.search()).contains("line 16: damaged, trial"));
  }

  @Test
  void theJournalOfAnotherSearchIsRefusedByTheNameOfWhatDiffers() throws IOException {
    Search search = Planes.search().withTrials(3).withEpochs(2);
    run(search);
    byte[] bytes = Files.readAllBytes(journal());
    Map<String, Search> others =
        Map.of(
            "method: Halving[eta=2]; expected Random[]", search.withMethod(Method.random()),
            "trials: 3; expected 4", search.withTrials(4),
            "epochs: 2; expected 3", search.withEpochs(3),
            "seed: 0; expected 1", search.withSeed(1),
            "folds: 0; expected 2", search.withFolds(2),
            "score: dev loss; expected auc", search.withMetric(DevMetric.auc()),
            "spaces: learning-rate=log:0.001..1.0; expected learning-rate=log:0.01..1.0",
                Search.of(
                        Planes.learner(),
                        List.of(
                            Space.logUniform("learning-rate", 1e-2, 1),
                            Planes.SPACES.get(1),
                            Planes.SPACES.get(2)),
                        Planes::learner)
                    .withMethod(Method.halving(2))
                    .withTrials(3)
                    .withEpochs(2),
            "learner seed: 0; expected 5",
                Search.of(Planes.learner().withSeed(5), Planes.SPACES, Planes::learner)
                    .withMethod(Method.halving(2))
                    .withTrials(3)
                    .withEpochs(2),
            "trial 0 in line 2, recipe: ",
                Search.of(
                        Planes.learner(),
                        Planes.SPACES,
                        (learner, values) ->
                            Planes.learner(learner, values)
                                .withRecipe(
                                    recipe ->
                                        recipe.withOptimizer(
                                            Optimizer.sgd(values.number("learning-rate")))))
                    .withMethod(Method.halving(2))
                    .withTrials(3)
                    .withEpochs(2));
    others.forEach(
        (says, other) -> {
          String refusal = refusal(other);
          assertTrue(refusal.contains(says), refusal);
        });
    String data =
        assertThrows(
                IOException.class, () -> search.run(Planes.table().select(rows(79)), journal()))
            .getMessage();
    assertTrue(data.contains("data training"), data);
    assertArrayEquals(bytes, Files.readAllBytes(journal()));
  }

  private static int[] rows(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, row -> row);
    return rows;
  }

  @Test
  void aFileThatIsNoJournalIsRefusedAndLeftAsItWas() throws IOException {
    for (String text : List.of("a", "notes\nof mine\n", "{\"journal\":\"lanewise", "{}\n", "\n")) {
      Files.writeString(journal(), text);
      if (text.startsWith("{\"j")) {
        run(Planes.search().withTrials(1).withEpochs(1)); // a first line that a crash has cut
        assertEquals(2, Files.readAllLines(journal()).size());
      } else {
        assertTrue(refusal(Planes.search()).contains("no journal of a search"));
        assertEquals(text, Files.readString(journal()));
      }
    }
    Files.writeString(journal(), "");
    run(Planes.search().withTrials(1).withEpochs(1));
    Files.delete(journal());
    Files.createDirectory(journal());
    assertTrue(refusal(Planes.search()).contains("folder"));
  }

  @Test
  void aJournalHasOneWriter() throws IOException {
    List<String> refusals = new ArrayList<>();
    Search search =
        Planes.search()
            .withTrials(1)
            .withEpochs(1)
            .withProgress(progress -> refusals.add(refusal(Planes.search())));
    run(search);
    assertEquals(1, refusals.size());
    assertTrue(refusals.getFirst().contains("another search writes"), refusals::toString);
    run(search);
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".lock")));
    }
  }

  @Test
  void failedTrialsAreWrittenDownAndNotTriedAgain() throws IOException {
    DevMetric none = DevMetric.of("none", true, (logits, dev, loss) -> Double.NaN);
    Search search = Planes.search().withMetric(none);
    List<String> told = SearchTest.told(run(search));
    List<Trial> trained = new ArrayList<>();
    Search.Result again = run(search.withProgress(of -> trained.add(of.trial())));
    assertEquals(List.of(), trained);
    assertEquals(told, SearchTest.told(again));
    assertEquals(9, Files.readAllLines(journal()).size());
  }
}
