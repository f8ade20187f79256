package dev.lanewise.model;

import dev.lanewise.data.Column;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Several models of one task, whose probabilities or values are averaged: models of other seeds, of
 * bootstrap samples (bagging, Breiman 1996), one training's parameters at several times (snapshots,
 * Huang et al. 2017), or those that were chosen for predicting best together (Caruana et al. 2004).
 *
 * <p>The mean is Σ wₘ·pₘ / Σ wₘ with the models' weights w, which are all 1 unless {@link
 * #withWeights} has given others. Each sum is taken in {@code double} in the order of the models. A
 * model's probabilities are those under its own temperature; the ensemble's temperature divides the
 * logits of the mean. The models' thresholds are not used; the ensemble has its own.
 *
 * <p>Immutable; shared by any number of threads. A prediction costs as much as those of all its
 * models.
 */
public final class Ensemble implements TrainedModel {

  /** The bounds of a model's weight, within which no sum overflows. */
  private static final double LEAST_WEIGHT = 1e-9;

  private static final double MOST_WEIGHT = 1e9;

  private final List<Model> models;
  private final double[] weights;

  /** The digest of the parameters that a serving form no longer holds; else null. */
  private final String droppedSha256;

  private final Optional<Encoder> encoder;
  private final Outputs outputs;
  private final Provenance provenance;
  private final SharedPredictor shared = new SharedPredictor(this);

  private Ensemble(
      List<Model> models,
      double[] weights,
      String droppedSha256,
      Optional<Encoder> encoder,
      Outputs outputs,
      Provenance provenance) {
    this.models = models;
    this.weights = weights;
    this.droppedSha256 = droppedSha256;
    this.encoder = encoder;
    this.outputs = outputs;
    this.provenance = provenance;
  }

  /**
   * {@return the ensemble of models, whose provenance is what theirs have in common}
   *
   * @param models at least one; with as many outputs, all for values or all for probabilities of
   *     the same loss; all without encoder, of as many columns, or all with encoders of the same
   *     raw columns and classes, fitted on whatever rows
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
    }
    double[] equal = new double[copy.size()];
    Arrays.fill(equal, 1);
    return new Ensemble(copy, equal, null, joined(copy), Outputs.PLAIN, common(copy));
  }

  /**
   * {@return this ensemble with other weights of its models}
   *
   * @param weights a number from 1e-9 to 1e9 for each model; only their ratios count
   * @throws IllegalArgumentException if their number or one of them does not fit
   */
  public Ensemble withWeights(double... weights) {
    double[] copy = Objects.requireNonNull(weights, "weights").clone();
    if (copy.length != models.size()) {
      throw new IllegalArgumentException(
          "weights: %d numbers; expected one for each of the %d models"
              .formatted(copy.length, models.size()));
    }
    for (int m = 0; m < copy.length; m++) {
      if (!(copy[m] >= LEAST_WEIGHT && copy[m] <= MOST_WEIGHT)) {
        throw new IllegalArgumentException(
            "weights: %s for model %d; expected a number from 1e-9 to 1e9"
                .formatted(copy[m], m + 1));
      }
    }
    Outputs kept = Arrays.equals(copy, this.weights) ? outputs : outputs.withoutConformal();
    return new Ensemble(models, copy, droppedSha256, encoder, kept, provenance);
  }

  /** {@return the weights of the models in the mean, in their order; a copy} */
  public double[] weights() {
    return weights.clone();
  }

  /** {@return whether all models weigh 1} */
  boolean weighsAllAlike() {
    return Arrays.stream(weights).allMatch(weight -> weight == 1);
  }

  /** {@return what the provenances of all models say alike} */
  private static Provenance common(List<Model> models) {
    Map<String, String> entries = new LinkedHashMap<>(models.getFirst().provenance().entries());
    for (Model model : models) {
      entries.entrySet().retainAll(model.provenance().entries().entrySet());
    }
    return new Provenance(entries);
  }

  /** The properties that the models must have in common, as text. */
  private static String task(Model model) {
    boolean probabilities = model.network().loss().givesProbabilities();
    Optional<Target> target = model.encoder().map(Encoder::target);
    String meaning =
        target.isPresent() && target.get() instanceof Target.Classes classes
            ? "classes " + classes.labels()
            : probabilities ? model.network().loss().getClass().getSimpleName() : "values";
    return "%s, %s outputs, %s".formatted(columns(model), model.outputs(), meaning);
  }

  /** The raw columns by name and kind. */
  private static String columns(Model model) {
    return model
        .encoder()
        .map(
            encoder ->
                encoder.columns().stream()
                    .map(column -> "%s %s".formatted(column.name(), kind(column)))
                    .collect(Collectors.joining(", ", "columns ", "")))
        .orElse(model.columns() + " columns without an encoder");
  }

