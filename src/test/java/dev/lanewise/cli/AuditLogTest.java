package dev.lanewise.cli;

import static dev.lanewise.cli.Commands.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.DeepSigmoids;
import dev.lanewise.check.GradientReport;
import dev.lanewise.check.ObjectiveCheck;
import dev.lanewise.json.Json;
import dev.lanewise.train.Training;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code train --audit} as it is seen from outside. */
final class AuditLogTest {

  private static final String CANCER = "data/breast-cancer.csv";

  private static CommandLineRun run(String command) {
    CommandLineRun run = CommandLineRun.of((Object[]) command.split(" "));
    assertEquals(0, run.exit(), run::toString);
    return run;
  }

  private static GradientReport report(double claimed) {
    return ObjectiveCheck.of(t -> t[0] * t[0]).check(new double[] {1}, new double[] {claimed});
  }

  /** {@return what is printed of audits of gradients, of which 2 is the right one} */
  private static List<String> lines(boolean terminal, double... claimed) {
    StringWriter err = new StringWriter();
    PrintWriter to = new PrintWriter(err);
    AuditLog log = new AuditLog(new Progress(to, false), to, terminal);
    for (int i = 0; i < claimed.length; i++) {
      log.add(new Training.Audit(1, i + 1, report(claimed[i])));
    }
    return err.toString().lines().map(line -> line.split(":")[0]).toList();
  }

  private static int number(Map<String, Json> result, String name) {
    return ((Json.Num) result.get(name)).asInt();
  }

  @Test
  void auditsAreSummedUpAndLeaveTheParameters() {
    String train =
        "train %s --label label --hidden 8 --dropout 0.2 --epochs 3 --json".formatted(CANCER);
    Map<String, Json> plain = json(run(train));
    assertFalse(plain.containsKey("audits"));
    CommandLineRun run = run(train + " --audit 4,9");
    Map<String, Json> audited = json(run);
    assertEquals(plain.get("parametersSha256"), audited.get("parametersSha256"));
    assertEquals(5, number(audited, "audits"));
    assertEquals(0, number(audited, "auditsFailed"));
    double delta = ((Json.Num) audited.get("auditDelta")).asDouble();
    assertTrue(delta > 0 && delta < 1e-5, audited::toString);
    assertTrue(List.of(1, 5, 9, 13, 17).contains(number(audited, "auditStep")), run::toString);
    assertEquals(List.of(), run.err());
    List<String> text = run(train.replace(" --json", " --audit 100")).out();
    assertTrue(text.contains("audits            1"), text::toString);
  }

  @Test
  void passedAuditsAreALineEachOnATerminalAndFailedOnesAlways() {
    List<String> all = List.of("epoch 1, step 1", "epoch 1, step 2", "epoch 1, step 3");
    assertEquals(all, lines(true, 2, 3, 2));
    assertEquals(all.subList(1, 2), lines(false, 2, 3, 2));
  }

  /** With weights of 0 every unit of a ReLU stands at its kink, before the first step at least. */
  @Test
  void failedAuditsAreToldOfAndCountedButHaveNoDeltaIfTheyTellNothing() {
    String train = "train %s --label label --hidden 8 --initializer zeros --epochs 1 --json";
    CommandLineRun run = run(train.formatted(CANCER) + " --audit 1000,3");
    assertEquals(1, run.err().size(), run::toString);
    String line = run.err().getFirst();
    assertTrue(line.startsWith("epoch 1, step 1: gradient check failed: "), line);
    assertTrue(line.contains(" of 257 components compared, "), line);
    assertFalse(line.contains("worst"), line);
    Map<String, Json> result = json(run);
    assertEquals(1, number(result, "audits"));
    assertEquals(1, number(result, "auditsFailed"));
    assertFalse(result.containsKey("auditDelta"), result::toString);
    assertFalse(result.containsKey("auditStep"), result::toString);
  }

  /** The components that differ most are of other tensors, whose gradient is far larger. */
  @Test
  void aFailedAuditNamesNoComponentOfAnotherTensorThanTheWrongOne() {
    StringWriter err = new StringWriter();
    PrintWriter to = new PrintWriter(err);
    AuditLog log = new AuditLog(new Progress(to, false), to, false);
    log.add(new Training.Audit(1, 1, DeepSigmoids.withSignOf(8, "dense1.weight")));
    log.add(new Training.Audit(1, 2, report(3)));
    List<String> lines = err.toString().lines().toList();
    assertTrue(lines.getFirst().contains("of dense1.weight, "), lines::toString);
    assertTrue(lines.getFirst().contains("; worst dense1.weight["), lines::toString);
    assertTrue(
        lines.getLast().endsWith("; worst theta[0], claimed 3.00000, by differences 2.00000"),
        lines::toString);
  }

  /** Of |θ₀| + θ₁² at (0, 1) only the second component can be compared, too small a part. */
  @Test
  void theLargestDeltaIsThatOfAConclusiveAudit() {
    GradientReport half =
        ObjectiveCheck.of(t -> Math.abs(t[0]) + t[1] * t[1])
            .check(new double[] {0, 1}, new double[] {0, -2});
    assertFalse(half.conclusive());
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    AuditLog log = new AuditLog(new Progress(nowhere, false), nowhere, false);
    log.add(new Training.Audit(1, 1, half));
    assertFalse(log.facts().containsKey("auditDelta"), () -> log.facts().toString());
    log.add(new Training.Audit(1, 2, report(2)));
    log.add(new Training.Audit(1, 3, report(2.1)));
    log.add(new Training.Audit(1, 4, half));
    assertEquals(Json.of(4), log.facts().get("audits"));
    assertEquals(Json.of(3), log.facts().get("auditsFailed"));
    assertEquals(Json.of(3L), log.facts().get("auditStep"));
  }
}
