package dev.lanewise.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Table;
import dev.lanewise.learn.Learner;
import dev.lanewise.optim.Optimizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A training in a task is the training that the library does. */
class ManyModelsTest {

  private static final LearnerSource LEARNERS =
      () -> Learner.classifier("status").withRecipe(recipe -> recipe.withEpochs(2)).withSeed(3);

  private static SparkSession spark;
  private static Dataset<Row> customers;

  @BeforeAll
  static void start() {
    spark = Sessions.local();
    customers = Sessions.customers(spark).cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Map<String, String> digests(Dataset<Row> results) {
    Map<String, String> digests = new HashMap<>();
    for (Row row : results.collectAsList()) {
      assertNull(row.getAs("error"));
      digests.put(row.getAs("key"), row.getAs("parametersSha256"));
    }
    return digests;
  }

  @Test
  void aModelOfAGroupIsTheOneThatIsTrainedOnItsRowsAlone() {
    Map<String, String> digests = digests(ManyModels.byGroup(customers, "plan", LEARNERS));
    assertEquals(3, digests.size());
    digests.forEach(
        (plan, digest) -> {
          List<Row> rows = customers.where(col("plan").equalTo(lit(plan))).collectAsList();
          Table table =
              TaskTraining.table(List.of(customers.columns()), rows.iterator(), List.of("plan"));
          assertEquals(digest, LEARNERS.learner().learn(table).model().parametersSha256(), plan);
        });
  }

  @Test
  void neitherOrderNorPartitionsChangeAModel() {
    Map<String, String> digests = digests(ManyModels.byGroup(customers, "plan", LEARNERS));
    Dataset<Row> turned = customers.orderBy(col("monthly").desc()).repartition(7);
    assertEquals(digests, digests(ManyModels.byGroup(turned, "plan", LEARNERS)));
  }

  @Test
  void aGroupThatCannotBeLearntIsToldOfAndEndsNoOther() {
    Dataset<Row> one =
        customers.withColumn(
            "status",
            when(col("plan").equalTo(lit("basic")), lit("active")).otherwise(col("status")));
    for (Row row : ManyModels.byGroup(one, "plan", LEARNERS).collectAsList()) {
      boolean fails = row.<String>getAs("key").equals("basic");
      assertEquals(fails, row.getAs("model") == null);
      String error = row.getAs("error");
      assertTrue(!fails || error.contains("only the class active"), () -> error);
    }
  }

  @Test
  void modelsOfGroupsScore() {
    Row basic =
        ManyModels.byGroup(customers, "plan", LEARNERS)
            .where(col("key").equalTo(lit("basic")))
            .first();
    Dataset<Row> its = customers.where(col("plan").equalTo(lit("basic")));
    Dataset<Row> scored = LanewiseModel.of(basic.<byte[]>getAs("model")).transform(its);
    assertEquals(its.count(), scored.where(col("probability").isNotNull()).count());
    assertTrue(basic.<scala.collection.Map<String, Double>>getAs("devScores").contains("auc"));
  }

  @Test
  void trialsAreSpreadAndEachIsTheLibrarys() {
    List<LearnerSource> trials = new ArrayList<>();
    for (double rate : new double[] {1e-3, 1e-2}) {
      trials.add(
          () ->
              Learner.classifier("status")
                  .withRecipe(recipe -> recipe.withEpochs(2).withOptimizer(Optimizer.adam(rate))));
    }
    Table table =
        TaskTraining.table(
            List.of(customers.columns()), customers.collectAsList().iterator(), List.of());
    for (Row row : ManyModels.ofTrials(customers, trials).collectAsList()) {
      int trial = row.<Integer>getAs("trial");
      assertEquals(
          trials.get(trial).learner().learn(table).model().parametersSha256(),
          row.getAs("parametersSha256"));
    }
  }

  @Test
  void aKeyThatIsNoColumnIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ManyModels.byGroup(customers, "store", LEARNERS));
    assertTrue(e.getMessage().startsWith("key: store"), e.getMessage());
  }
}
