package dev.lanewise.train;

import dev.lanewise.check.GradientReport;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Batches;
import dev.lanewise.data.DataException;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.engine.Engine;
import dev.lanewise.event.Events;
import dev.lanewise.kernel.WarmUp;
import dev.lanewise.model.Model;
import dev.lanewise.model.Provenance;
import dev.lanewise.model.SafetensorsFile;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Schedule;
import dev.lanewise.plan.DataStart;
import dev.lanewise.plan.TrainingPlan;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * A training: it owns the parameters, the compiled plan, the optimiser's state and the position in
 * the epochs. The caller drives it, by steps or by epochs, and may stop, change the rate or save it
 * between any two steps.
 *
 * <p>The result is a function of recipe, data and initial parameters: its bits depend neither on
 * the engine nor on whether the training was saved and resumed in between. A step allocates
 * nothing. For one thread at a time: a second one that comes meanwhile gets an {@link
 * IllegalStateException}. So does a metric or a listener that a step calls, if it does steps,
 * changes the rate, has the training observed or audited, warms up or closes; it may ask and save.
 * Starts no thread and prints nothing. {@link #close} is needed only where a training on a stream
 * is left within an epoch.
 */
public final class Training implements Iterable<Epoch>, AutoCloseable {

  /** The commands that provenance has at most. */
  private static final int MOST_COMMANDS = 10_000;

  private static final long STEP = CounterRandom.stream("step");

  private final OneThread only = new OneThread();
  private final Recipe recipe;
  private final TrainingData data;
  private final Engine engine;

  /** The recipe's network, its per-example penalties resolved. */
  private final Network described;

  /** What the commands so far have made of it. */
  private Network network;

  private final TrainingPlan plan;
  private final Batches batches;
  private final float[] gradient;
  private final CommandLog log = new CommandLog();
  private final Place place;

  /** The end of the last epoch, or the place of a resume after it. */
  private final Place back;

  private final EpochEnd epochEnd;

  /** Null unless asked for. */
  private Observer observer;

  /** Null unless asked for. */
  private Auditor auditor;

  /** Null until it is asked for. */
  private Map<String, String> identity;

  /** Null where dropout stays as it is. */
  private final Schedule dropoutSchedule;

  private double stepLoss = Double.NaN;
  private long began;

  private Training(Recipe recipe, TrainingData data, float[] initial, Engine engine) {
    this.recipe = recipe;
    this.data = data;
    this.engine = engine;
    data.checkFits(recipe.network());
    data.checkMixes(recipe);
    EpochEnd.checkWatched(recipe, data);
    ExampleSet rows = data.training();
    described = recipe.network().resolve(rows.rows());
    network = described;
    dropoutSchedule = recipe.dropoutFactor().orElse(null);
    batches =
        Batches.of(
            rows,
            recipe.batchSize(),
            recipe.seed(),
            network.normalizesBatches(),
            recipe.dropsTail(),
            recipe.augmentations());
    plan = TrainingPlan.compile(network, batches.maxRows(), recipe.microBatch(), engine);
    gradient = new float[plan.layout().size()];
    place = new Place(recipe, plan, initial);
    back = new Place(recipe, plan, initial);
    epochEnd = new EpochEnd(recipe, data, batches.rows(), initial, plan);
    plan.expect((long) recipe.epochs() * batches.count());
  }

  /**
   * {@return a training at its beginning, with parameters drawn by the recipe's seed, and scaled by
   * the training rows if the recipe says so}
   *
   * @param recipe how to train
   * @param data what to train on
   * @param engine the engine
   * @throws IllegalArgumentException if data, recipe and network do not fit each other
   */
  public static Training start(Recipe recipe, TrainingData data, Engine engine) {
    float[] drawn = recipe.network().initialParameters(recipe.seed());
    if (recipe.start() == Recipe.Start.DRAWN) {
      return start(recipe, data, drawn, engine);
    }
    data.checkFits(recipe.network());
    ExampleSet rows = data.training();
    float[] scaled = DataStart.of(recipe.network(), drawn, rows, recipe.seed(), engine);
    return start(recipe, data, scaled, engine);
  }

  /**
   * {@return a training at its beginning, with given parameters}
   *
   * @param recipe how to train
   * @param data what to train on
   * @param initial the first parameters, of the network's layout; copied
   * @param engine the engine
   * @throws IllegalArgumentException if data, recipe, network and parameters do not fit each other
   */
  public static Training start(Recipe recipe, TrainingData data, float[] initial, Engine engine) {
    return new Training(recipe, data, initial, engine);
  }

  /**
   * {@return a saved training, which continues with the same bits as if it had never stopped}
   *
   * @param checkpoint a file that {@link #save} wrote
   * @param recipe the recipe that it was started with; only the number of epochs may differ
   * @param data the data that it was started with
   * @param engine the engine; it may be another one than before
   * @throws IOException if the file cannot be read, is damaged or no checkpoint, or belongs to
   *     another recipe or to other rows; the message names which. Rows in memory are known by their
   *     numbers, streamed ones by how many they are and of how many columns.
   * @throws IllegalArgumentException as {@link #start}
   */
  public static Training resume(Path checkpoint, Recipe recipe, TrainingData data, Engine engine)
      throws IOException {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Training training = unstarted(recipe, data, engine);
    training.restore(SafetensorsFile.read(checkpoint));
    return training;
  }

  /**
   * {@return a training as it was saved to a stream, as {@link #resume(Path, Recipe, TrainingData,
   * Engine)} gives it}
   *
   * @param checkpoint the stream, at the first byte of what {@link #writeTo} wrote; it must end
   *     with the last, and is not closed
   * @param source what messages call it
   * @param recipe the recipe that it was started with; only the number of epochs may differ
   * @param data the data that it was started with
   * @param engine the engine; it may be another one than before
   * @throws IOException as of a file
   * @throws IllegalArgumentException as {@link #start}
   */
  public static Training resume(
      InputStream checkpoint, String source, Recipe recipe, TrainingData data, Engine engine)
      throws IOException {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Objects.requireNonNull(source, "source");
    Training training = unstarted(recipe, data, engine);
    training.restore(SafetensorsFile.read(checkpoint, source));
    return training;
  }

  /**
   * {@return a training as it was saved to memory, as {@link #resume(Path, Recipe, TrainingData,
   * Engine)} gives it; messages call the checkpoint {@code bytes}}
   *
   * @param checkpoint what {@link #toBytes} gave; not kept
   * @param recipe the recipe that it was started with; only the number of epochs may differ
   * @param data the data that it was started with
   * @param engine the engine; it may be another one than before
   * @throws IOException as of a file
   * @throws IllegalArgumentException as {@link #start}
   */
  public static Training resume(byte[] checkpoint, Recipe recipe, TrainingData data, Engine engine)
      throws IOException {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Training training = unstarted(recipe, data, engine);
    training.restore(SafetensorsFile.of(checkpoint));
    return training;
  }

  private static Training unstarted(Recipe recipe, TrainingData data, Engine engine) {
    return new Training(recipe, data, new float[recipe.network().layout().size()], engine);
  }

  private void restore(SafetensorsFile file) throws IOException {
    Checkpoint saved =
        Checkpoint.in(file, plan.layout(), identity(), batches.count(), epochEnd.keepsBest());
    try {
      restore(saved);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(file.source(), e.getMessage()), e);
    }
  }

  /**
   * {@return the properties that a checkpoint must have in common with this; rows are read once for
   * them}
   */
  private Map<String, String> identity() {
    if (identity == null) {
      identity = Identity.of(recipe, data);
    }
    return identity;
  }

  /**
   * {@return what a training must have in common with the one whose checkpoint it resumes, as texts
   * by name: all of the recipe but the number of epochs, the sizes of the sets, and a SHA-256 of
   * rows in memory, which are read once}
   *
   * @param recipe the recipe
   * @param data the data
   */
  public static Map<String, String> identity(Recipe recipe, TrainingData data) {
    return Identity.of(
        Objects.requireNonNull(recipe, "recipe"), Objects.requireNonNull(data, "data"));
  }

  /**
   * {@return how this training differs from one of a recipe and data, as one line with both; empty
   * if it does not} Compared is what {@link #resume(Path, Recipe, TrainingData, Engine)} compares,
   * all but the number of epochs, and the encoders of the training rows. Rows in memory that are
   * not the same arrays are read once.
   *
   * @param expected the recipe
   * @param rows the data
   */
  public Optional<String> difference(Recipe expected, TrainingData rows) {
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(rows, "rows");
    if (!data.training().encoder().equals(rows.training().encoder())) {
      return Optional.of(
          "training rows of another encoder or of none; expected that of the rows given");
    }
    return Identity.difference(recipe, data, expected, rows);
  }

  private void restore(Checkpoint saved) {
    place.goTo(saved);
    log.restore(saved.commands());
    place.commands = log.count();
    penalize();
    epochEnd.restore(saved);
    back.goTo(place);
    plan.expect((long) Math.max(0, recipe.epochs() - place.epoch()) * batches.count());
    if (place.position() > 0) {
      batches.start(place.epoch());
      began = System.nanoTime();
    }
  }

  /**
   * Saves everything that resuming needs, also in the middle of an epoch. The file is replaced
   * whole or not at all; of two trainings that save to one file, the last to save is what it holds.
   * The first save of a training reads all its rows in memory, for a digest of them.
   *
   * @param checkpoint the file
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if a number is NaN or infinite that no training can go on from,
   *     as may be within an epoch; one of the next steps finds it and goes back
   */
  public void save(Path checkpoint) throws IOException {
    Objects.requireNonNull(checkpoint, "checkpoint");
    checkpoint().write(checkpoint);
  }

  /**
   * Writes the bytes that {@link #save} writes to a stream, which is neither flushed nor closed.
   *
   * @param out where to
   * @throws IOException if that fails; part of the bytes may be written then
   * @throws IllegalStateException as {@link #save}
   */
  public void writeTo(OutputStream out) throws IOException {
    checkpoint().writeTo(out);
  }

  /**
   * {@return the bytes that {@link #save} writes}
   *
   * @throws IllegalStateException as {@link #save}
   */
  public byte[] toBytes() {
    return checkpoint().toBytes();
  }

  /** Copies what there is to save, so that writing disturbs nobody. */
  private SafetensorsFile checkpoint() {
    only.enter();
    try {
      return epochEnd
          .checkpoint(place, log.list())
          .file(plan.layout(), identity(), batches.count());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "the training has diverged and cannot be resumed from here: " + e.getMessage(), e);
    } finally {
      only.leave();
    }
  }

  /** {@return whether all epochs are done, or early stopping or {@link #stop} has ended it} */
  public boolean finished() {
    only.enter();
    try {
      return isFinished();
    } finally {
      only.leave();
    }
  }

  /**
   * Does one step: the gradient of the next batch and the update. An interrupt of the thread is not
   * looked at: who drives the training by steps asks for it between two of them.
   *
   * @return the epoch, if the step was its last
   * @throws IllegalStateException if the training is finished, or at work for another thread
   * @throws DivergedException if the loss, or after an epoch a parameter or the loss of the dev
   *     rows, is NaN or infinite; the training stands where its last epoch ended then, or where it
   *     was resumed after that
   * @throws DataException if early stopping watches a metric that has been no number after any
   *     epoch, and this one was the last that it waits for
   * @throws UncheckedIOException if a streamed row cannot be read; the message names the source.
   *     The training stands where it stood and can be saved, or go on if the source can; if it was
   *     the averaged network's statistics that rows were read for, at the end of an epoch, the
   *     training stands where its last epoch ended. What a metric of the dev rows throws at the end
   *     of an epoch comes through, and the training stands there too
   */
  public Optional<Epoch> step() {
    only.enterToChange();
    try {
      return nextStep();
    } finally {
      only.leave();
    }
  }

  private boolean isFinished() {
    return epochEnd.finished(place, log, batches.count());
  }

  private Optional<Epoch> nextStep() {
    if (isFinished()) {
      throw new IllegalStateException(
          "the training is finished, after epoch %d".formatted(place.epoch()));
    }
    if (place.position() == 0) {
      began = System.nanoTime();
      batches.start(place.epoch());
      place.beginEpoch(plan.penalty(place.theta));
    }
    Batch batch = batches.get(place.position());
    boolean last = place.position() == batches.count() - 1;
    boolean observed = last && observer != null && observer.isDue(place.epoch());
    if (observed) {
      observer.begin(place.theta, stepKey());
    }
    Events.Step event = Events.step();
    stepLoss = descend(batch);
    event.end(place.updater.step(), place.epoch() + 1, batch.rows(), stepLoss);
    place.countBatch(stepLoss, batch.rows());
    Optional<Epoch> ended = last ? Optional.of(endEpoch(batch, observed)) : Optional.empty();
    giveDue();
    return ended;
  }

  /** One gradient and one update, by the same team of threads; {@return the loss} */
  private double descend(Batch batch) {
    plan.changeDropout(dropoutFactor());
    plan.team().open();
    try {
      double loss = plan.gradients(place.theta, batch, stepKey(), gradient);
      if (!Double.isFinite(loss)) {
        throw diverged(batch, place.updater.step() + 1, loss);
      }
      if (auditor != null) {
        auditor.auditIfDue(place, batch, stepKey(), dropoutFactor(), gradient);
      }
      place.update(gradient);
      return loss;
    } finally {
      plan.team().close();
    }
  }

  /** What the next step multiplies the probabilities of dropping units by. */
  private double dropoutFactor() {
    return dropoutSchedule == null
        ? 1
        : DropoutFactor.at(dropoutSchedule, place.epoch(), place.updater.step());
  }

  private long stepKey() {
    return CounterRandom.key(recipe.seed(), STEP, place.updater.step());
  }

  private Epoch endEpoch(Batch last, boolean observed) {
    if (!place.finite()) {
      throw diverged(last, place.updater.step(), stepLoss);
    }
    if (observed) {
      observer.end(place.theta, gradient, last, place.epoch() + 1);
    }
    try {
      epochEnd.complete(place);
      requireFiniteAverage();
      Epoch epoch = epochEnd.judge(place, began);
      epoch.record();
      back.goTo(place);
      return epoch;
    } catch (RuntimeException | Error e) { // the user's metric may throw anything
      goBack();
      throw e;
    }
  }

  /** Goes back to the end of the last epoch; commands given since then are undone. */
  private void goBack() {
    place.goTo(back);
    log.keep(place.commands);
    penalize();
  }

  /** Statistics that are taken anew for a mean of weights may overflow where none did before. */
  private void requireFiniteAverage() {
    if (place.average == null) {
      return;
    }
    for (Slot slot : plan.layout().slots()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        float value = place.average.parameters[i];
        if (!Float.isFinite(value)) {
          String where =
              "averaged %s: %s at index %d".formatted(slot.name(), value, i - slot.offset());
          throw DivergedException.of(place.updater.step(), place.epoch(), stepLoss, where);
        }
      }
    }
  }

  /** Replays a step to name the layer, then goes back. */
  private DivergedException diverged(Batch batch, long step, double loss) {
    String where =
        plan.firstNonFinite(place.theta, batch, stepKey())
            .orElse(DivergedException.AS_FAR_AS_THE_SCORES);
    int failed = place.epoch() + 1;
    goBack();
    return DivergedException.of(step, failed, loss, where);
  }

  /**
   * Does steps of a copy of this training, until the JVM has compiled what a step takes: in a fresh
   * JVM a second or two. The steps that follow are fast from the first on. Without it, a training
   * whose engine was chosen by {@code auto} begins on scalar kernels and goes over by itself.
   *
   * <p>Changes nothing of the training: the copy has parameters and optimiser state of its own, as
   * much memory again while this runs, and no dev rows to evaluate. It borrows the engine's
   * threads. If the copy diverges, that is the end of the warm-up. The clock of an epoch under way
   * goes on.
   */
  public void warmUp() {
    try (Training copy = copy(engine.hot())) {
      WarmUp.repeat(copy::step);
    } catch (DivergedException e) {
      // This training may yet take another way; if not, it says so itself.
    }
    only.enterToChange();
    try {
      plan.goOver();
    } finally {
      only.leave();
    }
  }

  /** {@return an endless training that begins with this one's parameters and judges no epoch} */
  Training copy() {
    return copy(engine);
  }

  private Training copy(Engine its) {
    only.enterToChange(); // its steps would use the threads that a step under way has taken
    try {
      Training copy =
          new Training(recipe.unwatched(), TrainingData.of(data.training()), place.theta, its);
      copy.penalize(network);
      return copy;
    } finally {
      only.leave();
    }
  }

  /**
   * Does the steps that the current epoch still lacks, whether the thread is interrupted or not.
   *
   * @return the epoch
   * @throws IllegalStateException if the training is finished, or at work for another thread
   * @throws DivergedException as {@link #step}
   */
  public Epoch finishEpoch() {
    only.enterToChange();
    try {
      while (true) {
        Optional<Epoch> done = nextStep();
        if (done.isPresent()) {
          return done.get();
        }
      }
    } finally {
      only.leave();
    }
  }

  /** {@return the epoch whose steps were left, or nothing if the thread was interrupted first} */
  Optional<Epoch> finishEpochUnlessInterrupted() {
    only.enterToChange();
    try {
      Optional<Epoch> done = Optional.empty();
      while (done.isEmpty() && !isFinished() && !Thread.currentThread().isInterrupted()) {
        done = nextStep();
      }
      return done;
    } finally {
      only.leave();
    }
  }

  /**
   * {@return the epochs that are left, each trained when it is asked for; all iterators share this
   * training's place}
   *
   * <p>They end at an interrupt of the thread, after the step under way, be it within an epoch. The
   * thread stays interrupted, and the training stands between two steps: it can be saved, or go on
   * once the interrupt is cleared, with the same bits. Whether the loop ended by itself says {@link
   * #finished}.
   */
  @Override
  public Iterator<Epoch> iterator() {
    return new RemainingEpochs(this);
  }

  /**
   * Changes the learning rate from the next step on; it takes the place of the schedule and is part
   * of checkpoints.
   *
   * @param rate the rate, above 0
   * @throws IllegalArgumentException if the rate is not above 0
   * @throws IllegalStateException if the training is at work for another thread, or replays
   *     commands
   */
  public void changeRate(double rate) {
    command(step -> new Command.ChangeRate(step, rate));
  }

  /**
   * Changes the L2 penalty from the next step on, in gradients, costs and audits: the weights of
   * every dense layer have the penalty λ/2·Σw², in the place of the L2 part that they had. A part
   * per example is plain by then, so it is replaced, too; L1 parts and an optimiser's weight decay
   * stay. Part of checkpoints, and of {@link #network} and {@link #model}. The cost of an epoch
   * under way has the penalty that it began with.
   *
   * @param lambda λ, finite and at least 0
   * @throws IllegalArgumentException if it is not
   * @throws IllegalStateException if the training is at work for another thread, or replays
   *     commands
   */
  public void changeL2(double lambda) {
    command(step -> new Command.ChangeL2(step, lambda));
  }

  /**
   * Goes back to the parameters of the best epoch, running statistics included: those that {@link
   * #parameters} gives; under averaging, the average, which goes on from there. The optimiser
   * begins anew with them: its moments are 0 and its corrections count from the first step, as if
   * the training began there. Rate, schedule, penalties, steps and epochs go on, also within an
   * epoch. Early stopping waits as long as after a best epoch, and keeps the best one.
   *
   * @throws IllegalStateException if the recipe has no early stopping, no epoch has been the best,
   *     or the training is at work for another thread or replays commands
   */
  public void rollBackToBest() {
    command(Command.RollBack::new);
  }

  /**
   * Ends the training where it stands, also within an epoch: it is {@link #finished} then. Resuming
   * takes that back.
   *
   * @throws IllegalStateException if the training is at work for another thread, or replays
   *     commands
   */
  public void stop() {
    command(Command.Stop::new);
  }

  /**
   * {@return the commands that the training has been given since its start, in their order, also
   * before it was saved and resumed} They are part of checkpoints and, up to ten thousand, of the
   * provenance of {@link #model}. With recipe, data and initial parameters they determine the
   * result: see {@link #replay}. A divergence undoes those of its epoch.
   */
  public List<Command> commands() {
    only.enter();
    try {
      return log.list();
    } finally {
      only.leave();
    }
  }

  /**
   * {@return the commands that a model or a checkpoint notes; none if its training was given none}
   *
   * @param file a file that {@link Model#save} or {@link #save} wrote
   * @throws IOException if it cannot be read, is damaged or neither, or its commands were too many
   *     for a model
   */
  public static List<Command> commandsIn(Path file) throws IOException {
    return CommandText.in(Objects.requireNonNull(file, "file"));
  }

  /**
   * Has commands replayed: each is given again when as many steps are done as it says, so that the
   * training goes the way of the one that noted them, bit for bit. Until the last of them, none can
   * be given by hand. They are no part of a checkpoint before they are given: a resumed training is
   * told again. One that cannot be given when it is due, because no epoch is the best yet, is an
   * {@link IllegalStateException} of the step before.
   *
   * @param commands the commands of the other training from its start, in their order; those that
   *     this one has been given already among them
   * @throws IllegalArgumentException if they do not begin with the commands of this training, one
   *     comes too late for it, they are in no order, or one rolls back and the recipe has no early
   *     stopping; nothing is changed then
   * @throws IllegalStateException if the training is at work for another thread
   */
  public void replay(List<Command> commands) {
    List<Command> script = List.copyOf(Objects.requireNonNull(commands, "commands"));
    only.enterToChange();
    try {
      if (!epochEnd.keepsBest() && script.stream().anyMatch(Command.RollBack.class::isInstance)) {
        throw new IllegalArgumentException(
            "commands: one rolls back; expected none, or a recipe with early stopping");
      }
      log.replay(script, place.updater.step());
      giveDue();
    } finally {
      only.leave();
    }
  }

  private void command(LongFunction<Command> made) {
    only.enterToChange();
    try {
      Command command = made.apply(place.updater.step());
      if (log.replays()) {
        throw new IllegalStateException(
            "commands are replayed; expected none by hand before %s".formatted(log.due()));
      }
      apply(command);
    } finally {
      only.leave();
    }
  }

  /** Gives the commands of a replay whose step has come. */
  private void giveDue() {
    while (log.isDue(place.updater.step())) {
      apply(log.due());
    }
  }

  private void apply(Command command) {
    switch (command) {
      case Command.ChangeRate change -> place.updater.changeRate(change.rate());
      case Command.RollBack rollBack -> place.rollBack(epochEnd.best());
      case Command.ChangeL2 change -> {} // the log knows it
      case Command.Stop stop -> {}
    }
    log.add(command);
    place.commands = log.count();
    if (command instanceof Command.ChangeL2) {
      penalize();
    }
  }

  private void penalize() {
    penalize(log.l2().isPresent() ? described.withL2(log.l2().getAsDouble()) : described);
  }

  /** Takes the penalties of a network for the next gradients, costs and audits. */
  private void penalize(Network its) {
    if (!its.equals(network)) {
      network = its;
      plan.changePenalties(its);
      if (auditor != null) {
        auditor.follow(its);
      }
    }
  }

  /**
   * {@return a copy of the result so far: with a stop rule the parameters of the best epoch, else
   * the latest; under averaging, the average as it was or is then}
   */
  public float[] parameters() {
    only.enter();
    try {
      return epochEnd.result(place).clone();
    } finally {
      only.leave();
    }
  }

  /**
   * {@return the result so far as a model: the network with its per-example penalties resolved,
   * {@link #parameters}, the encoder of the training rows if an encoder made them, and as
   * provenance the engine, the seed, the rows, the optimiser and the commands} Copies and packs the
   * parameters; its predictors use this training's engine.
   *
   * @throws IllegalArgumentException if the rows' encoder predicts another kind of target than the
   *     network's loss, or other outputs
   */
  public Model model() {
    List<Command> given = commands();
    Provenance provenance =
        Provenance.of(engine)
            .with("rows", Integer.toString(data.training().rows()))
            .with("optimizer", recipe.optimizer().toString())
            .with("seed", Long.toString(recipe.seed()));
    Model plain =
        Model.of(network, parameters(), engine)
            .withProvenance(
                given.isEmpty() ? provenance : provenance.with(CommandText.KEY, text(given)));
    return data.training().encoder().map(plain::withEncoder).orElse(plain);
  }

  /** A file's header has a limit, and readers have, too. */
  private static String text(List<Command> given) {
    return given.size() <= MOST_COMMANDS
        ? Command.text(given)
        : "%d, too many for this text; a checkpoint has them".formatted(given.size());
  }

  /** {@return the penalties' part of the cost of {@link #parameters}} */
  public double penalty() {
    only.enter();
    try {
      return plan.penalty(epochEnd.result(place));
    } finally {
      only.leave();
    }
  }

  /** {@return a copy of the latest parameters, which the next step starts from} */
  public float[] latestParameters() {
    only.enter();
    try {
      return place.theta.clone();
    } finally {
      only.leave();
    }
  }

  /**
   * {@return the number of the epoch whose end {@link #parameters} are from; 0 for the initial
   * ones}
   */
  public int bestEpoch() {
    only.enter();
    try {
      return epochEnd.resultEpoch(place);
    } finally {
      only.leave();
    }
  }

  /** {@return the number of epochs completed} */
  public int epochs() {
    only.enter();
    try {
      return place.epoch();
    } finally {
      only.leave();
    }
  }

  /** {@return the number of steps done} */
  public long steps() {
    only.enter();
    try {
      return place.updater.step();
    } finally {
      only.leave();
    }
  }

  /** {@return the learning rate of the next step} */
  public double rate() {
    only.enter();
    try {
      return place.updater.rate(place.epoch());
    } finally {
      only.leave();
    }
  }

  /** {@return the steps of an epoch} */
  public int stepsPerEpoch() {
    return batches.count();
  }

  /**
   * {@return the network, its per-example penalties resolved, with the L2 penalty that the next
   * step has}
   */
  public Network network() {
    return network;
  }

  /**
   * Closes what a streamed epoch under way holds open. The training can go on nevertheless; the
   * stream is then read again from the epoch's beginning.
   */
  @Override
  public void close() {
    only.enterToChange();
    try {
      batches.close();
    } finally {
      only.leave();
    }
  }

  /**
   * {@return the mean loss of the latest step's batch, before its update and without penalties; NaN
   * before the first step since the start or the resume}
   */
  public double stepLoss() {
    only.enter();
    try {
      return stepLoss;
    } finally {
      only.leave();
    }
  }

  /**
   * Has the last step of each epoch observed, from now on. The parameters have the same bits as
   * without; an epoch costs another forward pass of one batch and two more copies of the parameters
   * in memory. Checkpoints know nothing of it.
   */
  public void observe() {
    observe(1);
  }

  /**
   * Has the last step of the first epoch and of one in so many after it observed, from now on, as
   * {@link #observe()} says of each. Another call takes the place of the one before.
   *
   * @param every the epochs from one that is observed to the next, at least 1
   * @throws IllegalArgumentException if the number is below 1
   */
  public void observe(int every) {
    if (every < 1) {
      throw new IllegalArgumentException("every: %d; expected at least 1".formatted(every));
    }
    only.enterToChange();
    try {
      if (observer == null) {
        observer = new Observer(plan);
      }
      observer.every(every);
    } finally {
      only.leave();
    }
  }

  /** {@return what was observed last; empty until an epoch has ended after {@link #observe}} */
  public Optional<Observation> observation() {
    only.enter();
    try {
      return observer == null ? Optional.empty() : observer.latest();
    } finally {
      only.leave();
    }
  }

  /**
   * Has gradients audited from now on: that of the first step and of every n-th after it is
   * compared with differences of the double-precision reference, for the step's own batch, weights,
   * dropout masks and penalties, before the update.
   *
   * <p>The parameters have the same bits as without; steps between audits do the same work. An
   * audit costs four forward passes of the reference for each component, more where the cost bends
   * sharply, and allocates. A step is never refused for its audit: near a minimum, where gradients
   * of rows cancel, rounding alone may leave a large δ. The listener decides; what it throws leaves
   * the training where it stood before the step. Checkpoints know nothing of it. Another call takes
   * the place of the one before.
   *
   * @param every the steps from one audit to the next, at least 1
   * @param components the components that an audit compares, drawn anew for each, at least one of
   *     each tensor; at least 1
   * @param listener is told of each audit, by the thread that does the step
   * @throws IllegalArgumentException if a number is below 1
   */
  public void audit(int every, int components, Consumer<Audit> listener) {
    audit(new Auditor(network, every, components, recipe.seed(), listener));
  }

  /** Has gradients audited from now on. */
  void audit(Auditor other) {
    only.enterToChange();
    try {
      auditor = other;
    } finally {
      only.leave();
    }
  }

  /** {@return how the training is compiled, as text} */
  public String describe() {
    return plan.describe();
  }

  /**
   * The result of the audit of one step: its gradient, before the update, compared with
   * differences.
   *
   * @param epoch the number of the step's epoch, from 1
   * @param step the step's number, from 1
   * @param report how far the gradient lies from differences, over the components that were drawn
   */
  public record Audit(int epoch, long step, GradientReport report) {

    /** Creates a result. */
    public Audit {
      Objects.requireNonNull(report, "report");
    }

    /**
     * {@return whether the gradient is wrong, as a whole or in one tensor, or too few components
     * could be compared}
     */
    public boolean failed() {
      return !report.conclusive() || report.band() == GradientReport.Band.WRONG;
    }
  }
}
