package dev.lanewise.plan;

import java.util.List;

/**
 * The inputs of a network: the rows of a batch where they are. Only where a step follows that
 * changes them are they copied, as a batch is read only.
 */
final class InputHead extends Step.Head {

  private final Pass pass;
  private final int columns;

  /** Where the rows are copied to; null where they are not. */
  private final float[] target;

  InputHead(Pass pass, int columns, float[] target) {
    this.pass = pass;
    this.columns = columns;
    this.target = target;
  }

  @Override
  String label() {
    return "inputs";
  }

  @Override
  long size() {
    return 0;
  }

  @Override
  Region.Piece forward() {
    return new Region.Piece(Reach.ROWS, this::copy);
  }

  private void copy(int fromRow, int toRow, int column, int some, int worker) {
    int at = fromRow * columns;
    int from = pass.firstRow() * columns + at;
    System.arraycopy(pass.batch().features(), from, target, at, (toRow - fromRow) * columns);
  }

  @Override
  Region.Piece inputGradient() {
    throw new IllegalStateException("nothing is below the inputs");
  }

  @Override
  List<Region.Piece> finish() {
    return List.of();
  }
}
