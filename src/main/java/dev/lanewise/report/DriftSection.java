package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Drift;
import dev.lanewise.learn.Drift.OfColumn;
import dev.lanewise.learn.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far apart the distributions of columns are in training, dev and test rows. */
final class DriftSection {

  private static final int MOST_COLUMNS = 30;

  private DriftSection() {}

  /** {@return the section, without parts of images and where there is one set alone} */
  static Section of(Run run) {
    List<Part> parts = new ArrayList<>();
    if (!(run.encoder().columns().getFirst() instanceof Column.Pixels)) {
      Optional<Dataset> dev = run.dev();
      Optional<Drift> first = dev.map(rows -> Drift.between(run.train(), rows));
      Optional<Drift> second =
          dev.flatMap(rows -> run.test().map(others -> Drift.between(rows, others)));
      Optional<Drift> only =
          dev.isPresent()
              ? Optional.empty()
              : run.test().map(rows -> Drift.between(run.train(), rows));
      add(run, parts, "train–dev", first, "dev–test", second);
      add(run, parts, "train–test", only, "", Optional.empty());
    }
    return new Section("drift", "Drift between the sets", parts);
  }

  private static void add(
      Run run,
      List<Part> parts,
      String firstName,
      Optional<Drift> first,
      String secondName,
      Optional<Drift> second) {
    if (first.isEmpty()) {
      return;
    }
    parts.add(
        new Prose(
            verdict(firstName, first.get(), "a gap between their errors is not all variance")));
    second.ifPresent(
        drift ->
            parts.add(
                new Prose(verdict(secondName, drift, "the wrong rows have chosen the model"))));
    if (run.data().training() instanceof StreamedRows) {
      parts.add(new Prose("Training rows are streamed; the first ones are compared."));
    }
    List<OfColumn> all = new ArrayList<>(first.get().columns());
    Map<String, OfColumn> others = new HashMap<>();
    second.ifPresent(drift -> drift.columns().forEach(of -> others.put(of.column(), of)));
    OfColumn none = new OfColumn("", Double.NaN, Double.NaN);
    all.sort(
        Comparator.comparingDouble(
                (OfColumn of) ->
                    Math.max(
                        of.distance(), second.isEmpty() ? 0 : others.get(of.column()).distance()))
            .reversed());
    List<OfColumn> shown = all.subList(0, Math.min(MOST_COLUMNS, all.size()));
    List<OfColumn> beside =
        shown.stream().map(of -> others.getOrDefault(of.column(), none)).toList();
    String some =
        shown.size() == all.size()
            ? ""
            : " The %d of %d columns that are furthest apart.".formatted(shown.size(), all.size());
    BarChart chart =
        BarChart.of(
                "drift",
                "Distances between the sets, column by column.",
                "The largest difference between two sets' shares of rows up to a value (Kolmogorov"
                    + " and Smirnov); 0 if the distributions are the same, 1 if they do not touch."
                    + some,
                "column",
                shown.stream().map(of -> Texts.cut(of.column())).toList(),
                Axis.of("distance").between(0, 1))
            .lying()
            .bars(firstName, distances(shown));
    second.ifPresent(drift -> chart.bars(secondName, distances(beside)));
    parts.add(chart.chart());
    parts.add(table(shown, beside, firstName, secondName, second.isPresent()));
  }

  private static double[] distances(List<OfColumn> of) {
    return of.stream().mapToDouble(OfColumn::distance).toArray();
  }

  private static String verdict(String name, Drift drift, String consequence) {
    List<OfColumn> shifted = drift.shifted();
    if (shifted.isEmpty()) {
      return "%s: no column is further apart than chance gives once in %.0f tables."
          .formatted(name, 1 / Drift.CHANCE);
    }
    List<String> names = shifted.stream().map(of -> Texts.cut(of.column())).toList();
    String some =
        names.size() > 10
            ? String.join(", ", names.subList(0, 10)) + ", and %d more".formatted(names.size() - 10)
            : String.join(", ", names);
    return "%s: %s come from another distribution; %s.".formatted(name, some, consequence);
  }

  private static Grid table(
      List<OfColumn> shown, List<OfColumn> beside, String first, String second, boolean both) {
    List<String> header = new ArrayList<>(List.of("column", first, "by chance"));
    if (both) {
      header.addAll(List.of(second, "by chance "));
    }
    List<List<Json>> rows = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(Texts.cut(shown.get(i).column())));
      row.add(Texts.cell(shown.get(i).distance()));
      row.add(Texts.cell(shown.get(i).probability()));
      if (both) {
        row.add(Texts.cell(beside.get(i).distance()));
        row.add(Texts.cell(beside.get(i).probability()));
      }
      rows.add(row);
    }
    return new Grid(header, rows);
  }
}
