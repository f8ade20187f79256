package dev.lanewise.published;

import dev.lanewise.data.Batch;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.update.Updater;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A hundred steps of each optimiser on the batches that PyTorch took in double precision: losses,
 * parameters and running statistics after 1, 2, 10 and 100 of them.
 */
@Tag("kernels")
class TorchStepsTest {

  private static final List<Integer> SHOWN = List.of(1, 2, 10, 100);

  /**
   * Some four times what was the worst after so many steps, in units of a tensor's largest
   * magnitude; a float is good to 6e-8 of its own.
   */
  private static final Map<Integer, Double> BOUNDS =
      Map.of(1, 2.5e-7, 2, 4e-7, 10, 1e-6, 100, 3e-6);

  private static List<TorchCase> cases(String prefix, int fewest) {
    return TorchCase.all("steps-" + prefix, fewest);
  }

  /** Our run of a case. */
  private static final class Run {
    private final TorchCase given;
    private final TorchTerms terms;
    private final Replica replica;
    private final Updater updater;
    private int step;

    Run(TorchCase given, BatchNorm.Variance variance) {
      this.given = given;
      terms = new TorchTerms(given, variance);
      replica = new Replica(terms.network(), given.tensor("x").length);
      terms.names().forEach((ours, theirs) -> replica.put(ours, terms.tensor("", ours, theirs)));
      updater = replica.updater(terms.optimizer());
    }

    /** Goes on up to a step; returns the loss of its batch. */
    double goTo(int last) {
      double loss = Double.NaN;
      while (step < last) {
        loss = replica.loss(batch());
        replica.step(updater);
        step++;
      }
      return loss;
    }

    /** The next batch: rows in order, the last batch shorter, then from the first row again. */
    private Batch batch() {
      double[][] x = given.tensor("x");
      int size = Integer.parseInt(given.described("batch").name());
      int from = step % Math.ceilDiv(x.length, size) * size;
      int to = Math.min(from + size, x.length);
      return Replica.batch(
          Arrays.copyOfRange(x, from, to), Arrays.copyOfRange(given.tensor("y"), from, to));
    }

    /** Compares all tensors, running statistics too. */
    void compare(Worst worst) {
      terms
          .names()
          .forEach(
              (ours, theirs) ->
                  worst.take(
                      given + ": " + ours,
                      terms.tensor("step" + step + ".", ours, theirs),
                      replica.parameter(ours)));
    }
  }

  private static void compare(int step) {
    Worst parameters = new Worst("parameters after step " + step);
    Worst losses = new Worst("losses of step " + step);
    for (TorchCase given : cases("", 26)) {
      Run run = new Run(given, BatchNorm.Variance.UNBIASED);
      double loss = run.goTo(step);
      losses.take(given.toString(), given.number("step" + step + ".loss"), loss);
      run.compare(parameters);
    }
    losses.assertWithin(BOUNDS.get(step));
    parameters.assertWithin(BOUNDS.get(step));
  }

  @Test
  void parametersAfterOneAndTwoStepsAreThoseOfTorch() {
    compare(1);
    compare(2);
  }

  @Test
  void parametersAfterTenAndAHundredStepsAreThoseOfTorch() {
    compare(10);
    compare(100);
  }

  @Test
  void runningStatisticsOfBothConventionsAndTheirScoresAreThoseOfTorch() {
    Worst worst = new Worst("running statistics and scores after a hundred steps");
    for (TorchCase given : cases("batch-norm", 2)) {
      for (BatchNorm.Variance variance : BatchNorm.Variance.values()) {
        Run run = new Run(given, variance);
        for (int step : SHOWN) {
          run.goTo(step);
          run.compare(worst);
        }
        String prefix = variance == BatchNorm.Variance.BIASED ? "biased_" : "";
        worst.take(
            given + ": " + variance + " scores",
            given.tensor("step100." + prefix + "scores"),
            run.replica.scores(given.tensor("x")));
      }
    }
    worst.assertWithin(BOUNDS.get(100));
  }
}
