package dev.lanewise.train;

import dev.lanewise.data.DataException;
import dev.lanewise.net.Network;
import dev.lanewise.plan.BatchStatistics;
import dev.lanewise.plan.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The end of an epoch: a mean of epoch ends gets exact batch-norm statistics, the dev rows are
 * evaluated, and the rules of early stopping and of the plateau take their score.
 */
final class EpochEnd {

  private final Recipe recipe;
  private final Network network;
  private final TrainingData data;
  private final int dealt;
  private final TrainingPlan plan;
  private final Optional<DevEvaluation> dev;
  private final Optional<BestEpoch> best;
  private final Optional<PlateauWatch> plateau;

  /**
   * @param dealt the training rows that an epoch has
   * @param plan the plan of the recipe's network, its per-example penalties resolved
   * @param initial the first parameters
   */
  EpochEnd(Recipe recipe, TrainingData data, int dealt, float[] initial, TrainingPlan plan) {
    this.recipe = recipe;
    network = plan.network();
    this.data = data;
    this.dealt = dealt;
    this.plan = plan;
    EarlyStopping rule = recipe.earlyStopping();
    dev = data.dev().map(d -> new DevEvaluation(network, d, data.metric(), initial, plan::now));
    best = rule.active() ? Optional.of(new BestEpoch(initial, rule)) : Optional.empty();
    plateau = recipe.reduceOnPlateau().map(PlateauWatch::new);
  }

  /** Refuses rules that watch a score that the data do not give. */
  static void checkWatched(Recipe recipe, TrainingData data) {
    EarlyStopping rule = recipe.earlyStopping();
    if (rule.active()) {
      checkWatched("earlyStopping", rule.patience(), rule.watch(), data);
    }
    recipe.reduceOnPlateau().ifPresent(p -> checkWatched("plateau", p.patience(), p.watch(), data));
  }

  private static void checkWatched(
      String rule, int patience, EarlyStopping.Watch watch, TrainingData data) {
    boolean there =
        switch (watch) {
          case DEV_LOSS -> data.dev().isPresent();
          case DEV_METRIC -> data.metric().isPresent();
        };
    if (!there) {
      throw new IllegalArgumentException(
          "%s: patience %d watches %s; expected data with %s"
              .formatted(
                  rule,
                  patience,
                  watch,
                  watch == EarlyStopping.Watch.DEV_LOSS ? "dev rows" : "dev rows and a metric"));
    }
  }

  /**
   * Does the part of an epoch's end that uses training rows.
   *
   * @throws java.io.UncheckedIOException if a streamed row cannot be read; the place is unusable
   *     then
   */
  void complete(Place place) {
    place.endEpoch();
    if (network.normalizesBatches()
        && place.average != null
        && place.average.isMeanOfEnds(place.epoch())) {
      place.average.restore(
          BatchStatistics.reestimate(network, place.reached(), data.training(), plan.now()));
    }
  }

  /**
   * Evaluates a completed epoch.
   *
   * @param began when it began, in nanoseconds
   * @throws DivergedException if the loss of the dev rows is not finite
   * @throws DataException if early stopping would end with no epoch scored
   */
  Epoch judge(Place place, long began) {
    double rate = place.updater.lastRate();
    double loss = place.lossSum() / dealt;
    Optional<DevEvaluation.Result> result = dev.map(d -> d.evaluate(place.reached()));
    result.ifPresent(
        r -> {
          requireFinite(r, place);
          requireScored(r, place);
          follow(r, place);
        });
    return new Epoch(
        place.epoch(),
        rate,
        loss,
        loss + place.penalty(),
        result.map(r -> OptionalDouble.of(r.loss())).orElse(OptionalDouble.empty()),
        result.map(DevEvaluation.Result::metric).orElse(OptionalDouble.empty()),
        (System.nanoTime() - began) * 1e-9);
  }

