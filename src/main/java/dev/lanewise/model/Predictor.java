package dev.lanewise.model;

import dev.lanewise.data.RowReport;
import dev.lanewise.event.Events;
import dev.lanewise.kernel.WarmUp;
import dev.lanewise.metric.Temperature;
import dev.lanewise.net.Loss;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * Turns encoded rows, a network's inputs, into probabilities, values or logits, by one model or by
 * the mean of an ensemble's.
 *
 * <p>A row's results have the same bits in any batch; NaN in a row makes that row's results NaN and
 * no other's. Shares the model's weights, owns only its activations, allocates nothing per call.
 *
 * <p>One thread at a time: a second one that comes meanwhile gets an {@link IllegalStateException}
 * and disturbs nothing. For many threads there is {@link SharedPredictor}.
 */
public final class Predictor {

  /**
   * More rows than a task of the plan has, and a rest of six and four: so every form of the
   * products runs.
   */
  private static final int MADE_UP_ROWS = 58;

  private static final VarHandle BUSY;

  static {
    try {
      BUSY = MethodHandles.lookup().findVarHandle(Predictor.class, "busy", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Forward forward;
  private final Loss.Link link;
  private final Temperature temperature;
  private final int columns;
  private final int outputs;

  /** 1 while a thread has entered; accessed through {@link #BUSY}. */
  private int busy;

  /** Room for an encoded row, and its report; allocated when first needed. */
  private float[] row = {};

  private RowReport report;

  /** Logits in {@code double}; allocated when first needed. */
  private double[] scratch = {};

  /**
   * @param forward the computation
   * @param link the meaning of logits
   * @param temperature the divisor of logits before they become probabilities
   * @param columns the columns of a row
   * @param outputs the outputs of a row
   */
  Predictor(Forward forward, Loss.Link link, Temperature temperature, int columns, int outputs) {
    this.forward = forward;
    this.link = link;
    this.temperature = temperature;
    this.columns = columns;
    this.outputs = outputs;
  }

  /** {@return the columns of an encoded row} */
  public int columns() {
    return columns;
  }

  /**
   * {@return the numbers that a row's results have: one for two classes, else one for each class or
   * value}
   */
  public int outputs() {
    return outputs;
  }

  /**
   * Predicts: the probability of each class (of the second, if there are two), of each label where
   * a row may have several, or values in original units, to the nearest {@code float}: the mean e^z
   * under Poisson's loss. Probabilities are those of the logits divided by the model's temperature;
   * an ensemble's are the mean of its models' probabilities, its values the mean of their values.
   *
   * @param rows encoded rows {@code [count][columns]}, as {@link dev.lanewise.data.Encoder} makes
   *     them; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if another thread is predicting with this
   */
  public void predict(float[] rows, int count, float[] out) {
    enter();
    try {
      predictInside(rows, count, out);
    } finally {
      exit();
    }
  }

  /** As {@link #predict}, for a thread that has entered. */
  void predictInside(float[] rows, int count, float[] out) {
    check(rows, count);
    check("out", Objects.requireNonNull(out, "out").length, count, outputs);
    Events.Prediction event = Events.prediction();
    forward.predict(rows, 0, count, out);
    event.end(count, columns);
  }

  /**
   * Computes the logits that probabilities are made of, not divided by the model's temperature. For
   * values: the network's raw outputs, which are not in original units, or the logarithm of the
   * mean under Poisson's loss.
   *
   * <p>An ensemble's logits are those of its mean probabilities: ln p − ln(1 − p) of one that
   * stands by itself, ln p of classes. Its values are in original units already.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if another thread is predicting with this
   */
  public void logits(float[] rows, int count, float[] out) {
    enter();
    try {
      logitsInside(rows, count, out);
    } finally {
      exit();
    }
  }

  /** As {@link #logits}, for a thread that has entered. */
  void logitsInside(float[] rows, int count, float[] out) {
    check(rows, count);
    check("out", Objects.requireNonNull(out, "out").length, count, outputs);
    Events.Prediction event = Events.prediction();
    forward.logits(rows, 0, count, out);
    event.end(count, columns);
  }

  /**
   * Computes the probabilities of all classes in {@code double}, a column for each, also of two; or
   * of each label where a row may have several. All are computed from the logits, so that a
   * probability of 1e-30 is as accurate as its complement.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][classes]}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if this predicts values, or another thread is predicting with it
   */
  public void probabilities(float[] rows, int count, double[] out) {
    enter();
    try {
      probabilitiesInside(rows, count, out);
    } finally {
      exit();
    }
  }

  /** As {@link #probabilities}, for a thread that has entered. */
  void probabilitiesInside(float[] rows, int count, double[] out) {
    int classes = Links.classes(link, outputs);
    check(rows, count);
    check("out", Objects.requireNonNull(out, "out").length, count, classes);
    if (!givesProbabilities()) {
      throw new IllegalStateException("probabilities: this predicts values; ask for values");
    }
    Events.Prediction event = Events.prediction();
    for (int from = 0; from < count; from += Forward.ROWS) {
      int some = Math.min(Forward.ROWS, count - from);
      double[] z = scratch();
      forward.logits(rows, from * columns, some, z);
      for (int r = 0; r < some; r++) {
        probabilities(z, r * outputs, out, (from + r) * classes);
      }
    }
    event.end(count, columns);
  }

  /**
   * Predicts values in original units in {@code double}, which evaluations need: near 1e9,
   * neighbouring floats are 64 apart.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if this predicts probabilities, or another thread is predicting
   *     with it
   */
  public void values(float[] rows, int count, double[] out) {
    enter();
    try {
      valuesInside(rows, count, out);
    } finally {
      exit();
    }
  }

  /** As {@link #values}, for a thread that has entered. */
  void valuesInside(float[] rows, int count, double[] out) {
    check(rows, count);
    check("out", Objects.requireNonNull(out, "out").length, count, outputs);
    if (givesProbabilities()) {
      throw new IllegalStateException("values: this predicts probabilities; ask for them");
    }
    Events.Prediction event = Events.prediction();
    for (int from = 0; from < count; from += Forward.ROWS) {
      int some = Math.min(Forward.ROWS, count - from);
      double[] values = scratch();
      forward.values(rows, from * columns, some, values);
      System.arraycopy(values, 0, out, from * outputs, some * outputs);
    }
    event.end(count, columns);
  }

  /**
   * Predicts made-up rows, one, a few and many at a time, until the JVM has compiled the code: in a
   * fresh JVM a second or two. The predictions that follow, of this and any other predictor, are
   * fast from the first on. Without it, a model whose engine was chosen by {@code auto} begins on
   * scalar kernels and goes over by itself.
   *
   * <p>Changes nothing that can be observed. Allocates while it runs.
   *
   * @throws IllegalStateException if another thread is predicting with this
   */
  public void warmUp() {
    float[] rows = new float[Math.multiplyExact(MADE_UP_ROWS, columns)];
    float[] out = new float[Math.multiplyExact(MADE_UP_ROWS, outputs)];
    forward.goOver();
    WarmUp.repeat(
        () -> {
          predict(rows, 1, out);
          predict(rows, 3, out);
          predict(rows, MADE_UP_ROWS, out);
        });
  }

  /** {@return whether this thread has entered; it must call {@link #exit} afterwards} */
  boolean tryEnter() {
    return BUSY.compareAndSet(this, 0, 1);
  }

  /** {@return whether a thread has entered} */
  boolean isBusy() {
    return (int) BUSY.getVolatile(this) != 0;
  }

  void exit() {
    BUSY.setRelease(this, 0);
  }

  private void enter() {
    if (!tryEnter()) {
      throw new IllegalStateException(
          "this predictor is at work for another thread; expected one thread at a time: "
              + "give each a predictor of its own, or all a SharedPredictor");
    }
  }

  private boolean givesProbabilities() {
    return link == Loss.Link.SIGMOID || link == Loss.Link.SOFTMAX;
  }

  /** Computes the logits of one row, for a thread that has entered. */
  void logitsInside(float[] row, double[] z) {
    check(row, 1);
    Events.Prediction event = Events.prediction();
    forward.logits(row, 0, 1, z);
    event.end(1, columns);
  }

  /** Turns the logits of a row into probabilities; the logits are divided by the temperature. */
  void probabilities(double[] z, int at, double[] out, int outAt) {
    for (int i = at; i < at + outputs; i++) {
      z[i] /= temperature.value();
    }
    Links.probabilities(link, z, at, outputs, out, outAt);
  }

  /** {@return room for one encoded row, for a thread that has entered} */
  float[] row() {
    if (row.length == 0) {
      row = new float[columns];
    }
    return row;
  }

  /** {@return a report to fill, for a thread that has entered} */
  RowReport report() {
    if (report == null) {
      report = new RowReport();
    }
    return report;
  }

  private double[] scratch() {
    if (scratch.length == 0) {
      scratch = new double[Math.multiplyExact(Forward.ROWS, outputs)];
    }
    return scratch;
  }

  private void check(float[] rows, int count) {
    check("rows", rows, count, columns);
  }

  /** Refuses a negative number of rows, and an array that is too short for them. */
  static void check(String name, float[] rows, int count, int columns) {
    Objects.requireNonNull(rows, name);
    if (count < 0) {
      throw new IllegalArgumentException("count: %d; expected at least 0".formatted(count));
    }
    check(name, rows.length, count, columns);
  }

  static void check(String name, int length, int count, int columns) {
    if (length < (long) count * columns) {
      throw new IllegalArgumentException(
          "%s: length %d; expected at least %d, %d rows of %d"
              .formatted(name, length, (long) count * columns, count, columns));
    }
  }
}
