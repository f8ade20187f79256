package dev.lanewise.planted;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Puts the suite on trial: plants the catalogue's bugs one at a time, and sees which test catches
 * each, and when. The sources with a comment in every file must pass first, in both rounds.
 *
 * <p>Started by {@code mvn -Pplanted verify}; {@code -Dplanted.bugs=REGEX} takes some of the bugs,
 * {@code -Dplanted.jvms=2} says how many JVMs run side by side, {@code -Dplanted.limit=900} after
 * how many seconds one of them counts as hung. Leaves a table in {@code target/planted.md}, copies
 * and logs in {@code target/planted}.
 */
final class PlantedBugs {

  private static final Path TARGET = Path.of("target");
  private static final Path WORK = TARGET.resolve("planted");
  private static final int JVMS = Integer.getInteger("planted.jvms", 2);

  private final long limit = Long.getLong("planted.limit", 900);
  private final BlockingQueue<WarmJvm> warm = new ArrayBlockingQueue<>(JVMS);
  private final Bug harmless = Catalogue.harmless();

  private PlantedBugs() throws IOException {
    for (int i = 0; i < JVMS; i++) {
      Path log = WORK.resolve("quick-%d.log".formatted(i));
      warm.add(new WarmJvm(log, TARGET.resolve("test-classes"), limit));
    }
  }

  /** A bug and what came of it. */
  private record Result(Bug bug, Trial.Verdict verdict) {

    boolean good() {
      return verdict.outcome() == Trial.Outcome.CAUGHT || verdict.outcome() == Trial.Outcome.HUNG;
    }

    boolean survived() {
      return verdict.outcome() == Trial.Outcome.SURVIVED;
    }

    Result after(double seconds) {
      return new Result(
          bug, new Trial.Verdict(verdict.outcome(), verdict.by(), verdict.seconds() + seconds));
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
    Files.createDirectories(WORK);
    try (ExecutorService jvms = Executors.newFixedThreadPool(JVMS)) {
      Path times = SuiteOrder.timesBeside(WORK.resolve(harmless.id()).resolve("quick.txt"));
      expectPassed(jvms.submit(() -> quick(harmless, new SuiteOrder(times))).get());
      SuiteOrder order = new SuiteOrder(times);
      List<Result> quick = all(jvms, bugs, bug -> quick(bug, order));
      if (quick.stream().noneMatch(Result::survived)) {
        return quick;
      }
      System.out.println("What nobody has caught so far faces the suite as in a build.");
      List<Bug> survivors =
          Stream.concat(
                  Stream.of(harmless), quick.stream().filter(Result::survived).map(Result::bug))
              .toList();
      List<Result> thorough = all(jvms, survivors, bug -> thorough(bug, order));
      expectPassed(thorough.getFirst());
      return quick.stream().map(result -> later(result, thorough)).toList();
    } finally {
      for (WarmJvm jvm : warm) {
        jvm.stop();
      }
    }
  }

  private static List<Result> all(
      ExecutorService jvms, List<Bug> bugs, ThrowingFunction<Bug, Result> trial) throws Exception {
    List<Future<Result>> trials =
        bugs.stream().map(bug -> jvms.submit(() -> trial.apply(bug))).toList();
    List<Result> results = new ArrayList<>();
    for (Future<Result> result : trials) {
      results.add(result.get());
    }
    return results;
  }

  private interface ThrowingFunction<A, B> {
    B apply(A argument) throws Exception;
  }

  private static void expectPassed(Result harmless) {
    if (harmless.verdict().outcome() != Trial.Outcome.SURVIVED) {
      throw new IllegalStateException(
          "the suite fails without a planted bug, of comments alone: %s; expected it to pass"
              .formatted(harmless.verdict()));
    }
  }

  /** {@return what the second trial has made of a result of the first, if there was one} */
  private static Result later(Result first, List<Result> second) {
    return second.stream()
        .filter(result -> result.bug().equals(first.bug()))
        .map(result -> result.after(first.verdict().seconds()))
        .findFirst()
        .orElse(first);
  }

  private Result quick(Bug bug, SuiteOrder order) throws Exception {
    Trial trial = new Trial(bug, WORK.resolve(bug.id()), TARGET, order, limit);
    if (trial.onlyVectors()) {
      return new Result(bug, new Trial.Verdict(Trial.Outcome.SURVIVED, "no scalar kernels", 0));
    }
    WarmJvm jvm = warm.take();
    try {
      return told(bug, trial.quick(jvm));
    } catch (IllegalStateException e) {
      return told(bug, new Trial.Verdict(Trial.Outcome.ERROR, e.getMessage(), 0));
    } finally {
      warm.put(jvm);
    }
  }

  private Result thorough(Bug bug, SuiteOrder order) throws Exception {
    Path folder = WORK.resolve(bug.id());
    return told(bug, new Trial(bug, folder, TARGET, order, limit).thorough());
  }

  private static Result told(Bug bug, Trial.Verdict verdict) throws IOException {
    Result result = new Result(bug, verdict);
    System.out.println(result.row());
    if (result.good()) {
      delete(WORK.resolve(bug.id()).resolve("classes"));
    }
    return result;
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
