package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.json.Json;
import dev.lanewise.model.Conformal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was observed of the intervals or sets of a calibrated model on labelled rows.
 *
 * @param conformal the calibration, with one coverage
 * @param column the predicted column, where there are several
 * @param observed what was observed
 */
record ObservedCoverage(Conformal conformal, Optional<String> column, Conformal.Observed observed) {

  /** {@return what is observed for each coverage and each predicted column} */
  static List<ObservedCoverage> all(Conformal conformal, Dataset rows, Encoder encoder) {
    List<ObservedCoverage> all = new ArrayList<>();
    for (double coverage : conformal.coverages()) {
      Conformal its = conformal.withCoverage(coverage);
      List<Conformal.Observed> columns = its.evaluate(rows);
      List<String> names = Predict.suffixes(encoder);
      for (int c = 0; c < columns.size(); c++) {
        Optional<String> column =
            columns.size() == 1 ? Optional.empty() : Optional.of(names.get(c).substring(1));
        all.add(new ObservedCoverage(its, column, columns.get(c)));
      }
    }
    return all;
  }

  /** {@return all of them as JSON} */
  static Json json(List<ObservedCoverage> all) {
    return new Json.Arr(all.stream().map(ObservedCoverage::json).toList());
  }

  /** {@return a JSON object; an infinite width is left out} */
  Json json() {
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("coverage", Json.of(conformal.coverage()));
    column.ifPresent(name -> facts.put("column", Json.of(name)));
    facts.put("rows", Json.of(observed.rows()));
    facts.put("covered", Json.of(observed.covered()));
    facts.put("observed", Json.of(observed.coverage()));
    boolean sets = conformal.score().givesSets();
    if (Double.isFinite(observed.meanSize())) {
      facts.put(sets ? "meanSize" : "meanWidth", Json.of(observed.meanSize()));
    }
    if (sets) {
      facts.put("empty", Json.of(observed.empty()));
    }
    return new Json.Obj(facts);
  }

  /** {@return a line for people} */
  @Override
  public String toString() {
    String size = "%.5g".formatted(observed.meanSize());
    return "coverage %s%s: %d of %d rows covered (%.5g), mean %s"
        .formatted(
            conformal.coverage(),
            column.map(name -> " of " + Lanewise.shown(name)).orElse(""),
            observed.covered(),
            observed.rows(),
            observed.coverage(),
            conformal.score().givesSets()
                ? "size %s, %d empty".formatted(size, observed.empty())
                : "width " + size);
  }
}
