package dev.lanewise.jmh;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.update.Updater;

/** Ours: what a step of a training does. */
final class LanewiseTraining implements TrainingStep {

  private final TrainingPlan plan;
  private final Updater updater;
  private final Batch batch;
  private final float[] parameters;
  private final float[] gradient;
  private long step;
  private double loss;

  LanewiseTraining(
      Network network, float[] initial, Dataset data, Optimizer optimizer, Engine engine) {
    plan = TrainingPlan.compile(network, data.rows(), engine);
    updater = Updater.compile(optimizer, plan);
    batch = Batch.of(data);
    parameters = initial.clone();
    gradient = new float[parameters.length];
  }

  @Override
  public void step() {
    plan.team().open();
    try {
      loss = plan.gradients(parameters, batch, step++, gradient);
      updater.update(parameters, gradient, 0);
    } finally {
      plan.team().close();
    }
  }

  @Override
  public double loss() {
    return loss;
  }
}
