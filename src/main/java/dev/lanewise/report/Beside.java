package dev.lanewise.report;

import java.util.List;

/**
 * Charts that are compared: side by side where there is room.
 *
 * @param charts the charts
 */
public record Beside(List<Chart> charts) implements Part {

  /** Creates a row of charts. */
  public Beside {
    charts = List.copyOf(charts);
  }
}
