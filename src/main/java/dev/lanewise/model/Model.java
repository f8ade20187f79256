package dev.lanewise.model;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Table;
import dev.lanewise.data.Target;
import dev.lanewise.engine.Engine;
import dev.lanewise.json.Json;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import dev.lanewise.net.Network;
import dev.lanewise.plan.PackedNetwork;
import dev.lanewise.tensor.WeightFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained network: its description and parameters, the encoder of its data if it has one, and
 * where it came from.
 *
 * <p>Immutable; shared by any number of threads, each with a {@link Predictor} of its own. Holds
 * the parameters, and once more the weights as the kernels want them, packed with batch norm folded
 * in.
 */
public final class Model {

  /** The key by which checkpoints tell themselves from models. */
  private static final String KIND_KEY = "lanewise.kind";

  private static final String FORMAT_KEY = "lanewise";
  private static final String FORMAT = "1";
  private static final String NETWORK_KEY = "network";
  private static final String ENCODER_KEY = "encoder";
  private static final String OUTPUTS_KEY = "outputs";
  private static final String PROVENANCE_KEY = "provenance";

  private final float[] parameters;
  private final PackedNetwork packed;
  private final Optional<Encoder> encoder;
  private final Outputs outputs;
  private final Provenance provenance;

  private Model(
      float[] parameters,
      PackedNetwork packed,
      Optional<Encoder> encoder,
      Outputs outputs,
      Provenance provenance) {
    this.parameters = parameters;
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
    float[] copy = parameters.clone();
    return new Model(
        copy,
        PackedNetwork.pack(network, copy, engine),
        Optional.empty(),
        Outputs.PLAIN,
        Provenance.UNKNOWN);
  }

  /**
   * {@return this model with the encoder of its data; the weights are shared}
   *
   * @param encoder what turned raw rows into the network's inputs
   * @throws IllegalArgumentException if its columns, outputs or kind of target do not fit the
   *     network
   */
  public Model withEncoder(Encoder encoder) {
    int columns = encoder.encodedColumns();
    if (columns != network().inputs()) {
      throw new IllegalArgumentException(
          "encoder: %d encoded columns; expected %d, the network's inputs"
              .formatted(columns, network().inputs()));
    }
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
    return new Model(parameters, packed, Optional.of(encoder), outputs, provenance);
  }

  /**
   * {@return this model with another provenance; the weights are shared}
   *
   * @param provenance where it came from
   */
  public Model withProvenance(Provenance provenance) {
    return new Model(
        parameters, packed, encoder, outputs, Objects.requireNonNull(provenance, "provenance"));
  }

  /**
   * {@return this model with its weights packed in a given format, for predictors to read; the
   * parameters are the same, and so are the files that {@link #save} writes}
   *
   * <p>{@link WeightFormat#BFLOAT16} halves the packed weights and what prediction reads of them,
   * which for single rows is what it waits for, and rounds each weight by up to one part in 512.
   * What that costs in accuracy depends on network and data: compare the predictions, or the
   * metrics, of both models on rows of yours.
   *
   * @param format how weights are kept
   */
  public Model withWeightFormat(WeightFormat format) {
    PackedNetwork other = PackedNetwork.pack(packed.network(), parameters, packed.engine(), format);
    return new Model(parameters, other, encoder, outputs, provenance);
  }

  /**
   * {@return this model with a temperature, which its predictors divide scores by before they make
   * probabilities of them; the weights are shared}
   *
   * @param temperature the temperature
   * @throws IllegalArgumentException if the network predicts values and the temperature is not 1
   */
  public Model withTemperature(Temperature temperature) {
    return withOutputs(outputs.withTemperature(temperature));
  }

  /**
   * {@return this model with a threshold on the probability of the second of its two classes; the
   * weights are shared, and the probabilities are the same}
   *
   * @param threshold the threshold
   * @throws IllegalArgumentException if the network does not give the one probability of two
   *     classes and the threshold is not 0.5
   */
  public Model withThreshold(Threshold threshold) {
    return withOutputs(outputs.withThreshold(threshold));
  }

  private Model withOutputs(Outputs other) {
    other.checkFits(network());
    return new Model(parameters, packed, encoder, other, provenance);
  }

