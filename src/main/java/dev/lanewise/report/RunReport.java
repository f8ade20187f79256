package dev.lanewise.report;

import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Provenance;
import dev.lanewise.train.RateFinder;
import java.util.Objects;

/**
 * The report of a training: what was trained, how it went, and what the result is like.
 *
 * <p>Its sections stand in one place, {@link #report}, in the order in which they are read. Each is
 * a function of the run, what was learned and the trace, and leaves itself out where it has nothing
 * to show. Immutable.
 */
public final class RunReport {

  private final Run run;
  private final Learned learned;
  private final TrainingTrace trace;
  private final Provenance provenance;

  private RunReport(Run run, Learned learned, TrainingTrace trace, Provenance provenance) {
    this.run = run;
    this.learned = learned;
    this.trace = trace;
    this.provenance = provenance;
  }

  /**
   * {@return the report of a finished training}
   *
   * @param run the run, which may be closed
   * @param learned what it ended in
   * @param trace what was taken down meanwhile
   */
  public static RunReport of(Run run, Learned learned, TrainingTrace trace) {
    return new RunReport(
        Objects.requireNonNull(run, "run"),
        Objects.requireNonNull(learned, "learned"),
        Objects.requireNonNull(trace, "trace"),
        learned.model().provenance());
  }

  /**
   * {@return this report of a model of another provenance}
   *
   * @param other the provenance that the model is saved with
   */
  public RunReport withProvenance(Provenance other) {
    return new RunReport(run, learned, trace, Objects.requireNonNull(other, "other"));
  }

  /**
   * {@return the report of a search for a learning rate}
   *
   * @param source the name of the rows
   * @param curve what was found
   */
  public static Report ofRates(String source, RateFinder.Curve curve) {
    return Report.of(
            "Learning rates for " + source,
            "Steps with growing learning rates, until the loss blows up; nothing was trained.")
        .with(RateSection.of(curve));
  }

  /** {@return the report} */
  public Report report() {
    TrainedSection trained = new TrainedSection(run, learned, provenance);
    return Report.of(trained.title(), trained.summary())
        .with(trained.section())
        .with(new CurvesSection(run, learned, trace).section())
        .with(new LayersSection(run, learned, trace).section());
  }
}
