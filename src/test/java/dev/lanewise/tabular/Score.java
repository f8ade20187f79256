package dev.lanewise.tabular;

import dev.lanewise.metric.Evaluation;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How far predictions of a set are off.
 *
 * @param error the RMSE, or the log-loss of classes
 * @param accuracy the share of classes that are right; empty for values
 */
record Score(double error, OptionalDouble accuracy) {

  static Score of(Evaluation evaluation) {
    return switch (evaluation) {
      case Evaluation.OfClasses classes ->
          new Score(classes.classification().logLoss(), OptionalDouble.of(classes.accuracy()));
      case Evaluation.OfValues values ->
          new Score(values.scores().get("rmse"), OptionalDouble.empty());
    };
  }

  /** {@return the score in a cell: an RMSE, or {@code accuracy / log-loss / AUC}} */
  static Score parse(String cell) {
    String[] parts = cell.split("/");
    return parts.length == 1
        ? new Score(Double.parseDouble(cell), OptionalDouble.empty())
        : new Score(Double.parseDouble(parts[1]), OptionalDouble.of(Double.parseDouble(parts[0])));
  }

  /** {@return the mean errors and accuracies of some scores of one set} */
  static Score mean(List<Score> scores) {
    double error = scores.stream().mapToDouble(Score::error).average().orElseThrow();
    return new Score(
        error, scores.stream().flatMapToDouble(score -> score.accuracy().stream()).average());
  }

  /** Whether the error is lower; equal ones are ahead of each other in neither direction. */
  boolean aheadOf(Score other) {
    return error < other.error;
  }

  /** Whether fewer classes are right. */
  boolean lessAccurateThan(Score other) {
    return accuracy.isPresent() && accuracy.getAsDouble() < other.accuracy.getAsDouble();
  }
}
