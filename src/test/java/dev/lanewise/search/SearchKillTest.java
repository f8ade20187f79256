package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A search whose process is killed at any moment, without notice, goes on from its journal to the
 * lines that it would have had, and trains no rung of a trial again that is written down.
 */
final class SearchKillTest {

  @TempDir Path folder;

  private Path journal() {
    return folder.resolve("j.jsonl");
  }

  private static Search search() {
    return Planes.search().withMethod(Search.Method.halving(3)).withTrials(27).withEpochs(27);
  }

  /** The search in a process of its own, by two threads. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws IOException {
      try (ExecutorService two = Executors.newFixedThreadPool(2)) {
        search().withParallel(two, 2).run(Planes.table(), Path.of(arguments[0]));
      }
    }
  }

  @Test
  void aSearchThatIsKilledGoesOnToTheSameLines() throws Exception {
    killed(3);
  }

  @Tag("long")
  @Test
  void aSearchThatIsKilledTwentyTimesGoesOnToTheSameLines() throws Exception {
    killed(20);
  }

  private void killed(int kills) throws Exception {
    Path whole = folder.resolve("whole.jsonl");
    byte[] model = search().run(Planes.table(), whole).learned().model().toBytes();
    List<String> lines = JournalTest.sorted(whole);
    long seed = Long.getLong("lanewise.fuzz.first", 0);
    for (int kill = 0; kill < kills; kill++) {
      Random random = new Random(seed + kill);
      for (int time = 0; time < 1 + kill % 2; time++) {
        kill(random);
      }
      long there = written();
      List<Trial> trained = new ArrayList<>();
      Search.Result result =
          search()
              .withProgress(reached -> trained.add(reached.trial()))
              .run(Planes.table(), journal());
      String which = "seed %d, %d lines".formatted(seed + kill, there);
      assertEquals(lines, JournalTest.sorted(journal()), which);
      assertEquals(lines.size() - there, trained.size() + (there == 0 ? 1 : 0), which);
      assertArrayEquals(model, result.learned().model().toBytes(), which);
      assertEquals(names("whole.jsonl.trials"), names("j.jsonl.trials"), which);
      Files.delete(journal());
    }
  }

  /** {@return the whole lines of the journal} */
  private long written() throws IOException {
    return Files.readString(journal()).chars().filter(c -> c == '\n').count();
  }

  private List<String> names(String trials) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(trials))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("trial-"))
          .sorted()
          .toList();
    }
  }

  private void kill(Random random) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Program.class.getName()));
    command.add(journal().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (process.isAlive() && !Files.exists(journal())) {
      Thread.sleep(1);
    }
    process.waitFor(random.nextInt(2_000_000), TimeUnit.MICROSECONDS);
    process.destroyForcibly().waitFor();
  }
}
