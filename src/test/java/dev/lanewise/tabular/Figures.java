package dev.lanewise.tabular;

import dev.lanewise.tabular.TabularSet.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The figures of some trainings: mean scores of variants beside what others reach, how many sets
 * are won, and by how much errors fall. Prints as tables in Markdown.
 */
final class Figures {

  private final List<TabularSet> sets;
  private final List<String> variants;
  private final List<Result> results;
  private final Part judged;

  /**
   * @param results one for each variant, set and seed
   */
  Figures(List<TabularSet> sets, List<Result> results, Part judged) {
    this.sets = List.copyOf(sets);
    this.variants = results.stream().map(Result::variant).distinct().toList();
    this.results = List.copyOf(results);
    this.judged = judged;
  }

  List<TabularSet> sets() {
    return sets;
  }

  List<String> variants() {
    return variants;
  }

  /** The sets in which a variant is ahead of a rival, and what is worse in some of them. */
  record Won(List<String> sets, List<String> lessAccurate, int of) {

    /** {@return the number of sets won with at least as many classes right} */
    int clearly() {
      return sets.size() - lessAccurate.size();
    }

    @Override
    public String toString() {
      return "%d of %d%s"
          .formatted(
              sets.size(),
              of,
              lessAccurate.isEmpty()
                  ? ""
                  : ", less accurate on " + String.join(" and ", lessAccurate));
    }
  }

  /** {@return the mean over all seeds} */
  Score score(String variant, TabularSet set) {
    return Score.mean(of(variant, set).map(Result::score).toList());
  }

  private Stream<Result> of(String variant, TabularSet set) {
    return results.stream().filter(r -> r.variant().equals(variant) && r.set().equals(set.name()));
  }

  /**
   * {@return the sets that a variant wins from a rival, by the mean error}
   *
   * @param rival another variant, or one of the others if test rows are judged
   */
  Won won(String variant, String rival) {
    List<String> ahead = new ArrayList<>();
    List<String> lessAccurate = new ArrayList<>();
    for (TabularSet set : sets) {
      Score ours = score(variant, set);
      Score theirs = rival(rival, set);
      if (ours.aheadOf(theirs)) {
        ahead.add(set.name());
        if (ours.lessAccurateThan(theirs)) {
          lessAccurate.add(set.name());
        }
      }
    }
    return new Won(ahead, lessAccurate, sets.size());
  }

  private Score rival(String name, TabularSet set) {
    if (variants.contains(name)) {
      return score(name, set);
    }
    if (judged != Part.TEST) {
      throw new IllegalArgumentException(
          "%s: known on test rows; expected a variant, as dev rows are judged".formatted(name));
    }
    return set.peers().get(name);
  }

