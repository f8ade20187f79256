package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/** The mean predictions of training rows by the models whose samples they are not in. */
final class OutOfBag {

  private final Dataset rows;
  private final Target target;
  private final int columns;
  private final double[] sums;
  private final int[] counts;

  OutOfBag(Dataset rows) {
    this.rows = rows;
    target = rows.encoder().orElseThrow().target();
    columns =
        switch (target) {
          case Target.Classes classes -> classes.labels().size();
          case Target.Values values -> values.columns();
        };
    sums = new double[Math.multiplyExact(rows.rows(), columns)];
    counts = new int[rows.rows()];
  }

  /**
   * Adds the predictions of a model.
   *
   * @param drawn the numbers of the rows in its sample
   */
  void add(Model model, int[] drawn) {
    BitSet inside = new BitSet();
    for (int row : drawn) {
      inside.set(row);
    }
    int[] outside = IntStream.range(0, counts.length).filter(row -> !inside.get(row)).toArray();
    float[] features = rows.select(outside).features();
    double[] predictions = new double[outside.length * columns];
    if (target instanceof Target.Classes) {
      model.predictor().probabilities(features, outside.length, predictions);
    } else {
      model.predictor().values(features, outside.length, predictions);
    }
    for (int i = 0; i < outside.length; i++) {
      counts[outside[i]]++;
      for (int c = 0; c < columns; c++) {
        sums[outside[i] * columns + c] += predictions[i * columns + c];
      }
    }
  }

  /** {@return the evaluation of the means, if some row is out of some sample} */
  Optional<Evaluation> evaluation() {
    int[] some = IntStream.range(0, counts.length).filter(row -> counts[row] > 0).toArray();
    if (some.length == 0) {
      return Optional.empty();
    }
    double[] means = new double[some.length * columns];
    for (int i = 0; i < means.length; i++) {
      int row = some[i / columns];
      means[i] = sums[row * columns + i % columns] / counts[row];
    }
    float[] truth = rows.select(some).targets();
    return Optional.of(
        switch (target) {
          case Target.Classes classes ->
              Evaluation.ofProbabilities(means, columns, truth, some.length, Threshold.HALF)
                  .withLabels(classes.labels());
          case Target.Values scale -> {
            double[] actual = new double[means.length];
            scale.restore(truth, some.length, actual);
            Evaluation.OfValues judged = Evaluation.ofValues(means, actual, some.length, columns);
            yield judged.withNames(rows.encoder().orElseThrow().labels());
          }
        });
  }
}
