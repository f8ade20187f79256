package dev.lanewise.report;

import dev.lanewise.train.Epoch;
import dev.lanewise.train.Observation;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a report tells of the course of a training: the loss of evenly spaced steps, the layers at
 * the end of some epochs, and the parameters that it began with.
 *
 * <p>Whoever drives the training calls {@link #after} behind every step. That takes the loss of one
 * step in so many, more the longer the training gets, and allocates nothing between epochs. Some
 * epochs are observed, which costs a forward pass of one batch each; the parameters have the same
 * bits as without. For one thread at a time.
 */
public final class TrainingTrace {

  /** The most steps whose loss is kept. */
  private static final int MOST_STEPS = 400;

  private static final int MOST_OBSERVATIONS = 100;

  /** Where an epoch is few batches, a pass of one is a large part of it. */
  private static final int FEW_BATCHES = 10;

  private static final int FEW_OBSERVATIONS = 25;

  private final Training training;
  private final int every;
  private final int firstEpoch;
  private final long firstStep;
  private final float[] initial;
  private final double[] losses = new double[MOST_STEPS];
  private final List<Observation> observations = new ArrayList<>();
  private int kept;
  private long stride = 1;

  private TrainingTrace(Training training, int every) {
    this.training = training;
    this.every = every;
    firstEpoch = training.epochs();
    firstStep = training.steps();
    initial = training.latestParameters();
  }

  /**
   * {@return the trace of a training from now on, which has some of its epochs observed}
   *
   * @param training the training
   * @param recipe its recipe
   */
  public static TrainingTrace of(Training training, Recipe recipe) {
    Objects.requireNonNull(recipe, "recipe");
    int most = training.stepsPerEpoch() < FEW_BATCHES ? FEW_OBSERVATIONS : MOST_OBSERVATIONS;
    int every = Math.ceilDiv(recipe.epochs(), most);
    training.observe(every);
    return new TrainingTrace(training, every);
  }

  /**
   * Takes the latest step.
   *
   * @param ended the epoch that it has ended, if it has
   */
  public void after(Optional<Epoch> ended) {
    long step = training.steps() - firstStep - 1;
    if (step % stride == 0) {
      if (kept == MOST_STEPS) {
        halve();
      }
      if (step % stride == 0) {
        losses[kept++] = training.stepLoss();
      }
    }
    ended.ifPresent(this::observed);
  }

  /** Drops every other step. */
  private void halve() {
    kept = MOST_STEPS / 2;
    for (int i = 1; i < kept; i++) {
      losses[i] = losses[2 * i];
    }
    stride *= 2;
  }

  private void observed(Epoch epoch) {
    if ((epoch.number() - 1) % every == 0) {
      training
          .observation()
          .filter(observation -> observation.epoch() == epoch.number())
          .ifPresent(observations::add);
    }
  }

  /** {@return the number of each step whose loss is kept, from 1 over the whole training} */
  double[] steps() {
    double[] steps = new double[kept];
    for (int i = 0; i < kept; i++) {
      steps[i] = firstStep + 1 + i * stride;
    }
    return steps;
  }

  /** {@return the mean loss of the batch of each of {@link #steps}, without penalties} */
  double[] losses() {
    return Arrays.copyOf(losses, kept);
  }

  /** {@return the steps from one that is kept to the next} */
  long stride() {
    return stride;
  }

  /** {@return the steps of an epoch} */
  int stepsPerEpoch() {
    return training.stepsPerEpoch();
  }

  /** {@return the epochs that were done before the trace began, where a training was resumed} */
  int epochsBefore() {
    return firstEpoch;
  }

  /** {@return the parameters that the trace began with, the array itself} */
  float[] initialParameters() {
    return initial;
  }

  /** {@return the layers at the end of some epochs, in order} */
  List<Observation> observations() {
    return List.copyOf(observations);
  }
}
