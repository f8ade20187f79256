package dev.lanewise.model;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.net.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Intervals and sets that hold the truth for a stated share of rows, by split conformal prediction
 * (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): a model, and a quantile of how far off it was
 * on calibration rows.
 *
 * <pre>{@code
 * Conformal calibrated = Conformal.calibrate(model, rows, Conformal.Score.RESIDUAL, 0.9);
 * calibrated.model().save(file);                                  // one file
 * Conformal served = TrainedModel.load(file).conformal().orElseThrow();
 * Conformal.Interval interval = served.region(values).interval();
 * }</pre>
 *
 * <p>Of n calibration rows' scores, the quantile is the one at place ⌈(n + 1)·(1 − α)⌉ in rising
 * order, computed exactly; if there are fewer scores it is infinite: intervals have no ends and
 * sets hold all classes. If calibration rows and new rows are exchangeable and neither trained nor
 * selected the model, a new row is covered with a probability of at least 1 − α: over calibrations
 * and rows together, not for each kind of row.
 *
 * <p>A coverage is given as a {@code double} and taken as the decimal that it prints as: 0.9 is
 * exactly nine tenths. It is above 0 and below 1.
 *
 * <p>Immutable; any number of threads may predict at once, by the model's {@link
 * TrainedModel#shared() shared predictor}. {@link #intervals} and {@link #sets} allocate nothing
 * once that has its predictors, and a row's results have the same bits in any batch.
 */
public final class Conformal {

  /** How far off a model was on a row whose truth is known; larger is worse. */
  public enum Score {
    /**
     * |y − ŷ|, for any model of values: all intervals of a column are equally wide, ŷ ± the
     * quantile. Those of Poisson's loss do not go below 0.
     */
    RESIDUAL,

    /**
     * max(lo − y, y − hi), conformalised quantile regression (Romano, Patterson and Candès 2019):
     * intervals from lo − quantile to hi + quantile are as wide as the rows ask for. For an {@link
     * Ensemble} of two models with the loss {@link Loss.Quantile}, the lower τ first, fitted on the
     * same rows: of τ = α/2 and 1 − α/2. Where lo is above hi, they change places; where the
     * interval's ends would pass each other, both are the middle between lo and hi.
     */
    CQR,

    /**
     * 1 − p of the true class (least ambiguous sets; Sadinle, Lei and Wasserman 2019): a set holds
     * every class of a probability of at least 1 − quantile, and none if none has it.
     */
    LAC,

    /**
     * The probability of all classes before the true one in the order of falling probabilities
     * (adaptive sets; Romano, Sesia and Candès 2020, without randomisation): a set holds the most
     * probable class, and more as long as those before sum up to at most the quantile. Never empty;
     * covers more than asked for where the first class is right more often.
     */
    APS;

    /** {@return whether sets of classes come of it, not intervals} */
    public boolean givesSets() {
      return this == LAC || this == APS;
    }

    /**
     * {@return whether this has a meaning for a model's predictions}
     *
     * @param model any model
     */
    public boolean fits(TrainedModel model) {
      Objects.requireNonNull(model, "model");
      return switch (this) {
        case RESIDUAL -> ConformalScores.predictsValues(model);
        case CQR -> isPair(model);
        case LAC, APS -> ConformalScores.predictsClasses(model);
      };
    }

    /** Refuses a model for whose predictions this has no meaning, or whose file has others. */
    void checkFits(TrainedModel model) {
      if (!fits(model)) {
        String expected =
            switch (this) {
              case RESIDUAL -> "a model of values";
              case CQR ->
                  "an ensemble of two models for it, of a lower and a higher quantile by"
                      + " Loss.Quantile, fitted on the same rows";
              case LAC, APS -> "a model of classes of which each row has one";
            };
        throw new IllegalArgumentException(
            "score: %s; expected %s".formatted(ConformalFit.name(this), expected));
      }
      List<Model> models =
          switch (model) {
            case Model one -> List.of(one);
            case Ensemble several -> several.models();
          };
      for (Model one : models) {
        Outputs.checkFormat(one.weightFormat());
      }
    }

    private static boolean isPair(TrainedModel model) {
      return model instanceof Ensemble pair
          && pair.models().size() == 2
          && pair.models().get(0).network().loss() instanceof Loss.Quantile low
          && pair.models().get(1).network().loss() instanceof Loss.Quantile high
          && low.tau() < high.tau()
          && pair.models().stream().allMatch(one -> one.columns() == pair.columns());
    }
  }

