package dev.lanewise.learn;

import dev.lanewise.data.Augmentation;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Split;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A training from a table that the caller drives: encoded rows, the recipe for them, and the {@link
 * Training} itself.
 *
 * <pre>{@code
 * try (Run run = learner.begin(table)) {
 *   for (Epoch epoch : run) {
 *     log(epoch);
 *   }
 *   Learned learned = run.finish();
 * }
 * }</pre>
 *
 * <p>For one thread at a time. Iterating ends at an interrupt of the thread, as {@link Training}'s
 * does, and can be continued. A closed run cannot.
 */
public final class Run implements Iterable<Epoch>, AutoCloseable {

  private final Learner learner;
  private final Source source;
  private final Sets sets;
  private final ExampleSet rows;
  private final Recipe recipe;

  /** Begins a run whose dev rows are training rows. */
  private final Supplier<Run> onAllRows;

  /** What was changed of the learner's recipe. */
  private final UnaryOperator<Recipe> changes;

  private final List<Epoch> epochs = new ArrayList<>();

  /** Null until it is asked for. */
  private Training training;

  private boolean closed;

  /** A run on rows in memory. */
  Run(Learner learner, Source source, Sets sets, Dataset rows, long seed) {
    this(learner, source, sets, rows, seed, () -> learner.beginOnAll(source, sets.split(), seed));
  }

  Run(
      Learner learner,
      Source source,
      Sets sets,
      ExampleSet rows,
      long seed,
      Supplier<Run> onAllRows) {
    this(
        learner,
        source,
        sets,
        rows,
        learner.recipe(sets, rows.rows(), seed),
        onAllRows,
        UnaryOperator.identity());
  }

  private Run(
      Learner learner,
      Source source,
      Sets sets,
      ExampleSet rows,
      Recipe recipe,
      Supplier<Run> onAllRows,
      UnaryOperator<Recipe> changes) {
    this.learner = learner;
    this.source = source;
    this.sets = sets;
    this.rows = rows;
    this.recipe = recipe;
    this.onAllRows = onAllRows;
    this.changes = changes;
  }

  /** Refuses to fit on dev rows what they cannot tell. */
  void checkFitted() {
    Target target = encoder().target();
    String fitted = learner.calibrates ? "temperature" : "threshold";
    boolean fits = learner.calibrates || learner.measure.isPresent();
    if (fits && !(target instanceof Target.Classes)) {
      throw new IllegalArgumentException(
          "%s: values are predicted; expected classes".formatted(fitted));
    }
    if (fits && dev().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no dev rows; expected some to fit it on".formatted(fitted));
    }
    if (learner.measure.isPresent() && target.outputs() != 1) {
      throw new IllegalArgumentException(
          "threshold: %d classes; expected 2".formatted(target.outputs()));
    }
  }

  /**
   * {@return this run, not yet begun, with another recipe}
   *
   * @param change makes another recipe of this one's
   * @throws IllegalStateException if the training has begun, or this run is closed
   */
  public Run withRecipe(UnaryOperator<Recipe> change) {
    Objects.requireNonNull(change, "change");
    requireNotBegun();
    Recipe changed = change.apply(recipe);
    if (changed == null) {
      throw new NullPointerException("change: gave null; expected a recipe");
    }
    UnaryOperator<Recipe> both = r -> change.apply(changes.apply(r));
    return new Run(learner, source, sets, rows, changed, onAllRows, both);
  }

  /**
   * {@return a run, not yet begun, whose training rows are this one's training and dev rows: the
   * encoder is fitted on all of them, and the learner's recipe and what was changed of it are for
   * them} Test rows stay what they are.
   */
  Run onAllRows() {
    return onAllRows.get().withRecipe(changes);
  }

  /**
   * {@return a run of another learner, not yet begun, on this run's encoded rows, which both share;
   * empty if that learner would divide, encode or weigh them otherwise} Many trainings on one table
   * encode it once so. Of rows in memory only; this run may have begun, or be closed.
   *
   * @param other the learner
   */
  public Optional<Run> sharedBy(Learner other) {
    Objects.requireNonNull(other, "other");
    return rows instanceof Dataset inMemory && learner.encodesAs(other, split())
        ? Optional.of(new Run(other, source, sets, inMemory, other.seed))
        : Optional.empty();
  }

  /** {@return the encoder, fitted on the training rows} */
  public Encoder encoder() {
    return sets.encoder();
  }

  /** {@return the training, dev and test rows of the source} */
  public Split split() {
    return sets.split();
  }

