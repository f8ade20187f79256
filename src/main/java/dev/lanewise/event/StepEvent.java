package dev.lanewise.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A step of a training: one gradient and one update. */
@Name("dev.lanewise.Step")
@Label("Training Step")
@Category({"Lanewise", "Training"})
@Description("One gradient and one update; steps shorter than the threshold are left out")
@Threshold("20 ms")
@StackTrace(false)
final class StepEvent extends Event implements Events.Step {

  private static final StepEvent PROBE = new StepEvent();

  @Label("Step")
  private long step;

  @Label("Epoch")
  private int epoch;

  @Label("Rows")
  private int rows;

  @Label("Loss")
  private double loss;

  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static StepEvent begun() {
    StepEvent event = new StepEvent();
    event.begin();
    return event;
  }

  @Override
  public void end(long number, int ofEpoch, int ofRows, double meanLoss) {
    if (shouldCommit()) {
      step = number;
      epoch = ofEpoch;
      rows = ofRows;
      loss = meanLoss;
      commit();
    }
  }
}
