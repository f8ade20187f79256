package dev.lanewise.model;

import dev.lanewise.data.Encoder;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Predictions with dropout left on (Gal and Ghahramani 2016): T passes, in each of which other
 * units are dropped, and for each row their mean, standard deviation and an interval between two of
 * their quantiles.
 *
 * <p>A pass is one draw of the network: which units it drops depends on the seed and the number of
 * the pass alone, and is the same for all rows. So a row's results have the same bits in any batch
 * and by any number of threads, and rows of one pass can be compared. For each row the T passes are
 * independent draws, as in the paper. Batch norm takes its running statistics. Kept units are
 * multiplied as in training, by 1/keep, or not at all in the classic form.
 *
 * <p>The spread is what dropout says of the network's own doubt. The noise of the target, τ⁻¹ in
 * the paper, is not in it, and no share of rows is guaranteed: {@link Conformal} has intervals for
 * that.
 *
 * <p>One thread at a time; a second one that comes meanwhile gets an {@link IllegalStateException}.
 * Shares nothing that changes with the model, owns a copy of its parameters, packed anew for each
 * pass, and T results of up to 256 rows. Predictions allocate nothing. A call costs T predictions,
 * and T times the packing of all weights for each 256 rows.
 */
public final class MonteCarloDropout {

  /** The most passes. */
  public static final int MOST_PASSES = 4000;

  private static final int FEWEST_PASSES = 2;
  private static final double USUAL_COVERAGE = 0.9;

  /** The most results that are held at once, of whole rows; of one row there may be more. */
  private static final int MOST_DRAWS = 1 << 21;

  private static final long STREAM = CounterRandom.stream("monte-carlo-dropout");

  private final Model model;
  private final int passes;
  private final long seed;
  private final Coverage coverage;

  /** How many of the sorted results lie outside an interval at either end. */
  private final int outside;

  private final List<Place> places;
  private final float[] parameters;

  /** θ with the weights of dropped units zero and those of kept ones scaled. */
  private final float[] masked;

  private final PackedNetwork packed;
  private final Predictor predictor;
  private final int numbers;
  private final float[] rows;
  private final double[] one;
  private final double[] draws;
  private final double[] sorted;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * The weights behind a dropout.
   *
   * @param number 0 for the inputs, n behind the n-th dense layer
   * @param threshold the words below it, unsigned, mean "kept"
   * @param scale what kept units are multiplied by
   * @param offset the first weight
   * @param units the units that may be dropped
   * @param outputs the weights of each
   */
  private record Place(
      int number, int threshold, float scale, int offset, int units, int outputs) {}

  private MonteCarloDropout(Model model, int passes, long seed, Coverage coverage) {
    this.model = model;
    this.passes = passes;
    this.seed = seed;
    this.coverage = coverage;
    outside = coverage.outside(passes);
    Network network = model.network();
    List<Layer> layers = network.layers().stream().filter(layer -> !drops(layer)).toList();
    Network plain = new Network(network.inputs(), layers, network.loss());
    places = places(network);
    parameters = model.requireParameters();
    masked = parameters.clone();
    packed = PackedNetwork.pack(plain, masked, model.engine(), model.weightFormat());
    OneModel forward = new OneModel(packed, model.encoder(), model.temperature());
    predictor =
        new Predictor(forward, model.link(), model.temperature(), model.columns(), model.outputs());
    numbers = Links.classes(model.link(), model.outputs());
    int atOnce = Math.clamp(MOST_DRAWS / (passes * (long) numbers), 1, Forward.ROWS);
    rows = new float[Math.multiplyExact(atOnce, model.columns())];
    one = new double[Math.multiplyExact(atOnce, numbers)];
    draws = new double[Math.multiplyExact(passes, one.length)];
    sorted = new double[passes];
  }

