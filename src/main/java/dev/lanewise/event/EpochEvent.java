package dev.lanewise.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The end of an epoch. */
@Name("dev.lanewise.Epoch")
@Label("Epoch")
@Category({"Lanewise", "Training"})
@Description("The end of an epoch, with its losses")
@StackTrace(false)
final class EpochEvent extends Event {

  private static final EpochEvent PROBE = new EpochEvent();
  private static final double NANOSECONDS = 1e9;

  @Label("Epoch")
  private int epoch;

  @Label("Learning Rate")
  private double learningRate;

  @Label("Training Loss")
  private double trainLoss;

  @Label("Training Cost")
  @Description("The loss with the penalty of large weights")
  private double trainCost;

  @Label("Dev Loss")
  @Description("NaN without dev rows")
  private double devLoss;

  @Label("Dev Metric")
  @Description("NaN without a metric")
  private double devMetric;

  @Label("Time")
  @Timespan(Timespan.NANOSECONDS)
  private long time;

  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static void commit(
      int epoch,
      double rate,
      double loss,
      double cost,
      double devLoss,
      double devMetric,
      double seconds) {
    EpochEvent event = new EpochEvent();
    event.epoch = epoch;
    event.learningRate = rate;
    event.trainLoss = loss;
    event.trainCost = cost;
    event.devLoss = devLoss;
    event.devMetric = devMetric;
    event.time = (long) (seconds * NANOSECONDS);
    event.commit();
  }
}
