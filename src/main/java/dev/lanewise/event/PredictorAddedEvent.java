package dev.lanewise.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A predictor more of a shared one: the first of a model tells that it serves from here on. */
@Name("dev.lanewise.PredictorAdded")
@Label("Predictor Added")
@Category({"Lanewise", "Serving"})
@Description("A shared predictor made a predictor more; the first of a model begins its service")
final class PredictorAddedEvent extends Event {

  private static final PredictorAddedEvent PROBE = new PredictorAddedEvent();

  @Label("Parameters' SHA-256")
  private String parametersSha256;

  @Label("Predictors")
  @Description("How many the model has now")
  private int predictors;

  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static void commit(String digest, int count) {
    PredictorAddedEvent event = new PredictorAddedEvent();
    event.parametersSha256 = digest;
    event.predictors = count;
    event.commit();
  }
}
