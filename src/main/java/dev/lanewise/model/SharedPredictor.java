package dev.lanewise.model;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowEncoder;
import dev.lanewise.event.Events;
import dev.lanewise.kernel.WarmUp;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Predictions of one model for any number of threads at once, platform or virtual: a pool of {@link
 * Predictor}s, of which each call takes one and gives it back.
 *
 * <p>The pool makes predictors as they are needed, at most twice as many as the JVM has processors
 * when this is made, and at least {@value #LEAST}; it keeps them. A call that finds all of them
 * busy waits for one without using a processor; an interrupt does not end the wait, and the thread
 * stays interrupted. There are no thread-locals, so a thread that ends leaves nothing behind. Once
 * all predictors are there, calls with arrays allocate nothing, and {@code decide} no more than its
 * answer.
 *
 * <p>To replace a model while threads use it, keep this in an {@link
 * java.util.concurrent.atomic.AtomicReference}, which each call reads once:
 *
 * <pre>{@code
 * AtomicReference<SharedPredictor> served = new AtomicReference<>(model.shared());
 * Decision decision = served.get().decide(values);              // any thread, any time
 * served.set(TrainedModel.load(file).forServing().shared());    // another model from here on
 * }</pre>
 *
 * <p>Calls under way end with the model that they began with, and the last of them leaves it to the
 * garbage collector.
 */
public final class SharedPredictor {

  /** The least number of predictors that a pool may have. */
  public static final int LEAST = 4;

  private final TrainedModel model;
  private final AtomicReferenceArray<Predictor> predictors;
  private final Object returned = new Object();

  /** The encoders of record types, which go when their type does. */
  private final ClassValue<RowEncoder<?>> ofRecords =
      new ClassValue<>() {
        @Override
        protected RowEncoder<?> computeValue(Class<?> type) {
          return encoder().forRecords(type.asSubclass(Record.class));
        }
      };

  /** An encoder other than the model's object that equals it; null until one was met. */
  private volatile Encoder equal;

  /** The threads that wait for a predictor; written under the lock. */
  private volatile int waiting;

  SharedPredictor(TrainedModel model) {
    this.model = model;
    int most = Math.max(LEAST, 2 * Runtime.getRuntime().availableProcessors());
    predictors = new AtomicReferenceArray<>(most);
  }

  /** {@return the model that predicts} */
  public TrainedModel model() {
    return model;
  }

  /**
   * Predicts as {@link Predictor#predict} does.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   */
  public void predict(float[] rows, int count, float[] out) {
    Predictor predictor = take();
    try {
      predictor.predictInside(rows, count, out);
    } finally {
      giveBack(predictor);
    }
  }

  /**
   * Computes logits as {@link Predictor#logits} does.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}; another array than {@code rows}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   */
  public void logits(float[] rows, int count, float[] out) {
    Predictor predictor = take();
    try {
      predictor.logitsInside(rows, count, out);
    } finally {
      giveBack(predictor);
    }
  }

  /**
   * Computes probabilities as {@link Predictor#probabilities} does.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][classes]}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if the model predicts values
   */
  public void probabilities(float[] rows, int count, double[] out) {
    Predictor predictor = take();
    try {
      predictor.probabilitiesInside(rows, count, out);
    } finally {
      giveBack(predictor);
    }
  }

  /**
   * Predicts values as {@link Predictor#values} does.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][outputs]}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if the model predicts probabilities
   */
  public void values(float[] rows, int count, double[] out) {
    Predictor predictor = take();
    try {
      predictor.valuesInside(rows, count, out);
    } finally {
      giveBack(predictor);
    }
  }

  /**
   * Decides on one row.
   *
   * @param row numbers, booleans, texts, enum constants or dates, or null for missing, each the
   *     component of its column's name, as {@link Encoder#forRecords(Class)} takes them; the type
   *     is looked at once
   * @return the label or the values, and what the row lacked
   * @throws dev.lanewise.data.DataException if a component is no column or a value is not what it
   *     should be
   * @throws IllegalArgumentException if the record's type is not open to this library: give {@link
   *     #decide(Object, RowEncoder)} an encoder that has been given a lookup
   * @throws IllegalStateException if the model has no encoder
   */
  public Decision decide(Record row) {
    Class<? extends Record> type = Objects.requireNonNull(row, "row").getClass();
    @SuppressWarnings("unchecked") // under a type stands what encodes its records
    RowEncoder<Record> rows = (RowEncoder<Record>) ofRecords.get(type);
    return decide(row, rows);
  }

  /**
   * Decides on one row.
   *
   * @param values numbers, texts, booleans or dates by the name of their column, or null for
   *     missing, as {@link Encoder#encode(Map)} takes them
   * @return the label or the values, and what the row lacked
   * @throws dev.lanewise.data.DataException if there is no such column or a value is not what it
   *     should be
   * @throws IllegalStateException if the model has no encoder
   */
  public Decision decide(Map<String, ?> values) {
    Objects.requireNonNull(values, "values");
    return decide(values, encoder().forMaps());
  }

  /**
   * Decides on one row.
   *
   * @param values a value for each column of the training table but the labels, or null for
   *     missing, as {@link Encoder#encode(List)} takes them
   * @return the label or the values, and what the row lacked
   * @throws dev.lanewise.data.DataException if there are more or fewer values, or one is not what
   *     it should be
   * @throws IllegalStateException if the model has no encoder
   */
  public Decision decide(List<?> values) {
    Object[] array = Objects.requireNonNull(values, "values").toArray();
    return decide(array, encoder().forValues());
  }

  /**
   * Decides on one row by a given encoder, such as one for records that only the caller can access.
   *
   * @param row the raw row
   * @param rows what encodes it, made by this model's encoder or one that equals it
   * @param <R> the type of the row
   * @return the label or the values, and what the row lacked
   * @throws dev.lanewise.data.DataException if a value is not what it should be
   * @throws IllegalArgumentException if {@code rows} belongs to an encoder that does not equal the
   *     model's, such as that of the model before
   * @throws IllegalStateException if the model has no encoder
   */
  public <R> Decision decide(R row, RowEncoder<R> rows) {
    Objects.requireNonNull(row, "row");
    Objects.requireNonNull(rows, "rows");
    Encoder encoder = encoder();
    if (rows.encoder() != encoder && rows.encoder() != equal) {
      Encoders.requireSame("rows", rows.encoder(), encoder);
      equal = rows.encoder();
    }
    Predictor predictor = take();
    try {
      return Decision.of(predictor, row, rows, encoder.target(), model.threshold());
    } finally {
      giveBack(predictor);
    }
  }

  private Encoder encoder() {
    return model
        .encoder()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this model has no encoder; expected one that turns values into a row"));
  }

  /**
   * Creates all predictors of the pool and predicts with one of them until the JVM has compiled the
   * code, as {@link Predictor#warmUp} does; a model with an encoder of a table also decides on
   * rows.
   */
  public void warmUp() {
    for (int i = 0; i < predictors.length(); i++) {
      if (predictors.get(i) == null) {
        add(i);
      }
    }
    model.predictor().warmUp();
    model
        .encoder()
        .filter(encoder -> !(encoder.columns().getFirst() instanceof Column.Pixels))
        .ifPresent(
            encoder -> {
              Object[] row = usualRow(encoder);
              RowEncoder<Object[]> rows = encoder.forValues();
              WarmUp.repeat(() -> decide(row, rows));
            });
  }

  /** A row of what training rows had in the middle. */
  private static Object[] usualRow(Encoder encoder) {
    return encoder.columns().stream()
        .filter(column -> !(column instanceof Column.Label))
        .map(
            column ->
                switch (column) {
                  case Column.Numeric numeric -> numeric.median();
                  case Column.Date date -> date.median();
                  case Column.Bool bool -> bool.usual();
                  case Column.Categorical categorical ->
                      categorical.categories().stream().findFirst().orElse(null);
                  case Column.Ignored ignored -> null;
                  case Column.Label label -> null;
                  case Column.Pixels pixels -> null;
                })
        .toArray();
  }

  /** {@return a predictor that this thread has entered} */
  private Predictor take() {
    Predictor free = tryTake();
    return free == null ? await() : free;
  }

  /**
   * {@return a predictor that this thread has entered, or null if all are busy} A thread usually
   * begins to search where it found one the last time, whose data may still be in its cache.
   */
  private Predictor tryTake() {
    int count = predictors.length();
    int at = (int) (Thread.currentThread().threadId() % count);
    for (int i = 0; i < count; i++) {
      Predictor predictor = predictors.get(at);
      if (predictor == null) {
        add(at);
        predictor = predictors.get(at);
      }
      if (!predictor.isBusy() && predictor.tryEnter()) {
        return predictor;
      }
      at = at + 1 == count ? 0 : at + 1;
    }
    return null;
  }

  /** Fills a place of the pool, unless another thread has just done so. */
  private void add(int at) {
    if (predictors.compareAndSet(at, null, model.predictor()) && Events.recordsPredictors()) {
      int made = 0;
      for (int i = 0; i < predictors.length(); i++) {
        made += predictors.get(i) == null ? 0 : 1;
      }
      Events.predictorAdded(model.parametersSha256(), made);
    }
  }

  private Predictor await() {
    boolean interrupted = false;
    synchronized (returned) {
      waiting++;
      try {
        while (true) {
          // Searches again after announcing that it waits, because a thread that gives one back
          // looks for waiting threads afterwards.
          Predictor free = tryTake();
          if (free != null) {
            return free;
          }
          try {
            returned.wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } finally {
        waiting--;
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private void giveBack(Predictor predictor) {
    predictor.exit();
    VarHandle.fullFence();
    if (waiting > 0) {
      synchronized (returned) {
        returned.notify();
      }
    }
  }
}
