package dev.lanewise.learn;

import dev.lanewise.data.Column;
import dev.lanewise.data.Dataset;
import dev.lanewise.model.Predictor;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.plan.Scorer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Predictors of one column each: the mean label of the training rows in each category, or in each
 * bin of a number; and how much of the held-out rows' labels they explain.
 */
final class SingleColumns {

  private static final long MOST_CELLS = 20_000_000;
  private static final int LEAST_ROWS = 1000;
  private static final int MOST_ROWS = 20_000;
  private static final int MOST_BINS = 64;

  /** The training rows that a bin of a number holds. */
  private static final int ROWS_OF_BIN = 10;

  private final Dataset train;
  private final Dataset held;
  private final Labels labels;
  private final Labels truth;
  private final double[] means;

  private SingleColumns(Dataset train, Dataset held, Labels labels, Labels truth) {
    this.train = train;
    this.held = held;
    this.labels = labels;
    this.truth = truth;
    means = labels.means();
  }

  static SingleColumns of(TrainedModel model, Dataset train, Dataset held, long seed) {
    int most = SomeRows.most(MOST_CELLS, train.columns(), LEAST_ROWS, MOST_ROWS);
    Dataset some = train.select(SomeRows.of(train.rows(), most, seed));
    Dataset others = held.select(SomeRows.of(held.rows(), most, seed + 1));
    return new SingleColumns(some, others, Labels.of(model, some), Labels.of(model, others));
  }

  /** {@return the number of held-out rows that are looked at} */
  int heldRows() {
    return held.rows();
  }

  /** {@return the share of the labels' variance that the model explains} */
  double explained(TrainedModel model) {
    Predictor predictor = model.predictor();
    double[] predicted = new double[truth.rows() * truth.columns()];
    if (RowErrors.scorer(model).judgesClasses()) {
      predictor.probabilities(held.features(), held.rows(), predicted);
    } else {
      predictor.values(held.features(), held.rows(), predicted);
    }
    Explained explained = new Explained();
    for (int r = 0; r < truth.rows(); r++) {
      explained.add(r, predicted, r * truth.columns());
    }
    return explained.share();
  }

  /** {@return the share of the labels' variance that a column explains alone} */
  double explained(Block block) {
    Bins bins =
        block.column() instanceof Column.Numeric || block.column() instanceof Column.Date
            ? new NumberBins(block)
            : new Categories(block);
    int columns = labels.columns();
    double[] sums = new double[bins.count() * columns];
    double[] rows = new double[bins.count()];
    for (int b = 0; b < rows.length; b++) {
      // One row more of the mean label, so that a bin of few rows does not go by them alone.
      System.arraycopy(means, 0, sums, b * columns, columns);
      rows[b] = 1;
    }
    for (int r = 0; r < train.rows(); r++) {
      int bin = bins.of(train, r);
      rows[bin]++;
      labels.addTo(sums, bin * columns, r);
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= rows[i / columns];
    }
    Explained explained = new Explained();
    for (int r = 0; r < held.rows(); r++) {
      int bin = bins.of(held, r);
      explained.add(r, bin < 0 ? means : sums, bin < 0 ? 0 : bin * columns);
    }
    return explained.share();
  }

  /** Squared distances of predictions from the held-out labels, beside those of the means. */
  private final class Explained {
    private final double[] squares = new double[means.length];
    private final double[] ofMeans = new double[means.length];

    void add(int row, double[] predicted, int at) {
      for (int c = 0; c < means.length; c++) {
        double actual = truth.of(row, c);
        squares[c] += (predicted[at + c] - actual) * (predicted[at + c] - actual);
        ofMeans[c] += (means[c] - actual) * (means[c] - actual);
      }
    }

    /** {@return the share over all classes, or the mean over the values; 0 of constant labels} */
    double share() {
      if (truth.ofClasses()) {
        return share(Arrays.stream(squares).sum(), Arrays.stream(ofMeans).sum());
      }
      double sum = 0;
      for (int c = 0; c < means.length; c++) {
        sum += share(squares[c], ofMeans[c]);
      }
      return sum / means.length;
    }

    private static double share(double squares, double ofMeans) {
      return ofMeans > 0 ? 1 - squares / ofMeans : 0;
    }
  }

  /**
   * Labels of rows.
   *
   * @param columns the classes, or the values of a row
   * @param classes the number of each row's class; null of values
   * @param values the values {@code [rows][columns]}; null of classes
   */
  private record Labels(int columns, float[] classes, double[] values) {

