package dev.lanewise.course;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number computed by the engine, with the one that the course published, if it did.
 *
 * @param run which experiment
 * @param quantity what is counted or measured
 * @param decimals the digits behind the point that tell something; below 0 for a number with an
 *     exponent
 * @param ours the engine's number
 * @param error the standard error of ours, where it is a mean
 * @param published the course's number
 * @param bar by how much both may differ, or how large ours may be; none where it is not judged
 * @param note what else there is to say; may be empty
 */
public record CourseFigure(
    String run,
    String quantity,
    int decimals,
    double ours,
    OptionalDouble error,
    OptionalDouble published,
    Optional<Bar> bar,
    String note) {

  /**
   * The bound that a number is judged by.
   *
   * @param value the largest difference, or the largest number
   * @param onOurs whether it is a bound of the number itself, as for errors
   */
  public record Bar(double value, boolean onOurs) {}

  /**
   * {@return a number without a published one}
   *
   * @param run which experiment
   * @param quantity what is counted or measured
   * @param decimals the digits behind the point; below 0 for a number with an exponent
   * @param ours the number
   */
  public static CourseFigure of(String run, String quantity, int decimals, double ours) {
    return new CourseFigure(
        run,
        quantity,
        decimals,
        ours,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        "");
  }

  /**
   * {@return this beside a published number that it may differ from by so much}
   *
   * @param number the published number
   * @param difference the largest difference
   */
  public CourseFigure against(double number, double difference) {
    return beside(number).judgedBy(new Bar(difference, false));
  }

  /**
   * {@return this beside a published number that it is not judged by}
   *
   * @param number the published number
   */
  public CourseFigure beside(double number) {
    return new CourseFigure(
        run, quantity, decimals, ours, error, OptionalDouble.of(number), bar, note);
  }

  /**
   * {@return this, an error, with a bound}
   *
   * @param bound how large it may be
   */
  public CourseFigure atMost(double bound) {
    return judgedBy(new Bar(bound, true));
  }

  private CourseFigure judgedBy(Bar judge) {
    return new CourseFigure(
        run, quantity, decimals, ours, error, published, Optional.of(judge), note);
  }

  /**
   * {@return this as a mean with a standard error}
   *
   * @param standardError the error
   */
  public CourseFigure withError(double standardError) {
    return new CourseFigure(
        run, quantity, decimals, ours, OptionalDouble.of(standardError), published, bar, note);
  }

  /**
   * {@return this with a remark}
   *
   * @param remark what else there is to say
   */
  public CourseFigure withNote(String remark) {
    return new CourseFigure(run, quantity, decimals, ours, error, published, bar, remark);
  }

  /** {@return whether ours is as near or as small as is allowed; nothing where it is not judged} */
  public Optional<Boolean> within() {
    return bar.map(
        judge -> {
          double judged = judge.onOurs() ? ours : Math.abs(ours - published.orElseThrow());
          return judged <= judge.value() * (1 + 1e-9);
        });
  }
}
