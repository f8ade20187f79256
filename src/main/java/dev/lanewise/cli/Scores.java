package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Evaluations as the commands print them. */
final class Scores {

  private Scores() {}

  /** {@return the scores by the name that the JSON output gives them, those that are defined} */
  static Map<String, Json> byName(Evaluation judged) {
    Map<String, Json> scores = new LinkedHashMap<>();
    scores.put("rows", Json.of(judged.rows()));
    switch (judged) {
      case Evaluation.OfClasses of -> {
        scores.put("correct", Json.of(of.classification().correct()));
        scores.put("accuracy", Json.of(of.accuracy()));
        scores.put("logLoss", Json.of(of.classification().logLoss()));
        put(scores, "auc", of.classification().auc());
      }
      case Evaluation.OfValues of -> {
        scores.put("rmse", Json.of(of.regression().rmse()));
        scores.put("mae", Json.of(of.regression().mae()));
        put(scores, "r2", of.regression().r2());
      }
    }
    return scores;
  }

  private static void put(Map<String, Json> scores, String name, OptionalDouble score) {
    score.ifPresent(value -> scores.put(name, Json.of(value)));
  }

  /**
   * {@return a score's name as the command line spells it, where it is written and where people
   * read it: {@code log-loss} for the {@code logLoss} of the library and of JSON}
   *
   * @param name the library's name
   */
  static String spelled(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** {@return the scores of sets as members of a JSON object} */
  static Map<String, Json> json(Map<String, Evaluation> sets) {
    Map<String, Json> members = new LinkedHashMap<>();
    sets.forEach((set, judged) -> members.put(set, new Json.Obj(byName(judged))));
    return members;
  }

  /** {@return the scores as a table, a line for each set, under the names of the scores} */
  static String table(Map<String, Evaluation> sets) {
    StringBuilder text = new StringBuilder("%-8s".formatted("set"));
    Map<String, Json> columns = byName(sets.values().iterator().next());
    columns.keySet().forEach(name -> text.append("%12s".formatted(spelled(name))));
    sets.forEach(
        (set, judged) -> {
          text.append("%n%-8s".formatted(set));
          Map<String, Json> byName = byName(judged);
          columns.keySet().forEach(name -> text.append("%12s".formatted(text(byName.get(name)))));
        });
    return text.toString();
  }

  private static String text(Json score) {
    if (!(score instanceof Json.Num number)) {
      return "";
    }
    boolean whole = number.literal().matches("-?[0-9]+");
    return whole ? number.literal() : "%.5g".formatted(number.asDouble());
  }
}
