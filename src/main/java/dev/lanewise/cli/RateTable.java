package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.train.RateFinder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The curve of a rate finder as the command prints it. */
final class RateTable {

  private RateTable() {}

  static Json json(RateFinder.Curve curve) {
    List<Json> points = new ArrayList<>();
    for (RateFinder.Curve.Point point : curve.points()) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("learningRate", Json.of(point.rate()));
      members.put("loss", Json.of(point.loss()));
      members.put("smoothedLoss", Json.of(point.smoothedLoss()));
      points.add(new Json.Obj(members));
    }
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("points", new Json.Arr(points));
    curve.suggestion().ifPresent(rate -> all.put("suggestion", Json.of(rate)));
    return new Json.Obj(all);
  }

  static String text(RateFinder.Curve curve) {
    StringBuilder text = new StringBuilder("%12s%14s%14s".formatted("rate", "loss", "smoothed"));
    for (RateFinder.Curve.Point point : curve.points()) {
      text.append(
          "%n%12.3g%14.5g%14.5g".formatted(point.rate(), point.loss(), point.smoothedLoss()));
    }
    text.append(
        curve.suggestion().isPresent()
            ? "%nsuggestion %.2g".formatted(curve.suggestion().getAsDouble())
            : "%nno suggestion: no rate lowers the loss".formatted());
    return text.toString();
  }
}
