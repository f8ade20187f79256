package dev.lanewise.learn;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ExampleSet;
import dev.lanewise.data.Split;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Ensemble;
import dev.lanewise.model.Model;
import dev.lanewise.model.TrainedModel;
import dev.lanewise.random.CounterRandom;
import dev.lanewise.train.Epoch;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.Training;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * The result of several trainings, or of one at several times, that make one model: of {@link
 * Bagging}, {@link Refit} or {@link Snapshots}. Immutable; prints as a table of the scores.
 */
public final class Combined {

  private static final long MEMBER = CounterRandom.stream("member");

  /** Is told of the epochs of several trainings. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Is told that an epoch has ended, by the thread that trains.
     *
     * @param training the number of the training, from 0
     * @param epoch its epoch
     */
    void ended(int training, Epoch epoch);
  }

  /**
   * One of the models that were combined.
   *
   * @param model the model, whose provenance states its seed
   * @param epochs the epochs that its training has behind it
   * @param bestEpoch the epoch whose end it is from
   * @param penalty the penalties' part of its cost
   */
  public record Member(Model model, int epochs, int bestEpoch, double penalty) {

    /** Creates a member; the numbers are not checked. */
    public Member {
      Objects.requireNonNull(model, "model");
    }
  }

  private final TrainedModel model;
  private final List<Member> members;
  private final Map<String, Evaluation> evaluations;
  private final List<Epoch> epochs;
  private final int epochsTrained;
  private final int bestEpoch;
  private final ExampleSet rows;
  private final Optional<Dataset> testRows;
  private final Split split;

  /**
   * @param model the model
   * @param members those that it is made of
   * @param evaluations its evaluations by the names of the sets
   * @param epochs what was measured, if there is one series of it
   * @param epochsTrained the epochs of the longest training
   * @param bestEpoch the latest epoch whose end a member is from
   * @param rows the rows that the members are from
   * @param testRows the test rows
   * @param split the parts of the source
   */
  Combined(
      TrainedModel model,
      List<Member> members,
      Map<String, Evaluation> evaluations,
      List<Epoch> epochs,
      int epochsTrained,
      int bestEpoch,
      ExampleSet rows,
      Optional<Dataset> testRows,
      Split split) {
    this.model = model;
    this.members = List.copyOf(members);
    this.evaluations = Collections.unmodifiableMap(new LinkedHashMap<>(evaluations));
    this.epochs = List.copyOf(epochs);
    this.epochsTrained = epochsTrained;
    this.bestEpoch = bestEpoch;
    this.rows = rows;
    this.testRows = testRows;
    this.split = split;
  }

  /**
   * {@return the seed of a member: the recipe's own of the first, others made of it and the number}
   */
  static long seed(Recipe recipe, int member) {
    return member == 0 ? recipe.seed() : CounterRandom.key(recipe.seed(), MEMBER, member);
  }

  /** Trains until the end. */
  static void train(Training training, int number, Listener listener) {
    for (Epoch epoch : training) {
      listener.ended(number, epoch);
    }
    if (!training.finished()) {
      throw new CancellationException("interrupted after epoch %d".formatted(training.epochs()));
    }
  }

  /**
   * {@return the models as one, which states the recipe and how it was combined}
   *
   * @param how how, in one line
   */
  static TrainedModel of(List<Member> members, Recipe recipe, String how) {
    List<Model> models = members.stream().map(Member::model).toList();
    TrainedModel one = models.size() == 1 ? models.getFirst() : Ensemble.of(models);
    return one.withProvenance(
        one.provenance()
            .with("seed", Long.toString(recipe.seed()))
            .with("recipe", Run.text(recipe))
            .with("combined", how));
  }

  /** {@return the model: an ensemble, but of a refit of one the model itself} */
  public TrainedModel model() {
    return model;
  }

  /** {@return the models that it is made of, in their order} */
  public List<Member> members() {
    return members;
  }

  /** {@return the evaluation on the rows that were trained on} */
  public Evaluation train() {
    return evaluations.get("train");
  }

  /**
   * {@return the evaluation on the dev rows, if there were any; of a {@link Refit}, that of the
   * models that were not yet trained on them}
   */
  public Optional<Evaluation> dev() {
    return Optional.ofNullable(evaluations.get("dev"));
  }

  /**
   * {@return the evaluation on the test rows, which had no part in the model, if there were any}
   */
  public Optional<Evaluation> test() {
    return Optional.ofNullable(evaluations.get("test"));
  }

  /**
   * {@return of {@link Bagging} the evaluation of each training row by the members whose samples it
   * is not in, if there are such rows}
   */
  public Optional<Evaluation> outOfBag() {
    return Optional.ofNullable(evaluations.get("outOfBag"));
  }

  /** {@return the evaluations by the names of the sets: train, dev, test, outOfBag} */
  public Map<String, Evaluation> evaluations() {
    return evaluations;
  }

  /**
   * {@return the epochs of the training, of a {@link Refit} the means over the trainings that chose
   * the epoch; none of {@link Bagging}, whose trainings end each on its own}
   */
  public List<Epoch> epochs() {
    return epochs;
  }

  /** {@return the epochs that were trained, of several trainings those of the longest} */
  public int epochsTrained() {
    return epochsTrained;
  }

  /**
   * {@return the epoch whose end the model is from: of a {@link Refit} the joint best one, else the
   * last of the members'}
   */
  public int bestEpoch() {
    return bestEpoch;
  }

  /** {@return the encoded rows that were trained on; of {@link Bagging} those drawn from} */
  public ExampleSet rows() {
    return rows;
  }

  /** {@return the encoded test rows, as the model takes them, if there are any} */
  public Optional<Dataset> testRows() {
    return testRows;
  }

  /**
   * {@return the numbers of the training, dev and test rows in the table that was learned from; a
   * {@link Refit} was trained on the first two}
   */
  public Split split() {
    return split;
  }

  /** {@return the scores as a table, a line for each set} */
  @Override
  public String toString() {
    return Learned.table(evaluations);
  }
}
