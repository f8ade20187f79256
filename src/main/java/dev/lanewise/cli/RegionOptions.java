package dev.lanewise.cli;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.model.Conformal;
import dev.lanewise.model.Model;
import dev.lanewise.model.MonteCarloDropout;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.report.CsvText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code predict} that add columns which tell how sure a prediction is. */
final class RegionOptions {

  static final double USUAL = 0.9;

  private static final int FEWEST_PASSES = 2;

  @Option(
      names = "--interval",
      description =
          "Add the columns lower and upper: the interval of a model of values that was calibrated.")
  private boolean interval;

  @Option(
      names = "--set",
      description =
          "Add the column set: the classes of a calibrated model's set, with | between them.")
  private boolean set;

  @Option(
      names = "--coverage",
      paramLabel = "SHARE",
      split = ",",
      description =
          "The coverage of --interval or --set, or several, of those that were calibrated for."
              + " Default: the first of them. Also the share of passes in the interval of"
              + " --mc-dropout. Default: 0.9.")
  private List<Double> coverages = List.of();

  @Option(
      names = "--mc-dropout",
      paramLabel = "PASSES",
      description =
          "Add mean, standard deviation and interval of so many passes in each of which the"
              + " network's dropout draws other units.")
  private Integer passes;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "The seed of the units that --mc-dropout drops. Default: 0.")
  private Long seed;

  /**
   * Columns that are added to predictions.
   *
   * @param names their names
   * @param ofRow the fields of a row, in their order
   */
  record Added(List<String> names, IntFunction<List<String>> ofRow) {}

  /** Checks the options. */
  void check(CommandSpec spec) {
    Usage.require(
        spec, !interval || !set, "--set: has no meaning with --interval; expected one of them");
    Usage.require(
        spec,
        coverages.isEmpty() || interval || set || passes != null,
        "--coverage: has no meaning by itself; expected --interval, --set or --mc-dropout");
    checkCoverages(spec, "--coverage", coverages);
    Usage.require(
        spec,
        seed == null || passes != null,
        "--seed: has no meaning without --mc-dropout; expected both");
    Usage.require(
        spec,
        passes == null || passes >= FEWEST_PASSES && passes <= MonteCarloDropout.MOST_PASSES,
        "--mc-dropout: %s; expected a number of passes from %s to %s",
        passes,
        FEWEST_PASSES,
        MonteCarloDropout.MOST_PASSES);
    Usage.require(
        spec,
        passes == null || coverages.size() <= 1,
        "--coverage: %s values; expected one with --mc-dropout",
        coverages.size());
  }

  /** Complains about coverages that are none, or there twice. */
  static void checkCoverages(CommandSpec spec, String option, List<Double> coverages) {
    for (double coverage : coverages) {
      try {
        Conformal.rank(1, coverage);
      } catch (IllegalArgumentException e) {
        throw Usage.wrong(spec, "%s", e.getMessage().replaceFirst("^coverage", option));
      }
    }
    Usage.require(
        spec,
        Set.copyOf(coverages).size() == coverages.size(),
        "%s: %s; expected each once",
        option,
        coverages);
  }

  /** Refuses a model that cannot give what was asked for. */
  void checkModel(TrainedModel model) {
    if (interval || set) {
      Conformal conformal = conformal(model);
      coverages.forEach(coverage -> withCoverage(conformal, coverage));
    }
    if (passes != null) {
      dropout(model);
    }
  }

  /** {@return the columns that were asked for} */
  List<Added> added(TrainedModel model, Encoder encoder, float[] rows, int count) {
    List<Added> added = new ArrayList<>();
    if (interval || set) {
      Conformal conformal = conformal(model);
      List<Double> asked = coverages.isEmpty() ? List.of(conformal.coverage()) : coverages;
      for (double coverage : asked) {
        Conformal its = withCoverage(conformal, coverage);
        String suffix = asked.size() == 1 ? "" : "_" + coverage;
        added.add(
            set
                ? sets(its, encoder, rows, count, suffix)
                : intervals(its, encoder, rows, count, suffix));
      }
    }
    if (passes != null) {
      added.add(draws(model, encoder, rows, count));
    }
    return added;
  }

  private Conformal conformal(TrainedModel model) {
    String option = interval ? "--interval" : "--set";
    Conformal conformal =
        model
            .conformal()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        option
                            + ": not a calibrated model; expected one that lanewise calibrate"
                            + " wrote"));
    if (conformal.score().givesSets() != set) {
      throw new IllegalArgumentException(
          "%s: a model of %s; expected %s"
              .formatted(
                  option, interval ? "classes" : "values", interval ? "--set" : "--interval"));
    }
    return conformal;
  }

  private static Conformal withCoverage(Conformal conformal, double coverage) {
    try {
      return conformal.withCoverage(coverage);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }

  private static Added intervals(
      Conformal conformal, Encoder encoder, float[] rows, int count, String suffix) {
    int columns = encoder.target().columns();
    double[] lower = new double[Math.multiplyExact(count, columns)];
    double[] upper = new double[lower.length];
    conformal.intervals(rows, count, lower, upper);
    List<String> names =
        Predict.suffixes(encoder).stream()
            .flatMap(of -> List.of("lower" + of + suffix, "upper" + of + suffix).stream())
            .toList();
    return new Added(
        names,
        row ->
            IntStream.range(row * columns, (row + 1) * columns)
                .boxed()
                .flatMap(i -> List.of("" + lower[i], "" + upper[i]).stream())
                .toList());
  }

  private static Added sets(
      Conformal conformal, Encoder encoder, float[] rows, int count, String suffix) {
    List<String> labels =
        ((Target.Classes) encoder.target()).labels().stream().map(RegionOptions::inSet).toList();
    int classes = labels.size();
    double[] probabilities = new double[Math.multiplyExact(count, classes)];
    boolean[] members = new boolean[probabilities.length];
    conformal.sets(rows, count, probabilities, members);
    return new Added(
        List.of("set" + suffix),
        row ->
            List.of(
                CsvText.field(
                    String.join(
                        "|",
                        IntStream.range(0, classes)
                            .filter(c -> members[row * classes + c])
                            .mapToObj(labels::get)
                            .toList()))));
  }

  /** {@return a label as an element of a set: what separates them is escaped} */
  private static String inSet(String label) {
    return label.replace("\\", "\\\\").replace("|", "\\|");
  }

  private Added draws(TrainedModel model, Encoder encoder, float[] rows, int count) {
    MonteCarloDropout dropout = dropout(model);
    int numbers = dropout.numbers();
    int size = Math.multiplyExact(count, numbers);
    double[] mean = new double[size];
    double[] deviation = new double[size];
    double[] lower = new double[size];
    double[] upper = new double[size];
    dropout.predict(rows, count, mean, deviation, lower, upper);
    List<String> suffixes =
        encoder.target() instanceof Target.Classes classes
            ? classes.labels().stream().map(label -> "_" + label).toList()
            : Predict.suffixes(encoder);
    List<String> names =
        suffixes.stream()
            .flatMap(
                of ->
                    List.of("mc_mean" + of, "mc_sd" + of, "mc_lower" + of, "mc_upper" + of)
                        .stream())
            .toList();
    return new Added(
        names,
        row ->
            IntStream.range(row * numbers, (row + 1) * numbers)
                .boxed()
                .flatMap(
                    i ->
                        List.of("" + mean[i], "" + deviation[i], "" + lower[i], "" + upper[i])
                            .stream())
                .toList());
  }

  private MonteCarloDropout dropout(TrainedModel model) {
    if (!(model instanceof Model one)) {
      throw new IllegalArgumentException("--mc-dropout: an ensemble; expected one model");
    }
    try {
      return MonteCarloDropout.of(one, passes, seed == null ? 0 : seed)
          .withCoverage(coverages.isEmpty() ? USUAL : coverages.getFirst());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--mc-dropout: " + e.getMessage(), e);
    }
  }
}
