package dev.lanewise.jmh;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** DJL's trainer on its PyTorch engine: the loop of its guide, without listeners. */
final class DjlTraining implements TrainingStep {

  private final Model model;
  private final Trainer trainer;
  private final NDList features;
  private final NDList labels;
  private float loss;

  DjlTraining(Net net, int rows, float rate, int threads) {
    model = Djl.model(net, threads);
    Optimizer adam =
        Optimizer.adam().optLearningRateTracker(Tracker.fixed(rate)).optEpsilon(1e-8f).build();
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(adam)
                .optDevices(new Device[] {Device.cpu()}));
    NDManager manager = trainer.getManager();
    features = new NDList(manager.create(net.rows(rows), new Shape(rows, net.inputs())));
    labels = new NDList(manager.create(net.classes(rows), new Shape(rows)));
    trainer.initialize(new Shape(rows, net.inputs()));
  }

  @Override
  public void step() {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDList scores = trainer.forward(features, labels);
      NDArray mean = trainer.getLoss().evaluate(labels, scores);
      collector.backward(mean);
      loss = mean.getFloat();
      scores.close();
      mean.close();
    }
    trainer.step();
  }

  @Override
  public double loss() {
    return loss;
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
