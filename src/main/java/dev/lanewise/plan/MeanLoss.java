package dev.lanewise.plan;

import dev.lanewise.data.Batch;
import dev.lanewise.engine.Engine;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Team;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.util.Arrays;
import java.util.Objects;

/**
 * A network's loss, compiled. In one pass it computes the mean of the rows' losses, each times its
 * row's weight if there are weights, and replaces the logits by their gradient. For one thread at a
 * time.
 */
public final class MeanLoss {

  private static final int ROWS = 64;

  private final Kernels kernels;
  private final Loss loss;
  private final int outputs;

  /** The members, each of which has scores of its own for each row. */
  private final int members;

  private final int maxRows;

  /** {@code [members][rows]}. */
  private final float[] rowLosses;

  /** Sums of a row's exponentials; null without softmax. */
  private final float[] rowSums;

  /** The losses of elements; null with softmax, which works on rows. */
  private final float[] elementLosses;

  /** The share s of label smoothing. */
  private final float smoothing;

  /** Smoothed targets {@code [members][rows][outputs]}; null without label smoothing. */
  private final float[] smoothed;

  private final Team.Task task = this::rows;

  private float[] scores;
  private float[] targets;
  private int targetColumns;
  private float[] weights;
  private int firstRow;
  private int rows;
  private int wholeRows;

