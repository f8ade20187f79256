package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.CourseCase;
import dev.lanewise.SharedData;
import dev.lanewise.data.Dataset;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the course drew, drawn again: the same numbers as in the given files. */
final class CourseSetsTest {

  @TempDir private Path folder;

  @Test
  @Tag("shared")
  void generatedCirclesAreTheGivenOnes() throws IOException {
    CourseSets given = CourseSets.in(SharedData.file("data"));
    assertSame(given.circles().training(), CourseSets.in(null).circles().training());
    assertSame(
        given.circles().test().orElseThrow(), CourseSets.in(null).circles().test().orElseThrow());
  }

  @Test
  @Tag("shared")
  void generatedMoonsAreTheGivenOnes() throws IOException {
    CourseSets given = CourseSets.in(SharedData.file("data"));
    assertSame(given.moons().training(), CourseSets.in(null).moons().training());
  }

  /** Our sines and cosines are those of another library, so a float may round the other way. */
  private static void assertSame(Dataset given, Dataset generated) {
    assertArrayEquals(given.features(), generated.features(), 1.2e-7f);
    assertArrayEquals(given.targets(), generated.targets());
  }

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
    for (int r = 0; r < given.length; r++) {
      assertArrayEquals(given[r], drawn[r], 1e-11);
    }
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

  private static double[][] csv(String file) throws IOException {
    return Files.readAllLines(SharedData.file("data/" + file)).stream()
        .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void theLookAlikeHasTheShapeOfThePitch() throws IOException {
    CoursePoints pitch = CourseSets.in(folder).football();
    assertFalse(pitch.original());
    assertEquals(211, pitch.training().rows());
    assertEquals(200, pitch.test().orElseThrow().rows());
    double blue = 0;
    for (float label : pitch.training().targets()) {
      blue += label;
    }
    assertTrue(blue > 70 && blue < 140, "rows of class 1: " + blue);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x1,x2,label;1,2,3|line 2: label 3.0; expected 0 or 1",
        "x1,x2,label;1,two,0|line 2, column x2: two",
        "x1,x2,label;1,2|line 2: 2 fields; expected 3",
        "x1,y,label;1,2,0|no column x2",
      })
  void damagedFilesAreToldWithTheirLine(String lines, String complaint) throws IOException {
    Path moons = Files.createDirectory(folder.resolve("moons")).resolve("moons.csv");
    Files.write(moons, Arrays.asList(lines.split(";")));
    CourseSets sets = CourseSets.in(folder);
    Exception e = assertThrows(Exception.class, sets::moons);
    assertTrue(e.getMessage().contains(complaint), e::getMessage);
    assertTrue(e.getMessage().contains("moons.csv"), e::getMessage);
  }
}
