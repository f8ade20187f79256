package dev.lanewise.train;

import dev.lanewise.check.GradientCheck;
import dev.lanewise.check.GradientReport;
import dev.lanewise.data.Batch;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Checks the gradients of the first step of a training and of every n-th after it. Which components
 * it compares is a function of the seed and the step, so a resumed training is audited in the same
 * way.
 */
final class Auditor {

  private static final long AUDIT = CounterRandom.stream("audit");

  private Network network;
  private final int every;
  private final int components;
  private final long seed;
  private final Consumer<Training.Audit> listener;

  /**
   * @param network the training's network, its penalties resolved
   * @param every the steps from one audit to the next, at least 1
   * @param components the components that an audit compares, at least 1
   * @param seed the seed of what is drawn
   * @param listener is told of each audit
   * @throws IllegalArgumentException if a number is too small
   */
  Auditor(
      Network network, int every, int components, long seed, Consumer<Training.Audit> listener) {
    requirePositive("every", every);
    requirePositive("components", components);
    this.network = Objects.requireNonNull(network, "network");
    this.every = every;
    this.components = components;
    this.seed = seed;
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: %d; expected at least 1".formatted(name, value));
    }
  }

  /** Has gradients from now on compared with those of another network. */
  void follow(Network other) {
    network = other;
  }

  /**
   * Audits the gradient of a step if one is due.
   *
   * @param place the place that the gradient was taken at
   * @param dropoutFactor what the step multiplied the probabilities of dropping units by
   */
  void auditIfDue(Place place, Batch batch, long stepKey, double dropoutFactor, float[] gradient) {
    long done = place.updater.step();
    if (done % every == 0) {
      GradientReport report =
          GradientCheck.of(network.withDropoutTimes(dropoutFactor))
              .withSample(components, CounterRandom.key(seed, AUDIT, done))
              .check(place.theta, batch, stepKey, gradient);
      listener.accept(new Training.Audit(place.epoch() + 1, done + 1, report));
    }
  }
}
