package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The training of several models, each on a bootstrap sample of the training rows, whose
 * predictions are averaged (Breiman 1996, "Bagging Predictors").
 *
 * <p>A sample has as many rows as there are, each drawn from all of them, so that about 63 % of the
 * rows are in it; where rows have groups, as many groups are drawn as there are, each with all its
 * rows. Each member also has a seed of its own for first parameters, order and dropout; the first
 * has the recipe's. Encoder, dev rows and test rows are common to all; each training stops by the
 * dev rows on its own. Temperature and threshold, if the learner wants them, are fitted for the
 * ensemble.
 *
 * <p>The out-of-bag evaluation judges each training row by the mean of those members whose samples
 * it is not in, without the ensemble's temperature and threshold: it is nearly as good as a test
 * set, and needs no rows set aside. The rows have no part in those members, but dev rows that
 * stopped them early do.
 *
 * <p>Costs as many trainings and as many predictions as there are members. The bits do not depend
 * on the engine. Immutable.
 */
public final class Bagging {

  private static final long GROUPS = CounterRandom.stream("bootstrap of groups");

  private final Learner learner;
  private final int models;

  private Bagging(Learner learner, int models) {
    this.learner = learner;
    this.models = models;
  }

  /**
   * {@return the bagging of a learner's models}
   *
   * @param learner how each is trained
   * @param models how many, at least 2
   * @throws IllegalArgumentException if they are fewer
   */
  public static Bagging of(Learner learner, int models) {
    Objects.requireNonNull(learner, "learner");
    checkModels(models);
    return new Bagging(learner, models);
  }

  private static void checkModels(int models) {
    if (models < 2) {
      throw new IllegalArgumentException("models: %d; expected at least 2".formatted(models));
    }
  }

  /**
   * Learns from a table.
   *
   * @param table labelled rows
   * @return the ensemble with its scores
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
   * @return the ensemble with its scores
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
   * @param models how many models, at least 2
   * @param listener is told of each epoch of each training, by the calling thread
   * @return the ensemble with its scores
   * @throws IllegalArgumentException if the models are fewer, the rows are streamed, or recipe and
   *     rows do not fit each other
   * @throws IllegalStateException if the run has begun or is closed
   * @throws ArithmeticException if a network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public static Combined learn(Run run, int models, Combined.Listener listener) {
    Objects.requireNonNull(run, "run");
    checkModels(models);
    Objects.requireNonNull(listener, "listener");
    run.requireNotBegun();
    run.checkFitted();
    if (!(run.rows() instanceof Dataset rows)) {
      throw new IllegalArgumentException(
          "run: streamed rows; expected rows in memory, of which samples can be drawn");
    }
    Recipe recipe = run.recipe();
    Optional<int[]> groups = run.groups();
    OutOfBag bag = new OutOfBag(run.train());
    List<Combined.Member> members = new ArrayList<>();
    for (int m = 0; m < models; m++) {
      Recipe its = recipe.withSeed(Combined.seed(recipe, m));
      int[] drawn = drawn(rows, groups, recipe.seed(), m);
      try (Training training = Training.start(its, run.data(rows.select(drawn)), run.engine())) {
        Combined.train(training, m, listener);
        Combined.Member member =
            new Combined.Member(
                run.reached(training, its),
                training.epochs(),
                training.bestEpoch(),
                training.penalty());
        bag.add(member.model(), drawn);
        members.add(member);
      }
    }
    String how = "bagging, %d models on bootstrap samples of the training rows".formatted(models);
    TrainedModel model = run.fitted(Combined.of(members, recipe, how));
    int best = members.stream().mapToInt(Combined.Member::bestEpoch).max().orElseThrow();
    Map<String, Evaluation> evaluations = run.judged(model, best);
    bag.evaluation().ifPresent(judged -> evaluations.put("outOfBag", judged));
    return new Combined(
        model,
        members,
        evaluations,
        List.of(),
        members.stream().mapToInt(Combined.Member::epochs).max().orElseThrow(),
        best,
        run.data().training(),
        run.test(),
        run.split());
  }

  /** {@return the numbers of the rows in a sample} */
  static int[] drawn(Dataset rows, Optional<int[]> groups, long seed, int sample) {
    return groups
        .map(of -> drawnGroups(of, seed, sample))
        .orElseGet(() -> rows.bootstrapRows(seed, sample));
  }

  private static int[] drawnGroups(int[] groups, long seed, int sample) {
    Map<Integer, Integer> places = new HashMap<>();
    List<List<Integer>> members = new ArrayList<>();
    for (int row = 0; row < groups.length; row++) {
      int place = places.computeIfAbsent(groups[row], group -> places.size());
      if (place == members.size()) {
        members.add(new ArrayList<>());
      }
      members.get(place).add(row);
    }
    long key = CounterRandom.key(seed, GROUPS, sample);
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      drawn.addAll(members.get(CounterRandom.below(key, i, members.size())));
    }
    return drawn.stream().mapToInt(row -> row).toArray();
  }
}
