package dev.lanewise.published;

import static dev.lanewise.published.Matrices.assertNear;
import static dev.lanewise.published.Matrices.columns;
import static dev.lanewise.published.Matrices.csv;

import dev.lanewise.CourseCase;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.tensor.Layout;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The course's initialisation lab in floats, by the training loop: net 2-10-5-1 from the given
 * weights of He's initialisation, full batch, gradient descent with rate 0.01.
 */
@Tag("shared")
class CirclesExperimentTest {

  private static final int LAST = 1000;

  @Test
  void costsOfAThousandIterationsFromHesWeightsAreThePublishedOnesToAMillionth() {
    double[][] rows = csv("circles/train.csv", 1);
    Dataset training = Replica.dataset(columns(rows, 0, 2), columns(rows, 2, 3));
    Network network =
        Network.inputs(2)
            .dense(10)
            .relu()
            .dense(5)
            .relu()
            .dense(1)
            .loss(new Loss.SigmoidCrossEntropy());
    Recipe recipe = Recipe.of(network, Optimizer.sgd(0.01)).withBatchSize(0).withEpochs(LAST + 1);
    Map<Integer, Double> costs = new HashMap<>();
    for (Epoch epoch :
        Training.start(
            recipe, TrainingData.of(training), initial(network.layout()), Engine.standard())) {
      // An epoch's cost is the one before its step.
      costs.put(epoch.number() - 1, epoch.cost());
    }
    for (String[] row : Matrices.cells("circles/expected.csv", 1)) {
      int iteration = Integer.parseInt(row[2]);
      if (row[0].equals("he") && row[1].equals("cost") && iteration <= LAST) {
        double published = Double.parseDouble(row[3]);
        assertNear(1e-6, published, costs.get(iteration), "circles cost at " + iteration);
      }
    }
  }

  private static float[] initial(Layout layout) {
    float[] theta = new float[layout.size()];
    for (int n = 1; n <= 3; n++) {
      float[] weight =
          Replica.floats(CourseCase.transpose(csv("circles/init_he_W" + n + ".csv", 0)));
      int offset = layout.slot("dense" + n + ".weight").offset();
      System.arraycopy(weight, 0, theta, offset, weight.length);
    }
    return theta;
  }
}
