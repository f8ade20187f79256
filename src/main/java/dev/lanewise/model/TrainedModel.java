package dev.lanewise.model;

import dev.lanewise.data.DataException;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Encoder;
import dev.lanewise.data.RowSource;
import dev.lanewise.data.Table;
import dev.lanewise.engine.Engine;
import dev.lanewise.event.Events;
import dev.lanewise.metric.Evaluation;
import dev.lanewise.metric.Temperature;
import dev.lanewise.metric.Threshold;
import dev.lanewise.net.Loss;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained {@link Model}, or an {@link Ensemble} of several: both are loaded, served and saved in
 * the same way. Immutable; shared by any number of threads.
 *
 * <p>From a file to a labelled answer, on any thread:
 *
 * <pre>{@code
 * TrainedModel model = TrainedModel.load(file);
 * Decision decision = model.decide(new Passenger(41, "second"));  // or a map, or a list
 * String label = decision.label();
 * }</pre>
 */
public sealed interface TrainedModel permits Model, Ensemble {

  /** {@return the encoder of the data, if there is one} */
  Optional<Encoder> encoder();

  /** {@return the columns of an encoded row} */
  int columns();

  /**
   * {@return the numbers that a row's results have: one for two classes, else one for each class or
   * value}
   */
  int outputs();

  /**
   * {@return what logits stand for: values, the probability of each label, or of one of several}
   */
  Loss.Link link();

  /** {@return the divisor of logits before they become probabilities; 1 by default} */
  Temperature temperature();

  /**
   * {@return this with a temperature, which its predictors divide logits by before they make
   * probabilities of them; the weights are shared} Under another temperature than before there is
   * no conformal calibration.
   *
   * @param temperature the temperature
   * @throws IllegalArgumentException if values are predicted and the temperature is not 1
   */
  TrainedModel withTemperature(Temperature temperature);

  /**
   * {@return the least probability of the second of two classes with which a row is taken for it;
   * 0.5 by default}
   */
  Threshold threshold();

  /**
   * {@return this with a threshold on the probability of the second of its two classes; the weights
   * are shared, and the probabilities are the same}
   *
   * @param threshold the threshold
   * @throws IllegalArgumentException if predictions are not the one probability of two classes and
   *     the threshold is not 0.5
   */
  TrainedModel withThreshold(Threshold threshold);

  /**
   * {@return the intervals or sets that this was calibrated for by {@link Conformal#calibrate}, if
   * it was} Files hold the calibration. A change of the predictions, as by another temperature,
   * ends it.
   */
  Optional<Conformal> conformal();

  /** {@return the provenance} */
  Provenance provenance();

  /**
   * {@return this with another provenance; the weights are shared}
   *
   * @param provenance the provenance
   */
  TrainedModel withProvenance(Provenance provenance);

  /**
   * {@return the SHA-256 of the parameters' bytes as model files hold them, in 64 hex digits; of an
   * ensemble, of those of all its models, one behind another; of a serving form, of those that it
   * was made from}
   *
   * @throws IllegalStateException if an ensemble was made of serving forms
   */
  String parametersSha256();

  /** {@return a new predictor, for one thread at a time} */
  Predictor predictor();

  /** {@return the predictor for any number of threads at once, always the same one} */
  SharedPredictor shared();

  /**
   * Decides on one row, as {@link SharedPredictor#decide(Record)} does; any thread may.
   *
   * @param row a component for each column, by its name
   * @return the label or the values
   * @throws DataException if a component is no column or a value is not what it should be
   * @throws IllegalArgumentException if the record's type is not open to this library
   * @throws IllegalStateException if there is no encoder
   */
  default Decision decide(Record row) {
    return shared().decide(row);
  }

  /**
   * Decides on one row, as {@link SharedPredictor#decide(Map)} does; any thread may.
   *
   * @param values values by the name of their column, or null for missing
   * @return the label or the values
   * @throws DataException if there is no such column or a value is not what it should be
   * @throws IllegalStateException if there is no encoder
   */
  default Decision decide(Map<String, ?> values) {
    return shared().decide(values);
  }

  /**
   * Decides on one row, as {@link SharedPredictor#decide(List)} does; any thread may.
   *
   * @param values a value for each column of the training table but the labels, or null for missing
   * @return the label or the values
   * @throws DataException if there are more or fewer values, or one is not what it should be
   * @throws IllegalStateException if there is no encoder
   */
  default Decision decide(List<?> values) {
    return shared().decide(values);
  }

  /**
   * {@return the evaluation on labelled rows: of classes with this model's temperature and
   * threshold, of values in original units; all in {@code double}}
   *
   * @param rows encoded rows with targets, at least one, as {@link Encoder#dataset} gives them
   * @throws IllegalArgumentException if there are none, their columns do not fit, or they are of an
   *     encoder that does not equal this model's
   * @throws ArithmeticException if a prediction is not finite, as of a training that has diverged
   */
  default Evaluation evaluate(Dataset rows) {
    Objects.requireNonNull(rows, "rows");
    return new Judgement(this).of(rows);
  }

