package dev.lanewise.plan;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Network;

/** Dropout on a network's inputs, of which it keeps a copy: a batch is read only. */
final class InputDropout {

  /** The rows of a task. */
  private static final int ROWS = 64;

  private final Pass pass;
  private final int columns;
  private final DropoutMask mask;
  private final float[] dropped;
  private final Team.Task drop = this::dropRows;

  private InputDropout(DropoutMask mask, int columns, int maxRows, Pass pass) {
    this.pass = pass;
    this.columns = columns;
    this.mask = mask;
    dropped = new float[Math.multiplyExact(maxRows, columns)];
  }

  /** Compiles a network's dropout on its inputs; null if there is none that drops. */
  static InputDropout compile(Kernels kernels, Network network, int maxRows, Pass pass) {
    DropoutMask mask = DropoutMask.compile(kernels, network.inputDropout(), 0);
    return mask == null ? null : new InputDropout(mask, network.inputs(), maxRows, pass);
  }

  /** The floats held. */
  long size() {
    return dropped.length;
  }

  /** Prepares for a pass; refuses a mask that does not fit. */
  void begin() {
    mask.begin(pass, columns);
  }

  /** Applies the dropout to the pass's inputs; the result is the input of the first step. */
  void forward(Team team) {
    pass.inputs = dropped;
    pass.inputsAt = 0;
    team.run(drop, Math.ceilDiv(pass.rows, ROWS));
  }

  private void dropRows(int index, int worker) {
    int from = index * ROWS;
    int rows = Math.min(ROWS, pass.rows - from);
    int at = from * columns;
    mask.apply(
        pass.batch.features(), pass.firstRow * columns + at, dropped, at, at, rows * columns);
  }
}
