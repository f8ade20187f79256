package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The training of models on all rows but the test rows, for as many epochs as the dev rows have
 * found best before. So the dev rows, often a fifth of all, are learned from too.
 *
 * <p>First k models with k seeds are trained side by side on the training rows. Their joint best
 * epoch is that with the best mean, over the k, of the score that early stopping watches, the dev
 * loss unless the recipe says another, as a preset's of classes does; of equal means the first
 * counts, or the latest if the rule says so. They end together when the mean has not become better
 * for the patience. Then k models with the same seeds are trained from the beginning on training
 * and dev rows, in their order in the source, for that many epochs; the learning rate follows the
 * same schedule, whose length stays. Encoder and network are those of all these rows, and so are
 * what the learner's recipe makes of their number and penalties per example. Without dev rows the
 * first stage is left out, and the epochs are the recipe's.
 *
 * <p>The dev scores are those of the first stage, of its k models together at the joint best epoch;
 * train and test scores are of the final ones. Temperature and threshold, if the learner wants
 * them, are fitted in the first stage and handed on. A rule that lowers the rate by dev rows is
 * refused, as the second stage has none.
 *
 * <p>Costs 2k trainings; k models are in memory at once. The bits do not depend on the engine.
 * Immutable.
 */
public final class Refit {

  private final Learner learner;
  private final int models;

  private Refit(Learner learner, int models) {
    this.learner = learner;
    this.models = models;
  }

  /**
   * {@return the refit of a learner's models}
   *
   * @param learner how each is trained
   * @param models how many, at least 1; the result of one is a model, of several an ensemble
   * @throws IllegalArgumentException if they are fewer
   */
  public static Refit of(Learner learner, int models) {
    Objects.requireNonNull(learner, "learner");
    checkModels(models);
    return new Refit(learner, models);
  }

  private static void checkModels(int models) {
    if (models < 1) {
      throw new IllegalArgumentException("models: %d; expected at least 1".formatted(models));
    }
  }

  /**
   * Learns from a table.
   *
   * @param table labelled rows
   * @return the model or ensemble with its scores
   * @throws DataException if the table is not what the learner needs
   * @throws ArithmeticException if a network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Combined learn(Table table) {
    try (Run run = learner.begin(table)) {
      return learn(run, models, (training, epoch) -> {});
    }
  }

  /**
   * Learns from images.
   *
   * @param images images with labels
   * @return the model or ensemble with its scores
   * @throws DataException if the images are not what the learner needs
   * @throws ArithmeticException if a network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Combined learn(Idx.Images images) {
    try (Run run = learner.begin(images)) {
      return learn(run, models, (training, epoch) -> {});
    }
  }

  /**
   * Learns from the rows of a run, which itself is not begun.
   *
   * @param run the rows and the recipe
   * @param models how many models, at least 1
   * @param listener is told of each epoch of each training, by the calling thread: the trainings
   *     that choose the epoch have the numbers from 0, those on all rows the numbers from k on
   * @return the model or ensemble with its scores
   * @throws IllegalArgumentException if the models are fewer, the recipe lowers the rate by dev
   *     rows, does not fit the rows, or dev rows stand beside a stream
   * @throws IllegalStateException if the run has begun or is closed
   * @throws DataException if the score that is watched was no number after any epoch
   * @throws ArithmeticException if a network leaves the finite numbers
   * @throws UncheckedIOException if streamed rows cannot be read
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public static Combined learn(Run run, int models, Combined.Listener listener) {
    Objects.requireNonNull(run, "run");
    checkModels(models);
    Objects.requireNonNull(listener, "listener");
    run.requireNotBegun();
    run.checkFitted();
    if (run.recipe().reduceOnPlateau().isPresent()) {
      throw new IllegalArgumentException(
          "reduceOnPlateau: %s; expected none, as there are no dev rows to watch in the refit"
              .formatted(run.recipe().reduceOnPlateau().get()));
    }
    if (run.dev().isEmpty()) {
      return refitted(run, run, Optional.empty(), models, run.recipe().epochs(), listener);
    }
    try (Run all = run.onAllRows()) { // refuses what it must before anything is trained
      return chosen(run, all, models, listener);
    }
  }

  /** The models of the first stage at their best epoch so far. */
  private static final class Best {
    int epoch;
    double score = Double.POSITIVE_INFINITY;
    List<Model> models = List.of();
  }

  private static Combined chosen(Run run, Run all, int models, Combined.Listener listener) {
    List<Epoch> epochs = new ArrayList<>();
    Best best = best(run, models, epochs, listener);
    TrainedModel stage =
        run.fitted(models == 1 ? best.models.getFirst() : Ensemble.of(best.models));
    Evaluation dev = Run.judged("dev", best.epoch, () -> stage.evaluate(run.dev().orElseThrow()));
    Combined last =
        refitted(
            run,
            all,
            Optional.of(stage),
            models,
            best.epoch,
            (m, e) -> listener.ended(models + m, e));
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    evaluations.put("train", last.train());
    evaluations.put("dev", dev);
    last.test().ifPresent(test -> evaluations.put("test", test));
    return new Combined(
        last.model(),
        last.members(),
        evaluations,
        epochs,
        epochs.size(),
        best.epoch,
        last.rows(),
        last.testRows(),
        run.split());
  }

