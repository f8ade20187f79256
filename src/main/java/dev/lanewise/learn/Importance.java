package dev.lanewise.learn;

import dev.lanewise.data.Column;
import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.net.Loss;
import dev.lanewise.random.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The permutation importance of raw columns: by how much a model's score gets worse when the values
 * of a column are permuted among the rows, all encoded columns of a value together, so that the
 * column carries no information on the label (Breiman 2001, Fisher, Rudin and Dominici 2019).
 *
 * <p>Use rows that were not in the training. Of two columns with the same information, each looks
 * less important than both are together. Immutable; prints as a table.
 */
public final class Importance {

  /** The number of permutations of a column unless the caller gives another. */
  public static final int REPEATS = 10;

  private static final long DEAL = CounterRandom.stream("importance");

  /** Scores of which smaller is better. */
  private static final Set<String> LOSSES = Set.of("logLoss", "ece", "brier", "rmse", "mae");

  /** The 97.5 % points of Student's distribution with 1 to 30 degrees of freedom. */
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  /**
   * The importance of a column.
   *
   * @param column its name
   * @param mean by how much the score gets worse on average
   * @param low the lower end of the mean's 95 % interval over the repeats, by Student's
   *     distribution; what other rows would give varies more
   * @param high the upper end
   */
  public record OfColumn(String column, double mean, double low, double high) {

    /** Creates the importance of a column; the numbers are not checked. */
    public OfColumn {
      Objects.requireNonNull(column, "column");
    }
  }

  private final String score;
  private final double baseline;
  private final List<OfColumn> columns;

  private Importance(String score, double baseline, List<OfColumn> columns) {
    this.score = score;
    this.baseline = baseline;
    this.columns = columns;
  }

