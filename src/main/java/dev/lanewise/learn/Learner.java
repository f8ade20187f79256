package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Roles;
import dev.lanewise.data.Roles.Task;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Split;
import dev.lanewise.data.StreamedRows;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.optim.Optimizer;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.train.DevMetric;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Tabular;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The description of how a model is trained and judged from a table: the roles of columns, the
 * split, the encoding, the network and the recipe.
 *
 * <pre>{@code
 * Learned learned = Learner.classifier("survived").learn(Table.csv(file));
 * learned.model().save(modelFile);
 * }</pre>
 *
 * <p>Every part has a default and can be replaced: 60 % of the rows are trained on, 20 % (dev)
 * select the best epoch, 20 % (test) judge once; columns are encoded and standardised by what the
 * training rows hold; the network has hidden layers of 128 and 64 ReLU units; the loss is
 * cross-entropy for classes and the squared error for values; Adam with a rate of 0.001 takes
 * batches of 64 rows for up to 100 epochs and stops when the dev loss has not fallen for 10. {@link
 * #withPreset} has other defaults, made for tables, which take longer and are more accurate.
 *
 * <p>The model is a function of the table and the learner, whatever the engine. Immutable; safe for
 * use by several threads.
 */
public final class Learner {

  /** The function that makes the network for given inputs, outputs and loss. */
  @FunctionalInterface
  public interface Architecture {

    /**
     * {@return the network}
     *
     * @param inputs the columns of an encoded row
     * @param outputs one for two classes, else one for each class or value
     * @param loss the loss
     */
    Network network(int inputs, int outputs, Loss loss);
  }

  /** All rows of a source whose first ones are in a table. */
  @FunctionalInterface
  public interface Stream {

    /**
     * {@return the rows, encoded}
     *
     * @param encoder the encoder that was fitted on the first ones
     * @throws IOException if they cannot be read
     */
    RowSource rows(Encoder encoder) throws IOException;
  }

  /** A change of the recipe that depends on the rows, as batches of a share of them do. */
  @FunctionalInterface
  public interface Tailoring {

    /**
     * {@return the recipe for the rows}
     *
     * @param recipe the recipe so far
     * @param encoder the encoder, fitted on the training rows
     * @param trainingRows the number of training rows
     */
    Recipe recipe(Recipe recipe, Encoder encoder, int trainingRows);
  }

  private static final long FOLD = CounterRandom.stream("fold");
  private static final double RATE = 1e-3;
  private static final int PATIENCE = 10;

  /** Empty for images. */
  final Optional<Roles> roles;

  final Optional<Split.Ratios> ratios;
  final Optional<Split> split;
  final Optional<Source> dev;
  final Optional<Source> test;
  final Encoder.Options encoding;

  /** Makes the network for training rows and a loss. */
  final BiFunction<Dataset, Loss, Network> network;

  final Function<Target, Loss> loss;
  final Optional<Map<String, Float>> classWeights;
  final Tailoring recipe;
  final Optional<DevMetric> metric;

  /** Whether a temperature is fitted because that was asked for. */
  final boolean calibrates;

  /** Whether classes are judged after a temperature, which a model keeps if that is worth it. */
  final boolean tempers;

  final Optional<Threshold.Measure> measure;

  /** Empty for the standard one, which is not asked for before it is needed: it settles a width. */
  private final Optional<Engine> engine;

  final long seed;

  /** The parts of a learner, with the defaults. */
  private static final class Draft {
    Optional<Roles> roles = Optional.empty();
    Optional<Split.Ratios> ratios = Optional.empty();
    Optional<Split> split = Optional.empty();
    Optional<Source> dev = Optional.empty();
    Optional<Source> test = Optional.empty();
    Encoder.Options encoding = Encoder.Options.standard();
    BiFunction<Dataset, Loss, Network> network =
        ofShape(
            (inputs, outputs, loss) ->
                Network.inputs(inputs)
                    .dense(128)
                    .relu()
                    .dense(64)
                    .relu()
                    .dense(outputs)
                    .loss(loss));
    Function<Target, Loss> loss = Learner::usualLoss;

    /** Empty for none; an empty map for balanced ones. */
    Optional<Map<String, Float>> classWeights = Optional.empty();

    Tailoring recipe = (usual, encoder, trainingRows) -> usual;
    Optional<DevMetric> metric = Optional.empty();
    boolean calibrates;
    boolean tempers;
    Optional<Threshold.Measure> measure = Optional.empty();
    Optional<Engine> engine = Optional.empty();
    long seed;
  }

  private Learner(Draft draft) {
    roles = draft.roles;
    ratios = draft.ratios;
    split = draft.split;
    dev = draft.dev;
    test = draft.test;
    encoding = draft.encoding;
    network = draft.network;
    loss = draft.loss;
    classWeights = draft.classWeights;
    recipe = draft.recipe;
    metric = draft.metric;
    calibrates = draft.calibrates;
    tempers = draft.tempers;
    measure = draft.measure;
    engine = draft.engine;
    seed = draft.seed;
  }

  /** {@return what computes} */
  Engine engine() {
    return engine.orElseGet(Engine::standard);
  }

  private Learner with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.roles = roles;
    draft.ratios = ratios;
    draft.split = split;
    draft.dev = dev;
    draft.test = test;
    draft.encoding = encoding;
    draft.network = network;
    draft.loss = loss;
    draft.classWeights = classWeights;
    draft.recipe = recipe;
    draft.metric = metric;
    draft.calibrates = calibrates;
    draft.tempers = tempers;
    draft.measure = measure;
    draft.engine = engine;
    draft.seed = seed;
    change.accept(draft);
    return new Learner(draft);
  }

  /**
   * {@return a learner of what roles name as labels}
   *
   * @param roles the parts that the columns of a table play
   */
  public static Learner of(Roles roles) {
    Draft draft = new Draft();
    draft.roles = Optional.of(Objects.requireNonNull(roles, "roles"));
    return new Learner(draft);
  }

  /**
   * {@return a learner of classes; every other column is a feature, of the kind that its cells
   * show}
   *
   * @param label the column that holds the classes, by name or number from 1
   */
  public static Learner classifier(String label) {
    return of(Roles.of(label, Task.CLASSIFY));
  }

  /** {@return a learner of the classes of images, which come with them} */
  public static Learner imageClassifier() {
    return new Learner(new Draft());
  }

  /**
   * {@return a learner of numbers; every other column is a feature, of the kind that its cells
   * show}
   *
   * @param labels the columns that are predicted, by name or number from 1; at least one
   * @throws IllegalArgumentException if there is none
   */
  public static Learner regressor(String... labels) {
    for (String label : Objects.requireNonNull(labels, "labels")) {
      Objects.requireNonNull(label, "labels: null; expected the name of a column");
    }
    return of(Roles.of(List.of(labels), Task.REGRESS));
  }

  /**
   * {@return this learner, ignoring columns}
   *
   * @param columns the columns, by name or number from 1
   * @throws IllegalStateException if this is a learner of images
   */
  public Learner withIgnored(String... columns) {
    return withRoles(known -> known.withIgnored(columns));
  }

  /**
   * {@return this learner, taking columns of numbers for categories; texts always are}
   *
   * @param columns the columns, by name or number from 1
   * @throws IllegalStateException if this is a learner of images
   */
  public Learner withCategorical(String... columns) {
    return withRoles(known -> known.withCategorical(columns));
  }

  /**
   * {@return this learner, multiplying the losses of training rows by a column} It is no feature.
   * Dev and test rows count once each.
   *
   * @param column a column of numbers, 0 or more, by name or number from 1
   * @throws IllegalStateException if this is a learner of images
   */
  public Learner withWeights(String column) {
    return withRoles(known -> known.withWeights(column));
  }

  /**
   * {@return this learner, keeping the rows of a group (a patient, a customer) in one part of the
   * split and in one fold} The column is no feature.
   *
   * @param column the column that names the group of each row, by name or number from 1
   * @throws IllegalStateException if this is a learner of images
   */
  public Learner withGroups(String column) {
    return withRoles(known -> known.withGroups(column));
  }

  private Learner withRoles(UnaryOperator<Roles> change) {
    Roles changed = change.apply(requireColumns());
    return with(draft -> draft.roles = Optional.of(changed));
  }

  private Roles requireColumns() {
    return roles.orElseThrow(
        () -> new IllegalStateException("a learner of images, which have no columns"));
  }

  /**
   * {@return this learner with other shares of training, dev and test rows; classes are divided in
   * proportion, groups stay together} Default: 60/20/20; a part that is given as a table of its own
   * has the share 0: 80/0/20 with dev rows, 80/20/0 with test rows, 100/0/0 with both. Without dev
   * rows nothing stops early.
   *
   * @param shares the shares
   */
  public Learner withSplit(Split.Ratios shares) {
    Objects.requireNonNull(shares, "shares");
    return with(
        draft -> {
          draft.ratios = Optional.of(shares);
          draft.split = Optional.empty();
        });
  }

  /**
   * {@return this learner with a given split}
   *
   * @param rows the training, dev and test rows of the table; no dev rows, or no test rows, where
   *     these are given as a table of their own
   */
  public Learner withSplit(Split rows) {
    Objects.requireNonNull(rows, "rows");
    return with(
        draft -> {
          draft.split = Optional.of(rows);
          draft.ratios = Optional.empty();
        });
  }

  /**
   * {@return this learner with dev rows of their own}
   *
   * @param rows the rows that select the best epoch, with labels
   */
  public Learner withDev(Table rows) {
    Objects.requireNonNull(rows, "rows");
    return with(draft -> draft.dev = Optional.of(new Source.OfTable(rows)));
  }

  /**
   * {@return this learner with dev images of their own}
   *
   * @param images the images that select the best epoch
   */
  public Learner withDev(Idx.Images images) {
    Objects.requireNonNull(images, "images");
    return with(draft -> draft.dev = Optional.of(new Source.OfImages(images)));
  }

  /**
   * {@return this learner with test rows of their own}
   *
   * @param rows the rows to judge by, with labels
   */
  public Learner withTest(Table rows) {
    Objects.requireNonNull(rows, "rows");
    return with(draft -> draft.test = Optional.of(new Source.OfTable(rows)));
  }

  /**
   * {@return this learner with test images of their own}
   *
   * @param images the images to judge by
   */
  public Learner withTest(Idx.Images images) {
    Objects.requireNonNull(images, "images");
    return with(draft -> draft.test = Optional.of(new Source.OfImages(images)));
  }

  /**
   * {@return this learner with the encoding, the network, the loss and the recipe of a preset, in
   * place of those that it has} What is changed afterwards overrides a part of the preset; epochs
   * and batches are to be changed in the preset itself, as its learning rate follows them.
   *
   * <p>The epoch of classes is chosen by the metric, which is {@link DevMetric#calibratedLogLoss}
   * unless {@link #withMetric} gives another, and the model keeps the temperature of the dev rows
   * if it is worth it; see {@link Tabular#withCalibration}.
   *
   * @param preset the preset
   * @throws IllegalStateException if this is a learner of images
   */
  public Learner withPreset(Tabular preset) {
    Objects.requireNonNull(preset, "preset");
    requireColumns();
    return with(
        draft -> {
          draft.encoding = preset.encoding();
          draft.network = preset::network;
          draft.loss = preset::loss;
          draft.tempers = preset.calibrates();
          draft.recipe =
              (usual, encoder, rows) ->
                  ofPreset(preset, encoder.target(), preset.recipe(usual.network(), rows))
                      .withSeed(usual.seed());
        });
  }

  /** {@return a preset's recipe, watching the metric where classes are judged by it} */
  private static Recipe ofPreset(Tabular preset, Target target, Recipe recipe) {
    return preset.calibrates() && target instanceof Target.Classes
        ? recipe.withEarlyStopping(recipe.earlyStopping().onMetric())
        : recipe;
  }

  /**
   * {@return this learner with another encoding of tables}
   *
   * @param options what is made of columns; values are not scaled where the loss takes means,
   *     whatever this says
   */
  public Learner withEncoding(Encoder.Options options) {
    Objects.requireNonNull(options, "options");
    return with(draft -> draft.encoding = options);
  }

  /**
   * {@return this learner with another network}
   *
   * @param network makes the network
   */
  public Learner withNetwork(Architecture network) {
    Objects.requireNonNull(network, "network");
    return with(draft -> draft.network = ofShape(network));
  }

  private static BiFunction<Dataset, Loss, Network> ofShape(Architecture its) {
    return (rows, loss) ->
        its.network(rows.columns(), rows.encoder().orElseThrow().target().outputs(), loss);
  }

  /**
   * {@return this learner with another network, which depends on what the columns hold, as one that
   * begins with an {@code Embedding} does}
   *
   * @param network makes the network for the training rows, of a stream the first ones, and the
   *     loss; the rows' encoder tells of each column, and the rows have the values
   */
  public Learner withNetworkFor(BiFunction<Dataset, Loss, Network> network) {
    Objects.requireNonNull(network, "network");
    return with(draft -> draft.network = network);
  }

  /**
   * {@return this learner with another loss}
   *
   * @param loss the loss, one for the outputs of the target
   */
  public Learner withLoss(Loss loss) {
    Objects.requireNonNull(loss, "loss");
    return with(draft -> draft.loss = target -> loss);
  }

  /**
   * {@return this learner with a loss that depends on the target, as on how many classes there are}
   *
   * @param ofTarget gives the loss for a target; of values also for unscaled ones, to see whether
   *     they may be scaled
   */
  public Learner withLoss(Function<Target, Loss> ofTarget) {
    Objects.requireNonNull(ofTarget, "ofTarget");
    return with(draft -> draft.loss = ofTarget);
  }

  /**
   * {@return this learner with weights of training rows that give all classes the same total
   * weight}
   */
  public Learner withBalancedClasses() {
    return with(draft -> draft.classWeights = Optional.of(Map.of()));
  }

  /**
   * {@return this learner, multiplying the losses of training rows by the weight of their class}
   *
   * @param weights a finite number of at least 0 for some classes by name; others weigh 1
   * @throws IllegalArgumentException if there is none
   */
  public Learner withClassWeights(Map<String, Float> weights) {
    Map<String, Float> copy = Map.copyOf(Objects.requireNonNull(weights, "weights"));
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("weights: none; expected one for some class");
    }
    Map<String, Float> ordered = new LinkedHashMap<>(weights);
    return with(draft -> draft.classWeights = Optional.of(ordered));
  }

  /**
   * {@return this learner, changing the recipe after all that was changed before} The rules that
   * watch dev rows are dropped where there are none.
   *
   * @param change makes another recipe of the one so far, such as {@code r -> r.withEpochs(30)}
   */
  public Learner withRecipe(UnaryOperator<Recipe> change) {
    Objects.requireNonNull(change, "change");
    return tailored("withRecipe", (r, encoder, trainingRows) -> change.apply(r));
  }

  /**
   * {@return this learner, changing the recipe for the rows, after all that was changed before} As
   * {@link #withRecipe}, for what depends on columns or on the number of training rows.
   *
   * @param change makes another recipe of the one so far
   */
  public Learner withRecipeFor(Tailoring change) {
    return tailored("withRecipeFor", Objects.requireNonNull(change, "change"));
  }

  private Learner tailored(String wither, Tailoring change) {
    Tailoring before = recipe;
    return with(
        draft ->
            draft.recipe =
                (usual, encoder, rows) ->
                    given(
                        wither,
                        "a recipe",
                        change.recipe(before.recipe(usual, encoder, rows), encoder, rows)));
  }

  /** {@return what a function of the caller gave; refuses null} */
  private static <T> T given(String wither, String expected, T value) {
    if (value == null) {
      throw new NullPointerException(
          "%s: its function gave null; expected %s".formatted(wither, expected));
    }
    return value;
  }

  /**
   * {@return this learner with another score of the dev rows} Default: accuracy, or RMSE; of
   * classes under a preset, {@link DevMetric#calibratedLogLoss}.
   *
   * @param metric the score, which a rule of the recipe may watch by {@code onMetric()}, as a
   *     preset's of classes does
   */
  public Learner withMetric(DevMetric metric) {
    Objects.requireNonNull(metric, "metric");
    return with(draft -> draft.metric = Optional.of(metric));
  }

  /**
   * {@return this learner, fitting the temperature of probabilities on the dev rows} A preset does
   * so too, but keeps a temperature only if it is worth it.
   */
  public Learner withCalibration() {
    return with(draft -> draft.calibrates = true);
  }

  /**
   * {@return this learner, fitting the threshold of two classes on the dev rows}
   *
   * @param best the measure to maximise
   */
  public Learner withThreshold(Threshold.Measure best) {
    Objects.requireNonNull(best, "best");
    return with(draft -> draft.measure = Optional.of(best));
  }

  /**
   * {@return this learner on another engine; the bits are the same}
   *
   * @param engine the engine
   */
  public Learner withEngine(Engine engine) {
    Objects.requireNonNull(engine, "engine");
    return with(draft -> draft.engine = Optional.of(engine));
  }

  /**
   * {@return this learner with another seed}
   *
   * @param seed the seed of the split, the first parameters, the order of rows and dropout; 0 by
   *     default
   */
  public Learner withSeed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  /**
   * Learns from a table.
   *
   * @param table labelled rows
   * @return the model with its scores
   * @throws DataException if the table is not what the learner needs
   * @throws ArithmeticException if the network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Learned learn(Table table) {
    return learned(begin(table));
  }

  /**
   * Learns from images.
   *
   * @param images images with labels
   * @return the model with its scores
   * @throws DataException if the images are not what the learner needs
   * @throws ArithmeticException if the network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Learned learn(Idx.Images images) {
    return learned(begin(images));
  }

  static Learned learned(Run begun) {
    try (Run run = begun) {
      run.forEach(epoch -> {});
      if (!run.training().finished()) {
        throw new CancellationException(
            "interrupted after epoch %d".formatted(run.training().epochs()));
      }
      return run.finish();
    }
  }

  /**
   * Divides and encodes a table, for the caller to drive the training.
   *
   * @param table labelled rows
   * @return the training at its beginning
   * @throws DataException if the table is not what the learner needs
   */
  public Run begin(Table table) {
    Objects.requireNonNull(table, "table");
    return begin(new Source.OfTable(table));
  }

  /**
   * Divides and encodes images, for the caller to drive the training.
   *
   * @param images images with labels
   * @return the training at its beginning
   * @throws DataException if the images are not what the learner needs
   */
  public Run begin(Idx.Images images) {
    Objects.requireNonNull(images, "images");
    return begin(new Source.OfImages(images));
  }

  /**
   * Begins a training on rows that are read anew in every epoch. What is learned of columns and
   * classes, and dev and test rows, come from the first rows; trained on are all others.
   *
   * @param first the first rows, in memory
   * @param all all rows
   * @param bufferRows the rows that are held for shuffling
   * @return the training at its beginning
   * @throws IOException if the rows cannot be read
   * @throws DataException if the rows are not what the learner needs
   */
  public Run begin(Table first, Stream all, int bufferRows) throws IOException {
    return streaming(new Source.OfTable(Objects.requireNonNull(first, "first")), all, bufferRows);
  }

  /**
   * Begins a training on images that are read anew in every epoch, as {@link #begin(Table, Stream,
   * int)}.
   *
   * @param first the first images, in memory
   * @param all all images
   * @param bufferRows the images that are held for shuffling
   * @return the training at its beginning
   * @throws IOException if the images cannot be read
   * @throws DataException if the images are not what the learner needs
   */
  public Run begin(Idx.Images first, Stream all, int bufferRows) throws IOException {
    return streaming(new Source.OfImages(Objects.requireNonNull(first, "first")), all, bufferRows);
  }

  private Run streaming(Source first, Stream all, int bufferRows) throws IOException {
    Objects.requireNonNull(all, "all");
    if (classWeights.isPresent() || roles.flatMap(Roles::weights).isPresent()) {
      throw new IllegalArgumentException("weights: given; expected none of streamed rows");
    }
    return streaming(first, split(first), all, bufferRows);
  }

  private Run streaming(Source first, Split parts, Stream all, int bufferRows) throws IOException {
    Sets sets = sets(first, parts);
    RowSource rows = all.rows(sets.encoder());
    int[] held =
        IntStream.concat(Arrays.stream(sets.split().dev()), Arrays.stream(sets.split().test()))
            .toArray();
    RowSource others = held.length == 0 ? rows : rows.without(held);
    return new Run(
        this,
        first,
        sets,
        new StreamedRows(others, bufferRows),
        seed,
        () -> streamingAll(first, parts, all, bufferRows));
  }

  private Run streamingAll(Source first, Split parts, Stream all, int bufferRows) {
    if (dev.isPresent()) {
      throw new IllegalArgumentException(
          "dev: rows of their own beside a stream; expected them among the streamed rows");
    }
    try {
      return streaming(first, withoutDev(parts), all, bufferRows);
    } catch (IOException e) {
      throw new UncheckedIOException(first.name() + ": " + e.getMessage(), e);
    }
  }

  /** {@return a split whose dev rows are training rows} */
  private static Split withoutDev(Split parts) {
    int[] both =
        IntStream.concat(Arrays.stream(parts.train()), Arrays.stream(parts.dev()))
            .sorted()
            .toArray();
    return new Split(both, new int[0], parts.test());
  }

  private Run begin(Source source) {
    return begin(source, split(source), seed);
  }

  /** {@return a training on given parts of the rows} */
  Run begin(Source source, Split parts, long itsSeed) {
    Sets sets = sets(source, parts);
    return new Run(this, source, sets, weighted(sets, source), itsSeed);
  }

  /** {@return a training on the training and the dev rows, dev rows of their own behind them} */
  Run beginOnAll(Source source, Split parts, long itsSeed) {
    if (dev.isEmpty()) {
      return begin(source, withoutDev(parts), itsSeed);
    }
    Source both = source.append(dev.get());
    int[] train =
        IntStream.concat(Arrays.stream(parts.train()), IntStream.range(source.rows(), both.rows()))
            .toArray();
    return with(draft -> draft.dev = Optional.empty())
        .begin(both, new Split(train, new int[0], parts.test()), itsSeed);
  }

  /** {@return the parts of the rows} */
  Split split(Source source) {
    requireRows(source);
    if (split.isPresent()) {
      refuseRows("dev", dev.isPresent(), split.get().dev());
      refuseRows("test", test.isPresent(), split.get().test());
      return split.get();
    }
    boolean devGiven = dev.isPresent();
    boolean testGiven = test.isPresent();
    Split.Ratios shares = ratios.orElse(Split.Ratios.usual(devGiven, testGiven));
    refuseShare("dev", devGiven, shares.dev());
    refuseShare("test", testGiven, shares.test());
    Split parts =
        Parts.split(source.classes(roles), source.groups(roles), source.rows(), shares, seed);
    if (parts.train().length == 0) {
      throw new DataException(
          "%s: split %s of %d rows: no training rows; expected at least 1"
              .formatted(source.name(), shares, source.rows()));
    }
    return parts;
  }

  private static void requireRows(Source source) {
    if (source.rows() == 0) {
      throw new DataException("%s: no rows; expected some to learn from".formatted(source.name()));
    }
  }

  private static void refuseRows(String part, boolean given, int[] rows) {
    if (given && rows.length > 0) {
      throw new IllegalArgumentException(
          "split: %d %s rows beside those that are given; expected none"
              .formatted(rows.length, part));
    }
  }

  private static void refuseShare(String part, boolean given, double share) {
    if (given && share > 0) {
      throw new IllegalArgumentException(
          "split: %s %% of the rows as %s rows, which are given; expected 0"
              .formatted(share, part));
    }
  }

  /** {@return the encoded rows of all parts} */
  Sets sets(Source source, Split parts) {
    Encoder encoder = source.fit(roles, parts.train(), options());
    return new Sets(
        encoder,
        parts,
        source.dataset(roles, encoder, parts.train()),
        part(source, encoder, parts.dev(), dev),
        part(source, encoder, parts.test(), test));
  }

  /** {@return the encoding; values are scaled only where the loss takes them as they are} */
  private Encoder.Options options() {
    boolean scalable =
        roles
            .filter(known -> known.task() == Task.REGRESS)
            .map(known -> Target.Values.unscaled(known.labels().size()))
            .map(values -> given("withLoss", "a loss", loss.apply(values)))
            .map(its -> its.link() == Loss.Link.IDENTITY)
            .orElse(true);
    return scalable ? encoding : encoding.withScaledTargets(false);
  }

  private Optional<Dataset> part(
      Source source, Encoder encoder, int[] rows, Optional<Source> given) {
    if (given.isPresent()) {
      int[] all = IntStream.range(0, given.get().rows()).toArray();
      return Optional.of(given.get().dataset(roles, encoder, all));
    }
    return rows.length == 0 ? Optional.empty() : Optional.of(source.dataset(roles, encoder, rows));
  }

  /** {@return the training rows with weights of their own and of their classes} */
  Dataset weighted(Sets sets, Source source) {
    Dataset rows =
        source
            .weights(roles, sets.split().train())
            .map(sets.train()::withWeights)
            .orElse(sets.train());
    if (classWeights.isEmpty()) {
      return rows;
    }
    if (!(sets.encoder().target() instanceof Target.Classes classes)) {
      throw new IllegalArgumentException("classWeights: values are predicted; expected classes");
    }
    return Parts.weighted(rows, classes.labels(), classWeights.get());
  }

  private static Loss usualLoss(Target target) {
    return switch (target) {
      case Target.Classes classes when classes.outputs() == 1 -> new Loss.SigmoidCrossEntropy();
      case Target.Classes classes -> new Loss.SoftmaxCrossEntropy();
      case Target.Values values -> new Loss.SquaredError();
    };
  }

  /** {@return the score of dev rows for a target} */
  DevMetric metric(Target target) {
    return metric.orElseGet(
        () ->
            !(target instanceof Target.Classes)
                ? DevMetric.rmse()
                : tempers ? DevMetric.calibratedLogLoss() : DevMetric.accuracy());
  }

  /**
   * {@return the recipe for encoded rows}
   *
   * @param trainingRows the number of all training rows, of which the sets may have the first
   */
  Recipe recipe(Sets sets, int trainingRows, long itsSeed) {
    Encoder encoder = sets.encoder();
    Loss its = given("withLoss", "a loss", loss.apply(encoder.target()));
    Network made = given("withNetwork", "a network", network.apply(sets.train(), its));
    Recipe usual =
        Recipe.of(made, Optimizer.adam(RATE))
            .withSeed(itsSeed)
            .withEarlyStopping(EarlyStopping.patience(PATIENCE));
    Recipe asked = recipe.recipe(usual, encoder, trainingRows);
    return sets.dev().isPresent()
        ? asked
        : asked.withEarlyStopping(EarlyStopping.never()).withoutReduceOnPlateau();
  }

  /**
   * Trains and judges once for each of some folds, in which classes are divided in proportion and
   * groups stay together.
   *
   * @param table labelled rows
   * @param folds the number of folds, at least 2
   * @return the scores of rows that were not trained on
   * @throws DataException if the table is not what the learner needs
   */
  public CrossValidation crossValidate(Table table, int folds) {
    return crossValidate(table, folds(table, folds));
  }

  /**
   * Trains and judges once for each fold, one after the other.
   *
   * @param table labelled rows
   * @param folds how they are divided
   * @return the scores of rows that were not trained on
   * @throws DataException if the table is not what the learner needs
   * @throws IllegalArgumentException as {@link #crossValidate(Table, Folds, Executor)}
   */
  public CrossValidation crossValidate(Table table, Folds folds) {
    return crossValidate(table, folds, Runnable::run);
  }

  /**
   * Trains and judges once for each fold. The rows that a fold trains on are divided as the split's
   * shares say, the test rows' share aside, so that its held-out rows select nothing: of 60/20/20 a
   * quarter of them is dev rows; in time-ordered folds these are the latest. The bits do not depend
   * on the executor. If a fold fails, the others are interrupted.
   *
   * @param table labelled rows
   * @param folds how they are divided
   * @param executor runs the folds, each as one task; the calling thread runs those that it has not
   *     begun or refuses. With several threads at once, each fold holds its encoded rows
   * @return the scores of rows that were not trained on
   * @throws DataException if the table is not what the learner needs
   * @throws IllegalArgumentException if folds are of another number of rows, or the learner has
   *     rows or a split of its own to judge by
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public CrossValidation crossValidate(Table table, Folds folds, Executor executor) {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(folds, "folds");
    Objects.requireNonNull(executor, "executor");
    return FoldRuns.of(this, new Source.OfTable(table), folds).run(executor);
  }

  private Folds folds(Table table, int count) {
    Source source = new Source.OfTable(Objects.requireNonNull(table, "table"));
    requireRows(source);
    return folds(source, IntStream.range(0, source.rows()).toArray(), count);
  }

  /** {@return folds of some rows, numbered by their places among these} */
  private Folds folds(Source source, int[] rows, int count) {
    Optional<int[]> groups = source.groups(roles).map(of -> Parts.selected(of, rows));
    return groups.isPresent()
        ? Folds.grouped(groups.get(), count, seed)
        : source
            .classes(roles)
            .map(classes -> Folds.stratified(Parts.selected(classes, rows), count, seed))
            .orElseGet(() -> Folds.plain(rows.length, count, seed));
  }

  /**
   * {@return this learner once for each of some folds of its training and dev rows together: the
   * rows that a fold holds out are its dev rows, it has no test rows, and a seed of its own}
   * Classes are divided in proportion, groups stay together. What compares learners by all folds'
   * dev rows looks at no test row.
   *
   * @param table labelled rows
   * @param count the number of folds, at least 2
   * @throws DataException if the table is not what the learner needs
   * @throws IllegalArgumentException if this learner has dev rows of their own, or there are too
   *     few folds or rows
   */
  public List<Learner> folded(Table table, int count) {
    return folded(new Source.OfTable(Objects.requireNonNull(table, "table")), count);
  }

  /**
   * {@return this learner once for each of some folds, as {@link #folded(Table, int)}}
   *
   * @param images images with labels
   * @param count the number of folds, at least 2
   * @throws DataException if the images are not what the learner needs
   * @throws IllegalArgumentException if this learner has dev images of their own, or there are too
   *     few folds or images
   */
  public List<Learner> folded(Idx.Images images, int count) {
    return folded(new Source.OfImages(Objects.requireNonNull(images, "images")), count);
  }

  private List<Learner> folded(Source source, int count) {
    if (dev.isPresent()) {
      throw new IllegalArgumentException(
          "learner: has dev rows of their own; expected none, as each fold holds out its own");
    }
    int[] rows = withoutDev(split(source)).train();
    Folds folds = folds(source, rows, count);
    return IntStream.range(0, count)
        .mapToObj(
            fold ->
                with(
                    draft -> {
                      draft.ratios = Optional.empty();
                      draft.split =
                          Optional.of(
                              new Split(
                                  Parts.selected(rows, folds.training(fold)),
                                  Parts.selected(rows, folds.heldOut(fold)),
                                  new int[0]));
                      draft.test = Optional.empty();
                      draft.seed = CounterRandom.key(seed, FOLD, fold);
                    }))
        .toList();
  }

  /**
   * Whether another learner makes the same sets of encoded rows as this one has made of a table,
   * with the same weights.
   *
   * @param made how this learner has divided the table
   */
  boolean encodesAs(Learner other, Split made) {
    boolean sameSplit =
        other.split.isPresent()
            ? sameRows(other.split.get(), made)
            : split.isEmpty() && ratios.equals(other.ratios) && seed == other.seed;
    return sameSplit
        && roles.map(Roles::toString).equals(other.roles.map(Roles::toString))
        && dev.equals(other.dev)
        && test.equals(other.test)
        && classWeights.equals(other.classWeights)
        && options().equals(other.options());
  }

  private static boolean sameRows(Split one, Split other) {
    return one == other
        || Arrays.equals(one.train(), other.train())
            && Arrays.equals(one.dev(), other.dev())
            && Arrays.equals(one.test(), other.test());
  }

  /** {@return the parts of columns, and the seed} */
  @Override
  public String toString() {
    return "learner of %s, seed %d".formatted(roles.map(Roles::toString).orElse("images"), seed);
  }
}
