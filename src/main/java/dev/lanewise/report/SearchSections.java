package dev.lanewise.report;

import dev.lanewise.json.Json;
import dev.lanewise.search.Search;
import dev.lanewise.search.Space;
import dev.lanewise.search.Trial;
import dev.lanewise.search.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The sections of a report on a search: its trials, each parameter against the score, all
 * parameters at once, how much each matters, the curves, and its design beside that of a grid.
 * Bounded for any number of trials and parameters: what is left out is said.
 */
public final class SearchSections {

  private static final int MOST_ROWS = 30;
  private static final int MOST_PARAMETERS = 12;
  private static final int MOST_LINES = 500;
  private static final int MOST_POINTS = 400;

  private final Search.Result found;
  private final List<Space> spaces;

  /** What scores are. */
  private final String score;

  private SearchSections(Search.Result found) {
    this.found = found;
    spaces = found.spaces();
    String name = found.scoreName();
    score = name.startsWith("dev ") ? name : "dev " + name;
  }

  /**
   * {@return the sections, some without parts}
   *
   * @param found the trials
   */
  public static List<Section> of(Search.Result found) {
    SearchSections sections = new SearchSections(found);
    return List.of(
        sections.trials(),
        sections.parameters(),
        sections.together(),
        sections.importance(),
        sections.curves(),
        sections.designs());
  }

  /** A group of trials that is drawn alike. */
  private record Group(String name, List<Trial> trials) {}

  /** {@return the trials with a score: those that were stopped, those that were not, the best} */
  private List<Group> groups() {
    List<Trial> ranked = found.ranked();
    List<Trial> others = ranked.subList(Math.min(1, ranked.size()), ranked.size());
    Predicate<Trial> stopped = trial -> trial.state() == Trial.State.STOPPED;
    List<Group> groups = new ArrayList<>();
    groups.add(new Group("stopped", others.stream().filter(stopped).toList()));
    groups.add(new Group("not stopped", others.stream().filter(stopped.negate()).toList()));
    groups.add(new Group("best", ranked.stream().limit(1).toList()));
    return groups.stream().filter(group -> !group.trials().isEmpty()).toList();
  }

  private Section trials() {
    List<String> columns = new ArrayList<>(List.of("trial", "state", score, "epochs"));
    spaces.forEach(space -> columns.add(space.name()));
    List<Trial> shown = new ArrayList<>(found.ranked());
    found.trials().stream().filter(trial -> trial.score().isEmpty()).forEach(shown::add);
    List<List<Json>> rows = new ArrayList<>();
    for (Trial trial : shown.subList(0, Math.min(MOST_ROWS, shown.size()))) {
      List<Json> row = new ArrayList<>();
      row.add(Grid.cell(trial.number()));
      row.add(Grid.cell(state(trial)));
      row.add(Grid.cell(trial.score().orElse(Double.NaN)));
      row.add(Grid.cell(trial.epochs()));
      spaces.forEach(space -> row.add(value(space, trial.values())));
      rows.add(row);
    }
    List<Part> parts = new ArrayList<>();
    parts.add(
        new Prose(
            ("The best first, by their %s, of which a %s one is better: it chose among them. Test"
                    + " rows had no part in it.%s")
                .formatted(
                    score,
                    found.largerIsBetter() ? "larger" : "smaller",
                    shown.size() > MOST_ROWS
                        ? " %d of %d trials are shown.".formatted(MOST_ROWS, shown.size())
                        : "")));
    parts.add(new Grid(columns, rows));
    return new Section("trials", "Trials", parts);
  }

  private static String state(Trial trial) {
    String state = trial.state().name().toLowerCase(Locale.ROOT);
    return trial.failure().map(why -> state + ": " + why).orElse(state);
  }

  private static Json value(Space space, Values values) {
    String text = values.text(space.name());
    return space.scale() == Space.Scale.CHOICE
        ? Grid.cell(text)
        : Grid.cell(Double.parseDouble(text));
  }

  /** {@return the axis of the scores, logarithmic where they differ by an order of magnitude} */
  private Axis scoreAxis() {
    double[] scores = scores(found.ranked());
    double least = Arrays.stream(scores).min().orElse(Double.NaN);
    double most = Arrays.stream(scores).max().orElse(Double.NaN);
    return least > 0 && most > 10 * least ? Axis.log(score) : Axis.of(score);
  }

  /**
   * {@return an axis on which equal lengths are equally likely, of a parameter that has numbers}
   */
  private static Axis axis(Space space) {
    return switch (space.scale()) {
      case LOG -> Axis.log(space.name()).between(space.low(), space.high());
      case ONE_MINUS_LOG ->
          Axis.log("1 − " + space.name()).between(1 - space.high(), 1 - space.low());
      default -> Axis.of(space.name()).between(space.low(), space.high());
    };
  }

