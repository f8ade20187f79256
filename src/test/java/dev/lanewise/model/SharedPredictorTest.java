package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.Guard;
import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.engine.Parallel;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One predictor for one thread, one pool for all. */
@Timeout(value = Guard.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SharedPredictorTest {

  private static final int ROWS = 100;

  private static final Network NETWORK =
      Network.inputs(3).dense(20).relu().dense(2).loss(new Loss.SoftmaxCrossEntropy());

  private static Model model(long seed, Engine engine) {
    return Model.of(NETWORK, NETWORK.initialParameters(seed), engine);
  }

  /** An executor that runs nothing until it is let, so that a prediction stays under way. */
  private static final class Gate implements Executor {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void execute(Runnable helper) {
      entered.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      helper.run();
    }
  }

  private static Future<float[]> predicting(
      ExecutorService threads, Predictor predictor, float[] rows) {
    return threads.submit(
        () -> {
          float[] out = new float[2 * ROWS];
          predictor.predict(rows, ROWS, out);
          return out;
        });
  }

  @Test
  void aSecondThreadInAPredictorIsRefusedAndDisturbsNothing() throws Exception {
    float[] rows = rows(1);
    float[] expected = new float[2 * ROWS];
    model(1, Engine.standard()).predictor().predict(rows, ROWS, expected);
    Gate gate = new Gate();
    Predictor predictor =
        model(1, Engine.standard().withParallel(Parallel.on(gate, 2))).predictor();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<float[]> first = predicting(threads, predictor, rows);
      Guard.await(gate.entered);
      float[] out = new float[2];
      double[] wide = new double[2];
      assertRefused(() -> predictor.predict(new float[3], 1, out));
      assertRefused(() -> predictor.logits(new float[3], 1, out));
      assertRefused(() -> predictor.probabilities(new float[3], 1, wide));
      assertRefused(() -> predictor.predict(new float[3], 1, new float[0]));
      assertArrayEquals(new float[2], out);
      gate.open.countDown();
      assertArrayEquals(expected, first.get());
      predictor.predict(rows, ROWS, expected.clone());
    }
  }

  private static void assertRefused(Runnable call) {
    String message = assertThrows(IllegalStateException.class, call::run).getMessage();
    assertTrue(message.startsWith("this predictor is at work for another thread"), message);
  }

  /** What a call refuses leaves the predictor free. */
  @Test
  void aRefusedCallLeavesThePredictorFree() {
    Predictor predictor = model(1, Engine.standard()).predictor();
    float[] out = new float[2];
    assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[2], 1, out));
    predictor.predict(new float[3], 1, out);
    SharedPredictor shared = model(1, Engine.standard()).shared();
    for (int i = 0; i < 100; i++) {
      assertThrows(IllegalArgumentException.class, () -> shared.predict(new float[2], 1, out));
    }
    shared.predict(new float[3], 1, out);
  }

  private static float[] rows(int seed) {
    float[] rows = new float[3 * ROWS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) StrictMath.sin(seed * 1000 + i);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyNumberOfThreadsGetTheBitsThatOneGets(boolean virtual) throws Exception {
    Model model = model(3, Engine.standard());
    SharedPredictor shared = model.shared();
    AtomicInteger wrong = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads =
        virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newFixedThreadPool(32)) {
      for (int t = 0; t < 64; t++) {
        float[] rows = rows(t);
        float[] expected = new float[2 * ROWS];
        float[] logits = new float[2 * ROWS];
        model.predictor().predict(rows, ROWS, expected);
        model.predictor().logits(rows, ROWS, logits);
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    int count = i % ROWS + 1;
                    float[] out = new float[2 * ROWS];
                    shared.predict(rows, count, out);
                    wrong.addAndGet(differing(expected, out, 2 * count));
                    shared.logits(rows, count, out);
                    wrong.addAndGet(differing(logits, out, 2 * count));
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertEquals(0, wrong.get());
  }

  private static int differing(float[] expected, float[] actual, int count) {
    int differing = 0;
    for (int i = 0; i < count; i++) {
      differing += expected[i] == actual[i] ? 0 : 1;
    }
    return differing;
  }

  /** More calls under way than there are predictors: the others wait, also when interrupted. */
  @Test
  void callsThatFindAllPredictorsAtWorkWait() throws Exception {
    int most = Math.max(SharedPredictor.LEAST, 2 * Runtime.getRuntime().availableProcessors());
    Gate gate = new Gate();
    SharedPredictor shared =
        model(1, Engine.standard().withParallel(Parallel.on(gate, 2))).shared();
    float[] rows = rows(1);
    float[] expected = new float[2 * ROWS];
    model(1, Engine.standard()).predictor().predict(rows, ROWS, expected);
    List<Thread> threads = new ArrayList<>();
    List<float[]> outs = new ArrayList<>();
    AtomicInteger stillInterrupted = new AtomicInteger();
    for (int t = 0; t < most + 5; t++) {
      float[] out = new float[2 * ROWS];
      outs.add(out);
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    shared.predict(rows, ROWS, out);
                    stillInterrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                  }));
    }
    Guard.until(() -> threads.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    threads.getLast().interrupt();
    gate.open.countDown();
    for (Thread thread : threads) {
      Guard.join(thread);
    }
    for (float[] out : outs) {
      assertArrayEquals(expected, out);
    }
    assertEquals(1, stillInterrupted.get());
  }

  @Test
  void aModelHasOneSharedPredictor() {
    Model model = model(1, Engine.standard());
    assertSame(model.shared(), model.shared());
    assertSame(model, model.shared().model());
  }

  /** What a decision allocates is itself: a few objects, whatever the network. */
  @Tag("allocation")
  @Test
  void aDecisionAllocatesItsAnswerAlone() {
    Network network = Network.inputs(500).dense(300).relu().dense(1).loss(new Loss.SquaredError());
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < 500; c++) {
      columns.add(new Column.Numeric("c" + c, 0, false));
    }
    SharedPredictor shared =
        Model.of(network, network.initialParameters(1), Engine.standard())
            .withEncoder(Encoder.of(true, columns, Optional.empty(), new Target.Values(1, 2)))
            .shared();
    shared.warmUp();
    Object[] values = new Object[500];
    Arrays.fill(values, 1.5);
    RowEncoder<Object[]> rows = shared.model().encoder().orElseThrow().forValues();
    Allocation.assertAtMost(200, "a decision", 1000, i -> shared.decide(values, rows));
  }

  @Tag("allocation")
  @Test
  void sharedPredictionAllocatesNothing() {
    SharedPredictor shared = model(1, Engine.standard()).shared();
    shared.warmUp();
    float[] rows = rows(1);
    float[] out = new float[2 * ROWS];
    Allocation.assertNone(
        "shared predictions",
        1000,
        i -> {
          shared.predict(rows, i % ROWS, out);
          shared.logits(rows, i % ROWS, out);
        });
  }

  /** The classes of a service that was undeployed go, though a pool that outlives it met them. */
  @Test
  void aTypeOfRecordsThatNobodyElseKnowsIsForgotten() throws Exception {
    Encoder encoder =
        Encoder.of(
            true,
            List.of(new Column.Numeric("size", 0, false)),
            Optional.empty(),
            new Target.Classes(List.of("no", "yes")));
    Network network = Network.inputs(1).dense(1).loss(new Loss.SigmoidCrossEntropy());
    SharedPredictor shared =
        Model.of(network, new float[2], Engine.standard()).withEncoder(encoder).shared();
    WeakReference<Class<?>> type = decided(shared);
    for (int i = 0; i < 100 && type.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(type.get());
    assertSame(shared, shared.model().shared());
  }

  /** A record of a loader of its own. */
  public record Size(double size) {}

  private static WeakReference<Class<?>> decided(SharedPredictor shared) throws Exception {
    String name = Size.class.getName();
    byte[] bytes;
    try (InputStream in =
        SharedPredictorTest.class.getResourceAsStream("SharedPredictorTest$Size.class")) {
      bytes = in.readAllBytes();
    }
    ClassLoader own =
        new ClassLoader(SharedPredictorTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String wanted, boolean resolve)
              throws ClassNotFoundException {
            if (!wanted.equals(name)) {
              return super.loadClass(wanted, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known == null ? defineClass(name, bytes, 0, bytes.length) : known;
          }
        };
    Class<?> type = own.loadClass(name);
    Record row = (Record) type.getDeclaredConstructor(double.class).newInstance(3.0);
    assertEquals("yes", shared.decide(row).label());
    return new WeakReference<>(type);
  }
}
