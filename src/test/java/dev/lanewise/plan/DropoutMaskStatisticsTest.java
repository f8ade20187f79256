package dev.lanewise.plan;

import dev.lanewise.Significance;
import dev.lanewise.data.Batch;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.Engine;
import dev.lanewise.net.Dropout;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.tensor.Slot;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/**
 * The masks of many steps as a compiled plan draws them, read off a gradient: they keep as many
 * units as chance would, wherever one looks.
 */
@Tag("kernels")
class DropoutMaskStatisticsTest {

  private static final Engine ENGINE = Engine.standard();
  private static final long STEP = CounterRandom.stream("step");
  private static final int STEPS = 24;
  private static final double[] KEEPS = {0.5, 0.8, 0.86, 0.999, 0.01};

  /** The masks {@code [steps][rows][units]} of the same dropout in successive steps. */
  private record Masks(int steps, int rows, int units, double keep, BitSet kept) {

    /**
     * Draws them. The last layer's weights are 0 and its targets the unit matrix, so a score's
     * error is −1 in its own row and 0 elsewhere, and the gradient of its weights is that row's
     * outputs of the layer below, all of which were 1 before dropout.
     */
    static Masks draw(int dropout, int steps, int rows, int units, double keep) {
      Network network = network(dropout, rows, units, keep);
      float[] theta = new float[network.layout().size()];
      for (Slot slot : network.layout().slots()) {
        if (slot.role() == Slot.Role.BIAS) {
          Arrays.fill(theta, slot.offset(), slot.end(), 1);
        }
      }
      String name = network.dense().getLast().name();
      Slot last = network.layout().slot(name + ".weight");
      Slot lastBias = network.layout().slot(name + ".bias");
      Arrays.fill(theta, lastBias.offset(), lastBias.end(), 0);
      float[] gradient = new float[theta.length];
      TrainingPlan plan = TrainingPlan.compile(network, rows, ENGINE);
      BitSet kept = new BitSet();
      for (int step = 0; step < steps; step++) {
        plan.gradients(theta, batch(network, rows), CounterRandom.key(3, STEP, step), gradient);
        for (int row = 0; row < rows; row++) {
          for (int unit = 0; unit < units; unit++) {
            float slope = gradient[last.offset() + unit * rows + row];
            kept.set((step * rows + row) * units + unit, slope != 0);
          }
        }
      }
      return new Masks(steps, rows, units, keep, kept);
    }

    private static Network network(int dropout, int rows, int units, double keep) {
      Network.Builder builder = Network.inputs(dropout == 0 ? units : 1);
      for (int block = 1; block <= dropout; block++) {
        builder.dense(block == dropout ? units : 2).relu();
      }
      return builder.add(Dropout.keeping(keep)).dense(rows).loss(new Loss.SquaredError());
    }

    private static Batch batch(Network network, int rows) {
      float[] features = new float[rows * network.inputs()];
      Arrays.fill(features, 1);
      float[] targets = new float[rows * rows];
      for (int row = 0; row < rows; row++) {
        targets[row * rows + row] = 1;
      }
      return Batch.of(Dataset.of(features, network.inputs(), targets, rows));
    }

    int size() {
      return steps * rows * units;
    }

    /** Judges the units kept in groups of the same size, numbered from 0. */
    void judge(int groups, IntUnaryOperator group, String what) {
      int[] counts = new int[groups];
      kept.stream().forEach(i -> counts[group.applyAsInt(i)]++);
      Significance.binomial(counts, size() / groups, keep, this + ", kept by " + what);
    }

    /** Judges units that are so far from each other, each in one pair at most. */
    void judgeJointly(int distance, String what) {
      BitSet first = new BitSet();
      BitSet second = new BitSet();
      int n = 0;
      for (int i = 0; i + distance < size(); i++) {
        if (i / distance % 2 == 0) {
          first.set(n, kept.get(i));
          second.set(n++, kept.get(i + distance));
        }
      }
      judgePairs(first, second, n, what);
    }

    /** Judges how often the units of n pairs are both kept, and how often neither is. */
    void judgePairs(BitSet first, BitSet second, int n, String what) {
      BitSet both = (BitSet) first.clone();
      both.and(second);
      BitSet neither = (BitSet) first.clone();
      neither.or(second);
      int none = n - neither.cardinality();
      Significance.binomial(
          new int[] {both.cardinality()}, n, keep * keep, this + ", both kept: " + what);
      double lost = (1 - keep) * (1 - keep);
      Significance.binomial(new int[] {none}, n, lost, this + ", both dropped: " + what);
    }

    @Override
    public String toString() {
      return "%d masks of %d rows of %d, keep %s".formatted(steps, rows, units, keep);
    }
  }

