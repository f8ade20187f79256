package dev.lanewise.cli;

import dev.lanewise.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that say how the learning rate changes from epoch to epoch. */
final class ScheduleOptions {

  private enum Kind {
    CONSTANT,
    INVERSE_TIME,
    EXPONENTIAL,
    INVERSE_SQRT,
    STAIRCASE,
    MULTI_STEP,
    POLYNOMIAL,
    COSINE,
    COSINE_RESTARTS,
    COSINE_LOG,
    ONE_CYCLE;

    /** Whether a rate of decay has a meaning. */
    boolean decays() {
      return this == INVERSE_TIME || fallsByFactor() || this == POLYNOMIAL;
    }

    boolean fallsByFactor() {
      return this == EXPONENTIAL || this == STAIRCASE || this == MULTI_STEP;
    }

    /** Whether numbers of epochs have a meaning. */
    boolean takesEpochs() {
      return this == STAIRCASE || this == MULTI_STEP || endsAnywhere() || cycles();
    }

    /** Whether the rate goes up and down again. */
    private boolean cycles() {
      return this == ONE_CYCLE || this == COSINE_LOG;
    }

    /** Whether the last rate can be chosen. */
    boolean endsAnywhere() {
      return this == POLYNOMIAL || this == COSINE || this == COSINE_RESTARTS;
    }
  }

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "How the learning rate changes with the epochs: constant, inverse-time, exponential,"
              + " inverse-sqrt, staircase, multi-step, polynomial, cosine, cosine-restarts,"
              + " cosine-log (four cycles, each twice as long as the one before) or one-cycle."
              + " Default: ${DEFAULT-VALUE}.")
  private String name = "constant";

  @Option(
      names = "--decay-rate",
      paramLabel = "R",
      description =
          "inverse-time: r of α/(1 + r·epoch), default 1; exponential, staircase, multi-step: the"
              + " factor, default 0.95, 0.5, 0.1; polynomial: the power, default 1.")
  private Double decayRate;

  @Option(
      names = "--decay-epochs",
      paramLabel = "N[,N…]",
      description =
          "staircase: the epochs on a stair, default 10; multi-step: where the stairs are;"
              + " cosine-restarts: the first period, default 10, which doubles each time;"
              + " polynomial, cosine, cosine-log, one-cycle: the epochs it takes, default all.")
  private String decayEpochs;

  @Option(
      names = "--final-rate",
      paramLabel = "α",
      description = "For polynomial, cosine and cosine-restarts. Default: 0.")
  private Double finalRate;

  @Option(
      names = "--warm-up",
      paramLabel = "EPOCHS",
      description =
          "Raise the learning rate in equal steps over so many epochs, before the schedule starts."
              + " Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  /** {@return whether a schedule is asked for by name} */
  boolean chosen(CommandSpec spec) {
    return Usage.given(spec, "--schedule");
  }

  /**
   * Checks the options; the epochs are checked elsewhere.
   *
   * @param preset whether the rate changes as a preset says unless a schedule is asked for
   */
  void check(CommandSpec spec, int epochs, boolean preset) {
    if (preset && !chosen(spec)) {
      for (String option : List.of("--decay-rate", "--decay-epochs", "--final-rate", "--warm-up")) {
        Usage.require(
            spec,
            !Usage.given(spec, option),
            "%s: has no meaning for the rate of a --preset; expected --schedule beside it",
            option);
      }
    }
    Kind kind = kind(spec);
    requireMeaning(spec, "--decay-rate", decayRate == null || kind.decays());
    requireMeaning(spec, "--decay-epochs", decayEpochs == null || kind.takesEpochs());
    requireMeaning(spec, "--final-rate", finalRate == null || kind.endsAnywhere());
    requireMeaning(spec, "--warm-up", warmUp == 0 || kind != Kind.COSINE_LOG); // it begins with 0
    if (kind.fallsByFactor()) {
      Usage.require(
          spec,
          decayRate == null || (decayRate > 0 && decayRate <= 1),
          "--decay-rate: %s; expected a number in (0, 1]",
          decayRate);
    } else if (kind == Kind.POLYNOMIAL) {
      Usage.require(
          spec,
          decayRate == null || isPositiveFloat(decayRate),
          "--decay-rate: %s; expected a finite number above 0",
          decayRate);
    } else if (decayRate != null) {
      Usage.requireCoefficient(spec, "--decay-rate", decayRate);
    }
    if (finalRate != null) {
      Usage.require(
          spec,
          finalRate >= 0 && (float) (double) finalRate < Float.POSITIVE_INFINITY,
          "--final-rate: %s; expected a finite number, 0 or more",
          finalRate);
    }
    Usage.require(
        spec,
        kind != Kind.MULTI_STEP || decayEpochs != null,
        "--decay-epochs: missing; expected the epochs after which --schedule multi-step falls");
    epochs(spec, kind);
    Usage.require(spec, warmUp >= 0, "--warm-up: %d; expected 0 or more", warmUp);
    Usage.require(
        spec,
        warmUp == 0 || warmUp < epochs,
        "--warm-up: %d; expected fewer epochs than --epochs, %d",
        warmUp,
        epochs);
  }

  private void requireMeaning(CommandSpec spec, String option, boolean holds) {
    Usage.require(spec, holds, "%s: has no meaning for --schedule %s", option, name);
  }

  static boolean isPositiveFloat(double value) {
    return (float) value > 0 && (float) value < Float.POSITIVE_INFINITY;
  }

  /**
   * {@return the schedule; the options have been checked}
   *
   * @param rate the learning rate that it starts from, or for one-cycle rises to
   * @param epochs the epochs of the run
   */
  Schedule schedule(CommandSpec spec, double rate, int epochs) {
    Kind kind = kind(spec);
    List<Long> given = epochs(spec, kind);
    long length = given.isEmpty() ? epochs - warmUp : given.getFirst();
    long stair = given.isEmpty() ? 10 : given.getFirst();
    double end = finalRate == null ? 0 : finalRate;
    Schedule schedule =
        switch (kind) {
          case CONSTANT -> new Schedule.Constant(rate);
          case INVERSE_TIME -> new Schedule.InverseTime(rate, decayRate(1), 1);
          case EXPONENTIAL -> new Schedule.Staircase(rate, decayRate(0.95), 1);
          case INVERSE_SQRT -> new Schedule.InverseSquareRoot(rate);
          case STAIRCASE -> new Schedule.Staircase(rate, decayRate(0.5), stair);
          case MULTI_STEP -> new Schedule.MultiStep(rate, decayRate(0.1), given);
          case POLYNOMIAL -> new Schedule.Polynomial(rate, end, decayRate(1), length);
          case COSINE -> new Schedule.Cosine(rate, end, length);
          case COSINE_RESTARTS -> new Schedule.CosineRestarts(rate, end, stair, 2);
          case COSINE_LOG -> new Schedule.CosineLog(rate, 4, length);
          case ONE_CYCLE -> new Schedule.OneCycle(rate, length);
        };
    return warmUp == 0 ? schedule : new Schedule.WarmUp(1.0 / (warmUp + 1), warmUp, schedule);
  }

  private double decayRate(double otherwise) {
    return decayRate == null ? otherwise : decayRate;
  }

  private Kind kind(CommandSpec spec) {
    return Usage.constant(spec, "--schedule", Kind.class, name);
  }

  /** {@return the numbers of epochs; none if none are given} */
  private List<Long> epochs(CommandSpec spec, Kind kind) {
    List<Long> numbers = new ArrayList<>();
    if (decayEpochs == null) {
      return numbers;
    }
    boolean several = kind == Kind.MULTI_STEP;
    long last = 0;
    for (String number : decayEpochs.split(",", -1)) {
      boolean fits =
          number.matches("[1-9][0-9]{0,8}")
              && Long.parseLong(number) > last
              && (several || numbers.isEmpty());
      Usage.require(
          spec,
          fits,
          "--decay-epochs: %s; expected %s from 1",
          decayEpochs,
          several ? "ascending numbers of epochs" : "a number of epochs");
      last = Long.parseLong(number);
      numbers.add(last);
    }
    return numbers;
  }
}
