package dev.lanewise.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.model.Decision;
import dev.lanewise.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage of a pipeline says what the model says. */
class LanewiseModelTest {

  private static SparkSession spark;
  private static TrainedModel model;
  private static Dataset<Row> customers;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    spark = Sessions.local();
    model = Sessions.model();
    customers = Sessions.customers(spark).cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** {@return the texts of a file's rows by their columns, an empty one as missing} */
  private static List<Map<String, Object>> records() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(Sessions.FILE));
    String[] names = lines.getFirst().split(",");
    List<Map<String, Object>> records = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, Object> record = new HashMap<>();
      for (int c = 0; c + 1 < names.length; c++) {
        record.put(names[c], cells[c].isEmpty() ? null : cells[c]);
      }
      records.add(record);
    }
    return records;
  }

  private static void assertSaysWhatTheModelSays(Dataset<Row> scored) throws IOException {
    List<Row> rows = scored.collectAsList();
    List<Map<String, Object>> records = records();
    assertEquals(records.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Decision decision = model.decide(records.get(i));
      Row row = rows.get(i);
      assertEquals(decision.label(), row.getAs("predictedLabel"));
      Vector probability = row.getAs("probability");
      assertArrayEquals(
          decision.probabilities().values().stream().mapToDouble(p -> p).toArray(),
          probability.toArray());
      assertEquals(decision.label().equals("left") ? 1 : 0, row.<Double>getAs("prediction"));
    }
  }

  @Test
  void rowsAreScoredWithTheBitsOfTheService() throws IOException {
    assertSaysWhatTheModelSays(LanewiseModel.of(model).transform(customers));
  }

  @Test
  void columnsOfAnyOrderAndMorePartitionsMakeNoDifference() throws IOException {
    Column[] turned = {
      col("status"), col("newsletter"), col("calls"), col("monthly"), col("since"), col("plan")
    };
    Dataset<Row> other = customers.select(turned).coalesce(1).repartition(1);
    assertSaysWhatTheModelSays(LanewiseModel.of(model).transform(other));
  }

  @Test
  void theFunctionGivesWhatTheStageGives() {
    LanewiseModel stage = LanewiseModel.of(model);
    Column[] columns = stage.columns().stream().map(name -> col(name)).toArray(Column[]::new);
    List<Row> ofFunction =
        customers
            .select(stage.function(spark).apply(struct(columns)).as("decision"))
            .select("decision.prediction", "decision.label")
            .collectAsList();
    assertEquals(
        stage.transform(customers).select("prediction", "predictedLabel").collectAsList(),
        ofFunction);
  }

  @Test
  void aSavedPipelineIsLoadedAndSaysTheSame() throws IOException {
    LanewiseModel stage = LanewiseModel.of(model);
    StringIndexer indexer = new StringIndexer().setInputCol("status").setOutputCol("y");
    PipelineModel pipeline =
        new Pipeline().setStages(new PipelineStage[] {indexer, stage}).fit(customers);
    String path = folder.resolve("pipeline").toString();
    pipeline.write().save(path);
    assertSaysWhatTheModelSays(PipelineModel.load(path).transform(customers));
  }

  @Test
  void paramsAreKeptByCopiesAndFiles() throws IOException {
    LanewiseModel stage = LanewiseModel.of(model).setPredictionCol("churn");
    String path = folder.resolve("stage").toString();
    stage.write().save(path);
    LanewiseModel loaded = LanewiseModel.load(path);
    assertEquals(stage.uid(), loaded.uid());
    assertTrue(List.of(loaded.transform(customers).columns()).contains("churn"));
    assertArrayEquals(stage.model().toBytes(), loaded.model().toBytes());
  }

  @Test
  void sparksEvaluatorsTakeThePredictions() {
    Dataset<Row> scored =
        new StringIndexer()
            .setInputCol("status")
            .setOutputCol("y")
            .fit(customers)
            .transform(LanewiseModel.of(model).transform(customers));
    double auc =
        new BinaryClassificationEvaluator()
            .setLabelCol("y")
            .setRawPredictionCol("probability")
            .evaluate(scored);
    assertEquals(0.9, auc, 0.05);
  }

  @Test
  void valuesArePredictedInOriginalUnits() throws IOException {
    TrainedModel values =
        Learner.regressor("monthly")
            .withRecipe(recipe -> recipe.withEpochs(2))
            .learn(Table.csv(Path.of(Sessions.FILE)).select(complete()))
            .model();
    List<Row> rows = LanewiseModel.of(values).transform(customers).collectAsList();
    List<Map<String, Object>> records = records();
    List<String> lines = Files.readAllLines(Path.of(Sessions.FILE));
    for (int i = 0; i < 100; i++) {
      Map<String, Object> record = new HashMap<>(records.get(i));
      record.remove("monthly");
      record.put("status", lines.get(i + 1).substring(lines.get(i + 1).lastIndexOf(',') + 1));
      assertEquals(values.decide(record).value(), rows.get(i).<Double>getAs("prediction"));
    }
  }

  private static int[] complete() throws IOException {
    Table table = Table.csv(Path.of(Sessions.FILE));
    int monthly = table.column("monthly");
    return IntStream.of(table.all()).filter(row -> !table.isMissing(row, monthly)).toArray();
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnyRowIsRead() {
    LanewiseModel stage = LanewiseModel.of(model);
    IllegalArgumentException missing =
        assertThrows(
            IllegalArgumentException.class, () -> stage.transform(customers.drop("calls")));
    assertTrue(missing.getMessage().contains("no [calls]"), missing.getMessage());
    IllegalArgumentException taken =
        assertThrows(
            IllegalArgumentException.class,
            () -> stage.transform(customers.withColumn("prediction", col("calls"))));
    assertTrue(taken.getMessage().contains("prediction is there"), taken.getMessage());
  }
}
