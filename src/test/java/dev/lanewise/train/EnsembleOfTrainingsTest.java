package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bagging and snapshots, and what averaging probabilities is worth. */
class EnsembleOfTrainingsTest {

  private static final Engine ENGINE = Engine.standard();
  private static final Dataset ROWS = Samples.classes(60, 1);
  private static final Dataset OTHERS = Samples.classes(200, 2);

  private static Recipe recipe() {
    Network network =
        Network.inputs(2).dense(16).relu().dense(3).loss(new Loss.SoftmaxCrossEntropy());
    return Recipe.of(network, Optimizer.adam(0.02)).withBatchSize(16).withEpochs(12);
  }

  private static Model model(Training training) {
    return Model.of(training.network(), training.parameters(), ENGINE);
  }

  @Test
  void bootstrapSamplesMakeAnEnsemble() {
    List<Model> models = new ArrayList<>();
    for (int member = 0; member < 5; member++) {
      Training training =
          Samples.trained(
              recipe().withSeed(member), TrainingData.of(ROWS.bootstrap(7, member)), ENGINE);
      models.add(model(training));
    }
    assertWorthMoreThanItsMembers(models);
  }

  /** The rate starts high again in every third epoch and falls within the two after it. */
  @Test
  void snapshotsOfOneTrainingMakeAnEnsemble() {
    Training training = Training.start(recipe(), TrainingData.of(ROWS), ENGINE);
    List<Model> models = new ArrayList<>();
    double[] cycle = {0.05, 0.02, 0.002};
    while (!training.finished()) {
      training.changeRate(cycle[training.epochs() % 3]);
      training.finishEpoch();
      if (training.epochs() % 3 == 0) {
        models.add(model(training));
      }
    }
    assertEquals(4, models.size());
    assertWorthMoreThanItsMembers(models);
  }

  /** By Jensen's inequality, −ln of the mean is at most the mean of −ln, on any rows. */
  private static void assertWorthMoreThanItsMembers(List<Model> models) {
    double members = 0;
    for (Model model : models) {
      members += logLoss(Ensemble.of(List.of(model))) / models.size();
    }
    double together = logLoss(Ensemble.of(models));
    assertTrue(together < members, "%s; its members %s".formatted(together, members));
  }

  private static double logLoss(Ensemble ensemble) {
    float[] out = new float[OTHERS.rows() * 3];
    ensemble.predictor().predict(OTHERS.features(), OTHERS.rows(), out);
    double loss = 0;
    for (int row = 0; row < OTHERS.rows(); row++) {
      loss -= Math.log(out[3 * row + (int) OTHERS.targets()[row]]) / OTHERS.rows();
    }
    return loss;
  }
}
