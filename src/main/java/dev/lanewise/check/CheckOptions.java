package dev.lanewise.check;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The options of a check.
 *
 * @param difference the rule; {@link GradientCheck.Difference#FOUR_POINT} shortens its step where
 *     it has to
 * @param step the step, for a component whose scale is 1; empty for the rule's own
 * @param sample which components are looked at
 * @param kinkLimit the largest share of kinks among them that leaves a check conclusive
 */
record CheckOptions(
    GradientCheck.Difference difference, OptionalDouble step, Sample sample, double kinkLimit) {

  /** Kinks are rare, so one in ten is a sign that the check looks at the wrong place. */
  static final CheckOptions STANDARD =
      new CheckOptions(
          GradientCheck.Difference.FOUR_POINT, OptionalDouble.empty(), Sample.ALL, 0.1);

  CheckOptions {
    Objects.requireNonNull(difference, "difference");
    if (step.isPresent()) {
      checkStep(step.getAsDouble());
    }
    checkKinkLimit(kinkLimit);
  }

  static void checkKinkLimit(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "kinkLimit: %s; expected a share in [0, 1]".formatted(share));
    }
  }

  static void checkStep(double step) {
    if (!(step > 0 && step <= 1)) {
      throw new IllegalArgumentException("step: %s; expected a number in (0, 1]".formatted(step));
    }
  }

  CheckOptions with(GradientCheck.Difference rule) {
    return new CheckOptions(rule, step, sample, kinkLimit);
  }

  CheckOptions withStep(double relative) {
    return new CheckOptions(difference, OptionalDouble.of(relative), sample, kinkLimit);
  }

  CheckOptions with(Sample some) {
    return new CheckOptions(difference, step, some, kinkLimit);
  }

  CheckOptions withKinkLimit(double share) {
    return new CheckOptions(difference, step, sample, share);
  }

  /** {@return how derivatives are computed} */
  Slope slope() {
    double relative = step.orElse(difference.step());
    return difference == GradientCheck.Difference.FOUR_POINT
        ? new FittedSlope(relative)
        : Slope.relative(difference, relative);
  }
}
