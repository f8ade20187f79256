package dev.lanewise.model;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Standardizer;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many threads on one shared predictor, which is exchanged for another model's several times a
 * second. Every answer is compared with that of a predictor of its own over the very model that
 * gave it. Run as a program for longer: {@code HotSwapLoad SECONDS [THREADS [MILLISECONDS]]}.
 */
final class HotSwapLoad {

  private static final int COLUMNS = 10;
  private static final int ROWS = 64;
  private static final int CALLS = 50;

  /**
   * A row as a service has it.
   *
   * @param c1 to {@code c10}: the columns
   */
  record Row(
      double c1,
      double c2,
      double c3,
      double c4,
      double c5,
      double c6,
      double c7,
      double c8,
      double c9,
      double c10) {}

  /** A served model and what it says of each row. */
  private record Version(SharedPredictor served, float[] predictions, String[] labels) {}

  /**
   * What came of it.
   *
   * @param calls predictions and decisions together
   * @param wrong those that were not what the model says
   * @param swaps how often the model was exchanged
   * @param bytesPerPrediction what a prediction allocated, predictors of new models included; NaN
   *     for virtual threads, which are not measured
   * @param bytesPerDecision the same of decisions
   * @param callsPerSecond all threads together
   */
  record Result(
      long calls,
      long wrong,
      int swaps,
      double bytesPerPrediction,
      double bytesPerDecision,
      double callsPerSecond) {}

  private final float[] encoded = new float[ROWS * COLUMNS];
  private final Row[] rows = new Row[ROWS];
  private final AtomicReference<Version> current = new AtomicReference<>();
  private final LongAdder calls = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final LongAdder predictionBytes = new LongAdder();
  private final LongAdder decisionBytes = new LongAdder();
  private volatile boolean over;

  HotSwapLoad() throws IOException {
    Encoder encoder = encoder();
    for (int r = 0; r < ROWS; r++) {
      double[] c = new double[COLUMNS];
      int row = r;
      Arrays.setAll(c, i -> 100 * StrictMath.sin(row * COLUMNS + i));
      rows[r] = new Row(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]);
      encoder.forRecords(Row.class).encode(rows[r], encoded, r * COLUMNS);
    }
    current.set(version(0));
  }

  private static Encoder encoder() {
    List<Column> columns = new ArrayList<>();
    for (int c = 1; c <= COLUMNS; c++) {
      columns.add(new Column.Numeric("c" + c, 0, false));
    }
    double[] deviations = new double[COLUMNS];
    Arrays.fill(deviations, 70);
    return Encoder.of(
        true,
        columns,
        Optional.of(Standardizer.of(new double[COLUMNS], deviations)),
        new Target.Classes(List.of("no", "yes")));
  }

  /** Another model, as a service takes one from elsewhere, and what a predictor of its own says. */
  private Version version(int seed) throws IOException {
    Network network =
        Network.inputs(COLUMNS).dense(32).relu().dense(1).loss(new Loss.SigmoidCrossEntropy());
    byte[] bytes =
        Model.of(network, network.initialParameters(seed), Engine.standard())
            .withEncoder(encoder())
            .toBytes();
    TrainedModel model = TrainedModel.of(bytes);
    float[] predictions = new float[ROWS];
    model.predictor().predict(encoded, ROWS, predictions);
    String[] labels = new String[ROWS];
    float[] logits = new float[ROWS];
    model.predictor().logits(encoded, ROWS, logits);
    Arrays.setAll(labels, r -> logits[r] >= 0 ? "yes" : "no");
    return new Version(TrainedModel.of(bytes).forServing().shared(), predictions, labels);
  }

  Result run(double seconds, int threads, boolean virtual, int swapMillis)
      throws IOException, InterruptedException {
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int first = t;
      all.add(
          virtual
              ? Thread.ofVirtual().unstarted(() -> call(first, false))
              : Thread.ofPlatform().unstarted(() -> call(first, true)));
    }
    long begin = System.nanoTime();
    all.forEach(Thread::start);
    int swaps = 0;
    while (System.nanoTime() - begin < seconds * 1e9) {
      Thread.sleep(swapMillis);
      current.set(version(++swaps));
    }
    over = true;
    for (Thread thread : all) {
      thread.join();
    }
    double took = (System.nanoTime() - begin) * 1e-9;
    long each = calls.sum() / 2;
    return new Result(
        calls.sum(),
        wrong.sum(),
        swaps,
        virtual ? Double.NaN : (double) predictionBytes.sum() / each,
        virtual ? Double.NaN : (double) decisionBytes.sum() / each,
        calls.sum() / took);
  }

  private void call(int first, boolean measured) {
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] row = new float[COLUMNS];
    float[] out = new float[1];
    for (int r = first % ROWS; !over; r = (r + 1) % ROWS) {
      System.arraycopy(encoded, r * COLUMNS, row, 0, COLUMNS);
      long before = measured ? beans.getCurrentThreadAllocatedBytes() : 0;
      for (int i = 0; i < CALLS; i++) {
        Version version = current.get();
        version.served().predict(row, 1, out);
        if (out[0] != version.predictions()[r]) {
          wrong.increment();
        }
      }
      long between = measured ? beans.getCurrentThreadAllocatedBytes() : 0;
      for (int i = 0; i < CALLS; i++) {
        Version version = current.get();
        Decision decision = version.served().decide(rows[r]);
        if (!decision.label().equals(version.labels()[r])
            || Math.abs(decision.probability("yes") - version.predictions()[r]) > 1e-6) {
          wrong.increment();
        }
      }
      long after = measured ? beans.getCurrentThreadAllocatedBytes() : 0;
      calls.add(2 * CALLS);
      predictionBytes.add(between - before);
      decisionBytes.add(after - between);
      if (!measured) {
        Thread.yield(); // virtual threads share the processors by this alone
      }
    }
  }

  /**
   * Prints a result for platform threads and one for virtual threads.
   *
   * @param arguments seconds, threads, milliseconds from one exchange to the next
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 60;
    int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
    int millis = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 200;
    new HotSwapLoad().run(5, threads, false, millis); // or the compiler's work is measured
    System.out.println("platform " + new HotSwapLoad().run(seconds, threads, false, millis));
    System.out.println("virtual  " + new HotSwapLoad().run(seconds, threads, true, millis));
  }
}
