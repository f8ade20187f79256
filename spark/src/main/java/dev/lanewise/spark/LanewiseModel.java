package dev.lanewise.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import dev.lanewise.data.Target;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A trained model as a stage of a pipeline: it adds predictions to the rows of a data frame, with
 * the bits that {@link TrainedModel#decide} gives.
 *
 * <p>The model's columns are read by their names: numbers, strings, booleans, dates and timestamps,
 * null for missing. Of classes three columns are added: {@code prediction}, a double, the label
 * itself if all labels are numbers, else the number of the class; {@code predictedLabel}, its text;
 * {@code probability}, a vector in the order of the classes. Of values {@code prediction} alone.
 * Params name them otherwise.
 *
 * <p>The file's bytes go to each executor once, by a broadcast, and are packed there once for all
 * tasks. A task fails if a value is not what its column holds, as {@code decide} does.
 */
public final class LanewiseModel extends Model<LanewiseModel> implements MLWritable {

  private static final long serialVersionUID = 1;
  private static final String FILE = "model.safetensors";

  private final String uid;
  private final byte[] file;
  private transient TrainedModel model;

  private final Param<String> predictionCol;
  private final Param<String> predictedLabelCol;
  private final Param<String> probabilityCol;

  private LanewiseModel(String uid, byte[] file) {
    this.uid = uid;
    this.file = file;
    predictionCol = new Param<>(this, "predictionCol", "column of the prediction, a double");
    predictedLabelCol = new Param<>(this, "predictedLabelCol", "column of the label's text");
    probabilityCol = new Param<>(this, "probabilityCol", "column of the classes' probabilities");
    setDefault(predictionCol, "prediction");
    setDefault(predictedLabelCol, "predictedLabel");
    setDefault(probabilityCol, "probability");
  }

  /**
   * {@return the stage of a model}
   *
   * @param model a model or an ensemble with the encoder of a table whose columns have names; not a
   *     serving form
   * @throws IllegalArgumentException if it has none
   * @throws IllegalStateException if it is a serving form
   */
  public static LanewiseModel of(TrainedModel model) {
    Objects.requireNonNull(model, "model");
    Scoring.encoder(model);
    return new LanewiseModel(Identifiable$.MODULE$.randomUID("lanewise"), model.toBytes());
  }

  /**
   * {@return the stage of a model file, as a training in a task gives it}
   *
   * @param file the bytes; not changed
   * @throws IllegalArgumentException if they are damaged, or the model has no encoder of a table
   *     whose columns have names
   */
  public static LanewiseModel of(byte[] file) {
    Scoring.encoder(ServedModel.model(Objects.requireNonNull(file, "file")));
    return new LanewiseModel(Identifiable$.MODULE$.randomUID("lanewise"), file.clone());
  }

  /** {@return the stage that an estimator has learned, with its name} */
  static LanewiseModel of(String uid, byte[] file) {
    return new LanewiseModel(uid, file);
  }

  /** {@return the model} */
  public synchronized TrainedModel model() {
    if (model == null) {
      model = ServedModel.model(file);
    }
    return model;
  }

  @Override
  public String uid() {
    return uid;
  }

  /** {@return the param that names the column of the prediction} */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** {@return the param that names the column of the predicted label's text} */
  public Param<String> predictedLabelCol() {
    return predictedLabelCol;
  }

  /** {@return the param that names the column of the probabilities} */
  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  /**
   * Names the column of the prediction.
   *
   * @param name the name
   * @return this
   */
  public LanewiseModel setPredictionCol(String name) {
    set(predictionCol, name);
    return this;
  }

  /**
   * Names the column of the predicted label's text.
   *
   * @param name the name
   * @return this
   */
  public LanewiseModel setPredictedLabelCol(String name) {
    set(predictedLabelCol, name);
    return this;
  }

  /**
   * Names the column of the probabilities.
   *
   * @param name the name
   * @return this
   */
  public LanewiseModel setProbabilityCol(String name) {
    set(probabilityCol, name);
    return this;
  }

  private boolean isOfClasses() {
    return model().encoder().orElseThrow().target() instanceof Target.Classes;
  }

  /**
   * {@return the model as a function of a struct of its columns, in the order of {@link #columns};
   * it gives a struct of {@code prediction} and, of classes, {@code label} and {@code probability}}
   *
   * @param spark the session whose executors get the model
   */
  public UserDefinedFunction function(SparkSession spark) {
    Broadcast<ServedModel> served =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(new ServedModel(file));
    return udf(new Scoring(served, model()), Scoring.result(model()));
  }

  /** {@return the columns that are read} */
  public List<String> columns() {
    return Scoring.columns(model());
  }

  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    transformSchema(rows.schema());
    Column[] columns = columns().stream().map(name -> col("`" + name + "`")).toArray(Column[]::new);
    String decision = uid + "_decision";
    Dataset<Row> scored =
        rows.withColumn(decision, function(rows.sparkSession()).apply(struct(columns)));
    Column all = col(decision);
    scored = scored.withColumn(getOrDefault(predictionCol), all.getField(Scoring.PREDICTION));
    if (isOfClasses()) {
      scored =
          scored
              .withColumn(getOrDefault(predictedLabelCol), all.getField(Scoring.LABEL))
              .withColumn(getOrDefault(probabilityCol), all.getField(Scoring.PROBABILITY));
    }
    return scored.drop(decision);
  }

  /**
   * {@return the columns behind this stage}
   *
   * @param schema those before it
   * @throws IllegalArgumentException if a column of the model is missing, or one that is added is
   *     there
   */
  @Override
  public StructType transformSchema(StructType schema) {
    List<String> there = List.of(schema.fieldNames());
    List<String> missing = new ArrayList<>(columns());
    missing.removeAll(there);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "columns: no %s; expected %s".formatted(missing, columns()));
    }
    StructType result = added(schema, getOrDefault(predictionCol), DataTypes.DoubleType);
    if (isOfClasses()) {
      result = added(result, getOrDefault(predictedLabelCol), DataTypes.StringType);
      result = added(result, getOrDefault(probabilityCol), SQLDataTypes.VectorType());
    }
    return result;
  }

  private static StructType added(StructType schema, String name, DataType type) {
    if (List.of(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(
          "columns: %s is there already; expected another name for what is added".formatted(name));
    }
    return schema.add(name, type, false);
  }

  @Override
  public LanewiseModel copy(ParamMap extra) {
    return copyValues(new LanewiseModel(uid, file), extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** {@return what reads stages that were saved} */
  public static MLReader<LanewiseModel> read() {
    return new Reader();
  }

  /**
   * {@return a stage that was saved}
   *
   * @param path the folder
   */
  public static LanewiseModel load(String path) {
    return read().load(path);
  }

  /** The params as Spark keeps them, and the model's file beside them. */
  private static final class Writer extends MLWriter {

    private final LanewiseModel stage;

    Writer(LanewiseModel stage) {
      this.stage = stage;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter$.MODULE$.saveMetadata(stage, path, sparkSession());
      Path file = new Path(path, FILE);
      try (OutputStream out =
          file.getFileSystem(sparkSession().sessionState().newHadoopConf()).create(file)) {
        out.write(stage.file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Reader extends MLReader<LanewiseModel> {

    @Override
    public LanewiseModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(
              path, sparkSession(), LanewiseModel.class.getName());
      Path file = new Path(path, FILE);
      byte[] bytes;
      try (InputStream in =
          file.getFileSystem(sparkSession().sessionState().newHadoopConf()).open(file)) {
        bytes = in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      LanewiseModel stage = new LanewiseModel(metadata.uid(), bytes);
      stage.model(); // refuses a damaged file now, not on executors
      metadata.getAndSetParams(stage, metadata.getAndSetParams$default$2());
      return stage;
    }
  }
}
