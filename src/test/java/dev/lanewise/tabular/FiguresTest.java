package dev.lanewise.tabular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Roles.Task;
import dev.lanewise.tabular.TabularSet.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The measure itself, on made-up sets and figures. */
final class FiguresTest {

  private static final String README =
      """
      | set | task | label | features |
      |---|---|---|---|
      | heat | regress | y | 1 |
      | side | classify | y | 1 |

      RMSE:

      | set | linear | trees |
      |---|---|---|
      | heat | 2.5 | 1113.5 |

      accuracy / log-loss / AUC:

      | set | linear | trees |
      |---|---|---|
      | side | 0.75 / 0.4769 / 0.8080 | 0.8881 / 0.2983 / 0.9464 |

      | set | measure | ours |
      |---|---|---|
      | heat | RMSE | 1 |
      """;

  private static final Variants TWO =
      new Variants(Map.of())
          .with("brief", plain -> plain.withRecipe(recipe -> recipe.withEpochs(2)))
          .with("briefer", plain -> plain.withRecipe(recipe -> recipe.withEpochs(1)));

  @TempDir private Path suite;

  /** Two sets, whose test rows are still missing. */
  @BeforeEach
  void write() throws IOException {
    Files.writeString(suite.resolve("README.md"), README);
    for (String part : List.of("train", "dev")) {
      rows("heat", part, "1.5", "3.25");
      rows("side", part, "left", "right");
    }
  }

  private void rows(String set, String part, String low, String high) throws IOException {
    Path folder = Files.createDirectories(suite.resolve(set));
    StringBuilder text = new StringBuilder("x,y\n");
    for (int row = 0; row < 12; row++) {
      text.append(row).append(',').append(row < 6 ? low : high).append('\n');
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(part + ".csv.gz")))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private Trainings trainings(Part judged, int seeds, int atOnce, Path journal) throws IOException {
    return new Trainings(
        TWO,
        TabularSet.in(suite),
        seeds,
        judged,
        atOnce,
        Optional.ofNullable(journal),
        result -> {});
  }

  @Test
  void aReadmeSaysWhatSetsThereAreAndWhatOthersReach() throws IOException {
    List<TabularSet> sets = TabularSet.in(suite);
    assertEquals(
        List.of(
            new TabularSet(
                suite.resolve("heat"),
                "heat",
                Task.REGRESS,
                "y",
                Map.of("linear", value(2.5), "trees", value(1113.5))),
            new TabularSet(
                suite.resolve("side"),
                "side",
                Task.CLASSIFY,
                "y",
                Map.of("linear", classes(0.4769, 0.75), "trees", classes(0.2983, 0.8881)))),
        sets);
  }

  @Test
  void testRowsAreOpenedOnlyIfTheyAreAskedFor() throws Exception {
    assertEquals(4, trainings(Part.DEV, 1, 1, null).run().size());
    assertThrows(NoSuchFileException.class, () -> trainings(Part.TEST, 1, 1, null).run());
    rows("heat", "test", "100", "100");
    rows("side", "test", "left", "right");
    List<Result> results = trainings(Part.TEST, 1, 1, null).run();
    assertTrue(results.getFirst().score().error() > 90, results::toString);
  }

  @Test
  void everySeedOfEveryVariantIsATrainingOfItsOwn() throws Exception {
    List<Result> results = trainings(Part.DEV, 3, 1, null).run();
    assertEquals(12, results.size());
    assertEquals(12, results.stream().map(result -> result.score().error()).distinct().count());
    results.forEach(
        result -> assertEquals(result.variant().equals("brief") ? 2 : 1, result.epochs()));
  }

  @Test
  void scoresDoNotDependOnHowManyTrainingsRunAtOnce() throws Exception {
    assertEquals(scores(trainings(Part.DEV, 2, 1, null)), scores(trainings(Part.DEV, 2, 3, null)));
  }

  private static List<Score> scores(Trainings trainings) throws Exception {
    return trainings.run().stream().map(Result::score).toList();
  }

  @Test
  void aJournalIsContinuedAndNotRepeated() throws Exception {
    Path journal = suite.resolve("journal.csv");
    List<Result> one = trainings(Part.DEV, 1, 1, journal).run();
    List<Result> two = trainings(Part.DEV, 2, 2, journal).run();
    assertEquals(1 + 8, Files.readAllLines(journal).size());
    assertEquals(
        scoresOf(one), scoresOf(two.stream().filter(result -> result.seed() == 0).toList()));
    assertThrows(IllegalArgumentException.class, () -> trainings(Part.TEST, 1, 1, journal).run());
  }