  private static Best best(Run run, int models, List<Epoch> epochs, Combined.Listener listener) {
    EarlyStopping rule = run.recipe().earlyStopping();
    List<Training> trainings = new ArrayList<>();
    try {
      for (int m = 0; m < models; m++) {
        trainings.add(Training.start(itsRecipe(run.recipe(), m), run.data(), run.engine()));
      }
      List<Iterator<Epoch>> left = trainings.stream().map(Training::iterator).toList();
      Best best = new Best();
      while (epochs.size() < run.recipe().epochs()
          && !(rule.active() && epochs.size() - best.epoch >= rule.patience())) {
        epochs.add(Epoch.mean(next(left, epochs.size(), listener)));
        double score = watched(run, rule, epochs.getLast());
        if (rule.isBetter(score, best.score)) {
          best.epoch = epochs.size();
          best.score = score;
          best.models = trainings.stream().map(Training::model).toList();
        }
      }
      if (best.epoch == 0) {
        throw new DataException(
            "metric %s of the dev rows: no number after any of %d epochs, so none is the best;"
                    .formatted(run.data().metric().orElseThrow(), epochs.size())
                + " expected rows that it is defined for");
      }
      return best;
    } finally {
      trainings.forEach(Training::close);
    }
  }

  /** {@return the next epoch of each training} */
  private static List<Epoch> next(
      List<Iterator<Epoch>> trainings, int done, Combined.Listener listener) {
    List<Epoch> next = new ArrayList<>();
    for (int m = 0; m < trainings.size(); m++) {
      if (!trainings.get(m).hasNext()) {
        throw new CancellationException("interrupted after epoch %d".formatted(done));
      }
      Epoch epoch = trainings.get(m).next();
      listener.ended(m, epoch);
      next.add(epoch);
    }
    return next;
  }

  /** {@return the watched score as a number of which smaller is better} */
  private static double watched(Run run, EarlyStopping rule, Epoch mean) {
    if (rule.watch() == EarlyStopping.Watch.DEV_LOSS) {
      return mean.devLoss().orElseThrow();
    }
    return run.data().metric().orElseThrow().asLoss(mean.devMetric().orElseThrow());
  }

  /** {@return the recipe of a member, which nothing stops early} */
  private static Recipe itsRecipe(Recipe recipe, int member) {
    return recipe.withSeed(Combined.seed(recipe, member)).withEarlyStopping(EarlyStopping.never());
  }

  /**
   * {@return the models of the second stage}
   *
   * @param asked the run that was asked for
   * @param all all rows
   * @param stage what the first stage has come to, if there was one
   */
  private static Combined refitted(
      Run asked,
      Run all,
      Optional<TrainedModel> stage,
      int models,
      int epochs,
      Combined.Listener listener) {
    Recipe recipe = all.recipe().withoutReduceOnPlateau().withEpochs(epochs);
    List<Combined.Member> members = new ArrayList<>();
    List<List<Epoch>> measured = new ArrayList<>();
    for (int m = 0; m < models; m++) {
      Recipe its = itsRecipe(recipe, m);
      List<Epoch> ofThis = new ArrayList<>();
      try (Training training = Training.start(its, all.data(), all.engine())) {
        Combined.train(
            training,
            m,
            (number, epoch) -> {
              ofThis.add(epoch);
              listener.ended(number, epoch);
            });
        members.add(
            new Combined.Member(all.reached(training, its), epochs, epochs, training.penalty()));
      }
      measured.add(ofThis);
    }
    String how =
        "refit, %d models on training and dev rows for the joint best number of epochs, %d"
            .formatted(models, epochs);
    TrainedModel plain = Combined.of(members, itsRecipe(recipe, 0), how);
    TrainedModel model =
        stage
            .map(of -> plain.withTemperature(of.temperature()).withThreshold(of.threshold()))
            .orElse(plain);
    return new Combined(
        model,
        members,
        all.judged(model, epochs),
        means(measured, epochs),
        epochs,
        epochs,
        all.data().training(),
        all.test(),
        asked.split());
  }

  /** {@return the means of each epoch over the trainings} */
  private static List<Epoch> means(List<List<Epoch>> trainings, int epochs) {
    List<Epoch> means = new ArrayList<>();
    for (int e = 0; e < epochs; e++) {
      int number = e;
      means.add(Epoch.mean(trainings.stream().map(of -> of.get(number)).toList()));
    }
    return means;
  }
}