    static Labels of(TrainedModel model, Dataset rows) {
      Scorer scorer = RowErrors.scorer(model);
      if (!scorer.judgesClasses()) {
        return new Labels(rows.targetColumns(), null, scorer.restored(rows.targets(), rows.rows()));
      }
      int outputs = model.outputs();
      return new Labels(
          Math.max(2, outputs),
          scorer.classes(rows.targets(), rows.rows(), outputs).numbers(),
          null);
    }

    boolean ofClasses() {
      return classes != null;
    }

    int rows() {
      return ofClasses() ? classes.length : values.length / columns;
    }

    double of(int row, int column) {
      return !ofClasses() ? values[row * columns + column] : classes[row] == column ? 1 : 0;
    }

    void addTo(double[] sums, int at, int row) {
      for (int c = 0; c < columns; c++) {
        sums[at + c] += of(row, c);
      }
    }

    double[] means() {
      double[] means = new double[columns];
      for (int r = 0; r < rows(); r++) {
        addTo(means, 0, r);
      }
      for (int c = 0; c < columns; c++) {
        means[c] /= rows();
      }
      return means;
    }
  }

  /** A division of rows by a column. */
  private interface Bins {

    /** {@return the number of bins} */
    int count();

    /** {@return a row's bin, from 0; −1 for a value that the training rows did not have} */
    int of(Dataset rows, int row);
  }

  private static float cell(Dataset rows, int row, int column) {
    return rows.features()[row * rows.columns() + column] + 0f; // −0 is 0
  }

  /** Bins of a number that hold about as many training rows each; the last is of missing ones. */
  private final class NumberBins implements Bins {
    private final int column;
    private final int flag; // or −1
    private final float flagged; // what the flag is where the number is missing
    private final float[] bounds; // a bin ends before each

    NumberBins(Block block) {
      column = block.from().getFirst();
      flag = block.count().getFirst() > 1 ? column + 1 : -1;
      float largest = Float.NEGATIVE_INFINITY;
      float least = Float.POSITIVE_INFINITY;
      for (int r = 0; flag >= 0 && r < train.rows(); r++) {
        largest = Math.max(largest, cell(train, r, flag));
        least = Math.min(least, cell(train, r, flag));
      }
      flagged = least < largest ? largest : Float.POSITIVE_INFINITY; // or none of these is missing
      float[] sorted = new float[train.rows()];
      int known = 0;
      for (int r = 0; r < train.rows(); r++) {
        if (!isMissing(train, r)) {
          sorted[known++] = cell(train, r, column);
        }
      }
      Arrays.sort(sorted, 0, known);
      bounds = bounds(sorted, known);
    }

    /** Equal numbers are in one bin: it ends where another number begins. */
    private static float[] bounds(float[] sorted, int known) {
      int bins = Math.clamp(known / ROWS_OF_BIN, 1, MOST_BINS);
      float[] bounds = new float[bins];
      int count = 0;
      for (int b = 1; b < bins; b++) {
        float bound = sorted[(int) ((long) b * known / bins)];
        if (bound > sorted[0] && (count == 0 || bound > bounds[count - 1])) {
          bounds[count++] = bound;
        }
      }
      return Arrays.copyOf(bounds, count);
    }

    private boolean isMissing(Dataset rows, int row) {
      return flag >= 0 && cell(rows, row, flag) >= flagged;
    }

    @Override
    public int count() {
      return bounds.length + 2;
    }

    @Override
    public int of(Dataset rows, int row) {
      if (isMissing(rows, row)) {
        return bounds.length + 1;
      }
      int place = Arrays.binarySearch(bounds, cell(rows, row, column));
      return place >= 0 ? place + 1 : -place - 1;
    }
  }

  /** A bin for each pattern of encoded columns that the training rows have. */
  private final class Categories implements Bins {
    private final Map<Long, Integer> bins = new HashMap<>();
    private final Block block;

    Categories(Block block) {
      this.block = block;
      for (int r = 0; r < train.rows(); r++) {
        bins.putIfAbsent(block.key(train, r), bins.size());
      }
    }

    @Override
    public int count() {
      return bins.size();
    }

    @Override
    public int of(Dataset rows, int row) {
      return bins.getOrDefault(block.key(rows, row), -1);
    }
  }
}
