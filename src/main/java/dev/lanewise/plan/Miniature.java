package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.net.Dense;
import dev.lanewise.net.Layer;
import dev.lanewise.net.Network;
import java.util.List;

/**
 * A small network of the same layers as another, with made-up rows: it takes a step through the
 * same kernels, also through the same parts of them, in a fraction of the time.
 *
 * @param network the network
 * @param batch the rows
 */
record Miniature(Network network, Batch batch) {

  /** Widths keep their rest modulo this, and with it the edges of their panels. */
  static final int PANELS = 48;

  /** Rows keep their rest modulo this, of tiles of 12 and of 8, and with it the edges of tiles. */
  private static final int TILES = 24;

  /**
   * {@return the miniature of a network}
   *
   * @param network the network
   * @param rows the rows of a batch
   * @param least what a wide layer has at least, a multiple of {@value #PANELS}
   */
  static Miniature of(Network network, int rows, int least) {
    List<Layer> layers = network.layers().stream().map(layer -> small(layer, least)).toList();
    Network small = new Network(width(network.inputs(), PANELS), layers, network.loss());
    int some = rows <= 2 * TILES ? rows : TILES + rows % TILES;
    return new Miniature(small, Batch.of(rows(small, some)));
  }

  private static Layer small(Layer layer, int least) {
    if (!(layer instanceof Dense dense)) {
      return layer;
    }
    Dense small = new Dense(width(dense.units(), least)).withPenalty(dense.penalty());
    return dense.maxNorm().isPresent() ? small.withMaxNorm(dense.maxNorm().getAsDouble()) : small;
  }

  private static int width(int width, int least) {
    return width <= least + PANELS ? width : least + width % PANELS;
  }

  private static Dataset rows(Network network, int rows) {
    boolean classes = network.loss().takesClassNumbers(1);
    int targetColumns = classes ? 1 : network.outputs();
    float[] features = new float[Math.multiplyExact(rows, network.inputs())];
    for (int i = 0; i < features.length; i++) {
      features[i] = (i * 31 % 101 - 50) / 25f;
    }
    float[] targets = new float[Math.multiplyExact(rows, targetColumns)];
    for (int row = 0; row < rows; row++) {
      if (targetColumns > 1) {
        targets[row * targetColumns + row % targetColumns] = 1;
      } else {
        targets[row] = row % (classes ? network.outputs() : 2);
      }
    }
    return Dataset.of(features, network.inputs(), targets, targetColumns);
  }

  /** {@return the multiply-adds that take rows through a network} */
  static double multiplyAdds(Network network, int rows) {
    double weights = 0;
    for (Network.Block block : network.blocks()) {
      weights += (double) block.inputs() * block.outputs();
    }
    return weights * rows;
  }
}
