package dev.lanewise.cli;

import dev.lanewise.check.GradientCheck;
import dev.lanewise.data.Dataset;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The options of {@code gradcheck} that say on how many rows, where and how it takes differences.
 */
@Command(optionListHeading = "Differences:%n")
final class DifferenceOptions {

  /** Up to so many parameters all are compared, else the sample below. */
  private static final int FEW = 2000;

  private static final int SAMPLE = 300;

  private static final long ROWS = CounterRandom.stream("gradcheck rows");
  private static final long MASKS = CounterRandom.stream("gradcheck masks");

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "The rows of the batch whose gradient is checked; all of a file with fewer. Default:"
              + " ${DEFAULT-VALUE}.")
  private int rows = 32;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "The components compared, at least one of each tensor. Default: all of up to "
              + FEW
              + ", else "
              + SAMPLE
              + ".")
  private Integer sample;

  @Option(
      names = "--difference",
      paramLabel = "NAME",
      description =
          "one-sided, two-sided or four-point, which joins two-sided ones by h and 2h. Default:"
              + " ${DEFAULT-VALUE}.")
  private String difference = "four-point";

  @Option(
      names = "--step",
      paramLabel = "h",
      description = "The step for a parameter of size 1, at most 1. Default: the rule's own.")
  private Double step;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of the choice of rows and components, random rows, first weights and dropout. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  /**
   * Checks the options.
   *
   * @param batchNorm whether the network is known to take statistics over a batch
   */
  void check(CommandSpec spec, boolean batchNorm) {
    Usage.require(
        spec,
        rows >= 1 && rows <= 1_000_000,
        "--rows: %d; expected a number from 1 to 1000000",
        rows);
    Usage.require(
        spec, rows > 1 || !batchNorm, "--rows 1: too few for --batch-norm; expected 2 or more");
    Usage.require(
        spec, sample == null || sample >= 1, "--sample: %s; expected a number from 1", sample);
    Usage.require(
        spec,
        step == null || step > 0 && step <= 1,
        "--step: %s; expected a number in (0, 1]",
        step);
    rule(spec);
  }

  private GradientCheck.Difference rule(CommandSpec spec) {
    return Usage.constant(spec, "--difference", GradientCheck.Difference.class, difference);
  }

  /** {@return the rows of the batch} */
  int rows() {
    return rows;
  }

  /** {@return the seed of all that is random} */
  long seed() {
    return seed;
  }

  /** {@return the key of the dropout masks} */
  long stepKey() {
    return CounterRandom.key(seed, MASKS, 0);
  }

  /** {@return some rows of a file, drawn by the seed; all if they are too few to choose} */
  Dataset some(Dataset all) {
    if (all.rows() <= rows) {
      return all;
    }
    int[] order = new int[all.rows()];
    Arrays.setAll(order, i -> i);
    CounterRandom.shuffle(CounterRandom.key(seed, ROWS, 0), order);
    return all.select(Arrays.copyOf(order, rows));
  }

  /** {@return the check of a network; the options have been checked} */
  GradientCheck check(CommandSpec spec, Network network) {
    GradientCheck check = GradientCheck.of(network).withDifference(rule(spec));
    if (step != null) {
      check = check.withStep(step);
    }
    int parameters = network.layout().trained();
    if (sample == null && parameters <= FEW) {
      return check;
    }
    return check.withSample(sample == null ? SAMPLE : sample, seed);
  }
}
