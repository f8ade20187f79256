package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.json.Json;
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

  private static Map<String, Json> json(CommandLineRun run) {
    return ((Json.Obj) Json.parse(run.out().getLast())).members();
  }

  private static int number(Map<String, Json> result, String name) {
    return ((Json.Num) result.get(name)).asInt();
  }

  @Test
  void auditsAreALineEachAndLeaveTheParameters() {
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
    assertEquals(5, run.err().size(), run::toString);
    assertTrue(
        run.err().get(2).startsWith("epoch 2, step 9: gradient "), () -> run.err().toString());
    assertTrue(run.err().get(2).contains(" of 257 components compared, "), run::toString);
    String worst = "step %d: ".formatted(number(audited, "auditStep"));
    String shown = "%.3e".formatted(delta);
    assertTrue(
        run.err().stream().anyMatch(line -> line.contains(worst) && line.contains(shown)),
        run::toString);
    List<String> text = run(train.replace(" --json", " --audit 100")).out();
    assertTrue(text.contains("audits            1"), text::toString);
  }
}
