package dev.lanewise.train;

import dev.lanewise.check.GradientReport;
import java.util.Objects;

/**
 * What an audit found of the gradient of one step, before its update.
 *
 * @param epoch the number of the step's epoch, from 1
 * @param step the step's number, from 1
 * @param report how far the gradient lies from differences, over the components that were drawn
 */
public record Audit(int epoch, long step, GradientReport report) {

  /** Keeps results as they are; the report is never null. */
  public Audit {
    Objects.requireNonNull(report, "report");
  }

  /**
   * {@return whether the gradient is wrong, over all or in one tensor, or too little could be
   * compared to tell}
   */
  public boolean failed() {
    return !report.conclusive() || report.band() == GradientReport.Band.WRONG;
  }
}
