package dev.lanewise.jmh.fresh;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.model.Model;
import dev.lanewise.model.Predictor;
import dev.lanewise.net.Activation;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.util.List;
import java.util.Random;

/**
 * A piece of work for a fresh JVM, by the public API alone, so that it also runs older versions.
 */
interface FreshWork {

  /** The names of all pieces of work. */
  List<String> NAMES = List.of("A", "B", "C", "course", "mixed", "row", "rows");

  /**
   * Does it once.
   *
   * @return whether its bytes count: not those of a step that begins an epoch or ends one
   */
  boolean call();

  /** {@return the piece of work of that name} */
  static FreshWork of(String name, Engine engine) {
    return switch (name) {
      case "A" -> steps(net(false, 784, 512, 256, 10), Optimizer.adam(1e-3), 128, engine);
      case "B" -> steps(net(true, 784, 512, 256, 10), Optimizer.adam(1e-3), 128, engine);
      case "C" -> steps(net(false, 1024, 2048, 2048, 10), Optimizer.adam(1e-3), 256, engine);
      case "course" -> steps(net(false, 2, 20, 3, 1), Optimizer.sgd(0.3), 211, engine);
      case "mixed" -> mixed(engine);
      case "row" -> predictions(net(false, 784, 512, 256, 10), 1, engine);
      case "rows" -> predictions(net(false, 784, 512, 256, 10), 64, engine);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Network net(boolean normalized, int... sizes) {
    Network.Builder layers = Network.inputs(sizes[0]);
    for (int i = 1; i < sizes.length - 1; i++) {
      layers.dense(sizes[i]);
      if (normalized) {
        layers.batchNorm();
      }
      layers.relu();
      if (normalized) {
        layers.dropout(0.5);
      }
    }
    return finish(layers, sizes[sizes.length - 1]);
  }

  private static Network finish(Network.Builder layers, int outputs) {
    return layers
        .dense(outputs)
        .loss(outputs == 1 ? new Loss.SigmoidCrossEntropy() : new Loss.SoftmaxCrossEntropy());
  }

  /** Steps of a training whose epochs have sixteen batches. */
  private static FreshWork steps(Network network, Optimizer optimizer, int batch, Engine engine) {
    int rows = 16 * batch;
    Random random = new Random(1);
    float[] features = gaussians(random, rows * network.inputs());
    float[] targets = new float[rows];
    for (int row = 0; row < rows; row++) {
      targets[row] = random.nextInt(Math.max(2, network.outputs()));
    }
    Dataset data = Dataset.of(features, network.inputs(), targets, 1);
    Recipe recipe =
        Recipe.of(network, optimizer).withBatchSize(batch).withEpochs(Integer.MAX_VALUE);
    Training training = Training.start(recipe, TrainingData.of(data), engine);
    return () -> {
      boolean begins = training.steps() % training.stepsPerEpoch() == 0;
      return training.step().isEmpty() && !begins;
    };
  }

  /** Steps of several trainings by turns, of widths that fill no vector and all kinds of layers. */
  private static FreshWork mixed(Engine engine) {
    FreshWork[] trainings = {
      steps(
          finish(
              Network.inputs(13)
                  .dense(37)
                  .batchNorm()
                  .activation(Activation.Function.TANH)
                  .dropout(0.3)
                  .dense(5)
                  .batchNorm()
                  .relu(),
              3),
          Optimizer.adam(1e-3),
          32,
          engine),
      steps(
          finish(
              Network.inputs(30)
                  .dense(64)
                  .layerNorm()
                  .activation(Activation.Function.GELU)
                  .dense(24)
                  .activation(Activation.Function.SILU),
              1),
          Optimizer.rmsprop(1e-3),
          64,
          engine),
      steps(
          finish(
              Network.inputs(7).dense(20).relu().dense(9).activation(Activation.Function.SIGMOID),
              10),
          Optimizer.sgd(1e-2),
          50,
          engine),
      steps(
          finish(
              Network.inputs(50)
                  .dense(100)
                  .batchNorm()
                  .relu()
                  .dropout(0.5)
                  .dense(50)
                  .batchNorm()
                  .relu(),
              12),
          Optimizer.nesterov(1e-2, 0.9),
          77,
          engine),
    };
    return () -> {
      boolean counts = true;
      for (FreshWork training : trainings) {
        counts &= training.call();
      }
      return counts;
    };
  }

  private static FreshWork predictions(Network network, int count, Engine engine) {
    Predictor predictor = Model.of(network, network.initialParameters(1), engine).predictor();
    float[] rows = gaussians(new Random(1), count * network.inputs());
    float[] out = new float[count * network.outputs()];
    return () -> {
      predictor.predict(rows, count, out);
      return true;
    };
  }

  private static float[] gaussians(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
