package dev.lanewise.cli;

import dev.lanewise.check.GradientReport;
import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.json.Json;
import dev.lanewise.report.Facts;
import dev.lanewise.report.GradientSection;
import dev.lanewise.report.Report;
import dev.lanewise.report.Section;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result that {@code gradcheck} prints.
 *
 * @param subject what was checked, by name
 * @param network the network as a table, with penalties, dropout and loss
 * @param report how far its gradient lies from differences
 */
record CheckedGradient(Map<String, Json> subject, String network, GradientReport report) {

  /** {@return whether the check says that the gradient is right, rounding aside} */
  boolean passed() {
    return report.conclusive() && report.band().compareTo(Band.LOOK) <= 0;
  }

  /** Prints the network, what was checked, and the report, whose first line is the verdict. */
  void printText(PrintWriter out) {
    out.println(network);
    subject.forEach((name, fact) -> out.println(Lanewise.fact(name, fact)));
    out.println();
    out.println(report.toString().stripTrailing());
  }

  /** {@return the report} */
  Report page() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("network", network);
    subject.forEach(
        (name, fact) ->
            facts.put(name, fact instanceof Json.Str text ? text.value() : fact.toString()));
    Report page =
        Report.of("Gradient check", report.verdict())
            .with(Section.of("checked", "What was checked", new Facts(facts)));
    for (Section section : GradientSection.of(report)) {
      page = page.with(section);
    }
    return page;
  }

  /** Prints one JSON object. */
  void printJson(PrintWriter out) {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("delta", number(report.delta()));
    all.put("band", band());
    all.put("conclusive", Json.of(report.conclusive()));
    all.put("compared", Json.of(report.compared()));
    all.put("skipped", Json.of(report.skipped()));
    all.put("parameters", Json.of(report.parameters()));
    all.put("verdict", Json.of(report.verdict()));
    all.put("tensors", new Json.Arr(report.tensors().stream().map(CheckedGradient::of).toList()));
    all.put("worst", new Json.Arr(report.worst().stream().map(CheckedGradient::of).toList()));
    all.put("worstTensor", worstTensor());
    all.putAll(subject);
    out.println(new Json.Obj(all));
  }

  /** {@return the band, or null where the check can tell nothing} */
  private Json band() {
    return report.conclusive() ? Json.of(Usage.name(report.band())) : new Json.Null();
  }

  private Json worstTensor() {
    return report
        .worstTensor()
        .<Json>map(tensor -> Json.of(tensor.name()))
        .orElseGet(Json.Null::new);
  }

  private static Json of(GradientReport.Tensor tensor) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", Json.of(tensor.name()));
    members.put("delta", number(tensor.delta()));
    members.put("norm", number(tensor.norm()));
    members.put("compared", Json.of(tensor.compared()));
    members.put("skipped", Json.of(tensor.skipped()));
    members.put("parameters", Json.of(tensor.size()));
    return new Json.Obj(members);
  }

  private static Json of(GradientReport.Component component) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", Json.of(component.name()));
    members.put("index", Json.of(component.index()));
    members.put("claimed", number(component.claimed()));
    members.put("numeric", number(component.numeric()));
    return new Json.Obj(members);
  }

  /** {@return a number, or null for what JSON has no number for} */
  static Json number(double value) {
    return Double.isFinite(value) ? Json.of(value) : new Json.Null();
  }
}
