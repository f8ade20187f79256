package dev.lanewise.cli;

import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.MomentumForm;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that describe the optimiser. */
final class OptimizerOptions {

  private enum Kind {
    ADAM,
    ADAMW,
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP
  }

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "adam, adamw, sgd, momentum, nesterov or rmsprop. Default: ${DEFAULT-VALUE}.")
  private String name = "adam";

  @Option(names = "--learning-rate", paramLabel = "α", description = "Default: ${DEFAULT-VALUE}.")
  private double learningRate = 1e-3;

  @Option(
      names = "--momentum",
      paramLabel = "β",
      description = "For momentum and nesterov. Default: 0.9.")
  private Double momentum;

  @Option(
      names = "--momentum-form",
      paramLabel = "FORM",
      description = "classic: v = βv + g; ewma: v = βv + (1 − β)g. Default: classic.")
  private String momentumForm;

  @Option(
      names = "--weight-decay",
      paramLabel = "λ",
      description =
          "Decoupled decay of the weights, w -= αλw, with any optimiser. Default: 0.01 for adamw,"
              + " else 0.")
  private Double weightDecay;

  /** Judges the options. */
  void check(CommandSpec spec) {
    Kind kind = kind(spec);
    Usage.require(
        spec,
        (float) learningRate > 0 && (float) learningRate < Float.POSITIVE_INFINITY,
        "--learning-rate: %s; expected a finite number above 0",
        learningRate);
    boolean takesMomentum = kind == Kind.MOMENTUM || kind == Kind.NESTEROV;
    Usage.require(
        spec,
        takesMomentum || (momentum == null && momentumForm == null),
        "%s: has no meaning for --optimizer %s; expected --optimizer momentum or nesterov",
        momentum != null ? "--momentum" : "--momentum-form",
        name);
    Usage.require(
        spec,
        momentum == null || (momentum >= 0 && momentum < 1),
        "--momentum: %s; expected a number in [0, 1)",
        momentum);
    form(spec);
    if (weightDecay != null) {
      Usage.requireCoefficient(spec, "--weight-decay", weightDecay);
    }
  }

  /** {@return the optimiser; the options have been judged} */
  Optimizer optimizer(CommandSpec spec) {
    Kind kind = kind(spec);
    double beta = momentum == null ? 0.9 : momentum;
    Optimizer optimizer =
        switch (kind) {
          case SGD -> Optimizer.gradientDescent(learningRate);
          case MOMENTUM -> Optimizer.momentum(learningRate, beta, form(spec));
          case NESTEROV ->
              Optimizer.gradientDescent(learningRate)
                  .then(new Transform.Momentum(beta, form(spec), true));
          case RMSPROP -> Optimizer.rmsprop(learningRate);
          case ADAM, ADAMW -> Optimizer.adam(learningRate);
        };
    double decay = weightDecay == null ? (kind == Kind.ADAMW ? 0.01 : 0) : weightDecay;
    return decay > 0 ? optimizer.then(new Transform.WeightDecay(decay)) : optimizer;
  }

  private Kind kind(CommandSpec spec) {
    return Usage.constant(spec, "--optimizer", Kind.class, name);
  }

  private MomentumForm form(CommandSpec spec) {
    return momentumForm == null
        ? MomentumForm.CLASSIC
        : Usage.constant(spec, "--momentum-form", MomentumForm.class, momentumForm);
  }
}
