package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.SharedData;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.kernel.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Updater;
import dev.lanewise.plan.InferencePlan;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The course's regularisation lab on the float engine: net 2-20-3-1, full batch, plain gradient
 * descent with rate 0.3 from the given weights, against costs and counts of a run in double
 * precision. In single precision the runs drift apart after some hundred iterations.
 */
@Tag("shared")
class PublishedTrainingTest {

  private static final Engine ENGINE = Engine.standard();

  private static final Map<String, Double> DRIFT =
      Map.of("none", 1e-2, "l2", 1e-3, "dropout", 1e-3);

  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "dropout"})
  void firstCostsAreThePublishedOnes(String name) {
    int last = name.equals("dropout") ? 500 : 1000;
    Run run = Run.of(name, last + 1);
    expected(name, "cost")
        .headMap(last, true)
        .forEach((i, cost) -> assertEquals(cost, run.costs[i], 1e-6, "iteration " + i));
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"none", "l2", "dropout"})
  void lastCostsAndCountsAreThePublishedOnes(String name) {
    Run run = Run.of(name, 30_000);
    assertEquals(expected(name, "cost").get(20_000), run.costs[20_000], DRIFT.get(name));
    for (String set : List.of("train", "test")) {
      double share = expected(name, set + "_accuracy").get(30_000);
      Dataset rows = rows(set);
      assertEquals(Math.round(share * rows.rows()), correct(run, rows), 3, set);
    }
  }

  /** The costs by iteration, each before its update, and the last parameters. */
  private record Run(Network network, double[] costs, float[] theta) {

    static Run of(String name, int iterations) {
      return switch (name) {
        case "none" -> descend(Penalty.NONE, iterations);
        case "l2" -> descend(Penalty.l2PerExample(0.7), iterations);
        default -> descendWithGivenMasks(iterations);
      };
    }
  }

  private static Network network(Penalty penalty, double keep) {
    Dropout dropout = Dropout.keeping(keep);
    return Network.inputs(2)
        .add(new Dense(20).with(penalty))
        .relu()
        .add(dropout)
        .add(new Dense(3).with(penalty))
        .relu()
        .add(dropout)
        .add(new Dense(1).with(penalty))
        .loss(new Loss.SigmoidCrossEntropy());
  }

  private static Run descend(Penalty penalty, int iterations) {
    Recipe recipe =
        Recipe.of(network(penalty, 1), Optimizer.gradientDescent(0.3))
            .withBatchSize(0)
            .withEpochs(iterations);
    Training training =
        Training.start(recipe, TrainingData.of(rows("train")), initial(recipe.network()), ENGINE);
    double[] costs = new double[iterations];
    for (Epoch epoch : training) {
      costs[epoch.number() - 1] = epoch.cost();
    }
    return new Run(training.network(), costs, training.parameters());
  }

  private static Run descendWithGivenMasks(int iterations) {
    Network network = network(Penalty.NONE, 0.86);
    Batch batch =
        Batch.of(rows("train"))
            .withMasks(Map.of(1, mask("dropout_D1.csv"), 2, mask("dropout_D2.csv")));
    TrainingPlan plan = TrainingPlan.compile(network, batch.rows(), ENGINE);
    Updater updater = Updater.compile(Optimizer.gradientDescent(0.3), network, ENGINE);
    float[] theta = initial(network);
    float[] gradient = new float[theta.length];
    double[] costs = new double[iterations];
    for (int i = 0; i < iterations; i++) {
      costs[i] = plan.gradients(theta, batch, 0, gradient);
      updater.update(theta, gradient, i);
    }
    return new Run(network, costs, theta);
  }

  private static int correct(Run run, Dataset rows) {
    float[] scores = new float[rows.rows()];
    InferencePlan.over(PackedNetwork.pack(run.network, run.theta, ENGINE))
        .scores(rows.features(), 0, rows.rows(), scores, 0);
    int correct = 0;
    for (int row = 0; row < scores.length; row++) {
      correct += (scores[row] > 0) == (rows.targets()[row] == 1) ? 1 : 0;
    }
    return correct;
  }

  /** The given weights; the files have a unit's weights in a row, the engine in a column. */
  private static float[] initial(Network network) {
    float[] theta = new float[network.layout().size()];
    for (int layer = 1; layer <= 3; layer++) {
      List<String[]> units = lines("init_W" + layer + ".csv");
      Slot weight = network.layout().slot("dense" + layer + ".weight");
      for (int i = 0; i < weight.rows(); i++) {
        for (int j = 0; j < weight.columns(); j++) {
          theta[weight.offset() + i * weight.columns() + j] = Float.parseFloat(units.get(j)[i]);
        }
      }
    }
    return theta;
  }

  private static boolean[] mask(String file) {
    List<String[]> units = lines(file);
    boolean[] mask = new boolean[units.size() * units.getFirst().length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = Double.parseDouble(units.get(i % units.size())[i / units.size()]) == 1;
    }
    return mask;
  }

  private static Dataset rows(String set) {
    List<String[]> lines = lines(set + ".csv");
    int rows = lines.size() - 1;
    float[] features = new float[2 * rows];
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      String[] cells = lines.get(row + 1);
      features[2 * row] = Float.parseFloat(cells[0]);
      features[2 * row + 1] = Float.parseFloat(cells[1]);
      targets[row] = Float.parseFloat(cells[2]);
    }
    return Dataset.of(features, 2, targets, 1);
  }

  private static TreeMap<Integer, Double> expected(String run, String metric) {
    TreeMap<Integer, Double> values = new TreeMap<>();
    for (String[] row : lines("expected.csv")) {
      if (row[0].equals(run) && row[1].equals(metric)) {
        values.put(Integer.valueOf(row[2]), Double.valueOf(row[3]));
      }
    }
    return values;
  }

  private static List<String[]> lines(String file) {
    try {
      return Files.readAllLines(SharedData.file("data/football/" + file)).stream()
          .map(line -> line.split(","))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
