package dev.lanewise.model;

import dev.lanewise.data.Encoder;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.event.Events;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.EncodedInputs;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained network: its description and parameters, the encoder of its data if it has one, and its
 * provenance.
 *
 * <p>Immutable; shared by any number of threads. Holds the parameters, and a copy of the weights
 * for the kernels, packed, with batch norm folded in; {@link #forServing} gives a form that holds
 * only that copy.
 */
public final class Model implements TrainedModel {

  /** θ; null in a serving form. */
  private final float[] parameters;

  /** The digest of the parameters that a serving form no longer holds; else null. */
  private final String droppedSha256;

  private final PackedNetwork packed;
  private final Optional<Encoder> encoder;
  private final Outputs outputs;
  private final Provenance provenance;
  private final SharedPredictor shared = new SharedPredictor(this);

  private Model(
      float[] parameters,
      String droppedSha256,
      PackedNetwork packed,
      Optional<Encoder> encoder,
      Outputs outputs,
      Provenance provenance) {
    this.parameters = parameters;
    this.droppedSha256 = droppedSha256;
    this.packed = packed;
    this.encoder = encoder;
    this.outputs = outputs;
    this.provenance = provenance;
  }

  /**
   * {@return a model without encoder, of unknown provenance}
   *
   * @param network the network
   * @param parameters θ, in the order of the network's layout; copied
   * @param engine the kernels and threads of its predictors
   * @throws IllegalArgumentException if θ has another length, holds NaN or an infinity, or a
   *     negative running variance
   */
  public static Model of(Network network, float[] parameters, Engine engine) {
    Parameters.check("", network.layout(), parameters);
    return holding(network, parameters.clone(), engine);
  }

  /** {@return a model of sound parameters, which are not copied} */
  static Model holding(Network network, float[] parameters, Engine engine) {
    return new Model(
        parameters,
        null,
        PackedNetwork.pack(network, parameters, engine),
        Optional.empty(),
        Outputs.PLAIN,
        Provenance.UNKNOWN);
  }

  /**
   * {@return this model with the encoder of its data; the weights are shared}
   *
   * @param encoder the encoder that turned raw rows into the network's inputs
   * @throws IllegalArgumentException if its columns, outputs or kind of target do not fit the
   *     network, or an input is the number of a category's value and is not taken as such, or this
   *     model has another encoder, by which it was trained
   */
  public Model withEncoder(Encoder encoder) {
    Objects.requireNonNull(encoder, "encoder");
    int columns = encoder.encodedColumns();
    if (columns != network().inputs()) {
      throw new IllegalArgumentException(
          "encoder: %d encoded columns; expected %d, the network's inputs"
              .formatted(columns, network().inputs()));
    }
    EncodedInputs.check(network(), encoder);
    int scores = encoder.target().outputs();
    if (scores != network().outputs()) {
      throw new IllegalArgumentException(
          "encoder: a target of %d scores; expected %d, the network's outputs"
              .formatted(scores, network().outputs()));
    }
    boolean classes = encoder.target() instanceof Target.Classes;
    if (classes != network().loss().givesProbabilities()) {
      throw new IllegalArgumentException(
          "encoder: a target of %s; expected one for %s"
              .formatted(classes ? "classes" : "values", network().loss()));
    }
    if (network().loss().link() == Loss.Link.EXP
        && encoder.target() instanceof Target.Values values
        && values.isScaled()) {
      throw new IllegalArgumentException(
          "encoder: %s; expected unscaled values, as the logits of %s are logarithms of means"
              .formatted(values, network().loss()));
    }
    if (!this.encoder.map(encoder::equals).orElse(true)) {
      throw new IllegalArgumentException(
          "encoder: another than this model's own; expected a model without one");
    }
    Outputs kept = this.encoder.isPresent() ? outputs : outputs.withoutConformal();
    return new Model(parameters, droppedSha256, packed, Optional.of(encoder), kept, provenance);
  }

  @Override
  public Model withProvenance(Provenance provenance) {
    Objects.requireNonNull(provenance, "provenance");
    return new Model(parameters, droppedSha256, packed, encoder, outputs, provenance);
  }

  /**
   * {@return this model with its weights packed in a given format, for predictors to read; the
   * parameters are the same, and so are the files that {@link #save} writes}
   *
   * <p>{@link WeightFormat#BFLOAT16} halves the packed weights, whose reading limits the speed of
   * single rows, and rounds each weight by up to one part in 512. The loss of accuracy depends on
   * network and data: compare the predictions, or the metrics, of both models on your rows. A
   * conformal calibration is of the predictions of one format and goes with it.
   *
   * @param format the format of packed weights
   * @throws IllegalStateException if this is a serving form
   */
  public Model withWeightFormat(WeightFormat format) {
    PackedNetwork other =
        PackedNetwork.pack(packed.network(), requireParameters(), packed.engine(), format);
    Outputs kept = format == packed.format() ? outputs : outputs.withoutConformal();
    return new Model(parameters, null, other, encoder, kept, provenance);
  }

  @Override
  public Model withTemperature(Temperature temperature) {
    return withOutputs(outputs.withTemperature(temperature));
  }

  @Override
  public Model withThreshold(Threshold threshold) {
    return withOutputs(outputs.withThreshold(threshold));
  }

  Model withOutputs(Outputs other) {
    other.checkFits(network());
    Model changed = new Model(parameters, droppedSha256, packed, encoder, other, provenance);
    other.checkFits(changed);
    return changed;
  }

  @Override
  public Optional<Conformal> conformal() {
    return outputs.conformal().map(fit -> Conformal.of(this, fit));
  }

  @Override
  public Temperature temperature() {
    return outputs.temperature();
  }

  @Override
  public Threshold threshold() {
    return outputs.threshold();
  }

  /** {@return the format of the packed weights} */
  public WeightFormat weightFormat() {
    return packed.format();
  }

  /** {@return the description of the network} */
  public Network network() {
    return packed.network();
  }

  @Override
  public Optional<Encoder> encoder() {
    return encoder;
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public int columns() {
    return network().inputs();
  }

  @Override
  public int outputs() {
    return network().outputs();
  }

  @Override
  public Loss.Link link() {
    return network().loss().link();
  }

  /**
   * {@return θ in the order of the network's layout, a copy}
   *
   * @throws IllegalStateException if this is a serving form
   */
  public float[] parameters() {
    return requireParameters().clone();
  }

  @Override
  public String parametersSha256() {
    return parameters == null ? droppedSha256 : Parameters.sha256(network().layout(), parameters);
  }

  /** {@return whether the parameters have been dropped} */
  boolean isServingForm() {
    return parameters == null;
  }

  /** {@return θ itself} */
  float[] requireParameters() {
    if (parameters == null) {
      throw new IllegalStateException(
          "parameters: forServing has dropped them; keep the model that it was called on, or load"
              + " its file again");
    }
    return parameters;
  }

  @Override
  public Predictor predictor() {
    return new Predictor(forward(), link(), outputs.temperature(), columns(), outputs());
  }

  /** {@return the temperature, the threshold and the calibration} */
  Outputs asOutputs() {
    return outputs;
  }

  /** {@return the kernels and threads of the predictors} */
  Engine engine() {
    return packed.engine();
  }

  OneModel forward() {
    return new OneModel(packed, encoder, outputs.temperature());
  }

  @Override
  public SharedPredictor shared() {
    return shared;
  }

  @Override
  public Model forServing() {
    return parameters == null
        ? this
        : new Model(null, parametersSha256(), packed, encoder, outputs, provenance);
  }

  @Override
  public long heapBytes() {
    long theta = parameters == null ? 0 : (long) Float.BYTES * parameters.length;
    return theta + packed.heapBytes() + encoder.map(EncoderJson::heapBytes).orElse(0L);
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

  /**
   * {@return the model in a file, for the standard engine}
   *
   * @param file the file
   * @throws SafetensorsException if it is damaged, hostile or no single model
   * @throws IOException if it cannot be read
   */
  public static Model load(Path file) throws IOException {
    return load(file, Engine.standard());
  }

  /**
   * {@return the model in a file}
   *
   * @param file the file
   * @param engine the kernels and threads of its predictors
   * @throws SafetensorsException if it is damaged, hostile or no single model
   * @throws IOException if it cannot be read
   */
  public static Model load(Path file, Engine engine) throws IOException {
    Objects.requireNonNull(engine, "engine");
    Events.Load event = Events.load();
    Model model = ModelFile.model(SafetensorsFile.read(file), engine);
    return ModelFile.loaded(model, file.toString(), event);
  }

  /** {@return the network as a table and the provenance} */
  @Override
  public String toString() {
    return "%s%n%s".formatted(network(), provenance);
  }
}
