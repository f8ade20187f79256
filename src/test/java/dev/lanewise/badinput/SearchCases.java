package dev.lanewise.badinput;

import static dev.lanewise.badinput.BadInputs.CHECKED;
import static dev.lanewise.badinput.BadInputs.RESULT;

import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.search.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Bad input to the package {@code search}. */
final class SearchCases {

  private static final Learner CLASSES = Learner.classifier("y");
  private static final Space RATE = Space.logUniform("rate", 1e-4, 1);
  private static final Search SEARCH =
      Search.of(CLASSES, List.of(RATE), (learner, values) -> learner);

  private SearchCases() {}

  static Table table() {
    return Table.ofRows(
        List.of("x", "y"),
        IntStream.range(0, 20).mapToObj(i -> List.of(i, i % 2 == 0 ? "a" : "b")).toList());
  }

  static Search search() {
    return SEARCH.withTrials(1).withEpochs(1);
  }

  static void list(BadInputs bad) {
    spaces(bad);
    values(bad);
    methods(bad);
    searches(bad);
    bad.takeAnything(
        RESULT,
        "new Trial.Fit(int, int, double, boolean, List)",
        "new Trial.Rung(int, List, OptionalDouble, Optional, double)",
        "new Search.Progress(Trial, int, int, long)");
  }

  private static void spaces(BadInputs bad) {
    bad.refuses(
        "Space.uniform(String, double, double)", () -> Space.uniform("a", 2, 1), "a: 2.0..1.0");
    bad.refuses(
        "Space.uniform(String, double, double)",
        () -> Space.uniform("a", Double.NaN, 1),
        "a: NaN..1.0");
    bad.refuses(
        "Space.logUniform(String, double, double)",
        () -> Space.logUniform("a", 0, 1),
        "a: 0.0..1.0; expected finite numbers above 0");
    bad.refuses(
        "Space.oneMinusLog(String, double, double)",
        () -> Space.oneMinusLog("a", 0.9, 1),
        "a: 0.9..1.0; expected numbers in [0, 1)");
    bad.refuses("Space.integer(String, int, int)", () -> Space.integer("a", 3, 3), "a: 3.0..3.0");
    bad.refuses("Space.choice(String, String[])", () -> Space.choice("a", "b"), "a: choices [b]");
    bad.refuses(
        "Space.choice(String, String[])", () -> Space.choice("a", "b|c", "d"), "a: choice \"b|c\"");
    bad.refuses("Space.choice(String, String[])", () -> Space.choice("a=", "b", "c"), "\"a=\"");
    bad.refuses("Space.parse(String)", () -> Space.parse("a=b"), "space a=b; expected NAME=log");
    bad.refuses("Space.at(double)", () -> RATE.at(1), "unit: 1.0; expected a place in [0, 1)");
    bad.refuses("Space.place(String)", () -> RATE.place("2"), "value: 2; expected one of rate=log");
  }

  private static void values(BadInputs bad) {
    Values some = Values.of(Map.of("a", "b"));
    bad.refuses("Values.text(String)", () -> some.text("c"), "name: c; expected one of [a]");
    bad.refuses("Values.number(String)", () -> some.number("a"), "a: b; expected a number");
    bad.refuses(
        "Values.integer(String)",
        () -> Values.of(Map.of("a", "1.5")).integer("a"),
        "a: 1.5; expected a whole number");
    bad.takeAnything("any texts are values", "Values.of(Map)");
    bad.takeAnything(BadInputs.QUESTION, "Values.has(String)");
  }

