package dev.lanewise.tabular;

import dev.lanewise.SharedData;
import dev.lanewise.tabular.TabularSet.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program that measures presets on the sets of the shared folder, and the pieces of one. System
 * properties say what: {@code tabular.variants} and {@code tabular.sets}, names with commas between
 * (all; for an ablation four sets); {@code tabular.seeds} (1); {@code tabular.parallel}, trainings
 * at once (1); {@code tabular.journal}, a file that keeps results and continues what was ended;
 * {@code tabular.final=true} for scores of test rows.
 */
final class TabularFigures {

  private static final List<String> FOUR = List.of("kin40k", "abalone", "phoneme", "churn");

  private TabularFigures() {}

  /**
   * Prints the figures.
   *
   * @param args {@code ablation} for that of the pieces, {@code costs} for seconds, nothing for the
   *     scores of presets
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.out.println(
        switch (args.length == 0 ? "" : args[0]) {
          case "ablation" -> ablation().changes();
          case "costs" -> costs();
          default -> presets();
        });
  }

  /** {@return the figures of the presets} */
  static Figures presets() throws IOException, InterruptedException {
    Part judged = Boolean.getBoolean("tabular.final") ? Part.TEST : Part.DEV;
    return measured(Variants.PRESETS, List.of(), judged);
  }

  /** {@return the figures of the pieces, always of dev rows, as they say what to choose} */
  static Figures ablation() throws IOException, InterruptedException {
    return measured(Variants.ABLATION, FOUR, Part.DEV);
  }

  /** {@return what the presets cost, a line for each and each set} */
  static String costs() throws IOException {
    StringBuilder lines = new StringBuilder();
    Variants variants = chosen(Variants.PRESETS);
    for (TabularSet set : sets(List.of())) {
      for (String variant : variants.byName().keySet()) {
        lines.append(TabularCosts.line(variant, variants.byName().get(variant), set)).append('\n');
      }
    }
    return lines.toString();
  }

  private static List<TabularSet> sets(List<String> usual) throws IOException {
    List<TabularSet> suite = TabularSet.in(SharedData.file("data/tabular"));
    List<String> names = names("tabular.sets", usual);
    return names.isEmpty() ? suite : TabularSet.named(suite, names);
  }

  private static Variants chosen(Variants all) {
    return all.named(names("tabular.variants", new ArrayList<>(all.byName().keySet())));
  }

  private static Figures measured(Variants all, List<String> usual, Part judged)
      throws IOException, InterruptedException {
    List<TabularSet> sets = sets(usual);
    Variants variants = chosen(all);
    Optional<Path> journal =
        Optional.ofNullable(System.getProperty("tabular.journal")).map(Path::of);
    List<Result> results =
        new Trainings(
                variants,
                sets,
                Integer.getInteger("tabular.seeds", 1),
                judged,
                Integer.getInteger("tabular.parallel", 1),
                journal,
                result -> System.out.println(result.line()))
            .run();
    return new Figures(sets, results, judged);
  }

  private static List<String> names(String property, List<String> usual) {
    String given = System.getProperty(property, "");
    return given.isEmpty() ? usual : List.of(given.split(","));
  }
}