  /** {@return the encoded training rows in memory; of a stream those that it begins with} */
  public Dataset train() {
    return sets.train();
  }

  /** {@return the encoded dev rows, if there are any} */
  public Optional<Dataset> dev() {
    return sets.dev();
  }

  /** {@return the encoded test rows, if there are any} */
  public Optional<Dataset> test() {
    return sets.test();
  }

  /** {@return the recipe} */
  public Recipe recipe() {
    return recipe;
  }

  /** {@return the engine} */
  public Engine engine() {
    return learner.engine();
  }

  /** {@return the training rows, with the dev rows and the metric that epochs are evaluated by} */
  public TrainingData data() {
    return data(rows);
  }

  /** {@return the training rows as they were encoded and weighted, in memory or streamed} */
  ExampleSet rows() {
    return rows;
  }

  /** {@return given training rows, with the dev rows and the metric} */
  TrainingData data(ExampleSet training) {
    TrainingData data = TrainingData.of(mixable(training));
    return sets.dev().isEmpty()
        ? data
        : data.withDev(sets.dev().get()).withMetric(learner.metric(encoder().target()));
  }

  /** Rows that are mixed need a column of targets for each class. */
  private ExampleSet mixable(ExampleSet training) {
    boolean mixes = recipe.augmentations().stream().anyMatch(Augmentation.Mixup.class::isInstance);
    boolean severalClasses =
        encoder().target() instanceof Target.Classes && encoder().target().outputs() > 1;
    if (!mixes || !severalClasses) {
      return training;
    }
    if (!(training instanceof Dataset inMemory)) {
      throw new IllegalArgumentException(
          "augmentations: %d classes of a stream cannot be mixed; expected rows in memory"
              .formatted(encoder().target().outputs()));
    }
    return inMemory.oneHot(encoder().target().outputs());
  }

  /**
   * {@return the training, which begins with parameters drawn by the recipe's seed unless {@link
   * #use} has given one}
   *
   * @throws IllegalArgumentException if recipe and rows do not fit each other, or there are no dev
   *     rows to fit the temperature or the threshold on
   * @throws IllegalStateException if this run is closed
   */
  public Training training() {
    requireOpen();
    if (training == null) {
      checkFitted();
      training = Training.start(recipe, data(), learner.engine());
    }
    return training;
  }