  private static void methods(BadInputs bad) {
    bad.refuses("Search.Method.halving(int)", () -> Search.Method.halving(1), "eta: 1");
    bad.refuses("new Search.Method.Halving(int)", () -> new Search.Method.Halving(0), "eta: 0");
    bad.refuses(
        "Search.Method.coarseToFine(int, double)",
        () -> Search.Method.coarseToFine(0, 0.5),
        "rounds: 0");
    bad.refuses(
        "new Search.Method.CoarseToFine(int, double)",
        () -> new Search.Method.CoarseToFine(2, 1),
        "shrink: 1.0");
    bad.refuses(
        "Search.Method.begins(List, int, long)",
        () -> Search.Method.grid().begins(List.of(RATE), 0, 0),
        "trials: 0");
    bad.refuses(
        "Search.Method.begins(List, int, long)",
        () -> Search.Method.grid().begins(List.of(), 2, 0),
        "spaces: none");
    Search.Budget budget = Search.Budget.unlimited();
    bad.refuses("Search.Budget.withTrials(long)", () -> budget.withTrials(0), "trials: 0");
    bad.refuses("Search.Budget.withEpochs(long)", () -> budget.withEpochs(-1), "epochs: -1");
    bad.refuses(
        "Search.Budget.withTime(Duration)", () -> budget.withTime(Duration.ZERO), "time: PT0S");
    bad.refuses(
        "new Search.Budget(OptionalLong, OptionalLong, Optional)",
        () -> new Search.Budget(OptionalLong.of(0), OptionalLong.empty(), Optional.empty()),
        "trials: 0");
  }

  private static void searches(BadInputs bad) {
    bad.refuses(
        "Search.of(Learner, List, Setup)",
        () -> Search.of(CLASSES, List.of(), (learner, values) -> learner),
        "spaces: none");
    bad.refuses(
        "Search.of(Learner, List, Setup)",
        () -> Search.of(CLASSES, List.of(RATE, RATE), (learner, values) -> learner),
        "spaces: rate stands twice");
    bad.refuses("Search.withTrials(int)", () -> SEARCH.withTrials(0), "count: 0");
    bad.refuses("Search.withEpochs(int)", () -> SEARCH.withEpochs(0), "count: 0");
    bad.refuses("Search.withFolds(int)", () -> SEARCH.withFolds(1), "count: 1");
    bad.refuses("Search.withSurvivors(int)", () -> SEARCH.withSurvivors(0), "count: 0");
    bad.refuses(
        "Search.withParallel(Executor, int)",
        () -> SEARCH.withParallel(Runnable::run, 0),
        "width: 0");
    bad.takeAnything("every number is a seed", "Search.withSeed(long)");
    bad.takeAnything(
        "every task and every preset is good",
        "Search.tabularSpaces(Task)",
        "Search.tabularSetup(Tabular)");
    bad.takeAnything(
        CHECKED,
        "Search.withMethod(Method)",
        "Search.withMetric(DevMetric)",
        "Search.withBudget(Budget)",
        "Search.withProgress(Consumer)");
    bad.refuses(
        "Search.run(Table)",
        () -> SEARCH.run(table().select(new int[0])),
        DataException.class,
        "no rows");
    bad.refuses(
        "Search.run(Table)",
        () ->
            Search.of(
                    CLASSES.withSplit(new Split.Ratios(80, 0, 20)),
                    List.of(RATE),
                    (learner, values) -> learner)
                .run(table()),
        "learner: no dev rows");
    Idx.Images images =
        new Idx.Images("images", new Column.Pixels(1, 1, 1), new byte[2], new byte[] {0, 1});
    bad.refuses("Search.run(Images)", () -> SEARCH.run(images), "learner: no dev rows");
    bad.refuses(
        "Search.run(Table, Path)",
        () -> SEARCH.run(table(), Path.of("target")),
        IOException.class,
        "target: is a folder");
    bad.refuses(
        "Search.run(Images, Path)",
        () -> SEARCH.run(images, Path.of("target", "no such folder", "journal")),
        IOException.class,
        "no such folder");
    Search.Result refused =
        Search.of(
                CLASSES,
                List.of(RATE),
                (learner, values) -> {
                  throw new IllegalArgumentException("refused");
                })
            .withTrials(1)
            .run(table());
    bad.refuses(
        "Search.Result.model(Trial)",
        () -> refused.model(refused.trials().getFirst()),
        "trial: 0 has no score");
  }
}
