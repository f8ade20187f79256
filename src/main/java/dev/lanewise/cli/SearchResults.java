package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.search.Trial;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The results that {@code search} prints.
 *
 * @param found the trials
 * @param outcome the model that came out, with its scores
 * @param facts the other results by name
 */
record SearchResults(Search.Result found, SearchOutcome outcome, Map<String, Json> facts) {

  private static final int MOST_ROWS = 10;
  private static final int MOST_FAILURES = 3;
  private static final int WIDEST = 40;

  /** The facts that name a score. */
  private static final Set<String> METRICS = Set.of("metric", "ensembleMetric");

  /** Prints one JSON object. */
  void printJson(PrintWriter out) {
    Map<String, Json> all = Scores.json(outcome.evaluations());
    all.put("best", json(found.best()));
    all.putAll(facts);
    Map<String, Json> importance = new LinkedHashMap<>();
    found.importance().forEach((name, share) -> importance.put(name, Json.of(share)));
    all.put("importance", new Json.Obj(importance));
    all.put("trials", new Json.Arr(found.trials().stream().map(this::json).toList()));
    out.println(new Json.Obj(all));
  }

  private Json json(Trial trial) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("trial", Json.of(trial.number()));
    members.put("state", Json.of(state(trial)));
    trial.score().ifPresent(score -> members.put("score", Json.of(score)));
    members.put("epochs", Json.of(trial.epochs()));
    Map<String, Json> values = new LinkedHashMap<>();
    for (Space space : found.spaces()) {
      String text = trial.values().text(space.name());
      values.put(space.name(), isNumber(space) ? Json.of(Double.parseDouble(text)) : Json.of(text));
    }
    members.put("values", new Json.Obj(values));
    trial.failure().ifPresent(why -> members.put("failure", Json.of(why)));
    return new Json.Obj(members);
  }

  private static boolean isNumber(Space space) {
    return space.scale() != Space.Scale.CHOICE;
  }

  private static String state(Trial trial) {
    return trial.state().name().toLowerCase(Locale.ROOT);
  }

  /** Prints the best trials and the scores as tables, and a line for each fact. */
  void printText(PrintWriter out) {
    List<Trial> shown = new ArrayList<>(found.ranked());
    found.trials().stream().filter(trial -> trial.score().isEmpty()).forEach(shown::add);
    List<Trial> rows = shown.subList(0, Math.min(MOST_ROWS, shown.size()));
    List<String> lines = new ArrayList<>();
    rows.forEach(trial -> lines.add(""));
    StringBuilder header = new StringBuilder();
    column(header, lines, "trial", rows, trial -> Integer.toString(trial.number()));
    column(header, lines, "state", rows, SearchResults::state);
    column(
        header,
        lines,
        Scores.spelled(found.scoreName()),
        rows,
        trial -> trial.score().isPresent() ? short5(trial.score().getAsDouble()) : "");
    column(header, lines, "epochs", rows, trial -> Integer.toString(trial.epochs()));
    for (Space space : found.spaces()) {
      column(header, lines, space.name(), rows, trial -> shortened(space, trial));
    }
    out.println(header.toString().stripTrailing());
    lines.forEach(line -> out.println(line.stripTrailing()));
    if (shown.size() > rows.size()) {
      out.println("and %d more".formatted(shown.size() - rows.size()));
    }
    List<Trial> failed =
        shown.stream().filter(trial -> trial.failure().isPresent()).limit(MOST_FAILURES).toList();
    for (Trial trial : failed) {
      out.println(
          Lanewise.shown(
              "trial %d has failed: %s".formatted(trial.number(), trial.failure().get())));
    }
    out.println();
    out.println(Scores.table(outcome.evaluations()));
    PresetOptions.inOneLine(facts)
        .forEach((name, fact) -> out.println(Lanewise.fact(name, spelled(name, fact))));
  }

  private static Json spelled(String name, Json fact) {
    return METRICS.contains(name) ? Json.of(Scores.spelled(((Json.Str) fact).value())) : fact;
  }

  private static String short5(double number) {
    return String.format(Locale.ROOT, "%.5g", number);
  }

  private static String shortened(Space space, Trial trial) {
    String text = trial.values().text(space.name());
    boolean whole = space.scale() == Space.Scale.INTEGER;
    return isNumber(space) && !whole ? short5(Double.parseDouble(text)) : text;
  }

  /** Adds a column as wide as its longest cell, but not endlessly. */
  private static void column(
      StringBuilder header,
      List<String> lines,
      String name,
      List<Trial> rows,
      Function<Trial, String> cell) {
    List<String> cells =
        rows.stream().map(cell).map(Lanewise::shown).map(SearchResults::cut).toList();
    String title = cut(Lanewise.shown(name));
    int width =
        Math.max(title.length(), cells.stream().mapToInt(String::length).max().orElse(0)) + 2;
    header.append(padded(title, width));
    for (int i = 0; i < cells.size(); i++) {
      lines.set(i, lines.get(i) + padded(cells.get(i), width));
    }
  }

  private static String cut(String text) {
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
