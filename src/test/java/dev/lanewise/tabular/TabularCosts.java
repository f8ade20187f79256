package dev.lanewise.tabular;

import dev.lanewise.SharedData;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.learn.Learned;
import dev.lanewise.model.Predictor;
import dev.lanewise.tabular.TabularSet.Loaded;
import dev.lanewise.tabular.TabularSet.Part;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Arrays;
import java.util.List;

/**
 * The program that measures what a preset costs, to stand beside {@code jmh/xgboost_tables.py}: the
 * seconds of encoding and training, on one thread, and the microseconds of predicting the dev rows,
 * encoded, in one call: the first in this JVM, and the median of the calls of two seconds.
 */
final class TabularCosts {

  private static final long SECONDS = 1_000_000_000L;

  private TabularCosts() {}

  /**
   * Prints a line for each set.
   *
   * @param args the name of a variant, as {@link Variants#PRESETS} has it; then names of sets, all
   *     without any
   */
  public static void main(String[] args) throws IOException {
    List<TabularSet> suite = TabularSet.in(SharedData.file("data/tabular"));
    List<String> names = Arrays.asList(args).subList(1, args.length);
    for (TabularSet set : names.isEmpty() ? suite : TabularSet.named(suite, names)) {
      System.out.println(line(args[0], set));
    }
    long heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    System.out.printf("most memory of the JVM's pools %d MB%n", heap >> 20);
  }

  private static String line(String variant, TabularSet set) throws IOException {
    Loaded loaded = set.load(Part.DEV);
    Table dev = Table.csv(set.folder().resolve("dev.csv.gz"));
    long began = System.nanoTime();
    Learned learned =
        Variants.PRESETS.byName().get(variant).apply(loaded.learner()).learn(loaded.train());
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
