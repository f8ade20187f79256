package dev.lanewise.published;

import static dev.lanewise.published.Matrices.assertNear;
import static dev.lanewise.published.Matrices.columns;
import static dev.lanewise.published.Matrices.csv;
import static dev.lanewise.published.Matrices.mask;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Batch;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Updater;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The course's regularisation lab in floats: net 2-20-3-1, full batch, gradient descent with rate
 * 0.3 from the given weights; the third run drops by one given mask in every iteration, as the lab
 * does by re-seeding. The published runs are in double precision, from which floats drift apart, so
 * the later a number the wider its tolerance.
 */
@Tag("shared")
class FootballExperimentTest {

  @ParameterizedTest
  @CsvSource({"none, 1000", "l2, 1000", "dropout, 500"})
  void firstCostsAreThePublishedOnesToAMillionth(String run, int last) {
    Lab lab = new Lab(run);
    published(run, "cost")
        .headMap(last, true)
        .forEach(
            (iteration, cost) -> {
              lab.descendTo(iteration);
              assertNear(1e-6, cost, lab.cost(), "football " + run + " cost at " + iteration);
            });
  }

  @ParameterizedTest
  @CsvSource({"none, 1e-2", "l2, 1e-3", "dropout, 1e-3"})
  @Tag("long")
  void costAfterTwentyThousandIterationsIsNearThePublishedOne(String run, double tolerance) {
    Lab lab = new Lab(run);
    lab.descendTo(20_000);
    assertEquals(published(run, "cost").get(20_000), lab.cost(), tolerance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "dropout"})
  @Tag("long")
  void countsAfterThirtyThousandIterationsAreWithinThreeRowsOfThePublishedOnes(String run) {
    Lab lab = new Lab(run);
    lab.descendTo(30_000);
    assertCountNear(run, "train", lab);
    assertCountNear(run, "test", lab);
  }

  private static void assertCountNear(String run, String set, Lab lab) {
    double[][] rows = csv("football/" + set + ".csv", 1);
    long published = Math.round(published(run, set + "_accuracy").get(30_000) * rows.length);
    assertEquals(published, lab.correct(rows), 3.0, set);
  }

  private static final class Lab {
    private final Replica replica;
    private final Updater updater;
    private final Batch batch;
    private int iteration;

    Lab(String run) {
      double[][] train = csv("football/train.csv", 1);
      Penalty penalty = run.equals("l2") ? Penalty.l2PerExample(0.7) : Penalty.NONE;
      Dropout dropout = Dropout.keeping(run.equals("dropout") ? 0.86 : 1);
      Network network =
          Network.inputs(2)
              .add(new Dense(20).with(penalty))
              .relu()
              .add(dropout)
              .add(new Dense(3).with(penalty))
              .relu()
              .add(dropout)
              .add(new Dense(1).with(penalty))
              .loss(new Loss.SigmoidCrossEntropy());
      replica = new Replica(network, train.length);
      for (int n = 1; n <= 3; n++) {
        double[][] weight = csv("football/init_W" + n + ".csv", 0);
        replica.put("dense" + n + ".weight", CourseCase.transpose(weight));
      }
      updater = replica.updater(Optimizer.gradientDescent(0.3));
      Map<Integer, boolean[]> masks =
          Map.of(
              1, mask(csv("football/dropout_D1.csv", 0)),
              2, mask(csv("football/dropout_D2.csv", 0)));
      Batch rows = Replica.batch(columns(train, 0, 2), columns(train, 2, 3));
      batch = dropout.keep() < 1 ? rows.withMasks(masks) : rows;
    }

    void descendTo(int last) {
      for (; iteration < last; iteration++) {
        replica.loss(batch);
        replica.step(updater);
      }
    }

    double cost() {
      return replica.cost(batch);
    }

    long correct(double[][] rows) {
      double[][] scores = replica.scores(columns(rows, 0, 2));
      long correct = 0;
      for (int r = 0; r < rows.length; r++) {
        correct += (scores[r][0] > 0) == (rows[r][2] == 1) ? 1 : 0;
      }
      return correct;
    }
  }

  private static TreeMap<Integer, Double> published(String run, String metric) {
    TreeMap<Integer, Double> values = new TreeMap<>();
    for (String[] row : Matrices.cells("football/expected.csv", 1)) {
      if (row[0].equals(run) && row[1].equals(metric)) {
        values.put(Integer.valueOf(row[2]), Double.valueOf(row[3]));
      }
    }
    return values;
  }
}
