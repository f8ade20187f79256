package dev.lanewise.plan;

import dev.lanewise.gemm.Gemm;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import java.util.ArrayList;
import java.util.List;

/**
 * Pieces of work on one matrix that share their tasks: a task does all of them to its part of the
 * matrix, while that is in cache. A part is some columns of some rows; where a piece needs all rows
 * or all columns at once, all of them. The bounds depend on shapes alone.
 */
final class Region implements Team.Task {

  /** The rows of a task where tasks are split by columns, too. */
  private static final int ROWS = 256;

  /** The rows of a task that goes over all columns. */
  static final int WHOLE_ROWS = 32;

  /**
   * A piece of work.
   *
   * @param reach what it must see at once
   * @param work what it does
   */
  record Piece(Step.Reach reach, Work work) {}

  /** What a piece does to a part of the matrix. */
  interface Work {
    /**
     * Works on a part.
     *
     * @param fromRow the first row
     * @param toRow the end of the rows
     * @param column the first column
     * @param columns the number of columns
     * @param worker the thread's number in the team
     */
    void on(int fromRow, int toRow, int column, int columns, int worker);
  }

  private final Pass pass;
  private final Step.Reach reach;
  private final Work[] works;
  private final int width;

  /** The columns of a task. */
  private final int group;

  /** The columns of a task where the matrix is a single row. */
  private final int groupOfRow;

  private Region(Kernels kernels, Pass pass, int width, Step.Reach reach, List<Piece> pieces) {
    this.pass = pass;
    this.reach = reach;
    this.width = width;
    group = reach == Step.Reach.ROWS ? width : Gemm.group(kernels, width);
    groupOfRow = reach == Step.Reach.ELEMENTS ? Gemm.groupOfRow(kernels, width) : group;
    works = pieces.stream().map(Piece::work).toArray(Work[]::new);
  }

  /**
   * Makes regions of pieces that follow one another: each joins those before it, unless it needs
   * all columns where they were split, or all rows where those were.
   *
   * @param width the columns of the matrix
   */
  static Region[] of(Kernels kernels, Pass pass, int width, List<Piece> pieces) {
    List<Region> regions = new ArrayList<>();
    List<Piece> together = new ArrayList<>();
    Step.Reach reach = null;
    for (Piece piece : pieces) {
      if (!together.isEmpty() && !joins(reach, piece.reach())) {
        regions.add(new Region(kernels, pass, width, reach, together));
        together.clear();
      }
      reach = together.isEmpty() || piece.reach() != Step.Reach.ELEMENTS ? piece.reach() : reach;
      together.add(piece);
    }
    if (!together.isEmpty()) {
      regions.add(new Region(kernels, pass, width, reach, together));
    }
    return regions.toArray(Region[]::new);
  }

  private static boolean joins(Step.Reach before, Step.Reach next) {
    return switch (next) {
      case ELEMENTS -> true;
      case COLUMNS -> before != Step.Reach.ROWS;
      case ROWS -> before == Step.Reach.ROWS;
    };
  }

  /** Does the work of regions, one after the other. */
  static void run(Region[] regions, Team team) {
    for (Region region : regions) {
      team.run(region, region.tasks());
    }
  }

  private int tasks() {
    return groups() * Math.ceilDiv(pass.rows(), rows());
  }

  private int groups() {
    return Math.ceilDiv(width, group());
  }

  /** The columns of a task. */
  private int group() {
    return pass.rows() == 1 ? groupOfRow : group;
  }

  /** The rows of a task. */
  private int rows() {
    return switch (reach) {
      case ELEMENTS -> ROWS;
      case COLUMNS -> pass.rows();
      case ROWS -> WHOLE_ROWS;
    };
  }

  @Override
  public void run(int index, int worker) {
    int groups = groups();
    int column = index % groups * group();
    int columns = Math.min(group(), width - column);
    int from = index / groups * rows();
    int to = Math.min(pass.rows(), from + rows());
    for (Work work : works) {
      work.on(from, to, column, columns, worker);
    }
  }
}