  private static String kind(Column column) {
    return switch (column) {
      case Column.Numeric numeric -> "number";
      case Column.Date date -> "date";
      case Column.Bool bool -> "boolean";
      case Column.Categorical categorical -> "category";
      case Column.Ignored ignored -> "ignored";
      case Column.Label label -> "label";
      case Column.Pixels pixels -> pixels.toString();
    };
  }

  private static Optional<Encoder> joined(List<Model> models) {
    return models.getFirst().encoder().isEmpty()
        ? Optional.empty()
        : Optional.of(Encoder.join(models.stream().map(m -> m.encoder().orElseThrow()).toList()));
  }

  /** {@return the models} */
  public List<Model> models() {
    return models;
  }

  /**
   * {@return the encoder of the models; where they were fitted on different rows, one whose rows
   * are those of all models, one behind another}
   */
  @Override
  public Optional<Encoder> encoder() {
    return encoder;
  }

  @Override
  public int columns() {
    return encoder.isPresent()
        ? encoder.orElseThrow().encodedColumns()
        : models.getFirst().columns();
  }

  @Override
  public int outputs() {
    return models.getFirst().outputs();
  }

  /** {@return what logits stand for; means of values are values, whatever the models' losses} */
  @Override
  public Loss.Link link() {
    Network network = models.getFirst().network();
    return network.loss().givesProbabilities() ? network.loss().link() : Loss.Link.IDENTITY;
  }

  @Override
  public Temperature temperature() {
    return outputs.temperature();
  }

  @Override
  public Ensemble withTemperature(Temperature temperature) {
    return withOutputs(outputs.withTemperature(temperature));
  }

  @Override
  public Threshold threshold() {
    return outputs.threshold();
  }

  @Override
  public Ensemble withThreshold(Threshold threshold) {
    return withOutputs(outputs.withThreshold(threshold));
  }

  /** {@return the temperature, the threshold and the calibration} */
  Outputs asOutputs() {
    return outputs;
  }

  Ensemble withOutputs(Outputs other) {
    other.checkFits(models.getFirst().network());
    Ensemble changed = new Ensemble(models, weights, droppedSha256, encoder, other, provenance);
    other.checkFits(changed);
    return changed;
  }

  @Override
  public Optional<Conformal> conformal() {
    return outputs.conformal().map(fit -> Conformal.of(this, fit));
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public Ensemble withProvenance(Provenance provenance) {
    Objects.requireNonNull(provenance, "provenance");
    return new Ensemble(models, weights, droppedSha256, encoder, outputs, provenance);
  }

  @Override
  public Predictor predictor() {
    Forward mean =
        new MeanOfModels(
            models.stream().map(Model::forward).toList(),
            weights,
            link(),
            outputs.temperature(),
            columns(),
            models.stream().mapToInt(Model::columns).toArray(),
            outputs());
    return new Predictor(mean, link(), outputs.temperature(), columns(), outputs());
  }

  @Override
  public SharedPredictor shared() {
    return shared;
  }

  @Override
  public void save(Path file) throws IOException {
    ModelFile.of(this).write(file);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    ModelFile.of(this).writeTo(out);
  }

  @Override
  public byte[] toBytes() {
    return ModelFile.of(this).toBytes();
  }

  @Override
  public Ensemble forServing() {
    boolean known = models.stream().noneMatch(Model::isServingForm);
    String digest = known ? parametersSha256() : droppedSha256;
    List<Model> serving = models.stream().map(Model::forServing).toList();
    return new Ensemble(serving, weights, digest, encoder, outputs, provenance);
  }

  /**
   * {@return the SHA-256 of the parameters' bytes of all models, one model behind another, as the
   * ensemble's file holds them}
   *
   * @throws IllegalStateException if a model was a serving form when the ensemble was made
   */
  @Override
  public String parametersSha256() {
    if (droppedSha256 != null) {
      return droppedSha256;
    }
    MessageDigest digest = Sha256.begin();
    for (Model model : models) {
      Parameters.digest(digest, model.network().layout(), model.requireParameters());
    }
    return Sha256.end(digest);
  }

  @Override
  public long heapBytes() {
    return models.stream().mapToLong(Model::heapBytes).sum();
  }

  /** {@return the models, their weights and the provenance} */
  @Override
  public String toString() {
    return models.stream()
        .map(Model::toString)
        .collect(
            Collectors.joining(
                "%n".formatted(),
                "",
                "%nweights %s%n%s".formatted(Arrays.toString(weights), provenance)));
  }
}
