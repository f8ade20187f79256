package dev.lanewise.planted;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Puts the suite on trial: plants the catalogue's bugs one at a time, and sees which test catches
 * each, and when. The sources as they are must pass first.
 *
 * <p>Started by {@code mvn -Pplanted verify}; {@code -Dplanted.bugs=REGEX} takes some of the bugs,
 * {@code -Dplanted.jvms=2} says how many JVMs run side by side, {@code -Dplanted.limit=900} after
 * how many seconds one of them counts as hung. Leaves a table in {@code target/planted.md}, copies
 * and logs in {@code target/planted}.
 */
final class PlantedBugs {

  private static final Path TARGET = Path.of("target");
  private static final Path WORK = TARGET.resolve("planted");
  private static final String UNCHANGED = "unchanged";

  private static final Path TIMES =
      SuiteOrder.timesBeside(WORK.resolve(UNCHANGED).resolve("vector.txt"));

  private final long limit = Long.getLong("planted.limit", 900);

  private PlantedBugs() {}

  /** A bug and what came of it. */
  private record Result(Bug bug, Trial.Verdict verdict) {

    boolean good() {
      return verdict.outcome() == Trial.Outcome.CAUGHT || verdict.outcome() == Trial.Outcome.HUNG;
    }

    String row() {
      String by =
          switch (verdict.outcome()) {
            case CAUGHT -> "`" + verdict.by() + "`";
            case HUNG -> "hung in `" + verdict.by() + "`";
            case SURVIVED -> "**nobody**: passed " + verdict.by();
            case ERROR -> "**error**: " + verdict.by().lines().findFirst().orElse("");
          };
      return "| %s | %s | %.1f |".formatted(bug.id(), by, verdict.seconds());
    }
  }

  /** Tries the bugs; ends with 1 if one was not caught. */
  public static void main(String[] arguments) throws Exception {
    String some = System.getProperty("planted.bugs", "");
    List<Bug> bugs =
        Catalogue.read().stream().filter(b -> some.isBlank() || b.id().matches(some)).toList();
    List<Result> results = new PlantedBugs().results(bugs);
    Files.writeString(TARGET.resolve("planted.md"), table(results));
    System.out.println(summary(results));
    if (results.isEmpty() || !results.stream().allMatch(Result::good)) {
      System.exit(1);
    }
  }

  private List<Result> results(List<Bug> bugs) throws Exception {
    delete(WORK);
    Bug none = new Bug(UNCHANGED, "The sources as they are.", List.of());
    List<Result> results = new ArrayList<>();
    try (ExecutorService jvms =
        Executors.newFixedThreadPool(Integer.getInteger("planted.jvms", 2))) {
      Trial.Verdict clean = trial(none, new SuiteOrder(TIMES));
      System.out.println(UNCHANGED + ": " + clean);
      if (clean.outcome() != Trial.Outcome.SURVIVED) {
        throw new IllegalStateException(
            "the suite fails without a planted bug: %s; expected it to pass".formatted(clean));
      }
      SuiteOrder order = new SuiteOrder(TIMES);
      List<Future<Result>> trials =
          bugs.stream().map(b -> jvms.submit(() -> new Result(b, trial(b, order)))).toList();
      for (Future<Result> trial : trials) {
        results.add(trial.get());
        System.out.println(results.getLast().row());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return results;
  }

  private Trial.Verdict trial(Bug bug, SuiteOrder order) throws IOException, InterruptedException {
    Path folder = WORK.resolve(bug.id());
    Trial.Verdict verdict = new Trial(bug, folder, TARGET, order, limit).verdict();
    delete(folder.resolve("classes"));
    delete(folder.resolve("src"));
    return verdict;
  }

  private static String table(List<Result> results) {
    StringBuilder table = new StringBuilder();
    table.append("| bug | caught by | seconds |\n|---|---|---:|\n");
    results.forEach(r -> table.append(r.row()).append('\n'));
    return table.append('\n').append(summary(results)).append('\n').toString();
  }

  private static String summary(List<Result> results) {
    double[] seconds =
        results.stream()
            .filter(Result::good)
            .mapToDouble(r -> r.verdict().seconds())
            .sorted()
            .toArray();
    return "%d planted bugs: %d caught, %d hung, %d survived, %d errors; seconds to detection: median %.1f, worst %.1f"
        .formatted(
            results.size(),
            count(results, Trial.Outcome.CAUGHT),
            count(results, Trial.Outcome.HUNG),
            count(results, Trial.Outcome.SURVIVED),
            count(results, Trial.Outcome.ERROR),
            seconds.length == 0 ? Double.NaN : seconds[seconds.length / 2],
            seconds.length == 0 ? Double.NaN : seconds[seconds.length - 1]);
  }

  private static long count(List<Result> results, Trial.Outcome outcome) {
    return results.stream().filter(r -> r.verdict().outcome() == outcome).count();
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
