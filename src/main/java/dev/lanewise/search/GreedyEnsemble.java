package dev.lanewise.search;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Table;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.train.DevMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The choice of some models, such as the best of a search, whose weighted mean predicts dev rows
 * best: ensemble selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes 2004,
 * "Ensemble Selection from Libraries of Models").
 *
 * <p>Each round adds the candidate with which the mean of all that have been added scores best; a
 * candidate may be added again, and its weight is how often it was. Of equal candidates the first
 * is taken. The first round adds the best single model, and of all rounds those up to the best
 * score are kept: on the dev rows the result is never worse than the best candidate. A score counts
 * as better if it is so by more than a billionth, which rounding does not reach. The score is the
 * log loss of classes, where a probability of 0 counts as the least {@code double} above; the RMSE
 * of values in original units; or a given metric.
 *
 * <p>The dev rows must not have been trained on. They may have selected the candidates' epochs, but
 * what is chosen by its dev score looks better on these rows than on others: judge it by test rows.
 *
 * <p>Costs one prediction of the dev rows by each candidate, then for each round and candidate a
 * pass over these predictions. Immutable; the same choice on any machine.
 */
public final class GreedyEnsemble {

  private static final int ROUNDS = 50;

  /** The rounds without a better score after which the choice ends. */
  private static final int PATIENCE = 10;

  /** The share of a score by which another must be better to count. */
  private static final double LEAST_GAIN = 1e-9;

  private final List<Model> candidates;
  private final int rounds;
  private final Optional<DevMetric> metric;

  private GreedyEnsemble(List<Model> candidates, int rounds, Optional<DevMetric> metric) {
    this.candidates = candidates;
    this.rounds = rounds;
    this.metric = metric;
  }

