package dev.lanewise.report;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was judged, and its scores. */
public final class EvaluationSection {

  private static final int MOST_LABELS = 20;

  private EvaluationSection() {}

  /**
   * {@return the section}
   *
   * @param model the model
   * @param sets its evaluations by the names of the sets
   */
  public static Section of(TrainedModel model, Map<String, Evaluation> sets) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Facts(facts(model)));
    parts.add(scores(sets));
    return new Section("scores", "Scores", parts);
  }

  private static Map<String, String> facts(TrainedModel model) {
    Map<String, String> facts = new LinkedHashMap<>();
    switch (model) {
      case Model one -> facts.put("model", one.network().toString());
      case Ensemble several ->
          facts.put("model", "an ensemble of %d models".formatted(several.models().size()));
    }
    model.encoder().ifPresent(encoder -> add(encoder, facts));
    if (model.outputs() == 1 && facts.containsKey("classes")) {
      facts.put("threshold", Texts.number(model.threshold().probability()));
    }
    return facts;
  }

  private static void add(Encoder encoder, Map<String, String> facts) {
    long columns =
        encoder.parts().getFirst().columns().stream()
            .filter(column -> column.encodedColumns() > 0)
            .count();
    boolean images = encoder.columns().getFirst() instanceof Column.Pixels;
    facts.put("features", images ? "the pixels of images" : columns + " columns");
    switch (encoder.target()) {
      case Target.Classes classes -> facts.put("classes", listed(classes.labels()));
      case Target.Values values ->
          facts.put(
              "values",
              encoder.labels().isEmpty()
                  ? Integer.toString(values.columns())
                  : listed(encoder.labels()));
    }
  }

  private static String listed(List<String> names) {
    String some = String.join(", ", names.stream().limit(MOST_LABELS).map(Texts::cut).toList());
    return names.size() > MOST_LABELS ? "%s, … (%d)".formatted(some, names.size()) : some;
  }

  private static Grid scores(Map<String, Evaluation> sets) {
    List<String> header = new ArrayList<>(List.of("set", "rows"));
    List<String> names = List.copyOf(sets.values().iterator().next().scores().keySet());
    header.addAll(names);
    List<List<Json>> rows = new ArrayList<>();
    sets.forEach(
        (set, of) -> {
          List<Json> row = new ArrayList<>();
          row.add(Grid.cell(set));
          row.add(Grid.cell(of.rows()));
          names.forEach(name -> row.add(Texts.cell(of.scores().getOrDefault(name, Double.NaN))));
          rows.add(row);
        });
    return new Grid(header, rows);
  }
}
