package dev.lanewise.published;

import static dev.lanewise.published.Matrices.assertNear;
import static dev.lanewise.published.Matrices.columns;
import static dev.lanewise.published.Matrices.csv;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.update.Updater;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first hundred epochs of the course's optimisation lab in floats: net 2-5-2-1, batches of 64
 * dealt in the given order, rate 0.0007. An epoch's cost is that of its rows, each before its
 * batch's update.
 */
@Tag("shared")
class MoonsExperimentTest {

  private static final int EPOCHS = 100;
  private static final double RATE = 0.0007;

  static Stream<Arguments> optimizers() {
    return Stream.of(
        Arguments.of("gd", Optimizer.sgd(RATE)),
        Arguments.of("momentum", Optimizer.momentum(RATE, 0.9, MomentumForm.EWMA)),
        Arguments.of("adam", Optimizer.adam(RATE)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void costsOfTheFirstHundredEpochsAreThePublishedOnesToAMillionth(
      String run, Optimizer optimizer) {
    double[][] rows = csv("moons/moons.csv", 1);
    Network network =
        Network.inputs(2)
            .dense(5)
            .relu()
            .dense(2)
            .relu()
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    Replica replica = new Replica(network, 64);
    for (int n = 1; n <= 3; n++) {
      double[][] weight = csv("moons/init_W" + n + ".csv", 0);
      replica.put("dense" + n + ".weight", CourseCase.transpose(weight));
    }
    double[][] orders = csv("moons/perms_first100.csv", 0);
    Batches batches =
        Batches.inOrder(
            Replica.dataset(columns(rows, 0, 2), columns(rows, 2, 3)),
            64,
            epoch -> Arrays.stream(orders[epoch]).mapToInt(row -> (int) row).toArray());
    Updater updater = replica.updater(optimizer);
    double[][] costs = new double[EPOCHS][1];
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      batches.start(epoch);
      for (int i = 0; i < batches.count(); i++) {
        Batch batch = batches.get(i);
        costs[epoch][0] += replica.loss(batch) * batch.rows() / rows.length;
        replica.step(updater);
      }
    }
    int column = List.of(Matrices.cells("moons/cost_first100.csv", 0)[0]).indexOf(run);
    double[][] published = columns(csv("moons/cost_first100.csv", 1), column, column + 1);
    assertNear(1e-6, published, costs, "moons " + run + " cost");
  }
}