  /**
   * {@return the importance of each column by log loss of classes, or RMSE of values}
   *
   * @param model a model with an encoder of tables
   * @param rows labelled rows that it was not trained on, at least 1
   * @param seed the seed of the permutations
   * @throws IllegalArgumentException if the model is one of images
   * @throws IllegalStateException if the model has no encoder
   * @throws DataException if there are no rows, or they are not what the encoder needs
   */
  public static Importance of(TrainedModel model, Table rows, long seed) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(rows, "rows");
    boolean classes = model.link() == Loss.Link.SIGMOID || model.link() == Loss.Link.SOFTMAX;
    return of(model, rows, seed, classes ? "logLoss" : "rmse", REPEATS);
  }

  /**
   * {@return the importance of each column} Predicts the rows once, and once more for each column
   * and repeat.
   *
   * @param model a model with an encoder of tables
   * @param rows labelled rows that it was not trained on, at least 1
   * @param seed the seed of the permutations
   * @param score a name of {@link Evaluation#scores}
   * @param repeats the number of permutations of each column, at least 2
   * @throws IllegalArgumentException if the model is one of images, the score is none that the rows
   *     have, or there are fewer repeats
   * @throws IllegalStateException if the model has no encoder
   * @throws DataException if there are no rows, or they are not what the encoder needs
   */
  public static Importance of(
      TrainedModel model, Table rows, long seed, String score, int repeats) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(score, "score");
    Encoder encoder = encoder(model);
    if (rows.rows() == 0) {
      throw new DataException("%s: no rows; expected at least 1".formatted(rows.source()));
    }
    Set<String> all = new LinkedHashSet<>();
    Block.of(encoder).forEach(block -> all.add(block.name()));
    return of(model, encoder.dataset(rows, rows.all()), all, seed, score, repeats);
  }

  /**
   * {@return the importance of some columns, which is the same as among all} Predicts the rows
   * once, and once more for each column and repeat.
   *
   * @param model a model with an encoder of tables
   * @param rows labelled rows that it was not trained on, as its encoder gives them
   * @param columns the names of raw columns that are features
   * @param seed the seed of the permutations
   * @param score a name of {@link Evaluation#scores}
   * @param repeats the number of permutations of each column, at least 2
   * @throws IllegalArgumentException if the model is one of images, a column is no feature, the
   *     score is none that the rows have, there are fewer repeats or no rows
   * @throws IllegalStateException if the model has no encoder
   */
  public static Importance of(
      TrainedModel model, Dataset rows, Set<String> columns, long seed, String score, int repeats) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(score, "score");
    List<Block> blocks = Block.of(encoder(model));
    Set<String> known = new LinkedHashSet<>();
    blocks.forEach(block -> known.add(block.name()));
    for (String column : columns) {
      if (!known.contains(column)) {
        throw new IllegalArgumentException(
            "columns: %s; expected features of the model".formatted(column));
      }
    }
    if (repeats < 2) {
      throw new IllegalArgumentException("repeats: %d; expected at least 2".formatted(repeats));
    }
    double baseline = score(model, rows, score);
    List<OfColumn> all = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      if (columns.contains(blocks.get(b).name())) {
        double[] worse = new double[repeats];
        for (int i = 0; i < repeats; i++) {
          long key = CounterRandom.key(seed, DEAL, (long) b * repeats + i);
          double dealt = score(model, dealt(blocks.get(b), rows, key), score);
          worse[i] = LOSSES.contains(score) ? dealt - baseline : baseline - dealt;
        }
        all.add(interval(blocks.get(b).name(), worse));
      }
    }
    all.sort(Comparator.comparingDouble(OfColumn::mean).reversed());
    return new Importance(score, baseline, List.copyOf(all));
  }

  private static Encoder encoder(TrainedModel model) {
    Encoder encoder =
        Objects.requireNonNull(model, "model")
            .encoder()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "a model without encoder; expected one that was trained from a table"));
    if (encoder.columns().getFirst() instanceof Column.Pixels) {
      throw new IllegalArgumentException("model: of images; expected one of tables");
    }
    return encoder;
  }

  private static double score(TrainedModel model, Dataset rows, String name) {
    Evaluation of = model.evaluate(rows);
    Double score = of.scores().get(name);
    if (score == null) {
      throw new IllegalArgumentException(
          "score: %s; expected one of %s".formatted(name, of.scores().keySet()));
    }
    return score;
  }

  private static OfColumn interval(String column, double[] worse) {
    int n = worse.length;
    double sum = 0;
    for (double w : worse) {
      sum += w;
    }
    double mean = sum / n;
    double squares = 0;
    for (double w : worse) {
      squares += (w - mean) * (w - mean);
    }
    // Beyond 30 degrees of freedom the first term of the expansion in their inverse is enough.
    double t = n - 1 <= STUDENT.length ? STUDENT[n - 2] : 1.96 + 2.4 / (n - 1);
    double half = t * Math.sqrt(squares / (n - 1) / n);
    return new OfColumn(column, mean, mean - half, mean + half);
  }

  /** {@return rows of which each has the columns of a block of another row} */
  private static Dataset dealt(Block block, Dataset rows, long key) {
    int[] order = new int[rows.rows()];
    for (int r = 0; r < order.length; r++) {
      order[r] = r;
    }
    CounterRandom.shuffle(key, order);
    float[] features = rows.features().clone();
    int columns = rows.columns();
    for (int part = 0; part < block.from().size(); part++) {
      int at = block.from().get(part);
      for (int r = 0; r < order.length; r++) {
        System.arraycopy(
            rows.features(),
            order[r] * columns + at,
            features,
            r * columns + at,
            block.count().get(part));
      }
    }
    return Dataset.of(features, columns, rows.targets(), rows.targetColumns());
  }

  /** {@return the name of the score} */
  public String score() {
    return score;
  }

  /** {@return the score of the rows as they are} */
  public double baseline() {
    return baseline;
  }

  /** {@return the importance of each column that is a feature, the largest first} */
  public List<OfColumn> columns() {
    return columns;
  }

  /** {@return a line for each column} */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(String.format(Locale.ROOT, "%s %.5g, worse by", score, baseline));
    for (OfColumn of : columns) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%-24s %10.4g  (%.4g to %.4g)",
              of.column(),
              of.mean(),
              of.low(),
              of.high()));
    }
    return text.toString();
  }
}
