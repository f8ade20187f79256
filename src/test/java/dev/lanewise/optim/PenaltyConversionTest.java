package dev.lanewise.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.net.Penalty;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.tensor.Slot;
import dev.lanewise.update.Updater;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table of doc/regularisation.md: one λ under the names that others have for it. */
class PenaltyConversionTest {

  private static final Engine ENGINE = Engine.standard();
  private static final int ROWS = 12;
  private static final double RATE = 0.3;
  private static final double LAMBDA = 0.7;

  private static Network network(Penalty penalty) {
    return Network.inputs(5)
        .add(new Dense(7).withPenalty(penalty))
        .relu()
        .add(new Dense(1).withPenalty(penalty))
        .loss(new Loss.SigmoidCrossEntropy());
  }

  private static Batch batch() {
    Random random = new Random(1);
    float[] features = new float[ROWS * 5];
    float[] targets = new float[ROWS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      targets[i] = random.nextInt(2);
    }
    return Batch.of(Dataset.of(features, 5, targets, 1));
  }

  private static float[] trained(Penalty penalty, Optimizer optimizer, int steps) {
    Network network = network(penalty).resolve(ROWS);
    TrainingPlan plan = TrainingPlan.compile(network, ROWS, ENGINE);
    Updater updater = Updater.compile(optimizer, plan);
    float[] theta = network.initialParameters(3);
    float[] gradient = new float[theta.length];
    Batch batch = batch();
    for (int step = 0; step < steps; step++) {
      plan.gradients(theta, batch, step, gradient);
      updater.update(theta, gradient, 0);
    }
    return theta;
  }

  private static double distance(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
    }
    return largest;
  }

  private static Optimizer decaying(double lambda) {
    return Optimizer.sgd(RATE).then(new Transform.WeightDecay(lambda));
  }

  /** One step of W := (1 − αλ/m)·W − α·dW, the course's other view, with dW free of penalties. */
  @Test
  void oneStepUnderL2PerExampleShrinksTheWeightsByOneMinusRateLambdaOverRows() {
    Network plain = network(Penalty.NONE);
    float[] theta = plain.initialParameters(3);
    float[] gradient = new float[theta.length];
    TrainingPlan.compile(plain, ROWS, ENGINE).gradients(theta, batch(), 0, gradient);
    float[] stepped = trained(Penalty.l2PerExample(LAMBDA), Optimizer.sgd(RATE), 1);
    int decayed = plain.layout().decayed();
    for (int i = 0; i < theta.length; i++) {
      double factor = i < decayed ? 1 - RATE * LAMBDA / ROWS : 1;
      assertEquals(factor * theta[i] - RATE * gradient[i], stepped[i], 1e-6);
    }
  }

  /** PyTorch's SGD(weight_decay = λ/m), which adds weight_decay·w to the gradient. */
  @Test
  void underGradientDescentL2PerExampleIsL2AndWeightDecayOfLambdaOverRows() {
    Optimizer descent = Optimizer.sgd(RATE);
    float[] perExample = trained(Penalty.l2PerExample(LAMBDA), descent, 50);
    assertTrue(distance(perExample, trained(Penalty.l2(LAMBDA / ROWS), descent, 50)) < 1e-6);
    assertTrue(distance(perExample, trained(Penalty.NONE, decaying(LAMBDA / ROWS), 50)) < 1e-5);
    assertTrue(distance(perExample, trained(Penalty.NONE, descent, 50)) > 0.01);
  }

  @Test
  void underAdamL2AndDecoupledDecayDiffer() {
    float[] l2 = trained(Penalty.l2(0.1), Optimizer.adam(0.01), 100);
    float[] decay = trained(Penalty.NONE, Optimizer.adamW(0.01, 0.1), 100);
    assertTrue(distance(l2, decay) > 0.05, "distance " + distance(l2, decay));
  }

  /** Keras's l2(c) adds c·Σw², scikit-learn's alpha adds alpha/2n·Σw² with n the batch's rows. */
  @Test
  void kerasAndScikitLearnHaveTheSameCost() {
    double c = LAMBDA / (2 * ROWS);
    double alpha = LAMBDA;
    Network network = network(Penalty.l2PerExample(LAMBDA)).resolve(ROWS);
    float[] theta = network.initialParameters(3);
    double squares = 0;
    for (Slot slot : network.layout().slots()) {
      for (int i = slot.offset(); slot.role() == Slot.Role.WEIGHT && i < slot.end(); i++) {
        squares += (double) theta[i] * theta[i];
      }
    }
    double penalty = TrainingPlan.compile(network, ROWS, ENGINE).penalty(theta);
    assertEquals(c * squares, penalty, 1e-6 * penalty);
    assertEquals(alpha / (2 * ROWS) * squares, penalty, 1e-6 * penalty);
    double plain = TrainingPlan.compile(network(Penalty.l2(2 * c)), ROWS, ENGINE).penalty(theta);
    assertEquals(c * squares, plain, 1e-6 * penalty);
  }

  /** Keras's l1(c) adds c·Σ|w|; the course's λ/2m·Σ|w| is c = λ/2m. */
  @Test
  void l1PerExampleIsL1OfLambdaOverTwiceTheRows() {
    Optimizer descent = Optimizer.sgd(RATE);
    assertTrue(
        distance(
                trained(Penalty.l1PerExample(LAMBDA), descent, 20),
                trained(Penalty.l1(LAMBDA / (2 * ROWS)), descent, 20))
            < 1e-6);
  }
}
