package dev.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.CourseCase;
import dev.lanewise.SharedData;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The course's regularisation lab in double precision: net 2-20-3-1, full batch, plain gradient
 * descent with rate 0.3 from the given weights; the third run reuses one given mask in every
 * iteration, as the lab does by re-seeding.
 */
@Tag("shared")
class FootballTest {

  private static final double RATE = 0.3;

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "dropout"})
  void costsOfTheFirstThousandIterationsAreThePublishedOnes(String run) {
    Lab lab = new Lab(run);
    expected(run, "cost")
        .headMap(1000, true)
        .forEach(
            (iteration, cost) -> {
              lab.descendTo(iteration);
              assertEquals(cost, lab.cost(), 1e-9 * cost, "iteration " + iteration);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "dropout"})
  @Tag("long")
  void accuraciesAfterThirtyThousandIterationsAreThePublishedOnes(String run) {
    Lab lab = new Lab(run);
    lab.descendTo(30_000);
    assertEquals(expected(run, "cost").get(30_000), lab.cost(), 1e-6);
    assertEquals(correct(run, "train_accuracy", 211), lab.correct("train"), "train");
    assertEquals(correct(run, "test_accuracy", 200), lab.correct("test"), "test");
  }

  private static long correct(String run, String metric, int rows) {
    return Math.round(expected(run, metric).get(30_000) * rows);
  }

  private static final class Lab {
    private final ReferenceNetwork reference;
    private final ReferenceNetwork.Batch batch;
    private final double[] theta;
    private int iteration;

    Lab(String run) {
      double[][] train = csv("train.csv", 1);
      Penalty penalty = run.equals("l2") ? Penalty.l2PerExample(0.7) : Penalty.NONE;
      Dropout dropout = Dropout.keeping(run.equals("dropout") ? 0.86 : 1);
      Network network =
          Network.inputs(2)
              .add(new Dense(20).withPenalty(penalty))
              .relu()
              .add(dropout)
              .add(new Dense(3).withPenalty(penalty))
              .relu()
              .add(dropout)
              .add(new Dense(1).withPenalty(penalty))
              .loss(new Loss.SigmoidCrossEntropy())
              .resolve(train.length);
      reference = new ReferenceNetwork(network);
      theta = new double[reference.layout().size()];
      Tensors tensors = new Tensors(reference.layout(), theta);
      for (int n = 1; n <= 3; n++) {
        tensors.put("dense" + n + ".weight", CourseCase.transpose(csv("init_W" + n + ".csv", 0)));
      }
      batch =
          new ReferenceNetwork.Batch(columns(train, 0, 2), columns(train, 2, 3))
              .withMasks(
                  Map.of(
                      1,
                      CourseCase.mask(csv("dropout_D1.csv", 0)),
                      2,
                      CourseCase.mask(csv("dropout_D2.csv", 0))));
    }

    void descendTo(int last) {
      for (; iteration < last; iteration++) {
        double[] gradient = reference.gradient(theta, batch);
        for (int i = 0; i < theta.length; i++) {
          theta[i] -= RATE * gradient[i];
        }
      }
    }

    double cost() {
      return reference.cost(theta, batch).total();
    }

    long correct(String set) {
      double[][] rows = csv(set + ".csv", 1);
      double[][] scores = reference.logits(theta, columns(rows, 0, 2));
      long correct = 0;
      for (int r = 0; r < rows.length; r++) {
        correct += (scores[r][0] > 0) == (rows[r][2] == 1) ? 1 : 0;
      }
      return correct;
    }
  }

  private static double[][] columns(double[][] rows, int from, int to) {
    return Arrays.stream(rows)
        .map(row -> Arrays.copyOfRange(row, from, to))
        .toArray(double[][]::new);
  }

  private static TreeMap<Integer, Double> expected(String run, String metric) {
    TreeMap<Integer, Double> values = new TreeMap<>();
    for (String[] row : lines("expected.csv", 1)) {
      if (row[0].equals(run) && row[1].equals(metric)) {
        values.put(Integer.valueOf(row[2]), Double.valueOf(row[3]));
      }
    }
    return values;
  }

  private static double[][] csv(String file, int headerLines) {
    return Arrays.stream(lines(file, headerLines))
        .map(row -> Arrays.stream(row).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }

  private static String[][] lines(String file, int headerLines) {
    Path path = SharedData.file("data/football/" + file);
    try {
      return Files.readAllLines(path).stream()
          .skip(headerLines)
          .map(line -> line.split(","))
          .toArray(String[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
