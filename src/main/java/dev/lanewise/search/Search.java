package dev.lanewise.search;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.Split;
import dev.lanewise.data.Table;
import dev.lanewise.json.Json;
import dev.lanewise.learn.Learned;
import dev.lanewise.learn.Learner;
import dev.lanewise.learn.Run;
import dev.lanewise.model.Model;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.Tabular;
import dev.lanewise.train.Training;
import dev.lanewise.train.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The description of a search for good hyper-parameters: a learner, the {@link Space}s of some of
 * its parameters, and the method that chooses which values to try for how many epochs.
 *
 * <pre>{@code
 * Search.Result found =
 *     Search.of(
 *             Learner.classifier("species"),
 *             List.of(Space.logUniform("learning-rate", 1e-4, 1)),
 *             (learner, values) ->
 *                 learner.withRecipe(
 *                     r -> r.withOptimizer(Optimizer.adam(values.number("learning-rate")))))
 *         .run(table);
 * found.learned().model().save(file);
 * }</pre>
 *
 * <p>Trials are compared by their dev rows alone: the score of a trial is the dev score of the
 * model that its training would give, that of its best epoch. Test rows are looked at in {@link
 * Result#learned}, once. Rows are encoded once for all trials, unless the values change how.
 *
 * <p>The result is a function of the table and this description, whatever executor, width and
 * engine: of trials with equal scores the one with the lower number is better, and a stage begins
 * when the one before has ended. A trial that is refused or diverges is recorded with the reason
 * and comes last. Starts no thread and prints nothing. Immutable.
 */
public final class Search {

  private static final int TRIALS = 27;
  private static final int EPOCHS = 81;
  private static final int SURVIVORS = 10;

  /** Sets the values of a trial. */
  @FunctionalInterface
  public interface Setup {

    /**
     * {@return the learner of a trial}
     *
     * @param learner the search's learner, with the split of its rows fixed; what it is asked to
     *     divide otherwise is refused. Its recipe has the search's epochs; a schedule that is set
     *     should be of that length, and fewer epochs may be asked for
     * @param values the values of the trial
     * @throws IllegalArgumentException if the values do not go together; the trial has failed then
     */
    Learner learner(Learner learner, Values values);
  }

  /** How trials are chosen and for how many epochs each is trained. */
  public sealed interface Method {

    /**
     * Scrambled Sobol points and synchronous successive halving (Jamieson and Talwalkar 2016): all
     * trials are trained for a few epochs, the best of each rung for η times as many. With s the
     * largest number for which η^s is at most the epochs and η^(s+1) at most the trials, rung i = 0
     * … s has ⌊trials/η^i⌋ trials up to epoch epochs/η^(s−i), rounded; with η = 3, 27 trials and 81
     * epochs: 27 to epoch 9, 9 to 27, 3 to 81. Training goes on from rung to rung, with the
     * schedule of all epochs. At least η trials are trained to the end, because a few epochs do not
     * tell the best from the second best.
     *
     * @param eta η, how many trials of a rung compete for a place in the next; at least 2
     */
    record Halving(int eta) implements Method {
      /**
       * Creates the method.
       *
       * @throws IllegalArgumentException if η is below 2
       */
      public Halving {
        if (eta < 2) {
          throw new IllegalArgumentException("eta: %d; expected at least 2".formatted(eta));
        }
      }
    }

    /** Independent places, each trial with all epochs (Bergstra and Bengio 2012). */
    record Random() implements Method {}

    /** Scrambled Sobol points, which leave smaller gaps than random ones; with all epochs. */
    record Sobol() implements Method {}

    /**
     * All combinations of some values of each parameter, with all epochs, for comparison: 25 trials
     * of two parameters try 5 values of each. There are as many values as the number of trials
     * allows, equally often, the first parameters one more; a place for each in the middle of equal
     * parts of its space.
     */
    record Grid() implements Method {}

    /**
     * Rounds of random places, each in a box around the best trial so far, with all epochs: the
     * trials are divided among the rounds, and the box of round i = 0, 1, … is shrink^i wide in
     * each dimension of places and lies within the spaces.
     *
     * @param rounds the rounds, at least 1
     * @param shrink how wide the box is, as a part of the one before, in (0, 1)
     */
    record CoarseToFine(int rounds, double shrink) implements Method {
      /**
       * Creates the method.
       *
       * @throws IllegalArgumentException if a number is out of range
       */
      public CoarseToFine {
        if (rounds < 1) {
          throw new IllegalArgumentException("rounds: %d; expected at least 1".formatted(rounds));
        }
        if (!(shrink > 0 && shrink < 1)) {
          throw new IllegalArgumentException(
              "shrink: %s; expected a number between 0 and 1".formatted(shrink));
        }
      }
    }

    /**
     * {@return the values of the trials that this method begins with: of all, but where later
     * rounds follow from scores of the first round}
     *
     * @param spaces the parameters
     * @param trials the trials in all
     * @param seed the seed of their places
     * @throws IllegalArgumentException if there is no space, or no trial
     */
    default List<Values> begins(List<Space> spaces, int trials, long seed) {
      List<Space> all = List.copyOf(Objects.requireNonNull(spaces, "spaces"));
      if (all.isEmpty()) {
        throw new IllegalArgumentException("spaces: none; expected at least one");
      }
      requireAtLeast("trials", trials, 1);
      Design design = new Design(this, all, trials, 1, seed);
      return design.next(some -> List.of()).orElseThrow().trials().stream()
          .map(design::values)
          .toList();
    }

    /**
     * {@return Sobol points and successive halving}
     *
     * @param eta how many trials of a rung compete for a place in the next; 3 is usual
     * @throws IllegalArgumentException if it is below 2
     */
    static Method halving(int eta) {
      return new Halving(eta);
    }

    /** {@return independent places} */
    static Method random() {
      return new Random();
    }

    /** {@return Sobol points} */
    static Method sobol() {
      return new Sobol();
    }

    /** {@return a grid} */
    static Method grid() {
      return new Grid();
    }

    /**
     * {@return rounds of random places in smaller and smaller boxes}
     *
     * @param rounds the rounds, at least 1
     * @param shrink how wide a box is, as a part of the one before, in (0, 1)
     * @throws IllegalArgumentException if a number is out of range
     */
    static Method coarseToFine(int rounds, double shrink) {
      return new CoarseToFine(rounds, shrink);
    }
  }

  /**
   * What a search may cost; it ends before the training that would cost more. With a journal it can
   * be continued under another budget.
   *
   * <p>Epochs count those of all trials and folds together, those in the journal too; a training is
   * begun if the epochs that it may take at most are left. Time counts from the beginning of the
   * call, and which trials are done by then depends on the machine.
   *
   * @param trials the most trials that are begun, 1 or more; empty for all
   * @param epochs the most epochs, 1 or more; empty for all
   * @param time how long trainings may be begun, above 0; empty for ever
   */
  public record Budget(OptionalLong trials, OptionalLong epochs, Optional<Duration> time) {

    /**
     * Creates a budget.
     *
     * @throws IllegalArgumentException if a number is below 1, or the time is not above 0
     */
    public Budget {
      require("trials", Objects.requireNonNull(trials, "trials"));
      require("epochs", Objects.requireNonNull(epochs, "epochs"));
      if (Objects.requireNonNull(time, "time").isPresent() && !time.get().isPositive()) {
        throw new IllegalArgumentException("time: %s; expected some above 0".formatted(time.get()));
      }
    }

    private static void require(String name, OptionalLong most) {
      if (most.isPresent() && most.getAsLong() < 1) {
        throw new IllegalArgumentException(
            "%s: %d; expected at least 1".formatted(name, most.getAsLong()));
      }
    }

    /** {@return the budget without limits} */
    public static Budget unlimited() {
      return new Budget(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    }

    /**
     * {@return this budget with a limit of trials}
     *
     * @param most the most trials that are begun, at least 1
     * @throws IllegalArgumentException if it is not
     */
    public Budget withTrials(long most) {
      return new Budget(OptionalLong.of(most), epochs, time);
    }

    /**
     * {@return this budget with a limit of epochs}
     *
     * @param most the most epochs of all trials together, at least 1
     * @throws IllegalArgumentException if it is not
     */
    public Budget withEpochs(long most) {
      return new Budget(trials, OptionalLong.of(most), time);
    }

    /**
     * {@return this budget with a limit of time}
     *
     * @param most how long trainings may be begun, above 0
     * @throws IllegalArgumentException if it is not
     */
    public Budget withTime(Duration most) {
      return new Budget(trials, epochs, Optional.of(Objects.requireNonNull(most, "most")));
    }

    boolean allows(int trial, long spent) {
      return (trials.isEmpty() || trial < trials.getAsLong())
          && (epochs.isEmpty() || spent <= epochs.getAsLong());
    }

    boolean isOver(long began) {
      return time.isPresent()
          && Duration.ofNanos(System.nanoTime() - began).compareTo(time.get()) >= 0;
    }

    /** {@return the limits, as {@code 200 epochs}} */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      trials.ifPresent(most -> text.append(", ").append(most).append(" trials"));
      epochs.ifPresent(most -> text.append(", ").append(most).append(" epochs"));
      time.ifPresent(most -> text.append(", ").append(most.toMillis() / 1000.0).append(" s"));
      return text.isEmpty() ? "unlimited" : text.substring(2);
    }
  }

  /**
   * What a search has done when a trial has reached a rung.
   *
   * @param trial the trial, with its rungs so far
   * @param finished how many rungs of trials are done
   * @param planned how many there will be if no trial fails and no budget ends
   * @param epochs the epochs of all trials together
   */
  public record Progress(Trial trial, int finished, int planned, long epochs) {

    /** Creates a record. */
    public Progress {
      Objects.requireNonNull(trial, "trial");
    }
  }

  /** Rows that learners learn from. */
  interface Rows {
    /** {@return a learner's training at its beginning} */
    Run begin(Learner learner);

    /** {@return a learner for each fold} */
    List<Learner> folded(Learner learner, int folds);

    /** {@return rows of a table} */
    static Rows of(Table table) {
      Objects.requireNonNull(table, "table");
      return new Rows() {
        @Override
        public Run begin(Learner learner) {
          return learner.begin(table);
        }

        @Override
        public List<Learner> folded(Learner learner, int folds) {
          return learner.folded(table, folds);
        }
      };
    }

    /** {@return images} */
    static Rows of(Idx.Images images) {
      Objects.requireNonNull(images, "images");
      return new Rows() {
        @Override
        public Run begin(Learner learner) {
          return learner.begin(images);
        }

        @Override
        public List<Learner> folded(Learner learner, int folds) {
          return learner.folded(images, folds);
        }
      };
    }
  }

  private final Learner learner;
  private final List<Space> spaces;
  private final Setup setup;
  private final int trials;
  private final int epochs;
  private final Method method;
  private final long seed;
  private final Optional<DevMetric> metric;
  private final int folds;
  private final Budget budget;
  private final int survivors;
  private final Crew crew;
  private final Consumer<Progress> progress;

  /** What a search is made from. */
  private static final class Draft {
    Learner learner;
    List<Space> spaces;
    Setup setup;
    int trials = TRIALS;
    int epochs = EPOCHS;
    Method method = Method.halving(3);
    long seed;
    Optional<DevMetric> metric = Optional.empty();
    int folds;
    Budget budget = Budget.unlimited();
    int survivors = SURVIVORS;
    Crew crew = new Crew(Runnable::run, 1);
    Consumer<Progress> progress = reached -> {};
  }

  private Search(Draft draft) {
    learner = draft.learner;
    spaces = draft.spaces;
    setup = draft.setup;
    trials = draft.trials;
    epochs = draft.epochs;
    method = draft.method;
    seed = draft.seed;
    metric = draft.metric;
    folds = draft.folds;
    budget = draft.budget;
    survivors = draft.survivors;
    crew = draft.crew;
    progress = draft.progress;
  }

  private Search with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.learner = learner;
    draft.spaces = spaces;
    draft.setup = setup;
    draft.trials = trials;
    draft.epochs = epochs;
    draft.method = method;
    draft.seed = seed;
    draft.metric = metric;
    draft.folds = folds;
    draft.budget = budget;
    draft.survivors = survivors;
    draft.crew = crew;
    draft.progress = progress;
    change.accept(draft);
    return new Search(draft);
  }

  /**
   * {@return a search of 27 trials by {@link Method#halving halving} with η = 3 to 81 epochs}
   *
   * @param learner what is trained, whatever the values; its recipe's number of epochs is replaced
   * @param spaces the parameters, by importance; at least one, each name once
   * @param setup sets the values of a trial; called by the threads that train
   * @throws IllegalArgumentException if there is no space, or a name stands twice
   */
  public static Search of(Learner learner, List<Space> spaces, Setup setup) {
    Draft draft = new Draft();
    draft.learner = Objects.requireNonNull(learner, "learner");
    draft.spaces = List.copyOf(Objects.requireNonNull(spaces, "spaces"));
    draft.setup = Objects.requireNonNull(setup, "setup");
    if (draft.spaces.isEmpty()) {
      throw new IllegalArgumentException("spaces: none; expected at least one");
    }
    Set<String> names = new HashSet<>();
    for (Space space : draft.spaces) {
      if (!names.add(space.name())) {
        throw new IllegalArgumentException(
            "spaces: %s stands twice; expected different names".formatted(space.name()));
      }
    }
    return new Search(draft);
  }

  /**
   * {@return the parameters that matter most for any network, in the order of their importance: the
   * learning rate α, 10⁻⁴ to 1; then β of the mean of gradients, 0.9 to 0.999, the hidden units and
   * the batch size; then layers (choices of {@code hidden} with two) and decay} Their names are
   * {@code learning-rate}, {@code beta}, {@code hidden}, {@code batch-size} and {@code schedule}.
   */
  public static List<Space> usualSpaces() {
    return Usual.SPACES;
  }

  /**
   * {@return what sets the values of {@link #usualSpaces}, or of spaces of some of these names} The
   * rate of a learner with a constant rate; β of its momentum or of Adam's first mean; ReLU layers
   * of so many units, as {@code 128,64}; the rows of a batch; and {@code constant} or {@code
   * cosine}, the rate falling to 0 with the last epoch.
   */
  public static Setup usualSetup() {
    return Usual::learner;
  }

  /**
   * {@return the parameters of a preset for tables that matter most, around its constants: {@code
   * learning-rate}, the highest of a cycle, 0.01 to 0.1 for classes and 0.02 to 0.3 for values;
   * {@code hidden} layers, and {@code dropout}}
   *
   * @param task what is predicted
   */
  public static List<Space> tabularSpaces(Task task) {
    return Usual.tabular(Objects.requireNonNull(task, "task"));
  }

  /**
   * {@return what sets the values of {@link #tabularSpaces}, or of spaces of some of these names,
   * in a preset}
   *
   * @param preset the preset that learners have otherwise, with the epochs of the search, as its
   *     learning rate follows them
   */
  public static Setup tabularSetup(Tabular preset) {
    Objects.requireNonNull(preset, "preset");
    return (learner, values) -> Usual.learner(learner, preset, values);
  }

  /**
   * {@return this search with another number of trials}
   *
   * @param count the trials, at least 1; a grid may have fewer
   * @throws IllegalArgumentException if it is below 1
   */
  public Search withTrials(int count) {
    requireAtLeast("count", count, 1);
    return with(draft -> draft.trials = count);
  }

  /**
   * {@return this search with another length of a whole training}
   *
   * @param count the epochs of the trials that are trained to the end, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public Search withEpochs(int count) {
    requireAtLeast("count", count, 1);
    return with(draft -> draft.epochs = count);
  }

  private static void requireAtLeast(String name, int count, int least) {
    if (count < least) {
      throw new IllegalArgumentException(
          "%s: %d; expected at least %d".formatted(name, count, least));
    }
  }

  /**
   * {@return this search by another method}
   *
   * @param method which trials are trained for how long
   */
  public Search withMethod(Method method) {
    Objects.requireNonNull(method, "method");
    return with(draft -> draft.method = method);
  }

  /**
   * {@return this search with another seed}
   *
   * @param seed the seed of the trials' places; 0 by default. Trainings have the learner's
   */
  public Search withSeed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  /**
   * {@return this search, comparing trials by a metric of their dev rows} Default: the dev loss,
   * which is no measure where the loss itself is searched for. Rules of the recipe watch what they
   * watched; with {@code onMetric()} they watch this metric.
   *
   * @param metric the metric
   */
  public Search withMetric(DevMetric metric) {
    Objects.requireNonNull(metric, "metric");
    return with(draft -> draft.metric = Optional.of(metric));
  }

  /**
   * {@return this search, comparing trials by the mean of their dev scores over folds, each of
   * which holds out a part of the training and dev rows} A trial is a training for each fold.
   * Models are trained on the learner's own split when they are asked for.
   *
   * @param count the folds, at least 2
   * @throws IllegalArgumentException if it is below 2
   */
  public Search withFolds(int count) {
    requireAtLeast("count", count, 2);
    return with(draft -> draft.folds = count);
  }

  /**
   * {@return this search with a budget}
   *
   * @param budget what it may cost
   */
  public Search withBudget(Budget budget) {
    Objects.requireNonNull(budget, "budget");
    return with(draft -> draft.budget = budget);
  }

  /**
   * {@return this search, keeping the trainings of some of the best trials, for their models}
   *
   * @param count how many, at least 1; 10 by default
   * @throws IllegalArgumentException if it is below 1
   */
  public Search withSurvivors(int count) {
    requireAtLeast("count", count, 1);
    return with(draft -> draft.survivors = count);
  }

  /**
   * {@return this search, training several trials side by side} The calling thread trains too.
   *
   * @param executor lends the other threads; a thread of it that comes late finds nothing to do
   * @param width the most trials at a time, at least 1
   * @throws IllegalArgumentException if the width is below 1
   */
  public Search withParallel(Executor executor, int width) {
    Objects.requireNonNull(executor, "executor");
    requireAtLeast("width", width, 1);
    return with(draft -> draft.crew = new Crew(executor, width));
  }

  /**
   * {@return this search, telling of each rung that a trial has reached}
   *
   * @param listener is told by the thread that trained it, one at a time; what it throws ends the
   *     search
   */
  public Search withProgress(Consumer<Progress> listener) {
    Objects.requireNonNull(listener, "listener");
    return with(draft -> draft.progress = listener);
  }

  /**
   * Searches.
   *
   * @param table labelled rows
   * @return the trials with their scores
   * @throws DataException if the table is not what the learner needs
   * @throws IllegalArgumentException if there are neither dev rows nor folds, or more spaces than
   *     Sobol points have dimensions, 32
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Result run(Table table) {
    return inMemory(Rows.of(table));
  }

  /**
   * Searches by images.
   *
   * @param images images with labels
   * @return the trials with their scores
   * @throws DataException if the images are not what the learner needs
   * @throws IllegalArgumentException as {@link #run(Table)}
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Result run(Idx.Images images) {
    return inMemory(Rows.of(images));
  }

  /**
   * Searches, writing down in a journal what was done: killed at any moment, the same call goes on
   * from there to the same result, and repeats no rung of a trial that is written down.
   *
   * <p>The journal is a file of lines of JSON, {@code doc/search.md} describes them. Beside it, in
   * a folder of its name with {@code .trials} behind, are the trainings of the trials that may be
   * trained on or asked for; what is missing there is trained again. What may differ from call to
   * call are budget, executor, progress and survivors.
   *
   * @param table labelled rows
   * @param journal the journal; begun if there is none
   * @return the trials with their scores
   * @throws IOException if the journal cannot be written, another search has it, it is damaged, or
   *     it is the journal of a search with another space, recipe, method, seed or table; the
   *     message names what differs
   * @throws DataException if the table is not what the learner needs
   * @throws IllegalArgumentException as {@link #run(Table)}
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Result run(Table table, Path journal) throws IOException {
    return withJournal(Rows.of(table), journal);
  }

  /**
   * Searches by images, writing down what was done, as {@link #run(Table, Path)}.
   *
   * @param images images with labels
   * @param journal the journal; begun if there is none
   * @return the trials with their scores
   * @throws IOException as {@link #run(Table, Path)}
   * @throws DataException if the images are not what the learner needs
   * @throws IllegalArgumentException as {@link #run(Table)}
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Result run(Idx.Images images, Path journal) throws IOException {
    return withJournal(Rows.of(images), journal);
  }

  private Result withJournal(Rows rows, Path file) throws IOException {
    Objects.requireNonNull(file, "journal");
    try (Journal journal = Journal.claimed(file, spaces)) {
      Checkpoints checkpoints = Checkpoints.in(journal.folder());
      Trainer trainer = trainer(rows, checkpoints);
      journal.begin(identity(trainer.whole()));
      return result(trainer, checkpoints, journal);
    }
  }

  /** {@return what the search is, for the first line of a journal} */
  private Map<String, Json> identity(Run whole) {
    Map<String, Json> learner = new LinkedHashMap<>();
    Map<String, Json> data = new LinkedHashMap<>();
    Training.identity(whole.recipe(), whole.data())
        .forEach(
            (name, text) ->
                (name.startsWith("training") || name.startsWith("dev") ? data : learner)
                    .put(name, Json.of(text)));
    whole
        .test()
        .ifPresent(
            rows ->
                Training.identity(whole.recipe(), TrainingData.of(rows))
                    .forEach(
                        (name, text) -> {
                          if (name.startsWith("training")) {
                            data.put(name.replace("training", "test"), Json.of(text));
                          }
                        }));
    data.put("target", Json.of(whole.encoder().target().toString()));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("method", Json.of(method.toString()));
    members.put("trials", Json.of(trials));
    members.put("epochs", Json.of(epochs));
    members.put("seed", Json.of(seed));
    members.put("folds", Json.of(folds));
    members.put("score", Json.of(scoreName()));
    members.put("largerIsBetter", Json.of(largerIsBetter()));
    members.put("spaces", new Json.Arr(spaces.stream().map(s -> Json.of(s.toString())).toList()));
    members.put("learner", new Json.Obj(learner));
    members.put("data", new Json.Obj(data));
    return members;
  }

  private Result inMemory(Rows rows) {
    try {
      Checkpoints checkpoints = Checkpoints.inMemory();
      return result(trainer(rows, checkpoints), checkpoints, Searching.Log.none());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Trainer trainer(Rows rows, Checkpoints checkpoints) {
    if (spaces.size() > dev.lanewise.search.Sobol.DIMENSIONS
        && (method instanceof Method.Halving || method instanceof Method.Sobol)) {
      throw new IllegalArgumentException(
          "spaces: %d; expected at most %d for Sobol points, or another method"
              .formatted(spaces.size(), dev.lanewise.search.Sobol.DIMENSIONS));
    }
    if (method instanceof Method.CoarseToFine fine && fine.rounds() > trials) {
      throw new IllegalArgumentException(
          "rounds: %d of %d trials; expected at least a trial for each"
              .formatted(fine.rounds(), trials));
    }
    return new Trainer(rows, learner, setup, metric, epochs, folds, checkpoints);
  }

  private Result result(Trainer trainer, Checkpoints checkpoints, Searching.Log log)
      throws IOException {
    Design design = new Design(method, spaces, trials, epochs, seed);
    Searching searching =
        new Searching(
            design, trainer, checkpoints, log, budget, survivors, largerIsBetter(), crew, progress);
    Optional<String> stopped = searching.run();
    return new Result(
        this, trainer, searching.trials(stopped.isEmpty()), searching.ranked(), stopped);
  }

  private String scoreName() {
    return metric.map(DevMetric::name).orElse("dev loss");
  }

  private boolean largerIsBetter() {
    return metric.map(DevMetric::largerIsBetter).orElse(false);
  }

  /**
   * The trials of a search with their scores, and the models of the best. Keeps the encoded rows
   * and the best trials' trainings.
   *
   * <p>For one thread at a time where it trains: {@link #learned} and {@link #model}.
   */
  public static final class Result {

    private final Search search;
    private final Trainer trainer;
    private final List<Trial> trials;
    private final List<Integer> ranked;
    private final Optional<String> stopped;

    private Result(
        Search search,
        Trainer trainer,
        List<Trial> trials,
        List<Integer> ranked,
        Optional<String> stopped) {
      this.search = search;
      this.trainer = trainer;
      this.trials = trials;
      this.ranked = ranked;
      this.stopped = stopped;
    }

    /** {@return the parameters} */
    public List<Space> spaces() {
      return search.spaces;
    }

    /** {@return all trials by their numbers} */
    public List<Trial> trials() {
      return trials;
    }

    /** {@return the trials that have a score, the best first} */
    public List<Trial> ranked() {
      return ranked.stream().map(trials::get).toList();
    }

    /**
     * {@return the trial with the best score, whatever epochs it was trained for}
     *
     * @throws NoSuchElementException if no trial has a score; the message gives the reason of the
     *     first that failed
     */
    public Trial best() {
      if (ranked.isEmpty()) {
        throw new NoSuchElementException(
            "no trial has a score"
                + trials.stream()
                    .filter(trial -> trial.failure().isPresent())
                    .findFirst()
                    .map(trial -> "; trial %d: %s".formatted(trial.number(), trial.failure().get()))
                    .orElse(""));
      }
      return trials.get(ranked.getFirst());
    }

    /** {@return what scores are, as {@code dev loss} or a metric's name} */
    public String scoreName() {
      return search.scoreName();
    }

    /** {@return whether a larger score is better} */
    public boolean largerIsBetter() {
      return search.largerIsBetter();
    }

    /** {@return the epochs of all trials and folds together} */
    public long epochs() {
      return trials.stream().mapToLong(Trial::epochs).sum();
    }

    /** {@return the budget that ended the search before all was done, if one did} */
    public Optional<String> stopped() {
      return stopped;
    }

    /** {@return the training, dev and test rows of the table} */
    public Split split() {
      return trainer.whole().split();
    }

    /** {@return the dev rows as the learner encodes them, if it has any} */
    public Optional<Dataset> dev() {
      return trainer.whole().dev();
    }

    /**
     * {@return the best trials, the best first, as many as the search keeps trainings of} What is
     * combined into an ensemble is taken from these.
     */
    public List<Trial> survivors() {
      return ranked().stream().limit(search.survivors).toList();
    }

    /**
     * {@return the model of a trial that has a score} Test rows are not looked at. Trained again if
     * its training was not kept, and with folds, where it is trained on the learner's own split.
     *
     * @param trial a trial of this result
     * @throws IllegalArgumentException if it has no score
     * @throws CancellationException if the thread is interrupted; it stays so
     */
    public Model model(Trial trial) {
      try (Run run = restored(trial)) {
        return run.model();
      }
    }

    /**
     * {@return the best trial's model with its scores on training, dev and test rows} Only here are
     * test rows predicted. With folds the values are trained once more, on the learner's own split.
     *
     * @throws NoSuchElementException if no trial has a score
     * @throws ArithmeticException if that training diverges
     * @throws CancellationException if the thread is interrupted; it stays so
     */
    public Learned learned() {
      try (Run run = restored(best())) {
        return run.finish();
      }
    }

    private Run restored(Trial trial) {
      Objects.requireNonNull(trial, "trial");
      if (trial.score().isEmpty()) {
        throw new IllegalArgumentException(
            "trial: %d has no score; expected one that has".formatted(trial.number()));
      }
      return trainer.restored(trial);
    }

    /**
     * {@return how much of the differences between trials each parameter alone explains, 0 to 1, by
     * name}
     *
     * <p>Trials are ranked by their scores after their first rung, where all have been trained
     * alike; those that failed come last. They are grouped by the parameter: by choices, or by
     * quantiles into as many groups as the root of the number of trials, at most 5. R² is the share
     * of the ranks' variance that lies between groups; given is 1 − (1 − R²)·(n − 1)/(n − k) for n
     * trials in k groups, at least 0, whose expectation is 0 for a parameter without effect. What
     * parameters do together only is not seen.
     */
    public Map<String, Double> importance() {
      List<Trial> begun = trials.stream().filter(trial -> !trial.rungs().isEmpty()).toList();
      double sign = largerIsBetter() ? -1 : 1;
      double[] scores =
          begun.stream()
              .map(trial -> trial.rungs().getFirst().score())
              .mapToDouble(
                  score ->
                      score.isPresent() ? sign * score.getAsDouble() : Double.POSITIVE_INFINITY)
              .toArray();
      return Effects.of(search.spaces, begun.stream().map(Trial::values).toList(), scores);
    }

    /** {@return the best trial, and how many there are} */
    @Override
    public String toString() {
      return "%d trials, %d epochs; best: %s"
          .formatted(trials.size(), epochs(), ranked.isEmpty() ? "none" : best());
    }
  }
}
