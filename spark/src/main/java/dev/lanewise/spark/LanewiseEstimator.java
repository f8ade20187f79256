package dev.lanewise.spark;

import dev.lanewise.data.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Learns a model from the rows of a data frame: one training in one task, to which Spark brings all
 * rows. They are sorted, so that the model's bits do not depend on partitions. Features are raw
 * columns, numbers, strings, booleans and dates, null for missing; no assembler is needed. A fifth
 * of the rows stops the training, another is left for scores, as with {@code Learner}.
 *
 * @param <E> the estimator itself
 */
public abstract class LanewiseEstimator<E extends LanewiseEstimator<E>>
    extends Estimator<LanewiseModel> implements DefaultParamsWritable {

  private static final long serialVersionUID = 1;

  private final String uid;
  private final Param<String> labelCol;
  private final StringArrayParam inputCols;
  private final Param<String> preset;
  private final IntParam maxIter;
  private final DoubleParam stepSize;
  private final IntArrayParam layers;
  private final LongParam seed;
  private final Param<String> predictionCol;
  private final Param<String> predictedLabelCol;
  private final Param<String> probabilityCol;

  LanewiseEstimator(String uid) {
    this.uid = uid;
    labelCol = new Param<>(this, "labelCol", "column of the label");
    inputCols = new StringArrayParam(this, "inputCols", "columns of features; all others if unset");
    preset = new Param<>(this, "preset", "plain, tabular, tabular-full or tabular-ensemble");
    maxIter = new IntParam(this, "maxIter", "the most epochs; the preset's if unset");
    stepSize = new DoubleParam(this, "stepSize", "the learning rate; the preset's if unset");
    layers = new IntArrayParam(this, "layers", "units of the hidden layers; the preset's if unset");
    seed = new LongParam(this, "seed", "seed of the split, the weights and the batches");
    predictionCol = new Param<>(this, "predictionCol", "column of the prediction, a double");
    predictedLabelCol = new Param<>(this, "predictedLabelCol", "column of the label's text");
    probabilityCol = new Param<>(this, "probabilityCol", "column of the classes' probabilities");
    setDefault(labelCol, "label");
    setDefault(preset, Settings.PLAIN);
    setDefault(seed, 0L);
    setDefault(predictionCol, "prediction");
    setDefault(predictedLabelCol, "predictedLabel");
    setDefault(probabilityCol, "probability");
  }

  abstract boolean classifies();

  abstract E self();

  @Override
  public String uid() {
    return uid;
  }

  /** {@return the param of the label's column} */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** {@return the param of the features' columns} */
  public StringArrayParam inputCols() {
    return inputCols;
  }

  /** {@return the param of the preset} */
  public Param<String> preset() {
    return preset;
  }

  /** {@return the param of the most epochs} */
  public IntParam maxIter() {
    return maxIter;
  }

  /** {@return the param of the learning rate} */
  public DoubleParam stepSize() {
    return stepSize;
  }

  /** {@return the param of the hidden layers} */
  public IntArrayParam layers() {
    return layers;
  }

  /** {@return the param of the seed} */
  public LongParam seed() {
    return seed;
  }

  /** {@return the param of the prediction's column} */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** {@return the param of the predicted label's column} */
  public Param<String> predictedLabelCol() {
    return predictedLabelCol;
  }

  /** {@return the param of the probabilities' column} */
  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  /**
   * Names the column of the label.
   *
   * @param name the name
   * @return this
   */
  public E setLabelCol(String name) {
    set(labelCol, name);
    return self();
  }

  /**
   * Names the columns of features.
   *
   * @param names the names
   * @return this
   */
  public E setInputCols(String... names) {
    set(inputCols, names);
    return self();
  }

  /**
   * Chooses a preset.
   *
   * @param name plain, tabular, tabular-full or tabular-ensemble
   * @return this
   * @throws IllegalArgumentException if it is another
   */
  public E setPreset(String name) {
    Settings.preset(name);
    set(preset, name);
    return self();
  }

  /**
   * Sets the most epochs.
   *
   * @param epochs at least 1
   * @return this
   */
  public E setMaxIter(int epochs) {
    set(maxIter, (Object) epochs);
    return self();
  }

  /**
   * Sets the learning rate.
   *
   * @param rate above 0
   * @return this
   */
  public E setStepSize(double rate) {
    set(stepSize, (Object) rate);
    return self();
  }

  /**
   * Sets the hidden layers.
   *
   * @param units the units of each, first to last
   * @return this
   */
  public E setLayers(int... units) {
    set(layers, units);
    return self();
  }

  /**
   * Sets the seed.
   *
   * @param value the seed
   * @return this
   */
  public E setSeed(long value) {
    set(seed, (Object) value);
    return self();
  }

  private List<String> features(StructType schema) {
    List<String> features =
        new ArrayList<>(
            isSet(inputCols)
                ? Arrays.asList(getOrDefault(inputCols))
                : Arrays.asList(schema.fieldNames()));
    features.remove(getOrDefault(labelCol));
    return features;
  }

  private Settings settings() {
    return new Settings(
        classifies(),
        getOrDefault(labelCol),
        getOrDefault(preset),
        isSet(maxIter) ? (Integer) getOrDefault(maxIter) : null,
        isSet(stepSize) ? (Double) getOrDefault(stepSize) : null,
        isSet(layers) ? getOrDefault(layers) : null,
        (Long) getOrDefault(seed));
  }

  /**
   * Learns.
   *
   * @param rows labelled rows
   * @return the model, with this estimator as its parent
   * @throws IllegalArgumentException if a column is missing; what the training refuses ends its
   *     task with the same message
   */
  @Override
  public LanewiseModel fit(Dataset<?> rows) {
    transformSchema(rows.schema());
    Settings settings = settings();
    List<String> columns = new ArrayList<>(features(rows.schema()));
    columns.add(settings.label());
    Column[] selected =
        columns.stream().map(name -> functions.col("`" + name + "`")).toArray(Column[]::new);
    byte[] file =
        rows.select(selected)
            .coalesce(1)
            .mapPartitions(
                (MapPartitionsFunction<Row, byte[]>)
                    its -> {
                      Table table = TaskTraining.table(columns, its, List.of());
                      byte[] bytes = settings.learner().learn(table).model().toBytes();
                      return List.of(bytes).iterator();
                    },
                Encoders.BINARY())
            .head();
    LanewiseModel model =
        LanewiseModel.of(uid, file)
            .setPredictionCol(getOrDefault(predictionCol))
            .setPredictedLabelCol(getOrDefault(predictedLabelCol))
            .setProbabilityCol(getOrDefault(probabilityCol));
    return model.setParent(this);
  }

  /**
   * {@return the columns behind the model}
   *
   * @param schema those before it
   * @throws IllegalArgumentException if a column is missing
   */
  @Override
  public StructType transformSchema(StructType schema) {
    List<String> missing = new ArrayList<>(features(schema));
    missing.add(getOrDefault(labelCol));
    missing.removeAll(List.of(schema.fieldNames()));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "columns: no %s; expected some of %s".formatted(missing, List.of(schema.fieldNames())));
    }
    return schema.add(getOrDefault(predictionCol), DataTypes.DoubleType, false);
  }
}
