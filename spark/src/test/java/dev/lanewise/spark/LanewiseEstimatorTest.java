package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An estimator learns what the library learns, by Spark's conventions. */
class LanewiseEstimatorTest {

  private static SparkSession spark;
  private static Dataset<Row> customers;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = Sessions.local();
    customers = Sessions.customers(spark).cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static LanewiseClassifier classifier() {
    return new LanewiseClassifier().setLabelCol("status").setMaxIter(3).setSeed(5);
  }

  private static String digest(LanewiseModel model) {
    return model.model().parametersSha256();
  }

  @Test
  void theModelIsTheLibrarysWhateverThePartitions() {
    Table table =
        TaskTraining.table(
            List.of(customers.columns()), customers.collectAsList().iterator(), List.of());
    String expected =
        Learner.classifier("status")
            .withRecipe(recipe -> recipe.withEpochs(3))
            .withSeed(5)
            .learn(table)
            .model()
            .parametersSha256();
    assertEquals(expected, digest(classifier().fit(customers)));
    assertEquals(expected, digest(classifier().fit(customers.repartition(5))));
  }

  @Test
  void paramsDoWhatTheySay() {
    LanewiseModel layered = classifier().setLayers(7, 3).setStepSize(0.01).fit(customers);
    assertTrue(layered.model().toString().contains("[rows][7]"), layered.model()::toString);
    assertEquals(
        List.of("plan", "calls"),
        classifier().setInputCols("plan", "calls").fit(customers).columns());
    LanewiseModel preset = classifier().setPreset("tabular").setLayers(8, 8).fit(customers);
    assertTrue(preset.model().toString().contains("Scaling"), preset.model()::toString);
  }

  @Test
  void aPipelineWithItIsSavedAndLoaded() throws IOException {
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {classifier()});
    String path = folder.resolve("pipeline").toString();
    pipeline.write().save(path);
    PipelineModel before = pipeline.fit(customers);
    PipelineModel after = Pipeline.load(path).fit(customers);
    assertEquals(
        digest((LanewiseModel) before.stages()[0]), digest((LanewiseModel) after.stages()[0]));
    assertArrayEquals(
        (Object[]) before.transform(customers).select("prediction").collect(),
        (Object[]) after.transform(customers).select("prediction").collect());
  }

  @Test
  void aCrossValidatorChoosesAmongParams() {
    Dataset<Row> indexed =
        new StringIndexer()
            .setInputCol("status")
            .setOutputCol("y")
            .fit(customers)
            .transform(customers)
            .drop("status");
    LanewiseClassifier estimator = classifier().setLabelCol("y");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(estimator.stepSize(), new double[] {1e-9, 1e-2}).build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(
                new MulticlassClassificationEvaluator().setLabelCol("y").setMetricName("accuracy"))
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setSeed(1)
            .fit(indexed);
    assertTrue(
        chosen.avgMetrics()[1] > chosen.avgMetrics()[0] + 0.05, "a rate of 1e-9 learns nothing");
    LanewiseModel best = (LanewiseModel) chosen.bestModel();
    assertEquals(digest(estimator.setStepSize(1e-2).fit(indexed)), digest(best));
  }

  @Test
  void valuesAreLearnt() {
    Dataset<Row> known = customers.na().drop(new String[] {"monthly"});
    LanewiseModel model = new LanewiseRegressor().setLabelCol("monthly").setMaxIter(3).fit(known);
    assertEquals(
        known.count(), model.transform(known).where("prediction > 0 and prediction < 200").count());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    IllegalArgumentException label =
        assertThrows(
            IllegalArgumentException.class, () -> classifier().setLabelCol("y").fit(customers));
    assertTrue(label.getMessage().contains("no [y]"), label.getMessage());
    IllegalArgumentException preset =
        assertThrows(IllegalArgumentException.class, () -> classifier().setPreset("large"));
    assertTrue(preset.getMessage().startsWith("preset: large"), preset.getMessage());
  }
}
