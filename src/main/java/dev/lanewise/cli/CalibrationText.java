package dev.lanewise.cli;

import static java.util.Map.entry;

import dev.lanewise.json.Json;
import dev.lanewise.model.Conformal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A calibration as the commands print it. */
final class CalibrationText {

  private CalibrationText() {}

  private static List<Conformal> levels(Conformal calibrated) {
    return calibrated.coverages().stream().map(calibrated::withCoverage).toList();
  }

  /** {@return a line for each coverage} */
  static List<String> lines(Conformal calibrated) {
    return levels(calibrated).stream().map(Conformal::toString).toList();
  }

  /** {@return a JSON object; an infinite quantile is left out and said so} */
  static Json json(Conformal calibrated) {
    List<Json> levels = new ArrayList<>();
    for (Conformal of : levels(calibrated)) {
      Map<String, Json> level = new LinkedHashMap<>();
      level.put("coverage", Json.of(of.coverage()));
      level.put("rank", Json.of(Conformal.rank(of.rows(), of.coverage())));
      level.put("infinite", Json.of(!of.isFinite()));
      if (of.isFinite()) {
        level.put(
            "quantiles", new Json.Arr(Arrays.stream(of.quantiles()).mapToObj(Json::of).toList()));
      }
      levels.add(new Json.Obj(level));
    }
    return Json.object(
        entry("method", Json.of(Usage.name(calibrated.score()))),
        entry("rows", Json.of(calibrated.rows())),
        entry("levels", new Json.Arr(levels)));
  }
}
