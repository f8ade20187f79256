package dev.lanewise.spark;

import dev.lanewise.data.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Many trainings at once, each in a task of its own: a model for each customer or store, or trials
 * of several ways to learn. A training's bits depend on its rows and its learner alone, not on
 * executors, partitions or the order of rows, which are sorted.
 *
 * <p>What comes back has a row for each training: {@code rows}; {@code model}, the bytes of a model
 * file, for {@link LanewiseModel#of(byte[])}; {@code parametersSha256}; {@code devScores}, the
 * metrics of the dev rows; and {@code error}, the message of a training that was refused or
 * diverged, which has no model and ends no other one. Nothing is trained before an action asks for
 * it; cache it if several do.
 */
public final class ManyModels {

  private ManyModels() {}

  /**
   * {@return a model for each value of a column, in {@code key}, as text}
   *
   * @param rows labelled rows; those of a group are in the memory of one task
   * @param key the column that groups are made by; it is no feature
   * @param learners how to learn
   * @throws IllegalArgumentException if there is no such column
   */
  public static Dataset<Row> byGroup(Dataset<Row> rows, String key, LearnerSource learners) {
    Objects.requireNonNull(learners, "learners");
    List<String> columns = List.of(rows.columns());
    int at = columns.indexOf(Objects.requireNonNull(key, "key"));
    if (at < 0) {
      throw new IllegalArgumentException("key: %s; expected one of %s".formatted(key, columns));
    }
    Encoder<Row> result = results(new StructField[] {field("key", DataTypes.StringType)});
    return rows.groupByKey(
            (MapFunction<Row, String>) row -> String.valueOf(row.get(at)), Encoders.STRING())
        .mapGroups(
            (MapGroupsFunction<String, Row, Row>)
                (group, its) ->
                    TaskTraining.result(
                        learners.learner(), TaskTraining.table(columns, its, List.of(key)), group),
            result);
  }

  /**
   * {@return a model of the same rows for each way to learn, in {@code trial}, its number from 0}
   *
   * @param rows labelled rows; all are in the memory of the driver and of each executor
   * @param trials how to learn, at least one
   * @throws IllegalArgumentException if there is none
   */
  public static Dataset<Row> ofTrials(Dataset<Row> rows, List<LearnerSource> trials) {
    List<LearnerSource> all = List.copyOf(Objects.requireNonNull(trials, "trials"));
    if (all.isEmpty()) {
      throw new IllegalArgumentException("trials: none; expected at least one");
    }
    List<String> columns = List.of(rows.columns());
    SparkSession spark = rows.sparkSession();
    Broadcast<List<Row>> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(rows.collectAsList());
    List<Integer> numbers = new ArrayList<>();
    for (int trial = 0; trial < all.size(); trial++) {
      numbers.add(trial);
    }
    ArrayList<LearnerSource> sent = new ArrayList<>(all);
    Encoder<Row> result = results(new StructField[] {field("trial", DataTypes.IntegerType)});
    return spark
        .createDataset(numbers, Encoders.INT())
        .repartition(all.size())
        .map(
            (MapFunction<Integer, Row>)
                trial -> {
                  Table table = TaskTraining.table(columns, shared.value().iterator(), List.of());
                  return TaskTraining.result(sent.get(trial).learner(), table, trial);
                },
            result);
  }

  private static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  private static Encoder<Row> results(StructField[] which) {
    StructType type = new StructType(which);
    for (StructField field : TaskTraining.RESULT.fields()) {
      type = type.add(field);
    }
    return Encoders.row(type);
  }
}
