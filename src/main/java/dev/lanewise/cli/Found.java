package dev.lanewise.cli;

import dev.lanewise.json.Json;
import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.Diagnosis.Estimate;
import dev.lanewise.learn.LeakCheck;
import dev.lanewise.learn.LeakCheck.Duplicates;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.report.Findings;
import dev.lanewise.report.Leaks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code train} has found out about its result, for printing.
 *
 * @param findings what was found
 * @param failure why there is no learning curve though one was asked for
 */
record Found(Findings findings, Optional<RuntimeException> failure) {

  /** Throws what has kept the learning curve from being drawn, if anything has. */
  void throwFailure() {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** {@return the findings as members of a JSON object} */
  Map<String, Json> json() {
    Map<String, Json> members = new LinkedHashMap<>();
    findings.diagnosis().ifPresent(of -> members.put("diagnosis", json(of)));
    findings.curve().ifPresent(of -> members.put("learningCurve", json(of)));
    findings.leaks().ifPresent(of -> members.put("leaks", json(of)));
    return members;
  }

  private static Json json(Diagnosis of) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("verdict", Json.of(Usage.name(of.verdict())));
    members.put("settled", Json.of(of.isSettled()));
    members.put("trainError", json(of.trainError()));
    members.put("devError", json(of.devError()));
    of.humanError().ifPresent(human -> members.put("humanError", Json.of(human)));
    members.put("bias", json(of.bias()));
    members.put("variance", json(of.variance()));
    members.put("threshold", Json.of(of.threshold()));
    members.put("level", Json.of(Diagnosis.LEVEL));
    members.put("advice", texts(of.advice()));
    return new Json.Obj(members);
  }

  private static Json json(LearningCurve of) {
    List<Json> points = new ArrayList<>();
    for (LearningCurve.Point point : of.points()) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("rows", Json.of(point.rows()));
      members.put("trainError", json(point.train()));
      members.put("devError", json(point.dev()));
      points.add(new Json.Obj(members));
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("points", new Json.Arr(points));
    members.put("gap", json(of.gap()));
    members.put("fall", json(of.fall()));
    members.put("outlook", Json.of(Usage.name(of.outlook())));
    members.put("advice", Json.of(of.advice()));
    return new Json.Obj(members);
  }

  private static Json json(Estimate of) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("value", Json.of(of.value()));
    members.put("low", Json.of(of.low()));
    members.put("high", Json.of(of.high()));
    return new Json.Obj(members);
  }

  private static Json json(Leaks of) {
    Map<String, Json> members = new LinkedHashMap<>();
    of.columns()
        .ifPresent(
            check -> {
              members.put("explainedByModel", Json.of(check.explainedByModel()));
              Map<String, Json> suspects = new LinkedHashMap<>();
              check
                  .suspects()
                  .forEach(column -> suspects.put(column.column(), Json.of(column.explained())));
              members.put("suspects", new Json.Obj(suspects));
              members.put("constant", texts(check.constant()));
              members.put("allDifferent", texts(check.idLike()));
            });
    Map<String, Json> shared = new LinkedHashMap<>();
    of.duplicates()
        .forEach(
            (sets, rows) -> {
              Map<String, Json> counts = new LinkedHashMap<>();
              counts.put("rows", Json.of(rows.rows()));
              counts.put("shared", Json.of(rows.shared()));
              counts.put("sameLabel", Json.of(rows.sameLabel()));
              shared.put(sets.first() + "-" + sets.second(), new Json.Obj(counts));
            });
    members.put("duplicates", new Json.Obj(shared));
    return new Json.Obj(members);
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().map(Json::of).toList());
  }

  /** {@return the findings as lines for people, names of theirs escaped} */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    findings.diagnosis().ifPresent(of -> add(of, lines));
    findings.curve().ifPresent(of -> of.toString().lines().forEach(lines::add));
    findings.leaks().ifPresent(of -> add(of, lines));
    return lines;
  }

  private static void add(Diagnosis of, List<String> lines) {
    lines.add(
        line(
            "diagnosis",
            "%s%s: bias %s, variance %s; high from %s on"
                .formatted(
                    Usage.name(of.verdict()),
                    of.isSettled() ? "" : ", not settled",
                    text(of, of.bias()),
                    text(of, of.variance()),
                    of.text(of.threshold()))));
    of.advice().forEach(next -> lines.add(line("next", next)));
  }

  private static String text(Diagnosis diagnosis, Estimate of) {
    return "%s (%s to %s)"
        .formatted(diagnosis.text(of.value()), diagnosis.text(of.low()), diagnosis.text(of.high()));
  }

  private static void add(Leaks of, List<String> lines) {
    of.columns().ifPresent(check -> add(check, lines));
    of.duplicates()
        .forEach((sets, rows) -> lines.add(line("in two sets", text(of.unit(), sets, rows))));
  }

  private static void add(LeakCheck check, List<String> lines) {
    String explains = "%s explains %.3f of the variance, the model %.3f";
    check
        .suspects()
        .forEach(
            of ->
                lines.add(
                    line(
                        "suspect column",
                        String.format(
                            Locale.ROOT,
                            explains,
                            Lanewise.shown(of.column()),
                            of.explained(),
                            check.explainedByModel()))));
    if (check.suspects().isEmpty()) {
      lines.add(line("suspect column", "none"));
    }
    check.constant().forEach(column -> lines.add(line("constant", Lanewise.shown(column))));
    check.idLike().forEach(column -> lines.add(line("all different", Lanewise.shown(column))));
  }

  private static String text(String unit, Leaks.Sets sets, Duplicates rows) {
    String text =
        "%d of %d %s rows are %s rows too"
            .formatted(rows.shared(), rows.rows(), sets.second(), sets.first());
    return rows.examples().isEmpty()
        ? text
        : "%s, %d with the same label; the first: %s %d is %s %d"
            .formatted(
                text,
                rows.sameLabel(),
                unit,
                rows.examples().getFirst().second(),
                unit,
                rows.examples().getFirst().first());
  }

  private static String line(String name, String text) {
    return "%-18s%s".formatted(name, text);
  }
}