  @Example
  void everyLaneRowColumnStepAndPlaceKeepsAsManyAsAsked() {
    for (double keep : KEEPS) {
      for (int dropout = 0; dropout < 3; dropout++) {
        Masks masks = Masks.draw(dropout, STEPS, 64, 128, keep);
        int mask = 64 * 128;
        masks.judge(1, i -> 0, "all");
        masks.judge(16, i -> i % 16, "index mod 16");
        masks.judge(64, i -> i % 64, "index mod 64");
        masks.judge(128, i -> i % 128, "column");
        masks.judge(64, i -> i / 128 % 64, "row");
        masks.judge(64 * STEPS, i -> i / 128, "row of a step");
        masks.judge(STEPS, i -> i / mask, "step");
        masks.judge(mask, i -> i % mask, "place");
      }
    }
  }

  /** Rows that end within a vector, in masks that do. */
  @Example
  void rowsOfOddWidthsKeepAsManyAsAsked() {
    for (double keep : KEEPS) {
      for (int units : new int[] {1, 3, 17, 37, 131}) {
        Masks masks = Masks.draw(1, STEPS, 29, units, keep);
        masks.judge(units, i -> i % units, "column");
        masks.judge(29, i -> i / units % 29, "row");
        masks.judge(STEPS, i -> i / units / 29, "step");
      }
    }
  }

  @Example
  void unitsAreKeptIndependentlyOfLanesRowsAndStepsBesideThem() {
    for (double keep : KEEPS) {
      Masks masks = Masks.draw(1, STEPS, 64, 128, keep);
      for (int lanes : new int[] {1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 17, 32, 64}) {
        masks.judgeJointly(lanes, lanes + " lanes on");
      }
      masks.judgeJointly(127, "a row on and a column back");
      masks.judgeJointly(128, "a row on");
      masks.judgeJointly(129, "a row and a column on");
      masks.judgeJointly(64 * 128, "a step on");
      masks.judgeJointly(2 * 64 * 128, "two steps on");
    }
  }

  /** All pairs of the 16 lanes, over the whole vectors of the masks. */
  @Example
  void everyPairOfLanesIsKeptAsOftenAsChanceWould() {
    for (double keep : KEEPS) {
      Masks masks = Masks.draw(1, STEPS, 64, 128, keep);
      int n = masks.size() / 16;
      int[] both = new int[16 * 15 / 2];
      int[] vectors = new int[n];
      masks.kept().stream().forEach(i -> vectors[i / 16] |= 1 << i % 16);
      for (int vector : vectors) {
        int pair = 0;
        for (int a = 0; a < 16; a++) {
          for (int b = 0; b < a; b++) {
            both[pair++] += vector >>> a & vector >>> b & 1;
          }
        }
      }
      Significance.binomial(both, n, keep * keep, masks + ", both of a pair of lanes kept");
      int[] patterns = new int[17];
      IntStream.of(vectors).forEach(vector -> patterns[Integer.bitCount(vector)]++);
      Significance.cells(patterns, keptOf16(keep), masks + ", kept in a vector");
    }
  }

  private static double[] keptOf16(double keep) {
    double[] probabilities = new double[17];
    probabilities[0] = 1;
    for (int unit = 0; unit < 16; unit++) {
      for (int kept = 16; kept >= 0; kept--) {
        double before = kept == 0 ? 0 : probabilities[kept - 1];
        probabilities[kept] = probabilities[kept] * (1 - keep) + before * keep;
      }
    }
    return probabilities;
  }

  @Example
  void layersDropUnitsIndependentlyOfEachOther() {
    for (double keep : KEEPS) {
      Masks[] masks = new Masks[3];
      Arrays.setAll(masks, dropout -> Masks.draw(dropout, STEPS, 64, 128, keep));
      for (int a = 0; a < 3; a++) {
        for (int b = 0; b < a; b++) {
          masks[a].judgePairs(
              masks[a].kept(), masks[b].kept(), masks[a].size(), "dropouts " + a + " and " + b);
        }
      }
    }
  }

  /** The units at (row, column) and (column, row). */
  @Example
  void aMaskIsIndependentOfItsTranspose() {
    for (double keep : KEEPS) {
      int size = 96;
      Masks masks = Masks.draw(1, STEPS, size, size, keep);
      BitSet upper = new BitSet();
      BitSet lower = new BitSet();
      int n = 0;
      for (int step = 0; step < STEPS; step++) {
        int from = step * size * size;
        for (int row = 0; row < size; row++) {
          for (int column = row + 1; column < size; column++) {
            upper.set(n, masks.kept().get(from + row * size + column));
            lower.set(n++, masks.kept().get(from + column * size + row));
          }
        }
      }
      masks.judgePairs(upper, lower, n, "transposed");
    }
  }
}
