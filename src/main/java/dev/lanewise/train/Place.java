package dev.lanewise.train;

import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.update.Updater;

/**
 * The state of a training at one point: everything that its steps change. A training has two, the
 * current one and the one to go back to.
 */
final class Place {

  /** θ, which the next step starts from. */
  final float[] theta;

  final Updater updater;

  /** Null without averaging. */
  final Average average;

  /** The commands that there have been. */
  int commands;

  private int epoch;
  private int position;
  private double lossSum;
  private double penalty;

  /**
   * @param initial the first parameters; copied
   * @throws IllegalArgumentException if they are not of the layout's size
   */
  Place(Recipe recipe, TrainingPlan plan, float[] initial) {
    int size = plan.layout().size();
    if (initial.length != size) {
      throw new IllegalArgumentException(
          "initial: %d floats; expected the layout's %d".formatted(initial.length, size));
    }
    theta = initial.clone();
    updater = Updater.compile(recipe.optimizer(), plan);
    average =
        recipe
            .averaging()
            .map(form -> new Average(form, theta, plan::now, plan.team()))
            .orElse(null);
  }

  /** Takes over the state of another place of the same training. */
  void goTo(Place other) {
    System.arraycopy(other.theta, 0, theta, 0, theta.length);
    updater.restore(other.updater);
    if (average != null) {
      average.restore(other.average.parameters);
    }
    commands = other.commands;
    goTo(other.progress());
  }

  /**
   * Takes over the state of a checkpoint.
   *
   * @throws IllegalArgumentException if the optimiser's state or the average does not fit
   */
  void goTo(Checkpoint saved) {
    updater.restore(saved.updater());
    System.arraycopy(saved.parameters(), 0, theta, 0, theta.length);
    if (average != null) {
      average.restore(saved.average());
    }
    goTo(saved.progress());
  }

  private void goTo(Checkpoint.Progress progress) {
    epoch = progress.epoch();
    position = progress.position();
    lossSum = progress.lossSum();
    penalty = progress.penalty();
  }

  Checkpoint.Progress progress() {
    return new Checkpoint.Progress(epoch, position, lossSum, penalty);
  }

  /** {@return the number of epochs completed} */
  int epoch() {
    return epoch;
  }

  /** {@return the number of batches done in the next epoch} */
  int position() {
    return position;
  }

  /** {@return the sum of the losses of the epoch's rows so far} */
  double lossSum() {
    return lossSum;
  }

  /** {@return the penalty of the parameters that the epoch began with} */
  double penalty() {
    return penalty;
  }

  /** Goes back to parameters; the optimiser begins anew with them, the epochs go on. */
  void rollBack(float[] parameters) {
    System.arraycopy(parameters, 0, theta, 0, theta.length);
    updater.restart();
    if (average != null) {
      average.restore(parameters);
    }
  }

  /** Begins an epoch with parameters of this penalty. */
  void beginEpoch(double itsPenalty) {
    lossSum = 0;
    penalty = itsPenalty;
  }

  /** Updates the parameters, and adds them to the average. */
  void update(float[] gradient) {
    updater.update(theta, gradient, epoch);
    if (average != null) {
      average.afterStep(theta, updater.step());
    }
  }

  /** Counts a batch of so many rows. */
  void countBatch(double loss, int rows) {
    lossSum += loss * rows;
    position++;
  }

  /** Counts an epoch, and adds its end to the average. */
  void endEpoch() {
    epoch++;
    position = 0;
    if (average != null) {
      average.afterEpoch(theta, epoch);
    }
  }

  /** {@return the parameters that an epoch is evaluated with: θ or the average} */
  float[] reached() {
    return average == null ? theta : average.parameters;
  }

  /** {@return whether all of θ is finite} */
  boolean finite() {
    for (float value : theta) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