  private static double number(Space space, Values values) {
    double number = values.number(space.name());
    return space.scale() == Space.Scale.ONE_MINUS_LOG ? 1 - number : number;
  }

  private static double[] numbers(Space space, List<Values> values) {
    return values.stream().mapToDouble(its -> number(space, its)).toArray();
  }

  private static List<Values> values(List<Trial> trials) {
    return trials.stream().map(Trial::values).toList();
  }

  private static double[] scores(List<Trial> trials) {
    return trials.stream().mapToDouble(trial -> trial.score().orElseThrow()).toArray();
  }

  private Section parameters() {
    List<Part> parts = new ArrayList<>();
    if (found.ranked().isEmpty()) {
      return new Section("parameters", "Score against each parameter", parts);
    }
    int shown = Math.min(MOST_PARAMETERS, spaces.size());
    parts.add(
        new Prose(
            "A trial that was stopped has the score that it was stopped with, after fewer epochs."
                + (shown < spaces.size()
                    ? " %d of %d parameters are shown.".formatted(shown, spaces.size())
                    : "")));
    for (int i = 0; i < shown; i++) {
      parts.add(spaces.get(i).scale() == Space.Scale.CHOICE ? byChoice(i) : byNumber(i));
    }
    return new Section("parameters", "Score against each parameter", parts);
  }

  private String caption(Space space) {
    return "Each point is a trial: its %s against %s, tried as %s."
        .formatted(score, space.name(), space);
  }

  private Chart byNumber(int which) {
    Space space = spaces.get(which);
    XyChart chart =
        XyChart.of(
            "parameter-" + (which + 1), space.name(), caption(space), axis(space), scoreAxis());
    for (Group group : groups()) {
      chart.points(group.name(), numbers(space, values(group.trials())), scores(group.trials()));
    }
    return chart.chart();
  }

  private Chart byChoice(int which) {
    Space space = spaces.get(which);
    List<List<Json>> rows = new ArrayList<>();
    List<Json> series = new ArrayList<>();
    for (Group group : groups()) {
      int from = rows.size();
      for (Trial trial : group.trials()) {
        rows.add(
            List.of(
                Grid.cell(group.name()),
                Grid.cell(trial.values().text(space.name())),
                Grid.cell(trial.score().orElseThrow())));
      }
      series.add(
          Members.none()
              .with("type", "scatter")
              .with("name", group.name())
              .with("symbolSize", 7)
              .with("data", Chart.points(from, rows.size(), 1, 2))
              .json());
    }
    Members choices =
        Members.none()
            .with("type", "category")
            .with("name", space.name())
            .with("data", space.choices().stream().map(Json::of).toList());
    Json.Obj option =
        Members.none()
            .with("xAxis", choices)
            .with("yAxis", scoreAxis().json())
            .with("series", series)
            .json();
    Grid numbers = new Grid(List.of("series", space.name(), score), rows);
    return new Chart(
        "parameter-" + (which + 1), space.name(), caption(space), option, numbers, Chart.HEIGHT);
  }

  private Section together() {
    List<Trial> all = found.ranked();
    List<Trial> shown = all.subList(0, Math.min(MOST_LINES, all.size()));
    if (shown.isEmpty() || spaces.size() < 2) {
      return new Section("together", "All parameters at once", List.of());
    }
    String rest =
        shown.size() < all.size()
            ? " The %d best of %d trials are drawn.".formatted(shown.size(), all.size())
            : "";
    ParallelChart chart =
        ParallelChart.of(
            "together",
            "All parameters at once",
            ("Each line is a trial: it crosses every axis at its value, then that of its %s, and"
                    + " ends at the number of trials that it is better than, which colours it."
                    + " Lines that end alike and begin apart tell of parameters that do not"
                    + " matter.%s")
                .formatted(score, rest),
            "trial",
            shown.stream().map(trial -> Integer.toString(trial.number())).toList());
    for (Space space : spaces.subList(0, Math.min(MOST_PARAMETERS, spaces.size()))) {
      if (space.scale() == Space.Scale.CHOICE) {
        chart.axis(
            space.name(),
            space.choices(),
            shown.stream().map(trial -> trial.values().text(space.name())).toList());
      } else {
        chart.axis(axis(space), numbers(space, values(shown)));
      }
    }
    chart.axis(scoreAxis(), scores(shown));
    double[] beaten = new double[shown.size()];
    for (int i = 0; i < beaten.length; i++) {
      beaten[i] = all.size() - 1 - i;
    }
    chart.axis(Axis.of("better than"), beaten);
    return Section.of("together", "All parameters at once", chart.chart());
  }

