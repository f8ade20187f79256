package dev.lanewise.plan;

import dev.lanewise.data.ExampleSet;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.BatchNorm;
import dev.lanewise.net.Network;
import dev.lanewise.tensor.Layout;
import dev.lanewise.tensor.Slot;
import java.util.Objects;

/**
 * The exact statistics of a network's batch norms: mean and variance of what each normalises, over
 * all rows of a data set, instead of the moving averages of the training. Needed after the weights
 * have been averaged (Izmailov et al. 2018), and wherever moving averages lag behind.
 *
 * <p>Works from the first layer to the last, because a layer's input depends on the statistics of
 * the layers below. Inputs are computed without dropout, by the arithmetic of {@link
 * InferencePlan}; moments are formed in double precision, a block of rows at a time, and pooled in
 * order (Chan, Golub and LeVeque 1983). The result is that of one batch of all rows, whatever the
 * threads and kernels.
 */
public final class BatchStatistics {

  private final Network network;

  /** θ with biased variances, by which the layers below normalise, as they do in a batch. */
  private final float[] theta;

  private final float[] result;
  private final ExampleSet rows;
  private final Engine engine;

  private BatchStatistics(Network network, float[] theta, ExampleSet rows, Engine engine) {
    this.network = network;
    this.theta = theta.clone();
    result = theta.clone();
    this.rows = rows;
    this.engine = engine;
  }

  /**
   * {@return a copy of θ with exact running statistics} Everything else is copied unchanged. The
   * variance is divided by n or n − 1 as each layer's {@link BatchNorm#variance} says, n being all
   * rows, behind members those of all of them. Costs one inference of the layers below for each
   * batch norm, for which streamed rows are read anew each time; weights of rows are ignored.
   *
   * @param network the network
   * @param theta θ, of the layout's size; read only
   * @param rows the examples, in memory or streamed; with batch norm at least 2
   * @param engine the kernels and the threads
   * @throws IllegalArgumentException if θ's length or the features' columns do not fit the network,
   *     or the rows are too few
   * @throws java.io.UncheckedIOException if a streamed row cannot be read
   */
  public static float[] reestimate(Network network, float[] theta, ExampleSet rows, Engine engine) {
    Objects.requireNonNull(engine, "engine");
    Layout layout = network.layout();
    if (theta.length != layout.size()) {
      throw new IllegalArgumentException(
          "theta: length %d; expected %d".formatted(theta.length, layout.size()));
    }
    if (rows.columns() != network.inputs()) {
      throw new IllegalArgumentException(
          "rows: %d columns; expected %d".formatted(rows.columns(), network.inputs()));
    }
    if (network.normalizesBatches() && rows.rows() < 2) {
      throw new IllegalArgumentException(
          "rows: %d; expected at least 2, because batch norm takes statistics over them"
              .formatted(rows.rows()));
    }
    BatchStatistics statistics = new BatchStatistics(network, theta, rows, engine);
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof BatchNorm norm) {
        statistics.replace(layout, node, norm);
      }
    }
    return statistics.result;
  }

  /** Replaces the statistics of one layer; those of the layers below are exact already. */
  private void replace(Layout layout, Network.Node node, BatchNorm norm) {
    int width = node.inputs();
    PooledMoments moments =
        PooledMoments.of(
            PackedNetwork.upTo(network, node, theta, engine),
            width,
            rows,
            Integer.MAX_VALUE,
            (first, values, count) -> {});
    boolean unbiased = norm.variance() == BatchNorm.Variance.UNBIASED;
    int mean = node.slot(layout, Slot.Role.MEAN).offset();
    int variance = node.slot(layout, Slot.Role.VARIANCE).offset();
    for (int j = 0; j < width; j++) {
      theta[mean + j] = (float) moments.mean(j);
      theta[variance + j] = (float) moments.variance(j, false);
      result[mean + j] = theta[mean + j];
      result[variance + j] = (float) moments.variance(j, unbiased);
    }
  }
}
