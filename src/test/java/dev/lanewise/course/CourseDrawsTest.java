package dev.lanewise.course;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.CourseCase;
import dev.lanewise.SharedData;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the course drew, drawn again: the same numbers as in the given files. */
final class CourseDrawsTest {

  @ParameterizedTest
  @Tag("shared")
  @CsvSource({"football/init_W, 20, 3, 1", "circles/init_he_W, 10, 5, 2", "moons/init_W, 5, 2, 2"})
  void drawnWeightsAreTheGivenOnes(String files, int first, int second, double variance)
      throws IOException {
    CourseNet net = CourseNet.plain(first, second);
    Network network = net.network();
    float[] theta = net.given(in -> Math.sqrt(variance / in));
    for (int n = 1; n <= 3; n++) {
      Slot slot = network.layout().slot("dense" + n + ".weight");
      double[][] given = CourseCase.transpose(csv(files + n + ".csv"));
      for (int i = 0; i < slot.size(); i++) {
        double weight = given[i / slot.columns()][i % slot.columns()];
        assertEquals((float) weight, theta[slot.offset() + i], Math.ulp((float) weight));
      }
    }
  }

  @Test
  @Tag("shared")
  void drawnMasksAreTheGivenOnes() throws IOException {
    Map<Integer, boolean[]> masks = FootballReplay.masks(211);
    for (int n = 1; n <= 2; n++) {
      double[][] given = CourseCase.transpose(csv("football/dropout_D" + n + ".csv"));
      boolean[] mask = masks.get(n);
      for (int i = 0; i < mask.length; i++) {
        assertEquals(given[i / given[0].length][i % given[0].length] == 1, mask[i]);
      }
    }
  }

  @Test
  @Tag("shared")
  void ordersOfTheFirstHundredEpochsAreTheGivenOnes() throws IOException {
    double[][] given = csv("moons/perms_first100.csv");
    for (int epoch = 0; epoch < given.length; epoch++) {
      int[] order = Arrays.stream(given[epoch]).mapToInt(row -> (int) row).toArray();
      assertArrayEquals(order, MoonsReplay.order(epoch, 300));
    }
  }

  @Test
  @Tag("shared")
  void whatTheBatchNormLabNormalisesIsTheGivenMatrix() {
    double[][] given = CourseCase.read("cs231n-bn-train").input("a");
    double[][] drawn = BatchNormReplay.activations();
    assertNear(given, drawn, 1e-11);
  }

  @Test
  @Tag("shared")
  void theTextbooksGradientOfTheBatchNormLabIsTheGivenOne() {
    CourseCase given = CourseCase.read("cs231n-bn-backward");
    BatchNormGradients gradients = new BatchNormGradients();
    double[] textbook = gradients.textbook();
    Map<String, String> parts = Map.of("x", "dx", "scale", "dgamma", "shift", "dbeta");
    parts.forEach(
        (part, expected) -> {
          Slot slot = gradients.slot(part);
          double[] flat =
              Arrays.stream(given.expected(expected)).flatMapToDouble(Arrays::stream).toArray();
          assertArrayEquals(
              flat, Arrays.copyOfRange(textbook, slot.offset(), slot.end()), 1e-13, part);
        });
  }

  @Test
  @Tag("shared")
  void netsOfTheBatchNormLabAreTheGivenOnes() {
    BatchNormNets nets = new BatchNormNets();
    for (String lambda : List.of("0", "3.14")) {
      CourseCase given = CourseCase.read("cs231n-fcnet-bn-reg" + lambda);
      assertNear(given.input("X"), nets.x(), 1e-15);
      assertArrayEquals(
          given.input("y")[0], Arrays.stream(nets.classes()).asDoubleStream().toArray());
      List<double[][]> weights = nets.nextWeights();
      for (int n = 1; n <= 3; n++) {
        assertNear(given.input("W" + n), weights.get(n - 1), 1e-15);
      }
    }
  }

  private static void assertNear(double[][] given, double[][] drawn, double difference) {
    assertEquals(given.length, drawn.length);
    for (int r = 0; r < given.length; r++) {
      assertArrayEquals(given[r], drawn[r], difference);
    }
  }

  private static double[][] csv(String file) throws IOException {
    return Files.readAllLines(SharedData.file("data/" + file)).stream()
        .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void theLookAlikeHasTheShapeOfThePitch() {
    CoursePoints pitch = CourseSet.FOOTBALL.generated();
    assertFalse(pitch.original());
    assertEquals(211, pitch.training().rows());
    assertEquals(200, pitch.test().orElseThrow().rows());
    double blue = 0;
    for (float label : pitch.training().targets()) {
      blue += label;
    }
    assertTrue(blue > 70 && blue < 140, "rows of class 1: " + blue);
  }
}