  /**
   * Uses a training that was begun otherwise: with given parameters, or resumed from a checkpoint.
   *
   * @param begun a training by {@link #recipe} on {@link #data}
   * @throws IllegalArgumentException if its recipe or its data are others, but for the number of
   *     epochs, or there are no dev rows to fit the temperature or the threshold on
   * @throws IllegalStateException if this run's training has begun, or this run is closed
   */
  public void use(Training begun) {
    Objects.requireNonNull(begun, "begun");
    requireNotBegun();
    checkFitted();
    begun
        .difference(recipe, data())
        .ifPresent(
            what -> {
              throw new IllegalArgumentException("begun: " + what);
            });
    training = begun;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this run is closed; expected one that is open");
    }
  }

  void requireNotBegun() {
    requireOpen();
    if (training != null) {
      throw new IllegalStateException("the training has begun; expected a run before that");
    }
  }

  /**
   * {@return the epochs that are left, each trained when it is asked for and noted}
   *
   * @throws IllegalStateException if this run is closed; so do iterators that it gave before
   */
  @Override
  public Iterator<Epoch> iterator() {
    Iterator<Epoch> left = training().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        requireOpen();
        return left.hasNext();
      }

      @Override
      public Epoch next() {
        requireOpen();
        Epoch epoch = left.next();
        epochs.add(epoch);
        return epoch;
      }
    };
  }

  /**
   * Does one step, as {@link Training#step} does, and notes the epoch that it ends: for who does
   * more between steps than {@link #iterator} leaves room for.
   *
   * @return the epoch, if the step was its last
   * @throws IllegalStateException if the training is finished, or this run is closed
   */
  public Optional<Epoch> step() {
    Optional<Epoch> ended = training().step();
    ended.ifPresent(epochs::add);
    return ended;
  }

  /**
   * {@return the result so far as a model that knows its source and recipe, with temperature and
   * threshold fitted on the dev rows if the learner says so} Test rows are not looked at.
   *
   * @throws ArithmeticException if the training has diverged in its last epoch, so that what is
   *     fitted is not finite
   * @throws IllegalStateException if this run is closed
   */
  public Model model() {
    return (Model) fitted(reached(training(), recipe));
  }

  /**
   * Ends the training and evaluates its result. Only here are the test rows predicted.
   *
   * @return the model with its scores
   * @throws ArithmeticException if the training has diverged in its last epoch, so that predictions
   *     are not finite
   * @throws UncheckedIOException if streamed rows cannot be read
   * @throws IllegalStateException if this run is closed
   */
  public Learned finish() {
    Model model = model();
    int epoch = training().bestEpoch();
    return new Learned(model, judged(model, epoch), epochs, epoch, sets.split());
  }

  /** {@return what a training on these rows has reached, saying of which data and recipe it is} */
  Model reached(Training of, Recipe its) {
    Model model = of.model();
    return model.withProvenance(
        model.provenance().with("data", source.name()).with("recipe", text(its)));
  }

  /** {@return the groups of the training rows in memory, if rows have groups} */
  Optional<int[]> groups() {
    return source
        .groups(learner.roles)
        .map(all -> Arrays.stream(sets.split().train()).map(row -> all[row]).toArray());
  }

  /**
   * {@return the evaluations of a model of these rows by the names of the sets}
   *
   * @param epoch the epoch that it is from
   */
  Map<String, Evaluation> judged(TrainedModel model, int epoch) {
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    evaluations.put("train", judged("train", epoch, () -> ofTraining(model)));
    if (sets.dev().isPresent()) {
      evaluations.put("dev", judged("dev", epoch, () -> model.evaluate(sets.dev().get())));
    }
    if (sets.test().isPresent()) {
      evaluations.put("test", judged("test", epoch, () -> model.evaluate(sets.test().get())));
    }
    return evaluations;
  }

  /** Numbers that leave the finite ones in the last epoch are no fault of the row they show in. */
  static Evaluation judged(String set, int epoch, Supplier<Evaluation> evaluation) {
    try {
      return evaluation.get();
    } catch (ArithmeticException e) {
      ArithmeticException told =
          new ArithmeticException(
              "the model of epoch %d has no finite %s loss: its training has diverged"
                  .formatted(epoch, set));
      told.initCause(e);
      throw told;
    }
  }

  /** {@return a recipe but for the optimiser, in one line} */
  static String text(Recipe recipe) {
    return recipe.toString().lines().skip(1).collect(Collectors.joining("; "));
  }

  private Evaluation ofTraining(TrainedModel model) {
    if (!(rows instanceof StreamedRows streamed)) {
      return model.evaluate(sets.train());
    }
    try {
      return model.evaluate(streamed.source());
    } catch (IOException e) {
      throw new UncheckedIOException(streamed.source().name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * {@return a model with the temperature and the threshold that the learner wants, fitted on the
   * dev rows, if there are any}
   */
  TrainedModel fitted(TrainedModel model) {
    boolean tempers =
        learner.tempers
            && !learner.calibrates
            && sets.dev().isPresent()
            && encoder().target() instanceof Target.Classes;
    if (!tempers && !learner.calibrates && learner.measure.isEmpty()) {
      return model;
    }
    Dataset dev = sets.dev().orElseThrow();
    int outputs = model.outputs();
    float[] logits = new float[Math.multiplyExact(dev.rows(), outputs)];
    model.predictor().logits(dev.features(), dev.rows(), logits);
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new ArithmeticException(
            "the model gives %s for dev rows: its training has diverged".formatted(logit));
      }
    }
    TrainedModel fitted = model;
    if (learner.calibrates) {
      fitted = model.withTemperature(Temperature.fit(logits, outputs, dev.targets(), dev.rows()));
    } else if (tempers) {
      fitted =
          model.withTemperature(
              Temperature.fitCautiously(logits, outputs, dev.targets(), dev.rows()));
    }
    if (learner.measure.isEmpty()) {
      return fitted;
    }
    double[] both = fitted.temperature().probabilities(logits, outputs, dev.rows());
    double[] second = new double[dev.rows()];
    for (int r = 0; r < second.length; r++) {
      second[r] = both[2 * r + 1];
    }
    return fitted.withThreshold(
        Threshold.fit(second, dev.targets(), dev.rows(), learner.measure.get()));
  }

  /**
   * Closes the reader of an unfinished streamed epoch, and this run: it neither trains nor finishes
   * any more, but its rows, split and recipe can still be asked for.
   */
  @Override
  public void close() {
    closed = true;
    if (training != null) {
      training.close();
    }
  }
}