  /** {@return what scores are divided by before they become probabilities; 1 by default} */
  public Temperature temperature() {
    return outputs.temperature();
  }

  /**
   * {@return from which probability of the second of two classes on a row is to be taken for that
   * class; 0.5 by default}
   */
  public Threshold threshold() {
    return outputs.threshold();
  }

  /** {@return how the weights that predictors read are kept} */
  public WeightFormat weightFormat() {
    return packed.format();
  }

  /** {@return the description of the network} */
  public Network network() {
    return packed.network();
  }

  /** {@return the encoder of the data, if the model has one} */
  public Optional<Encoder> encoder() {
    return encoder;
  }

  /** {@return where the model came from} */
  public Provenance provenance() {
    return provenance;
  }

  /** {@return θ in the order of the network's layout, a copy} */
  public float[] parameters() {
    return parameters.clone();
  }

  /** {@return the SHA-256 of the parameters' bytes as model files hold them, in 64 hex digits} */
  public String parametersSha256() {
    return Parameters.sha256(network().layout(), parameters);
  }

  /** {@return a new predictor, for one thread at a time} */
  public Predictor predictor() {
    return new Predictor(packed, encoder, outputs.temperature());
  }

  /**
   * {@return how good the predictions for labelled rows are, classes by the model's temperature and
   * threshold, values in original units; all in {@code double}}
   *
   * @param rows encoded rows with targets, at least one, as {@link Encoder#dataset} gives them
   * @throws IllegalArgumentException if there are none, or their columns do not fit the network
   */
  public Evaluation evaluate(Dataset rows) {
    Objects.requireNonNull(rows, "rows");
    return new Judgement(this).of(rows);
  }

  /**
   * {@return how good the predictions for the rows of a table are, as {@link #evaluate(Dataset)}}
   *
   * @param rows labelled rows, at least one
   * @throws dev.lanewise.data.DataException if a column is not there or a cell is not what it
   *     should be
   * @throws IllegalStateException if the model has no encoder
   */
  public Evaluation evaluate(Table rows) {
    Objects.requireNonNull(rows, "rows");
    return evaluate(requireEncoder().dataset(rows, rows.all()));
  }

  /**
   * {@return how good the predictions for rows that are read one by one are, as {@link
   * #evaluate(Dataset)}} Their logits and targets are held.
   *
   * @param rows encoded rows with targets, at least one
   * @throws IOException if they cannot be read
   * @throws IllegalArgumentException if there are none, or their columns do not fit the network
   */
  public Evaluation evaluate(RowSource rows) throws IOException {
    Objects.requireNonNull(rows, "rows");
    return new Judgement(this).of(rows);
  }

  private Encoder requireEncoder() {
    return encoder.orElseThrow(
        () ->
            new IllegalStateException(
                "a model without encoder; expected one that was trained from a table"));
  }

  /**
   * Writes a model file, as {@link SafetensorsFile#write} does: whole or not at all.
   *
   * @param file where to
   * @throws IOException if that fails; the old file is as it was
   */
  public void save(Path file) throws IOException {
    content().write(file);
  }

  /**
   * Writes the bytes of a model file to a stream, which is neither flushed nor closed.
   *
   * @param out where to
   * @throws IOException if that fails; part of the bytes may be written then
   */
  public void writeTo(OutputStream out) throws IOException {
    content().writeTo(out);
  }

  /** {@return the bytes of a model file} */
  public byte[] toBytes() {
    return content().toBytes();
  }

  private SafetensorsFile content() {
    SafetensorsFile.Builder content =
        SafetensorsFile.builder()
            .parameters("", network().layout(), parameters)
            .metadata(FORMAT_KEY, FORMAT)
            .metadata(NETWORK_KEY, NetworkJson.write(network()).toString());
    encoder.ifPresent(e -> content.metadata(ENCODER_KEY, EncoderJson.write(e).toString()));
    if (!outputs.equals(Outputs.PLAIN)) {
      content.metadata(OUTPUTS_KEY, outputs.write().toString());
    }
    Map<String, Json> texts = new LinkedHashMap<>();
    provenance.entries().forEach((key, text) -> texts.put(key, Json.of(text)));
    content.metadata(PROVENANCE_KEY, new Json.Obj(texts).toString());
    return content.build();
  }