  /**
   * {@return a choice among models, of 50 rounds at most}
   *
   * @param candidates at least one, of one task, as {@link Ensemble#of} takes them
   * @throws IllegalArgumentException if there is none, or one does not fit the first
   */
  public static GreedyEnsemble of(List<Model> candidates) {
    List<Model> copy = List.copyOf(Objects.requireNonNull(candidates, "candidates"));
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("candidates: none; expected at least one");
    }
    Ensemble.of(copy); // refuses those that do not fit
    return new GreedyEnsemble(copy, ROUNDS, Optional.empty());
  }

  /**
   * {@return this choice with another limit of rounds} It ends sooner after 10 rounds in a row
   * without a better score.
   *
   * @param most the most rounds, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public GreedyEnsemble withRounds(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most: %d rounds; expected at least 1".formatted(most));
    }
    return new GreedyEnsemble(candidates, most, metric);
  }

  /**
   * {@return this choice by another score than the log loss or the RMSE} The metric is given the
   * logits of the mean, to the nearest {@code float}, or the mean as the dev rows' targets are
   * scaled.
   *
   * @param score the score of dev rows
   */
  public GreedyEnsemble withMetric(DevMetric score) {
    Objects.requireNonNull(score, "score");
    return new GreedyEnsemble(candidates, rounds, Optional.of(score));
  }

  /**
   * Chooses by the rows of a table, which each model's own encoder encodes.
   *
   * @param dev labelled rows that no candidate was trained on, at least one
   * @return the choice
   * @throws DataException if there are no rows, a column is not there or a cell is not what it
   *     should be
   * @throws IllegalStateException if the models have no encoder
   * @throws ArithmeticException if no candidate has a score that is a number
   */
  public Selection select(Table dev) {
    Objects.requireNonNull(dev, "dev");
    if (candidates.getFirst().encoder().isEmpty()) {
      throw new IllegalStateException("models without encoder; expected an encoded data set");
    }
    if (dev.rows() == 0) {
      throw new DataException("%s: no rows; expected at least 1".formatted(dev.source()));
    }
    Map<Encoder, Dataset> encoded = new HashMap<>();
    List<Dataset> rows = new ArrayList<>();
    for (Model candidate : candidates) {
      Encoder encoder = candidate.encoder().orElseThrow();
      rows.add(encoded.computeIfAbsent(encoder, its -> its.dataset(dev, dev.all())));
    }
    return select(rows);
  }

  /**
   * Chooses by encoded rows, which all models take as they are.
   *
   * @param dev encoded rows with targets that no candidate was trained on, at least one
   * @return the choice
   * @throws IllegalArgumentException if there are none, they do not fit a candidate, or candidates
   *     have different encoders
   * @throws ArithmeticException if no candidate has a score that is a number
   */
  public Selection select(Dataset dev) {
    Objects.requireNonNull(dev, "dev");
    if (dev.rows() < 1) {
      throw new IllegalArgumentException("dev: no rows; expected at least 1");
    }
    Optional<Encoder> first = candidates.getFirst().encoder();
    for (int c = 1; c < candidates.size(); c++) {
      if (!candidates.get(c).encoder().equals(first)) {
        throw new IllegalArgumentException(
            "dev: encoded once, but candidate %d has another encoder than the first; expected a"
                    .formatted(c + 1)
                + " table");
      }
    }
    Model model = candidates.getFirst();
    if (dev.columns() != model.columns()) {
      throw new IllegalArgumentException(
          "dev: %d columns; expected %d, the networks' inputs"
              .formatted(dev.columns(), model.columns()));
    }
    if (!model.network().loss().accepts(dev.targetColumns(), model.outputs())) {
      throw new IllegalArgumentException(
          "dev: %d target columns; %s over %d outputs does not take them"
              .formatted(dev.targetColumns(), model.network().loss(), model.outputs()));
    }
    return select(candidates.stream().map(candidate -> dev).toList());
  }

  private Selection select(List<Dataset> rows) {
    Model first = candidates.getFirst();
    EnsembleScore score = EnsembleScore.of(first, rows.getFirst(), metric);
    List<double[]> parts = new ArrayList<>();
    for (int c = 0; c < candidates.size(); c++) {
      parts.add(score.part(candidates.get(c), rows.get(c)));
    }
    double[] sum = new double[parts.getFirst().length];
    List<Integer> picks = new ArrayList<>();
    List<Double> curve = new ArrayList<>();
    int best = 0;
    while (picks.size() < rounds && picks.size() - best < PATIENCE) {
      int pick = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < parts.size(); c++) {
        double loss = score.loss(sum, parts.get(c), picks.size() + 1);
        if (loss < least) {
          pick = c;
          least = loss;
        }
      }
      if (pick < 0) {
        break; // no mean has a score: of the first round, of no candidate
      }
      double[] picked = parts.get(pick);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += picked[i];
      }
      picks.add(pick);
      curve.add(least);
      if (best == 0 || curve.get(best - 1) - least > LEAST_GAIN * Math.abs(least)) {
        best = picks.size();
      }
    }
    if (best == 0) {
      throw new ArithmeticException(
          "no %s of %d candidates is a number; expected models that have not diverged"
              .formatted(score.name(), candidates.size()));
    }
    return selection(score, picks, curve, best);
  }

  private Selection selection(
      EnsembleScore score, List<Integer> picks, List<Double> losses, int best) {
    double[] counts = new double[candidates.size()];
    picks.subList(0, best).forEach(pick -> counts[pick]++);
    List<Model> chosen =
        IntStream.range(0, counts.length)
            .filter(c -> counts[c] > 0)
            .mapToObj(candidates::get)
            .toList();
    double[] weights = Arrays.stream(counts).filter(count -> count > 0).toArray();
    List<Double> curve = losses.stream().map(score::shown).toList();
    Ensemble ensemble = Ensemble.of(chosen).withWeights(weights);
    return new Selection(
        ensemble.withProvenance(
            ensemble
                .provenance()
                .with(
                    "combined",
                    "greedily, %d of %d models in %d rounds, dev %s %s"
                        .formatted(
                            chosen.size(),
                            candidates.size(),
                            best,
                            score.name(),
                            curve.get(best - 1)))),
        picks,
        curve,
        best,
        score.name());
  }

  /** What was chosen, and the dev scores on the way. Immutable. */
  public static final class Selection {

    private final Ensemble ensemble;
    private final List<Integer> picks;
    private final List<Double> curve;
    private final int kept;
    private final String metric;

    Selection(Ensemble ensemble, List<Integer> picks, List<Double> curve, int kept, String metric) {
      this.ensemble = ensemble;
      this.picks = List.copyOf(picks);
      this.curve = List.copyOf(curve);
      this.kept = kept;
      this.metric = metric;
    }

    /** {@return the chosen candidates in their order, each weighing how often it was added} */
    public Ensemble ensemble() {
      return ensemble;
    }

    /** {@return the candidate that each round added, counted from 0, also of rounds not kept} */
    public List<Integer> picks() {
      return picks;
    }

    /**
     * {@return the dev score after each round, also of rounds not kept; the first is that of the
     * best candidate alone}
     */
    public List<Double> curve() {
      return curve;
    }

    /** {@return the rounds that the ensemble is of: the first ones, up to the best score} */
    public int kept() {
      return kept;
    }

    /** {@return the name of the score: {@code logLoss}, {@code rmse} or that of a given metric} */
    public String metric() {
      return metric;
    }

    /** {@return the dev score of the ensemble} */
    public double score() {
      return curve.get(kept - 1);
    }

    /** {@return the dev score of the best single candidate} */
    public double bestSingle() {
      return curve.getFirst();
    }

    /** {@return one line: the numbers of models and rounds, and both scores} */
    @Override
    public String toString() {
      return "%d models in %d rounds, dev %s %s, best single %s"
          .formatted(ensemble.models().size(), kept, metric, score(), bestSingle());
    }
  }
}