  /**
   * {@return the evaluation on the rows of a table, as {@link #evaluate(Dataset)}}
   *
   * @param rows labelled rows, at least one
   * @throws DataException if there are no rows, a column is not there or a cell is not what it
   *     should be
   * @throws IllegalStateException if there is no encoder
   */
  default Evaluation evaluate(Table rows) {
    Objects.requireNonNull(rows, "rows");
    Encoder encoder =
        encoder()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "a model without encoder; expected one that was trained from a table"));
    if (rows.rows() == 0) {
      throw new DataException("%s: no rows; expected at least 1".formatted(rows.source()));
    }
    return evaluate(encoder.dataset(rows, rows.all()));
  }

  /**
   * {@return the evaluation on rows that are read one by one, as {@link #evaluate(Dataset)}} Their
   * logits or values and their targets are held.
   *
   * @param rows encoded rows with targets, at least one
   * @throws IOException if they cannot be read
   * @throws IllegalArgumentException if there are none, their columns do not fit, or they are of an
   *     encoder that does not equal this model's
   * @throws ArithmeticException if a prediction is not finite, as of a training that has diverged
   */
  default Evaluation evaluate(RowSource rows) throws IOException {
    Objects.requireNonNull(rows, "rows");
    return new Judgement(this).of(rows);
  }

  /**
   * Writes a model file, as {@link SafetensorsFile#write} does: whole or not at all.
   *
   * @param file where to
   * @throws IOException if that fails; the old file is as it was
   * @throws IllegalStateException if this is a serving form
   */
  void save(Path file) throws IOException;

  /**
   * Writes the bytes of a model file to a stream, which is neither flushed nor closed.
   *
   * @param out where to
   * @throws IOException if that fails; part of the bytes may be written then
   * @throws IllegalStateException if this is a serving form
   */
  void writeTo(OutputStream out) throws IOException;

  /**
   * {@return the bytes of a model file}
   *
   * @throws IllegalStateException if this is a serving form
   */
  byte[] toBytes();

  /**
   * {@return this without the parameters, which prediction does not need: the packed weights are
   * shared, and it takes about half the memory} It cannot be saved, and its weights cannot be
   * packed otherwise; predictions are the same.
   */
  TrainedModel forServing();

  /**
   * {@return an estimate of the bytes that this holds on the heap: parameters, packed weights,
   * encoders} What predictors own is not counted: activations of 48 rows of the widest layer,
   * twice, for each thread of the engine.
   */
  long heapBytes();

  /**
   * {@return the model or ensemble in a file, for the standard engine}
   *
   * @param file the file
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  static TrainedModel load(Path file) throws IOException {
    return load(file, Engine.standard());
  }

  /**
   * {@return the model or ensemble in a file}
   *
   * @param file the file
   * @param engine the kernels and threads of its predictors
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  static TrainedModel load(Path file, Engine engine) throws IOException {
    Objects.requireNonNull(engine, "engine");
    Events.Load event = Events.load();
    TrainedModel model = ModelFile.in(SafetensorsFile.read(file), engine);
    return ModelFile.loaded(model, file.toString(), event);
  }

  /**
   * {@return the model or ensemble in a stream, for the standard engine; read as {@link
   * SafetensorsFile#read(InputStream, String)} does}
   *
   * @param in the stream, at the first byte of the model; it must end with the model's last
   * @param source what messages call it
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  static TrainedModel read(InputStream in, String source) throws IOException {
    return read(in, source, Engine.standard());
  }

  /**
   * {@return the model or ensemble in a stream, read as {@link SafetensorsFile#read(InputStream,
   * String)} does}
   *
   * @param in the stream, at the first byte of the model; it must end with the model's last
   * @param source what messages call it
   * @param engine the kernels and threads of its predictors
   * @throws SafetensorsException if it is damaged, hostile or no model
   * @throws IOException if it cannot be read
   */
  static TrainedModel read(InputStream in, String source, Engine engine) throws IOException {
    Objects.requireNonNull(engine, "engine");
    Events.Load event = Events.load();
    TrainedModel model = ModelFile.in(SafetensorsFile.read(in, source), engine);
    return ModelFile.loaded(model, source, event);
  }

  /**
   * {@return the model or ensemble whose file is in memory, for the standard engine; messages call
   * it {@code bytes}}
   *
   * @param bytes the bytes of a model file; not kept
   * @throws SafetensorsException if they are damaged, hostile or no model
   */
  static TrainedModel of(byte[] bytes) throws SafetensorsException {
    return of(bytes, Engine.standard());
  }

  /**
   * {@return the model or ensemble whose file is in memory; messages call it {@code bytes}}
   *
   * @param bytes the bytes of a model file; not kept
   * @param engine the kernels and threads of its predictors
   * @throws SafetensorsException if they are damaged, hostile or no model
   */
  static TrainedModel of(byte[] bytes, Engine engine) throws SafetensorsException {
    Objects.requireNonNull(engine, "engine");
    Events.Load event = Events.load();
    TrainedModel model = ModelFile.in(SafetensorsFile.of(bytes), engine);
    return ModelFile.loaded(model, "bytes", event);
  }
}