  /**
   * The values from a lower to an upper one, both included.
   *
   * @param lower the lower end, in original units; −∞ if there is none
   * @param upper the upper end; ∞ if there is none. Both are NaN for a row with NaN
   */
  public record Interval(double lower, double upper) {
    /**
     * Creates an interval.
     *
     * @throws IllegalArgumentException if the lower end is above the upper one
     */
    public Interval {
      if (lower > upper) {
        throw new IllegalArgumentException(
            "lower: %s; expected at most the upper end, %s".formatted(lower, upper));
      }
    }

    /**
     * {@return whether a value is in it}
     *
     * @param value any value; NaN is in none
     */
    public boolean contains(double value) {
      return value >= lower && value <= upper;
    }

    /** {@return the upper end less the lower one} */
    public double width() {
      return upper - lower;
    }

    /** {@return whether it has both ends} */
    public boolean isFinite() {
      return Double.isFinite(lower) && Double.isFinite(upper);
    }
  }

  /** A row's decision with its intervals or its set. Immutable. */
  public static final class Region {
    private final Decision decision;
    private final List<Interval> intervals;
    private final List<String> labels;

    private Region(Decision decision, List<Interval> intervals, List<String> labels) {
      this.decision = decision;
      this.intervals = List.copyOf(intervals);
      this.labels = List.copyOf(labels);
    }

    /** {@return what the model decides on the row without calibration} */
    public Decision decision() {
      return decision;
    }

    /**
     * {@return an interval for each value, in the order of the target's columns; each covers its
     * column as stated, not all at once}
     *
     * @throws IllegalStateException if the model predicts a label
     */
    public List<Interval> intervals() {
      if (decision.hasLabel()) {
        throw new IllegalStateException("intervals: the model predicts a label; ask for labels");
      }
      return intervals;
    }

    /**
     * {@return the interval of the one value}
     *
     * @throws IllegalStateException if the model predicts a label, or several values
     */
    public Interval interval() {
      if (intervals().size() != 1) {
        throw new IllegalStateException(
            "interval: the model predicts %d values; ask for intervals"
                .formatted(intervals.size()));
      }
      return intervals.getFirst();
    }

    /**
     * {@return the set of labels, in the order of the classes; it may be empty by {@link Score#LAC}
     * alone}
     *
     * @throws IllegalStateException if the model predicts values
     */
    public List<String> labels() {
      if (!decision.hasLabel()) {
        throw new IllegalStateException("labels: the model predicts values; ask for intervals");
      }
      return labels;
    }

    /** {@return the decision, and the labels or the intervals} */
    @Override
    public String toString() {
      return "%s in %s".formatted(decision, decision.hasLabel() ? labels : intervals);
    }
  }

  /**
   * What was observed on labelled rows, of one column of values or of the sets.
   *
   * @param rows the rows
   * @param covered the rows whose truth was in their interval or set
   * @param meanSize the mean width of intervals, in original units, or the mean number of classes
   * @param empty the rows whose set was empty; 0 for intervals
   */
  public record Observed(int rows, int covered, double meanSize, int empty) {
    /** {@return the share of rows that were covered} */
    public double coverage() {
      return (double) covered / rows;
    }
  }

  private final TrainedModel model;
  private final ConformalFit fit;
  private final ConformalFit.Level level;

  /** The quantile of each column, or of sets; infinite if there are too few rows. */
  private final double[] quantiles;

  private Conformal(TrainedModel model, ConformalFit fit, ConformalFit.Level level) {
    this.model = model;
    this.fit = fit;
    this.level = level;
    quantiles = new double[fit.score().givesSets() ? 1 : model.outputs()];
    Arrays.setAll(
        quantiles,
        c -> level.quantiles().isEmpty() ? Double.POSITIVE_INFINITY : level.quantiles().get(c));
  }

  /** {@return the regions of a model by the calibration that it carries} */
  static Conformal of(TrainedModel model, ConformalFit fit) {
    return new Conformal(model, fit, fit.levels().getFirst());
  }

