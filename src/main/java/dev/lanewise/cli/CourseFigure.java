package dev.lanewise.cli;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number that the engine came to, beside the one that the course published, if it did.
 *
 * @param run which experiment
 * @param quantity what is counted or measured
 * @param decimals the digits behind the point that tell something; below 0 for a number with an
 *     exponent
 * @param ours the engine's number
 * @param error the standard error of ours, where it is a mean
 * @param published the course's number
 * @param allowed by how much both may differ; none where they are not judged
 * @param note what else there is to say; may be empty
 */
record CourseFigure(
    String run,
    String quantity,
    int decimals,
    double ours,
    OptionalDouble error,
    OptionalDouble published,
    OptionalDouble allowed,
    String note) {

  /** {@return a number without a published one} */
  static CourseFigure of(String run, String quantity, int decimals, double ours) {
    return new CourseFigure(
        run,
        quantity,
        decimals,
        ours,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        "");
  }

  /** {@return this beside a published number that it may differ from by so much} */
  CourseFigure against(double number, double difference) {
    return new CourseFigure(
        run,
        quantity,
        decimals,
        ours,
        error,
        OptionalDouble.of(number),
        OptionalDouble.of(difference),
        note);
  }

  /** {@return this beside a published number that it is not judged by} */
  CourseFigure beside(double number) {
    return new CourseFigure(
        run, quantity, decimals, ours, error, OptionalDouble.of(number), allowed, note);
  }

  /** {@return this as a mean with a standard error} */
  CourseFigure withError(double standardError) {
    return new CourseFigure(
        run, quantity, decimals, ours, OptionalDouble.of(standardError), published, allowed, note);
  }

  /** {@return this with a remark} */
  CourseFigure withNote(String remark) {
    return new CourseFigure(run, quantity, decimals, ours, error, published, allowed, remark);
  }

  /** {@return whether ours is as near as is allowed; nothing where that is not judged} */
  Optional<Boolean> within() {
    return published.isEmpty() || allowed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Math.abs(ours - published.getAsDouble()) <= allowed.getAsDouble() * (1 + 1e-9));
  }
}
