package dev.lanewise.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A training that has left the finite numbers. */
@Name("dev.lanewise.Divergence")
@Label("Divergence")
@Category({"Lanewise", "Training"})
@Description("A loss or a parameter is NaN or infinite")
final class DivergenceEvent extends Event {

  private static final DivergenceEvent PROBE = new DivergenceEvent();

  @Label("Step")
  private long step;

  @Label("Place")
  @Description("Where a number first was not finite")
  private String place;

  static boolean isOn() {
    return PROBE.isEnabled();
  }

  static void commit(long step, String place) {
    DivergenceEvent event = new DivergenceEvent();
    event.step = step;
    event.place = place;
    event.commit();
  }
}