  /** {@return the median over the sets of the share by which an error is lower than another} */
  double medianGain(String variant, String than) {
    return median(
        sets.stream()
            .mapToDouble(s -> 1 - score(variant, s).error() / score(than, s).error())
            .toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * A share by which errors change.
   *
   * @param standardError of the mean over the seeds; NaN for one seed
   */
  record Change(double mean, double standardError) {

    static Change of(double[] shares) {
      double mean = Arrays.stream(shares).average().orElseThrow();
      double squares = Arrays.stream(shares).map(x -> (x - mean) * (x - mean)).sum();
      return new Change(mean, Math.sqrt(squares / (shares.length - 1) / shares.length));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%+.1f %%", 100 * mean)
          + (Double.isNaN(standardError)
              ? ""
              : String.format(Locale.ROOT, " ± %.1f", 100 * standardError));
    }
  }

  /** {@return how the error of a variant differs from another's, seed by seed} */
  Change change(String variant, String from, TabularSet set) {
    List<Result> ours = of(variant, set).toList();
    return Change.of(
        ours.stream()
            .mapToDouble(
                result ->
                    result.score().error()
                            / results.stream()
                                .filter(r -> r.isOf(from, set.name(), result.seed()))
                                .findFirst()
                                .orElseThrow()
                                .score()
                                .error()
                        - 1)
            .toArray());
  }

  /**
   * {@return a table of how errors change against the first variant: a row each, a column a set}
   */
  String changes() {
    String base = variants.getFirst();
    List<String> header = new ArrayList<>(List.of("error against " + base));
    sets.forEach(set -> header.add(set.name()));
    header.add("geometric mean");
    List<List<String>> rows = new ArrayList<>();
    for (String variant : variants.subList(1, variants.size())) {
      List<Change> changes = sets.stream().map(set -> change(variant, base, set)).toList();
      List<String> row = new ArrayList<>(List.of(variant));
      changes.forEach(change -> row.add(change.toString()));
      double logs =
          changes.stream().mapToDouble(change -> Math.log1p(change.mean())).average().orElseThrow();
      row.add(new Change(Math.expm1(logs), Double.NaN).toString());
      rows.add(row);
    }
    return title() + table(header, rows);
  }

  private String title() {
    long seeds = results.stream().mapToLong(Result::seed).distinct().count();
    return "%nScores of %s rows, mean of %d seed%s.%n%n"
        .formatted(judged, seeds, seeds == 1 ? "" : "s");
  }

  private Set<String> peers() {
    return sets.stream()
        .map(TabularSet::peers)
        .map(Map::keySet)
        .flatMap(Collection::stream)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * {@return two tables: the scores, and what is won} What others reach is known on test rows:
   * where dev rows are judged it stands beside, and wins are counted among the variants alone.
   */
  @Override
  public String toString() {
    return title() + scores() + System.lineSeparator() + wins();
  }

  private String scores() {
    List<String> header = new ArrayList<>(List.of("set", "measure"));
    header.addAll(variants);
    peers().forEach(peer -> header.add(judged == Part.TEST ? peer : peer + " (test)"));
    List<List<String>> rows = new ArrayList<>();
    for (TabularSet set : sets) {
      List<String> row = new ArrayList<>(List.of(set.name(), set.measure()));
      variants.forEach(variant -> row.add(cell(score(variant, set))));
      peers().forEach(peer -> row.add(cell(set.peers().get(peer))));
      rows.add(row);
    }
    return table(header, rows);
  }

  /** {@return the error to five digits, with the accuracy behind it} */
  private static String cell(Score score) {
    double error = score.error();
    String number =
        error >= 1e5
            ? String.format(Locale.ROOT, "%.0f", error)
            : String.format(
                Locale.ROOT, "%." + (4 - (int) Math.floor(Math.log10(error))) + "f", error);
    return score.accuracy().isPresent()
        ? String.format(Locale.ROOT, "%.4f (%.4f)", error, score.accuracy().getAsDouble())
        : number;
  }

  private String wins() {
    List<String> rivals = new ArrayList<>(judged == Part.TEST ? peers() : Set.of());
    String base = variants.getFirst();
    if (variants.size() > 1) {
      rivals.add(base);
    }
    List<String> header = new ArrayList<>(List.of("variant"));
    rivals.forEach(rival -> header.add("ahead of " + rival));
    header.add("median error lower than " + base);
    header.add("seconds a seed, all sets");
    List<List<String>> rows = new ArrayList<>();
    for (String variant : variants) {
      List<String> row = new ArrayList<>(List.of(variant));
      for (String rival : rivals) {
        row.add(rival.equals(variant) ? "" : won(variant, rival).toString());
      }
      row.add(
          variant.equals(base)
              ? ""
              : String.format(Locale.ROOT, "%.1f %%", 100 * medianGain(variant, base)));
      double seconds =
          sets.stream()
              .mapToDouble(
                  set -> of(variant, set).mapToDouble(Result::seconds).average().orElseThrow())
              .sum();
      row.add(String.format(Locale.ROOT, "%.0f", seconds));
      rows.add(row);
    }
    return table(header, rows);
  }

  private static String table(List<String> header, List<List<String>> rows) {
    List<String> rule = IntStream.range(0, header.size()).mapToObj(column -> "---").toList();
    return Stream.concat(Stream.of(header, rule), rows.stream())
        .map(cells -> "| " + String.join(" | ", cells) + " |" + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
