package dev.lanewise.jmh;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.util.List;

/** Ours: a training, epoch by epoch. */
final class LanewiseCourse implements CourseRun {

  private final Network network;
  private final float[] parameters;
  private final TrainingData data;

  LanewiseCourse(Course course) {
    Network plain = course.net().network();
    Penalty penalty = Penalty.l2PerExample(course.lambda());
    List<Layer> layers =
        plain.layers().stream()
            .map(layer -> layer instanceof Dense dense ? dense.withPenalty(penalty) : layer)
            .toList();
    network = new Network(plain.inputs(), layers, plain.loss());
    parameters = course.net().parameters();
    data = TrainingData.of(Dataset.of(course.rows(), plain.inputs(), course.targets(), 1));
  }

  @Override
  public double run(int iterations) {
    Recipe recipe =
        Recipe.of(network, Optimizer.sgd(Course.RATE)).withBatchSize(0).withEpochs(iterations);
    double loss = Double.NaN;
    for (Epoch epoch : Training.start(recipe, data, parameters, Engine.standard())) {
      loss = epoch.trainingLoss();
    }
    return loss;
  }
}
