package dev.lanewise.cli;

import dev.lanewise.check.GradientReport;
import dev.lanewise.check.GradientReport.Component;
import dev.lanewise.check.GradientReport.Tensor;
import dev.lanewise.json.Json;
import dev.lanewise.train.Training;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reports the audits of a training, and sums them up. A failed one is always reported, a passed one
 * on a terminal only.
 */
final class AuditLog {

  private final Progress progress;
  private final PrintWriter err;
  private final boolean terminal;
  private int audits;
  private int failed;

  /**
   * The conclusive audit with the largest δ, where NaN counts as larger than any number; null
   * before the first.
   */
  private Training.Audit worst;

  /**
   * Creates a log.
   *
   * @param progress the line on the terminal, which the line of an audit replaces
   * @param err where the lines go
   * @param terminal whether that is a terminal
   */
  AuditLog(Progress progress, PrintWriter err, boolean terminal) {
    this.progress = progress;
    this.err = err;
    this.terminal = terminal;
  }

  /** Reports an audit. */
  void add(Training.Audit audit) {
    audits++;
    failed += audit.failed() ? 1 : 0;
    if (audit.report().conclusive() && isWorse(audit)) {
      worst = audit;
    }
    if (terminal || audit.failed()) {
      progress.end();
      err.println(line(audit));
      err.flush();
    }
  }

  private boolean isWorse(Training.Audit audit) {
    return worst == null || Double.compare(audit.report().delta(), worst.report().delta()) > 0;
  }

  private static String line(Training.Audit audit) {
    GradientReport report = audit.report();
    String line =
        "epoch %d, step %d: gradient %s; %d of %d components compared, %d skipped at kinks"
            .formatted(
                audit.epoch(),
                audit.step(),
                report.verdict(),
                report.compared(),
                report.parameters(),
                report.skipped());
    return audit.failed() && report.conclusive() ? line + worst(report) : line;
  }

  /** The components that differ most need not be those of the tensor that is wrong. */
  private static String worst(GradientReport report) {
    return report
        .worstTensor()
        .flatMap(tensor -> worst(report, tensor))
        .map(
            c ->
                "; worst %s, claimed %.6g, by differences %.6g"
                    .formatted(c.name(), c.claimed(), c.numeric()))
        .orElse("");
  }

  private static Optional<Component> worst(GradientReport report, Tensor tensor) {
    return report.worst().stream()
        .filter(c -> c.name().startsWith(tensor.name() + "["))
        .findFirst();
  }

  /**
   * {@return the number of audits, how many failed, and the largest δ of the conclusive ones with
   * its step, by name}
   */
  Map<String, Json> facts() {
    Map<String, Json> facts = new LinkedHashMap<>();
    facts.put("audits", Json.of(audits));
    facts.put("auditsFailed", Json.of(failed));
    if (worst != null) {
      facts.put("auditDelta", CheckedGradient.number(worst.report().delta()));
      facts.put("auditStep", Json.of(worst.step()));
    }
    return facts;
  }
}
