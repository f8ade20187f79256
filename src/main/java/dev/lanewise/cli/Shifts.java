package dev.lanewise.cli;

import dev.lanewise.data.Column;
import dev.lanewise.data.ColumnShift;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The columns of tables whose distribution differs between two sets of rows. */
final class Shifts {

  /** The probability by chance below which any column of a table is named. */
  private static final double CHANCE = 1e-3;

  private Shifts() {}

  /** {@return the distances of columns named, by pair of sets; pairs without any are left out} */
  static Map<String, Json> facts(Run run) {
    Map<String, Json> facts = new LinkedHashMap<>();
    List<Column> columns = run.encoder().columns();
    if (columns.stream().anyMatch(Column.Pixels.class::isInstance)) {
      return facts; // single pixels are of no interest
    }
    boolean streams = run.data().training() instanceof StreamedRows;
    Optional<Dataset> train = streams ? Optional.empty() : Optional.of(run.train());
    put(facts, "trainDevShift", train, run.dev(), columns);
    put(facts, "devTestShift", run.dev(), run.test(), columns);
    return facts;
  }

  private static void put(
      Map<String, Json> facts,
      String name,
      Optional<Dataset> first,
      Optional<Dataset> second,
      List<Column> columns) {
    if (first.isEmpty() || second.isEmpty()) {
      return;
    }
    List<ColumnShift> all = ColumnShift.between(first.get(), second.get());
    Map<String, Double> named = new LinkedHashMap<>();
    int place = 0;
    for (Column column : columns) {
      for (int i = 0; i < column.encodedColumns(); i++, place++) {
        ColumnShift shift = all.get(place);
        if (shift.probability() < CHANCE / all.size()) {
          named.merge(column.name(), shift.distance(), Math::max);
        }
      }
    }
    if (!named.isEmpty()) {
      Map<String, Json> distances = new LinkedHashMap<>();
      named.forEach((column, distance) -> distances.put(column, Json.of(distance)));
      facts.put(name, new Json.Obj(distances));
    }
  }
}