  private static List<Score> scoresOf(List<Result> results) {
    return results.stream().map(Result::score).toList();
  }

  @Test
  void aFailureNamesTheTraining() throws IOException {
    Variants broken =
        new Variants(Map.of()).with("broken", plain -> plain.withIgnored("no such column"));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () ->
                new Trainings(
                        broken,
                        TabularSet.in(suite),
                        1,
                        Part.DEV,
                        1,
                        Optional.empty(),
                        result -> {})
                    .run());
    assertTrue(e.getMessage().startsWith("broken, heat, seed 0: "), e::getMessage);
  }

  @Test
  void unknownNamesAreRefusedWithThoseThereAre() throws IOException {
    List<TabularSet> sets = TabularSet.in(suite);
    assertEquals(
        "set warmth; expected one of [heat, side]",
        refused(() -> TabularSet.named(sets, List.of("side", "warmth"))));
    assertEquals(
        "variant brie; expected one of [brief, briefer]",
        refused(() -> TWO.named(List.of("brie"))));
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  /**
   * By the mean of the seeds; a set won with fewer classes right is named, and a tie is not won.
   */
  @Test
  void aSetIsWonByTheMeanError() throws IOException {
    Figures figures =
        figures(
            Part.TEST,
            result("one", "heat", 0, value(1)),
            result("one", "heat", 1, value(4)),
            result("one", "side", 0, classes(0.25, 0.875)),
            result("one", "side", 1, classes(0.25, 0.875)),
            result("two", "heat", 0, value(2)),
            result("two", "heat", 1, value(2)),
            result("two", "side", 0, classes(0.5, 1)),
            result("two", "side", 1, classes(0.25, 1)));
    assertEquals("2 of 2, less accurate on side", figures.won("one", "trees").toString());
    assertEquals(1, figures.won("one", "trees").clearly());
    assertEquals(0, figures.won("one", "two").clearly());
    assertEquals(List.of("heat"), figures.won("two", "one").sets());
    assertEquals(List.of("side"), figures.won("one", "linear").sets());
    assertEquals((-0.25 + 1 / 3.0) / 2, figures.medianGain("one", "two"), 1e-15);
  }

  @Test
  void othersAreNotComparedWithByDevRows() throws IOException {
    Figures figures =
        figures(
            Part.DEV,
            result("one", "heat", 0, value(1)),
            result("one", "side", 0, classes(0.25, 1)));
    assertThrows(IllegalArgumentException.class, () -> figures.won("one", "trees"));
    String printed = figures.toString();
    assertTrue(printed.contains("| set | measure | one | linear (test) | trees (test) |"), printed);
    assertTrue(printed.contains("| heat | RMSE | 1.0000 | 2.5000 | 1113.5 |"), printed);
    assertTrue(
        printed.contains("| side | log-loss | 0.2500 (1.0000) | 0.4769 (0.7500) |"), printed);
  }

  @Test
  void errorsChangeSeedBySeed() throws IOException {
    List<Result> results = new ArrayList<>();
    for (int seed = 0; seed < 2; seed++) {
      results.add(result("whole", "heat", seed, value(seed == 0 ? 1 : 100)));
      results.add(result("less", "heat", seed, value(seed == 0 ? 1.1 : 130)));
      results.add(result("whole", "side", seed, classes(0.5, 1)));
      results.add(result("less", "side", seed, classes(0.25, 1)));
    }
    Figures figures = figures(Part.DEV, results.toArray(Result[]::new));
    String printed = figures.changes();
    assertTrue(printed.contains("| less | +20.0 % ± 10.0 | -50.0 % ± 0.0 | -22.5 % |"), printed);
  }

  private Figures figures(Part judged, Result... results) throws IOException {
    return new Figures(TabularSet.in(suite), List.of(results), judged);
  }

  private static Result result(String variant, String set, long seed, Score score) {
    Result result = new Result(variant, set, seed, score, 1, 2, 0.25);
    assertEquals(result, Result.parse(result.line()));
    return result;
  }

  private static Score value(double rmse) {
    return new Score(rmse, OptionalDouble.empty());
  }

  private static Score classes(double logLoss, double accuracy) {
    return new Score(logLoss, OptionalDouble.of(accuracy));
  }
}
