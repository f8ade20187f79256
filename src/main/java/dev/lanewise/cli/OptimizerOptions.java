package dev.lanewise.cli;

import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.MomentumForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that describe the optimiser. */
@Command(optionListHeading = "Optimiser and learning rate:%n")
final class OptimizerOptions {

  private enum Kind {
    ADAM,
    ADAMW,
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    AMSGRAD,
    NADAM,
    ADAGRAD,
    LION;

    boolean takesMomentum() {
      return takesForm() || this == RMSPROP;
    }

    boolean takesForm() {
      return this == MOMENTUM || this == NESTEROV;
    }
  }

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description =
          "adam, adamw, amsgrad, nadam, lion, sgd, momentum, nesterov, rmsprop or adagrad. Default:"
              + " ${DEFAULT-VALUE}.")
  private String name = "adam";

  @Option(names = "--learning-rate", paramLabel = "α", description = "Default: ${DEFAULT-VALUE}.")
  private double learningRate = 1e-3;

  @Option(
      names = "--momentum",
      paramLabel = "β",
      description = "For momentum and nesterov, default 0.9; for rmsprop, default 0.")
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

  @Option(
      names = "--clip-norm",
      paramLabel = "C",
      description = "Scale a longer gradient down to this length. Default: off.")
  private Double clipNorm;

  @Option(
      names = "--clip-value",
      paramLabel = "C",
      description =
          "Limit each element of the gradient to [-C, C], after --clip-norm. Default: off.")
  private Double clipValue;

  @Mixin private final ScheduleOptions schedule = new ScheduleOptions();

  /**
   * Checks the options.
   *
   * @param epochs the epochs of the run
   */
  void check(CommandSpec spec, int epochs) {
    Kind kind = kind(spec);
    requirePositive(spec, "--learning-rate", learningRate);
    requireMeaning(spec, "--momentum", momentum == null || kind.takesMomentum(), ", or rmsprop");
    requireMeaning(spec, "--momentum-form", momentumForm == null || kind.takesForm(), "");
    Usage.require(
        spec,
        momentum == null || (momentum >= 0 && momentum < 1),
        "--momentum: %s; expected a number in [0, 1)",
        momentum);
    form(spec);
    if (weightDecay != null) {
      Usage.requireCoefficient(spec, "--weight-decay", weightDecay);
    }
    requirePositive(spec, "--clip-norm", clipNorm);
    requirePositive(spec, "--clip-value", clipValue);
    schedule.check(spec, epochs);
  }

  private void requireMeaning(CommandSpec spec, String option, boolean holds, String others) {
    Usage.require(
        spec,
        holds,
        "%s: has no meaning for --optimizer %s; expected --optimizer momentum or nesterov%s",
        option,
        name,
        others);
  }

  private static void requirePositive(CommandSpec spec, String option, Double value) {
    Usage.require(
        spec,
        value == null || ScheduleOptions.isPositiveFloat(value),
        "%s: %s; expected a finite number above 0",
        option,
        value);
  }

  /**
   * {@return the optimiser; the options have been checked}
   *
   * @param epochs the epochs of the run
   */
  Optimizer optimizer(CommandSpec spec, int epochs) {
    Kind kind = kind(spec);
    double beta = momentum == null ? 0.9 : momentum;
    Optimizer optimizer =
        switch (kind) {
          case SGD -> Optimizer.sgd(learningRate);
          case MOMENTUM -> Optimizer.momentum(learningRate, beta, form(spec));
          case NESTEROV ->
              Optimizer.sgd(learningRate).then(new Transform.Momentum(beta, form(spec), true));
          case RMSPROP ->
              momentum == null
                  ? Optimizer.rmsprop(learningRate)
                  : Optimizer.rmsprop(learningRate, momentum);
          case ADAM, ADAMW -> Optimizer.adam(learningRate);
          case AMSGRAD -> Optimizer.amsgrad(learningRate);
          case NADAM -> Optimizer.nadam(learningRate);
          case ADAGRAD -> Optimizer.adagrad(learningRate);
          case LION -> Optimizer.sgd(learningRate).then(new Transform.Lion());
        };
    double decay = weightDecay == null ? (kind == Kind.ADAMW ? 0.01 : 0) : weightDecay;
    if (decay > 0) {
      optimizer = optimizer.then(new Transform.WeightDecay(decay));
    }
    if (clipValue != null) {
      optimizer = optimizer.withClipValue(clipValue);
    }
    if (clipNorm != null) {
      optimizer = optimizer.withClipNorm(clipNorm);
    }
    return optimizer.withSchedule(schedule.schedule(spec, learningRate, epochs));
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
