package dev.lanewise.cli;

import dev.lanewise.optim.Optimizer;
import dev.lanewise.optim.Transform;
import dev.lanewise.optim.Transform.EpsilonPlace;
import dev.lanewise.optim.Transform.MomentumForm;
import dev.lanewise.train.Tabular;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    boolean takesBeta1() {
      return this == ADAM || this == ADAMW || this == AMSGRAD || this == NADAM || this == LION;
    }

    boolean takesBeta2() {
      return takesBeta1() || this == RMSPROP;
    }

    boolean takesEpsilon() {
      return takesBeta2() && this != LION || this == ADAGRAD;
    }
  }

  /** The options that change how gradients become updates. */
  private static final List<String> LINKS =
      List.of(
          "--optimizer",
          "--momentum",
          "--momentum-form",
          "--beta1",
          "--beta2",
          "--epsilon",
          "--clip-norm",
          "--clip-value");

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
      names = "--beta1",
      paramLabel = "β",
      description = "Of the mean gradient of adam, adamw, amsgrad, nadam and lion. Default: 0.9.")
  private Double beta1;

  @Option(
      names = "--beta2",
      paramLabel = "β",
      description =
          "Of the mean square of these, and of rmsprop. Default: 0.999; 0.99 for lion, 0.9 for"
              + " rmsprop.")
  private Double beta2;

  @Option(
      names = "--epsilon",
      paramLabel = "ε",
      description =
          "Added to the root of the mean square, with all that have one, and with adagrad. Default:"
              + " 1e-8; 1e-10 for adagrad.")
  private Double epsilon;

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
   * @param preset whether the rate changes as a preset says unless options say otherwise
   */
  void check(CommandSpec spec, int epochs, boolean preset) {
    kind(spec);
    requirePositive(spec, "--learning-rate", learningRate);
    requireMeaning(spec, "--momentum", momentum, Kind::takesMomentum);
    requireMeaning(spec, "--momentum-form", momentumForm, Kind::takesForm);
    requireMeaning(spec, "--beta1", beta1, Kind::takesBeta1);
    requireMeaning(spec, "--beta2", beta2, Kind::takesBeta2);
    requireMeaning(spec, "--epsilon", epsilon, Kind::takesEpsilon);
    requireShare(spec, "--momentum", momentum);
    requireShare(spec, "--beta1", beta1);
    requireShare(spec, "--beta2", beta2);
    requirePositive(spec, "--epsilon", epsilon);
    form(spec);
    if (weightDecay != null) {
      Usage.requireCoefficient(spec, "--weight-decay", weightDecay);
    }
    requirePositive(spec, "--clip-norm", clipNorm);
    requirePositive(spec, "--clip-value", clipValue);
    schedule.check(spec, epochs, preset);
  }

  private void requireMeaning(
      CommandSpec spec, String option, Object value, Predicate<Kind> takes) {
    String others =
        Arrays.stream(Kind.values())
            .filter(takes)
            .map(Usage::name)
            .collect(Collectors.joining(", "));
    Usage.require(
        spec,
        value == null || takes.test(kind(spec)),
        "%s: has no meaning for --optimizer %s; expected one of %s",
        option,
        name,
        others);
  }

  private static void requireShare(CommandSpec spec, String option, Double value) {
    Usage.require(
        spec,
        value == null || (value >= 0 && value < 1),
        "%s: %s; expected a number in [0, 1)",
        option,
        value);
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
    Optimizer optimizer = links(spec, new Transform.Adam());
    double decay = decay(spec);
    if (decay > 0) {
      optimizer = optimizer.then(new Transform.WeightDecay(decay));
    }
    return clipping(optimizer).withSchedule(schedule.schedule(spec, learningRate, epochs));
  }

  /** {@return a preset with the optimiser that is asked for; the options have been checked} */
  Tabular override(Tabular preset, CommandSpec spec) {
    Tabular its = preset;
    if (Usage.given(spec, "--learning-rate")) {
      its = its.withRate(learningRate);
    }
    if (LINKS.stream().anyMatch(option -> Usage.given(spec, option))) {
      Transform.Adam usual =
          preset.transforms().stream()
              .filter(Transform.Adam.class::isInstance)
              .map(Transform.Adam.class::cast)
              .findFirst()
              .orElseThrow();
      its = its.withTransforms(clipping(links(spec, usual)).transforms());
    }
    return weightDecay == null && decay(spec) == 0 ? its : its.withDecay(decay(spec));
  }

  /**
   * {@return an optimiser with the schedule that is asked for, if any is}
   *
   * @param usual the optimiser of a preset
   * @param rate the preset's highest rate
   * @param epochs the epochs of the run
   */
  Optimizer override(Optimizer usual, CommandSpec spec, double rate, int epochs) {
    return schedule.chosen(spec)
        ? usual.withSchedule(schedule.schedule(spec, rate, epochs))
        : usual;
  }

  /** {@return whether another schedule than a preset's is asked for} */
  boolean choosesSchedule(CommandSpec spec) {
    return schedule.chosen(spec);
  }

  /**
   * {@return descent by the links that turn gradients into updates}
   *
   * @param usual Adam with the constants that it has unless options say otherwise
   */
  private Optimizer links(CommandSpec spec, Transform.Adam usual) {
    Kind kind = kind(spec);
    double beta = momentum == null ? 0.9 : momentum;
    return switch (kind) {
      case SGD -> Optimizer.sgd(learningRate);
      case MOMENTUM -> Optimizer.momentum(learningRate, beta, form(spec));
      case NESTEROV ->
          Optimizer.sgd(learningRate).then(new Transform.Momentum(beta, form(spec), true));
      case RMSPROP -> {
        Transform rms = new Transform.Rms(beta2(0.9), epsilon(1e-8), EpsilonPlace.OUTSIDE_ROOT);
        Optimizer plain = Optimizer.sgd(learningRate).then(rms);
        yield momentum == null
            ? plain
            : plain.then(new Transform.Momentum(momentum, MomentumForm.CLASSIC, false));
      }
      case ADAM, ADAMW, AMSGRAD, NADAM, ADAGRAD, LION ->
          Optimizer.sgd(learningRate).then(scaling(kind, usual));
    };
  }

  private double decay(CommandSpec spec) {
    return weightDecay == null ? (kind(spec) == Kind.ADAMW ? 0.01 : 0) : weightDecay;
  }

  private Optimizer clipping(Optimizer plain) {
    Optimizer optimizer = clipValue == null ? plain : plain.withClipValue(clipValue);
    return clipNorm == null ? optimizer : optimizer.withClipNorm(clipNorm);
  }

  /** {@return the link that scales steps by gradients before} */
  private Transform scaling(Kind kind, Transform.Adam usual) {
    EpsilonPlace outside = EpsilonPlace.OUTSIDE_ROOT;
    double first = beta1 == null ? 0.9 : beta1;
    return switch (kind) {
      case AMSGRAD -> new Transform.AmsGrad(first, beta2(0.999), epsilon(1e-8), outside);
      case NADAM -> new Transform.NAdam(first, beta2(0.999), epsilon(1e-8), outside);
      case ADAGRAD -> new Transform.Adagrad(epsilon(1e-10), outside);
      case LION -> new Transform.Lion(first, beta2(0.99));
      default ->
          new Transform.Adam(
              beta1 == null ? usual.beta1() : beta1,
              beta2(usual.beta2()),
              epsilon(usual.epsilon()),
              usual.place());
    };
  }

  private double beta2(double usual) {
    return beta2 == null ? usual : beta2;
  }

  private double epsilon(double usual) {
    return epsilon == null ? usual : epsilon;
  }

  /** {@return the option that sets the first β of the optimiser, which must have one} */
  String firstBeta(CommandSpec spec) {
    Kind kind = kind(spec);
    Usage.require(
        spec,
        kind.takesMomentum() || kind.takesBeta1(),
        "beta: --optimizer %s has none; expected one that has, as adam or momentum",
        name);
    return kind.takesMomentum() ? "--momentum" : "--beta1";
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
