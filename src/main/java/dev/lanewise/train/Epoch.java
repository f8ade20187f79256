package dev.lanewise.train;

import dev.lanewise.event.Events;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The losses, the metric and the time of one epoch. Immutable; training makes it. */
public final class Epoch {

  private final int number;
  private final double rate;
  private final double trainingLoss;
  private final double cost;
  private final OptionalDouble devLoss;
  private final OptionalDouble devMetric;
  private final double seconds;

  Epoch(
      int number,
      double rate,
      double trainingLoss,
      double cost,
      OptionalDouble devLoss,
      OptionalDouble devMetric,
      double seconds) {
    this.number = number;
    this.rate = rate;
    this.trainingLoss = trainingLoss;
    this.cost = cost;
    this.devLoss = devLoss;
    this.devMetric = devMetric;
    this.seconds = seconds;
  }

  /** Tells of this epoch to those who record. */
  void record() {
    Events.epoch(
        number,
        rate,
        trainingLoss,
        cost,
        devLoss.orElse(Double.NaN),
        devMetric.orElse(Double.NaN),
        seconds);
  }

  /**
   * {@return the means of several trainings' epochs of one number; its seconds are those of all}
   *
   * @param epochs at least one; all with dev rows or none, all with a metric or none
   * @throws IllegalArgumentException if there is none, or they differ in number or in what was
   *     measured
   */
  public static Epoch mean(List<Epoch> epochs) {
    List<Epoch> all = List.copyOf(Objects.requireNonNull(epochs, "epochs"));
    if (all.isEmpty()) {
      throw new IllegalArgumentException("epochs: none; expected at least one");
    }
    Epoch first = all.getFirst();
    for (Epoch epoch : all) {
      if (epoch.number != first.number
          || epoch.devLoss.isPresent() != first.devLoss.isPresent()
          || epoch.devMetric.isPresent() != first.devMetric.isPresent()) {
        throw new IllegalArgumentException(
            "epochs: %s beside %s; expected one number, and the same measures"
                .formatted(epoch, first));
      }
    }
    return new Epoch(
        first.number,
        mean(all, Epoch::rate),
        mean(all, Epoch::trainingLoss),
        mean(all, Epoch::cost),
        mean(first.devLoss, all, epoch -> epoch.devLoss.getAsDouble()),
        mean(first.devMetric, all, epoch -> epoch.devMetric.getAsDouble()),
        all.size() * mean(all, Epoch::seconds));
  }

  private static OptionalDouble mean(
      OptionalDouble first, List<Epoch> epochs, ToDoubleFunction<Epoch> measure) {
    return first.isPresent() ? OptionalDouble.of(mean(epochs, measure)) : first;
  }

  private static double mean(List<Epoch> epochs, ToDoubleFunction<Epoch> measure) {
    double sum = 0;
    for (Epoch epoch : epochs) {
      sum += measure.applyAsDouble(epoch);
    }
    return sum / epochs.size();
  }

  /** {@return the epoch's number, from 1} */
  public int number() {
    return number;
  }

  /** {@return the learning rate of its last step} */
  public double rate() {
    return rate;
  }

  /**
   * {@return the mean loss over its rows without penalties, each taken before its batch's update
   * and under dropout}
   */
  public double trainingLoss() {
    return trainingLoss;
  }

  /**
   * {@return the training loss plus the penalty of the parameters that the epoch began with; for a
   * full batch, the cost that its only step descends}
   */
  public double cost() {
    return cost;
  }

  /**
   * {@return the mean loss over the dev rows after the epoch, without penalties and dropout; empty
   * without dev rows}
   */
  public OptionalDouble devLoss() {
    return devLoss;
  }

  /** {@return the metric of the dev rows after the epoch; empty without a metric} */
  public OptionalDouble devMetric() {
    return devMetric;
  }

  /** {@return how long it took, evaluation included} */
  public double seconds() {
    return seconds;
  }

  /** {@return one line: number, rate, losses and what was measured on dev rows} */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "epoch %s, rate %s, training loss %s".formatted(number, rate, trainingLoss));
    devLoss.ifPresent(loss -> text.append(", dev loss ").append(loss));
    devMetric.ifPresent(metric -> text.append(", dev metric ").append(metric));
    return text.toString();
  }
}
