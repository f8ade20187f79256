package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What was trained, on what, by what, and how the result scores. */
final class TrainedSection {

  private static final int MOST_COLUMNS = 40;
  private static final int MOST_CLASSES = 20;
  private static final int MOST_LINES = 60;

  private final Run run;
  private final Learned learned;
  private final Provenance provenance;
  private final Model model;

  TrainedSection(Run run, Learned learned, Provenance provenance) {
    this.run = run;
    this.learned = learned;
    this.provenance = provenance;
    model = learned.model();
  }

  private String source() {
    return provenance.entries().getOrDefault("data", "rows");
  }

  String title() {
    return "Training on " + source();
  }

  String summary() {
    int layers = model.network().dense().size();
    return String.format(
        Locale.ROOT,
        "A network of %d layer%s and %d trained numbers, on %d rows for %d epochs; the model is"
            + " that of epoch %d.",
        layers,
        layers == 1 ? "" : "s",
        model.network().layout().trained(),
        run.data().training().rows(),
        epochs(),
        learned.bestEpoch());
  }

  private int epochs() {
    return learned.epochs().isEmpty() ? learned.bestEpoch() : learned.epochs().getLast().number();
  }

  Section section() {
    List<Part> parts = new ArrayList<>();
    parts.add(scores());
    parts.add(facts());
    columns(parts);
    return new Section("trained", "What was trained", parts);
  }

  private Grid scores() {
    Set<String> names = new LinkedHashSet<>();
    learned.evaluations().values().forEach(of -> names.addAll(of.scores().keySet()));
    List<String> header = new ArrayList<>(List.of("set", "rows"));
    header.addAll(names);
    List<List<Json>> rows = new ArrayList<>();
    learned
        .evaluations()
        .forEach(
            (set, of) -> {
              List<Json> row = new ArrayList<>(List.of(Grid.cell(set), Grid.cell(of.rows())));
              names.forEach(name -> row.add(Grid.cell(of.scores().getOrDefault(name, Double.NaN))));
              rows.add(row);
            });
    return new Grid(header, rows);
  }

  private Facts facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("rows", rows());
    facts.put("inputs", inputs());
    facts.put("target", target());
    facts.put("network", network());
    facts.put("recipe", RecipeWords.of(run.recipe().toString()));
    facts.put("epochs", epochs() + ", the model is that of epoch " + learned.bestEpoch());
    Engine engine = run.engine();
    facts.put("kernels", engine.toString());
    facts.put("parametersSha256", model.parametersSha256());
    facts.put("provenance", new Provenance(RecipeWords.of(provenance)).toString());
    return new Facts(facts);
  }

  private String network() {
    List<String> lines = model.network().toString().lines().toList();
    if (lines.size() <= MOST_LINES) {
      return String.join("\n", lines);
    }
    List<String> some = new ArrayList<>(lines.subList(0, MOST_LINES / 2));
    some.add("… %d lines more …".formatted(lines.size() - MOST_LINES));
    some.addAll(lines.subList(lines.size() - MOST_LINES / 2, lines.size()));
    return String.join("\n", some);
  }

  private String rows() {
    List<String> sets = new ArrayList<>();
    learned.evaluations().forEach((set, of) -> sets.add(of.rows() + " " + set));
    String streamed =
        run.data().training() instanceof StreamedRows rows
            ? "; training rows are streamed, through a buffer of %d".formatted(rows.bufferRows())
            : "";
    return String.join(", ", sets) + streamed;
  }

  private String inputs() {
    Encoder encoder = run.encoder();
    long features = encoder.columns().stream().filter(c -> c.encodedColumns() > 0).count();
    String from =
        encoder.columns().getFirst() instanceof Column.Pixels pixels
            ? "images of " + pixels
            : features + (features == 1 ? " column" : " columns");
    return "%d, from %s%s"
        .formatted(
            encoder.encodedColumns(),
            from,
            encoder.standardizer().map(TrainedSection::scale).orElse(""));
  }

  private static String scale(Standardizer standardizer) {
    return standardizer.isRobust()
        ? ", scaled by the quartiles of the training rows and clipped"
        : ", standardised by the training rows";
  }

  private String target() {
    return switch (run.encoder().target()) {
      case Target.Classes classes -> {
        List<String> labels = classes.labels();
        String some = some(labels);
        yield "%d classes: %s".formatted(labels.size(), some);
      }
      case Target.Values values ->
          "%d value%s%s: %s"
              .formatted(
                  values.columns(),
                  values.columns() == 1 ? "" : "s",
                  values.isScaled() ? ", scaled by the training rows" : "",
                  some(run.encoder().labels()));
    };
  }

  private static String some(List<String> names) {
    String some =
        names.stream().limit(MOST_CLASSES).map(Texts::cut).collect(Collectors.joining(", "));
    return names.size() > MOST_CLASSES ? some + ", …" : some;
  }

  private void columns(List<Part> parts) {
    List<Column> all = run.encoder().columns();
    if (all.getFirst() instanceof Column.Pixels) {
      return;
    }
    List<List<Json>> rows = new ArrayList<>();
    for (Column column : all.subList(0, Math.min(MOST_COLUMNS, all.size()))) {
      rows.add(
          List.of(
              Grid.cell(Texts.cut(column.name())),
              Grid.cell(kind(column)),
              Grid.cell(column.encodedColumns()),
              Grid.cell(detail(column))));
    }
    if (all.size() > MOST_COLUMNS) {
      parts.add(
          new Prose(
              "The first %d of %d columns, and what became of them:"
                  .formatted(MOST_COLUMNS, all.size())));
    }
    parts.add(new Grid(List.of("column", "kind", "inputs", "in the training rows"), rows));
  }

  private static String kind(Column column) {
    return switch (column) {
      case Column.Numeric c -> "number";
      case Column.Date c -> "date";
      case Column.Bool c -> "boolean";
      case Column.Categorical c -> "category";
      case Column.Ignored c -> "ignored";
      case Column.Label c -> "label";
      case Column.Pixels c -> "pixels";
    };
  }

  private static String detail(Column column) {
    return switch (column) {
      case Column.Numeric c -> range(c.median(), c.range()) + missing(c.flagged());
      case Column.Date c -> "seconds since 1970, " + range(c.median(), c.range());
      case Column.Bool c ->
          "mostly " + c.usual() + (c.signed() ? ", as −1 and 1" : "") + missing(c.flagged());
      case Column.Categorical c ->
          switch (c.code()) {
            case ONE_HOT ->
                "%d values with an input each%s%s"
                    .formatted(
                        c.categories().size(),
                        c.other() ? ", others share one" : "",
                        missing(c.flagged()));
            case SIGN -> "2 values, as −1 and 1";
            case INDEX ->
                "%d values by number%s".formatted(c.categories().size(), missing(c.flagged()));
          };
      case Column.Ignored c -> "";
      case Column.Label c -> "";
      case Column.Pixels c -> c.toString();
    };
  }

  private static String range(double median, Column.Range range) {
    String middle = String.format(Locale.ROOT, "median %.6g", median);
    return Double.isInfinite(range.min())
        ? middle
        : String.format(Locale.ROOT, "%s, %.6g to %.6g", middle, range.min(), range.max());
  }

  private static String missing(boolean flagged) {
    return flagged ? ", some missing" : "";
  }
}
