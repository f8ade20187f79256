package dev.lanewise.tabular;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.Predictor;
import dev.lanewise.tabular.TabularSet.Loaded;
import dev.lanewise.tabular.TabularSet.Part;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * What a preset costs on a set, to stand beside {@code jmh/xgboost_tables.py}: the seconds of
 * encoding and training, on one thread, and the microseconds of predicting the dev rows, encoded,
 * in one call: the first in this JVM, and the median of the calls of two seconds.
 */
final class TabularCosts {

  private static final long SECONDS = 1_000_000_000L;

  private TabularCosts() {}

  /** {@return a line of figures} */
  static String line(String variant, UnaryOperator<Learner> change, TabularSet set)
      throws IOException {
    Loaded loaded = set.load(Part.DEV);
    Table dev = Table.csv(set.folder().resolve("dev.csv.gz"));
    long began = System.nanoTime();
    Learned learned = change.apply(loaded.learner()).learn(loaded.train());
    double fit = (System.nanoTime() - began) / (double) SECONDS;
    Encoder encoder = learned.model().encoder().orElseThrow();
    float[] rows = encoder.dataset(dev, dev.all()).features();
    Predictor predictor = learned.model().predictor();
    float[] out = new float[dev.rows() * predictor.outputs()];
    double first = microseconds(predictor, rows, dev.rows(), out);
    double[] later = new double[1000];
    int calls = 0;
    for (long from = System.nanoTime();
        calls < later.length && System.nanoTime() - from < 2 * SECONDS;
        calls++) {
      later[calls] = microseconds(predictor, rows, dev.rows(), out);
    }
    Arrays.sort(later, 0, calls);
    return "%-12s %-12s %d epochs  fit %.2f s  predict %.2f us a row, at first %.2f"
        .formatted(
            set.name(),
            variant,
            learned.epochs().size(),
            fit,
            later[calls / 2] / dev.rows(),
            first / dev.rows());
  }

  private static double microseconds(Predictor predictor, float[] rows, int count, float[] out) {
    long began = System.nanoTime();
    predictor.predict(rows, count, out);
    return (System.nanoTime() - began) * 1e-3;
  }
}