  /**
   * {@return the model in a file, for the standard engine}
   *
   * @param file the file
   * @throws SafetensorsException if it is damaged, hostile or no model
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
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  public static Model load(Path file, Engine engine) throws IOException {
    Objects.requireNonNull(engine, "engine");
    return in(SafetensorsFile.read(file), engine);
  }

  /**
   * {@return the model in a stream, for the standard engine; read as {@link
   * SafetensorsFile#read(InputStream, String)} does}
   *
   * @param in the stream, at the first byte of the model; it must end with the model's last
   * @param source what messages call it
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  public static Model read(InputStream in, String source) throws IOException {
    return read(in, source, Engine.standard());
  }

  /**
   * {@return the model in a stream, read as {@link SafetensorsFile#read(InputStream, String)} does}
   *
   * @param in the stream, at the first byte of the model; it must end with the model's last
   * @param source what messages call it
   * @param engine the kernels and threads of its predictors
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  public static Model read(InputStream in, String source, Engine engine) throws IOException {
    Objects.requireNonNull(engine, "engine");
    return in(SafetensorsFile.read(in, source), engine);
  }

  /**
   * {@return the model whose file is in memory, for the standard engine; messages call it {@code
   * bytes}}
   *
   * @param bytes the bytes of a model file; not kept
   * @throws SafetensorsException if they are damaged, hostile or no model
   */
  public static Model of(byte[] bytes) throws SafetensorsException {
    return of(bytes, Engine.standard());
  }

  /**
   * {@return the model whose file is in memory; messages call it {@code bytes}}
   *
   * @param bytes the bytes of a model file; not kept
   * @param engine the kernels and threads of its predictors
   * @throws SafetensorsException if they are damaged, hostile or no model
   */
  public static Model of(byte[] bytes, Engine engine) throws SafetensorsException {
    Objects.requireNonNull(engine, "engine");
    return in(SafetensorsFile.of(bytes), engine);
  }

  private static Model in(SafetensorsFile content, Engine engine) throws SafetensorsException {
    if ("checkpoint".equals(content.metadata().get(KIND_KEY))) {
      throw content.refused("a checkpoint; expected a model: resume it with Training.resume");
    }
    String format = content.metadata().get(FORMAT_KEY);
    if (!FORMAT.equals(format)) {
      throw content.refused(
          "metadata \"%s\" is %s; expected \"%s\", a model of this library"
              .formatted(FORMAT_KEY, format == null ? "missing" : Header.quoted(format), FORMAT));
    }
    content.requireDigest();
    try {
      Network network = NetworkJson.read(json(content, NETWORK_KEY));
      float[] parameters = content.parametersOf(network);
      Model model =
          new Model(
              parameters,
              PackedNetwork.pack(network, parameters, engine),
              Optional.empty(),
              Outputs.PLAIN,
              provenance(json(content, PROVENANCE_KEY)));
      if (content.metadata().containsKey(OUTPUTS_KEY)) {
        model = model.withOutputs(Outputs.read(OUTPUTS_KEY, json(content, OUTPUTS_KEY)));
      }
      return content.metadata().containsKey(ENCODER_KEY)
          ? model.withEncoder(EncoderJson.read(json(content, ENCODER_KEY)))
          : model;
    } catch (IllegalArgumentException e) {
      throw content.refused(e.getMessage());
    }
  }

  /** The JSON under a key, which a complaint about it names. */
  private static Json json(SafetensorsFile content, String key) throws SafetensorsException {
    String text = content.metadata(key);
    try {
      return Json.parse(text);
    } catch (IllegalArgumentException e) {
      throw content.refused("metadata \"%s\": %s".formatted(key, e.getMessage()));
    }
  }

  private static Provenance provenance(Json json) {
    return Fields.read(PROVENANCE_KEY, json, fields -> new Provenance(fields.allTexts()));
  }

  /** {@return the network as a table and the provenance} */
  @Override
  public String toString() {
    return "%s%n%s".formatted(network(), provenance);
  }
}
