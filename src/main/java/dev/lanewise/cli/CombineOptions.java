package dev.lanewise.cli;

import dev.lanewise.learn.Bagging;
import dev.lanewise.learn.Combined;
import dev.lanewise.learn.Refit;
import dev.lanewise.learn.Run;
import dev.lanewise.learn.Snapshots;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code train} that make one model of several. */
@Command(optionListHeading = "Several models:%n")
final class CombineOptions {

  @Option(
      names = "--bag",
      paramLabel = "K",
      description =
          "Train K models, each on a bootstrap sample of the training rows, and average what they"
              + " predict; each training row is also judged by the models that have not seen it.")
  private Integer bag;

  @Option(
      names = "--refit",
      paramLabel = "K",
      description =
          "Train K models with K seeds; then K models on training and dev rows together, for the"
              + " number of epochs with the best mean dev loss, with a preset for classes the log"
              + " loss after a temperature, and average what these predict.")
  private Integer refit;

  @Option(
      names = "--snapshots",
      description =
          "Average what the models at the ends of the cycles of --schedule cosine-restarts predict;"
              + " at least two must end in --epochs. Nothing stops early.")
  private boolean snapshots;

  /** {@return whether several models are asked for} */
  boolean asked() {
    return !given().isEmpty();
  }

  private List<String> given() {
    return Stream.of(
            bag == null ? null : "--bag " + bag,
            refit == null ? null : "--refit " + refit,
            snapshots ? "--snapshots" : null)
        .filter(option -> option != null)
        .toList();
  }

  /**
   * Checks the options, alone and beside the others.
   *
   * @param diagnosis what is to be found out about one training
   * @param live whether a page for one training is asked for
   */
  void check(
      CommandSpec spec,
      TrainSettings settings,
      FileOptions files,
      DiagnosisOptions diagnosis,
      boolean live) {
    if (!asked()) {
      return;
    }
    Usage.require(
        spec, bag == null || bag >= 2, "--bag: %s; expected a number of models from 2", bag);
    Usage.require(
        spec,
        refit == null || refit >= 1,
        "--refit: %s; expected a number of models from 1",
        refit);
    String option = given().getFirst();
    refuse(spec, option, given().size() == 1 ? Optional.empty() : Optional.of(given().get(1)));
    refuse(spec, option, files.ofOneTraining(bag != null));
    refuse(spec, option, settings.rules().ofOneTraining());
    refuse(spec, option, diagnosis.given().stream().findFirst());
    refuse(spec, option, named("--live", live));
    if (bag != null) {
      refuse(spec, option, named("--stream", settings.data().streams()));
    }
    if (refit != null) {
      refuse(spec, option, named("--plateau", settings.rules().lowersOnPlateau()));
      boolean both = settings.data().streams() && settings.data().hasDevFile();
      refuse(spec, option, named("--dev and --stream", both));
    }
    if (snapshots) {
      refuse(spec, option, named("--average", settings.rules().averages()));
      refuse(spec, option, settings.loop().stopsEarly());
      Usage.require(
          spec,
          !settings.ratesOfPreset(spec),
          "--snapshots: has no meaning for the rate of a --preset, which counts steps; expected"
              + " --schedule cosine-restarts beside it");
      int ends = settings.cycleEnds(spec);
      Usage.require(
          spec,
          ends >= 2,
          "--snapshots: %d cycles of the rate end in --epochs %d; expected 2 or more, as of"
              + " --schedule cosine-restarts with a --decay-epochs that is short enough",
          ends,
          settings.epochs(spec));
    }
  }

  private static Optional<String> named(String option, boolean given) {
    return given ? Optional.of(option) : Optional.empty();
  }

  private static void refuse(CommandSpec spec, String option, Optional<String> other) {
    Usage.require(
        spec,
        other.isEmpty(),
        "%s: has no meaning with %s; expected one of them",
        option,
        other.orElse(""));
  }

  /** {@return the trainings that there are to be at most} */
  int trainings() {
    return snapshots ? 1 : refit == null ? bag : 2 * refit;
  }

  /** {@return what several trainings make together} */
  Combined train(Run run, Combined.Listener listener) {
    if (snapshots) {
      return Snapshots.learn(run, listener);
    }
    return refit == null ? Bagging.learn(run, bag, listener) : Refit.learn(run, refit, listener);
  }
}
