package dev.lanewise.cli;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Drift;
import dev.lanewise.learn.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The columns of tables whose distribution differs between two sets of rows. */
final class Shifts {

  private Shifts() {}

  /** {@return the distances of columns named, by pair of sets; pairs without any are left out} */
  static Map<String, Json> facts(Run run) {
    Map<String, Json> facts = new LinkedHashMap<>();
    if (run.encoder().columns().getFirst() instanceof Column.Pixels) {
      return facts; // single pixels are of no interest
    }
    boolean streams = run.data().training() instanceof StreamedRows;
    Optional<Dataset> train = streams ? Optional.empty() : Optional.of(run.train());
    put(facts, "trainDevShift", train, run.dev());
    put(facts, "devTestShift", run.dev(), run.test());
    return facts;
  }

  private static void put(
      Map<String, Json> facts, String name, Optional<Dataset> first, Optional<Dataset> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return;
    }
    List<Drift.OfColumn> shifted = Drift.between(first.get(), second.get()).shifted();
    if (!shifted.isEmpty()) {
      Map<String, Json> distances = new LinkedHashMap<>();
      shifted.forEach(of -> distances.put(of.column(), Json.of(of.distance())));
      facts.put(name, new Json.Obj(distances));
    }
  }
}
