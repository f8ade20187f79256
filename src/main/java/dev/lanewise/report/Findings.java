package dev.lanewise.report;

import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.LearningCurve;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found out about the result of a training.
 *
 * @param diagnosis bias and variance, if there were dev rows
 * @param curve the learning curve, if one was drawn
 * @param leaks the leaks, if they were looked for
 */
public record Findings(
    Optional<Diagnosis> diagnosis, Optional<LearningCurve> curve, Optional<Leaks> leaks) {

  /** Nothing. */
  public static final Findings NONE =
      new Findings(Optional.empty(), Optional.empty(), Optional.empty());

  /** Keeps what was found. */
  public Findings {
    Objects.requireNonNull(diagnosis, "diagnosis");
    Objects.requireNonNull(curve, "curve");
    Objects.requireNonNull(leaks, "leaks");
  }
}
