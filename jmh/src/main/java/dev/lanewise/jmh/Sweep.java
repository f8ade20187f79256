package dev.lanewise.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Products of all shapes of some sizes beside MKL's, on one thread in one JVM, written as CSV: too
 * many for JMH, which takes seconds for each. Ours are those of a layer's forward pass, M rows, K
 * inputs and N outputs.
 *
 * <p>Ours and MKL's windows alternate; a speed is the median of the windows, a ratio the median of
 * the neighbours' ratios. The shapes come in a drawn order, so that busy minutes of the host do not
 * fall on neighbours. A shape that looks slow is measured again at the end, and the highest ratio
 * counts.
 */
public final class Sweep {

  /** Shapes of less work are measured and shown, but no bar concerns them. */
  private static final long JUDGED = 100_000;

  /** A ratio below it is measured again. */
  private static final double SLOW = 0.6;

  private static final int MEASUREMENTS = 3;

  private static final long WINDOW = 1_500_000;

  private static final long WARM_UP = 10_000_000_000L;

  /** What a shape of the warm-up has at most. */
  private static final double SMALL = 1e8;

  /** Where one product takes longer than this, three windows are enough. */
  private static final long LONG = 20_000_000;

  private final float[] a;
  private final float[] b;
  private final FloatPointer left;
  private final FloatPointer right;
  private final FloatPointer out;

  private Sweep(Shapes shapes) {
    a = values(shapes.largestA(), 1);
    b = values(shapes.largestB(), 2);
    left = new FloatPointer(a);
    right = new FloatPointer(b);
    out = new FloatPointer((long) shapes.largestC());
  }

  private record Shapes(List<Integer> m, List<Integer> n, List<Integer> k) {

    int largestA() {
      return Collections.max(m) * Collections.max(k);
    }

    int largestB() {
      return Collections.max(k) * Collections.max(n);
    }

    int largestC() {
      return Collections.max(m) * Collections.max(n);
    }

    List<Cell> cells() {
      List<Cell> cells = new ArrayList<>();
      for (int rows : m) {
        for (int columns : n) {
          for (int depth : k) {
            cells.add(new Cell(rows, columns, depth));
          }
        }
      }
      Collections.shuffle(cells, new Random(1));
      return cells;
    }
  }

  /** A shape, C {@code [m][n]} = A {@code [m][k]} · B {@code [k][n]}, and what was measured. */
  private static final class Cell {
    final int m;
    final int n;
    final int k;
    double ours;
    double theirs;
    double ratio;
    int measurements;

    Cell(int m, int n, int k) {
      this.m = m;
      this.n = n;
      this.k = k;
    }

    double flops() {
      return 2.0 * m * n * k;
    }

    boolean slow() {
      return flops() > JUDGED && ratio < SLOW;
    }

    void take(double ours, double theirs, double ratio) {
      measurements++;
      if (ratio > this.ratio) {
        this.ours = ours;
        this.theirs = theirs;
        this.ratio = ratio;
      }
    }
  }

  /**
   * Measures.
   *
   * @param args the file to write, and the sizes with commas between them: one list for all of M, N
   *     and K, or one for each
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2 && args.length != 4) {
      throw new IllegalArgumentException("arguments: FILE.csv SIZES or FILE.csv MS NS KS");
    }
    Shapes shapes =
        new Shapes(sizes(args[1]), sizes(args[args.length / 2]), sizes(args[args.length - 1]));
    List<Cell> cells = shapes.cells();
    Sweep sweep = new Sweep(shapes);
    sweep.warmUp(cells);
    List<Cell> slow = cells;
    for (int pass = 0; pass < MEASUREMENTS && !slow.isEmpty(); pass++) {
      System.out.printf("# Sweep: %,d shapes%n", slow.size());
      sweep.measure(slow);
      slow = slow.stream().filter(Cell::slow).toList();
    }
    write(Path.of(args[0]), cells);
  }

  private static List<Integer> sizes(String text) {
    return Stream.of(text.split(",")).map(Integer::valueOf).toList();
  }

  private static float[] values(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** Small shapes, until the compiler has met them all. */
  private void warmUp(List<Cell> cells) {
    long end = System.nanoTime() + WARM_UP;
    List<Cell> small = cells.stream().filter(cell -> cell.flops() < SMALL).toList();
    for (int i = 0; !small.isEmpty() && System.nanoTime() < end; i++) {
      Cell cell = small.get(i % small.size());
      measure(new Cell(cell.m, cell.n, cell.k));
    }
  }

  private void measure(List<Cell> cells) {
    long start = System.nanoTime();
    for (int i = 0; i < cells.size(); i++) {
      measure(cells.get(i));
      if ((i + 1) % 1000 == 0) {
        System.out.printf("# %,d in %d s%n", i + 1, (System.nanoTime() - start) / 1_000_000_000);
      }
    }
  }

  private void measure(Cell cell) {
    Product ours = LanewiseForward.of(a, b, cell.m, cell.n, cell.k);
    Product theirs = BlasProduct.mkl(left, right, out, cell.m, cell.n, cell.k);
    ours.multiply();
    theirs.multiply();
    check(cell, ours.result());
    int ourCalls = calls(ours);
    int theirCalls = calls(theirs);
    int windows = time(ours, 1) > LONG ? 3 : 5;
    double[] ourTimes = new double[windows];
    double[] theirTimes = new double[windows];
    double[] ratios = new double[windows];
    for (int w = 0; w < windows; w++) {
      ourTimes[w] = (double) time(ours, ourCalls) / ourCalls;
      theirTimes[w] = (double) time(theirs, theirCalls) / theirCalls;
      ratios[w] = theirTimes[w] / ourTimes[w];
    }
    cell.take(cell.flops() / median(ourTimes), cell.flops() / median(theirTimes), median(ratios));
  }

  /** {@return how many calls fill a window, found by trying, which also warms up} */
  private static int calls(Product product) {
    for (int calls = 1; ; calls *= 2) {
      long nanoseconds = time(product, calls);
      if (nanoseconds >= WINDOW / 2) {
        return (int) Math.max(1, calls * WINDOW / nanoseconds);
      }
    }
  }

  private static long time(Product product, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      product.multiply();
    }
    return Math.max(1, System.nanoTime() - start);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Compares elements of every row and column with MKL's. */
  private void check(Cell cell, float[] c) {
    for (int t = 0; t < Math.max(cell.m, cell.n); t++) {
      int at = t % cell.m * cell.n + t % cell.n;
      if (!(Math.abs(c[at] - out.get(at)) <= 2e-6 * cell.k)) {
        throw new IllegalStateException(
            "%dx%dx%d: value %d is %s; expected %s"
                .formatted(cell.m, cell.n, cell.k, at, c[at], out.get(at)));
      }
    }
  }

  private static void write(Path file, List<Cell> cells) throws IOException {
    try (PrintStream csv = new PrintStream(file.toFile())) {
      csv.println("m,n,k,lanewise,mkl,ratio,measurements");
      cells.stream()
          .sorted(
              Comparator.<Cell>comparingInt(cell -> cell.k)
                  .thenComparingInt(cell -> cell.m)
                  .thenComparingInt(cell -> cell.n))
          .forEach(
              cell ->
                  csv.printf(
                      Locale.ROOT,
                      "%d,%d,%d,%.4g,%.4g,%.3f,%d%n",
                      cell.m,
                      cell.n,
                      cell.k,
                      cell.ours,
                      cell.theirs,
                      cell.ratio,
                      cell.measurements));
    }
  }
}