  private static List<Place> places(Network network) {
    List<Place> places = new ArrayList<>();
    Layout layout = network.layout();
    List<Network.Node> nodes = network.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      if (drops(nodes.get(i).layer())) {
        places.add(place(nodes.get(i), nodes.get(i + 1), layout));
      }
    }
    return List.copyOf(places);
  }

  private static boolean drops(Layer layer) {
    return layer instanceof Dropout dropout && dropout.keep() < 1;
  }

  /** {@return the weights behind a dropout; refuses what is no dense layer} */
  private static Place place(Network.Node node, Network.Node next, Layout layout) {
    if (!(next.layer() instanceof Dense)) {
      throw new IllegalArgumentException(
          "model: %s stands before %s; expected a Dense directly behind each dropout"
              .formatted(node.name(), next.layer()));
    }
    Dropout dropout = (Dropout) node.layer();
    return new Place(
        node.number(),
        CounterRandom.threshold(dropout.keep()),
        (float) dropout.trainingScale(),
        next.slot(layout, Slot.Role.WEIGHT).offset(),
        next.inputs(),
        next.outputs());
  }

  /**
   * {@return passes of a model; intervals hold nine tenths of them}
   *
   * @param model a model whose network has dropout
   * @param passes T, from 2 to {@value #MOST_PASSES}
   * @param seed what the dropped units are a function of
   * @throws IllegalArgumentException if the network drops nothing or has members, a dropout does
   *     not stand directly before a dense layer, or the passes are out of range
   * @throws IllegalStateException if the model is a serving form
   */
  public static MonteCarloDropout of(Model model, int passes, long seed) {
    Objects.requireNonNull(model, "model");
    if (passes < FEWEST_PASSES || passes > MOST_PASSES) {
      throw new IllegalArgumentException(
          "passes: %d; expected from %d to %d".formatted(passes, FEWEST_PASSES, MOST_PASSES));
    }
    if (model.network().members() > 1) {
      throw new IllegalArgumentException(
          "model: a network of %d members, each of which drops other units; expected one without members"
              .formatted(model.network().members()));
    }
    if (places(model.network()).isEmpty()) {
      throw new IllegalArgumentException(
          "model: its network drops nothing; expected one with dropout");
    }
    return new MonteCarloDropout(model, passes, seed, Coverage.of(USUAL_COVERAGE));
  }

  /**
   * {@return the same passes with other intervals}
   *
   * @param share the share of the passes that intervals hold at least, above 0 and below 1, taken
   *     as the decimal that it prints as
   * @throws IllegalArgumentException if it is out of range
   */
  public MonteCarloDropout withCoverage(double share) {
    return new MonteCarloDropout(model, passes, seed, Coverage.of(share));
  }

  /** {@return the model} */
  public Model model() {
    return model;
  }

  /** {@return the passes, T} */
  public int passes() {
    return passes;
  }

  /** {@return the seed} */
  public long seed() {
    return seed;
  }

  /** {@return the share of the passes that intervals hold at least} */
  public double coverage() {
    return coverage.share().doubleValue();
  }

  /**
   * {@return the numbers that a row's results have: one for each class, also of two, or each value}
   */
  public int numbers() {
    return numbers;
  }

  /**
   * Predicts mean, standard deviation and interval of the passes, of probabilities or of values in
   * original units. ⌊T·(1 − coverage)/2⌋ of the passes are left out at either end of an interval.
   *
   * @param rows encoded rows {@code [count][columns]}, as {@link Encoder} makes them; not changed
   * @param count the number of rows, at least 0
   * @param mean receives the means {@code [count][numbers]}
   * @param deviation receives the standard deviations, the squares divided by T
   * @param lower receives the lower ends
   * @param upper receives the upper ends; four different arrays. All four are NaN for a row with
   *     NaN
   * @throws IllegalArgumentException if the count is negative, an array is too short or there
   *     twice; nothing is written then
   * @throws IllegalStateException if another thread is predicting with this
   */
  public void predict(
      float[] rows, int count, double[] mean, double[] deviation, double[] lower, double[] upper) {
    Predictor.check("rows", rows, count, model.columns());
    check("mean", mean, count);
    check("deviation", deviation, count);
    check("lower", lower, count);
    check("upper", upper, count);
    requireOther("deviation", deviation, mean);
    requireOther("lower", lower, mean);
    requireOther("lower", lower, deviation);
    requireOther("upper", upper, mean);
    requireOther("upper", upper, deviation);
    requireOther("upper", upper, lower);
    enter();
    try {
      int some = one.length / numbers;
      for (int from = 0; from < count; from += some) {
        some = Math.min(some, count - from);
        draw(rows, from, some);
        for (int i = 0; i < some * numbers; i++) {
          summarise(i, from * numbers + i, mean, deviation, lower, upper);
        }
      }
    } finally {
      busy.set(false);
    }
  }

  /**
   * Predicts by each pass: probabilities, or values in original units.
   *
   * @param rows encoded rows {@code [count][columns]}; not changed
   * @param count the number of rows, at least 0
   * @param out receives {@code [count][numbers][passes]}
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if another thread is predicting with this
   */
  public void draws(float[] rows, int count, double[] out) {
    Predictor.check("rows", rows, count, model.columns());
    Objects.requireNonNull(out, "out");
    Predictor.check("out", out.length, count, Math.multiplyExact(numbers, passes));
    enter();
    try {
      int some = one.length / numbers;
      for (int from = 0; from < count; from += some) {
        some = Math.min(some, count - from);
        draw(rows, from, some);
        int size = some * numbers * passes;
        System.arraycopy(draws, 0, out, from * numbers * passes, size);
      }
    } finally {
      busy.set(false);
    }
  }

  private void check(String name, double[] out, int count) {
    Objects.requireNonNull(out, name);
    Predictor.check(name, out.length, count, numbers);
  }

  private static void requireOther(String name, double[] array, double[] other) {
    if (array == other) {
      throw new IllegalArgumentException(
          "%s: an array that receives something else; expected another".formatted(name));
    }
  }

  private void enter() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "these passes are at work for another thread; expected one thread at a time: give each"
              + " passes of its own");
    }
  }

  /** Leaves the results of all passes for some rows in the draws, {@code [row][number][pass]}. */
  private void draw(float[] from, int first, int count) {
    System.arraycopy(from, first * model.columns(), rows, 0, count * model.columns());
    for (int pass = 0; pass < passes; pass++) {
      mask(pass);
      packed.repack(masked);
      if (ConformalScores.predictsValues(model)) {
        predictor.values(rows, count, one);
      } else {
        predictor.probabilities(rows, count, one);
      }
      for (int i = 0; i < count * numbers; i++) {
        draws[i * passes + pass] = one[i];
      }
    }
  }

  /**
   * Multiplies the weights behind each dropout as it would multiply the units: by 0 or by the scale
   * of training.
   */
  private void mask(int pass) {
    long passKey = CounterRandom.key(seed, STREAM, pass);
    for (int p = 0; p < places.size(); p++) {
      Place place = places.get(p);
      long key = CounterRandom.key(passKey, place.number(), 0);
      int at = place.offset();
      for (int unit = 0; unit < place.units(); unit++) {
        float factor = CounterRandom.kept(key, unit, place.threshold()) ? place.scale() : 0;
        for (int end = at + place.outputs(); at < end; at++) {
          masked[at] = parameters[at] * factor;
        }
      }
    }
  }

  private void summarise(
      int number, int at, double[] mean, double[] deviation, double[] lower, double[] upper) {
    System.arraycopy(draws, number * passes, sorted, 0, passes);
    double sum = 0;
    for (double draw : sorted) {
      sum += draw;
    }
    double middle = sum / passes;
    double squares = 0;
    for (double draw : sorted) {
      squares += (draw - middle) * (draw - middle);
    }
    Arrays.sort(sorted);
    mean[at] = middle;
    deviation[at] = Math.sqrt(squares / passes);
    lower[at] = Double.isNaN(middle) ? Double.NaN : sorted[outside];
    upper[at] = Double.isNaN(middle) ? Double.NaN : sorted[passes - 1 - outside];
  }

  /** {@return passes, seed and coverage} */
  @Override
  public String toString() {
    return "%d passes with dropout, seed %d, intervals of %s".formatted(passes, seed, coverage);
  }
}
