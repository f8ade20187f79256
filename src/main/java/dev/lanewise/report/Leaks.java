package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.learn.LeakCheck;
import dev.lanewise.learn.LeakCheck.Duplicates;
import dev.lanewise.learn.LeakCheck.Pair;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The leaks of a training's rows: what its columns tell alone, and the rows that are in two sets.
 *
 * @param columns the check of the columns by the dev rows, or else the test rows; empty of images
 *     and where there are neither
 * @param unit what a row is called in its file
 * @param duplicates the rows in two sets, by the names of the sets; examples by the numbers that
 *     rows have in their files
 */
public record Leaks(Optional<LeakCheck> columns, String unit, Map<Sets, Duplicates> duplicates) {

  /**
   * Two sets of rows.
   *
   * @param first the one
   * @param second the one whose rows are looked for in the first
   */
  public record Sets(String first, String second) {

    /** Names two sets. */
    public Sets {
      Objects.requireNonNull(first, "first");
      Objects.requireNonNull(second, "second");
    }
  }

  /** Keeps the findings. */
  public Leaks {
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(unit, "unit");
    duplicates = new LinkedHashMap<>(duplicates);
  }

  /**
   * {@return the leaks of a training}
   *
   * @param run the run, which may be closed; of a stream its rows in memory are looked at
   * @param learned what it ended in
   * @param raw the rows of the sets as they stand in their files, by the names of the sets; without
   *     them rows are counted within their sets
   */
  public static Leaks of(Run run, Learned learned, Map<String, RawRows> raw) {
    Map<String, Dataset> sets = new LinkedHashMap<>();
    sets.put("train", run.train());
    run.dev().ifPresent(dev -> sets.put("dev", dev));
    run.test().ifPresent(test -> sets.put("test", test));
    List<String> names = List.copyOf(sets.keySet());
    Map<Sets, Duplicates> duplicates = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        Sets both = new Sets(names.get(i), names.get(j));
        Duplicates found = LeakCheck.duplicates(sets.get(both.first()), sets.get(both.second()));
        duplicates.put(both, numbered(both, found, raw));
      }
    }
    boolean images = run.encoder().columns().getFirst() instanceof Column.Pixels;
    Optional<Dataset> held = images ? Optional.empty() : run.dev().or(run::test);
    return new Leaks(
        held.map(rows -> LeakCheck.of(learned.model(), run.train(), rows, run.recipe().seed())),
        raw.isEmpty() ? "row" : raw.values().iterator().next().unit(),
        duplicates);
  }

  /** {@return the examples with the numbers that the rows have in their files} */
  private static Duplicates numbered(Sets sets, Duplicates duplicates, Map<String, RawRows> raw) {
    List<Pair> examples =
        duplicates.examples().stream()
            .map(
                pair ->
                    new Pair(
                        place(raw.get(sets.first()), pair.first()),
                        place(raw.get(sets.second()), pair.second()),
                        pair.sameLabel()))
            .toList();
    return new Duplicates(duplicates.rows(), duplicates.shared(), duplicates.sameLabel(), examples);
  }

  private static int place(RawRows rows, int row) {
    return rows == null ? row + 1 : Math.toIntExact(rows.place(row));
  }
}