  private MeanLoss(Kernels kernels, Loss loss, int outputs, int members, int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("maxRows: %d; expected at least 1".formatted(maxRows));
    }
    this.kernels = kernels;
    this.loss = loss;
    this.outputs = outputs;
    this.members = members;
    this.maxRows = maxRows;
    int all = Math.multiplyExact(members, maxRows);
    rowLosses = new float[all];
    if (loss.link() == Loss.Link.SOFTMAX) {
      rowSums = new float[all];
      elementLosses = null;
    } else {
      rowSums = null;
      elementLosses = outputs == 1 ? rowLosses : new float[Math.multiplyExact(all, outputs)];
    }
    smoothing = loss.smoothing();
    smoothed = smoothing == 0 ? null : new float[Math.multiplyExact(all, outputs)];
  }

  /**
   * {@return the loss of a network's scores, of up to {@code maxRows} rows; with members of their
   * merged scores}
   *
   * @param network the network
   * @param maxRows the most rows, at least 1
   * @param engine the kernels
   * @throws IllegalArgumentException if the rows are not at least 1
   */
  public static MeanLoss compile(Network network, int maxRows, Engine engine) {
    return new MeanLoss(engine.kernels(), network.loss(), network.outputs(), 1, maxRows);
  }

  /**
   * {@return the same for training, where each of a network's members has scores of its own, {@code
   * [members][rows][outputs]}, and the loss is the mean of theirs}
   */
  static MeanLoss ofMembers(Network network, int maxRows, Engine engine) {
    return new MeanLoss(
        engine.kernels(), network.loss(), network.outputs(), network.members(), maxRows);
  }

  /**
   * {@return a network's loss for evaluation, which is without label smoothing}
   *
   * @param network the network
   * @param maxRows the most rows, at least 1
   * @param engine the kernels
   * @throws IllegalArgumentException if the rows are not at least 1
   */
  public static MeanLoss compileUnsmoothed(Network network, int maxRows, Engine engine) {
    return new MeanLoss(
        engine.kernels(), network.loss().unsmoothed(), network.outputs(), 1, maxRows);
  }

  /** The floats held. */
  long size() {
    long size = rowLosses.length + (smoothed == null ? 0 : smoothed.length);
    if (rowSums != null) {
      return size + rowSums.length;
    }
    return size + (outputs == 1 ? 0 : elementLosses.length);
  }

  /** Refuses targets that the loss cannot take. */
  void check(float[] targets, int targetColumns, int rows) {
    if (!loss.accepts(targetColumns, outputs)) {
      throw new IllegalArgumentException(
          "batch: %d target columns do not fit %s over %d outputs"
              .formatted(targetColumns, loss, outputs));
    }
    if (loss.link() == Loss.Link.EXP) {
      checkValues(targets, targetColumns, rows);
    }
    if (loss.takesClassNumbers(targetColumns)) {
      for (int row = 0; row < rows; row++) {
        int label = (int) targets[row];
        if (label != targets[row] || label < 0 || label >= outputs) {
          throw new IllegalArgumentException(
              "batch: target %s in row %d; expected a class number below %d"
                  .formatted(targets[row], row, outputs));
        }
      }
    }
  }

  private void checkValues(float[] targets, int targetColumns, int rows) {
    for (int i = 0; i < rows * targetColumns; i++) {
      if (!loss.takes(targets[i])) {
        throw new IllegalArgumentException(
            "batch: target %s in row %d; expected a number that %s takes"
                .formatted(targets[i], i / targetColumns, loss));
      }
    }
  }

  /**
   * {@return the sum of the rows' losses, each times its weight, over the number of rows}
   *
   * @param team the threads that share the rows, if it is open
   * @param scores the logits {@code [rows][outputs]}, which are replaced by their gradient
   * @param targets the targets {@code [rows][targetColumns]}, which the loss accepts
   * @param targetColumns the columns of the targets
   * @param weights the rows' weights, by which their gradients are multiplied, too; null where all
   *     are 1
   * @param rows the rows, at least 1 and at most what was compiled for
   * @throws IllegalArgumentException if the rows are too few or too many, or an array is too short;
   *     nothing is written then
   */
  public double of(
      Team team, float[] scores, float[] targets, int targetColumns, float[] weights, int rows) {
    if (rows < 1 || rows > maxRows) {
      throw new IllegalArgumentException("rows: %d; expected 1 to %d".formatted(rows, maxRows));
    }
    checkLength("scores", scores, rows, outputs);
    checkLength("targets", targets, rows, targetColumns);
    if (weights != null) {
      checkLength("weights", weights, rows, 1);
    }
    check(targets, targetColumns, rows);
    return of(team, scores, targets, targetColumns, weights, 0, rows, rows);
  }

  /**
   * {@return what a part of a batch adds to the mean of the batch's row losses}
   *
   * @param scores the part's logits {@code [rows][outputs]}, which are replaced by their gradient
   * @param batch the batch, by whose rows sums and gradients are divided
   * @param firstRow the part's first row in the batch
   * @param rows the part's rows, at least 1 and at most what was compiled for
   */
  double ofPart(Team team, float[] scores, Batch batch, int firstRow, int rows) {
    return of(
        team,
        scores,
        batch.targets(),
        batch.targetColumns(),
        batch.weights(),
        firstRow,
        rows,
        batch.rows());
  }

  private double of(
      Team team,
      float[] scores,
      float[] targets,
      int targetColumns,
      float[] weights,
      int firstRow,
      int rows,
      int wholeRows) {
    this.scores = scores;
    this.targets = targets;
    this.targetColumns = targetColumns;
    this.weights = weights;
    this.firstRow = firstRow;
    this.rows = rows;
    this.wholeRows = wholeRows;
    team.run(task, members * tasksOfMember());
    return kernels.sum(rowLosses, 0, members * rows) / ((double) members * wholeRows);
  }

  private static void checkLength(String name, float[] array, int rows, int columns) {
    Objects.requireNonNull(array, name);
    if (array.length < (long) rows * columns) {
      throw new IllegalArgumentException(
          "%s: length %d; expected at least %d rows of %d"
              .formatted(name, array.length, rows, columns));
    }
  }

  private int tasksOfMember() {
    return Math.ceilDiv(rows, ROWS);
  }

  /** Works on some rows of a member. */
  private void rows(int index, int worker) {
    int example = index % tasksOfMember() * ROWS;
    int some = Math.min(ROWS, rows - example);
    int row = index / tasksOfMember() * rows + example;
    int at = row * outputs;
    if (smoothed != null) {
      smooth(row, example, some);
    }
    float[] targets = smoothed == null ? this.targets : smoothed;
    int targetColumns = smoothed == null ? this.targetColumns : outputs;
    int to = (smoothed == null ? firstRow + example : row) * targetColumns;
    float scale = (float) (1.0 / ((double) members * wholeRows));
    int n = some * outputs;
    switch (loss) {
      case Loss.SoftmaxCrossEntropy l ->
          kernels.softmaxCrossEntropy(
              scores,
              at,
              some,
              outputs,
              targets,
              to,
              targetColumns,
              scale,
              rowSums,
              rowLosses,
              row);
      case Loss.SigmoidCrossEntropy l ->
          kernels.sigmoidCrossEntropy(scores, at, targets, to, scale, elementLosses, at, n);
      case Loss.SquaredError l ->
          kernels.squaredError(scores, at, targets, to, scale, elementLosses, at, n);
      case Loss.Poisson l -> kernels.poisson(scores, at, targets, to, scale, elementLosses, at, n);
      case Loss.Quantile l ->
          kernels.quantile(scores, at, targets, to, scale, l.tau(), elementLosses, at, n);
      case Loss.Huber l ->
          kernels.huber(scores, at, targets, to, scale, l.delta(), elementLosses, at, n);
    }
    if (elementLosses != null && outputs > 1) {
      kernels.rowSums(elementLosses, at, some, outputs, rowLosses, row);
    }
    if (weights != null) {
      weigh(row, example, some);
    }
  }

  /** Multiplies rows' losses and gradients by the rows' weights. */
  private void weigh(int from, int example, int count) {
    for (int i = 0; i < count; i++) {
      int row = from + i;
      float weight = weights[firstRow + example + i];
      rowLosses[row] *= weight;
      kernels.scale(scores, row * outputs, weight, scores, row * outputs, outputs);
    }
  }

  /** Writes y′ = (1 − s)·y + s/K, with two classes for each output of a sigmoid. */
  private void smooth(int row, int example, int count) {
    boolean softmax = loss.link() == Loss.Link.SOFTMAX;
    float share = smoothing / (softmax ? outputs : 2);
    float rest = 1 - smoothing;
    int from = row * outputs;
    int to = from + count * outputs;
    if (softmax && targetColumns == 1) {
      Arrays.fill(smoothed, from, to, share);
      for (int i = 0; i < count; i++) {
        int label = (int) targets[firstRow + example + i];
        smoothed[from + i * outputs + label] = rest + share;
      }
      return;
    }
    int first = (firstRow + example) * outputs;
    for (int i = from; i < to; i++) {
      smoothed[i] = rest * targets[first + i - from] + share;
    }
  }
}
