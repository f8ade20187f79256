package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.learn.LeakCheck;
import dev.lanewise.learn.LeakCheck.Duplicates;
import dev.lanewise.learn.LeakCheck.OfColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Columns that tell the label alone, rows that are in two sets, columns that tell nothing. */
final class LeakSection {

  private static final int MOST_COLUMNS = 20;
  private static final int MOST_NAMES = 20;

  private LeakSection() {}

  /** {@return the section, without parts where there are training rows alone} */
  static Section of(Leaks leaks) {
    List<Part> parts = new ArrayList<>();
    leaks.columns().ifPresent(check -> add(check, parts));
    if (!leaks.duplicates().isEmpty()) {
      parts.add(new Prose("Rows in two sets, equal in all features as the network gets them:"));
      parts.add(counts(leaks.duplicates()));
      examples(leaks, parts);
    }
    return new Section("leaks", "Leak check", parts);
  }

  private static void add(LeakCheck check, List<Part> parts) {
    List<OfColumn> suspects = check.suspects();
    parts.add(
        new Prose(
            suspects.isEmpty()
                ? "No column alone is nearly as good as the model."
                : "Nearly as good as the model alone: %s. Is it known before the label is?"
                    .formatted(names(suspects.stream().map(OfColumn::column).toList()))));
    if (!check.constant().isEmpty()) {
      parts.add(
          new Prose("One value in all training rows: %s.".formatted(names(check.constant()))));
    }
    if (!check.idLike().isEmpty()) {
      parts.add(new Prose("All values differ, as ids do: %s.".formatted(names(check.idLike()))));
    }
    if (!check.columns().isEmpty()) {
      parts.add(chart(check));
    }
  }

  private static String names(List<String> columns) {
    String some =
        String.join(
            ", ",
            columns.subList(0, Math.min(MOST_NAMES, columns.size())).stream()
                .map(Texts::cut)
                .toList());
    int more = columns.size() - MOST_NAMES;
    return more > 0 ? "%s, and %d more".formatted(some, more) : some;
  }

  private static Chart chart(LeakCheck check) {
    List<OfColumn> all = check.columns();
    List<OfColumn> shown = all.subList(0, Math.min(MOST_COLUMNS, all.size()));
    List<String> names = new ArrayList<>(List.of("the model"));
    shown.forEach(of -> names.add(Texts.cut(of.column())));
    double[] explained = new double[names.size()];
    explained[0] = check.explainedByModel();
    for (int i = 0; i < shown.size(); i++) {
      explained[i + 1] = shown.get(i).explained();
    }
    String some =
        shown.size() == all.size()
            ? ""
            : " The %d of %d columns that explain most.".formatted(shown.size(), all.size());
    String rows =
        check.rowsLookedAt() < check.heldOutRows()
            ? " By %d of %d held-out rows, spread over all."
                .formatted(check.rowsLookedAt(), check.heldOutRows())
            : "";
    return BarChart.of(
            "single-columns",
            "What each column explains alone.",
            "The share of the label's variance in held-out rows that a column explains alone, by"
                + " the mean label of the training rows with a like value, beside the share that"
                + " the model explains with all columns."
                + some
                + rows,
            "column",
            names,
            Axis.of("share explained"))
        .lying()
        .bars("explained", explained)
        .chart();
  }

  private static Grid counts(Map<Leaks.Sets, Duplicates> duplicates) {
    List<List<Json>> rows = new ArrayList<>();
    duplicates.forEach(
        (sets, of) ->
            rows.add(
                List.of(
                    Grid.cell(
                        "%s rows that are %s rows too".formatted(sets.second(), sets.first())),
                    Grid.cell(of.shared()),
                    Grid.cell(of.sameLabel()),
                    Grid.cell(of.rows()))));
    return new Grid(List.of("sets", "rows", "with the same label", "of"), rows);
  }

  private static void examples(Leaks leaks, List<Part> parts) {
    List<List<Json>> rows = new ArrayList<>();
    leaks
        .duplicates()
        .forEach(
            (sets, of) ->
                of.examples()
                    .forEach(
                        pair ->
                            rows.add(
                                List.of(
                                    Grid.cell(sets.second()),
                                    Grid.cell(pair.second()),
                                    Grid.cell(sets.first()),
                                    Grid.cell(pair.first()),
                                    Grid.cell(pair.sameLabel() ? "the same" : "another")))));
    if (!rows.isEmpty()) {
      parts.add(new Prose("Some of them, by their place in their file:"));
      parts.add(
          new Grid(List.of("set", leaks.unit(), "is in", "as " + leaks.unit(), "label"), rows));
    }
  }
}
