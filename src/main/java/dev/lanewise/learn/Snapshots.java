package dev.lanewise.learn;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Idx;
import dev.lanewise.data.Table;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.optim.Schedule;
import dev.lanewise.train.EarlyStopping;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * One training whose rate starts high again several times, and whose models at the ends of these
 * cycles are averaged (Huang et al. 2017, "Snapshot Ensembles: Train 1, Get M for Free").
 *
 * <p>The recipe's schedule must count epochs and end at least two cycles in them, as {@link
 * Schedule.CosineRestarts} does, also behind a warm-up. The training ends with the last cycle that
 * the epochs hold whole; nothing stops it early, and every cycle's end is a member. A member is
 * what the training would have been had it ended there.
 *
 * <p>Costs one training, and as many predictions as there are cycles. Immutable.
 */
public final class Snapshots {

  private final Learner learner;

  private Snapshots(Learner learner) {
    this.learner = learner;
  }

  /**
   * {@return the snapshots of a learner's training}
   *
   * @param learner how it is trained
   */
  public static Snapshots of(Learner learner) {
    return new Snapshots(Objects.requireNonNull(learner, "learner"));
  }

  /**
   * {@return the epochs at whose ends snapshots are taken, ascending}
   *
   * @param recipe the recipe
   * @throws IllegalArgumentException if its schedule counts steps or ends fewer than two cycles in
   *     its epochs, or it averages parameters
   */
  public static List<Integer> epochs(Recipe recipe) {
    Schedule schedule = recipe.optimizer().schedule();
    if (schedule instanceof Schedule.PerStep) {
      throw new IllegalArgumentException(
          "schedule: %s; expected one that counts epochs".formatted(schedule));
    }
    if (recipe.averaging().isPresent()) {
      throw new IllegalArgumentException(
          "averaging: %s; expected none, as snapshots are averaged in their predictions"
              .formatted(recipe.averaging().get()));
    }
    List<Integer> ends =
        schedule.cycleEnds(recipe.epochs()).stream().map(Math::toIntExact).toList();
    if (ends.size() < 2) {
      throw new IllegalArgumentException(
          "schedule: %s ends %d cycles in %d epochs; expected at least 2, as of cosine restarts"
              .formatted(schedule, ends.size(), recipe.epochs()));
    }
    return ends;
  }

  /**
   * Learns from a table.
   *
   * @param table labelled rows
   * @return the ensemble with its scores
   * @throws DataException if the table is not what the learner needs
   * @throws IllegalArgumentException if the recipe has no snapshots, as {@link #epochs} says
   * @throws ArithmeticException if the network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Combined learn(Table table) {
    try (Run run = learner.begin(table)) {
      return learn(run, (training, epoch) -> {});
    }
  }

  /**
   * Learns from images.
   *
   * @param images images with labels
   * @return the ensemble with its scores
   * @throws DataException if the images are not what the learner needs
   * @throws IllegalArgumentException if the recipe has no snapshots, as {@link #epochs} says
   * @throws ArithmeticException if the network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Combined learn(Idx.Images images) {
    try (Run run = learner.begin(images)) {
      return learn(run, (training, epoch) -> {});
    }
  }

  /**
   * Learns from the rows of a run, which itself is not begun.
   *
   * @param run the rows and the recipe
   * @param listener is told of each epoch, by the calling thread
   * @return the ensemble with its scores
   * @throws IllegalArgumentException if the recipe has no snapshots, as {@link #epochs} says, or
   *     does not fit the rows
   * @throws IllegalStateException if the run has begun or is closed
   * @throws ArithmeticException if the network leaves the finite numbers
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public static Combined learn(Run run, Combined.Listener listener) {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(listener, "listener");
    run.requireNotBegun();
    run.checkFitted();
    List<Integer> ends = epochs(run.recipe());
    Recipe recipe =
        run.recipe().withEarlyStopping(EarlyStopping.never()).withEpochs(ends.getLast());
    List<Combined.Member> members = new ArrayList<>();
    List<Epoch> epochs = new ArrayList<>();
    try (Training training = Training.start(recipe, run.data(), run.engine())) {
      Combined.train(
          training,
          0,
          (number, epoch) -> {
            epochs.add(epoch);
            if (ends.contains(epoch.number())) {
              members.add(member(run, training, recipe.withEpochs(epoch.number())));
            }
            listener.ended(number, epoch);
          });
    }
    String how = "snapshots of one training after the epochs %s".formatted(ends);
    TrainedModel model = run.fitted(Combined.of(members, recipe, how));
    return new Combined(
        model,
        members,
        run.judged(model, ends.getLast()),
        epochs,
        ends.getLast(),
        ends.getLast(),
        run.data().training(),
        run.test(),
        run.split());
  }

  private static Combined.Member member(Run run, Training training, Recipe its) {
    Model model = run.reached(training, its);
    return new Combined.Member(model, training.epochs(), training.bestEpoch(), training.penalty());
  }
}
