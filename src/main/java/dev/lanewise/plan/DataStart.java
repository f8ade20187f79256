package dev.lanewise.plan;

import dev.lanewise.data.ExampleSet;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.List;
import java.util.Objects;

/**
 * The start of dense layers by data (Holzmüller, Grinsztajn and Steinwart 2024): each unit's
 * weights are divided by the deviation of its sums over the training rows, so that they vary by 1,
 * and its bias is minus a random mean of the sums of five rows, so that the kink of its activation
 * lies among the rows.
 *
 * <p>Works from the first layer to the last, because a layer's inputs depend on those below.
 * Dropout is left out, as in inference, and batch norm below takes its moments over the same rows.
 * Behind members they are those rows of all members; each member's last layer sees its own. Rows
 * and the shares of their means are drawn by the seed and the name of the bias; moments are formed
 * as those of {@link BatchStatistics} are: the result is the same whatever the threads and kernels.
 */
public final class DataStart {

  /** The most rows that are looked at, the first ones. */
  static final int MOST_ROWS = 1 << 14;

  /** The rows whose sums a bias is a mean of. */
  private static final int EXAMPLES = 5;

  /** Values whose deviation is below this share of their mean vary by little but rounding. */
  private static final double LEAST = 1e-5;

  private final Network network;
  private final Layout layout;
  private final float[] result;

  /** θ with the exact statistics of batch norms, by which the layers above see their inputs. */
  private final float[] theta;

  private final ExampleSet rows;
  private final long seed;
  private final Engine engine;

  private DataStart(Network network, float[] theta, ExampleSet rows, long seed, Engine engine) {
    this.network = network;
    this.theta = theta.clone();
    this.rows = rows;
    this.seed = seed;
    this.engine = engine;
    layout = network.layout();
    result = theta.clone();
  }

  /**
   * {@return a copy of θ with all dense layers started by data, the last one too} Everything else
   * is copied unchanged, as are units whose sums do not vary: those that start at 0, for example. A
   * single sigmoid output, which stands for the difference of two, starts √2 times as wide. Costs
   * one inference of the layers up to it for each dense layer and each batch norm, for which
   * streamed rows are read anew each time; weights of rows are ignored.
   *
   * @param network the network
   * @param theta θ, of the layout's size; read only
   * @param rows the examples, in memory or streamed, of which the first 16 384 are looked at
   * @param seed the seed of what is drawn
   * @param engine the kernels and the threads
   * @throws IllegalArgumentException if θ's length or the features' columns do not fit the network
   * @throws java.io.UncheckedIOException if a streamed row cannot be read
   */
  public static float[] of(
      Network network, float[] theta, ExampleSet rows, long seed, Engine engine) {
    Objects.requireNonNull(engine, "engine");
    if (theta.length != network.layout().size()) {
      throw new IllegalArgumentException(
          "theta: length %d; expected %d".formatted(theta.length, network.layout().size()));
    }
    if (rows.columns() != network.inputs()) {
      throw new IllegalArgumentException(
          "rows: %d columns; expected %d".formatted(rows.columns(), network.inputs()));
    }
    DataStart start = new DataStart(network, theta, rows, seed, engine);
    List<Network.Node> nodes = network.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).layer() instanceof Dense) {
        start.startDense(nodes.get(i), i);
      } else if (nodes.get(i).layer() instanceof BatchNorm) {
        start.takeStatistics(nodes.get(i), i);
      }
    }
    return start.result;
  }

  private PooledMoments moments(int layers, int width, PooledMoments.Block each) {
    PackedNetwork packed = PackedNetwork.first(network, layers, theta, engine);
    return PooledMoments.of(packed, width, rows, MOST_ROWS, each);
  }

  private void takeStatistics(Network.Node norm, int place) {
    PooledMoments moments = moments(place, norm.inputs(), (first, values, count) -> {});
    int mean = norm.slot(layout, Slot.Role.MEAN).offset();
    int variance = norm.slot(layout, Slot.Role.VARIANCE).offset();
    for (int j = 0; j < norm.outputs(); j++) {
      theta[mean + j] = (float) moments.mean(j);
      theta[variance + j] = (float) moments.variance(j, false);
    }
  }

  private void startDense(Network.Node dense, int place) {
    int units = dense.heads() * dense.outputs();
    Examples examples = new Examples(dense, Math.min(MOST_ROWS, rows.rows()));
    PooledMoments moments = moments(place + 1, units, examples);
    boolean ofTwo =
        place + 1 == network.layers().size()
            && dense.outputs() == 1
            && network.loss().link() == Loss.Link.SIGMOID;
    for (int j = 0; j < units; j++) {
      double deviation = Math.sqrt(moments.variance(j, false));
      if (deviation > LEAST * Math.abs(moments.mean(j)) && deviation >= Float.MIN_NORMAL) {
        scale(dense, j, (ofTwo ? Math.sqrt(2) : 1) / deviation, examples);
      }
    }
  }

  /**
   * Multiplies the weights of a unit, and puts its zero among the examples.
   *
   * @param unit its number, those of one member's head behind those of another's
   */
  private void scale(Network.Node dense, int unit, double factor, Examples examples) {
    Slot matrix = dense.matrices(layout).get(unit / dense.outputs());
    int weight = matrix.offset() + unit % dense.outputs();
    for (int k = 0; k < dense.inputs(); k++) {
      int at = weight + k * dense.outputs();
      put(at, (float) (theta[at] * factor));
    }
    if (dense.biased()) {
      int bias = dense.slot(layout, Slot.Role.BIAS).offset() + unit;
      put(bias, (float) ((theta[bias] - examples.mean(unit)) * factor));
    }
  }

  private void put(int at, float value) {
    theta[at] = value;
    result[at] = value;
  }

  /** The sums of each unit in rows of its own. */
  private final class Examples implements PooledMoments.Block {
    private final int units;
    private final long shares;

    /** The numbers of the rows, {@code [units][EXAMPLES]}, those of members counted one by one. */
    private final int[] numbers;

    private final float[] sums;

    Examples(Network.Node dense, int rows) {
      units = dense.heads() * dense.outputs();
      int from = Math.multiplyExact(rows, dense.copies() / dense.heads());
      long stream = CounterRandom.stream(dense.name(Slot.Role.BIAS));
      long key = CounterRandom.key(seed, stream, 0);
      shares = CounterRandom.key(seed, stream, 1);
      numbers = new int[units * EXAMPLES];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = CounterRandom.below(key, i, from);
      }
      sums = new float[numbers.length];
    }

    @Override
    public void at(long first, float[] values, int count) {
      for (int i = 0; i < numbers.length; i++) {
        long row = numbers[i] - first;
        if (row >= 0 && row < count) {
          sums[i] = values[(int) row * units + i / EXAMPLES];
        }
      }
    }

    /** {@return the mean of a unit's sums, with shares that are uniform among all} */
    double mean(int unit) {
      double total = 0;
      double weighted = 0;
      for (int i = unit * EXAMPLES; i < (unit + 1) * EXAMPLES; i++) {
        // Exponential draws by their sum are uniform on the simplex.
        double share = -StrictMath.log(CounterRandom.uniform(shares, i));
        total += share;
        weighted += share * sums[i];
      }
      return weighted / total;
    }
  }
}
