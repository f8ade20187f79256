package dev.lanewise.learn;

import dev.lanewise.data.Split;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.train.Epoch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of learning from a table: the model with its encoder and provenance, and its
 * evaluations. Immutable; prints as a table of the scores.
 */
public final class Learned {

  private final Model model;
  private final Map<String, Evaluation> evaluations;
  private final List<Epoch> epochs;
  private final int bestEpoch;
  private final Split split;

  Learned(
      Model model,
      Map<String, Evaluation> evaluations,
      List<Epoch> epochs,
      int bestEpoch,
      Split split) {
    this.model = model;
    this.evaluations = Collections.unmodifiableMap(new LinkedHashMap<>(evaluations));
    this.epochs = List.copyOf(epochs);
    this.bestEpoch = bestEpoch;
    this.split = split;
  }

  /** {@return the model} */
  public Model model() {
    return model;
  }

  /** {@return the evaluation on the rows that the model was trained on} */
  public Evaluation train() {
    return evaluations.get("train");
  }

  /** {@return the evaluation on the dev rows, which selected the model, if there were any} */
  public Optional<Evaluation> dev() {
    return Optional.ofNullable(evaluations.get("dev"));
  }

  /**
   * {@return the evaluation on the test rows, which had no part in the model, if there were any}
   */
  public Optional<Evaluation> test() {
    return Optional.ofNullable(evaluations.get("test"));
  }

  /** {@return the evaluations by the names of the sets: train, dev, test} */
  public Map<String, Evaluation> evaluations() {
    return evaluations;
  }

  /**
   * {@return the numbers of the training, dev and test rows in the table that was learned from;
   * parts that had tables of their own are empty} {@code table.select(learned.split().test())} are
   * the rows that had no part in the model.
   */
  public Split split() {
    return split;
  }

  /**
   * {@return the epochs that this run was iterated over} Where the training was resumed, those
   * before are not among them: an epoch is known by its {@link Epoch#number}, not by its place.
   */
  public List<Epoch> epochs() {
    return epochs;
  }

  /**
   * {@return the number of the epoch whose end the model is from, counted from 1 over the whole
   * training, also what was before a resume; 0 for the initial parameters}
   */
  public int bestEpoch() {
    return bestEpoch;
  }

  /** {@return the scores as a table, a line for each set} */
  @Override
  public String toString() {
    return table(evaluations);
  }

  /** {@return the scores of sets as a table, a line for each} */
  static String table(Map<String, Evaluation> evaluations) {
    List<String> names =
        evaluations.values().stream()
            .flatMap(of -> of.scores().keySet().stream())
            .distinct()
            .toList();
    int width =
        Math.max(6, 1 + evaluations.keySet().stream().mapToInt(String::length).max().orElse(0));
    String head = "%-" + width + "s%8s";
    StringBuilder text = new StringBuilder(head.formatted("set", "rows"));
    names.forEach(name -> text.append("%16s".formatted(name)));
    evaluations.forEach(
        (set, of) -> {
          text.append("%n".formatted()).append(head.formatted(set, of.rows()));
          for (String name : names) {
            Double score = of.scores().get(name);
            String shown = score == null ? "" : String.format(Locale.ROOT, "%.5g", score);
            text.append("%16s".formatted(shown));
          }
        });
    return text.toString();
  }
}
