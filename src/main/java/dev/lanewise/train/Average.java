package dev.lanewise.train;

import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Team;
import java.util.function.Supplier;

/**
 * The average of a training's parameters, running statistics included.
 *
 * <p>The number of its terms follows from the steps and epochs done, so the values are its whole
 * state.
 */
final class Average {

  /** The parameters of one task: enough to be worth a hand-over. */
  private static final int TASK = 1 << 16;

  /** The average; the initial parameters until it begins. */
  final float[] parameters;

  private final Averaging form;
  private final Supplier<Engine> engine;
  private final Team team;
  private final Team.Task blend = this::blend;
  private float[] latest;

  /**
   * @param initial the first parameters; copied
   * @param engine the engine that computes the steps now
   * @param team the threads of a step
   */
  Average(Averaging form, float[] initial, Supplier<Engine> engine, Team team) {
    this.form = form;
    this.engine = engine;
    this.team = team;
    parameters = initial.clone();
  }

  /**
   * Adds the parameters after a step.
   *
   * @param theta the parameters
   * @param step the number of steps done
   */
  void afterStep(float[] theta, long step) {
    if (!(form instanceof Averaging.Exponential)) {
      return;
    }
    if (step == 1) {
      copy(theta, parameters);
      return;
    }
    latest = theta;
    team.run(blend, Math.ceilDiv(theta.length, TASK));
  }

  private void blend(int task, int worker) {
    float decay = (float) ((Averaging.Exponential) form).decay();
    int from = task * TASK;
    int count = Math.min(TASK, latest.length - from);
    // From a decay of ½ on, 1 − decay is exact in float: the shares add up to 1.
    engine
        .get()
        .kernels()
        .blend(latest, from, 1 - decay, parameters, from, decay, parameters, from, count);
  }

  /**
   * Adds the parameters at the end of an epoch.
   *
   * @param theta the parameters
   * @param epoch the epoch's number, from 1
   */
  void afterEpoch(float[] theta, int epoch) {
    if (!(form instanceof Averaging.Epochs epochs)) {
      return;
    }
    int terms = epoch - epochs.from() + 1;
    if (terms <= 1) {
      copy(theta, parameters);
      return;
    }
    for (int i = 0; i < theta.length; i++) {
      double mean = parameters[i];
      parameters[i] = (float) (mean + (theta[i] - mean) / terms);
    }
  }

  /**
   * {@return whether the average after an epoch is a mean of epoch ends} These are far apart, so
   * the mean of their statistics is not the statistics of the mean weights.
   */
  boolean isMeanOfEnds(int epoch) {
    return form instanceof Averaging.Epochs epochs && epoch >= epochs.from();
  }

  /**
   * Continues from another average, such as a checkpoint's.
   *
   * @throws IllegalArgumentException if there is none
   */
  void restore(float[] other) {
    if (other == null) {
      throw new IllegalArgumentException("average: missing; expected averaged parameters");
    }
    copy(other, parameters);
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }
}
