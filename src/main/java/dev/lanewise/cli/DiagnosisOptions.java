package dev.lanewise.cli;

import dev.lanewise.data.DataException;
import dev.lanewise.engine.Engine;
import dev.lanewise.learn.Diagnosis;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.LearningCurve;
import dev.lanewise.learn.Run;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.report.Findings;
import dev.lanewise.report.Leaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that say what is to be found out about the result. */
@Command(optionListHeading = "Diagnosis:%n")
final class DiagnosisOptions {

  @Option(
      names = "--human-error",
      paramLabel = "ERROR",
      description =
          "The error of people, or of the best possible model, which bias is counted from: a share"
              + " of rows, as 0.01, or an RMSE in the label's units. Default: 0.")
  private Double human;

  @Option(
      names = "--learning-curve",
      description =
          "Train 15 times more, 3 times each on 1/16, 1/8, 1/4, 1/2 and all of the training rows,"
              + " and print the errors by the number of rows.")
  private boolean curve;

  @Option(
      names = "--leak-check",
      description =
          "Print columns that are nearly as good as the model alone, that have one value or nothing"
              + " but different ones, and the rows that are in two sets.")
  private boolean leaks;

  /**
   * Checks the options.
   *
   * @param settings the training
   */
  void check(CommandSpec spec, TrainSettings settings) {
    if (human != null) {
      boolean classes = settings.data().classifies();
      Usage.require(
          spec,
          human >= 0 && human < (classes ? 1 : Double.POSITIVE_INFINITY),
          "--human-error: %s; expected %s",
          human,
          classes ? "a share of rows, 0 or more and below 1" : "a finite number, 0 or more");
    }
    Usage.require(
        spec,
        !curve || !settings.data().streams(),
        "--learning-curve: has no meaning with --stream; expected one of them");
    for (String option : given()) {
      Usage.require(
          spec,
          !settings.rules().findLearningRate(),
          "%s: has no meaning with --find-learning-rate; expected one of them",
          option);
    }
    requireDevRows(spec, settings.data().hasDev(spec));
  }

  /** {@return the options that are given} */
  List<String> given() {
    List<String> given = new ArrayList<>();
    if (human != null) {
      given.add("--human-error " + human);
    }
    if (curve) {
      given.add("--learning-curve");
    }
    if (leaks) {
      given.add("--leak-check");
    }
    return given;
  }

  /** Checked once by the shares, and again by the rows, which may be too few for all shares. */
  void requireDevRows(CommandSpec spec, boolean devRows) {
    for (String option : given()) {
      Usage.require(
          spec,
          devRows || option.equals("--leak-check"),
          "%s: needs dev rows; expected a --split with a second part above 0",
          option);
    }
  }

  /** {@return whether the rows are needed as they were read} */
  boolean needsRows() {
    return curve || leaks;
  }

  /**
   * {@return what is found out about a result} A learning curve that fails does not take the result
   * along.
   *
   * @param source the rows as they were read, where they are needed
   * @param progress is told what is done
   */
  Found find(
      CommandSpec spec,
      TrainSettings settings,
      Optional<DataOptions.Source> source,
      Run run,
      Learned learned,
      Progress progress) {
    Optional<Diagnosis> diagnosis = diagnosis(run, learned);
    Optional<Leaks> found =
        leaks
            ? Optional.of(Leaks.of(run, learned, source.orElseThrow().raw(run)))
            : Optional.empty();
    Findings without = new Findings(diagnosis, Optional.empty(), found);
    if (!curve) {
      return new Found(without, Optional.empty());
    }
    try {
      Optional<LearningCurve> drawn =
          Optional.of(curve(spec, settings, source.orElseThrow(), run.engine(), progress));
      return new Found(new Findings(diagnosis, drawn, found), Optional.empty());
    } catch (ArithmeticException | DataException e) {
      return new Found(without, Optional.of(e));
    }
  }

  private static LearningCurve curve(
      CommandSpec spec,
      TrainSettings settings,
      DataOptions.Source source,
      Engine engine,
      Progress progress) {
    progress.begin("training on shares of the rows");
    int[] done = {0};
    Executor counting =
        training -> {
          training.run();
          progress.count(++done[0], "trainings");
        };
    LearningCurve drawn = source.curve(settings.learner(spec, engine), counting);
    progress.end();
    return drawn;
  }

  /** {@return bias and variance, if there are dev rows} */
  private Optional<Diagnosis> diagnosis(Run run, Learned learned) {
    if (run.dev().isEmpty()) {
      return Optional.empty();
    }
    long seed = run.recipe().seed();
    Diagnosis diagnosis =
        learned.train() instanceof Evaluation.OfClasses train
                && learned.dev().orElseThrow() instanceof Evaluation.OfClasses dev
            ? Diagnosis.of(train, dev, seed)
            : Diagnosis.of(learned.model(), run.train(), run.dev().get(), seed);
    Diagnosis known = diagnosis.withTraining(run.recipe(), learned.bestEpoch());
    return Optional.of(human == null ? known : known.withHumanError(human));
  }
}