  /**
   * Calibrates a model.
   *
   * @param model the model
   * @param rows labelled rows that neither trained nor selected the model, at least one; weights
   *     have no meaning here
   * @param score how far off a prediction is
   * @param coverages the shares of rows to cover, 1 − α, at least one, each above 0 and below 1;
   *     the first is the one that is served unless another is asked for
   * @return the calibrated model, and what it predicts
   * @throws IllegalArgumentException if the score has no meaning for the model, the rows do not fit
   *     it, or a coverage is none or there twice
   * @throws ArithmeticException if a prediction is not finite, as of a training that has diverged
   */
  public static Conformal calibrate(
      TrainedModel model, Dataset rows, Score score, double... coverages) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(coverages, "coverages");
    score.checkFits(model);
    List<Coverage> asked = Arrays.stream(coverages).mapToObj(Coverage::of).toList();
    double[][] scores = ConformalScores.sorted(model, rows, score);
    List<ConformalFit.Level> levels = new ArrayList<>();
    for (Coverage coverage : asked) {
      long rank = coverage.rank(rows.rows());
      List<Double> quantiles =
          rank > rows.rows()
              ? List.of()
              : Arrays.stream(scores).map(sorted -> sorted[(int) rank - 1]).toList();
      levels.add(new ConformalFit.Level(coverage, quantiles));
    }
    ConformalFit fit = new ConformalFit(score, rows.rows(), levels);
    TrainedModel calibrated =
        switch (model) {
          case Model one -> one.withOutputs(one.asOutputs().withConformal(fit));
          case Ensemble several -> several.withOutputs(several.asOutputs().withConformal(fit));
        };
    return of(calibrated, fit);
  }

  /**
   * Calibrates a model on the rows of a table, as {@link #calibrate(TrainedModel, Dataset, Score,
   * double...)}.
   *
   * @param model a model with an encoder
   * @param rows labelled rows that neither trained nor selected the model, at least one
   * @param score how far off a prediction is
   * @param coverages the shares of rows to cover
   * @return the calibrated model, and what it predicts
   * @throws DataException if there are no rows, a column is not there or a cell is not what it
   *     should be
   * @throws IllegalStateException if there is no encoder
   */
  public static Conformal calibrate(
      TrainedModel model, Table rows, Score score, double... coverages) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(coverages, "coverages");
    return calibrate(model, dataset(model, rows), score, coverages);
  }

  private static Dataset dataset(TrainedModel model, Table rows) {
    Encoder encoder =
        model
            .encoder()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "a model without encoder; expected one that was trained from a table"));
    if (rows.rows() == 0) {
      throw new DataException("%s: no rows; expected at least 1".formatted(rows.source()));
    }
    return encoder.dataset(rows, rows.all());
  }

  /**
   * {@return the place from 1 of the quantile among sorted scores, ⌈(n + 1)·(1 − α)⌉, computed
   * exactly; n + 1 where there are too few, so that the quantile is infinite}
   *
   * @param rows n, at least 1
   * @param coverage 1 − α, above 0 and below 1
   * @throws IllegalArgumentException if one of them is out of range
   */
  public static long rank(int rows, double coverage) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: %d; expected at least 1".formatted(rows));
    }
    return Coverage.of(coverage).rank(rows);
  }

  /** {@return the calibrated model; a file of it holds the calibration, too} */
  public TrainedModel model() {
    return model;
  }

  /** {@return the kind of score} */
  public Score score() {
    return fit.score();
  }

  /** {@return the calibration rows} */
  public int rows() {
    return fit.rows();
  }

  /** {@return the coverages that were calibrated for, in the order in which they were given} */
  public List<Double> coverages() {
    return fit.levels().stream().map(of -> of.coverage().share().doubleValue()).toList();
  }

  /** {@return the share of rows, 1 − α, that this covers} */
  public double coverage() {
    return level.coverage().share().doubleValue();
  }

  /**
   * {@return the same for another coverage}
   *
   * @param coverage one of {@link #coverages()}
   * @throws IllegalArgumentException if it is none of them
   */
  public Conformal withCoverage(double coverage) {
    Coverage asked = Coverage.of(coverage);
    for (ConformalFit.Level other : fit.levels()) {
      if (other.coverage().equals(asked)) {
        return new Conformal(model, fit, other);
      }
    }
    throw new IllegalArgumentException(
        "coverage: %s; expected one that was calibrated for, of %s"
            .formatted(asked, fit.levels().stream().map(of -> of.coverage().toString()).toList()));
  }

  /**
   * {@return the quantile of the scores of each predicted value, or the one of sets; infinite if
   * there are too few calibration rows}
   */
  public double[] quantiles() {
    return quantiles.clone();
  }

  /**
   * {@return whether there are enough calibration rows for this coverage: its quantile is finite}
   */
  public boolean isFinite() {
    return !level.quantiles().isEmpty();
  }

  /**
   * Predicts intervals. Their ends are rounded outwards in the last place, so that a calibration
   * row whose score is the quantile is inside.
   *
   * @param rows encoded rows {@code [count][columns]}, as {@link Encoder} makes them; not changed
   * @param count the number of rows, at least 0
   * @param lower receives the lower ends in original units, {@code [count][outputs]}; −∞ if the
   *     quantile is infinite, NaN for a row with NaN
   * @param upper receives the upper ends; another array
   * @throws IllegalArgumentException if the count is negative, an array is too short or both are
   *     one; nothing is written then
   * @throws IllegalStateException if sets are predicted
   */
  public void intervals(float[] rows, int count, double[] lower, double[] upper) {
    Objects.requireNonNull(lower, "lower");
    Objects.requireNonNull(upper, "upper");
    Predictor.check("rows", rows, count, model.columns());
    if (score().givesSets()) {
      throw new IllegalStateException("intervals: this predicts sets; ask for sets");
    }
    int outputs = model.outputs();
    Predictor.check("lower", lower.length, count, outputs);
    Predictor.check("upper", upper.length, count, outputs);
    if (lower == upper) {
      throw new IllegalArgumentException("upper: the array of lower ends; expected another");
    }
    ConformalScores.band(model, score(), rows, count, lower, upper);
    widen(lower, upper, count * outputs);
  }

  /** Moves the ends of bands apart by the quantiles. */
  private void widen(double[] lower, double[] upper, int numbers) {
    boolean counts = model.link() == Loss.Link.EXP;
    for (int i = 0; i < numbers; i++) {
      double wider = Math.nextUp(quantiles[i % quantiles.length]);
      double middle = lower[i] / 2 + upper[i] / 2;
      double low = Math.nextDown(lower[i] - wider);
      double high = Math.nextUp(upper[i] + wider);
      boolean passing = low > high;
      lower[i] = passing ? middle : counts ? Math.max(low, 0) : low;
      upper[i] = passing ? middle : high;
    }
  }

  /**
   * Predicts sets of classes.
   *
   * @param rows encoded rows {@code [count][columns]}, as {@link Encoder} makes them; not changed
   * @param count the number of rows, at least 0
   * @param probabilities receives the probabilities of all classes, {@code [count][classes]}, a
   *     column for each, also of two
   * @param members receives whether each class is in the row's set, {@code [count][classes]}; none
   *     is for a row with NaN
   * @throws IllegalArgumentException if the count is negative or an array is too short; nothing is
   *     written then
   * @throws IllegalStateException if intervals are predicted
   */
  public void sets(float[] rows, int count, double[] probabilities, boolean[] members) {
    Objects.requireNonNull(probabilities, "probabilities");
    Objects.requireNonNull(members, "members");
    Predictor.check("rows", rows, count, model.columns());
    if (!score().givesSets()) {
      throw new IllegalStateException("sets: this predicts intervals; ask for intervals");
    }
    int classes = ConformalScores.classes(model);
    Predictor.check("probabilities", probabilities.length, count, classes);
    Predictor.check("members", members.length, count, classes);
    model.shared().probabilities(rows, count, probabilities);
    for (int row = 0; row < count; row++) {
      choose(probabilities, row * classes, classes, members);
    }
  }

  /** Says which classes of one row are in its set. */
  private void choose(double[] probabilities, int at, int classes, boolean[] members) {
    for (int c = 0; c < classes; c++) {
      double its = ConformalScores.ofClass(score(), probabilities, at, classes, c);
      members[at + c] = its <= quantiles[0];
    }
  }

  /**
   * {@return the decision on a row with its intervals or its set, as {@link
   * TrainedModel#decide(Record)} takes it}
   *
   * @param row a component for each column, by its name
   * @throws DataException if a component is no column or a value is not what it should be
   * @throws IllegalArgumentException if the record's type is not open to this library
   * @throws IllegalStateException if there is no encoder
   */
  public Region region(Record row) {
    Objects.requireNonNull(row, "row");
    return region(its -> its.decide(row));
  }

  /**
   * {@return the decision on a row with its intervals or its set, as {@link
   * TrainedModel#decide(Map)} takes it}
   *
   * @param values values by the name of their column, or null for missing
   * @throws DataException if there is no such column or a value is not what it should be
   * @throws IllegalStateException if there is no encoder
   */
  public Region region(Map<String, ?> values) {
    Objects.requireNonNull(values, "values");
    return region(its -> its.decide(values));
  }

  /**
   * {@return the decision on a row with its intervals or its set, as {@link
   * TrainedModel#decide(List)} takes it}
   *
   * @param values a value for each column of the training table but the labels, or null for missing
   * @throws DataException if there are more or fewer values, or one is not what it should be
   * @throws IllegalStateException if there is no encoder
   */
  public Region region(List<?> values) {
    Objects.requireNonNull(values, "values");
    return region(its -> its.decide(values));
  }

  private Region region(Function<TrainedModel, Decision> decide) {
    Decision decision = decide.apply(model);
    if (score().givesSets() != decision.hasLabel()) {
      throw new IllegalStateException("a model whose encoder is of another task");
    }
    return score().givesSets()
        ? new Region(decision, List.of(), labels(decision))
        : new Region(decision, intervals(decision, decide), List.of());
  }

  private List<Interval> intervals(Decision decision, Function<TrainedModel, Decision> decide) {
    double[] lower;
    double[] upper;
    if (score() == Score.CQR) {
      List<Model> pair = ((Ensemble) model).models();
      lower = decide.apply(pair.get(0)).values();
      upper = decide.apply(pair.get(1)).values();
    } else {
      lower = decision.values();
      upper = lower.clone();
    }
    ConformalScores.order(lower, upper, lower.length);
    widen(lower, upper, lower.length);
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < lower.length; i++) {
      intervals.add(new Interval(lower[i], upper[i]));
    }
    return intervals;
  }

  private List<String> labels(Decision decision) {
    Map<String, Double> byLabel = decision.probabilities();
    double[] p = byLabel.values().stream().mapToDouble(Double::doubleValue).toArray();
    boolean[] members = new boolean[p.length];
    choose(p, 0, p.length, members);
    List<String> all = List.copyOf(byLabel.keySet());
    return IntStream.range(0, p.length).filter(c -> members[c]).mapToObj(all::get).toList();
  }

  /**
   * {@return how many labelled rows are covered and how large their intervals or sets are: one
   * element for each predicted value, or the one for sets}
   *
   * @param rows encoded rows with targets, at least one
   * @throws IllegalArgumentException if there are none, or they do not fit the model
   * @throws ArithmeticException if a prediction is not finite
   */
  public List<Observed> evaluate(Dataset rows) {
    Objects.requireNonNull(rows, "rows");
    return score().givesSets() ? List.of(ofSets(rows)) : ofIntervals(rows);
  }

  /**
   * {@return how many rows of a table are covered, as {@link #evaluate(Dataset)}}
   *
   * @param rows labelled rows, at least one
   * @throws DataException if there are no rows, a column is not there or a cell is not what it
   *     should be
   * @throws IllegalStateException if there is no encoder
   */
  public List<Observed> evaluate(Table rows) {
    Objects.requireNonNull(rows, "rows");
    return evaluate(dataset(model, rows));
  }

  private List<Observed> ofIntervals(Dataset rows) {
    double[] truth = new Judgement(model).truth(rows);
    double[] lower = new double[truth.length];
    double[] upper = new double[truth.length];
    intervals(rows.features(), rows.rows(), lower, upper);
    List<Observed> all = new ArrayList<>();
    int columns = quantiles.length;
    for (int c = 0; c < columns; c++) {
      int covered = 0;
      double widths = 0;
      for (int i = c; i < truth.length; i += columns) {
        requireNumber(lower[i], i / columns);
        covered += truth[i] >= lower[i] && truth[i] <= upper[i] ? 1 : 0;
        widths += upper[i] - lower[i];
      }
      all.add(new Observed(rows.rows(), covered, widths / rows.rows(), 0));
    }
    return all;
  }

  private Observed ofSets(Dataset rows) {
    int[] labels = ConformalScores.labels(model, rows);
    int classes = ConformalScores.classes(model);
    double[] p = new double[Math.multiplyExact(labels.length, classes)];
    boolean[] members = new boolean[p.length];
    sets(rows.features(), labels.length, p, members);
    int covered = 0;
    int empty = 0;
    long sizes = 0;
    for (int r = 0; r < labels.length; r++) {
      requireNumber(p[r * classes], r);
      int size = 0;
      for (int c = 0; c < classes; c++) {
        size += members[r * classes + c] ? 1 : 0;
      }
      covered += members[r * classes + labels[r]] ? 1 : 0;
      empty += size == 0 ? 1 : 0;
      sizes += size;
    }
    return new Observed(labels.length, covered, (double) sizes / labels.length, empty);
  }

  private static void requireNumber(double number, int row) {
    if (Double.isNaN(number)) {
      throw new ArithmeticException(
          "row %d: the model gives NaN: a feature is not finite, or its training has diverged"
              .formatted(row));
    }
  }

  /** {@return coverage, rank, rows and quantiles, in one line} */
  @Override
  public String toString() {
    String found =
        isFinite()
            ? "quantile %s"
                .formatted(
                    quantiles.length == 1 ? quantiles[0] : (Object) Arrays.toString(quantiles))
            : "infinite, as it takes at least %s rows".formatted(level.coverage().leastRows());
    return "%s %s, rank %d of %d rows: %s"
        .formatted(
            ConformalFit.name(score()),
            level.coverage(),
            level.coverage().rank(rows()),
            rows(),
            found);
  }
}
