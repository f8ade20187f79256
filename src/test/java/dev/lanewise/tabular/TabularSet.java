package dev.lanewise.tabular;

import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A set with fixed rows: a folder of {@code train.csv.gz}, {@code dev.csv.gz} and {@code
 * test.csv.gz}.
 *
 * @param peers what others reach on the test rows, by their names
 */
record TabularSet(Path folder, String name, Task task, String label, Map<String, Score> peers) {

  /**
   * The rows of a set that scores are of. Choices are made by dev rows; test rows are read when all
   * choices have been made, and otherwise not even opened.
   */
  enum Part {
    DEV,
    TEST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A set in memory.
   *
   * @param learner trains on all rows of {@code train}, stops by dev rows, and holds the test rows
   *     if they are asked for
   */
  record Loaded(TabularSet set, Table train, Learner learner) {}

  /**
   * {@return the sets that a README describes by its tables} A table whose second column is {@code
   * task} says what there is, those whose second column is {@code linear} what others reach.
   *
   * @param suite the folder of the README, with a folder for each set
   */
  static List<TabularSet> in(Path suite) throws IOException {
    Map<String, TabularSet> sets = new LinkedHashMap<>();
    List<String> header = List.of();
    for (String line : Files.readAllLines(suite.resolve("README.md"))) {
      if (!line.startsWith("|")) {
        header = List.of();
        continue;
      }
      List<String> cells =
          Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
      if (header.isEmpty()) {
        header = cells;
      } else if (!cells.getFirst().startsWith("---")) {
        add(sets, suite, header, cells);
      }
    }
    return List.copyOf(sets.values());
  }

  private static void add(
      Map<String, TabularSet> sets, Path suite, List<String> header, List<String> cells) {
    String name = cells.getFirst();
    switch (header.get(1)) {
      case "task" -> {
        Task task = Task.valueOf(cells.get(1).toUpperCase(Locale.ROOT));
        sets.put(
            name,
            new TabularSet(suite.resolve(name), name, task, cells.get(2), new LinkedHashMap<>()));
      }
      case "linear" -> {
        for (int column = 1; column < header.size(); column++) {
          sets.get(name).peers.put(header.get(column), Score.parse(cells.get(column)));
        }
      }
      default -> {}
    }
  }

  /** {@return the sets of some names, in the order of these} */
  static List<TabularSet> named(List<TabularSet> sets, List<String> names) {
    List<TabularSet> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          sets.stream()
              .filter(set -> set.name.equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "set %s; expected one of %s"
                              .formatted(name, sets.stream().map(TabularSet::name).toList()))));
    }
    return chosen;
  }

  /** {@return what the error of a score is} */
  String measure() {
    return task == Task.REGRESS ? "RMSE" : "log-loss";
  }

  /** {@return the rows, those of the test only if they are to be judged by} */
  Loaded load(Part judged) throws IOException {
    Table train = Table.csv(folder.resolve("train.csv.gz"));
    Learner plain = task == Task.REGRESS ? Learner.regressor(label) : Learner.classifier(label);
    Learner learner =
        plain
            .withSplit(new Split.Ratios(100, 0, 0))
            .withDev(Table.csv(folder.resolve("dev.csv.gz")));
    return new Loaded(
        this,
        train,
        judged == Part.TEST ? learner.withTest(Table.csv(folder.resolve("test.csv.gz"))) : learner);
  }
}
