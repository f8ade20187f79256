package dev.lanewise.train;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.kernel.Engine;
import dev.lanewise.kernel.WarmUp;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Updater;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A training under way: owns the parameters, the compiled plan, the optimiser's state and the place
 * in the epochs. The caller drives it, by steps or by epochs, and may stop, change the rate or save
 * it between any two steps.
 *
 * <p>A function of recipe, data and initial parameters: the bits do not depend on the engine, nor
 * on whether it was saved and resumed in between. A step allocates nothing. For one thread at a
 * time; starts no thread and prints nothing. {@link #close} is needed only where a training on a
 * stream is left within an epoch.
 */
public final class Training implements Iterable<Epoch>, AutoCloseable {

  private static final long STEP = CounterRandom.stream("step");

  private final Recipe recipe;
  private final TrainingData data;
  private final Engine engine;
  private final Network network;
  private final TrainingPlan plan;
  private final Updater updater;
  private final Batches batches;
  private final Optional<DevEvaluation> dev;
  private final float[] theta;
  private final float[] gradient;

  /** Null without a stop rule. */
  private final BestEpoch best;

  /** Null without a plateau rule. */
  private final PlateauWatch plateau;

  /** Null without averaging. */
  private final Average average;

  /** Null unless asked for. */
  private Observer observer;

  /* Where to go back to: the end of the last epoch, or the place of a resume after it. */
  private final float[] keptTheta;
  private final Updater keptUpdater;
  private Checkpoint.Progress keptProgress;

  private int epoch;
  private int position;
  private double lossSum;
  private double stepLoss;
  private double penalty;
  private long began;

  private Training(Recipe recipe, TrainingData data, float[] initial, Engine engine) {
    this.recipe = recipe;
    this.data = data;
    this.engine = engine;
    data.checkFits(recipe.network());
    data.checkMixes(recipe);
    StopRule rule = recipe.stopRule();
    if (rule.active()) {
      checkWatched("stopRule", rule.patience(), rule.watch(), data);
    }
    recipe.plateau().ifPresent(p -> checkWatched("plateau", p.patience(), p.watch(), data));
    ExampleSet rows = data.training();
    network = recipe.network().resolve(rows.rows());
    batches =
        Batches.of(
            rows,
            recipe.batchSize(),
            recipe.seed(),
            network.normalizesBatches(),
            recipe.augmentations());
    plan = TrainingPlan.compile(network, batches.maxRows(), recipe.microBatch(), engine);
    int size = plan.layout().size();
    if (initial.length != size) {
      throw new IllegalArgumentException(
          "initial: %d floats; expected the layout's %d".formatted(initial.length, size));
    }
    theta = initial.clone();
    gradient = new float[size];
    updater = Updater.compile(recipe.optimizer(), plan);
    dev = data.dev().map(d -> new DevEvaluation(network, d, data.metric(), theta, engine));
    best =
        recipe.stopRule().active() ? new BestEpoch(theta, recipe.stopRule().minimumDelta()) : null;
    plateau = recipe.plateau().map(PlateauWatch::new).orElse(null);
    average =
        recipe
            .averaging()
            .map(form -> new Average(form, theta, engine.kernels(), plan.team()))
            .orElse(null);
    keptTheta = new float[size];
    keptUpdater = Updater.compile(recipe.optimizer(), plan);
    keep();
  }

  private static void checkWatched(
      String rule, int patience, StopRule.Watch watch, TrainingData data) {
    boolean there =
        switch (watch) {
          case DEV_LOSS -> data.dev().isPresent();
          case DEV_METRIC -> data.metric().isPresent();
        };
    if (!there) {
      throw new IllegalArgumentException(
          "%s: patience %d watches %s; expected data with %s"
              .formatted(
                  rule,
                  patience,
                  watch,
                  watch == StopRule.Watch.DEV_LOSS ? "dev rows" : "dev rows and a metric"));
    }
  }

  /**
   * {@return a training at its beginning, with parameters drawn by the recipe's seed}
   *
   * @param recipe how to train
   * @param data what to train on
   * @param engine what computes
   * @throws IllegalArgumentException if data, recipe and network do not fit each other
   */
  public static Training start(Recipe recipe, TrainingData data, Engine engine) {
    return start(recipe, data, recipe.network().initialParameters(recipe.seed()), engine);
  }

  /**
   * {@return a training at its beginning, with given parameters}
   *
   * @param recipe how to train
   * @param data what to train on
   * @param initial the first parameters, of the network's layout; copied
   * @param engine what computes
   * @throws IllegalArgumentException if data, recipe, network and parameters do not fit each other
   */
  public static Training start(Recipe recipe, TrainingData data, float[] initial, Engine engine) {
    return new Training(recipe, data, initial, engine);
  }

  /**
   * {@return a training as it was saved; it goes on with the same bits as if it had never stopped}
   *
   * @param checkpoint a file that {@link #save} wrote
   * @param recipe the recipe of then; only the number of epochs may be another
   * @param data the data of then
   * @param engine what computes; may be another
   * @throws IOException if the file cannot be read, is damaged, or belongs to another recipe or to
   *     data of another shape; the message names which
   * @throws IllegalArgumentException as {@link #start}
   */
  public static Training resume(Path checkpoint, Recipe recipe, TrainingData data, Engine engine)
      throws IOException {
    Training training =
        new Training(recipe, data, new float[recipe.network().layout().size()], engine);
    Checkpoint saved =
        Checkpoint.read(
            checkpoint,
            training.plan.layout(),
            training.identity(),
            training.batches.count(),
            training.best != null);
    try {
      training.restore(saved);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(checkpoint, e.getMessage()), e);
    }
    return training;
  }

  private void restore(Checkpoint saved) {
    updater.restore(saved.updater());
    System.arraycopy(saved.parameters(), 0, theta, 0, theta.length);
    goTo(saved.progress());
    if (best != null) {
      best.restore(saved.best(), saved.bestScore(), saved.bestEpoch());
    }
    if (plateau != null) {
      plateau.restore(saved.plateau());
    }
    if (average != null) {
      average.restore(saved.average());
    }
    keep();
    if (position > 0) {
      batches.start(epoch);
      began = System.nanoTime();
    }
  }

  /**
   * Saves all that {@link #resume} needs, also in the middle of an epoch. The file is replaced
   * whole or not at all.
   *
   * @param checkpoint the file
   * @throws IOException if it cannot be written
   */
  public void save(Path checkpoint) throws IOException {
    new Checkpoint(
            theta,
            updater.state(),
            progress(),
            best == null ? null : best.parameters,
            best == null ? 0 : best.score,
            best == null ? 0 : best.number,
            plateau == null ? null : plateau.state(),
            average == null ? null : average.parameters)
        .write(checkpoint, plan.layout(), identity());
  }

  private Checkpoint.Progress progress() {
    return new Checkpoint.Progress(epoch, position, lossSum, penalty);
  }

  private void goTo(Checkpoint.Progress progress) {
    epoch = progress.epoch();
    position = progress.position();
    lossSum = progress.lossSum();
    penalty = progress.penalty();
  }

  /** {@return what a checkpoint and a training must have in common, as text by name} */
  private Map<String, String> identity() {
    Network described = recipe.network();
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put(
        "network",
        "%d inputs, %s, %s".formatted(described.inputs(), described.layers(), described.loss()));
    identity.put("optimizer", recipe.optimizer().toString());
    identity.put("batchSize", Integer.toString(recipe.batchSize()));
    identity.put("microBatch", Integer.toString(recipe.microBatch()));
    identity.put("seed", Long.toString(recipe.seed()));
    identity.put("stopRule", recipe.stopRule().toString());
    identity.put("plateau", recipe.plateau().map(Plateau::toString).orElse("none"));
    identity.put("averaging", recipe.averaging().map(Averaging::toString).orElse("none"));
    identity.put("augmentations", recipe.augmentations().toString());
    identity.put("training", data.training().toString());
    identity.put("weights", weights(data.training()));
    identity.put("dev", data.dev().map(Dataset::toString).orElse("none"));
    identity.put("metric", data.metric().map(DevMetric::name).orElse("none"));
    return identity;
  }

  private static String weights(ExampleSet rows) {
    return rows instanceof Dataset inMemory && inMemory.weights() != null
        ? "hash %08x".formatted(Arrays.hashCode(inMemory.weights()))
        : "none";
  }

  /** {@return whether the epochs are over or the stop rule has ended them} */
  public boolean finished() {
    return epoch >= recipe.epochs()
        || (best != null && position == 0 && epoch - best.number >= recipe.stopRule().patience());
  }

  /**
   * Does one step: the gradient of the next batch and the update.
   *
   * @return the epoch, if the step was its last
   * @throws IllegalStateException if the training is finished
   * @throws DivergedException if the loss, or after an epoch a parameter, is NaN or infinite; the
   *     training stands where its last epoch ended then, or where it was resumed after that
   * @throws java.io.UncheckedIOException if a streamed row cannot be read; the message names the
   *     source. The training stands where it stood and can be saved, or go on if the source can
   */
  public Optional<Epoch> step() {
    if (finished()) {
      throw new IllegalStateException("the training is finished, after epoch %d".formatted(epoch));
    }
    if (position == 0) {
      began = System.nanoTime();
      batches.start(epoch);
      lossSum = 0;
      penalty = plan.penalty(theta);
    }
    Batch batch = batches.get(position);
    boolean observed = observer != null && position == batches.count() - 1;
    if (observed) {
      observer.begin(theta, stepKey());
    }
    double loss = descend(batch);
    stepLoss = loss;
    lossSum += loss * batch.rows();
    position++;
    if (position < batches.count()) {
      return Optional.empty();
    }
    if (!finite(theta)) {
      throw diverged(batch, updater.step(), loss);
    }
    if (observed) {
      observer.end(theta, gradient, batch, epoch + 1);
    }
    return Optional.of(endEpoch());
  }

  /**
   * Does steps of a copy of this training, until the JVM has compiled what a step takes: in a fresh
   * JVM a second or two. The steps that follow are fast from the first on.
   *
   * <p>Changes nothing of the training: the copy has parameters and optimiser state of its own, as
   * much memory again while this runs, and no dev rows to evaluate. It borrows the engine's
   * threads. If the copy diverges, that is the end of the warm-up. The clock of an epoch under way
   * goes on.
   */
  public void warmUp() {
    try (Training copy = copy()) {
      WarmUp.repeat(copy::step);
    } catch (DivergedException e) {
      // This training may yet take another way; if not, it says so itself.
    }
  }

  /** {@return an endless training that begins with this one's parameters and judges no epoch} */
  Training copy() {
    return new Training(recipe.unwatched(), TrainingData.of(data.training()), theta, engine);
  }

  /** One gradient and one update, by the same team of threads; {@return the loss} */
  private double descend(Batch batch) {
    plan.team().open();
    try {
      double loss = plan.gradients(theta, batch, stepKey(), gradient);
      if (!Double.isFinite(loss)) {
        throw diverged(batch, updater.step() + 1, loss);
      }
      updater.update(theta, gradient, epoch);
      if (average != null) {
        average.afterStep(theta, updater.step());
      }
      return loss;
    } finally {
      plan.team().close();
    }
  }

  private long stepKey() {
    return CounterRandom.key(recipe.seed(), STEP, updater.step());
  }

  private Epoch endEpoch() {
    double rate = updater.lastRate();
    double loss = lossSum / data.training().rows();
    epoch++;
    position = 0;
    if (average != null) {
      average.afterEpoch(theta, epoch);
    }
    OptionalDouble devLoss = OptionalDouble.empty();
    OptionalDouble devMetric = OptionalDouble.empty();
    if (dev.isPresent()) {
      DevEvaluation.Result result = dev.get().evaluate(reached());
      devLoss = OptionalDouble.of(result.loss());
      devMetric = result.metric();
      if (best != null) {
        best.offer(watched(recipe.stopRule().watch(), result), reached(), epoch);
      }
      if (plateau != null) {
        StopRule.Watch watch = recipe.plateau().orElseThrow().watch();
        plateau.offer(watched(watch, result), updater, epoch);
      }
    }
    keep();
    double seconds = (System.nanoTime() - began) * 1e-9;
    return new Epoch(epoch, rate, loss, loss + penalty, devLoss, devMetric, seconds);
  }

  /** {@return what training has come to, which is what epochs are judged by: θ or the average} */
  private float[] reached() {
    return average == null ? theta : average.parameters;
  }

  private float[] result() {
    return best == null ? reached() : best.parameters;
  }

  /** {@return the watched score, turned so that smaller is better} */
  private double watched(StopRule.Watch watch, DevEvaluation.Result result) {
    if (watch == StopRule.Watch.DEV_LOSS) {
      return result.loss();
    }
    double score = result.metric().orElseThrow();
    return data.metric().orElseThrow().largerIsBetter() ? -score : score;
  }

  /** Remembers this place as the one to go back to. */
  private void keep() {
    System.arraycopy(theta, 0, keptTheta, 0, theta.length);
    keptUpdater.restore(updater);
    if (average != null) {
      average.keep();
    }
    keptProgress = progress();
  }

  /** Replays a step to name the layer, then goes back. */
  private DivergedException diverged(Batch batch, long step, double loss) {
    String place =
        plan.firstNonFinite(theta, batch, stepKey()).orElse("all is finite as far as the scores");
    System.arraycopy(keptTheta, 0, theta, 0, theta.length);
    updater.restore(keptUpdater);
    if (average != null) {
      average.goBack();
    }
    int failed = epoch + 1;
    goTo(keptProgress);
    return new DivergedException(step, failed, loss, place);
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Does the steps that the current epoch still lacks.
   *
   * @return the epoch
   * @throws IllegalStateException if the training is finished
   * @throws DivergedException as {@link #step}
   */
  public Epoch finishEpoch() {
    while (true) {
      Optional<Epoch> done = step();
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  /**
   * {@return the epochs that are left, each trained when it is asked for; all iterators share this
   * training's place}
   */
  @Override
  public Iterator<Epoch> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !finished();
      }

      @Override
      public Epoch next() {
        if (finished()) {
          throw new NoSuchElementException("the training is finished");
        }
        return finishEpoch();
      }
    };
  }

  /**
   * Changes the learning rate from the next step on; it takes the place of the schedule and is part
   * of checkpoints.
   *
   * @param rate the rate, above 0
   * @throws IllegalArgumentException if the rate is not above 0
   */
  public void changeRate(double rate) {
    updater.changeRate(rate);
  }

  /**
   * {@return a copy of the result so far: with a stop rule the parameters of the best epoch, else
   * the latest; under averaging, the average as it was or is then}
   */
  public float[] parameters() {
    return result().clone();
  }

  /** {@return the penalties' part of the cost of {@link #parameters}} */
  public double penalty() {
    return plan.penalty(result());
  }

  /** {@return a copy of the latest parameters, which the next step starts from} */
  public float[] latestParameters() {
    return theta.clone();
  }

  /**
   * {@return the number of the epoch whose end {@link #parameters} are from; 0 for the initial
   * ones}
   */
  public int bestEpoch() {
    return best == null ? epoch : best.number;
  }

  /** {@return the number of epochs completed} */
  public int epochs() {
    return epoch;
  }

  /** {@return the number of steps done} */
  public long steps() {
    return updater.step();
  }

  /** {@return the network, its per-example penalties resolved} */
  public Network network() {
    return network;
  }

  /**
   * Closes what a streamed epoch under way holds open. The training can go on nevertheless; the
   * stream is then read again from the epoch's beginning.
   */
  @Override
  public void close() {
    batches.close();
  }

  /** {@return the loss of the latest step's batch, before its update} */
  double stepLoss() {
    return stepLoss;
  }

  /**
   * Has the last step of each epoch observed, from now on. The parameters have the same bits as
   * without; an epoch costs another forward pass of one batch and two more copies of the parameters
   * in memory. Checkpoints know nothing of it.
   */
  public void observe() {
    if (observer == null) {
      observer = new Observer(plan);
    }
  }

  /** {@return what was observed last; empty until an epoch has ended after {@link #observe}} */
  public Optional<Observation> observation() {
    return observer == null ? Optional.empty() : observer.latest();
  }

  /** {@return how the training is compiled, as text} */
  public String describe() {
    return plan.describe();
  }
}
