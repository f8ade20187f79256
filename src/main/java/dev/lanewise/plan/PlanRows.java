package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.net.Network;

/**
 * How many rows a training plan takes.
 *
 * @param least the rows of the smallest batch
 * @param most the rows of the largest batch
 * @param atOnce the most rows at once; fewer than {@code most} if gradients are accumulated
 */
record PlanRows(int least, int most, int atOnce) {

  /**
   * {@return the rows of a network's plan}
   *
   * @param microBatch the most rows at once; 0 for whole batches
   * @throws IllegalArgumentException as {@link TrainingPlan#compile}
   */
  static PlanRows of(Network network, int maxRows, int microBatch) {
    // Batch norm needs a variance.
    int least = network.normalizesBatches() ? 2 : 1;
    check("maxRows", maxRows, least, Integer.MAX_VALUE);
    checkMicroBatch(network, microBatch);
    int atOnce = microBatch == 0 ? maxRows : Math.min(microBatch, maxRows);
    int widest =
        network.nodes().stream()
            .filter(node -> Step.begins(node.layer()))
            .mapToInt(node -> Gemm.stride(node.outputs()))
            .max()
            .orElseThrow();
    int columns = Math.max(network.inputs(), widest);
    long rows = (long) atOnce * network.members();
    if (rows * columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "maxRows: %d rows of %d columns exceed an array; expected a smaller batch"
              .formatted(rows, columns));
    }
    return new PlanRows(least, maxRows, atOnce);
  }

  private static void checkMicroBatch(Network network, int rows) {
    if (rows < 0 || (rows > 0 && network.normalizesBatches())) {
      throw new IllegalArgumentException(
          "microBatch: %d; expected %s"
              .formatted(
                  rows,
                  rows < 0
                      ? "a number of rows, or 0 for whole batches"
                      : "0, because batch norm takes statistics over a whole batch"));
    }
  }

  /** Refuses a batch that is too small or too large. */
  void checkBatch(int rows) {
    check("batch", rows, least, most);
  }

  private static void check(String name, int rows, int least, int most) {
    if (rows < least || rows > most) {
      throw new IllegalArgumentException(
          "%s: %d rows; expected at least %d%s%s"
              .formatted(
                  name,
                  rows,
                  least,
                  least == 2 ? " (batch norm needs a variance)" : "",
                  most == Integer.MAX_VALUE ? "" : " and at most " + most));
    }
  }
}