  /** The curves of each group as one series, with gaps between them. */
  private Section curves() {
    XyChart chart =
        XyChart.of(
            "search-curves",
            "Curves of the trials",
            "The %s of each trial after each epoch; a mark shows where it was stopped because others were better."
                .formatted(score),
            Axis.of("epoch"),
            scoreAxis());
    boolean any = false;
    for (Group group : groups()) {
      List<Double> epochs = new ArrayList<>();
      List<Double> scores = new ArrayList<>();
      int drawn = 0;
      for (Trial trial : group.trials()) {
        List<Double> curve = trial.rungs().getLast().curve();
        if (epochs.size() + curve.size() + 1 > XyChart.MOST_POINTS) {
          break;
        }
        drawn++;
        for (int e = 0; e < curve.size(); e++) {
          epochs.add(e + 1.0);
          scores.add(curve.get(e));
        }
        epochs.add(curve.size() + 1.0);
        scores.add(Double.NaN);
      }
      any |= !epochs.isEmpty();
      String name =
          drawn < group.trials().size()
              ? "%s, %d of %d".formatted(group.name(), drawn, group.trials().size())
              : group.name();
      chart.line(name, array(epochs), array(scores));
      if (group.name().equals("stopped")) {
        List<Trial> ends = group.trials().subList(0, drawn);
        chart.points(
            "stopped here",
            ends.stream().mapToDouble(t -> t.rungs().getLast().curve().size()).toArray(),
            ends.stream()
                .mapToDouble(
                    t ->
                        t.rungs().getLast().curve().stream().reduce((a, b) -> b).orElse(Double.NaN))
                .toArray());
      }
    }
    return any
        ? Section.of("search-curves", "Curves", chart.chart())
        : new Section("search-curves", "Curves", List.of());
  }

  private Section importance() {
    Map<String, Double> shares = found.importance();
    List<String> names =
        spaces.stream()
            .map(Space::name)
            .sorted(Comparator.comparingDouble(name -> -shares.get(name)))
            .limit(MOST_PARAMETERS)
            .toList();
    String rest =
        names.size() < spaces.size()
            ? " The %d largest of %d are shown.".formatted(names.size(), spaces.size())
            : "";
    Chart chart =
        BarChart.of(
                "importance-of-parameters",
                "Importance of parameters",
                "The share of the differences between the trials' ranks after the first rung that"
                    + " one parameter alone explains, corrected for chance; 0 for one without"
                    + " effect by itself."
                    + rest,
                "parameter",
                names,
                Axis.of("share explained").between(0, 1))
            .lying()
            .bars("share explained", names.stream().mapToDouble(shares::get).toArray())
            .chart();
    return Section.of("importance-of-parameters", "Importance of parameters", chart);
  }

  /** The points of a grid, of random draws and of this search, of two parameters with numbers. */
  private Section designs() {
    List<Space> two =
        spaces.stream().filter(space -> space.scale() != Space.Scale.CHOICE).limit(2).toList();
    if (two.size() < 2) {
      return new Section("designs", "Random against grid", List.of());
    }
    int count = Math.min(MOST_POINTS, found.trials().size());
    Map<String, List<Values>> designs = new LinkedHashMap<>();
    designs.put("grid", Search.Method.grid().begins(two, count, 0));
    designs.put("random", Search.Method.random().begins(two, count, 0));
    designs.put("this search", found.trials().stream().limit(count).map(Trial::values).toList());
    XyChart chart =
        XyChart.of(
            "designs",
            "Random against grid",
            ("Where as many trials of a grid and of random draws lie, beside those of this search."
                + " A grid tries few values of each parameter, which is a waste where one of them"
                + " matters little."),
            axis(two.get(0)),
            axis(two.get(1)));
    List<List<Json>> rows = new ArrayList<>();
    designs.forEach(
        (name, values) -> {
          chart.points(name, numbers(two.get(0), values), numbers(two.get(1), values));
          List<Json> row = new ArrayList<>(List.of(Grid.cell(name), Grid.cell(values.size())));
          two.forEach(
              space ->
                  row.add(
                      Grid.cell(
                          values.stream().map(v -> v.text(space.name())).distinct().count())));
          rows.add(row);
        });
    Grid tried =
        new Grid(
            List.of(
                "design",
                "points",
                "different values of " + two.get(0).name(),
                "different values of " + two.get(1).name()),
            rows);
    return Section.of("designs", "Random against grid", chart.chart(), tried);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
