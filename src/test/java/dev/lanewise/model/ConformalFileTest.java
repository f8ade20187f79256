package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import org.junit.jupiter.api.Test;

/** Texts of a file that are no conformal calibration of its model are refused by name. */
final class ConformalFileTest {

  private static final Engine ENGINE = Engine.standard();

  private static byte[] file(Loss loss, int outputs, String conformal) {
    Network network = Network.inputs(1).dense(outputs).loss(loss);
    Model model = Model.of(network, new float[2 * outputs], ENGINE);
    SafetensorsFile.Builder file =
        SafetensorsFile.builder().parameters("", network.layout(), model.parameters());
    return file.metadata("lanewise", "1")
        .metadata("network", NetworkJson.write(network).toString())
        .metadata("conformal", conformal)
        .metadata("provenance", "{}")
        .build()
        .toBytes();
  }

  private static String says(Loss loss, int outputs, String conformal) {
    byte[] bytes = file(loss, outputs, conformal);
    return assertThrows(SafetensorsException.class, () -> TrainedModel.of(bytes)).getMessage();
  }

  private static void refused(String expected, String conformal) {
    String message = says(new Loss.SquaredError(), 1, conformal);
    assertEquals("bytes: " + expected, message);
  }

  private static String residual(int rows, String levels) {
    return "{\"score\":\"residual\",\"rows\":%d,\"levels\":[%s]}".formatted(rows, levels);
  }

  private static String level(String coverage, String quantiles) {
    return "{\"coverage\":%s,\"quantiles\":[%s]}".formatted(coverage, quantiles);
  }

  @Test
  void whatIsSoundIsRead() throws Exception {
    String sound = residual(9, level("\"0.9\"", "2.5") + "," + level("\"0.95\"", ""));
    TrainedModel model = TrainedModel.of(file(new Loss.SquaredError(), 1, sound));
    Conformal conformal = model.conformal().orElseThrow();
    assertEquals("residual 0.9, rank 9 of 9 rows: quantile 2.5", conformal.toString());
    assertTrue(!conformal.withCoverage(0.95).isFinite());
  }

  @Test
  void whatIsMissingExtraOrOfAnotherTypeIsRefused() {
    refused("conformal: expected an object", "[]");
    refused("conformal: member \"score\" is missing", "{\"rows\":9,\"levels\":[]}");
    refused(
        "conformal.score: \"best\"; expected one of [residual, cqr, lac, aps]",
        "{\"score\":\"best\",\"rows\":9,\"levels\":[]}");
    refused(
        "conformal: member \"seed\" is unknown",
        "{\"score\":\"residual\",\"rows\":9,\"levels\":[%s],\"seed\":1}"
            .formatted(level("\"0.9\"", "1")));
    refused("conformal: rows: 0; expected at least 1", residual(0, level("\"0.9\"", "")));
    refused("conformal: rows: -3; expected at least 1", residual(-3, level("\"0.9\"", "")));
    refused("conformal: coverage: none; expected at least one", residual(9, ""));
    refused("conformal.levels[0].coverage: expected a string", residual(9, level("0.9", "1")));
  }

  @Test
  void coveragesThatAreNoneAreRefused() {
    for (String text : new String[] {"0", "1.0", "-0.5", "9e-1", "0.9 ", "", ".", "1e-999999999"}) {
      refused(
          "conformal.levels[0]: coverage: \"%s\"; expected a decimal such as 0.9".formatted(text),
          residual(9, level("\"" + text + "\"", "1")));
    }
    refused(
        "conformal.levels[0]: coverage: 0; expected a number above 0 and below 1 with at most 30"
            + " decimals",
        residual(9, level("\"0.000\"", "1")));
    refused(
        "conformal: coverage: 0.9 twice; expected each once",
        residual(9, level("\"0.9\"", "1") + "," + level("\".90\"", "1")));
  }

  @Test
  void quantilesThatNoScoresHaveAreRefused() {
    refused(
        "conformal: coverage 0.9: 0 quantiles; expected some of 9 rows",
        residual(9, level("\"0.9\"", "")));
    refused(
        "conformal: coverage 0.9: 1 quantiles; expected none of 8 rows",
        residual(8, level("\"0.9\"", "1")));
    refused(
        "conformal: coverage 0.9: quantile -1.0; expected one that a score residual can have",
        residual(9, level("\"0.9\"", "-1")));
    refused(
        "conformal: coverage 0.9: quantile 1.0; expected at least 2.0, that of coverage 0.8",
        residual(9, level("\"0.9\"", "1") + "," + level("\"0.8\"", "2")));
    refused("coverage 0.9: 2 quantiles; expected 1", residual(9, level("\"0.9\"", "1,2")));
    String infinite = residual(9, level("\"0.9\"", "1e999"));
    assertTrue(says(new Loss.SquaredError(), 1, infinite).contains("1e999"));
    String lac = residual(9, level("\"0.9\"", "1.5")).replace("residual", "lac");
    assertTrue(says(new Loss.SoftmaxCrossEntropy(), 3, lac).contains("quantile 1.5"));
  }

  @Test
  void aScoreThatHasNoMeaningForTheModelIsRefused() {
    String residual = residual(9, level("\"0.9\"", "1"));
    for (String score : new String[] {"lac", "aps", "cqr"}) {
      String other = residual.replace("residual", score);
      String message = says(new Loss.SquaredError(), 1, other);
      assertTrue(message.startsWith("bytes: score: " + score + "; expected"), message);
    }
    String message = says(new Loss.SoftmaxCrossEntropy(), 3, residual);
    assertTrue(message.startsWith("bytes: score: residual; expected a model of values"), message);
    String labels = residual.replace("residual", "lac");
    String several = says(new Loss.SigmoidCrossEntropy(), 3, labels);
    assertTrue(several.contains("of which each row has one"), several);
  }

  /** Levels are put in order once: comparing each with each would take minutes here. */
  @Test
  void manyLevelsAreJudgedInTheTimeOfSortingThem() throws Exception {
    int count = 200_000;
    StringBuilder levels = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      levels.append(i == 1 ? "" : ",").append(level("\"0.%06d\"".formatted(i), "1"));
    }
    byte[] bytes = file(new Loss.SquaredError(), 1, residual(1_000_000, levels.toString()));
    assertEquals(count, TrainedModel.of(bytes).conformal().orElseThrow().coverages().size());
  }
}
