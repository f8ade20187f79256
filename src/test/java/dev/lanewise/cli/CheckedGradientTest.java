package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.DeepSigmoids;
import dev.lanewise.check.GradientReport;
import dev.lanewise.check.GradientReport.Band;
import dev.lanewise.check.ObjectiveCheck;
import dev.lanewise.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code gradcheck} says of reports that no right engine gives cause for. */
final class CheckedGradientTest {

  private static CheckedGradient checked(GradientReport report) {
    return new CheckedGradient(Map.of(), "", report);
  }

  private static Map<String, Json> json(CheckedGradient checked) {
    StringWriter out = new StringWriter();
    checked.printJson(new PrintWriter(out));
    return ((Json.Obj) Json.parse(out.toString())).members();
  }

  @ParameterizedTest
  @CsvSource({"6, dense1.weight", "7, dense1.weight", "8, dense1.weight", "9, dense2.weight"})
  void aWrongTensorIsNotPassedHoweverLittleOfItShowsOverAll(int depth, String tensor) {
    GradientReport report = DeepSigmoids.withSignOf(depth, tensor);
    assertTrue(Band.of(report.delta()) != Band.WRONG, report::toString);
    CheckedGradient checked = checked(report);
    assertFalse(checked.passed(), report::toString);
    Map<String, Json> result = json(checked);
    assertEquals(Json.of("wrong"), result.get("band"));
    assertEquals(Json.of(tensor), result.get("worstTensor"));
    assertTrue(((Json.Str) result.get("verdict")).value().contains(tensor), result::toString);
  }

  @Test
  void whatWasNotComparedHasNeitherDeltaNorBandNorWorstTensor() {
    CheckedGradient checked =
        checked(ObjectiveCheck.of(t -> Math.abs(t[0])).check(new double[1], new double[1]));
    assertFalse(checked.passed());
    Map<String, Json> result = json(checked);
    assertEquals(new Json.Null(), result.get("delta"));
    assertEquals(new Json.Null(), result.get("band"));
    assertEquals(new Json.Null(), result.get("worstTensor"));
  }
}
