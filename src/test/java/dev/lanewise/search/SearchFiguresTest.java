package dev.lanewise.search;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.SharedData;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.train.EarlyStopping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How the methods compare on five data sets, by ten seeds each: the default search with 27
 * trainings of random values, coarse to fine with as many, and the greedy ensemble with its best
 * member. Writes the table to {@code target/search-figures.md}. Rows are drawn, networks small, so
 * that it takes minutes: properties {@code search.rows} and {@code search.seeds} say how many.
 */
@Tag("long")
@Tag("shared")
class SearchFiguresTest {

  private static final int TRIALS = 27;
  private static final int EPOCHS = 81;
  private static final int ROWS = Integer.getInteger("search.rows", 2000);
  private static final int SEEDS = Integer.getInteger("search.seeds", 10);
  private static final long DRAW = CounterRandom.stream("figures");
  private static final Path TABLE = Path.of("target", "search-figures.md");

  private static final Set<String> OF_VALUES = Set.of("california-housing", "kin40k", "abalone");

  /** The usual spaces, with networks that train in milliseconds. */
  private static final List<Space> SPACES =
      Search.usualSpaces().stream()
          .map(
              space ->
                  space.name().equals("hidden")
                      ? Space.choice("hidden", "8", "16", "32", "64", "16,8", "32,16", "64,32")
                      : space)
          .toList();

  /**
   * What one seed gave.
   *
   * @param epochs the epochs after which the default search had reached the best of random values;
   *     infinite if it did not
   * @param ofAll the epochs of the random trainings
   * @param gap the best score of the default search, as a multiple of that of random values
   * @param finer whether coarse to fine found a better score than random values
   * @param combined whether the ensemble is better than its best member on test rows
   */
  private record Found(double epochs, double ofAll, double gap, boolean finer, boolean combined) {}

  private static Table table(String set) throws IOException {
    return Table.csv(
        switch (set) {
          case "digits" -> Path.of("data", "digits.csv");
          case "california-housing" ->
              SharedData.file("data/california-housing/california-housing.csv");
          default -> SharedData.file("data/tabular/%s/train.csv.gz".formatted(set));
        });
  }

  private static String label(String set) {
    return switch (set) {
      case "digits" -> "label";
      case "california-housing" -> "medianHouseValue";
      case "churn" -> "churn";
      default -> "y";
    };
  }

  /** Some rows, other ones for each seed. */
  private static Table drawn(Table all, long seed) {
    long key = CounterRandom.key(seed, DRAW, 0);
    return all.select(
        IntStream.range(0, all.rows())
            .boxed()
            .sorted(
                Comparator.comparingLong(
                    row -> Integer.toUnsignedLong(CounterRandom.word(key, row))))
            .limit(ROWS)
            .mapToInt(Integer::intValue)
            .toArray());
  }

  private static Search search(String set, long seed) {
    Learner learner =
        OF_VALUES.contains(set) ? Learner.regressor(label(set)) : Learner.classifier(label(set));
    Learner whole =
        learner
            .withSeed(seed)
            // never ends before, and the model is that of the best epoch
            .withRecipe(recipe -> recipe.withEarlyStopping(EarlyStopping.patience(EPOCHS)));
    return Search.of(whole, SPACES, Search.usualSetup())
        .withTrials(TRIALS)
        .withEpochs(EPOCHS)
        .withSeed(seed);
  }

  private static Found found(String set, Table all, long seed) {
    Table rows = drawn(all, seed);
    Search.Result random = search(set, seed).withMethod(Search.Method.random()).run(rows);
    double target = random.best().score().orElseThrow();
    double[] reached = {Double.POSITIVE_INFINITY};
    Search.Result halved =
        search(set, seed)
            .withProgress(
                progress -> {
                  if (progress.trial().score().orElse(Double.POSITIVE_INFINITY) <= target) {
                    reached[0] = Math.min(reached[0], progress.epochs());
                  }
                })
            .run(rows);
    Search.Result finer =
        search(set, seed).withMethod(Search.Method.coarseToFine(3, 0.5)).run(rows);
    List<Model> models = random.survivors().stream().map(random::model).toList();
    TrainedModel ensemble =
        GreedyEnsemble.of(models).select(rows.select(random.split().dev())).ensemble();
    Table test = rows.select(random.split().test());
    return new Found(
        reached[0],
        random.epochs(),
        halved.best().score().orElseThrow() / target,
        finer.best().score().orElseThrow() < target,
        loss(ensemble, test) < loss(models.getFirst(), test));
  }

  private static double loss(TrainedModel model, Table rows) {
    return switch (model.evaluate(rows)) {
      case Evaluation.OfClasses of -> of.classification().logLoss();
      case Evaluation.OfValues of -> of.regression().rmse();
    };
  }

  private static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  @Test
  void howTheMethodsCompare() throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "| set | default search: epochs to the best of 27 random trainings, median | epochs"
                    + " of these | seeds that reach it | its best as a multiple, median | coarse to"
                    + " fine better | ensemble better |",
                "|---|---|---|---|---|---|---|"));
    boolean combines = true;
    for (String set : System.getProperty("search.sets", SETS).split(",")) {
      Table all = table(set);
      List<Found> found = new ArrayList<>();
      for (long seed = 0; seed < SEEDS; seed++) {
        found.add(found(set, all, seed));
        System.out.println(set + " " + seed + " " + found.getLast());
      }
      long combined = found.stream().filter(Found::combined).count();
      combines &= combined * 2 > SEEDS;
      double epochs = median(found.stream().mapToDouble(Found::epochs).toArray());
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.0f | %d of %d | %.3f | %d of %d | %d of %d |",
              set,
              Double.isInfinite(epochs) ? "not reached" : "%.0f".formatted(epochs),
              median(found.stream().mapToDouble(Found::ofAll).toArray()),
              found.stream().filter(its -> Double.isFinite(its.epochs())).count(),
              SEEDS,
              median(found.stream().mapToDouble(Found::gap).toArray()),
              found.stream().filter(Found::finer).count(),
              SEEDS,
              combined,
              SEEDS));
    }
    Files.createDirectories(TABLE.getParent());
    Files.write(TABLE, lines);
    assertTrue(combines, () -> String.join("\n", lines));
  }

  private static final String SETS = "digits,california-housing,kin40k,phoneme,churn";
}
