package dev.lanewise.model;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Several models of one task, whose probabilities or values are averaged: models of other seeds, of
 * bootstrap samples ({@link dev.lanewise.data.Dataset#bootstrap}, bagging, Breiman 1996), or one
 * training's parameters at several times (snapshots, Huang et al. 2017).
 *
 * <p>Immutable; shared by any number of threads, each with a predictor of its own. A prediction
 * costs as much as those of all its models.
 */
public final class Ensemble {

  private final List<Model> models;

  private Ensemble(List<Model> models) {
    this.models = models;
  }

  /**
   * {@return the ensemble of models}
   *
   * @param models at least one; with the same encoded rows and outputs, all for values or all for
   *     probabilities of the same loss, and all with encoders of the same classes or all without
   * @throws IllegalArgumentException if there is none, or one does not fit the first
   */
  public static Ensemble of(List<Model> models) {
    List<Model> copy = List.copyOf(Objects.requireNonNull(models, "models"));
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("models: none; expected at least one");
    }
    for (int i = 1; i < copy.size(); i++) {
      String expected = task(copy.getFirst());
      String task = task(copy.get(i));
      if (!task.equals(expected)) {
        throw new IllegalArgumentException(
            "models: number %d has %s; expected %s, as the first".formatted(i + 1, task, expected));
      }
      if (!rows(copy.get(i)).equals(rows(copy.getFirst()))) {
        throw new IllegalArgumentException(
            "models: number %d has other medians, means or deviations; expected the first's encoded rows"
                .formatted(i + 1));
      }
    }
    return new Ensemble(copy);
  }

  /** What models must have in common, as text. */
  private static String task(Model model) {
    boolean probabilities = model.network().loss().givesProbabilities();
    Optional<Target> target = model.encoder().map(Encoder::target);
    String meaning =
        target.isPresent() && target.get() instanceof Target.Classes classes
            ? "classes " + classes.labels()
            : probabilities ? model.network().loss().getClass().getSimpleName() : "values";
    return "%s, %d outputs, %s".formatted(columns(model), model.network().outputs(), meaning);
  }

  /** What the columns of an encoded row mean. */
  private static String columns(Model model) {
    return model
        .encoder()
        .map(
            encoder ->
                encoder.columns().stream()
                    .filter(column -> column.encodedColumns() > 0)
                    .map(Ensemble::meaning)
                    .collect(Collectors.joining(", ", "columns ", "")))
        .orElse(model.network().inputs() + " columns without an encoder");
  }

  /** What becomes of a raw row. */
  private static List<Object> rows(Model model) {
    return model
        .encoder()
        .<List<Object>>map(
            encoder ->
                List.of(
                    encoder.columns().stream().filter(c -> c.encodedColumns() > 0).toList(),
                    encoder.standardizer()))
        .orElse(List.of());
  }

  private static String meaning(Column column) {
    return switch (column) {
      case Column.Numeric numeric -> numeric.name() + (numeric.flagged() ? " with its flag" : "");
      case Column.Categorical of ->
          of.name() + " of " + of.categories() + (of.flagged() ? " with its flag" : "");
      default -> column.toString();
    };
  }

  /** {@return the models} */
  public List<Model> models() {
    return models;
  }

  /** {@return a new predictor, for one thread at a time} */
  public EnsemblePredictor predictor() {
    return new EnsemblePredictor(models.stream().map(Model::predictor).toList());
  }
}
