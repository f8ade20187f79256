package dev.lanewise.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A model that was loaded. */
@Name("dev.lanewise.ModelLoad")
@Label("Model Load")
@Category({"Lanewise", "Serving"})
@Description("A model that was read, checked and packed")
final class ModelLoadEvent extends Event implements Events.Load {

  private static final ModelLoadEvent PROBE = new ModelLoadEvent();

  @Label("Source")
  @Description("The file, or what a stream was called")
  private String source;

  @Label("Parameters' SHA-256")
  private String parametersSha256;

  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static ModelLoadEvent begun() {
    ModelLoadEvent event = new ModelLoadEvent();
    event.begin();
    return event;
  }

  @Override
  public boolean isRecorded() {
    return true;
  }

  @Override
  public void end(String from, String digest) {
    source = from;
    parametersSha256 = digest;
    commit();
  }
}
