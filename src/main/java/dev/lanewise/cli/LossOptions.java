package dev.lanewise.cli;

import dev.lanewise.data.ClassWeights;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Target;
import dev.lanewise.net.Loss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that say what is made small. */
@Command(optionListHeading = "Loss:%n")
final class LossOptions {

  private static final List<String> OF_CLASSES = List.of("cross-entropy");
  private static final List<String> OF_VALUES =
      List.of("squared-error", "huber", "poisson", "quantile");

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description =
          "cross-entropy to classify; squared-error, huber, poisson or quantile to regress."
              + " Default: the first of the task.")
  private String loss;

  @Option(
      names = "--huber-delta",
      paramLabel = "δ",
      description = "Where --loss huber turns from squares to a line. Default: 1.")
  private Float delta;

  @Option(
      names = "--quantile",
      paramLabel = "τ",
      description = "The share of the targets that --loss quantile leaves below. Default: 0.5.")
  private Float tau;

  @Option(
      names = "--label-smoothing",
      paramLabel = "s",
      description = "Trains on (1 − s)·y + s/K for K classes; no score is smoothed.")
  private float smoothing;

  @Option(
      names = "--class-weights",
      paramLabel = "balanced|CLASS=W",
      description =
          "Multiplies the losses of training rows by their class's weight, as a=1,b=2.5, others by"
              + " 1; or so that all classes count alike.")
  private String classWeights;

  /** Judges the options. */
  void check(CommandSpec spec, boolean regresses) {
    List<String> losses = regresses ? OF_VALUES : OF_CLASSES;
    Usage.require(
        spec,
        loss == null || losses.contains(loss),
        "--loss: %s; expected one of %s, with --task %s",
        loss,
        String.join(", ", losses),
        regresses ? "regress" : "classify");
    requireLoss(spec, "--huber-delta", delta, "huber");
    requireLoss(spec, "--quantile", tau, "quantile");
    Usage.require(
        spec,
        delta == null || delta > 0 && delta < Float.POSITIVE_INFINITY,
        "--huber-delta: %s; expected a finite number above 0",
        delta);
    Usage.require(
        spec,
        tau == null || tau > 0 && tau < 1,
        "--quantile: %s; expected a number between 0 and 1",
        tau);
    Usage.require(
        spec,
        smoothing >= 0 && smoothing < 1,
        "--label-smoothing: %s; expected a number in [0, 1)",
        smoothing);
    Usage.require(
        spec,
        !regresses || smoothing == 0,
        "--label-smoothing: has no meaning for --task regress; expected --task classify");
    Usage.require(
        spec,
        !regresses || classWeights == null,
        "--class-weights: has no meaning for --task regress; expected --task classify");
    if (classWeights != null && !classWeights.equals("balanced")) {
      given(spec);
    }
  }

  private void requireLoss(CommandSpec spec, String option, Float value, String itsLoss) {
    Usage.require(
        spec,
        value == null || itsLoss.equals(loss),
        "%s: has no meaning without --loss %s",
        option,
        itsLoss);
  }

  /**
   * {@return whether values to predict may be standardised: not where their logarithm is scored}
   */
  boolean scalesValues() {
    return !"poisson".equals(loss);
  }

  /** {@return whether classes have weights} */
  boolean weighs() {
    return classWeights != null;
  }

  /** {@return the loss for a target; the options have been judged} */
  Loss loss(Target target) {
    return switch (target) {
      case Target.Classes classes when classes.outputs() == 1 ->
          new Loss.SigmoidCrossEntropy(smoothing);
      case Target.Classes classes -> new Loss.SoftmaxCrossEntropy(smoothing);
      case Target.Values values ->
          switch (loss == null ? "squared-error" : loss) {
            case "huber" -> new Loss.Huber(delta == null ? 1 : delta);
            case "poisson" -> new Loss.Poisson();
            case "quantile" -> new Loss.Quantile(tau == null ? 0.5f : tau);
            default -> new Loss.SquaredError();
          };
    };
  }

  /** {@return the training rows, weighted as asked; the options have been judged} */
  Dataset weighted(CommandSpec spec, Dataset rows, Target target) {
    if (classWeights == null || !(target instanceof Target.Classes classes)) {
      return rows;
    }
    List<String> labels = classes.labels();
    if (classWeights.equals("balanced")) {
      return ClassWeights.balanced(rows, labels.size()).applyTo(rows);
    }
    float[] weights = new float[labels.size()];
    Arrays.fill(weights, 1);
    given(spec)
        .forEach(
            (label, weight) -> {
              if (!labels.contains(label)) {
                throw new IllegalArgumentException(
                    "--class-weights: class %s; expected one of %s".formatted(label, labels));
              }
              weights[labels.indexOf(label)] = weight;
            });
    Dataset weighted = ClassWeights.of(weights).applyTo(rows);
    for (float weight : weighted.weights()) {
      if (weight > 0) {
        return weighted;
      }
    }
    throw new IllegalArgumentException(
        "--class-weights %s: no training row weighs more than 0; expected one that does"
            .formatted(classWeights));
  }

  /** The weights by the names of classes. */
  private Map<String, Float> given(CommandSpec spec) {
    Map<String, Float> weights = new LinkedHashMap<>();
    for (String part : classWeights.split(",", -1)) {
      int sign = part.lastIndexOf('=');
      float weight = sign < 0 ? Float.NaN : number(part.substring(sign + 1));
      Usage.require(
          spec,
          weight >= 0 && weight < Float.POSITIVE_INFINITY,
          "--class-weights: %s; expected balanced, or a finite number, 0 or more, for each class,"
              + " as a=1,b=2.5",
          classWeights);
      Usage.require(
          spec,
          weights.put(part.substring(0, sign).strip(), weight) == null,
          "--class-weights: %s; expected each class once",
          classWeights);
    }
    return weights;
  }

  private static float number(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return Float.NaN;
    }
  }
}