  private void requireFinite(DevEvaluation.Result result, Place place) {
    if (!Double.isFinite(result.loss())) {
      throw DivergedException.ofDev(
          place.updater.step(),
          place.epoch(),
          result.loss(),
          dev.orElseThrow().firstNonFinite().orElse(DivergedException.AS_FAR_AS_THE_SCORES));
    }
  }

  /** Refuses to end early stopping with the initial parameters, as if they were the best. */
  private void requireScored(DevEvaluation.Result result, Place place) {
    EarlyStopping rule = recipe.earlyStopping();
    if (best.isEmpty()
        || best.get().number > 0
        || place.epoch() < Math.min(rule.patience(), recipe.epochs())
        || watched(rule.watch(), result) < Double.POSITIVE_INFINITY) {
      return;
    }
    throw new DataException(
        "metric %s of the dev rows: %s, and no number after any of %d epochs, so none is the best;"
                .formatted(
                    data.metric().orElseThrow(), result.metric().orElseThrow(), place.epoch())
            + " expected rows that it is defined for");
  }

  private void follow(DevEvaluation.Result result, Place place) {
    best.ifPresent(
        b ->
            b.offer(
                watched(recipe.earlyStopping().watch(), result), place.reached(), place.epoch()));
    plateau.ifPresent(
        p ->
            p.offer(
                watched(recipe.reduceOnPlateau().orElseThrow().watch(), result),
                place.updater,
                place.epoch()));
  }

  /** {@return the watched score as a number of which smaller is better} */
  private double watched(EarlyStopping.Watch watch, DevEvaluation.Result result) {
    if (watch == EarlyStopping.Watch.DEV_LOSS) {
      return result.loss();
    }
    return data.metric().orElseThrow().asLoss(result.metric().orElseThrow());
  }

  /**
   * {@return whether all epochs are done, early stopping has ended the training, or a command has}
   * A training that was rolled back has as much patience as after a best epoch.
   *
   * @param steps the steps of an epoch
   */
  boolean finished(Place place, CommandLog commands, int steps) {
    return commands.stopped()
        || place.epoch() >= recipe.epochs()
        || (best.isPresent()
            && place.position() == 0
            && place.epoch() - Math.max(best.get().number, commands.rolledBackAt() / steps)
                >= recipe.earlyStopping().patience());
  }

  /**
   * {@return the parameters of the best epoch}
   *
   * @throws IllegalStateException if there are none
   */
  float[] best() {
    if (best.isEmpty()) {
      throw new IllegalStateException(
          "no best epoch is kept; expected a recipe with early stopping");
    }
    if (best.get().number == 0) {
      throw new IllegalStateException("no epoch is the best yet; expected one that has a score");
    }
    return best.get().parameters;
  }

  /** {@return the parameters that are the training's result at a place} */
  float[] result(Place place) {
    return best.isPresent() ? best.get().parameters : place.reached();
  }

  /** {@return the number of the epoch whose end the result is from} */
  int resultEpoch(Place place) {
    return best.isPresent() ? best.get().number : place.epoch();
  }

  /** {@return everything that a training at a place needs to continue} */
  Checkpoint checkpoint(Place place, List<Command> commands) {
    return new Checkpoint(
        place.theta,
        place.updater.state(),
        place.progress(),
        best.map(b -> b.parameters).orElse(null),
        best.map(b -> b.score).orElse(0.0),
        best.map(b -> b.number).orElse(0),
        plateau.map(PlateauWatch::state).orElse(null),
        place.average == null ? null : place.average.parameters,
        commands);
  }

  /**
   * Continues from a checkpoint.
   *
   * @throws IllegalArgumentException if the state of the plateau rule is missing or impossible
   */
  void restore(Checkpoint saved) {
    best.ifPresent(b -> b.restore(saved.best(), saved.bestScore(), saved.bestEpoch()));
    plateau.ifPresent(p -> p.restore(saved.plateau()));
  }

  /** {@return whether a checkpoint has parameters of a best epoch} */
  boolean keepsBest() {
    return best.isPresent();
  }
}
