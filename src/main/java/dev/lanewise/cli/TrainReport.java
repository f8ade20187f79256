package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import java.io.PrintWriter;
import java.util.Map;

/**
 * The results that {@code train} prints.
 *
 * @param scores the scores by the names of the sets
 * @param facts the other results by name
 * @param found what was found out about the result
 */
record TrainReport(Map<String, Evaluation> scores, Map<String, Json> facts, Found found) {

  /** Prints one JSON object. */
  void printJson(PrintWriter out) {
    Map<String, Json> all = Scores.json(scores);
    all.putAll(facts);
    all.putAll(found.json());
    out.println(new Json.Obj(all));
  }

  /** Prints a table of the scores, a line for each fact, and what was found out. */
  void printText(PrintWriter out) {
    out.println(Scores.table(scores));
    PresetOptions.inOneLine(facts).forEach((name, fact) -> out.println(Lanewise.fact(name, fact)));
    found.lines().forEach(out::println);
  }
}
