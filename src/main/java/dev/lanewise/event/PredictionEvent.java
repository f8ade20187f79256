package dev.lanewise.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A call of a predictor. */
@Name("dev.lanewise.Prediction")
@Label("Prediction")
@Category({"Lanewise", "Serving"})
@Description("A call of a predictor; calls shorter than the threshold are left out")
@Threshold("10 ms")
@StackTrace(false)
final class PredictionEvent extends Event implements Events.Prediction {

  private static final PredictionEvent PROBE = new PredictionEvent();

  @Label("Rows")
  private int rows;

  @Label("Columns")
  @Description("The encoded columns of a row")
  private int columns;

  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static PredictionEvent begun() {
    PredictionEvent event = new PredictionEvent();
    event.begin();
    return event;
  }

  @Override
  public void end(int count, int width) {
    if (shouldCommit()) {
      rows = count;
      columns = width;
      commit();
    }
  }
}
